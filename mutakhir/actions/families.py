"""What a split and a join of families come to: who moves to which family, and what each family is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from mutakhir.actions.reach import is_within_reach
from mutakhir.core.actors import Actor
from mutakhir.core.attribution import CAME_FROM, MERGED_INTO, SAME_AS
from mutakhir.core.change_requests import Request
from mutakhir.core.events import NOTHING
from mutakhir.core.facts import Value
from mutakhir.core.refusals import Refusal
from mutakhir.core.rules.families import NEITHER, PEOPLE, PLACE, REST, Keeper, heads_of, keeper
from mutakhir.core.terms import Terms
from mutakhir.ports import Register

Wanted = tuple[int, str, str, Value]
"""Subject, what it is, attribute and value, as a request wants it."""
Members = Mapping[int, Mapping[str, Value]]
THIS, OTHER, NEW = "this", "other", "new"
"""The family that a join is asked for, the one that it is joined with, and a card that is neither's."""


def members_of(family: int, register: Register) -> dict[int, Mapping[str, Value]]:
    """Who belongs to a family now, with the values of now."""
    known = register.current(register.members(family))
    return {one: values for one, values in known.items() if values.get("family") == family}


def relation_of(choices: Mapping[str, Any], person: int, known: Mapping[str, Value]) -> Value:
    """What somebody will be to the head: as the form says, or as before."""
    return choices.get(f"relation:{person}") or known.get("relation")


def read_split(
    choices: Mapping[str, Any],
    request: Request,
    *,
    actor: Actor,
    today: date,
    register: Register,
    terms: Terms,
) -> tuple[list[Wanted], list[Refusal]]:
    """`people` makes a family of its own beside the rest; whichever part does not keep the number gets a new one.

    `joining` are persons of other families who belong with `people` from now on, as somebody whom they married. `card`
    says with which part the No KK stays, `no_kk_people` and `no_kk_rest` are new numbers, `house` is same or apart with
    the address of `people`, `relation:ID` what a person will be, and `keeps` the part that keeps the number where
    somebody decides otherwise, with `keeps_reason`.
    """
    family = request.family or 0
    members = members_of(family, register)
    people = [one for one in choices.get("people") or () if one in members]
    if len(people) != len(choices.get("people") or ()):
        return [], [Refusal.of("person-not-of-family")]
    joining = tuple(choices.get("joining") or ())
    unfit = [
        reason for one in joining for reason in why_not_joining(one, family, actor=actor, register=register)
    ]
    if unfit or not people:
        return [], unfit
    if len(people) == len(members):
        return [], [Refusal.of("split-needs-two-parts")]
    found, reasons = _decided(choices, members, people, today=today)
    reasons += _card_findings(choices, terms)
    parts = {PEOPLE: people, REST: [one for one in members if one not in people]}
    after = {
        part: {one: {**members[one], "relation": relation_of(choices, one, members[one])} for one in inside}
        for part, inside in parts.items()
    }
    for one, values in register.current(joining).items():
        after[PEOPLE][one] = {**values, "relation": choices.get(f"relation:{one}")}
    reasons += [reason for part in after.values() for reason in _second_head(part)]
    leaving = REST if found.part == PEOPLE else PEOPLE
    made = next((one.subject for one in request.changes if one.attribute == CAME_FROM), None)
    new = made or register.new_id()
    known = register.current([family]).get(family, NOTHING)
    wanted: list[Wanted] = [
        (new, "family", CAME_FROM, family),
        (new, "family", "region_lived", known.get("region_lived") or request.region),
    ]
    wanted += _cards(choices, known, family, new, keeps=found.part, leaving=leaving)
    wanted += _houses(choices, known, family, new, leaving=leaving)
    for part, inside in after.items():
        for person, values in inside.items():
            wanted.append((person, "person", "family", new if part == leaving else family))
            wanted.append((person, "person", "relation", values["relation"]))
    return wanted, reasons


def why_not_joining(person: int, family: int, *, actor: Actor, register: Register) -> list[Refusal]:
    """Why somebody of another family cannot come along when this one splits."""
    if not is_within_reach(person, "person", actor=actor, register=register):
        return [Refusal.of("person-unknown")]
    known = register.current([person])[person]
    if known.get(SAME_AS) is not None:
        return [Refusal.of("person-retired")]
    return [Refusal.of("joins-own-family")] if known.get("family") == family else []


