"""Windows and calls: setting them, and what the clock does when they open, cut off and close."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mutakhir.actions.change_request import cases_of, lines_of, successions_of
from mutakhir.core.actors import SYSTEM, Actor, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import IN_RESERVE, Request, State, write_lines
from mutakhir.core.comparison import Outcome, outcome_of
from mutakhir.core.events import Event
from mutakhir.core.flows.change_request import LOOKED_AFTER, Case, case_of, lapse_limit, take, why_not
from mutakhir.core.flows.window import ROLES, Act, Window, cancel, close, mark, why_not_schedule
from mutakhir.core.flows.window import State as WindowState
from mutakhir.core.kinds import PACKED
from mutakhir.core.refusals import Refusal, Refused
from mutakhir.core.rules.claims import reported_dead
from mutakhir.core.tasks import NewTask
from mutakhir.core.terms import Terms
from mutakhir.ports import Register


@dataclass(frozen=True, slots=True)
class Schedule:
    """A window, or a call (`form` "call", with `as_of`); instants carry the zone that the act names."""

    region: str
    opens: datetime
    cut_off: datetime
    closes: datetime
    act: Act
    kinds: tuple[str, ...] = ()
    zone: str = "WIB"
    name: str = ""
    form: str = "window"
    as_of: str | None = None


def schedule(command: Schedule, *, actor: Actor, now: datetime, register: Register) -> Window:
    """The centre, or the supervisor who records the centre's letter, sets a window."""
    reasons = why_not_schedule(
        region=command.region,
        kinds=command.kinds,
        opens=command.opens,
        cut_off=command.cut_off,
        closes=command.closes,
        act=command.act,
        actor=actor,
        others=register.windows(command.region),
        form=command.form,
    )
    if command.closes <= now:
        reasons = (*reasons, Refusal.of("window-in-past"))
    if reasons:
        raise Refused(*reasons)
    event = Event(
        subject=register.new_id(),
        kind="window",
        version=1,
        type="scheduled",
        body={
            "form": command.form,
            "region": command.region,
            "kinds": list(command.kinds),
            "opens": command.opens.isoformat(),
            "cut_off": command.cut_off.isoformat(),
            "closes": command.closes.isoformat(),
            "zone": command.zone,
            "act": {"number": command.act.number, "day": command.act.day, "signer": command.act.signer},
            "name": command.name,
            "as_of": command.as_of,
        },
        actor=actor.login,
        recorded_at=now,
        region=command.region,
    )
    register.append([event])
    return find(event.subject, register=register)


def end(number: int, verb: str, *, reason: str, actor: Actor, now: datetime, register: Register) -> Window:
    """Close a window early (`verb` "close"), or cancel one that has not opened ("cancel")."""
    window = find(number, register=register)
    if not (actor.sees(window.region) or any(one.startswith(window.region) for one in actor.scopes())):
        raise Refused(Refusal.of("not-found"))
    step = {"close": close, "cancel": cancel}[verb]
    register.append([step(window, actor=actor, now=now, reason=reason)])
    return find(number, register=register)


def answer_call(
    number: int, *, digest: str, rows: int, actor: Actor, now: datetime, register: Register
) -> Window:
    """The reserve answered the centre's call with one file."""
    window = find(number, register=register)
    reasons: list[Refusal] = []
    if not actor.has(ROLES["answer"], window.region):
        reasons.append(Refusal.of("role-missing", roles=",".join(role.value for role in ROLES["answer"])))
    if window.form != "call":
        reasons.append(Refusal.of("not-a-call"))
    if reasons:
        raise Refused(*reasons)
    register.append([mark(window, "answered", actor=actor, now=now, told={"digest": digest, "rows": rows})])
    return find(number, register=register)


def find(number: int, *, register: Register) -> Window:
    window = register.window(number)
    if window is None:
        raise Refused(Refusal.of("not-found"))
    return window


MARKS: Mapping[WindowState, tuple[WindowState, ...]] = {
    WindowState.OPEN: (WindowState.OPEN,),
    WindowState.CUT_OFF: (WindowState.OPEN, WindowState.CUT_OFF),
    WindowState.CLOSED: (WindowState.OPEN, WindowState.CUT_OFF, WindowState.CLOSED),
}
EVENT_OF = {WindowState.OPEN: "opened", WindowState.CUT_OFF: "cut_off", WindowState.CLOSED: "closed"}
ORDER = (WindowState.SCHEDULED, WindowState.OPEN, WindowState.CUT_OFF, WindowState.CLOSED)


