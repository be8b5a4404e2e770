"""What people do with something that was applied in error: ask for its annulment, decide on it, take the wish back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from mutakhir.actions.change_request import case_of, find, lines_of
from mutakhir.actions.facts import Withdrawal, why_not_withdraw, withdraw_facts
from mutakhir.actions.telling import step_taken
from mutakhir.core.actors import SYSTEM, Actor, Role
from mutakhir.core.annulments import Line, write_lines
from mutakhir.core.annulments import Outcome as Becomes
from mutakhir.core.annulments import lines_of as lines_of_withdrawal
from mutakhir.core.change_requests import Request
from mutakhir.core.change_requests import State as RequestState
from mutakhir.core.comparison import Outcome, is_same, outcome_of
from mutakhir.core.events import Event
from mutakhir.core.facts import STATEMENTS, standing
from mutakhir.core.flows.annulment import Annulment, why_not
from mutakhir.core.flows.change_request import take
from mutakhir.core.flows.visit import CAUSE_ANNULLED
from mutakhir.core.refusals import Conflict, Refusal, Refused
from mutakhir.core.tasks import NewTask
from mutakhir.core.terms import Terms
from mutakhir.core.tickets import shown
from mutakhir.ports import Register


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an annulment would do: the statements it withdraws with their values, and everything that rests on them.

    `derived` are requests that the request gave rise to, `settled` those that ended because the register said so
    already, `waiting` open ones that saw an annulled value and are compared once more; `visits` are those to houses that
    the request asked for; `causes` are all events that go back to the request, its own among them.
    """

    withdrawals: tuple[Withdrawal, ...] = ()
    lines: tuple[Line, ...] = ()
    derived: tuple[int, ...] = ()
    settled: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    visits: tuple[int, ...] = ()
    causes: frozenset[int] = frozenset()


def foresee(request: Request, *, register: Register, terms: Terms) -> Foreseen:
    """What annulling an applied request would do. Reads only."""
    own = register.histories([request.id])[request.id].events
    caused = list(caused_by((event.id for event in own if event.id is not None), register))
    stated: dict[int, list[int]] = {}
    for event in caused:
        if event.type in STATEMENTS:
            stated.setdefault(event.subject, []).append(event.version)
    histories = register.histories(stated)
    believed = {
        subject: {event.version for event in standing(history.events)}
        for subject, history in histories.items()
    }
    withdrawals = tuple(
        Withdrawal(subject, left)
        for subject, versions in stated.items()
        if (left := tuple(version for version in versions if version in believed[subject]))
    )
    authorities = terms.attributes.authorities
    lines = tuple(
        line
        for one in withdrawals
        for line in lines_of_withdrawal(histories[one.subject], one.versions, authorities=authorities)
    )
    derived = tuple(dict.fromkeys(event.subject for event in caused if event.kind == "request"))
    touching = [
        one
        for one in register.requests_of(_families(request, lines))
        if one.id not in (request.id, *derived) and _touches(one, lines)
    ]
    return Foreseen(
        withdrawals,
        lines,
        tuple(number for number in derived if number != request.id),
        tuple(one.id for one in touching if one.state is RequestState.SATISFIED and _rests_on(one, lines)),
        tuple(one.id for one in touching if not one.is_ended),
        tuple(dict.fromkeys(event.subject for event in caused if event.kind == "visit")),
        frozenset(event.id for event in (*own, *caused) if event.id is not None),
    )


def caused_by(events: Iterable[int], register: Register) -> Iterable[Event]:
    """Every event that goes back to some events, at any distance, in the order in which they are found."""
    seen = set(events)
    ahead = frozenset(seen)
    while ahead:
        found = [event for event in register.caused_by(ahead) if event.id not in seen]
        yield from found
        ahead = frozenset(event.id for event in found if event.id is not None)
        seen |= ahead


