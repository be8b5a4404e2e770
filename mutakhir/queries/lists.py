"""What stands on lists that leave the house: one row a person, in the words of a ministry's template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from django.db import connection

from mutakhir.core.attribution import SAME_AS
from mutakhir.core.change_requests import Request
from mutakhir.core.events import NOTHING
from mutakhir.core.facts import Value
from mutakhir.parameters import Parameters
from mutakhir.queries.places import places
from mutakhir.store.register import read_current


def requests_of_list(submission: int) -> list[Request]:
    """The requests of a kabupaten's list in the order of their villages and numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT body::text FROM request_now WHERE submission = %s ORDER BY region, id", [submission]
        )
        return [msgspec.json.decode(body, type=Request) for (body,) in cursor]


def has_left_list(ticket: str, submission: int) -> bool:
    """Whether a request was sent with a list and stands on it no more: it was answered, and the register contradicted it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM ticket t JOIN event e ON e.subject = t.request AND e.type = 'sent' "
            "JOIN event_body b ON b.event = e.id JOIN request_now r ON r.id = t.request "
            "WHERE t.number = %s AND b.body ->> 'submission' = %s AND r.submission IS DISTINCT FROM %s)",
            [ticket, str(submission), submission],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def request_of_ticket(ticket: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT request FROM ticket WHERE number = %s", [ticket])
        row = cursor.fetchone()
    return int(row[0]) if row else None


def proposal_rows(
    requests: Iterable[Request], *, parameters: Parameters, language: str = "id"
) -> Iterator[dict[str, Value]]:
    """The rows of a proposal: each person that a request is about, with family, place, and what is asked."""
    kept = list(requests)
    values = read_current({number for request in kept for number in _subjects(request)})
    heads = heads_of({request.family for request in kept if request.family})
    values |= read_current(heads.values())
    named = places({request.region for request in kept})
    for request in kept:
        place = named[request.region]
        wanted: dict[int, dict[str, Value]] = {}
        for change in request.changes:
            wanted.setdefault(change.subject, {})[change.attribute] = change.wanted
        head = values.get(heads.get(request.family or 0, 0), NOTHING)
        merged = merged_by(request)
        for person in _persons(request, heads):
            told = {
                **values.get(person, NOTHING),
                **(wanted.get(person, NOTHING) if merged is None else NOTHING),
            }
            # Who goes over to another family has the card and the place of that one.
            belongs_to = (told.get("family") if request.choices else request.family) or 0
            family = {**values.get(belongs_to, NOTHING), **wanted.get(belongs_to, NOTHING)}
            row = {**family, **told}
            yield {
                **row,
                "request_number": request.ticket,
                "request_kind": parameters.word("kind", request.kind, language),
                "request_reason": _reason(request, parameters, language),
                "changes": changes_in_words(request, parameters, language)
                if merged is None
                else _merge_in_words(person, merged, values, parameters, language),
                "region": request.region,
                "province_name": place.province,
                "kabupaten_name": place.kabupaten,
                "kecamatan_name": place.kecamatan,
                "village_name": place.village,
                "head_name": row.get("head_name") or head.get("name"),
                "address": row.get("address") or family.get("address"),
            }


def merged_by(request: Request) -> tuple[int, int] | None:
    """Of a double ID: who is retired, and who they are."""
    return next(((one.subject, int(one.wanted)) for one in request.changes if one.attribute == SAME_AS), None)


def _merge_in_words(
    person: int,
    merged: tuple[int, int],
    values: Mapping[int, Mapping[str, Value]],
    parameters: Parameters,
    language: str,
) -> str:
    retired, survivor = merged
    words, other = ("merged_into", survivor) if person == retired else ("merged_from", retired)
    nik = values.get(other, NOTHING).get("nik")
    return f"{parameters.word('change', words, language)} {nik or other}"


def _reason(request: Request, parameters: Parameters, language: str) -> str:
    listed = request.rule.reasons
    if not listed or not request.reason:
        return ""
    return parameters.reason(listed, request.reason).label[language]


def changes_in_words(request: Request, parameters: Parameters, language: str) -> str:
    """What a request changes, in one line: "Jenis lantai: semen -> tanah"."""
    told = []
    for change in request.changes:
        attribute = parameters.attributes.get(change.attribute)
        if attribute is None or (attribute.type == "subject" and attribute.name != "pengurus"):
            continue
        seen, wanted = (
            _name_of(value)
            if attribute.type == "subject"
            else parameters.attributes.words(attribute, value, language)
            for value in (change.seen, change.wanted)
        )
        told.append(f"{attribute.label[language]}: {seen or '-'} → {wanted or '-'}")
    return "; ".join(told[:12])


def _name_of(person: Value) -> str:
    return str(read_current([person]).get(person, NOTHING).get("name", "")) if person else ""


def _persons(request: Request, heads: Mapping[int, int]) -> list[int]:
    pengurus = next((one.wanted for one in request.changes if one.attribute == "pengurus"), None)
    if pengurus:
        return [pengurus]
    people = list(dict.fromkeys(one.subject for one in request.changes if one.of == "person"))
    merged = merged_by(request)
    if people:
        return list(dict.fromkeys([*people, *(merged or ())]))
    if request.person is not None:
        return [request.person]
    return [heads.get(request.family or 0, 0)]


def _subjects(request: Request) -> set[int]:
    found = {change.subject for change in request.changes} | set(merged_by(request) or ())
    families = [one for one in request.changes if one.attribute == "family"]
    found |= {one for change in families for one in (change.seen, change.wanted) if one is not None}
    found |= {one.wanted for one in request.changes if one.attribute == "pengurus" and one.wanted}
    return found | {number for number in (request.family, request.person) if number is not None}


def heads_of(families: set[int]) -> dict[int, int]:
    """The head of each family, or its oldest known member where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (family) family, person FROM membership_open WHERE family = ANY(%s) "
            "ORDER BY family, (relation = '1') DESC NULLS LAST, person",
            [list(families)],
        )
        return dict(cursor.fetchall())
