"""Reversing an import: everything that a list said is withdrawn, as long as nothing stands on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from mutakhir.actions.facts import Withdrawal, heads, values_without, withdraw_facts
from mutakhir.actions.imports import ROLES
from mutakhir.core.actors import Actor
from mutakhir.core.refusals import Refusal
from mutakhir.core.terms import Terms
from mutakhir.ports import Register


def why_not(actor: Actor, *, region: str, reason: str | None, is_reversed: bool) -> tuple[Refusal, ...]:
    """Every reason why this person may not reverse such a list; whoever only looks gives no `reason`."""
    reasons = []
    if not actor.has(ROLES, region):
        reasons.append(Refusal.of("role-missing", roles=",".join(role.value for role in ROLES)))
    if is_reversed:
        reasons.append(Refusal.of("import-reversed-before"))
    if reason is not None and not reason.strip():
        reasons.append(Refusal.of("must-be-said", what="reason"))
    return tuple(reasons)


def heads_afterwards(
    withdrawals: Iterable[Withdrawal], *, register: Register, terms: Terms
) -> dict[int, int]:
    """Who of these persons would head a family again, and which."""
    return heads(values_without(withdrawals, register=register, authorities=terms.attributes.authorities))


def withdraw(
    withdrawals: Iterable[Withdrawal],
    *,
    source: str,
    reason: str,
    actor: Actor,
    now: datetime,
    register: Register,
) -> int:
    """Withdraw what a list said of some subjects; returns of how many. Raises `Conflict` when somebody was faster."""
    events = withdraw_facts(
        withdrawals, source=source, reason=reason, caused_by=None, actor=actor, now=now, register=register
    )
    return len(register.append(events))
