"""Whom somebody may name in a request: what lies in another region is as unknown as what is not there."""

from __future__ import annotations

from mutakhir.core.actors import Actor
from mutakhir.ports import Register


def is_within_reach(subject: int, kind: str, *, actor: Actor, register: Register) -> bool:
    """Whether a person or family (`kind`) is known and lies in one of the actor's regions."""
    events = register.histories([subject])[subject].events
    return bool(events) and events[-1].kind == kind and actor.sees(events[-1].region)
