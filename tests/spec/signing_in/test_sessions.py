"""A screen that was left alone does not stay open."""

from __future__ import annotations

from datetime import UTC, date, datetime

from mutakhir import parameters
from mutakhir.core.sign_in import why_not_stay
from tests.spec import tables

title = "How long somebody stays signed in"

DAY = date(2026, 11, 24)


def instant(clock: str) -> datetime:
    hour, minute = clock.split(":")
    return datetime(DAY.year, DAY.month, DAY.day, int(hour), int(minute), tzinfo=UTC)


def read(table: str) -> None:
    rules = parameters.load().signing_in(DAY)
    wanted = tables.read(table)
    found = []
    for row in wanted:
        refusal = why_not_stay(
            began=instant(row["signed in"]),
            seen=instant(row["last page"]),
            now=instant(row["now"]),
            rules=rules,
        )
        found.append({**row, "signed out by": refusal.rule if refusal else ""})
    assert tables.write(found, wanted[0]) == tables.write(wanted, wanted[0])


def test_half_an_hour_without_a_page_ends_it() -> None:
    """Whoever opens nothing for thirty minutes is signed out. What was typed is kept in the browser."""
    read("""
        signed in | last page | now   | signed out by
        ----------+-----------+-------+--------------
        08:00     | 08:00     | 08:29 |
        08:00     | 08:00     | 08:30 | session-idle
        08:00     | 09:45     | 10:14 |
        08:00     | 09:45     | 10:16 | session-idle
    """)


def test_twelve_hours_end_it_in_any_case() -> None:
    """A session that is used all the time ends after twelve hours."""
    read("""
        signed in | last page | now   | signed out by
        ----------+-----------+-------+--------------
        07:00     | 18:50     | 18:59 |
        07:00     | 18:59     | 19:00 | session-over
        07:00     | 12:00     | 19:30 | session-over
    """)
