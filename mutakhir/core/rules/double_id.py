"""Double ID: one person who stands in the register twice. What may be merged, what stays, and what is annulled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mutakhir.core.attribution import SAME_AS
from mutakhir.core.events import Event, History
from mutakhir.core.facts import Value

NIK = ("nik",)
MEMBERSHIP = ("family", "relation")


@dataclass(frozen=True, slots=True)
class Annulled:
    """The attributes that a merge annuls: of the survivor (`own`) and of the one who is retired (`other`)."""

    own: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


def places(programme: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """What a person can hold only once, by the word of the form. `programme` are the attributes of programmes."""
    return {"nik": NIK, "membership": MEMBERSHIP, "programme": tuple(programme)}


def held(names: Iterable[str], known: Mapping[str, Value]) -> tuple[str, ...]:
    """Which of some attributes the register holds of a person."""
    return tuple(name for name in names if known.get(name) is not None)


def merge(
    survivor: History,
    other: History,
    annulled: Annulled,
    *,
    source: str,
    reason: str | None,
    actor: str,
    now: datetime,
    record: int | None = None,
    caused_by: int | None = None,
) -> tuple[Event, Event]:
    """The two events of a merge: who is retired says who they are, and the survivor says whose records are theirs too.

    Both lie from then on where the survivor lives: who sees the survivor sees the records of both. The histories are as
    they are told, not empty; a person who is retired already cannot be merged once more.
    """

    def said(history: History, type_: str, body: Mapping[str, object]) -> Event:
        return Event(
            subject=history.subject,
            kind="person",
            version=history.version + 1,
            type=type_,
            body={**body, "source": source},
            actor=actor,
            recorded_at=now,
            region=survivor.events[-1].region,
            record=record,
            caused_by=caused_by,
            reason=reason,
        )

    dropped = {"own": list(annulled.own), "other": list(annulled.other)}
    return (
        said(other, "facts_stated", {"attributes": {SAME_AS: survivor.subject}}),
        said(survivor, "merged", {"other": other.subject, "annulled": dropped}),
    )
