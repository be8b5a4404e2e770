"""The command line says what was refused in sentences, and its exit code says what kind of end it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mutakhir.cli import app as program
from mutakhir.core.refusals import Conflict, Refusal, Refused
from mutakhir.node.postgres import ServerError


@pytest.mark.parametrize(
    ("end", "code", "said"),
    [
        (Refused(Refusal.of("nik-empty"), Refusal.of("nik-has-letter", place=7)), 3, "[nik-has-letter]"),
        (Conflict(Refusal.of("nik-empty")), 4, "NIK belum diisi."),
        (ServerError("the database server did not start"), 5, "did not start"),
    ],
)
def test_each_kind_of_end_has_its_code(
    end: Exception, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> None:
        raise end

    monkeypatch.setattr(program, "gather", lambda: None)
    monkeypatch.setattr(program, "app", command)
    with pytest.raises(SystemExit) as exit_:
        program.main()
    assert exit_.value.code == code
    assert said in capsys.readouterr().err


def test_a_fault_is_a_sentence_and_a_file_that_its_owner_reads(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def command() -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setenv("MUTAKHIR_DATA", str(tmp_path))
    monkeypatch.setattr(program, "gather", lambda: None)
    monkeypatch.setattr(program, "app", command)
    with pytest.raises(SystemExit) as exit_:
        program.main()
    assert exit_.value.code == 1
    words, file = capsys.readouterr().err.splitlines()
    assert words.endswith("[program-broke]")
    kept = Path(file)
    assert kept.parent == tmp_path
    assert "ZeroDivisionError: secret" in kept.read_text()


def test_the_language_is_chosen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("MUTAKHIR_LANGUAGE", "en")
    program.say((Refusal.of("nik-empty"),), code=3)
    assert capsys.readouterr().err == "The NIK is empty. [nik-empty]\n"


def test_the_program_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mutakhir", "version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip()


@pytest.mark.parametrize(
    ("language", "line"),
    [("id", " 50% 5 dari 10 baris, "), ("en", " 50% 5 of 10 rows, ")],
)
def test_how_far_an_import_has_come_is_said_in_both_languages(
    language: str, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from mutakhir.cli.imports import Meter
    from mutakhir.wiring.imports import Progress

    monkeypatch.setenv("MUTAKHIR_LANGUAGE", language)
    meter = Meter(is_terminal=False)
    meter.show(Progress(5, 10, 5))
    assert capsys.readouterr().err.startswith(line)
    meter.show(Progress(10, 10, 0))
    assert capsys.readouterr().err.strip() == line.replace(" 50% 5", "100% 10").strip(" ,")
