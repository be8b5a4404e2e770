"""Asking for the erasure or sealing of a person, deciding on it, and everything that it reaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from mutakhir.actions.telling import step_taken
from mutakhir.core.actors import Actor
from mutakhir.core.attribution import others_of, survivor_of
from mutakhir.core.change_requests import Request
from mutakhir.core.events import Event, History
from mutakhir.core.facts import attributes_of
from mutakhir.core.flows.annulment import State as AnnulmentState
from mutakhir.core.flows.erasure import Erasure, Kind, State, why_not
from mutakhir.core.flows.visit import Visit
from mutakhir.core.people import search_key
from mutakhir.core.refusals import Conflict, Refusal, Refused
from mutakhir.core.terms import Terms
from mutakhir.core.tickets import shown
from mutakhir.ports import Register

TELLING = ("name", "nik")
"""Attributes that say of themselves who somebody is."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Everything whose contents speak of a person: the numbers of the histories, by what they are.

    `persons` are all who were ever found to be the same one. A family is among them, with its dwelling, where nobody
    else belongs to it; a request where it is about them, or was made or stands under their name; with a request its
    annulments and visits. `words` are the names and numbers that they ever had.
    """

    persons: tuple[int, ...]
    families: tuple[int, ...] = ()
    dwellings: tuple[int, ...] = ()
    requests: tuple[Request, ...] = ()
    annulments: tuple[int, ...] = ()
    visits: tuple[Visit, ...] = ()
    sealed: tuple[int, ...] = ()
    in_the_way: tuple[Refusal, ...] = ()
    words: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """How the person is and was searched for."""
        return frozenset(map(search_key, self.words)) - {""}

    @property
    def subjects(self) -> tuple[int, ...]:
        found = (*self.persons, *self.families, *self.dwellings)
        found += (*(one.id for one in self.requests), *self.annulments)
        found += (*(one.id for one in self.visits), *self.sealed)
        return tuple(dict.fromkeys(found))


def extent_of(person: int, *, register: Register) -> Extent:
    """What erasing or sealing somebody reaches, and what is still open about them. Reads only."""
    persons = _same_person(person, register)
    told = [event for history in persons.values() for event in history.events]
    families = {value for event in told if isinstance(value := attributes_of(event).get("family"), int)}
    words = {str(value) for event in told for name in TELLING if (value := attributes_of(event).get(name))}
    names = {search_key(one) for one in words}
    requests = tuple(
        one
        for one in register.requests_of(families)
        if not one.is_blank and _speaks_of(one, frozenset(persons), names)
    )
    emptied = [one for one in sorted(families) if not set(_belong(one, register)) - persons.keys()]
    current = register.current(emptied)
    lived = {value for one in emptied if isinstance(value := current.get(one, {}).get("dwelling"), int)}
    dwellings = [
        dwelling
        for dwelling, live in register.families_in(sorted(lived)).items()
        if not set(live) - set(emptied)
    ]
    annulments = register.annulments_of(one.id for one in requests)
    visits = register.visits_of([*persons, *emptied, *dwellings, *(one.id for one in requests)])
    sealed = [subject for one in seals_of(register.erasures_of(persons)) for subject in one.subjects]
    waiting = [
        Refusal.of("erasure-request-open", number=_number(one), kind=one.kind)
        for one in requests
        if not one.is_ended
    ]
    waiting += [
        Refusal.of("erasure-annulment-open", number=one.id)
        for one in annulments
        if one.state is AnnulmentState.ASKED
    ]
    waiting += [Refusal.of("erasure-visit-open", number=one.id) for one in visits if one.is_open]
    return Extent(
        tuple(persons),
        tuple(emptied),
        tuple(dwellings),
        requests,
        tuple(one.id for one in annulments),
        visits,
        tuple(dict.fromkeys(sealed)),
        tuple(waiting),
        frozenset(words),
    )


def seals_of(erasures: Iterable[Erasure]) -> list[Erasure]:
    """What was sealed and has been neither unsealed nor erased since."""
    found: list[Erasure] = []
    for one in erasures:
        if one.state is State.CARRIED_OUT:
            found = [*found, one] if one.kind is Kind.SEAL else []
    return found


def _same_person(person: int, register: Register) -> dict[int, History]:
    found: dict[int, History] = {}
    ahead = {person}
    while ahead:
        found |= register.histories(ahead)
        ahead = {
            other
            for history in found.values()
            for other in (*others_of(history.events), survivor_of(history.events))
            if other is not None and other not in found
        }
    return found


def _belong(family: int, register: Register) -> Iterable[int]:
    known = register.current(register.members(family))
    return [one for one, values in known.items() if values.get("family") == family]


def _speaks_of(request: Request, persons: frozenset[int], names: set[str]) -> bool:
    about = request.person in persons or any(one.subject in persons for one in request.changes)
    said = {search_key(request.subject_name), search_key(request.applicant.get("name", ""))}
    return about or bool(said & names)


def _number(request: Request) -> str:
    return shown(request.ticket) if request.ticket else str(request.id)


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask to erase, seal or unseal a person; `basis` is a code of the list of legal bases for it."""

    kind: Kind
    person: int
    basis: str
    document: str


