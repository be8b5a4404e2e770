"""Names as people in and around Lumajang carry them, drawn by tradition, sex and year of birth."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from mutakhir.synth.draws import SLOTS, Uniform, spread

Words = tuple[str, ...]
Patterns = tuple[tuple[Words, ...], ...]
"""SLOTS patterns; a pattern is one table of SLOTS words for each word of the name."""

COHORTS = ("old", "middle", "young", "new")
TRADITIONS = ("javanese", "madurese", "christian", "hindu")


def cohort(year: int) -> int:
    """Index into COHORTS of a year of birth."""
    if year >= 2000:
        return 3
    if year >= 1980:
        return 2
    return 1 if year >= 1955 else 0


@dataclass(frozen=True, slots=True)
class Names:
    """Everything in names.toml, made ready for drawing."""

    patterns: Mapping[str, tuple[tuple[Patterns, ...], tuple[Patterns, ...]]]
    """By tradition: for men and for women, one table a cohort."""
    twins: tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]
    birth_places: Words
    dusun: Words
    streets: Words
    landmarks: Words
    shares: Mapping[str, float]
    shares_in: Mapping[str, Mapping[str, float]]

    def traditions_of(self, kecamatan: str) -> Words:
        """SLOTS traditions in the shares of a kecamatan, given by its name."""
        key = kecamatan.strip().lower()
        shares = {
            tradition: self.shares_in.get(tradition, {}).get(key, self.shares[tradition])
            for tradition in ("madurese", "christian", "hindu")
        }
        shares["javanese"] = max(0.0, 1.0 - sum(shares.values()))
        return spread((tradition, shares[tradition]) for tradition in TRADITIONS)


def compose(uniform: Uniform, patterns: Patterns) -> str:
    """One name of one to three words; the same word is not said twice."""
    words = patterns[int(uniform() * SLOTS)]
    first = words[0][int(uniform() * SLOTS)]
    if len(words) == 1:
        return first
    second = words[1][int(uniform() * SLOTS)]
    if second == first or second in first or first in second:
        second = words[1][int(uniform() * SLOTS)]
        if second == first:
            return first
    if len(words) == 2:
        return f"{first} {second}"
    third = words[2][int(uniform() * SLOTS)]
    if third in second or third in first or second in third:
        return f"{first} {second}"
    return f"{first} {second} {third}"


def spell_old(name: str) -> str:
    """The spelling before 1972 that some cards of old people keep: oe for u, dj for j, tj for c."""
    return " ".join(_spell_word_old(word) for word in name.split(" "))


def _spell_word_old(word: str) -> str:
    for new, old in (("Su", "Soe"), ("Mu", "Moe"), ("J", "Dj"), ("C", "Tj"), ("Ru", "Roe"), ("Tu", "Toe")):
        if word.startswith(new):
            return old + word[len(new) :]
    return word


@cache
def load() -> Names:
    raw = tomllib.loads(resources.files(__package__).joinpath("names.toml").read_text("utf-8"))
    words = {name: _words(text) for name, text in raw["words"].items() if not name.startswith("twin_")}
    styles = {
        style: {age: tuple(_pattern(line, words) for line in lines) for age, lines in ages.items()}
        for style, ages in raw["styles"].items()
    }
    patterns = {}
    for tradition in TRADITIONS:
        men, women = (
            tuple(_habit(raw["habits"][tradition][age], styles, sex, age) for age in COHORTS)
            for sex in ("male", "female")
        )
        patterns[tradition] = (men, women)
    shares = raw["shares"]
    return Names(
        patterns=patterns,
        twins=(_twins(raw["words"]["twin_male"]), _twins(raw["words"]["twin_female"])),
        birth_places=_words(raw["places"]["elsewhere"]),
        dusun=_words(raw["places"]["dusun"]),
        streets=_words(raw["places"]["street"]),
        landmarks=_words(raw["places"]["landmark"]),
        shares={tradition: float(shares[tradition]) for tradition in TRADITIONS[1:]},
        shares_in={key.removesuffix("_in"): table for key, table in shares.items() if key.endswith("_in")},
    )


def _words(text: str) -> Words:
    weighted: list[tuple[str, float]] = []
    entries = list(dict.fromkeys(text.split()))
    for rank, entry in enumerate(entries):
        word, _, weight = entry.partition(":")
        # Earlier words are more common, but no list is dominated by its first words.
        default = 1.0 / (rank + 0.4 * len(entries) + 4)
        weighted.append((word.replace("_", " "), float(weight) if weight else default * 100))
    return spread(weighted)


def _twins(text: str) -> tuple[tuple[str, str], ...]:
    pairs = [entry.split("/") for entry in text.split()]
    return tuple((first, second) for first, second in pairs)


def _pattern(line: str, words: Mapping[str, Words]) -> tuple[tuple[Words, ...], float]:
    names, _, weight = line.rpartition(":")
    return tuple(words[name] for name in names.split()), float(weight)


def _habit(shares: Mapping[str, float], styles: Mapping[str, Any], sex: str, age: str) -> Patterns:
    weighted: list[tuple[tuple[Words, ...], float]] = []
    for style, share in shares.items():
        lines = styles[f"{style}_{sex}"][age]
        total = sum(weight for _, weight in lines)
        weighted.extend((pattern, share * weight / total) for pattern, weight in lines)
    return spread(weighted)
