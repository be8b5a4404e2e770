"""Delimited text: CSV files of any separator and encoding that offices send, read row by row."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from mutakhir.core.refusals import Refusal
from mutakhir.gateways.files.table import Cells, Row, Table, is_blank, refuse, trim

BLOCK_BYTES = 1 << 20
CELL_CHARACTERS = 32_767
"""The most that a spreadsheet's own cell can hold; a longer one is a quote that nobody closed."""
HEADER_ROWS_SEARCHED = 20
_DELIMITERS = (",", ";", "|", "\t")
_SAMPLE_CHARACTERS = 1 << 16
_SAMPLE_ROWS = 50
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def open_delimited(path: Path, *, is_header: Callable[[Cells], bool] | None = None) -> Table:
    """The table in a delimited text file; FileRefused where it is none.

    The whole file is looked at once before the first row is given: its encoding, null bytes, and quotes that
    nobody closes. Rows keep the number of cells that they have in the file.
    """
    encoding, findings = _encoding(path)
    with path.open(encoding=encoding, newline="") as text:
        sample = text.read(_SAMPLE_CHARACTERS)
    delimiter = _delimiter(sample, is_header)
    raw = path.open("rb")
    try:
        reader = _rows(raw, encoding, delimiter)
        header_row, headers, kept = _find_header(reader, is_header)
    except BaseException:
        raw.close()
        raise

    def rows() -> Iterator[Row]:
        yield from kept
        for row in reader:
            if not is_blank(row[1]):
                yield row

    return Table(
        headers=headers,
        header_row=header_row,
        rows=rows(),
        size_bytes=path.stat().st_size,
        read_bytes=raw.tell,
        findings=findings,
        _close=raw.close,
    )


def _find_header(
    reader: Iterator[Row], is_header: Callable[[Cells], bool] | None
) -> tuple[int, Cells, tuple[Row, ...]]:
    """The first row that is a header, or else the first row with cells, and the rows that were read after it."""
    seen: list[Row] = []
    for number, cells in reader:
        if is_blank(cells):
            continue
        seen.append((number, cells))
        if is_header is None or is_header(cells):
            return number, trim(cells), ()
        if len(seen) == HEADER_ROWS_SEARCHED:
            break
    if not seen:
        raise refuse("file-empty")
    number, cells = seen[0]
    return number, trim(cells), tuple(seen[1:])


def _rows(raw: BinaryIO, encoding: str, delimiter: str) -> Iterator[Row]:
    text = io.TextIOWrapper(raw, encoding=encoding, newline="")
    reader = csv.reader(text, delimiter=delimiter)
    number = 0
    try:
        for cells in reader:
            number += 1
            # The row as a whole is quicker to look at than its cells.
            if len("".join(cells)) > CELL_CHARACTERS and max(map(len, cells)) > CELL_CHARACTERS:
                raise refuse("file-cell-too-long", row=number, maximum=CELL_CHARACTERS)
            yield number, tuple(cells)
    except csv.Error as error:
        raise refuse("file-cell-too-long", row=number + 1, maximum=CELL_CHARACTERS) from error
    except UnicodeDecodeError as error:
        raise refuse("file-damaged", row=number + 1) from error
    finally:
        # The owner of `raw` closes it; the wrapper must not when it is collected.
        if not raw.closed:
            text.detach()


def _encoding(path: Path) -> tuple[str, tuple[Refusal, ...]]:
    """The encoding of a file, after a look at every byte of it."""
    with path.open("rb") as file:
        head = file.read(4)
        if not head:
            raise refuse("file-empty")
        encoding = next((name for mark, name in _BOMS if head.startswith(mark)), "utf-8")
        if encoding == "utf-32":
            raise refuse("file-encoding-unknown", line=1)
        if encoding == "utf-16":
            _check_utf16(path)
            return encoding, ()
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        quotes = 0
        lines = 1
        foreign_line = 0
        while block := file.read(BLOCK_BYTES):
            if b"\0" in block:
                raise refuse("file-null-bytes", line=lines + block.count(b"\n", 0, block.index(b"\0")))
            if not foreign_line:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError as error:
                    foreign_line = lines + error.object.count(b"\n", 0, error.start)
            quotes += block.count(b'"')
            breaks = block.count(b"\n") or block.count(b"\r")
            if not breaks and len(block) == BLOCK_BYTES:
                raise refuse("file-cell-too-long", row=lines, maximum=CELL_CHARACTERS)
            lines += breaks
        if not foreign_line:
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                foreign_line = lines
    findings: tuple[Refusal, ...] = ()
    if foreign_line:
        if encoding == "utf-8-sig" or not _is_western(path):
            raise refuse("file-encoding-unknown", line=foreign_line)
        encoding = "cp1252"
        findings = (Refusal.of("file-read-as-windows-1252", line=foreign_line),)
    if quotes % 2:
        _refuse_open_quote(path, encoding)
    return encoding, findings


def _check_utf16(path: Path) -> None:
    quotes = 0
    lines = 1
    try:
        with path.open(encoding="utf-16", newline="") as text:
            while block := text.read(BLOCK_BYTES):
                if "\0" in block:
                    raise refuse("file-null-bytes", line=lines + block.count("\n", 0, block.index("\0")))
                quotes += block.count('"')
                lines += block.count("\n")
    except UnicodeError as error:
        raise refuse("file-encoding-unknown", line=lines) from error
    if quotes % 2:
        _refuse_open_quote(path, "utf-16")


def _is_western(path: Path) -> bool:
    """Whether every byte is a letter of Windows' western code page, which has no sign for five of them."""
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            try:
                block.decode("cp1252")
            except UnicodeDecodeError:
                return False
    return True


def _refuse_open_quote(path: Path, encoding: str) -> None:
    """Refuse a file whose last row swallows the rest because a quote was opened and never closed.

    An odd number of quotes alone proves nothing: one may stand inside a cell that has none around it.
    """
    with path.open(encoding=encoding, newline="") as text:
        delimiter = _delimiter(text.read(_SAMPLE_CHARACTERS))
        text.seek(0)
        reader = csv.reader(text, delimiter=delimiter)
        number = lines = line_before = 0
        try:
            for _ in reader:
                number += 1
                lines = reader.line_num - line_before
                line_before = reader.line_num
        except csv.Error as error:
            raise refuse("file-quote-open", row=number + 1) from error
        if lines > 1:
            raise refuse("file-quote-open", row=number)


def _delimiter(sample: str, is_header: Callable[[Cells], bool] | None = None) -> str:
    """The separator under which a row is a known header, else that of the most even and widest rows."""
    best, best_score = ",", (False, 0.0)
    for delimiter in _DELIMITERS:
        rows: list[list[str]] = []
        try:
            for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                if any(cells):
                    rows.append(cells)
                if len(rows) == _SAMPLE_ROWS:
                    break
            else:
                # The sample ends in the middle of a row.
                if len(sample) == _SAMPLE_CHARACTERS and len(rows) > 1:
                    rows.pop()
        except csv.Error:
            continue
        if is_header is not None and any(is_header(tuple(cells)) for cells in rows[:HEADER_ROWS_SEARCHED]):
            return delimiter
        widths = [len(cells) for cells in rows]
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        # Free text has separators too, but never the same number of them in every row, the header included.
        even = widths.count(usual) / max(len(widths), 1)
        score = (even == 1.0 and usual > 1, (usual - 1) * even)
        if score > best_score:
            best, best_score = delimiter, score
    return best
