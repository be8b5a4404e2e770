"""A period runs from its first day up to, and not including, its end."""

from __future__ import annotations

from datetime import date, timedelta

from mutakhir.core.facts import Answer
from mutakhir.core.time import Period
from tests.builders import NAMED_PERIODS, instant
from tests.spec import tables

title = "Periods"
FIRST = date(2024, 2, 1)


def period(name: str) -> Period:
    start, end = NAMED_PERIODS[name]
    return Period(FIRST + timedelta(days=start), None if end is None else FIRST + timedelta(days=end))


def compared(table: str) -> None:
    wanted = tables.read(table)
    normal = period("normal")
    found = []
    for row in wanted:
        other = period(row["period"])
        overlaps = other.overlaps(normal)
        assert overlaps == normal.overlaps(other), "overlapping is mutual"
        days = (FIRST, FIRST + timedelta(days=27), FIRST + timedelta(days=28))
        shown = ["yes" if answer else "no" for answer in (overlaps, *(day in other for day in days))]
        found.append(dict(zip(row, (row["period"], *shown), strict=True)))
    assert tables.write(found, wanted[0]) == tables.write(wanted, wanted[0])
    assert {row["period"] for row in wanted} == set(NAMED_PERIODS), "every named period stands in the table"


def test_each_named_period_beside_the_normal_one() -> None:
    """The normal period begins on 1 February and ends before 29 February. A neighbour that begins on the day of the
    end, or ends on the day of the beginning, does not overlap it."""
    compared("""
        period             | overlaps normal | has 1 February | has 28 February | has 29 February
        -------------------+-----------------+----------------+-----------------+----------------
        normal             | yes             | yes            | yes             | no
        earlier            | no              | no             | no              | no
        later              | no              | no             | no              | no
        adjacent earlier   | no              | no             | no              | no
        adjacent later     | no              | no             | no              | yes
        overlapping earlier | yes            | yes            | no              | no
        overlapping later  | yes             | no             | yes             | yes
        within             | yes             | no             | no              | no
        around             | yes             | yes            | yes             | yes
        same start         | yes             | yes            | no              | no
        same end           | yes             | no             | yes             | no
        one day before the end | yes         | no             | yes             | no
        no end             | yes             | no             | yes             | yes
        no end after       | no              | no             | no              | yes
    """)


def test_a_period_has_at_least_one_day() -> None:
    """An end on the first day, or before it, is no period."""
    for end in (FIRST, FIRST - timedelta(days=1)):
        try:
            Period(FIRST, end)
        except ValueError:
            continue
        raise AssertionError(f"{FIRST} to {end} was taken as a period")
    assert FIRST in Period(FIRST, FIRST + timedelta(days=1))


def test_an_answer_holds_for_at_least_one_day() -> None:
    """What holds on no day is no answer; without a known beginning or end an answer is open there."""
    for begins, ends, stands in (
        (FIRST, FIRST + timedelta(days=1), True),
        (FIRST, None, True),
        (None, FIRST, True),
        (FIRST, FIRST, False),
        (FIRST, FIRST - timedelta(days=1), False),
    ):
        try:
            answer(begins, ends)
        except ValueError:
            assert not stands, f"{begins} to {ends} was refused"
        else:
            assert stands, f"{begins} to {ends} was taken as an answer"


def answer(begins: date | None, ends: date | None) -> Answer:
    return Answer(
        "6", begins, ends, instant("2024-02-01"), "social", "source:1", claim=False, event=1, actor="tutik"
    )
