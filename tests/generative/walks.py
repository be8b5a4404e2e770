"""Random walks over the route: random people do random things at random times, and what they do is compared."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import strategies as st

from mutakhir import wiring
from mutakhir.core.actors import SYSTEM, Actor
from mutakhir.core.change_requests import ENDED, Request, State, evolve
from mutakhir.core.comparison import Outcome
from mutakhir.core.events import Event
from mutakhir.core.flows.change_request import (
    BY_NAME,
    FIRST_OUTCOME,
    STEPS,
    Case,
    already_true,
    offered_steps,
    open_steps,
    place_of,
    transitions,
    waits_for,
    why_not,
)
from mutakhir.core.kinds import KINDS
from tests.builders import CAST, KABUPATEN, NAMED_PERIODS, Ground, Walker, windows_of

# --- how each step is taken through an action ---


@dataclass(frozen=True, slots=True)
class Way:
    """The deed that takes a step, and who does it where the step is the system's but the deed a person's."""

    deed: str
    by: str = ""


WAYS: Mapping[str, Way] = {
    "amend": Way("amend"),
    "prove": Way("prove"),
    "reserve": Way("reserve"),
    "deliberate:fit": Way("deliberate fit"),
    "deliberate:not_fit": Way("deliberate not_fit"),
    "appeal": Way("appeal"),
    "pack": Way("pack"),
    "hand_over": Way("hand over"),
    "unpack:deliberated": Way("unpack"),
    "unpack:reserved": Way("unpack"),
    "offer": Way("offer"),
    "recall": Way("recall"),
    "take_over": Way("take over"),
    "decline": Way("decline"),
    "forward:forwarded": Way("forward"),
    "forward:let_pass": Way("forward let_pass"),
    "forward:not_forwarded": Way("let pass what is late"),
    "visit": Way("visit"),
    "verify:verified": Way("verify verified"),
    "verify:returned": Way("verify returned"),
    "verify:refused": Way("verify refused"),
    "undo": Way("undo"),
    "finalise": Way("finalise"),
    "endorse": Way("endorse"),
    "send": Way("send"),
    "determine:yes": Way("determine yes"),
    "determine:no": Way("determine no"),
    "settle:lapsed": Way("let lapse"),
    "settle:refused": Way("let lapse"),
    "settle:expired": Way("let lapse"),
    "withdraw": Way("withdraw"),
    "resume": Way("resume"),
    "keep": Way("keep"),
    "refer": Way("refer"),
    "ask_cancellation": Way("ask to cancel"),
    "annul": Way("annul"),
}
CONSEQUENCES = {
    "record": "is how a walk begins",
    "pack:conflict": "is what packing does with a row that conflicts",
    "hand_over:conflict": "is what handing over does with a row that conflicts",
    "finalise:conflict": "is what finalising does with a row that conflicts",
    "send:conflict": "is what sending does with a row that conflicts",
    "apply": "follows the centre's yes in the same transaction",
    "apply:conflict": "follows the centre's yes in the same transaction",
    "reopen": "follows the annulment of what had made it true",
    "refer:conflict": "is what hearing the civil register does with a claim that it contradicts",
    "settle:satisfied": "is what lists of the route, applying and a list that was taken in do with a row that is already so",
}
"""Steps that nobody takes by themselves, each with its reason. Together with `WAYS` these are all."""

PREEMPTED = ("pack", "hand_over", "finalise", "send")
"""Steps of a list: a row that is already so leaves it as satisfied instead."""

LIST_HOLDERS = {
    "pack": "system",
    "hand_over": "village head",
    "finalise": "head of Dinsos",
    "send": "supervisor",
}
ONCE = ("ask_cancellation",)
"""Asked again, they change nothing: what was asked for stands already."""


def is_expected(case: Case, name: str, actor: Actor) -> bool:
    """Whether taking a step must succeed, by the table of steps alone."""
    if why_not(case, name, actor):
        return False
    if name in ONCE and case.request.cancellation_asked:
        return False
    return not (name in PREEMPTED and not already_true(case, SYSTEM))


def attempt(walk: Walker, name: str, actor: Actor) -> bool:
    """Take a step through its action; returns whether the request took it."""
    case = walk.case
    walk.window = {"pack": case.accepting, "unpack": case.request.window}.get(
        name.split(":")[0]
    ) or walk.window
    walk.submission = case.request.submission or walk.submission
    before = walk.history
    walk.do(WAYS[name].deed, actor)
    after = walk.history
    return [one.type for one in after[len(before) :]][:1] == [BY_NAME[name].event]


# --- moves ---


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a walk: `kind` says which, `first` and `second` choose within it."""

    kind: str
    first: int = 0
    second: int = 0


