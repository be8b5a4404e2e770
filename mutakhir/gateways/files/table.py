"""Tables: what every file of rows becomes once it is read, and the kinds of cell that need a second look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from mutakhir.core.refusals import Refusal, Refused

Cells = tuple[str, ...]
Row = tuple[int, Cells]
"""The number that a spreadsheet shows beside the row (the first is 1), and its cells."""


class NumberCell(str):
    """A spreadsheet cell that held a number: every digit that the file has, and no more."""

    __slots__ = ()


class DateCell(str):
    """A spreadsheet cell that held a day, as ISO text."""

    __slots__ = ()


class FormulaCell(str):
    """A spreadsheet cell that held a formula: its text, beginning with "="; it is never evaluated."""

    __slots__ = ()


class ErrorCell(str):
    """A spreadsheet cell in which the spreadsheet itself found an error, such as #REF!."""

    __slots__ = ()


class FileRefused(Refused):
    """A file cannot be read, or cannot be read further; nothing in it is guessed."""


def refuse(rule: str, **particulars: str | int) -> FileRefused:
    return FileRefused(Refusal.of(rule, **particulars))


@dataclass(slots=True)
class Table:
    """A file being read: its headers at once, its rows as they are asked for.

    `rows` may raise FileRefused in the middle of a damaged file. `findings` are about the file as a whole and
    stop nothing. `read_bytes()` grows to `size_bytes` while the rows are read. A table is a context manager and
    closes its file at the end.
    """

    headers: Cells
    header_row: int
    rows: Iterator[Row]
    size_bytes: int
    read_bytes: Callable[[], int]
    findings: tuple[Refusal, ...] = ()
    sheet: str | None = None
    _close: Callable[[], None] = field(default=lambda: None, repr=False)

    def __enter__(self) -> Table:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        self._close()


def is_blank(cells: Cells) -> bool:
    return not any(cells) or not any(cell.strip() for cell in cells)


def trim(cells: Cells) -> Cells:
    """The cells without the empty ones at the end."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]
