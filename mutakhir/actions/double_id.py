"""What a request about a double ID comes to: who is retired as whom, and what of each is annulled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mutakhir.actions.families import Wanted
from mutakhir.actions.reach import is_within_reach
from mutakhir.core.actors import Actor
from mutakhir.core.attribution import SAME_AS
from mutakhir.core.change_requests import Request
from mutakhir.core.events import NOTHING
from mutakhir.core.facts import Value
from mutakhir.core.refusals import Refusal
from mutakhir.core.rules.double_id import MEMBERSHIP, held, places
from mutakhir.core.rules.intake import is_identifier
from mutakhir.core.terms import Terms
from mutakhir.ports import Register


def programme_places(terms: Terms) -> tuple[str, ...]:
    """The attributes of a person that say which place they have in a programme."""
    return tuple(
        one.name
        for one in terms.attributes
        if one.of == "person" and (one.authority == "programme" or one.name in INSURANCE)
    )


Goes = tuple[int, tuple[str, ...]]
"""A person, and the attributes of theirs that are annulled."""
INSURANCE = ("health_insurance", "work_insurance")
"""Places in the programmes of social insurance, which the living conditions ask about."""


def source_numbers(known: Mapping[str, Value]) -> dict[str, Value]:
    """The numbers that other systems gave to a person, as an ID DTKS."""
    return {name: number for name, number in known.items() if is_identifier(name) and name != "nik"}


def read_double(
    choices: Mapping[str, Any],
    request: Request,
    *,
    actor: Actor,
    today: date,
    register: Register,
    terms: Terms,
) -> tuple[list[Wanted], list[Refusal]]:
    """The person of the request and the `other` are one: `membership`, `programme` and `nik` name whose of each stays.

    Whose membership stays is the survivor; until somebody has said so nothing is changed. What does not stay is annulled:
    it is wanted to be nothing. The numbers of other systems are no attributes of a form; see `numbers_annulled`.
    """
    first, other = request.person, choices.get("other")
    if first is None or other is None:
        return [], []
    reasons = why_not_double(first, other, actor=actor, register=register)
    if reasons:
        return [], reasons
    known = register.current([first, other])
    survivor = _chosen(choices, "membership", known)
    if survivor is None:
        return [], []
    retired = other if survivor == first else first
    wanted: list[Wanted] = [(retired, "person", SAME_AS, survivor)]
    wanted += [(retired, "person", name, None) for name in held(MEMBERSHIP, known[retired])]
    for place, names in places(programme_places(terms)).items():
        if place == "membership":
            continue
        stays = _chosen(choices, place, known) or survivor
        goes = other if stays == first else first
        wanted += [
            (goes, "person", name, None)
            for name in held(names, known[goes])
            if known[stays].get(name) not in (None, known[goes][name])
        ]
    return wanted, []


def numbers_annulled(
    choices: Mapping[str, Any], known: Mapping[int, Mapping[str, Value]], survivor: int
) -> Goes:
    """Which numbers of other systems go: of whom `source` does not name, where both have one; the survivor's stay."""
    stays = _chosen(choices, "source", known) or survivor
    [goes] = [one for one in known if one != stays]
    kept = source_numbers(known[stays])
    return goes, tuple(
        name for name, number in source_numbers(known[goes]).items() if kept.get(name, number) != number
    )


def _chosen(choices: Mapping[str, Any], place: str, among: Mapping[int, Mapping[str, Value]]) -> int | None:
    chosen = choices.get(place)
    return chosen if isinstance(chosen, int) and chosen in among else None


def likely(known: Mapping[int, Mapping[str, Value]]) -> int:
    """Who of two is offered as the survivor: who is registered, else who was known first."""
    return min(known, key=lambda one: (known[one].get("registration") != "registered", one))


def why_not_double(first: int, other: int, *, actor: Actor, register: Register) -> list[Refusal]:
    """Why two persons cannot be said to be one: the other is unknown or the same, or one of them is retired already."""
    if not is_within_reach(other, "person", actor=actor, register=register):
        return [Refusal.of("person-unknown")]
    if first == other:
        return [Refusal.of("double-needs-two-persons")]
    known = register.current([first, other])
    if any(known.get(one, NOTHING).get(SAME_AS) is not None for one in (first, other)):
        return [Refusal.of("person-retired")]
    return []
