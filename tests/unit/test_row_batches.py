"""The rows of a list in batches: the same ones whoever reads them, and nobody is left when reading is broken off."""

from __future__ import annotations

import itertools
import os
import signal
from dataclasses import replace
from datetime import date
from pathlib import Path

import psutil
import pytest

from mutakhir.gateways import row_batches
from mutakhir.gateways.layouts import open_records
from mutakhir.gateways.row_batches import Listed, ReadingStopped, read_apart, read_here
from mutakhir.synth import files
from mutakhir.synth.errors import Rates
from mutakhir.synth.population import Village


@pytest.fixture(scope="module", params=["csv", "xlsx"])
def listed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Listed:
    """A list with every error of the field, and rows of another kabupaten among the others."""
    villages = [Village("3508152001", "Desa 1"), Village("3509152002", "Desa 2")]
    written = files.write(
        tmp_path_factory.mktemp("list"), layout="p3ke", format=request.param, seed=5, persons=1_000,
        villages=villages, rates=Rates(), today=date(2026, 10, 1),
    )  # fmt: skip
    return Listed(
        path=str(written.paths["list"]),
        region="3508",
        as_of=date(2026, 10, 1),
        today=date(2026, 11, 24),
        production=False,
        batch_rows=211,
    )


def test_a_process_of_its_own_reads_the_same(listed: Listed) -> None:
    here, apart = list(read_here(listed)), list(read_apart(listed))
    assert apart == here
    assert sum(len(batch.cells) for batch in here) > 100
    assert any(entry.row.warnings for batch in here for entry in batch.entries)
    table, _ = open_records(listed.path)
    with table:
        assert sum(len(batch.entries) for batch in here) == sum(1 for _ in table.rows)


def test_no_family_is_cut_in_two(listed: Listed) -> None:
    batches = list(read_here(listed))
    assert len(batches) > 3
    assert any(len(batch.entries) == 211 for batch in batches), "no row more than a family needs"
    for batch, following in itertools.pairwise(batches):
        assert 211 <= len(batch.entries) < 230
        last, first = batch.entries[-1].row.family_key, following.entries[0].row.family_key
        assert last is None or last != first


def readers() -> list[psutil.Process]:
    """The processes that read for this one; the tests' database is a child too."""
    return [one for one in psutil.Process().children() if row_batches.__name__ in one.cmdline()]


def test_who_stops_in_the_middle_leaves_nobody_behind(listed: Listed) -> None:
    batches = read_apart(replace(listed, batch_rows=50))
    next(batches)
    assert len(readers()) == 1
    batches.close()
    assert readers() == []


def test_a_reader_that_dies_is_no_end_of_the_file(listed: Listed) -> None:
    batches = read_apart(replace(listed, batch_rows=50))
    next(batches)
    [reader] = readers()
    os.kill(reader.pid, signal.SIGKILL)
    with pytest.raises(ReadingStopped, match="ended with -9"):
        list(batches)


def test_a_file_that_is_gone_is_no_empty_file(
    listed: Listed, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """What the reader complains of is for those who mend the program, not for whoever looks at the terminal."""
    with pytest.raises(ReadingStopped, match="ended with 1") as caught:
        list(read_apart(replace(listed, path=str(tmp_path / "none.csv"))))
    assert "file-unreadable" in caught.value.trace
    assert capfd.readouterr() == ("", "")
