"""Sources: the files that were taken in, the batches of each that are done, the work that they gave rise to, and those
that were reversed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from mutakhir.core.actors import SYSTEM
from mutakhir.core.refusals import Refusal, Refused
from mutakhir.core.rules.membership import HEAD
from mutakhir.store import rows
from mutakhir.store.faults import FAULTS, state_of
from mutakhir.store.models import ImportBatch, Source

WAIT_SECONDS = 15
"""A killed import leaves its connection to the server, which finds out within this time."""
ANALYZED_FROM_ROWS = 5_000
SAID_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Known:
    """A file as the register knows it: its number, for which region it was taken in, and the counts of its batches."""

    number: int
    region: str
    full_region: str | None
    finished: bool
    done: Mapping[int, Mapping[str, int]]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Only one import runs in a register: two lists with the same newcomers would make them twice."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = %s", [f"{round(WAIT_SECONDS * 1000)}ms"])
        try:
            cursor.execute("SELECT pg_advisory_lock(hashtext('import'))")
        except FAULTS as fault:
            if state_of(fault) == "55P03":
                raise Refused(Refusal.of("import-running")) from fault
            raise
        finally:
            cursor.execute("RESET lock_timeout")
        # Each batch looks thousands of numbers up. In tables that grow under it the planner would rather read
        # everything than find them by the index, the longer the list the slower.
        cursor.execute("SET enable_seqscan = off")
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.broken:
            with connection.cursor() as cursor:
                cursor.execute("RESET enable_seqscan")
                cursor.execute("SELECT pg_advisory_unlock(hashtext('import'))")


def begin(
    *,
    digest: str,
    authority: str,
    as_of: date,
    name: str,
    layout: str,
    region: str,
    full_region: str | None,
    actor: str,
    now: datetime,
) -> Known:
    """The source of a file, made at the first time that it comes under this authority and day, or after it was reversed."""
    found, _ = Source.objects.get_or_create(
        digest=digest,
        authority=authority,
        as_of=as_of,
        reversed_at=None,
        defaults={
            "name": name,
            "layout": layout,
            "region": region,
            "full_region": full_region,
            "actor": actor,
            "started_at": now,
        },
    )
    if found.region != region:
        raise Refused(Refusal.of("list-of-other-region", region=found.region or "Indonesia"))
    if found.layout != layout:
        raise Refused(Refusal.of("list-of-other-layout", layout=found.layout, number=found.pk))
    if full_region is not None and found.full_region != full_region:
        Source.objects.filter(pk=found.pk).update(full_region=full_region)
    done = dict(ImportBatch.objects.filter(source=found.pk).values_list("batch", "counts"))
    return Known(found.pk, found.region, full_region, found.finished_at is not None, done)


def mark_batch(source: int, batch: int, *, counts: Mapping[str, int], now: datetime) -> None:
    """Write down, in the transaction of its rows, that a batch is in."""
    ImportBatch.objects.create(source=source, batch=batch, counts=dict(counts), done_at=now)


def finish(source: int, *, counts: Mapping[str, int], now: datetime) -> None:
    Source.objects.filter(pk=source, finished_at__isnull=True).update(counts=dict(counts), finished_at=now)


@dataclass(frozen=True, slots=True)
class Work:
    """A task to be opened: the rule that it is about, who it is about, and who must act."""

    rule: str
    subject: int
    region: str
    owner: str
    particulars: Mapping[str, Any]
    caused_by: int | None = None


def open_tasks(works: Sequence[Work], *, source: int | None, now: datetime, due: date) -> int:
    """Open tasks, except those to which this source gave rise before, and those that stand open; returns how many."""
    if not works:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO task (rule, subject, region, owner, particulars, caused_by, since, due, source, closing_note) "
            "SELECT told.*, %s, %s, %s, '' "
            "FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::jsonb[], %s::bigint[]) "
            "AS told (rule, subject, region, owner, particulars, caused_by) "
            "WHERE NOT EXISTS (SELECT FROM task WHERE task.rule = told.rule AND task.subject = told.subject "
            "AND task.source = %s) ON CONFLICT DO NOTHING",
            [
                now,
                due,
                source,
                [one.rule for one in works],
                [one.subject for one in works],
                [one.region for one in works],
                [one.owner for one in works],
                [rows.encode(one.particulars) for one in works],
                [one.caused_by for one in works],
                source,
            ],
        )
        return int(cursor.rowcount)


def reopen_caused(causes: Iterable[int], *, now: datetime, due: date) -> int:
    """Open again, of what some events gave rise to, what was done already; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE task SET closed_at = NULL, closed_by = NULL, closing_note = '', since = %s, due = %s WHERE id IN "
            "(SELECT max(id) FROM task WHERE caused_by = ANY(%s) GROUP BY rule, subject HAVING bool_and(closed_at IS NOT NULL)) "
            "AND NOT EXISTS (SELECT FROM task o WHERE o.rule = task.rule AND o.subject = task.subject AND o.closed_at IS NULL)",
            [now, due, list(causes)],
        )
        return int(cursor.rowcount)


