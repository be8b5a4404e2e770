"""The feed: committed events get their numbers, and an instant gets the position that it means."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from mutakhir.core.refusals import Refusal, Refused
from mutakhir.store import access

CHANNEL = "mutakhir_feed"

NUMBER = """
WITH taken AS (
    DELETE FROM pending WHERE first IN (SELECT first FROM pending ORDER BY first LIMIT 5000) RETURNING first, last
), numbered AS (
    SELECT e.id, row_number() OVER (ORDER BY e.id) AS place FROM taken JOIN event e ON e.id BETWEEN taken.first AND taken.last
), head AS (
    UPDATE feed_head SET position = position + (SELECT count(*) FROM numbered) WHERE register = %s
    AND EXISTS (SELECT 1 FROM numbered) RETURNING position
)
INSERT INTO feed (position, event, numbered_at)
SELECT head.position - (SELECT count(*) FROM numbered) + numbered.place, numbered.id, clock_timestamp()
FROM numbered, head
"""


def number_events(register: str = "social") -> int:
    """Give numbers to everything that is committed and waits; returns how many.

    One sequencer at a time: whoever comes second finds nothing to do. Within a run the order is that of the ids, and
    the ids of one subject are handed out one after the other.
    """
    total = 0
    while True:
        with access.taken(access.NUMBER, access.NOTHING), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [f"sequencer:{register}"])
            if not cursor.fetchone()[0]:
                return total
            cursor.execute(NUMBER, [register])
            given = cursor.rowcount
        if given <= 0:
            return total
        total += given


def head(register: str = "social") -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT position FROM feed_head WHERE register = %s", [register])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def fix_position(instant: datetime, *, now: datetime) -> int:
    """Translate an instant into a position of the feed, once and for ever.

    Raises `Refused` for an instant that has not come: what will be known then, nobody knows.
    """
    if instant > now:
        raise Refused(Refusal.of("instant-in-future", instant=instant.isoformat()))
    number_events()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO known_at (instant, position) "
            "SELECT %s, coalesce((SELECT max(position) FROM feed WHERE numbered_at <= %s), 0) "
            "ON CONFLICT (instant) DO NOTHING",
            [instant, instant],
        )
        cursor.execute("SELECT position FROM known_at WHERE instant = %s", [instant])
        return int(cursor.fetchone()[0])
