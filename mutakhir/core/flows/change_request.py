"""The general route of a request: its table of steps, and every question that is derived from the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from mutakhir.core.actors import Actor, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import BEFORE_SENT, IN_RESERVE, WRITABLE, Request, State, missing
from mutakhir.core.comparison import Line, Outcome, outcome_of
from mutakhir.core.events import NOTHING, Event
from mutakhir.core.flows.window import Window
from mutakhir.core.refusals import Refusal, Refused


class Deadlines(Protocol):
    """Limits of steps, in days, working days or months, as they were in force on the day they began."""

    def due(self, limit: str, since: date) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Case:
    """A request together with everything that its guards ask about.

    `accepting` is the window or call that takes this place and kind now and has not cut off; `sending` one that has
    opened and not closed. `lines` are the three values as of now, or None where nobody looked them up. `succession` is an
    open request that names who receives for the family after the death of which this request speaks.
    """

    request: Request
    today: date
    deadlines: Deadlines
    accepting: int | None = None
    sending: int | None = None
    lines: tuple[Line, ...] | None = None
    succession: int | None = None


def case_of(
    request: Request,
    *,
    now: datetime,
    deadlines: Deadlines,
    windows: Iterable[Window],
    lines: tuple[Line, ...] | None = None,
    succession: int | None = None,
) -> Case:
    """A request at an instant, among the windows that are known. Its own window goes before others that take it."""
    accepting: list[int] = []
    sending: list[int] = []
    for window in windows:
        if window.accepts(region=request.region, kind=request.kind, now=now):
            accepting.append(window.id)
        if window.sends(region=request.region, kind=request.kind, now=now):
            sending.append(window.id)
    return Case(
        request,
        today_in(request.region, now),
        deadlines,
        request.window if request.window in accepting else next(iter(accepting), None),
        request.window if request.window in sending else next(iter(sending), None),
        lines,
        succession,
    )


Guard = Callable[[Case, Actor], tuple[Refusal, ...]]


def refusing(rule: str, **particulars: str | int) -> tuple[Refusal, ...]:
    return (Refusal.of(rule, **particulars),)


def needs_deliberation(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """A kind that a document proves skips the village meeting; what is decided is not decided twice."""
    if not case.request.rule.deliberated:
        return refusing("needs-no-deliberation")
    return refusing("already-decided") if case.request.stands_decided else ()


def within_appeal(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """An appeal is possible once, for a stated time after the village said no."""
    request = case.request
    if request.fit is not False or request.appealed:
        return refusing("nothing-to-appeal")
    due = case.deadlines.due("appeal", today_in(request.region, request.since))
    return () if due is None or case.today <= due else refusing("appeal-too-late", until=due.isoformat())


def appeal_passed(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """The village's no is final when the time for an appeal has passed."""
    if case.request.fit is not False or case.request.appealed:
        return refusing("not-refused-by-village")
    return () if within_appeal(case, actor) else refusing("appeal-still-possible")


