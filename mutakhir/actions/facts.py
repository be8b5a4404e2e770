"""Stating facts directly, as an import, a register that is followed, or a tour does; and withdrawing what was stated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mutakhir.core.actors import Actor
from mutakhir.core.events import Event
from mutakhir.core.facts import Value, fold, standing, values
from mutakhir.core.refusals import Refusal
from mutakhir.core.rules.membership import HEAD
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


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What is withdrawn of one subject: `versions` are those of its statements that are no longer believed."""

    subject: int
    versions: tuple[int, ...]


def withdraw_facts(
    withdrawals: Iterable[Withdrawal],
    *,
    source: str,
    reason: str,
    caused_by: int | None,
    actor: Actor,
    now: datetime,
    register: Register,
) -> list[Event]:
    """The events that withdraw statements, for the caller to append together with what causes them.

    From these events on, what held before the statements holds again, and what others said after them stands.
    Statements that are withdrawn already are left out, and subjects of which nothing is left to withdraw.
    """
    wanted = {one.subject: frozenset(one.versions) for one in withdrawals}
    events: list[Event] = []
    for subject, history in register.histories(wanted).items():
        left = [one for one in standing(history.events) if one.version not in wanted[subject]]
        versions = sorted(one.version for one in standing(history.events) if one.version in wanted[subject])
        if not versions:
            continue
        events.append(
            Event(
                subject=subject,
                kind=history.events[0].kind,
                version=history.version + 1,
                type="facts_withdrawn",
                body={"versions": versions, "source": source},
                actor=actor.login,
                recorded_at=now,
                region=(left or history.events)[-1].region,
                caused_by=caused_by,
                reason=reason,
            )
        )
    return events


def why_not_withdraw(
    withdrawals: Iterable[Withdrawal], *, register: Register, authorities: Mapping[str, str]
) -> tuple[Refusal, ...]:
    """Why statements cannot be withdrawn: a family would have two heads, for somebody else became its head meanwhile."""
    after = values_without(withdrawals, register=register, authorities=authorities)
    families = set(heads(after).values())
    reasons = []
    for family in sorted(families):
        members = set(register.members(family)) | after.keys()
        known = {**register.current(members), **after}
        seated = [known[one] for one, headed in heads(known).items() if headed == family]
        if len(seated) > 1:
            reasons.append(Refusal.of("withdrawal-leaves-two-heads", head=str(seated[0].get("name", ""))))
    return tuple(reasons)


def values_without(
    withdrawals: Iterable[Withdrawal], *, register: Register, authorities: Mapping[str, str]
) -> dict[int, Mapping[str, Value]]:
    """What would hold of each subject once its statements are withdrawn."""
    wanted = {one.subject: frozenset(one.versions) for one in withdrawals}
    after: dict[int, Mapping[str, Value]] = {}
    for subject, history in register.histories(wanted).items():
        left = [one for one in standing(history.events) if one.version not in wanted[subject]]
        after[subject] = values(fold(left, on=date.max, authorities=authorities))
    return after


def heads(people: Mapping[int, Mapping[str, Value]]) -> dict[int, int]:
    """Who of these heads a family, and which."""
    return {
        number: one["family"]
        for number, one in people.items()
        if one.get("relation") == HEAD and one.get("family") is not None
    }
