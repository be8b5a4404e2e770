"""Regions: the codes of the Ministry of Home Affairs from province to village, their names and their reach."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

Level = Literal["province", "kabupaten", "kecamatan", "village"]

LEVELS: dict[int, Level] = {2: "province", 4: "kabupaten", 6: "kecamatan", 10: "village"}
"""The level by the number of digits."""

_CODE = re.compile(r"\d{2}(?:\.?\d{2}(?:\.?\d{2}(?:\.?\d{4})?)?)?$")
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_KIND_WORDS = frozenset(
    [
        "provinsi",
        "prov",
        "propinsi",
        "kabupaten",
        "kab",
        "kota",
        "kotamadya",
        "administrasi",
        "adm",
        "kecamatan",
        "kec",
        "distrik",
        "kelurahan",
        "kel",
        "desa",
        "ds",
    ]
)


@dataclass(frozen=True, slots=True)
class Region:
    """One region in one period; `valid_from` is None where the beginning is not recorded."""

    code: str
    name: str
    level: Level
    parent: str | None
    valid_from: date | None = None
    valid_until: date | None = None
    post_code: str | None = None

    @property
    def kind(self) -> str:
        return kind_of(self.code)

    @property
    def display_name(self) -> str:
        """The name with its kind, as on letters: Desa Burno, Kelurahan Jogoyudan, Kab. Lumajang."""
        return display_name(self.code, self.name)


def parse_code(raw: str) -> str | None:
    """The undotted digits of "35.08.01.2001" or "3508012001"; None if it is no code of 2, 4, 6 or 10 digits."""
    text = raw.strip()
    return text.replace(".", "") if text.isascii() and _CODE.match(text) else None


def level_of(code: str) -> Level:
    """The level of an undotted code; KeyError for any other number of digits."""
    return LEVELS[len(code)]


def parent_of(code: str) -> str | None:
    """The code of the region above; None for a province."""
    return {2: None, 4: code[:2], 6: code[:4], 10: code[:6]}[len(code)]


def path_of(code: str) -> tuple[str, ...]:
    """The codes from the province down to the region itself."""
    return tuple(code[:length] for length in (2, 4, 6, 10) if length <= len(code))


def within(scope: str, code: str) -> bool:
    """Whether a region lies in a scope: the scope is a prefix of its code; the empty scope is the nation."""
    return code.startswith(scope)


def kind_of(code: str) -> str:
    """provinsi, kabupaten, kota, kecamatan, distrik, kelurahan, desa or desa_adat, read from the code alone."""
    level = level_of(code)
    if level == "province":
        return "provinsi"
    if level == "kabupaten":
        return "kota" if code[2] in "789" else "kabupaten"
    if level == "kecamatan":
        return "distrik" if code[0] == "9" and code[:2] != "99" else "kecamatan"
    return {"1": "kelurahan", "3": "desa_adat"}.get(code[6], "desa")


_KIND_BEFORE_NAME = {
    "provinsi": "Provinsi",
    "kabupaten": "Kab.",
    "kota": "Kota",
    "kecamatan": "Kecamatan",
    "distrik": "Distrik",
    "kelurahan": "Kelurahan",
    "desa": "Desa",
    "desa_adat": "Desa Adat",
}


def display_name(code: str, name: str) -> str:
    """A bare name ("Lumajang") with the word of its kind ("Kab. Lumajang")."""
    return f"{_KIND_BEFORE_NAME[kind_of(code)]} {name}"


def normalise_region_name(raw: str) -> str:
    """A name for comparing: "Ds. Oro-Oro Ombo", "DESA ORO ORO OMBO" and "Oro-oro Ombo" become "oro oro ombo".

    Words for the kind of region at the front fall away, accents and signs too; a name that consists of
    such a word alone keeps it.
    """
    plain = unicodedata.normalize("NFKD", raw).encode("ascii", "ignore").decode().lower().replace("'", "")
    words = [word for word in _NOT_LETTERS.split(plain) if word]
    while len(words) > 1 and words[0] in _KIND_WORDS:
        words.pop(0)
    return " ".join(words)
