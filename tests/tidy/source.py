"""Reads the source of this project as text and as trees."""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mutakhir"
MADE = {".git", ".venv", "build", "built", "node_modules", "__pycache__"}


def modules(folder: Path = PACKAGE) -> list[Path]:
    found = (path for path in folder.rglob("*.py") if not MADE & set(path.relative_to(ROOT).parts))
    return sorted(found)


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def kept_files() -> list[Path]:
    """Every file that belongs to the project: what git keeps, or, without git, what is not made."""
    asked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if asked.returncode == 0:
        found: Iterator[Path] = (ROOT / entry for entry in asked.stdout.split("\0") if entry)
    else:
        found = (path for path in ROOT.rglob("*") if not MADE & set(path.relative_to(ROOT).parts))
    return sorted(path for path in found if path.is_file())


def kept_texts() -> Iterator[tuple[Path, str]]:
    for path in kept_files():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
