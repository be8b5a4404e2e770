"""Layouts: recognising by its headers which system a file comes from, and reading its rows as records."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mutakhir import parameters
from mutakhir.core.attributes import AttributeTable, Text
from mutakhir.core.refusals import Refusal
from mutakhir.core.rules.rows import NOTHING, Record
from mutakhir.gateways.files import (
    Cells,
    ErrorCell,
    FileRefused,
    FormulaCell,
    NumberCell,
    Row,
    Table,
    open_table,
)
from mutakhir.gateways.files.table import trim

SOURCE_PERSON = "source_person"
SOURCE_FAMILY = "source_family"
REGION = "region"
_OUTSIDE_THE_TABLE = frozenset({SOURCE_PERSON, SOURCE_FAMILY, REGION})
_NOT_PLAIN = re.compile(r"[^a-z0-9+<]+")
_SPACES = re.compile(r"\s+")
_TEXT_ONLY = {str}


@dataclass(frozen=True, slots=True)
class Column:
    """One column that a layout knows: its name, what it says, and how its words are said in official codes."""

    header: str
    to: str
    required: bool
    spellings: frozenset[str]
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LayoutKind:
    """One layout, as its table in the parameters has it."""

    name: str
    title: Text
    reference: str
    confirmed: bool
    needs_region: bool
    columns: tuple[Column, ...]
    ignored: frozenset[str]

    def missing(self, headers: frozenset[str]) -> tuple[str, ...]:
        """The required columns that are not among these plain headers."""
        return tuple(
            column.header for column in self.columns if column.required and not column.spellings & headers
        )

    def found(self, headers: frozenset[str]) -> int:
        return sum(1 for column in self.columns if column.spellings & headers)


class _Words(dict[str, str]):
    """Words of a column in official codes; what is no such word stays as it is."""

    __slots__ = ("_most",)

    def __init__(self, words: Mapping[str, str]) -> None:
        super().__init__(words)
        self._most = len(self) + 4_096

    def __missing__(self, raw: str) -> str:
        said = self.get(_SPACES.sub(" ", raw).strip().lower(), raw)
        if len(self) < self._most:
            self[raw] = said
        return said


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout as one file has it. `unused` are the headers whose cells are not taken in."""

    kind: LayoutKind
    headers: Cells
    unused: tuple[str, ...]
    _places: tuple[int, ...] = field(repr=False)
    _names: tuple[str, ...] = field(repr=False)
    _worded: tuple[tuple[str, _Words], ...] = field(repr=False)
    _constants: Mapping[str, str] = field(repr=False)
    _pick: Callable[[Cells], Cells] = field(repr=False)

    @property
    def name(self) -> str:
        return self.kind.name

    @property
    def needs_region(self) -> bool:
        return self.kind.needs_region

    def read(self, row: Row) -> Record:
        """The record that a row holds; what cannot be believed in it is marked, never left out."""
        number, cells = row
        width = len(self.headers)
        if len(cells) != width:
            kept = trim(cells)
            if len(kept) > width or len(cells) < width:
                return Record(
                    number, {}, cells, faults=(Refusal.of("row-width", cells=len(cells), columns=width),)
                )
            cells = cells[:width]
        picked = self._pick(cells)
        values = dict(zip(self._names, picked, strict=True))
        for name, words in self._worded:
            values[name] = words[values[name]]
        source_person = values.pop(SOURCE_PERSON, "")
        source_family = values.pop(SOURCE_FAMILY, "")
        if self._constants:
            values.update(self._constants)
        if set(map(type, picked)) == _TEXT_ONLY:
            return Record(number, values, cells, source_person, source_family)
        return self._from_spreadsheet(number, cells, picked, values, (source_person, source_family))

    def _from_spreadsheet(
        self, number: int, cells: Cells, picked: Cells, values: dict[str, str], sources: tuple[str, str]
    ) -> Record:
        numbers: list[str] = []
        unbelieved: dict[str, Refusal] = {}
        for place, name, cell in zip(self._places, self._names, picked, strict=True):
            if isinstance(cell, NumberCell):
                numbers.append(name)
            elif isinstance(cell, FormulaCell):
                unbelieved[name] = Refusal.of("cell-formula", column=self.headers[place])
            elif isinstance(cell, ErrorCell):
                unbelieved[name] = Refusal.of(
                    "cell-spreadsheet-error", column=self.headers[place], value=str(cell)
                )
        source_person, source_family = map(str, sources)
        return Record(
            number,
            # What kind of cell it was is told beside the values; they themselves are text and nothing more.
            {name: str(value) for name, value in values.items()},
            cells,
            "" if SOURCE_PERSON in unbelieved else source_person,
            "" if SOURCE_FAMILY in unbelieved else source_family,
            frozenset(numbers),
            unbelieved or NOTHING,
        )


def plain(header: str) -> str:
    """A header for comparing: without case, spaces and punctuation."""
    return _NOT_PLAIN.sub("", header.lower())


