"""Whoever is merged with whom, and parted again: earlier answers stay, both registers agree, and what was comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.generative.examples import examples
from tests.generative.test_facts import (
    ALL_DAYS,
    RECORDED,
    Statement,
    events_of,
    memory,
    postgres,
    statements,
)

if TYPE_CHECKING:
    from mutakhir.core.facts import Answer

PEOPLE = (1, 2, 3)
NIKS = ("9908014507880003", "9908014507880004")
FAMILIES = (901, 902)
ANNULLED = ((), ("nik",), ("family",), ("nik", "registration"))

people = st.builds(replace, statements(), person=st.sampled_from(PEOPLE)).map(
    lambda one: replace(one, attributes={"name": "Siti", **one.attributes})
)


@dataclass(frozen=True, slots=True)
class Merge:
    """One of three persons turns out to be another; `own` and `other` choose what is annulled."""

    survivor: int
    other: int
    own: int
    other_annulled: int


merges = st.builds(
    lambda pair, own, other: Merge(*pair, own, other),
    st.sampled_from([(one, two) for one in PEOPLE for two in PEOPLE if one != two]),
    st.integers(0, len(ANNULLED) - 1),
    st.integers(0, len(ANNULLED) - 1),
)
stories = st.tuples(
    st.lists(people, min_size=1, max_size=6),
    merges,
    st.lists(people, max_size=4),
    st.none() | merges,
    st.booleans(),
)
"""What is said first, a merge, what is said after it of who is not retired, another merge, and whether it is parted."""


class Told:
    """Tells a story to a register, keeping what it answered on the way."""

    def __init__(self, register: Any, numbers: Mapping[int, int], *, number: Any) -> None:
        self.register = register
        self.numbers = dict(numbers)
        self._number = number
        self._minute = 0
        self.answers: dict[tuple[int, date], Any] = {}
        self.position = 0

    def say(self, said: Sequence[Statement]) -> None:
        for one in said:
            if self.is_retired(one.person):
                continue
            (event,) = events_of([one], self.numbers)
            self._append([replace(event, version=self._version(one.person) + 1, recorded_at=self._now())])

    def merge(self, told: Merge) -> bool:
        from mutakhir.core.attribution import survivor_of
        from mutakhir.core.rules.double_id import Annulled, merge

        histories = self.register.histories(self.numbers[one] for one in (told.survivor, told.other))
        survivor, other = (histories[self.numbers[one]] for one in (told.survivor, told.other))
        if not (survivor.events and other.events) or any(map(self.is_retired, (told.survivor, told.other))):
            return False
        annulled = Annulled(ANNULLED[told.own], ANNULLED[told.other_annulled])
        self._append(
            merge(
                survivor, other, annulled, source="request:7", reason="twice", actor="nira", now=self._now()
            )
        )
        retired = self.register.histories([other.subject])[other.subject].events
        assert survivor_of(retired) == survivor.subject
        return True

    def part(self, told: Merge) -> None:
        from mutakhir.actions.facts import Withdrawal, withdraw_facts
        from mutakhir.core.actors import Actor

        histories = self.register.histories(self.numbers[one] for one in (told.survivor, told.other))
        last = {
            number: [one.version for one in history.events if one.record is None and _merges(one)][-1]
            for number, history in histories.items()
        }
        self._append(
            withdraw_facts(
                [Withdrawal(number, (version,)) for number, version in last.items()],
                source="request:8",
                reason="error",
                caused_by=None,
                actor=Actor("nira"),
                now=self._now(),
                register=self.register,
            )
        )

    def is_retired(self, person: int) -> bool:
        from mutakhir.core.attribution import survivor_of

        number = self.numbers[person]
        return survivor_of(self.register.histories([number])[number].events) is not None

    def _version(self, person: int) -> int:
        number = self.numbers[person]
        return int(self.register.histories([number])[number].version)

    def _now(self) -> Any:
        self._minute += 1
        return RECORDED + timedelta(minutes=self._minute)

    def _append(self, events: Iterable[Any]) -> None:
        self.register.append(list(events))
        self._number()
        self.position += 1

    def known(self, position: int | None, days: Sequence[date] = ALL_DAYS) -> Any:
        """What is known of everybody, without what each register numbers for itself."""
        names = {number: person for person, number in self.numbers.items()}
        return {
            on: {
                names[number]: {name: self._bare(one, names) for name, one in answers.items()}
                for number, answers in self.register.as_of(
                    list(self.numbers.values()), on=on, position=position
                ).items()
            }
            for on in days
        }

    def _bare(self, answer: Answer, names: Mapping[int, int]) -> Answer:
        value = names.get(answer.value, answer.value) if isinstance(answer.value, int) else answer.value
        return replace(answer, event=None, value=value)

    def projected(self) -> Any:
        """What the projections say of everybody now."""
        names = {number: person for person, number in self.numbers.items()}
        numbers = list(self.numbers.values())

        def persons(found: Mapping[str, Iterable[int]]) -> dict[str, list[int]]:
            return {value: sorted(names[one] for one in subjects) for value, subjects in found.items()}

        return {
            "current": {
                names[number]: {
                    name: names.get(value, value) if name == "same_as" else value
                    for name, value in values.items()
                }
                for number, values in self.register.current(numbers).items()
                if values
            },
            "versions": {names[one]: version for one, version in self.register.versions(numbers).items()},
            "niks": persons(self.register.by_identifier("nik", NIKS)),
            "former": persons(self.register.by_former_number("nik", NIKS)),
            "members": {
                one: sorted(names[member] for member in self.register.members(one)) for one in FAMILIES
            },
        }


def _merges(event: Any) -> bool:
    return event.type == "merged" or "same_as" in (event.body or {}).get("attributes", {})


@given(story=stories)
@examples(120)
def test_a_merge_never_changes_an_earlier_answer(story: Any) -> None:
    before, first, after, second, _ = story
    register = memory()
    told = Told(register, {one: one for one in PEOPLE}, number=register.number_events)
    seen: dict[int, Any] = {}

    def look() -> None:
        seen[register.position] = told.known(register.position)

    told.say(before)
    look()
    told.merge(first)
    look()
    told.say(after)
    look()
    if second is not None:
        told.merge(second)
    for position, answer in seen.items():
        assert told.known(position) == answer
    assert told.known(None) == told.known(register.position)


@given(story=stories)
@examples(120)
def test_parting_gives_back_exactly_what_was_there(story: Any) -> None:
    """The answers for every day, and every projection; only the versions have grown."""
    before, first, _, _, _ = story
    register = memory()
    told = Told(register, {one: one for one in PEOPLE}, number=register.number_events)
    told.say(before)
    answers, projected = told.known(None), told.projected()
    if not told.merge(first):
        return
    position = register.position
    merged = told.known(None)
    told.part(first)
    assert told.known(None) == answers
    assert {**told.projected(), "versions": {}} == {**projected, "versions": {}}
    assert told.known(position) == merged, "that they were taken for one person stays known"


@given(story=stories)
@examples(100)
def test_every_number_still_finds_the_survivor(story: Any) -> None:
    """A NIK that anybody of the merged carried leads to who they are now, as their own or as a former one."""
    before, first, _, second, _ = story
    register = memory()
    told = Told(register, {one: one for one in PEOPLE}, number=register.number_events)
    told.say(before)
    carried = told.projected()["niks"]
    done = [one for one in (first, second) if one is not None and told.merge(one)]
    into = {one.other: one.survivor for one in done}
    now = told.projected()
    for nik, carriers in carried.items():
        for carrier in carriers:
            while carrier in into:
                carrier = into[carrier]
            assert carrier in [*now["niks"].get(nik, []), *now["former"].get(nik, [])]


@pytest.mark.django_db
@given(story=stories)
@examples(60)
def test_merges_are_alike_in_both_registers_and_rebuilt(story: Any) -> None:
    from mutakhir import wiring
    from mutakhir.store import feed, rebuild

    before, first, after, second, parted = story
    plain = memory()
    with postgres() as real:
        base = feed.head()
        numbers = {person: real.new_id() for person in PEOPLE}
        told = [
            Told(plain, numbers, number=plain.number_events),
            Told(real, numbers, number=feed.number_events),
        ]
        for one in told:
            one.say(before)
            done = one.merge(first)
            one.say(after)
            if second is not None:
                one.merge(second)
            if done and parted and not any(map(one.is_retired, (first.survivor,))):
                one.part(first)
        assert told[0].projected() == told[1].projected()
        assert told[0].known(None) == told[1].known(None)
        for position in range(plain.position + 1):
            days = ALL_DAYS[::6]
            assert told[0].known(position, days) == told[1].known(base + position, days)
        done = rebuild.rebuild(open_register=wiring.open_register, report=lambda _: None, check=True)
        assert done.differences == ()
