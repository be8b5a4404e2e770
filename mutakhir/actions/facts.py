"""Stating facts directly: what an import, a register that is followed, or a tour brings in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mutakhir.core.actors import Actor
from mutakhir.core.events import Event
from mutakhir.core.facts import Value
from mutakhir.ports import Register


@dataclass(frozen=True, slots=True)
class State:
    """Attributes of one subject, all stated in one deed."""

    subject: int
    kind: str
    attributes: Mapping[str, Value]
    record: int | None = None
    region: str = ""


def state_facts(
    stated: Sequence[State],
    *,
    region: str,
    holds_from: date,
    authority: str,
    source: str,
    actor: Actor,
    now: datetime,
    register: Register,
) -> tuple[Event, ...]:
    """One event a subject; returns them as stored. Raises `Conflict` when somebody else was faster."""
    versions = dict(register.versions(one.subject for one in stated))
    events = []
    for one in stated:
        versions[one.subject] += 1
        events.append(
            Event(
                subject=one.subject,
                kind=one.kind,
                version=versions[one.subject],
                type="facts_stated",
                body={"attributes": dict(one.attributes), "source": source},
                actor=actor.login,
                recorded_at=now,
                region=one.region or region,
                authority=authority,
                holds_from=holds_from,
                record=one.record,
            )
        )
    return register.append(events)
