"""Cells of a list in any layout that the program reads, made from the layout's own table."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import date

from mutakhir.core.attributes import Value
from mutakhir.core.dates import MONTHS
from mutakhir.core.nik import TRAINING_PROVINCE
from mutakhir.gateways import layouts
from mutakhir.gateways.layouts import Column
from mutakhir.synth.codes import YES
from mutakhir.synth.errors import ListedRow
from mutakhir.synth.population import age_on

Cell = str | int | date | None

SIAK_RELATIONS = {("2", "1"): "2", ("2", "2"): "3"}
"""SIAK tells husband from wife; by relation and sex."""
PARTICIPANT_WORDS = {"1": "Aktif", "2": "Tidak Aktif"}
LAYOUT_DATE_FORMS = {"p3ke": "slashed_hour", "dtks": "iso", "regsosek": "iso"}
"""How a layout itself writes a day; the others write it with dashes, day first."""


def is_listed(layout: str, row: ListedRow) -> bool:
    """Whether somebody stands in a list of this layout: of BPNT it is the pengurus of a family that receives it."""
    if layout != "bpnt":
        return True
    family = row.family
    pengurus = next(
        (one for one in family.persons if one.attributes.get("relation") == "2"), family.persons[0]
    )
    return family.attributes["programme_bpnt"] == YES and row.person.number == pengurus.number


def fill(layout: str, row: ListedRow, number: int, today: date, workbook: bool) -> list[Cell]:
    """One row with a cell for every column that the layout knows. `number` is the row's, from 1."""
    return [_cell(layout, column, row, today, workbook) for column in layouts.kinds()[layout].columns]


def headers(layout: str) -> tuple[str, ...]:
    return tuple(column.header for column in layouts.kinds()[layout].columns)


def _cell(layout: str, column: Column, row: ListedRow, today: date, workbook: bool) -> Cell:
    special = _SPECIAL.get(column.to)
    if special is not None:
        return special(row)
    if column.to == "nik":
        return nik_cell(row, workbook)
    if column.to in ("birth_date", "birth"):
        form = LAYOUT_DATE_FORMS.get(layout, "dashed") if row.date_form == "layout" else row.date_form
        born = date_cell(str(row.value("birth_date")), form, workbook and column.to != "birth")
        return born if column.to == "birth_date" else f"{row.value('birth_place')}, {born}"
    if column.to == "age_years":
        return age_on(str(row.value("birth_date")), today)
    value = row.value(column.to)
    if layout == "bpnt" and column.to.startswith("programme_"):
        return PARTICIPANT_WORDS[str(value)]
    if layout == "siak" and column.to == "relation":
        value = SIAK_RELATIONS.get((str(value), str(row.value("sex"))), value)
        if row.value("relation") == "2":
            return _text(value)
    if value is None:
        return None
    said = _own_codes(layout).get(column.to, {}).get(str(value), value)
    return str(said).upper() if column.to in ("name", "head_name", "mother_name", "address") else said


@functools.cache
def _own_codes(layout: str) -> Mapping[str, Mapping[str, str]]:
    """For each attribute: the layout's own code for a code of the register; the lowest where it has several."""
    found: dict[str, dict[str, str]] = {}
    for column in layouts.kinds()[layout].columns:
        own = found.setdefault(column.to, {})
        for code in sorted((one for one in column.codes if one.isdecimal()), key=int):
            own.setdefault(column.codes[code], code)
    for to in ("floor_material", "cooking_fuel"):
        # What the layout has no code for is "other" there, or the nearest thing.
        for kept, said in {"7": "7", "2": "2", "6": "4", "11": "8"}.items():
            found.get(to, {}).setdefault(kept, said)
    return found


def household_number(row: ListedRow) -> str:
    return f"{TRAINING_PROVINCE}{row.family.village.code[2:6]}{row.family.number:010d}"


def person_number(row: ListedRow) -> str:
    return f"{TRAINING_PROVINCE}{2 if row.second else 1}{row.person.number:013d}"


_SPECIAL: Mapping[str, Callable[[ListedRow], Cell]] = {
    layouts.SOURCE_FAMILY: household_number,
    layouts.SOURCE_PERSON: person_number,
    layouts.SOURCE_FAMILY_PART: lambda _row: 1,
    layouts.SOURCE_PERSON_PART: lambda row: row.person.number - row.family.persons[0].number + 1,
    layouts.REGION: lambda row: row.family.village.code,
    "province_name": lambda row: row.family.village.province.upper(),
    "kabupaten_name": lambda row: row.family.village.kabupaten.upper(),
    "kecamatan_name": lambda row: row.family.village.kecamatan.upper(),
    "village_name": lambda row: row.family.village.name.upper(),
    "kks_number": lambda row: f"{TRAINING_PROVINCE}44{row.family.number:012d}",
    "pkh_number": lambda row: (
        f"{TRAINING_PROVINCE}{row.family.number:012d}"
        if row.family.attributes["programme_pkh"] == YES
        else None
    ),
}


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def nik_cell(row: ListedRow, workbook: bool) -> Cell:
    """The number as the list has it. A workbook that rounded it holds a number of 15 digits and a nought."""
    if workbook and "rounded_nik" in row.errors:
        return int(str(row.person.attributes["nik"])) // 10 * 10
    return _text(row.value("nik"))


def date_cell(birth: str, form: str, workbook: bool) -> Cell:
    """A birth date as somebody wrote it; in a workbook some of them are days and no text."""
    year, month, day = birth[:4], birth[5:7], birth[8:]
    if form == "slashed_hour":
        return f"{day}/{month}/{year} 00:00:00"
    if form == "iso":
        return date.fromisoformat(birth) if workbook else birth
    if form == "dashed":
        return f"{day}-{month}-{year}"
    if form == "slashed":
        return f"{int(day)}/{int(month)}/{year}"
    return f"{int(day)} {MONTHS['id'][int(month) - 1]} {year}"
