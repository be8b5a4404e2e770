"""Signing in: who needs a second factor, how long somebody stays signed in, and what a code is worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mutakhir.core.actors import Held, Role
from mutakhir.core.refusals import Refusal

STEP_SECONDS = 30
"""How long a code of the second factor stands (RFC 6238)."""
STEPS_AROUND = 1
"""A clock may be one step ahead or behind."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """The rules of a day: tries within a while, the limits of a session, and the roles that need a second factor."""

    from_: date
    tries: int
    tries_from_address: int
    within: timedelta
    session_idle: timedelta
    session_whole: timedelta
    second_factor: frozenset[Role]
    unmasked: timedelta
    review: timedelta
    review_within_days: int
    reference: str


def why_not_stay(*, began: datetime, seen: datetime, now: datetime, rules: SignIn) -> Refusal | None:
    """Why a session has ended: nothing was opened for too long, or it is as old as one may be. None while it goes on."""
    if now - began >= rules.session_whole:
        return Refusal.of("session-over", hours=int(rules.session_whole / timedelta(hours=1)))
    if now - seen >= rules.session_idle:
        return Refusal.of("session-idle", minutes=int(rules.session_idle / timedelta(minutes=1)))
    return None


def must_be_reviewed(*, since: datetime, now: datetime, rules: SignIn) -> bool:
    """Whether it is time to look at an account again; `since` is when it was made or looked at last."""
    return now - since >= rules.review


def needs_second_factor(held: Iterable[Held], rules: SignIn) -> bool:
    return any(one.role in rules.second_factor for one in held)


def steps_of(now: datetime) -> range:
    """The steps whose codes are taken at an instant, oldest first."""
    step = int(now.timestamp()) // STEP_SECONDS
    return range(step - STEPS_AROUND, step + STEPS_AROUND + 1)