def _decided(
    choices: Mapping[str, Any], members: Members, people: Iterable[int], *, today: date
) -> tuple[Keeper, list[Refusal]]:
    """The part that keeps the number: by the rule, or as somebody decides who says why."""
    found = keeper(members, people, card=choices.get("card") or REST, today=today)
    decided = choices.get("keeps")
    if decided not in (PEOPLE, REST) or decided == found.part:
        return found, []
    if not str(choices.get("keeps_reason") or "").strip():
        return found, [Refusal.of("must-be-said", what="keeps_reason")]
    return Keeper(decided, "decided"), []


def _card_findings(choices: Mapping[str, Any], terms: Terms) -> list[Refusal]:
    numbers = (choices.get("no_kk_people"), choices.get("no_kk_rest"), choices.get("no_kk"))
    return [finding for one in numbers if one for finding in terms.attributes.check("no_kk", one)]


def _second_head(members: Members) -> list[Refusal]:
    heads = heads_of(members)
    if len(heads) < 2:
        return []
    head = str(members[heads[0]].get("name", ""))
    return [Refusal.of("family-has-head", attribute="relation", head=head)]


def _cards(
    choices: Mapping[str, Any], known: Mapping[str, Value], family: int, new: int, *, keeps: str, leaving: str
) -> list[Wanted]:
    card = choices.get("card") or REST
    numbers: dict[str, Value] = {
        PEOPLE: choices.get("no_kk_people") or None,
        REST: choices.get("no_kk_rest") or None,
    }
    if card != NEITHER:
        numbers[card] = known.get("no_kk")
    wanted: list[Wanted] = [(family, "family", "no_kk", numbers[keeps])]
    if numbers[leaving] is not None:
        wanted.append((new, "family", "no_kk", numbers[leaving]))
    return wanted


def _houses(
    choices: Mapping[str, Any], known: Mapping[str, Value], family: int, new: int, *, leaving: str
) -> list[Wanted]:
    """A dwelling may hold both families; who moved out has an address and no dwelling until it is described."""
    stays = {name: known.get(name) for name in (*PLACE, "dwelling")}
    apart: dict[str, Value] = {name: choices.get(name) or None for name in PLACE}
    told = {PEOPLE: stays if choices.get("house") != "apart" else {**apart, "dwelling": None}, REST: stays}
    keeps = PEOPLE if leaving == REST else REST
    return [
        *((new, "family", name, value) for name, value in told[leaving].items() if value is not None),
        *((family, "family", name, value) for name, value in told[keeps].items()),
    ]


def read_join(
    choices: Mapping[str, Any],
    request: Request,
    *,
    actor: Actor,
    today: date,
    register: Register,
    terms: Terms,
) -> tuple[list[Wanted], list[Refusal]]:
    """The family and the `other` become one: `goes_on` (this or other) says which, `card` whose No KK it has.

    `no_kk` is the number of a new card, `relation:ID` what a person will be in the family that goes on. Until somebody has
    said which goes on nothing is changed.
    """
    family, other = request.family or 0, choices.get("other")
    if other is None:
        return [], []
    reasons = why_not_join(family, other, actor=actor, register=register)
    if reasons or choices.get("goes_on") not in (THIS, OTHER):
        return [], reasons
    ends, goes_on = (other, family) if choices["goes_on"] == THIS else (family, other)
    known = register.current([ends, goes_on])
    moving, staying = members_of(ends, register), members_of(goes_on, register)
    after = {
        one: {**values, "relation": relation_of(choices, one, values)}
        for one, values in {**staying, **moving}.items()
    }
    wanted: list[Wanted] = [(ends, "family", MERGED_INTO, goes_on)]
    card = choices.get("card") or (THIS if goes_on == family else OTHER)
    number = (
        choices.get("no_kk")
        if card == NEW
        else known.get(family if card == THIS else other, NOTHING).get("no_kk")
    )
    if number:
        wanted.append((goes_on, "family", "no_kk", number))
    for person, values in after.items():
        if person in moving:
            wanted.append((person, "person", "family", goes_on))
        wanted.append((person, "person", "relation", values["relation"]))
    return wanted, [*_second_head(after), *_card_findings(choices, terms)]


def why_not_join(family: int, other: int, *, actor: Actor, register: Register) -> list[Refusal]:
    """Why two families cannot become one: the other is unknown, the same, or one of them has ended already."""
    if not is_within_reach(other, "family", actor=actor, register=register):
        return [Refusal.of("family-unknown")]
    if other == family:
        return [Refusal.of("join-needs-two-families")]
    known = register.current([family, other])
    if any(known.get(one, NOTHING).get(MERGED_INTO) is not None for one in (family, other)):
        return [Refusal.of("family-ended")]
    return []
