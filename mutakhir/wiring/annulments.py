"""Deciding on an annulment: what the annulled request gave rise to and was done already is to be done again."""

from __future__ import annotations

from datetime import datetime

from mutakhir.actions import annulment as actions
from mutakhir.actions.annulment import Decided
from mutakhir.core.actors import Actor
from mutakhir.core.calendar import today_in
from mutakhir.core.flows.annulment import State
from mutakhir.core.terms import Terms
from mutakhir.ports import Register
from mutakhir.store import sources


def decide(
    command: actions.Decide, *, actor: Actor, now: datetime, register: Register, terms: Terms
) -> Decided:
    """Decide; approved, the tasks that go back to the request are open again, with a day of their own."""
    decided = actions.decide(command, actor=actor, now=now, register=register, terms=terms)
    if decided.annulment.state is State.APPROVED:
        today = today_in(decided.annulment.region, now)
        due = terms.deadlines.due("reopened", today) or today
        sources.reopen_caused(decided.foreseen.causes, now=now, due=due)
    return decided
