"""Families that split and families that join: which part keeps the family's number, and what each part takes along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mutakhir.core.facts import Value
from mutakhir.core.rules.membership import HEAD

SPOUSE = "2"
ADULT_YEARS = 17
"""Who has an identity card of their own may stand for a family."""
PEOPLE, REST, NEITHER = "people", "rest", "neither"
"""The parts of a split: those who are named, and those who are not. A card may also stay with neither of them."""
PLACE = ("address", "rt", "rw", "dusun", "landmark", "point")
"""What is known of where a family lives, beside its dwelling."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """The part that keeps the family's number, and why: `no_kk`, `spouse` or `eldest`."""

    part: str
    why: str


def keeper(
    members: Mapping[int, Mapping[str, Value]], people: Iterable[int], *, card: str, today: date
) -> Keeper:
    """Which part keeps the number of a family that splits into `people` and the rest.

    The part that keeps its No KK (`card` says which: people, rest or neither); else the part with the spouse of the
    head of until now; else the part with the eldest adult, or with the eldest where nobody is grown up.
    """
    named = frozenset(people)

    def part_of(person: int) -> str:
        return PEOPLE if person in named else REST

    if card in (PEOPLE, REST):
        return Keeper(card, "no_kk")
    spouse = next((one for one, known in sorted(members.items()) if known.get("relation") == SPOUSE), None)
    if spouse is not None:
        return Keeper(part_of(spouse), "spouse")
    grown = [one for one, known in members.items() if is_adult(known, today)]
    eldest = min(grown or members, key=lambda one: (_born(members[one]), one))
    return Keeper(part_of(eldest), "eldest")


def is_adult(known: Mapping[str, Value], today: date) -> bool:
    """Whether somebody has an identity card of their own; of whom no birth is known that is not said."""
    born = str(known.get("birth_date") or "")
    if not born:
        return False
    # Of a birth often only the year, or year and month, is known: then the latest day that it may mean.
    latest = f"{born}-12-31"[:10] if len(born) == 4 else f"{born}-28"[:10]
    return latest <= f"{today.year - ADULT_YEARS:04}-{today.month:02}-{today.day:02}"


def _born(known: Mapping[str, Value]) -> str:
    return str(known.get("birth_date") or "9999")


def heads_of(members: Mapping[int, Mapping[str, Value]]) -> tuple[int, ...]:
    return tuple(one for one, known in sorted(members.items()) if known.get("relation") == HEAD)


def lacks(members: Mapping[int, Mapping[str, Value]], *, pengurus: Value) -> tuple[str, ...]:
    """What a family lacks, as rule ids: members; else a head, and whoever receives for it, where that person left."""
    if not members:
        return ("family-without-members",)
    found = [] if heads_of(members) else ["family-without-head"]
    if pengurus is not None and pengurus not in members:
        found.append("family-without-pengurus")
    return tuple(found)