def keep_time(*, now: datetime, register: Register) -> tuple[tuple[int, WindowState], ...]:
    """Mark what the clock did since the last time; returns the windows that changed with their new state."""
    changed: list[tuple[int, WindowState]] = []
    for window in register.windows(""):
        for state in MARKS.get(window.state(now), ()):
            current = find(window.id, register=register)
            if current.marked is WindowState.CANCELLED or ORDER.index(current.marked) >= ORDER.index(state):
                continue
            register.append([mark(current, EVENT_OF[state], actor=SYSTEM, now=now)])
            changed.append((window.id, state))
    return tuple(changed)


@dataclass(frozen=True, slots=True)
class Packed:
    """What one run of packing did: counts by outcome, and the last request that was looked at."""

    counts: Mapping[str, int] = field(default_factory=dict)
    stays: Mapping[str, int] = field(default_factory=dict)
    last: int = 0
    looked_at: int = 0


def pack(
    number: int,
    *,
    now: datetime,
    register: Register,
    terms: Terms,
    scope: str = "",
    after: int = 0,
    limit: int = 5000,
) -> Packed:
    """Take what is ready into the villages' batches of a window or call, up to `limit` requests in one transaction.

    Each request is compared once more: what is already true closes as satisfied, what conflicts goes back with all
    three values, what is incomplete or undecided stays with its reason.
    """
    window = find(number, register=register)
    if window.state(now) is not WindowState.OPEN:
        raise Refused(Refusal.of("window-not-open", state=window.state(now).value))
    if not (scope.startswith(window.region) or window.region.startswith(scope)):
        return Packed()
    place = max(window.region, scope, key=len)
    waiting = register.select_requests(
        states=IN_RESERVE, scope=place, kinds=window.kinds or PACKED, after=after, limit=limit
    )
    lines = lines_of(waiting, register)
    successions = successions_of(waiting, register)
    batches = _Batches(window, place, now=now, register=register)
    counts: Counter[str] = Counter()
    stays: Counter[str] = Counter()
    events: list[Event] = []
    day_in = functools.cache(lambda region: today_in(region, now))
    for request in waiting:
        case = Case(
            request,
            day_in(request.region),
            terms.deadlines,
            accepting=number,
            sending=number,
            lines=lines[request.id],
            succession=successions.get(request.id),
        )
        try:
            event, outcome = _pack_one(case, batches, now=now)
        except Refused as refused:
            stays.update(refusal.rule for refusal in refused.refusals)
            continue
        if outcome == "packed":
            events += batches.open(request.region)
        events.append(event)
        counts[outcome] += 1
    register.append(events)
    return Packed(counts, stays, waiting[-1].id if waiting else 0, len(waiting))


def _pack_one(case: Case, batches: _Batches, *, now: datetime) -> tuple[Event, str]:
    """The event of a request whose turn it is, with the outcome's name. Raises `Refused` for one that stays."""
    match outcome_of(case.lines or ()):
        case Outcome.SATISFIED if case.lines:
            return settle_satisfied(case, now=now), "satisfied"
        case Outcome.CONFLICT:
            return contradict(case, "pack", now=now), "conflict"
        case _:
            told = {"window": batches.window.id, "batch": batches.of(case.request.region)}
            return take(case, "pack", actor=SYSTEM, now=now, told=told), "packed"


class _Batches:
    """The batch of each village that packing goes into: the one that still stands open, or a new one.

    A number is given as soon as somebody's turn may come; only a row that is packed opens the batch.
    """

    def __init__(self, window: Window, place: str, *, now: datetime, register: Register) -> None:
        self.window = window
        self._now = now
        self._register = register
        known = register.batches(window.id, place)
        self._opened = {one.village: one.id for one in known if one.handed_over_at is None}
        self._numbered: dict[str, int] = {}
        self._counts = Counter(one.village for one in known)

    def of(self, village: str) -> int:
        if village in self._opened:
            return self._opened[village]
        if village not in self._numbered:
            self._numbered[village] = self._register.new_id()
        return self._numbered[village]

    def open(self, village: str) -> list[Event]:
        """The event that opens the village's batch; nothing where it stands open."""
        if village in self._opened:
            return []
        number = self._opened[village] = self.of(village)
        return [_open_batch(number, self.window, village, self._counts[village] + 1, self._now)]


def _open_batch(batch: int, window: Window, village: str, number: int, now: datetime) -> Event:
    return Event(
        subject=batch,
        kind="batch",
        version=1,
        type="opened",
        body={"window": window.id, "village": village, "number": number},
        actor=SYSTEM.login,
        recorded_at=now,
        region=village,
    )


def contradict(case: Case, verb: str, *, now: datetime) -> Event:
    """The event that sends a request back with all three values."""
    told = {"lines": write_lines(case.lines or ())}
    return take(case, f"{verb}:conflict", actor=SYSTEM, now=now, told=told)


