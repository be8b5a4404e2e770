"""Taking the payloads of events: deleted for ever, locked away, or given back; and what shows them follows.

The events stay with their commitments, which nobody can guess back without the salt that lay beside the payload.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from django.db import connection

from mutakhir.core.events import MARKS
from mutakhir.core.flows.erasure import Kind
from mutakhir.store import access, rows
from mutakhir.store.register import PostgresRegister, read_events

BLANK_REASONS = "UPDATE event SET reason = NULL WHERE reason IS NOT NULL AND id = ANY(%(events)s)"
TAKEN: Mapping[Kind, tuple[str, ...]] = {
    Kind.ERASE: (
        "DELETE FROM event_body WHERE event = ANY(%(events)s)",
        "DELETE FROM sealed_body WHERE event = ANY(%(events)s)",
        BLANK_REASONS,
    ),
    Kind.SEAL: (
        """
        WITH taken AS (DELETE FROM event_body WHERE event = ANY(%(events)s) RETURNING event, salt, body)
        INSERT INTO sealed_body (event, salt, body, reason)
        SELECT t.event, t.salt, t.body, e.reason FROM taken t JOIN event e ON e.id = t.event
        """,
        BLANK_REASONS,
    ),
    Kind.UNSEAL: (
        """
        UPDATE event SET reason = s.reason FROM sealed_body s
        WHERE s.event = event.id AND s.reason IS NOT NULL AND event.id = ANY(%(events)s)
        """,
        """
        WITH given AS (DELETE FROM sealed_body WHERE event = ANY(%(events)s) RETURNING event, salt, body)
        INSERT INTO event_body (event, salt, body) SELECT event, salt, body FROM given
        """,
    ),
}
SHOWN: tuple[tuple[str, str], ...] = (
    ("person_now", "id"),
    ("membership_open", "person"),
    ("membership_closed", "person"),
    ("family_now", "id"),
    ("dwelling_now", "id"),
    ("identifier", "subject"),
    ("former_number", "told_by"),
    ("request_now", "id"),
    ("ticket", "request"),
    ("annulment_now", "id"),
    ("transfer_now", "id"),
    ("visit_now", "id"),
)
"""Every projection of what a history tells, with the column of whose history it is."""
REFERRING = ("request", "annulment", "visit", "session", "submission", "batch", "window")
"""Histories whose payloads name papers."""


def stand_still() -> None:
    """Let nobody write events until this transaction ends: what is found now is all there is."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE event IN SHARE ROW EXCLUSIVE MODE")


def take(kind: Kind, subjects: Collection[int]) -> None:
    """Delete, seal or unseal all payloads of some histories but those that say so, in the role that may do nothing else."""
    with access.taken(access.ERASE, access.NOTHING), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM event WHERE subject = ANY(%s) AND type <> ALL(%s)", [list(subjects), list(MARKS)]
        )
        events = [row[0] for row in cursor]
        for statement in TAKEN[kind]:
            cursor.execute(statement, {"events": events})


def show_again(
    subjects: Collection[int], *, names: Collection[str], open_register: Callable[[], PostgresRegister]
) -> None:
    """Make the projections of some histories anew, as a rebuild would; of the names, those that nobody carries are forgotten."""
    for table, column in SHOWN:
        rows.delete(table, column, list(subjects))
    events = read_events("WHERE e.subject = ANY(%s) ORDER BY e.subject, e.version", [list(subjects)])
    open_register().follow(events)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM name_now n WHERE key = ANY(%s) AND NOT EXISTS (SELECT FROM person_now p WHERE p.name_key = n.key)",
            [list(names)],
        )


def forget_tasks(subjects: Collection[int]) -> None:
    """Tasks about some histories are closed and say nothing any more; they are plain rows without events."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE task SET particulars = '{}', closing_note = '', closed_at = coalesce(closed_at, now()), "
            "closed_by = coalesce(closed_by, 'system') WHERE subject = ANY(%s)",
            [list(subjects)],
        )


def forget_incidents(words: Collection[str]) -> None:
    """What an incident told about somebody, for who mends it, goes as well; its number and hour stay."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE incident SET trace = '' WHERE EXISTS (SELECT FROM unnest(%s::text[]) AS word "
            "WHERE strpos(lower(trace), lower(word)) > 0)",
            [list(words)],
        )


def papers_left(digests: Collection[str], without: Collection[int]) -> set[str]:
    """Which papers other histories name as well, found in one pass over them; those stay where they are."""
    if not digests:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT named.digest[1] FROM event e LEFT JOIN event_body b ON b.event = e.id "
            "LEFT JOIN sealed_body s ON s.event = e.id, "
            "LATERAL regexp_matches(coalesce(b.body, s.body)::text, '[0-9a-f]{64}', 'g') AS named (digest) "
            "WHERE e.kind = ANY(%s) AND e.subject <> ALL(%s) AND named.digest[1] = ANY(%s)",
            [list(REFERRING), list(without), list(digests)],
        )
        return {row[0] for row in cursor}


def sweep() -> None:
    """Let the server overwrite what was deleted; outside of any transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM event_body, sealed_body, person_now, family_now, request_now, name_now, identifier, ticket, task"
        )
