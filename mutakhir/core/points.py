"""Points on the map: how far it is from one to another, and the way that goes to the nearest one next."""

from __future__ import annotations

from collections.abc import Mapping
from math import asin, cos, radians, sin, sqrt
from typing import TypeVar

K = TypeVar("K")
EARTH_RADIUS_M = 6_371_000
INDONESIA = ((-11.1, 6.1), (94.9, 141.1))
"""Latitudes and longitudes between which every house of Indonesia lies."""


def parse_point(text: str | None) -> tuple[float, float] | None:
    """Latitude and longitude in degrees of "-8.13310,113.22240"; None for what is no point of Indonesia."""
    latitude, _, longitude = (text or "").partition(",")
    try:
        found = float(latitude), float(longitude)
    except ValueError:
        return None
    inside = all(low <= value <= high for value, (low, high) in zip(found, INDONESIA, strict=True))
    return found if inside else None


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> int:
    """Metres along the great circle, on a sphere: within half a percent of the way on the ellipsoid."""
    latitudes = radians(one[0]), radians(other[0])
    half_chord = (
        sin((latitudes[1] - latitudes[0]) / 2) ** 2
        + cos(latitudes[0]) * cos(latitudes[1]) * sin(radians(other[1] - one[1]) / 2) ** 2
    )
    return round(2 * EARTH_RADIUS_M * asin(sqrt(min(half_chord, 1.0))))


def nearest_next(
    start: tuple[float, float] | None, points: Mapping[K, tuple[float, float]]
) -> list[tuple[K, int]]:
    """The order in which each next one is the nearest of those left, with the metres to it from the one before.

    Without a start it begins at the first point given, at no distance. Of equally near ones the one given first comes.
    """
    left = dict(points)
    found: list[tuple[K, int]] = []
    here = start if start is not None else next(iter(left.values()), None)
    while left and here is not None:
        key, metres = min(
            ((key, distance_m(here, point)) for key, point in left.items()), key=lambda one: one[1]
        )
        found.append((key, metres))
        here = left.pop(key)
    return found
