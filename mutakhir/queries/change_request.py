"""What the wizard and the page of one request show: who it is about, what is recorded of them, and how it went so far."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import connection

from mutakhir.core.actors import Actor
from mutakhir.core.calendar import today_in
from mutakhir.core.events import Event
from mutakhir.core.facts import Answer, Value, file_in, fold, request_in
from mutakhir.core.flows.change_request import Case
from mutakhir.core.terms import Terms
from mutakhir.parameters import Parameters
from mutakhir.queries.accounts import names_of
from mutakhir.queries.as_of import LARGEST, people_named
from mutakhir.queries.cases import cases_of, requests_by_number
from mutakhir.queries.places import Place, place
from mutakhir.queries.scopes import within
from mutakhir.queries.waiting import WaitingLine, waiting_line
from mutakhir.queries.windows import windows_near
from mutakhir.store.models import Source
from mutakhir.store.register import read_attributed, read_events, read_former_numbers

SELECT_FOUND = """
SELECT p.family, p.id, p.name, p.birth_date, p.nik, h.name, f.attributes::text, p.region
FROM person_now p LEFT JOIN family_now f ON f.id = p.family
LEFT JOIN membership_open m ON m.family = p.family AND m.relation = '1' LEFT JOIN person_now h ON h.id = m.person
WHERE """
SELECT_FAMILY = """
SELECT f.region, f.attributes::text, d.attributes::text
FROM family_now f LEFT JOIN dwelling_now d ON d.id = f.dwelling WHERE f.id = %s AND """
SELECT_REQUEST = """
SELECT id, kind, state, subject_name, since, recorded_by, body::json ->> 'ticket', (body::json ->> 'cause')::bigint
FROM request_now WHERE """


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """A person as the register believes now."""

    id: int
    region: str
    values: Mapping[str, Value]

    @property
    def name(self) -> str:
        return str(self.values.get("name") or "")

    @property
    def family(self) -> int | None:
        found = self.values.get("family")
        return found if isinstance(found, int) else None

    @property
    def is_head(self) -> bool:
        return self.values.get("relation") == "1"

    @property
    def birth_date(self) -> str | None:
        found = self.values.get("birth_date")
        return str(found) if found else None

    @property
    def is_registered(self) -> bool:
        return self.values.get("registration") == "registered"


@dataclass(frozen=True, slots=True)
class RequestLine:
    """Another request about the same family, or a draft of one's own."""

    id: int
    kind: str
    state: str
    subject_name: str
    since: datetime
    recorded_by: str
    ticket: str | None
    cause: int | None = None


