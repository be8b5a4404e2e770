"""The same list some months later: families that vanished, families that came, changed values, with the truth of each."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from mutakhir.core.nik import TRAINING_PROVINCE
from mutakhir.synth import files
from mutakhir.synth.errors import NO_ERRORS, list_people
from mutakhir.synth.population import Village, population

FIRST_NEW_SEQUENCE = 5_001
"""Newcomers have numbers that nobody of the first list has."""
TRUTH_COLUMNS = ("person", "fate")
_AT = {name: place for place, name in enumerate(files.P3KE_COLUMNS)}
_FAMILY, _PERSON, _NIK, _DECILE, _BPNT = (
    _AT[name] for name in ("IDKeluargaP3KE", "IDIndividu", "NIK", "DesilKesejahteraan", "Penerima BPNT")
)
_PLACE = tuple(_AT[name] for name in ("Kecamatan", "DesaKelurahan", "KodeKemdagri"))


@dataclass(frozen=True, slots=True)
class Fates:
    """Shares of families that vanish, come, move, lose BPNT or get another decile, and of persons who die or whose NIK is
    corrected. The first is what one kabupaten lost in three months, and nobody could say who.
    """

    vanished: float = 0.06
    came: float = 0.02
    moved: float = 0.005
    bpnt_lost: float = 0.04
    decile: float = 0.05
    died: float = 0.003
    nik_corrected: float = 0.01


def write_later(
    first: Path,
    directory: Path,
    *,
    seed: int,
    villages: Sequence[Village],
    today: date,
    fates: Fates = Fates(),
    renumbered: bool = False,
) -> files.Written:
    """Write the list that follows a P3KE list in CSV, and the truth of everybody who is not as before.

    `renumbered` gives everybody another number of the list, as some bodies do with every edition. `counts` has the rows,
    and the persons or families of each fate.
    """
    directory.mkdir(parents=True, exist_ok=True)
    paths = {"list": directory / "p3ke-later.csv", "truth": directory / "p3ke-later-truth.csv"}
    places = [(one.kecamatan.upper(), one.name.upper(), one.code) for one in villages]
    counts: Counter[str] = Counter()
    with (
        first.open(encoding="utf-8", newline="") as before,
        paths["list"].open("w", encoding="utf-8", newline="") as after,
        paths["truth"].open("w", encoding="utf-8", newline="") as told,
    ):
        reader, writer, truth = csv.reader(before), csv.writer(after), csv.writer(told)
        writer.writerow(next(reader))
        truth.writerow(TRUTH_COLUMNS)

        def happened(fate: str, *rows: Sequence[str]) -> None:
            counts[fate] += len(rows)
            truth.writerows((row[_PERSON], fate) for row in rows)

        def write(row: list[str]) -> None:
            if renumbered:
                row[_PERSON] = f"{int(row[_PERSON]) + 7 * 10**14}"
                row[_FAMILY] = f"{int(row[_FAMILY]) + 7 * 10**14}"
            writer.writerow(row)
            counts["rows"] += 1

        vanished: set[str] = set()
        without_bpnt: set[str] = set()
        for number, group in groupby(reader, key=lambda row: row[_FAMILY]):
            # Who is listed a second time stands further down, and meets the fate of the family all the same.
            chance = random.Random(f"later {seed} {number}")
            family = list(group)
            goes, moves, loses, changes = (
                chance.random() < share
                for share in (fates.vanished, fates.moved, fates.bpnt_lost, fates.decile)
            )
            place = chance.choice([one for one in places if one[2] != family[0][_PLACE[2]]])
            decile = chance.choice([one for one in range(1, 11) if str(one) != family[0][_DECILE]])
            had_bpnt = family[0][_BPNT] == "Ya"
            if had_bpnt and (goes or loses):
                without_bpnt.add(number)
            if goes:
                happened("vanished", *family)
                vanished.add(number)
                continue
            dead = [row for row in family[1:] if chance.random() < fates.died]
            happened("vanished", *dead)
            family = [row for row in family if row not in dead]
            if moves:
                for row in family:
                    for at, text in zip(_PLACE, place, strict=True):
                        row[at] = text
                happened("region_lived", *family)
            if had_bpnt and loses:
                for row in family:
                    row[_BPNT] = "Tidak"
                happened("programme_bpnt", *family)
            if changes:
                for row in family:
                    row[_DECILE] = str(decile)
                happened("decile", *family)
            for row in family:
                if len(row[_NIK]) == 16 and chance.random() < fates.nik_corrected:
                    row[_NIK] = f"{row[_NIK][:12]}{9_999 - counts['nik'] % 4_000:04d}"
                    happened("nik", row)
                write(row)
        counts.update(families_vanished=len(vanished), bpnt_lost=len(without_bpnt))
        for row in _newcomers(round(counts["rows"] * fates.came), seed, villages, today):
            happened("came", row)
            counts["families_came"] += row[_AT["Hubungan"]] == "Kepala Keluarga"
            write(row)
    return files.Written(paths, dict(counts))


def _newcomers(persons: int, seed: int, villages: Sequence[Village], today: date) -> list[list[str]]:
    if not persons:
        return []
    people = population(
        seed=seed + 1, persons=persons, villages=villages, today=today, first_sequence=FIRST_NEW_SEQUENCE
    )
    found: list[list[str]] = []
    for number, row in enumerate(list_people(people, seed=seed, rates=NO_ERRORS, today=today), 1):
        cells = ["" if cell is None else str(cell) for cell in files.p3ke_cells(row, number, today, False)]
        # Numbers of the body itself go on where those of the first list ended.
        for place in (_FAMILY, _PERSON):
            cells[place] = f"{TRAINING_PROVINCE}9{cells[place][3:]}"
        found.append(cells)
    return found


def truth_of(path: Path) -> Mapping[str, set[str]]:
    """The persons of each fate, by the number that they had in the first list or got in the second."""
    found: dict[str, set[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["fate"], set()).add(row["person"])
    return found
