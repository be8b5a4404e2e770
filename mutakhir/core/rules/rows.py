"""Rules of a row: what a source said of a person, checked and written as the register keeps it, with every reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

from mutakhir.core import nik, regions
from mutakhir.core.attributes import EMPTY, Attribute, AttributeTable, Value, says_nothing
from mutakhir.core.dates import Bearer, Reading, read_day
from mutakhir.core.refusals import Refusal

Effect = Literal["rejected", "warning"]

NOTHING: Mapping[str, Refusal] = MappingProxyType({})

SPREADSHEET_DIGITS = 15
"""A spreadsheet keeps so many digits of a number and writes zeros for the others."""
NAMES_APART = ","
"""Between the names of province, kabupaten, kecamatan and village where a row has names and no code."""
EXACT_NUMBERS_BELOW = 2**53
"""The numbers that a spreadsheet's own format can tell from their neighbours."""


@dataclass(frozen=True, slots=True)
class Record:
    """What one row of a source says, attribute by attribute, still as it was written.

    `values` is by attribute name and may also hold "region": a code, or the names from province to village with commas
    between. `cells` is the whole row. `numbers` names the attributes that came from a number cell of a spreadsheet;
    `unbelieved` those whose cell cannot be believed, with the reason.
    `faults` are reasons against the row as a whole: it cannot be told which cell belongs to which column.
    """

    row_number: int
    values: Mapping[str, str]
    cells: tuple[str, ...] = ()
    source_person: str = ""
    source_family: str = ""
    numbers: frozenset[str] = frozenset()
    unbelieved: Mapping[str, Refusal] = field(default_factory=lambda: NOTHING)
    faults: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Validated:
    """A row as the register keeps it, or the reasons why it is not taken in.

    An attribute that could not be read is missing, and its text stands under its name with "_raw". `region` is the
    narrowest region known. A row is taken in if `rejected` is empty; warnings stop nothing.
    """

    row_number: int
    person: Mapping[str, Value]
    family: Mapping[str, Value]
    dwelling: Mapping[str, Value]
    nik: str | None
    no_kk: str | None
    source_person: str | None
    source_family: str | None
    region: str
    warnings: tuple[Refusal, ...]
    rejected: tuple[Refusal, ...]

    @property
    def attributes(self) -> Mapping[str, Mapping[str, Value]]:
        return {"person": self.person, "family": self.family, "dwelling": self.dwelling}

    @property
    def family_key(self) -> tuple[str, str] | None:
        """By what the rows of one family are known to belong together: the source's own id goes before No KK."""
        if self.source_family is not None:
            return "source", self.source_family
        return None if self.no_kk is None else ("no_kk", self.no_kk)


@dataclass(frozen=True, slots=True)
class RowRule:
    """One rule of a row: its id, what it does to the row, and what it says."""

    id: str
    effect: Effect
    statement: str


_REJECTED: Mapping[str, str] = {
    "row-width": "A row with more or fewer cells than the header is not taken in: which cell belongs "
    "to which column is not known.",
    "row-names-nobody": "A row that has neither a name nor a usable NIK is not taken in.",
    "region-outside": "A row of another region than the one being filled is not taken in; it goes to "
    "those who keep that region.",
    "nik-training-region": "On a node that serves real people, a NIK of the training region 99 is not "
    "taken in.",
    "no-kk-training-region": "On a node that serves real people, a No KK of the training region 99 is "
    "not taken in.",
}

