"""The place of handling of a request: offered to another village, taken over or declined there, or taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mutakhir.actions.change_request import case_of
from mutakhir.core.actors import Actor
from mutakhir.core.change_requests import IN_RESERVE, Request, evolve
from mutakhir.core.events import Event
from mutakhir.core.flows.change_request import take
from mutakhir.core.refusals import Conflict, Refusal, Refused
from mutakhir.core.regions import LEVELS, parse_code
from mutakhir.core.terms import Terms
from mutakhir.ports import Register


@dataclass(frozen=True, slots=True)
class Offer:
    """Offer a request to the village `to`, with the reason; `seen` is the version that the page showed.

    With `all_of_family` the family's other requests in the reserve of the same village go along. The edge makes sure
    that there is such a village; the core knows no list of regions.
    """

    request: int
    to: str
    reason: str
    seen: int | None = None
    all_of_family: bool = False


def offer(command: Offer, *, actor: Actor, now: datetime, register: Register, terms: Terms) -> Request:
    """Ask another village to handle a request. Until it has taken it over, the present one is responsible."""
    request = find(command.request, actor=actor, register=register, seen=command.seen)
    offered = [request]
    if command.all_of_family and request.family is not None:
        waiting = register.select_requests(states=IN_RESERVE, scope=request.region, family=request.family)
        offered += [one for one in waiting if one.offer is None and one.id != request.id]
    events = [_offered(one, command, actor=actor, now=now, register=register, terms=terms) for one in offered]
    register.append(events)
    return evolve(request, events[0])


def _offered(
    request: Request, command: Offer, *, actor: Actor, now: datetime, register: Register, terms: Terms
) -> Event:
    to, reason = parse_code(command.to), command.reason.strip()
    if to is None or LEVELS[len(to)] != "village":
        raise Refused(Refusal.of("village-unknown", to=command.to))
    if to == request.region:
        raise Refused(Refusal.of("offered-to-itself", to=to))
    case = case_of(request, now=now, register=register, terms=terms)
    return take(case, "offer", actor=actor, now=now, told={"to": to, "reason": reason})


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of an offer: `verb` is take_over, decline (with a reason) or recall."""

    request: int
    verb: str
    reason: str = ""
    seen: int | None = None


VERBS = ("take_over", "decline", "recall")


def answer(command: Answer, *, actor: Actor, now: datetime, register: Register, terms: Terms) -> Request:
    """The receiving village takes a request over or declines it; the present one takes its offer back."""
    if command.verb not in VERBS:
        raise Refused(Refusal.of("step-not-single", step=command.verb))
    request = find(command.request, actor=actor, register=register, seen=command.seen)
    told = {"to": request.offer.to if request.offer is not None else request.region}
    if command.verb == "decline":
        told["reason"] = command.reason.strip()
    case = case_of(request, now=now, register=register, terms=terms)
    event = take(case, command.verb, actor=actor, now=now, told=told)
    register.append([event])
    # Whoever declined does not see it any more.
    return evolve(request, event)


def find(number: int, *, actor: Actor, register: Register, seen: int | None = None) -> Request:
    """The request, for who may see it where it is handled or where it is offered to.

    Raises `Refused` "not-found" for everybody else; `Conflict` when somebody was faster.
    """
    request = register.requests([number]).get(number)
    if request is None or not is_seen(request, actor):
        raise Refused(Refusal.of("not-found"))
    if seen is not None and seen != request.version:
        raise Conflict(Refusal.of("changed-meanwhile", who=request.touched_by, state=request.state.value))
    return request


def is_seen(request: Request, actor: Actor) -> bool:
    return actor.sees(request.region) or (request.offer is not None and actor.sees(request.offer.to))
