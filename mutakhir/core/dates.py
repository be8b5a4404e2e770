"""Dates: the names of months and days, and reading the day that somebody wrote, in forms, files and spreadsheets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from mutakhir.core.refusals import Refusal

Precision = Literal["day", "month", "year"]

OLDEST_AGE_YEARS = 125
ADULT_AGE_YEARS = 15
"""The youngest age at which a head of family, a spouse or somebody married is believed without a look."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A date as it was written: ISO text of the precision that is known, and what was assumed to read it."""

    iso: str
    precision: Precision
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bearer:
    """What else a row says of the person, to tell 1926 from 2026 where a year has two digits."""

    age_years: int | None = None
    adult: bool = False


NOBODY = Bearer()

_SPREADSHEET_DAY_ZERO = date(1899, 12, 30)
# Serials count a 29 February 1900 that never was; days before March 1900 are therefore not read as serials.
_FIRST_SERIAL = 61

_SPACES = re.compile(r"\s+")
_ALL_ZERO = re.compile(r"[0\-/.: t]*$")
_TIME = re.compile(
    r"[t ]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?:\s*(?:z|wib|wita|wit|am|pm|[+-]\d{2}:?\d{2}))?$"
)
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{1,2})$")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/., ]\s*(\d{1,2})\s*[-/., ]\s*(\d{4}|\d{2})$")
_WORDED = re.compile(r"(?:(\d{1,2})[\s\-/.,]*)?([a-z]+)[\s\-/.,]*(\d{4}|\d{2})$")
_MONTH_AND_YEAR = re.compile(r"(\d{1,2})\s*[-/]\s*(\d{4})$")
_YEAR_AND_MONTH = re.compile(r"(\d{4})\s*-\s*(\d{1,2})$")
_SERIAL = re.compile(r"(\d{1,5})(?:\.\d+)?$")

# fmt: off
MONTHS: Mapping[str, tuple[str, ...]] = {
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni",
           "Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    "en": ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"),
}
WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
# fmt: on

MONTH_NUMBERS: Mapping[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "januari jan january",
            "februari pebruari feb peb february",
            "maret mar march",
            "april apr",
            "mei may",
            "juni jun june",
            "juli jul july",
            "agustus agu agt ags agst aug august",
            "september sep sept",
            "oktober okt oct october",
            "november nopember nov nop",
            "desember des dec december",
        ),
        start=1,
    )
    for word in words.split()
}
"""Months by the words that people write, in small letters."""

_EMPTY = frozenset({"null", "none", "nan", "nat", "n/a", "#n/a"})


def read_day(
    raw: str, *, today: date, bearer: Bearer = NOBODY, attribute: str = "birth_date"
) -> Reading | Refusal | None:
    """The day on which something happened, as somebody wrote it; None where nothing was written.

    Reads 1988-07-05, 5-7-1988, 05/07/88, 5 Juli 1988, 05-JUL-88, 05071988, a spreadsheet's serial, month
    and year, and a year alone. The day comes before the month; where that gives no day and the other order
    does, the other order is taken and said in `assumed`. A day that does not exist, lies after `today`
    or more than 125 years before it is refused.
    """
    text = _SPACES.sub(" ", raw).strip().lower()
    if text in _EMPTY or _ALL_ZERO.match(text) is not None:
        return None
    text = _TIME.sub("", text).strip(" ,.'")
    parts = _parts(text, today, bearer)
    if parts is None:
        return Refusal.of("date-unreadable", attribute=attribute, value=raw.strip())
    year, month, day, assumed = parts
    if year < today.year - OLDEST_AGE_YEARS:
        return Refusal.of("year-too-early", attribute=attribute, year=year)
    if month > 12 >= day > 0:
        day, month = month, day
        assumed = (*assumed, "date-month-first")
    if not month:
        if day:
            return Refusal.of("date-impossible", attribute=attribute, value=raw.strip())
        if year > today.year:
            return Refusal.of("date-in-future", attribute=attribute, value=str(year))
        return Reading(f"{year:04d}", "year", assumed)
    if not day:
        if month > 12:
            return Refusal.of("date-impossible", attribute=attribute, value=raw.strip())
        if (year, month) > (today.year, today.month):
            return Refusal.of("date-in-future", attribute=attribute, value=f"{year:04d}-{month:02d}")
        return Reading(f"{year:04d}-{month:02d}", "month", assumed)
    try:
        found = date(year, month, day)
    except ValueError:
        return Refusal.of("date-impossible", attribute=attribute, value=raw.strip())
    if found > today:
        return Refusal.of("date-in-future", attribute=attribute, value=found.isoformat())
    return Reading(found.isoformat(), "day", assumed)


def expand_year(short: int, *, today: date, bearer: Bearer = NOBODY) -> int:
    """The year meant by its last two digits: nearest to a stated age, old enough for an adult, else the latest."""
    latest = today.year - (today.year - short) % 100
    earlier = latest - 100
    if earlier < today.year - OLDEST_AGE_YEARS:
        return latest
    if bearer.age_years is not None:
        born = today.year - bearer.age_years
        return min((latest, earlier), key=lambda year: abs(year - born))
    if bearer.adult and today.year - latest < ADULT_AGE_YEARS:
        return earlier
    return latest


_Parts = tuple[int, int, int, tuple[str, ...]]


def _parts(text: str, today: date, bearer: Bearer) -> _Parts | None:
    """Year, month and day as written; 0 for a month or day that is not known."""
    if (match := _YEAR_FIRST.match(text)) is not None:
        return int(match[1]), int(match[2]), int(match[3]), ()
    if (match := _YEAR_LAST.match(text)) is not None:
        year, assumed = _year(match[3], today, bearer)
        return year, int(match[2]), int(match[1]), assumed
    if text.isdecimal() and text.isascii():
        return _from_digits(text, today)
    if (match := _WORDED.match(text)) is not None and (month := MONTH_NUMBERS.get(match[2])) is not None:
        year, assumed = _year(match[3], today, bearer)
        return year, month, int(match[1] or 0), assumed
    if (match := _MONTH_AND_YEAR.match(text)) is not None:
        return int(match[2]), int(match[1]), 0, ()
    if (match := _YEAR_AND_MONTH.match(text)) is not None:
        return int(match[1]), int(match[2]), 0, ()
    if (match := _SERIAL.match(text)) is not None:
        return _from_digits(match[1], today)
    return None


def _year(digits: str, today: date, bearer: Bearer) -> tuple[int, tuple[str, ...]]:
    if len(digits) == 4:
        return int(digits), ()
    return expand_year(int(digits), today=today, bearer=bearer), ("date-century-assumed",)


def _from_digits(digits: str, today: date) -> _Parts | None:
    if len(digits) == 4:
        return int(digits), 0, 0, ()
    if len(digits) <= 5:
        return _from_serial(int(digits))
    if len(digits) in (7, 8):
        # A number cell drops the zero of 05071988.
        padded = digits.zfill(8)
        day_first = (int(padded[4:]), int(padded[2:4]), int(padded[:2]))
        year_first = (int(padded[:4]), int(padded[4:6]), int(padded[6:]))
        for year, month, day in (day_first, year_first) if len(digits) == 8 else (day_first,):
            if today.year - OLDEST_AGE_YEARS <= year <= today.year and month <= 12 and day <= 31:
                return year, month, day, ()
    return None


def _from_serial(serial: int) -> _Parts | None:
    if serial < _FIRST_SERIAL:
        return None
    found = _SPREADSHEET_DAY_ZERO + timedelta(days=serial)
    return found.year, found.month, found.day, ("date-from-serial",)
