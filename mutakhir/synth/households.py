"""Households: who lives together, how old they are and how they are related."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mutakhir.synth.codes import (
    CHILD,
    CHILD_IN_LAW,
    DIVORCED,
    FEMALE,
    GRANDCHILD,
    HEAD,
    MALE,
    MARRIED,
    NEVER_MARRIED,
    OTHER,
    PARENT,
    SPOUSE,
    WIDOWED,
)
from mutakhir.synth.draws import SLOTS, Uniform, spread, spread_codes


@dataclass(slots=True)
class Member:
    """A person on the way into the stream."""

    relation: str
    sex: str
    age: int
    marital: str
    mother: Member | None = None
    father: Member | None = None
    twin: Member | None = None
    birth: date = date.min
    name: str = ""
    plain_name: str = ""
    mother_name: str = ""
    schooling: int = 0


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
SHAPE_WELFARE = {
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
_HUSBAND_OLDER_YEARS = tuple(
    int(years)
    for years in spread_codes("-3:1 -1:3 0:8 1:9 2:12 3:15 4:15 5:13 6:9 7:6 8:4 10:3 14:1.5 20:0.5")
)
_FIRST_BIRTH_AGE = spread(enumerate((3, 6, 9, 11, 12, 12, 10, 9, 7, 6, 5, 4, 3, 2, 2, 1, 1), start=17))
_SPACING = spread(
    (
        (1, 2.0),
        (2, 8.0),
        (3, 13.0),
        (4, 16.0),
        (5, 17.0),
        (6, 15.0),
        (7, 11.0),
        (8, 8.0),
        (10, 6.0),
        (13, 3.0),
    )
)
# Children ever born, by the mother's year of birth: before 1955, to 1969, to 1984, later.
_BORN = tuple(
    spread(enumerate(shares))
    for shares in (
        (4, 8, 16, 20, 20, 16, 16),
        (4, 12, 28, 27, 16, 9, 4),
        (5, 20, 46, 22, 6, 1),
        (9, 36, 44, 9, 2),
    )
)
_SINGLE_OLD_AGES = spread((age, 1.2 - abs(age - 70) * 0.045) for age in range(55, 92))
_ADULT_AGES = spread((age, 1.0) for age in range(23, 55))
_WIDOW_AGES = spread((age, 0.4 + (age - 30) * 0.04) for age in range(31, 66))
_GRANDPARENT_AGES = spread((age, 1.0 - abs(age - 60) * 0.03) for age in range(47, 78))
_AT_HOME = (
    (0.97,) * 18
    + (0.8, 0.76, 0.68, 0.6, 0.5, 0.42, 0.36, 0.3, 0.24, 0.2, 0.17, 0.15, 0.13, 0.11)
    + (0.07,) * 60
)


def draw_household(uniform: Uniform, *, limit: int, year: int) -> tuple[str, list[Member]]:
    while True:
        shape = _SHAPES[int(uniform() * SLOTS)]
        if limit == 1:
            shape = _SINGLE_SHAPES[int(uniform() * 2)]
        members = _shape(uniform, shape, year)
        if len(members) <= limit:
            return shape, members


def _shape(uniform: Uniform, shape: str, year: int) -> list[Member]:
    if shape == "nuclear":
        for _ in range(4):
            members = _couple_with_children(uniform, _WIFE_AGES[int(uniform() * SLOTS)], year)
            if len(members) > 2:
                break
        return members
    if shape == "couple":
        young = uniform() < 0.28
        wife_age = 19 + int(uniform() * 12) if young else 50 + int(uniform() * uniform() * 34)
        return _couple(uniform, wife_age)
    if shape == "three_generations":
        members = _couple_with_children(uniform, _WIFE_AGES[int(uniform() * SLOTS * 0.72)], year)
        parent_sex = FEMALE if uniform() < 0.78 else MALE
        age = members[0].age + 20 + int(uniform() * 11)
        if age < 93:
            members.append(Member(PARENT, parent_sex, age, WIDOWED if uniform() < 0.9 else DIVORCED))
        return members
    if shape == "stem":
        return _stem(uniform, year)
    if shape == "single_old":
        sex = FEMALE if uniform() < 0.79 else MALE
        marital = WIDOWED if uniform() < 0.86 else (DIVORCED if uniform() < 0.6 else NEVER_MARRIED)
        return [Member(HEAD, sex, _SINGLE_OLD_AGES[int(uniform() * SLOTS)], marital)]
    if shape == "single_adult":
        sex = MALE if uniform() < 0.7 else FEMALE
        marital = NEVER_MARRIED if uniform() < 0.62 else DIVORCED
        return [Member(HEAD, sex, _ADULT_AGES[int(uniform() * SLOTS)], marital)]
    if shape == "widow":
        return _alone_with_children(uniform, FEMALE, _WIDOW_AGES[int(uniform() * SLOTS)], WIDOWED, year)
    if shape == "divorced":
        return _alone_with_children(uniform, FEMALE, 24 + int(uniform() * 24), DIVORCED, year)
    if shape == "single_father":
        return _alone_with_children(
            uniform, MALE, 33 + int(uniform() * 27), WIDOWED if uniform() < 0.6 else DIVORCED, year
        )
    if shape == "grandparents":
        return _grandparents(uniform)
    age = 22 + int(uniform() * 28)
    sex = MALE if uniform() < 0.55 else FEMALE
    members = [Member(HEAD, sex, age, NEVER_MARRIED if uniform() < 0.8 else DIVORCED)]
    other_sex = MALE if uniform() < 0.5 else FEMALE
    other_age = max(15, age - 1 - int(uniform() * 12))
    members.append(Member(OTHER, other_sex, other_age, NEVER_MARRIED))
    return members


def _couple(uniform: Uniform, wife_age: int) -> list[Member]:
    husband_age = max(20, wife_age + _HUSBAND_OLDER_YEARS[int(uniform() * SLOTS)])
    return [Member(HEAD, MALE, husband_age, MARRIED), Member(SPOUSE, FEMALE, wife_age, MARRIED)]


def _couple_with_children(uniform: Uniform, wife_age: int, year: int) -> list[Member]:
    members = _couple(uniform, wife_age)
    members += _children(uniform, members[1], members[0], mother_age=members[1].age, year=year)
    return members


def _alone_with_children(uniform: Uniform, sex: str, age: int, marital: str, year: int) -> list[Member]:
    head = Member(HEAD, sex, age, marital)
    mother, father = (head, None) if sex == FEMALE else (None, head)
    return [
        head,
        *_children(uniform, mother, father, mother_age=age if sex == FEMALE else age - 4, year=year),
    ]


def _children(
    uniform: Uniform,
    mother: Member | None,
    father: Member | None,
    *,
    mother_age: int,
    year: int,
    relation: str = CHILD,
) -> list[Member]:
    """The children who still live at home and have not married."""
    born_year = year - mother_age
    table = _BORN[0 if born_year < 1955 else 1 if born_year < 1970 else 2 if born_year < 1985 else 3]
    born = table[int(uniform() * SLOTS)]
    age = mother_age - _FIRST_BIRTH_AGE[int(uniform() * SLOTS)]
    children: list[Member] = []
    for _ in range(born):
        if age < 0 or mother_age - age > 45:
            break
        # A spouse who came later than the child was born is a rare thing; it stays out of the way here.
        if uniform() < _AT_HOME[age]:
            sex = MALE if uniform() < 0.512 else FEMALE
            child = Member(relation, sex, age, NEVER_MARRIED, mother, father)
            children.append(child)
            if uniform() < 0.008:
                twin_sex = sex if uniform() < 0.7 else (FEMALE if sex == MALE else MALE)
                children.append(Member(relation, twin_sex, age, NEVER_MARRIED, mother, father, child))
        age -= _SPACING[int(uniform() * SLOTS)]
    return children


def _stem(uniform: Uniform, year: int) -> list[Member]:
    """Parents, or one of them, with a married child, the child's spouse and their children."""
    members = _couple(uniform, 46 + int(uniform() * 24))
    father: Member | None = members[0]
    if uniform() < 0.42:
        widow = members[1]
        widow.relation, widow.marital = HEAD, WIDOWED
        members, father = [widow], None
    mother = members[-1]
    wife_age = max(18, mother.age - 20 - int(uniform() * 9))
    daughter_stays = uniform() < 0.6
    wife = Member(CHILD if daughter_stays else CHILD_IN_LAW, FEMALE, wife_age, MARRIED)
    husband_age = max(19, min(wife_age + _HUSBAND_OLDER_YEARS[int(uniform() * SLOTS)], mother.age - 17))
    husband = Member(CHILD_IN_LAW if daughter_stays else CHILD, MALE, husband_age, MARRIED)
    own = wife if daughter_stays else husband
    own.mother, own.father = mother, father
    members += [wife, husband] if daughter_stays else [husband, wife]
    grandchildren = _children(uniform, wife, husband, mother_age=wife_age, year=year, relation=GRANDCHILD)
    return members + grandchildren[:3]


def _grandparents(uniform: Uniform) -> list[Member]:
    """Grandchildren with their grandparents, while the parents work elsewhere."""
    age = _GRANDPARENT_AGES[int(uniform() * SLOTS)]
    members = _couple(uniform, age) if uniform() < 0.55 else [Member(HEAD, FEMALE, age, WIDOWED)]
    for _ in range(1 if uniform() < 0.72 else 2):
        child_age = max(0, min(17, age - 40 - int(uniform() * 14)))
        sex = MALE if uniform() < 0.51 else FEMALE
        members.append(Member(GRANDCHILD, sex, child_age, NEVER_MARRIED))
    return members
