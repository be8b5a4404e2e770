"""Every picture is shown somewhere, every picture that is named is there, and together they stay small."""

from __future__ import annotations

import re
from pathlib import Path

from tests.tidy.source import ROOT, kept_files, name

PICTURES = ROOT / "docs" / "pictures"
EACH_MAX_BYTES, TOGETHER_MAX_BYTES = 150_000, 4_000_000
SHOWN = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")


def pictures() -> dict[Path, int]:
    return {path: path.stat().st_size for path in kept_files() if path.parent == PICTURES}


def shown() -> list[tuple[Path, str, Path]]:
    """Each picture on a page: the page, what is said of it, and the file."""
    pages = [path for path in kept_files() if path.suffix == ".md"]
    return [
        (page, words, (page.parent / target).resolve())
        for page in pages
        for words, target in SHOWN.findall(page.read_text(encoding="utf-8"))
        if "://" not in target
    ]


def test_every_picture_is_shown_and_every_shown_one_is_there() -> None:
    assert set(pictures()) == {file for _, _, file in shown()}


def test_every_picture_is_described() -> None:
    assert [name(page) for page, words, _ in shown() if len(words) < 5] == []


def test_pictures_are_small() -> None:
    sizes = pictures()
    assert {name(path): size for path, size in sizes.items() if size > EACH_MAX_BYTES} == {}
    assert 0 < sum(sizes.values()) <= TOGETHER_MAX_BYTES


def test_pictures_are_made_by_the_stories() -> None:
    """A picture that no story makes would show a program of the past."""
    told = "\n".join(path.read_text() for path in (ROOT / "tests" / "journeys").glob("test_*.py"))
    made = set(re.findall(r'keep_picture\(\w+, "([^"]+)"\)', told))
    assert made == {path.stem for path in pictures()}
