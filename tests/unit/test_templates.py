"""The proposal in the ministry's columns, and the answer of the centre."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutakhir import parameters
from mutakhir.core import tickets
from mutakhir.core.attributes import Value
from mutakhir.core.refusals import Refusal
from mutakhir.gateways import templates
from mutakhir.gateways.files import FileRefused, open_table
from mutakhir.gateways.templates import Answer, AnswerRow
from tests.fixtures.files import write_book, write_delimited

TEMPLATE = templates.load("siksng-usulan")
NUMBERS = [tickets.from_random(bytes([place]) * 16) for place in range(1, 6)]
ROWS: tuple[Mapping[str, Value], ...] = tuple(
    {
        "request_number": number,
        "request_kind": "Keluarga baru",
        "region": "3508012001",
        "village_name": "Desa Tegalrejo",
        "name": name,
        "nik": f"990801450788000{place}",
        "no_kk": "9908011201010001",
        "address": address,
        "birth_date": "1988-07-05",
        "sex": "2",
        "relation": "1",
        "decile": 1,
    }
    for place, (number, name, address) in enumerate(
        zip(
            NUMBERS,
            ["SITI", "BUDI", "EKO", "DEWI", "=CMD()"],
            ["Jl. A", "Jl. B", None, "+1", "Jl. <&>"],
            strict=True,
        )
    )
)
HEADERS = ("Nomor Permintaan", "Nama", "hasil", "alasan")


def write(rows: Sequence[Mapping[str, Value]]) -> tuple[bytes, templates.Proposal]:
    target = io.BytesIO()
    proposal = templates.write_proposal(iter(rows), template=TEMPLATE, target=target)
    return target.getvalue(), proposal


def answer(path: Path, rows: Sequence[Sequence[str]], headers: Sequence[str] = HEADERS) -> Answer:
    write_delimited(path, [headers, *rows])
    return templates.read_answer(path, template=TEMPLATE, asked=set(NUMBERS).__contains__)


def shown(place: int) -> str:
    return tickets.shown(NUMBERS[place])


def test_the_shipped_template_is_marked_unconfirmed_and_carries_our_number() -> None:
    assert not TEMPLATE.confirmed
    for sheet in TEMPLATE.sheets:
        assert [column.header for column in sheet.columns if column.from_ == "request_number"] == [
            "Nomor Permintaan"
        ]
    # The complete attributes of Kepmensos 150/HUK/2022.
    table = parameters.load().attributes
    assert len(TEMPLATE.complete) == 10
    assert all(name in table for name in TEMPLATE.complete)


def test_every_cell_is_text_and_nothing_runs() -> None:
    content, proposal = write(ROWS)
    assert proposal.rows == 5
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Usulan", "BNBA"]
    for sheet in book:
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} == {"s"}
        assert {cell.number_format for cell in cells} == {"@"}
        assert not [cell.value for cell in cells if str(cell.value).startswith(("=", "+", "@"))]
    proposal_sheet, list_sheet = book["Usulan"], book["BNBA"]
    header = [cell.value for cell in proposal_sheet[1]]
    first = dict(zip(header, [cell.value for cell in proposal_sheet[2]], strict=True))
    assert first["NIK"] == "9908014507880000"
    assert first["No KK"] == "9908011201010001"
    assert first["Nomor Permintaan"] == shown(0)
    assert first["Tanggal Lahir"] == "05-07-1988"
    assert first["Jenis Kelamin"] == "Perempuan"
    assert first["Hubungan Keluarga"] == "Kepala keluarga"
    assert first["Nama Ibu Kandung"] is None
    assert [cell.value for cell in list_sheet["B"]][1:] == [shown(place) for place in range(5)]
    assert [cell.value for cell in list_sheet["C"]][1:] == ["SITI", "BUDI", "EKO", "DEWI", "'=CMD()"]


def test_the_same_rows_give_the_same_bytes_and_digest() -> None:
    one, other = write(ROWS), write(ROWS)
    assert one == other
    assert one[1].digest == templates.digest_of_rows(iter(ROWS), template=TEMPLATE)
    assert write(tuple(reversed(ROWS)))[1].digest != one[1].digest
    assert write(({**ROWS[0], "name": "SITU"}, *ROWS[1:]))[1].digest != one[1].digest


def test_rows_are_read_once_and_one_at_a_time() -> None:
    def many() -> Iterator[Mapping[str, Value]]:
        for _ in range(3_000):
            yield dict(ROWS[0])

    target = io.BytesIO()
    assert templates.write_proposal(many(), template=TEMPLATE, target=target).rows == 3_000
    assert len(list(openpyxl.load_workbook(target, read_only=True)["BNBA"].iter_rows())) == 3_001


def test_a_file_can_be_the_target(tmp_path: Path) -> None:
    path = tmp_path / "usulan.xlsx"
    templates.write_proposal(ROWS, template=TEMPLATE, target=path)
    assert path.read_bytes() == write(ROWS)[0]


def test_what_a_row_lacks() -> None:
    assert TEMPLATE.lacking(ROWS[0]) == ("birth_place", "mother_name", "marital_status")
    assert TEMPLATE.lacking({**ROWS[2], "birth_place": ""}) == (
        "address",
        "birth_place",
        "mother_name",
        "marital_status",
    )


def test_a_row_without_our_number_cannot_go_out() -> None:
    with pytest.raises(ValueError, match="not a request number"):
        write(({**ROWS[0], "request_number": "17"},))


def test_an_unknown_template() -> None:
    with pytest.raises(KeyError):
        templates.load("tidak-ada")


def test_the_proposal_comes_back_with_two_columns_more(tmp_path: Path) -> None:
    path = tmp_path / "usulan.xlsx"
    templates.write_proposal(ROWS, template=TEMPLATE, target=path)
    book = openpyxl.load_workbook(path)
    sheet = book["Usulan"]
    width = sheet.max_column
    outcomes = [
        ("hasil", "alasan"),
        ("Diterima", None),
        ("DITOLAK", "Ganda ID ART DTKS tidak terpilih"),
        (1, None),
        ("ditolak", "kuota penuh"),
        ("tidak", "sudah kaya"),
    ]
    for row, cells in enumerate(outcomes, start=1):
        for place, cell in enumerate(cells, start=1):
            sheet.cell(row, width + place, cell)
    book.save(path)
    found = templates.read_answer(path, template=TEMPLATE, asked=set(NUMBERS).__contains__)
    assert found.is_whole
    assert [(row.request_number, row.outcome, row.reason_code) for row in found.rows] == [
        (NUMBERS[0], "yes", None),
        (NUMBERS[1], "no", "double_member_id"),
        (NUMBERS[2], "yes", None),
        (NUMBERS[3], "no", "quota"),
        (NUMBERS[4], "no", "other"),
    ]
    assert found.rows[4].raw == "tidak: sudah kaya"
    assert [row.warnings for row in found.rows] == [
        (),
        (),
        (),
        (),
        (Refusal.of("answer-reason-unknown", value="sudah kaya"),),
    ]


def test_every_reason_of_the_centre_is_known_by_its_own_words(tmp_path: Path) -> None:
    reasons = parameters.load().reasons["determination"]
    for code, reason in reasons.items():
        if reason.official:
            found = answer(tmp_path / "a.csv", [(shown(0), "SITI", "ditolak", reason.official.upper())])
            assert found.rows[0].reason_code == code
            assert found.rows[0].warnings == ()
    assert len(reasons) > 12


def test_a_refusal_without_a_reason_is_taken_and_marked(tmp_path: Path) -> None:
    found = answer(tmp_path / "a.csv", [(shown(0), "SITI", "ditolak", "")])
    assert found.rows == (
        AnswerRow(2, NUMBERS[0], "no", "other", "ditolak", (Refusal.of("answer-reason-missing"),)),
    )


@pytest.mark.parametrize(
    ("row", "rules"),
    [
        (("7K4Q-3M8T-6QXB", "x", "diterima", ""), {"answer-request-unknown"}),
        (("", "x", "diterima", ""), {"answer-request-unknown"}),
        ((tickets.shown(tickets.from_random(b"z" * 16)), "x", "diterima", ""), {"answer-request-unknown"}),
        ((shown(1), "x", "", "kuota penuh"), {"answer-outcome-missing"}),
        ((shown(1), "x", "mungkin", ""), {"answer-outcome-unknown"}),
        (("?", "x", "", ""), {"answer-request-unknown", "answer-outcome-missing"}),
    ],
)
def test_rows_that_cannot_be_applied_are_listed_and_nothing_is_done_by_halves(
    tmp_path: Path, row: tuple[str, ...], rules: set[str]
) -> None:
    found = answer(tmp_path / "a.csv", [(shown(0), "SITI", "diterima", ""), row])
    assert not found.is_whole
    assert [one.request_number for one in found.rows] == [NUMBERS[0]]
    (refused,) = found.refused
    assert (refused.row_number, refused.cells) == (3, row)
    assert {reason.rule for reason in refused.reasons} == rules
    for reason in refused.reasons:
        assert "…" not in parameters.load().say(reason, "id")


def test_a_number_twice_with_two_outcomes_is_refused_and_with_one_is_one(tmp_path: Path) -> None:
    found = answer(
        tmp_path / "a.csv",
        [
            (shown(0), "SITI", "diterima", ""),
            (NUMBERS[1].lower(), "BUDI", "diterima", ""),
            (shown(0), "SITI", "ditolak", "kuota penuh"),
            (shown(1), "BUDI", "diterima", ""),
        ],
    )
    assert [row.request_number for row in found.rows] == [NUMBERS[1]]
    assert [row.row_number for row in found.refused] == [2, 4]
    assert {row.reasons for row in found.refused} == {
        (Refusal.of("answer-request-doubled", number=shown(0), rows="2, 4"),)
    }


def test_an_answer_without_its_columns(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as caught:
        answer(tmp_path / "a.csv", [(shown(0), "SITI")], headers=("Nomor Permintaan", "Nama"))
    assert caught.value.refusals == (Refusal.of("answer-columns-missing", columns="hasil"),)
    with pytest.raises(FileRefused) as caught:
        answer(tmp_path / "a.csv", [("SITI", "x")], headers=("Nama", "alasan"))
    assert caught.value.refusals == (Refusal.of("answer-columns-missing", columns="Nomor Permintaan, hasil"),)


def test_a_formula_in_the_outcome_is_not_worked_out(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"A": [HEADERS, (shown(0), "SITI", "=IF(1,1,0)", "")]})
    found = templates.read_answer(path, template=TEMPLATE, asked=set(NUMBERS).__contains__)
    assert found.rows == ()
    assert [reason.rule for reason in found.refused[0].reasons] == ["cell-formula"]


def test_every_rule_of_an_answer_has_its_sentence() -> None:
    assert set(templates.ANSWER_RULES) <= set(parameters.load().sentences)


def test_an_answer_of_the_list_alone_is_enough(tmp_path: Path) -> None:
    path = write_book(
        tmp_path / "a.xlsx",
        {"Surat": [["Jawaban"]], "BNBA": [["DAFTAR"], [], HEADERS, (shown(2), "EKO", "YA", "")]},
    )
    found = templates.read_answer(path, template=TEMPLATE, asked=set(NUMBERS).__contains__)
    assert [(row.row_number, row.request_number, row.outcome) for row in found.rows] == [
        (4, NUMBERS[2], "yes")
    ]


values = st.one_of(
    st.none(), st.integers(0, 10**16), st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.fixed_dictionaries({"name": values, "address": values, "no_kk": values}), min_size=1, max_size=5
    )
)
def test_what_goes_out_is_what_was_given(rows: list[dict[str, Value]]) -> None:
    numbered = [{**row, "request_number": NUMBERS[place]} for place, row in enumerate(rows)]
    content, proposal = write(numbered)
    path_rows = openpyxl.load_workbook(io.BytesIO(content))["Usulan"]
    header = [cell.value for cell in path_rows[1]]
    for row, cells in zip(numbered, path_rows.iter_rows(min_row=2, values_only=True), strict=True):
        written = dict(zip(header, cells, strict=False))
        for name, column in (("name", "Nama ART"), ("address", "Alamat"), ("no_kk", "No KK")):
            text = "" if row[name] is None else str(row[name])
            assert (written[column] or "").removeprefix("'") == text.removeprefix("'")
    assert proposal.digest == templates.digest_of_rows(numbered, template=TEMPLATE)


def test_our_own_reader_reads_what_we_wrote(tmp_path: Path) -> None:
    path = tmp_path / "usulan.xlsx"
    templates.write_proposal(ROWS, template=TEMPLATE, target=path)
    with open_table(path) as table:
        assert table.headers == tuple(column.header for column in TEMPLATE.sheets[0].columns)
        assert [number for number, _ in table.rows] == [2, 3, 4, 5, 6]
