"""Weighted tables for seeded draws: a draw is one uniform number and one look into a table of fixed length."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")
Uniform = Callable[[], float]
"""`random.Random(seed).random`: the only source of chance, so that the same seed gives the same bytes."""

SLOTS = 1024


def spread(weights: Iterable[tuple[T, float]]) -> tuple[T, ...]:
    """SLOTS entries in proportion to the weights. A positive weight below one slot may be left out."""
    pairs = [(value, weight) for value, weight in weights if weight > 0]
    total = sum(weight for _, weight in pairs)
    if not pairs or total <= 0:
        raise ValueError("no positive weight")
    slots: list[T] = []
    reached = 0.0
    for value, weight in pairs:
        reached += weight
        slots.extend([value] * (round(reached / total * SLOTS) - len(slots)))
    return tuple(slots)


def spread_codes(text: str) -> tuple[str, ...]:
    """The same for "code:weight code:weight"."""
    pairs = (entry.rsplit(":", 1) for entry in text.split())
    return spread((code, float(weight)) for code, weight in pairs)


def spread_normal(deviation: float = 1.0, mean: float = 0.0) -> tuple[float, ...]:
    """SLOTS equally likely values of a normal distribution."""
    normal = NormalDist(mean, deviation)
    return tuple(normal.inv_cdf((slot + 0.5) / SLOTS) for slot in range(SLOTS))


def cuts(shares: Sequence[float]) -> list[float]:
    """Where a standard normal value must be cut so that the classes have these shares, lowest first."""
    normal = NormalDist()
    total = sum(shares)
    reached = 0.0
    points: list[float] = []
    for share in shares[:-1]:
        reached += share / total
        points.append(normal.inv_cdf(min(max(reached, 1e-6), 1 - 1e-6)))
    return points


NORMAL = spread_normal()
"""SLOTS equally likely values of the standard normal distribution."""
