"""Who acts at the node's own terminal: its administrator, or the person whose login is named."""

from __future__ import annotations

from datetime import datetime

from mutakhir import wiring
from mutakhir.core.actors import Actor, Held, Role
from mutakhir.core.refusals import Refusal, Refused

TERMINAL = Actor("terminal", "Terminal", (Held(Role.ADMINISTRATOR, ""), Held(Role.SYSTEM, "")))
"""The node itself: it looks after accounts and sees everybody."""


def actor_at_terminal(login: str | None, *, now: datetime) -> Actor:
    """The administrator of the node, or narrowed to the scope of an account. `Refused` where there is no such account."""
    if login is None:
        return TERMINAL
    found = wiring.find_actor(login, now=now)
    if found is None or not found.held:
        raise Refused(Refusal.of("account-unknown", login=login))
    return found