Plan = tuple[int, int, list[Move]]
"""How the request begins, who writes it down, and the moves."""

DAYS = (0.01, 1, 3, 13, 14, 15, 30, 31, 90, 181)
ELSEWHERE = (
    "state floor_material=7",
    "state floor_material=8",
    "state floor_material=6",
    "amend floor_material=7",
    "civil says name=Siti_Aminatun",
    "civil says name=SITI_AMINAH",
    "civil says name=Siti_Rahayu",
    "civil says died_on=2026-11-18",
    "look after a list",
)
PERIODS = tuple(name for name, (_, end) in NAMED_PERIODS.items() if end is not None)
BEGINNINGS = (
    "record living_conditions",
    "record leaving",
    "record not_eligible reason=9",
    "record not_eligible reason=3",
    "record living_conditions floor_material=6",
    "record living_conditions floor_material=8 wall_material=7",
    "record new_person",
    "record new_family",
    "record moved",
    "record change_of_pengurus",
    "record death",
    "record death of=head",
    "record correction",
    "record correction reason=card_right",
    "record correction no_kk=9908011203150008 reason=card_wrong",
)
OPERATORS = ("operator", "other operator", "data filler", "operator who verifies", "operator who heads")

MOVES: tuple[tuple[int, str, int, int], ...] = (
    (12, "forward", 6, 6),
    (3, "offered", 40, 10),
    (3, "any", len(WAYS), len(CAST)),
    (2, "wait", len(DAYS), 1),
    (1, "window", len(PERIODS), 2),
    (1, "open", 2, 1),
    (2, "elsewhere", len(ELSEWHERE), 1),
    (1, "close", 1, 1),
    (1, "clock", 1, 1),
    (1, "sleep", len(DAYS), 1),
)
"""How often each move is made, and among how many it chooses."""

moves = st.one_of(
    [
        st.builds(Move, st.just(kind), st.integers(0, first - 1), st.integers(0, second - 1))
        for _, kind, first, second in MOVES
    ]
)


def plan_of(seed: int) -> Plan:
    """A long walk by chance alone: lists that are drawn one by one stay near their beginning too often.

    A walk that shows something is repeated by its seed.
    """
    dice = random.Random(seed)
    kinds = dice.choices(MOVES, weights=[often for often, *_ in MOVES], k=dice.randint(5, 45))
    path = [Move(kind, dice.randrange(first), dice.randrange(second)) for _, kind, first, second in kinds]
    return dice.randrange(len(BEGINNINGS)), dice.randrange(len(OPERATORS)), path


walks = st.tuples(
    st.integers(0, len(BEGINNINGS) - 1), st.integers(0, len(OPERATORS) - 1), st.lists(moves, max_size=40)
)
"""Walks that can be made shorter when they show something: the first to look at."""


