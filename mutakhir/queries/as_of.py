"""Any earlier answer again: what held on a day as far as it was known, what changed since when, and who was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db import connection

from mutakhir.core.attribution import carrier_of, survivor_of
from mutakhir.core.calendar import zone_of
from mutakhir.core.events import NOTHING, Event
from mutakhir.core.facts import Answer, Value, attributes_of, fold, is_known, request_in, source_of
from mutakhir.core.people import search_key
from mutakhir.queries.scopes import within
from mutakhir.store.register import (
    read_attributed,
    read_former_numbers,
    read_histories,
    read_members,
    read_with_others,
)

SIMILARITY = 0.45
NUMBER_DIGITS = 16
LETTERS_LEAST = 3
SEARCH_SECONDS = 2
LARGEST = 2**63 - 1
"""No subject has a larger number; what people type into an address may be anything."""


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """What held for a person on a day: the person's own attributes, and those of the family and dwelling of that day.

    With a `position` only what was numbered up to it is known.
    """

    person: int
    on: date
    position: int | None
    region: str
    attributes: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who belonged to a family on a day, with the answers of that day."""

    person: int
    name: str
    relation: str | None
    is_head: bool
    attributes: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class OpenRequest:
    number: int
    ticket: str | None
    kind: str
    state: str
    subject_name: str
    since: datetime
    due: date | None


@dataclass(frozen=True, slots=True)
class FamilyAnswer:
    """A family on a day: each value with its source and its dates, and the requests that are open now."""

    family: int
    on: date
    position: int | None
    region: str
    attributes: Mapping[str, Answer]
    dwelling: int | None
    dwelling_attributes: Mapping[str, Answer]
    members: tuple[Member, ...]
    requests: tuple[OpenRequest, ...]

    @property
    def head(self) -> Member | None:
        return next((one for one in self.members if one.is_head), None)


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """One value that an event changed: what held on its first day before the event, and what it says."""

    attribute: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class Change:
    """One event of a family, its dwelling or a member. `request` is the request that it carried out, if one.

    `withdrawn` says that statements were taken back: the new values are then those from before them.
    """

    event: int
    subject: int
    of: str
    subject_name: str
    values: tuple[ChangedValue, ...]
    actor: str
    authority: str
    source: str
    holds_from: date | None
    recorded_at: datetime
    request: int | None = None
    ticket: str | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class TimelineDay:
    day: date
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Days, the newest first; `before` asks for what comes after the last one, None at the end."""

    days: tuple[TimelineDay, ...]
    before: int | None = None


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody that a search led to. `why`: `nik`, `no_kk`, `former_nik`, `former_no_kk`, `name` as written,
    `spelling`, or `similar`."""

    person: int
    family: int | None
    name: str
    nik: str | None
    birth_date: str | None
    region: str
    registered: bool
    why: str
    head_name: str = ""


# --- one person -----------------------------------------------------------------------------------------------------


def person_of_nik(nik: str, *, scopes: Sequence[str]) -> tuple[int, str] | None:
    """The person who carries a NIK, or carried it, with the region; None outside the scopes as if there were nobody.

    Of several who carry it, the one who was known first. Of persons who were merged it is the one whose own records
    carry the number, so that an earlier answer is about whom it was about then; `as_of` knows who they are now.
    """
    where, bounds = within("p.region", scopes)
    former = [one for subjects in read_former_numbers("nik", [nik]).values() for one in subjects]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.region FROM person_now p LEFT JOIN identifier i "  # noqa: S608
            "ON i.subject = p.id AND i.kind = 'nik' AND i.value = %s "
            "WHERE p.id IN (SELECT subject FROM identifier WHERE kind = 'nik' AND value = %s "
            f"UNION SELECT unnest(%s::bigint[])) AND {where} "
            "ORDER BY i.id IS NULL, i.until IS NOT NULL, p.id LIMIT 1",
            [nik, nik, former, *bounds],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    person, region = int(row[0]), str(row[1])
    return carrier_of(nik, person, read_with_others([person]), kind="nik"), region


def who_is(person: int, *, position: int | None = None) -> int:
    """Who somebody was found to be, as far as it was known; themselves, if nobody else."""
    while True:
        found = survivor_of(read_histories([person]).get(person, ()), position=position)
        if found is None:
            return person
        person = found


