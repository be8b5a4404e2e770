"""Living conditions: the house, what a family owns and which programmes it is in, as they follow welfare."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from math import sqrt
from statistics import NormalDist

from mutakhir.core.attributes import Value
from mutakhir.synth.codes import NO, STATE_PAID, YES
from mutakhir.synth.draws import NORMAL, SLOTS, Uniform, cuts, spread, spread_codes, spread_normal
from mutakhir.synth.households import Member

Ranked = tuple[tuple[str, ...], list[float]]
"""Codes from the poorest to the richest, and where a standard normal value is cut between them."""

# Living conditions: codes from the poorest to the richest and the shares of dwellings that have them.
_FLOORS: Ranked = ("8", "7", "5", "6", "4", "2", "1"), cuts((7, 0.7, 1.3, 31, 13, 44, 3))
_WALLS: Ranked = ("6", "4", "3", "2", "1"), cuts((0.5, 9, 5.5, 3, 82))
_ROOFS: Ranked = ("7", "3", "4", "2", "1"), cuts((0.4, 2, 7.6, 87, 3))
_FUELS: Ranked = ("10", "4", "2", "3"), cuts((27, 70, 1.6, 1.4))
_POWERS: Ranked = ("1", "2", "3", "4", "5"), cuts((38, 43, 14, 4, 1))
_TOILETS: Ranked = ("6", "4", "2", "1"), cuts((8, 3, 10, 79))
_TOILET_TYPES: Ranked = ("4", "3", "2", "1"), cuts((9, 3, 5, 83))
_SEWAGES: Ranked = ("5", "3", "4", "1"), cuts((2, 15, 13, 70))
_WATERS = (
    spread_codes("6:26 8:18 5:26 9:6 7:14 4:7 3:2 10:1"),
    spread_codes("5:30 4:28 7:10 3:14 6:8 2:8 8:2"),
    spread_codes("4:34 3:26 2:26 5:10 1:4"),
)
_CERTIFICATES = (
    spread_codes("6:34 5:44 1:18 3:4"),
    spread_codes("1:42 5:40 6:12 2:4 4:2"),
    spread_codes("1:68 5:22 4:5 6:5"),
)

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
_PKH = (0.0, 0.5, 0.34, 0.2, 0.09, 0.025, 0.012, 0.006, 0.003, 0.001, 0.0)
_BPNT = (0.0, 0.46, 0.36, 0.26, 0.13, 0.045, 0.02, 0.01, 0.004, 0.001, 0.0)
# Noise of a measure that follows welfare with weight 0.8, so that the sum has deviation 1.
_ADDED = spread_normal(0.6)


def draw_house(uniform: Uniform, *, welfare: float, head_age: int, town: bool) -> dict[str, Value]:
    score = 0.8 * welfare
    band = 0 if welfare < -0.5 else 1 if welfare < 0.7 else 2
    draw = uniform()
    if draw < (0.76 if town else 0.9):
        tenure = "1"
    elif draw < 0.96:
        tenure = "2" if town and draw < 0.9 else "3"
    else:
        tenure = "6" if draw < 0.985 else ("4" if welfare > 0.6 else "5")
    dwelling: dict[str, Value] = {"building_tenure": tenure}
    if tenure == "1":
        dwelling["land_certificate"] = _CERTIFICATES[band][int(uniform() * SLOTS)]
    area = 58 + 19 * welfare + 16 * NORMAL[int(uniform() * SLOTS)] + (4 if head_age > 45 else -6)
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


def draw_things(uniform: Uniform, attributes: dict[str, Value], *, welfare: float, town: bool) -> None:
    normal = NORMAL
    for name, point, follows, free in _ASSETS:
        has = follows * welfare + free * normal[int(uniform() * SLOTS)] > point
        attributes[name] = YES if has else NO
    for name, share, heads in _LIVESTOCK:
        attributes[name] = heads[int(uniform() * SLOTS)] if not town and uniform() < share else 0
    draw = uniform() + 0.22 * welfare
    if attributes["asset_smartphone"] == YES:
        attributes["internet_access"] = "2" if draw > 0.95 else "3"
    else:
        attributes["internet_access"] = "0"
    draw = uniform() + 0.16 * welfare
    attributes["bank_account"] = "4" if draw < 0.5 else "2" if draw < 1.0 else "3"


def draw_assistance(
    uniform: Uniform,
    attributes: dict[str, Value],
    members: Sequence[Member],
    people: Sequence[Mapping[str, Value]],
    *,
    decile: int,
    welfare: float,
) -> None:
    component = toddler = pregnant = business = salaried = False
    for member, person in zip(members, people, strict=True):
        age = member.age
        toddler = toddler or age < 5
        component = component or age < 19 or age >= 60
        pregnant = pregnant or person.get("pregnancy") == YES
        business = business or "businesses_count" in person
        salaried = salaried or person["occupation"] in STATE_PAID
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