def settle_satisfied(case: Case, *, now: datetime) -> Event:
    return take(case, "settle:satisfied", actor=SYSTEM, now=now)


@dataclass(frozen=True, slots=True)
class LookedAfter:
    """What a list made of waiting requests: counts by outcome, whose registration is to be ended now, and where to go on;
    `last` is 0 at the end.
    """

    counts: Mapping[str, int]
    tasks: tuple[NewTask, ...]
    last: int


def look_after(
    *, region: str, now: datetime, register: Register, terms: Terms, after: int = 0, limit: int = 5000
) -> LookedAfter:
    """After a list was taken in: requests that have come true by it are satisfied, wherever they wait before the list.

    A claim comes true by the civil register's own word alone; one that this word contradicts goes back to its village.
    """
    waiting = register.select_requests(states=LOOKED_AFTER, scope=region, after=after, limit=limit)
    counts: Counter[str] = Counter()
    events: list[Event] = []
    true: list[Request] = []
    for case in cases_of(waiting, now=now, register=register, terms=terms, scope=region):
        if case.lines and outcome_of(case.lines) is Outcome.SATISFIED:
            events.append(settle_satisfied(case, now=now))
            true.append(case.request)
            counts["satisfied"] += 1
        elif not why_not(case, "refer:conflict", SYSTEM):
            events.append(contradict(case, "refer", now=now))
            counts["conflict"] += 1
    register.append(events)
    return LookedAfter(counts, _confirmed(true, register), waiting[-1].id if len(waiting) == limit else 0)


def _confirmed(true: Iterable[Request], register: Register) -> tuple[NewTask, ...]:
    """A death that is confirmed ends nothing by itself: ending the registration of the dead is the village's task."""
    dead = {person: one for one in true if one.rule.claim for person in reported_dead(one)}
    told = register.current(dead) if dead else {}
    return tuple(
        NewTask(
            "death-confirmed",
            person,
            dead[person].region,
            Role.VILLAGE_OPERATOR,
            "death_confirmed",
            {"name": str(own.get("name", "")), "day": str(own.get("died_on", ""))},
        )
        for person, own in told.items()
        if own.get("registration") == "registered"
    )


@dataclass(frozen=True, slots=True)
class Sorted:
    """Requests after being compared once more: those that go on, and the events of those that do not."""

    stand: tuple[Case, ...]
    events: tuple[Event, ...]


def sort_out(
    requests: Iterable[Request], verb: str, *, now: datetime, register: Register, terms: Terms
) -> Sorted:
    """Compare requests once more before a step of a list: what conflicts or is already true leaves the list."""
    stand: list[Case] = []
    events: list[Event] = []
    for case in cases_of(requests, now=now, register=register, terms=terms):
        match outcome_of(case.lines or ()):
            case Outcome.CONFLICT:
                events.append(contradict(case, verb, now=now))
            case Outcome.SATISFIED if case.lines:
                events.append(settle_satisfied(case, now=now))
            case _:
                stand.append(case)
    return Sorted(tuple(stand), tuple(events))


def unpack(number: int, *, now: datetime, register: Register, terms: Terms, limit: int = 5000) -> int:
    """After the cut-off, what was not handed over goes back to the reserve; the village's decision is kept."""
    waiting = register.select_requests(states=(State.PACKED,), scope="", window=number, limit=limit)
    windows = register.windows("")
    events = []
    for request in waiting:
        case = case_of(request, now=now, deadlines=terms.deadlines, windows=windows)
        assert request.packed_from is not None
        events.append(take(case, f"unpack:{request.packed_from.value}", actor=SYSTEM, now=now))
    register.append(events)
    return len(events)


def lapse(
    *, now: datetime, register: Register, terms: Terms, after: int = 0, limit: int = 5000
) -> tuple[int, int]:
    """Let lapse what has passed its limit, make a village's no final, and ask the village again where its decision
    was not used in time; returns how many, and where to go on.
    """
    states = (State.DRAFT, State.RETURNED, State.CONFLICT, *IN_RESERVE)
    waiting = register.select_requests(states=states, scope="", after=after, limit=limit)
    events = []
    for request in waiting:
        case = Case(request, today_in(request.region, now), terms.deadlines)
        if limit_name := lapse_limit(request):
            name, told = "settle:lapsed", {"limit": limit_name}
        elif request.stands_decided:
            name, told = "settle:expired", {}
        else:
            name, told = "settle:refused", {"reason": "village"}
        if not why_not(case, name, SYSTEM):
            events.append(take(case, name, actor=SYSTEM, now=now, told=told))
    register.append(events)
    return len(events), waiting[-1].id if waiting else 0
