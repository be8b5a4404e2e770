"""Windows and calls as pages need them: what is open here, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
from django.db import connection

from mutakhir.core.flows.window import State, Window


def windows_near(region: str, *, since: datetime | None = None) -> tuple[Window, ...]:
    """Windows that touch a region, from above or below, in order of opening; `since` leaves out what closed before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT body::text FROM window_now WHERE (starts_with(region, %s) OR starts_with(%s, region)) "
            "AND (%s::timestamptz IS NULL OR closes >= %s) ORDER BY opens, id",
            [region, region, since, since],
        )
        return tuple(msgspec.json.decode(body, type=Window) for (body,) in cursor)


def window_by_number(number: int) -> Window | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body::text FROM window_now WHERE id = %s", [number])
        row = cursor.fetchone()
    return msgspec.json.decode(row[0], type=Window) if row else None


def window_near(number: int, region: str) -> Window | None:
    """The window, if it touches a region, from above or below; None for any other, as if there were none."""
    window = window_by_number(number)
    if window is None or not (window.region.startswith(region) or region.startswith(window.region)):
        return None
    return window


def next_window(windows: Iterable[Window], *, region: str, kind: str, now: datetime) -> Window | None:
    """The window that takes a place and kind now, or else the first that will open; None if none is set."""
    coming = [
        one
        for one in windows
        if one.covers(region=region, kind=kind) and one.state(now) in (State.OPEN, State.SCHEDULED)
    ]
    return min(coming, key=lambda one: (one.opens, one.id), default=None)