_WARNED: Mapping[str, str] = {
    "nik-empty": "A row without a NIK is taken in without one.",
    "nik-zero": "A NIK of zeros is no NIK: the row is taken in without one.",
    "nik-too-short": "A NIK of fewer than 16 digits is kept as written: the row is taken in without one.",
    "nik-too-long": "A NIK of more than 16 digits is kept as written: the row is taken in without one.",
    "nik-has-letter": "A NIK with a letter is kept as written: the row is taken in without one.",
    "nik-has-sign": "A NIK with a sign other than dots, dashes and spaces is kept as written: the row "
    "is taken in without one.",
    "nik-repeated": "A NIK of one digit repeated is no NIK: the row is taken in without one.",
    "nik-rounded": "A NIK that a spreadsheet kept as a number has lost its last digits: it is kept as "
    "written, and the row is taken in without one.",
    "nik-day-impossible": "Digits 7 and 8 of a NIK are a day, 01 to 31 or 41 to 71; otherwise the row "
    "is taken in without one.",
    "nik-month-impossible": "Digits 9 and 10 of a NIK are a month; otherwise the row is taken in "
    "without one.",
    "nik-birth-date-differs": "The digits of a NIK may differ from the birth date: a corrected birth "
    "date leaves the number as it was.",
    "nik-sex-differs": "The digits of a NIK may differ from the sex: a corrected sex leaves the "
    "number as it was.",
    "nik-region-unknown": "A NIK whose first two digits were never a province is kept and looked at.",
    "no-kk-zero": "A No KK of zeros is no No KK.",
    "no-kk-too-short": "A No KK of fewer than 16 digits is kept as written.",
    "no-kk-too-long": "A No KK of more than 16 digits is kept as written.",
    "no-kk-has-letter": "A No KK with a letter is kept as written.",
    "no-kk-has-sign": "A No KK with a sign other than dots, dashes and spaces is kept as written.",
    "no-kk-repeated": "A No KK of one digit repeated is no No KK.",
    "no-kk-rounded": "A No KK that a spreadsheet kept as a number has lost its last digits.",
    "name-missing": "A row with a usable NIK and no name is taken in without a name.",
    "name-unreadable": "A name without a letter is no name and is kept as written.",
    "date-unreadable": "A day that cannot be read is kept as written.",
    "date-impossible": "A day that no calendar has is kept as written.",
    "date-in-future": "A day after today is kept as written.",
    "year-too-early": "A year more than 125 years ago is kept as written.",
    "date-incomplete": "A birth date of which only the year, or month and year, is known is kept as "
    "written; no day is invented.",
    "date-century-assumed": "A year of two digits is read by the age: that of the row if it has one, "
    "that of an adult for a head, a spouse or somebody married, else the latest possible.",
    "date-month-first": "A day written after its month is read where the usual order gives no day.",
    "date-from-serial": "A bare number in a date column is read as a spreadsheet's count of days.",
    "code-unknown": "A code or word that the list does not have is kept as written.",
    "number-unreadable": "A number that cannot be read is kept as written.",
    "number-too-small": "A number below what is possible is kept as written.",
    "number-too-large": "A number above what is possible is kept as written.",
    "phone-unreadable": "A telephone number that cannot be read is kept as written.",
    "point-unreadable": "A position that cannot be read is kept as written.",
    "point-outside-indonesia": "A position outside Indonesia is kept as written.",
    "text-too-long": "A text longer than its field is kept as written, beside the field.",
    "region-missing": "A row without a region is taken into the region being filled.",
    "region-code-unreadable": "A region code that cannot be read is kept as written; the row is taken "
    "into the region being filled.",
    "region-name-unknown": "Names of places that lead to no village are kept as written; the row is taken into the "
    "narrowest region that they lead to.",
    "region-unknown": "A region code that is not in the table is kept as written; the row is taken "
    "into the narrowest region above it that is.",
    "region-not-village": "A region code that names no village is used for the row's reach, and the "
    "place lived in stays unknown.",
    "source-id-rounded": "A source's own number that a spreadsheet rounded is not used to join rows.",
    "cell-formula": "A formula is never worked out: the cell is kept as written.",
    "cell-spreadsheet-error": "A cell in which the spreadsheet shows a mistake of its own is kept as "
    "written.",
}

RULES: Mapping[str, RowRule] = MappingProxyType(
    {rule: RowRule(rule, "rejected", statement) for rule, statement in _REJECTED.items()}
    | {rule: RowRule(rule, "warning", statement) for rule, statement in _WARNED.items()}
)
"""Every rule of a row by its id, those that keep it out before those that only mark it."""

_LONGEST_EMPTY = max(map(len, EMPTY))
_READ_APART = frozenset({"nik", "no_kk", "birth_date", "died_on", "name", "region_lived"})
_MEMORY = 4_096
"""Readings remembered for each attribute; files repeat the same few spellings."""

_Read = Callable[[str], Value | Refusal]


class _Readings(dict[str, Value | Refusal]):
    """What each spelling of one attribute was read as."""

    __slots__ = ("_most", "_read")

    def __init__(self, read: _Read, *, most: int = _MEMORY) -> None:
        super().__init__()
        self._read = read
        self._most = most

    def __missing__(self, raw: str) -> Value | Refusal:
        value = self._read(raw)
        if len(self) < self._most:
            self[raw] = value
        return value


