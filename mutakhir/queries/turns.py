"""Whose turn it is: what waits for a person's roles in their regions."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from mutakhir.core.actors import Actor

COUNTED_AT_MOST = 999


def owners_of(actor: Actor) -> Iterator[tuple[str, str]]:
    """Pairs of role and region for which work may wait; a village's head and operator share what is "deliberate"."""
    for held in actor.held:
        yield held.role.value, held.region


def count_turns(actor: Actor) -> int:
    """How many requests and tasks wait for this person, counted up to 999."""
    total = 0
    with connection.cursor() as cursor:
        for role, region in owners_of(actor):
            cursor.execute(
                "SELECT count(*) FROM ("
                " SELECT 1 FROM request_now WHERE owner = %s AND region >= %s AND region < %s AND NOT ended"
                " AND next_step <> 'pack' LIMIT %s) AS waiting",
                [role, region, region + "~", COUNTED_AT_MOST],
            )
            total += cursor.fetchone()[0]
            cursor.execute(
                "SELECT count(*) FROM (SELECT 1 FROM task WHERE owner = %s AND region >= %s AND region < %s"
                " AND closed_at IS NULL LIMIT %s) AS waiting",
                [role, region, region + "~", COUNTED_AT_MOST],
            )
            total += cursor.fetchone()[0]
    return min(total, COUNTED_AT_MOST)
