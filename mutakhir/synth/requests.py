"""Synthetic change requests for given families, with a known share that is already true, in conflict or incomplete."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from mutakhir.core.attributes import Value
from mutakhir.core.kinds import KINDS, Evidence
from mutakhir.core.nik import TRAINING_PROVINCE
from mutakhir.synth import names as naming
from mutakhir.synth.codes import (
    CHILD,
    FEMALE,
    GRANDCHILD,
    HEAD,
    MALE,
    NEVER_MARRIED,
    NO,
    NOT_WORKING,
    OTHER,
    PENSIONER,
    SPOUSE,
    YES,
)
from mutakhir.synth.draws import SLOTS, Uniform, spread
from mutakhir.synth.population import Family, Person, age_on, population

Flavour = Literal["valid", "already_true", "conflict", "incomplete"]


@dataclass(frozen=True, slots=True)
class Shares:
    """The share of requests of each flavour; the rest is valid. `kinds` are weights by kind of request."""

    already_true: float = 0.08
    conflict: float = 0.06
    incomplete: float = 0.18
    kinds: Mapping[str, float] = field(
        default_factory=lambda: {
            "living_conditions": 50.0,
            "new_person": 15.0,
            "new_family": 15.0,
            "not_eligible": 13.0,
            "leaving": 7.0,
            "death": 6.0,
            "correction": 5.0,
            "moved": 4.0,
            "change_of_pengurus": 2.0,
        }
    )

    def __post_init__(self) -> None:
        shares = (self.already_true, self.conflict, self.incomplete)
        if min(shares) < 0.0 or sum(shares) > 1.0:
            raise ValueError("the shares of flavours are not shares of one whole")
        if unknown := set(self.kinds) - set(KINDS):
            raise ValueError(f"no kind of request is named {', '.join(sorted(unknown))}")


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it is recorded, and what makes it what it is.

    `family` and `person` are indexes into the families given and into the persons of that family. `seen` is what the
    register shows on the day of recording, `meanwhile` what it comes to say before the request is compared again.
    `missing` names the required attributes and papers that are not there. Who shall be pengurus is an index into the
    persons as well. A `new_family` asks for the people in
    `persons`; its `family` is a neighbour in the same village, and for the flavour already_true the family itself.
    """

    number: int
    kind: str
    family: int
    person: int | None
    applicant: int
    changes: Mapping[str, Value]
    seen: Mapping[str, Value]
    meanwhile: Mapping[str, Value]
    persons: tuple[Mapping[str, Value], ...]
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...]
    reason: str
    flavour: Flavour
    recorded_on: date


DEFAULT_SHARES = Shares()


def requests(
    *, seed: int, families: Sequence[Family], count: int, today: date, shares: Shares = DEFAULT_SHARES
) -> Iterator[Request]:
    """`count` requests about these families. As long as there are enough, each is about another family.

    The same arguments give the same requests. ValueError without families.
    """
    if not families:
        raise ValueError("requests need families to be about")
    return _Village(seed=seed, families=families, today=today, shares=shares).requests(count)


# What changes in a house, as attribute: from any of these codes, to one of those.
_Change = tuple[str, tuple[str, ...], tuple[str, ...]]
_HOUSE_CHANGES: tuple[tuple[_Change, ...], ...] = (
    (("floor_material", ("8", "7", "5"), ("6", "2")), ("wall_material", ("4", "6", "3"), ("1",))),
    (
        ("toilet_access", ("6", "4", "2"), ("1",)),
        ("toilet_type", ("4", "3", "2"), ("1",)),
        ("sewage", ("3", "4", "5"), ("1",)),
    ),
    (
        ("wall_material", ("1", "2"), ("4", "3")),
        ("roof_material", ("2", "1"), ("3", "7")),
        ("floor_material", ("2", "4", "6"), ("8",)),
    ),
    (("lighting", ("2", "3", "4"), ("1",)),),
    (("cooking_fuel", ("10",), ("4",)),),
    (("water_source", ("6", "8", "9", "5"), ("4", "3")),),
    (("floor_material", ("6", "4"), ("2",)), ("roof_material", ("4", "3", "7"), ("2",))),
    (("building_tenure", ("1", "2"), ("3",)),),
)
_ASSET_CHANGES = (
    "asset_motorcycle",
    "asset_refrigerator",
    "asset_television",
    "asset_smartphone",
    "asset_gold",
    "asset_bicycle",
    "owns_land",
)
_STALE_ASSET = {YES: NO, NO: YES}
_NOT_ELIGIBLE_BY_OCCUPATION = {"5": "4", "6": "4", "7": "4", PENSIONER: "6", "65": "7", "85": "8", "18": "10"}


