"""Which system a file comes from, by its headers, and what its rows say."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal, get_args

import pytest

from mutakhir import parameters
from mutakhir.core.refusals import Refusal
from mutakhir.core.rules.rows import Record, RowRules, Validated
from mutakhir.gateways import layouts
from mutakhir.gateways.files import FileRefused
from mutakhir.gateways.layouts.joined import SHEET_ROWS
from mutakhir.gateways.regions import find_by_names
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
    named=find_by_names,
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
    assert (found.region, found.family["region_lived"]) == ("3508122005", "3508122005")
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


@pytest.mark.parametrize("kind", get_args(synthetic.Layout))
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_list_with_the_errors_of_the_field_is_read_as_its_truth_says(
    tmp_path: Path, kind: synthetic.Layout, form: Literal["csv", "xlsx"]
) -> None:
    villages = [Village("3508122005", "Burno", "Senduro"), Village("3508042006", "Pasirian", "Pasirian")]
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
    assert set(kinds) == {"p3ke", "dtsen", "dtks", "bdt", "bpnt", "siak", "regsosek"}
    for kind in kinds.values():
        assert kind.reference
        assert set(kind.title) == set(parameters.LANGUAGES)
        assert any(column.required for column in kind.columns)


# --- Regsosek 2022 ---

KK, OTHER_KK, LONELY_KK = "9908011203150007", "9908011203150008", "9908011203150009"


def regsosek(path: Path, *members: Sequence[object], **sheets: Sequence[Sequence[object]]) -> Path:
    """The workbook as village systems write it: titles and groups above the items, codes as numbers, days as text."""
    housing = [[KK, 1, None, 36, 6, 4, 2], [OTHER_KK, 2, None, 21, 8, 4, 3], *sheets.get("housing", ())]
    return write_book(
        path,
        {
            "I. KETERANGAN TEMPAT": [
                ["I. KETERANGAN TEMPAT"],
                ["No KK", "101", "102", "103", "104", "106", "108", "112", "115", "Catatan"],
                [KK, 35, 8, 120, 5, "KRAJAN", "SITI RAHAYU", 2, 1, "rumah di belakang masjid"],
                [OTHER_KK, 35, 8, 120, 5, "KRAJAN", "TUMI", 1, 1, None],
            ],
            "II. KETERANGAN PETUGAS": [["No KK", "201", "202"], [KK, "2022-11-03", "PETUGAS"]],
            "III. PERUMAHAN": [
                ["III. KETERANGAN PERUMAHAN"],
                ["No KK", "301a", "301b", "302", "303", "304", "305"],
                *housing,
            ],
            "IV. ANGGOTA KELUARGA": [
                ["IV. KETERANGAN SOSIAL EKONOMI ANGGOTA KELUARGA"],
                ["A. KETERANGAN DEMOGRAFI"],
                ["101", "No KK", "401", "402 Nama", "403 NIK", "404", "405", "406", "407", "408", "409", "411", "428a"],
                [35, KK, 1, "SITI RAHAYU", "9908014507880003", 1, 2, "1988-07-05", 34, 4, 1, 5, 4],
                [35, KK, 2, "BUDI", "9908011507100002", 1, 1, "2010-07-15", 12, 1, 3, 1, 3],
                [35, OTHER_KK, 1, "TUMI", "9908014101600004", 2, 2, "1960-01-01", 62, 4, 1, 4, 1],
                *members,
            ],
            "V. PROGRAM": [["No KK", "501a", "501a Bulan", "502i", "504e"], [KK, 1, 10, 1, 3]],
        },
    )  # fmt: skip


def test_the_five_sheets_of_regsosek_are_joined_by_no_kk(tmp_path: Path) -> None:
    path = regsosek(tmp_path / "regsosek.xlsx")
    table, layout = layouts.open_records(path)
    with table:
        assert (layout.name, layout.needs_region, layout.unused) == ("regsosek", True, ())
        siti, budi, tumi = [RULES.validate(layout.read(row)) for row in table.rows]
    assert (siti.row_number, siti.warnings, siti.rejected) == (4, (), ())
    assert siti.person == {
        "name": "SITI RAHAYU", "nik": "9908014507880003", "birth_date": "1988-07-05", "age_years": 34, "sex": "2",
        "marital_status": "4", "relation": "1", "family_order": 1, "presence": "1",
        "identity_documents": "5", "function_seeing": "4",
    }  # fmt: skip
    assert siti.family == budi.family
    assert siti.family == {
        "no_kk": KK, "dusun": "KRAJAN", "head_name": "SITI RAHAYU", "member_count": 2, "family_kind": "1",
        "programme_bpnt": "1", "asset_motorcycle": "1", "livestock_goat": 3,
    }  # fmt: skip
    assert siti.dwelling == {
        "building_tenure": "1", "floor_area_m2": 36, "floor_material": "6", "wall_material": "4", "roof_material": "2",
    }  # fmt: skip
    assert tumi.dwelling["floor_material"] == "8"
    assert "programme_bpnt" not in tumi.family, "no row of the fifth sheet speaks of this family"
    assert tumi.person["presence"] == "2"


def test_rows_of_regsosek_that_belong_to_nobody_are_not_lost(tmp_path: Path) -> None:
    """A family without members, a second row of one, and a No KK that the spreadsheet rounded: each with its sheet."""
    rounded = 9908011203150010
    path = regsosek(
        tmp_path / "regsosek.xlsx",
        [35, rounded, 1, "WAGIMAN", "9908010302710001", 1, 1, "1971-02-03", 51, 2, 1, 4, 4],
        [35, KK, 3, "LEBAR", "", 1, 1, "1990-01-01", 32, 1, 3, 0, 4, "satu sel terlalu banyak"],
        housing=[
            [LONELY_KK, 1, None, 50, 2, 1, 2],
            [KK, 1, None, 99, 1, 1, 1],
            [rounded, 1, None, 12, 8, 6, 7],
        ],
    )
    table, layout = layouts.open_records(path)
    with table:
        rows = list(table.rows)
    found = [RULES.validate(layout.read(row)) for row in rows]
    numbers = [row.row_number for row in found]
    assert len(set(numbers)) == len(numbers) == 8
    by_name = {str(row.person.get("name")): row for row in found[:5]}
    assert by_name["SITI RAHAYU"].dwelling["floor_area_m2"] == 36, "the first row of a family counts"
    assert by_name["WAGIMAN"].dwelling == {}
    assert {one.rule for one in by_name["WAGIMAN"].warnings} == {"no-kk-rounded"}
    assert {one.rule for one in found[4].rejected} == {"row-width", "row-names-nobody"}
    for row, (number, cells) in zip(found[5:], rows[5:], strict=True):
        assert [one.rule for one in row.rejected] == ["row-names-nobody"]
        assert divmod(number, SHEET_ROWS) == (3, {LONELY_KK: 5, KK: 6}.get(cells[1], 7))
        assert cells[-1] == "III. PERUMAHAN"
    assert [cells[table.headers.index("302")] for _, cells in rows[5:]] == ["50", "99", "12"]


def test_regsosek_may_come_with_the_sheet_of_members_alone(tmp_path: Path) -> None:
    headers = ["No KK", "402 Nama", "403 NIK", "409"]
    row = [KK, "SITI RAHAYU", "9908014507880003", "1"]
    (record,) = records(write_book(tmp_path / "a.xlsx", {"IV": [headers, row]}))
    (other,) = records(write_delimited(tmp_path / "a.csv", [headers, row]))
    assert RULES.validate(record).person == RULES.validate(other).person
    assert RULES.validate(record).no_kk == KK


def test_members_of_regsosek_may_stand_on_several_sheets(tmp_path: Path) -> None:
    headers = ["No KK", "402 Nama", "403 NIK", "409"]
    sheets = {
        "Rumah": [["No KK", "303"], [KK, 8], [OTHER_KK, 6]],
        "RT 1": [headers, [KK, "SITI RAHAYU", "9908014507880003", 1]],
        "RT 2": [headers, [OTHER_KK, "TUMI", "9908014101600004", 1]],
    }
    siti, tumi = map(RULES.validate, records(write_book(tmp_path / "a.xlsx", sheets)))
    assert (siti.row_number, siti.dwelling) == (2, {"floor_material": "8"})
    assert (tumi.row_number, tumi.dwelling) == (2 * SHEET_ROWS + 2, {"floor_material": "6"})
    sheets["RT 2"] = [[*headers, "405"], [OTHER_KK, "TUMI", "9908014101600004", 1, 2]]
    with pytest.raises(FileRefused) as caught:
        layouts.open_records(write_book(tmp_path / "b.xlsx", sheets))
    assert caught.value.refusals == (Refusal.of("file-sheets-differ", one="RT 1", other="RT 2"),)


def test_a_mapping_says_which_village_a_code_of_the_statistics_office_is(tmp_path: Path) -> None:
    mapping = tmp_path / "kode.toml"
    mapping.write_text(
        'name = "regsosek-lumajang"\nextends = "regsosek"\n[words.region]\n"3508120005" = "35.08.12.2005"\n'
        '[words.floor_material]\n"tanah liat" = "8"\n[columns]\n"Desil" = {to = "decile", required = false}\n',
        "utf-8",
    )
    kind = layouts.read_mapping(mapping)
    headers = ("101", "102", "103", "104", "No KK", "402 Nama", "403 NIK", "409", "303", "Desil")
    layout = layouts.recognise(headers, mapping=kind)
    assert (layout.name, layout.needs_region, layout.unused) == ("regsosek-lumajang", False, ())
    cells = ("35", "8", "120", "5", KK, "SITI RAHAYU", "9908014507880003", "1", "Tanah  Liat", "3")
    found = RULES.validate(layout.read((2, cells)))
    assert (found.region, found.dwelling, found.family["decile"]) == (
        "3508122005",
        {"floor_material": "8"},
        3,
    )
    other = RULES.validate(layout.read((3, ("35", "8", "120", "9", *cells[4:]))))
    assert (other.region, other.family["region_lived_raw"]) == ("3508", "BPS 3508120009")
    assert [one.rule for one in other.warnings] == ["region-code-unreadable"]
    for text, place in (('extends = "regsosok"', "extends"), ("", "columns")):
        mapping.write_text(f'name = "a"\n{text}\n', "utf-8")
        with pytest.raises(layouts.LayoutMistake) as caught:
            layouts.read_mapping(mapping)
        assert caught.value.refusals == (Refusal.of("mapping-part-unusable", name="kode.toml", place=place),)


def test_a_mapping_may_join_sheets_too(tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'name = "warga"\njoined_by = "Kartu"\n[columns]\nWarga = "name"\n'
        'Kartu = "no_kk"\nLantai = {to = "floor_material", required = false}\n',
        "utf-8",
    )
    book = write_book(
        tmp_path / "a.xlsx",
        {"Rumah": [["Kartu", "Lantai"], [KK, 8]], "Warga": [["Warga", "Kartu"], ["TUMI", KK]]},
    )
    table, layout = layouts.open_records(book, mapping=layouts.read_mapping(mapping))
    with table:
        (found,) = [RULES.validate(layout.read(row)) for row in table.rows]
    assert (found.person["name"], found.dwelling) == ("TUMI", {"floor_material": "8"})
    mapping.write_text('name = "w"\njoined_by = "KK"\n[columns]\nWarga = "name"\n', "utf-8")
    with pytest.raises(layouts.LayoutMistake, match="mapping-part-unusable"):
        layouts.read_mapping(mapping)


# --- BDT 2015 ---

BDT = {
    "IDBDT": "3508010000000017",
    "NUK": "1",
    "No Urut ART": "2",
    "Nama": "SITI RAHAYU",
    "NIK": "9908014507880003",
    "Hubkel": "2",
    "Provinsi": "JAWA TIMUR",
    "Kabupaten": "LUMAJANG",
    "Kecamatan": "SENDURO",
    "Desa": "BURNO",
    "KDDESA": "005",
    "JK": "2",
    "Umur": "27",
    "Lantai": "9",
    "Atap": "06",
    "Kulkas": "4",
    "Motor": "3",
    "Percentile": "12",
    "Jenis Cacat": "0",
}  # fmt: skip


def read_one(cells: Mapping[str, str], **others: str) -> Validated:
    told = {**cells, **others}
    return RULES.validate(layouts.recognise(tuple(told)).read((2, tuple(told.values()))))


def test_a_row_of_bdt_in_codes_of_2015_becomes_official_codes_of_today() -> None:
    layout = layouts.recognise(tuple(BDT))
    assert (layout.name, layout.needs_region, layout.unused, layout.kind.confirmed) == (
        "bdt",
        False,
        (),
        False,
    )
    found = read_one(BDT)
    assert (found.source_family, found.source_person) == ("3508010000000017", "3508010000000017-2")
    assert found.dwelling == {"floor_material": "8", "roof_material": "3"}
    assert (found.family["asset_refrigerator"], found.family["asset_motorcycle"]) == ("2", "1")
    assert (found.region, found.person["relation"], found.person["age_years"]) == ("3508122005", "2", 27)
    assert "decile" not in found.family
    assert found.warnings == ()


def test_the_second_family_of_a_household_is_a_family_of_its_own() -> None:
    second = read_one(BDT, NUK="2")
    assert (second.source_family, second.source_person) == ("3508010000000017-2", "3508010000000017-2")
    assert second.family_key != read_one(BDT).family_key


def test_a_file_without_names_of_places_needs_a_region() -> None:
    headers = tuple(name for name in BDT if name not in ("Provinsi", "Kabupaten", "Kecamatan", "Desa"))
    assert layouts.recognise(headers).needs_region


# --- BPNT ---

BPNT = {
    "No KKS": "9944000000000001",
    "No Rekening": "7654321",
    "Status Kepesertaan": "Aktif",
    "Nama Pengurus": "SITI RAHAYU",
    "ID BDT KPM": "3508010000000017",
    "ID Pengurus": "42",
    "No KK": "9908.0112.0101.0001",
    "NIK Pengurus": "9908014507880003",
    "TTL": "Lumajang, 5 Juli 1988",
    "Nama Gadis Ibu Kandung": "SUMINAH",
    "Status PKH": "Non PKH",
    "Nama KK": "BUDI",
    "Nama ART": "BUDI, SITI RAHAYU",
    "Alamat": "DUSUN KRAJAN",
    "Kode Wilayah": "35.08.12.2005",
}


def test_a_change_record_of_bpnt_speaks_of_the_pengurus() -> None:
    layout = layouts.recognise(tuple(BPNT))
    assert (layout.name, layout.kind.numbers_of, layout.unused) == ("bpnt", "bdt", ("Nama ART",))
    found = read_one(BPNT)
    assert (found.person["birth_place"], found.person["birth_date"]) == ("Lumajang", "1988-07-05")
    assert (found.nik, found.no_kk, found.source_family) == (
        BPNT["NIK Pengurus"],
        "9908011201010001",
        BPNT["ID BDT KPM"],
    )
    assert found.family["kks_number"] == "9944000000000001"
    assert (found.family["programme_bpnt"], found.family["programme_pkh"]) == ("1", "2")
    assert found.region == "3508122005"
    assert found.warnings == ()
    assert "7654321" not in str(found)


@pytest.mark.parametrize(
    ("written", "place", "day"),
    [
        ("LUMAJANG 05-07-1988", "LUMAJANG", "1988-07-05"),
        ("Kab. Lumajang/5/7/1988", "Kab. Lumajang", "1988-07-05"),
        ("1988-07-05", None, "1988-07-05"),
        ("Lumajang", "Lumajang", None),
        ("", None, None),
    ],
)
def test_place_and_day_of_birth_in_one_cell(written: str, place: str | None, day: str | None) -> None:
    found = read_one(BPNT, TTL=written)
    assert (found.person.get("birth_place"), found.person.get("birth_date")) == (place, day)


def test_a_status_that_is_not_known_is_kept_as_written() -> None:
    found = read_one(BPNT, **{"Status Kepesertaan": "KKS tidak terdistribusi"})
    assert found.family["programme_bpnt_raw"] == "KKS tidak terdistribusi"
    assert [one.rule for one in found.warnings] == ["code-unknown"]


# --- SIAK ---

SIAK = {
    "NIK": "99.08014507880003",
    "NO_KK": "9908.0112.0101.0001",
    "NAMA_LGKP": "SITI RAHAYU",
    "SHDK": "ISTRI",
    "TGL_LHR": "05-07-1988",
    "GOL_DRH": "Tdk Th",
    "PDDK_AKH": "5",
}


def test_an_export_of_siak_with_dots_and_its_own_codes() -> None:
    layout = layouts.recognise(tuple(SIAK))
    assert (layout.name, layout.unused) == ("siak", ())
    found = read_one(SIAK)
    assert (found.nik, found.no_kk) == ("9908014507880003", "9908011201010001")
    assert (found.person["relation"], found.person["diploma"]) == ("2", "13")
    assert found.warnings == ()
    # 4 is a child in SIAK, and a child-in-law here.
    assert read_one(SIAK, SHDK="4").person["relation"] == "3"
    none = read_one(SIAK, NIK="0", NO_KK="0")
    assert (none.nik, none.no_kk) == (None, None)
    assert {one.rule for one in none.warnings} == {"nik-zero", "no-kk-zero"}


# --- a mapping ---


def mapping_file(folder: Path, text: str) -> Path:
    path = folder / "pemetaan.toml"
    path.write_text(text, encoding="utf-8")
    return path


DESA = """
name = "desa-burno"
[columns]
"Nama Warga" = "name"
"No. KTP" = "nik"
"Tempat Tgl Lahir" = "birth"
"Lantai" = { to = "floor_material" }
[words.floor_material]
"tanah liat" = "8"
"""


def test_a_layout_that_nobody_knows_is_read_by_a_mapping(tmp_path: Path) -> None:
    rows = [
        ["Daftar warga", "", "", ""],
        ["no. ktp", "NAMA WARGA", "Tempat Tgl. Lahir", "Lantai", "Hobi"],
        ["9908014507880003", "Siti", "Lumajang, 5-7-1988", "Tanah Liat", "x"],
    ]
    mapping = layouts.read_mapping(mapping_file(tmp_path, DESA))
    table, layout = layouts.open_records(write_delimited(tmp_path / "a.csv", rows), mapping=mapping)
    with table:
        (row,) = table.rows
    assert (layout.name, layout.needs_region, layout.unused, row[0]) == ("desa-burno", True, ("Hobi",), 3)
    found = RULES.validate(layout.read(row))
    assert (found.nik, found.person["name"], found.person["birth_date"]) == (
        "9908014507880003",
        "Siti",
        "1988-07-05",
    )
    assert found.dwelling == {"floor_material": "8"}


def test_a_mapping_is_for_files_that_have_its_columns(tmp_path: Path) -> None:
    mapping = layouts.read_mapping(mapping_file(tmp_path, DESA))
    with pytest.raises(FileRefused) as caught:
        layouts.open_records(write_delimited(tmp_path / "a.csv", [P3KE_HEADERS, P3KE_ROW]), mapping=mapping)
    assert caught.value.refusals == (
        Refusal.of(
            "file-columns-missing",
            layout="desa-burno",
            columns="Nama Warga, No. KTP, Tempat Tgl Lahir, Lantai",
        ),
    )


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("name = ", "mapping-unreadable"),
        ("[columns]\nNama = 'name'", "mapping-part-unusable"),
        ("name = 'a'", "mapping-part-unusable"),
        ("name = 'a'\ncolumns = 3", "mapping-part-unusable"),
        ("name = 'a'\n[columns]\nNama = 3", "mapping-part-unusable"),
        ("name = 'a'\n[columns]\nAlamat = 'address'", "mapping-names-nobody"),
        ("name = '../a'\n[columns]\nNama = 'name'", "mapping-name-unusable"),
        ("name = 7\n[columns]\nNama = 'name'", "mapping-part-unusable"),
        ("name = 'a'\n[columns]\nNama = 'nama'", "mapping-attribute-unknown"),
        ("name = 'a'\n[columns]\nNama = {}", "mapping-part-unusable"),
        ("name = 'a'\n[columns]\nNama = 'name'\nPanggilan = 'name'", "mapping-attribute-doubled"),
        ("name = 'a'\n[columns]\nNama = 'name'\nNAMA = 'address'", "mapping-column-doubled"),
        ("name = 'a'\n[columns]\nNama = 'name'\n'?' = 'address'", "mapping-column-doubled"),
        ("name = 'a'\n[columns]\nNama = 'name'\n[words.sex]\nx = '9'", "mapping-code-unknown"),
        ("name = 'a'\n[columns]\nNama = 'name'\n[words.sex]\nx = 1", "mapping-part-unusable"),
        ("name = 'a'\n[columns]\nNama = {to = 'name', list = ['x', 'y']}", "mapping-list-unknown"),
        ("name = 'a'\n[columns]\nNama = {to = 'name', list = 'x'}", "mapping-part-unusable"),
        ("name = 'a'\n[columns]\nNama = {to = 'name', also = 'x'}", "mapping-part-unusable"),
        ("name = 'a'\ntitle = 'b'\nreference = 1\nconfirmed = 'x'\n[columns]\nNama = 'name'\n[ignored]\ncolumns = 1", "mapping-part-unusable"),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_used_says_why(tmp_path: Path, text: str, rule: str) -> None:
    with pytest.raises(FileRefused) as caught:
        layouts.read_mapping(mapping_file(tmp_path, text))
    assert [one.rule for one in caught.value.refusals] == [rule]


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as caught:
        layouts.read_mapping(tmp_path / "tidak-ada.toml")
    assert [one.rule for one in caught.value.refusals] == ["file-unreadable"]
