"""Families and persons as their pages show them: who and where, since when and by whose word, what is asked about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from django.db import OperationalError, connection

from mutakhir.core.actors import Actor, Role
from mutakhir.core.change_requests import Request
from mutakhir.core.facts import Answer, Value, fold, is_known, request_in, timeline
from mutakhir.core.tickets import normalise
from mutakhir.queries.accounts import names_of
from mutakhir.queries.as_of import LARGEST, LETTERS_LEAST, FoundPerson, search_people
from mutakhir.queries.cases import requests_by_number
from mutakhir.queries.change_request import FamilySeen, names_of_files
from mutakhir.queries.lists import request_of_ticket
from mutakhir.queries.scopes import within
from mutakhir.store.models import RoleHeld
from mutakhir.store.register import read_attributed, read_former_numbers

PAGE = 50
LATELY = 6
FAMILIES_FOUND = 10
REQUESTS_FOUND = 10


# --- where a value comes from ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from: the file by its name, or the request by its number; who wrote it down, in which role."""

    file: str = ""
    request: int | None = None
    who: str = ""
    role: Role | None = None


def origins_of(told: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Origin]:
    """The origins of pairs of a source text and a login, named in three queries."""
    wanted = set(told)
    named = names_of_files(source for source, _ in wanted)
    logins = {login for _, login in wanted}
    people = names_of(logins)
    roles: dict[str, Role] = {}
    for login, role in (
        RoleHeld.objects.filter(account__login__in=logins)
        .order_by("id")
        .values_list("account__login", "role")
    ):
        roles.setdefault(login, Role(role))
    found: dict[tuple[str, str], Origin] = {}
    for source, login in wanted:
        found[source, login] = Origin(
            named.get(source, ""),
            request_in(source),
            people.get(login, "" if login == Role.SYSTEM.value or login.startswith("source:") else login),
            Role.SYSTEM if login == Role.SYSTEM.value else roles.get(login),
        )
    return found


def region_of_family(family: int, *, scopes: Sequence[str]) -> str | None:
    """Where a family lives; None outside the scopes, as if there were none."""
    if family > LARGEST:
        return None
    where, bounds = within("region", scopes)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT region FROM family_now WHERE id = %s AND {where}", [family, *bounds])  # noqa: S608
        row = cursor.fetchone()
    return str(row[0]) if row else None


# --- one person -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person on a day, as far as it was known: own values, the family of that day, and the NIKs there were."""

    person: int
    region: str
    attributes: Mapping[str, Answer]
    niks: tuple[Answer, ...]
    family: int | None
    head_name: str

    def value(self, name: str) -> Value:
        answer = self.attributes.get(name)
        return answer.value if answer is not None else None


def person_page(
    person: int,
    *,
    on: date,
    position: int | None,
    authorities: Mapping[str, str],
    scopes: Sequence[str],
) -> PersonPage | None:
    """None for somebody outside the scopes, as if there were nobody; a family outside is not named."""
    if person > LARGEST:
        return None
    where, bounds = within("region", scopes)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT region FROM person_now WHERE id = %s AND {where}", [person, *bounds])  # noqa: S608
        row = cursor.fetchone()
    if row is None:
        return None
    events = read_attributed([person], position=position).get(person, ())
    attributes = fold(events, on=on, position=position, authorities=authorities)
    known = [event for event in events if is_known(event, position)]
    niks = tuple(
        one for one in timeline(known, "nik", authorities=authorities) if (one.from_ or date.min) <= on
    )
    belongs = attributes.get("family")
    family, head = None, ""
    if belongs is not None and isinstance(belongs.value, int):
        family, head = _head_of(belongs.value, scopes)
    return PersonPage(person, row[0], attributes, niks, family, head)


def _head_of(family: int, scopes: Sequence[str]) -> tuple[int | None, str]:
    where, bounds = within("f.region", scopes)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.id, coalesce(h.name, f.attributes->>'head_name', '') FROM family_now f "  # noqa: S608
            "LEFT JOIN membership_open m ON m.family = f.id AND m.relation = '1' "
            f"LEFT JOIN person_now h ON h.id = m.person WHERE f.id = %s AND {where}",
            [family, *bounds],
        )
        return cursor.fetchone() or (None, "")


