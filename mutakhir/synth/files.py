"""List files of synthetic people in the layouts that offices exchange, with a file of the truth beside them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Literal

from openpyxl import Workbook

from mutakhir.core.attributes import Value
from mutakhir.synth import columns, regsosek
from mutakhir.synth.codes import FEMALE, YES
from mutakhir.synth.columns import Cell, date_cell, household_number, nik_cell, person_number
from mutakhir.synth.errors import NIK_ERRORS, ListedRow, Rates, list_people
from mutakhir.synth.population import Village, age_on, population

Layout = Literal["p3ke", "dtsen", "bdt", "dtks", "bpnt", "siak", "regsosek"]
Format = Literal["csv", "xlsx"]

TRUTH_COLUMNS = ("row", "person", "family", "nik", "errors")
"""Row of the list counted from 1 without the header, true number of the person and of the family where the list has
the person, true NIK, and the errors joined by semicolons."""


@dataclass(frozen=True, slots=True)
class Written:
    """`paths` has "list" and "truth"; `counts` has rows, persons, families and the rows with each error."""

    paths: Mapping[str, Path]
    counts: Mapping[str, int]


def write(
    directory: Path,
    *,
    layout: Layout,
    format: Format,  # noqa: A002
    seed: int,
    persons: int,
    villages: Sequence[Village],
    rates: Rates,
    today: date,
) -> Written:
    """Write a list of `persons` people, with the errors at these rates, and the truth of every row.

    The same arguments give the same bytes, except that a workbook also says at what hour it was written. The people
    are those of `population` with the same seed, so the truth can be made again from it. The directory is made.
    """
    headers, fill = _columns_of(layout)
    directory.mkdir(parents=True, exist_ok=True)
    paths = {"list": directory / f"{layout}.{format}", "truth": directory / f"{layout}-truth.csv"}
    counts: Counter[str] = Counter()
    if layout == "dtsen":
        # This list has ages, no birth dates, so there is no form to mix.
        rates = replace(rates, mixed_date_form=0.0)
    people = population(seed=seed, persons=persons, villages=villages, today=today)
    rows = (
        row
        for row in list_people(people, seed=seed, rates=rates, today=today)
        if columns.is_listed(layout, row)
    )
    last_family = 0
    workbook = format == "xlsx"
    list_file = (
        _open_workbook(paths["list"], layout, headers)
        if workbook
        else _open_csv(paths["list"], headers, bars=layout == "dtks")
    )
    with list_file as append, paths["truth"].open("w", encoding="utf-8", newline="") as truth_file:
        truth = csv.writer(truth_file)
        truth.writerow(TRUTH_COLUMNS)
        for number, row in enumerate(rows, 1):
            append(fill(row, number, today, workbook))
            truth.writerow(
                (
                    number,
                    row.person.number,
                    row.family.number,
                    row.person.attributes["nik"],
                    ";".join(row.errors),
                )
            )
            for error in row.errors:
                counts[error.partition(":")[0]] += 1
            if not row.second:
                counts["persons"] += 1
                last_family = row.family.number
            counts["rows"] += 1
    counts["families"] = last_family
    return Written(paths, dict(counts))


# The headers of P3KE, list of individuals, and of the extract of DTSEN used in East Java.
P3KE_COLUMNS = (
    "id",
    "IDKeluargaP3KE",
    "Provinsi",
    "KabupatenKota",
    "Kecamatan",
    "DesaKelurahan",
    "KodeKemdagri",
    "DesilKesejahteraan",
    "Alamat",
    "IDIndividu",
    "Nama",
    "NIK",
    "PadanDukcapil",
    "JenisKelamin",
    "Hubungan",
    "TanggalLahir",
    "StatusKawin",
    "Pekerjaan",
    "Pendidikan",
    "Usia<7",
    "Usia 7-12",
    "Usia 13-15",
    "Usia 16-18",
    "Usia 19-21",
    "Usia 22-59",
    "Usia 60+",
    "Penerima BPNT",
    "Penerima BPUM",
    "Penerima BST",
    "Penerima PKH",
    "Penerima SEMBAKO",
    "ResikoStunting",
)
_DTSEN_ATTRIBUTES = (
    ("id_status_penguasaan_bangunan", "building_tenure"),
    ("luas_lantai_bangunan", "floor_area_m2"),
    ("id_kondisi_gizi", "nutrition"),
    ("id_penyakit_menahun", "chronic_illness"),
    ("id_penglihatan", "function_seeing"),
    ("id_pendengaran", "function_hearing"),
    ("id_berjalan_atau_naik_tangga", "function_walking"),
    ("id_menggunakan_tangan_jari", "function_hands"),
    ("id_belajar_kemampuan_intelektual", "function_learning"),
    ("id_pengendalian_perilaku", "function_behaviour"),
    ("id_berbicara_komunikasi", "function_speaking"),
    ("id_mengurus_diri", "function_self_care"),
    ("id_mengingat_berkonsentrasi", "function_remembering"),
    ("id_kesedihan_depresi", "depression"),
)
DTSEN_COLUMNS = (
    "nik",
    "nama",
    "umur",
    "hub_kepala",
    "status_perkawinan",
    "desil_nasional",
    "jumlah_anggota_keluarga",
    *(column for column, _ in _DTSEN_ATTRIBUTES),
    "id_kepemilikan_izin_usaha",
    "jumlah_jenis_usaha",
    "id_omset_usaha_utama",
    "status_dtsen",
)

_SEX_WORDS = {"1": "Laki-laki", "2": "Perempuan"}
_MARITAL_WORDS = {"1": "Belum Kawin", "2": "Kawin", "3": "Cerai Hidup", "4": "Cerai Mati"}
_OCCUPATION_WORDS = {
    **dict.fromkeys(("1", "2", "3"), "Tidak/belum bekerja"),
    "4": "Pensiunan",
    **dict.fromkeys(("5", "6", "7"), "PNS/TNI/Polri"),
    **dict.fromkeys(("9", "10"), "Petani"),
    **dict.fromkeys(("11", "21"), "Nelayan"),
    **dict.fromkeys(("15", "16", "17", "18", "65", "73", "74", "85"), "Pegawai Swasta"),
    **dict.fromkeys(("13", "14", "19", "20", "22", "23", "26", "27", "81"), "Pekerja Lepas"),
    **dict.fromkeys(("8", "84"), "Pedagang"),
    **dict.fromkeys(("12", "24", "29", "30", "32", "35", "88"), "Wiraswasta"),
}
_SCHOOL_STEPS = {
    **dict.fromkeys(("1", "2", "3", "4", "5"), "SD/sederajat"),
    **dict.fromkeys(("6", "7", "8", "9", "10"), "SMP/sederajat"),
    **dict.fromkeys(("11", "12", "13", "14", "15", "16", "17"), "SMA/sederajat"),
    **dict.fromkeys(("18", "19", "20", "21", "22"), "Perguruan Tinggi"),
}
_AGE_GROUPS = ((0, 6), (7, 12), (13, 15), (16, 18), (19, 21), (22, 59), (60, 200))
_PROGRAMMES = ("programme_bpnt", "programme_bpum", "programme_bst", "programme_pkh", "programme_sembako")
_STATUS_WORDS = {
    None: "DTSEN AKTIF",
    "active": "DTSEN AKTIF",
    "active_reported_dead": "DTSEN AKTIF - ASESMEN MENINGGAL",
    "inactive": "DTSEN NONAKTIF",
}
_UNMATCHED = frozenset((*NIK_ERRORS, "call_name", "wrong_birth_date", "swapped_date"))


def p3ke_cells(row: ListedRow, number: int, today: date, workbook: bool) -> list[Cell]:
    family, village = row.family, row.family.village
    birth = str(row.value("birth_date"))
    age = age_on(birth, today)
    matched = not any(error.partition(":")[0] in _UNMATCHED for error in row.errors)
    return [
        number,
        household_number(row),
        village.province.upper(),
        village.kabupaten.upper(),
        village.kecamatan.upper(),
        village.name.upper(),
        village.code,
        _number(family.attributes["decile"]),
        str(family.attributes["address"]).upper(),
        person_number(row),
        str(row.value("name")).upper(),
        nik_cell(row, workbook),
        "Ya" if matched else "Tidak",
        _SEX_WORDS[str(row.value("sex"))],
        _relation_words(row),
        date_cell(birth, "slashed_hour" if row.date_form == "layout" else row.date_form, workbook),
        _MARITAL_WORDS[str(row.value("marital_status"))],
        _OCCUPATION_WORDS.get(str(row.value("occupation")), "Lainnya"),
        _education_words(row.person.attributes),
        *(int(first <= age <= last) for first, last in _AGE_GROUPS),
        *("Ya" if family.attributes[name] == YES else "Tidak" for name in _PROGRAMMES),
        "Ya" if family.attributes["stunting_risk"] == YES else "Tidak",
    ]


def _dtsen_cells(row: ListedRow, number: int, today: date, workbook: bool) -> list[Cell]:
    permit = row.value("business_permit")
    return [
        nik_cell(row, workbook),
        str(row.value("name")).upper(),
        age_on(str(row.value("birth_date")), today),
        _number(row.value("relation")),
        _number(row.value("marital_status")),
        _number(row.family.attributes["decile"]),
        _number(row.family.attributes["member_count"]),
        *(_number(row.value(attribute)) for _, attribute in _DTSEN_ATTRIBUTES),
        # The extract only says whether there is a permit; 11 is "none yet" on the form.
        None if permit is None else 2 if permit == "11" else 1,
        _number(row.value("businesses_count")),
        _number(row.value("business_turnover")),
        _STATUS_WORDS[_text(row.stated.get("registry_status"))],
    ]


Fill = Callable[[ListedRow, int, date, bool], list[Cell]]

_IN_WORDS: Mapping[str, tuple[tuple[str, ...], Fill]] = {
    "p3ke": (P3KE_COLUMNS, p3ke_cells),
    "dtsen": (DTSEN_COLUMNS, _dtsen_cells),
}


def _columns_of(layout: Layout) -> tuple[tuple[str, ...], Fill]:
    """The headers of a layout and what fills a row; P3KE writes words, and the extract of DTSEN a few columns only."""
    return _IN_WORDS.get(layout) or (columns.headers(layout), partial(columns.fill, layout))


def _number(value: Value) -> int | None:
    return None if value is None else int(value)


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def _relation_words(row: ListedRow) -> str:
    relation = row.value("relation")
    if relation == "2":
        return "Istri" if row.value("sex") == FEMALE else "Suami"
    return {"1": "Kepala Keluarga", "3": "Anak"}.get(str(relation), "Lainnya")


def _education_words(attributes: Mapping[str, Value]) -> str:
    participation = attributes.get("school_participation", "1")
    if participation == "2":
        step = _SCHOOL_STEPS[str(attributes["school_level"])]
        return f"Mahasiswa {step}" if step == "Perguruan Tinggi" else f"Siswa {step}"
    diploma = str(attributes.get("diploma", "23"))
    if diploma != "23":
        return f"Tamat {_SCHOOL_STEPS[diploma]}"
    return "Tidak tamat SD/sederajat" if participation == "3" else "Tidak/belum sekolah"


Append = Callable[[Iterable[Cell]], object]


@contextmanager
def _open_csv(path: Path, headers: Sequence[str], *, bars: bool) -> Iterator[Append]:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="|", quoting=csv.QUOTE_ALL) if bars else csv.writer(file)
        writer.writerow(headers)
        yield writer.writerow


@contextmanager
def _open_workbook(path: Path, layout: Layout, headers: Sequence[str]) -> Iterator[Append]:
    workbook = Workbook(write_only=True)
    if layout == "regsosek":
        yield regsosek.sheets(workbook, headers)
        workbook.save(path)
        return
    if layout == "p3ke":
        # The export has the families on the first sheet, and three lines of title above the header.
        notes = workbook.create_sheet("Keluarga")
        notes.append(["Data keluarga tidak disertakan dalam berkas latihan ini."])
    sheet = workbook.create_sheet("Individu" if layout == "p3ke" else layout.upper())
    if layout == "p3ke":
        sheet.append(["DATA PENSASARAN PERCEPATAN PENGHAPUSAN KEMISKINAN EKSTREM"])
        sheet.append(["DAFTAR INDIVIDU, DATA LATIHAN"])
        sheet.append([])
    sheet.append(list(headers))
    yield lambda cells: sheet.append(list(cells))
    workbook.save(path)
