"""Families and dwellings as they are believed to be now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mutakhir.core.attribution import MERGED_INTO
from mutakhir.core.events import Event
from mutakhir.core.facts import attributes_of
from mutakhir.store import rows
from mutakhir.store.projections import former
from mutakhir.store.projections.told import IDENTIFIER_COLUMNS, tell

COLUMNS = ("id", "region", "no_kk", "dwelling", "attributes", "version")
DWELLING_COLUMNS = ("id", "region", "attributes", "version")


def follow(
    histories: Mapping[int, tuple[Event, ...]], fresh: set[int], *, authorities: Mapping[str, str]
) -> None:
    new: list[tuple[Any, ...]] = []
    known: list[tuple[Any, ...]] = []
    identifiers: list[tuple[Any, ...]] = []
    formers: list[tuple[Any, ...]] = []
    joined: set[int] = set()
    for subject, events in histories.items():
        attributes, named, at_once = tell(subject, events, authorities)
        if not at_once and any(MERGED_INTO in attributes_of(event) for event in events):
            joined.add(subject)
            into = attributes.get(MERGED_INTO)
            if into is not None:
                formers += {(kind, value, into, subject) for kind, value, *_ in named}
                named = []
        row = (
            subject,
            events[-1].region,
            attributes.get("no_kk"),
            attributes.get("dwelling"),
            rows.encode(attributes),
            events[-1].version,
        )
        (new if subject in fresh else known).append(row)
        identifiers += named
    rows.write("family_now", "id", COLUMNS, new, known)
    rows.delete("identifier", "subject", [row[0] for row in known])
    rows.copy("identifier", IDENTIFIER_COLUMNS, identifiers)
    if joined:
        former.show(joined, sorted(formers))


def follow_dwellings(
    histories: Mapping[int, tuple[Event, ...]], fresh: set[int], *, authorities: Mapping[str, str]
) -> None:
    new: list[tuple[Any, ...]] = []
    known: list[tuple[Any, ...]] = []
    for subject, events in histories.items():
        attributes, _, _ = tell(subject, events, authorities)
        row = (subject, events[-1].region, rows.encode(attributes), events[-1].version)
        (new if subject in fresh else known).append(row)
    rows.write("dwelling_now", "id", DWELLING_COLUMNS, new, known)
