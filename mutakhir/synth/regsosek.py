"""The workbook of Regsosek 2022: the cells of a person, spread over five sheets that are joined by No KK."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from openpyxl import Workbook
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from mutakhir.synth.columns import Cell

KEY = "No KK"
PARTS = {
    "1": "I. KETERANGAN TEMPAT",
    "2": "II. KETERANGAN PETUGAS",
    "3": "III. KETERANGAN PERUMAHAN",
    "4": "IV. ANGGOTA KELUARGA",
    "5": "V. PROGRAM, ASET, LAYANAN",
}
"""The sheets by the first digit of their items; one row a person on the fourth, one a family on the others."""
MEMBERS = "4"
OFFICER = ("201", "202")


def sheets(workbook: Workbook, headers: Sequence[str]) -> Callable[[Iterable[Cell]], None]:
    """Begin the sheets of a workbook; returns what appends a person's cells, in the order of the headers."""
    items = [*headers, *OFFICER]
    at = headers.index(KEY)
    places = {
        part: [place for place, header in enumerate(items) if header.startswith(part)] for part in PARTS
    }
    begun: dict[str, WriteOnlyWorksheet] = {}
    for part, title in PARTS.items():
        sheet = begun[part] = workbook.create_sheet(title)
        sheet.append([title])
        sheet.append([KEY, *(items[place] for place in places[part])])
    written: set[Cell] = set()

    def append(cells: Iterable[Cell]) -> None:
        row = [*cells, None, "PETUGAS LATIHAN"]
        for part, sheet in begun.items():
            if part == MEMBERS or row[at] not in written:
                sheet.append([row[at], *(row[place] for place in places[part])])
        written.add(row[at])

    return append
