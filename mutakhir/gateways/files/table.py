"""Tables: what every file of rows becomes once it is read, and the kinds of cell that need a second look."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

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


FILE_RULES: Mapping[str, str] = MappingProxyType(
    {
        "file-cell-too-long": "No cell is longer than a spreadsheet's own can be; a longer one is an open quote.",
        "file-column-doubled": "Two columns that say the same are not chosen between.",
        "file-columns-missing": "A file that has most columns of a layout is told which are missing.",
        "file-damaged": "A file that changed on the way is refused before anything is taken from it.",
        "file-empty": "A file without a row is refused.",
        "file-encoding-unknown": "Text is UTF-8, UTF-16 with its mark, or Windows-1252; other bytes are not guessed.",
        "file-header-unknown": "A file whose header no layout has is refused, and its header shown.",
        "file-null-bytes": "Text holds no null bytes.",
        "file-password-protected": "A locked file is refused; no password is asked for.",
        "file-quote-open": "A quotation mark that nobody closes would swallow the rows after it.",
        "file-read-as-windows-1252": "A file in the letters of old Windows is read, and that is said.",
        "file-sheets-differ": "Two sheets of people with different columns are not put together.",
        "file-too-large": "A file that unpacks to more than its limit is refused before it is unpacked.",
        "file-too-many-columns": "A row has no more columns than any list of the field.",
        "file-too-many-lists": "An archive with more lists than a kabupaten has villages is not unpacked.",
        "file-too-many-rows": "A list longer than a sheet can hold is not cut off.",
        "file-unreadable": "A file that the machine cannot open is refused.",
        "file-wrong-kind": "The bytes decide what a file is; what is no CSV or XLSX is named and refused.",
    }
)
"""What is checked in a file as a whole, by rule id."""


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
    for cell in cells:  # noqa: SIM110 (asked of every row, and the first cell answers)
        if cell and not cell.isspace():
            return False
    return True


def trim(cells: Cells) -> Cells:
    """The cells without the empty ones at the end."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]