class _Village:
    def __init__(self, *, seed: int, families: Sequence[Family], today: date, shares: Shares) -> None:
        self._seed = seed
        self._families = families
        self._today = today
        self._shares = shares
        self._uniform: Uniform = random.Random(f"mutakhir requests {seed}").random
        self._kinds = spread(sorted(shares.kinds.items()))
        self._newcomers: dict[str, Iterator[Family]] = {}
        self._issued: set[str] = set()
        self._names = naming.load()

    def requests(self, count: int) -> Iterator[Request]:
        order: list[int] = []
        for number in range(1, count + 1):
            if not order:
                order = self._shuffled()
            yield self._request(number, order.pop())

    def _shuffled(self) -> list[int]:
        order = list(range(len(self._families)))
        for place in range(len(order) - 1, 0, -1):
            other = int(self._uniform() * (place + 1))
            order[place], order[other] = order[other], order[place]
        return order

    def _request(self, number: int, index: int) -> Request:
        uniform, shares = self._uniform, self._shares
        kind = self._kinds[int(uniform() * SLOTS)]
        draw = uniform()
        flavour: Flavour = "valid"
        if draw < shares.already_true:
            flavour = "already_true"
        elif draw < shares.already_true + shares.conflict:
            flavour = "conflict"
        elif draw < shares.already_true + shares.conflict + shares.incomplete:
            flavour = "incomplete"
        family = self._families[index]
        person: int | None = None
        meanwhile: dict[str, Value] = {}
        people: tuple[Mapping[str, Value], ...] = ()
        reason = ""
        papers = list(KINDS[kind].evidence)
        seen: dict[str, Value] = {}
        if kind == "living_conditions":
            changes, seen, meanwhile = self._living_conditions(family, flavour)
            if "floor_material" in changes:
                papers.append(Evidence.HOUSE_FLOOR)
        elif kind == "new_person":
            changes = self._new_person(index, flavour)
            if flavour == "already_true":
                seen = dict(changes)
        elif kind == "new_family":
            changes, people = self._new_family(index, flavour)
        elif kind == "not_eligible":
            person, changes, seen, meanwhile, reason = self._not_eligible(family, flavour)
            if reason == "3":
                papers.append(Evidence.DEATH_LETTER)
            elif reason == "15":
                papers.append(Evidence.MOVE_LETTER)
        elif kind == "death":
            person, changes, seen, meanwhile = self._death(family, flavour)
        elif kind == "correction":
            person, changes, seen, meanwhile = self._correction(family, flavour)
            reason = "card_right" if uniform() < 0.4 else "card_wrong"
        elif kind == "moved":
            changes, seen, meanwhile = self._moved(family, flavour)
        elif kind == "change_of_pengurus":
            changes, seen, meanwhile = self._change_of_pengurus(family, flavour)
        else:
            reason = "prosperous" if family.welfare > 0.3 or uniform() < 0.25 else "own_wish"
            changes = {"registration": "ended", "registration_reason": reason}
            seen = {"registration": "registered", "registration_reason": None}
            if flavour == "already_true":
                meanwhile = dict(changes)
            elif flavour == "conflict":
                other = "own_wish" if reason == "prosperous" else "prosperous"
                meanwhile = {"registration": "ended", "registration_reason": other}
        missing: tuple[str, ...] = ()
        if flavour == "incomplete":
            changes, papers, missing = self._take_away(kind, changes, papers)
        return Request(
            number=number,
            kind=kind,
            family=index,
            person=person,
            applicant=self._applicant(family),
            changes=changes,
            seen={name: seen.get(name) for name in changes},
            meanwhile=meanwhile,
            persons=people,
            evidence=tuple(dict.fromkeys((Evidence.FORM, *papers))),
            missing=missing,
            reason=reason,
            flavour=flavour,
            recorded_on=date.fromordinal(self._today.toordinal() - int(uniform() * 100)),
        )

    def _applicant(self, family: Family) -> int:
        adults = [
            index
            for index, person in enumerate(family.persons)
            if age_on(str(person.attributes["birth_date"]), self._today) >= 17
        ]
        first_two = adults[:2] or [0]
        return first_two[int(self._uniform() * len(first_two))]

    def _living_conditions(
        self, family: Family, flavour: Flavour
    ) -> tuple[dict[str, Value], dict[str, Value], dict[str, Value]]:
        uniform = self._uniform
        current = {**family.attributes, **family.dwelling.attributes}
        changes: dict[str, Value] = {}
        scenario = _HOUSE_CHANGES[int(uniform() * len(_HOUSE_CHANGES))]
        for name, before, after in scenario:
            if current.get(name) in before:
                changes[name] = after[int(uniform() * len(after))]
        if not changes or uniform() < 0.3:
            name = _ASSET_CHANGES[int(uniform() * len(_ASSET_CHANGES))]
            changes[name] = _STALE_ASSET[str(current[name])]
        if "lighting" in changes and changes["lighting"] == "1":
            changes["power_capacity"] = "1"
        if uniform() < 0.12 and current["livestock_cattle"] != 0:
            changes["livestock_cattle"] = 0
        seen = {name: current.get(name) for name in changes}
        meanwhile: dict[str, Value] = {}
        if flavour == "already_true":
            meanwhile = dict(changes)
        elif flavour == "conflict":
            name = sorted(changes)[int(uniform() * len(changes))]
            meanwhile = {name: self._third(name, {seen[name], changes[name]})}
            if meanwhile[name] is None:
                # A yes or no has no third value: somebody else found another floor area at the same time.
                area = int(str(current["floor_area_m2"]))
                changes["floor_area_m2"], seen["floor_area_m2"] = area + 9, area
                meanwhile = {"floor_area_m2": area + 21}
        return changes, seen, meanwhile

    def _third(self, name: str, taken: set[Value]) -> Value:
        codes = {
            "floor_material": ("2", "4", "6", "8"),
            "wall_material": ("1", "2", "3", "4"),
            "roof_material": ("2", "3", "4"),
            "toilet_access": ("1", "2", "4", "6"),
            "toilet_type": ("1", "2", "4"),
            "sewage": ("1", "3", "4"),
            "power_capacity": ("1", "2", "3"),
            "lighting": ("1", "2", "3"),
            "cooking_fuel": ("2", "4", "10"),
            "water_source": ("3", "4", "5", "7"),
            "building_tenure": ("1", "2", "3", "5"),
        }.get(name, ())
        left = [code for code in codes if code not in taken]
        return left[int(self._uniform() * len(left))] if left else None

    def _new_person(self, index: int, flavour: Flavour) -> dict[str, Value]:
        """Somebody to be added to a family; where it is no true addition, somebody who has a place already."""
        family = self._families[index]
        if flavour == "already_true":
            return _asked_of(family.persons[-1])
        if flavour == "conflict" and len(self._families) > 1:
            other = self._families[
                (index + 1 + int(self._uniform() * (len(self._families) - 1))) % len(self._families)
            ]
            return {**_asked_of(other.persons[-1]), "relation": OTHER}
        mother = next(
            (
                person
                for person in family.persons
                if person.attributes["sex"] == FEMALE
                and 18 <= age_on(str(person.attributes["birth_date"]), self._today) <= 45
            ),
            None,
        )
        if mother is None:
            # Nobody here is of an age to bear: a relative moves in.
            return {**_asked_of(self._newcomer(family).persons[0]), "relation": OTHER}
        return self._infant(family, mother)

    def _infant(self, family: Family, mother: Person) -> dict[str, Value]:
        uniform = self._uniform
        born = date.fromordinal(self._today.toordinal() - 20 - int(uniform() * 700))
        sex = MALE if uniform() < 0.51 else FEMALE
        tradition = self._names.traditions_of(family.village.kecamatan)[int(uniform() * SLOTS)]
        table = self._names.patterns[tradition][0 if sex == MALE else 1]
        head = str(family.attributes["no_kk"])
        day = born.day if sex == MALE else born.day + 40
        while True:
            number = (
                f"{head[2:6]}{day:02d}{born.month:02d}{born.year % 100:02d}{8000 + int(uniform() * 1000)}"
            )
            if number not in self._issued:
                break
        self._issued.add(number)
        own = mother.attributes["relation"] in (HEAD, SPOUSE)
        return {
            "name": naming.compose(uniform, table[naming.cohort(born.year)]),
            "nik": f"{TRAINING_PROVINCE}{number}",
            "birth_date": born.isoformat(),
            "birth_place": family.village.kabupaten.removeprefix("Kabupaten ").title(),
            "sex": sex,
            "relation": CHILD if own else GRANDCHILD,
            "marital_status": NEVER_MARRIED,
            "mother_name": mother.attributes["name"],
            "occupation": NOT_WORKING,
        }

    def _new_family(
        self, index: int, flavour: Flavour
    ) -> tuple[dict[str, Value], tuple[Mapping[str, Value], ...]]:
        family = self._families[index]
        asked = family if flavour == "already_true" else self._newcomer(family)
        people = [_asked_of(person) for person in asked.persons]
        if flavour == "conflict":
            # One of them stands in another family of the register.
            taken = _asked_of(family.persons[-1])
            people[-1] = {**taken, "relation": people[-1]["relation"]} if len(people) > 1 else taken
            if len(people) == 1:
                people[0]["relation"] = HEAD
        place = {
            name: asked.attributes[name]
            for name in ("no_kk", "address", "rt", "rw", "dusun", "landmark")
            if name in asked.attributes
        }
        assets = {
            name: value
            for name, value in asked.attributes.items()
            if name.startswith(("asset_", "owns_", "livestock_"))
        }
        head = {name: people[0][name] for name in people[0]}
        return {**place, **head, **asked.dwelling.attributes, **assets}, tuple(people)

    def _newcomer(self, neighbour: Family) -> Family:
        """A family of the same village that is not among those given; its numbers are nobody else's."""
        village = neighbour.village
        stream = self._newcomers.get(village.code)
        if stream is None:
            stream = population(
                seed=self._seed + int(village.code),
                persons=1_000_000_000,
                villages=(village,),
                today=self._today,
                first_sequence=3001,
            )
            self._newcomers[village.code] = stream
        for family in stream:
            numbers = {str(person.attributes["nik"])[2:] for person in family.persons}
            numbers.add(str(family.attributes["no_kk"])[2:])
            if self._issued.isdisjoint(numbers):
                self._issued |= numbers
                return family
        raise AssertionError("the stream of newcomers does not end")

    def _not_eligible(
        self, family: Family, flavour: Flavour
    ) -> tuple[int, dict[str, Value], dict[str, Value], dict[str, Value], str]:
        uniform = self._uniform
        index, reason = 0, ""
        for place, person in enumerate(family.persons):
            found = _NOT_ELIGIBLE_BY_OCCUPATION.get(str(person.attributes["occupation"]))
            if found is not None:
                index, reason = place, found
                break
        if not reason:
            births = [str(person.attributes["birth_date"]) for person in family.persons]
            if uniform() < 0.6:
                index, reason = births.index(min(births)), "3"
            elif family.welfare > 0.4:
                reason = "16"
            else:
                reason = "15" if uniform() < 0.7 else "14"
        changes: dict[str, Value] = {"eligibility": "not_eligible", "eligibility_reason": reason}
        seen: dict[str, Value] = {"eligibility": None, "eligibility_reason": None}
        if reason == "3":
            died = date.fromordinal(self._today.toordinal() - 101 - int(uniform() * 400))
            born = str(family.persons[index].attributes["birth_date"])
            changes |= {
                "registration": "ended",
                "registration_reason": "3",
                "died_on": max(died.isoformat(), born),
            }
            seen |= {"registration": "registered", "registration_reason": None, "died_on": None}
        meanwhile: dict[str, Value] = {}
        if flavour == "already_true":
            meanwhile = dict(changes)
        elif flavour == "conflict":
            meanwhile = {
                "eligibility": "not_eligible",
                "eligibility_reason": "15" if reason != "15" else "16",
            }
        return index, changes, seen, meanwhile, reason

    def _death(
        self, family: Family, flavour: Flavour
    ) -> tuple[int, dict[str, Value], dict[str, Value], dict[str, Value]]:
        """The eldest died; of the dead another source may know the day better."""
        births = [str(person.attributes["birth_date"]) for person in family.persons]
        index = births.index(min(births))
        died = date.fromordinal(self._today.toordinal() - 101 - int(self._uniform() * 60))
        changes: dict[str, Value] = {"died_on": max(died.isoformat(), births[index])}
        meanwhile: dict[str, Value] = {}
        if flavour == "already_true":
            meanwhile = dict(changes)
        elif flavour == "conflict":
            meanwhile = {"died_on": date.fromordinal(died.toordinal() + 3).isoformat()}
        return index, changes, {"died_on": None}, meanwhile

    def _correction(
        self, family: Family, flavour: Flavour
    ) -> tuple[int, dict[str, Value], dict[str, Value], dict[str, Value]]:
        """The name is written otherwise on the card than here, as clerks do: an "h" too many, a vowel doubled."""
        index = int(self._uniform() * len(family.persons))
        name = str(family.persons[index].attributes["name"])
        changes: dict[str, Value] = {"name": f"{name}h"}
        meanwhile: dict[str, Value] = {}
        if flavour == "already_true":
            meanwhile = dict(changes)
        elif flavour == "conflict":
            meanwhile = {"name": f"{name}ti"}
        return index, changes, {"name": name}, meanwhile

    def _moved(
        self, family: Family, flavour: Flavour
    ) -> tuple[dict[str, Value], dict[str, Value], dict[str, Value]]:
        """The family lives in another RT of its village."""
        seen = {"rt": family.attributes.get("rt")}
        others = [f"{number:03d}" for number in range(1, 13) if f"{number:03d}" != seen["rt"]]
        first = int(self._uniform() * len(others))
        changes: dict[str, Value] = {"rt": others[first]}
        meanwhile: dict[str, Value] = {}
        if flavour == "already_true":
            meanwhile = dict(changes)
        elif flavour == "conflict":
            meanwhile = {"rt": others[first - 1]}
        return changes, seen, meanwhile

    def _change_of_pengurus(
        self, family: Family, flavour: Flavour
    ) -> tuple[dict[str, Value], dict[str, Value], dict[str, Value]]:
        """Another adult than the head receives from now on; where there is none, the head is named at last."""
        adults = [
            index
            for index, person in enumerate(family.persons)
            if age_on(str(person.attributes["birth_date"]), self._today) >= 17
        ]
        changes: dict[str, Value] = {"pengurus": (adults[1:] or [0])[0]}
        meanwhile: dict[str, Value] = {}
        if flavour == "already_true":
            meanwhile = dict(changes)
        elif flavour == "conflict":
            meanwhile = {"pengurus": -1}
        return changes, {"pengurus": None}, meanwhile

    def _take_away(
        self, kind: str, changes: dict[str, Value], papers: list[Evidence]
    ) -> tuple[dict[str, Value], list[Evidence], tuple[str, ...]]:
        """A required paper or a required answer is not there yet."""
        uniform = self._uniform
        required = [name for name in KINDS[kind].required if name in changes]
        needed = [paper for paper in papers if paper in KINDS[kind].evidence]
        if required and (not needed or uniform() < 0.4):
            name = required[int(uniform() * len(required))]
            return {key: value for key, value in changes.items() if key != name}, papers, (name,)
        paper = needed[int(uniform() * len(needed))]
        return changes, [kept for kept in papers if kept is not paper], (paper.value,)


_ASKED = (
    "name",
    "nik",
    "birth_date",
    "birth_place",
    "sex",
    "relation",
    "marital_status",
    "mother_name",
    "occupation",
)


def _asked_of(person: Person) -> dict[str, Value]:
    """What the form for a new person asks."""
    return {name: person.attributes[name] for name in _ASKED}
