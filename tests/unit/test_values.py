"""A copy with fields told anew is what the standard library would have made."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from mutakhir.core.events import Event
from mutakhir.core.values import replace


@dataclasses.dataclass(frozen=True, slots=True)
class Alone:
    word: str


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    least: int
    most: int = 9

    def __post_init__(self) -> None:
        if self.least > self.most:
            raise ValueError("least above most")


EVENT = Event(
    7, "request", 3, "reserved", {"ticket": "2"}, "op", datetime(2026, 11, 24, tzinfo=UTC), "3508152001"
)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Alone("a"), {"word": "b"}),
        (Alone("a"), {}),
        (Checked(1), {"most": 4}),
        (EVENT, {"id": 11}),
        (EVENT, {"version": 4, "type": "withdrawn", "reason": None}),
    ],
)
def test_equals_the_standard_library(value: object, told: dict[str, object]) -> None:
    made = replace(value, **told)
    assert made == dataclasses.replace(value, **told)
    assert type(made) is type(value)
    assert made is not value


def test_what_a_value_refuses_is_refused() -> None:
    with pytest.raises(ValueError, match="least above most"):
        replace(Checked(1), least=10)


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(TypeError, match="no field words"):
        replace(Alone("a"), words="b")
