"""How dates, numbers and identifiers are written for people in the two languages of the interface."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from mutakhir.core import nik
from mutakhir.core.dates import MONTHS, WEEKDAYS


def choose_language(language: str) -> str:
    """ "en" for every kind of English, else "id"."""
    return "en" if language.startswith("en") else "id"


def write_month(month: int, language: str) -> str:
    """Three letters: Jan, Agu."""
    return MONTHS[choose_language(language)][month - 1][:3]


def write_day(day: date, language: str) -> str:
    """24 November 2026."""
    return f"{day.day} {MONTHS[choose_language(language)][day.month - 1]} {day.year}"


def write_day_short(day: date, language: str) -> str:
    """24 Nov."""
    return f"{day.day} {write_month(day.month, language)}"


def write_weekday(day: date, language: str) -> str:
    """Selasa, 24 November 2026."""
    return f"{WEEKDAYS[choose_language(language)][day.weekday()]}, {write_day(day, language)}"


def write_clock(instant: datetime) -> str:
    """10.42; the instant must already be in the reader's zone."""
    return f"{instant.hour:02}.{instant.minute:02}"


def write_count(number: int | Decimal, language: str) -> str:
    """1.284 in Indonesian, 1,284 in English; decimals keep their digits."""
    text = f"{number:,}"
    if choose_language(language) == "id":
        return text.translate(str.maketrans(",.", ".,"))
    return text


def write_percent(share: float | Decimal, language: str) -> str:
    """0.079 is 7,9%; whole percents lose their zero."""
    value = (Decimal(str(share)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    number = int(value) if value == value.to_integral_value() else value
    return f"{write_count(number, language)}%"


def write_rupiah(amount: int | Decimal, language: str) -> str:
    """Rp200.000."""
    return f"Rp{write_count(amount, language)}"


def group_nik(digits: str) -> tuple[str, ...]:
    """The three groups region, date, sequence; a text of another form stays one group."""
    plain = digits.replace(nik.HIDDEN, "0")
    return nik.group(digits) if len(digits) == 16 and plain.isdecimal() else (digits,)


def mask_name(name: str) -> str:
    """T***** for Tumini: the first letter of each word, the same number of stars for all."""
    return " ".join(f"{word[0]}*****" for word in name.split())