@dataclass(slots=True)
class Journey:
    """A walk that is checked after every move, with everything that was seen on it."""

    walk: Walker
    seen: set[tuple[State | None, str, State]] = field(default_factory=set)
    told: list[tuple[str, object]] = field(default_factory=list)
    request: Request | None = None
    since: datetime | None = None

    def go(self, plan: Plan) -> Journey:
        begins, operator, path = plan
        self.walk.must(BEGINNINGS[begins], OPERATORS[operator])
        self.check()
        for move in path:
            self.move(move)
            self.check()
        return self

    def move(self, move: Move) -> None:
        walk = self.walk
        match move.kind:
            case "forward":
                self.go_forward(move)
            case "offered":
                # Withdrawing ends a walk, so it is tried only now and then.
                offered = [one for one in offers(walk.case) if one[0] != "withdraw" or not move.second]
                if offered:
                    self.try_step(*offered[move.first % len(offered)])
            case "any":
                self.try_step(tuple(WAYS)[move.first], tuple(CAST)[move.second])
            case "wait":
                walk.wait(DAYS[move.first])
            case "window":
                start, end = NAMED_PERIODS[PERIODS[move.first]]
                assert end is not None
                days = [walk.today() + timedelta(days=ahead) for ahead in (start, end - 0, end + 14)]
                words = " ".join(day.isoformat() for day in days)
                self.told.append((words, walk.do(f"schedule {'a call ' * move.second}{words}", "centre")))
            case "open":
                words = ("open a window", "open a window for leaving")[move.first]
                self.told.append((words, walk.do(words, "supervisor")))
            case "elsewhere":
                who = "operator" if ELSEWHERE[move.first].startswith("amend") else "system"
                self.told.append((ELSEWHERE[move.first], walk.do(ELSEWHERE[move.first], who)))
            case "close":
                self.told.append(
                    ("close", walk.do("close the window early", "centre") if walk.window else ())
                )
            case "sleep":
                walk.wait(DAYS[move.first])
                self.told.append(("let lapse", walk.do("let lapse")))
            case "clock":
                walk.must("keep time")
                self.told.append(("let lapse", walk.do("let lapse")))
            case other:
                raise ValueError(other)

    def go_forward(self, move: Move) -> None:
        """Take the step that is waited for, or open a window where that is what is missing."""
        walk = self.walk
        waiting = waits_for(walk.request, wiring.terms().deadlines)
        if waiting is None:
            return
        if waiting.step == "settle":
            said = tuple(one for one in ELSEWHERE if one.startswith("civil"))[move.first % 4]
            self.told.append((said, (walk.do(said), walk.do("look after a list"))))
            return
        verb = "prove" if waiting.step == "amend" and walk.request.changes else waiting.step
        if waiting.step == "amend" and not walk.request.changes:
            walk.do("amend floor_material=8", "operator")
            return
        ways = [one for one in offers(walk.case) if BY_NAME[one[0]].verb == verb]
        if ways:
            # The first outcome is the one that leads on; another is chosen now and then.
            first = [one for one in ways if one[0] == ways[0][0]] if move.second else ways
            self.try_step(*first[move.first % len(first)])
        elif f"{verb}:conflict" in BY_NAME and not why_not(walk.case, f"{verb}:conflict", SYSTEM):
            self.try_step(verb, LIST_HOLDERS[verb])
        else:
            refused = walk.do("open a window", "supervisor")
            self.told.append(("open a window", refused))
            ahead = [one.opens for one in windows_of(walk.ground) if one.opens > walk.now]
            if refused and ahead:
                walk.now = min(ahead)

    def try_step(self, name: str, who: str) -> None:
        """A step succeeds exactly when it is offered."""
        walk, actor = self.walk, CAST[who]
        if is_of_the_system(name) and actor is not SYSTEM:
            assert why_not(walk.case, name, actor), f"{who} is offered {name}, which is the system's"
            return
        if name == "ask_cancellation" and who != "resident":
            assert why_not(walk.case, name, actor), f"{who} is offered {name}, which needs the ticket"
            return
        case = walk.case
        expected = is_expected(case, name, actor)
        near = offered_steps(case, actor)
        assert (BY_NAME[name] in open_steps(case, actor)) == (not why_not(case, name, actor))
        assert tuple(step for step, reasons in near if not reasons) == open_steps(case, actor)
        assert all(actor.has(step.roles, place_of(step, case.request)) for step, _ in near)
        before = walk.history
        taken = attempt(walk, name, actor)
        self.told.append((f"{name} by {who}", taken))
        assert taken == expected, (
            f"{name} by {who} is {'' if expected else 'not '}offered, and {'succeeds' if taken else 'does not'}"
        )
        if not taken and not is_list_step(name):
            assert len(walk.history) == len(before), "a step that is not taken leaves no trace"

    def check(self) -> None:
        self._check_transitions()
        self._check_waiting()

    def _check_transitions(self) -> None:
        """Whatever happens to a request is a row of the route."""
        for event in self.walk.history[self.request.version if self.request else 0 :]:
            before, after = self.request, evolve(self.request, event)
            taken = (before.state if before else None, step_of(event, before), after.state)
            assert taken in WAYS_OF_THE_ROUTE, f"{taken} is no row of the route"
            self.seen.add(taken)
            anew = event.type == "expired" or (event.type == "taken_over" and after.rule.rests_on_dwelling)
            if before is None or before.state is not after.state or anew:
                self.since = event.recorded_at
            moved = before is not None and before.region != after.region
            assert moved == (event.type == "taken_over"), "only a transfer changes the place of handling"
            assert before is None or before.ticket in (None, after.ticket), "the ticket stays"
            self.request = after
            waits = waits_for(after, wiring.terms().deadlines) is not None
            assert waits != after.is_ended, (
                f"{after.state.value}: either something is waited for, or it has ended"
            )

    def _check_waiting(self) -> None:
        """Nothing waits without a name: what is waited for is somebody's step, and they can take it in time."""
        walk = self.walk
        request = walk.request
        waiting = waits_for(request, wiring.terms().deadlines)
        assert (waiting is None) == request.is_ended
        assert not (request.state is State.DETERMINED and request.answer == "yes"), "a yes never rests"
        if waiting is None:
            return
        assert waiting.roles
        offered = request.offer.since if request.offer is not None else None
        assert waiting.since == (offered if waiting.step == "take_over" else self.since)
        assert can_be_taken(walk.case, waiting.step), (
            f"{request.state.value} waits for {waiting.step}, which nobody can"
        )


