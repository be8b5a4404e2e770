"""Reads what somebody wrote, and says what is wrong with a value, as tables say."""

from __future__ import annotations

from datetime import date

import pytest

from mutakhir import wiring
from mutakhir.core.attributes import check_day
from mutakhir.core.refusals import Refusal
from tests.spec import tables


def read(table: str) -> None:
    """Each row: an attribute, what was written, what it is kept as, or the finding where it cannot be read."""
    wanted = tables.read(table)
    found = []
    for row in wanted:
        value = wiring.terms().attributes.normalise(row["attribute"], row["written"])
        refused = isinstance(value, Refusal)
        kept = (
            "" if refused or value is None else str(value).lower() if isinstance(value, bool) else str(value)
        )
        found.append({**row, "kept as": kept, "finding": value.rule if isinstance(value, Refusal) else ""})
    compare(found, wanted)


def find(table: str, *, today: str = "2026-11-24") -> None:
    """Each row: an attribute, a value as it would be kept, and what is wrong with it."""
    wanted = tables.read(table)
    attributes = wiring.terms().attributes
    found = []
    for row in wanted:
        attribute = attributes[row["attribute"]]
        value: str | int = {"true": True, "false": False}.get(row["value"], row["value"])
        if attribute.type == "integer" and isinstance(value, str) and value.lstrip("-").isdecimal():
            value = int(value)
        findings = attributes.check(attribute, value)
        if not findings and attribute.type == "date":
            findings = check_day(attribute, str(value), today=date.fromisoformat(today))
        found.append({**row, "findings": ", ".join(one.rule for one in findings)})
    compare(found, wanted)


def compare(found: list[tables.Row], wanted: list[tables.Row]) -> None:
    if found != wanted:
        pytest.fail(f"it is otherwise:\n{tables.write(found, wanted[0])}", pytrace=False)
