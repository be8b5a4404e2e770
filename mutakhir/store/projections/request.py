"""Requests as they stand, with what each waits for, whose turn it is, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mutakhir.core.change_requests import Request, missing
from mutakhir.core.flows.change_request import Deadlines, next_step, waits_for
from mutakhir.store import rows

COLUMNS = (
    "id",
    "region",
    "kind",
    "state",
    "family",
    "person",
    "subject_name",
    "next_step",
    "owner",
    "since",
    "due",
    "missing",
    "decided",
    "in_minutes",
    "window",
    "batch",
    "submission",
    "session",
    "recorded_by",
    "recorded_at",
    "verified_by",
    "ended",
    "version",
    "body",
)
QUOTED = tuple(f'"{name}"' if name == "window" else name for name in COLUMNS)


TICKETED = frozenset({"reserved", "amended"})
"""Events that may change what stands on a ticket."""


def follow(requests: Iterable[Request], fresh: set[int], ticketed: set[int], *, deadlines: Deadlines) -> None:
    """Show requests as they stand; `fresh` were unknown before, of the `ticketed` the ticket may have changed."""
    new: list[tuple[Any, ...]] = []
    known: list[tuple[Any, ...]] = []
    tickets: list[tuple[Any, ...]] = []
    for request in requests:
        (new if request.id in fresh else known).append(row_of(request, deadlines))
        if request.ticket and request.id in ticketed:
            tickets.append((request.ticket, request.id, request.birth_date or ""))
    rows.write("request_now", "id", QUOTED, new, known)
    rows.upsert("ticket", "number", ("number", "request", "birth_date"), tickets)


def row_of(request: Request, deadlines: Deadlines) -> tuple[Any, ...]:
    waiting = None if request.is_ended else waits_for(request, deadlines)
    return (
        request.id,
        request.region,
        request.kind,
        request.state.value,
        request.family,
        request.person,
        request.subject_name,
        "" if request.is_ended else next_step(request) or "",
        waiting.roles[0].value if waiting else "",
        request.since,
        waiting.until if waiting else None,
        list(missing(request)),
        request.stands_decided,
        request.in_minutes,
        request.window,
        request.batch,
        request.submission,
        request.session,
        request.recorded_by,
        request.recorded_at,
        request.verified_by,
        request.is_ended,
        request.version,
        rows.encode(request),
    )
