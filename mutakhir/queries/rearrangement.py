"""Whom a split, a join or a double ID is about: persons and families by name, whether they are there or have ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from mutakhir.core.attribution import CAME_FROM, MERGED_INTO, everybody, merges_of
from mutakhir.core.change_requests import Request
from mutakhir.core.facts import Answer, Value, fold, request_in, standing, values
from mutakhir.core.rules.membership import HEAD
from mutakhir.store.register import read_current, read_histories, read_members, read_with_others


@dataclass(frozen=True, slots=True)
class Named:
    """Persons and families of a request by number: values of persons as their own records say, names of families."""

    people: Mapping[int, Mapping[str, Value]]
    families: Mapping[int, str]

    def person(self, number: int) -> str:
        return str(self.people.get(number, {}).get("name") or "")


def named(request: Request, *, authorities: Mapping[str, str]) -> Named:
    """Everybody whom a request names, with the values that it saw. Who was retired is named as their own records do."""
    people = {one.subject for one in request.changes if one.of == "person"}
    people |= {one.wanted for one in request.changes if one.attribute == "same_as"}
    people |= {one for one in (request.person, request.choices.get("other")) if isinstance(one, int)}
    families = {
        one
        for change in request.changes
        if change.attribute in ("family", CAME_FROM, MERGED_INTO)
        for one in (change.seen, change.wanted)
        if isinstance(one, int)
    }
    families |= {one.subject for one in request.changes if one.of == "family"}
    families |= {one for one in (request.family,) if one is not None}
    if request.kind == "family_split" and request.family is not None:
        people |= set(read_members(request.family))
    known = {
        person: {**told, **_seen(request, person)}
        for person, told in own_values(people, authorities=authorities).items()
    }
    families |= {one["family"] for one in known.values() if one.get("family") is not None}
    return Named(known, {**_told_heads(request, known), **names_of_families(families)})


def _seen(request: Request, person: int) -> dict[str, Value]:
    return {one.attribute: one.seen for one in request.changes if one.subject == person}


def own_values(people: Iterable[int], *, authorities: Mapping[str, str]) -> dict[int, Mapping[str, Value]]:
    """What the own records of persons say now, also of somebody who was found to be another."""
    return {
        person: values(fold(events, on=date.max, authorities=authorities))
        for person, events in read_histories(people).items()
        if events[0].kind == "person"
    }


def _told_heads(request: Request, people: Mapping[int, Mapping[str, Value]]) -> dict[int, str]:
    """The names of families that are not there yet, or not any more, after those who head them in the request."""
    found: dict[int, str] = {}
    relations = {one.subject: one for one in request.changes if one.attribute == "relation"}
    for change in request.changes:
        if change.attribute != "family":
            continue
        relation = relations.get(change.subject)
        name = str(people.get(change.subject, {}).get("name") or "")
        for family, told in (
            (change.seen, relation and relation.seen),
            (change.wanted, relation and relation.wanted),
        ):
            if isinstance(family, int) and (told == HEAD or family not in found):
                found[family] = name
    return found


def names_of_families(families: Iterable[int]) -> dict[int, str]:
    """The name of each family's head, or of who was known first; families without a member are absent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (m.family) m.family, p.name FROM membership_open m JOIN person_now p ON p.id = m.person "
            "WHERE m.family = ANY(%s) ORDER BY m.family, (m.relation = '1') DESC NULLS LAST, p.id",
            [list(families)],
        )
        return dict(cursor.fetchall())


# --- what became of a family ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kin:
    """Families that a family came from, joined, gave rise to, or took in, each by number and name, with the day."""

    came_from: tuple[int, str] | None = None
    since: date | None = None
    joined: tuple[int, str] | None = None
    joined_on: date | None = None
    gave_rise: tuple[tuple[int, str], ...] = ()
    took_in: tuple[tuple[int, str], ...] = ()


