"""Every rule that the core and the actions refuse by is tried by a test, and the rulebook has no loose leaves."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

from tests.spec import CHAPTERS
from tests.tidy.source import PACKAGE, ROOT, tree
from tests.tidy.test_rules import SENTENCES, uses

TESTS = ROOT / "tests"
TOKEN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+|[a-z]+")

UNTRIED: dict[str, str] = {}
"""Rules that no test tries, each with the reason why it cannot be tried."""


def refused_by() -> set[str]:
    """The rules that the core and the actions name."""
    return {
        rule
        for path, _, rule in uses()
        if path.relative_to(PACKAGE).parts[0] in ("core", "actions") and rule in SENTENCES
    }


@functools.cache
def tried() -> frozenset[str]:
    """Every word of every string in the tests, those about the source itself left out."""
    found: set[str] = set()
    for path in sorted(TESTS.rglob("*.py")):
        if "tidy" in path.parts:
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(TOKEN.findall(node.value))
    return frozenset(found)


def test_every_rule_is_tried() -> None:
    """The gap between the rules and the tests is empty, or each exception has its reason."""
    assert len(refused_by()) > 60, "rules are refused in another way now; this test looks past them"
    assert refused_by() - tried() == set(UNTRIED)


def test_every_section_stands_in_the_contents() -> None:
    """A file that is not in the contents would run and not be printed."""
    written = {
        (path.parent.name, path.stem.removeprefix("test_")) for path in (TESTS / "spec").glob("*/test_*.py")
    }
    assert written == {(chapter, section) for chapter, sections in CHAPTERS.items() for section in sections}


def test_every_paragraph_says_its_rule_in_words() -> None:
    silent = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in sorted((TESTS / "spec").glob("*/test_*.py"))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert not silent


def test_every_rule_in_a_table_is_a_rule() -> None:
    """A table names rules by their ids only, so that the printed rulebook leads to their sentences."""
    unknown = set()
    for path in sorted((TESTS / "spec").glob("*/test_*.py")):
        for row in rows_of(path):
            unknown |= {one.strip() for one in row.get("refused", "").split(",") if one.strip()} - set(
                SENTENCES
            )
    assert not unknown


def rows_of(path: Path) -> list[dict[str, str]]:
    from tests.spec import tables

    found: list[dict[str, str]] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and tables.is_table(node.value):
            found += tables.read(node.value)
    return found
