"""Workbooks: XLSX files read as a stream of rows, with every digit kept and no formula ever evaluated."""

from __future__ import annotations

import mmap
import re
import tempfile
import zipfile
import zlib
from array import array
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO
from xml.parsers import expat

from mutakhir.gateways.files.delimited import BLOCK_BYTES, CELL_CHARACTERS, HEADER_ROWS_SEARCHED
from mutakhir.gateways.files.table import (
    Cells,
    DateCell,
    ErrorCell,
    FileRefused,
    FormulaCell,
    NumberCell,
    Row,
    Table,
    is_blank,
    refuse,
    trim,
)

PART_BYTES = 4 << 30
"""The most that one part of a workbook may hold when it is unpacked."""
SMALL_PART_BYTES = 64 << 20
COLUMNS = 2_048
_FEED_BYTES = 1 << 16
_CACHED_STRINGS = 1 << 13

_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_RELATION_ID = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
_BUILT_IN_DATES = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
_NOT_DATE_LETTERS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str


@dataclass(frozen=True, slots=True)
class _Formats:
    """Which cell styles show a number as a day, and the day from which days are counted."""

    days: frozenset[str]
    day_zero: date


def open_workbook(path: Path, *, is_header: Callable[[Cells], bool] | None = None) -> Table:
    """The table in an XLSX file: the first visible sheet with a header, else the first visible one with rows.

    A sheet is unpacked once before its first row is given, so that a damaged file is found first. Memory does
    not grow with the file: its strings lie in a temporary file that has no name. Rows without cells are left
    out, the others filled up to the width of the header.
    """
    workbook = _Workbook(path)
    try:
        first: tuple[_Sheet, int, Cells, tuple[Row, ...], Iterator[Row]] | None = None
        for sheet in workbook.sheets:
            reader = workbook.rows(sheet)
            seen: list[Row] = []
            for number, cells in reader:
                if is_header is None or is_header(cells):
                    return _table(workbook, sheet, number, cells, (), reader)
                seen.append((number, cells))
                if len(seen) == HEADER_ROWS_SEARCHED:
                    break
            if seen and first is None:
                number, cells = seen[0]
                first = (sheet, number, cells, tuple(seen[1:]), reader)
        if first is None:
            raise refuse("file-empty")
        return _table(workbook, *first)
    except BaseException:
        workbook.close()
        raise


def open_sheets(path: Path, *, is_header: Callable[[Cells], bool]) -> tuple[Table, ...]:
    """Every visible sheet of an XLSX file that has a header, as a table of its own; closing one closes all."""
    workbook = _Workbook(path)
    found: list[Table] = []
    try:
        for sheet in workbook.sheets:
            reader = workbook.rows(sheet)
            for number, cells in islice(reader, HEADER_ROWS_SEARCHED):
                if is_header(cells):
                    found.append(_table(workbook, sheet, number, cells, (), reader))
                    break
        if not found:
            raise refuse("file-empty")
    except BaseException:
        workbook.close()
        raise
    return tuple(found)


def _table(
    workbook: _Workbook,
    sheet: _Sheet,
    header_row: int,
    header: Cells,
    kept: tuple[Row, ...],
    reader: Iterator[Row],
) -> Table:
    headers = trim(header)
    width = len(headers)

    def rows() -> Iterator[Row]:
        for number, cells in kept:
            yield number, cells + ("",) * (width - len(cells))
        for number, cells in reader:
            yield number, cells + ("",) * (width - len(cells))

    return Table(
        headers=headers,
        header_row=header_row,
        rows=rows(),
        size_bytes=workbook.size_bytes(sheet),
        read_bytes=lambda: workbook.read_bytes(sheet),
        sheet=sheet.name,
        _close=workbook.close,
    )