def _families(request: Request, lines: Iterable[Line]) -> frozenset[int]:
    families = {line.subject for line in lines if line.of == "family"}
    families |= {
        value
        for line in lines
        if line.attribute == "family"
        for value in (line.stated, line.now, line.after)
        if isinstance(value, int)
    }
    return frozenset(families | ({request.family} if request.family is not None else set()))


def _touches(request: Request, lines: Iterable[Line]) -> bool:
    told = {(line.subject, line.attribute) for line in lines}
    return any((one.subject, one.attribute) in told for one in request.changes)


def _rests_on(request: Request, lines: Iterable[Line]) -> bool:
    """Whether a request ended because of a value that would hold no more."""
    told = {(line.subject, line.attribute): line for line in lines}
    return any(
        line is not None and is_same(line.now, one.wanted) and not is_same(line.after, one.wanted)
        for one in request.changes
        if (line := told.get((one.subject, one.attribute))) is not None
    )


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask for the annulment of an applied request; `statement` is the digest of the upload."""

    request: int
    reason: str
    statement: str
    media_type: str = ""
    seen: int | None = None


def ask(command: Ask, *, actor: Actor, now: datetime, register: Register, terms: Terms) -> Annulment:
    """The supervisor asks, with the reason, the signed statement, and both values as they stand."""
    request = find(command.request, actor=actor, register=register, seen=command.seen)
    others = register.annulments_of([request.id])
    reasons = list(why_not(None, "ask", request=request, actor=actor, others=others))
    foreseen = foresee(request, register=register, terms=terms)
    reasons += _why_not_do(foreseen, register, terms)
    for what, told in (("reason", command.reason), ("statement", command.statement)):
        if not told.strip():
            reasons.append(Refusal.of("must-be-said", what=what))
    if reasons:
        raise Refused(*reasons)
    body = {
        "request": request.id,
        "reason": command.reason.strip(),
        "statement": command.statement,
        "media_type": command.media_type,
        "lines": write_lines(foreseen.lines),
    }
    number = register.new_id()
    register.append([_event(number, 1, "asked", body, request.region, actor=actor, now=now)])
    return find_annulment(number, actor=actor, register=register)


def _why_not_do(foreseen: Foreseen, register: Register, terms: Terms) -> tuple[Refusal, ...]:
    if not foreseen.withdrawals:
        return (Refusal.of("nothing-to-annul"),)
    return why_not_withdraw(foreseen.withdrawals, register=register, authorities=terms.attributes.authorities)


@dataclass(frozen=True, slots=True)
class Decide:
    """Decide on an annulment, or take it back: `verb` is approve, refuse or take_back; a refusal says why."""

    annulment: int
    verb: str
    note: str = ""
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision did: the requests that are open again, and the work that arises, for the caller to open."""

    id: int
    annulment: Annulment
    foreseen: Foreseen
    reopened: tuple[int, ...] = ()
    tasks: tuple[NewTask, ...] = ()


