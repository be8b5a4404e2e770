"""The sequencer of a node: gives committed events their places in the feed as soon as they are there."""

from __future__ import annotations

import logging
from threading import Event

import psycopg
from django.db import DatabaseError, InterfaceError, connection

from mutakhir.store.feed import CHANNEL, number_events

log = logging.getLogger("mutakhir.sequencer")
POLL_SECONDS = 0.5
"""Bulk loads send no notice, and a notice may be lost with a connection."""

AFTER_A_FAULT_SECONDS = 1.0


def number_as_they_come(stop: Event) -> None:
    """Number events until asked to stop, woken by notices and at least twice a second."""
    while not stop.is_set():
        try:
            with listening() as notices:
                while not stop.is_set():
                    number_events()
                    for _ in notices.notifies(timeout=POLL_SECONDS, stop_after=1):
                        pass
        except (DatabaseError, InterfaceError, psycopg.Error):
            log.warning("the sequencer waits for the database", exc_info=True)
            connection.close()
            stop.wait(AFTER_A_FAULT_SECONDS)
    connection.close()


def listening() -> psycopg.Connection:
    """A connection of its own that hears of new events; it does nothing else, so that no notice waits behind work."""
    known = connection.get_connection_params()
    told = {name: value for name, value in known.items() if name not in ("cursor_factory", "context")}
    opened = psycopg.connect(**told, autocommit=True)
    opened.execute(f"LISTEN {CHANNEL}")
    return opened