class _Workbook:
    """An open XLSX file."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise refuse("file-damaged") from error
        try:
            names = set(self._zip.namelist())
            if any(info.flag_bits & 0x1 for info in self._zip.infolist()):
                raise refuse("file-password-protected")
            part = self._main_part(names)
            relations = self._relations(part)
            self._read: dict[str, int] = {}
            self._readers: list[Generator[Row]] = []
            self._strings: _Strings | None = None
            strings = relations.by_type.get("sharedStrings")
            styles = relations.by_type.get("styles")
            self.sheets, day_zero = self._sheets(part, relations, names)
            days = self._days(styles) if styles in names else frozenset()
            self._formats = _Formats(days, day_zero)
            if strings in names:
                self._check(strings)
                with self._open(strings) as stream:
                    self._strings = _Strings(stream)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        # A part that is still being read would keep the file open.
        for reader in getattr(self, "_readers", ()):
            reader.close()
        self._zip.close()
        strings = getattr(self, "_strings", None)
        if strings is not None:
            strings.close()

    def size_bytes(self, sheet: _Sheet) -> int:
        return self._zip.getinfo(sheet.part).file_size

    def read_bytes(self, sheet: _Sheet) -> int:
        return self._read.get(sheet.part, 0)

    def rows(self, sheet: _Sheet) -> Iterator[Row]:
        self._readers.append(reader := self._rows(sheet))
        return reader

    def _rows(self, sheet: _Sheet) -> Generator[Row]:
        self._check(sheet.part)
        with self._open(sheet.part) as stream:
            reader = _SheetReader(self._formats, self._strings)
            while block := self._block(stream):
                self._read[sheet.part] = self._read.get(sheet.part, 0) + len(block)
                yield from reader.feed(block)
            yield from reader.finish()

    def _open(self, part: str) -> IO[bytes]:
        try:
            return self._zip.open(part)
        except (*_BROKEN, RuntimeError) as error:
            raise refuse("file-damaged") from error

    @staticmethod
    def _block(stream: IO[bytes]) -> bytes:
        try:
            return stream.read(_FEED_BYTES)
        except _BROKEN as error:
            raise refuse("file-damaged") from error

    def _check(self, part: str) -> None:
        """Unpack a part once, to find it damaged or too large before anything is believed."""
        if self._zip.getinfo(part).file_size > PART_BYTES:
            raise refuse("file-too-large", maximum_mib=PART_BYTES >> 20)
        try:
            with self._open(part) as stream:
                while stream.read(BLOCK_BYTES):
                    pass
        except _BROKEN as error:
            raise refuse("file-damaged") from error

    def _starts(self, part: str) -> Iterator[tuple[str, str, Mapping[str, str]]]:
        """Parent, name and attributes of every element of a small part."""
        if self._zip.getinfo(part).file_size > SMALL_PART_BYTES:
            raise refuse("file-too-large", maximum_mib=SMALL_PART_BYTES >> 20)
        found: list[tuple[str, str, Mapping[str, str]]] = []
        path: list[str] = [""]

        def start(name: str, attributes: dict[str, str]) -> None:
            local = name.rpartition(" ")[2]
            found.append((path[-1], local, attributes))
            path.append(local)

        parser = _parser()
        parser.StartElementHandler = start
        parser.EndElementHandler = lambda _name: path.pop() and None
        try:
            with self._open(part) as stream:
                parser.Parse(stream.read(), True)
        except (expat.ExpatError, *_BROKEN) as error:
            raise refuse("file-damaged") from error
        return iter(found)

    def _main_part(self, names: set[str]) -> str:
        if "_rels/.rels" in names:
            main = self._relations("").by_type.get("officeDocument")
            if main in names and PurePosixPath(main).suffix == ".xml" and self._is_workbook(main):
                return main
        kind = next(
            (
                kind
                for kind, marks in {
                    "xlsb": ("xl/workbook.bin",),
                    "docx": ("word/document.xml",),
                    "pptx": ("ppt/presentation.xml",),
                    "ods": ("content.xml", "mimetype"),
                }.items()
                if names.issuperset(marks)
            ),
            "zip",
        )
        raise refuse("file-wrong-kind", kind=kind)

    def _is_workbook(self, part: str) -> bool:
        return any(name == "workbook" for _, name, _ in self._starts(part))

    def _relations(self, part: str) -> _Relations:
        folder = PurePosixPath(part).parent
        name = str(folder / "_rels" / f"{PurePosixPath(part).name}.rels") if part else "_rels/.rels"
        by_id: dict[str, str] = {}
        by_type: dict[str, str] = {}
        if name in self._zip.namelist():
            for _, element, attributes in self._starts(name):
                if element != "Relationship" or attributes.get("TargetMode") == "External":
                    continue
                target = attributes.get("Target", "")
                full = target.lstrip("/") if target.startswith("/") else _resolve(folder, target)
                by_id[attributes.get("Id", "")] = full
                by_type.setdefault(attributes.get("Type", "").rpartition("/")[2], full)
        return _Relations(by_id, by_type)

    def _sheets(self, part: str, relations: _Relations, names: set[str]) -> tuple[tuple[_Sheet, ...], date]:
        sheets: list[_Sheet] = []
        day_zero = date(1899, 12, 30)
        for _, element, attributes in self._starts(part):
            if element == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                day_zero = date(1904, 1, 1)
            elif element == "sheet" and attributes.get("state", "visible") == "visible":
                relation = next((attributes[key] for key in _RELATION_ID if key in attributes), "")
                target = relations.by_id.get(relation, "")
                if target in names and "chartsheets" not in target:
                    sheets.append(_Sheet(attributes.get("name", ""), target))
        if not sheets:
            raise refuse("file-empty")
        return tuple(sheets), day_zero

    def _days(self, part: str) -> frozenset[str]:
        formats: dict[str, bool] = {str(number): True for number in _BUILT_IN_DATES}
        styles: list[str] = []
        for parent, element, attributes in self._starts(part):
            if element == "numFmt":
                letters = _NOT_DATE_LETTERS.sub("", attributes.get("formatCode", "")).lower()
                formats[attributes.get("numFmtId", "")] = "y" in letters or "d" in letters
            elif element == "xf" and parent == "cellXfs":
                styles.append(attributes.get("numFmtId", "0"))
        return frozenset(str(index) for index, number in enumerate(styles) if formats.get(number, False))


@dataclass(frozen=True, slots=True)
class _Relations:
    by_id: Mapping[str, str]
    by_type: Mapping[str, str]


def _resolve(folder: PurePosixPath, target: str) -> str:
    parts: list[str] = []
    for part in (folder / target).parts:
        if part == "..":
            if parts:
                parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _parser(*, namespaces: bool = True) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ") if namespaces else expat.ParserCreate()
    parser.buffer_text = True

    def refuse_document_type(*_: object) -> None:
        # A document type can declare entities that grow without end or name other files.
        raise refuse("file-damaged")

    parser.StartDoctypeDeclHandler = refuse_document_type
    return parser


class _Strings:
    """The strings that cells share, in a temporary file without a name; the commonest few stay in memory."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._ends = array("Q", [0])
        self._cache: dict[int, str] = {}
        self._bytes: mmap.mmap | None = None
        items = {f"{space} si" for space in _MAIN}
        texts = {f"{space} t" for space in _MAIN}
        phonetic = {f"{space} rPh" for space in _MAIN}
        parts: list[str] = []
        deep = 0
        reading = False

        def start(name: str, _attributes: dict[str, str]) -> None:
            nonlocal deep, reading
            if name in texts:
                reading = not deep
            elif name in phonetic:
                deep += 1

        def end(name: str) -> None:
            nonlocal deep, reading
            if name in texts:
                reading = False
            elif name in items:
                data = "".join(parts).encode()
                parts.clear()
                if len(data) > CELL_CHARACTERS * 4:
                    raise refuse("file-cell-too-long", row=0, maximum=CELL_CHARACTERS)
                self._file.write(data)
                self._ends.append(self._ends[-1] + len(data))
            elif name in phonetic:
                deep -= 1

        def characters(text: str) -> None:
            if reading:
                parts.append(text)

        parser = _parser()
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = characters
        try:
            while block := stream.read(_FEED_BYTES):
                parser.Parse(block)
            parser.Parse(b"", True)
        except (expat.ExpatError, *_BROKEN) as error:
            self._file.close()
            raise refuse("file-damaged") from error
        except FileRefused:
            self._file.close()
            raise
        self._file.flush()
        if self._ends[-1]:
            self._bytes = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)

    def __getitem__(self, index: int) -> str:
        found = self._cache.get(index)
        if found is None:
            if not 0 <= index < len(self._ends) - 1:
                raise refuse("file-damaged")
            found = (
                "" if self._bytes is None else self._bytes[self._ends[index] : self._ends[index + 1]].decode()
            )
            if len(self._cache) < _CACHED_STRINGS:
                self._cache[index] = found
        return found

    def close(self) -> None:
        if self._bytes is not None:
            self._bytes.close()
        self._file.close()


