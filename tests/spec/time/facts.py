"""States facts and asks for them, as tables say: what holds, from when, said by whom, known when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

import pytest

from mutakhir import wiring
from mutakhir.actions.facts import State, Withdrawal, state_facts, withdraw_facts
from mutakhir.core.actors import Actor
from mutakhir.core.facts import timeline
from mutakhir.ports import Register
from tests.builders import CAST, VILLAGE, Ground, instant
from tests.spec import tables


@dataclass(slots=True)
class Facts:
    """One person, one family and one dwelling, of whom the tables tell."""

    ground: Ground
    subjects: dict[str, int] = field(default_factory=dict)
    heads: list[tuple[str, int]] = field(default_factory=list)

    def subject(self, of: str) -> int:
        if of not in self.subjects:
            self.subjects[of] = self.ground.ask(lambda register: register.new_id())
        return self.subjects[of]

    def stated(self, table: str, *, numbered: bool = True) -> None:
        """Each row is a statement; an empty value ends what was said, an empty authority is the social one."""
        for row in tables.read(table):
            of = wiring.terms().attributes[row["attribute"]].of
            self.ground.perform(
                state_facts,
                [State(self.subject(of), of, {row["attribute"]: row["value"] or None})],
                region=VILLAGE,
                holds_from=date.fromisoformat(row["from"]),
                authority=row.get("authority") or "social",
                source=f"source:{row.get('source') or row['recorded']}",
                actor=CAST["operator"],
                now=instant(row["recorded"]),
            )
            if numbered:
                self.heads.append((row["recorded"], self.ground.number_events()))

    def withdrawn(self, table: str) -> None:
        """Each row takes back what was recorded about its attribute on a day."""
        for row in tables.read(table):
            subject = self.subject(wiring.terms().attributes[row["attribute"]].of)
            withdrawal = Withdrawal(subject, self._versions(subject, row["stated"]))
            self.ground.perform(_withdraw, withdrawal, actor=CAST["supervisor"], now=instant(row["recorded"]))
            self.heads.append((row["recorded"], self.ground.number_events()))

    def _versions(self, subject: int, recorded: str) -> tuple[int, ...]:
        events = self.ground.ask(lambda register: register.histories([subject])[subject].events)
        return tuple(one.version for one in events if one.recorded_at == instant(recorded))

    def answered(self, table: str) -> None:
        """Each row is a question; the columns beside `attribute`, `on` and `known at` are the answer."""
        wanted = tables.read(table)
        names = list(wanted[0])
        found = [{name: one[name] for name in names} for one in map(self._answer, wanted)]
        if found != wanted:
            pytest.fail(f"it answers otherwise:\n{tables.write(found, names)}", pytrace=False)

    def _answer(self, row: tables.Row) -> tables.Row:
        subject = self.subject(wiring.terms().attributes[row["attribute"]].of)
        known_at = row.get("known at")
        position = max((head for day, head in self.heads if day <= known_at), default=0) if known_at else None
        on = date.fromisoformat(row["on"])
        answers = self.ground.ask(
            lambda register: register.as_of([subject], on=on, position=position)[subject]
        )
        answer = answers.get(row["attribute"])
        told = {
            "answer": str(answer.value or "") if answer else "",
            "from": answer.from_.isoformat() if answer and answer.from_ else "",
            "to": answer.to.isoformat() if answer and answer.to else "",
            "said by": answer.authority if answer else "",
            "claim": "yes" if answer and answer.claim else "",
            "source": answer.source.removeprefix("source:") if answer else "",
        }
        return {**row, **{name: told[name] for name in told if name in row}}

    def now(self, attribute: str) -> object:
        """What the projection of now says."""
        subject = self.subject(wiring.terms().attributes[attribute].of)
        return self.ground.ask(lambda register: register.current([subject]).get(subject, {}).get(attribute))

    def over_time(self, table: str) -> None:
        """The whole history of an attribute, as it is known now."""
        wanted = tables.read(table)
        names = list(wanted[0])
        attribute = wanted[0]["attribute"]
        subject = self.subject(wiring.terms().attributes[attribute].of)
        events = self.ground.ask(lambda register: register.histories([subject])[subject].events)
        found = [
            {
                "attribute": attribute,
                "value": str(one.value),
                "from": one.from_.isoformat() if one.from_ else "",
                "to": one.to.isoformat() if one.to else "",
            }
            for one in timeline(events, attribute, authorities=wiring.terms().attributes.authorities)
        ]
        if found != wanted:
            pytest.fail(f"it was otherwise:\n{tables.write(found, names)}", pytrace=False)


def _withdraw(withdrawal: Withdrawal, *, actor: Actor, now: datetime, register: Register) -> None:
    told = withdraw_facts(
        [withdrawal], source="source:correction", reason="error", caused_by=None, actor=actor, now=now,
        register=register,
    )  # fmt: skip
    register.append(told)
