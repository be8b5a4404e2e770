"""Tables and fences of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [list(head), ["---"] * len(head), *([cell(one) for one in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(value: object) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return text.replace("|", "\\|").replace("<", "&lt;")


def code(value: object) -> str:
    return f"`{value}`" if value not in (None, "") else ""


def codes(values: Iterable[object]) -> str:
    return ", ".join(code(value) for value in values)


def mermaid(text: str) -> str:
    return f"```mermaid\n{text}```\n"


def sentence(docstring: str | None) -> str:
    """The first paragraph of a docstring in one line."""
    return " ".join((docstring or "").split("\n\n")[0].split())
