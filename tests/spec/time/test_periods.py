"""A period runs from its first day up to, and not including, its end."""

from __future__ import annotations

from datetime import date, timedelta

from mutakhir.core.events import Event
from mutakhir.core.facts import Answer, fold
from tests.builders import NAMED_PERIODS, VILLAGE, instant
from tests.spec import tables

title = "Periods"
FIRST = date(2024, 2, 1)


def fact(name: str) -> Event:
    start, end = NAMED_PERIODS[name]
    return Event(
        subject=1,
        kind="person",
        version=1,
        type="facts_stated",
        body={"attributes": {"occupation": "6"}, "source": "source:1"},
        actor="tutik",
        recorded_at=instant("2024-06-01"),
        region=VILLAGE,
        holds_from=FIRST + timedelta(days=start),
        holds_to=None if end is None else FIRST + timedelta(days=end),
    )


def held(table: str) -> None:
    wanted = tables.read(table)
    days = (FIRST, FIRST + timedelta(days=27), FIRST + timedelta(days=28))
    found = []
    for row in wanted:
        event = fact(row["period"])
        shown = ["yes" if fold([event], on=day, authorities={}) else "no" for day in days]
        found.append(dict(zip(row, (row["period"], *shown), strict=True)))
    assert tables.write(found, wanted[0]) == tables.write(wanted, wanted[0])
    assert {row["period"] for row in wanted} == set(NAMED_PERIODS), "every named period stands in the table"


def test_a_fact_holds_in_its_period() -> None:
    """The normal period begins on 1 February and ends before 29 February: the day of the end is the first day on which
    a fact holds no more."""
    held("""
        period                 | holds on 1 February | holds on 28 February | holds on 29 February
        -----------------------+---------------------+----------------------+---------------------
        normal                 | yes                 | yes                  | no
        earlier                | no                  | no                   | no
        later                  | no                  | no                   | no
        adjacent earlier       | no                  | no                   | no
        adjacent later         | no                  | no                   | yes
        overlapping earlier    | yes                 | no                   | no
        overlapping later      | no                  | yes                  | yes
        within                 | no                  | no                   | no
        around                 | yes                 | yes                  | yes
        same start             | yes                 | no                   | no
        same end               | no                  | yes                  | no
        one day before the end | no                  | yes                  | no
        no end                 | no                  | yes                  | yes
        no end after           | no                  | no                   | yes
    """)


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
