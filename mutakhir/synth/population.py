"""A population of synthetic families: plausible, seeded, streamed, and with numbers that can belong to nobody."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import NormalDist

from mutakhir.core.attributes import Value
from mutakhir.core.nik import TRAINING_PROVINCE
from mutakhir.synth import names as naming
from mutakhir.synth.draws import SLOTS, Uniform, cuts, spread, spread_codes, spread_normal

YES, NO = "1", "2"
MALE, FEMALE = "1", "2"
HEAD, SPOUSE, CHILD, CHILD_IN_LAW, GRANDCHILD, PARENT, OTHER = "1", "2", "3", "4", "5", "6", "8"
NEVER_MARRIED, MARRIED, DIVORCED, WIDOWED = "1", "2", "3", "4"
NOT_WORKING, HOMEMAKER, PUPIL, PENSIONER, CIVIL_SERVANT, SOLDIER, POLICE = "1", "2", "3", "4", "5", "6", "7"

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


# Shares of families by the shape of their household. Together with the children they give the 3.04 persons a family
# of the national registry.
_SHAPES = spread(
    (
        ("nuclear", 53.0),
        ("couple", 12.0),
        ("three_generations", 8.5),
        ("stem", 4.5),
        ("single_old", 8.2),
        ("single_adult", 2.2),
        ("widow", 5.2),
        ("divorced", 3.4),
        ("grandparents", 2.4),
        ("siblings", 1.3),
        ("single_father", 1.0),
    )
)
_SHAPE_WELFARE = {
    "nuclear": 0.08,
    "couple": 0.05,
    "three_generations": 0.05,
    "stem": -0.05,
    "single_old": -0.75,
    "single_adult": -0.1,
    "widow": -0.4,
    "divorced": -0.35,
    "grandparents": -0.5,
    "siblings": -0.2,
    "single_father": -0.25,
}
_SINGLE_SHAPES = ("single_old", "single_adult")

_WIFE_AGES = spread((age, 1.0 + min(age - 19, 10) * 0.35 - max(0, age - 44) * 0.13) for age in range(20, 65))
_HUSBAND_OLDER = spread_codes("-3:1 -1:3 0:8 1:9 2:12 3:15 4:15 5:13 6:9 7:6 8:4 10:3 14:1.5 20:0.5")
_HUSBAND_OLDER_YEARS = tuple(int(years) for years in _HUSBAND_OLDER)
_FIRST_BIRTH_AGE = spread((age, weight) for age, weight in zip(range(17, 34), (3, 6, 9, 11, 12, 12, 10, 9, 7, 6, 5, 4, 3, 2, 2, 1, 1)))
_SPACING = spread(((1, 2.0), (2, 8.0), (3, 13.0), (4, 16.0), (5, 17.0), (6, 15.0), (7, 11.0), (8, 8.0), (10, 6.0), (13, 3.0)))
# Children ever born, by the mother's year of birth: before 1955, to 1969, to 1984, later.
_BORN = tuple(
    spread(enumerate(shares))
    for shares in ((4, 8, 16, 20, 20, 16, 16), (4, 12, 28, 27, 16, 9, 4), (5, 20, 46, 22, 6, 1), (9, 36, 44, 9, 2))
)
_SINGLE_OLD_AGES = spread((age, 1.2 - abs(age - 70) * 0.045) for age in range(55, 92))
_ADULT_AGES = spread((age, 1.0) for age in range(23, 55))
_WIDOW_AGES = spread((age, 0.4 + (age - 30) * 0.04) for age in range(31, 66))
_GRANDPARENT_AGES = spread((age, 1.0 - abs(age - 60) * 0.03) for age in range(47, 78))
_AT_HOME = (0.97,) * 18 + (0.8, 0.76, 0.68, 0.6, 0.5, 0.42, 0.36, 0.3, 0.24, 0.2, 0.17, 0.15, 0.13, 0.11) + (0.07,) * 60

# Days that clerks wrote where nobody knew the birthday.
_HEAPED_DAYS = spread_codes("07-01:34 12-31:24 15:30 01-01:7 06-30:3 08-17:2")

# Highest diploma by cohort: none, primary, lower secondary, upper secondary, D3, S1, S2.
_SCHOOLING = tuple(
    cuts(shares)
    for shares in (
        (55, 33, 5.5, 4.5, 0.5, 1.4, 0.1),
        (21, 46, 14, 14, 0.9, 3.8, 0.3),
        (3, 27, 28, 33, 2, 6.7, 0.3),
        (1, 8, 27, 54, 2.5, 7.4, 0.1),
    )
)
_LEVELS = (
    spread_codes("23:1"),
    spread_codes("3:74 4:24 1:2"),
    spread_codes("8:66 9:31 6:3"),
    spread_codes("13:36 15:38 14:20 11:6"),
    spread_codes("18:1"),
    spread_codes("19:96 20:4"),
    spread_codes("21:1"),
)
_DEGREES = spread_codes("S.Pd.:34 S.Pd.I.:14 S.E.:14 S.H.:7 S.Kom.:6 S.Sos.:6 S.P.:5 S.Kep.:4 S.T.:5 S.Ag.:5")

# Occupations by sex, place in the order of welfare (low, middle, high) and whether there is an upper secondary diploma.
_OCCUPATIONS = {
    (MALE, 0, False): spread_codes("20:33 19:25 9:19 26:6 13:2 15:4 88:4 84:4 81:2 11:1 14:1 89:2"),
    (MALE, 0, True): spread_codes("19:30 20:18 9:14 15:16 88:8 26:5 84:4 81:3 18:2 1:3"),
    (MALE, 1, False): spread_codes("9:33 20:9 19:10 15:9 88:13 84:9 26:5 27:3 81:5 10:2 29:1 35:1"),
    (MALE, 1, True): spread_codes("15:31 88:20 9:18 84:9 19:6 81:4 18:4 85:2 65:2 35:2 1:2"),
    (MALE, 2, False): spread_codes("9:40 88:28 84:18 15:7 10:4 81:2 27:1"),
    (MALE, 2, True): spread_codes("88:27 15:23 9:15 5:9 65:8 84:7 85:3 18:3 7:2 6:1.5 16:1.5"),
    (FEMALE, 0, False): spread_codes("2:48 20:24 19:8 9:8 84:6 23:4 15:1 88:1"),
    (FEMALE, 0, True): spread_codes("2:50 15:14 20:12 19:8 84:8 23:5 88:3"),
    (FEMALE, 1, False): spread_codes("2:53 9:15 84:11 88:6 15:5 20:7 30:2 23:1"),
    (FEMALE, 1, True): spread_codes("2:50 15:18 84:9 88:9 9:6 65:4 18:3 32:1"),
    (FEMALE, 2, False): spread_codes("2:52 84:19 88:13 9:15 30:1"),
    (FEMALE, 2, True): spread_codes("2:34 65:15 5:10 88:13 15:13 84:6 18:5 74:2 73:2"),
}
# Industry and employment status by occupation.
_WORK = {
    "8": spread_codes("12/1:1"),
    "9": spread_codes("1/1:30 1/2:36 1/3:6 2/1:8 2/2:6 3/1:5 3/2:6 6/1:3"),
    "10": spread_codes("5/1:60 5/2:40"),
    "11": spread_codes("4/1:60 4/6:40"),
    "13": spread_codes("11/7:1"),
    "14": spread_codes("13/7:60 13/1:40"),
    "15": spread_codes("8/4:44 12/4:26 13/4:6 14/4:10 3/4:6 16/4:4 24/4:4"),
    "16": spread_codes("16/5:40 3/5:30 9/5:30"),
    "18": spread_codes("21/4:40 20/4:50 22/4:10"),
    "19": spread_codes("11/7:46 7/7:16 1/6:16 13/7:10 8/7:12"),
    "20": spread_codes("1/6:66 3/6:18 2/6:10 6/6:6"),
    "23": spread_codes("25/4:1"),
    "26": spread_codes("11/7:80 11/1:20"),
    "27": spread_codes("8/1:50 11/7:50"),
    "29": spread_codes("8/1:1"),
    "30": spread_codes("8/1:90 8/2:10"),
    "32": spread_codes("24/1:1"),
    "35": spread_codes("12/1:60 12/4:40"),
    "5": spread_codes("20/5:60 21/5:30 22/5:10"),
    "6": spread_codes("20/5:1"),
    "7": spread_codes("20/5:1"),
    "65": spread_codes("21/4:60 21/5:40"),
    "73": spread_codes("22/4:50 22/5:50"),
    "74": spread_codes("22/4:60 22/5:40"),
    "81": spread_codes("13/7:50 13/4:30 13/1:20"),
    "84": spread_codes("12/1:76 12/2:20 14/1:4"),
    "85": spread_codes("20/4:1"),
    "88": spread_codes("12/1:36 12/2:10 14/1:16 8/2:14 8/1:10 5/1:6 24/1:8"),
    "89": spread_codes("7/7:60 24/1:40"),
}
_HOURS = tuple(spread((hours, 1.0 - abs(hours - middle) / (reach + 1)) for hours in range(middle - reach, middle + reach)) for middle, reach in ((40, 14), (26, 16)))
_IN_BUSINESS = frozenset(("84", "88", "30", "32", "10", "29"))
_IDLE = frozenset((NOT_WORKING, HOMEMAKER, PUPIL, PENSIONER))
_LICENSED = frozenset(("65", "73", "74"))
_STATE_PAID = frozenset((CIVIL_SERVANT, SOLDIER, POLICE))

_RELIGIONS = {
    "javanese": spread_codes("1:1"),
    "madurese": spread_codes("1:1"),
    "christian": spread_codes("2:70 3:30"),
    "hindu": spread_codes("4:1"),
}
_FUNCTIONS = (
    "function_seeing",
    "function_hearing",
    "function_walking",
    "function_hands",
    "function_learning",
    "function_behaviour",
    "function_speaking",
    "function_self_care",
    "function_remembering",
)
_NO_DIFFICULTY: Mapping[str, Value] = {**dict.fromkeys(_FUNCTIONS, "4"), "depression": "4"}
_OLD_DIFFICULTIES = (
    ("function_seeing", 0.34),
    ("function_hearing", 0.2),
    ("function_walking", 0.27),
    ("function_hands", 0.08),
    ("function_self_care", 0.07),
    ("function_remembering", 0.16),
)
_SEVERITY = spread_codes("3:76 2:19 1:5")
_SEVERE = spread_codes("3:30 2:46 1:24")
_ILLNESS_OLD = spread_codes("1:52 2:20 3:10 6:7 5:3 8:3 13:2 4:2 7:0.5 10:0.5 18:1")
_ILLNESS_MIDDLE = spread_codes("1:87 2:5 3:2 6:2 4:1.5 5:0.7 13:0.7 7:0.4 10:0.2 9:0.2 18:0.5")
_ILLNESS_YOUNG = spread_codes("1:985 4:9 18:3 5:1 15:1 16:1")

# Living conditions: codes from the poorest to the richest and the shares of dwellings that have them.
_FLOORS = ("8", "7", "5", "6", "4", "2", "1"), cuts((7, 0.7, 1.3, 31, 13, 44, 3))
_WALLS = ("6", "4", "3", "2", "1"), cuts((0.5, 9, 5.5, 3, 82))
_ROOFS = ("7", "3", "4", "2", "1"), cuts((0.4, 2, 7.6, 87, 3))
_FUELS = ("10", "4", "2", "3"), cuts((27, 70, 1.6, 1.4))
_POWERS = ("1", "2", "3", "4", "5"), cuts((38, 43, 14, 4, 1))
_TOILETS = ("6", "4", "2", "1"), cuts((8, 3, 10, 79))
_TOILET_TYPES = ("4", "3", "2", "1"), cuts((9, 3, 5, 83))
_SEWAGES = ("5", "3", "4", "1"), cuts((2, 15, 13, 70))
_WATERS = (
    spread_codes("6:26 8:18 5:26 9:6 7:14 4:7 3:2 10:1"),
    spread_codes("5:30 4:28 7:10 3:14 6:8 2:8 8:2"),
    spread_codes("4:34 3:26 2:26 5:10 1:4"),
)
_CERTIFICATES = (spread_codes("6:34 5:44 1:18 3:4"), spread_codes("1:42 5:40 6:12 2:4 4:2"), spread_codes("1:68 5:22 4:5 6:5"))

# Assets: the share of families that have it and how strongly it follows welfare (0 not at all, 1 wholly).
_ASSETS = tuple(
    (name, NormalDist().inv_cdf(1 - share), follows, sqrt(1 - follows * follows))
    for name, share, follows in (
        ("asset_gas_large", 0.05, 0.75),
        ("asset_refrigerator", 0.52, 0.8),
        ("asset_air_conditioner", 0.035, 0.85),
        ("asset_water_heater", 0.008, 0.85),
        ("asset_landline", 0.012, 0.7),
        ("asset_television", 0.8, 0.65),
        ("asset_gold", 0.17, 0.75),
        ("asset_computer", 0.12, 0.8),
        ("asset_motorcycle", 0.8, 0.6),
        ("asset_bicycle", 0.42, 0.05),
        ("asset_car", 0.08, 0.85),
        ("asset_boat", 0.003, 0.0),
        ("asset_motor_boat", 0.001, 0.1),
        ("asset_smartphone", 0.76, 0.55),
        ("owns_land", 0.4, 0.5),
        ("owns_other_house", 0.04, 0.7),
    )
)
_LIVESTOCK = (
    ("livestock_cattle", 0.17, spread(((1, 50.0), (2, 32.0), (3, 11.0), (4, 4.0), (6, 2.0)))),
    ("livestock_buffalo", 0.002, spread(((1, 60.0), (2, 40.0)))),
    ("livestock_horse", 0.002, spread(((1, 80.0), (2, 20.0)))),
    ("livestock_pig", 0.0005, spread(((1, 50.0), (3, 50.0)))),
    ("livestock_goat", 0.16, spread(((1, 20.0), (2, 34.0), (3, 22.0), (4, 12.0), (6, 7.0), (9, 3.0)))),
)
# The kabupaten is poorer than the nation, so the low deciles of the nation are fuller here.
_DECILES = cuts((12.5, 12, 11.5, 11, 10.5, 10, 9.5, 8.5, 7.5, 7))
_PKH = (0.0, 0.5, 0.34, 0.2, 0.09, 0.025, 0.012, 0.006, 0.003, 0.001, 0.0)
_BPNT = (0.0, 0.46, 0.36, 0.26, 0.13, 0.045, 0.02, 0.01, 0.004, 0.001, 0.0)
_PBI = (0.0, 0.86, 0.82, 0.72, 0.6, 0.42, 0.28, 0.18, 0.1, 0.05, 0.02)

_NORMAL = spread_normal()
_NOISE = spread_normal(0.5)
# Noise of a measure that follows welfare with weight 0.8, so that the sum has deviation 1.
_ADDED = spread_normal(0.6)
_WELFARE_DEVIATION = 0.93

_PRIMARY, _LOWER, _UPPER, _HIGHER = 1, 2, 3, 4


@dataclass(slots=True)
class _Member:
    """A person on the way into the stream."""

    relation: str
    sex: str
    age: int
    marital: str
    mother: _Member | None = None
    father: _Member | None = None
    twin: _Member | None = None
    birth: date = date.min
    name: str = ""
    plain_name: str = ""
    mother_name: str = ""
    schooling: int = 0


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
        own = village.kabupaten.removeprefix("Kabupaten ").removeprefix("KABUPATEN ").strip().title() or "Lumajang"
        self._home_town = own

    def _enter_village(self, village: Village) -> None:
        uniform = self._uniform
        self._village = village
        self._previous: tuple[Dwelling, dict[str, Value], int] | None = None
        self._village_welfare = 0.2 * _NORMAL[int(uniform() * SLOTS)] + (0.45 if village.is_kelurahan else -0.03)
        dusun: list[str] = []
        while len(dusun) < 3 + int(uniform() * 3):
            name = self._names.dusun[int(uniform() * SLOTS)]
            if name not in dusun:
                dusun.append(name)
        self._dusun = dusun
        # RW are numbered through the village, RT within an RW.
        self._neighbourhoods = [
            (dusun[rw * len(dusun) // rw_count], rt, rw + 1)
            for rw_count in (len(dusun) + 2 + int(uniform() * 5),)
            for rw in range(rw_count)
            for rt in range(1, 3 + int(uniform() * 4))
        ]

    # Shapes of households

    def _members(self, limit: int) -> tuple[str, list[_Member]]:
        while True:
            shape = _SHAPES[int(self._uniform() * SLOTS)]
            if limit == 1:
                shape = _SINGLE_SHAPES[int(self._uniform() * 2)]
            members = self._shape(shape)
            if len(members) <= limit:
                return shape, members

    def _shape(self, shape: str) -> list[_Member]:
        uniform = self._uniform
        if shape == "nuclear":
            for _ in range(4):
                members = self._couple_with_children(_WIFE_AGES[int(uniform() * SLOTS)])
                if len(members) > 2:
                    break
            return members
        if shape == "couple":
            young = uniform() < 0.28
            wife_age = 19 + int(uniform() * 12) if young else 50 + int(uniform() * uniform() * 34)
            return self._couple(wife_age)
        if shape == "three_generations":
            members = self._couple_with_children(_WIFE_AGES[int(uniform() * SLOTS * 0.72)])
            parent_sex = FEMALE if uniform() < 0.78 else MALE
            age = members[0].age + 20 + int(uniform() * 11)
            if age < 93:
                members.append(_Member(PARENT, parent_sex, age, WIDOWED if uniform() < 0.9 else DIVORCED))
            return members
        if shape == "stem":
            return self._stem()
        if shape == "single_old":
            sex = FEMALE if uniform() < 0.79 else MALE
            marital = WIDOWED if uniform() < 0.86 else (DIVORCED if uniform() < 0.6 else NEVER_MARRIED)
            return [_Member(HEAD, sex, _SINGLE_OLD_AGES[int(uniform() * SLOTS)], marital)]
        if shape == "single_adult":
            sex = MALE if uniform() < 0.7 else FEMALE
            marital = NEVER_MARRIED if uniform() < 0.62 else DIVORCED
            return [_Member(HEAD, sex, _ADULT_AGES[int(uniform() * SLOTS)], marital)]
        if shape == "widow":
            return self._alone_with_children(FEMALE, _WIDOW_AGES[int(uniform() * SLOTS)], WIDOWED)
        if shape == "divorced":
            return self._alone_with_children(FEMALE, 24 + int(uniform() * 24), DIVORCED)
        if shape == "single_father":
            return self._alone_with_children(MALE, 33 + int(uniform() * 27), WIDOWED if uniform() < 0.6 else DIVORCED)
        if shape == "grandparents":
            return self._grandparents()
        age = 22 + int(uniform() * 28)
        sex = MALE if uniform() < 0.55 else FEMALE
        members = [_Member(HEAD, sex, age, NEVER_MARRIED if uniform() < 0.8 else DIVORCED)]
        other_sex = MALE if uniform() < 0.5 else FEMALE
        other_age = max(15, age - 1 - int(uniform() * 12))
        members.append(_Member(OTHER, other_sex, other_age, NEVER_MARRIED))
        return members

    def _couple(self, wife_age: int) -> list[_Member]:
        husband_age = max(20, wife_age + _HUSBAND_OLDER_YEARS[int(self._uniform() * SLOTS)])
        return [_Member(HEAD, MALE, husband_age, MARRIED), _Member(SPOUSE, FEMALE, wife_age, MARRIED)]

    def _couple_with_children(self, wife_age: int) -> list[_Member]:
        members = self._couple(wife_age)
        members += self._children(members[1], members[0], members[1].age)
        return members

    def _alone_with_children(self, sex: str, age: int, marital: str) -> list[_Member]:
        head = _Member(HEAD, sex, age, marital)
        mother, father = (head, None) if sex == FEMALE else (None, head)
        return [head, *self._children(mother, father, age if sex == FEMALE else age - 4)]

    def _children(
        self, mother: _Member | None, father: _Member | None, mother_age: int, relation: str = CHILD
    ) -> list[_Member]:
        """The children who still live at home and have not married."""
        uniform = self._uniform
        born_year = self._today.year - mother_age
        table = _BORN[0 if born_year < 1955 else 1 if born_year < 1970 else 2 if born_year < 1985 else 3]
        born = table[int(uniform() * SLOTS)]
        age = mother_age - _FIRST_BIRTH_AGE[int(uniform() * SLOTS)]
        children: list[_Member] = []
        for _ in range(born):
            if age < 0 or mother_age - age > 45:
                break
            # A spouse who came later than the child was born is a rare thing; it stays out of the way here.
            if uniform() < _AT_HOME[age]:
                sex = MALE if uniform() < 0.512 else FEMALE
                child = _Member(relation, sex, age, NEVER_MARRIED, mother, father)
                children.append(child)
                if uniform() < 0.008:
                    twin_sex = sex if uniform() < 0.7 else (FEMALE if sex == MALE else MALE)
                    children.append(_Member(relation, twin_sex, age, NEVER_MARRIED, mother, father, child))
            age -= _SPACING[int(uniform() * SLOTS)]
        return children

    def _stem(self) -> list[_Member]:
        """Parents, or one of them, with a married child, the child's spouse and their children."""
        uniform = self._uniform
        members = self._couple(46 + int(uniform() * 24))
        father: _Member | None = members[0]
        if uniform() < 0.42:
            widow = members[1]
            widow.relation, widow.marital = HEAD, WIDOWED
            members, father = [widow], None
        mother = members[-1]
        wife_age = max(18, mother.age - 20 - int(uniform() * 9))
        daughter_stays = uniform() < 0.6
        wife = _Member(CHILD if daughter_stays else CHILD_IN_LAW, FEMALE, wife_age, MARRIED)
        husband_age = max(19, min(wife_age + _HUSBAND_OLDER_YEARS[int(uniform() * SLOTS)], mother.age - 17))
        husband = _Member(CHILD_IN_LAW if daughter_stays else CHILD, MALE, husband_age, MARRIED)
        own = wife if daughter_stays else husband
        own.mother, own.father = mother, father
        members += [wife, husband] if daughter_stays else [husband, wife]
        grandchildren = self._children(wife, husband, wife_age, GRANDCHILD)
        return members + grandchildren[:3]

    def _grandparents(self) -> list[_Member]:
        """Grandchildren with their grandparents, while the parents work elsewhere."""
        uniform = self._uniform
        age = _GRANDPARENT_AGES[int(uniform() * SLOTS)]
        if uniform() < 0.55:
            members = self._couple(age)
        else:
            members = [_Member(HEAD, FEMALE, age, WIDOWED)]
        for _ in range(1 if uniform() < 0.72 else 2):
            child_age = max(0, min(17, age - 40 - int(uniform() * 14)))
            sex = MALE if uniform() < 0.51 else FEMALE
            members.append(_Member(GRANDCHILD, sex, child_age, NEVER_MARRIED))
        return members

    # Births, names and numbers

    def _bear(self, member: _Member) -> None:
        uniform = self._uniform
        if member.twin is not None:
            member.birth = member.twin.birth
            return
        ordinal = self._today_ordinal - int((member.age + uniform()) * DAYS_A_YEAR)
        birth = date.fromordinal(ordinal)
        year = birth.year
        if year < 1980 and uniform() < min(0.32, 0.04 + (1980 - year) * 0.009):
            heaped = _HEAPED_DAYS[int(uniform() * SLOTS)]
            if heaped == "15":
                birth = birth.replace(day=15)
            else:
                birth = date(year, int(heaped[:2]), int(heaped[3:]))
        member.birth = birth

    def _name(self, member: _Member, patterns: tuple[tuple[naming.Patterns, ...], ...], plain_mother: str) -> None:
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

    def _twin_name(self, elder: _Member, sex: str) -> str:
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

    def _nik(self, member: _Member) -> str:
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
        shape, members = self._members(limit)
        tradition = self._traditions[int(uniform() * SLOTS)]
        patterns = self._names.patterns[tradition]
        size = len(members)
        welfare = (
            _SHAPE_WELFARE[shape]
            + self._village_welfare
            + _WELFARE_DEVIATION * _NORMAL[int(uniform() * SLOTS)]
            - 0.09 * (size - 3)
        )
        mothers: dict[int, str] = {}
        for member in members:
            self._bear(member)
            # Grandchildren without their parents have one mother, and a couple's two mothers are different women.
            shared = mothers.get(id(member.mother), "") if member.mother else ""
            if member.relation == GRANDCHILD and member.mother is None:
                shared = mothers.get(0, "")
            self._name(member, patterns, shared)
            if member.relation == GRANDCHILD and member.mother is None:
                mothers[0] = member.mother_name
            elif member.father is not None and member.mother is None:
                member.mother_name = mothers.setdefault(id(member.father), member.mother_name)
        head = members[0]
        for member in members:
            if member.relation == PARENT and head.sex == member.sex == FEMALE:
                head.mother_name = member.plain_name
            elif member.relation == PARENT and member.sex == FEMALE:
                child = members[0] if uniform() < 0.5 else members[1]
                child.mother_name = member.plain_name

        measured = welfare / 1.02
        decile = 1 + bisect(_DECILES, 0.92 * measured + 0.4 * _NORMAL[int(uniform() * SLOTS)])
        subsidised = uniform() < _PBI[decile]

        persons = self._people(members, tradition=tradition, welfare=measured, decile=decile, subsidised=subsidised)
        dwelling, place = self._home(head, measured)
        attributes: dict[str, Value] = {
            "no_kk": self._no_kk(),
            "head_name": persons[0].attributes["name"],
            **place,
            "member_count": size,
            "decile": decile,
            "decile_version": self._version,
            "family_kind": "0" if uniform() < 0.94 else ("2" if head.age < 40 else "1"),
        }
        self._own(attributes, measured)
        self._assist(attributes, members, persons, decile, measured)
        self._families += 1
        return Family(self._families, self._village, dwelling, attributes, persons, round(measured, 3))

    def _home(self, head: _Member, welfare: float) -> tuple[Dwelling, dict[str, Value]]:
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
        dwelling = Dwelling(self._dwellings, self._build(welfare, head.age))
        self._previous = dwelling, place, head.age
        return dwelling, place

    def _build(self, welfare: float, head_age: int) -> dict[str, Value]:
        uniform = self._uniform
        score = 0.8 * welfare
        band = 0 if welfare < -0.5 else 1 if welfare < 0.7 else 2
        draw = uniform()
        town = self._village.is_kelurahan
        if draw < (0.76 if town else 0.9):
            tenure = "1"
        elif draw < 0.96:
            tenure = "2" if town and draw < 0.9 else "3"
        else:
            tenure = "6" if draw < 0.985 else ("4" if welfare > 0.6 else "5")
        dwelling: dict[str, Value] = {"building_tenure": tenure}
        if tenure == "1":
            dwelling["land_certificate"] = _CERTIFICATES[band][int(uniform() * SLOTS)]
        area = 58 + 19 * welfare + 16 * _NORMAL[int(uniform() * SLOTS)] + (4 if head_age > 45 else -6)
        dwelling["floor_area_m2"] = max(16, int(area)) if area < 70 else int(area / 5) * 5
        codes, points = _FLOORS
        dwelling["floor_material"] = codes[bisect(points, score + _ADDED[int(uniform() * SLOTS)])]
        codes, points = _WALLS
        dwelling["wall_material"] = codes[bisect(points, score + _ADDED[int(uniform() * SLOTS)])]
        codes, points = _ROOFS
        dwelling["roof_material"] = codes[bisect(points, score + _ADDED[int(uniform() * SLOTS)])]
        water = _WATERS[band][int(uniform() * SLOTS)]
        dwelling["water_source"] = water
        if water in ("4", "5", "6", "7", "8"):
            dwelling["water_distance"] = "2" if uniform() < 0.62 else ("1" if uniform() < 0.8 else "3")
        draw = uniform()
        if draw < 0.005 and welfare < 0:
            dwelling["lighting"] = "4" if draw < 0.002 else "3"
        elif draw < 0.13 - 0.08 * min(1.0, max(-1.0, welfare)):
            dwelling["lighting"] = "2"
        else:
            dwelling["lighting"] = "1"
            codes, points = _POWERS
            dwelling["power_capacity"] = codes[bisect(points, score + _ADDED[int(uniform() * SLOTS)])]
        codes, points = _FUELS
        dwelling["cooking_fuel"] = codes[bisect(points, score + _ADDED[int(uniform() * SLOTS)])]
        codes, points = _TOILETS
        toilet = codes[bisect(points, score + _ADDED[int(uniform() * SLOTS)])]
        dwelling["toilet_access"] = toilet
        if toilet != "6":
            codes, points = _TOILET_TYPES
            dwelling["toilet_type"] = codes[bisect(points, score + _ADDED[int(uniform() * SLOTS)])]
            codes, points = _SEWAGES
            dwelling["sewage"] = codes[bisect(points, score + _ADDED[int(uniform() * SLOTS)])]
        return dwelling

    def _own(self, attributes: dict[str, Value], welfare: float) -> None:
        uniform = self._uniform
        normal = _NORMAL
        for name, point, follows, free in _ASSETS:
            has = follows * welfare + free * normal[int(uniform() * SLOTS)] > point
            attributes[name] = YES if has else NO
        rural = not self._village.is_kelurahan
        for name, share, heads in _LIVESTOCK:
            attributes[name] = heads[int(uniform() * SLOTS)] if rural and uniform() < share else 0
        draw = uniform() + 0.22 * welfare
        if attributes["asset_smartphone"] == YES:
            attributes["internet_access"] = "2" if draw > 0.95 else "3"
        else:
            attributes["internet_access"] = "0"
        draw = uniform() + 0.16 * welfare
        attributes["bank_account"] = "4" if draw < 0.5 else "2" if draw < 1.0 else "3"

    def _assist(
        self,
        attributes: dict[str, Value],
        members: list[_Member],
        persons: tuple[Person, ...],
        decile: int,
        welfare: float,
    ) -> None:
        uniform = self._uniform
        component = toddler = pregnant = business = salaried = False
        for member, person in zip(members, persons, strict=True):
            age = member.age
            toddler = toddler or age < 5
            component = component or age < 19 or age >= 60
            pregnant = pregnant or person.attributes.get("pregnancy") == YES
            business = business or "businesses_count" in person.attributes
            salaried = salaried or person.attributes["occupation"] in _STATE_PAID
        pkh = (component or pregnant) and not salaried and uniform() < _PKH[decile]
        bpnt = not salaried and uniform() < (0.94 if pkh else _BPNT[decile])
        served = pkh or bpnt
        attributes["programme_pkh"] = YES if pkh else NO
        attributes["programme_bpnt"] = YES if bpnt else NO
        attributes["programme_sembako"] = YES if bpnt and uniform() < 0.93 else NO
        attributes["programme_bst"] = YES if not served and decile <= 5 and uniform() < 0.14 else NO
        attributes["programme_bpum"] = YES if business and decile <= 7 and uniform() < 0.2 else NO
        attributes["programme_blt_desa"] = YES if not served and decile <= 3 and uniform() < 0.2 else NO
        risky = (toddler or pregnant) and uniform() < 0.42 - 0.18 * min(1.5, max(-1.5, welfare))
        attributes["stunting_risk"] = YES if risky else NO

    # The people

    def _people(
        self, members: list[_Member], *, tradition: str, welfare: float, decile: int, subsidised: bool
    ) -> tuple[Person, ...]:
        persons = []
        alone = len(members) == 1
        insurance = "1" if subsidised else ("2" if self._uniform() < 0.2 + 0.2 * max(0.0, welfare) else "0")
        for order, member in enumerate(members, 1):
            attributes = self._person(member, tradition, welfare, alone, insurance)
            attributes["family_order"] = order
            self._persons += 1
            persons.append(Person(self._persons, attributes))
        return tuple(persons)

    def _person(
        self, member: _Member, tradition: str, welfare: float, alone: bool, insurance: str
    ) -> dict[str, Value]:
        uniform = self._uniform
        birth = member.birth
        age = self._today.year - birth.year - ((self._today.month, self._today.day) < (birth.month, birth.day))
        sex = member.sex
        nik = self._nik(member)
        attributes: dict[str, Value] = {
            "nik": nik,
            "name": member.name,
            "birth_date": birth.isoformat(),
            "birth_place": self._home_town
            if nik[2:6] == self._area and uniform() < 0.96
            else self._names.birth_places[int(uniform() * SLOTS)],
            "sex": sex,
            "religion": _RELIGIONS[tradition][int(uniform() * SLOTS)],
            "marital_status": member.marital,
            "mother_name": member.mother_name,
            "occupation": NOT_WORKING,
            "relation": member.relation,
            "presence": "1",
            "registration": "registered",
        }
        draw = uniform()
        if age >= 17:
            attributes["identity_documents"] = "4" if birth.year < 1980 and draw < 0.7 else ("5" if draw < 0.95 else "4")
        else:
            attributes["identity_documents"] = "3" if draw < 0.4 else ("1" if draw < 0.93 else "0")
        if age < 5:
            attributes["nutrition"] = "3" if draw < 0.6 else "8" if draw < 0.86 + 0.05 * welfare else ("2" if draw < 0.97 else "1")
            attributes["health_insurance"] = insurance
            return attributes

        self._school(member, attributes, age, welfare, tradition)
        if age >= 17 and not (age < 24 and attributes["school_participation"] == "2"):
            self._work(member, attributes, age, welfare)
        elif age >= 6:
            attributes["occupation"] = PUPIL if attributes["school_participation"] == "2" else NOT_WORKING
            if age >= 10:
                attributes["works"] = NO
        if attributes["occupation"] in _STATE_PAID:
            insurance = "4"
        elif insurance == "0" and attributes["occupation"] in ("15", "16", "65", "18") and uniform() < 0.5:
            insurance = "4"
        attributes["health_insurance"] = insurance
        if sex == FEMALE and 16 <= age <= 48 and member.marital == MARRIED:
            attributes["pregnancy"] = YES if uniform() < (0.075 if age < 36 else 0.015) else NO
        self._health(attributes, age, alone)
        if age >= 17:
            self._title(member, attributes, age, welfare, tradition)
            if uniform() < 0.5 + 0.15 * welfare - max(0, age - 55) * 0.02:
                # No subscriber number begins with a nought, so these reach nobody.
                attributes["phone"] = f"+62099{int(uniform() * 100_000_000):08d}"
        return attributes

    def _school(self, member: _Member, attributes: dict[str, Value], age: int, welfare: float, tradition: str) -> None:
        uniform = self._uniform
        if age < 7:
            attributes["school_participation"] = "1"
            attributes["diploma"] = "23"
            return
        year = member.birth.year
        reach = bisect(_SCHOOLING[naming.cohort(year)], 0.76 * welfare + 0.65 * _NORMAL[int(uniform() * SLOTS)])
        islamic = tradition == "madurese" and uniform() < 0.5
        if age <= 22:
            # Who is of age for a level is in it, unless the level is beyond what the person will reach.
            level = _PRIMARY if age <= 12 else _LOWER if age <= 15 else _UPPER if age <= 18 else _HIGHER
            if age <= 15 or level <= reach or (level == _UPPER and uniform() < 0.25):
                if uniform() < (0.995 if age <= 12 else 0.97 if age <= 15 else 1.0):
                    code = "19" if level == _HIGHER else self._level(level, islamic)
                    attributes["school_participation"] = "2"
                    attributes["school_level"] = code
                    attributes["school_grade"] = str(age - (6, 6, 12, 15, 18)[level])
                    member.schooling = level - 1
                    attributes["diploma"] = self._level(level - 1, islamic) if level > 1 else "23"
                    return
            reach = min(reach, level - 1) if age <= 18 else min(reach, _UPPER)
        member.schooling = reach
        if reach == 0:
            never = year < 1965 and uniform() < 0.42
            attributes["school_participation"] = "1" if never else "3"
            if not never:
                attributes["school_level"] = "3"
                attributes["school_grade"] = str(1 + int(uniform() * 5))
            attributes["diploma"] = "23"
            return
        code = self._level(reach, islamic)
        attributes["school_participation"] = "3"
        attributes["school_level"] = code
        attributes["school_grade"] = "8"
        attributes["diploma"] = code

    def _level(self, level: int, islamic: bool) -> str:
        if islamic and 1 <= level <= 3:
            return ("", "4", "9", "14")[level]
        return _LEVELS[level][int(self._uniform() * SLOTS)]

    def _work(self, member: _Member, attributes: dict[str, Value], age: int, welfare: float) -> None:
        uniform = self._uniform
        sex = member.sex
        schooled = member.schooling >= _UPPER
        band = 0 if welfare < -0.35 else 1 if welfare < 0.65 else 2
        occupation = _OCCUPATIONS[sex, band, schooled][int(uniform() * SLOTS)]
        # A woman who heads a family seldom only keeps house.
        if occupation == HOMEMAKER and member.relation == HEAD and age < 66 and uniform() < 0.75:
            occupation = _OCCUPATIONS[sex, band, schooled][int(uniform() * SLOTS)]
        if occupation == HOMEMAKER and member.marital == NEVER_MARRIED:
            occupation = NOT_WORKING if age < 24 and uniform() < 0.7 else ("15" if schooled else "19")
        if age < 21 and uniform() < 0.35:
            occupation = NOT_WORKING
        if occupation in _LICENSED and member.schooling < 4:
            occupation = "15" if occupation == "65" else "88"
        if occupation in _STATE_PAID and (age < 22 or age > 58):
            occupation = PENSIONER if age > 58 else "15"
        if age > 58 and occupation in ("15", "18", "65", "85", "16", "73", "74"):
            occupation = PENSIONER if occupation in ("65", "16") and uniform() < 0.6 else "9"
        if age >= 66 and occupation != PENSIONER and uniform() < (age - 60) * 0.036:
            occupation = HOMEMAKER if sex == FEMALE and uniform() < 0.55 else NOT_WORKING
        attributes["occupation"] = occupation
        attributes["taxpayer_number"] = "3" if uniform() > 0.05 + 0.1 * max(0.0, welfare) else ("2" if uniform() < 0.5 else "1")
        if occupation in _IDLE:
            attributes["works"] = NO
            return
        attributes["works"] = YES
        industry, _, status = _WORK[occupation][int(uniform() * SLOTS)].partition("/")
        attributes["work_hours_week"] = _HOURS[1 if status in ("6", "8") or age > 64 else 0][int(uniform() * SLOTS)]
        attributes["industry"] = industry
        attributes["employment_status"] = status
        attributes["work_insurance"] = "0" if status not in ("4", "5") or uniform() < 0.6 else ("15" if status == "5" else "3")
        if occupation in _IN_BUSINESS:
            attributes["businesses_count"] = 1 if uniform() < 0.94 else 2
            draw = uniform() + 0.14 * welfare
            attributes["business_turnover"] = "1" if draw < 0.74 else "2" if draw < 0.96 else "3" if draw < 1.08 else "4"
            attributes["business_permit"] = "11" if draw < 0.9 else "4"

    def _health(self, attributes: dict[str, Value], age: int, alone: bool) -> None:
        uniform = self._uniform
        attributes.update(_NO_DIFFICULTY)
        if age >= 60:
            frailty = 0.35 + (age - 60) * 0.045
            if uniform() < min(0.94, frailty):
                for function, share in _OLD_DIFFICULTIES:
                    if uniform() < share * frailty:
                        attributes[function] = _SEVERITY[int(uniform() * SLOTS)]
            attributes["chronic_illness"] = _ILLNESS_OLD[int(uniform() * SLOTS)]
            if alone and uniform() < 0.2:
                attributes["depression"] = "3" if uniform() < 0.8 else "2"
        elif age >= 40:
            draw = uniform()
            if draw < 0.07:
                attributes["function_seeing"] = "3"
            elif draw < 0.095:
                attributes["function_walking"] = _SEVERITY[int(uniform() * SLOTS)]
            attributes["chronic_illness"] = _ILLNESS_MIDDLE[int(uniform() * SLOTS)]
        else:
            attributes["chronic_illness"] = _ILLNESS_YOUNG[int(uniform() * SLOTS)]
        if uniform() < 0.011:
            # Disabilities that people are born with or meet by accident, at any age.
            function = _FUNCTIONS[int(uniform() * 9)]
            attributes[function] = _SEVERE[int(uniform() * SLOTS)]
            if function == "function_hearing" and uniform() < 0.6:
                attributes["function_speaking"] = attributes[function]
            elif function == "function_learning":
                attributes["function_remembering"] = attributes[function]
        if attributes["function_self_care"] in ("1", "2") or attributes["function_walking"] == "1":
            attributes["caregiver"] = "3" if alone else ("1" if uniform() < 0.93 else "2")

    def _title(
        self, member: _Member, attributes: dict[str, Value], age: int, welfare: float, tradition: str
    ) -> None:
        """Titles that stand in the name: the pilgrimage, and a degree of some who have one."""
        uniform = self._uniform
        name = member.name
        if member.schooling >= 5 and uniform() < 0.55:
            name = f"{name}, {_DEGREES[int(uniform() * SLOTS)]}"
        elif member.schooling == 4 and uniform() < 0.25:
            name = f"{name}, A.Md."
        if age >= 42 and welfare > 0.5 and tradition in ("javanese", "madurese"):
            if uniform() < (0.16 if tradition == "madurese" else 0.07) * min(2.0, welfare):
                name = f"{'H.' if member.sex == MALE else 'Hj.'} {name}"
        attributes["name"] = name


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