@functools.cache
def kinds() -> Mapping[str, LayoutKind]:
    """All layouts by name. A mistake in a table raises ValueError and names it."""
    table = parameters.load().attributes
    found: dict[str, LayoutKind] = {}
    for file in sorted(resources.files(parameters).joinpath("layouts").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            kind = _kind(tomllib.loads(file.read_text(encoding="utf-8")), table)
            found[kind.name] = kind
    return MappingProxyType(found)


def is_header(cells: Cells) -> bool:
    """Whether a row of cells is the header of a known layout."""
    headers = frozenset(map(plain, cells))
    return any(not kind.missing(headers) for kind in kinds().values())


def recognise(headers: Cells, *, constants: Mapping[str, str] | None = None) -> Layout:
    """The layout that has these headers; FileRefused naming the missing columns of the nearest one if none has.

    `constants` are said of every row, such as the version of the deciles in the file.
    """
    plains = [plain(header) for header in headers]
    known = frozenset(plains) - {""}
    whole = [kind for kind in kinds().values() if not kind.missing(known)]
    if not whole:
        # An annex of the same name may carry a few of the columns; naming what is missing helps only if most are there.
        nearest = max(kinds().values(), key=lambda kind: kind.found(known) / len(kind.columns))
        missing = nearest.missing(known)
        required = sum(column.required for column in nearest.columns)
        if len(missing) * 2 > required:
            raise FileRefused(Refusal.of("file-header-unknown", headers=", ".join(headers[:8])))
        raise FileRefused(
            Refusal.of("file-columns-missing", layout=nearest.title["id"], columns=", ".join(missing))
        )
    return _fit(max(whole, key=lambda kind: kind.found(known)), headers, plains, constants or {})


def open_records(path: Path | str, *, constants: Mapping[str, str] | None = None) -> tuple[Table, Layout]:
    """Open a file and recognise its layout; the table is closed again if it has none."""
    table = open_table(path, is_header=is_header)
    try:
        return table, recognise(table.headers, constants=constants)
    except BaseException:
        table.close()
        raise


def _fit(kind: LayoutKind, headers: Cells, plains: list[str], constants: Mapping[str, str]) -> Layout:
    places: list[int] = []
    names: list[str] = []
    worded: list[tuple[str, _Words]] = []
    for column in kind.columns:
        at = [place for place, header in enumerate(plains) if header in column.spellings]
        if len(at) > 1:
            raise FileRefused(
                Refusal.of("file-column-doubled", columns=", ".join(headers[place] for place in at))
            )
        if at:
            places.append(at[0])
            names.append(column.to)
            if column.codes:
                worded.append((column.to, _Words(column.codes)))
    used = set(places)
    return Layout(
        kind=kind,
        headers=headers,
        unused=tuple(
            header
            for place, header in enumerate(headers)
            if place not in used and plains[place] and plains[place] not in kind.ignored
        ),
        _places=tuple(places),
        _names=tuple(names),
        _worded=tuple(worded),
        _constants=MappingProxyType(dict(constants)),
        _pick=itemgetter(*places),
    )


def _kind(table: dict[str, Any], attributes: AttributeTable) -> LayoutKind:
    name = table["name"]
    words: dict[str, dict[str, str]] = table.get("words", {})
    columns: list[Column] = []
    seen: dict[str, str] = {}
    for header, row in table["columns"].items():
        to = row["to"]
        if to not in attributes and to not in _OUTSIDE_THE_TABLE:
            raise ValueError(f"layout {name}: column {header} says {to}, which is no attribute")
        spellings = frozenset(map(plain, (header, *row.get("also", ()))))
        for spelling in spellings:
            if seen.setdefault(spelling, header) != header:
                raise ValueError(f"layout {name}: {spelling} is a name of {seen[spelling]} and of {header}")
        codes = {_SPACES.sub(" ", word).strip().lower(): code for word, code in words.get(to, {}).items()}
        if "list" in row:
            codes |= _translated(attributes, (row["list"][0], row["list"][1]), to)
        columns.append(Column(header, to, row.get("required", False), spellings, MappingProxyType(codes)))
    for to, said in words.items():
        code_list = attributes.codes_of(to)
        if code_list is not None and not set(said.values()) <= set(code_list.codes):
            raise ValueError(f"layout {name}: words of {to} name codes that its list does not have")
    return LayoutKind(
        name=name,
        title=MappingProxyType(dict(zip(parameters.LANGUAGES, table["title"], strict=True))),
        reference=table["reference"],
        confirmed=table["confirmed"],
        needs_region=table["needs_region"],
        columns=tuple(columns),
        ignored=frozenset(map(plain, table.get("ignored", {}).get("columns", ()))),
    )


def _translated(attributes: AttributeTable, from_: tuple[str, str], to: str) -> dict[str, str]:
    """Codes and words of another list, said in the codes that the register keeps."""
    other = attributes.code_list(*from_)
    kept = attributes.codes_of(to)
    if kept is None:
        raise ValueError(f"{to} has no code list")
    said: dict[str, str] = {}
    for code in other.codes:
        translated = attributes.translate(code, from_=from_, to=(kept.name, kept.version))
        if translated is not None:
            said[code] = translated
    for word, code in other.aliases.items():
        if code in said:
            said[word] = said[code]
    return said
