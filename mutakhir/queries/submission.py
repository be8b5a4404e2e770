"""The lists of a kabupaten: where each stands, its rows, what left it and why, and what the centre said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import connection

from mutakhir.core.actors import Actor, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import Request
from mutakhir.core.flows.change_request import Deadlines
from mutakhir.core.flows.submission import State, Submission
from mutakhir.core.flows.window import State as WindowState
from mutakhir.core.flows.window import Window
from mutakhir.queries.batch import PAGE_ROWS, read_cursor, window_name, write_cursor
from mutakhir.queries.cases import requests_by_number
from mutakhir.queries.places import Place, places
from mutakhir.queries.scopes import within
from mutakhir.queries.windows import next_window, window_by_number, windows_near

WAITS_FOR: Mapping[State, tuple[str, Role]] = {
    State.FINALISED: ("endorse", Role.BUPATI_OFFICE),
    State.ENDORSED: ("send", Role.SUPERVISOR),
    State.SENT: ("determine", Role.CENTRE),
}
"""What a list waits for in each state, and who must act."""


@dataclass(frozen=True, slots=True)
class ListWork:
    """A list with the four answers; `carried` says that its window closed before it was sent."""

    submission: Submission
    place: Place
    window_name: str
    step: str
    owner: Role | None
    until: date | None
    days_late: int = 0
    carried: bool = False
    next_opens: date | None = None
    """Where it is carried over: the day on which the next window takes it, if one is set."""


def _work(
    submission: Submission, window: Window | None, place: Place, *, now: datetime, deadlines: Deadlines
) -> ListWork:
    step, owner = WAITS_FOR.get(submission.state, ("", None))
    since = submission.since or submission.finalised_at
    until: date | None = None
    carried, opens = False, None
    if submission.state is State.FINALISED:
        until = deadlines.due("endorse", today_in(submission.region, since))
    if submission.state in (State.FINALISED, State.ENDORSED):
        carried = window is not None and window.state(now) is WindowState.CLOSED
    if submission.state is State.ENDORSED and window is not None:
        until = today_in(submission.region, window.closes)
    if carried:
        following = _next_for(submission, now)
        opens = today_in(submission.region, following.opens) if following else None
        if submission.state is State.ENDORSED:
            until = today_in(submission.region, following.closes) if following else None
    late = max((today_in(submission.region, now) - until).days, 0) if until else 0
    return ListWork(
        submission,
        place,
        window_name(window) if window else "",
        step,
        owner,
        until,
        late,
        carried,
        opens,
    )


def _next_for(submission: Submission, now: datetime) -> Window | None:
    """The window, now or later, that takes a list on: any that covers its region and one of its kinds."""
    near = windows_near(submission.region, since=now)
    kinds = {kind for window in near for kind in window.kinds} or {""}
    found = [next_window(near, region=submission.region, kind=kind, now=now) for kind in kinds]
    return min((one for one in found if one is not None), key=lambda one: (one.opens, one.id), default=None)


@dataclass(frozen=True, slots=True)
class ListPage:
    lists: tuple[ListWork, ...]
    following: str = ""


def list_page(
    actor: Actor,
    *,
    now: datetime,
    deadlines: Deadlines,
    states: Sequence[State] = (),
    window: int | None = None,
    after: str = "",
) -> ListPage:
    """Lists within reach, those that wait longest first."""
    inside, bounds = within("region", actor.scopes())
    clauses, arguments = [inside], list[Any](bounds)
    if states:
        clauses.append("state = ANY(%s)")
        arguments.append([state.value for state in states])
    if window is not None:
        clauses.append('"window" = %s')
        arguments.append(window)
    if (cursor_at := read_cursor(after)) is not None:
        clauses.append("(since, id) > (%s, %s)")
        arguments += cursor_at
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT body::text FROM submission_now WHERE {' AND '.join(clauses)} "  # noqa: S608
            f"ORDER BY since, id LIMIT {PAGE_ROWS + 1}",
            arguments,
        )
        found = [msgspec.json.decode(body, type=Submission) for (body,) in cursor]
    shown = found[:PAGE_ROWS]
    named = places({one.region for one in shown})
    windows = {number: window_by_number(number) for number in {one.window for one in shown}}
    return ListPage(
        tuple(
            _work(one, windows[one.window], named[one.region], now=now, deadlines=deadlines) for one in shown
        ),
        write_cursor(shown[-1].since, shown[-1].id) if len(found) > PAGE_ROWS else "",
    )


def find_list(number: int, actor: Actor, *, now: datetime, deadlines: Deadlines) -> ListWork | None:
    """A list, if the actor may see it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT body::text FROM submission_now WHERE id = %s", [number])
        row = cursor.fetchone()
    submission = msgspec.json.decode(row[0], type=Submission) if row else None
    if submission is None or not actor.sees(submission.region):
        return None
    place = places([submission.region])[submission.region]
    return _work(submission, window_by_number(submission.window), place, now=now, deadlines=deadlines)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list as its page shows it."""

    request: Request
    place: Place


@dataclass(frozen=True, slots=True)
class RowPage:
    rows: tuple[Row, ...]
    total: int
    following: str = ""


def row_page(number: int, *, states: Sequence[str] = (), after: str = "") -> RowPage:
    """Rows of a list in the order of villages and numbers; the cursor is REGION-NUMBER of the last one seen."""
    clauses, arguments = ["submission = %s"], [number]  # type: list[str], list[Any]
    if states:
        clauses.append("state = ANY(%s)")
        arguments.append(list(states))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM request_now WHERE {' AND '.join(clauses)}", arguments)  # noqa: S608
        total = cursor.fetchone()[0]
    region, _, last = after.partition("-")
    if region.isdecimal() and last.isdecimal() and len(last) < 19:
        clauses.append("(region, id) > (%s, %s)")
        arguments += [region, int(last)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT body::text FROM request_now WHERE {' AND '.join(clauses)} "  # noqa: S608
            f"ORDER BY region, id LIMIT {PAGE_ROWS + 1}",
            arguments,
        )
        found = [msgspec.json.decode(body, type=Request) for (body,) in cursor]
    shown = found[:PAGE_ROWS]
    named = places({one.region for one in shown})
    following = f"{shown[-1].region}-{shown[-1].id}" if len(found) > PAGE_ROWS else ""
    return RowPage(tuple(Row(one, named[one.region]) for one in shown), total, following)


def states_of_list(number: int) -> dict[str, int]:
    """How many rows stand in each state; a determined row counts as `determined` only while it is refused."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, count(*) FROM request_now WHERE submission = %s GROUP BY state", [number]
        )
        return dict(cursor.fetchall())


