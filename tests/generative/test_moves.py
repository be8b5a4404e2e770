"""Meetings, windows and lists move as their tables say, and in no other way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import pytest

from mutakhir.core.events import Event
from mutakhir.core.flows import session, submission, window
from tests.builders import CAST, MemoryGround, Walker
from tests.generative.walks import journey, plan_of

FLOWS: dict[str, ModuleType] = {"session": session, "window": window, "submission": submission}
Seen = dict[str, set[tuple[str | None, str, str]]]


def moves_of(flow: Any) -> set[tuple[str | None, str, str]]:
    """Every way that the table allows: from, event, to."""
    return {
        (source.value if source else None, move.event, target.value)
        for move in flow.MOVES
        for source in move.sources or (None,)
        if (target := move.target or source) is not None
    }


def states_of(flow: ModuleType, history: tuple[Event, ...], place: int) -> tuple[str | None, str]:
    """The state before and after an event; windows go by the clock, whether or not somebody has marked it."""
    event = history[place]
    before = folded(flow.fold, history[:place]) if place else None
    after = folded(flow.fold, history[: place + 1])
    if flow is not window:
        return (before.state.value if before else None), after.state.value
    if before is None:
        return None, after.marked.value
    by_the_clock = event.actor == "system"
    began = before.marked if by_the_clock else before.state(event.recorded_at)
    return began.value, began.value if event.type == "answered" else after.marked.value


def observe(ground: MemoryGround, seen: Seen) -> None:
    histories = ground.ask(lambda register: register.histories(range(1, 80)))
    for history in histories.values():
        if history.events and history.events[0].kind in FLOWS:
            flow = FLOWS[history.events[0].kind]
            for place, event in enumerate(history.events):
                before, after = states_of(flow, history.events, place)
                seen[event.kind].add((before, event.type, after))


def folded(fold: Callable[[Iterable[Event]], Any], events: tuple[Event, ...]) -> Any:
    found = fold(events)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def seen() -> Seen:
    """What happens to meetings, windows and lists on walks by chance, and on one that does what chance leaves out."""
    found: Seen = {name: set() for name in FLOWS}
    for seed in range(150):
        ground = MemoryGround()
        journey(plan_of(seed), ground)
        observe(ground, found)
    ground = MemoryGround()
    walk = Walker(ground)
    for deed, who in (
        ("record", "operator"),
        ("reserve", "operator"),
        ("call a meeting", "operator"),
        ("upload", "operator"),
        ("enter fit", "operator"),
        ("enter fit", "operator"),
        ("upload", "village head"),
        ("confirm", "village head"),
        ("schedule 2027-01-04 2027-01-16 2027-02-01", "supervisor"),
        ("cancel the window a newer letter came", "supervisor"),
        ("schedule a call 2026-11-25 2026-11-28 2026-12-20", "centre"),
    ):
        walk.must(deed, who)
    for _ in range(30):
        walk.wait(1).must("keep time")
        if walk.today().day in (26, 30):
            walk.must("answer the call", "supervisor")
    observe(ground, found)
    return found


@pytest.mark.parametrize("name", FLOWS)
def test_nothing_happens_beside_the_table(name: str, seen: Seen) -> None:
    assert seen[name] <= moves_of(FLOWS[name])


NOT_WALKED = {
    "session": set(),
    "window": set(),
    "submission": {("sent", "answered", "answered"), ("answered", "answered", "answered")},
}
"""The answer of a list is marked where its file is read, which the tests of lists do."""


@pytest.mark.parametrize("name", FLOWS)
def test_every_move_is_walked(name: str, seen: Seen) -> None:
    assert moves_of(FLOWS[name]) - seen[name] <= NOT_WALKED[name]


@pytest.mark.parametrize("verb", [move.verb for move in session.MOVES if move.sources])
@pytest.mark.parametrize("state", session.State)
def test_a_meeting_is_asked_as_its_table_says(verb: str, state: session.State) -> None:
    """With everything else in order, only the state decides whether a step is possible."""
    walk = Walker(MemoryGround())
    for deed, who in (("record", "operator"), ("reserve", "operator"), ("call a meeting", "operator")):
        walk.must(deed, who)
    if state is not session.State.CALLED:
        walk.must("upload", "operator").must("enter fit", "operator")
    if state is session.State.CONFIRMED:
        walk.must("confirm", "village head")
    found = walk.ground.ask(lambda register: register.session(walk.session))
    assert found is not None
    assert found.state is state
    move = next(one for one in session.MOVES if one.verb == verb)
    actor = CAST["village head" if verb == "confirm" else "operator"]
    reasons = session.why_not(found, verb, actor=actor, region=found.region, today=walk.today())
    by_state = {one.rule for one in reasons} & {"session-confirmed", "nothing-entered"}
    assert bool(by_state) == (state not in move.sources)
