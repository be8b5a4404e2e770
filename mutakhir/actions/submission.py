"""Batches and lists on their way: handed over, finalised, endorsed, sent, answered, and applied to the register."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from mutakhir.actions.change_request import cases_of, lines_of
from mutakhir.actions.consequences import (
    by_authority,
    complete,
    merge_events,
    moving_along,
    place_of,
    subjects_of,
    tasks_of,
    visit_of,
)
from mutakhir.actions.telling import step_taken
from mutakhir.actions.window import contradict, settle_satisfied, sort_out
from mutakhir.core.actors import SYSTEM, Actor, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import Request, State
from mutakhir.core.comparison import Outcome, outcome_of
from mutakhir.core.digests import list_digest
from mutakhir.core.events import Event
from mutakhir.core.facts import Answer as FoldedAnswer
from mutakhir.core.facts import Value
from mutakhir.core.flows.change_request import Case, take, why_not
from mutakhir.core.flows.submission import ROLES, Batch, Letter, Submission, why_not_letter
from mutakhir.core.flows.submission import why_not as why_not_list
from mutakhir.core.refusals import Conflict, Refusal, Refused
from mutakhir.core.tasks import NewTask
from mutakhir.core.terms import Terms
from mutakhir.ports import Register

CHUNK = 5000


def rows_of(requests: Iterable[Request]) -> Iterator[dict[str, Any]]:
    """What a list's digest is about: number, kind, place, and each wanted value."""
    for request in requests:
        yield {
            "request": request.id,
            "kind": request.kind,
            "region": request.region,
            "reason": request.reason,
            "wanted": sorted([one.subject, one.attribute, one.wanted] for one in request.changes),
        }


def all_requests(
    register: Register,
    *,
    states: Iterable[State],
    scope: str,
    batch: int | None = None,
    submission: int | None = None,
    window: int | None = None,
) -> list[Request]:
    found: list[Request] = []
    while True:
        more = register.select_requests(
            states=states,
            scope=scope,
            batch=batch,
            submission=submission,
            window=window,
            after=found[-1].id if found else 0,
            limit=CHUNK,
        )
        found += more
        if len(more) < CHUNK:
            return found


# --- the village's batch --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moved:
    """What a step of a list did: how many went on, and how many left the list by outcome."""

    number: int
    moved: int
    left: Mapping[str, int] = field(default_factory=dict)
    digest: str = ""


def hand_over(number: int, *, actor: Actor, now: datetime, register: Register, terms: Terms) -> Moved:
    """The village head hands the batch to Dinsos; its rows equal the rows of the minutes."""
    batch = find_batch(number, actor=actor, register=register)
    if batch.handed_over_at is not None:
        raise Refused(Refusal.of("batch-handed-over"))
    rows = all_requests(register, states=(State.PACKED,), scope=batch.village, batch=number)
    sorted_out = sort_out(rows, "hand_over", now=now, register=register, terms=terms)
    reasons = [refusal for case in sorted_out.stand for refusal in why_not(case, "hand_over", actor)]
    if reasons:
        raise Refused(*dict.fromkeys(reasons))
    if not rows:
        raise Refused(Refusal.of("batch-empty"))
    if not sorted_out.stand:
        register.append(sorted_out.events)
        return Moved(number, 0, _counted(sorted_out.events))
    digest = list_digest(rows_of(case.request for case in sorted_out.stand))
    taken = [
        take(case, "hand_over", actor=actor, now=now, told={"batch": number, "digest": digest})
        for case in sorted_out.stand
    ]
    handed = Event(
        subject=number,
        kind="batch",
        version=batch.version + 1,
        type="handed_over",
        body={"digest": digest, "rows": len(taken)},
        actor=actor.login,
        recorded_at=now,
        region=batch.village,
    )
    register.append([*sorted_out.events, *taken, handed])
    return Moved(number, len(taken), _counted(sorted_out.events), digest)


def find_batch(number: int, *, actor: Actor, register: Register) -> Batch:
    batch = register.batch(number)
    if batch is None or not actor.sees(batch.village):
        raise Refused(Refusal.of("not-found"))
    return batch


