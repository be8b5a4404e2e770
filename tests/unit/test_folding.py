"""What an erased payload, another kind of event, or an event without a number tells: nothing, or nothing yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mutakhir.core.events import Event, refuse_the_future
from mutakhir.core.facts import fold, source_of, timeline
from tests.builders import VILLAGE, instant

AUTHORITIES = {"floor_material": "social"}


def stated(value: str, *, version: int, position: int | None, day: str = "2024-01-01") -> Event:
    return Event(
        subject=1, kind="dwelling", version=version, type="facts_stated", actor="tutik", region=VILLAGE,
        body={"attributes": {"floor_material": value}}, recorded_at=instant(day), holds_from=date.fromisoformat(day),
        position=position, id=version,
    )  # fmt: skip


FIRST = stated("6", version=1, position=1)
SECOND = stated("8", version=2, position=2, day="2024-03-01")
ERASURE = Event(
    subject=1, kind="person", version=3, type="erased", actor="auditor", region=VILLAGE, body={},
    recorded_at=instant("2024-04-01"), position=3,
)  # fmt: skip


def floor(*events: Event, position: int | None = None) -> str | None:
    answer = fold(events, on=date(2024, 6, 1), position=position, authorities=AUTHORITIES).get(
        "floor_material"
    )
    return None if answer is None else str(answer.value)


def test_an_erased_payload_says_nothing() -> None:
    """The event stays in its place; what it said is gone, and what was said before is the answer again."""
    erased = replace(SECOND, body=None)
    assert floor(FIRST, SECOND) == "8"
    assert floor(FIRST, erased) == "6"
    assert [one.value for one in timeline([FIRST, erased], "floor_material", authorities=AUTHORITIES)] == [
        "6"
    ]


def test_an_event_of_another_type_says_nothing() -> None:
    assert floor(FIRST, ERASURE) == "6"
    assert [one.value for one in timeline([FIRST, ERASURE], "floor_material", authorities=AUTHORITIES)] == [
        "6"
    ]


@pytest.mark.parametrize(("position", "value"), [(0, None), (1, "6"), (2, "8"), (None, "8")])
def test_what_was_numbered_up_to_a_position_is_known_there(position: int | None, value: str | None) -> None:
    assert floor(FIRST, SECOND, position=position) == value


def test_what_has_no_number_is_known_without_a_position_only() -> None:
    waiting = replace(SECOND, position=None)
    assert floor(FIRST, waiting) == "8"
    assert floor(FIRST, waiting, position=9) == "6"


def test_days_that_are_told_with_an_end_end() -> None:
    """The end is the first day that is outside; after it the earlier fact, which has no end, holds again."""
    for_a_while = replace(SECOND, holds_to=date(2024, 5, 1))
    assert floor(FIRST, for_a_while) == "6"
    told = timeline([FIRST, for_a_while], "floor_material", authorities=AUTHORITIES)
    assert [(one.value, one.from_, one.to) for one in told] == [
        ("6", date(2024, 1, 1), date(2024, 3, 1)),
        ("8", date(2024, 3, 1), date(2024, 5, 1)),
        ("6", date(2024, 5, 1), None),
    ]


@pytest.mark.parametrize(
    ("begins", "recorded", "stands"),
    [
        ("2026-11-24", "2026-11-24 09:00", True),
        # It is the 25th already in Jayapura when it is ten at night in Lumajang.
        ("2026-11-25", "2026-11-24 22:00", True),
        ("2026-11-25", "2026-11-24 21:59", False),
        ("2026-11-26", "2026-11-24 22:00", False),
    ],
)
def test_no_fact_begins_in_the_future(begins: str, recorded: str, stands: bool) -> None:
    event = replace(FIRST, holds_from=date.fromisoformat(begins), recorded_at=instant(recorded))
    if stands:
        refuse_the_future(event)
        return
    with pytest.raises(ValueError, match="after the day"):
        refuse_the_future(event)


@pytest.mark.parametrize(
    ("body", "record", "source"),
    [
        ({"attributes": {}, "source": "source:7 row:3"}, 5, "source:7 row:3"),
        ({"attributes": {}}, 5, "record:5"),
        ({"attributes": {}}, None, "actor:tutik"),
        (None, 5, "record:5"),
        (None, None, "actor:tutik"),
    ],
)
def test_a_fact_names_where_it_came_from(
    body: dict[str, object] | None, record: int | None, source: str
) -> None:
    """The source that was told, else the record, else who said it; of an erased payload what is left."""
    assert source_of(replace(FIRST, body=body, record=record)) == source
