"""Attribution: which records are a person's since two turned out to be one, and where a retired number leads.

A merge is two statements: `same_as` of the person who is retired, and a `merged` event of the one who stays. From then on
the records of both are the survivor's; none of them is changed, so that withdrawing the two statements gives back exactly
what was there before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from mutakhir.core.events import NOTHING, Event
from mutakhir.core.facts import Value, attributes_of, fold, standing, timeline, values

SAME_AS = "same_as"
"""Of a retired person: who they are."""
MERGED_INTO = "merged_into"
"""Of a family that ended because it joined another: which one."""
CAME_FROM = "came_from"
"""Of a family that was made by a split: which family it came from."""

Histories = Mapping[int, Sequence[Event]]
"""The whole histories of some subjects, with everybody whom they were merged with."""


def is_touched(events: Sequence[Event]) -> bool:
    """Whether a person was ever merged with another, in either part. One event alone never says so."""
    return len(events) > 1 and any(
        event.type == "merged" or SAME_AS in attributes_of(event) for event in events
    )


def others_of(events: Iterable[Event]) -> Iterator[int]:
    """The persons whose records were ever attributed to the subject of these events."""
    for event in events:
        if event.type == "merged" and event.body is not None:
            yield event.body["other"]


def survivor_of(events: Sequence[Event], *, position: int | None = None) -> int | None:
    """Who a person was found to be; None for somebody who stands alone, or does so again."""
    retired = _retirement(standing(events, position))
    return None if retired is None else attributes_of(retired)[SAME_AS]


def _retirement(said: Iterable[Event]) -> Event | None:
    return next((one for one in reversed(list(said)) if attributes_of(one).get(SAME_AS) is not None), None)


def attributed(subject: int, histories: Histories, *, position: int | None = None) -> tuple[Event, ...]:
    """The events that tell about a subject, as far as they were known at a position.

    Of a survivor these are also the statements about everybody who was found to be the same person, without what the
    merge annulled; of somebody who was retired only the statement that says so. The last event is the subject's own.
    """
    own = tuple(histories.get(subject, ()))
    if not is_touched(own):
        return own
    retired = _retirement(standing(own, position))
    return _gathered(subject, histories, position) if retired is None else (retired,)


def _gathered(subject: int, histories: Histories, position: int | None) -> tuple[Event, ...]:
    own = list(histories.get(subject, ()))
    merges = [one for one in standing(own, position) if one.type == "merged"]
    found = own
    for merge in merges:
        body = merge.body or NOTHING
        annulled = frozenset(body["annulled"]["own"])
        found = [
            _without(one, annulled) if one.subject == subject and one.version < merge.version else one
            for one in found
        ]
        left_out = frozenset((*body["annulled"]["other"], SAME_AS))
        others = standing(_gathered(body["other"], histories, position), position)
        found += [kept for one in others if attributes_of(kept := _without(one, left_out))]
    return tuple(sorted(found, key=lambda one: one.id or 0)) if merges else tuple(own)


def _without(event: Event, names: frozenset[str]) -> Event:
    stated = attributes_of(event)
    if not names & stated.keys():
        return event
    kept = {name: value for name, value in stated.items() if name not in names}
    return replace(event, body={**(event.body or NOTHING), "attributes": kept})


def merges_of(events: Sequence[Event], *, position: int | None = None) -> tuple[Event, ...]:
    """The merges of a survivor that stand, the earliest first."""
    return tuple(one for one in standing(events, position) if one.type == "merged")


def former_numbers(
    subject: int, histories: Histories, *, authorities: Mapping[str, str], names: Iterable[str]
) -> tuple[tuple[str, str], ...]:
    """The identifiers by which a survivor's records were found before the merge, and which are not the survivor's own.

    Pairs of kind and number; nothing for a person whose records are their own, or who is retired.
    """
    own = histories.get(subject, ())
    if not is_touched(own) or survivor_of(own) is not None:
        return ()
    now = _now(attributed(subject, histories), authorities)
    kinds = tuple(names)
    found: dict[tuple[str, str], None] = {}
    for person in everybody(subject, histories):
        told = _now(histories.get(person, ()), authorities)
        for kind in kinds:
            number = told.get(kind)
            if isinstance(number, str) and number != now.get(kind):
                found[kind, number] = None
    return tuple(found)


def carrier_of(number: str, subject: int, histories: Histories, *, kind: str) -> int:
    """Whose own records carry a number: the survivor, or one of those who were found to be the same person."""
    for person in everybody(subject, histories):
        if any(attributes_of(event).get(kind) == number for event in histories.get(person, ())):
            return person
    return subject


def everybody(subject: int, histories: Histories) -> Iterator[int]:
    """Everybody who is one person now, the survivor first."""
    yield subject
    for merge in merges_of(histories.get(subject, ())):
        yield from everybody((merge.body or NOTHING)["other"], histories)


def _now(events: Iterable[Event], authorities: Mapping[str, str]) -> Mapping[str, Value]:
    return values(fold(events, on=date.max, authorities=authorities))


def former_families(
    events: Sequence[Event], *, authorities: Mapping[str, str]
) -> tuple[tuple[int, date | None, date | None], ...]:
    """The families in which a retired person was said to be, with the days; nothing for anybody else."""
    if not is_touched(events) or survivor_of(events) is None:
        return ()
    return tuple(
        (one.value, one.from_, one.to) for one in timeline(events, "family", authorities=authorities)
    )
