"""What a verifier does with many rows at once: one verdict, row by row by the same guards, one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mutakhir.actions.change_request import cases_of
from mutakhir.core.actors import SYSTEM, Actor
from mutakhir.core.change_requests import State
from mutakhir.core.events import Event
from mutakhir.core.flows.change_request import take, why_not
from mutakhir.core.refusals import Refusal, Refused
from mutakhir.core.terms import Terms
from mutakhir.ports import Register

VERDICTS = ("verify:verified", "verify:returned", "verify:refused")


@dataclass(frozen=True, slots=True)
class Decide:
    """The same verdict on some rows; `seen` is the version of each row as the page showed it."""

    seen: Mapping[int, int]
    step: str
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decided:
    """How many rows were decided, and how many stayed, by the rule that kept them."""

    taken: int
    left: Mapping[str, int] = field(default_factory=dict)


def decide(command: Decide, *, actor: Actor, now: datetime, register: Register, terms: Terms) -> Decided:
    """A verifier gives many rows one verdict.

    What stands in the way of a row keeps that row only; a row that somebody changed since the page was shown stays
    as `changed-meanwhile`, one outside the actor's scope as `not-found`. Raises `Refused` if a reason is needed and
    was not said.
    """
    if command.step not in VERDICTS:
        raise Refused(Refusal.of("step-not-single", step=command.step))
    if command.step != "verify:verified" and not command.told.get("reason"):
        raise Refused(Refusal.of("must-be-said", what="reason"))
    requests = register.requests(command.seen)
    left: Counter[str] = Counter({"not-found": len(command.seen.keys() - requests.keys())})
    events: list[Event] = []
    for case in cases_of(requests.values(), now=now, register=register, terms=terms):
        request = case.request
        reasons: Sequence[Refusal] = why_not(case, command.step, actor)
        if not reasons and request.version != command.seen[request.id]:
            reasons = (Refusal.of("changed-meanwhile", who=request.touched_by, state=request.state.value),)
        if reasons:
            left[reasons[0].rule] += 1
            continue
        events.append(take(case, command.step, actor=actor, now=now, told=command.told))
    register.append(events)
    return Decided(len(events), dict(+left))


# --- the camat's word -----------------------------------------------------------------------------------------------

WORDS_OF_CAMAT = ("forward:forwarded", "forward:let_pass")


@dataclass(frozen=True, slots=True)
class Forward:
    """The camat's word on a whole batch, or on one request of it: `step` forwards it or lets it pass."""

    batch: int
    step: str
    request: int | None = None


def forward(command: Forward, *, actor: Actor, now: datetime, register: Register, terms: Terms) -> Decided:
    """Forward what waits in a batch, or let it pass; what the camat has said once stays.

    Raises `Refused` where nothing of the batch waits for the camat's word.
    """
    if command.step not in WORDS_OF_CAMAT:
        raise Refused(Refusal.of("step-not-single", step=command.step))
    batch = register.batch(command.batch)
    if batch is None or not actor.sees(batch.village):
        raise Refused(Refusal.of("not-found"))
    found = register.select_requests(states=(State.HANDED_OVER,), scope=batch.village, batch=batch.id)
    asked = [one for one in found if command.request in (None, one.id)]
    if not asked:
        raise Refused(Refusal.of("nothing-to-forward"))
    left: Counter[str] = Counter()
    events: list[Event] = []
    refusals: list[Refusal] = []
    for case in cases_of(asked, now=now, register=register, terms=terms, scope=batch.village):
        reasons = why_not(case, command.step, actor)
        if reasons:
            left[reasons[0].rule] += 1
            refusals += reasons
            continue
        events.append(take(case, command.step, actor=actor, now=now))
    if not events:
        raise Refused(*dict.fromkeys(refusals))
    register.append(events)
    return Decided(len(events), dict(+left))


def pass_unforwarded(numbers: Sequence[int], *, now: datetime, register: Register, terms: Terms) -> int:
    """Mark what the camat did not forward in time; returns how many were marked."""
    requests = register.requests(numbers).values()
    events = [
        take(case, "forward:not_forwarded", actor=SYSTEM, now=now)
        for case in cases_of(requests, now=now, register=register, terms=terms)
        if not why_not(case, "forward:not_forwarded", SYSTEM)
    ]
    register.append(events)
    return len(events)
