"""NIK and No KK on screens: masked by default, and in full for a short time for one person, with a reason that is logged."""

from __future__ import annotations

from django.http import HttpRequest

from mutakhir.core import nik
from mutakhir.web.sessions import rules_of_today

OPENED = "opened_numbers"
"""What a session keeps: until when the numbers of a person or family are shown in full, in seconds since 1970."""


class InFull(str):
    """A number that is shown with all its digits; every other one is masked where it is shown."""

    __slots__ = ()


def masked(text: str) -> str:
    """As it is shown: masked, unless it was opened."""
    return str(text) if isinstance(text, InFull) else nik.mask(text)


def is_open(request: HttpRequest, *subjects: int | None) -> bool:
    """Whether the numbers of one of these persons or families were opened a moment ago."""
    kept = request.session.get(OPENED, {})
    now = request.now.timestamp()  # type: ignore[attr-defined]
    return any(now < kept.get(str(subject), 0) for subject in subjects)


def shown(request: HttpRequest, number: str, *subjects: int | None) -> str:
    return InFull(number) if number and is_open(request, *subjects) else number


def open_for_a_while(request: HttpRequest, subject: int) -> None:
    now = request.now  # type: ignore[attr-defined]
    kept = {one: until for one, until in request.session.get(OPENED, {}).items() if until > now.timestamp()}
    kept[str(subject)] = (now + rules_of_today(now).unmasked).timestamp()
    request.session[OPENED] = kept
