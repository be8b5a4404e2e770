"""What Dinsos has before it: windows and batches with their progress, what was carried over, what is ready for a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import connection

from mutakhir.core.actors import Actor
from mutakhir.core.calendar import today_in
from mutakhir.core.flows.change_request import Deadlines
from mutakhir.core.flows.submission import Batch
from mutakhir.core.flows.window import Window
from mutakhir.core.refusals import Refusal, Refused
from mutakhir.queries.places import Place, places
from mutakhir.queries.scopes import within
from mutakhir.queries.windows import window_by_number

PAGE_ROWS = 50
UNDECIDED = "handed_over"
DECIDED = ("verified", "returned", "refused")
CARRIED = ("packed", "handed_over", "verified", "finalised", "endorsed")


# --- what lies before a person --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a heap of rows is: all of them, those that nobody decided, and what the reader decided."""

    rows: int
    undecided: int
    mine: int = 0
    waiting: int = 0
    """Verified rows that no list has taken yet."""
    due: date | None = None
    since: datetime | None = None

    @property
    def decided(self) -> int:
        return max(self.rows - self.undecided, 0)


@dataclass(frozen=True, slots=True)
class WindowWork:
    """What came in from one kabupaten in one window."""

    window: Window
    region: str
    place: Place
    batches: int
    progress: Progress


@dataclass(frozen=True, slots=True)
class BatchWork:
    """One village's batch."""

    batch: Batch
    window_name: str
    place: Place
    progress: Progress


def window_name(window: Window) -> str:
    """What people call a window: its own name, or the number of its act."""
    return window.name or window.act.number


def windows_with_work(actor: Actor) -> tuple[WindowWork, ...]:
    """Windows in which villages handed something over and something still has to be done, by kabupaten."""
    inside, bounds = within("region", actor.scopes())
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT DISTINCT "window" FROM request_now WHERE {inside} AND state = ANY(%s)',  # noqa: S608
            [*bounds, [UNDECIDED, "verified"]],
        )
        busy = [row[0] for row in cursor]
        cursor.execute(
            f"SELECT \"window\", left(region, 4), count(*), sum((body->>'rows')::int), min(handed_over_at), array_agg(id) "  # noqa: S608
            f'FROM batch_now WHERE {inside} AND handed_over_at IS NOT NULL AND "window" = ANY(%s) '
            "GROUP BY 1, 2 ORDER BY 1 DESC, 2",
            [*bounds, busy],
        )
        heaps = cursor.fetchall()
    counts = _counts([batch for heap in heaps for batch in heap[5]], actor.login)
    named = places({heap[1] for heap in heaps})
    found = []
    for number, region, batches, rows, since, own in heaps:
        window = window_by_number(number)
        progress = _sum([counts[batch] for batch in own if batch in counts], rows or 0, since)
        if window is not None and (progress.undecided or progress.waiting):
            found.append(WindowWork(window, region, named[region], batches, progress))
    return tuple(found)


