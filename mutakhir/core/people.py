"""Names as people here write them, made comparable for search."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NOT_LETTERS = re.compile(r"[^a-z ]+")
_TITLES = frozenset(
    [
        "h",
        "hj",
        "hajjah",
        "haji",
        "kh",
        "drs",
        "dra",
        "dr",
        "ir",
        "prof",
        "rr",
        "raden",
        "ny",
        "tn",
        "alm",
        "almh",
        "spd",
        "sh",
        "se",
        "st",
        "skm",
        "amd",
        "skep",
        "sag",
        "mpd",
        "msi",
        "mm",
    ]
)
_SAME = {
    "m": "muhammad",
    "moh": "muhammad",
    "moch": "muhammad",
    "mokh": "muhammad",
    "much": "muhammad",
    "muchamad": "muhammad",
    "muchammad": "muhammad",
    "muh": "muhammad",
    "mohd": "muhammad",
    "mohamad": "muhammad",
    "mohammad": "muhammad",
    "muhamad": "muhammad",
    "mochamad": "muhammad",
    "mochammad": "muhammad",
    "mokhamad": "muhammad",
    "abd": "abdul",
    "abdoel": "abdul",
    "st": "siti",
}
_OLD_SPELLING = (
    ("oe", "u"),
    ("dj", "j"),
    ("tj", "c"),
    ("sj", "sy"),
    ("nj", "ny"),
    ("kh", "h"),
    ("ch", "h"),
    ("z", "j"),
)
"""How a sound was or is written, and the one way it is searched: Soekarno, Djoko; Kholil and Holil, Achmad, Zaenab and Jaenab."""
_DOUBLED = re.compile(r"([a-z])\1+")


def search_key(name: str) -> str:
    """The form in which names are searched: small letters, no titles, one spelling of what sounds alike.

    >>> search_key("Hj. Siti Moenawaroh, S.Pd.")
    'siti munawaroh'
    """
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = name.lower().replace("s.pd", " ").replace("'", "").replace("-", " ")
    words = _NOT_LETTERS.sub(" ", plain).split()
    kept = [word for word in words if word not in _TITLES or word == "st"]
    return " ".join(_spell(word) for word in (kept or words))


@lru_cache(maxsize=1 << 15)
def _spell(word: str) -> str:
    if word in _SAME:
        return _SAME[word]
    for old, new in _OLD_SPELLING:
        word = word.replace(old, new)
    return _DOUBLED.sub(r"\1", word)
