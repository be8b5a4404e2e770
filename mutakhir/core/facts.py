"""Facts: what holds for a subject on a day, folded attribute by attribute from what was stated, as far as it was known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from mutakhir.core.events import NOTHING, Event

Value = Any
"""A JSON scalar: an official code as text, an ISO day as text, a whole number, true or false, or None for "ended"."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What holds for one attribute, in which days, said by whom, recorded when, and from which source."""

    value: Value
    from_: date | None
    to: date | None
    recorded: datetime
    authority: str
    source: str
    claim: bool
    event: int | None
    actor: str

    def __post_init__(self) -> None:
        if self.to is not None and self.from_ is not None and self.to <= self.from_:
            raise ValueError("an answer must hold for at least one day")


STATEMENTS = frozenset({"facts_stated", "merged"})
"""Events that say something that can be taken back: values, or that two records speak of one person."""


def is_known(event: Event, position: int | None) -> bool:
    """Without a position everything committed is known; with one, only what was numbered up to it."""
    return position is None or (event.position is not None and event.position <= position)


def standing(events: Iterable[Event], position: int | None = None) -> list[Event]:
    """The statements about a subject that are known and that no later event has withdrawn.

    A `facts_withdrawn` event names the versions of the statements that it takes back. What held before them holds
    again; what others said after them stands as it did. Known from its own position on, it changes no earlier answer.
    """
    kept: list[Event] = []
    withdrawn: set[tuple[int, int]] = set()
    for event in events:
        if event.body is None or not is_known(event, position):
            continue
        if event.type in STATEMENTS:
            kept.append(event)
        elif event.type == "facts_withdrawn":
            withdrawn.update((event.subject, version) for version in event.body["versions"])
    if not withdrawn:
        return kept
    return [event for event in kept if (event.subject, event.version) not in withdrawn]


def fold(
    events: Iterable[Event],
    *,
    on: date,
    position: int | None = None,
    authorities: Mapping[str, str],
) -> dict[str, Answer]:
    """Return what holds on a day, attribute by attribute.

    `authorities` names the authority of each attribute. What the authority itself said goes before what another body
    said of it (a claim); then the later beginning goes before the earlier; then the later recording. News that comes
    late never undoes newer news: it takes its place in time.
    """
    stated: dict[str, list[tuple[bool, date, int, Event, Value]]] = {}
    for place, event in enumerate(standing(events, position)):
        begins = event.holds_from or date.min
        for name, value in attributes_of(event).items():
            own = authorities.get(name, "social") == event.authority
            stated.setdefault(name, []).append((own, begins, place, event, value))
    answers: dict[str, Answer] = {}
    for name, statements in stated.items():
        answer = _answer(statements, on)
        if answer is not None:
            answers[name] = answer
    return answers


def _answer(statements: list[tuple[bool, date, int, Event, Value]], on: date) -> Answer | None:
    holding = [
        one for one in statements if one[1] <= on and (one[3].holds_to is None or on < one[3].holds_to)
    ]
    if not holding:
        return None
    own, _, _, event, value = max(holding, key=lambda one: one[:3])
    ends = [one[1] for one in statements if one[1] > on and one[0] >= own]
    if event.holds_to is not None:
        ends.append(event.holds_to)
    return Answer(
        value=value,
        from_=event.holds_from,
        to=min(ends, default=None),
        recorded=event.recorded_at,
        authority=event.authority,
        source=source_of(event),
        claim=not own,
        event=event.id,
        actor=event.actor,
    )


_OF_FILE = re.compile(r"source:(\d{1,18})(?: |$)")
_OF_REQUEST = re.compile(r"request:(\d{1,18})$")


def file_in(source: str) -> int | None:
    """The number of the file that a source text speaks of: 12 for "source:12 row:5"."""
    found = _OF_FILE.match(source)
    return int(found[1]) if found else None


def request_in(source: str) -> int | None:
    """The number of the request that a source text speaks of: 12 for "request:12"."""
    found = _OF_REQUEST.match(source)
    return int(found[1]) if found else None


def source_of(event: Event) -> str:
    """Name the record that an event came from, in a stable form: `source:...` of a file, `request:N`, or the actor."""
    if event.body is not None and "source" in event.body:
        return str(event.body["source"])
    if event.record is not None:
        return f"record:{event.record}"
    return f"actor:{event.actor}"


def values(answers: Mapping[str, Answer]) -> dict[str, Value]:
    """Keep only the values of answers; ended ones are left out."""
    return {name: answer.value for name, answer in answers.items() if answer.value is not None}


def timeline(
    events: Iterable[Event], attribute: str, *, authorities: Mapping[str, str]
) -> tuple[Answer, ...]:
    """Every value that an attribute had, in order of days, as it is known now; ended ones are left out.

    Neighbouring periods with the same value are one.
    """
    kept = [event for event in standing(events) if attribute in attributes_of(event)]
    days = sorted(
        {event.holds_from or date.min for event in kept} | {day for one in kept if (day := one.holds_to)}
    )
    answers: list[Answer] = []
    for day in days:
        answer = fold(kept, on=day, authorities=authorities).get(attribute)
        if answer is None or answer.value is None:
            continue
        before = answers[-1] if answers else None
        begins = None if day == date.min else day
        if before is not None and before.value == answer.value and (before.to is None or before.to >= day):
            answers[-1] = replace(before, to=answer.to)
        else:
            answers.append(replace(answer, from_=begins))
    return tuple(answers)


def attributes_of(event: Event) -> Mapping[str, Value]:
    """What an event states; nothing for an event of another kind, or one whose body is gone."""
    if event.type != "facts_stated" or event.body is None:
        return NOTHING
    attributes: Mapping[str, Value] = event.body["attributes"]
    return attributes
