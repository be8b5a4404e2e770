"""What the first page shows is what the program prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.tidy.source import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_tour_prints_what_the_readme_shows(database_url: str, tmp_path: Path) -> None:
    shown = re.search(r"\$ MUTAKHIR_LANGUAGE=en \S*mutakhir tour\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    done = subprocess.run(
        [sys.executable, "-m", "mutakhir", "tour"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "MUTAKHIR_LANGUAGE": "en", "DATABASE_URL": database_url, "MUTAKHIR_DATA": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == shown[1]


def test_the_readme_names_verbs_that_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = set(re.findall(r"^make (\w+)", README, re.MULTILINE))
    assert verbs == {"demo", "test"}
    assert all(re.search(rf"^{verb}:", makefile, re.MULTILINE) for verb in verbs)


def test_the_readme_is_one_page() -> None:
    assert len(README.splitlines()) < 90