def person_once_of_nik(nik: str, *, scopes: Sequence[str]) -> tuple[int, str] | None:
    """Somebody of whom a NIK was said once, though it is no more believed; None outside the scopes.

    No index leads to what is not believed: every statement is looked at, some seconds for a kabupaten.
    """
    where, bounds = within("p.region", scopes)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.region FROM event e JOIN event_body b ON b.event = e.id "  # noqa: S608
            "JOIN person_now p ON p.id = e.subject WHERE e.kind = 'person' AND e.type = 'facts_stated' "
            f"AND b.body -> 'attributes' ->> 'nik' = %s AND {where} ORDER BY e.id DESC LIMIT 1",
            [nik, *bounds],
        )
        row = cursor.fetchone()
    return (int(row[0]), str(row[1])) if row else None


def as_of(
    person: int, *, on: date, position: int | None, authorities: Mapping[str, str]
) -> PersonAnswer | None:
    """What held for a person, or for who they were found to be; None if there is no such person at all."""
    person = who_is(person, position=position)
    events = _events_of([person], position).get(person)
    if not events:
        return None
    told = {"on": on, "position": position, "authorities": authorities}
    attributes = fold(events, **told)  # type: ignore[arg-type]
    above: dict[str, Answer] = {}
    for name in ("family", "dwelling"):
        answer = {**above, **attributes}.get(name)
        if answer is not None and isinstance(answer.value, int):
            above |= fold(_events_of([answer.value]).get(answer.value, ()), **told)  # type: ignore[arg-type]
    return PersonAnswer(person, on, position, events[-1].region, {**above, **attributes})


def as_json(answer: PersonAnswer) -> dict[str, Any]:
    """The form in which other programs read it; days and instants are ISO text."""
    return {
        "person": answer.person,
        "on": answer.on.isoformat(),
        "position": answer.position,
        "attributes": {
            name: {
                "value": one.value,
                "from": one.from_.isoformat() if one.from_ else None,
                "to": one.to.isoformat() if one.to else None,
                "recorded": one.recorded.isoformat(),
                "authority": one.authority,
                "source": one.source,
            }
            for name, one in sorted(answer.attributes.items())
            if one.value is not None
        },
    }


# --- a family -------------------------------------------------------------------------------------------------------


def family_page(
    family: int,
    *,
    on: date,
    position: int | None,
    authorities: Mapping[str, str],
    scopes: Sequence[str] = ("",),
) -> FamilyAnswer | None:
    """A family as it was on a day and as far as it was known; None outside the scopes as if there were none."""
    events = _events_of([family]).get(family, ())
    if not events or events[0].kind != "family" or not _sees(scopes, events[-1].region):
        return None
    told: dict[str, Any] = {"on": on, "position": position, "authorities": authorities}
    attributes = fold(events, **told)
    dwelling = attributes["dwelling"].value if "dwelling" in attributes else None
    members = []
    histories = _events_of([*read_members(family), *([dwelling] if dwelling is not None else [])], position)
    for person, own in histories.items():
        if own[0].kind != "person":
            continue
        answers = fold(own, **told)
        if "family" in answers and answers["family"].value == family:
            members.append(_member(person, answers))
    return FamilyAnswer(
        family,
        on,
        position,
        events[-1].region,
        attributes,
        dwelling,
        fold(histories.get(dwelling, ()), **told) if dwelling is not None else {},
        tuple(sorted(members, key=_seat)),
        _open_requests(family),
    )


def _member(person: int, answers: Mapping[str, Answer]) -> Member:
    relation = answers["relation"].value if "relation" in answers else None
    name = answers["name"].value if "name" in answers else None
    return Member(person, str(name or ""), relation, relation == "1", answers)


def _seat(member: Member) -> tuple[Any, ...]:
    birth = member.attributes.get("birth_date")
    return (member.relation or "9", str(birth.value) if birth else "", member.person)


def _open_requests(family: int) -> tuple[OpenRequest, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.id, t.number, r.kind, r.state, r.subject_name, r.since, r.due FROM request_now r "
            "LEFT JOIN ticket t ON t.request = r.id WHERE r.family = %s AND NOT r.ended ORDER BY r.id",
            [family],
        )
        return tuple(OpenRequest(*row) for row in cursor)