@dataclass(frozen=True, slots=True)
class FamilySeen:
    """A family with who belongs to it now, where it lives, and what has already been asked about it."""

    id: int
    region: str
    values: Mapping[str, Value]
    dwelling: Mapping[str, Value]
    members: tuple[PersonSeen, ...]
    requests: tuple[RequestLine, ...] = ()

    @property
    def head(self) -> PersonSeen | None:
        return next((one for one in self.members if one.is_head), None)

    @property
    def head_name(self) -> str:
        return self.head.name if self.head else str(self.values.get("head_name") or "")

    @property
    def address(self) -> str:
        parts = [str(self.values.get("address") or "")]
        for name, word in (("rt", "RT"), ("rw", "RW")):
            found = self.values.get(name)
            if found and re.search(rf"\b{word}\b", parts[0], re.IGNORECASE) is None:
                parts.append(f"{word} {found}")
        return " ".join(part for part in parts if part)

    def value(self, attribute: str) -> Value:
        """The value of now, whichever of family and dwelling it belongs to."""
        return self.values[attribute] if attribute in self.values else self.dwelling.get(attribute)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody, or a family, that a number or a name led to."""

    family: int | None
    person: int | None
    name: str
    birth_date: str | None
    nik: str | None
    head_name: str
    address: str
    region: str


# --- finding who it is about ----------------------------------------------------------------------------------------


def find_by_number(digits: str, *, scopes: Sequence[str]) -> tuple[Found, ...]:
    """Who carries a NIK, or which family a No KK, as far as one may see."""
    where, bounds = within("p.region", scopes)
    former = [one for found in read_former_numbers("nik", [digits]).values() for one in found]
    people = _found(
        f"(p.nik = %s OR p.id = ANY(%s)) AND {where} ORDER BY p.registered DESC, p.id LIMIT 10",
        [digits, former, *bounds],
    )
    if people:
        return people
    where, bounds = within("region", scopes)
    former = [one for found in read_former_numbers("no_kk", [digits]).values() for one in found]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM family_now WHERE "  # noqa: S608
            f"(no_kk = %s AND NOT attributes ? 'merged_into' OR id = ANY(%s)) AND {where} ORDER BY id LIMIT 10",
            [digits, former, *bounds],
        )
        families = [row[0] for row in cursor]
    found = []
    for number in families:
        family = family_seen(number, scopes=scopes)
        if family is not None:
            head = family.head
            found.append(
                Found(
                    family.id, None, family.head_name, head.birth_date if head else None, None, family.head_name,
                    family.address, family.region,
                )
            )  # fmt: skip
    return tuple(found)


def find_by_name(words: str, *, scopes: Sequence[str], limit: int = 20) -> tuple[Found, ...]:
    """People whose name is written so or nearly so, the nearest first; at least three letters."""
    people = [one.person for one in people_named(words, scopes=scopes, limit=limit)]
    return _found("p.id = ANY(%s) ORDER BY array_position(%s, p.id)", [people, people]) if people else ()


def _found(where: str, arguments: list[Any]) -> tuple[Found, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            SELECT_FOUND + where,
            arguments,
        )
        rows = cursor.fetchall()
    return tuple(
        Found(
            family, person, name, birth_date, nik, head or "",
            FamilySeen(0, "", msgspec.json.decode(attributes) if attributes else {}, {}, ()).address, region,
        )
        for family, person, name, birth_date, nik, head, attributes, region in rows
    )  # fmt: skip


def family_seen(number: int, *, scopes: Sequence[str]) -> FamilySeen | None:
    """A family that lies in one's scope, with its members and the open requests about it."""
    if number > LARGEST:
        return None
    where, bounds = within("f.region", scopes)
    with connection.cursor() as cursor:
        cursor.execute(
            SELECT_FAMILY + where,
            [number, *bounds],
        )
        row = cursor.fetchone()
        if row is None:
            return None
        cursor.execute(
            "SELECT p.id, p.region, p.attributes::text FROM membership_open m JOIN person_now p ON p.id = m.person"
            " WHERE m.family = %s ORDER BY m.relation NULLS LAST, p.birth_date, p.id",
            [number],
        )
        members = tuple(PersonSeen(one, region, msgspec.json.decode(body)) for one, region, body in cursor)
    region, values, dwelling = row
    return FamilySeen(
        number,
        region,
        msgspec.json.decode(values),
        msgspec.json.decode(dwelling) if dwelling else {},
        members,
        open_requests(number, [one.id for one in members], scopes=scopes),
    )


def person_seen(number: int, *, scopes: Sequence[str]) -> PersonSeen | None:
    if number > LARGEST:
        return None
    where, bounds = within("region", scopes)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT region, attributes::text FROM person_now WHERE id = %s AND {where}",  # noqa: S608
            [number, *bounds],
        )
        row = cursor.fetchone()
    return PersonSeen(number, row[0], msgspec.json.decode(row[1])) if row else None


def open_requests(
    family: int, people: Iterable[int] = (), *, scopes: Sequence[str]
) -> tuple[RequestLine, ...]:
    """What has been asked about a family, or about its people wherever they were before, and has not ended; the newest
    first.
    """
    where, bounds = within("region", scopes)
    return _request_lines(
        f"(family = %s OR person = ANY(%s)) AND NOT ended AND {where} ORDER BY recorded_at DESC LIMIT 20",
        [family, list(people), *bounds],
    )


NEWCOMING = ("new_person", "new_family")


def requests_naming(nik: str, *, scopes: Sequence[str]) -> tuple[RequestLine, ...]:
    """Open requests for somebody new who is said to carry a NIK: the register does not know them yet."""
    where, bounds = within("region", scopes)
    return _request_lines(
        f"kind = ANY(%s) AND NOT ended AND strpos(body::text, %s) > 0 AND {where} ORDER BY recorded_at DESC LIMIT 5",
        [list(NEWCOMING), f'"wanted":"{nik}"', *bounds],
    )


