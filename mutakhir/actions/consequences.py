"""What an applied request brings about beside the values that it asked for: merges, marks, and work for somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from mutakhir.actions.double_id import numbers_annulled
from mutakhir.actions.families import members_of
from mutakhir.core.actors import SYSTEM, Role
from mutakhir.core.attribution import CAME_FROM, MERGED_INTO, SAME_AS
from mutakhir.core.change_requests import Request
from mutakhir.core.events import NOTHING, Event
from mutakhir.core.facts import Value
from mutakhir.core.flows.visit import NEW_FAMILY, NEW_HOUSE
from mutakhir.core.rules.double_id import Annulled, merge
from mutakhir.core.rules.families import heads_of, lacks
from mutakhir.core.rules.membership import HEAD
from mutakhir.core.tasks import NewTask
from mutakhir.core.terms import Terms
from mutakhir.ports import Register

REARRANGING = ("family_split", "family_join")
"""Kinds that move known persons between families."""


def subjects_of(request: Request) -> set[int]:
    """Everybody of whom applying a request says something; the survivor of a merge is among them."""
    found = {one.subject for one in request.changes}
    return found | {one.wanted for one in request.changes if one.attribute == SAME_AS}


def moving_along(request: Request, register: Register) -> tuple[int, ...]:
    """Who goes where their family goes: its members, when it moves to another village."""
    moves = request.kind == "moved" and any(one.attribute == "region_lived" for one in request.changes)
    return tuple(members_of(request.family, register)) if moves and request.family is not None else ()


def place_of(request: Request, lived: Value) -> str:
    """Where what a request states belongs: where its family moves to, else where it lives, else where it is handled."""
    wanted = (one.wanted for one in request.changes if one.attribute == "region_lived")
    return str(next(wanted, None) or lived or request.region)


def complete(
    request: Request, stated: dict[int, dict[str, Value]], *, today: date, register: Register, terms: Terms
) -> None:
    """Add to what a split or a join states what follows from it.

    Registration of those who are in a new family goes on, for a stated time without living conditions. A family has
    one head: who would be a second, because somebody became head meanwhile, belongs to it without a relation.
    """
    if request.kind not in REARRANGING:
        return
    made = {one.subject for one in request.changes if one.attribute == CAME_FROM}
    known = register.current(stated)
    until = terms.deadlines.due("registration_after_split", today)
    for subject, attributes in stated.items():
        person = {**known.get(subject, NOTHING), **attributes}
        if person.get("family") in made and person.get("registration") == "registered" and until is not None:
            attributes["registration_until"] = until.isoformat()
        if person.get("relation") == HEAD and person.get("family") is not None:
            heads = heads_of(members_of(person["family"], register))
            if any(one not in stated for one in heads):
                attributes["relation"] = None


def by_authority(
    request: Request, attributes: Mapping[str, Value], terms: Terms
) -> dict[str, dict[str, Value]]:
    """What an applied request states of one subject, by the authority in whose name it is stated.

    A split and a join are proved by a family card: what the civil registry decides and the card shows is its own word,
    on paper, and no claim beside what it said before. Everything else is the social register's.
    """
    on_card = request.kind in REARRANGING
    found: dict[str, dict[str, Value]] = {}
    for name, value in attributes.items():
        authority = "civil" if on_card and terms.attributes.authorities.get(name) == "civil" else "social"
        found.setdefault(authority, {})[name] = value
    return found


def merge_events(request: Request, *, cause: int, now: datetime, register: Register) -> tuple[Event, ...]:
    """The two events by which a double ID is merged; nothing for a request of another kind."""
    named = next((one for one in request.changes if one.attribute == SAME_AS), None)
    if request.kind != "double_id" or named is None:
        return ()
    retired, survivor = named.subject, int(named.wanted)
    histories = register.attributed([retired, survivor])
    goes = {
        subject: [one.attribute for one in request.changes if one.subject == subject and one is not named]
        for subject in (retired, survivor)
    }
    of, numbers = numbers_annulled(request.choices, register.current([retired, survivor]), survivor)
    goes[of] += numbers
    return merge(
        histories[survivor],
        histories[retired],
        Annulled(own=tuple(goes[survivor]), other=tuple(goes[retired])),
        source=f"request:{request.id}",
        reason=request.reason,
        actor=request.recorded_by,
        now=now,
        record=request.id,
        caused_by=cause,
    )


def visit_of(request: Request, *, cause: int, now: datetime, register: Register) -> tuple[Event, ...]:
    """A family that a split made, or that moved, is visited at home, so that its living conditions are recorded."""
    made = next((one.subject for one in request.changes if one.attribute == CAME_FROM), None)
    if request.kind == "moved" and request.family is not None:
        members = members_of(request.family, register)
        return (_visit(request.family, NEW_HOUSE, members, request, cause=cause, now=now, register=register),)
    if made is None:
        return ()
    wanted: dict[int, dict[str, Value]] = {}
    for one in request.changes:
        wanted.setdefault(one.subject, {})[one.attribute] = one.wanted
    known = register.current(wanted)
    members = {
        one: {**known.get(one, NOTHING), **told} for one, told in wanted.items() if told.get("family") == made
    }
    return (_visit(made, NEW_FAMILY, members, request, cause=cause, now=now, register=register),)


def _visit(
    family: int,
    reason: str,
    members: Mapping[int, Mapping[str, Value]],
    request: Request,
    *,
    cause: int,
    now: datetime,
    register: Register,
) -> Event:
    body = {"about": family, "form": "family", "reason": reason, "family": family, "name": _name_of(members)}
    return Event(
        subject=register.new_id(),
        kind="visit",
        version=1,
        type="asked",
        body=body,
        actor=SYSTEM.login,
        recorded_at=now,
        region=place_of(request, None) if reason == NEW_HOUSE else request.region,
        caused_by=cause,
    )


def tasks_of(
    requests: Iterable[Request], causes: Mapping[int, int], *, register: Register
) -> tuple[NewTask, ...]:
    """The work that applied requests give rise to, asked after they are in force; `causes` are the events behind them."""
    return tuple(
        replace(task, caused_by=causes[request.id])
        for request in requests
        for task in _of_families(request, register)
    )


def _of_families(request: Request, register: Register) -> list[NewTask]:
    """What a family may lack for a time: anybody, a head, who receives for it. Somebody looks at it until a day."""
    if request.kind not in (*REARRANGING, "double_id"):
        return []
    touched = {one.subject for one in request.changes if one.of == "family"}
    touched |= {one.seen for one in request.changes if one.attribute == "family" and one.seen is not None}
    known = register.current(touched)
    found = []
    for family in sorted(touched):
        own = known.get(family, NOTHING)
        if own.get(MERGED_INTO) is not None:
            continue
        members = members_of(family, register)
        told: Mapping[str, str | int] = {"name": _name_of(members) or request.subject_name}
        found += [
            NewTask(rule, family, request.region, Role.VILLAGE_OPERATOR, rule.replace("-", "_"), told)
            for rule in lacks(members, pengurus=own.get("pengurus"))
        ]
    return found


def _name_of(members: Mapping[int, Mapping[str, Value]]) -> str:
    """The name by which a family is called: its head's, else that of whoever is known first."""
    named = [*heads_of(members), *sorted(members)]
    return str(members[named[0]].get("name") or "") if named else ""