def ask(command: Ask, *, actor: Actor, now: datetime, register: Register, terms: Terms) -> Erasure:
    """The supervisor asks, on a legal basis and a paper. Raises `Refused` with everything that stands in the way."""
    events = register.histories([command.person])[command.person].events
    if not events or events[0].kind != "person" or not actor.sees(events[-1].region):
        raise Refused(Refusal.of("not-found"))
    region = events[-1].region
    others = register.erasures_of([command.person])
    reasons = list(why_not(None, "ask", region=region, actor=actor, others=others))
    extent = extent_of(command.person, register=register)
    reasons += extent.in_the_way
    if command.kind is Kind.UNSEAL:
        if not seals_of(others):
            reasons.append(Refusal.of("not-sealed"))
    elif not extent.sealed and all(event.body is None for event in events if event.type == "facts_stated"):
        reasons.append(Refusal.of("nothing-to-erase"))
    if command.basis not in terms.reasons[command.kind.value]:
        reasons.append(Refusal.of("basis-unknown", basis=command.basis))
    if not command.document.strip():
        reasons.append(Refusal.of("must-be-said", what="number"))
    if reasons:
        raise Refused(*reasons)
    number = register.new_id()
    body = {
        "kind": command.kind.value,
        "person": command.person,
        "basis": command.basis,
        "document": command.document.strip(),
    }
    register.append([_event(number, 1, "asked", body, region, actor=actor, now=now)])
    return find_erasure(number, actor=actor, register=register)


@dataclass(frozen=True, slots=True)
class Decide:
    """Decide on an erasure, or take it back: `verb` is approve, refuse or take_back; a refusal says why."""

    erasure: int
    verb: str
    note: str = ""
    seen: int | None = None


def decide(command: Decide, *, actor: Actor, now: datetime, register: Register) -> Erasure:
    """A second person decides; nothing is erased before the node carries it out."""
    erasure = find_erasure(command.erasure, actor=actor, register=register, seen=command.seen)
    reasons = list(why_not(erasure, command.verb, region=erasure.region, actor=actor))
    if command.verb == "approve":
        reasons += extent_of(erasure.person, register=register).in_the_way
    if command.verb == "refuse" and not command.note.strip():
        reasons.append(Refusal.of("must-be-said", what="note"))
    if reasons:
        raise Refused(*reasons)
    type_ = {"approve": "approved", "refuse": "refused", "take_back": "taken_back"}[command.verb]
    body = {"note": command.note.strip()}
    register.append([next_event(erasure, type_, body, actor=actor, now=now)])
    return find_erasure(erasure.id, actor=actor, register=register)


def find_erasure(number: int, *, actor: Actor, register: Register, seen: int | None = None) -> Erasure:
    erasure = register.erasure(number)
    if erasure is None or not actor.sees(erasure.region):
        raise Refused(Refusal.of("not-found"))
    if seen is not None and seen != erasure.version:
        who = erasure.decided_by or erasure.asked_by
        raise Conflict(Refusal.of("changed-meanwhile", who=who, state=erasure.state.value))
    return erasure


def next_event(
    erasure: Erasure, type_: str, body: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Event:
    return _event(erasure.id, erasure.version + 1, type_, body, erasure.region, actor=actor, now=now)


_event = partial(step_taken, "erasure")