def is_complete(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """What is missing is named, piece by piece."""
    return tuple(Refusal.of("incomplete", what=what) for what in missing(case.request))


def is_decided(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """The village decided, within the time for which a decision is valid."""
    request = case.request
    if not request.stands_decided:
        return refusing("not-decided")
    until = valid_until(case)
    if until is not None and case.today > until:
        return refusing("decision-expired", until=until.isoformat())
    return ()


def decision_expired(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """A decision that was not used while it was valid falls, and the village decides again."""
    until = valid_until(case)
    return () if until is not None and case.today > until else refusing("decision-valid")


def valid_until(case: Case) -> date | None:
    """The last day on which the village's decision takes a request into a window; None where none is needed or made."""
    request = case.request
    if not request.rule.deliberated or not request.stands_decided or request.decided_on is None:
        return None
    return case.deadlines.due("decision_valid", request.decided_on)


def is_claim(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """Only what another authority decides is referred to it."""
    return () if case.request.rule.claim else refusing("no-claim")


def is_no_claim(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """What another authority decides joins no window: it closes by itself when that authority has said it."""
    return refusing("other-authority-decides") if case.request.rule.claim else ()


def somebody_must_go(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """Nobody is sent to an office that has it right already, and nobody twice."""
    return () if must_go(case.request) else refusing("nobody-must-go")


def succession_is_settled(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """A death stops nothing before somebody else may receive for the family: reporting it is never punished."""
    return () if case.succession is None else refusing("pengurus-undecided", request=case.succession)


def window_accepts(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """A window is open for this place and kind and has not cut off, or the centre calls."""
    return () if case.accepting is not None else refusing("no-window")


def own_window_accepts(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """The cut-off of the window or call that it was packed for binds the hand-over; another open one does not help."""
    return () if case.accepting == case.request.window else refusing("no-window")


def window_sends(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """A window for this place and kind has opened and has not closed."""
    return () if case.sending is not None else refusing("window-closed")


def rows_are_minuted(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """What the village hands over equals what its signed minutes or its SPTJM say."""
    request = case.request
    return () if request.in_minutes or not request.rule.deliberated else refusing("not-in-minutes")


def place_unchanged(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """What is offered to another village joins no window until that village has answered."""
    offer = case.request.offer
    return () if offer is None else refusing("offered-elsewhere", to=offer.to)


def nothing_is_offered(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """A request is offered to one village at a time."""
    return place_unchanged(case, actor)


def is_offered(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """Only a standing offer can be answered or taken back."""
    return () if case.request.offer is not None else refusing("not-offered")


def system_needs_minutes(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """The system hands over by itself only what stands in signed minutes."""
    by_system = actor.has((Role.SYSTEM,), "")
    return refusing("not-in-minutes") if by_system and not case.request.in_minutes else ()


def is_someone_else(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """Nobody verifies what they recorded, completed, proved, took up again or decided on."""
    request = case.request
    return refusing("own-work") if actor.login in (*request.written_by, *request.decided_by) else ()


def not_yet_forwarded(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """The camat says once what becomes of a request: forwarded, or let pass without a word."""
    return refusing("already-forwarded") if case.request.forwarded is not None else ()


def forward_overdue(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """The camat's time has passed; the request goes on, and shows that nobody forwarded it."""
    due = forward_day(case.request, case.deadlines)
    return () if due is not None and case.today > due else refusing("not-overdue")


def forward_day(request: Request, deadlines: Deadlines) -> date | None:
    """The last day on which the camat's word is in time, None where no limit binds it."""
    return deadlines.due("forward", today_in(request.region, request.since))


def is_not_of_the_village(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """The staff of a village does not check its own houses."""
    return refusing("own-village") if actor.is_staff_of(case.request.region) else ()


def is_not_the_verifier(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """Whoever verified does not finalise."""
    return refusing("own-verification") if actor.login == case.request.verified_by else ()


def is_the_verifier(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """Only one's own decision can be taken back."""
    return () if actor.login == case.request.verified_by else refusing("not-own-decision")


def values_stand(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """The register still says what was seen when the request was written."""
    return tuple(
        Refusal.of("values-conflict", attribute=line.change.attribute)
        for line in case.lines or ()
        if line.outcome is Outcome.CONFLICT
    )


def values_contradict(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """The register says something that is neither what was seen nor what is wanted."""
    contradicted = case.lines is not None and outcome_of(case.lines) is Outcome.CONFLICT
    return () if contradicted else refusing("no-conflict")


def already_true(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """The register already says everything that is wanted."""
    true = bool(case.lines) and outcome_of(case.lines or ()) is Outcome.SATISFIED
    return () if true else refusing("not-yet-true")


def not_true_any_more(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """What had ended because it was already so waits again when that was annulled."""
    return refusing("still-true") if case.lines is None or outcome_of(case.lines) is Outcome.SATISFIED else ()


def is_not_refused(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """The centre's no ends a request, whatever the register says."""
    return refusing("not-accepted") if case.request.answer == "no" else ()


def is_overdue(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """Only what has passed its limit lapses."""
    day = lapse_day(case.request, case.deadlines)
    return () if day is not None and case.today > day else refusing("not-overdue")


def cut_off_passed(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """A batch is unpacked only after its window's cut-off."""
    return () if case.accepting != case.request.window else refusing("cut-off-not-reached")


def came_from(state: State) -> Guard:
    """The request goes back to where it was packed from."""

    def guard(case: Case, actor: Actor) -> tuple[Refusal, ...]:
        return () if case.request.packed_from is state else refusing("packed-from-elsewhere")

    return guard


def cancellation_was_asked(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """Only a wish to cancel can be answered by going on."""
    return () if case.request.cancellation_asked else refusing("no-cancellation-asked")


def was_accepted(case: Case, actor: Actor) -> tuple[Refusal, ...]:
    """Only what the centre said yes to is applied."""
    return () if case.request.answer == "yes" else refusing("not-accepted")


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the route.

    `target` is None where the request stays where it is; `needs` names what must be said to take the step; `limit`
    names the parameter that says until when; `late` says what happens when it passes. A `receiving` step is taken by
    the village to which the request is offered.
    """

    verb: str
    outcome: str
    sources: tuple[State, ...]
    target: State | None
    event: str
    roles: tuple[Role, ...]
    guards: tuple[Guard, ...] = ()
    needs: tuple[str, ...] = ()
    evidence: str = ""
    limit: str = ""
    late: str = ""
    receiving: bool = False

    @property
    def name(self) -> str:
        return f"{self.verb}:{self.outcome}" if self.outcome else self.verb


OPERATORS = (Role.VILLAGE_OPERATOR, Role.DATA_FILLER)
OFFERERS = (*OPERATORS, Role.SUPERVISOR, Role.SYSTEM)
RECEIVERS = (*OPERATORS, Role.VILLAGE_HEAD, Role.SUPERVISOR)
SUPERVISORS = (Role.SUPERVISOR, Role.HEAD_OF_DINSOS)
SYSTEM = (Role.SYSTEM,)
LOOKED_AFTER = (*IN_RESERVE, State.PACKED, State.HANDED_OVER, State.VERIFIED, State.RETURNED, State.CONFLICT)
"""States of requests that are compared after a list was taken in: from the ticket to the frozen list."""
COMPARED = (*LOOKED_AFTER, State.ENDORSED, State.DETERMINED)
"""States from which what has become true by itself is settled: when a list was taken in, and each time that the route
compares once more, which it does in packing, handing over, finalising, sending and applying."""
CARD_RIGHT = "card_right"
"""The reason of a correction whose card is right: only this register copied it wrongly."""
MINUTES = "minutes and attendance, or SPTJM"
DECREE = "decree, or answer file"

# fmt: off
STEPS: tuple[Step, ...] = (
    Step("record", "", (), State.DRAFT, "recorded", OPERATORS, (),
         ("kind", "applicant"), "form, or a photograph of it", "record", "reminder; lapses with notice"),
    Step("amend", "", WRITABLE, None, "amended", OPERATORS),
    Step("prove", "", (*WRITABLE, State.RETURNED, State.CONFLICT), None, "evidence_added", OPERATORS, (),
         ("evidence",)),
    Step("reserve", "", (State.DRAFT,), State.RESERVED, "reserved", OPERATORS, (),
         ("ticket",), "per kind and reason", "record", "reminder; lapses with notice"),
    Step("deliberate", "fit", (State.RESERVED,), State.DELIBERATED, "deliberated", (Role.VILLAGE_HEAD,),
         (needs_deliberation,), ("session", "entered_by", "day"), MINUTES, "deliberate",
         "kecamatan and Dinsos see it; an SPTJM is asked for"),
    Step("deliberate", "not_fit", (State.RESERVED,), State.DELIBERATED, "deliberated", (Role.VILLAGE_HEAD,),
         (needs_deliberation,), ("session", "entered_by", "day", "reason"), MINUTES, "deliberate",
         "kecamatan and Dinsos see it; an SPTJM is asked for"),
    Step("appeal", "", (State.DELIBERATED,), State.RESERVED, "appealed", OPERATORS,
         (within_appeal,), ("statement",), "", "appeal", "the refusal is final, and says so"),
    Step("pack", "", IN_RESERVE, State.PACKED, "packed", SYSTEM,
         (is_no_claim, is_decided, is_complete, succession_is_settled, place_unchanged, window_accepts, values_stand),
         ("window", "batch"), "", "cut_off",
         "incomplete: stays, with its reason"),
    Step("pack", "conflict", IN_RESERVE, State.CONFLICT, "contradicted", SYSTEM,
         (is_no_claim, is_decided, is_complete, place_unchanged, window_accepts, values_contradict), ("lines",)),
    Step("refer", "", (State.RESERVED,), None, "referred", OPERATORS, (is_claim, somebody_must_go), ("statement",),
         "papers taken to the civil registry", "refer", "the village head sees it"),
    Step("refer", "conflict", (State.RESERVED,), State.CONFLICT, "contradicted", SYSTEM,
         (is_claim, values_contradict), ("lines",)),
    Step("offer", "", IN_RESERVE, None, "offered", OFFERERS, (nothing_is_offered,), ("to", "reason")),
    Step("recall", "", IN_RESERVE, None, "recalled", OPERATORS, (is_offered,), ("to",)),
    Step("take_over", "", IN_RESERVE, None, "taken_over", RECEIVERS, (is_offered,), ("to",), "", "transfer",
         "the receiving village's head, then Dinsos; the present village stays responsible", receiving=True),
    Step("decline", "", IN_RESERVE, None, "declined", RECEIVERS, (is_offered,), ("to", "reason"), "", "transfer",
         "the receiving village's head, then Dinsos; the present village stays responsible", receiving=True),
    Step("hand_over", "", (State.PACKED,), State.HANDED_OVER, "handed_over", (Role.VILLAGE_HEAD, Role.SYSTEM),
         (own_window_accepts, rows_are_minuted, system_needs_minutes, values_stand), ("batch",), "list digest", "cut_off",
         "unpacked, the village's decision is kept, counted"),
    Step("hand_over", "conflict", (State.PACKED,), State.CONFLICT, "contradicted", SYSTEM,
         (values_contradict,), ("lines",)),
    Step("unpack", "deliberated", (State.PACKED,), State.DELIBERATED, "unpacked", SYSTEM,
         (cut_off_passed, came_from(State.DELIBERATED))),
    Step("unpack", "reserved", (State.PACKED,), State.RESERVED, "unpacked", SYSTEM,
         (cut_off_passed, came_from(State.RESERVED))),
    Step("forward", "forwarded", (State.HANDED_OVER,), None, "forwarded", (Role.CAMAT,), (not_yet_forwarded,), (), "",
         "forward", "passes, marked as not forwarded"),
    Step("forward", "let_pass", (State.HANDED_OVER,), None, "forwarded", (Role.CAMAT,), (not_yet_forwarded,), (), "",
         "forward", "passes, marked as not forwarded"),
    Step("forward", "not_forwarded", (State.HANDED_OVER,), None, "forwarded", SYSTEM,
         (not_yet_forwarded, forward_overdue)),
    Step("visit", "", (State.HANDED_OVER,), None, "visited", (Role.FIELD_CHECKER,), (is_someone_else, is_not_of_the_village),
         ("finding",), "photograph, point, time", "visit", "the supervisor reassigns"),
    Step("verify", "verified", (State.HANDED_OVER,), State.VERIFIED, "verified", (Role.VERIFIER,),
         (is_someone_else, values_stand), (), "checklist", "verify", "supervisor"),
    Step("verify", "returned", (State.HANDED_OVER,), State.RETURNED, "returned", (Role.VERIFIER,),
         (is_someone_else,), ("reason",), "reason", "verify", "supervisor"),
    Step("verify", "refused", (State.HANDED_OVER,), State.REFUSED, "refused", (Role.VERIFIER,),
         (is_someone_else,), ("reason",), "reason", "verify", "supervisor"),
    Step("undo", "", (State.VERIFIED, State.RETURNED, State.REFUSED), State.HANDED_OVER, "undone", (Role.VERIFIER,),
         (is_the_verifier,)),
    Step("finalise", "", (State.VERIFIED,), State.FINALISED, "finalised", SUPERVISORS,
         (is_not_the_verifier, values_stand), ("submission",), "list frozen with digest", "finalise",
         "head of Dinsos"),
    Step("finalise", "conflict", (State.VERIFIED,), State.CONFLICT, "contradicted", SYSTEM,
         (values_contradict,), ("lines",)),
    Step("endorse", "", (State.FINALISED,), State.ENDORSED, "endorsed", (Role.BUPATI_OFFICE, Role.SUPERVISOR), (),
         ("submission",), "signed letter with the list's digest, annex", "endorse",
         "head of Dinsos; the resident sees it"),
    Step("send", "", (State.ENDORSED,), State.SENT, "sent", (Role.SUPERVISOR, Role.SYSTEM),
         (window_sends, values_stand), ("submission", "window"), "file or receipt", "closing",
         "carried over with every decision kept"),
    Step("send", "conflict", (State.ENDORSED,), State.CONFLICT, "contradicted", SYSTEM,
         (values_contradict,), ("lines",)),
    Step("determine", "yes", (State.SENT,), State.DETERMINED, "determined", (Role.CENTRE, Role.SUPERVISOR), (),
         ("document",), DECREE, "", "shown as with the centre since"),
    Step("determine", "no", (State.SENT,), State.DETERMINED, "determined", (Role.CENTRE, Role.SUPERVISOR), (),
         ("document", "reason"), DECREE, "", "shown as with the centre since"),
    Step("apply", "", (State.DETERMINED,), State.APPLIED, "applied", SYSTEM,
         (was_accepted, values_stand), (), "", "apply", "alarm"),
    Step("apply", "conflict", (State.DETERMINED,), State.CONFLICT, "contradicted", SYSTEM,
         (was_accepted, values_contradict), ("lines",)),
    Step("settle", "satisfied", COMPARED, State.SATISFIED, "satisfied", SYSTEM, (already_true, is_not_refused),
         (), "", "settle", "a claim stays, shown as waiting for its authority"),
    Step("settle", "lapsed", (State.DRAFT, State.RESERVED, State.RETURNED, State.CONFLICT), State.LAPSED, "lapsed", SYSTEM,
         (is_overdue,), ("limit",), "", "", "can be resumed"),
    Step("settle", "refused", (State.DELIBERATED,), State.REFUSED, "refused", SYSTEM,
         (appeal_passed,), ("reason",), "", "appeal", "final"),
    Step("settle", "expired", IN_RESERVE, State.RESERVED, "expired", SYSTEM, (decision_expired,), (), "",
         "decision_valid", "the village decides again"),
    Step("withdraw", "", BEFORE_SENT, State.WITHDRAWN, "withdrawn", OPERATORS, (), ("statement",), "", "", "final"),
    Step("resume", "", (State.RETURNED, State.CONFLICT, State.LAPSED), State.RESERVED, "resumed", OPERATORS, (),
         (), "", "resume", "lapses with notice"),
    Step("annul", "", (State.APPLIED,), State.ANNULLED, "annulled", (Role.HEAD_OF_DINSOS,), (),
         ("reason", "annulment"), "signed statement; two persons", "annul", "shown as urgent"),
    Step("reopen", "", (State.SATISFIED,), State.RESERVED, "reopened", SYSTEM, (not_true_any_more,)),
    Step("ask_cancellation", "", BEFORE_SENT, None, "cancellation_asked", (Role.APPLICANT,)),
    Step("keep", "", BEFORE_SENT, None, "kept", OPERATORS, (cancellation_was_asked,), ("statement",)),
)
# fmt: on
BY_NAME: Mapping[str, Step] = {step.name: step for step in STEPS}


def lapse_limit(request: Request) -> str | None:
    """The limit after which a request lapses, or None where it does not: of what waits in the reserve, a claim alone."""
    if request.state is State.RESERVED and request.rule.claim:
        return "claim"
    return {State.DRAFT: "lapse", State.RETURNED: "resume", State.CONFLICT: "resume"}.get(request.state)


def lapse_day(request: Request, deadlines: Deadlines) -> date | None:
    """The last day before a request lapses, or None where it does not."""
    limit = lapse_limit(request)
    return deadlines.due(limit, today_in(request.region, request.since)) if limit else None


def place_of(step: Step, request: Request) -> str:
    """The region whose people take a step: where the request is handled, or where it is offered to."""
    return request.offer.to if step.receiving and request.offer is not None else request.region


def why_not(case: Case, name: str, actor: Actor) -> tuple[Refusal, ...]:
    """Every reason why an actor may not take a step now; nothing means that they may.

    A request outside the actor's region is invisible: the single reason is then `not-found`.
    """
    step = BY_NAME[name]
    request = case.request
    reasons: list[Refusal] = []
    place = place_of(step, request)
    if not actor.sees(place):
        return refusing("not-found")
    if request.is_blank:
        return refusing("contents-gone")
    if not actor.has(step.roles, place):
        reasons += refusing("role-missing", roles=",".join(role.value for role in step.roles))
    if request.state not in step.sources:
        reasons += refusing("state-differs", state=request.state.value)
    for guard in step.guards:
        reasons += guard(case, actor)
    return tuple(reasons)


def open_steps(case: Case, actor: Actor) -> tuple[Step, ...]:
    """The steps that an actor may take now: the buttons."""
    return tuple(step for step in STEPS if step.sources and not why_not(case, step.name, actor))


def offered_steps(case: Case, actor: Actor) -> tuple[tuple[Step, tuple[Refusal, ...]], ...]:
    """The steps that the actor's role has from this state, each with what still stands in its way."""
    return tuple(
        (step, why_not(case, step.name, actor))
        for step in STEPS
        if case.request.state in step.sources
        and actor.has(step.roles, place_of(step, case.request))
        and not case.request.is_blank
    )


UNSAID: tuple[Any, ...] = (None, "", (), [])


def take(
    case: Case,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    told: Mapping[str, Any] = NOTHING,
    reason: str | None = None,
) -> Event:
    """Return the event of a step that an actor takes; raise `Refused` with every reason why not."""
    step = BY_NAME[name]
    reasons = why_not(case, name, actor)
    lacking = [Refusal.of("must-be-said", what=need) for need in step.needs if told.get(need) in UNSAID]
    if reasons or lacking:
        raise Refused(*reasons, *lacking)
    body = dict(told)
    if step.outcome and "outcome" not in body:
        body["outcome"] = step.outcome
    return Event(
        subject=case.request.id,
        kind="request",
        version=case.request.version + 1,
        type=step.event,
        body=body,
        actor=actor.login,
        recorded_at=now,
        region=place_of(step, case.request) if step.verb == "take_over" else case.request.region,
        reason=reason or body.get("reason"),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a request waits for, who must act and where, since when, and until when at the latest."""

    step: str
    roles: tuple[Role, ...]
    since: datetime
    until: date | None
    region: str = ""


def waits_for(request: Request, deadlines: Deadlines) -> Waiting | None:
    """What stands next on the route; the days of windows are not known here and are added by who asks."""
    step = next_step(request)
    if step is None:
        return None
    row = BY_NAME.get(step) or BY_NAME[f"{step}:{FIRST_OUTCOME[step]}"]
    roles = row.roles
    if step == "deliberate":
        roles = (Role.VILLAGE_OPERATOR, Role.VILLAGE_HEAD)
    since = request.offer.since if row.receiving and request.offer is not None else request.since
    place = place_of(row, request)
    until = deadlines.due(row.limit, today_in(place, since)) if row.limit else None
    return Waiting(step, roles, since, until, place)


FIRST_OUTCOME: Mapping[str, str] = {
    "deliberate": "fit",
    "verify": "verified",
    "determine": "yes",
    "settle": "satisfied",
}


def must_go(request: Request) -> bool:
    """Whether somebody still has to go to the authority of a claim, because it has not been told or has it wrong."""
    return request.rule.claim and not request.referred and request.reason != CARD_RIGHT


def next_step(request: Request) -> str | None:
    """The verb of the step that brings a request forward."""
    match request.state:
        case State.DRAFT:
            return "reserve"
        case State.RESERVED | State.DELIBERATED:
            if request.fit is False and not request.appealed:
                return "appeal"
            if missing(request):
                return "amend"
            if request.rule.claim and request.offer is None:
                return "refer" if must_go(request) else "settle"
            if not request.stands_decided:
                return "deliberate"
            return "pack" if request.offer is None else "take_over"
        case State.PACKED:
            return "hand_over"
        case State.HANDED_OVER:
            return "verify"
        case State.VERIFIED:
            return "finalise"
        case State.FINALISED:
            return "endorse"
        case State.ENDORSED:
            return "send"
        case State.SENT:
            return "determine"
        case State.DETERMINED:
            return "apply" if request.answer == "yes" else None
        case State.RETURNED | State.CONFLICT:
            return "resume"
        case _:
            return None


FALLING: tuple[tuple[State, str, State], ...] = (
    (State.DELIBERATED, "amend", State.RESERVED),
    (State.DELIBERATED, "take_over", State.RESERVED),
)
"""What a step does beside its row: the village's decision falls when what it was about is amended, or when another
village takes over what rests on a house."""


def transitions() -> tuple[tuple[State | None, str, State], ...]:
    """Every way from a state to a state, with the name of its step; nothing else ever happens to a request."""
    found: list[tuple[State | None, str, State]] = []
    for step in STEPS:
        for source in step.sources or (None,):
            target = step.target or source
            assert target is not None, f"{step.name} begins nowhere and leads nowhere"
            found.append((source, step.name, target))
    return (*found, *FALLING)


def diagram() -> str:
    """The route as a Mermaid state diagram, made from the table."""
    lines = ["stateDiagram-v2"]
    for source, name, target in transitions():
        lines.append(f"    {source.value if source else '[*]'} --> {target.value}: {name.replace(':', ' ')}")
    return "\n".join(lines) + "\n"
