"""The bench of the import: both sides leave the same rows, and a register that is not what the list says is seen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from mutakhir.bench.databases import copied, in_process
from mutakhir.bench.intake import CANONICAL, digests, untrue, write_list
from tests.databases import apart, migrated

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

PERSONS = 1_500


def test_a_small_bench_leaves_the_same_rows_on_both_sides(database_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mutakhir", "bench", "import", "--size", "2000", "--repeats", "1", "--json"],
        env={**os.environ, "DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["differences"] == []
    assert told["ratio"] is not None
    assert (told["name"], told["size"], told["unit"]) == ("import", 2000, "persons/s")
    assert told["counts"]["taken_in"]["in"] == told["counts"]["list"]["rows"] > 2000
    weight = told["counts"]["bytes_per_person"]
    assert 300 < weight["history"] < weight["both"] == weight["history"] + weight["now"] < 9000


@pytest.fixture(scope="module")
def taken(
    database_url: str, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[str, Path, dict[str, int]]]:
    """A database that took a small list in, the truth of the list, and what was counted."""
    folder = tmp_path_factory.mktemp("bench")
    listed = write_list(folder, size=PERSONS, seed=4)
    with (
        django_db_blocker.unblock(),
        migrated(database_url) as name,
        apart(database_url, template=name) as url,
    ):
        done = in_process("mutakhir.bench.intake", "take", listed["list"], str(folder), url=url)
        yield url, Path(listed["truth"]), done["counts"]


CHANGES = {
    "event": "ALTER TABLE event DISABLE TRIGGER USER; UPDATE event SET region = '3508' WHERE id = 7",
    "event_body": "DELETE FROM event_body WHERE event = 7",
    "commitment": "ALTER TABLE event_body DISABLE TRIGGER USER; UPDATE event_body SET salt = 'other' WHERE event = 7",
    "feed": "ALTER TABLE feed DISABLE TRIGGER USER; UPDATE feed SET position = 0 WHERE event = 7",
    "feed_head": "UPDATE feed_head SET position = position + 1",
    "person_now": "UPDATE person_now SET sex = NULL WHERE id = (SELECT min(id) FROM person_now)",
    "family_now": "UPDATE family_now SET version = 2 WHERE id = (SELECT min(id) FROM family_now)",
    "dwelling_now": "INSERT INTO dwelling_now (id, region, attributes, version) VALUES (1, '35', '{}', 1)",
    "membership_open": "DELETE FROM membership_open WHERE person = (SELECT min(person) FROM membership_open)",
    "membership_closed": "INSERT INTO membership_closed (person, family, period) VALUES (1, 2, '[2020-01-01,2021-01-01)')",
    "identifier": "UPDATE identifier SET until = '2026-11-02' WHERE id = (SELECT min(id) FROM identifier)",
    "name_now": "DELETE FROM name_now WHERE key = (SELECT min(key) FROM name_now)",
    "task": "INSERT INTO task (region, rule, particulars, owner, since, due, closing_note) VALUES ('35', 'x', '{}', 'y', now(), now(), '')",
}


@pytest.mark.parametrize("changed", CANONICAL)
def test_one_row_that_differs_is_seen(taken: tuple[str, Path, dict[str, int]], changed: str) -> None:
    url, _, _ = taken
    with copied(url) as copy:
        whole = digests(copy)
        with psycopg.connect(copy, autocommit=True) as owner:
            owner.execute(CHANGES[changed])  # type: ignore[call-overload]
        assert digests(copy)[changed] != whole[changed]


UNTRUE = {
    "UPDATE person_now SET nik = '9908010101010001'": "persons with another's number",
    "UPDATE person_now SET family = (SELECT min(id) FROM family_now)": "persons in another's family",
    "DELETE FROM family_now WHERE id = (SELECT min(id) FROM family_now)": "families",
    "DELETE FROM person_now WHERE id = (SELECT max(id) FROM person_now)": "persons",
    "DELETE FROM person_now WHERE id = (SELECT min(id) FROM person_now)": "persons",
    "UPDATE person_now SET id = id + (7::bigint << 32) WHERE id = (SELECT max(id) FROM person_now)": "no row of the list",
}


@pytest.mark.parametrize("change", UNTRUE)
def test_what_is_not_true_is_seen(taken: tuple[str, Path, dict[str, int]], change: str) -> None:
    url, truth, counts = taken
    assert untrue(url, truth, counts) == []
    with copied(url) as copy:
        with psycopg.connect(copy, autocommit=True) as owner:
            owner.execute(change)  # type: ignore[call-overload]
        found = untrue(copy, truth, counts)
    assert any(UNTRUE[change] in said for said in found), found


def test_a_row_too_few_is_seen(taken: tuple[str, Path, dict[str, Any]]) -> None:
    url, truth, counts = taken
    assert "rows in or rejected" in untrue(url, truth, {**counts, "in": counts["in"] - 1})[0]
