"""Layouts: recognising by its headers which system a file comes from, and reading its rows as records."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from mutakhir import parameters
from mutakhir.core.attributes import AttributeTable, Text
from mutakhir.core.refusals import Refusal
from mutakhir.core.rules.rows import NAMES_APART, NOTHING, SPREADSHEET_DIGITS, Record
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
from mutakhir.gateways.layouts.joined import open_joined

SOURCE_PERSON = "source_person"
SOURCE_FAMILY = "source_family"
SOURCE_FAMILY_PART = "source_family_part"
"""Which family of a household a row belongs to; the first has the household's own number."""
SOURCE_PERSON_PART = "source_person_part"
"""Which member of a household a row is, where persons have no number of their own."""
REGION = "region"
REGION_NAMES = ("province_name", "kabupaten_name", "kecamatan_name", "village_name")
BPS_PARTS: Mapping[str, int] = {
    "bps_province": 2,
    "bps_kabupaten": 2,
    "bps_kecamatan": 3,
    "bps_village": 3,
}
"""Parts of a region code of the statistics office, with their digits; a mapping says which village each code is."""
BIRTH = "birth"
"""Place and day of birth in one cell, as on letters: "Lumajang, 05-07-1988"."""
_TAKEN_APART = frozenset({SOURCE_FAMILY_PART, SOURCE_PERSON_PART, BIRTH, *REGION_NAMES, *BPS_PARTS})
_OUTSIDE_THE_TABLE = _TAKEN_APART | {SOURCE_PERSON, SOURCE_FAMILY, REGION}
_SPOKEN_OF = {
    BIRTH: "birth_date",
    SOURCE_FAMILY_PART: SOURCE_FAMILY,
    SOURCE_PERSON_PART: SOURCE_PERSON,
    **dict.fromkeys((*REGION_NAMES, *BPS_PARTS), REGION),
}
"""Of what a column speaks whose cells are put together with others or taken apart."""
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_LAST_QUOTED = re.compile(r"`([^`]+)`")
_BEFORE_DAY = re.compile(r"([^\d]*?)[\s,/-]*(\d.*)?$", re.DOTALL)
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
    """One layout, as its table has it.

    `numbers_of` is the body whose numbers of persons and families it carries; `joined_by` the header of the column that
    joins the sheets of a workbook, if several belong together; `regions` are codes of the statistics office with the
    official one.
    """

    name: str
    title: Text
    reference: str
    confirmed: bool
    numbers_of: str
    columns: tuple[Column, ...]
    ignored: frozenset[str]
    joined_by: str = ""
    regions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def key_in(self, cells: Cells) -> int | None:
        """The place of the joining column in a header."""
        spellings = next(column.spellings for column in self.columns if column.header == self.joined_by)
        return next((place for place, cell in enumerate(cells) if plain(cell) in spellings), None)

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
        text = _SPACES.sub(" ", raw).strip().lower()
        # Spreadsheets and forms write a code as 5, 05 and 5.0.
        said = self.get(text) or self.get(text.removesuffix(".0").lstrip("0") or "0", raw)
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
    _apart: bool = field(repr=False)
    _pick: Callable[[Cells], Cells] = field(repr=False)

    @property
    def name(self) -> str:
        return self.kind.name

    @property
    def needs_region(self) -> bool:
        """Whether no column says where somebody lives, so that whoever takes the file in has to."""
        known = {REGION, REGION_NAMES[-1], *(BPS_PARTS if self.kind.regions else ())}
        return known.isdisjoint(self._names)

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
        if self._apart:
            _take_apart(values, self.kind.regions)
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
        for place, column, cell in zip(self._places, self._names, picked, strict=True):
            name = _SPOKEN_OF.get(column, column)
            if isinstance(cell, NumberCell):
                numbers.append(column)
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


def _take_apart(values: dict[str, str], regions: Mapping[str, str]) -> None:
    """Put together and take apart what the attributes have otherwise than the columns."""
    if not BPS_PARTS.keys().isdisjoint(values):
        code = "".join(values.pop(name, "").strip().zfill(digits) for name, digits in BPS_PARTS.items())
        if regions:
            values[REGION] = regions.get(code, f"BPS {code}" if code.strip("0") else "")
    birth = values.pop(BIRTH, "")
    if birth and (parts := _BEFORE_DAY.match(birth)):
        values.setdefault("birth_place", parts[1].strip())
        values.setdefault("birth_date", parts[2] or "")
    names = [values.pop(name, "").strip() for name in REGION_NAMES]
    if any(names) and not values.get(REGION, "").strip():
        values[REGION] = f"{NAMES_APART} ".join(name.replace(NAMES_APART, " ") for name in names)
    household = values.get(SOURCE_FAMILY, "").strip()
    family, member = (
        values.pop(name, "").strip().lstrip("0") for name in (SOURCE_FAMILY_PART, SOURCE_PERSON_PART)
    )
    if not household or (
        isinstance(values[SOURCE_FAMILY], NumberCell) and len(household) > SPREADSHEET_DIGITS
    ):
        return
    if member and not values.get(SOURCE_PERSON, "").strip():
        values[SOURCE_PERSON] = f"{household}-{member}"
    if family not in ("", "1"):
        values[SOURCE_FAMILY] = f"{household}-{family}"