@dataclass(frozen=True, slots=True)
class _Place:
    """A region as a row names it: its reach, the village lived in, and what is wrong with it."""

    reach: str
    village: str | None
    findings: tuple[Refusal, ...] = ()
    outside: bool = False


class RowRules:
    """The rules of a row for one import: one register's tables, one day, one region to be filled.

    `known` says whether an undotted region code exists; `named` gives the code of the narrowest region to which names
    from province to village lead, which may be the empty code; `scope` is the region being filled, whose empty text is the
    nation; a row without a region goes there. A `production` node takes no number of the training region.
    """

    def __init__(
        self,
        table: AttributeTable,
        *,
        today: date,
        known: Callable[[str], bool],
        scope: str,
        production: bool,
        named: Callable[[Sequence[str]], str] = lambda _names: "",
    ) -> None:
        self._today = today
        self._known = known
        self._named = named
        self._scope = scope
        self._production = production
        self._name_length = table["name"].maximum or 100
        self._readers = {
            attribute.name: (
                ("person", "family", "dwelling").index(attribute.of),
                f"{attribute.name}_raw",
                _readings(table, attribute),
            )
            for attribute in table
            # What names another subject is for the register to say, never for a list.
            if attribute.name not in _READ_APART and attribute.type != "subject"
        }
        self._days = {
            name: _DayReadings(name, today=today) for name in ("birth_date", "died_on") if name in table
        }
        self._places: dict[str, _Place] = {}
        # A source without regions is filled into the scope by whoever imports it, and no row is at fault.
        self._filled = _Place(scope, scope if len(scope) == 10 else None)

    def validate(self, record: Record) -> Validated:
        """Never raises for what a row holds; every reason is a rule of RULES."""
        values = record.values
        person: dict[str, Value] = {}
        family: dict[str, Value] = {}
        dwelling: dict[str, Value] = {}
        buckets = (person, family, dwelling)
        warnings: list[Refusal] = []
        rejected: list[Refusal] = list(record.faults)
        unbelieved = record.unbelieved
        if unbelieved:
            values = self._set_aside(values, unbelieved, buckets, warnings)

        readers = self._readers
        for name, raw in values.items():
            reader = readers.get(name)
            if reader is None or not raw:
                continue
            value = reader[2][raw]
            if value is None:
                continue
            if value.__class__ is Refusal:
                buckets[reader[0]][reader[1]] = raw
                warnings.append(value)  # type: ignore[arg-type]
            else:
                buckets[reader[0]][name] = value  # type: ignore[assignment]

        for name, days in self._days.items():
            if raw := values.get(name, ""):
                self._read_day(days, raw, person, warnings)
        self._read_name(values.get("name", ""), person, warnings)
        digits = self._read_nik(record, values.get("nik", ""), person, warnings, rejected)
        no_kk = self._read_no_kk(record, values.get("no_kk", ""), family, warnings, rejected)
        if digits is None and "name" not in person:
            rejected.append(_NOBODY)
        elif "name" not in person and "name_raw" not in person:
            warnings.append(_NAME_MISSING)

        region = values.get("region")
        place = self._filled if region is None else self._place(region)
        if place.findings:
            (rejected if place.outside else warnings).extend(place.findings)
            if region:
                family["region_lived_raw"] = region
        if place.village is not None:
            family["region_lived"] = place.village

        return Validated(
            record.row_number,
            person,
            family,
            dwelling,
            digits,
            no_kk,
            _source_id(record.source_person, "source_person" in record.numbers, warnings, "person"),
            _source_id(record.source_family, "source_family" in record.numbers, warnings, "family"),
            place.reach,
            tuple(warnings),
            tuple(rejected),
        )

    def _set_aside(
        self,
        values: Mapping[str, str],
        unbelieved: Mapping[str, Refusal],
        buckets: tuple[dict[str, Value], dict[str, Value], dict[str, Value]],
        warnings: list[Refusal],
    ) -> Mapping[str, str]:
        """The values without those that cannot be believed, which are kept as written."""
        for name, finding in unbelieved.items():
            warnings.append(finding)
            raw = values.get(name)
            if raw is None:
                continue
            reader = self._readers.get(name)
            bucket = buckets[reader[0]] if reader else buckets[1 if name in ("no_kk", "region") else 0]
            bucket["region_lived_raw" if name == "region" else f"{name}_raw"] = raw
        return {name: raw for name, raw in values.items() if name not in unbelieved}

    def _read_day(
        self, days: _DayReadings, raw: str, person: dict[str, Value], warnings: list[Refusal]
    ) -> None:
        reading = days[raw]
        if reading is None:
            return
        if isinstance(reading, Reading) and "date-century-assumed" in reading.assumed:
            reading = days.read(raw, bearer=_bearer(person))
        if isinstance(reading, Reading):
            for rule in reading.assumed:
                warnings.append(Refusal.of(rule, attribute=days.name, value=reading.iso))
            if reading.precision == "day":
                person[days.name] = reading.iso
                return
            reading = Refusal.of("date-incomplete", attribute=days.name, value=reading.iso)
        if reading is not None:
            person[days.raw_name] = raw
            warnings.append(reading)

    def _read_name(self, raw: str, person: dict[str, Value], warnings: list[Refusal]) -> None:
        name = " ".join(raw.split())
        if len(name) <= _LONGEST_EMPTY and says_nothing(name):
            return
        if not name.isalpha() and not any(map(str.isalpha, name)):
            if name.strip("0"):
                person["name_raw"] = raw
                warnings.append(Refusal.of("name-unreadable", value=name))
            return
        if len(name) > self._name_length:
            person["name_raw"] = raw
            warnings.append(
                Refusal.of("text-too-long", attribute="name", length=len(name), maximum=self._name_length)
            )
            name = name[: self._name_length].rstrip()
        person["name"] = name

    def _read_nik(
        self,
        record: Record,
        raw: str,
        person: dict[str, Value],
        warnings: list[Refusal],
        rejected: list[Refusal],
    ) -> str | None:
        if raw.strip().lower() in EMPTY:
            if "nik_raw" not in person:
                warnings.append(_NIK_EMPTY)
            return None
        if "nik" in record.numbers and is_rounded(raw):
            person["nik_raw"] = raw
            warnings.append(_NIK_ROUNDED)
            return None
        parsed = nik.parse(raw)
        if isinstance(parsed, tuple):
            person["nik_raw"] = raw
            warnings.extend(parsed)
            return None
        if self._production and parsed.is_training:
            rejected.extend(nik.refuse_training(parsed, production=True))
        birth_date = person.get("birth_date")
        sex = person.get("sex")
        warnings.extend(
            nik.warnings(
                parsed,
                birth_date=birth_date if isinstance(birth_date, str) else None,
                sex=sex if isinstance(sex, str) else None,
            )
        )
        person["nik"] = parsed.digits
        return parsed.digits

    def _read_no_kk(
        self,
        record: Record,
        raw: str,
        family: dict[str, Value],
        warnings: list[Refusal],
        rejected: list[Refusal],
    ) -> str | None:
        if not raw or raw.strip().lower() in EMPTY:
            return None
        if "no_kk" in record.numbers and is_rounded(raw):
            family["no_kk_raw"] = raw
            warnings.append(_NO_KK_ROUNDED)
            return None
        parsed = nik.parse_no_kk(raw)
        if isinstance(parsed, tuple):
            family["no_kk_raw"] = raw
            warnings.extend(parsed)
            return None
        if self._production and parsed.is_training:
            rejected.extend(nik.refuse_training(parsed, production=True))
        family["no_kk"] = parsed.digits
        return parsed.digits

    def _place(self, raw: str) -> _Place:
        place = self._places.get(raw)
        if place is None:
            place = self._find_place(raw)
            if len(self._places) < _MEMORY:
                self._places[raw] = place
        return place

    def _find_place(self, raw: str) -> _Place:
        text = raw.strip()
        if text.lower() in EMPTY:
            return _Place(self._scope, self._filled.village, (Refusal.of("region-missing"),))
        code = regions.parse_code(text)
        if code is None and NAMES_APART in text:
            return self._find_named(text)
        if code is None:
            return _Place(
                self._scope,
                None,
                (Refusal.of("region-code-unreadable", attribute="region_lived", value=text),),
            )
        if not regions.within(self._scope, code) and not regions.within(code, self._scope):
            return _Place(
                code, None, (Refusal.of("region-outside", region=code, scope=self._scope),), outside=True
            )
        if not self._known(code):
            above = next((part for part in reversed(regions.path_of(code)[:-1]) if self._known(part)), "")
            reach = above if regions.within(self._scope, above) else self._scope
            return _Place(reach, None, (Refusal.of("region-unknown", region=code),))
        if len(code) < 10:
            reach = code if regions.within(self._scope, code) else self._scope
            return _Place(reach, None, (Refusal.of("region-not-village", region=code),))
        return _Place(code, code)

    def _find_named(self, text: str) -> _Place:
        code = self._named([name.strip() for name in text.split(NAMES_APART)])
        if not regions.within(self._scope, code) and not regions.within(code, self._scope):
            return _Place(
                code, None, (Refusal.of("region-outside", region=code, scope=self._scope),), outside=True
            )
        if len(code) == 10:
            return _Place(code, code)
        reach = code if regions.within(self._scope, code) else self._scope
        return _Place(reach, None, (Refusal.of("region-name-unknown", value=text),))


