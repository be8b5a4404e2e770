"""Attributes: what may be said of a person, a family or a dwelling, how it is written, and who is its authority."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Literal

from mutakhir.core import nik, regions
from mutakhir.core.dates import MONTH_NUMBERS
from mutakhir.core.refusals import Refusal

SubjectKind = Literal["person", "family", "dwelling"]
Authority = Literal["civil", "social", "programme", "ranking"]
AttributeType = Literal[
    "text",
    "code",
    "codes",
    "integer",
    "decimal",
    "boolean",
    "date",
    "nik",
    "no_kk",
    "phone",
    "point",
    "region",
    "subject",
]
Value = str | int | bool | None
"""A JSON scalar. Codes are the official code as text, dates ISO text, decimals text, numbers int."""

Text = Mapping[str, str]
"""The same words by language, "id" and "en"."""


@dataclass(frozen=True, slots=True)
class CodeList:
    """One version of an official list. `kept` marks the version in which the registers keep their values."""

    name: str
    version: str
    from_: date
    reference: str
    codes: Mapping[str, Text]
    aliases: Mapping[str, str] = field(default_factory=dict)
    kept: bool = True

    def label(self, code: str, language: str) -> str:
        """The words for a code; the code itself when the list does not know it."""
        words = self.codes.get(code)
        return words[language] if words is not None else code

    def read(self, raw: str) -> str | None:
        """The code that a text names: the code, "1. Milik sendiri", a label or an alias; None if none."""
        text = _squeeze(raw).lower()
        if text in self.codes:
            return text
        if text in self.aliases:
            return self.aliases[text]
        numbered = _NUMBERED.match(text)
        if numbered is not None:
            code = numbered[1].lstrip("0") or "0"
            rest = numbered[2].strip()
            if code in self.codes and (not rest or self.aliases.get(rest, code) == code):
                return code
        return None


@dataclass(frozen=True, slots=True)
class CodeMapping:
    """How the codes of one list, or of one version of it, are said in another. Several may become one."""

    from_list: str
    from_version: str
    to_list: str
    to_version: str
    codes: Mapping[str, str]
    reference: str


@dataclass(frozen=True, slots=True)
class Attribute:
    name: str
    of: SubjectKind
    type: AttributeType
    authority: Authority
    group: str
    reference: str
    label: Text
    question: Text
    hint: Text
    code_list: str | None = None
    unit: str | None = None
    minimum: int | None = None
    maximum: int | None = None


Normaliser = Callable[[str], Value | Refusal]


@dataclass(frozen=True, slots=True)
class AttributeTable:
    """All attributes in the order of the form, with the code lists they use."""

    attributes: tuple[Attribute, ...]
    code_lists: tuple[CodeList, ...]
    mappings: tuple[CodeMapping, ...] = ()
    _by_name: Mapping[str, Attribute] = field(init=False, repr=False, compare=False)
    _lists: Mapping[tuple[str, str], CodeList] = field(init=False, repr=False, compare=False)
    _kept: Mapping[str, CodeList] = field(init=False, repr=False, compare=False)
    _normalisers: Mapping[str, Normaliser] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {attribute.name: attribute for attribute in self.attributes}
        if len(by_name) != len(self.attributes):
            raise ValueError("an attribute is declared twice")
        lists = {(code_list.name, code_list.version): code_list for code_list in self.code_lists}
        if len(lists) != len(self.code_lists):
            raise ValueError("a version of a code list is declared twice")
        kept: dict[str, CodeList] = {}
        for code_list in self.code_lists:
            if code_list.kept and kept.setdefault(code_list.name, code_list) is not code_list:
                raise ValueError(f"code list {code_list.name}: two versions are marked as kept")
        for attribute in self.attributes:
            coded = attribute.type in ("code", "codes")
            if coded != (attribute.code_list is not None):
                raise ValueError(f"attribute {attribute.name}: type and code list do not agree")
            if attribute.code_list is not None and attribute.code_list not in kept:
                raise ValueError(f"attribute {attribute.name}: no code list {attribute.code_list}")
        for mapping in self.mappings:
            source = lists[mapping.from_list, mapping.from_version]
            target = lists[mapping.to_list, mapping.to_version]
            if set(mapping.codes) != set(source.codes) or not set(mapping.codes.values()) <= set(
                target.codes
            ):
                raise ValueError(f"mapping {mapping.from_list} to {mapping.to_list} does not fit its lists")
        object.__setattr__(self, "_by_name", MappingProxyType(by_name))
        object.__setattr__(self, "_lists", MappingProxyType(lists))
        object.__setattr__(self, "_kept", MappingProxyType(kept))
        normalisers = {
            attribute.name: _normaliser(attribute, kept.get(attribute.code_list or ""))
            for attribute in self.attributes
        }
        object.__setattr__(self, "_normalisers", MappingProxyType(normalisers))

    def __getitem__(self, name: str) -> Attribute:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Attribute]:
        return iter(self.attributes)

    def __len__(self) -> int:
        return len(self.attributes)

    def get(self, name: str) -> Attribute | None:
        return self._by_name.get(name)

    @property
    def authorities(self) -> Mapping[str, str]:
        """The authority of every attribute by its name."""
        return MappingProxyType({attribute.name: attribute.authority for attribute in self.attributes})

    def of(self, kind: SubjectKind) -> tuple[Attribute, ...]:
        return tuple(attribute for attribute in self.attributes if attribute.of == kind)

    def in_group(self, group: str) -> tuple[Attribute, ...]:
        return tuple(attribute for attribute in self.attributes if attribute.group == group)

    def groups(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(attribute.group for attribute in self.attributes))

    def code_list(self, name: str, version: str | None = None) -> CodeList:
        """A list in the version given, or in the version that the registers keep. KeyError if there is none."""
        return self._kept[name] if version is None else self._lists[name, version]

    def codes_of(self, attribute: Attribute | str) -> CodeList | None:
        attribute = self._find(attribute)
        return None if attribute.code_list is None else self._kept[attribute.code_list]

    def translate(self, code: str, *, from_: tuple[str, str], to: tuple[str, str]) -> str | None:
        """A code said in another list; lists are (name, version). None where the lists have no such code."""
        if from_ == to:
            return code if code in self._lists[from_].codes else None
        for mapping in self.mappings:
            if (mapping.from_list, mapping.from_version) == from_ and (
                mapping.to_list,
                mapping.to_version,
            ) == to:
                return mapping.codes.get(code)
        raise KeyError(f"no mapping from {from_} to {to}")

    def normalise(self, attribute: Attribute | str, raw: str) -> Value | Refusal:
        """The value that a text means, None for an empty text, or a finding where it cannot be read."""
        return self._normalisers[attribute if isinstance(attribute, str) else attribute.name](raw)

    def normaliser(self, name: str) -> Normaliser:
        """The same for one attribute, to be called once a row of a file."""
        return self._normalisers[name]

    def check(self, attribute: Attribute | str, value: object) -> tuple[Refusal, ...]:
        """Everything that is wrong with a value by itself; None (not known) is right for every attribute."""
        attribute = self._find(attribute)
        if value is None:
            return ()
        return tuple(_findings(attribute, value, self.codes_of(attribute)))

    def words(self, attribute: Attribute | str, value: Value, language: str) -> str:
        """A value as people read it: the label of a code, "ya" for true, a number with its unit."""
        attribute = self._find(attribute)
        if value is None:
            return ""
        code_list = self.codes_of(attribute)
        if code_list is not None:
            text = str(value)
            if attribute.type == "code":
                return code_list.label(text, language)
            parts = _bits(text, code_list)
            return text if parts is None else ", ".join(code_list.label(part, language) for part in parts)
        if isinstance(value, bool):
            return _BOOLEAN_WORDS[language][value]
        if attribute.unit is not None:
            return f"{value} {attribute.unit}"
        return str(value)

    def _find(self, attribute: Attribute | str) -> Attribute:
        return self._by_name[attribute] if isinstance(attribute, str) else attribute


def check_day(attribute: Attribute, value: str, *, today: date) -> tuple[Refusal, ...]:
    """A day of something that is said to have happened may not lie after today; of a birth the year alone is enough."""
    if value > today.isoformat():
        return (Refusal.of("date-in-future", attribute=attribute.name, value=value),)
    return ()


_BOOLEAN_WORDS: Mapping[str, Mapping[bool, str]] = {
    "id": {True: "Ya", False: "Tidak"},
    "en": {True: "Yes", False: "No"},
}
_EARLIEST_DAY = date(1900, 1, 1)
# The area of Indonesia with a margin, so that swapped or truncated coordinates are found.
_LATITUDES = (Decimal("-11.5"), Decimal("6.5"))
_LONGITUDES = (Decimal("94.5"), Decimal("141.5"))

_SPACES = re.compile(r"\s+")
_NUMBERED = re.compile(r"0*(\d{1,3})(?:\.0+)?\s*[.)\-:]?\s*(.*)$")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+$")
_WHOLE = re.compile(r"(-?\d+)(?:[.,]0+)?$")
_ISO_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?$")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?:[T ]00:00(?::00(?:\.0+)?)?)?$")
# Of a birth often only the year, or year and month, is known.
_YEAR_OR_MONTH = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?$")
_WORDED_DAY = re.compile(r"(\d{1,2})[\s\-]+([a-z]+)[\s\-]+(\d{4})$")
_PHONE = re.compile(r"\+62\d{8,12}$")
_POINT = re.compile(r"(-?\d{1,3}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)$")
EMPTY = frozenset({"", "-", "--", "null", "none", "nan", "n/a", "#n/a"})
"""Spellings of nothing, in small letters."""
_NAMES_TOO = frozenset({"nan"})
"""Spellings of nothing that are also names of people, who write them otherwise than a program does."""
_BY_A_PROGRAM = frozenset({"nan", "NaN"})
_YES = frozenset({"ya", "y", "yes", "true", "benar", "1", "v"})
_NO = frozenset({"tidak", "t", "no", "n", "false", "salah", "0", "2", "tdk"})


def _squeeze(raw: str) -> str:
    return _SPACES.sub(" ", raw).strip()


def says_nothing(text: str) -> bool:
    """Whether a text without spaces at its ends is a spelling of nothing, and nobody's name."""
    lowered = text.lower()
    return lowered in EMPTY and (lowered not in _NAMES_TOO or text in _BY_A_PROGRAM)