def names_of_people(people: Iterable[int], *, scopes: Sequence[str]) -> dict[int, str]:
    """Names by number, without those outside the scopes."""
    where, bounds = within("region", scopes)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, name FROM person_now WHERE id = ANY(%s) AND {where}",  # noqa: S608
            [list(people), *bounds],
        )
        return dict(cursor.fetchall())


def region_of_person(number: int) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT region FROM person_now WHERE id = %s", [number])
        row = cursor.fetchone()
    return row[0] if row else None


# --- what is asked about them ---------------------------------------------------------------------------------------


def requests_about(
    *, families: Iterable[int] = (), people: Iterable[int] = (), scopes: Sequence[str], limit: int = PAGE
) -> list[Request]:
    """Requests about some families or persons within the scopes: the open ones first, then the newest."""
    where, bounds = within("region", scopes)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM (SELECT id, ended, recorded_at FROM request_now "  # noqa: S608
            f"WHERE family = ANY(%s) AND {where} UNION SELECT id, ended, recorded_at FROM request_now "
            f"WHERE person = ANY(%s) AND {where}) AS found ORDER BY ended, recorded_at DESC, id DESC LIMIT %s",
            [list(families), *bounds, list(people), *bounds, limit],
        )
        numbers = [row[0] for row in cursor]
    found = requests_by_number(numbers)
    return [found[number] for number in numbers if number in found]


# --- lists of families ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A family in a list: its head as it stands on the list, where it lives, and how many belong to it."""

    family: int
    region: str
    head_name: str
    no_kk: str | None
    values: Mapping[str, Value]
    members: int

    @property
    def address(self) -> str:
        return FamilySeen(self.family, self.region, self.values, {}, ()).address


LINE = """
SELECT f.id, f.region, coalesce(h.name, f.attributes->>'head_name', ''), f.no_kk, f.attributes::text,
 (SELECT count(*) FROM membership_open c WHERE c.family = f.id)
FROM family_now f LEFT JOIN membership_open m ON m.family = f.id AND m.relation = '1'
LEFT JOIN person_now h ON h.id = m.person
"""
NAME = "coalesce(h.name, f.attributes->>'head_name', '')"


def families_of_village(
    village: str, *, after: tuple[str, int] | None = None, limit: int = PAGE
) -> list[FamilyLine]:
    """The families of a village by the name of their head, behind a name and number.

    Families of whom nothing is believed any more, and those that go on in another, are left out.
    """
    behind = f"AND ({NAME}, f.id) > (%s, %s) " if after is not None else ""
    return _lines(
        "WHERE f.region >= %s AND f.region < %s AND (f.attributes <> '{}' OR m.person IS NOT NULL) "
        f"AND NOT f.attributes ? 'merged_into' {behind}ORDER BY {NAME}, f.id LIMIT %s",
        [village, village + "~", *(after or ()), limit],
    )


def families_by_number(numbers: Sequence[int], *, scopes: Sequence[str]) -> list[FamilyLine]:
    """Some families in the order of their numbers given, without those outside the scopes."""
    where, bounds = within("f.region", scopes)
    return _lines(
        f"WHERE f.id = ANY(%s) AND {where} ORDER BY array_position(%s, f.id)",
        [list(numbers), *bounds, list(numbers)],
    )