class _DayReadings(dict[str, Reading | Refusal | None]):
    """What each spelling of a day was read as, on one day."""

    __slots__ = ("_today", "name", "raw_name")

    def __init__(self, name: str, *, today: date) -> None:
        super().__init__()
        self.name = name
        self.raw_name = f"{name}_raw"
        self._today = today

    def __missing__(self, raw: str) -> Reading | Refusal | None:
        reading = self.read(raw, bearer=Bearer())
        # A century of birthdays.
        if len(self) < 40_000:
            self[raw] = reading
        return reading

    def read(self, raw: str, *, bearer: Bearer) -> Reading | Refusal | None:
        return read_day(raw, today=self._today, bearer=bearer, attribute=self.name)


def is_rounded(number: str) -> bool:
    """Whether a number of a spreadsheet's cell may have lost digits.

    It has if it is longer than what a spreadsheet keeps and ends in zeros from there on, or if it is so large that its
    neighbours are written the same; a true number that happens to look so cannot be told from it.
    """
    digits = number.strip()
    if not (digits.isascii() and digits.isdecimal()):
        return "e" in digits.lower()
    if len(digits) <= SPREADSHEET_DIGITS:
        return False
    return int(digits) > EXACT_NUMBERS_BELOW or not digits[SPREADSHEET_DIGITS:].strip("0")


