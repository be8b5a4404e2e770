"""What a history tells, read in the quickest way that is right: values of now, and numbers with their periods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from mutakhir.core.events import Event
from mutakhir.core.facts import fold, timeline, values
from mutakhir.core.rules import intake

IDENTIFIER_COLUMNS = ("kind", "value", "subject", "since", "until")

is_identifier = cache(intake.is_identifier)


def told_at_once(events: tuple[Event, ...]) -> dict[str, Any] | None:
    """The values of a subject of whom one event told everything, as in a first import; None for any other history."""
    first = events[0]
    if len(events) > 1 or first.type != "facts_stated" or first.body is None or first.holds_to is not None:
        return None
    return {name: value for name, value in first.body["attributes"].items() if value is not None}


def tell(
    subject: int, events: tuple[Event, ...], authorities: Mapping[str, str]
) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    """The values of now, without ended ones, and the rows of `identifier`: every number that a subject had."""
    attributes = told_at_once(events)
    if attributes is not None:
        since = events[0].holds_from
        return attributes, [
            (name, attributes[name], subject, since, None) for name in attributes if is_identifier(name)
        ]
    names = sorted({name for event in events for name in stated_in(event) if is_identifier(name)})
    return values(fold(events, on=date.max, authorities=authorities)), [
        (name, one.value, subject, one.from_, one.to)
        for name in names
        for one in timeline(events, name, authorities=authorities)
    ]


def stated_in(event: Event) -> Mapping[str, Any]:
    if event.type != "facts_stated" or event.body is None:
        return {}
    attributes: Mapping[str, Any] = event.body["attributes"]
    return attributes
