"""Which village a page is about, and the addresses of this part: the reader's own village, or the one chosen by who stands above."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from mutakhir.queries.reserve import READERS
from mutakhir.web.desk import Desk, home_region, typed_number

VILLAGE_DIGITS = 10


def village_of(request: Desk) -> str:
    """The village asked for (`desa`), else the reader's own; "" where somebody above has not chosen one yet.

    A village out of reach is a page that is not there.
    """
    asked = request.GET.get("desa") or request.POST.get("desa") or ""
    if asked:
        if (
            len(asked) != VILLAGE_DIGITS
            or not (asked.isascii() and asked.isdecimal())
            or not request.actor.has(READERS, asked)
        ):
            raise Http404
        return asked
    home = home_region(request.actor)
    return home if len(home) == VILLAGE_DIGITS else ""


def address(name: str, *arguments: object, **query: object) -> str:
    """The address of a page with its query; what is empty stays out."""
    told = {key: value for key, value in query.items() if value not in (None, "")}
    return reverse(name, args=arguments) + (f"?{urlencode(told)}" if told else "")


def asked_village(request: Desk, village: str) -> str:
    """What addresses carry of the village: nothing where it is the reader's own."""
    return "" if village == home_region(request.actor) else village


def number_of(text: str | None) -> int:
    """A cursor as a whole number; 0 where it is none."""
    return typed_number(text or "") or 0