def _bearer(person: Mapping[str, Value]) -> Bearer:
    age = person.get("age_years")
    return Bearer(
        age_years=age if isinstance(age, int) else None,
        adult=person.get("relation") in ("1", "2") or person.get("marital_status") in ("2", "3", "4"),
    )


def _source_id(raw: str, number: bool, warnings: list[Refusal], about: str) -> str | None:
    if not raw:
        return None
    text = raw.strip()
    if not text.strip("0"):
        return None
    if not number and text.isdecimal():
        return text
    if text.lower() in EMPTY:
        return None
    if (number and is_rounded(text)) or _is_scientific(text):
        warnings.append(Refusal.of("source-id-rounded", about=about, value=text))
        return None
    return text


def _is_scientific(text: str) -> bool:
    mantissa, mark, exponent = text.lower().partition("e+")
    return bool(mark) and exponent.isdecimal() and mantissa.replace(".", "").replace(",", "").isdecimal()


def _readings(table: AttributeTable, attribute: Attribute) -> _Readings:
    if attribute.type == "text":
        return _Readings(
            _text_reader(attribute), most=0 if attribute.maximum and attribute.maximum > 60 else _MEMORY
        )
    normalise = table.normaliser(attribute.name)
    if attribute.type in ("integer", "decimal", "point"):
        return _Readings(lambda raw: _bounded(table, attribute, normalise(raw)))
    return _Readings(normalise)


def _bounded(table: AttributeTable, attribute: Attribute, value: Value | Refusal) -> Value | Refusal:
    if isinstance(value, Refusal):
        return value
    findings = table.check(attribute, value)
    return findings[0] if findings else value


def _text_reader(attribute: Attribute) -> _Read:
    maximum = attribute.maximum or 10_000

    def read(raw: str) -> Value | Refusal:
        text = " ".join(raw.split())
        if len(text) <= _LONGEST_EMPTY and says_nothing(text):
            return None
        if len(text) > maximum:
            return Refusal.of("text-too-long", attribute=attribute.name, length=len(text), maximum=maximum)
        return text

    return read


_NOBODY = Refusal.of("row-names-nobody")
_NAME_MISSING = Refusal.of("name-missing")
_NIK_EMPTY = Refusal.of("nik-empty")
_NIK_ROUNDED = Refusal.of("nik-rounded")
_NO_KK_ROUNDED = Refusal.of("no-kk-rounded")
