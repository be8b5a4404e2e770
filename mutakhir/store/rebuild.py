"""Rebuilding: every projection made again from the events alone, and held against the one that is there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.db import connection, transaction

from mutakhir.core.events import Event
from mutakhir.store.register import PostgresRegister, read_events

PROJECTIONS: dict[str, tuple[str, ...]] = {
    "person_now": ("id",),
    "family_now": ("id",),
    "dwelling_now": ("id",),
    "membership_open": ("person",),
    "membership_closed": ("person", "period"),
    "identifier": ("kind", "value", "subject", "since"),
    "former_number": ("kind", "value", "subject", "told_by"),
    "name_now": ("key",),
    "request_now": ("id",),
    "ticket": ("number",),
    "window_now": ("id",),
    "session_now": ("id",),
    "batch_now": ("id",),
    "submission_now": ("id",),
    "transfer_now": ("id",),
    "visit_now": ("id",),
    "annulment_now": ("id",),
    "erasure_now": ("id",),
    "region_change_now": ("id",),
}
"""Each projection with the columns that order its rows and are no accident of their writing."""
SURROGATES = {"membership_closed": "id", "identifier": "id", "former_number": "id"}
GROWING = frozenset({"name_now"})
"""Names that were once said stay searchable until the next rebuild; what is more in the old one is no difference."""
EVENTS = 20_000
SCRATCH = "rebuilt"


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows of a projection that the events do not tell, and rows that they tell and it does not have."""

    table: str
    extra: int
    missing: int


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many events were read, and where the projections that stood there were different."""

    events: int
    differences: tuple[Difference, ...]
    digest: str


class _Undone(Exception):
    """Ends the transaction of a check without a trace."""


def rebuild(
    *, open_register: Callable[[], PostgresRegister], report: Callable[[int], None], check: bool = False
) -> Rebuilt:
    """Make all projections again from the events, in one transaction, and say where the old ones differed.

    Nothing is written meanwhile; reading goes on with the old projections until the new ones stand. With `check` they
    are only compared and everything stays as it is. `report` is told the number of events that were read so far.
    """
    found: list[Rebuilt] = []
    try:
        with transaction.atomic():
            found.append(_rebuild(open_register, report))
            if check:
                raise _Undone
            _exchange()
    except _Undone:
        pass
    return found[0]


def _rebuild(open_register: Callable[[], PostgresRegister], report: Callable[[int], None]) -> Rebuilt:
    with connection.cursor() as cursor:
        # Events may be read by all and written by nobody until this ends.
        cursor.execute("LOCK TABLE event IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(f"CREATE SCHEMA {SCRATCH}")
        for table in PROJECTIONS:
            cursor.execute(
                f"CREATE TABLE {SCRATCH}.{table} (LIKE public.{table} INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING INDEXES)"
            )
        # The writers of the projections name no schema: here they find the new tables first, and the events in public.
        cursor.execute(f"SET LOCAL search_path = {SCRATCH}, public")
    count = 0
    for events in _whole_subjects():
        open_register().follow(events)
        count += len(events)
        report(count)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = public")
        differences = tuple(
            one for one in (_compare(table) for table in PROJECTIONS) if one.extra or one.missing
        )
    return Rebuilt(count, differences, dump(schema=SCRATCH))


def _whole_subjects() -> Iterator[list[Event]]:
    """All events in pieces, each with the whole histories of its subjects."""
    after = 0
    while True:
        found = read_events("WHERE e.subject > %s ORDER BY e.subject, e.version LIMIT %s", [after, EVENTS])
        if not found:
            return
        if len(found) == EVENTS:
            last = found[-1].subject
            found = [one for one in found if one.subject != last] or read_events(
                "WHERE e.subject = %s ORDER BY e.version", [last]
            )
        after = found[-1].subject
        yield found


def _compare(table: str) -> Difference:
    columns = ", ".join(_columns(table))
    counts = []
    for one, other in (("public", SCRATCH), (SCRATCH, "public")):
        with connection.cursor() as asked:
            asked.execute(
                f"SELECT count(*) FROM (SELECT {columns} FROM {one}.{table} EXCEPT ALL "  # noqa: S608
                f"SELECT {columns} FROM {other}.{table}) AS differing"
            )
            counts.append(int(asked.fetchone()[0]))
    return Difference(table, 0 if table in GROWING else counts[0], counts[1])


def _exchange() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(f'public.{table}' for table in PROJECTIONS)}")
        for table in PROJECTIONS:
            names = ", ".join(_quoted(table))
            cursor.execute(
                f"INSERT INTO public.{table} ({names}) SELECT {names} FROM {SCRATCH}.{table}"  # noqa: S608
            )
        cursor.execute(f"DROP SCHEMA {SCRATCH} CASCADE")


def dump(target: BinaryIO | None = None, *, schema: str = "public") -> str:
    """Write every projection as text, without surrogate keys and in an order of its own; returns its SHA-256.

    Two registers with the same events have the same dump, whatever happened on the way.
    """
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for table, order in PROJECTIONS.items():
            keys = ", ".join(f'{table}."{column}"' for column in order)
            header = f"-- {table}\n".encode()
            digest.update(header)
            if target is not None:
                target.write(header)
            query = (
                f"COPY (SELECT {', '.join(_columns(table))} FROM {schema}.{table} ORDER BY {keys}) TO STDOUT"  # noqa: S608
            )
            with cursor.copy(query) as stream:
                for piece in stream:
                    digest.update(piece)
                    if target is not None:
                        target.write(piece)
    return digest.hexdigest()


def _names(table: str) -> Sequence[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
            "ORDER BY attname",
            [f"public.{table}"],
        )
        return [row[0] for row in cursor if row[0] != SURROGATES.get(table)]


def _quoted(table: str) -> list[str]:
    return [f'"{name}"' for name in _names(table)]


def _columns(table: str) -> list[str]:
    """The columns as they are compared: JSON has no equality of its own, and its text is canonical here."""
    return [f'"{name}"::text' if name in ("body", "attributes") else f'"{name}"' for name in _names(table)]
