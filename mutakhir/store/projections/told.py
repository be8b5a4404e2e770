"""What a history tells, read in the quickest way that is right: values of now, and numbers with their periods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mutakhir.core.events import Event
from mutakhir.core.facts import attributes_of, fold, timeline, values
from mutakhir.core.rules import intake

IDENTIFIER_COLUMNS = ("kind", "value", "subject", "since", "until")


class _Identifiers(dict[str, bool]):
    """Which attributes are numbers by which their subject is found; asked of every attribute of a list."""

    def __missing__(self, attribute: str) -> bool:
        found = self[attribute] = intake.is_identifier(attribute)
        return found


IS_IDENTIFIER = _Identifiers()


def tell(
    subject: int, events: tuple[Event, ...], authorities: Mapping[str, str]
) -> tuple[Mapping[str, Any], list[tuple[Any, ...]], bool]:
    """The values of now, without ended ones; the rows of `identifier`: every number that a subject had; and whether
    all of it was told at once.
    """
    attributes = intake.told_at_once(events)
    if attributes is not None:
        since = events[0].holds_from
        return (
            attributes,
            [(name, attributes[name], subject, since, None) for name in attributes if IS_IDENTIFIER[name]],
            True,
        )
    names = sorted({name for event in events for name in attributes_of(event) if IS_IDENTIFIER[name]})
    return (
        values(fold(events, on=date.max, authorities=authorities)),
        [
            (name, one.value, subject, one.from_, one.to)
            for name in names
            for one in timeline(events, name, authorities=authorities)
        ],
        False,
    )
