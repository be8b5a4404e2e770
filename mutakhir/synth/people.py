"""People: what is known of each one beside name and number: papers, school, work, health."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping

from mutakhir.core.attributes import Value
from mutakhir.synth.codes import (
    FEMALE,
    HEAD,
    HIGHER,
    HOMEMAKER,
    LOWER_SECONDARY,
    MALE,
    MARRIED,
    NEVER_MARRIED,
    NO,
    NOT_WORKING,
    PENSIONER,
    PRIMARY,
    PUPIL,
    STATE_PAID,
    UPPER_SECONDARY,
    YES,
)
from mutakhir.synth.draws import NORMAL, SLOTS, Uniform, cuts, spread, spread_codes
from mutakhir.synth.households import Member
from mutakhir.synth.names import cohort

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
_HOURS = tuple(
    spread(
        (hours, 1.0 - abs(hours - middle) / (reach + 1)) for hours in range(middle - reach, middle + reach)
    )
    for middle, reach in ((40, 14), (26, 16))
)
_IN_BUSINESS = frozenset(("84", "88", "30", "32", "10", "29"))
_IDLE = frozenset((NOT_WORKING, HOMEMAKER, PUPIL, PENSIONER))
_INSURED_BY_EMPLOYER = frozenset(("15", "16", "18", "65"))
_LICENSED = frozenset(("65", "73", "74"))

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


def describe(
    uniform: Uniform, member: Member, *, age: int, welfare: float, tradition: str, alone: bool, insurance: str
) -> dict[str, Value]:
    """Everything about a person but number, birth place and place in the family. `insurance` is what the family has."""
    birth_year = member.birth.year
    attributes: dict[str, Value] = {
        "name": member.name,
        "birth_date": member.birth.isoformat(),
        "sex": member.sex,
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
        attributes["identity_documents"] = "5" if draw < 0.95 and (birth_year >= 1980 or draw > 0.7) else "4"
    else:
        attributes["identity_documents"] = "3" if draw < 0.4 else ("1" if draw < 0.93 else "0")
    if age < 5:
        draw = uniform()
        poorly = 0.14 - 0.05 * welfare
        attributes["nutrition"] = (
            "2" if draw < 0.8 * poorly else "1" if draw < poorly else "3" if draw < 0.75 else "8"
        )
        attributes["health_insurance"] = insurance
        return attributes

    _go_to_school(uniform, member, attributes, age=age, welfare=welfare, tradition=tradition)
    at_school = attributes["school_participation"] == "2"
    if age >= 17 and not (age < 24 and at_school):
        _go_to_work(uniform, member, attributes, age=age, welfare=welfare)
    elif age >= 6:
        attributes["occupation"] = PUPIL if at_school else NOT_WORKING
        if age >= 10:
            attributes["works"] = NO
    if attributes["occupation"] in STATE_PAID:
        insurance = "4"
    elif insurance == "0" and attributes["occupation"] in _INSURED_BY_EMPLOYER and uniform() < 0.5:
        insurance = "4"
    attributes["health_insurance"] = insurance
    if member.sex == FEMALE and 16 <= age <= 48 and member.marital == MARRIED:
        attributes["pregnancy"] = YES if uniform() < (0.075 if age < 36 else 0.015) else NO
    _be_well_or_ill(uniform, attributes, age=age, alone=alone)
    if age >= 17:
        attributes["name"] = _with_titles(uniform, member, age=age, welfare=welfare, tradition=tradition)
        if uniform() < 0.5 + 0.15 * welfare - max(0, age - 55) * 0.02:
            # No subscriber number begins with a nought, so these reach nobody.
            attributes["phone"] = f"+62099{int(uniform() * 100_000_000):08d}"
    return attributes


def _go_to_school(
    uniform: Uniform,
    member: Member,
    attributes: dict[str, Value],
    *,
    age: int,
    welfare: float,
    tradition: str,
) -> None:
    if age < 7:
        attributes["school_participation"] = "1"
        attributes["diploma"] = "23"
        return
    year = member.birth.year
    reach = bisect(_SCHOOLING[cohort(year)], 0.76 * welfare + 0.65 * NORMAL[int(uniform() * SLOTS)])
    islamic = tradition == "madurese" and uniform() < 0.5
    if age <= 22:
        # Who is of age for a level is in it, unless the level is beyond what the person will reach.
        level = (
            PRIMARY
            if age <= 12
            else LOWER_SECONDARY
            if age <= 15
            else UPPER_SECONDARY
            if age <= 18
            else HIGHER
        )
        if age <= 15 or level <= reach or (level == UPPER_SECONDARY and uniform() < 0.25):
            if uniform() < (0.995 if age <= 12 else 0.97 if age <= 15 else 1.0):
                code = "19" if level == HIGHER else _level(uniform, level, islamic=islamic)
                attributes["school_participation"] = "2"
                attributes["school_level"] = code
                attributes["school_grade"] = str(age - (6, 6, 12, 15, 18)[level])
                member.schooling = level - 1
                attributes["diploma"] = _level(uniform, level - 1, islamic=islamic) if level > 1 else "23"
                return
        reach = min(reach, level - 1) if age <= 18 else min(reach, UPPER_SECONDARY)
    member.schooling = reach
    if reach == 0:
        never = year < 1965 and uniform() < 0.42
        attributes["school_participation"] = "1" if never else "3"
        if not never:
            attributes["school_level"] = "3"
            attributes["school_grade"] = str(1 + int(uniform() * 5))
        attributes["diploma"] = "23"
        return
    code = _level(uniform, reach, islamic=islamic)
    attributes["school_participation"] = "3"
    attributes["school_level"] = code
    attributes["school_grade"] = "8"
    attributes["diploma"] = code


def _level(uniform: Uniform, level: int, *, islamic: bool) -> str:
    if islamic and 1 <= level <= 3:
        return ("", "4", "9", "14")[level]
    return _LEVELS[level][int(uniform() * SLOTS)]


def _go_to_work(
    uniform: Uniform, member: Member, attributes: dict[str, Value], *, age: int, welfare: float
) -> None:
    sex = member.sex
    schooled = member.schooling >= UPPER_SECONDARY
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
    if occupation in STATE_PAID and (age < 22 or age > 58):
        occupation = PENSIONER if age > 58 else "15"
    if age > 58 and occupation in ("15", "18", "65", "85", "16", "73", "74"):
        occupation = PENSIONER if occupation in ("65", "16") and uniform() < 0.6 else "9"
    if age >= 66 and occupation != PENSIONER and uniform() < (age - 60) * 0.036:
        occupation = HOMEMAKER if sex == FEMALE and uniform() < 0.55 else NOT_WORKING
    attributes["occupation"] = occupation
    attributes["taxpayer_number"] = (
        "3" if uniform() > 0.05 + 0.1 * max(0.0, welfare) else ("2" if uniform() < 0.5 else "1")
    )
    if occupation in _IDLE:
        attributes["works"] = NO
        return
    attributes["works"] = YES
    industry, _, status = _WORK[occupation][int(uniform() * SLOTS)].partition("/")
    attributes["work_hours_week"] = _HOURS[1 if status in ("6", "8") or age > 64 else 0][
        int(uniform() * SLOTS)
    ]
    attributes["industry"] = industry
    attributes["employment_status"] = status
    attributes["work_insurance"] = (
        "0" if status not in ("4", "5") or uniform() < 0.6 else ("15" if status == "5" else "3")
    )
    if occupation in _IN_BUSINESS:
        attributes["businesses_count"] = 1 if uniform() < 0.94 else 2
        draw = uniform() + 0.14 * welfare
        attributes["business_turnover"] = (
            "1" if draw < 0.74 else "2" if draw < 0.96 else "3" if draw < 1.08 else "4"
        )
        attributes["business_permit"] = "11" if draw < 0.9 else "4"


def _be_well_or_ill(uniform: Uniform, attributes: dict[str, Value], *, age: int, alone: bool) -> None:
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


def _with_titles(uniform: Uniform, member: Member, *, age: int, welfare: float, tradition: str) -> str:
    """The name with what stands before and behind it: the pilgrimage, and a degree of some who have one."""
    name = member.name
    if member.schooling >= 5 and uniform() < 0.55:
        name = f"{name}, {_DEGREES[int(uniform() * SLOTS)]}"
    elif member.schooling == 4 and uniform() < 0.25:
        name = f"{name}, A.Md."
    if age >= 42 and welfare > 0.5 and tradition in ("javanese", "madurese"):
        if uniform() < (0.16 if tradition == "madurese" else 0.07) * min(2.0, welfare):
            name = f"{'H.' if member.sex == MALE else 'Hj.'} {name}"
    return name
