"""Erasing and sealing what is known of a person: one asks on a legal basis, another decides, the node carries it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from mutakhir.core.actors import Actor, Role
from mutakhir.core.events import NOTHING, Event
from mutakhir.core.flows.moves import Move
from mutakhir.core.refusals import Refusal


class Kind(StrEnum):
    """What becomes of the contents: deleted for ever, locked away from everybody, or given back from behind the seal."""

    ERASE = "erase"
    SEAL = "seal"
    UNSEAL = "unseal"


MARKED: Mapping[Kind, str] = {Kind.ERASE: "erased", Kind.SEAL: "sealed", Kind.UNSEAL: "unsealed"}
"""The event that each history gets when it was carried out."""


class State(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    BEGUN = "begun"
    CARRIED_OUT = "carried_out"


ENDED = (State.REFUSED, State.TAKEN_BACK, State.CARRIED_OUT)


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure or sealing of one person; nothing in it says who that is but a number of ours.

    `basis` is a code of the list of legal bases, `document` the number and day of the paper that asks for it. Once
    begun, `subjects` are the numbers of all histories whose contents it took, and `files` the digests of the papers.
    """

    id: int
    version: int
    region: str
    kind: Kind
    person: int
    basis: str
    document: str
    asked_by: str
    asked_at: datetime
    state: State = State.ASKED
    decided_by: str | None = None
    decided_at: datetime | None = None
    note: str = ""
    subjects: tuple[int, ...] = ()
    files: tuple[str, ...] = ()
    done_at: datetime | None = None


STATES = {
    "approved": State.APPROVED,
    "refused": State.REFUSED,
    "taken_back": State.TAKEN_BACK,
    "begun": State.BEGUN,
    "carried_out": State.CARRIED_OUT,
}


def fold(events: Iterable[Event]) -> Erasure | None:
    erasure: Erasure | None = None
    for event in events:
        erasure = evolve(erasure, event)
    return erasure


def evolve(erasure: Erasure | None, event: Event) -> Erasure:
    body: Mapping[str, Any] = event.body or NOTHING
    if erasure is None:
        return Erasure(
            id=event.subject,
            version=event.version,
            region=event.region,
            kind=Kind(body["kind"]),
            person=body["person"],
            basis=body["basis"],
            document=body["document"],
            asked_by=event.actor,
            asked_at=event.recorded_at,
        )
    told: dict[str, Any] = {"version": event.version, "state": STATES[event.type]}
    match event.type:
        case "begun":
            told |= {"subjects": tuple(body["subjects"]), "files": tuple(body["files"])}
        case "carried_out":
            told["done_at"] = event.recorded_at
        case _:
            told |= {"decided_by": event.actor, "decided_at": event.recorded_at, "note": body.get("note", "")}
    return replace(erasure, **told)


ASKERS = (Role.SUPERVISOR,)
DECIDERS = (Role.HEAD_OF_DINSOS,)
OPEN = ("erasure-request-open", "erasure-annulment-open", "erasure-visit-open")
# fmt: off
MOVES: tuple[Move, ...] = (
    Move("ask", (), State.ASKED, "asked", ASKERS,
         ("erasure-open", "nothing-to-erase", "not-sealed", "basis-unknown", "must-be-said", *OPEN),
         "number and day of the paper that asks for it"),
    Move("approve", (State.ASKED,), State.APPROVED, "approved", DECIDERS,
         ("already-answered", "asked-by-yourself", *OPEN)),
    Move("refuse", (State.ASKED,), State.REFUSED, "refused", DECIDERS,
         ("already-answered", "asked-by-yourself", "must-be-said")),
    Move("take_back", (State.ASKED,), State.TAKEN_BACK, "taken_back", ASKERS, ("already-answered",)),
    Move("begin", (State.APPROVED,), State.BEGUN, "begun", (Role.SYSTEM,), ("not-approved", "erasure-of-other-kind", *OPEN)),
    Move("finish", (State.BEGUN,), State.CARRIED_OUT, "carried_out", (Role.SYSTEM,)),
)
# fmt: on
BY_VERB: Mapping[str, Move] = {move.verb: move for move in MOVES}


def why_not(
    erasure: Erasure | None, verb: str, *, region: str, actor: Actor, others: Iterable[Erasure] = ()
) -> tuple[Refusal, ...]:
    """Every reason why an actor may not ask, decide, take back or carry out; `others` are those of the same person."""
    move = BY_VERB[verb]
    if not actor.sees(region):
        return (Refusal.of("not-found"),)
    reasons: list[Refusal] = []
    if not actor.has(move.roles, region):
        reasons.append(Refusal.of("role-missing", roles=",".join(role.value for role in move.roles)))
    if erasure is None:
        if any(one.state not in ENDED for one in others):
            reasons.append(Refusal.of("erasure-open"))
        return tuple(reasons)
    if verb in ("begin", "finish"):
        if erasure.state not in move.sources:
            reasons.append(Refusal.of("not-approved"))
        return tuple(reasons)
    if erasure.state is not State.ASKED:
        reasons.append(Refusal.of("already-answered", who=erasure.decided_by or ""))
    if verb in ("approve", "refuse") and erasure.asked_by == actor.login:
        reasons.append(Refusal.of("asked-by-yourself"))
    return tuple(reasons)
