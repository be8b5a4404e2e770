"""Annulling what was applied in error: one person asks, another decides, without a window and without delay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from mutakhir.core.actors import Actor, Role
from mutakhir.core.annulments import Line, read_lines
from mutakhir.core.change_requests import Request
from mutakhir.core.change_requests import State as RequestState
from mutakhir.core.events import MARKS, NOTHING, Event
from mutakhir.core.flows.moves import Move
from mutakhir.core.refusals import Refusal


class State(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Annulment:
    """An annulment of one request; `statement` is the digest of the signed statement, `lines` are both values as asked.

    Of one that `is_blank` the contents were erased or sealed.
    """

    id: int
    version: int
    region: str
    request: int
    reason: str
    statement: str
    media_type: str
    asked_by: str
    asked_at: datetime
    lines: tuple[Line, ...] = ()
    state: State = State.ASKED
    decided_by: str | None = None
    decided_at: datetime | None = None
    note: str = ""
    is_blank: bool = False


STATES = {"approved": State.APPROVED, "refused": State.REFUSED, "taken_back": State.TAKEN_BACK}


def fold(events: Iterable[Event]) -> Annulment | None:
    annulment: Annulment | None = None
    for event in events:
        annulment = evolve(annulment, event)
    return annulment


def evolve(annulment: Annulment | None, event: Event) -> Annulment:
    body: Mapping[str, Any] = event.body or NOTHING
    if annulment is None and event.body is None:
        return Annulment(
            event.subject,
            event.version,
            event.region,
            0,
            "",
            "",
            "",
            event.actor,
            event.recorded_at,
            is_blank=True,
        )
    if annulment is not None and (annulment.is_blank or event.type in MARKS):
        return _left(annulment, event, body)
    if annulment is None:
        return Annulment(
            id=event.subject,
            version=event.version,
            region=event.region,
            request=body["request"],
            reason=body["reason"],
            statement=body["statement"],
            media_type=body["media_type"],
            asked_by=event.actor,
            asked_at=event.recorded_at,
            lines=read_lines(body["lines"]),
        )
    told: dict[str, Any] = {"version": event.version, "decided_by": event.actor}
    told |= {"decided_at": event.recorded_at, "state": STATES[event.type], "note": body.get("note", "")}
    if "lines" in body:
        told["lines"] = read_lines(body["lines"])
    return replace(annulment, **told)


def _left(annulment: Annulment, event: Event, body: Mapping[str, Any]) -> Annulment:
    """What is left of an annulment without its contents, or that it was marked with them still there."""
    told: dict[str, Any] = {"version": event.version}
    if annulment.is_blank and event.type in STATES:
        told |= {"state": STATES[event.type], "decided_by": event.actor, "decided_at": event.recorded_at}
    elif annulment.is_blank and event.type in MARKS:
        told["request"] = body.get("request", annulment.request)
    return replace(annulment, **told)


ASKERS = (Role.SUPERVISOR,)
DECIDERS = (Role.HEAD_OF_DINSOS,)
STATEMENT = "a signed statement of how the error came about"
# fmt: off
MOVES: tuple[Move, ...] = (
    Move("ask", (), State.ASKED, "asked", ASKERS,
         ("not-applied", "annulment-open", "nothing-to-annul", "withdrawal-leaves-two-heads", "must-be-said"), STATEMENT),
    Move("approve", (State.ASKED,), State.APPROVED, "approved", DECIDERS,
         ("already-answered", "asked-by-yourself", "not-applied", "withdrawal-leaves-two-heads")),
    Move("refuse", (State.ASKED,), State.REFUSED, "refused", DECIDERS,
         ("already-answered", "asked-by-yourself", "must-be-said")),
    Move("take_back", (State.ASKED,), State.TAKEN_BACK, "taken_back", ASKERS, ("already-answered",)),
)
# fmt: on
BY_VERB: Mapping[str, Move] = {move.verb: move for move in MOVES}


def why_not(
    annulment: Annulment | None,
    verb: str,
    *,
    request: Request,
    actor: Actor,
    others: Iterable[Annulment] = (),
) -> tuple[Refusal, ...]:
    """Every reason why an actor may not ask for an annulment, decide on it, or take it back.

    `others` are the annulments of the same request.
    """
    move = BY_VERB[verb]
    if not actor.sees(request.region):
        return (Refusal.of("not-found"),)
    reasons: list[Refusal] = []
    if not actor.has(move.roles, request.region):
        reasons.append(Refusal.of("role-missing", roles=",".join(role.value for role in move.roles)))
    if verb in ("ask", "approve") and request.state is not RequestState.APPLIED:
        reasons.append(Refusal.of("not-applied", state=request.state.value))
    if annulment is None:
        if any(one.state is State.ASKED for one in others):
            reasons.append(Refusal.of("annulment-open"))
        return tuple(reasons)
    if annulment.state is not State.ASKED:
        reasons.append(Refusal.of("already-answered", who=annulment.decided_by or ""))
    if verb in ("approve", "refuse") and annulment.asked_by == actor.login:
        reasons.append(Refusal.of("asked-by-yourself"))
    return tuple(reasons)
