"""What a resident with a ticket may know: the state in plain words, and the way of the request so far."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from mutakhir.core.change_requests import Request
from mutakhir.core.tickets import normalise
from mutakhir.queries.cases import requests_by_number
from mutakhir.queries.turns import EVERYBODY
from mutakhir.store.register import read_events

NOBODY = "0" * 12


@dataclass(frozen=True, slots=True)
class Passed:
    """One step that was taken: its event and the instant."""

    event: str
    at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class TicketSeen:
    request: Request
    passed: tuple[Passed, ...]


def find_ticket(number: str, birth_date: str | None) -> int | None:
    """The request of a ticket if the birth date agrees.

    An unknown number takes the same way through the same query and the same comparison as a known one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT request, birth_date FROM ticket_of(%s)", [normalise(number) or NOBODY])
        row = cursor.fetchone() or (0, "")
    same = hmac.compare_digest((birth_date or "-").encode(), (row[1] or "?").encode())
    return int(row[0]) if same and row[0] else None


def ticket_seen(request: int) -> TicketSeen:
    """The request with its history, for somebody who has shown both number and birth date."""
    events = read_events("WHERE e.subject = %s ORDER BY e.version", [request])
    return TicketSeen(
        requests_by_number([request])[request],
        tuple(Passed(one.type, one.recorded_at, one.reason) for one in events),
    )


@dataclass(frozen=True, slots=True)
class FigureRow:
    """How many requests of one kecamatan wait at one step, and how long: median and longest, in days."""

    kecamatan: str
    step: str
    waiting: int
    median_days: int
    longest_days: int


FEWEST = 5
"""Smaller counts are not published: they could point at a family."""


def public_figures(kabupaten: str, *, now: datetime) -> Sequence[FigureRow]:
    """Counts without persons: how many wait, at which step, how long, by kecamatan."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT substr(region, 1, 6), next_step, count(*), "
            " percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(day FROM %s - since)::int), "
            " max(extract(day FROM %s - since)::int) "
            "FROM request_now WHERE NOT ended AND owner = ANY(%s) AND region >= %s AND region < %s "
            "GROUP BY 1, 2 ORDER BY 1, 2",
            [now, now, EVERYBODY, kabupaten, kabupaten + "~"],
        )
        return [FigureRow(*row) for row in cursor]
