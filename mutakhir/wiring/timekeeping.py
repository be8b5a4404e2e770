"""What the clock does: opens and closes windows, packs, hands over, unpacks, and marks what has passed its limit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from mutakhir import wiring
from mutakhir.actions import review, submission, window
from mutakhir.core.actors import SYSTEM
from mutakhir.core.flows.window import State, Window
from mutakhir.wiring import accounts, regions
from mutakhir.wiring.collector import no_collector

BATCH = 2000
"""Requests in one transaction. Whatever ends a run in between, the next one goes on with what is still waiting."""


@dataclass(slots=True)
class Done:
    """What one run of the clock did: counts by outcome, over all its transactions."""

    marked: list[tuple[int, State]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def advance(now: datetime) -> Done:
    """Do everything that is due at an instant: mark the windows, work on each, mark and let lapse what is overdue.

    Each batch is a transaction of its own, and everything can be done again at any time without doing it twice.
    """
    done = Done(marked=list(mark_windows(now)))
    for found in windows_at_work(now):
        done.counts += work_window(found.id, now=now)
    done.counts["lapsed"] += lapse_overdue(now)
    done.counts["not_forwarded"] += mark_unforwarded(now)
    done.counts["followed"] += regions.follow_back(now)
    remind_of_accounts(now)
    return done


@wiring.by_the_node()
def mark_windows(now: datetime) -> tuple[tuple[int, State], ...]:
    """Mark which windows have opened, cut off and closed since the last time."""
    return wiring.perform(window.keep_time, now=now)


@wiring.by_the_node()
def windows_at_work(now: datetime) -> tuple[Window, ...]:
    """The windows on which the clock has something to do: open ones, and those that have cut off and still hold rows."""
    with wiring.writing(), connection.cursor() as cursor:
        known = wiring.open_register().windows("")
        cursor.execute("SELECT DISTINCT \"window\" FROM request_now WHERE state = 'packed'")
        holding = {row[0] for row in cursor}
    return tuple(
        one
        for one in known
        if one.state(now) is State.OPEN
        or (one.id in holding and one.state(now) in (State.CUT_OFF, State.CLOSED))
    )


@wiring.by_the_node()
def next_instant(now: datetime) -> datetime | None:
    """The next instant at which a window opens, cuts off or closes; None where nothing is set."""
    with wiring.writing():
        known = wiring.open_register().windows("")
    ahead = [
        instant
        for one in known
        if one.marked is not State.CANCELLED and one.closed_at is None
        for instant in (one.opens, one.cut_off, one.closes)
        if instant > now
    ]
    return min(ahead, default=None)


@wiring.by_the_node()
def work_window(number: int, *, now: datetime, batch: int = BATCH) -> Counter[str]:
    """Work on one window: pack and hand over while it is open, give back what was not handed over once it has cut off.

    Where another process is at it already, nothing is done.
    """
    counts: Counter[str] = Counter()
    with alone(f"window:{number}") as first:
        if not first:
            return counts
        with wiring.writing():
            found = window.find(number, register=wiring.open_register())
        if found.state(now) is State.OPEN:
            counts += pack_waiting(number, now=now, batch=batch)
            counts += hand_over_minuted(number, now=now)
        elif found.state(now) in (State.CUT_OFF, State.CLOSED):
            counts["unpacked"] += _until_nothing_is_left(
                lambda: wiring.perform(window.unpack, number, now=now, limit=batch)
            )
    return counts


@wiring.by_the_node()
def pack_waiting(number: int, *, now: datetime, batch: int = BATCH) -> Counter[str]:
    """Pack until nothing more is looked at, batch by batch in the order of the requests' numbers."""
    counts: Counter[str] = Counter()
    after = 0
    with no_collector():
        while True:
            packed = wiring.perform(window.pack, number, now=now, after=after, limit=batch)
            counts.update(packed.counts)
            if packed.looked_at < batch:
                return counts
            after = packed.last


@wiring.by_the_node()
def hand_over_minuted(number: int, *, now: datetime) -> Counter[str]:
    """Hand over each batch whose every row stands in signed minutes, each in a transaction of its own."""
    counts: Counter[str] = Counter()
    with wiring.writing():
        waiting = submission.minuted_batches(number, register=wiring.open_register())
    for batch in waiting:
        moved = wiring.perform(submission.hand_over, batch, actor=SYSTEM, now=now)
        counts["handed_over"] += moved.moved
        counts.update(moved.left)
    return counts


@wiring.by_the_node()
def lapse_overdue(now: datetime, *, batch: int = BATCH) -> int:
    """Let lapse what has passed its limit, with its notice; returns how many."""
    total = after = 0
    while True:
        lapsed, last = wiring.perform(window.lapse, now=now, after=after, limit=batch)
        total += lapsed
        if last == 0:
            return total
        after = last


@wiring.by_the_node()
def mark_unforwarded(now: datetime, *, batch: int = BATCH) -> int:
    """Mark what no camat forwarded in time, and let it pass; returns how many."""
    total = after = 0
    while True:
        with wiring.writing(), connection.cursor() as cursor:
            # No limit is shorter than a day: what was handed over today need not be looked at.
            cursor.execute(
                "SELECT id FROM request_now WHERE state = 'handed_over' AND forwarded IS NULL AND since <= %s "
                "AND id > %s ORDER BY id LIMIT %s",
                [now - timedelta(days=1), after, batch],
            )
            waiting = [row[0] for row in cursor]
        if not waiting:
            return total
        total += wiring.perform(review.pass_unforwarded, waiting, now=now)
        after = waiting[-1]


@wiring.by_the_node()
def remind_of_accounts(now: datetime) -> None:
    """Remind of accounts that nobody has looked at for too long, unless another process is at it."""
    with alone("remind") as first:
        if first:
            wiring.perform(accounts.remind, now=now)


def _until_nothing_is_left(deed: Callable[[], int]) -> int:
    total = 0
    while moved := deed():
        total += moved
    return total


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether this process is the only one inside a block of this name; the database lets go of it if the process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name])
        row: tuple[Any, ...] | None = cursor.fetchone()
    first = bool(row and row[0])
    try:
        yield first
    finally:
        if first:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])
