"""Persons as they are believed to be now, with their families, identifiers and names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection

from mutakhir.core.events import Event
from mutakhir.core.facts import timeline
from mutakhir.core.people import search_key
from mutakhir.store import rows
from mutakhir.store.projections.told import IDENTIFIER_COLUMNS, tell

key_of = lru_cache(maxsize=1 << 16)(search_key)
"""Many people carry the same names."""

COLUMNS = (
    "id",
    "region",
    "name",
    "name_key",
    "nik",
    "birth_date",
    "sex",
    "family",
    "relation",
    "registered",
    "attributes",
    "version",
)


def follow(
    histories: Mapping[int, tuple[Event, ...]], fresh: Collection[int], *, authorities: Mapping[str, str]
) -> None:
    """Show each person as the whole history tells; `fresh` are those who were unknown before."""
    opened: list[tuple[Any, ...]] = []
    closed: list[tuple[Any, ...]] = []
    identifiers: list[tuple[Any, ...]] = []
    keys: set[str] = set()

    def shown(subjects: Iterable[int]) -> Iterator[tuple[Any, ...]]:
        for subject in subjects:
            row, member, former, named = _show(subject, histories[subject], authorities)
            keys.add(row[3])
            if member is not None:
                opened.append(member)
            closed.extend(former)
            identifiers.extend(named)
            yield row

    known = [subject for subject in histories if subject not in fresh]
    rows.write("person_now", "id", COLUMNS, shown(fresh), shown(known))
    for table, column in (
        ("membership_open", "person"),
        ("membership_closed", "person"),
        ("identifier", "subject"),
    ):
        rows.delete(table, column, known)
    rows.copy("membership_open", ("person", "family", "relation", "since"), opened)
    rows.copy("membership_closed", ("person", "family", "relation", "period"), closed)
    rows.copy("identifier", IDENTIFIER_COLUMNS, identifiers)
    _add_names(keys)


def _show(
    subject: int, events: tuple[Event, ...], authorities: Mapping[str, str]
) -> tuple[tuple[Any, ...], tuple[Any, ...] | None, list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    attributes, named, at_once = tell(subject, events, authorities)
    former: list[tuple[Any, ...]] = []
    since: date | None = events[0].holds_from
    if not at_once:
        stays = timeline(events, "family", authorities=authorities)
        since = stays[-1].from_ if stays else None
        former = [
            (subject, one.value, attributes.get("relation"), f"[{one.from_ or ''},{one.to})")
            for one in stays
            if one.to is not None
        ]
    name = str(attributes.get("name", ""))
    family = attributes.get("family")
    relation = attributes.get("relation")
    row = (
        subject,
        events[-1].region,
        name,
        key_of(name),
        attributes.get("nik"),
        attributes.get("birth_date"),
        attributes.get("sex"),
        family,
        relation,
        attributes.get("registration") == "registered",
        rows.encode(attributes),
        events[-1].version,
    )
    member = (subject, family, relation, since) if family is not None else None
    return row, member, former, named


def _add_names(keys: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO name_now (key) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING",
            [sorted(set(keys) - {""})],
        )
