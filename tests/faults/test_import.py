"""An import that is killed at any moment and begun again ends as if nothing had happened."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg
import pytest

from tests.databases import apart, environment, migrated, used_by_django

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

PERSONS = 30_000
"""A batch and a half."""
COMMAND = (sys.executable, "-m", "mutakhir", "import")


@pytest.fixture(scope="module")
def template(database_url: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with django_db_blocker.unblock(), migrated(database_url) as name:
        yield name


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list with every error of the field, and some rows of another kabupaten in between."""
    from datetime import date

    from mutakhir.synth import files
    from mutakhir.synth.errors import Rates
    from mutakhir.synth.population import Village

    folder = tmp_path_factory.mktemp("list")
    villages = [Village(f"350815200{number}", f"Desa {number}") for number in range(1, 8)]
    written = files.write(
        folder, layout="p3ke", format="csv", seed=7, persons=PERSONS, villages=villages, rates=Rates(),
        today=date(2026, 10, 1),
    )  # fmt: skip
    path = written.paths["list"]
    lines = path.read_text().splitlines(keepends=True)
    for number in range(97, len(lines), 5_003):
        lines[number] = lines[number].replace(",35081520", ",35091520")
    path.write_text("".join(lines))
    return path


STATED_AND_DONE = (
    """SELECT e.subject, kind, version, type, holds_from, region, authority, record, b.body::text
       FROM event e JOIN event_body b ON b.event = e.id ORDER BY e.subject, version""",
    "SELECT rule, subject, region, owner, source, particulars FROM task ORDER BY rule, subject",
    "SELECT id, digest, region, counts ->> 'rejected' FROM source ORDER BY id",
    "SELECT source, batch, counts FROM import_batch ORDER BY source, batch",
    "SELECT count(*), max(position) FROM feed",
)


