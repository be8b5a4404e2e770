"""Numbers of retired persons and ended families, and in which families retired persons were said to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mutakhir.core.attribution import Histories, former_families, former_numbers
from mutakhir.core.events import Event
from mutakhir.core.facts import attributes_of
from mutakhir.store import rows
from mutakhir.store.projections.told import IS_IDENTIFIER

COLUMNS = ("kind", "value", "subject", "told_by")


def show(told_by: Iterable[int], numbers: Iterable[Sequence[Any]]) -> None:
    """Write the numbers that some histories tell of, in place of those that they told of before."""
    rows.delete("former_number", "told_by", list(told_by))
    rows.copy("former_number", COLUMNS, numbers)


def follow_people(people: Iterable[int], histories: Histories, *, authorities: Mapping[str, str]) -> None:
    """Show the former numbers of persons who were ever merged, and the former families of those who are retired.

    `histories` are whole, with everybody whom they were merged with; the persons themselves are shown already.
    """
    wanted = list(people)
    names = _names(event for events in histories.values() for event in events)
    show(
        wanted,
        [
            (kind, number, person, person)
            for person in wanted
            for kind, number in former_numbers(person, histories, authorities=authorities, names=names)
        ],
    )
    rows.copy(
        "membership_closed",
        ("person", "family", "relation", "period"),
        [
            (person, family, None, f"[{since or ''},{until or ''})")
            for person in wanted
            for family, since, until in former_families(histories[person], authorities=authorities)
        ],
    )


def _names(events: Iterable[Event]) -> list[str]:
    return sorted({name for event in events for name in attributes_of(event) if IS_IDENTIFIER[name]})
