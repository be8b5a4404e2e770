"""Changes of regions: which boundaries hold, what nobody could assign yet, and what still ends under an old code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from django.db import connection

from mutakhir.core.calendar import today_in
from mutakhir.core.flows.change_request import Deadlines
from mutakhir.core.region_changes import Open, RegionChange
from mutakhir.queries.places import Place, places

_read = msgspec.json.Decoder(RegionChange).decode
LEFT_AT_MOST = 50


def region_changes() -> list[RegionChange]:
    """Every decree that was taken in, the earliest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT body::text FROM region_change_now ORDER BY day, id")
        return [_read(body) for (body,) in cursor]


def anybody_in(codes: Iterable[str]) -> bool:
    """Whether a family or person stands under one of some codes."""
    wanted = list(codes)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM family_now WHERE region = ANY(%s)) "
            "OR EXISTS (SELECT FROM person_now WHERE region = ANY(%s))",
            [wanted, wanted],
        )
        return bool(cursor.fetchone()[0])


def changes_near(scopes: Sequence[str]) -> list[RegionChange]:
    """The decrees that touch some scopes, the latest first."""
    found = [
        one
        for one in region_changes()
        if any(
            code.startswith(scope) or scope.startswith(code)
            for scope in scopes
            for old, codes in one.successors.items()
            for code in (old, *codes)
        )
    ]
    return found[::-1]


@dataclass(frozen=True, slots=True)
class Boundary:
    """By which boundaries the figures of a region are counted: the last decree, and how many still go by its old codes."""

    number: int
    decree: str
    day: date
    underway: int


def boundary_of(scopes: Sequence[str]) -> Boundary | None:
    """The boundaries that hold in some scopes; None where no decree ever changed them here."""
    latest = next(iter(changes_near(scopes)), None)
    if latest is None:
        return None
    return Boundary(latest.id, latest.decree, latest.day, len(latest.underway))


@dataclass(frozen=True, slots=True)
class LeftSeen:
    """Something that nobody could assign, in words: whose it is, and what is known of where."""

    thing: Open
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class ChangeSeen:
    """A decree with what is left of it; `due` is the last day to assign it in time."""

    change: RegionChange
    places: dict[str, Place]
    left: tuple[LeftSeen, ...]
    people: dict[str, int]
    due: date | None


def change_seen(number: int, *, scopes: Sequence[str], deadlines: Deadlines) -> ChangeSeen | None:
    """One decree; None for what is not there and for what lies outside alike. People are counted by the codes of today."""
    found = next((one for one in changes_near(scopes) if one.id == number), None)
    if found is None:
        return None
    codes = {code for old, to in found.successors.items() for code in (old, *to)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT region, count(*) FROM family_now WHERE region = ANY(%s) GROUP BY 1", [list(codes)]
        )
        people = dict(cursor.fetchall())
    left = tuple(_in_words(found.left[:LEFT_AT_MOST]))
    return ChangeSeen(found, places(codes), left, people, due_of(found, deadlines))


def due_of(change: RegionChange, deadlines: Deadlines) -> date | None:
    return deadlines.due("boundary", today_in(change.region, change.recorded_at)) if change.left else None


NAMES: dict[str, str] = {
    "family": "SELECT f.id, coalesce(f.attributes->>'head_name', (SELECT p.name FROM person_now p WHERE p.family = f.id "
    "ORDER BY p.relation = '1' DESC, p.id LIMIT 1)), coalesce(f.attributes->>'address', concat_ws(' ', "
    "'RT ' || (f.attributes->>'rt'), 'RW ' || (f.attributes->>'rw'))) FROM family_now f WHERE f.id = ANY(%s)",
    "person": "SELECT id, name, '' FROM person_now WHERE id = ANY(%s)",
    "dwelling": "SELECT id, '', '' FROM dwelling_now WHERE id = ANY(%s)",
    "request": "SELECT id, subject_name, kind FROM request_now WHERE id = ANY(%s)",
    "visit": "SELECT id, body->>'name', body->>'reason' FROM visit_now WHERE id = ANY(%s)",
    "session": "SELECT id, body->>'place', day::text FROM session_now WHERE id = ANY(%s)",
    "role": "SELECT h.id, a.name, h.role FROM role_held h JOIN account a ON a.id = h.account_id WHERE h.id = ANY(%s)",
    "task": "SELECT id, '', rule FROM task WHERE id = ANY(%s)",
}
"""Under which name, and with what beside it, each kind of thing is shown."""


def _in_words(things: Sequence[Open]) -> Iterator[LeftSeen]:
    named: dict[tuple[str, int], tuple[Any, ...]] = {}
    for kind, query in NAMES.items():
        numbers = [one.number for one in things if one.kind == kind]
        if numbers:
            with connection.cursor() as cursor:
                cursor.execute(query, [numbers])
                named |= {(kind, row[0]): row[1:] for row in cursor}
    for one in things:
        name, detail = named.get((one.kind, one.number), ("", ""))
        yield LeftSeen(one, str(name or ""), str(detail or ""))
