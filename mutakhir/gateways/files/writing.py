"""Writing tables: XLSX workbooks whose bytes depend on their cells alone, and CSV files, with nothing a spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from mutakhir.gateways.files.delimited import CELL_CHARACTERS
from mutakhir.gateways.files.neutral import safe_cell
from mutakhir.gateways.files.table import refuse

ROWS_MOST = 1_048_576
_BUFFERED_ROWS = 500
_FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# XML has no sign for these; a spreadsheet refuses the whole file that holds one.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_STYLES = (
    f'{_DECLARATION}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_TEXT, _HEADER = 1, 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet to be written: its name, its header, its rows, and the width of its columns in characters.

    Every cell is written as text, whatever it looks like, so that no number loses digits. A `filtered` sheet opens with
    the filter on, so that whoever works with it chooses rows by a value.
    """

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[object]]
    widths: Sequence[int] = field(default=())
    filtered: bool = False


def write_workbook(target: Path | BinaryIO, sheets: Sequence[Sheet]) -> None:
    """Write sheets one after the other, row by row; the same cells always give the same bytes.

    FileRefused where a sheet has more rows, or a cell more characters, than a workbook can hold.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in _frame(sheets).items():
            archive.writestr(_entry(name), text)
        for number, sheet in enumerate(sheets, start=1):
            with archive.open(_entry(f"xl/worksheets/sheet{number}.xml"), "w") as stream:
                _write_sheet(stream, sheet)


def write_csv(target: Path, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a CSV file in UTF-8 with the mark by which spreadsheets know it; the number of rows."""
    count = 0
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([safe_cell(header) for header in headers])
        for row in rows:
            writer.writerow([safe_cell(cell) for cell in row])
            count += 1
    return count


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _FIRST_DAY_OF_ZIP)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    info.create_system = 3
    return info


def _frame(sheets: Sequence[Sheet]) -> dict[str, str]:
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for number in numbers
    )
    entries = "".join(
        f'<sheet name={quoteattr(_NOT_IN_XML.sub("", sheet.name)[:31])} sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in zip(numbers, sheets, strict=True)
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    return {
        "[Content_Types].xml": (
            f'{_DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
            '<Override PartName="/xl/styles.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
            f"{overrides}</Types>"
        ),
        "_rels/.rels": (
            f'{_DECLARATION}<Relationships xmlns="{_RELATIONS}">'
            f'<Relationship Id="rId1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'{_DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>{entries}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{_DECLARATION}<Relationships xmlns="{_RELATIONS}">{relations}'
            f'<Relationship Id="rId{len(sheets) + 1}" Type="{_DOCUMENT}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": _STYLES,
    }


def _write_sheet(stream: IO[bytes], sheet: Sheet) -> None:
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(sheet.widths, start=1)
    )
    out = io.StringIO()
    out.write(
        f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        + (f"<cols>{columns}</cols>" if columns else "")
        + "<sheetData>"
    )
    for number, (style, cells) in enumerate(_all_rows(sheet), start=1):
        if number > ROWS_MOST:
            raise refuse("file-too-many-rows", maximum=ROWS_MOST)
        out.write(_row(number, cells, style))
        if number % _BUFFERED_ROWS == 0:
            stream.write(out.getvalue().encode())
            out.seek(0)
            out.truncate()
    out.write("</sheetData>")
    if sheet.filtered and sheet.headers:
        out.write(f'<autoFilter ref="A1:{column_letters(len(sheet.headers) - 1)}{number}"/>')
    out.write("</worksheet>")
    stream.write(out.getvalue().encode())


def _all_rows(sheet: Sheet) -> Iterator[tuple[int, Sequence[object]]]:
    yield _HEADER, sheet.headers
    for row in sheet.rows:
        yield _TEXT, row


def _row(number: int, cells: Sequence[object], style: int) -> str:
    written = [f'<row r="{number}">']
    for place, value in enumerate(cells):
        text = _NOT_IN_XML.sub("", safe_cell(value))
        if len(text) > CELL_CHARACTERS:
            raise refuse("file-cell-too-long", row=number, maximum=CELL_CHARACTERS)
        if text:
            written.append(
                f'<c r="{column_letters(place)}{number}" s="{style}" t="inlineStr">'
                f'<is><t xml:space="preserve">{escape(text, {chr(13): "&#13;"})}</t></is></c>'
            )
    written.append("</row>")
    return "".join(written)


def column_letters(place: int) -> str:
    """The letters over a column, by its place from 0: A, B, ... Z, AA."""
    letters = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