def minuted_batches(window: int, *, register: Register) -> tuple[int, ...]:
    """The batches that the system hands over by itself: their every row stands in signed minutes."""
    minuted = []
    for batch in register.batches(window, ""):
        if batch.handed_over_at is not None:
            continue
        rows = all_requests(register, states=(State.PACKED,), scope=batch.village, batch=batch.id)
        if rows and all(request.in_minutes for request in rows):
            minuted.append(batch.id)
    return tuple(minuted)


# --- the kabupaten's list -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finalise:
    """Freeze the verified rows of one window in a region; `batches` narrows it to some villages' batches."""

    window: int
    region: str
    batches: tuple[int, ...] = ()


def finalise(command: Finalise, *, actor: Actor, now: datetime, register: Register, terms: Terms) -> Moved:
    """Freeze a list with its digest. Batches with a row that nobody decided stay out, and are named if nothing is left."""
    if not actor.sees(command.region):
        raise Refused(Refusal.of("not-found"))
    if not actor.has(ROLES["finalise"], command.region):
        raise Refused(Refusal.of("role-missing", roles=",".join(role.value for role in ROLES["finalise"])))
    undecided = {
        one.batch
        for one in all_requests(
            register, states=(State.HANDED_OVER,), scope=command.region, window=command.window
        )
    }
    if command.batches and undecided & set(command.batches):
        raise Refused(Refusal.of("rows-undecided", batches=len(undecided & set(command.batches))))
    rows = [
        one
        for one in all_requests(
            register, states=(State.VERIFIED,), scope=command.region, window=command.window
        )
        if one.batch not in undecided and (not command.batches or one.batch in command.batches)
    ]
    if not rows:
        raise Refused(
            Refusal.of("rows-undecided", batches=len(undecided)) if undecided else Refusal.of("list-empty")
        )
    sorted_out = sort_out(rows, "finalise", now=now, register=register, terms=terms)
    reasons = [refusal for case in sorted_out.stand for refusal in why_not(case, "finalise", actor)]
    if reasons:
        raise Refused(*dict.fromkeys(reasons))
    if not sorted_out.stand:
        register.append(sorted_out.events)
        return Moved(0, 0, _counted(sorted_out.events))
    number = register.new_id()
    digest = list_digest(rows_of(case.request for case in sorted_out.stand))
    frozen = Event(
        subject=number,
        kind="submission",
        version=1,
        type="finalised",
        body={"window": command.window, "digest": digest, "rows": len(sorted_out.stand)},
        actor=actor.login,
        recorded_at=now,
        region=command.region,
    )
    taken = [
        take(case, "finalise", actor=actor, now=now, told={"submission": number}) for case in sorted_out.stand
    ]
    register.append([*sorted_out.events, frozen, *taken])
    return Moved(number, len(taken), _counted(sorted_out.events), digest)


@dataclass(frozen=True, slots=True)
class Endorse:
    """The signed letter of a list; `scan` is the digest of the upload."""

    submission: int
    letter: Letter


def endorse(command: Endorse, *, actor: Actor, now: datetime, register: Register, terms: Terms) -> Moved:
    submission = find(command.submission, "endorse", actor=actor, register=register)
    reasons = why_not_letter(submission, command.letter)
    if reasons:
        raise Refused(*reasons)
    rows = all_requests(
        register, states=(State.FINALISED,), scope=submission.region, submission=submission.id
    )
    told = {"submission": submission.id, "letter": command.letter.number}
    cases = cases_of(rows, now=now, register=register, terms=terms)
    taken = [take(case, "endorse", actor=actor, now=now, told=told) for case in cases]
    letter = {**asdict(command.letter), "digest": submission.digest}
    register.append([*taken, _next(submission, "endorsed", {"letter": letter}, actor=actor, now=now)])
    return Moved(submission.id, len(taken), {}, submission.digest)


def prepare_sending(
    number: int, *, actor: Actor, now: datetime, register: Register, terms: Terms
) -> tuple[Submission, tuple[Request, ...], Mapping[str, int]]:
    """Compare an endorsed list once more and return the rows that go into the file.

    Rows that conflict or are already true leave it, each with its own event. Raises `Refused` where no window that
    takes them is open: they are carried over to the next one with every decision kept.
    """
    submission = find(number, "send", actor=actor, register=register)
    rows = all_requests(register, states=(State.ENDORSED,), scope=submission.region, submission=number)
    sorted_out = sort_out(rows, "send", now=now, register=register, terms=terms)
    reasons = [refusal for case in sorted_out.stand for refusal in why_not(case, "send", actor)]
    if reasons:
        raise Refused(*dict.fromkeys(reasons))
    register.append(sorted_out.events)
    return submission, tuple(case.request for case in sorted_out.stand), _counted(sorted_out.events)


