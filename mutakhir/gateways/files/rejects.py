"""Rejects: the rows of a file that were not taken in, written beside it with every reason in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mutakhir.core.refusals import Refusal
from mutakhir.gateways.files.table import Cells
from mutakhir.gateways.files.writing import write_csv

ROW_HEADER = {"id": "baris", "en": "row"}
REASON_HEADER = {"id": "alasan", "en": "reason"}


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was not taken in: its number in the file, its cells as they were, and why."""

    row_number: int
    cells: Cells
    reasons: tuple[Refusal, ...]


def rejects_path(source: Path) -> Path:
    """Where the rejects of a file are written: beside it, under its whole name with ".ditolak.csv"."""
    return source.with_name(f"{source.name}.ditolak.csv")


def write_rejects(
    path: Path,
    rejected: Iterable[RejectedRow],
    *,
    headers: Cells,
    say: Callable[[Refusal, str], str],
    language: str = "id",
) -> int:
    """Write rejected rows as CSV: the row number, all reasons in words, then the cells. Returns their number.

    `say` is the sentence of a reason in a language. The file can be corrected and taken in again: no layout knows
    the names of the two columns before the cells.
    """

    def rows() -> Iterator[tuple[object, ...]]:
        for row in rejected:
            yield (row.row_number, " | ".join(say(reason, language) for reason in row.reasons), *row.cells)

    return write_csv(path, (ROW_HEADER[language], REASON_HEADER[language], *headers), rows())
