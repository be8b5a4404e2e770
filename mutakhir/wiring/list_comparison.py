"""Asks the register what explains the differences between two lists; who asks is written down before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mutakhir import wiring
from mutakhir.core.actors import Actor
from mutakhir.core.rules.intake import person_kind
from mutakhir.core.rules.list_changes import KnownPerson, Listed
from mutakhir.gateways.list_comparison import Ask
from mutakhir.queries import list_changes


def asking_register(actor: Actor, *, now: datetime) -> Ask:
    """A question that the register answers within the reach of a person."""
    scopes = actor.scopes()
    wiring.log_reading(
        actor,
        purpose="compare-lists",
        path="mutakhir compare-lists",
        region=scopes[0] if len(scopes) == 1 else "",
        subject=None,
        now=now,
    )

    def ask(rows: Sequence[Listed], numbers_of: str) -> Sequence[KnownPerson | None]:
        with wiring.acting(actor):
            return wiring.ask(
                list_changes.known_people, rows, number_kind=person_kind(numbers_of), scopes=scopes
            )

    return ask