def send(number: int, *, file: str, actor: Actor, now: datetime, register: Register, terms: Terms) -> Moved:
    """Send what `prepare_sending` left, as the file with this digest."""
    submission = find(number, "send", actor=actor, register=register)
    rows = all_requests(register, states=(State.ENDORSED,), scope=submission.region, submission=number)
    taken = []
    used: set[int] = set()
    for case in cases_of(rows, now=now, register=register, terms=terms):
        told = {"submission": number, "window": case.sending, "file": file}
        taken.append(take(case, "send", actor=actor, now=now, told=told))
        used.add(case.sending or 0)
    body = {"file": file, "window": min(used, default=submission.window), "rows": len(taken)}
    register.append([*taken, _next(submission, "sent", body, actor=actor, now=now)])
    return Moved(number, len(taken))


# --- the centre's answer --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of the centre's answer: the request's number, "yes" or "no", and the code of the reason."""

    request: int
    outcome: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer did: determined and applied, refused by the centre, conflicts, again, and rows without a request.

    `satisfied` were accepted and had come true by themselves: nothing was left to apply. `tasks` is the work that what
    was applied gives rise to, for the caller to open.
    """

    applied: int = 0
    refused: int = 0
    conflicts: int = 0
    again: int = 0
    unknown: tuple[int, ...] = ()
    satisfied: int = 0
    tasks: tuple[NewTask, ...] = ()


def answer(
    rows: Sequence[Answer], *, document: str, actor: Actor, now: datetime, register: Register, terms: Terms
) -> Answered:
    """Take in the centre's answer row by row; what was accepted is compared once more and applied at once.

    Call it with some thousands of rows in one transaction; rows that were determined before count as again.
    """
    if not any(one.role in (Role.CENTRE, Role.SUPERVISOR) for one in actor.held):
        raise Refused(Refusal.of("role-missing", roles="centre,supervisor"))
    requests = register.requests(row.request for row in rows)
    unknown = tuple(
        row.request
        for row in rows
        if row.request not in requests or not actor.sees(requests[row.request].region)
    )
    strangers = set(unknown)
    determined: list[Event] = []
    again = 0
    for row in rows:
        if row.request in strangers:
            continue
        request = requests[row.request]
        if request.answer is not None:
            again += 1
            continue
        case = Case(request, today_in(request.region, now), terms.deadlines)
        told = {"document": document, "reason": row.reason}
        determined.append(take(case, f"determine:{row.outcome}", actor=actor, now=now, told=told))
    stored = register.append(determined)
    accepted = [event for event in stored if event.body is not None and event.body["outcome"] == "yes"]
    done, tasks = apply(
        {event.subject: event.id or 0 for event in accepted}, now=now, register=register, terms=terms
    )
    refused = len(stored) - len(accepted)
    return Answered(done["applied"], refused, done["conflict"], again, unknown, done["satisfied"], tasks)


def apply(
    causes: Mapping[int, int], *, now: datetime, register: Register, terms: Terms
) -> tuple[Counter[str], tuple[NewTask, ...]]:
    """Apply determined requests: their facts enter the register, each event naming the determination that caused it.

    `causes` maps the request to the event of its determination. Returns counts (applied, conflict, satisfied) and the
    work that arises.
    """
    requests = list(register.requests(causes).values())
    lines = lines_of(requests, register)
    events: list[Event] = []
    counts: Counter[str] = Counter()
    pending: list[tuple[Request, Case]] = []
    applied: list[Request] = []
    taken_subjects: set[int] = set()
    for request in requests:
        case = Case(request, today_in(request.region, now), terms.deadlines, lines=lines[request.id])
        subjects = subjects_of(request)
        if subjects & taken_subjects:
            # Another request of this very batch touches the same subject: it is compared after that one is in.
            register.append(_applied(pending, events, causes, now, register, terms))
            pending, events, taken_subjects = [], [], set()
            case = Case(request, case.today, case.deadlines, lines=lines_of([request], register)[request.id])
        match outcome_of(case.lines or ()):
            case Outcome.CONFLICT:
                events.append(contradict(case, "apply", now=now))
                counts["conflict"] += 1
            case Outcome.SATISFIED if case.lines:
                events.append(settle_satisfied(case, now=now))
                counts["satisfied"] += 1
            case _:
                pending.append((request, case))
                taken_subjects |= subjects
                applied.append(request)
    register.append(_applied(pending, events, causes, now, register, terms))
    counts["applied"] = len(applied)
    return counts, tasks_of(applied, causes, register=register)


def _applied(
    pending: Sequence[tuple[Request, Case]],
    others: Sequence[Event],
    causes: Mapping[int, int],
    now: datetime,
    register: Register,
    terms: Terms,
) -> list[Event]:
    along = {request.id: moving_along(request, register) for request, _ in pending}
    subjects = {one.subject for request, _ in pending for one in request.changes}
    subjects |= {request.family for request, _ in pending if request.family is not None}
    subjects |= {one for people in along.values() for one in people}
    versions = dict(register.versions(subjects))
    answers = register.as_of(subjects, on=date.max, position=None)
    events = list(others)
    for request, case in pending:
        stated: dict[int, dict[str, Value]] = defaultdict(dict)
        kinds: dict[int, str] = {}
        merged = merge_events(request, cause=causes[request.id], now=now, register=register)
        events += merged
        for line in case.lines or ():
            if line.outcome is Outcome.VALID and not merged:
                stated[line.change.subject][line.change.attribute] = line.change.wanted
                kinds[line.change.subject] = line.change.of
        complete(request, stated, today=case.today, register=register, terms=terms)
        lived = answers.get(request.family or 0, {}).get("region_lived")
        place = place_of(request, lived.value if lived is not None else None)
        events += visit_of(request, cause=causes[request.id], now=now, register=register)
        told = [
            (subject, authority, attributes)
            for subject, everything in stated.items()
            for authority, attributes in by_authority(request, everything, terms).items()
        ]
        # Of who moves along nothing else is said: they are where their family is.
        kinds |= dict.fromkeys(along[request.id], "person")
        told += [(person, "social", {}) for person in along[request.id]]
        for subject, authority, attributes in told:
            versions[subject] += 1
            events.append(
                Event(
                    subject=subject,
                    kind=kinds[subject],
                    version=versions[subject],
                    type="facts_stated",
                    body={"attributes": attributes, "source": f"request:{request.id}"},
                    actor=request.recorded_by,
                    recorded_at=now,
                    region=place,
                    authority=authority,
                    holds_from=_begins(request, attributes, answers.get(subject, {})),
                    record=request.id,
                    caused_by=causes[request.id],
                )
            )
        events.append(take(case, "apply", actor=SYSTEM, now=now))
    return events


def _begins(request: Request, attributes: Iterable[str], answers: Mapping[str, FoldedAnswer]) -> date:
    """The day from which an applied change holds: the stated one, but not before the value that it takes the place of.

    Otherwise a value that was said meanwhile, and that the village saw when it took the request up again, would stand
    behind the change and the applied request would not be in force.
    """
    stated = request.holds_from or today_in(request.region, request.recorded_at)
    replaced = [answers[name].from_ for name in attributes if name in answers]
    return max([stated, *(day for day in replaced if day is not None)])


def take_answer(number: int, *, file: str, actor: Actor, now: datetime, register: Register) -> Submission:
    """Mark that the answer of a list has come in, as the file with this digest."""
    submission = find(number, "answer", actor=actor, register=register)
    register.append([_next(submission, "answered", {"file": file}, actor=actor, now=now)])
    return find(number, "answer", actor=actor, register=register)


def find(number: int, verb: str, *, actor: Actor, register: Register, seen: int | None = None) -> Submission:
    submission = register.submission(number)
    if submission is None:
        raise Refused(Refusal.of("not-found"))
    reasons = why_not_list(submission, verb, actor=actor)
    if reasons:
        raise Refused(*reasons)
    if seen is not None and seen != submission.version:
        raise Conflict(
            Refusal.of("changed-meanwhile", who=submission.finalised_by, state=submission.state.value)
        )
    return submission


def _next(
    submission: Submission, type_: str, body: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Event:
    version, region = submission.version + 1, submission.region
    return step_taken("submission", submission.id, version, type_, body, region, actor=actor, now=now)


def _counted(events: Iterable[Event]) -> dict[str, int]:
    return dict(Counter(event.type for event in events))
