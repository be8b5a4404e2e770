"""Until when a step is in time, counted in days or in the working days of the calendar."""

from __future__ import annotations

from datetime import date

from mutakhir import wiring
from mutakhir.core.calendar import today_in
from tests.builders import instant
from tests.spec import tables

title = "Limits and today"


def due(table: str) -> None:
    wanted = tables.read(table)
    found = []
    for row in wanted:
        last = wiring.terms().deadlines.due(row["limit"], date.fromisoformat(row["since"]))
        found.append({**row, "last day": last.isoformat() if last else ""})
    assert tables.write(found, wanted[0]) == tables.write(wanted, wanted[0])


def test_limits_in_days_count_every_day() -> None:
    """The day on which the waiting began is not counted; the last day counts whole."""
    due("""
        limit          | since      | last day
        ---------------+------------+-----------
        record         | 2026-11-24 | 2026-12-08
        lapse          | 2026-11-24 | 2026-12-24
        appeal         | 2026-11-24 | 2026-12-24
        deliberate     | 2026-11-24 | 2027-02-22
        decision_valid | 2026-07-08 | 2027-01-04
        resume         | 2026-11-24 | 2026-12-08
    """)


def test_limits_in_working_days_leave_out_weekends_and_holidays() -> None:
    """Seven working days from a Tuesday end on a Thursday of the next week; Christmas and its joint leave do not count."""
    due("""
        limit    | since      | last day
        ---------+------------+-----------
        verify   | 2026-11-24 | 2026-12-03
        verify   | 2026-11-28 | 2026-12-08
        finalise | 2026-11-27 | 2026-12-02
        endorse  | 2026-12-21 | 2026-12-30
        forward  | 2026-11-24 | 2026-11-27
    """)


def test_before_its_first_day_a_limit_does_not_bind() -> None:
    """Limits are dated. What began before a limit was in force has none, and an unknown limit binds nobody."""
    due("""
        limit   | since      | last day
        --------+------------+-----------
        appeal  | 2020-12-31 |
        appeal  | 2021-01-01 | 2021-01-31
        nothing | 2026-11-24 |
    """)


def days(table: str) -> None:
    wanted = tables.read(table)
    found = [
        {**row, "today": today_in(row["region"], instant(row["instant in WIB"])).isoformat()}
        for row in wanted
    ]
    assert tables.write(found, wanted[0]) == tables.write(wanted, wanted[0])


def test_today_is_the_day_of_the_region() -> None:
    """When it is eleven at night in Lumajang, the next day has begun in Makassar and in Jayapura."""
    days("""
        place    | region | instant in WIB   | today
        ---------+--------+------------------+-----------
        Lumajang | 3508   | 2026-11-24 21:59 | 2026-11-24
        Makassar | 7371   | 2026-11-24 22:59 | 2026-11-24
        Makassar | 7371   | 2026-11-24 23:00 | 2026-11-25
        Jayapura | 9171   | 2026-11-24 21:59 | 2026-11-24
        Jayapura | 9171   | 2026-11-24 22:00 | 2026-11-25
        Lumajang | 3508   | 2026-11-24 23:59 | 2026-11-24
    """)
