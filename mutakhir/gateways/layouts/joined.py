"""Workbooks whose sheets belong together: a row a person on one, a row a family on the others, joined by one column."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from mutakhir.core import nik
from mutakhir.core.rules.rows import is_rounded
from mutakhir.gateways.files import (
    Cells,
    DateCell,
    ErrorCell,
    FormulaCell,
    NumberCell,
    Row,
    Table,
    open_sheets,
    refuse,
)

SHEET_HEADER = "Lembar"
"""The header of a column that is added: the sheet on which a row stands that no person's row was joined with."""
SHEET_ROWS = 10_000_000
"""Rows of the first of the other sheets are numbered from this, of the second from twice this."""
_CACHE_KIB = 32 << 10
_KINDS: tuple[type[str], ...] = (str, NumberCell, DateCell, FormulaCell, ErrorCell)


def open_joined(
    path: Path, *, is_base: Callable[[Cells], bool], key_in: Callable[[Cells], int | None]
) -> Table:
    """One table of a workbook: each row of the sheets whose header `is_base`, with the rows of its family beside it.

    `key_in` finds the joining column among the cells of a header. A column that stands on several sheets is taken from
    the first. Rows of other sheets that no person belongs to, or whose No KK nobody can read or has twice, come last,
    with their own cells alone: they name nobody, and nothing of them is lost. Memory does not grow with the workbook.
    """
    sheets = open_sheets(
        path, is_header=lambda cells: is_base(cells) or (key_in(cells) is not None and len(cells) > 1)
    )
    try:
        people = [sheet for sheet in sheets if is_base(sheet.headers)]
        for sheet in people:
            if sheet.headers != people[0].headers:
                raise refuse("file-sheets-differ", one=people[0].sheet or "", other=sheet.sheet or "")
        return _join(people, [sheet for sheet in sheets if not is_base(sheet.headers)], key_in)
    except BaseException:
        sheets[0].close()
        raise


def _join(people: Sequence[Table], others: Sequence[Table], key_in: Callable[[Cells], int | None]) -> Table:
    base = people[0]
    headers = list(base.headers)
    taken = set(headers)
    places: list[tuple[int, ...]] = []
    for sheet in others:
        kept = tuple(
            place for place, header in enumerate(sheet.headers)
            if place != key_in(sheet.headers) and header.strip() and header not in taken
        )  # fmt: skip
        places.append(kept)
        taken.update(added := [sheet.headers[place] for place in kept])
        headers += added
    families = _Families()
    empty = [("",) * len(kept) for kept in places]

    def rows() -> Iterator[Row]:
        for number, (sheet, kept) in enumerate(zip(others, places, strict=True), 1):
            families.add(number, _keyed(sheet, kept, key_in(sheet.headers)))
        at, width = key_in(base.headers), len(base.headers)
        assert at is not None
        last: tuple[str, list[Cells]] = ("", [])
        for number, cells in _one_after_the_other(people, after=len(others)):
            key = _key(cells[at])
            if key != last[0]:
                last = key, families.of(key, empty)
            found = last[1] if key else empty
            # A row that is wider than its header stays so: at the end it is seen.
            beside = (one for part in found for one in part)
            yield number, (*cells[:width], *beside, "", *cells[width:])
        for place, number, key, cells in families.left():
            before = tuple(key if column == at else "" for column in range(width))
            parts = [cells if one == place else blank for one, blank in enumerate(empty, 1)]
            name = others[place - 1].sheet or ""
            yield (
                SHEET_ROWS * place + number,
                (*before, *(one for part in parts for one in part), name),
            )

    def close() -> None:
        families.close()
        base.close()

    return Table(
        headers=(*headers, SHEET_HEADER),
        header_row=base.header_row,
        rows=rows(),
        size_bytes=base.size_bytes,
        read_bytes=base.read_bytes,
        sheet=base.sheet,
        _close=close,
    )


def _one_after_the_other(people: Sequence[Table], *, after: int) -> Iterator[Row]:
    """The rows of the first sheet of people by their own numbers, those of further ones behind the other sheets'."""
    for place, sheet in enumerate(people):
        before = SHEET_ROWS * (after + place) if place else 0
        for number, cells in sheet.rows:
            yield before + number, cells


def _keyed(sheet: Table, kept: Collection[int], at: int | None) -> Iterator[tuple[int, str, str, Cells]]:
    """The number of each row, by which key it is joined, how the key was written, and the cells that are kept."""
    assert at is not None
    for number, cells in sheet.rows:
        yield number, _key(cells[at]), cells[at], tuple(cells[place] for place in kept)


def _key(cell: str) -> str:
    """The No KK of a cell; empty where it is none, or where the spreadsheet lost its last digits."""
    if isinstance(cell, FormulaCell | ErrorCell) or (isinstance(cell, NumberCell) and is_rounded(cell)):
        return ""
    parsed = nik.parse_no_kk(cell)
    return "" if isinstance(parsed, tuple) else parsed.digits


class _Families:
    """Rows of the other sheets by their key, in a database of the moment that has no name."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._base.executescript(
            f"PRAGMA cache_size = -{_CACHE_KIB}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE family (sheet INTEGER, row INTEGER, key TEXT, written TEXT, cells TEXT, joined INTEGER DEFAULT 0, "
            "PRIMARY KEY (sheet, row)); CREATE INDEX family_key ON family (key, sheet, row);"
        )

    def add(self, sheet: int, rows: Iterator[tuple[int, str, str, Cells]]) -> None:
        self._base.execute("BEGIN")
        self._base.executemany(
            "INSERT INTO family (sheet, row, key, written, cells) VALUES (?, ?, ?, ?, ?)",
            ((sheet, number, key, str(written), _pack(cells)) for number, key, written, cells in rows),
        )
        self._base.execute("COMMIT")

    def of(self, key: str, empty: Sequence[Cells]) -> list[Cells]:
        """The cells of each sheet for one family, those of the first row where there are several."""
        found = list(empty)
        if not key:
            return found
        for sheet, row, cells in self._base.execute(
            "SELECT sheet, min(row), cells FROM family WHERE key = ? GROUP BY sheet", [key]
        ).fetchall():
            found[sheet - 1] = _unpack(cells)
            self._base.execute("UPDATE family SET joined = 1 WHERE sheet = ? AND row = ?", [sheet, row])
        return found

    def left(self) -> Iterator[tuple[int, int, str, Cells]]:
        """The rows that were joined with nobody: sheet, row, No KK as it was written, cells."""
        for sheet, row, written, cells in self._base.execute(
            "SELECT sheet, row, written, cells FROM family WHERE joined = 0 ORDER BY sheet, row"
        ):
            yield sheet, row, written, _unpack(cells)

    def close(self) -> None:
        self._base.close()


def _pack(cells: Cells) -> str:
    """Cells as text, each with the kind of cell that it was."""
    return json.dumps([(_KINDS.index(type(cell)), cell) for cell in cells])


def _unpack(text: str) -> Cells:
    return tuple(_KINDS[kind](cell) for kind, cell in json.loads(text))