class Registry:
    """A database of its own, and the program that takes a list into it."""

    def __init__(self, url: str, folder: Path, listed: Path) -> None:
        self.url, self.folder = url, folder
        self.path = folder / "daftar.csv"
        os.link(listed, self.path)

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Begin to take the list in, or another command about imports."""
        taking = (
            "registry",
            str(self.path),
            "--as-of",
            "2026-10-01",
            "--authority",
            "social",
            "--full",
            "3508",
        )
        return subprocess.Popen(
            [*COMMAND, *(command or taking), "--json"],
            env=environment(self.url, self.folder / "data"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def take(self) -> dict[str, int]:
        with self.start() as program:
            out, said = program.communicate(timeout=300)
        assert program.returncode == 0, said
        told = json.loads(out.splitlines()[-1])
        assert told["rows"] == told["in"] + told["rejected"] + told["again"]
        return dict(told)

    def kill(self, when: Callable[[Registry], bool], *command: str) -> None:
        """Start the import and kill it at a moment; the moment has to come."""
        with self.start(*command) as program:
            until = time.monotonic() + 120
            while not when(self):
                assert program.poll() is None, program.communicate()
                assert time.monotonic() < until
                time.sleep(0.002)
            program.send_signal(signal.SIGKILL)
            program.communicate(timeout=60)
        assert program.returncode == -signal.SIGKILL

    def ask(self, query: str) -> Any:
        with psycopg.connect(self.url) as asked:
            found = asked.execute(query).fetchone()
        return found[0] if found else None

    def dump(self) -> bytes:
        """The projections in their canonical form, what was stated, and the work that it gave rise to."""
        from django.db import connection

        from mutakhir.store import rebuild

        out = io.BytesIO()
        with used_by_django(self.url):
            rebuild.dump(out)
            with connection.cursor() as cursor:
                for query in STATED_AND_DONE:
                    with cursor.copy(f"COPY ({query}) TO STDOUT") as stream:
                        for piece in stream:
                            out.write(piece)
        return out.getvalue()

    def rejects(self) -> list[list[str]]:
        text = self.path.with_name("daftar.csv.ditolak.csv").read_text(encoding="utf-8-sig")
        return list(csv.reader(io.StringIO(text)))


@pytest.fixture
def registry(database_url: str, template: str, listed: Path, tmp_path: Path) -> Iterator[Registry]:
    with apart(database_url, template=template) as url:
        yield Registry(url, tmp_path, listed)


@pytest.fixture(scope="module")
def undisturbed(
    database_url: str,
    template: str,
    listed: Path,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> tuple[bytes, dict[str, int], list[list[str]]]:
    with apart(database_url, template=template) as url, django_db_blocker.unblock():
        found = Registry(url, tmp_path_factory.mktemp("undisturbed"), listed)
        told = found.take()
        assert told["again"] == 0
        assert told["rejected"] > 3
        assert told["warnings"] > 1000
        return found.dump(), told, found.rejects()


def batches(registry: Registry) -> int:
    return int(registry.ask("SELECT count(*) FROM import_batch"))


def is_writing(registry: Registry) -> bool:
    """Whether the program is in the middle of a batch: it writes to a table, and nothing of it is to be seen yet."""
    return bool(
        registry.ask(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' "
            "AND query LIKE 'COPY %' AND pid <> pg_backend_pid())"
        )
    )


MOMENTS: dict[str, Callable[[Registry], bool]] = {
    "as soon as the file is known": lambda registry: registry.ask("SELECT count(*) FROM source") == 1,
    "while the first batch is written": is_writing,
    "after the first batch": lambda registry: batches(registry) == 1,
    "while the second batch is written": lambda registry: batches(registry) == 1 and is_writing(registry),
    "after the second batch": lambda registry: batches(registry) == 2,
}


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_once(
    registry: Registry,
    undisturbed: tuple[bytes, dict[str, int], list[list[str]]],
    moment: str,
    django_db_blocker: DjangoDbBlocker,
) -> None:
    dump, whole, rejects = undisturbed
    registry.kill(MOMENTS[moment])
    done = batches(registry)
    told = registry.take()
    assert (told["again"] > 0) == (done > 0)
    assert (told["rows"], told["rejected"], told["warnings"]) == (
        whole["rows"],
        whole["rejected"],
        whole["warnings"],
    )
    assert told["in"] + told["again"] == whole["in"]
    with django_db_blocker.unblock():
        assert registry.dump() == dump
    assert registry.rejects() == rejects


@pytest.mark.slow
def test_killed_again_and_again(
    registry: Registry,
    undisturbed: tuple[bytes, dict[str, int], list[list[str]]],
    django_db_blocker: DjangoDbBlocker,
) -> None:
    dump, whole, rejects = undisturbed
    dice = random.Random(3508)
    for _ in range(4):
        began = time.monotonic()
        wait = dice.uniform(0.8, 4.0)
        with registry.start() as program:
            while program.poll() is None and time.monotonic() - began < wait:
                time.sleep(0.01)
            program.kill()
            program.communicate(timeout=60)
    told = registry.take()
    assert told["in"] + told["again"] == whole["in"]
    again = registry.take()
    assert again["again"] == whole["in"]
    with django_db_blocker.unblock():
        assert registry.dump() == dump
    assert registry.rejects() == rejects


def is_reader(process: psutil.Process) -> bool:
    try:
        return "mutakhir.gateways.row_batches" in process.cmdline()
    except psutil.Error:
        # A helper of the database's server that ended in between.
        return False


@pytest.mark.slow
def test_a_reader_that_is_killed_leaves_a_sentence_and_an_incident(
    registry: Registry,
    undisturbed: tuple[bytes, dict[str, int], list[list[str]]],
    django_db_blocker: DjangoDbBlocker,
) -> None:
    with registry.start() as program:
        reader = None
        while reader is None:
            assert program.poll() is None, program.communicate()
            reader = next(filter(is_reader, psutil.Process(program.pid).children(recursive=True)), None)
        reader.kill()
        out, said = program.communicate(timeout=120)
    assert program.returncode == 3
    assert out == ""
    assert "[reading-stopped]" in said
    assert "Traceback" not in said
    assert "ended with -9" in registry.ask("SELECT trace FROM incident")
    registry.take()
    with django_db_blocker.unblock():
        assert registry.dump() == undisturbed[0]


@pytest.mark.slow
def test_a_reversal_that_is_killed_changes_nothing(
    registry: Registry,
    undisturbed: tuple[bytes, dict[str, int], list[list[str]]],
    django_db_blocker: DjangoDbBlocker,
) -> None:
    """Once more it goes through, and then the same file comes in as if it never had."""
    dump, whole, _ = undisturbed
    registry.take()
    reversing = ("reverse", "1", "--reason", "Daftar uji")
    registry.kill(is_writing, *reversing)
    with django_db_blocker.unblock():
        assert registry.dump() == dump
    with registry.start(*reversing) as program:
        out, said = program.communicate(timeout=300)
    assert program.returncode == 0, said
    subjects = registry.ask("SELECT count(*) FROM event WHERE type = 'facts_withdrawn'")
    assert (
        json.loads(out)["subjects"] == subjects == registry.ask("SELECT count(DISTINCT subject) FROM event")
    )
    assert registry.ask("SELECT count(*) FROM membership_open") == 0
    again = registry.take()
    assert (again["in"], again["again"]) == (whole["in"], 0)
    with registry.start("list") as program:
        out, _ = program.communicate(timeout=120)
    assert [(one["number"], bool(one["reversed_at"])) for one in json.loads(out)] == [(2, False), (1, True)]


def test_what_is_refused_says_so_and_ends_with_its_code(registry: Registry) -> None:
    registry.path.unlink()
    registry.path.write_bytes(b"%PDF-1.7 a letter")
    with registry.start() as program:
        out, said = program.communicate(timeout=120)
    assert program.returncode == 3
    assert out == ""
    assert "[file-wrong-kind]" in said
    assert "Traceback" not in said
    assert registry.ask("SELECT count(*) FROM source") == 0
