"""Two lists beside each other in a database of the moment: who of one is in the other. Memory does not grow with them."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from mutakhir.core.rules.list_changes import Listed, are_neighbours, is_same

OLD, NEW = 0, 1
_COLUMNS = "row, nik, number, family, no_kk, name, birth_date, region, decile, status, programmes"
_COLUMN_COUNT = _COLUMNS.count(",") + 1
_CACHE_KIB = 32 << 10
_SLICE = 5_000
Pair = tuple[Listed, Listed]
Numbered = tuple[int, Listed]


class PairedLists:
    """Rows of an old and a new list, and for each the row of the other that speaks of the same person.

    The database is a file that has no name and goes away with this object.
    """

    def __init__(self) -> None:
        # An empty name is a database in a file of its own, deleted when it is closed.
        self._base = sqlite3.connect("", isolation_level=None)
        self._base.executescript(
            f"PRAGMA cache_size = -{_CACHE_KIB}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE listed (id INTEGER PRIMARY KEY, side INTEGER, key TEXT, mate INTEGER DEFAULT 0, "
            f"{_COLUMNS}); CREATE TABLE told (id INTEGER PRIMARY KEY, sheet TEXT, cells TEXT);"
        )
        self._count = 0

    def __enter__(self) -> PairedLists:
        return self

    def __exit__(self, *exception: object) -> None:
        self._base.close()

    def add(self, side: int, rows: Iterable[Listed]) -> None:
        marks = ", ".join("?" * (_COLUMN_COUNT + 2))
        self._base.execute("BEGIN")
        cursor = self._base.executemany(
            f"INSERT INTO listed (side, key, {_COLUMNS}) VALUES ({marks})",  # noqa: S608
            (
                (
                    side,
                    row.name_key,
                    row.row,
                    row.nik,
                    row.number,
                    row.family,
                    row.no_kk,
                    row.name,
                    row.birth_date,
                    row.region,
                    row.decile,
                    row.status,
                    json.dumps(dict(sorted(row.programmes.items()))),
                )
                for row in rows
            ),
        )
        self._count += cursor.rowcount
        self._base.execute("COMMIT")

    def pair(self, *, same_numbers: bool) -> None:
        """Find the mate of each row: by both numbers, by NIK, by the list's own number, then by name and birth date.

        A number alone proves nothing: name or birth date has to agree. Without one, name and birth date have to be the
        same within a village or on a family card, or nowhere else in either list. `same_numbers` says that both lists
        number their persons in one way.
        """
        for column in ("nik", "number", "key"):
            self._base.execute(
                f"CREATE INDEX listed_{column} ON listed (side, {column}) WHERE {column} <> ''"
            )
        mates = array("q", bytes(8 * (self._count + 1)))
        if same_numbers:
            # Of somebody who is listed twice, each row finds itself again.
            self._pair_by("nik", mates, also="n.number = o.number")
        self._pair_by("nik", mates)
        if same_numbers:
            self._pair_by("number", mates)
        self._pair_by("key", mates)
        self._pair_lonely(mates)
        self._base.execute("BEGIN")
        self._base.executemany(
            "UPDATE listed SET mate = ? WHERE id = ?",
            ((mate, number) for number, mate in enumerate(mates) if mate),
        )
        self._base.execute("COMMIT")

    def _pair_by(self, column: str, mates: array[int], *, also: str = "TRUE") -> None:
        agree = are_neighbours if column == "key" else is_same
        for one, other in self._candidates(
            f"n.{column} = o.{column} AND {also}", f"o.{column} <> '' AND n.{column} <> ''"
        ):
            if not mates[one[0]] and not mates[other[0]] and agree(one[1], other[1]):
                mates[one[0]], mates[other[0]] = other[0], one[0]

    def _pair_lonely(self, mates: array[int]) -> None:
        lonely = "(SELECT count(*) FROM listed s WHERE s.side = {side} AND s.key = o.key AND s.key <> '') = 1"
        for one, other in self._candidates(
            "n.key = o.key",
            f"o.key <> '' AND n.key <> '' AND {lonely.format(side=OLD)} AND {lonely.format(side=NEW)}",
        ):
            if not mates[one[0]] and not mates[other[0]]:
                mates[one[0]], mates[other[0]] = other[0], one[0]

    def _candidates(self, on: str, where: str) -> Iterator[tuple[Numbered, Numbered]]:
        columns = ", ".join(f"{side}.{name}" for side in "on" for name in ("id", *_COLUMNS.split(", ")))
        for found in self._base.execute(
            f"SELECT {columns} FROM listed o JOIN listed n ON {on} "  # noqa: S608
            f"WHERE o.side = {OLD} AND n.side = {NEW} AND {where} ORDER BY o.id, n.id"
        ):
            half = _COLUMN_COUNT + 1
            yield (found[0], _listed(found[1:half])), (found[half], _listed(found[half + 1 :]))

    def rows(self, side: int) -> int:
        return int(self._base.execute("SELECT count(*) FROM listed WHERE side = ?", [side]).fetchone()[0])

    def alone(self, side: int) -> Iterator[Numbered]:
        """The rows of a list of whom the other does not speak, in the order of the list."""
        for found in self._base.execute(
            f"SELECT id, {_COLUMNS} FROM listed WHERE side = ? AND mate = 0 ORDER BY id",  # noqa: S608
            [side],
        ):
            yield found[0], _listed(found[1:])

    def pairs(self) -> Iterator[Pair]:
        """Everybody who is in both, in the order of the new list."""
        columns = ", ".join(f"{side}.{name}" for side in "on" for name in _COLUMNS.split(", "))
        for found in self._base.execute(
            f"SELECT {columns} FROM listed n CROSS JOIN listed o ON o.id = n.mate "  # noqa: S608
            f"WHERE n.side = {NEW} AND n.mate > 0 ORDER BY n.id"
        ):
            yield _listed(found[:_COLUMN_COUNT]), _listed(found[_COLUMN_COUNT:])

    def tell(self, sheet: str, rows: Iterable[Sequence[object]]) -> None:
        """Keep rows that are to be shown on a sheet."""
        self._base.executemany(
            "INSERT INTO told (sheet, cells) VALUES (?, ?)", ((sheet, json.dumps(row)) for row in rows)
        )

    def told(self, sheet: str) -> Iterator[list[object]]:
        for (cells,) in self._base.execute("SELECT cells FROM told WHERE sheet = ? ORDER BY id", [sheet]):
            yield json.loads(cells)

    def is_double(self, number: int, row: Listed) -> bool:
        """Whether another row of the old list speaks of the same person and has a mate."""
        for column, value in (("nik", row.nik), ("key", row.name_key)):
            if not value:
                continue
            for found in self._base.execute(
                f"SELECT {_COLUMNS} FROM listed WHERE side = {OLD} AND {column} = ? AND {column} <> '' "  # noqa: S608
                "AND id <> ? AND mate > 0",
                [value, number],
            ):
                other = _listed(found)
                if is_same(row, other) if column == "nik" else are_neighbours(row, other):
                    return True
        return False

    def families(self, side: int) -> Iterator[tuple[Listed, Listed | None]]:
        """Each family of a list by its first row, and the first row of the other list that speaks of a member."""
        columns = ", ".join(f"{table}.{name}" for table in "ab" for name in _COLUMNS.split(", "))
        found = self._base.execute(
            f"SELECT {columns} FROM listed a LEFT JOIN listed b ON a.mate > 0 AND b.id = a.mate "  # noqa: S608
            "WHERE a.side = ? ORDER BY a.family, a.id",
            [side],
        )
        for _, members in groupby(found, key=lambda one: one[3]):
            rows = list(members)
            mate = next((one[_COLUMN_COUNT:] for one in rows if one[_COLUMN_COUNT] is not None), None)
            programmes = {}
            for one in rows:
                programmes.update(json.loads(one[_COLUMN_COUNT - 1]))
            first = replace(_listed(rows[0][:_COLUMN_COUNT]), programmes=programmes)
            yield first, _listed(mate) if mate is not None else None


def _listed(cells: Sequence[Any]) -> Listed:
    return Listed(*(*cells[:-1], json.loads(cells[-1]) if cells[-1] != "{}" else {}))
