"""Families and dwellings as they are believed to be now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
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
    histories: Mapping[int, tuple[Event, ...]], fresh: Collection[int], *, authorities: Mapping[str, str]
) -> None:
    identifiers: list[tuple[Any, ...]] = []
    formers: list[tuple[Any, ...]] = []
    joined: set[int] = set()

    def shown(subjects: Iterable[int]) -> Iterator[tuple[Any, ...]]:
        for subject in subjects:
            events = histories[subject]
            attributes, named, at_once = tell(subject, events, authorities)
            if not at_once and any(MERGED_INTO in attributes_of(event) for event in events):
                joined.add(subject)
                into = attributes.get(MERGED_INTO)
                if into is not None:
                    formers.extend({(kind, value, into, subject) for kind, value, *_ in named})
                    named = []
            identifiers.extend(named)
            yield (
                subject,
                events[-1].region,
                attributes.get("no_kk"),
                attributes.get("dwelling"),
                rows.encode(attributes),
                events[-1].version,
            )

    known = [subject for subject in histories if subject not in fresh]
    rows.write("family_now", "id", COLUMNS, shown(fresh), shown(known))
    rows.delete("identifier", "subject", known)
    rows.copy("identifier", IDENTIFIER_COLUMNS, identifiers)
    if joined:
        former.show(joined, sorted(formers))


def follow_dwellings(
    histories: Mapping[int, tuple[Event, ...]], fresh: Collection[int], *, authorities: Mapping[str, str]
) -> None:
    def shown(subjects: Iterable[int]) -> Iterator[tuple[Any, ...]]:
        for subject in subjects:
            events = histories[subject]
            attributes, _, _ = tell(subject, events, authorities)
            yield subject, events[-1].region, rows.encode(attributes), events[-1].version

    known = [subject for subject in histories if subject not in fresh]
    rows.write("dwelling_now", "id", DWELLING_COLUMNS, shown(fresh), shown(known))
