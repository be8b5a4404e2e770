"""What a verifier does with many rows at once: one verdict, row by row by the same guards, one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mutakhir.actions.change_request import cases_of
from mutakhir.core.actors import Actor
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
