"""Tables of any kind that an office sends, and what is refused because it is none."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import tracemalloc
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutakhir import parameters
from mutakhir.core.refusals import Refusal
from mutakhir.gateways import files, layouts
from mutakhir.gateways.files import (
    FILE_RULES,
    DateCell,
    ErrorCell,
    FileRefused,
    FormulaCell,
    NumberCell,
    Packed,
    RejectedRow,
    Row,
    Sheet,
    Table,
    bare_cell,
    open_table,
    rejects_path,
    safe_cell,
    unpacked,
    write_rejects,
    write_workbook,
)
from tests.fixtures.files import write_book, write_delimited, write_raw_book, write_text

HEADERS = ("nik", "nama", "alamat")
ROWS = (
    ("9908014507880003", "SITI", "Jl. Melati 3"),
    ("", "BUDI, S.Pd", 'dusun "Krajan"'),
    ("0", "EKO\nWAHYU", ""),
)


def read(path: Path) -> tuple[Table, list[Row]]:
    with open_table(path) as table:
        return table, list(table.rows)


def refused(path: Path) -> Refusal:
    with pytest.raises(FileRefused) as caught, open_table(path) as table:
        for _ in table.rows:
            pass
    (refusal,) = caught.value.refusals
    return refusal


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_separator_and_any_marked_encoding(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = write_delimited(tmp_path / "a.csv", [HEADERS, *ROWS], delimiter=delimiter, encoding=encoding)
    table, rows = read(path)
    assert table.headers == HEADERS
    assert rows == [(number, cells) for number, cells in enumerate(ROWS, start=2)]
    assert table.findings == ()


def test_the_bytes_decide_and_not_the_name(tmp_path: Path) -> None:
    text = write_delimited(tmp_path / "a.xlsx", [HEADERS, *ROWS])
    book = write_book(tmp_path / "b.csv", {"A": [HEADERS, *ROWS]})
    assert read(text)[0].headers == read(book)[0].headers == HEADERS


def test_western_windows_letters_are_read_and_said(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", "nik;nama\n1;André’s\n", encoding="cp1252")
    table, rows = read(path)
    assert rows == [(2, ("1", "André’s"))]
    assert table.findings == (Refusal.of("file-read-as-windows-1252", line=2),)


def test_letters_of_no_known_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"nik;nama\n1;\x81\x8d\xff\n")
    assert refused(path) == Refusal.of("file-encoding-unknown", line=2)


def test_a_letter_cut_off_at_the_end_is_no_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbfnik;nama\n1;Andr\xc3")
    assert refused(path) == Refusal.of("file-encoding-unknown", line=2)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending(tmp_path: Path, ending: str) -> None:
    path = write_text(tmp_path / "a.csv", ending.join(["nik,nama", "1,SITI", "", "2,BUDI", ""]))
    assert read(path)[1] == [(2, ("1", "SITI")), (4, ("2", "BUDI"))]


def test_rows_keep_the_number_of_cells_that_the_file_has(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", "nik,nama,alamat\n1,SITI\n2,BUDI,Jl. A,B\n3,EKO,Jl. C\n")
    assert [len(cells) for _, cells in read(path)[1]] == [2, 4, 3]


def test_separators_inside_cells_do_not_win(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", "nik;alamat\n1;Jl. A, RT 1, RW 2\n2;Jl. B, RT 3\n3;Dusun C\n")
    assert read(path)[0].headers == ("nik", "alamat")


def test_one_column_is_a_table(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", "nama\nSITI\nBUDI\n")
    table, rows = read(path)
    assert (table.headers, len(rows)) == (("nama",), 2)


def test_the_header_is_found_under_titles_and_on_another_sheet(tmp_path: Path) -> None:
    titles = [["DATA P3KE"], [], ["Kabupaten Lumajang"]]
    path = write_book(tmp_path / "a.xlsx", {"Sampul": titles, "Data": [*titles, HEADERS, *ROWS]})
    with open_table(path, is_header=lambda cells: "nik" in cells) as table:
        assert (table.sheet, table.header_row, table.headers) == ("Data", 4, HEADERS)
        assert [number for number, _ in table.rows] == [5, 6, 7]
    text = write_text(tmp_path / "a.csv", "DATA P3KE\n\nnik,nama\n1,SITI\n")
    with open_table(text, is_header=lambda cells: "nik" in cells) as table:
        assert list(table.rows) == [(4, ("1", "SITI"))]


def test_progress_grows_to_the_size(tmp_path: Path) -> None:
    path = write_delimited(tmp_path / "a.csv", [HEADERS, *([ROWS[0]] * 20_000)])
    with open_table(path) as table:
        assert table.size_bytes == path.stat().st_size
        seen = [table.read_bytes() for _ in table.rows]
        assert seen == sorted(seen)
        assert table.read_bytes() == table.size_bytes


def test_half_a_million_cells_take_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w") as file:
        file.write("nik,nama,alamat,rt,rw\n")
        for number in range(100_000):
            file.write(f"{number},NAMA {number},Jl. {number},1,2\n")
    tracemalloc.start()
    with open_table(path) as table:
        count = sum(1 for _ in table.rows)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 100_000
    assert most < 8 << 20


# Spreadsheets


def test_a_workbook_of_another_program(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"A": [HEADERS, *ROWS]})
    table, rows = read(path)
    assert table.headers == HEADERS
    assert rows == [(number, cells) for number, cells in enumerate(ROWS, start=2)]


def test_numbers_keep_every_digit_of_the_file(tmp_path: Path) -> None:
    cells = (
        ("9908014507880003", "9908014507880003"),
        ("9.908014507880003E+15", "9908014507880003"),
        ("3.50814E+15", "3508140000000000"),
        ("38", "38"),
        ("38.0", "38"),
        ("0.10", "0.1"),
        ("-2.5", "-2.5"),
        ("9007199254740993", "9007199254740993"),
    )
    data = "".join(
        f'<row r="{number}"><c r="A{number}"><v>{written}</v></c></row>'
        for number, (written, _) in enumerate((("1", "1"), *cells), start=1)
    )
    rows = read(write_raw_book(tmp_path / "a.xlsx", data))[1]
    assert [cells[0] for _, cells in rows] == [read for _, read in cells]
    assert {type(cells[0]) for _, cells in rows} == {NumberCell}


def test_a_formula_is_seen_and_never_worked_out(tmp_path: Path) -> None:
    data = (
        '<row r="1"><c r="A1" t="str"><v>nik</v></c></row>'
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>'
        '<row r="3"><c r="A3" t="str"><f>HYPERLINK("http://x")</f><v>x</v></c></row>'
        '<row r="4"><c r="A4"><f t="shared" si="0"/><v>3</v></c></row>'
    )
    rows = read(write_raw_book(tmp_path / "a.xlsx", data))[1]
    assert [(cells[0], type(cells[0])) for _, cells in rows] == [
        ("=1+1", FormulaCell),
        ('=HYPERLINK("http://x")', FormulaCell),
        ("=", FormulaCell),
    ]


def test_days_booleans_and_errors_of_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["a", "b", "c", "d"])
    sheet.append([date(1988, 7, 5), datetime(1988, 7, 5, 13, 30), True, 36])  # noqa: DTZ001
    sheet["A2"].number_format = "dd-mm-yyyy"
    sheet["D2"].number_format = '0 "hari"'
    book.save(tmp_path / "a.xlsx")
    ((_, cells),) = read(tmp_path / "a.xlsx")[1]
    assert cells == ("1988-07-05", "1988-07-05", "TRUE", "36")
    assert [type(cell) for cell in cells] == [DateCell, DateCell, str, NumberCell]
    raw = '<row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>'
    ((_, (cell,)),) = read(write_raw_book(tmp_path / "b.xlsx", raw))[1]
    assert (cell, type(cell)) == ("#REF!", ErrorCell)


def test_the_calendar_of_1904(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    assert book.active is not None
    book.active.append(["a"])
    book.active.append([date(1988, 7, 5)])
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx")[1] == [(2, ("1988-07-05",))]


def test_shared_strings_keep_spaces_runs_and_no_phonetic_signs(tmp_path: Path) -> None:
    strings = (
        '<si><t>nama</t></si><si><t xml:space="preserve"> SITI </t></si>'
        "<si><r><t>RA</t></r><r><t>HAYU</t></r><rPh sb='0' eb='1'><t>x</t></rPh></si><si><t/></si>"
    )
    data = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in range(1, 5))
    rows = read(write_raw_book(tmp_path / "a.xlsx", data, strings=strings))[1]
    assert rows == [(2, (" SITI ",)), (3, ("RAHAYU",))]


def test_cells_without_references_and_gaps_between_cells(tmp_path: Path) -> None:
    data = (
        '<row><c t="str"><v>a</v></c><c t="str"><v>b</v></c><c t="str"><v>c</v></c></row>'
        '<row r="7"><c r="C7" t="str"><v>x</v></c></row><row r="9"><c r="A9" t="str"><v>y</v></c></row>'
    )
    assert read(write_raw_book(tmp_path / "a.xlsx", data))[1] == [(7, ("", "", "x")), (9, ("y", "", ""))]


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    hidden, seen = book.active, book.create_sheet("Data")
    assert hidden is not None
    hidden.append(["rahasia"])
    hidden.sheet_state = "hidden"
    seen.append(["nik"])
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx")[0].headers == ("nik",)


def test_what_stands_after_the_cells_is_no_cell(tmp_path: Path) -> None:
    data = '<row r="1"><c r="A1" t="str"><v>nik</v></c></row><row r="2"><c r="A2" t="str"><v>1</v></c></row>'
    after = "<conditionalFormatting><cfRule><formula>1</formula><f>A1</f></cfRule></conditionalFormatting>"
    assert read(write_raw_book(tmp_path / "a.xlsx", data, entities=after))[1] == [(2, ("1",))]


def empty_rows(path: Path, last: int) -> Path:
    data = io.StringIO()
    data.write(
        '<row r="1"><c r="A1" t="str"><v>nik</v></c></row><row r="2"><c r="A2" t="str"><v>1</v></c></row>'
    )
    for number in range(3, last + 1):
        data.write(f'<row r="{number}" spans="1:3" s="4"/>')
    return write_raw_book(path, data.getvalue())


def test_a_sheet_of_a_million_empty_rows(tmp_path: Path) -> None:
    assert read(empty_rows(tmp_path / "a.xlsx", 1_048_576))[1] == [(2, ("1",))]


def test_empty_rows_take_no_memory(tmp_path: Path) -> None:
    path = empty_rows(tmp_path / "a.xlsx", 100_000)
    tracemalloc.start()
    rows = read(path)[1]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rows == [(2, ("1",))]
    assert most < 4 << 20


def test_strings_of_a_workbook_do_not_stay_in_memory(tmp_path: Path) -> None:
    count = 40_000
    strings = "".join(f"<si><t>NAMA YANG AGAK PANJANG NOMOR {number}</t></si>" for number in range(count))
    data = "".join(f'<row r="{n + 1}"><c r="A{n + 1}" t="s"><v>{n}</v></c></row>' for n in range(count))
    path = write_raw_book(tmp_path / "a.xlsx", data, strings=strings)
    del strings, data
    tracemalloc.start()
    with open_table(path) as table:
        last = ""
        for _, cells in table.rows:
            last = cells[0]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert last == f"NAMA YANG AGAK PANJANG NOMOR {count - 1}"
    # The text alone has 1.6 MB; what stays is a place of eight bytes for each and the commonest few.
    assert most < 4 << 20


# Refused


def encrypted_office(marker: bytes) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + marker + b"\0" * 100


@pytest.mark.parametrize(
    ("name", "content", "rule", "kind"),
    [
        ("a.csv", b"", "file-empty", None),
        ("a.csv", b"\n \n,,\n", "file-empty", None),
        ("a.xlsx", b"%PDF-1.7 ...", "file-wrong-kind", "pdf"),
        ("a.xlsx", b"<html><table><tr><td>NIK</td></tr></table></html>", "file-wrong-kind", "html"),
        ("a.xls", b"\xef\xbb\xbf  <TABLE><tr>", "file-wrong-kind", "html"),
        ("a.csv", b"<?xml version='1.0'?><Workbook/>", "file-wrong-kind", "xml"),
        ("a.csv", b"\x89PNG\r\n\x1a\n", "file-wrong-kind", "png"),
        ("a.csv", b"\x1f\x8b\x08", "file-wrong-kind", "gzip"),
        ("a.xls", encrypted_office(b"Workbook"), "file-wrong-kind", "xls"),
        ("a.xlsx", encrypted_office("EncryptedPackage".encode("utf-16-le")), "file-password-protected", None),
        ("a.csv", b"nik,nama\n1,\0\n", "file-null-bytes", None),
        ("a.csv", b"\xff\xfe" + "nik,nama\n1,\0\n".encode("utf-16-le"), "file-null-bytes", None),
        ("a.csv", b"\xff\xfe" + b"n\0i\0k", "file-encoding-unknown", None),
        ("a.csv", "nik,nama\n".encode("utf-32"), "file-encoding-unknown", None),
        ("a.xlsx", b"PK\x03\x04 and no more", "file-damaged", None),
    ],
)
def test_what_is_no_table_is_refused_once_with_its_reason(
    tmp_path: Path, name: str, content: bytes, rule: str, kind: str | None
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    refusal = refused(path)
    assert refusal.rule == rule
    assert kind is None or dict(refusal.particulars)["kind"] == kind


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refused(tmp_path / "a.csv") == Refusal.of("file-unreadable", name="a.csv")


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (("data.csv",), "zip"),
        (("word/document.xml", "_rels/.rels"), "docx"),
        (("mimetype", "content.xml"), "ods"),
        (("xl/workbook.bin",), "xlsb"),
    ],
)
def test_a_zip_that_is_no_workbook(tmp_path: Path, names: tuple[str, ...], kind: str) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    assert refused(path) == Refusal.of("file-wrong-kind", kind=kind)


def test_a_locked_zip(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"A": [HEADERS]})
    content = bytearray(path.read_bytes())
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    path.write_bytes(content)
    assert refused(path) == Refusal.of("file-password-protected")


def test_an_open_quote_does_not_swallow_the_rest(tmp_path: Path) -> None:
    lines = [f"{number},NAMA,Jl. {number}" for number in range(2, 50)]
    path = write_text(tmp_path / "a.csv", "\n".join(["nik,nama,alamat", '1,"SITI,Jl. A', *lines, ""]))
    assert refused(path) == Refusal.of("file-quote-open", row=2)
    fine = write_text(tmp_path / "b.csv", 'nik,alamat\n1,papan 5" tebal\n2,Jl. B\n')
    assert read(fine)[1][0] == (2, ("1", 'papan 5" tebal'))


def test_a_cell_longer_than_any_spreadsheet_holds(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", "nik,nama\n1," + "x" * 40_000 + "\n")
    assert refused(path).rule == "file-cell-too-long"
    path = write_text(tmp_path / "b.csv", "nik,nama\n1," + "x" * 3_000_000 + "\n")
    assert refused(path).rule == "file-cell-too-long"
    data = f'<row r="1"><c r="A1" t="str"><v>{"x" * 40_000}</v></c></row>'
    assert refused(write_raw_book(tmp_path / "c.xlsx", data)).rule == "file-cell-too-long"
    data = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    assert refused(
        write_raw_book(tmp_path / "d.xlsx", data, strings=f"<si><t>{'x' * 140_000}</t></si>")
    ).rule == ("file-cell-too-long")


@pytest.mark.parametrize(
    "data",
    [
        '<row r="1"><c r="A1" t="str"><v>a</v></row>',
        '<row r="2"/><row r="1"/><row r="1"><c r="A1" t="str"><v>a</v></c></row>',
        '<row r="1"><c r="B1" t="str"><v>a</v></c><c r="A1" t="str"><v>b</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>5</v></c></row>',
        '<row r="1"><c r="ÄÄ1" t="str"><v>a</v></c></row>',
        '<row r="1"><c r="ZZZZ1" t="str"><v>a</v></c></row>',
    ],
)
def test_a_workbook_that_no_program_wrote(tmp_path: Path, data: str) -> None:
    assert refused(write_raw_book(tmp_path / "a.xlsx", data)).rule == "file-damaged"


def test_entities_that_grow_without_end_are_refused(tmp_path: Path) -> None:
    prolog = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    data = '<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>'
    assert refused(write_raw_book(tmp_path / "a.xlsx", data, prolog=prolog)).rule == "file-damaged"


def test_more_columns_than_any_list_has(tmp_path: Path) -> None:
    data = '<row r="1"><c r="A1" t="str"><v>a</v></c><c r="XFD1" t="str"><v>z</v></c></row>'
    assert refused(write_raw_book(tmp_path / "a.xlsx", data)).rule == "file-too-many-columns"


def test_a_byte_that_changed_on_the_way_is_found_before_the_first_row(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"A": [HEADERS, *([ROWS[0]] * 5_000)]})
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    content = bytearray(path.read_bytes())
    middle = info.header_offset + info.compress_size // 2
    content[middle : middle + 4] = bytes(255 - byte for byte in content[middle : middle + 4])
    path.write_bytes(content)
    with pytest.raises(FileRefused) as caught:
        open_table(path)
    assert caught.value.refusals[0].rule == "file-damaged"


def test_every_reason_is_a_rule_with_its_sentence() -> None:
    sources = [path for one in (files, layouts) for path in Path(one.__file__).parent.glob("*.py")]
    source = "".join(path.read_text(encoding="utf-8") for path in sources)
    used = set(re.findall(r'(?:refuse|Refusal\.of)\(\s*"(file-[a-z0-9-]+)"', source))
    assert used == set(FILE_RULES)
    assert used <= set(parameters.load().sentences)


# Writing


@given(st.text(max_size=40))
def test_a_safe_cell_is_never_a_formula_and_comes_back(text: str) -> None:
    cell = safe_cell(text)
    assert bare_cell(cell) == text
    start = cell.lstrip(" \u00a0\ufeff")
    negative = start[:1] == "-" and start[1:].replace(".", "", 1).isdecimal()
    assert negative or not start.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


@given(st.text(max_size=12), st.text(max_size=12))
def test_no_two_texts_become_the_same_cell(one: str, other: str) -> None:
    assert (safe_cell(one) == safe_cell(other)) == (one == other)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+62811", "'+62811"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("-2.5", "-2.5"),
        ("-", "'-"),
        ("Jl. A=B", "Jl. A=B"),
        ("", ""),
    ],
)
def test_what_would_begin_a_formula(text: str, cell: str) -> None:
    assert safe_cell(text) == cell


cells_of_csv = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12)


@settings(max_examples=150)
@given(
    rows=st.integers(2, 5).flatmap(
        lambda width: st.lists(
            st.lists(cells_of_csv, min_size=width, max_size=width).filter(
                lambda row: any(cell.strip() for cell in row)
            ),
            min_size=1,
            max_size=8,
        )
    ),
    delimiter=st.sampled_from([",", ";", "|", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_the_reader_never_loses_or_invents_a_cell(
    rows: list[list[str]], delimiter: str, encoding: str
) -> None:
    header = [f"kolom {place}" for place in range(len(rows[0]))]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = write_text(Path(folder) / "a.csv", out.getvalue(), encoding=encoding)
        table, found = read(path)
    assert table.headers == tuple(header)
    assert [cells for _, cells in found] == [tuple(row) for row in rows]


xml_text = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff", include_characters="\n\t\r"
    ),
    max_size=12,
)


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(
        st.lists(xml_text, min_size=3, max_size=3).filter(lambda row: any(cell.strip() for cell in row)),
        min_size=1,
        max_size=8,
    )
)
def test_what_we_write_comes_back_from_our_reader_and_from_another(rows: list[list[str]]) -> None:
    target = io.BytesIO()
    write_workbook(target, [Sheet("Data", HEADERS, rows)])
    again = io.BytesIO()
    write_workbook(again, [Sheet("Data", HEADERS, rows)])
    assert target.getvalue() == again.getvalue()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        path.write_bytes(target.getvalue())
        found = [tuple(map(bare_cell, cells)) for _, cells in read(path)[1]]
    assert found == [tuple(row) for row in rows]
    book = openpyxl.load_workbook(target)
    sheet = book["Data"]
    written = [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=2, max_col=3)]
    assert written == [[safe_cell(cell) for cell in row] for row in rows]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} <= {"s", "inlineStr"}


def test_rejects_stand_beside_the_file_with_reasons_and_cells(tmp_path: Path) -> None:
    path = rejects_path(tmp_path / "p3ke.xlsx")
    assert path == tmp_path / "p3ke.xlsx.ditolak.csv"
    rows = (RejectedRow(7, ("=1+1", "0"), (Refusal.of("row-names-nobody"), Refusal.of("nik-zero"))),)
    assert write_rejects(path, rows, headers=("nama", "nik"), say=parameters.load().say) == 1
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, row = csv.reader(file)
    assert header == ["baris", "alasan", "nama", "nik"]
    say = parameters.load().say
    assert row == [
        "7",
        f"{say(Refusal.of('row-names-nobody'), 'id')} | {say(Refusal.of('nik-zero'), 'id')}",
        "'=1+1",
        "0",
    ]


# --- archives ---


def names_in(path: Path) -> list[str]:
    with unpacked(path) as lists:
        return [one.name for one in lists]


def refused_archive(path: Path) -> Refusal:
    with pytest.raises(FileRefused) as caught, unpacked(path):
        pass
    (refusal,) = caught.value.refusals
    return refusal


def test_any_other_file_is_itself_the_only_list(tmp_path: Path) -> None:
    book = write_book(tmp_path / "a.xlsx", {"A": [HEADERS]})
    text = write_delimited(tmp_path / "a.csv", [HEADERS])
    for path in (book, text):
        with unpacked(path) as lists:
            assert lists == (Packed(path, path.name),)


def test_an_archive_gives_its_lists_in_order_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("desa/b.csv", "b")
        archive.writestr("lain/b.csv", "c")
        archive.writestr("../../a.csv", "a")
        archive.writestr("__MACOSX/b.csv", "x")
        archive.writestr("desa/.DS_Store", "x")
        archive.mkdir("kosong")
    with unpacked(path) as lists:
        assert [(one.name, one.path.read_text()) for one in lists] == [
            ("a.zip.a.csv", "a"),
            ("a.zip.b.csv", "b"),
            ("a.zip.2-b.csv", "c"),
        ]
    assert not any(one.path.exists() for one in lists)
    assert {one.name for one in tmp_path.iterdir()} == {"a.zip"}


def test_archives_that_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w"):
        pass
    assert refused_archive(path) == Refusal.of("file-empty")
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(4):
            archive.writestr(f"{number}.csv", "x")
    content = path.read_bytes()
    monkeypatch.setattr(files.archives, "FILES_MOST", 3)
    assert refused_archive(path) == Refusal.of("file-too-many-lists", maximum=3)
    locked = bytearray(content)
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    monkeypatch.setattr(files.archives, "FILES_MOST", 4)
    path.write_bytes(locked)
    assert refused_archive(path) == Refusal.of("file-password-protected")
    path.write_bytes(content[:-8])
    assert refused_archive(path) == Refusal.of("file-damaged")
    assert refused_archive(tmp_path / "b.zip") == Refusal.of("file-unreadable", name="b.zip")


@pytest.mark.parametrize("lies", [False, True])
def test_a_bomb_is_not_unpacked(tmp_path: Path, *, lies: bool) -> None:
    """A file that shrank to a thousandth; also where the archive says that it is small."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as file:
        for _ in range(72):
            file.write(bytes(1 << 20))
    if lies:
        content = bytearray(path.read_bytes())
        place = content.index(b"PK\x01\x02")
        content[place + 24 : place + 28] = (100).to_bytes(4, "little")
        path.write_bytes(content)
        assert refused_archive(path).rule in ("file-too-large", "file-damaged")
    else:
        assert refused_archive(path) == Refusal.of("file-too-large", maximum_mib=64)
