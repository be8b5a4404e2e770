"""Whatever is recorded in whatever order: earlier answers stay, today's follow, late news takes its place in time."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.generative.examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mutakhir.core.events import Event
    from mutakhir.core.facts import Answer

FIRST_DAY = date(2026, 1, 1)
RECORDED = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
AUTHORITIES = ("social", "civil", "programme")
VALUES: Mapping[str, Sequence[Any]] = {
    "name": ("Siti", "Sitti", None),
    "nik": ("9908014507880003", "9908014507880004", None),
    "occupation": ("9", "14", None),
    "registration": ("registered", "ended"),
    "family": (901, 902, None),
    "works": (True, False, 1, None),
}
"""Attributes of civil and of social authority, with few values, so that they meet."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody says of a person: attributes, and the days, counted from the first."""

    person: int
    attributes: Mapping[str, Any]
    begins: int | None
    ends: int | None
    authority: str


attributes = st.dictionaries(
    st.sampled_from(sorted(VALUES)), st.integers(0, 9), min_size=1, max_size=3
).map(lambda drawn: {name: VALUES[name][place % len(VALUES[name])] for name, place in drawn.items()})  # fmt: skip


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    begins = draw(st.none() | st.integers(0, 12))
    ends = draw(st.none() | st.none() | st.integers((begins or 0) + 1, 16))
    return Statement(
        draw(st.integers(1, 2)), draw(attributes), begins, ends, draw(st.sampled_from(AUTHORITIES))
    )


histories = st.lists(statements(), min_size=1, max_size=8)
days = st.integers(-1, 17).map(lambda ahead: FIRST_DAY + timedelta(days=ahead))


def day(ahead: int | None) -> date | None:
    return None if ahead is None else FIRST_DAY + timedelta(days=ahead)


def events_of(said: Iterable[Statement], numbers: Mapping[int, int]) -> list[Event]:
    from mutakhir.core.events import Event

    versions = dict.fromkeys(numbers, 0)
    found = []
    for minute, one in enumerate(said):
        versions[one.person] += 1
        found.append(
            Event(
                subject=numbers[one.person], kind="person", version=versions[one.person], type="facts_stated",
                body={"attributes": dict(one.attributes), "source": f"source:1 row:{minute}"}, actor="tutik",
                recorded_at=RECORDED + timedelta(minutes=minute), region="3508152001", authority=one.authority,
                holds_from=day(one.begins), holds_to=day(one.ends),
            )
        )  # fmt: skip
    return found


def withdrawing(event: Event, *, version: int, minute: int) -> Event:
    """The event that takes a statement back, as the version of its subject that comes next."""
    return replace(
        event, type="facts_withdrawn", version=version, body={"versions": [event.version], "source": "source:2"},
        recorded_at=RECORDED + timedelta(minutes=minute), holds_from=None, holds_to=None, authority="social",
    )  # fmt: skip


def authorities() -> Mapping[str, str]:
    from mutakhir import wiring

    return wiring.terms().attributes.authorities


def memory() -> Any:
    from mutakhir.store.memory import MemoryRegister

    return MemoryRegister(authorities=authorities())


@contextmanager
def postgres() -> Iterator[Any]:
    """A register in PostgreSQL whose events are gone after the example."""
    from django.db import transaction

    from mutakhir import wiring

    with transaction.atomic():
        yield wiring.open_register()
        transaction.set_rollback(True)


def known(
    register: Any, persons: Iterable[int], *, on: date, position: int | None
) -> dict[int, dict[str, Answer]]:
    found = register.as_of(list(persons), on=on, position=position)
    return {person: dict(answers) for person, answers in found.items()}


def values_on(register: Any, on: date) -> dict[int, dict[str, Any]]:
    found = known(register, (1, 2), on=on, position=None)
    return {person: {name: one.value for name, one in told.items()} for person, told in found.items()}


ALL_DAYS = [FIRST_DAY + timedelta(days=ahead) for ahead in range(-1, 18)]


@given(said=histories)
@examples(150)
def test_recording_more_never_changes_an_earlier_answer(said: list[Statement]) -> None:
    register = memory()
    told: dict[tuple[date, int], Any] = {}
    for event in events_of(said, {1: 1, 2: 2}):
        register.append([event])
        register.number_events()
        told |= {
            (on, register.position): known(register, (1, 2), on=on, position=register.position)
            for on in ALL_DAYS
        }
    for (on, position), answer in told.items():
        assert known(register, (1, 2), on=on, position=position) == answer
    for on in ALL_DAYS:
        assert known(register, (1, 2), on=on, position=None) == told[on, register.position]


