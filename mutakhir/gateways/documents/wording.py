"""Wording: days, hours, numbers and digests as Indonesian letters write them; the filters of the templates."""

from __future__ import annotations

import base64
from collections.abc import Sized
from datetime import date, datetime, time

from django import template

from mutakhir.core import dates, digests, nik, tickets

register = template.Library()

DAYS, MONTHS = dates.WEEKDAYS["id"], dates.MONTHS["id"]
_DIGITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


@register.filter
def day(value: date) -> str:
    """12 Oktober 2026"""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


@register.filter
def weekday(value: date) -> str:
    return DAYS[value.weekday()]


@register.filter
def day_in_words(value: date) -> str:
    """empat belas bulan Oktober tahun dua ribu dua puluh enam"""
    return f"{in_words(value.day)} bulan {MONTHS[value.month - 1]} tahun {in_words(value.year)}"


@register.filter
def numerals(value: date) -> str:
    """14-10-2026, only behind the same day in words"""
    return f"{value.day:02d}-{value.month:02d}-{value.year}"


@register.filter
def short_day(value: date) -> str:
    """1 Sep 2026"""
    return f"{value.day} {MONTHS[value.month - 1][:3]} {value.year}"


@register.filter
def hour(value: time) -> str:
    """09.30"""
    return f"{value.hour:02d}.{value.minute:02d}"


@register.filter
def instant(value: datetime) -> str:
    """12 Oktober 2026, 10.46 WIB; the zone is named where it is one of the three of Indonesia."""
    offset = value.utcoffset()
    zone = "" if offset is None else _ZONES.get(round(offset.total_seconds() / 3600), "")
    return f"{day(value)}, {hour(value.time())} {zone}".rstrip()


@register.filter
def count(value: int) -> str:
    """3.000"""
    return f"{value:,}".replace(",", ".")


@register.filter
def in_words(value: int) -> str:
    """A number below a thousand million in words: dua ribu dua puluh enam."""
    if not 0 <= value < 1_000_000_000:
        raise ValueError(f"{value} is not written in words")
    if value < 10:
        return _DIGITS[value]
    if value < 20:
        return {10: "sepuluh", 11: "sebelas"}.get(value) or f"{_DIGITS[value - 10]} belas"
    for size, word, one in (
        (1_000_000, "juta", ""),
        (1000, "ribu", "seribu"),
        (100, "ratus", "seratus"),
        (10, "puluh", ""),
    ):
        if value >= size:
            much, rest = divmod(value, size)
            head = one if much == 1 and one else f"{in_words(much)} {word}"
            return f"{head} {in_words(rest)}" if rest else head
    raise AssertionError


@register.filter
def ticket(value: str) -> str:
    return tickets.shown(value)


@register.filter
def ticket_end(value: str) -> str:
    """The last four signs: enough to find a row on the table, too little to open it."""
    return tickets.shown(value)[-4:]


@register.filter
def digest(value: str) -> str:
    return digests.shown(value)


@register.filter
def identifier(value: str, form: str) -> str:
    """A NIK or No KK, masked unless the full form is asked for."""
    return value if form == "full" else nik.mask(value)


@register.filter
def columns(signatures: Sized) -> int:
    """How many signatures stand in a row: as even as can be, at most three."""
    return 2 if len(signatures) in (2, 4) else 3


@register.filter
def image(value: bytes) -> str:
    """The bytes of a PNG or JPEG as an address inside the page. ValueError for other bytes."""
    for start, kind in ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpeg")):
        if value.startswith(start):
            return f"data:image/{kind};base64,{base64.b64encode(value).decode()}"
    raise ValueError("a coat of arms is a PNG or a JPEG")
