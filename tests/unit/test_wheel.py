"""A wheel holds everything that the program reads, so that it runs outside its source."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mutakhir.web import build
from tests.tidy.source import PACKAGE, ROOT, kept_files

COMPILED_FROM = {".scss"}
"""What only the build reads."""


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel that is made of the kept files and the compiled ones."""
    build.build()
    source, made = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("made")
    compiled = [*build.OUTPUT.iterdir(), *build.LOCALE.rglob("*.mo")]
    for path in [*kept_files(), *compiled]:
        target = source / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(made), "."], cwd=source, check=True)
    with zipfile.ZipFile(next(made.glob("*.whl"))) as wheel:
        return set(wheel.namelist())


def test_every_file_of_the_package_is_in_it(inside: set[str]) -> None:
    kept = {
        path.relative_to(ROOT).as_posix()
        for path in kept_files()
        if path.is_relative_to(PACKAGE) and path.suffix not in COMPILED_FROM
    }
    assert len(kept) > 400
    assert not kept - inside


def test_the_screens_are_compiled_in_it(inside: set[str]) -> None:
    folder = build.OUTPUT.relative_to(ROOT)
    manifest = json.loads((build.OUTPUT / "manifest.json").read_text())
    wanted = {name for key, name in manifest.items() if key != "stamp"} | {"manifest.json"}
    assert not {(folder / name).as_posix() for name in wanted} - inside
    assert Path(build.LOCALE.relative_to(ROOT), "en", "LC_MESSAGES", "django.mo").as_posix() in inside
