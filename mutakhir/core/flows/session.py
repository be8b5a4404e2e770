"""The village meeting: its agenda, what it decided, the two persons who stand for it, and the paper that proves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from mutakhir.core.actors import Actor, Role
from mutakhir.core.events import NOTHING, Event
from mutakhir.core.flows.moves import Move
from mutakhir.core.refusals import Refusal


class State(StrEnum):
    CALLED = "called"
    ENTERED = "entered"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the meeting decided about one request: "fit" or "not_fit", the second with a reason."""

    request: int
    outcome: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A meeting, or a SPTJM in place of one (`form` is "meeting" or "sptjm")."""

    id: int
    version: int
    form: str
    region: str
    day: date
    place: str
    agenda: tuple[int, ...]
    called_by: str
    state: State = State.CALLED
    decisions: tuple[Decision, ...] = ()
    entered_by: str | None = None
    confirmed_by: str | None = None
    attendance: int = 0
    proof: str | None = None
    proofs: tuple[Mapping[str, Any], ...] = ()


def fold(events: Iterable[Event]) -> Session | None:
    session: Session | None = None
    for event in events:
        session = evolve(session, event)
    return session


def evolve(session: Session | None, event: Event) -> Session:
    body: Mapping[str, Any] = event.body or NOTHING
    if session is None:
        return Session(
            id=event.subject,
            version=event.version,
            form=body.get("form", "meeting"),
            region=event.region,
            day=date.fromisoformat(body["day"]),
            place=body["place"],
            agenda=tuple(body["agenda"]),
            called_by=event.actor,
        )
    told: dict[str, Any] = {"version": event.version}
    match event.type:
        case "called":
            told |= {
                "agenda": tuple(body["agenda"]),
                "day": date.fromisoformat(body["day"]),
                "place": body["place"],
            }
        case "entered":
            told |= {
                "decisions": tuple(Decision(**one) for one in body["decisions"]),
                "entered_by": event.actor,
                "attendance": body.get("attendance", 0),
                "state": State.ENTERED,
            }
        case "confirmed":
            told |= {"state": State.CONFIRMED, "confirmed_by": event.actor, "proof": body["proof"]}
        case "proved":
            told["proofs"] = (*session.proofs, body)
            # Who came is not what was decided: an attendance list alone proves nothing.
            if body["proof"] != "attendance":
                told["proof"] = body["digest"]
        case "recoded":
            told["region"] = body["to"]
        case other:
            raise ValueError(f"unknown event of a session: {other}")
    return replace(session, **told)


IN_WORK = (State.CALLED, State.ENTERED)
# fmt: off
MOVES: tuple[Move, ...] = (
    Move("call", (), State.CALLED, "called", (Role.VILLAGE_OPERATOR,),
         ("session-form-unknown", "must-be-said", "agenda-empty")),
    Move("enter", IN_WORK, State.ENTERED, "entered", (Role.VILLAGE_OPERATOR,),
         ("session-confirmed", "session-not-yet-held", "not-on-agenda", "outcome-unknown", "must-be-said")),
    Move("prove", IN_WORK, None, "proved", (Role.VILLAGE_OPERATOR, Role.VILLAGE_HEAD),
         ("session-confirmed", "proof-unknown"), "signed minutes and attendance list, or the signed SPTJM"),
    Move("confirm", (State.ENTERED,), State.CONFIRMED, "confirmed", (Role.VILLAGE_HEAD,),
         ("session-confirmed", "session-not-yet-held", "nothing-entered", "proof-missing", "two-persons")),
)
# fmt: on
ROLES: Mapping[str, tuple[Role, ...]] = {move.verb: move.roles for move in MOVES}


def why_not(
    session: Session | None, verb: str, *, actor: Actor, region: str, today: date
) -> tuple[Refusal, ...]:
    """Every reason why an actor may not call, enter, prove or confirm a meeting."""
    if not actor.sees(region):
        return (Refusal.of("not-found"),)
    reasons: list[Refusal] = []
    if not actor.has(ROLES[verb], region):
        reasons.append(Refusal.of("role-missing", roles=",".join(role.value for role in ROLES[verb])))
    if session is None:
        return tuple(reasons)
    if session.state is State.CONFIRMED:
        reasons.append(Refusal.of("session-confirmed"))
    if verb in ("enter", "confirm") and today < session.day:
        reasons.append(Refusal.of("session-not-yet-held", day=session.day.isoformat()))
    if verb == "confirm":
        if session.state is not State.ENTERED:
            reasons.append(Refusal.of("nothing-entered"))
        if session.proof is None:
            reasons.append(Refusal.of("proof-missing"))
        if session.entered_by == actor.login:
            reasons.append(Refusal.of("two-persons"))
    return tuple(reasons)


def why_not_decisions(session: Session, decisions: Iterable[Decision]) -> tuple[Refusal, ...]:
    """Decisions must be about the agenda, be fit or not_fit, and a no needs its reason."""
    reasons: list[Refusal] = []
    for decision in decisions:
        if decision.request not in session.agenda:
            reasons.append(Refusal.of("not-on-agenda", request=decision.request))
        if decision.outcome not in ("fit", "not_fit"):
            reasons.append(Refusal.of("outcome-unknown", outcome=decision.outcome))
        if decision.outcome == "not_fit" and not (decision.reason or "").strip():
            reasons.append(Refusal.of("must-be-said", what="reason"))
    return tuple(reasons)