def _bits(text: str, code_list: CodeList) -> tuple[str, ...] | None:
    """The codes that a sum is made of; a code that is no power of two (0, 99) stands alone."""
    if text in code_list.codes:
        return (text,)
    if not text.isdecimal():
        return None
    left = int(text)
    parts: list[str] = []
    for code in sorted((int(code) for code in code_list.codes), reverse=True):
        if code and code & (code - 1) == 0 and left >= code:
            parts.append(str(code))
            left -= code
    return tuple(reversed(parts)) if left == 0 and parts else None


def read_date(raw: str) -> str | None:
    """ISO text of a day written as 1980-08-12, 12-08-1980, 12/08/1980 or 12 Agustus 1980; None otherwise."""
    text = _squeeze(raw).lower()
    try:
        if (match := _ISO_DAY.match(text)) is not None:
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
        if (match := _DAY_FIRST.match(text)) is not None:
            return date(int(match[3]), int(match[2]), int(match[1])).isoformat()
        if (match := _WORDED_DAY.match(text)) is not None and match[2] in MONTH_NUMBERS:
            return date(int(match[3]), MONTH_NUMBERS[match[2]], int(match[1])).isoformat()
    except ValueError:
        return None
    return None


def _normaliser(attribute: Attribute, code_list: CodeList | None) -> Normaliser:
    name = attribute.name

    def unread(rule: str, raw: str) -> Refusal:
        return Refusal.of(rule, attribute=name, value=_squeeze(raw))

    def empty(raw: str) -> bool:
        return _squeeze(raw).lower() in EMPTY

    def text(raw: str) -> Value | Refusal:
        squeezed = _SPACES.sub(" ", raw).strip()
        return None if says_nothing(squeezed) else squeezed

    def integer(raw: str) -> Value | Refusal:
        if raw.isdecimal():
            return int(raw)
        if empty(raw):
            return None
        squeezed = _squeeze(raw)
        if _THOUSANDS.match(squeezed):
            return int(squeezed.replace(".", ""))
        whole = _WHOLE.match(squeezed)
        return int(whole[1]) if whole is not None else unread("number-unreadable", raw)

    def decimal(raw: str) -> Value | Refusal:
        if empty(raw):
            return None
        squeezed = _squeeze(raw)
        if "," in squeezed:
            squeezed = squeezed.replace(".", "").replace(",", ".")
        try:
            number = Decimal(squeezed)
        except InvalidOperation:
            return unread("number-unreadable", raw)
        return f"{number.normalize():f}" if number.is_finite() else unread("number-unreadable", raw)

    def boolean(raw: str) -> Value | Refusal:
        lowered = _squeeze(raw).lower()
        if lowered in _YES:
            return True
        if lowered in _NO:
            return False
        return None if lowered in EMPTY else unread("yes-no-unreadable", raw)

    def day(raw: str) -> Value | Refusal:
        if empty(raw):
            return None
        return read_date(raw) or unread("date-unreadable", raw)

    def number16(raw: str) -> Value | Refusal:
        if empty(raw):
            return None
        parsed = nik.parse(raw) if attribute.type == "nik" else nik.parse_no_kk(raw)
        return parsed.digits if not isinstance(parsed, tuple) else parsed[0]

    def phone(raw: str) -> Value | Refusal:
        if empty(raw):
            return None
        digits = re.sub(r"[\s().\-]", "", raw)
        if digits.startswith("0"):
            digits = "+62" + digits[1:]
        elif digits.startswith("62"):
            digits = "+" + digits
        elif digits.startswith("8"):
            digits = "+62" + digits
        return digits if _PHONE.match(digits) else unread("phone-unreadable", raw)

    def point(raw: str) -> Value | Refusal:
        if empty(raw):
            return None
        match = _POINT.match(_squeeze(raw))
        return f"{match[1]},{match[2]}" if match is not None else unread("point-unreadable", raw)

    def region(raw: str) -> Value | Refusal:
        if empty(raw):
            return None
        return regions.parse_code(raw) or unread("region-code-unreadable", raw)

    if code_list is None:
        return {
            "text": text,
            "subject": text,
            "integer": integer,
            "decimal": decimal,
            "boolean": boolean,
            "date": day,
            "nik": number16,
            "no_kk": number16,
            "phone": phone,
            "point": point,
            "region": region,
        }[attribute.type]

    known = code_list
    # Files repeat the same few spellings, so those that are right are looked up, not read again.
    exact: dict[str, Value | Refusal] = {code: code for code in known.codes}

    def code(raw: str) -> Value | Refusal:
        if raw in exact:
            return exact[raw]
        if (found := known.read(raw)) is not None:
            return found
        return None if empty(raw) else unread("code-unknown", raw)

    def codes(raw: str) -> Value | Refusal:
        if raw in exact:
            return exact[raw]
        if empty(raw):
            return None
        parts = [part for part in re.split(r"[+,;|]", _squeeze(raw)) if part.strip()]
        found = [known.read(part) or part.strip() for part in parts]
        if not all(part.isdecimal() for part in found):
            return unread("code-unknown", raw)
        total = str(sum(int(part) for part in dict.fromkeys(found)))
        return total if _bits(total, known) is not None else unread("code-unknown", raw)

    return code if attribute.type == "code" else codes