def family_timeline(
    family: int,
    *,
    authorities: Mapping[str, str],
    on: date | None = None,
    position: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Timeline:
    """What changed for a family, its dwelling and everybody who was ever in it, the newest recording first.

    `on` leaves out what holds only from a later day, `position` what was not numbered by then. `before` is the
    `before` of the page that came last.
    """
    histories = _events_of([family])
    dwellings = {
        attributes_of(one)["dwelling"]
        for one in histories.get(family, ())
        if attributes_of(one).get("dwelling") is not None
    }
    histories |= _events_of([*dwellings, *read_members(family)], position)
    region = histories[family][-1].region if family in histories else ""
    told = {"authorities": authorities, "on": on, "position": position, "before": before, "limit": limit}
    return _timeline(histories, region, **told)  # type: ignore[arg-type]


def person_timeline(
    person: int,
    *,
    authorities: Mapping[str, str],
    on: date | None = None,
    position: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Timeline:
    """What changed for one person, the newest recording first; as `family_timeline`."""
    histories = _events_of([person], position)
    region = histories[person][-1].region if person in histories else ""
    told = {"authorities": authorities, "on": on, "position": position, "before": before, "limit": limit}
    return _timeline(histories, region, **told)  # type: ignore[arg-type]


def _timeline(
    histories: Mapping[int, tuple[Event, ...]],
    region: str,
    *,
    authorities: Mapping[str, str],
    on: date | None,
    position: int | None,
    before: int | None,
    limit: int,
) -> Timeline:
    changes = [
        change
        for events in histories.values()
        for change in _changes(events, authorities, on=on, position=position)
        if before is None or change.event < before
    ]
    changes.sort(key=lambda one: one.event, reverse=True)
    page = _with_requests(changes[:limit])
    days = groupby(page, key=lambda one: one.recorded_at.astimezone(zone_of(region)).date())
    return Timeline(
        tuple(TimelineDay(day, tuple(found)) for day, found in days),
        page[-1].event if len(changes) > limit else None,
    )


def _changes(
    events: tuple[Event, ...], authorities: Mapping[str, str], *, on: date | None, position: int | None
) -> Iterable[Change]:
    """Each event with the values that it changed: those that it only repeats are left out."""
    name = ""
    for place, event in enumerate(events):
        stated = attributes_of(event)
        name = str(stated.get("name") or name)
        if event.id is None or not is_known(event, position):
            continue
        if event.type == "facts_withdrawn" and event.body is not None:
            values = _withdrawn(events, place, authorities)
        elif on is None or (event.holds_from or date.min) <= on:
            held = fold(events[:place], on=event.holds_from or date.min, authorities=authorities)
            values = _differing(held, stated)
        else:
            continue
        if values:
            source = source_of(event)
            yield Change(
                event.id,
                event.subject,
                event.kind,
                name,
                values,
                event.actor,
                event.authority,
                source,
                event.holds_from,
                event.recorded_at,
                request=request_in(source),
                withdrawn=event.type == "facts_withdrawn",
            )


def _differing(held: Mapping[str, Answer], stated: Mapping[str, Value]) -> tuple[ChangedValue, ...]:
    return tuple(
        ChangedValue(attribute, old, new)
        for attribute, new in stated.items()
        if (old := held[attribute].value if attribute in held else None) != new
    )


def _withdrawn(
    events: tuple[Event, ...], place: int, authorities: Mapping[str, str]
) -> tuple[ChangedValue, ...]:
    """What the withdrawal at this place changed: what stood until then, and what stands since."""
    versions = (events[place].body or NOTHING)["versions"]
    names = {
        name: None for event in events[:place] if event.version in versions for name in attributes_of(event)
    }
    before, after = (fold(events[:end], on=date.max, authorities=authorities) for end in (place, place + 1))
    return _differing(before, {name: after[name].value if name in after else None for name in names})


def _with_requests(changes: Sequence[Change]) -> list[Change]:
    wanted = [one.request for one in changes if one.request is not None]
    if not wanted:
        return list(changes)
    with connection.cursor() as cursor:
        cursor.execute("SELECT request, number FROM ticket WHERE request = ANY(%s)", [wanted])
        tickets = dict(cursor.fetchall())
    return [replace(one, ticket=tickets.get(one.request)) for one in changes]


# --- search ---------------------------------------------------------------------------------------------------------


def search_people(words: str, *, scopes: Sequence[str], limit: int = 20) -> tuple[FoundPerson, ...]:
    """People by NIK, by the No KK of their family, or by a name that is written so, spelt so or nearly so.

    Sixteen digits are a number; anything else is a name of at least three letters. Needs an open transaction, in which
    the search may take two seconds and no longer.
    """
    digits = "".join(sign for sign in words if sign not in " .-")
    if len(digits) == NUMBER_DIGITS and digits.isascii() and digits.isdecimal():
        return _by_number(digits, scopes, limit)
    return people_named(words, scopes=scopes, limit=limit)


SELECT_PERSON = """
SELECT p.id, p.family, p.name, p.nik, p.birth_date, p.region, p.registered, h.name
FROM person_now p LEFT JOIN membership_open m ON m.family = p.family AND m.relation = '1'
LEFT JOIN person_now h ON h.id = m.person
"""


def _by_number(digits: str, scopes: Sequence[str], limit: int) -> tuple[FoundPerson, ...]:
    where, bounds = within("p.region", scopes)
    former = [one for found in read_former_numbers("nik", [digits]).values() for one in found]
    people = _people(
        "WHERE p.id IN (SELECT subject FROM identifier WHERE value = %s AND kind = 'nik' "  # noqa: S608
        f"UNION SELECT unnest(%s::bigint[])) AND {where} ORDER BY p.nik IS DISTINCT FROM %s, p.id LIMIT %s",
        [digits, former, *bounds, digits, limit],
        lambda row: "former_nik" if row[0] in former else "nik",
    )
    if people:
        return people
    former = [one for found in read_former_numbers("no_kk", [digits]).values() for one in found]
    return _people(
        "WHERE p.family IN (SELECT subject FROM identifier WHERE value = %s AND kind = 'no_kk' "  # noqa: S608
        f"UNION SELECT unnest(%s::bigint[])) AND {where} ORDER BY p.family, p.relation, p.id LIMIT %s",
        [digits, former, *bounds, limit],
        lambda row: "former_no_kk" if row[1] in former else "no_kk",
    )


def people_named(words: str, *, scopes: Sequence[str], limit: int = 20) -> tuple[FoundPerson, ...]:
    """People by a name that is written so, spelt so or nearly so, the nearest first; at least three letters."""
    key = search_key(words)
    if sum(map(str.isalpha, key)) < LETTERS_LEAST:
        return ()
    written = " ".join(words.lower().split())

    def why(row: tuple[Any, ...]) -> str:
        if written in str(row[2]).lower():
            return "name"
        return "spelling" if search_key(str(row[2])) == key else "similar"

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true), set_config('pg_trgm.similarity_threshold', %s, true)",
            [f"{SEARCH_SECONDS}s", str(SIMILARITY)],
        )
    # The names are few and the people many: each name that is near is looked up within the scope by its index.
    return _people(
        "JOIN people_named(%s, %s, %s, %s) near ON near.person = p.id ORDER BY near.place",
        [key, written, list(scopes), limit],
        why,
    )


def _people(
    where: str, arguments: list[Any], why: Callable[[tuple[Any, ...]], str]
) -> tuple[FoundPerson, ...]:
    with connection.cursor() as cursor:
        cursor.execute(SELECT_PERSON + where, arguments)
        return tuple(
            FoundPerson(person, family, name, nik, birth_date, region, registered, why(row), head or "")
            for row in cursor
            for person, family, name, nik, birth_date, region, registered, head in (row,)
        )


# --- what they share ------------------------------------------------------------------------------------------------


def _sees(scopes: Sequence[str], region: str) -> bool:
    return any(region.startswith(scope) for scope in scopes)


def _events_of(subjects: Iterable[int], position: int | None = None) -> dict[int, tuple[Event, ...]]:
    return read_attributed((one for one in subjects if one <= LARGEST), position=position)
