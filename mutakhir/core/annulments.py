"""What taking statements back does to each value: what stands now, what was stated, and what holds afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from mutakhir.core.events import History
from mutakhir.core.facts import Value, attributes_of, fold, standing


class Outcome(StrEnum):
    RETURNS = "returns"
    STANDS = "stands"


@dataclass(frozen=True, slots=True)
class Line:
    """One value of one subject: what was `stated` in error, what stands `now`, and what holds `after`.

    A value that somebody else stated since `stands`: it is never undone, and is shown as the conflict that it is.
    """

    subject: int
    of: str
    attribute: str
    stated: Value
    now: Value
    after: Value
    outcome: Outcome


def lines_of(
    history: History, versions: Iterable[int], *, authorities: Mapping[str, str]
) -> tuple[Line, ...]:
    """The values that some statements of a subject said, with what becomes of each when the statements are withdrawn.

    In the order of their names, as a register keeps them.
    """
    gone = frozenset(versions)
    told = standing(history.events)
    said: dict[str, Value] = {}
    for event in told:
        if event.version in gone:
            said |= attributes_of(event)
    if not said:
        return ()
    now, after = (
        fold(some, on=date.max, authorities=authorities)
        for some in (told, [event for event in told if event.version not in gone])
    )
    own = {event.id for event in told if event.version in gone}

    def line(attribute: str, stated: Value) -> Line:
        answer = now.get(attribute)
        left = after[attribute].value if attribute in after else None
        outcome = Outcome.RETURNS if answer is None or answer.event in own else Outcome.STANDS
        current = answer.value if answer is not None else None
        return Line(history.subject, history.events[0].kind, attribute, stated, current, left, outcome)

    return tuple(line(attribute, stated) for attribute, stated in sorted(said.items()))


def write_lines(lines: Iterable[Line]) -> list[dict[str, Any]]:
    return [{**asdict(line), "outcome": line.outcome.value} for line in lines]


def read_lines(rows: Iterable[Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(Line(**{**row, "outcome": Outcome(row["outcome"])}) for row in rows)
