"""What people do with a village meeting: call it, enter what it decided, prove it, confirm it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from mutakhir.actions.telling import step_taken
from mutakhir.core.actors import Actor
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import State as RequestState
from mutakhir.core.flows.change_request import case_of, take
from mutakhir.core.flows.session import Decision, Session, why_not, why_not_decisions
from mutakhir.core.refusals import Conflict, Refusal, Refused
from mutakhir.core.terms import Terms
from mutakhir.ports import Register


@dataclass(frozen=True, slots=True)
class Call:
    """Call a meeting (or begin a SPTJM in its place); without an agenda everything undecided stands on it."""

    region: str
    day: date
    place: str
    form: str = "meeting"
    agenda: tuple[int, ...] | None = None


def call(command: Call, *, actor: Actor, now: datetime, register: Register) -> Session:
    today = today_in(command.region, now)
    reasons = list(why_not(None, "call", actor=actor, region=command.region, today=today))
    if command.form not in ("meeting", "sptjm"):
        reasons.append(Refusal.of("session-form-unknown"))
    if not command.place.strip() and command.form == "meeting":
        reasons.append(Refusal.of("must-be-said", what="place"))
    if reasons:
        raise Refused(*reasons)
    waiting = register.select_requests(states=(RequestState.RESERVED,), scope=command.region)
    undecided = [one.id for one in waiting if one.rule.deliberated and not one.stands_decided]
    agenda = undecided if command.agenda is None else [one for one in undecided if one in command.agenda]
    if not agenda:
        raise Refused(Refusal.of("agenda-empty"))
    body = {"form": command.form, "day": command.day.isoformat(), "place": command.place, "agenda": agenda}
    return _append(
        register.new_id(), 1, "called", body, command.region, actor=actor, now=now, register=register
    )


@dataclass(frozen=True, slots=True)
class Enter:
    """What the meeting decided, row by row, and how many attended."""

    session: int
    decisions: tuple[Decision, ...]
    attendance: int = 0
    seen: int | None = None


def enter(command: Enter, *, actor: Actor, now: datetime, register: Register) -> Session:
    session = find(command.session, actor=actor, register=register, seen=command.seen)
    reasons = (*_why_not(session, "enter", actor, now), *why_not_decisions(session, command.decisions))
    if reasons:
        raise Refused(*reasons)
    body = {"decisions": [asdict(one) for one in command.decisions], "attendance": command.attendance}
    return _next(session, "entered", body, actor=actor, now=now, register=register)


@dataclass(frozen=True, slots=True)
class Prove:
    """The signed minutes, attendance list or SPTJM as an upload that lies in the store by its digest."""

    session: int
    digest: str
    proof: str
    media_type: str = ""
    name: str = ""
    seen: int | None = None


PROOFS = ("minutes", "attendance", "sptjm")


def prove(command: Prove, *, actor: Actor, now: datetime, register: Register) -> Session:
    session = find(command.session, actor=actor, register=register, seen=command.seen)
    reasons = list(_why_not(session, "prove", actor, now))
    if command.proof not in PROOFS:
        reasons.append(Refusal.of("proof-unknown", proof=command.proof))
    if reasons:
        raise Refused(*reasons)
    body = {
        "digest": command.digest,
        "proof": command.proof,
        "media_type": command.media_type,
        "name": command.name,
    }
    return _next(session, "proved", body, actor=actor, now=now, register=register)


@dataclass(frozen=True, slots=True)
class Confirm:
    session: int
    seen: int | None = None
    told: Mapping[str, Any] = field(default_factory=dict)


def confirm(command: Confirm, *, actor: Actor, now: datetime, register: Register, terms: Terms) -> Session:
    """The village head confirms what another person entered; every request on the list is decided then.

    A request that has moved on since the meeting is left as it is.
    """
    session = find(command.session, actor=actor, register=register, seen=command.seen)
    reasons = _why_not(session, "confirm", actor, now)
    if reasons:
        raise Refused(*reasons)
    requests = register.requests(one.request for one in session.decisions)
    windows = register.windows(session.region)
    events = []
    for decision in session.decisions:
        request = requests[decision.request]
        moved = request.state is not RequestState.RESERVED or request.region != session.region
        if moved or request.stands_decided:
            continue
        case = case_of(request, now=now, deadlines=terms.deadlines, windows=windows)
        told = {
            "session": session.id,
            "entered_by": session.entered_by,
            "decided_by": [session.entered_by, actor.login],
            "day": session.day.isoformat(),
            "in_minutes": session.proof is not None,
            "reason": decision.reason,
        }
        events.append(take(case, f"deliberate:{decision.outcome}", actor=actor, now=now, told=told))
    confirmed = _next(session, "confirmed", {"proof": session.proof}, actor=actor, now=now, register=register)
    register.append(events)
    return confirmed


def find(number: int, *, actor: Actor, register: Register, seen: int | None = None) -> Session:
    session = register.session(number)
    if session is None or not actor.sees(session.region):
        raise Refused(Refusal.of("not-found"))
    if seen is not None and seen != session.version:
        raise Conflict(
            Refusal.of("changed-meanwhile", who=session.entered_by or session.called_by, state=session.state)
        )
    return session


def _why_not(session: Session, verb: str, actor: Actor, now: datetime) -> tuple[Refusal, ...]:
    return why_not(session, verb, actor=actor, region=session.region, today=today_in(session.region, now))


def _next(
    session: Session, type_: str, body: Mapping[str, Any], *, actor: Actor, now: datetime, register: Register
) -> Session:
    return _append(
        session.id, session.version + 1, type_, body, session.region, actor=actor, now=now, register=register
    )


def _append(
    number: int,
    version: int,
    type_: str,
    body: Mapping[str, Any],
    region: str,
    *,
    actor: Actor,
    now: datetime,
    register: Register,
) -> Session:
    event = step_taken("session", number, version, type_, body, region, actor=actor, now=now)
    register.append([event])
    session = register.session(number)
    assert session is not None
    return session
