"""A bench gives a ratio only where both sides left the same rows and the outcomes are those of the truth."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from mutakhir.bench.databases import by_turns, copied, in_process, one_row, renamed
from mutakhir.bench.measures import Measure, Run, table
from mutakhir.bench.window import before, digests, disagreements


def measure(**told: object) -> Measure:
    known: dict[str, object] = {
        "name": "window",
        "size": 1000,
        "unit": "requests/s",
        "ours": [Run(2.0, 90.0), Run(4.0, 100.0), Run(2.5, 80.0)],
        "baseline": [Run(1.0, 30.0), Run(1.0, 30.0), Run(1.5, 30.0)],
        "bar": 0.5,
        "counts": {"villages": 205},
    }
    return Measure(**{**known, **told})  # type: ignore[arg-type]


def test_the_ratio_is_the_median_of_neighbouring_runs() -> None:
    told = measure().as_json()
    assert told["ratio"] == 0.5
    assert told["spread"]["ratio"] == [0.25, 0.6]
    assert (told["ours"], told["baseline"]) == (400.0, 1000.0)
    assert told["peak_rss_mib"] == 100
    assert {"name", "size", "unit", "machine", "counts"} <= told.keys()


def test_where_the_results_differ_there_is_no_ratio() -> None:
    found = measure(differences=["the bare side has other rows in event"])
    assert found.as_json()["ratio"] is None
    assert "none, because the results differ" in table(found)
    assert "the bare side has other rows in event" in table(found)


def command(*words: str, url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mutakhir", "bench", *words],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_small_bench_writes_the_same_rows_on_both_sides(database_url: str) -> None:
    done = command("window", "--size", "2000", "--repeats", "1", "--json", url=database_url)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["differences"] == []
    assert told["ratio"] is not None
    assert (told["name"], told["size"], told["unit"]) == ("window", 2000, "requests/s")
    assert told["counts"]["villages"] == 205
    assert sum(told["counts"]["outcomes"].values()) == 2000
    with psycopg.connect(database_url) as owner:
        left = owner.execute(
            "SELECT count(*) FROM pg_database WHERE datname LIKE 'bench%' OR datname LIKE 'scratch%'"
        ).fetchone()
    assert left == (0,), "a bench leaves no database behind"


def test_the_benches_are_listed_and_an_unknown_one_is_refused(database_url: str) -> None:
    assert command(url=database_url).stdout.split()[0] == "window"
    assert command("weather", url=database_url).returncode == 2


@pytest.fixture(scope="module")
def packed(database_url: str) -> Iterator[tuple[str, dict[str, int], Path]]:
    """A database in which a small window was packed, what stood there before, and the truth file."""
    url = renamed(database_url, f"measured_{secrets.token_hex(4)}")
    name = url.split("?")[0].rsplit("/", 1)[1]
    with psycopg.connect(database_url, autocommit=True) as owner, tempfile.TemporaryDirectory() as folder:
        owner.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        try:
            truth = Path(folder, "truth.csv")
            filled = in_process("mutakhir.bench.window", "fill", "200", "3", str(truth), "4", url=url)
            marks = before(url)
            in_process("mutakhir.bench.window", "pack", str(filled["window"]), url=url)
            yield url, marks, truth
        finally:
            owner.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


@pytest.mark.parametrize(("ours", "bare"), [(1, 1), (2, 1), (1, 2)])
def test_by_turns_each_side_is_held_against_the_first_run(
    packed: tuple[str, dict[str, int], Path], ours: int, bare: int
) -> None:
    url, _, _ = packed

    def write(copy: str, number: int) -> Run:
        with psycopg.connect(copy) as owner:
            owner.execute("UPDATE feed_head SET position = %s", [number])
        return Run(1.0, 1.0)

    def left(copy: str) -> dict[str, str]:
        with psycopg.connect(copy) as owner:
            return {"feed_head": str(one_row(owner, "SELECT position FROM feed_head"))}

    own, baseline, differences = by_turns(
        url,
        2,
        ours=lambda copy, first: write(copy, 1 if first else ours),
        bare=lambda copy: write(copy, bare),
        digests=left,
    )
    assert (len(own), len(baseline)) == (2, 2)
    assert [one.split(" has ")[0] for one in differences] == ["a run of ours"] * (ours - 1) + [
        "the bare side"
    ] * (2 * (bare - 1))


CHANGES = {
    "event": "DELETE FROM event_body WHERE event = (SELECT max(id) FROM event)",
    "commitment": "ALTER TABLE event_body DISABLE TRIGGER USER; UPDATE event_body SET salt = 'other' WHERE event = "
    "(SELECT max(id) FROM event)",
    "pending": "DELETE FROM pending WHERE first = (SELECT max(first) FROM pending)",
    "request_now": "UPDATE request_now SET owner = 'camat' WHERE id = (SELECT max(id) FROM request_now)",
    "batch_now": "UPDATE batch_now SET number = 9 WHERE id = (SELECT max(id) FROM batch_now)",
    "ticket": "DELETE FROM ticket WHERE request = (SELECT max(request) FROM ticket)",
}


@pytest.mark.parametrize("changed", CHANGES)
def test_one_row_that_differs_is_seen(packed: tuple[str, dict[str, int], Path], changed: str) -> None:
    url, marks, _ = packed
    with copied(url) as copy:
        whole = digests(copy, marks)
        assert whole == digests(url, marks)
        with psycopg.connect(copy, autocommit=True) as owner:
            owner.execute(CHANGES[changed])  # type: ignore[call-overload]
        assert digests(copy, marks)[changed] != whole[changed]


def test_an_outcome_that_is_not_the_truth_is_seen(packed: tuple[str, dict[str, int], Path]) -> None:
    url, marks, truth = packed
    assert disagreements(url, marks, truth) == []
    lines = truth.read_text().splitlines()
    place = next(number for number, line in enumerate(lines) if line.endswith(",packed"))
    lines[place] = lines[place].replace("packed", "stays")
    changed = truth.with_name("changed.csv")
    changed.write_text("\n".join(lines) + "\n")
    assert disagreements(url, marks, changed) == ["1 requests should be stays and are packed"]
