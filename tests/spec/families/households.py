"""Households that are written in tables, and requests that rearrange them, carried to the end of their route."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from mutakhir.actions import change_request, submission
from mutakhir.actions.facts import State as Stated
from mutakhir.actions.facts import state_facts
from mutakhir.core.actors import SYSTEM
from mutakhir.core.attribution import CAME_FROM, MERGED_INTO, SAME_AS
from mutakhir.core.facts import Answer, Value
from mutakhir.core.refusals import Conflict, Refused
from tests.builders import CAST, VILLAGE, Ground, Walker, instant
from tests.spec import tables

DELIBERATED = ("deliberate fit", "village head")
ROUTE = (
    ("prove", "operator"),
    ("reserve", "operator"),
    DELIBERATED,
    ("open a window", "supervisor"),
    ("pack", "system"),
    ("hand over", "village head"),
    ("verify verified", "verifier"),
    ("finalise", "supervisor"),
    ("endorse", "bupati's office"),
    ("send", "supervisor"),
)


@dataclass(slots=True)
class Households:
    """Persons and families by the names of the tables. The clock stands at the day on which they are taken in."""

    ground: Ground
    walk: Walker = field(init=False)
    people: dict[str, int] = field(default_factory=dict)
    families: dict[str, int] = field(default_factory=dict)
    tasks: tuple[str, ...] = ()
    state: str = ""

    def __post_init__(self) -> None:
        self.walk = Walker(self.ground, now=instant("2026-11-24"))

    # --- what is known ---

    def known(
        self,
        table: str,
        *,
        cards: str = "",
        since: str = "2024-03-14",
        authority: str = "social",
        region: str = VILLAGE,
    ) -> None:
        """Who belongs to which family; `cards` tells the No KK of each, `authority` who says all of it."""
        rows = tables.read(table)
        stated: list[Stated] = []
        numbers = {row["family"]: row["card"] for row in tables.read(cards)} if cards else {}
        for letter in dict.fromkeys(row["family"] for row in rows):
            family, dwelling = self._new(), self._new()
            self.families[letter] = family
            house = {"dwelling": dwelling, "region_lived": region, "address": f"Dusun {letter}"}
            card: dict[str, Value] = {"no_kk": numbers[letter]} if numbers.get(letter) else {}
            stated += [
                Stated(family, "family", {**house, **card}),
                Stated(dwelling, "dwelling", {"floor_material": "6"}),
            ]
        for row in rows:
            person = self.people[row["name"]] = self._new()
            told = {name: value for name, value in row.items() if value and name in ATTRIBUTES}
            told = {ATTRIBUTES[name]: value for name, value in told.items()}
            told |= {"family": self.families[row["family"]], "registration": "registered"}
            stated.append(Stated(person, "person", {"sex": "2", **told}))
        self.ground.perform(
            state_facts, stated, region=region, holds_from=date.fromisoformat(since), authority=authority,
            source="source:test", actor=SYSTEM, now=self.walk.now,
        )  # fmt: skip
        self.ground.number_events()

    def _new(self) -> int:
        return self.ground.ask(lambda register: register.new_id())

    def receives(self, name: str, *, family: str) -> None:
        """A programme says who receives for a family."""
        self.walk.perform(
            state_facts, [Stated(self.families[family], "family", {"pengurus": self.people[name]})], region=VILLAGE,
            holds_from=self.walk.today(), authority="programme", source="source:programme", by=SYSTEM,
        )  # fmt: skip

    def becomes(self, name: str, **told: str) -> None:
        """Another source says something about somebody."""
        self._hear(self.people[name], told)

    def arrives(self, name: str, *, family: str, relation: str) -> None:
        """Another source says that somebody who was unknown belongs to a family."""
        person = self.people[name] = self._new()
        self._hear(person, {"name": name, "family": self.families[family], "relation": relation})

    def hear_of_house(self, dwelling: int, **told: str) -> None:
        """A visit says how a house is."""
        self.walk.perform(
            state_facts, [Stated(dwelling, "dwelling", told)], region=VILLAGE, holds_from=self.walk.today(),
            authority="social", source="source:visit", by=SYSTEM,
        )  # fmt: skip

    def _hear(self, person: int, told: Mapping[str, Value]) -> None:
        self.ground.perform(
            state_facts, [Stated(person, "person", told)], region=VILLAGE, holds_from=self.walk.today(),
            authority="social", source="source:other", actor=SYSTEM, now=self.walk.now,
        )  # fmt: skip

    # --- what is asked ---

    def split(self, family: str, table: str = "", **choices: Any) -> tuple[str, ...]:
        """`table` says of each person in which part they are, or that they join it, and what they become."""
        rows = tables.read(table) if table else []
        told = {**choices, **self._relations(rows)}
        for part in ("people", "joining"):
            told[part] = [self.people[row["who"]] for row in rows if row["part"] == part]
        return self.ask("family_split", family, choices=told, reason="own_card")

    def join(
        self, family: str, other: str, table: str = "", *, since: str | None = None, **choices: Any
    ) -> tuple[str, ...]:
        rows = tables.read(table) if table else []
        told = {"goes_on": "this", **choices, "other": self.families[other], **self._relations(rows)}
        return self.ask("family_join", family, choices=told, reason="marriage", since=since)

    def merge(self, first: str, other: str, *, by: str = "operator", **choices: str) -> tuple[str, ...]:
        """`choices` name whose membership, programme place and NIK stays."""
        told = {"other": self.people[other], **{place: self.people[one] for place, one in choices.items()}}
        person = self.people[first]
        family = self.current(person).get("family") or next(iter(self.families.values()))
        return self.ask("double_id", family, choices=told, reason="written_twice", people=(person,), by=by)

    def _relations(self, rows: list[tables.Row]) -> dict[str, str]:
        return {f"relation:{self.people[row['who']]}": row["becomes"] for row in rows if row["becomes"]}

    def ask(
        self, kind: str, family: str | int, *, choices: Mapping[str, Any], reason: str, **told: Any
    ) -> tuple[str, ...]:
        """Record a request; returns the rules that refuse it."""
        number = self.families[family] if isinstance(family, str) else family
        since, by = told.pop("since", None), told.pop("by", "operator")
        content = change_request.Content(
            choices=choices, reason=reason, birth_date="1988-07-05",
            holds_from=date.fromisoformat(since) if since else None, **told,
        )  # fmt: skip
        command = change_request.Record(
            kind, VILLAGE, {"name": "Siti Aminah", "standing": "member"}, number, content
        )
        try:
            done = self.walk.perform(change_request.record, command, by=CAST[by])
        except (Refused, Conflict) as refused:
            return tuple(dict.fromkeys(one.rule for one in refused.refusals))
        self.walk.name = f"R{done.id}"
        self.walk.requests[self.walk.name] = done.id
        return ()

    def carry(self, *, skips_meeting: bool = False) -> None:
        """Bring the request that was recorded last to where the centre has said yes."""
        self.carry_until_sent(skips_meeting=skips_meeting)
        self.determine()
        self.walk.wait(40)

    def carry_until_sent(self, *, skips_meeting: bool = False) -> None:
        for words, who in ROUTE:
            if not (skips_meeting and (words, who) == DELIBERATED):
                self.walk.must(words, who)

    def determine(self) -> None:
        done = self.walk.perform(
            submission.answer, [submission.Answer(self.walk.number, "yes")], document="f" * 64, by=CAST["centre"]
        )  # fmt: skip
        self.tasks = tuple(f"{one.rule} for {one.owner.value}" for one in done.tasks)
        self.state = self.walk.state
        self.ground.number_events()
        made = self._made()
        if made is not None:
            self.families["new"] = made

    @property
    def visits(self) -> tuple[str, ...]:
        """The visits that were asked for because of the family that the last split made."""
        new = self.families["new"]
        return tuple(
            f"{one.called_off_because or one.reason}, {one.name}"
            for one in self.ground.ask(lambda register: register.visits(new))
        )

    def _made(self) -> int | None:
        changes = self.walk.request.changes
        return next((one.subject for one in changes if one.attribute == CAME_FROM), None)

    def annul(self) -> None:
        """It was applied in error: the supervisor asks for its annulment, the head of Dinsos decides."""
        self.walk.must("annul", "head of Dinsos")
        self.ground.number_events()

    # --- what is so afterwards ---

    def shown(self, table: str, *, on: str = "", position: int | None = None) -> None:
        """Each row is a person: the family by its name, and what is known on a day, as of a position."""
        wanted = tables.read(table)
        names = list(wanted[0])
        letters = {number: letter for letter, number in self.families.items()}
        known_by = {number: name for name, number in self.people.items()}
        found = []
        for row in wanted:
            answers = self._answers(self.people[row["name"]], on, position)
            told = {name: str(one.value) for name, one in answers.items() if one.value is not None}
            told["family"] = letters.get(int(told.get("family") or 0), "")
            told["same as"] = known_by.get(int(told.get(SAME_AS) or 0), "")
            told["since"] = str(answers["family"].from_) if told["family"] else ""
            told["until"] = told.get("registration_until", "")
            found.append({name: row[name] if name == "name" else told.get(name, "") for name in names})
        if found != wanted:
            pytest.fail(f"it was otherwise:\n{tables.write(found, names)}", pytrace=False)

    def _answers(self, subject: int, on: str, position: int | None) -> Mapping[str, Answer]:
        day = date.fromisoformat(on) if on else self.walk.today()
        return self.ground.ask(lambda register: register.as_of([subject], on=day, position=position)[subject])

    def cards(self, table: str) -> None:
        """Each row is a family: its No KK, where it came from, which one it joined, and how many belong to it."""
        wanted = tables.read(table)
        names = list(wanted[0])
        letters = {number: letter for letter, number in self.families.items()}
        found = []
        for row in wanted:
            number = self.families[row["family"]]
            values = self.current(number)
            members = self.ground.ask(lambda register, one=number: register.current(register.members(one)))  # type: ignore[misc]
            shown = {
                "family": row["family"],
                "card": str(values.get("no_kk") or ""),
                "address": str(values.get("address") or ""),
                "house of": self._house_of(values.get("dwelling")),
                "came from": letters.get(values.get(CAME_FROM) or 0, ""),
                "joined": letters.get(values.get(MERGED_INTO) or 0, ""),
                "members": str(sum(one.get("family") == number for one in members.values())),
            }
            found.append({name: shown[name] for name in names})
        if found != wanted:
            pytest.fail(f"it was otherwise:\n{tables.write(found, names)}", pytrace=False)

    def _house_of(self, dwelling: Value) -> str:
        """The families that live in a dwelling, by name."""
        if dwelling is None:
            return ""
        living = [
            one for one, number in self.families.items() if self.current(number).get("dwelling") == dwelling
        ]
        return ", ".join(sorted(living))

    def current(self, subject: int) -> Mapping[str, Value]:
        return self.ground.ask(lambda register: register.current([subject]).get(subject, {}))

    def found_by(self, table: str) -> None:
        """Each row is a number, with who carries it now, and whom it leads to as a former one."""
        wanted = tables.read(table)
        kinds = {"nik": self.people, "dtks_id": self.people, "no_kk": self.families}
        found = []
        for row in wanted:
            kind, number = row["kind"], row["number"]
            named = {subject: name for name, subject in kinds[kind].items()}
            asked = self.ground.ask(
                lambda register, kind=kind, number=number: (  # type: ignore[misc]
                    register.by_identifier(kind, [number]),
                    register.by_former_number(kind, [number]),
                )
            )
            carried, former = (", ".join(named[one] for one in each.get(number, ())) for each in asked)
            found.append({**row, "carried by": carried, "leads to": former})
        if found != wanted:
            pytest.fail(f"it was otherwise:\n{tables.write(found, list(wanted[0]))}", pytrace=False)

    @property
    def position(self) -> int:
        return self.ground.number_events()


ATTRIBUTES = {
    "name": "name",
    "relation": "relation",
    "born": "birth_date",
    "nik": "nik",
    "dtks": "dtks_id",
    "insurance": "health_insurance",
    "occupation": "occupation",
}
