"""Many rows at once: COPY into a table, or through a stage into rows that are already there or past a policy."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain, islice
from types import NoneType
from typing import Any

import msgspec
from django.db import connection

from mutakhir.store import access

_encoder = msgspec.json.Encoder(order="deterministic")

CHUNK = 200
"""Rows that are sent at a time: the server takes in one chunk while the next one is put into words."""

FEW = 40
"""So many rows go as values: for one deed at a screen, a stage would cost two round trips more."""

SLICE = 1000
"""Rows that replace others at a time: the server replaces one slice while the rows of the next one are made."""

_numbers = itertools.count(1)


def encode(value: Any) -> str:
    """JSON with sorted keys: the same value has the same bytes."""
    return _encoder.encode(value).decode()


def stream(query: str, arguments: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """Rows of a query as they come: the server finds the next ones while these are looked at.

    Read to the end before the next statement: until then the connection is taken.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        yield from cursor.stream(query, arguments, size=CHUNK)
        # A pipeline that came next would get its answers in parts too: libpq forgets the way with a plain statement.
        cursor.execute("SELECT 1")


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows by COPY; they may be made while the server takes in those before, without asking it anything.

    PostgreSQL refuses COPY under a policy: a role that has one sends a few rows as values, and many through a stage.
    Tables and columns come from this program, never from a user.
    """
    if access.role_taken() and table in access.POLICED:
        left = iter(rows)
        if len(few := list(islice(left, FEW + 1))) <= FEW:
            _insert(table, columns, few)
        else:
            _through_stage(table, columns, chain(few, left), "")
        return
    chunks = _chunks(rows)
    first = next(chunks, None)
    if first is not None:
        _send(table, columns, chain((first,), chunks))


def _insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    if not rows:
        return
    one = f"({', '.join(['%s'] * len(columns))})"
    values = [list(value) if type(value) is tuple else value for row in rows for value in row]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([one] * len(rows))}",  # noqa: S608
            values,
        )


def _send(table: str, columns: Sequence[str], chunks: Iterable[str]) -> None:
    with (
        # COPY goes past what makes the driver's errors into Django's.
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as stream,
    ):
        for chunk in chunks:
            stream.write(chunk)


def _chunks(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    left = iter(rows)
    while chunk := list(islice(left, CHUNK)):
        yield _lines(chunk)


def _lines(rows: Sequence[Sequence[Any]]) -> str:
    """Rows in the text format of COPY.

    Column by column, because the values of a column are alike: this is twice as fast as row by row.
    """
    columns = [_words(column) for column in zip(*rows, strict=True)]
    return "\n".join(["\t".join(row) for row in zip(*columns, strict=True)]) + "\n"


def _words(values: Sequence[Any]) -> Sequence[str]:
    kinds = set(map(type, values))
    if kinds == {str} and not _has_signs("".join(values)):
        return values
    if len(kinds) == 1:
        write = _writer(kinds.pop())
        if values.count(values[0]) == len(values):
            return [write(values[0])] * len(values)
        return list(map(write, values))
    writers = {kind: _writer(kind) for kind in kinds}
    return [writers[type(value)](value) for value in values]


def _writer(kind: type) -> Callable[[Any], str]:
    for known, write in WORDS.items():
        if issubclass(kind, known):
            return write
    raise TypeError(f"no column takes {kind.__name__}")


def _has_signs(text: str) -> bool:
    return "\\" in text or "\n" in text or "\t" in text or "\r" in text


def _escaped(text: str) -> str:
    if not _has_signs(text):
        return text
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def array(values: Iterable[str]) -> str:
    """Texts as an array is written: for thousands of them, psycopg takes its time to find the same words."""
    quoted = ['"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values]
    return "{" + ",".join(quoted) + "}"


def _array(values: Sequence[str]) -> str:
    return _escaped(array(values))


WORDS: Mapping[type, Callable[[Any], str]] = {
    NoneType: lambda _: r"\N",
    str: _escaped,
    bool: lambda value: "t" if value else "f",
    int: int.__repr__,
    datetime: datetime.isoformat,
    date: date.isoformat,
    bytes: lambda value: rf"\\x{value.hex()}",
    list: _array,
    tuple: _array,
}
"""How COPY reads each kind of value; a kind stands before those that it is a kind of."""


def upsert(table: str, key: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows whose key may be there already; the new row replaces the old one whole."""
    settings = ", ".join(f"{name} = excluded.{name}" for name in columns if name != key)
    _through_stage(table, columns, rows, f" ON CONFLICT ({key}) DO UPDATE SET {settings}")


def _through_stage(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], clash: str) -> None:
    """COPY into a table of this connection's own, and one statement from there for each slice."""
    slices = _slices_of(rows)
    kept = next(slices, None)
    if kept is None:
        return
    # A role does not reach the stage of another one.
    stage = f"stage_{access.role_taken()}_{table}"
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        # Emptying a stage between its slices would cost more than to look past the slices before.
        cursor.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {stage} ON COMMIT DELETE ROWS "  # noqa: S608
            f"AS SELECT {names}, 0::bigint AS slice FROM {table} WITH NO DATA"
        )
        while kept:
            number, chunks = kept
            _send(stage, (*columns, "slice"), chunks)
            with connection.wrap_database_errors, connection.connection.pipeline():
                cursor.execute(
                    f"INSERT INTO {table} ({names}) SELECT {names} FROM {stage} WHERE slice = {number}{clash}"  # noqa: S608
                )
                kept = next(slices, None)


def _slices_of(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, list[str]]]:
    """Some rows at a time, put into words with the number of their slice behind them."""
    left = iter(rows)
    while one := list(islice(left, SLICE)):
        number = next(_numbers)
        yield number, list(_chunks((*row, number) for row in one))


def write(
    table: str,
    key: str,
    columns: Sequence[str],
    fresh: Iterable[Sequence[Any]],
    known: Iterable[Sequence[Any]],
) -> None:
    """Append the rows of fresh subjects, replace those of known ones."""
    copy(table, columns, fresh)
    upsert(table, key, columns, known)


def delete(table: str, column: str, keys: Sequence[int]) -> None:
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", [list(keys)])  # noqa: S608