def subjects_of_tasks(rule: str, region: str) -> frozenset[int]:
    """Whom the open tasks of a rule are about, in a region."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject FROM task WHERE rule = %s AND closed_at IS NULL AND region >= %s AND region < %s",
            [rule, region, region + "~"],
        )
        return frozenset(row[0] for row in cursor)


def close_tasks(rule: str, subjects: Iterable[int], *, since: date, note: str, now: datetime) -> int:
    """Close the open tasks of a rule about some subjects that speak of a day up to `since`; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE task SET closed_at = %s, closed_by = %s, closing_note = %s WHERE rule = %s AND closed_at IS NULL "
            "AND subject = ANY(%s) AND (particulars ->> 'day')::date <= %s",
            [now, SYSTEM.login, note, rule, list(subjects), since],
        )
        return int(cursor.rowcount)


def reopen_tasks(rule: str, note: str) -> int:
    """Open the tasks again that a list closed with this note; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE task SET closed_at = NULL, closed_by = NULL, closing_note = '' WHERE rule = %s "
            "AND closed_by = %s AND closing_note = %s AND NOT EXISTS (SELECT FROM task other WHERE "
            "other.rule = task.rule AND other.subject = task.subject AND other.closed_at IS NULL)",
            [rule, SYSTEM.login, note],
        )
        return int(cursor.rowcount)


def close_tasks_of(source: int, *, note: str, now: datetime) -> int:
    """Close the open tasks to which a source gave rise; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE task SET closed_at = %s, closed_by = %s, closing_note = %s WHERE source = %s AND closed_at IS NULL",
            [now, SYSTEM.login, note, source],
        )
        return int(cursor.rowcount)


def registered_in(region: str) -> Iterator[tuple[int, str]]:
    """Everybody who is registered in a region, as number and village, in the order of numbers."""
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, region FROM person_now WHERE registered AND region >= %s AND region < %s AND id > %s "
                "ORDER BY id LIMIT 20000",
                [region, region + "~", after],
            )
            found = cursor.fetchall()
        if not found:
            return
        yield from found
        after = found[-1][0]


def settle(told: Iterable[str], *, rows_in: int) -> None:
    """After many rows: let the planner know, and let the index of names be searched without a long tail."""
    if rows_in < ANALYZED_FROM_ROWS:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('name_now_trigrams')")
        for table in told:
            cursor.execute(f"ANALYZE {table}")


# --- reversing ---


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A file that was taken in, as far as reversing it needs to know."""

    number: int
    name: str
    authority: str
    as_of: date
    region: str
    is_reversed: bool


def find(number: int, *, locked: bool = False) -> TakenIn | None:
    found = (Source.objects.select_for_update() if locked else Source.objects).filter(pk=number).first()
    if found is None:
        return None
    return TakenIn(
        found.pk, found.name, found.authority, found.as_of, found.region, found.reversed_at is not None
    )


def mark_reversed(source: int, *, actor: str, reason: str, now: datetime) -> None:
    Source.objects.filter(pk=source).update(reversed_at=now, reversed_by=actor, reversed_for=reason)


def stage_said(source: int) -> int:
    """Note, for this transaction, of whom a source said something and in which versions; returns how many they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE said ON COMMIT DROP AS "
            "SELECT e.subject, array_agg(e.version) AS versions, "
            "bool_or(e.kind = 'person' AND b.body::jsonb -> 'attributes' ?| ARRAY['family', 'relation']) AS seated "
            "FROM event e LEFT JOIN event_body b ON b.event = e.id "
            "WHERE e.record >= %s AND e.record < %s AND e.type = 'facts_stated' GROUP BY e.subject",
            records_of(source),
        )
        cursor.execute("ALTER TABLE said ADD PRIMARY KEY (subject)")
        cursor.execute("ANALYZE said")
        cursor.execute("SELECT count(*) FROM said")
        return int(cursor.fetchone()[0])


def said(*, seated: bool = False, limit: int = SAID_AT_ONCE) -> Iterator[list[tuple[int, tuple[int, ...]]]]:
    """What was staged, some subjects at a time; `seated` are persons of whom the source said family or relation."""
    after = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT subject, versions FROM said WHERE subject > %s AND (seated OR NOT %s) "
                "ORDER BY subject LIMIT %s",
                [after, seated, limit],
            )
            found = [(subject, tuple(versions)) for subject, versions in cursor]
        if not found:
            return
        yield found
        after = found[-1][0]


def leave_seats() -> None:
    """Take everybody of whom the source spoke out of their family, before each goes where the others say.

    Otherwise two heads would meet where one goes and the other comes back. Nobody else sees it.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM membership_open USING said WHERE membership_open.person = said.subject")


def other_heads(families: Iterable[int]) -> Mapping[int, int]:
    """Who heads these families now, of those whom the staged source did not seat; by family."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT family, person FROM membership_open m WHERE family = ANY(%s) AND relation = %s "
            "AND NOT EXISTS (SELECT FROM said WHERE said.subject = m.person AND said.seated)",
            [list(families), HEAD],
        )
        return dict(cursor.fetchall())


def hold_requests() -> None:
    """Let nobody write a request until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE request_now IN SHARE MODE")


def records_of(source: int) -> tuple[int, int]:
    """The records of a source, and the subjects that it made known: from the first number up to, not with, the second."""
    return source << 32, (source + 1) << 32
