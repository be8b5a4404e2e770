"""Reads and writes the tables in which the rulebook is written: a head, a rule, one line a row, bars between cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

Row = dict[str, str]


def is_table(text: str) -> bool:
    lines = _lines(text)
    return len(lines) > 1 and re.fullmatch(r"[-+]+", lines[1]) is not None


def read(table: str) -> list[Row]:
    """The rows by the names of the head; an empty cell is empty text. ValueError where a row has other cells."""
    head, *rest = _lines(table)
    names = _cells(head)
    if not rest or re.fullmatch(r"[-+]+", rest[0]) is None:
        raise ValueError(f"a table has a line of dashes under its head: {head}")
    rows = []
    for line in rest[1:]:
        cells = _cells(line)
        if len(cells) != len(names):
            raise ValueError(f"{len(cells)} cells under {len(names)} names: {line}")
        rows.append(dict(zip(names, cells, strict=True)))
    return rows


def write(rows: Sequence[Mapping[str, str]], names: Iterable[str]) -> str:
    """The same rows as a table, aligned."""
    kept = list(names)
    lines = [kept, *([row.get(name, "") for name in kept] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(kept))]
    shown = [
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
    ]
    return "\n".join(
        [shown[0], "-+-".join("-" * width for width in widths), *(line.rstrip() for line in shown[1:])]
    )


def as_markdown(table: str) -> str:
    rows = read(table)
    names = list(rows[0]) if rows else _cells(_lines(table)[0])
    lines = [names, ["---"] * len(names), *([row[name] for name in names] for row in rows)]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def _lines(table: str) -> list[str]:
    return [line.strip() for line in table.splitlines() if line.strip()]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]