def _counts(batches: Sequence[int], login: str) -> dict[int, Progress]:
    """Progress of some batches by their number, in one pass over their rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT batch, count(*), count(*) FILTER (WHERE state = 'handed_over'),"
            " count(*) FILTER (WHERE verified_by = %s), count(*) FILTER (WHERE state = 'verified'),"
            " min(due) FILTER (WHERE state = 'handed_over') FROM request_now WHERE batch = ANY(%s) GROUP BY batch",
            [login, list(batches)],
        )
        return {row[0]: Progress(row[1], row[2], row[3], row[4], row[5]) for row in cursor}


def _sum(parts: Sequence[Progress], rows: int, since: datetime | None) -> Progress:
    return Progress(
        rows=max(rows, sum(one.rows for one in parts)),
        undecided=sum(one.undecided for one in parts),
        mine=sum(one.mine for one in parts),
        waiting=sum(one.waiting for one in parts),
        due=min((one.due for one in parts if one.due), default=None),
        since=since,
    )


@dataclass(frozen=True, slots=True)
class BatchPage:
    batches: tuple[BatchWork, ...]
    following: str = ""
    """The cursor of the next page, empty on the last one."""


def batch_page(
    actor: Actor, *, unfinished: bool = True, window: int | None = None, region: str = "", after: str = ""
) -> BatchPage:
    """Batches that were handed over, oldest first; `unfinished` keeps those with undecided rows."""
    inside, bounds = within("b.region", _narrowed(actor.scopes(), region))
    clauses, arguments = [inside, "b.handed_over_at IS NOT NULL"], list[Any](bounds)
    if window is not None:
        clauses.append('b."window" = %s')
        arguments.append(window)
    if unfinished:
        clauses.append(
            "EXISTS (SELECT 1 FROM request_now r WHERE r.batch = b.id AND r.state = 'handed_over')"
        )
    if (cursor_at := read_cursor(after)) is not None:
        clauses.append("(b.handed_over_at, b.id) > (%s, %s)")
        arguments += cursor_at
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT b.body::text FROM batch_now b WHERE {' AND '.join(clauses)} "  # noqa: S608
            f"ORDER BY b.handed_over_at, b.id LIMIT {PAGE_ROWS + 1}",
            arguments,
        )
        found = [msgspec.json.decode(body, type=Batch) for (body,) in cursor]
    shown = found[:PAGE_ROWS]
    counts = _counts([one.id for one in shown], actor.login)
    named = places({one.village for one in shown})
    windows = {number: window_by_number(number) for number in {one.window for one in shown}}
    rows = []
    for batch in shown:
        own = counts.get(batch.id, Progress(batch.rows, 0))
        own_window = windows[batch.window]
        rows.append(
            BatchWork(
                batch,
                window_name(own_window) if own_window else "",
                named[batch.village],
                replace(own, rows=max(own.rows, batch.rows), since=batch.handed_over_at),
            )
        )
    more = len(found) > PAGE_ROWS and shown[-1].handed_over_at is not None
    return BatchPage(tuple(rows), write_cursor(shown[-1].handed_over_at, shown[-1].id) if more else "")


def _narrowed(scopes: Sequence[str], region: str) -> list[str]:
    """Scopes cut down to a region; what lies outside of all of them is nothing."""
    kept = [
        max(scope, region, key=len)
        for scope in scopes
        if scope.startswith(region) or region.startswith(scope)
    ]
    return list(dict.fromkeys(kept))


def write_cursor(since: datetime | None, number: int) -> str:
    return f"{since.isoformat()}_{number}" if since is not None else ""


def read_cursor(text: str) -> list[Any] | None:
    """The instant and the number of the last row seen; None for a cursor that nobody wrote."""
    instant, _, number = text.partition("_")
    try:
        return [datetime.fromisoformat(instant), int(number)]
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Carried:
    """Requests that a window left behind when it closed, by step and by who must act."""

    window: int
    window_name: str
    state: str
    owner: str
    count: int


def carried_over(actor: Actor, *, now: datetime) -> tuple[Carried, ...]:
    """Everything between packed and endorsed whose window is closed; every decision is kept."""
    inside, bounds = within("r.region", actor.scopes())
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT r."window", r.state, r.owner, count(*) FROM request_now r '  # noqa: S608
            f'JOIN window_now w ON w.id = r."window" WHERE {inside} AND r.state = ANY(%s) '
            "AND (w.closes <= %s OR w.closed_at <= %s) GROUP BY 1, 2, 3",
            [*bounds, list(CARRIED), now, now],
        )
        counted = cursor.fetchall()
    names = {
        one: window_name(window)
        for one in {row[0] for row in counted}
        if (window := window_by_number(one)) is not None
    }
    found = [Carried(number, names.get(number, ""), *rest) for number, *rest in counted]
    return tuple(sorted(found, key=lambda one: (CARRIED.index(one.state), one.window)))


def find_batch(number: int, actor: Actor) -> Batch | None:
    """A batch, if the actor may see it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT body::text FROM batch_now WHERE id = %s", [number])
        row = cursor.fetchone()
    batch = msgspec.json.decode(row[0], type=Batch) if row else None
    return batch if batch is not None and actor.sees(batch.village) else None