def drafts_of(login: str, *, scopes: Sequence[str], limit: int = 5) -> tuple[RequestLine, ...]:
    """What somebody began to write down and has not put into the reserve, the newest first."""
    where, bounds = within("region", scopes)
    return _request_lines(
        f"recorded_by = %s AND state = 'draft' AND {where} ORDER BY recorded_at DESC LIMIT %s",
        [login, *bounds, limit],
    )


def _request_lines(where: str, arguments: list[Any]) -> tuple[RequestLine, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            SELECT_REQUEST + where,
            arguments,
        )
        return tuple(RequestLine(*row) for row in cursor)


# --- one request ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """Who said a value that holds now: the answer of the register, with names for people."""

    answer: Answer
    who: str
    source: str
    request: int | None = None


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """One request with everything that its page and the wizard ask about."""

    case: Case
    waiting: WaitingLine | None
    events: tuple[Event, ...]
    names: Mapping[str, str]
    place: Place
    family: FamilySeen | None
    told: Mapping[tuple[int, str], Told]

    @property
    def saved_at(self) -> datetime:
        """When the server last took something in."""
        return self.events[-1].recorded_at

    def name_of(self, login: str) -> str:
        return self.names.get(login, login)


def request_seen(
    number: int, *, actor: Actor, now: datetime, terms: Terms, parameters: Parameters
) -> RequestSeen | None:
    """A request that the actor may see; None for what is not there and for what lies outside alike."""
    request = requests_by_number([number]).get(number) if number <= LARGEST else None
    if request is None or not actor.sees(request.region):
        return None
    windows = windows_near(request.region)
    case = cases_of([request], now=now, terms=terms, windows=windows)[request.id]
    events = tuple(read_events("WHERE e.subject = %s ORDER BY e.version", [number]))
    # The family may have moved on; who may see the request may see whom it is about.
    family = family_seen(request.family, scopes=[""]) if request.family is not None else None
    subjects = {one.subject for one in request.changes}
    if family is not None:
        dwelling = family.values.get("dwelling")
        subjects |= {family.id, *([dwelling] if isinstance(dwelling, int) else [])}
    told = values_told(
        subjects,
        today=today_in(request.region, now),
        authorities=terms.attributes.authorities,
    )
    logins = (
        {event.actor for event in events}
        | {one.added_by for one in request.evidence}
        | set(request.decided_by)
    )
    return RequestSeen(
        case=case,
        waiting=waiting_line(
            request, now=now, windows=windows, deadlines=terms.deadlines, parameters=parameters
        ),
        events=events,
        names=names_of(logins | {request.recorded_by, request.touched_by}),
        place=place(request.region),
        family=family,
        told=told,
    )


def values_told(
    subjects: Iterable[int], *, today: date, authorities: Mapping[str, str]
) -> dict[tuple[int, str], Told]:
    """For every value of now of some subjects: who said it, from which source, and since when."""
    wanted = list(set(subjects))
    if not wanted:
        return {}
    histories = read_attributed(wanted)
    answers = {
        (subject, attribute): answer
        for subject, events in histories.items()
        for attribute, answer in fold(events, on=today, authorities=authorities).items()
    }
    names = names_of(answer.actor for answer in answers.values())
    files = names_of_files(answer.source for answer in answers.values())
    return {
        key: Told(
            answer,
            names.get(answer.actor, answer.actor),
            files.get(answer.source, ""),
            request_in(answer.source),
        )
        for key, answer in answers.items()
    }


def names_of_files(sources: Iterable[str]) -> dict[str, str]:
    """The names of the files that some source texts speak of, by source text; others are absent."""
    numbers = {source: number for source in set(sources) if (number := file_in(source)) is not None}
    files = dict(Source.objects.filter(id__in=numbers.values()).values_list("id", "name")) if numbers else {}
    return {source: files[number] for source, number in numbers.items() if number in files}


def carriers_of(nik: str, *, scopes: Sequence[str], without: Iterable[int] = ()) -> tuple[Found, ...]:
    """Who already carries a NIK that a form gives to a new person, as far as one may see."""
    known = set(without)
    return tuple(
        one
        for one in find_by_number(nik, scopes=scopes)
        if one.person is not None and one.person not in known
    )
