"""What a history tells, read in the quickest way that is right: values of now, and numbers with their periods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from mutakhir.core.events import Event
from mutakhir.core.facts import attributes_of, fold, timeline, values
from mutakhir.core.rules import intake

IDENTIFIER_COLUMNS = ("kind", "value", "subject", "since", "until")

is_identifier = cache(intake.is_identifier)


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
            [(name, attributes[name], subject, since, None) for name in filter(is_identifier, attributes)],
            True,
        )
    names = sorted({name for event in events for name in attributes_of(event) if is_identifier(name)})
    return (
        values(fold(events, on=date.max, authorities=authorities)),
        [
            (name, one.value, subject, one.from_, one.to)
            for name in names
            for one in timeline(events, name, authorities=authorities)
        ],
        False,
    )
