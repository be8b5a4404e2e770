"""What the register knows of people on a list: who they are now, whether they were merged, which requests are in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from django.db import connection

from mutakhir.core.rules.intake import is_same_person
from mutakhir.core.rules.list_changes import AppliedRequest, KnownPerson, Listed
from mutakhir.queries.scopes import within


def known_people(
    rows: Sequence[Listed], *, number_kind: str, scopes: Iterable[str]
) -> tuple[KnownPerson | None, ...]:
    """The person of each row, by NIK or by the list's own number, the former ones too; None where nobody is known.

    A number alone proves nothing: the name or the birth date has to agree. `number_kind` is the identifier under which
    the register keeps the list's own numbers.
    """
    wanted = {("nik", row.nik) for row in rows if row.nik} | {
        (number_kind, row.number) for row in rows if row.number
    }
    carriers = _carriers(wanted)
    people = _people({person for found in carriers.values() for person, _ in found}, scopes)
    requests = _requests(people)

    def known(row: Listed) -> KnownPerson | None:
        said = {"name": row.name or None, "birth_date": row.birth_date or None}
        for number in (("nik", row.nik), (number_kind, row.number)):
            for person, merged in carriers.get(number, ()):
                if person in people and is_same_person(said, people[person][1]):
                    region, values, family = people[person]
                    own = requests.get(person, ()) + requests.get(family, ())
                    return KnownPerson(person, region, values, merged, own)
        return None

    return tuple(map(known, rows))


def _carriers(numbers: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], list[tuple[int, bool]]]:
    """Who carries or carried each number, and whether it is that of somebody who was merged into them."""
    wanted = sorted(numbers)
    found: dict[tuple[str, str], list[tuple[int, bool]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, value, subject, FALSE FROM identifier WHERE value = ANY(%s) AND kind = ANY(%s) "
            "UNION SELECT kind, value, subject, TRUE FROM former_number WHERE value = ANY(%s) AND kind = ANY(%s) "
            "ORDER BY 4 DESC, 3",
            [[value for _, value in wanted], sorted({kind for kind, _ in wanted})] * 2,
        )
        for kind, value, subject, merged in cursor:
            found[kind, value].append((subject, merged))
    return found


def _people(
    numbers: Iterable[int], scopes: Iterable[str]
) -> Mapping[int, tuple[str, Mapping[str, Any], int]]:
    """Region, values and family of those who lie within reach."""
    reach, bounds = within("region", scopes)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, region, attributes::text, family FROM person_now WHERE id = ANY(%s) AND {reach}",  # noqa: S608
            [list(numbers), *bounds],
        )
        return {
            number: (region, msgspec.json.decode(values), family or 0)
            for number, region, values, family in cursor
        }


def _requests(
    people: Mapping[int, tuple[str, Mapping[str, Any], int]],
) -> Mapping[int, tuple[AppliedRequest, ...]]:
    """The requests in force about persons and about families, by the number of either."""
    families = {family for _, _, family in people.values() if family}
    found: dict[int, tuple[AppliedRequest, ...]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person, family, kind, coalesce(ticket.number, ''), since FROM request_now "
            "LEFT JOIN ticket ON ticket.request = request_now.id "
            "WHERE state = 'applied' AND (person = ANY(%s) OR family = ANY(%s)) ORDER BY request_now.id",
            [list(people), list(families)],
        )
        for person, family, kind, ticket, since in cursor:
            # What was asked for one person says nothing of the others in the family.
            subject = family if person is None else person
            found[subject] = (*found.get(subject, ()), AppliedRequest(kind, ticket, since.date()))
    return found
