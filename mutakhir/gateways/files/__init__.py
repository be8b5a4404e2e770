"""Files of rows: opening whatever table an office sends, and refusing with a reason what is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mutakhir.gateways.files.archives import Packed, unpacked
from mutakhir.gateways.files.delimited import open_delimited
from mutakhir.gateways.files.neutral import bare_cell, safe_cell
from mutakhir.gateways.files.rejects import RejectedRow, rejects_path, write_rejects
from mutakhir.gateways.files.table import (
    FILE_RULES,
    Cells,
    DateCell,
    ErrorCell,
    FileRefused,
    FormulaCell,
    NumberCell,
    Row,
    Table,
    refuse,
)
from mutakhir.gateways.files.workbook import open_sheets, open_workbook
from mutakhir.gateways.files.writing import Sheet, write_csv, write_workbook

__all__ = [
    "FILE_RULES",
    "Cells",
    "DateCell",
    "ErrorCell",
    "FileRefused",
    "FormulaCell",
    "NumberCell",
    "Packed",
    "RejectedRow",
    "Row",
    "Sheet",
    "Table",
    "bare_cell",
    "open_sheets",
    "open_table",
    "refuse",
    "rejects_path",
    "safe_cell",
    "unpacked",
    "write_csv",
    "write_rejects",
    "write_workbook",
]

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_KINDS = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"{\\rtf", "rtf"),
    (b"PAR1", "parquet"),
    (b"SQLite format 3", "sqlite"),
)
_MARKUP = ((b"<?xml", "xml"), (b"<html", "html"), (b"<!doctype", "html"), (b"<table", "html"), (b"<", "html"))
_HEAD_BYTES = 4096


def open_table(path: Path | str, *, is_header: Callable[[Cells], bool] | None = None) -> Table:
    """Open a CSV or XLSX file for reading row by row; FileRefused with rule ids where it cannot be read.

    The bytes decide what the file is, never its name. `is_header` finds the header under title rows and on
    another sheet; without it, or where no row is one, the first row with cells is the header.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
            if not head:
                raise refuse("file-empty")
            if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
                raise _old_office(head + file.read())
    except OSError as error:
        raise refuse("file-unreadable", name=path.name) from error
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return open_workbook(path, is_header=is_header)
    for mark, kind in _KINDS:
        if head.startswith(mark):
            raise refuse("file-wrong-kind", kind=kind)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for mark, kind in _MARKUP:
        if start.startswith(mark):
            raise refuse("file-wrong-kind", kind=kind)
    return open_delimited(path, is_header=is_header)


def _old_office(content: bytes) -> FileRefused:
    """An encrypted XLSX is wrapped in the container of old Office files, and says so in its directory."""
    if _ENCRYPTED in content:
        return refuse("file-password-protected")
    return refuse("file-wrong-kind", kind="xls")