@given(said=histories, name=st.sampled_from(sorted(VALUES)))
@examples(100)
def test_recording_more_does_change_today(said: list[Statement], name: str) -> None:
    """What its own authority says from today on is what holds today, whatever was said before."""
    register = memory()
    *events, last = events_of(
        [*said, Statement(1, {name: "new"}, 17, None, authorities().get(name, "social"))], {1: 1, 2: 2}
    )
    register.append(events)
    today = ALL_DAYS[-1]
    earlier = {on: values_on(register, on) for on in ALL_DAYS}
    before = known(register, (1, 2), on=today, position=None)
    register.append([last])
    after = known(register, (1, 2), on=today, position=None)
    assert after[1][name].value == "new"
    assert after != before
    del after[1][name]
    before[1].pop(name, None)
    assert after == before, "nothing else changes"
    for on in ALL_DAYS[:-1]:
        assert values_on(register, on) == earlier[on], "and nothing of the days before"


@given(said=histories, order=st.randoms(use_true_random=False))
@examples(150)
def test_late_news_takes_its_place_in_time(said: list[Statement], order: Any) -> None:
    """In whichever order statements with different beginnings are recorded, the same holds on every day."""
    own = [replace(one, authority="social", person=1) for one in said]
    apart = [
        replace(one, begins=place, ends=None if one.ends is None else place + 1 + one.ends)
        for place, one in enumerate(own)
    ]
    shuffled = list(apart)
    order.shuffle(shuffled)

    def values(told: list[Statement]) -> list[dict[str, Any]]:
        register = memory()
        register.append(events_of(told, {1: 1}))
        return [
            {name: (one.value, one.from_, one.to) for name, one in known(register, (1,), on=on, position=None)[1].items()}
            for on in ALL_DAYS
        ]  # fmt: skip

    assert values(shuffled) == values(apart)


def obvious(told: Sequence[Event], on: date) -> dict[str, Any]:
    """What holds on a day, said once more and as plainly as it can be."""
    found: dict[str, Any] = {}
    names = {name for event in told for name in event.body["attributes"]}  # type: ignore[index]
    for name in names:
        best: Any = None
        for event in told:
            body: Any = event.body
            if name not in body["attributes"]:
                continue
            if event.holds_from is not None and on < event.holds_from:
                continue
            if event.holds_to is not None and on >= event.holds_to:
                continue
            is_own = event.authority == authorities().get(name, "social")
            rank = (is_own, event.holds_from or date.min, event.version)
            if best is None or rank > best[0]:
                best = (rank, body["attributes"][name])
        if best is not None:
            found[name] = best[1]
    return found


@given(said=histories)
@examples(150)
def test_the_fold_is_what_one_would_say(said: list[Statement]) -> None:
    from mutakhir.core.facts import fold

    events = events_of([replace(one, person=1) for one in said], {1: 1})
    for on in ALL_DAYS:
        answers = fold(events, on=on, authorities=authorities())
        assert {name: one.value for name, one in answers.items()} == obvious(events, on)
        for one in answers.values():
            assert one.from_ is None or one.from_ <= on
            assert one.to is None or on < one.to


@given(said=histories, name=st.sampled_from(sorted(VALUES)))
@examples(150)
def test_the_periods_of_a_timeline_follow_each_other(said: list[Statement], name: str) -> None:
    """They do not overlap, neighbours differ, and they say of each day what the fold says."""
    from mutakhir.core.facts import fold, timeline

    events = events_of([replace(one, person=1) for one in said], {1: 1})
    periods = timeline(events, name, authorities=authorities())
    for one, other in itertools.pairwise(periods):
        assert one.to is not None
        assert other.from_ is not None
        assert one.to <= other.from_
        assert one.to < other.from_ or one.value != other.value
    for on in ALL_DAYS:
        covering = [
            one.value
            for one in periods
            if (one.from_ is None or one.from_ <= on) and (one.to is None or on < one.to)
        ]
        answer = fold(events, on=on, authorities=authorities()).get(name)
        assert covering == ([answer.value] if answer is not None and answer.value is not None else [])


