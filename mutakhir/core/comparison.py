"""Three values side by side: what was seen when a request was written, what holds now, what is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mutakhir.core.attribution import SAME_AS
from mutakhir.core.facts import Value


class Outcome(StrEnum):
    VALID = "valid"
    SATISFIED = "satisfied"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute of one subject that a request wants to change, with the value that it saw."""

    subject: int
    of: str
    attribute: str
    seen: Value
    wanted: Value


@dataclass(frozen=True, slots=True)
class Line:
    """A change together with the value of now and what comes of it."""

    change: Change
    current: Value
    outcome: Outcome


def compare(*, seen: Value, current: Value, wanted: Value) -> Outcome:
    """A value that is already there satisfies; a value that nobody touched since is valid; anything else conflicts.

    `True` and `1` are different values, as they are in JSON.
    """
    if is_same(current, wanted):
        return Outcome.SATISFIED
    return Outcome.VALID if is_same(current, seen) else Outcome.CONFLICT


def is_same(left: Value, right: Value) -> bool:
    """Whether two values are one: a yes is no number, as it is none in JSON."""
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def compare_all(changes: Iterable[Change], current: Mapping[int, Mapping[str, Value]]) -> tuple[Line, ...]:
    """Compare each change with the current values, given by subject and attribute; what is absent is None."""
    nobody: Mapping[str, Value] = {}
    lines = []
    for change in changes:
        known = current.get(change.subject, nobody)
        now = known.get(change.attribute)
        outcome = compare(seen=change.seen, current=now, wanted=change.wanted)
        if outcome is Outcome.VALID and SAME_AS in known:
            # Who turned out to be somebody else is told nothing any more.
            outcome = Outcome.CONFLICT
        lines.append(Line(change, now, outcome))
    return tuple(lines)


def outcome_of(lines: Iterable[Line]) -> Outcome:
    """One conflict makes a conflict; if everything is already so, nothing is left to do."""
    outcomes = {line.outcome for line in lines}
    if Outcome.CONFLICT in outcomes:
        return Outcome.CONFLICT
    return Outcome.VALID if Outcome.VALID in outcomes else Outcome.SATISFIED
