"""Many rows at once: COPY into a table, or through a stage into rows that are already there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.db import connection

_encoder = msgspec.json.Encoder(order="deterministic")


def encode(value: Any) -> str:
    """JSON with sorted keys: the same value has the same bytes."""
    return _encoder.encode(value).decode()


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows by COPY. Tables and columns come from this program, never from a user."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as stream,
    ):
        for row in rows:
            stream.write_row(row)


def upsert(table: str, key: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write rows whose key may be there already; the new row replaces the old one whole."""
    if not rows:
        return
    stage = f"stage_{table}"
    names = ", ".join(columns)
    settings = ", ".join(f"{name} = excluded.{name}" for name in columns if name != key)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {stage} (LIKE {table}) ON COMMIT DELETE ROWS")
        cursor.execute(f"TRUNCATE {stage}")
    copy(stage, columns, rows)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM {stage} "  # noqa: S608
            f"ON CONFLICT ({key}) DO UPDATE SET {settings}"
        )


def write(table: str, key: str, columns: Sequence[str], fresh: Sequence[Sequence[Any]], known: Sequence[Sequence[Any]]) -> None:
    """Append the rows of fresh subjects, replace those of known ones."""
    if fresh:
        copy(table, columns, fresh)
    upsert(table, key, columns, known)


def delete(table: str, column: str, keys: Sequence[int]) -> None:
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", [list(keys)])  # noqa: S608
