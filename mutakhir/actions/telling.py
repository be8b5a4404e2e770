"""The event that one step of a flow leaves behind: about the flow's own record, by whoever took the step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mutakhir.core.actors import Actor
from mutakhir.core.events import Event


def step_taken(
    kind: str,
    number: int,
    version: int,
    type_: str,
    body: Mapping[str, Any],
    region: str,
    *,
    actor: Actor,
    now: datetime,
) -> Event:
    return Event(
        subject=number,
        kind=kind,
        version=version,
        type=type_,
        body=body,
        actor=actor.login,
        recorded_at=now,
        region=region,
    )
