"""Whatever is killed while a window packs: nothing is lost, nothing is packed twice, and the outcomes are the same."""

from __future__ import annotations

import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import pytest

from mutakhir.bench.databases import copied, in_process, renamed
from mutakhir.bench.window import before, digests, outcomes
from mutakhir.node import postgres
from tests.faults.interruption import kill_before, run, running, standing_before, until
from tests.faults.test_postgres import log, pid_file, servers

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

SIZE, VILLAGES, BATCH = 600, 40, 100

PACKING = f"""
import sys
from datetime import datetime
from mutakhir.node.program import set_up
set_up(sys.argv[1], migrate=False)
from mutakhir.bench.reserve import NOW
from mutakhir.wiring.timekeeping import work_window
print(dict(work_window(int(sys.argv[2]), now=NOW, batch={BATCH})), flush=True)
"""
"""What the node's own job does with a window: pack, batch by batch, then hand over what stands in signed minutes."""

AT_ONCE = "TRUE"
AFTER_A_BATCH = "(SELECT count(*) FROM event WHERE type = 'packed') > 0"
AFTER_THREE = (
    f"(SELECT count(*) FROM event WHERE type IN ('packed', 'satisfied', 'contradicted')) > {2 * BATCH}"
)
HANDING_OVER = "EXISTS (SELECT FROM batch_now WHERE handed_over_at IS NOT NULL)"
POINTS = [
    ("event", AT_ONCE),
    ("event_body", AFTER_A_BATCH),
    ("pending", AFTER_THREE),
    ("batch_now", AT_ONCE),
    ("request_now", AFTER_A_BATCH),
    ("request_now", AFTER_THREE),
    ("event_body", HANDING_OVER),
    ("batch_now", HANDING_OVER),
]


@dataclass(frozen=True, slots=True)
class Filled:
    """A database with a reserve and an open window, what stood in it before, and what an undisturbed run makes of it."""

    url: str
    window: str
    marks: dict[str, int]
    truth: dict[int, str]
    undisturbed: dict[str, str]


@pytest.fixture(scope="module")
def filled(database_url: str) -> Iterator[Filled]:
    name = f"packing_{secrets.token_hex(4)}"
    url = renamed(database_url, name)
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        try:
            window, truth = fill(url)
            marks = before(url)
            with copied(url) as copy:
                run(PACKING, copy, window)
                undisturbed = lasting(copy, marks)
            yield Filled(url, window, marks, truth, undisturbed)
        finally:
            owner.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


def fill(url: str) -> tuple[str, dict[int, str]]:
    from mutakhir.bench.reserve import read_truth

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "truth.csv")
        made = in_process("mutakhir.bench.window", "fill", str(SIZE), "7", str(file), str(VILLAGES), url=url)
        return str(made["window"]), read_truth(file)


def lasting(url: str, marks: dict[str, int]) -> dict[str, str]:
    """Counts and digests of what must not depend on how often a program was killed; ids of events may skip."""
    found = digests(url, marks)
    del found["pending"]
    return found


