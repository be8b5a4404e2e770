"""The narrow door out of one's own regions: whether somebody is registered elsewhere, and which kabupaten to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from mutakhir.core.people import search_key
from mutakhir.queries.places import place

KABUPATEN_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Somebody who is registered outside one's regions. Only `kabupaten` is told; the rest is for the log and for whoever
    is asked to record the move.
    """

    person: int
    name: str
    region: str
    kabupaten: str


def registered_elsewhere(nik: str, name: str, birth_date: str, *, scopes: Sequence[str]) -> Elsewhere | None:
    """The registered person outside these regions with whom NIK, name and birth date all agree; None is a plain no.

    A birth date is compared as a whole: knowing the year alone opens nothing.
    """
    key = search_key(name)
    if len(birth_date) != len("1988-07-05") or not key:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person, name, region FROM registered_elsewhere(%s, %s, %s)", [nik, key, birth_date]
        )
        found = [row for row in cursor if not row[2].startswith(tuple(scopes))]
    if not found:
        return None
    person, known_as, region = found[0]
    return Elsewhere(person, known_as, region, place(region[:KABUPATEN_DIGITS]).kabupaten)