def is_of_the_system(name: str) -> bool:
    return BY_NAME[name].roles == (SYSTEM.held[0].role,)


def is_list_step(name: str) -> bool:
    return name in PREEMPTED or name.startswith(("settle", "unpack", "determine"))


def offers(case: Case) -> list[tuple[str, str]]:
    """Every step with everybody to whom it is offered now."""
    near = [step for step in STEPS if case.request.state in step.sources and step.name in WAYS]
    return [
        (step.name, who)
        for who, actor in CAST.items()
        for step in near
        if actor.has(step.roles, place_of(step, case.request)) and not why_not(case, step.name, actor)
    ]


WAYS_OF_THE_ROUTE = frozenset(transitions())


def step_of(event: Event, before: Request | None) -> str:
    """The name of the step whose event this is, from the state that the request was in."""
    state = before.state if before else None
    found = [
        step for step in STEPS if step.event == event.type and (state in step.sources or not step.sources)
    ]
    if len(found) > 1:
        outcome = str((event.body or {}).get("outcome") or "")
        origin = before.packed_from.value if before and before.packed_from else ""
        found = [step for step in found if step.outcome in (outcome, origin)] or found
    if before and event.type == "contradicted":
        # Of a claim the civil register says something else, of anything else what is packed.
        found = [step for step in found if (step.verb == "refer") == before.rule.claim] or found
    assert found, f"{event.type} from {state} is no step of the route"
    return found[0].name


def can_be_taken(case: Case, verb: str) -> bool:
    """Whether somebody can take a step of this verb, once a window is open for it."""
    names = [step.name for step in STEPS if step.verb == verb] or [f"{verb}:{FIRST_OUTCOME[verb]}"]
    window = case.request.window or 1
    # A claim waits until its authority says the same.
    lines = (
        case.lines
        if verb != "settle"
        else tuple(replace(one, outcome=Outcome.SATISFIED) for one in case.lines or ())
    )
    open_now = Case(case.request, case.today, case.deadlines, window, window, lines)
    ways = [
        *names,
        "settle:satisfied",
        "settle:expired",
        "settle:refused",
        "settle:lapsed",
        "unpack:reserved",
    ]
    return any(not why_not(open_now, name, actor) for name in ways for actor in CAST.values())


def journey(plan: Plan, ground: Ground) -> Journey:
    return Journey(Walker(ground)).go(plan)


def reads_of(ground: Ground, walk: Walker) -> dict[str, object]:
    """Everything that a register answers about a walk, without what each register numbers for itself."""

    def stored(event: Event) -> dict[str, object]:
        return {
            name: getattr(event, name)
            for name in Event.__slots__
            if name not in ("id", "position", "caused_by")
        }

    def read(register: object) -> dict[str, object]:
        ask: Callable[[str], Callable[..., object]] = lambda name: getattr(register, name)  # noqa: E731
        subjects = list(range(1, 60))
        histories = ask("histories")(subjects)
        return {
            "histories": {
                number: [stored(event) for event in history.events]
                for number, history in histories.items()  # type: ignore[attr-defined]
                if history.events
            },
            "requests": ask("requests")(subjects),
            "current": ask("current")(subjects),
            "versions": ask("versions")(subjects),
            "windows": ask("windows")(""),
            "windows of the kabupaten": ask("windows")(KABUPATEN),
            "members": ask("members")(walk.house.family),
            "niks": ask("by_identifier")("nik", ["9908011507800002", "9908014507880003"]),
            "batches": ask("batches")(walk.window, ""),
            "of the family": ask("open_requests")([walk.house.family], kinds=tuple(KINDS)),
            "session": ask("session")(walk.session),
            "submission": ask("submission")(walk.submission),
            "reserve": ask("select_requests")(states=tuple(State), scope=KABUPATEN),
            "open": ask("select_requests")(
                states=[state for state in State if state not in ENDED],
                scope="35",
                kinds=["leaving", "new_person"],
            ),
        }

    return ground.ask(read)
