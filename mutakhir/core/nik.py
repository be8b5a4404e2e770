"""Numbers of persons and of family cards: reading them as people and files write them, and what their digits say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from mutakhir.core.refusals import Refusal

TRAINING_PROVINCE = "99"
"""The declared training region: it is assigned to no province, so such a number can be nobody's."""

PROVINCES_EVER_USED = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "16",
        "17",
        "18",
        "19",
        "21",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "72",
        "73",
        "74",
        "75",
        "76",
        "81",
        "82",
        "91",
        "92",
        "93",
        "94",
        "95",
        "96",
    ]
)
"""Prefixes that numbers were issued under, former provinces included: a number keeps its first region for ever."""

_SEPARATORS = re.compile(r"[\s.\-_'\"`\u2018\u2019\u201c\u201d\u00a0\u2009\u202f]")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,2}$")
_FLOAT_TAIL = re.compile(r"(\d{10,})[.,]0{1,2}$")


@dataclass(frozen=True, slots=True)
class Nik:
    """A number of 16 digits whose form is right. It proves nothing about the person."""

    digits: str

    @property
    def province(self) -> str:
        return self.digits[:2]

    @property
    def sex(self) -> str:
        """ "1" for a man, "2" for a woman, as the digits have it."""
        return "2" if int(self.digits[6:8]) > 40 else "1"

    @property
    def birth_day(self) -> int:
        day = int(self.digits[6:8])
        return day - 40 if day > 40 else day

    @property
    def birth_month(self) -> int:
        return int(self.digits[8:10])

    @property
    def birth_year_of_century(self) -> int:
        return int(self.digits[10:12])

    @property
    def birth_day_said(self) -> str:
        """The birth date as far as the digits say it, YY-MM-DD."""
        digits = self.digits
        day = digits[6:8] if digits[6] < "4" else f"{int(digits[6:8]) - 40:02}"
        return f"{digits[10:12]}-{digits[8:10]}-{day}"

    @property
    def sequence(self) -> str:
        return self.digits[12:]

    @property
    def is_training(self) -> bool:
        return self.province == TRAINING_PROVINCE


@dataclass(frozen=True, slots=True)
class NoKk:
    """The number of a family card: region and day of issue, then a sequence. It changes in a family's life."""

    digits: str

    @property
    def province(self) -> str:
        return self.digits[:2]

    @property
    def is_training(self) -> bool:
        return self.province == TRAINING_PROVINCE


def clean(raw: str) -> str:
    """What was written without the dots, spaces, dashes and quotation marks that people and programs put in."""
    text = raw.strip()
    if (match := _FLOAT_TAIL.match(text)) is not None:
        text = match[1]
    return _SEPARATORS.sub("", text)


def parse(raw: str) -> Nik | tuple[Refusal, ...]:
    """The number, or every finding that keeps it from being one. Never raises."""
    digits = raw if len(raw) == 16 and raw.isascii() and raw.isdecimal() else clean(raw)
    findings = _form("nik", raw, digits)
    if findings:
        return findings
    day, month = int(digits[6:8]), int(digits[8:10])
    found: list[Refusal] = []
    if not (1 <= day <= 31 or 41 <= day <= 71):
        found.append(Refusal.of("nik-day-impossible", day=digits[6:8]))
    if not 1 <= month <= 12:
        found.append(Refusal.of("nik-month-impossible", month=digits[8:10]))
    if digits[12:] == "0000":
        found.append(Refusal.of("nik-rounded"))
    return tuple(found) if found else Nik(digits)


def parse_no_kk(raw: str) -> NoKk | tuple[Refusal, ...]:
    """The number of a family card, or every finding that keeps it from being one. Never raises."""
    digits = raw if len(raw) == 16 and raw.isascii() and raw.isdecimal() else clean(raw)
    findings = _form("no-kk", raw, digits)
    if findings:
        return findings
    if digits[12:] == "0000":
        return (Refusal.of("no-kk-rounded"),)
    return NoKk(digits)


def _form(kind: str, raw: str, digits: str) -> tuple[Refusal, ...]:
    if not (digits.isascii() and digits.isdecimal()):
        if _SCIENTIFIC.match(raw.strip()):
            return (Refusal.of(f"{kind}-rounded"),)
        for place, sign in enumerate(digits, start=1):
            if not (sign.isascii() and sign.isdecimal()):
                return (Refusal.of(f"{kind}-has-{'letter' if sign.isalpha() else 'sign'}", place=place),)
        return (Refusal.of(f"{kind}-empty"),)
    if not digits.strip("0"):
        return (Refusal.of(f"{kind}-zero"),)
    if len(digits) < 16:
        return (Refusal.of(f"{kind}-too-short", length=len(digits), missing=16 - len(digits)),)
    if len(digits) > 16:
        return (Refusal.of(f"{kind}-too-long", length=len(digits), over=len(digits) - 16),)
    if len(set(digits)) == 1:
        return (Refusal.of(f"{kind}-repeated", digit=digits[0]),)
    return ()


def refuse_training(number: Nik | NoKk, *, production: bool) -> tuple[Refusal, ...]:
    """A node that serves real people takes no number of the training region."""
    if production and number.is_training:
        return (Refusal.of("nik-training-region" if isinstance(number, Nik) else "no-kk-training-region"),)
    return ()


def warnings(number: Nik, *, birth_date: date | str | None, sex: str | None) -> tuple[Refusal, ...]:
    """Where the digits disagree with what is known. A corrected birth date or sex leaves the number as it was."""
    found: list[Refusal] = []
    if isinstance(birth_date, str) and len(birth_date) < 10:
        # Only the year, or year and month, is known.
        said_then = f"{number.birth_year_of_century:02}" + (
            f"-{number.birth_month:02}" if birth_date[4:] else ""
        )
        if birth_date[2:] != said_then:
            found.append(
                Refusal.of("nik-birth-date-differs", birth_date=birth_date, digits=number.digits[6:12])
            )
    elif birth_date is not None and str(birth_date)[2:] != number.birth_day_said:
        day = date.fromisoformat(birth_date) if isinstance(birth_date, str) else birth_date
        found.append(
            Refusal.of("nik-birth-date-differs", birth_date=day.isoformat(), digits=number.digits[6:12])
        )
    if sex in ("1", "2") and sex != number.sex:
        found.append(Refusal.of("nik-sex-differs", sex=sex))
    if not number.is_training and number.province not in PROVINCES_EVER_USED:
        found.append(Refusal.of("nik-region-unknown", province=number.province))
    return tuple(found)


HIDDEN = "·"


def mask(digits: str) -> str:
    """For lists: the region and the last four digits stay, the birth date is hidden (990801······0003)."""
    return f"{digits[:6]}{HIDDEN * 6}{digits[12:]}" if len(digits) == 16 else HIDDEN * len(digits)


def group(digits: str) -> tuple[str, str, str]:
    """The parts 6-6-4 for showing; the page sets the gaps, so that copying gives the 16 digits."""
    return digits[:6], digits[6:12], digits[12:]