def check(url: str, marks: dict[str, int], truth: dict[int, str]) -> None:
    found = outcomes(url, marks)
    assert {number: outcome.removesuffix("+handed_over") for number, outcome in found.items()} == truth
    assert set(truth.values()) == {"packed", "satisfied", "conflict", "stays"}, "the reserve is mixed"
    with psycopg.connect(url) as owner:

        def count(query: str) -> int:
            row = owner.execute(query).fetchone()  # type: ignore[call-overload]
            return int(row[0])

        assert not count(
            "SELECT count(*) FROM event e LEFT JOIN event_body b ON b.event = e.id WHERE b.event IS NULL"
        )
        assert not count(
            "SELECT count(*) FROM event_body b LEFT JOIN event e ON e.id = b.event WHERE e.id IS NULL"
        )
        numbered = "SELECT e.id, count(p.first) AS runs FROM event e LEFT JOIN pending p ON e.id BETWEEN p.first AND p.last GROUP BY e.id"
        assert not count(f"SELECT count(*) FROM ({numbered}) AS each WHERE runs <> 1"), (
            "each event waits once for its number"
        )
        assert not count("SELECT count(*) - count(DISTINCT region) FROM batch_now"), "one batch a village"
        batches = (
            "SELECT b.id, b.handed_over_at IS NOT NULL AS handed, bool_and(r.in_minutes) AS minuted, "
            "bool_and((r.state = 'handed_over') = (b.handed_over_at IS NOT NULL) AND r.region = b.region) AS alike "
            "FROM batch_now b LEFT JOIN request_now r ON r.batch = b.id GROUP BY b.id"
        )
        assert count(f"SELECT count(*) FROM ({batches}) AS each WHERE handed") > 3
        assert count(f"SELECT count(*) FROM ({batches}) AS each WHERE NOT handed") > 3
        assert not count(f"SELECT count(*) FROM ({batches}) AS each WHERE handed <> minuted OR NOT alike")
        packed = sum(outcome == "packed" for outcome in truth.values())
        assert count("SELECT count(*) FROM request_now WHERE batch IS NOT NULL") == packed
        assert not count(
            "SELECT count(*) FROM request_now r "
            "WHERE r.version <> (SELECT max(version) FROM event e WHERE e.subject = r.id)"
        ), "the projection stands where the events stand"


@pytest.mark.parametrize(("table", "once"), POINTS)
def test_killed_in_the_middle_and_run_again(filled: Filled, table: str, once: str) -> None:
    with copied(filled.url) as url:
        with running(PACKING, url, filled.window) as packing:
            kill_before(table, url, packing, once=once)
        with psycopg.connect(url) as owner:
            left = owner.execute("SELECT count(*) FROM request_now WHERE state = 'deliberated'").fetchone()
        assert once == HANDING_OVER or (left and left[0] > BATCH), "it was killed when everything was packed"
        run(PACKING, url, filled.window)
        check(url, filled.marks, filled.truth)
        assert lasting(url, filled.marks) == filled.undisturbed


def test_killed_again_and_again(filled: Filled) -> None:
    with copied(filled.url) as url:
        for table, once in POINTS[:3]:
            with running(PACKING, url, filled.window) as packing:
                kill_before(table, url, packing, once=once)
        run(PACKING, url, filled.window)
        check(url, filled.marks, filled.truth)
        assert lasting(url, filled.marks) == filled.undisturbed


def test_run_once_more_nothing_is_done(filled: Filled) -> None:
    with copied(filled.url) as url:
        run(PACKING, url, filled.window)
        assert run(PACKING, url, filled.window).strip() == "{}"
        check(url, filled.marks, filled.truth)


def kill_server(data: Path, url: str, packing: subprocess.Popen[str]) -> None:
    """Kill the server under a program that stands within a transaction. Raises OperationalError: nobody answers."""
    with standing_before("request_now", url, packing, once=AFTER_A_BATCH):
        psutil.Process(int(pid_file(data).read_text().split()[0])).kill()
        until(lambda: not servers(data), "every process of the server ends")
        _, complaint = packing.communicate(timeout=60)
        assert packing.returncode, "it cannot have ended well"
        assert "OperationalError" in complaint
    with psycopg.connect(url):
        raise AssertionError("the server lives")


def test_the_server_is_killed_in_the_middle() -> None:
    with tempfile.TemporaryDirectory(prefix="mutakhir-data-") as folder:
        data = Path(folder)
        data.chmod(0o755)
        options = {"shared_buffers": "64MB"}
        with postgres.server(data, options=options) as url:
            window, truth = fill(url)
            marks = before(url)
            with running(PACKING, url, window) as packing, pytest.raises(psycopg.OperationalError):
                kill_server(data, url, packing)
        with postgres.server(data, options=options) as url:
            run(PACKING, url, window)
            check(url, marks, truth)
        assert "database system was not properly shut down" in log(data), "nothing was recovered"
