"""Requests on their way to another village: what the receiving village may know before it takes one over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from mutakhir.core.change_requests import IN_RESERVE, Request
from mutakhir.queries.cases import requests_by_number
from mutakhir.queries.scopes import within


@dataclass(frozen=True, slots=True)
class OfferSeen:
    """An offer with the request as it stands; `due` is the last day for an answer in time."""

    request: Request
    to: str
    reason: str
    by: str
    since: datetime
    due: date | None


def others_in_reserve(request: Request) -> int:
    """How many other requests of the same family rest in the reserve of the same village, not offered yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM request_now r WHERE r.family = %s AND r.region = %s AND r.id <> %s "
            "AND r.state = ANY(%s) AND NOT EXISTS (SELECT FROM transfer_now t WHERE t.id = r.id)",
            [request.family, request.region, request.id, [state.value for state in IN_RESERVE]],
        )
        return int(cursor.fetchone()[0])


def offer_seen(number: int, *, scopes: Sequence[str]) -> OfferSeen | None:
    """A standing offer for who may see the village that it is made to, or the one that makes it; else None."""
    to_here, bounds = within("region", scopes)
    from_here, own = within("offered_from", scopes)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT due FROM transfer_now WHERE id = %s AND ({to_here} OR {from_here})",  # noqa: S608
            [number, *bounds, *own],
        )
        row = cursor.fetchone()
    request = requests_by_number([number]).get(number) if row is not None else None
    if row is None or request is None or request.offer is None:
        return None
    offer = request.offer
    return OfferSeen(request, offer.to, offer.reason, offer.by, offer.since, row[0])
