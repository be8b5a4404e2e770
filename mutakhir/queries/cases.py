"""A request with everything that its guards ask about, read for a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec
from django.db import connection

from mutakhir.core.change_requests import Request
from mutakhir.core.comparison import Line, compare_all
from mutakhir.core.facts import fold
from mutakhir.core.flows.change_request import Case, case_of
from mutakhir.core.flows.window import Window
from mutakhir.core.rules.claims import DEAD, compare_claims, own_words
from mutakhir.core.terms import Terms
from mutakhir.queries.windows import windows_near
from mutakhir.store.register import read_current, read_histories

_read = msgspec.json.Decoder(Request).decode


def requests_by_number(numbers: Iterable[int]) -> dict[int, Request]:
    wanted = list(numbers)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT body::text FROM request_now WHERE id = ANY(%s)", [wanted])
        found = [_read(body) for (body,) in cursor]
    return {one.id: one for one in found}


def lines_of(requests: Sequence[Request], *, terms: Terms) -> dict[int, tuple[Line, ...]]:
    """Seen, current and wanted for some requests, read set-based; of claims with the word of their authority."""
    current = read_current(one.subject for request in requests for one in request.changes)
    claimed = {one.subject for request in requests if request.rule.claim for one in request.changes}
    histories = read_histories(claimed) if claimed else {}
    authorities = terms.attributes.authorities
    words = {
        subject: own_words(fold(events, on=date.max, authorities=authorities))
        for subject, events in histories.items()
    }
    return {
        request.id: compare_claims(request.changes, current, words)
        if request.rule.claim
        else compare_all(request.changes, current)
        for request in requests
    }


def successions_of(requests: Sequence[Request]) -> dict[int, int]:
    """For each request that ends something because of a death: the open one that names who receives from then on."""
    families = {one.id: one.family for one in requests if one.reason == DEAD and one.kind == "not_eligible"}
    if not families:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT family, max(id) FROM request_now WHERE family = ANY(%s) AND kind = 'change_of_pengurus' "
            "AND NOT ended GROUP BY family",
            [[family for family in families.values() if family is not None]],
        )
        waiting = dict(cursor.fetchall())
    return {number: waiting[family] for number, family in families.items() if family in waiting}


def cases_of(
    requests: Sequence[Request], *, now: datetime, terms: Terms, windows: Sequence[Window] | None = None
) -> dict[int, Case]:
    """Cases for buttons: the same guards as the deeds use, over the same values."""
    lines = lines_of(requests, terms=terms)
    successions = successions_of(requests)
    known: Sequence[Window] = windows if windows is not None else windows_near("")
    return {
        one.id: case_of(
            one,
            now=now,
            deadlines=terms.deadlines,
            windows=known,
            lines=lines[one.id],
            succession=successions.get(one.id),
        )
        for one in requests
    }
