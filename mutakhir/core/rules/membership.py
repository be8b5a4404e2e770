"""Membership: who is the head of a family where several are said to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

HEAD = "1"


@dataclass(frozen=True, slots=True)
class Seat:
    """What a person will be in a family once everything that is stated is believed; `holds` who is head already."""

    person: int
    family: int
    relation: str | None
    holds: bool = False


def second_heads(seats: Iterable[Seat]) -> frozenset[int]:
    """The persons who cannot be head because the family has one: who is head stays, else who is named first is."""
    claims: dict[int, list[Seat]] = {}
    for seat in seats:
        if seat.relation == HEAD:
            claims.setdefault(seat.family, []).append(seat)
    return frozenset(
        seat.person
        for claimed in claims.values()
        if len(claimed) > 1
        for seat in sorted(claimed, key=lambda one: not one.holds)[1:]
    )
