"""National holidays and joint leave, from the yearly joint decrees, for counting working days."""

from __future__ import annotations

import functools
from datetime import date

from lokal.holidays import HOLIDAY_YEARS, get_holidays

from mutakhir.core.calendar import WorkingDays
from mutakhir.parameters import Holiday, load


@functools.cache
def read_holidays() -> tuple[Holiday, ...]:
    """All known holidays in order. A year of the package goes before the same year in our own table."""
    packaged = [
        Holiday(
            day=date.fromisoformat(listed.date),
            name=listed.name,
            joint_leave=listed.type == "cuti_bersama",
            reference=year.decree,
        )
        for year in map(get_holidays, HOLIDAY_YEARS)
        for listed in year.holidays
    ]
    own = [holiday for holiday in load().holidays if holiday.day.year not in HOLIDAY_YEARS]
    return tuple(sorted(packaged + own, key=lambda holiday: (holiday.day, holiday.joint_leave)))


@functools.cache
def working_days() -> WorkingDays:
    """The working days of public offices. A year without a decree has weekends only; `covers` tells."""
    return WorkingDays(
        holidays=frozenset(holiday.day for holiday in read_holidays() if not holiday.joint_leave),
        joint_leave=frozenset(holiday.day for holiday in read_holidays() if holiday.joint_leave),
    )