class LayoutMistake(FileRefused, ValueError):
    """A table that describes a layout cannot be used, with the reason."""


@functools.cache
def kinds() -> Mapping[str, LayoutKind]:
    """All layouts by name. A mistake in a table raises LayoutMistake and names it."""
    table = parameters.load().attributes
    found: dict[str, LayoutKind] = {}
    for file in sorted(resources.files(parameters).joinpath("layouts").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            kind = _kind(tomllib.loads(file.read_text(encoding="utf-8")), table, file=file.name)
            found[kind.name] = kind
    return MappingProxyType(found)


def read_mapping(path: Path) -> LayoutKind:
    """The layout that a mapping file describes: one that this program does not know.

    It is written as the layouts in the parameters are, with less: `name`, and under `columns` each header with the
    attribute that it says. Every column that it names has to be there. With `extends` it adds columns or words to a
    layout that is known. LayoutMistake where it cannot be used.
    """
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise FileRefused(Refusal.of("file-unreadable", name=path.name)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _mistake("mapping-unreadable", name=path.name, problem=str(error)) from error
    kind = _kind(table, parameters.load().attributes, file=path.name, required=True)
    if not {"nik", "name"} & {column.to for column in kind.columns}:
        raise _mistake("mapping-names-nobody", name=path.name)
    return kind


def is_header(cells: Cells) -> bool:
    """Whether a row of cells is the header of a known layout."""
    return _is_header_of(kinds().values(), cells)


def _is_header_of(known: Collection[LayoutKind], cells: Cells) -> bool:
    headers = frozenset(map(plain, cells))
    return any(not kind.missing(headers) for kind in known)


def recognise(
    headers: Cells, *, constants: Mapping[str, str] | None = None, mapping: LayoutKind | None = None
) -> Layout:
    """The layout that has these headers; FileRefused naming the missing columns of the nearest one if none has.

    `constants` are said of every row, such as the version of the deciles in the file. With a `mapping` it is that
    layout or none.
    """
    plains = [plain(header) for header in headers]
    known = frozenset(plains) - {""}
    among = kinds().values() if mapping is None else (mapping,)
    whole = [kind for kind in among if not kind.missing(known)]
    if not whole:
        # An annex of the same name may carry a few of the columns; naming what is missing helps only if most are there.
        nearest = max(among, key=lambda kind: kind.found(known) / len(kind.columns))
        missing = nearest.missing(known)
        required = sum(column.required for column in nearest.columns)
        if mapping is None and len(missing) * 2 > required:
            raise FileRefused(Refusal.of("file-header-unknown", headers=", ".join(headers[:8])))
        raise FileRefused(
            Refusal.of("file-columns-missing", layout=nearest.title["id"], columns=", ".join(missing))
        )
    return _fit(max(whole, key=lambda kind: kind.found(known)), headers, plains, constants or {})


def open_records(
    path: Path | str, *, constants: Mapping[str, str] | None = None, mapping: LayoutKind | None = None
) -> tuple[Table, Layout]:
    """Open a file and recognise its layout; the table is closed again if it has none.

    Where the sheets of a workbook belong together, the table has them joined.
    """
    among = kinds().values() if mapping is None else (mapping,)
    table = open_table(path, is_header=functools.partial(_is_header_of, among))
    try:
        layout = recognise(table.headers, constants=constants, mapping=mapping)
        kind = layout.kind
        if not kind.joined_by or table.sheet is None:
            return table, layout
        table.close()
        table = open_joined(Path(path), is_base=functools.partial(_is_header_of, (kind,)), key_in=kind.key_in)
        return table, recognise(table.headers, constants=constants, mapping=kind)
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
        _apart=not _TAKEN_APART.isdisjoint(names),
        _pick=itemgetter(*places),
    )


class _ColumnTable(msgspec.Struct, forbid_unknown_fields=True):
    to: str
    required: bool | None = None
    also: tuple[str, ...] = ()
    list: tuple[str, str] | None = None


class _IgnoredTable(msgspec.Struct, forbid_unknown_fields=True):
    columns: tuple[str, ...] = ()


class _LayoutTable(msgspec.Struct, forbid_unknown_fields=True):
    """A layout as it is written: everything but its name and columns may be left out."""

    name: str
    columns: dict[str, _ColumnTable | str] = {}
    extends: str = ""
    title: tuple[str, str] | None = None
    reference: str = ""
    confirmed: bool = False
    numbers_of: str = ""
    joined_by: str = ""
    ignored: _IgnoredTable = msgspec.field(default_factory=_IgnoredTable)
    words: dict[str, dict[str, str]] = {}


def _kind(
    table: dict[str, Any], attributes: AttributeTable, *, file: str, required: bool = False
) -> LayoutKind:
    try:
        told = msgspec.convert(table, type=_LayoutTable)
    except msgspec.ValidationError as error:
        place = _LAST_QUOTED.findall(str(error))[-1].removeprefix("$").lstrip(".")
        raise _mistake("mapping-part-unusable", name=file, place=place) from error
    if not _NAME.fullmatch(told.name):
        raise _mistake("mapping-name-unusable", value=told.name)
    base = kinds().get(told.extends) if told.extends else None
    if base is None and (told.extends or not told.columns):
        raise _mistake("mapping-part-unusable", name=file, place="extends" if told.extends else "columns")
    columns: list[Column] = [_worded(column, told.words) for column in base.columns] if base else []
    seen = {spelling: column.header for column in columns for spelling in column.spellings}
    said_by = {column.to: column.header for column in columns}
    for header, row in told.columns.items():
        row = _ColumnTable(row) if isinstance(row, str) else row
        if row.to not in attributes and row.to not in _OUTSIDE_THE_TABLE:
            raise _mistake("mapping-attribute-unknown", column=header, value=row.to)
        if said_by.setdefault(row.to, header) != header:
            raise _mistake("mapping-attribute-doubled", column=header, other=said_by[row.to], value=row.to)
        spellings = frozenset(map(plain, (header, *row.also)))
        for spelling in spellings:
            if not spelling or seen.setdefault(spelling, header) != header:
                raise _mistake("mapping-column-doubled", column=header, other=seen.get(spelling, header))
        codes = _codes(told.words.get(row.to, {}))
        if row.list is not None:
            codes |= _translated(attributes, row.list, row.to, column=header)
        wanted = required if row.required is None else row.required
        columns.append(Column(header, row.to, wanted, spellings, MappingProxyType(codes)))
    if told.joined_by and told.joined_by not in {column.header for column in columns}:
        raise _mistake("mapping-part-unusable", name=file, place="joined_by")
    for to, words in told.words.items():
        code_list = attributes.codes_of(to) if to in attributes else None
        for code in words.values():
            if code_list is not None and code not in code_list.codes:
                raise _mistake("mapping-code-unknown", attribute=to, value=code)
    return LayoutKind(
        name=told.name,
        title=MappingProxyType(
            dict(zip(parameters.LANGUAGES, told.title or (told.name, told.name), strict=True))
        ),
        reference=told.reference or file,
        confirmed=told.confirmed,
        numbers_of=told.numbers_of or (base.numbers_of if base else told.name),
        columns=tuple(columns),
        ignored=frozenset(map(plain, told.ignored.columns)) | (base.ignored if base else frozenset()),
        joined_by=told.joined_by or (base.joined_by if base else ""),
        regions=MappingProxyType(dict(told.words.get(REGION, {}))),
    )


def _codes(words: Mapping[str, str]) -> dict[str, str]:
    return {_SPACES.sub(" ", word).strip().lower(): code for word, code in words.items()}


def _worded(column: Column, words: Mapping[str, Mapping[str, str]]) -> Column:
    """A column of a layout with the words that a mapping adds."""
    return replace(column, codes=MappingProxyType({**column.codes, **_codes(words.get(column.to, {}))}))


def _translated(
    attributes: AttributeTable, from_: tuple[str, str], to: str, *, column: str
) -> dict[str, str]:
    """Codes and words of another list, said in the codes that the register keeps."""
    said: dict[str, str] = {}
    kept = attributes.codes_of(to) if to in attributes else None
    try:
        other = attributes.code_list(*from_)
        if kept is None:
            raise KeyError(to)
        for code in other.codes:
            translated = attributes.translate(code, from_=from_, to=(kept.name, kept.version))
            if translated is not None:
                said[code] = translated
    except KeyError as error:
        raise _mistake("mapping-list-unknown", column=column, value=" ".join(from_)) from error
    for word, code in other.aliases.items():
        if code in said:
            said[word] = said[code]
    return said


def _mistake(rule: str, **particulars: str | int) -> LayoutMistake:
    return LayoutMistake(Refusal.of(rule, **particulars))
