"""Databases of a bench: fresh copies of one that was filled once, each measured by a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from mutakhir.bench.measures import Run


def renamed(url: str, name: str) -> str:
    """The address of another database on the same server."""
    parts = urlsplit(url)
    changed = urlunsplit(parts._replace(path=f"/{name}"))
    # An empty host must keep its two slashes: the socket's folder stands in the query.
    return changed if "://" in changed else changed.replace(":", "://", 1)


def settle(url: str) -> None:
    """Leave a filled database as a node at rest has it: no dead rows, statistics known."""
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE)")


@contextlib.contextmanager
def copied(url: str) -> Iterator[str]:
    """A fresh copy of a database that nobody is connected to; yields its address and drops it afterwards.

    A checkpoint stands before the block, so that every run begins with the same work before it.
    """
    template = urlsplit(url).path.lstrip("/")
    name = f"bench_{secrets.token_hex(6)}"
    with psycopg.connect(renamed(url, "postgres"), autocommit=True) as owner:
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        try:
            with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
                owner.execute("CHECKPOINT")
            yield renamed(url, name)
        finally:
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def in_process(module: str, *arguments: str, url: str) -> dict[str, Any]:
    """Run a module as a program on a database and return the object that it prints last."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env={**os.environ, "DATABASE_URL": url},
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def one_row(
    owner: psycopg.Connection, query: LiteralString, marks: Mapping[str, int] | None = None
) -> tuple[Any, ...]:
    """The first row of an answer that has one."""
    row = owner.execute(query, marks).fetchone()
    assert row is not None, query
    return row


def digests_of(
    url: str, lines: Mapping[str, LiteralString], marks: Mapping[str, int], *, all_true: str
) -> dict[str, str]:
    """Count and SHA-256 of the sorted lines of each query; of `all_true` also how many lines are not "true"."""
    found = {}
    with psycopg.connect(url) as owner:
        for table, query in lines.items():
            count, digest = one_row(
                owner,
                f"SELECT count(*), encode(sha256(coalesce(string_agg(sha256(convert_to(line, 'UTF8')), '' "
                f"ORDER BY sha256(convert_to(line, 'UTF8'))), '')), 'hex') FROM ({query}) AS rows (line)",
                marks,
            )
            found[table] = f"{count} rows {digest[:16]}"
        wrong = f"SELECT count(*) FROM ({lines[all_true]}) AS rows (line) WHERE line IS DISTINCT FROM 'true'"
        if number := one_row(owner, wrong, marks)[0]:
            found[all_true] += f", {number} wrong"
    return found


def by_turns(
    url: str,
    repeats: int,
    *,
    ours: Callable[[str, bool], Run],
    bare: Callable[[str], Run],
    digests: Callable[[str], dict[str, str]],
) -> tuple[list[Run], list[Run], list[str]]:
    """Both sides by turns, each on a fresh copy of a filled database; returns their runs and where the rows differ.

    `ours` is given the copy's address and whether it is the first; the rows that the first run left are what `bare`
    has to leave too.
    """
    runs: tuple[list[Run], list[Run]] = ([], [])
    differences: list[str] = []
    expected: dict[str, str] = {}
    for number in range(repeats):
        with copied(url) as copy:
            runs[0].append(ours(copy, number == 0))
            found = digests(copy)
            expected = expected or found
            differences += differing("a run of ours", found, expected)
        with copied(url) as copy:
            runs[1].append(bare(copy))
            differences += differing("the bare side", digests(copy), expected)
    return *runs, differences


def differing(side: str, found: Mapping[str, str], expected: Mapping[str, str]) -> list[str]:
    """The tables of which one side left other rows, in words."""
    return [
        f"{side} has other rows in {table}: {found[table]}, not {expected[table]}"
        for table in expected
        if found[table] != expected[table]
    ]
