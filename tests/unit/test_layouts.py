"""Which system a file comes from, by its headers, and what its rows say."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from mutakhir import parameters
from mutakhir.core.refusals import Refusal
from mutakhir.core.rules.rows import Record, RowRules
from mutakhir.gateways import layouts
from mutakhir.gateways.files import FileRefused
from mutakhir.synth import files as synthetic
from mutakhir.synth.errors import Rates
from mutakhir.synth.population import Village
from tests.fixtures.files import (
    DTSEN_HEADERS,
    DTSEN_ROW,
    P3KE_EXPORT_HEADERS,
    P3KE_HEADERS,
    P3KE_ROW,
    write_book,
    write_delimited,
    write_raw_book,
)

RULES = RowRules(
    parameters.load().attributes,
    today=date(2026, 11, 24),
    known=lambda code: True,
    scope="3508",
    production=False,
)


def records(path: Path) -> list[Record]:
    table, layout = layouts.open_records(path)
    with table:
        return [layout.read(row) for row in table.rows]


def refused(headers: Sequence[str]) -> Refusal:
    with pytest.raises(FileRefused) as caught:
        layouts.recognise(tuple(headers))
    (refusal,) = caught.value.refusals
    return refusal


def changed(row: Sequence[str], headers: Sequence[str], **cells: str) -> tuple[str, ...]:
    found = list(row)
    for header, cell in cells.items():
        found[headers.index(header)] = cell
    return tuple(found)


@pytest.mark.parametrize(
    "headers", [P3KE_HEADERS, P3KE_EXPORT_HEADERS, tuple(name.upper() for name in P3KE_HEADERS)]
)
def test_p3ke_is_known_however_its_headers_are_written(headers: tuple[str, ...]) -> None:
    layout = layouts.recognise(headers)
    assert (layout.name, layout.needs_region, layout.unused) == ("p3ke", False, ())


def test_a_row_of_p3ke_in_words_becomes_official_codes(tmp_path: Path) -> None:
    (record,) = records(write_delimited(tmp_path / "p3ke.csv", [P3KE_HEADERS, P3KE_ROW]))
    assert (record.source_family, record.source_person) == ("350801000000017", "350801000000042")
    found = RULES.validate(record)
    assert (found.warnings, found.rejected) == ((), ())
    assert found.person == {
        "name": "SITI RAHAYU",
        "nik": "9908014507880003",
        "birth_date": "1988-07-05",
        "sex": "2",
        "relation": "1",
        "marital_status": "4",
        "occupation": "9",
        "diploma": "3",
        "civil_match": "1",
    }
    assert found.family == {
        "address": "DUSUN KRAJAN RT 004 RW 002",
        "decile": 1,
        "programme_bpnt": "1",
        "programme_bpum": "2",
        "programme_bst": "2",
        "programme_pkh": "1",
        "programme_sembako": "1",
        "stunting_risk": "2",
        "region_lived": "3508012001",
    }
    assert found.family_key == ("source", "350801000000017")


def test_the_same_row_in_codes_says_the_same() -> None:
    layout = layouts.recognise(P3KE_HEADERS)
    codes = changed(
        P3KE_ROW,
        P3KE_HEADERS,
        **{
            "DesilKesejahteraan": "1",
            "JenisKelamin": "2",
            "Hubungan": "1",
            "StatusKawin": "4",
            "Pekerjaan": "9",
            "Pendidikan": "3",
            "PadanDukcapil": "1",
            "Penerima BPNT": "1",
            "BPUM": "2",
            "BST": "2",
            "PKH": "1",
            "SEMBAKO": "1",
            "ResikoStunting": "2",
        },
    )
    in_words = RULES.validate(layout.read((2, P3KE_ROW)))
    assert RULES.validate(layout.read((2, codes))) == in_words


def test_the_individuals_of_p3ke_stand_on_the_second_sheet_under_titles(tmp_path: Path) -> None:
    titles = [["PENSASARAN P3KE"], ["KABUPATEN LUMAJANG"], []]
    families = [*titles, ["No", "ID Keluarga P3KE", "Kepala Keluarga", "NIK"], ["1", "17", "SITI", ""]]
    individuals = [*titles, P3KE_EXPORT_HEADERS, P3KE_ROW]
    path = write_book(tmp_path / "p3ke.xlsx", {"Keluarga": families, "Individu": individuals})
    (record,) = records(path)
    assert record.row_number == 5
    assert RULES.validate(record).warnings == ()


def test_the_same_file_as_csv_and_as_workbook_gives_the_same_records(tmp_path: Path) -> None:
    rows = [P3KE_HEADERS, P3KE_ROW, changed(P3KE_ROW, P3KE_HEADERS, NIK="0", Nama="BUDI")]
    from_csv = records(write_delimited(tmp_path / "a.csv", rows, delimiter=";"))
    from_book = records(write_book(tmp_path / "a.xlsx", {"A": rows}))
    assert from_csv == from_book


def test_a_row_of_the_dtsen_extract(tmp_path: Path) -> None:
    table, layout = layouts.open_records(write_delimited(tmp_path / "dtsen.csv", [DTSEN_HEADERS, DTSEN_ROW]))
    with table:
        (row,) = table.rows
    assert (layout.name, layout.needs_region, layout.unused) == ("dtsen", True, ())
    found = RULES.validate(layout.read(row))
    assert (found.warnings, found.rejected, found.region, found.family_key) == ((), (), "3508", None)
    assert found.person["age_years"] == 38
    assert "birth_date" not in found.person
    assert found.person["registry_status"] == "active_reported_dead"
    assert found.person["business_permit"] == "10"
    assert found.person["function_remembering"] == "4"
    assert found.family == {"decile": 2, "member_count": 3}
    assert found.dwelling == {"building_tenure": "1", "floor_area_m2": 36}


def test_the_status_words_of_dtsen_are_all_known() -> None:
    layout = layouts.recognise(DTSEN_HEADERS)
    for words, code in {
        "DTSEN AKTIF": "active",
        "DTSEN AKTIF - ASESMEN MENINGGAL": "active_reported_dead",
        "DTSEN NONAKTIF": "inactive",
    }.items():
        row = changed(DTSEN_ROW, DTSEN_HEADERS, status_dtsen=words)
        assert RULES.validate(layout.read((2, row))).person["registry_status"] == code


def test_codes_that_another_version_numbers_otherwise_are_translated() -> None:
    headers = (*DTSEN_HEADERS, "id_atap_terluas", "id_bb_utama")
    layout = layouts.recognise(headers)
    dwelling = RULES.validate(layout.read((2, (*DTSEN_ROW, "5", "0")))).dwelling
    # Roofs of bamboo are 5 in DTSEN and 6 here; no cooking is 0 there and 12 here.
    assert (dwelling["roof_material"], dwelling["cooking_fuel"]) == ("6", "12")


def test_the_provincial_file_of_dtks_with_bars_and_quotes(tmp_path: Path) -> None:
    path = tmp_path / "dtks.txt"
    path.write_text(
        '"iddtks"|"provinsi"|"kabupaten_kota"|"kecamatan"|"desa_kelurahan"|"alamat"|"dusun"|"rt"|"rw"|"nomor_kk"|'
        '"nomor_nik"|"nama"|"tanggal_lahir"|"tempat_lahir"|"jenis_kelamin"|"nama_ibu_kandung"|"hubungan_keluarga"|'
        '"tahun_data"|"jenis_pmks"|"catatan"\n'
        '"42"|"JAWA TIMUR"|"LUMAJANG"|"SENDURO"|"BURNO"|"DUSUN A | B"|"A"|"004"|"002"|"9908011201010001"|'
        '"9908.0145.0788.0003"|"SITI RAHAYU"|"1988-07-05"|"LUMAJANG"|"P"|"SUMINAH"|"Kepala Keluarga"|"2024"|"LANSIA"|""\n'
    )
    table, layout = layouts.open_records(path)
    with table:
        (row,) = table.rows
    found = RULES.validate(layout.read(row))
    assert (layout.name, layout.unused) == ("dtks", ("catatan",))
    assert (found.nik, found.no_kk, found.source_person) == ("9908014507880003", "9908011201010001", "42")
    assert found.family["address"] == "DUSUN A | B"
    assert found.warnings == ()


def test_what_is_missing_is_named() -> None:
    without = [header for header in P3KE_HEADERS if header not in ("NIK", "KodeKemdagri")]
    assert refused(without) == Refusal.of(
        "file-columns-missing", layout="P3KE, daftar individu", columns="NIK, KodeKemdagri"
    )


def test_headers_of_no_layout_are_shown() -> None:
    assert refused(["produk", "harga"]) == Refusal.of("file-header-unknown", headers="produk, harga")
    assert refused(P3KE_ROW).rule == "file-header-unknown"


def test_two_columns_that_say_the_same_are_refused() -> None:
    assert refused((*P3KE_HEADERS, "nik ")) == Refusal.of("file-column-doubled", columns="NIK, nik ")


def test_columns_in_another_order_and_unknown_ones_do_no_harm() -> None:
    headers = ("Catatan", *reversed(P3KE_HEADERS))
    layout = layouts.recognise(headers)
    record = layout.read((2, ("x", *reversed(P3KE_ROW))))
    assert layout.unused == ("Catatan",)
    assert RULES.validate(record).warnings == ()
    assert record.values["name"] == "SITI RAHAYU"


def test_what_is_said_of_every_row() -> None:
    layout = layouts.recognise(P3KE_HEADERS, constants={"decile_version": "P3KE 2024"})
    assert RULES.validate(layout.read((2, P3KE_ROW))).family["decile_version"] == "P3KE 2024"


@pytest.mark.parametrize("cells", [P3KE_ROW[:-1], (*P3KE_ROW, "lebih")])
def test_a_row_of_another_width_is_at_fault(cells: tuple[str, ...]) -> None:
    record = layouts.recognise(P3KE_HEADERS).read((7, cells))
    assert record.cells == cells
    (refusal,) = RULES.validate(record).rejected[:1]
    assert refusal == Refusal.of("row-width", cells=len(cells), columns=len(P3KE_HEADERS))


def test_empty_cells_after_the_last_column_do_no_harm() -> None:
    record = layouts.recognise(P3KE_HEADERS).read((7, (*P3KE_ROW, "", " ")))
    assert RULES.validate(record).rejected == ()


def test_cells_of_a_spreadsheet_that_cannot_be_believed(tmp_path: Path) -> None:
    written = {
        "IDKeluargaP3KE": "<c r='{}' t='str'><v>17</v></c>",
        "IDIndividu": "<c r='{}'><v>350801000000000042</v></c>",
        "Nama": "<c r='{}' t='str'><f>A1</f><v>SITI</v></c>",
        "NIK": "<c r='{}'><v>9.90801450788E+15</v></c>",
        "KodeKemdagri": "<c r='{}'><v>3508012001</v></c>",
        "Hubungan": "<c r='{}' t='e'><v>#N/A</v></c>",
        "TanggalLahir": "<c r='{}'><v>32329</v></c>",
    }
    letters = "ABCDEFG"
    header = "".join(
        f"<c r='{letter}1' t='str'><v>{name}</v></c>" for letter, name in zip(letters, written, strict=True)
    )
    cells = "".join(cell.format(f"{letter}2") for letter, cell in zip(letters, written.values(), strict=True))
    path = write_raw_book(tmp_path / "a.xlsx", f"<row r='1'>{header}</row><row r='2'>{cells}</row>")
    (record,) = records(path)
    found = RULES.validate(record)
    assert {refusal.rule for refusal in found.warnings} == {
        "cell-formula",
        "cell-spreadsheet-error",
        "nik-rounded",
        "source-id-rounded",
        "date-from-serial",
    }
    assert {refusal.rule for refusal in found.rejected} == {"row-names-nobody"}
    assert found.person == {
        "name_raw": "=A1",
        "relation_raw": "#N/A",
        "nik_raw": "9908014507880000",
        "birth_date": "1988-07-05",
    }
    assert (found.source_family, found.source_person) == ("17", None)


@pytest.mark.parametrize("kind", ["p3ke", "dtsen"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_list_with_the_errors_of_the_field_is_read_as_its_truth_says(
    tmp_path: Path, kind: Literal["p3ke", "dtsen"], form: Literal["csv", "xlsx"]
) -> None:
    villages = [Village("3508122003", "Burno", "Senduro"), Village("3508042006", "Pasirian", "Pasirian")]
    written = synthetic.write(
        tmp_path,
        layout=kind,
        format=form,
        seed=7,
        persons=2_000,
        villages=villages,
        rates=Rates(),
        today=date(2026, 11, 24),
    )
    with written.paths["truth"].open(encoding="utf-8", newline="") as file:
        truth = list(csv.DictReader(file))
    found = [RULES.validate(record) for record in records(written.paths["list"])]
    assert len(found) == len(truth) == written.counts["rows"]
    expected = {
        "no_nik": {"nik-empty", "nik-has-letter"},
        "nik_zero": {"nik-zero"},
        "short_nik": {"nik-too-short"},
        "rounded_nik": {"nik-rounded"},
    }
    unusable = set().union(*expected.values())
    for row, said in zip(found, truth, strict=True):
        errors = {error.partition(":")[0] for error in said["errors"].split(";")}
        rules = {refusal.rule for refusal in row.warnings}
        spoilt = errors & expected.keys()
        assert row.rejected == ()
        assert rules & unusable <= set().union(*(expected[error] for error in spoilt))
        assert bool(rules & unusable) == bool(spoilt) == (row.nik is None)
        if not errors & {"unknown_nik", "duplicate_nik"} and not spoilt:
            assert row.nik == said["nik"]
        assert rules <= unusable | {"nik-birth-date-differs", "nik-sex-differs", "code-unknown"}


def test_every_table_of_a_layout_says_where_it_comes_from() -> None:
    kinds = layouts.kinds()
    assert set(kinds) == {"p3ke", "dtsen", "dtks"}
    for kind in kinds.values():
        assert kind.reference
        assert set(kind.title) == set(parameters.LANGUAGES)
        assert any(column.required for column in kind.columns)
