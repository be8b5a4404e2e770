"""Requests as they stand, with what each waits for, whose turn it is, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mutakhir.core.calendar import today_in
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
    "forwarded",
    "ended",
    "version",
    "body",
)
QUOTED = tuple(f'"{name}"' if name == "window" else name for name in COLUMNS)


TICKETED = frozenset({"reserved", "amended"})
"""Events that may change what stands on a ticket."""


def follow(
    fresh: Iterable[Request],
    known: Iterable[Request],
    ticketed: set[int],
    transferred: set[int],
    *,
    deadlines: Deadlines,
) -> None:
    """Show requests as they stand: those that were unknown before, and those that were known.

    Each is asked for when its row is written. Of the `ticketed` the ticket may have changed; those whose offer to
    another village changed are among the `transferred` as soon as they were asked for.
    """
    tickets: list[tuple[Any, ...]] = []
    offers: list[tuple[Any, ...]] = []
    answered: list[int] = []

    def shown(requests: Iterable[Request]) -> Iterator[tuple[Any, ...]]:
        for one in requests:
            if one.ticket and one.id in ticketed:
                tickets.append((one.ticket, one.id, one.birth_date or ""))
            if one.id in transferred:
                if one.offer is not None:
                    offers.append(offer_of(one, deadlines))
                else:
                    answered.append(one.id)
            yield row_of(one, deadlines)

    rows.write("request_now", "id", QUOTED, list(shown(fresh)), shown(known))
    rows.upsert("ticket", "number", ("number", "request", "birth_date"), tickets)
    rows.upsert("transfer_now", "id", OFFER_COLUMNS, offers)
    rows.delete("transfer_now", "id", answered)


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
        request.forwarded,
        ended,
        request.version,
        rows.encode(request),
    )


OFFER_COLUMNS = (
    "id",
    "region",
    "offered_from",
    "kind",
    "subject_name",
    "reason",
    "since",
    "due",
    "version",
)


def offer_of(request: Request, deadlines: Deadlines) -> tuple[Any, ...]:
    offer = request.offer
    assert offer is not None
    return (
        request.id,
        offer.to,
        request.region,
        request.kind,
        request.subject_name,
        offer.reason,
        offer.since,
        deadlines.due("transfer", today_in(offer.to, offer.since)),
        request.version,
    )
