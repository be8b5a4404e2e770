"""Annulments as their pages need them: what was asked, by whom, both values, and everything that rests on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import connection

from mutakhir.core.actors import Actor
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import Request
from mutakhir.core.flows.annulment import Annulment, State
from mutakhir.core.flows.change_request import Deadlines
from mutakhir.queries.accounts import names_or_logins
from mutakhir.queries.as_of import LARGEST
from mutakhir.queries.cases import requests_by_number
from mutakhir.queries.places import Place, places
from mutakhir.queries.scopes import within

_read = msgspec.json.Decoder(Annulment).decode
AT_MOST = 50


@dataclass(frozen=True, slots=True)
class AnnulmentLine:
    """One annulment with its request; `due` is the day until when it should be decided, None when it is."""

    annulment: Annulment
    request: Request
    place: Place
    due: date | None
    days_late: int


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task to which an annulment gave rise."""

    id: int
    rule: str
    region: str
    particulars: Mapping[str, str | int]
    owner: str
    since: datetime
    due: date
    is_closed: bool


@dataclass(frozen=True, slots=True)
class AnnulmentPage:
    """One annulment: the names of who asked and decided; once approved, what is open again and which tasks arose."""

    line: AnnulmentLine
    names: Mapping[str, str]
    reopened: tuple[Request, ...]
    tasks: tuple[TaskLine, ...]


def annulment_page(number: int, *, actor: Actor, now: datetime, deadlines: Deadlines) -> AnnulmentPage | None:
    """None for what is not there and for what lies outside the actor's reach alike."""
    found = _annulments("id = %s", [number]) if number <= LARGEST else ()
    if not found or not actor.sees(found[0].region):
        return None
    (line,) = _lines(found, now=now, deadlines=deadlines)
    logins = [found[0].asked_by, *([found[0].decided_by] if found[0].decided_by else [])]
    return AnnulmentPage(line, names_or_logins(logins), _reopened(number), _tasks(number))


def annulments_of(request: int) -> tuple[Annulment, ...]:
    """Every annulment that was asked for of a request, the newest last."""
    return _annulments("request = %s ORDER BY id", [request])


def list_annulments(
    scopes: Sequence[str], *, now: datetime, deadlines: Deadlines
) -> tuple[AnnulmentLine, ...]:
    """The annulments within reach: those that wait first, then the newest."""
    where, bounds = within("region", scopes)
    found = _annulments(f"{where} ORDER BY state <> 'asked', since DESC, id DESC LIMIT {AT_MOST}", bounds)
    return _lines(found, now=now, deadlines=deadlines)


def _annulments(where: str, arguments: Sequence[Any]) -> tuple[Annulment, ...]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT body::text FROM annulment_now WHERE {where}", list(arguments))  # noqa: S608
        return tuple(_read(body) for (body,) in cursor)


def _lines(
    annulments: Sequence[Annulment], *, now: datetime, deadlines: Deadlines
) -> tuple[AnnulmentLine, ...]:
    requests = requests_by_number(one.request for one in annulments)
    named = places({one.region for one in annulments})
    lines = []
    for one in annulments:
        due = due_of(one.asked_at, one.region, deadlines) if one.state is State.ASKED else None
        late = max((today_in(one.region, now) - due).days, 0) if due else 0
        lines.append(AnnulmentLine(one, requests[one.request], named[one.region], due, late))
    return tuple(lines)


def due_of(asked_at: datetime, region: str, deadlines: Deadlines) -> date | None:
    """Until when an annulment that was asked for should be decided."""
    return deadlines.due("annul", today_in(region, asked_at))


def _reopened(number: int) -> tuple[Request, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.subject FROM event a JOIN event e ON e.caused_by = a.id "
            "WHERE a.subject = %s AND e.type = 'reopened' ORDER BY e.id",
            [number],
        )
        subjects = [row[0] for row in cursor]
    return tuple(requests_by_number(subjects).values())


def _tasks(number: int) -> tuple[TaskLine, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.id, t.rule, t.region, t.particulars::text, t.owner, t.since, t.due, t.closed_at IS NOT NULL "
            "FROM event a JOIN task t ON t.caused_by = a.id WHERE a.subject = %s ORDER BY t.id",
            [number],
        )
        return tuple(
            TaskLine(one, rule, region, msgspec.json.decode(told), *rest)
            for one, rule, region, told, *rest in cursor
        )
