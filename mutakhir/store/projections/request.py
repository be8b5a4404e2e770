"""Requests as they stand, with what each waits for, whose turn it is, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mutakhir.core.change_requests import Request, missing
from mutakhir.core.flows.change_request import Deadlines, waits_for
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


def follow(
    fresh: Iterable[Request], known: Iterable[Request], ticketed: set[int], *, deadlines: Deadlines
) -> None:
    """Show requests as they stand: those that were unknown before, and those that were known.

    Each is asked for when its row is written. Of the `ticketed` the ticket may have changed.
    """
    tickets: list[tuple[Any, ...]] = []

    def shown(requests: Iterable[Request]) -> Iterator[tuple[Any, ...]]:
        for one in requests:
            if one.ticket and one.id in ticketed:
                tickets.append((one.ticket, one.id, one.birth_date or ""))
            yield row_of(one, deadlines)

    rows.write("request_now", "id", QUOTED, list(shown(fresh)), shown(known))
    rows.upsert("ticket", "number", ("number", "request", "birth_date"), tickets)


def row_of(request: Request, deadlines: Deadlines) -> tuple[Any, ...]:
    ended = request.is_ended
    waiting = None if ended else waits_for(request, deadlines)
    return (
        request.id,
        request.region,
        request.kind,
        request.state,
        request.family,
        request.person,
        request.subject_name,
        waiting.step if waiting else "",
        waiting.roles[0] if waiting else "",
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
        ended,
        request.version,
        rows.encode(request),
    )