def decide(command: Decide, *, actor: Actor, now: datetime, register: Register, terms: Terms) -> Decided:
    """A second person decides. Approved, the facts are withdrawn at once, and what rested on them is open again.

    What others stated since stands. Raises `Refused` with every reason, `Conflict` when somebody was faster.
    """
    annulment = find_annulment(command.annulment, actor=actor, register=register, seen=command.seen)
    request = find(annulment.request, actor=actor, register=register)
    reasons = list(why_not(annulment, command.verb, request=request, actor=actor))
    foreseen = foresee(request, register=register, terms=terms)
    if command.verb == "approve" and not reasons:
        reasons += _why_not_do(foreseen, register, terms)
    if command.verb == "refuse" and not command.note.strip():
        reasons.append(Refusal.of("must-be-said", what="note"))
    if reasons:
        raise Refused(*reasons)
    type_ = {"approve": "approved", "refuse": "refused", "take_back": "taken_back"}[command.verb]
    body: dict[str, Any] = {"note": command.note.strip()}
    if command.verb == "approve":
        body["lines"] = write_lines(foreseen.lines)
    event = _event(annulment.id, annulment.version + 1, type_, body, annulment.region, actor=actor, now=now)
    (stored,) = register.append([event])
    decided = find_annulment(annulment.id, actor=actor, register=register)
    if command.verb != "approve":
        return Decided(annulment.id, decided, foreseen)
    case = case_of(request, now=now, register=register, terms=terms)
    told = {"reason": annulment.reason, "annulment": annulment.id}
    annulled = replace(take(case, "annul", actor=actor, now=now, told=told), caused_by=stored.id)
    withdrawn = withdraw_facts(
        foreseen.withdrawals,
        source=f"request:{request.id}",
        reason=annulment.reason,
        caused_by=stored.id,
        actor=actor,
        now=now,
        register=register,
    )
    called_off = _call_off(foreseen.visits, stored.id, now=now, register=register)
    register.append([*withdrawn, annulled, *called_off])
    reopened = _reopen(foreseen.settled, stored.id, now=now, register=register, terms=terms)
    tasks = _tasks(request, foreseen, cause=stored.id, register=register)
    return Decided(annulment.id, decided, foreseen, reopened, tasks)


def _call_off(visits: Iterable[int], cause: int | None, *, now: datetime, register: Register) -> list[Event]:
    """Nobody needs to look at a house any more because of something that was an error."""
    known = (register.visit(number) for number in visits)
    return [
        Event(
            subject=visit.id,
            kind="visit",
            version=visit.version + 1,
            type="called_off",
            body={"reason": CAUSE_ANNULLED},
            actor=SYSTEM.login,
            recorded_at=now,
            region=visit.region,
            caused_by=cause,
        )
        for visit in known
        if visit is not None and visit.is_open
    ]


def _reopen(
    settled: Iterable[int], cause: int | None, *, now: datetime, register: Register, terms: Terms
) -> tuple[int, ...]:
    """What ended because the register said so already is open again where it says so no more."""
    requests = register.requests(settled).values()
    lines = lines_of(requests, register)
    events = []
    for request in requests:
        if outcome_of(lines[request.id]) is Outcome.SATISFIED:
            continue
        case = replace(case_of(request, now=now, register=register, terms=terms), lines=lines[request.id])
        events.append(replace(take(case, "reopen", actor=SYSTEM, now=now), caused_by=cause))
    register.append(events)
    return tuple(event.subject for event in events)


def _tasks(
    request: Request, foreseen: Foreseen, *, cause: int | None, register: Register
) -> tuple[NewTask, ...]:
    """Everything that went back to the request gets an owner and a day until when somebody has looked at it."""

    def task(rule: str, about: Request, owner: Role, **particulars: str | int) -> NewTask:
        number = shown(about.ticket) if about.ticket else str(about.id)
        told = {"name": about.subject_name, "number": number, **particulars}
        return NewTask(rule, about.id, about.region, owner, "reopened", told, cause)

    operator = Role.VILLAGE_OPERATOR
    found = [task("annulled-request", request, operator, kind=request.kind)]
    if stands := sum(line.outcome is Becomes.STANDS for line in foreseen.lines):
        found.append(task("annulled-value-stands", request, operator, count=stands))
    for one in register.requests(foreseen.derived).values():
        if one.state is RequestState.APPLIED:
            found.append(task("annulled-cause", one, Role.SUPERVISOR))
        elif not one.is_ended:
            found.append(task("annulled-cause", one, operator))
    return tuple(found)


def find_annulment(number: int, *, actor: Actor, register: Register, seen: int | None = None) -> Annulment:
    annulment = register.annulment(number)
    if annulment is None or not actor.sees(annulment.region):
        raise Refused(Refusal.of("not-found"))
    if seen is not None and seen != annulment.version:
        who = annulment.decided_by or annulment.asked_by
        raise Conflict(Refusal.of("changed-meanwhile", who=who, state=annulment.state.value))
    return annulment


_event = partial(step_taken, "annulment")
