"""Takes in lists whose rows stand in tables, and shows what became of each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pytest

from mutakhir.actions.imports import Order, take_batch
from mutakhir.core.facts import Value
from mutakhir.core.rules.intake import Occurrences
from mutakhir.core.rules.rows import Validated
from tests.builders import CAST, VILLAGE, Ground, instant
from tests.spec import tables


@dataclass(slots=True)
class Lists:
    """A register that takes in one list after the other, each a source with its own number."""

    ground: Ground
    sources: int = 0
    niks: list[str] = field(default_factory=list)

    def taken(self, table: str, *, as_of: str, authority: str = "social") -> None:
        """Each row of a list: what it says, and what the list of findings says beside it."""
        wanted = tables.read(table)
        self.sources += 1
        occurrences = Occurrences()
        entries = [occurrences.enter(validated(number, row)) for number, row in enumerate(wanted, start=2)]
        order = Order(self.sources, "spec", authority, date.fromisoformat(as_of), "3508")
        done = self.ground.perform(
            take_batch, entries, order=order, actor=CAST["data filler"], now=instant(as_of)
        )
        found = [
            {**row, "marked": ", ".join(one.rule for one in done.findings.get(number, ()))}
            for number, row in enumerate(wanted, start=2)
        ]
        if found != wanted:
            pytest.fail(f"it went otherwise:\n{tables.write(found, wanted[0])}", pytrace=False)
        self.niks += [row["nik"] for row in wanted if row["nik"] not in self.niks]
        self.counts = {name: count for name, count in done.counts.items() if name in ("rows", "in", "again")}

    counts: dict[str, int] = field(default_factory=dict)

    def known(self, table: str) -> None:
        """Everybody who is known, in the order of their numbers."""
        wanted = tables.read(table)
        found = self.ground.ask(lambda register: register.by_identifier("nik", self.niks))
        numbers = sorted({number for some in found.values() for number in some})
        people = self.ground.ask(lambda register: register.current(numbers))
        families = {people[number].get("family") for number in numbers}
        houses = self.ground.ask(lambda register: register.current(int(one) for one in families if one))
        shown = [shown_of(people[number], houses, list(wanted[0])) for number in numbers]
        if shown != wanted:
            pytest.fail(f"otherwise is known:\n{tables.write(shown, wanted[0])}", pytrace=False)


def validated(number: int, row: tables.Row) -> Validated:
    person = {name: row[name] for name in ("nik", "name", "birth_date", "relation") if row.get(name)}
    house: Mapping[str, Value] = {name: row[name] for name in ("address",) if row.get(name)}
    return Validated(
        row_number=number, person=person, family=house, dwelling={}, nik=row["nik"] or None, no_kk=None,
        source_person=None, source_family=row["family"] or None, region=VILLAGE, warnings=(), rejected=(),
    )  # fmt: skip


def shown_of(
    person: Mapping[str, Value], houses: Mapping[int, Mapping[str, Value]], names: list[str]
) -> dict[str, str]:
    house = houses.get(int(person.get("family") or 0), {})
    told = {**person, "address": house.get("address"), "family": house.get("spec_family_id")}
    return {name: str(told.get(name) or "") for name in names}
