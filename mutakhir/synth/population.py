"""A population of synthetic families: plausible, seeded, streamed, and with numbers that can belong to nobody."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mutakhir.core.attributes import Value
from mutakhir.core.nik import TRAINING_PROVINCE
from mutakhir.synth import names as naming
from mutakhir.synth.codes import FEMALE, GRANDCHILD, HEAD, MALE, PARENT, SPOUSE
from mutakhir.synth.draws import NORMAL, SLOTS, Uniform, cuts, spread_codes
from mutakhir.synth.households import SHAPE_WELFARE, Member, draw_household
from mutakhir.synth.living import draw_assistance, draw_house, draw_things
from mutakhir.synth.people import describe

DAYS_A_YEAR = 365.2425


@dataclass(frozen=True, slots=True)
class Village:
    """One village of the region. `weight` is its share of the people, in any unit (the number of its residents)."""

    code: str
    name: str
    kecamatan: str = ""
    kabupaten: str = "Lumajang"
    province: str = "Jawa Timur"
    weight: float = 1.0

    @property
    def is_kelurahan(self) -> bool:
        return self.code[6:7] == "1"


@dataclass(frozen=True, slots=True)
class Person:
    """`number` counts from 1 in the order of the stream and is the true identity of the person."""

    number: int
    attributes: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Dwelling:
    """A house. Families that share it hold the same object, and follow each other in the stream."""

    number: int
    attributes: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Family:
    """`welfare` is the hidden score that living conditions follow: about 0 in the middle, 1 a deviation."""

    number: int
    village: Village
    dwelling: Dwelling
    attributes: Mapping[str, Value]
    persons: tuple[Person, ...]
    welfare: float


def population(
    *, seed: int, persons: int, villages: Sequence[Village], today: date, first_sequence: int = 1
) -> Iterator[Family]:
    """Families with `persons` people in all, village after village in the order of their codes.

    The same arguments give the same families. Memory is bounded by the people of one kecamatan. A second population
    of the same villages has other numbers than the first if its sequences begin higher.
    ValueError if there is no village, a code is not ten digits, or a kecamatan is too large for its numbers.
    """
    return _Maker(seed=seed, villages=villages, today=today, first_sequence=first_sequence).families(persons)


def age_on(birth_date: str, today: date) -> int:
    """Completed years on a day."""
    year, month, day = int(birth_date[:4]), int(birth_date[5:7]), int(birth_date[8:])
    return today.year - year - ((today.month, today.day) < (month, day))


# Days that clerks wrote where nobody knew the birthday.
_HEAPED_DAYS = spread_codes("07-01:34 12-31:24 15:30 01-01:7 06-30:3 08-17:2")
# The kabupaten is poorer than the nation, so the low deciles of the nation are fuller here.
_DECILES = cuts((12.5, 12, 11.5, 11, 10.5, 10, 9.5, 8.5, 7.5, 7))
_SUBSIDISED_INSURANCE = (0.0, 0.86, 0.82, 0.72, 0.6, 0.42, 0.28, 0.18, 0.1, 0.05, 0.02)
_WELFARE_DEVIATION = 0.91


class _Maker:
    def __init__(self, *, seed: int, villages: Sequence[Village], today: date, first_sequence: int) -> None:
        if not villages:
            raise ValueError("a population needs at least one village")
        for village in villages:
            if len(village.code) != 10 or not village.code.isdecimal():
                raise ValueError(f"village code {village.code!r} is not ten digits")
        self._villages = sorted(villages, key=lambda village: village.code)
        if len({village.code for village in self._villages}) != len(self._villages):
            raise ValueError("a village is given twice")
        self._today = today
        self._today_ordinal = today.toordinal()
        self._uniform: Uniform = random.Random(f"mutakhir population {seed}").random
        self._names = naming.load()
        self._version = f"{today.year}-{(today.month + 2) // 3}"
        self._areas, self._foreign = _areas([village.code for village in self._villages])
        self._sequences: dict[str, int] = {}
        self._before_first = first_sequence - 1
        self._persons = self._families = self._dwellings = 0

    def families(self, persons: int) -> Iterator[Family]:
        total = sum(village.weight for village in self._villages)
        if total <= 0:
            raise ValueError("the weights of the villages add up to nothing")
        reached = 0.0
        kecamatan = ""
        for village in self._villages:
            reached += village.weight
            until = persons if village is self._villages[-1] else round(persons * reached / total)
            if village.code[:6] != kecamatan:
                kecamatan = village.code[:6]
                self._enter_kecamatan(village)
            if self._persons >= until:
                continue
            self._enter_village(village)
            while self._persons < until:
                yield self._family(persons - self._persons)

    def _enter_kecamatan(self, village: Village) -> None:
        self._sequences = {}
        self._area = self._areas[village.code[:6]]
        self._foreign_areas = self._foreign[village.code[:6]]
        self._traditions = self._names.traditions_of(village.kecamatan)
        own = (
            village.kabupaten.removeprefix("Kabupaten ").removeprefix("KABUPATEN ").strip().title()
            or "Lumajang"
        )
        self._home_town = own

    def _enter_village(self, village: Village) -> None:
        uniform = self._uniform
        self._village = village
        self._previous: tuple[Dwelling, dict[str, Value], int] | None = None
        self._village_welfare = 0.2 * NORMAL[int(uniform() * SLOTS)] + (
            0.45 if village.is_kelurahan else -0.03
        )
        dusun: list[str] = []
        while len(dusun) < 3 + int(uniform() * 3):
            name = self._names.dusun[int(uniform() * SLOTS)]
            if name not in dusun:
                dusun.append(name)
        # RW are numbered through the village, RT within an RW.
        self._neighbourhoods = [
            (dusun[rw * len(dusun) // rw_count], rt, rw + 1)
            for rw_count in (len(dusun) + 2 + int(uniform() * 5),)
            for rw in range(rw_count)
            for rt in range(1, 3 + int(uniform() * 4))
        ]

    # Births, names and numbers

    def _bear(self, member: Member) -> None:
        uniform = self._uniform
        if member.twin is not None:
            member.birth = member.twin.birth
            return
        ordinal = self._today_ordinal - int((member.age + uniform()) * DAYS_A_YEAR)
        birth = date.fromordinal(ordinal)
        year = birth.year
        if year < 1980 and uniform() < min(0.32, 0.04 + (1980 - year) * 0.009):
            heaped = _HEAPED_DAYS[int(uniform() * SLOTS)]
            birth = birth.replace(day=15) if heaped == "15" else date(year, int(heaped[:2]), int(heaped[3:]))
        member.birth = birth

    def _name(
        self, member: Member, patterns: tuple[tuple[naming.Patterns, ...], ...], plain_mother: str
    ) -> None:
        uniform = self._uniform
        year = member.birth.year
        table = patterns[0 if member.sex == MALE else 1]
        if member.twin is not None and uniform() < 0.7:
            name = self._twin_name(member.twin, member.sex)
        else:
            name = naming.compose(uniform, table[naming.cohort(year)])
            father = member.father
            if father is not None and member.sex == MALE and uniform() < 0.03:
                name = self._name_after(father.plain_name, name)
        if year < 1958 and uniform() < 0.045:
            name = naming.spell_old(name)
        member.plain_name = member.name = name
        if member.mother is not None:
            member.mother_name = member.mother.plain_name
        elif plain_mother:
            member.mother_name = plain_mother
        else:
            member.mother_name = naming.compose(uniform, patterns[1][naming.cohort(year - 26)])

    def _twin_name(self, elder: Member, sex: str) -> str:
        """Twins are named alike; the elder is named anew to fit."""
        uniform = self._uniform
        pairs = self._names.twins[0 if sex == MALE else 1]
        first, second = pairs[int(uniform() * len(pairs))]
        if elder.sex != sex:
            return second if uniform() < 0.5 else f"{second} {elder.plain_name.rpartition(' ')[2]}"
        rest = elder.plain_name.partition(" ")[2]
        elder.name = elder.plain_name = f"{first} {rest}".strip()
        return f"{second} {rest}".strip()

    def _name_after(self, father: str, name: str) -> str:
        """A son who carries his father's name, whole, in part, or with another ending."""
        draw = self._uniform()
        if draw < 0.1:
            return father
        if draw < 0.6:
            return f"{father.partition(' ')[0]} {name.rpartition(' ')[2]}"
        return f"{name.partition(' ')[0]} {father.rpartition(' ')[2]}"

    def _nik(self, member: Member) -> str:
        uniform = self._uniform
        birth = member.birth
        area = self._area
        if self._foreign_areas and uniform() < (0.16 if birth.year < 2005 else 0.05):
            area = self._foreign_areas[int(uniform() * len(self._foreign_areas))]
        day = birth.day if member.sex == MALE else birth.day + 40
        return self._number(f"{area}{day:02d}{birth.month:02d}{birth.year % 100:02d}")

    def _number(self, key: str) -> str:
        sequence = self._sequences.get(key, self._before_first) + 1
        if sequence > 9999:
            raise ValueError("a kecamatan has too many people for the numbers of one day")
        self._sequences[key] = sequence
        return f"{TRAINING_PROVINCE}{key}{sequence:04d}"

    def _no_kk(self) -> str:
        uniform = self._uniform
        issued = date.fromordinal(self._today_ordinal - int(uniform() * uniform() * 18 * DAYS_A_YEAR) - 20)
        key = f"{self._area}{issued.day:02d}{issued.month:02d}{issued.year % 100:02d}"
        sequence = self._sequences.get("K" + key, self._before_first) + 1
        if sequence > 9999:
            raise ValueError("a kecamatan has too many family cards for the numbers of one day")
        self._sequences["K" + key] = sequence
        return f"{TRAINING_PROVINCE}{key}{sequence:04d}"

    # The family

    def _family(self, limit: int) -> Family:
        uniform = self._uniform
        shape, members = draw_household(uniform, limit=limit, year=self._today.year)
        head = members[0]
        tradition = self._traditions[int(uniform() * SLOTS)]
        size = len(members)
        welfare = (
            SHAPE_WELFARE[shape]
            + self._village_welfare
            + _WELFARE_DEVIATION * NORMAL[int(uniform() * SLOTS)]
            - 0.09 * (size - 3)
        )
        self._christen(members, self._names.patterns[tradition])
        decile = 1 + bisect(_DECILES, 0.92 * welfare + 0.4 * NORMAL[int(uniform() * SLOTS)])
        insurance = "0"
        if uniform() < _SUBSIDISED_INSURANCE[decile]:
            insurance = "1"
        elif uniform() < 0.2 + 0.2 * max(0.0, welfare):
            insurance = "2"
        persons = tuple(
            self._person(member, order, size, tradition=tradition, welfare=welfare, insurance=insurance)
            for order, member in enumerate(members, 1)
        )
        dwelling, place = self._home(head, welfare)
        attributes: dict[str, Value] = {
            "no_kk": self._no_kk(),
            "head_name": persons[0].attributes["name"],
            **place,
            "member_count": size,
            "decile": decile,
            "decile_version": self._version,
            "family_kind": "0" if uniform() < 0.94 else ("2" if head.age < 40 else "1"),
        }
        draw_things(uniform, attributes, welfare=welfare, town=self._village.is_kelurahan)
        draw_assistance(
            uniform,
            attributes,
            members,
            [person.attributes for person in persons],
            decile=decile,
            welfare=welfare,
        )
        self._families += 1
        return Family(self._families, self._village, dwelling, attributes, persons, round(welfare, 3))

    def _christen(self, members: list[Member], patterns: tuple[tuple[naming.Patterns, ...], ...]) -> None:
        """Birth dates and names, and for each the name of the mother."""
        absent = ""
        for member in members:
            self._bear(member)
            self._name(member, patterns, absent if _mother_is_absent(member) else "")
            # Children whose mother is not here have the same one.
            if _mother_is_absent(member):
                absent = member.mother_name
        parents = [member for member in members if member.relation == PARENT and member.sex == FEMALE]
        for parent in parents:
            couple = [member for member in members if member.relation in (HEAD, SPOUSE)]
            child = couple[int(self._uniform() * len(couple))]
            child.mother_name = parent.plain_name

    def _person(
        self, member: Member, order: int, size: int, *, tradition: str, welfare: float, insurance: str
    ) -> Person:
        uniform, today, birth = self._uniform, self._today, member.birth
        nik = self._nik(member)
        here = nik[2:6] == self._area and uniform() < 0.96
        attributes = {
            "nik": nik,
            **describe(
                uniform,
                member,
                age=today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day)),
                welfare=welfare,
                tradition=tradition,
                alone=size == 1,
                insurance=insurance,
            ),
            "birth_place": self._home_town if here else self._names.birth_places[int(uniform() * SLOTS)],
            "family_order": order,
        }
        self._persons += 1
        return Person(self._persons, attributes)

    def _home(self, head: Member, welfare: float) -> tuple[Dwelling, dict[str, Value]]:
        uniform = self._uniform
        previous = self._previous
        # A young family that lives with an older one, on its own card.
        if previous is not None and previous[2] > 45 and head.age < 38 and uniform() < 0.16:
            self._previous = None
            return previous[0], dict(previous[1])
        dusun, rt, rw = self._neighbourhoods[int(uniform() * len(self._neighbourhoods))]
        style = uniform()
        if self._village.is_kelurahan:
            street = self._names.streets[int(uniform() * SLOTS)]
            address = f"Jl. {street} No. {1 + int(uniform() * 180)} RT {rt:02d} RW {rw:02d}"
        elif style < 0.8:
            address = f"Dsn. {dusun} RT {rt:02d} RW {rw:02d}"
        elif style < 0.93:
            address = f"Dusun {dusun} RT {rt:03d}/RW {rw:03d}"
        else:
            address = f"Dsn. {dusun}"
        place: dict[str, Value] = {"address": address, "rt": f"{rt:03d}", "rw": f"{rw:03d}"}
        if not self._village.is_kelurahan:
            place["dusun"] = dusun
        if uniform() < 0.24:
            place["landmark"] = self._names.landmarks[int(uniform() * SLOTS)]
        place["region_lived"] = self._village.code
        self._dwellings += 1
        dwelling = Dwelling(
            self._dwellings,
            draw_house(uniform, welfare=welfare, head_age=head.age, town=self._village.is_kelurahan),
        )
        self._previous = dwelling, place, head.age
        return dwelling, place


def _mother_is_absent(member: Member) -> bool:
    return member.mother is None and (member.relation == GRANDCHILD or member.father is not None)


def _areas(codes: Sequence[str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Four digits for each kecamatan, and for each some that no other may use, for people first registered elsewhere."""
    kecamatan = sorted({code[:6] for code in codes})
    if len(kecamatan) > 9_000:
        raise ValueError("more kecamatan than the training region has numbers for")
    taken: set[str] = set()
    areas: dict[str, str] = {}
    for code in kecamatan:
        wanted = code[2:6]
        while wanted in taken or wanted == "0000":
            wanted = f"{(int(wanted) + 1) % 10_000:04d}"
        areas[code] = wanted
        taken.add(wanted)
    # Numbers of kabupaten and kecamatan that look like ones: 01 to 79, and 01 to 31.
    free = [
        area
        for regency in (*range(1, 38), *range(71, 80))
        for area in (f"{regency:02d}{district:02d}" for district in range(1, 32))
        if area not in taken
    ]
    step = len(kecamatan)
    return areas, {code: free[index::step][:40] for index, code in enumerate(kecamatan)}
