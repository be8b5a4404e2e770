"""A request with everything that its guards ask about, read for a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from django.db import connection

from mutakhir.core.change_requests import Request
from mutakhir.core.comparison import Line, compare_all
from mutakhir.core.flows.change_request import Case, case_of
from mutakhir.core.flows.window import Window
from mutakhir.core.terms import Terms
from mutakhir.queries.windows import windows_near
from mutakhir.store.register import read_current

_read = msgspec.json.Decoder(Request).decode


def requests_by_number(numbers: Iterable[int]) -> dict[int, Request]:
    wanted = list(numbers)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT body::text FROM request_now WHERE id = ANY(%s)", [wanted])
        found = [_read(body) for (body,) in cursor]
    return {one.id: one for one in found}


def lines_of(requests: Sequence[Request]) -> dict[int, tuple[Line, ...]]:
    """Seen, current and wanted for some requests, read in three queries."""
    current = read_current(one.subject for request in requests for one in request.changes)
    return {request.id: compare_all(request.changes, current) for request in requests}


def cases_of(
    requests: Sequence[Request], *, now: datetime, terms: Terms, windows: Sequence[Window] | None = None
) -> dict[int, Case]:
    """Cases for buttons: the same guards as the deeds use, over the same values."""
    lines = lines_of(requests)
    known: Sequence[Window] = windows if windows is not None else windows_near("")
    return {
        one.id: case_of(one, now=now, deadlines=terms.deadlines, windows=known, lines=lines[one.id])
        for one in requests
    }
