"""The clock of a node: every minute, and at the very instant at which a window opens or cuts off, one job a window."""

from __future__ import annotations

import logging
from datetime import timedelta
from threading import Event

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer

from mutakhir import wiring
from mutakhir.wiring.timekeeping import (
    advance,
    lapse_overdue,
    mark_windows,
    next_instant,
    remind_of_accounts,
    windows_at_work,
    work_window,
)

__all__ = ["advance", "keep_time", "lapse", "remind", "tick", "window"]

log = logging.getLogger("mutakhir.clock")
MINUTE_SECONDS = 60.0
AFTER_A_FAULT_SECONDS = 2.0


@app.task(name="window", queueing_lock="window")
def window(number: int) -> dict[str, int]:
    """Work on one window until nothing more is to be done."""
    close_old_connections()
    return dict(work_window(number, now=wiring.clock()))


@app.task(name="lapse", queueing_lock="lapse")
def lapse() -> int:
    """Let lapse whatever has passed its limit."""
    close_old_connections()
    return lapse_overdue(wiring.clock())


@app.task(name="remind", queueing_lock="remind")
def remind() -> None:
    """Remind of accounts that nobody has looked at for too long."""
    close_old_connections()
    remind_of_accounts(wiring.clock())


def tick() -> float:
    """Mark the windows and leave a job for each that has work; returns the seconds until the next tick."""
    now = wiring.clock()
    mark_windows(now)
    for found in windows_at_work(now):
        _leave(window.configure(queueing_lock=f"window:{found.id}"), number=found.id)
    _leave(lapse.configure())
    _leave(remind.configure())
    ahead = next_instant(now)
    # A little behind the instant, so that it has come by every clock.
    until = MINUTE_SECONDS if ahead is None else (ahead - now + timedelta(milliseconds=50)).total_seconds()
    return min(MINUTE_SECONDS, until)


def _leave(deferrer: JobDeferrer, **told: int) -> None:
    try:
        deferrer.defer(**told)
    except AlreadyEnqueued:
        log.debug("the job waits already")


def keep_time(stop: Event) -> None:
    """Tick until asked to stop. A fault of the database delays the clock and does not end it."""
    while not stop.is_set():
        try:
            seconds = tick()
        except (DatabaseError, InterfaceError):
            log.warning("the clock waits for the database", exc_info=True)
            connection.close()
            seconds = AFTER_A_FAULT_SECONDS
        stop.wait(seconds)
    connection.close()
