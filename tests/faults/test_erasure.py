"""Whatever is killed while a person is erased: it is whole or not begun, and the same command brings it to its end."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mutakhir import wiring
from mutakhir.core.flows.erasure import Kind
from tests.builders import Walker
from tests.databases import ask as rows_of
from tests.databases import environment
from tests.faults.interruption import kill_before, run, running
from tests.store.conftest import migrated_database, own_database
from tests.store.test_erasure import agrees, decided, everywhere, walk

__all__ = ["migrated_database", "own_database", "walk"]
pytestmark = [
    pytest.mark.usefixtures("own_database"),
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX"),
]
ERASING = """
import sys
from mutakhir.node.program import set_up
set_up(sys.argv[1], migrate=False)
from mutakhir import wiring
from mutakhir.core.flows.erasure import Kind
from mutakhir.wiring.erasures import carry_out
from mutakhir.wiring.terminal import TERMINAL
carry_out(int(sys.argv[2]), Kind(sys.argv[3]), actor=TERMINAL, now=wiring.clock())
"""
AT_ONCE = "TRUE"
BEGUN = "EXISTS (SELECT FROM erasure_now WHERE state = 'begun')"
POINTS = [
    ("event", AT_ONCE), ("event_body", AT_ONCE), ("person_now", AT_ONCE), ("request_now", AT_ONCE),
    ("erasure_now", AT_ONCE), ("event_body", BEGUN), ("erasure_now", BEGUN),
]  # fmt: skip


@pytest.fixture(autouse=True)
def data_of_the_program(monkeypatch: pytest.MonkeyPatch, own_database: str, tmp_path: Path) -> None:
    for name, value in environment(own_database, tmp_path / "data").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MUTAKHIR_SECRET", "s" * 40)


@pytest.mark.parametrize("kind", [Kind.ERASE, Kind.SEAL])
@pytest.mark.parametrize(("table", "once"), POINTS)
def test_killed_it_is_whole_or_not_begun_and_goes_on(
    walk: Walker, own_database: str, kind: Kind, table: str, once: str
) -> None:
    number = decided(walk, kind, {Kind.ERASE: "asked", Kind.SEAL: "court"}[kind])
    before = rows_of("SELECT count(*) FROM event_body")
    with running(ERASING, own_database, str(number), kind.value) as process:
        kill_before(table, own_database, process, once=once)
    if once == AT_ONCE:
        assert rows_of("SELECT count(*) FROM event_body") == before, "nothing is half done"
        assert rows_of("SELECT state FROM erasure_now") == [("approved",)]
    else:
        assert "event_body" not in everywhere("Siti")
        assert rows_of("SELECT state FROM erasure_now") == [("begun",)]
    agrees()
    run(ERASING, own_database, str(number), kind.value)
    ended(kind)


def test_killed_before_the_first_paper_was_taken_it_goes_on_with_the_papers(
    walk: Walker, own_database: str
) -> None:
    number = decided(walk, Kind.ERASE, "asked")
    (digest,) = wiring.blobs().digests()
    paper = wiring.blobs().path(digest)
    kept = paper.read_bytes()
    with running(ERASING, own_database, str(number), "erase") as process:
        kill_before("erasure_now", own_database, process, once=BEGUN)
    # As the disk stood when the program had said what it would take, and had taken nothing.
    paper.write_bytes(kept)
    run(ERASING, own_database, str(number), "erase")
    ended(Kind.ERASE)


def ended(kind: Kind) -> None:
    assert rows_of("SELECT state FROM erasure_now") == [("carried_out",)]
    assert everywhere("Siti") == ([] if kind is Kind.ERASE else ["sealed_body"])
    assert list(wiring.blobs().digests()) == []
    marks = rows_of("SELECT subject, count(*) FROM event WHERE type IN ('erased', 'sealed') GROUP BY subject")
    assert {count for _, count in marks} == {1}, "said once of each"
    agrees()