# --- ready for a list -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListedBatch:
    """A batch on the way into a list: what is decided, and what stands in its way."""

    batch: Batch
    place: Place
    undecided: int
    verified: int
    returned: int
    refused: int
    by_reader: int
    """Verified by the reader, who may therefore not finalise it."""


def batches_for_list(window: int, region: str, *, login: str) -> tuple[ListedBatch, ...]:
    """Every batch of a window in a region that still has undecided or verified rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.body::text, count(*) FILTER (WHERE r.state = 'handed_over'),"
            " count(*) FILTER (WHERE r.state = 'verified'), count(*) FILTER (WHERE r.state = 'returned'),"
            " count(*) FILTER (WHERE r.state = 'refused'),"
            " count(*) FILTER (WHERE r.state = 'verified' AND r.verified_by = %s)"
            " FROM batch_now b JOIN request_now r ON r.batch = b.id"
            ' WHERE b."window" = %s AND b.region >= %s AND b.region < %s AND b.handed_over_at IS NOT NULL'
            " GROUP BY b.id, b.region, b.body::text"
            " HAVING count(*) FILTER (WHERE r.state IN ('handed_over', 'verified')) > 0 ORDER BY b.region, b.id",
            [login, window, region, region + "~"],
        )
        found = [(msgspec.json.decode(row[0], type=Batch), *row[1:]) for row in cursor]
    named = places({batch.village for batch, *_ in found})
    return tuple(ListedBatch(batch, named[batch.village], *counts) for batch, *counts in found)


def verified_row(window: int, region: str, *, by: str | None = None) -> int | None:
    """A verified row of a window, to ask the route whether somebody may finalise it; `by` prefers one's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.id FROM batch_now b JOIN request_now r ON r.batch = b.id"
            " WHERE b.\"window\" = %s AND b.region >= %s AND b.region < %s AND r.state = 'verified'"
            " ORDER BY (r.verified_by = %s) DESC, r.id LIMIT 1",
            [window, region, region + "~", by or ""],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


# --- what waits for the camat's word --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ForwardRow:
    number: int
    subject_name: str
    kind: str
    state: str
    forwarded: str | None


@dataclass(frozen=True, slots=True)
class BatchForwarded:
    """A batch that was handed over, as the camat sees it; `waiting` rows have no word yet, `due` is its last day."""

    id: int
    number: int
    region: str
    rows: tuple[ForwardRow, ...]
    waiting: int
    since: datetime | None
    due: date | None


def batch_forwarded(number: int, *, scopes: Sequence[str], deadlines: Deadlines) -> BatchForwarded:
    """The rows of a batch with the camat's word on each. Raises `Refused` "not-found" for what lies outside."""
    inside, bounds = within("region", scopes)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT number, region FROM batch_now WHERE id = %s AND handed_over_at IS NOT NULL AND {inside}",  # noqa: S608
            [number, *bounds],
        )
        batch = cursor.fetchone()
        if batch is None:
            raise Refused(Refusal.of("not-found"))
        cursor.execute(
            "SELECT id, subject_name, kind, state, forwarded, since FROM request_now WHERE batch = %s ORDER BY id",
            [number],
        )
        found = cursor.fetchall()
    waiting = [row[5] for row in found if row[3] == UNDECIDED and row[4] is None]
    since = min(waiting, default=None)
    due = deadlines.due("forward", today_in(batch[1], since)) if since is not None else None
    rows = tuple(ForwardRow(*row[:5]) for row in found)
    return BatchForwarded(number, batch[0], batch[1], rows, len(waiting), since, due)