def families_seen_lately(actor: Actor, *, limit: int = LATELY) -> list[FamilyLine]:
    """The families whose page somebody opened last, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject FROM (SELECT subjects[1] AS subject, id FROM reading "
            "WHERE actor = %s AND purpose IN ('family', 'record') AND cardinality(subjects) = 1 "
            "ORDER BY id DESC LIMIT 100) AS lately GROUP BY subject ORDER BY max(id) DESC LIMIT %s",
            [actor.login, 2 * limit],
        )
        numbers = [row[0] for row in cursor]
    return families_by_number(numbers, scopes=actor.scopes())[:limit]


def _lines(where: str, arguments: list[Any]) -> list[FamilyLine]:
    with connection.cursor() as cursor:
        cursor.execute(LINE + where, arguments)
        return [
            FamilyLine(number, region, head, no_kk, msgspec.json.decode(values), members)
            for number, region, head, no_kk, values, members in cursor
        ]


# --- search ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """What a search led to, in three groups; `too_wide` says that it was given up after two seconds.

    `ticket` is the request whose number was written.
    """

    people: tuple[FoundPerson, ...] = ()
    families: tuple[FamilyLine, ...] = ()
    requests: tuple[Request, ...] = ()
    ticket: int | None = None
    too_wide: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.people or self.families or self.requests)


def search(words: str, *, birth_date: str | None, actor: Actor, limit: int = 20) -> Found:
    """Persons, families and requests within the actor's scope, by a number, a name, a birth date, or the last two.

    Needs an open transaction of its own: a search that takes more than two seconds ends it.
    """
    scopes = actor.scopes()
    ticket = normalise(words)
    if ticket is not None and (number := request_of_ticket(ticket)) is not None:
        request = requests_by_number([number]).get(number)
        if request is not None and actor.sees(request.region):
            return Found(requests=(request,), ticket=number)
    try:
        people = _people(words, birth_date, scopes, limit)
        families = list(dict.fromkeys(one.family for one in people if one.family is not None))
        families += [one for one in _families_of_card(words, scopes) if one not in families]
        requests = requests_about(
            families=families[:FAMILIES_FOUND],
            people=[one.person for one in people],
            scopes=scopes,
            limit=REQUESTS_FOUND,
        )
        known = {one.id for one in requests}
        requests += [one for one in _requests_named(words, scopes) if one.id not in known]
    except OperationalError as given_up:
        if getattr(given_up.__cause__, "sqlstate", "") != "57014":
            raise
        return Found(too_wide=True)
    return Found(
        people,
        tuple(families_by_number(families[:FAMILIES_FOUND], scopes=scopes)),
        tuple(requests[:REQUESTS_FOUND]),
    )


def _people(words: str, birth_date: str | None, scopes: Sequence[str], limit: int) -> tuple[FoundPerson, ...]:
    if birth_date is None:
        return search_people(words, scopes=scopes, limit=limit)
    if words:
        near = search_people(words, scopes=scopes, limit=10 * limit)
        return tuple(one for one in near if (one.birth_date or "").startswith(birth_date))[:limit]
    where, bounds = within("p.region", scopes)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '2s'")
        cursor.execute(
            "SELECT p.id, p.family, p.name, p.nik, p.birth_date, p.region, p.registered, h.name "  # noqa: S608
            "FROM person_now p LEFT JOIN membership_open m ON m.family = p.family AND m.relation = '1' "
            f"LEFT JOIN person_now h ON h.id = m.person WHERE p.birth_date = %s AND {where} "
            "ORDER BY p.name, p.id LIMIT %s",
            [birth_date, *bounds, limit],
        )
        return tuple(
            FoundPerson(person, family, name, nik, born, region, registered, "birth_date", head or "")
            for person, family, name, nik, born, region, registered, head in cursor
        )


def _families_of_card(words: str, scopes: Sequence[str]) -> list[int]:
    """Families that carry or carried a No KK, also those without a member; of one that ended, the one that goes on."""
    digits = "".join(sign for sign in words if sign not in " .-")
    if len(digits) != 16 or not digits.isdecimal():
        return []
    where, bounds = within("f.region", scopes)
    former = [one for found in read_former_numbers("no_kk", [digits]).values() for one in found]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.id FROM family_now f WHERE f.id IN (SELECT subject FROM identifier "  # noqa: S608
            f"WHERE value = %s AND kind = 'no_kk' UNION SELECT unnest(%s::bigint[])) AND {where} "
            "ORDER BY f.id LIMIT %s",
            [digits, former, *bounds, FAMILIES_FOUND],
        )
        return [row[0] for row in cursor]


def _requests_named(words: str, scopes: Sequence[str]) -> list[Request]:
    """Open requests under a name, also of somebody who is not in the register yet."""
    if sum(map(str.isalpha, words)) < LETTERS_LEAST:
        return []
    pattern = "%" + re.sub(r"([\\%_])", r"\\\1", " ".join(words.split())) + "%"
    where, bounds = within("region", scopes)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM request_now WHERE NOT ended AND {where} AND subject_name ILIKE %s "  # noqa: S608
            "ORDER BY recorded_at DESC LIMIT %s",
            [*bounds, pattern, REQUESTS_FOUND],
        )
        numbers = [row[0] for row in cursor]
    found = requests_by_number(numbers)
    return [found[number] for number in numbers if number in found]
