"""Erasures as their pages need them: what was asked on which basis, by whom, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import connection

from mutakhir.core.actors import Actor
from mutakhir.core.calendar import today_in
from mutakhir.core.flows.change_request import Deadlines
from mutakhir.core.flows.erasure import ENDED, Erasure
from mutakhir.queries.accounts import names_or_logins
from mutakhir.queries.as_of import LARGEST
from mutakhir.queries.places import Place, places
from mutakhir.queries.scopes import within

_read = msgspec.json.Decoder(Erasure).decode
AT_MOST = 50


@dataclass(frozen=True, slots=True)
class ErasureLine:
    """One erasure; `name` is the person's as long as it is known, `due` the day until when the next step should be taken."""

    erasure: Erasure
    name: str
    place: Place
    since: datetime
    due: date | None
    days_late: int


@dataclass(frozen=True, slots=True)
class ErasurePage:
    """One erasure with the names of who asked and decided."""

    line: ErasureLine
    names: Mapping[str, str]


def erasure_page(number: int, *, actor: Actor, now: datetime, deadlines: Deadlines) -> ErasurePage | None:
    """None for what is not there and for what lies outside the actor's reach alike."""
    found = _erasures("id = %s", [number]) if number <= LARGEST else ()
    if not found or not actor.sees(found[0].region):
        return None
    (line,) = _lines(found, now=now, deadlines=deadlines)
    logins = [found[0].asked_by, *([found[0].decided_by] if found[0].decided_by else [])]
    return ErasurePage(line, names_or_logins(logins))


def erasures_of(person: int) -> tuple[Erasure, ...]:
    """Everything that was asked to be erased, sealed or unsealed of a person, the newest last."""
    return _erasures("person = %s ORDER BY id", [person])


def list_erasures(scopes: Sequence[str], *, now: datetime, deadlines: Deadlines) -> tuple[ErasureLine, ...]:
    """The erasures within reach: those that wait first, then the newest."""
    where, bounds = within("region", scopes)
    ended = [state.value for state in ENDED]
    found = _erasures(
        f"{where} ORDER BY state = ANY(%s), since DESC, id DESC LIMIT {AT_MOST}", [*bounds, ended]
    )
    return _lines(found, now=now, deadlines=deadlines)


def _erasures(where: str, arguments: Sequence[Any]) -> tuple[Erasure, ...]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT body::text FROM erasure_now WHERE {where}", list(arguments))  # noqa: S608
        return tuple(_read(body) for (body,) in cursor)


def _lines(erasures: Sequence[Erasure], *, now: datetime, deadlines: Deadlines) -> tuple[ErasureLine, ...]:
    named = places({one.region for one in erasures})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name FROM person_now WHERE id = ANY(%s)", [[one.person for one in erasures]]
        )
        names = dict(cursor.fetchall())
    lines = []
    for one in erasures:
        since = one.decided_at or one.asked_at
        due = None if one.state in ENDED else due_of(since, one.region, deadlines)
        late = max((today_in(one.region, now) - due).days, 0) if due else 0
        lines.append(ErasureLine(one, names.get(one.person, ""), named[one.region], since, due, late))
    return tuple(lines)


def due_of(since: datetime, region: str, deadlines: Deadlines) -> date | None:
    """Until when an erasure should be decided, and then carried out."""
    return deadlines.due("erase", today_in(region, since))
