"""Neutral cells: text that a spreadsheet shows and never runs."""

from __future__ import annotations

_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n")
# A full-width sign is folded to the plain one by some spreadsheets when they read a CSV file.
_WIDE_STARTERS = ("\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe_cell(value: object) -> str:
    """The text of a value for a CSV or XLSX cell; what would begin a formula gets an apostrophe before it.

    Leading spaces do not hide a formula, since spreadsheets skip them. A plain negative number stays as it is.
    No two texts become the same cell.
    """
    text = "" if value is None else str(value)
    if text.startswith("'"):
        return "'" + text if safe_cell(text[1:]) != text[1:] else text
    start = text.lstrip(" \u00a0\ufeff")
    if not start.startswith(_STARTERS + _WIDE_STARTERS) and not text.startswith(_STARTERS):
        return text
    if start.startswith("-") and _is_number(start[1:]):
        return text
    return "'" + text


def bare_cell(text: str) -> str:
    """The text that `safe_cell` was given; for reading back what we wrote."""
    return text[1:] if text.startswith("'") and safe_cell(text[1:]) == text else text


def _is_number(text: str) -> bool:
    whole, point, fraction = text.partition(".")
    digits = whole + fraction
    return (
        bool(digits)
        and digits.isascii()
        and digits.isdecimal()
        and bool(whole)
        and (bool(fraction) or not point)
    )
