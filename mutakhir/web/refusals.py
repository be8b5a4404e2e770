"""Refusals as people read them, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import translation

from mutakhir import parameters
from mutakhir.core.refusals import Refusal
from mutakhir.web.values import FieldError


def language() -> str:
    return "en" if (translation.get_language() or "id").startswith("en") else "id"


def say(refusal: Refusal) -> str:
    return parameters.load().say(refusal, language())


def say_all(refusals: Iterable[Refusal]) -> str:
    return " ".join(dict.fromkeys(say(one) for one in refusals))


def word(table: str, key: str) -> str:
    return parameters.load().word(table, key, language())


def field_errors(refusals: Iterable[Refusal], *, fields: dict[str, str] | None = None) -> list[FieldError]:
    """Refusals as lines of the error summary.

    A refusal is tied to the field named by its particular `attribute` or `what`, or by `fields` (rule id to field).
    """
    errors = []
    for refusal in refusals:
        told = dict(refusal.particulars)
        field = (fields or {}).get(refusal.rule) or str(told.get("attribute") or told.get("what") or "")
        errors.append(FieldError(field.rpartition(":")[2], say(refusal)))
    return errors