def _findings(attribute: Attribute, value: object, code_list: CodeList | None) -> Iterator[Refusal]:
    name = attribute.name
    expected: type = {"integer": int, "subject": int, "boolean": bool}.get(attribute.type, str)
    # bool is an int in Python, but a yes or no is no number.
    if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
        yield Refusal.of("value-wrong-type", attribute=name, type=attribute.type)
        return
    if isinstance(value, int) and not isinstance(value, bool):
        yield from _outside(attribute, Decimal(value))
        return
    if not isinstance(value, str):
        return
    if attribute.type == "code" and code_list is not None:
        if value not in code_list.codes:
            yield Refusal.of("code-unknown", attribute=name, value=value)
    elif attribute.type == "codes" and code_list is not None:
        if _bits(value, code_list) is None:
            yield Refusal.of("code-unknown", attribute=name, value=value)
    elif attribute.type == "decimal":
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            yield from _outside(attribute, number)
        else:
            yield Refusal.of("number-unreadable", attribute=name, value=value)
    elif attribute.type == "date":
        if name == "birth_date" and _YEAR_OR_MONTH.match(value) is not None:
            if int(value[:4]) < _EARLIEST_DAY.year:
                yield Refusal.of("year-too-early", attribute=name, year=int(value[:4]))
        elif read_date(value) != value:
            yield Refusal.of("date-unreadable", attribute=name, value=value)
        elif date.fromisoformat(value) < _EARLIEST_DAY:
            yield Refusal.of("year-too-early", attribute=name, year=int(value[:4]))
    elif attribute.type == "nik":
        parsed = nik.parse(value)
        if isinstance(parsed, tuple):
            yield from parsed
        elif parsed.digits != value:
            yield Refusal.of("nik-not-plain", attribute=name)
    elif attribute.type == "no_kk":
        family_card = nik.parse_no_kk(value)
        if isinstance(family_card, tuple):
            yield from family_card
        elif family_card.digits != value:
            yield Refusal.of("no-kk-not-plain", attribute=name)
    elif attribute.type == "phone":
        if not _PHONE.match(value):
            yield Refusal.of("phone-unreadable", attribute=name, value=value)
    elif attribute.type == "point":
        match = _POINT.match(value)
        if match is None:
            yield Refusal.of("point-unreadable", attribute=name, value=value)
        elif not (
            _LATITUDES[0] <= Decimal(match[1]) <= _LATITUDES[1]
            and _LONGITUDES[0] <= Decimal(match[2]) <= _LONGITUDES[1]
        ):
            yield Refusal.of("point-outside-indonesia", attribute=name, value=value)
    elif attribute.type == "region":
        if regions.parse_code(value) != value:
            yield Refusal.of("region-code-unreadable", attribute=name, value=value)
        elif attribute.minimum is not None and len(value) < attribute.minimum:
            yield Refusal.of("region-level-differs", attribute=name, value=value)
    elif attribute.type == "text":
        if not value.strip():
            yield Refusal.of("text-empty", attribute=name)
        elif attribute.maximum is not None and len(value) > attribute.maximum:
            yield Refusal.of("text-too-long", attribute=name, length=len(value), maximum=attribute.maximum)


def _outside(attribute: Attribute, number: Decimal) -> Iterator[Refusal]:
    if attribute.minimum is not None and number < attribute.minimum:
        yield Refusal.of(
            "number-too-small", attribute=attribute.name, value=str(number), minimum=attribute.minimum
        )
    if attribute.maximum is not None and number > attribute.maximum:
        yield Refusal.of(
            "number-too-large", attribute=attribute.name, value=str(number), maximum=attribute.maximum
        )
