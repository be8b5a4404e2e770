"""Intake: of whom a row of a list speaks, and what of it is news to the register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from mutakhir.core.comparison import is_same
from mutakhir.core.events import Event
from mutakhir.core.facts import Answer, Value
from mutakhir.core.people import search_key
from mutakhir.core.rules.rows import Validated

NAMES_ALIKE = 0.85
"""Two names that share this much of their letters are one name as two clerks wrote it."""
CALL_NAME_LETTERS = 4
"""A name of at least so many letters that stands within the other is how neighbours call the same person."""

FOLLOWING: Mapping[str, str] = {"decile_version": "decile", "registration_reason": "registration"}
"""What is said only together with another attribute: alone it is no news."""

PERSON_SUFFIX, FAMILY_SUFFIX = "_id", "_family_id"


def person_kind(layout: str) -> str:
    """The kind of identifier under which a source's own number of a person is kept."""
    return layout + PERSON_SUFFIX


def family_kind(layout: str) -> str:
    return layout + FAMILY_SUFFIX


def is_identifier(attribute: str) -> bool:
    """Whether an attribute is a number by which its subject is found: NIK, No KK, or a source's own."""
    return attribute in ("nik", "no_kk") or attribute.endswith(PERSON_SUFFIX)


def told_at_once(events: Sequence[Event]) -> Mapping[str, Value] | None:
    """The values of a subject of whom one event told everything, as in a first import; None for any other history."""
    first = events[0]
    if len(events) > 1 or first.type != "facts_stated" or first.body is None or first.holds_to is not None:
        return None
    attributes: Mapping[str, Value] = first.body["attributes"]
    if None not in attributes.values():
        return attributes
    return {name: value for name, value in attributes.items() if value is not None}


def says_all(event: Event, stated: Mapping[str, Value], *, authority: str, on: date) -> bool:
    """Whether a single event of the same authority said all of this already, and it held on that day."""
    if event.authority != authority or (event.holds_from or date.min) > on:
        return False
    said: Mapping[str, Value] = event.body["attributes"] if event.body is not None else {}
    return all(
        name in FOLLOWING or (name in said and is_same(said[name], value)) for name, value in stated.items()
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """A row with its place among the rows of its file.

    `first_row` is the first row with the same NIK, 0 if this is the first; `occurrence` counts the rows before it that
    also give the same name and birth date.
    """

    row: Validated
    occurrence: int = 0
    first_row: int = 0


_FINGERPRINT_BITS = 32
_FINGERPRINT = (1 << _FINGERPRINT_BITS) - 1


class Occurrences:
    """Counts the NIKs of one file while its rows pass by in their order; some 100 bytes a row."""

    __slots__ = ("_again", "_first")

    def __init__(self) -> None:
        self._first: dict[int, int] = {}
        self._again: Counter[tuple[int, int]] = Counter()

    def enter(self, row: Validated) -> Entry:
        if row.nik is None or row.rejected:
            return Entry(row)
        number = int(row.nik)
        fingerprint = hash((row.person.get("name"), row.person.get("birth_date"))) & _FINGERPRINT
        packed = row.row_number << _FINGERPRINT_BITS | fingerprint
        first = self._first.setdefault(number, packed)
        if first == packed:
            return Entry(row)
        earlier = self._again[number, fingerprint] + (first & _FINGERPRINT == fingerprint)
        self._again[number, fingerprint] += 1
        return Entry(row, earlier, first >> _FINGERPRINT_BITS)


def is_same_person(row: Mapping[str, Value], known: Mapping[str, Value]) -> bool:
    """Whether a row that carries somebody's number speaks of that person: the name or the birth date must agree too.

    A number alone proves nothing: numbers are typed over from the neighbour's card.
    """
    birth = row.get("birth_date")
    return (birth is not None and birth == known.get("birth_date")) or _names_agree(
        row.get("name"), known.get("name")
    )


def _names_agree(one: Value, other: Value) -> bool:
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    first, second = search_key(one), search_key(other)
    if not first or not second:
        return False
    if first == second:
        return True
    shorter, longer = sorted((first, second), key=len)
    if set(shorter.split()) <= set(longer.split()) or (
        len(shorter) >= CALL_NAME_LETTERS and shorter in longer
    ):
        return True
    return SequenceMatcher(None, first, second).ratio() >= NAMES_ALIKE


def news(
    stated: Mapping[str, Value], holding: Mapping[str, Answer], *, authority: str, source: str = ""
) -> tuple[dict[str, Value], tuple[str, ...]]:
    """What of a statement the register does not hold already, and the attributes on which the same source disagrees.

    A value that stands by the same authority is no news; by another's word it is, for a claim is confirmed or a claim
    is made. With `source`, what an earlier row of the same source said stays.
    """
    fresh: dict[str, Value] = {}
    differing: list[str] = []
    for name, value in stated.items():
        answer = holding.get(name)
        if answer is not None:
            if answer.authority == authority and is_same(answer.value, value):
                continue
            if source and answer.source.startswith(source):
                if name not in FOLLOWING:
                    differing.append(name)
                continue
        fresh[name] = value
    for follower, leader in FOLLOWING.items():
        if follower in fresh and leader in stated and leader not in fresh:
            del fresh[follower]
    return fresh, tuple(differing)


def registration_of(registry_status: Value) -> dict[str, Value]:
    """What a row of the social list says of registration: standing on it registers, unless its own status says no."""
    if registry_status == "inactive":
        return {"registration": "ended", "registration_reason": "status_dtsen"}
    return {"registration": "registered", "registration_reason": "import"}


def choose(
    candidates: Iterable[int],
    *,
    entry: Entry,
    known: Mapping[int, Mapping[str, Value]],
    taken: AbstractSet[int],
) -> int | None:
    """The person of whom a row with a known number speaks, among those who carry the number.

    Equal rows of one file are different people: the second of them is the second who agrees, or nobody known.
    """
    agreeing = [one for one in candidates if is_same_person(entry.row.person, known[one])]
    return next((one for one in agreeing[entry.occurrence :] if one not in taken), None)