_OTHER, _ROW, _CELL, _VALUE, _INLINE_TEXT, _FORMULA, _PHONETIC, _DATA = range(8)
_ELEMENTS = {
    "row": _ROW,
    "c": _CELL,
    "v": _VALUE,
    "t": _INLINE_TEXT,
    "f": _FORMULA,
    "rPh": _PHONETIC,
    "sheetData": _DATA,
}


class _SheetReader:
    """Turns the bytes of a sheet, block by block, into rows."""

    def __init__(self, formats: _Formats, strings: _Strings | None) -> None:
        self._formats = formats
        self._strings = strings
        self._rows: list[Row] = []
        self._row = 0
        self._parser = _parser(namespaces=False)
        self._listen()

    def feed(self, block: bytes) -> list[Row]:
        return self._parse(block, final=False)

    def finish(self) -> list[Row]:
        return self._parse(b"", final=True)

    def _parse(self, block: bytes, *, final: bool) -> list[Row]:
        try:
            self._parser.Parse(block, final)
        except expat.ExpatError as error:
            raise refuse("file-damaged", row=self._row) from error
        rows, self._rows = self._rows, []
        return rows

    def _listen(self) -> None:
        # A sheet has millions of cells and some five calls for each, so the state lies in local names.
        parser = self._parser
        value_of = self._value
        columns: dict[str, int] = {}
        kinds: dict[str, int] = dict(_ELEMENTS)
        cells: list[str] = []
        text: list[str] = []
        formula: str | None = None
        cell_type = style = ""
        column = -1
        row = 0
        reading = phonetic = False

        def kind_of(name: str) -> int:
            kind = kinds[name] = _ELEMENTS.get(name.rpartition(":")[2], _OTHER)
            return kind

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal column, cell_type, style, reading, phonetic, formula, row
            kind = kinds.get(name)
            if kind is None:
                kind = kind_of(name)
            if kind == _CELL:
                cell_type = attributes.get("t", "n")
                style = attributes.get("s", "0")
                reference = attributes.get("r")
                if reference is None:
                    column += 1
                    return
                letters = reference.rstrip("0123456789")
                found = columns.get(letters)
                if found is None:
                    found = columns[letters] = _column(letters)
                column = found
            elif kind == _VALUE:
                reading = True
            elif kind == _INLINE_TEXT:
                reading = not phonetic
            elif kind == _ROW:
                number = attributes.get("r", "")
                found = int(number) if number.isdecimal() else row + 1
                if found <= row:
                    raise refuse("file-damaged", row=found)
                row = self._row = found
                column = -1
            elif kind == _FORMULA:
                formula = "="
                reading = True
            elif kind == _PHONETIC:
                phonetic = True

        def end(name: str) -> None:
            nonlocal reading, phonetic, formula, cells
            kind = kinds.get(name)
            if kind == _CELL:
                if formula is not None:
                    value: str = FormulaCell(formula)
                    formula = None
                elif text:
                    value = value_of(text[0] if len(text) == 1 else "".join(text), cell_type, style)
                else:
                    return
                text.clear()
                if column == len(cells):
                    cells.append(value)
                elif column < len(cells):
                    raise refuse("file-damaged", row=row)
                elif column >= COLUMNS:
                    raise refuse("file-too-many-columns", row=row, maximum=COLUMNS)
                else:
                    cells.extend([""] * (column - len(cells)))
                    cells.append(value)
            elif kind in (_VALUE, _INLINE_TEXT):
                reading = False
            elif kind == _ROW:
                if cells:
                    found = tuple(cells)
                    cells = []
                    if not is_blank(found):
                        self._rows.append((row, found))
            elif kind == _FORMULA:
                formula = "=" + "".join(text)
                text.clear()
                reading = False
            elif kind == _PHONETIC:
                phonetic = False
            elif kind == _DATA:
                # What stands after the cells (validations, conditional formats) has formulas of its own.
                parser.StartElementHandler = None
                parser.EndElementHandler = None
                parser.CharacterDataHandler = None

        def characters(found: str) -> None:
            if reading:
                text.append(found)

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = characters

    def _value(self, text: str, kind: str, style: str) -> str:
        if kind == "s":
            if self._strings is None or not text.isdecimal():
                raise refuse("file-damaged", row=self._row)
            return self._strings[int(text)]
        if kind == "n":
            return self._day(text) if style in self._formats.days else NumberCell(_digits(text))
        if kind in ("inlineStr", "str"):
            if len(text) > CELL_CHARACTERS:
                raise refuse("file-cell-too-long", row=self._row, maximum=CELL_CHARACTERS)
            return text
        if kind == "b":
            return "TRUE" if text.strip() == "1" else "FALSE"
        if kind == "d":
            return DateCell(_iso(text))
        return ErrorCell(text)

    def _day(self, text: str) -> str:
        day_zero = self._formats.day_zero
        try:
            serial = int(Decimal(text))
            # Serials of the 1900 system count a 29 February 1900 that never was.
            shift = 1 if day_zero.year == 1899 and serial < 60 else 0
            return DateCell((day_zero + timedelta(days=serial + shift)).isoformat())
        except (InvalidOperation, OverflowError, ValueError):
            return NumberCell(text)


def _column(letters: str) -> int:
    """The place of a column, from 0, by its letters."""
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise refuse("file-damaged")
        number = number * 26 + ord(letter) - 64
    if not 0 < number <= 16_384:
        raise refuse("file-damaged")
    return number - 1


def _digits(text: str) -> str:
    """A number as plain digits, exactly as it stands in the file."""
    if text.isdecimal():
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or number.adjusted() > 40 or number.adjusted() < -40:
        return text
    plain = f"{number:f}"
    return (plain.rstrip("0").rstrip(".") or "0") if "." in plain else plain


def _iso(text: str) -> str:
    try:
        return datetime.fromisoformat(text.strip()).date().isoformat()
    except ValueError:
        return text