def left_the_list(submission: Submission) -> tuple[Request, ...]:
    """Requests that stood in the list when it was frozen and are in it no more, because the register says otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.subject FROM request_now r JOIN event e ON e.subject = r.id JOIN event_body b ON b.event = e.id"
            " WHERE r.region >= %s AND r.region < %s AND r.since >= %s"
            " AND (r.submission IS NULL OR r.submission <> %s OR r.state = 'satisfied')"
            " AND e.kind = 'request' AND e.type = 'finalised' AND (b.body->>'submission')::bigint = %s"
            " ORDER BY r.region, r.id LIMIT 500",
            [
                submission.region,
                submission.region + "~",
                submission.finalised_at,
                submission.id,
                submission.id,
            ],
        )
        numbers = [row[0] for row in cursor]
    found = requests_by_number(numbers)
    return tuple(found[number] for number in numbers if number in found)


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that belongs to a list, and what it is: scan, sent or answer."""

    what: str
    digest: str


def file_of(submission: Submission, digest: str) -> SentFile | None:
    """A file by its digest, if it belongs to this list."""
    scan = submission.letter.scan if submission.letter else None
    for what, own in (("scan", scan), ("sent", submission.file), ("answer", submission.answer)):
        if own == digest and len(digest) == 64:
            return SentFile(what, digest)
    return None
