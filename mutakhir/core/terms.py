"""The terms under which everything is decided: the attribute table, the limits, and what reasons bring about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mutakhir.core.attributes import AttributeTable
from mutakhir.core.flows.change_request import Deadlines


@dataclass(frozen=True, slots=True)
class Terms:
    """Read once at the edge from the parameters and handed to every action.

    `reasons` are the known codes by list; `ending` are those reasons of "not eligible" that end the registration.
    `training` says whether NIKs of the unassigned province 99 are taken.
    """

    attributes: AttributeTable
    deadlines: Deadlines
    reasons: Mapping[str, frozenset[str]]
    ending: frozenset[str]
    training: bool
