"""The pages that are made from the code are current, say what the database says, and lead nowhere wrong."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from mutakhir.core.flows import annulment, change_request, erasure, session, submission, visit, window
from mutakhir.core.flows.moves import diagram
from mutakhir.node import handbook
from mutakhir.node.handbook import data_model, flows, rulebook
from tests.tidy.source import ROOT, kept_files

DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_the_pages_are_current() -> None:
    assert not handbook.stale(), "`make docs` writes them anew"


def test_the_pages_are_the_same_every_time() -> None:
    assert handbook.pages() == handbook.pages()


def test_a_stale_page_is_named(tmp_path: Path) -> None:
    """A page that was changed by hand, one that is missing, and one that nothing makes."""
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    assert set(handbook.write(tmp_path)) == set(handbook.pages())
    assert not handbook.stale(tmp_path)
    (tmp_path / "docs" / "rulebook.md").write_text("by hand")
    (tmp_path / "docs" / "data-model.md").unlink()
    (tmp_path / "docs" / "flows" / "leftover.md").write_text("left")
    wanted = {Path("rulebook.md"), Path("data-model.md"), Path("flows/leftover.md")}
    assert set(handbook.stale(tmp_path)) == wanted
    assert set(handbook.write(tmp_path)) == wanted
    assert not handbook.stale(tmp_path)


def test_the_command_checks_quickly_and_without_a_database() -> None:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "mutakhir", "docs", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert time.monotonic() - began < 20


@pytest.mark.django_db
def test_the_data_model_is_that_of_the_database() -> None:
    """Names, types and comments of tables and columns, as the migrated database has them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, obj_description(c.oid), a.attname, format_type(a.atttypid, a.atttypmod), "
            "NOT a.attnotnull, coalesce(col_description(c.oid, a.attnum), '') "
            "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 "
            "AND NOT a.attisdropped ORDER BY 1, a.attnum"
        )
        rows = cursor.fetchall()
    in_database: dict[str, tuple[str, dict[str, tuple[str, bool, str]]]] = {}
    for table, comment, column, type_, null, meaning in rows:
        in_database.setdefault(table, (comment, {}))[1][column] = (type_, null, meaning)
    for model in data_model.models():
        table = model._meta.db_table
        comment, columns = in_database[table]
        assert comment == model._meta.db_table_comment, table
        told = {
            name: (type_.replace("varchar", "character varying"), null, meaning)
            for name, type_, null, meaning in data_model.columns(model)
        }
        assert told == columns, table


INHERITED = {("account", "id"), ("account", "password"), ("account", "last_login")}
"""Columns that the framework declares, without a comment of their own."""


def test_every_table_and_column_says_what_it_means() -> None:
    silent = {
        (model._meta.db_table, name)
        for model in data_model.models()
        for name, _, _, meaning in data_model.columns(model)
        if not meaning
    }
    assert silent == INHERITED
    assert all(model._meta.db_table_comment for model in data_model.models())


def test_every_paragraph_is_printed() -> None:
    """As many paragraphs as there are tests, each with its tables."""
    chapters = rulebook.read(ROOT / "tests" / "spec")
    paragraphs = [one for chapter in chapters for section in chapter.sections for one in section.paragraphs]
    text = (ROOT / "docs" / "rulebook.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^\*\*\d+\.\d+\.\d+\*\* ", text, re.MULTILINE)) == len(paragraphs) > 100
    assert sum(len(one.tables) for one in paragraphs) > 100
    assert all(one.words in text for one in paragraphs)


def test_every_step_says_who_and_why() -> None:
    page = flows.pages()["change_request"]
    for step in change_request.STEPS:
        assert f"**{step.name}**" in page
    assert all(flows.guard_of(guard) for step in change_request.STEPS for guard in step.guards)


def test_the_drawings_draw_every_move() -> None:
    for flow in (session, window, submission, visit, annulment, erasure):
        drawn = diagram(flow.MOVES)
        assert all(f": {move.verb}\n" in drawn for move in flow.MOVES)
    assert change_request.diagram().count("-->") == len(change_request.transitions())


LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
WRITTEN_LATER = {"docs/pictures/pekerjaan.png"}
"""Pictures that the journeys make from the running program."""


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    kept = {str(path.relative_to(ROOT)) for path in kept_files()} | WRITTEN_LATER
    text = page.read_text(encoding="utf-8")
    for target in LINK.findall(text):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, anchor = target.partition("#")
        path = (page.parent / file).resolve() if file else page
        assert str(path.relative_to(ROOT)) in kept or path.is_dir(), f"{page.name} leads to {target}"
        if anchor and path.suffix == ".md" and path.is_file():
            assert anchor in anchors_of(path), f"{page.name} leads to {target}"


def anchors_of(page: Path) -> set[str]:
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {rulebook.anchor(heading) for heading in headings} | set(re.findall(r'id="([^"]+)"', text))