@given(said=histories, which=st.integers(0, 7))
@examples(150)
def test_what_is_withdrawn_is_as_if_it_had_never_been_said(said: list[Statement], which: int) -> None:
    """For every day, from the withdrawal on; and every answer from before it stays what it was."""
    register, plain = memory(), memory()
    events = events_of([replace(one, person=1) for one in said], {1: 1})
    gone = events[which % len(events)]
    register.append(events)
    register.number_events()
    before = register.position
    told = {on: known(register, (1,), on=on, position=None) for on in ALL_DAYS}
    register.append([withdrawing(gone, version=len(events) + 1, minute=99)])
    register.number_events()
    left = [one for one in events if one is not gone]
    plain.append([replace(one, version=place) for place, one in enumerate(left, start=1)])
    for on in ALL_DAYS:
        assert known(register, (1,), on=on, position=before) == told[on]
        now, never = (known(one, (1,), on=on, position=None)[1] for one in (register, plain))
        assert {name: replace(one, event=None) for name, one in now.items()} == {
            name: replace(one, event=None) for name, one in never.items()
        }


@pytest.mark.django_db
@given(said=histories, which=st.integers(0, 7), on=days)
@examples(40)
def test_withdrawals_are_alike_in_both_registers_and_rebuilt(
    said: list[Statement], which: int, on: date
) -> None:
    from mutakhir import wiring
    from mutakhir.store import rebuild

    plain = memory()
    with postgres() as real:
        numbers = {person: real.new_id() for person in (1, 2)}
        events = events_of(said, numbers)
        gone = events[which % len(events)]
        version = 1 + sum(one.subject == gone.subject for one in events)
        told = [*events, withdrawing(gone, version=version, minute=99)]
        for event in told:
            for register in (plain, real):
                register.append([event])
        persons = tuple(numbers.values())
        for register in (plain, real):
            assert register.versions([gone.subject]) == {gone.subject: version}
        found = [known(register, persons, on=on, position=None) for register in (plain, real)]
        bare = [
            {p: {n: replace(a, event=None) for n, a in answers.items()} for p, answers in one.items()}
            for one in found
        ]
        assert bare[0] == bare[1]
        assert {one: dict(values) for one, values in real.current(persons).items()} == {
            one: dict(values) for one, values in plain.current(persons).items()
        }
        niks = [one for one in VALUES["nik"] if one]
        assert real.by_identifier("nik", niks) == plain.by_identifier("nik", niks)
        for family in (901, 902):
            assert real.members(family) == plain.members(family)
        done = rebuild.rebuild(open_register=wiring.open_register, report=lambda _: None, check=True)
        assert done.differences == ()


@pytest.mark.django_db
@given(said=histories, cuts=st.lists(st.booleans(), min_size=8, max_size=8), on=days)
@examples(60)
def test_memory_equals_postgres(said: list[Statement], cuts: list[bool], on: date) -> None:
    """However the statements are spread over deeds, and whenever they are numbered, both registers answer alike."""
    from mutakhir.store import feed

    quiet = [
        replace(
            one, attributes={k: v for k, v in one.attributes.items() if k != "family"} or {"name": "Siti"}
        )
        for one in said
    ]
    plain = memory()
    with postgres() as real:
        base = feed.head()
        numbers = {person: real.new_id() for person in (1, 2)}
        for cut, event in zip(itertools.cycle(cuts), events_of(quiet, numbers), strict=False):
            for register in (plain, real):
                register.append([event])
            if cut:
                plain.number_events()
                feed.number_events()
        assert feed.head() - base == plain.position

        def bare(found: dict[int, dict[str, Answer]]) -> Any:
            return {
                person: {name: replace(one, event=None) for name, one in told.items()}
                for person, told in found.items()
            }

        persons = tuple(numbers.values())
        for position in (None, *range(plain.position + 1)):
            there = position if position is None else base + position
            assert bare(known(real, persons, on=on, position=there)) == bare(
                known(plain, persons, on=on, position=position)
            )
        assert {one: dict(values) for one, values in real.current(persons).items()} == {
            one: dict(values) for one, values in plain.current(persons).items()
        }
        assert real.versions(persons) == plain.versions(persons)
        niks = [one for one in VALUES["nik"] if one]
        assert real.by_identifier("nik", niks) == plain.by_identifier("nik", niks)


@pytest.mark.django_db
@given(said=histories)
@examples(40)
def test_members_and_rebuilt_projections_are_alike(said: list[Statement]) -> None:
    """Whoever moves between families, back and forth and by whosever word: both registers know the same members, and
    the projections are those that the events tell."""
    from mutakhir import wiring
    from mutakhir.store import rebuild

    plain = memory()
    with postgres() as real:
        numbers = {person: real.new_id() for person in (1, 2)}
        for event in events_of(said, numbers):
            for register in (plain, real):
                register.append([event])
        for family in (901, 902):
            assert real.members(family) == plain.members(family)
        done = rebuild.rebuild(open_register=wiring.open_register, report=lambda _: None, check=True)
        assert done.differences == ()