def kin_of(family: int, attributes: Mapping[str, Answer]) -> Kin:
    """The families around a family, as `attributes` say of a day, and as others say of it now."""
    around = _around(family)
    current = read_current(around)
    rise = [one for one in around if current.get(one, {}).get(CAME_FROM) == family]
    taken = [one for one in around if current.get(one, {}).get(MERGED_INTO) == family]
    above, into = (_subject(attributes, name) for name in (CAME_FROM, MERGED_INTO))
    names = names_of_families([one for one in (above, into, *rise, *taken) if one is not None])

    def named_by(one: int) -> tuple[int, str]:
        return one, names.get(one) or _former_head(one)

    return Kin(
        came_from=named_by(above) if above is not None else None,
        since=attributes[CAME_FROM].from_ if above is not None else None,
        joined=named_by(into) if into is not None else None,
        joined_on=attributes[MERGED_INTO].from_ if into is not None else None,
        gave_rise=tuple(map(named_by, rise)),
        took_in=tuple(map(named_by, taken)),
    )


def _around(family: int) -> list[int]:
    """Families that share a member with a family, now or at any time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT family FROM membership_open WHERE person = ANY(%s) AND family <> %s "
            "UNION SELECT family FROM membership_closed WHERE person = ANY(%s) AND family <> %s "
            "UNION SELECT told_by FROM former_number WHERE subject = %s ORDER BY 1",
            [members := list(read_members(family)), family, members, family, family],
        )
        return [row[0] for row in cursor]


def _former_head(family: int) -> str:
    """Who was known first of those who ever belonged to a family."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.name FROM membership_closed m JOIN person_now p ON p.id = m.person WHERE m.family = %s "
            "ORDER BY (m.relation = '1') DESC NULLS LAST, lower(m.period), p.id LIMIT 1",
            [family],
        )
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _subject(attributes: Mapping[str, Answer], name: str) -> int | None:
    answer = attributes.get(name)
    return answer.value if answer is not None and isinstance(answer.value, int) else None


# --- what became of a person ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Merged:
    """Somebody who was found to be this person: their number, name and NIK, since when, why, by which request."""

    person: int
    name: str
    nik: str
    since: date
    reason: str
    request: int | None


def merged_with(person: int, *, position: int | None, authorities: Mapping[str, str]) -> tuple[Merged, ...]:
    """Everybody whose records are this person's, as far as it was known."""
    found = []
    for merge in merges_of(read_histories([person]).get(person, ()), position=position):
        body = merge.body or {}
        own = own_values([body["other"]], authorities=authorities).get(body["other"], {})
        found.append(
            Merged(
                body["other"], str(own.get("name") or ""), str(own.get("nik") or ""), merge.recorded_at.date(),
                merge.reason or "", request_in(str(body.get("source", ""))),
            )
        )  # fmt: skip
    return tuple(found)


def everybody_of(person: int) -> tuple[int, ...]:
    """A person and everybody who was found to be them."""
    return tuple(everybody(person, read_with_others([person])))


@dataclass(frozen=True, slots=True)
class Annulled:
    """Somebody whose membership in a family was annulled, because they were found to be who they are elsewhere."""

    person: int
    name: str
    survivor: int
    survivor_name: str
    reason: str


def annulled_in(family: int, *, authorities: Mapping[str, str]) -> tuple[Annulled, ...]:
    """The memberships of a family that were annulled by a double ID, as it is known now."""
    retired = {
        one: known["same_as"]
        for one, known in read_current(read_members(family)).items()
        if known.get("same_as") is not None
    }
    names = own_values([*retired, *retired.values()], authorities=authorities)
    histories = read_histories(retired)
    found = []
    for person, survivor in retired.items():
        reason = next((one.reason for one in reversed(standing(histories[person])) if one.reason), "")
        found.append(
            Annulled(
                person, str(names.get(person, {}).get("name") or ""), survivor,
                str(names.get(survivor, {}).get("name") or ""), reason or "",
            )
        )  # fmt: skip
    return tuple(found)
