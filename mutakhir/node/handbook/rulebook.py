"""The rulebook as it is printed: chapters, sections and paragraphs of the executable specification, then every rule."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import mutakhir
from mutakhir import parameters
from mutakhir.node.handbook import markdown
from mutakhir.node.handbook.flows import limit_words


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One test: its words, and its tables in order."""

    name: str
    words: str
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    words: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    words: str
    sections: tuple[Section, ...]


def page(spec: Path) -> str:
    """The whole rulebook from the folder of the specification."""
    return "".join([*_begin(), *_chapters(read(spec), tables_of(spec)), *_rules(), *_limits()])


def read(spec: Path) -> tuple[Chapter, ...]:
    """The chapters in the order that the folder's `CHAPTERS` gives them. Nothing is run or imported."""
    names = constant(tree_of(spec / "__init__.py"), "CHAPTERS")
    return tuple(_chapter(spec / name, sections) for name, sections in names.items())


def _chapter(folder: Path, sections: tuple[str, ...]) -> Chapter:
    tree = tree_of(folder / "__init__.py")
    return Chapter(
        constant(tree, "title"),
        markdown.sentence(ast.get_docstring(tree)),
        tuple(_section(folder / f"test_{name}.py") for name in sections),
    )


def _section(file: Path) -> Section:
    tree = tree_of(file)
    paragraphs = tuple(
        Paragraph(node.name, markdown.sentence(ast.get_docstring(node)), tuple(_tables(node)))
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )
    return Section(constant(tree, "title"), markdown.sentence(ast.get_docstring(tree)), paragraphs)


def _tables(test: ast.FunctionDef) -> Iterator[str]:
    docstring = ast.get_docstring(test, clean=False)
    constants = [
        node
        for node in ast.walk(test)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != docstring
    ]
    for node in sorted(constants, key=lambda one: one.lineno):
        if "|" in str(node.value) and "-+-" in str(node.value):
            yield str(node.value)


def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def constant(tree: ast.Module, name: str) -> Any:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(getattr(one, "id", "") == name for one in node.targets):
            return ast.literal_eval(node.value)
    raise ValueError(f"{name} is not said")


def tables_of(spec: Path) -> ModuleType:
    """The reader of tables that the specification itself uses: there is only one."""
    found = importlib.util.spec_from_file_location("tables", spec / "tables.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def _begin() -> Iterator[str]:
    yield (
        "# The rulebook\n\n"
        "What Mutakhir does and refuses, in the words of the field. Every table here is a test that runs on both "
        "registers, the one in memory and the one in PostgreSQL. A row of a table is one deed: the day, who does it, "
        "what stands in its way (by rule id, see [the rules](#rules)), and what is so afterwards. A row without a day "
        "follows a minute later. People and places are invented.\n\n"
    )


def _chapters(chapters: tuple[Chapter, ...], tables: ModuleType) -> Iterator[str]:
    for place, chapter in enumerate(chapters, start=1):
        yield f"{place}. [{chapter.title}](#{anchor(f'{place} {chapter.title}')})\n"
    yield "\n"
    for place, chapter in enumerate(chapters, start=1):
        yield f"## {place} {chapter.title}\n\n{chapter.words}\n\n"
        for number, section in enumerate(chapter.sections, start=1):
            yield f"### {place}.{number} {section.title}\n\n{section.words}\n\n"
            for count, paragraph in enumerate(section.paragraphs, start=1):
                yield f"**{place}.{number}.{count}** {paragraph.words}\n\n"
                for table in paragraph.tables:
                    yield tables.as_markdown(table) + "\n\n"


def anchor(heading: str) -> str:
    kept = "".join(sign for sign in heading.lower() if sign.isalnum() or sign in " -")
    return kept.replace(" ", "-")


def _rules() -> Iterator[str]:
    known = parameters.load()
    explained = explanations()
    yield (
        "## Rules\n\nEvery reason for which something is refused, or found in a list, with the sentences that people "
        "read. Where a guard of a flow says it, the guard's own words stand beside.\n\n"
    )
    rows = [
        (markdown.code(rule), words["id"], words["en"], explained.get(rule, ""))
        for rule, words in known.sentences.items()
    ]
    yield markdown.table(("Rule", "Indonesian", "English", "Guard"), rows) + "\n"


def explanations() -> Mapping[str, str]:
    """The docstring of the function of a flow that refuses by each rule."""
    found: dict[str, str] = {}
    package = Path(mutakhir.__file__).parent
    for file in sorted((package / "core" / "flows").glob("*.py")):
        for node in tree_of(file).body:
            if not isinstance(node, ast.FunctionDef) or node.name in ("why_not", "take"):
                continue
            said = [
                inner.args[0].value
                for inner in ast.walk(node)
                if isinstance(inner, ast.Call) and inner.args and isinstance(inner.args[0], ast.Constant)
                if getattr(inner.func, "id", getattr(inner.func, "attr", "")) in ("refusing", "of")
            ]
            for rule in said:
                if isinstance(rule, str) and rule not in found and ast.get_docstring(node):
                    found[rule] = markdown.sentence(ast.get_docstring(node))
    return found


def _limits() -> Iterator[str]:
    yield (
        "## Limits\n\nUntil when a step is in time. Each limit is dated: a request keeps the one of the day on which its "
        "waiting began. Being late never approves or refuses.\n\n"
    )
    rows = [
        (markdown.code(name), limit_words(limit), limit.from_.isoformat(), limit.reference)
        for name, limits in parameters.load().limits.items()
        for limit in limits
    ]
    yield markdown.table(("Step", "Limit", "From", "Reference"), rows)
