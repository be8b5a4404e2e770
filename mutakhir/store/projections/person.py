"""Persons as they are believed to be now, with their families, identifiers and names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection

from mutakhir.core.events import Event
from mutakhir.core.facts import fold, timeline, values
from mutakhir.core.people import search_key
from mutakhir.store import rows

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
    histories: Mapping[int, tuple[Event, ...]], fresh: set[int], *, authorities: Mapping[str, str]
) -> None:
    """Show each person as the whole history tells; `fresh` are those who were unknown before."""
    new: list[tuple[Any, ...]] = []
    known: list[tuple[Any, ...]] = []
    opened: list[tuple[Any, ...]] = []
    closed: list[tuple[Any, ...]] = []
    identifiers: list[tuple[Any, ...]] = []
    keys: set[str] = set()
    for subject, events in histories.items():
        row, member, former, named = _show(subject, events, subject in fresh, authorities)
        (new if subject in fresh else known).append(row)
        keys.add(row[3])
        if member is not None:
            opened.append(member)
        closed += former
        identifiers += named
    changed = [row[0] for row in known]
    rows.write("person_now", "id", COLUMNS, new, known)
    for table, column in (
        ("membership_open", "person"),
        ("membership_closed", "person"),
        ("identifier", "subject"),
    ):
        rows.delete(table, column, changed)
    rows.copy("membership_open", ("person", "family", "relation", "since"), opened)
    if closed:
        rows.copy("membership_closed", ("person", "family", "relation", "period"), closed)
    rows.copy("identifier", ("kind", "value", "subject", "since", "until"), identifiers)
    _add_names(keys)


def _show(
    subject: int, events: tuple[Event, ...], is_fresh: bool, authorities: Mapping[str, str]
) -> tuple[tuple[Any, ...], tuple[Any, ...] | None, list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    first = events[0]
    named: list[tuple[Any, ...]]
    former: list[tuple[Any, ...]] = []
    if is_fresh and len(events) == 1 and first.type == "facts_stated" and first.body is not None:
        # The common case of an import: what one event says is what holds.
        attributes = {name: value for name, value in first.body["attributes"].items() if value is not None}
        since = first.holds_from
        nik = attributes.get("nik")
        named = [("nik", nik, subject, since, None)] if nik else []
    else:
        answers = fold(events, on=date.max, authorities=authorities)
        attributes = values(answers)
        since = answers["family"].from_ if "family" in answers else None
        former = [
            (subject, one.value, attributes.get("relation"), f"[{one.from_ or ''},{one.to})")
            for one in timeline(events, "family", authorities=authorities)
            if one.to is not None
        ]
        named = [
            ("nik", one.value, subject, one.from_, one.to)
            for one in timeline(events, "nik", authorities=authorities)
        ]
    name = str(attributes.get("name", ""))
    family = attributes.get("family")
    relation = attributes.get("relation")
    row = (
        subject,
        events[-1].region,
        name,
        search_key(name),
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
