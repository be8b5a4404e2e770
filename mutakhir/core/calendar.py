"""Days that count: working days, limits of steps, recurring openings of the update window, and the zones of the day."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Literal

LimitUnit = Literal["days", "working_days", "months"]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The days on which public offices work: not Saturdays, Sundays, national holidays and joint leave."""

    holidays: frozenset[date]
    joint_leave: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.holidays and day not in self.joint_leave

    def add(self, day: date, n: int) -> date:
        """The n-th working day after a day; n = 0 is the day itself, or the next working day if it is none."""
        if n < 0:
            raise ValueError(f"working days are counted forward: {n}")
        while not n and not self.is_working(day):
            day += _DAY
        while n:
            day += _DAY
            n -= self.is_working(day)
        return day

    def between(self, a: date, b: date) -> int:
        """Working days after `a` up to and including `b`; negative if `b` lies before `a`.

        `between(day, add(day, n))` is n for every n.
        """
        if b < a:
            return -self.between(b, a)
        return sum(self.is_working(a + timedelta(days=offset)) for offset in range(1, (b - a).days + 1))

    def covers(self, year: int) -> bool:
        """Whether holidays of that year are known; a year without any is not known yet."""
        return any(day.year == year for day in self.holidays)


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a step may take, from a day on, with the rule that says so."""

    name: str
    from_: date
    value: int
    unit: LimitUnit
    reference: str

    def due(self, start: date, working_days: WorkingDays) -> date:
        """The last day on which the step is in time, if the waiting began on `start`."""
        if self.unit == "days":
            return start + timedelta(days=self.value)
        if self.unit == "working_days":
            return working_days.add(start, self.value)
        return add_months(start, self.value)


def add_months(day: date, n: int) -> date:
    """The same day n months later; the last day of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def last_day_of_month(day: date) -> date:
    return date(day.year, day.month, months.monthrange(day.year, day.month)[1])


@dataclass(frozen=True, slots=True)
class Opening:
    """One update window as a calendar gives it: the first day, the last day for requests, the last day to send."""

    opens: date
    cut_off: date
    closes: date

    def __post_init__(self) -> None:
        if not self.opens <= self.cut_off <= self.closes:
            raise ValueError(f"an opening must open, cut off and close in this order: {self}")


@dataclass(frozen=True, slots=True)
class OpeningRule:
    """A recurring window: the months (1 to 12) it opens in, and its days of the month.

    A day beyond the end of a month means its last day. `closing_day` None closes on the last day of the
    month of the cut-off.
    """

    name: str
    months: tuple[int, ...]
    opening_day: int
    cut_off_day: int
    closing_day: int | None = None
    reference: str = ""

    def __post_init__(self) -> None:
        if not self.months or not set(self.months) <= set(range(1, 13)):
            raise ValueError(f"rule {self.name}: months must lie in 1 to 12")


def openings(rule: OpeningRule, from_: date, until: date) -> tuple[Opening, ...]:
    """The windows of a rule that touch the days from `from_` up to and including `until`, in order."""
    return tuple(
        opening
        for opening in _openings(rule, from_.year, until.year)
        if opening.opens <= until and opening.closes >= from_
    )


def _openings(rule: OpeningRule, first_year: int, last_year: int) -> Iterator[Opening]:
    for year in range(first_year, last_year + 1):
        for month in sorted(set(rule.months)):
            length = months.monthrange(year, month)[1]

            def on(day: int, year: int = year, month: int = month, length: int = length) -> date:
                return date(year, month, min(day, length))

            yield Opening(
                opens=on(rule.opening_day),
                cut_off=on(rule.cut_off_day),
                closes=on(length if rule.closing_day is None else rule.closing_day),
            )


ZONES: dict[str, tzinfo] = {
    "WIB": timezone(timedelta(hours=7), "WIB"),
    "WITA": timezone(timedelta(hours=8), "WITA"),
    "WIT": timezone(timedelta(hours=9), "WIT"),
}
"""The three zones of Indonesia (Keppres 41/1987). They have no summer time, so the offsets are fixed."""

_WITA_PROVINCES = frozenset(["51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"])
_WIT_PROVINCES = frozenset(["81", "82", "91", "92", "93", "94", "95", "96"])


def zone_name_of(region: str) -> str:
    """WIB, WITA or WIT by the province in a region's code; WIB for the nation and the training region."""
    province = region[:2]
    return "WITA" if province in _WITA_PROVINCES else "WIT" if province in _WIT_PROVINCES else "WIB"


def zone_of(region: str) -> tzinfo:
    return ZONES[zone_name_of(region)]


def today_in(region: str, instant: datetime) -> date:
    """The day that a region's people call today at an instant."""
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {instant}")
    return instant.astimezone(zone_of(region)).date()
