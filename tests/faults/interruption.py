"""Kills a program in the middle of a transaction, at a statement that is chosen beforehand, and waits for no time to pass."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

SECONDS = 60.0


def until(happened: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < end, f"within {SECONDS} s not: {what}"
        time.sleep(0.005)


@contextmanager
def running(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A Python program with its arguments; killed at the end of the block if it has not ended by then."""
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def run(code: str, *arguments: str) -> str:
    """Run a program to its end; return what it said."""
    with running(code, *arguments) as process:
        said, complaint = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, complaint
        return said


@contextmanager
def standing_before(table: str, url: str, process: subprocess.Popen[str], *, once: str) -> Iterator[int]:
    """Run the block while a program stands, within a transaction, before its next writing into a table.

    `once` is a condition in SQL: as long as it is not true, the program is let through, one transaction at a time.
    Yields the process id of the program's backend; at the end of the block the way is free again.
    """
    with psycopg.connect(url, autocommit=True) as watch, psycopg.connect(url) as gate:

        def true(condition: str) -> bool:
            if process.poll() is not None:
                _, complaint = process.communicate()
                raise AssertionError(f"it ended by itself with {process.returncode}: {complaint}")
            row = watch.execute(f"SELECT {condition}").fetchone()  # type: ignore[call-overload]
            return bool(row and row[0])

        waiting = (
            "(SELECT min(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' "
            f"AND {gate.info.backend_pid} = ANY(pg_blocking_pids(pid)))"
        )
        while True:
            # Readers pass; whoever writes waits, and a gate that is shut anew waits for whoever is just passing.
            gate.execute(f"LOCK TABLE {table} IN SHARE MODE")  # type: ignore[call-overload]
            until(lambda: true(f"{waiting} IS NOT NULL"), f"the program writes into {table}")
            if true(once):
                break
            gate.commit()
        row = watch.execute(f"SELECT {waiting}").fetchone()  # type: ignore[call-overload]
        assert row is not None
        yield int(row[0])


def kill_before(table: str, url: str, process: subprocess.Popen[str], *, once: str) -> None:
    """Kill a program (SIGKILL) before its next writing into a table, and wait until the server has noticed."""
    with standing_before(table, url, process, once=once) as backend:
        process.kill()
        process.wait()
    with psycopg.connect(url, autocommit=True) as watch:

        def gone() -> bool:
            found = watch.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [backend]).fetchone()
            return found is None

        until(gone, "the server notices that the program is dead")
