"""Files that were taken in, and what stands on one of them, so that it cannot be reversed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import connection

from mutakhir.core.attribution import CAME_FROM, MERGED_INTO
from mutakhir.core.change_requests import State
from mutakhir.core.rules.membership import HEAD
from mutakhir.queries.scopes import within
from mutakhir.store.sources import records_of


@dataclass(frozen=True, slots=True)
class Import:
    """A file as it was taken in; `finished_at` is None while rows are missing, `reversed_at` while it is believed."""

    number: int
    name: str
    layout: str
    authority: str
    as_of: date
    region: str
    actor: str
    started_at: datetime
    finished_at: datetime | None
    reversed_at: datetime | None
    reversed_by: str
    reversed_for: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """Something that stands on a list: `what` it is, its number, how it is called, where, since when, and how often.

    `request` and `visit` are about people whom only the list made known; `satisfied` ended because the list said it already;
    `statement` was said by others of people whom only the list made known; `list` was held against it, and what it
    repeated was not written down again; `head` is a family that got another head meanwhile; of
    somebody `sealed` nothing can be withdrawn, and unsealed it would be believed again.
    """

    what: str
    number: int
    label: str
    region: str
    since: date | None
    count: int = 1


def imports(scopes: Iterable[str], *, limit: int = 100) -> tuple[Import, ...]:
    """The files that lie within reach, the newest first."""
    where, bounds = within("region", scopes)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, layout, authority, as_of, region, actor, started_at, finished_at, "  # noqa: S608
            f"reversed_at, reversed_by, reversed_for, counts::text FROM source WHERE {where} ORDER BY id DESC LIMIT %s",
            [*bounds, limit],
        )
        return tuple(Import(*(*row[:-1], msgspec.json.decode(row[-1]))) for row in cursor)


def standing_on(source: int) -> tuple[Standing, ...]:
    """Everything that would lose its ground if the list were reversed."""
    first, end = records_of(source)
    told: dict[str, int | str] = {
        "source": source,
        "first": first,
        "end": end,
        "satisfied": State.SATISFIED.value,
    }
    found: list[Standing] = []
    for what, query in _QUERIES.items():
        with connection.cursor() as cursor:
            cursor.execute(query, told)
            found += [Standing(what, *row) for row in cursor]
    return tuple(found)


def two_headed(families: Iterable[int]) -> tuple[Standing, ...]:
    """Families that would have two heads if the list were reversed, as what stands on it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.id, coalesce(p.name, ''), f.region, m.since FROM family_now f "
            "LEFT JOIN membership_open m ON m.family = f.id AND m.relation = %s "
            "LEFT JOIN person_now p ON p.id = m.person WHERE f.id = ANY(%s) ORDER BY f.id",
            [HEAD, list(families)],
        )
        return tuple(Standing("head", *row) for row in cursor)


KIN = (CAME_FROM, MERGED_INTO)
"""Attributes of a family that name another."""
_WITHDRAWN = """EXISTS (
 SELECT FROM event w JOIN event_body wb ON wb.event = w.id WHERE w.subject = e.subject AND w.type = 'facts_withdrawn'
 AND wb.body::jsonb -> 'versions' @> to_jsonb(e.version))"""
_NOT_OWN = "(e.record IS NULL OR e.record < %(first)s OR e.record >= %(end)s)"
_IS_NEW = "{} >= %(first)s AND {} < %(end)s"


def _is_new(column: str) -> str:
    """Whether a subject is one that only this list made known."""
    return _IS_NEW.format(column, column)


_QUERIES: Mapping[str, str] = {
    "list": """
SELECT s.id, s.name, s.region, s.started_at, 1 FROM source s, source own
WHERE own.id = %(source)s AND s.id <> own.id AND s.reversed_at IS NULL AND s.authority = own.authority
AND (starts_with(s.region, own.region) OR starts_with(own.region, s.region))
AND (SELECT max(done_at) FROM import_batch WHERE source = s.id)
    > (SELECT min(done_at) FROM import_batch WHERE source = own.id)
AND ((SELECT sum((counts ->> 'again')::int) FROM import_batch WHERE source = s.id) > 0
     OR EXISTS (SELECT FROM event e JOIN event o ON o.subject = e.subject
                WHERE o.record >= %(first)s AND o.record < %(end)s
                AND e.record >= s.id << 32 AND e.record < (s.id + 1) << 32))
ORDER BY s.id""",
    "request": f"""
SELECT r.id, concat_ws(' ', t.number, r.subject_name), r.region, r.recorded_at, 1
FROM request_now r LEFT JOIN ticket t ON t.request = r.id
WHERE ({_is_new("r.person")}) OR ({_is_new("r.family")}) ORDER BY r.id""",  # noqa: S608
    "satisfied": """
SELECT r.id, concat_ws(' ', t.number, r.subject_name), r.region, r.since, 1
FROM request_now r LEFT JOIN ticket t ON t.request = r.id LEFT JOIN family_now f ON f.id = r.family
WHERE r.state = %(satisfied)s AND r.since >= (SELECT started_at FROM source WHERE id = %(source)s)
AND EXISTS (
 SELECT FROM (
  SELECT unnest(ARRAY[r.person, r.family, f.dwelling]) AS subject
  UNION ALL SELECT person FROM membership_open WHERE family = r.family
 ) AS about JOIN event e ON e.subject = about.subject WHERE e.record >= %(first)s AND e.record < %(end)s
) ORDER BY r.id""",
    "sealed": f"""
SELECT e.subject, '', min(e.region), min(e.recorded_at), count(*) FROM sealed_body s JOIN event e ON e.id = s.event
WHERE ({_is_new("e.record")}) OR ({_is_new("e.subject")}) GROUP BY e.subject ORDER BY e.subject""",  # noqa: S608
    "visit": f"""
SELECT id, state, region, since, 1 FROM visit_now
WHERE ({_is_new("about")}) OR ({_is_new("family")}) ORDER BY id""",  # noqa: S608
    "statement": f"""
SELECT 0, split_part(coalesce(b.body ->> 'source', e.actor), ' ', 1), min(e.region), min(e.recorded_at), count(*)
FROM (
 SELECT e.id, e.subject, e.version, e.type, e.actor, e.region, e.recorded_at FROM event e
 WHERE {_is_new("e.subject")} AND {_NOT_OWN}
 UNION
 SELECT e.id, e.subject, e.version, e.type, e.actor, e.region, e.recorded_at FROM (
  SELECT person AS subject FROM membership_open WHERE {_is_new("family")}
  UNION SELECT person FROM membership_closed WHERE {_is_new("family")}
  UNION SELECT id FROM family_now WHERE {_is_new("dwelling")}
  UNION SELECT id FROM family_now WHERE {" OR ".join(_is_new(f"(attributes ->> '{name}')::bigint") for name in KIN)}
 ) AS placed JOIN event e ON e.subject = placed.subject AND {_NOT_OWN} JOIN event_body b ON b.event = e.id
 WHERE {_is_new("(b.body -> 'attributes' ->> 'family')::bigint")}
    OR {" OR ".join(_is_new(f"(b.body -> 'attributes' ->> '{name}')::bigint") for name in ("dwelling", *KIN))}
) AS e JOIN event_body b ON b.event = e.id
WHERE e.type IN ('facts_stated', 'merged') AND NOT {_WITHDRAWN} GROUP BY 2 ORDER BY 4""",  # noqa: S608
}


def as_json(one: Import | Standing) -> dict[str, Any]:
    """The form in which other programs read it; days and instants are ISO text."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(one).items()
    }
