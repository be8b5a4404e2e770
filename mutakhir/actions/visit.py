"""What people do with a visit to a house: ask for it, send a field checker, report what was found, call it off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from mutakhir.actions.change_request import case_of
from mutakhir.actions.telling import step_taken
from mutakhir.core.actors import Actor
from mutakhir.core.change_requests import Request
from mutakhir.core.change_requests import State as RequestState
from mutakhir.core.flows.change_request import take
from mutakhir.core.flows.visit import FINDINGS, Photograph, Visit, why_not, why_not_send
from mutakhir.core.points import parse_point
from mutakhir.core.refusals import Conflict, Refusal, Refused
from mutakhir.core.terms import Terms
from mutakhir.ports import Register

FORMS = ("request", "family", "person", "dwelling")
CLOCKS_DIFFER = timedelta(minutes=10)
"""A telephone's clock may be a little ahead of ours."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Let somebody look at a house. `form` says whose number `about` is; `name` is that under which it stands on lists.

    For a request, region, family and name are its own and need not be said.
    """

    about: int
    reason: str
    form: str = "request"
    region: str = ""
    family: int | None = None
    name: str = ""


def ask(command: Ask, *, actor: Actor, now: datetime, register: Register) -> Visit:
    """Ask for a visit, once for each thing that it is about as long as that visit is open."""
    if command.form not in FORMS:
        raise ValueError(f"a visit is not about a {command.form}")
    region, family, name = command.region, command.family, command.name
    reasons: list[Refusal] = []
    if command.form == "request":
        request = _request(command.about, actor=actor, register=register)
        region, family, name = request.region, request.family, request.subject_name
        if request.state is not RequestState.HANDED_OVER:
            reasons.append(Refusal.of("state-differs", state=request.state.value))
    reasons += why_not(None, "ask", actor=actor, region=region)
    if not command.reason.strip():
        reasons.append(Refusal.of("must-be-said", what="reason"))
    if any(one.is_open for one in register.visits(command.about)):
        reasons.append(Refusal.of("visit-asked-already"))
    if reasons:
        raise Refused(*reasons)
    body = {
        "about": command.about,
        "form": command.form,
        "reason": command.reason.strip(),
        "family": family,
        "name": name,
    }
    return _append(register.new_id(), 1, "asked", body, region, actor=actor, now=now, register=register)


def _request(number: int, *, actor: Actor, register: Register) -> Request:
    request = register.requests([number]).get(number)
    if request is None or not actor.sees(request.region):
        raise Refused(Refusal.of("not-found"))
    return request


@dataclass(frozen=True, slots=True)
class Assign:
    """Send a field checker. `metres` is how far their home is from the house, where both points are known."""

    visit: int
    checker: Actor
    metres: int | None = None
    seen: int | None = None


def assign(command: Assign, *, actor: Actor, now: datetime, register: Register) -> Visit:
    """Send somebody to the house, or somebody else instead: never staff of that village, nor who recorded the request."""
    visit = find(command.visit, actor=actor, register=register, seen=command.seen)
    reasons = [
        *why_not(visit, "assign", actor=actor, region=visit.region),
        *why_not_send(visit, command.checker),
    ]
    if visit.form == "request":
        request = _request(visit.about, actor=actor, register=register)
        if command.checker.login in (*request.written_by, *request.decided_by):
            reasons.append(Refusal.of("own-work"))
    if reasons:
        raise Refused(*reasons)
    body = {"checker": command.checker.login, "metres": command.metres}
    return _next(visit, "assigned", body, actor=actor, now=now, register=register)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found at the house. `point` is latitude and longitude, `at` the instant of the visit."""

    visit: int
    finding: str
    point: str
    at: datetime
    photograph: Photograph | None
    note: str = ""
    seen: int | None = None


def report(command: Report, *, actor: Actor, now: datetime, register: Register, terms: Terms) -> Visit:
    """Write down what was found. A request that is still being verified gets the finding too."""
    visit = find(command.visit, actor=actor, register=register, seen=command.seen)
    reasons = [*why_not(visit, "report", actor=actor, region=visit.region), *_findings(command, visit, now)]
    if reasons:
        raise Refused(*reasons)
    assert command.photograph is not None
    body = {
        "finding": command.finding,
        "note": command.note.strip(),
        "point": command.point,
        "photograph": asdict(command.photograph),
        "at": command.at.isoformat(),
    }
    told = [_event(visit.id, visit.version + 1, "reported", body, visit.region, actor=actor, now=now)]
    if visit.form == "request":
        request = register.requests([visit.about])[visit.about]
        if request.state is RequestState.HANDED_OVER:
            case = case_of(request, now=now, register=register, terms=terms)
            finding = {"finding": command.finding, "note": command.note.strip(), "visit": visit.id}
            told.append(take(case, "visit", actor=actor, now=now, told=finding))
    register.append(told)
    found = register.visit(visit.id)
    assert found is not None
    return found


def _findings(command: Report, visit: Visit, now: datetime) -> list[Refusal]:
    reasons = []
    if command.finding not in FINDINGS:
        reasons.append(
            Refusal.of("finding-unknown", finding=command.finding)
            if command.finding
            else Refusal.of("must-be-said", what="finding")
        )
    if command.photograph is None:
        reasons.append(Refusal.of("must-be-said", what="photograph"))
    if not command.point.strip():
        reasons.append(Refusal.of("must-be-said", what="point"))
    elif parse_point(command.point) is None:
        reasons.append(Refusal.of("point-unreadable", attribute="point", value=command.point))
    if command.finding == "differs" and not command.note.strip():
        reasons.append(Refusal.of("must-be-said", what="note"))
    if command.at > now + CLOCKS_DIFFER:
        reasons.append(Refusal.of("visit-in-future"))
    elif command.at.date() < visit.since.date():
        reasons.append(Refusal.of("visit-before-it-was-asked", day=visit.since.date().isoformat()))
    return reasons


def call_off(
    number: int, *, reason: str, actor: Actor, now: datetime, register: Register, seen: int | None = None
) -> Visit:
    """Nobody needs to go any more, for a reason that is said."""
    visit = find(number, actor=actor, register=register, seen=seen)
    reasons = list(why_not(visit, "call_off", actor=actor, region=visit.region))
    if not reason.strip():
        reasons.append(Refusal.of("must-be-said", what="reason"))
    if reasons:
        raise Refused(*reasons)
    return _next(visit, "called_off", {"reason": reason.strip()}, actor=actor, now=now, register=register)


def find(number: int, *, actor: Actor, register: Register, seen: int | None = None) -> Visit:
    visit = register.visit(number)
    if visit is None or not actor.sees(visit.region):
        raise Refused(Refusal.of("not-found"))
    if seen is not None and seen != visit.version:
        raise Conflict(
            Refusal.of("changed-meanwhile", who=visit.assigned_by or visit.asked_by, state=visit.state.value)
        )
    return visit


def _next(
    visit: Visit, type_: str, body: Mapping[str, Any], *, actor: Actor, now: datetime, register: Register
) -> Visit:
    return _append(
        visit.id, visit.version + 1, type_, body, visit.region, actor=actor, now=now, register=register
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
) -> Visit:
    register.append([_event(number, version, type_, body, region, actor=actor, now=now)])
    visit = register.visit(number)
    assert visit is not None
    return visit


_event = partial(step_taken, "visit")
