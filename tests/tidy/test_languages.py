"""Both languages are whole: whatever people read is marked, translated, and not left in the other language by mistake."""

from __future__ import annotations

import ast
import io
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from mutakhir.web import build
from tests.tidy.source import PACKAGE

WEB = build.WEB
TEMPLATES = sorted(path for path in WEB.rglob("*.html") if "gallery" not in path.parts)
SOURCES = sorted(path for path in WEB.rglob("*.py") if "gallery" not in path.parts)
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "_": None,
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}")
BANNED = re.compile(r"\b(tidak valid|gagal|error|admin|silakan|harap)\b|!", re.IGNORECASE)
ALIKE = frozenset(
    [
        "NIK",
        "KK",
        "No. KK {number}",
        "%(label)s, %(name)s",
        "Kecamatan",
        "Dusun",
        "Register",
        "Camat",
        "Bupati",
        "RT",
        "RW",
        "BPNT",
        "Sembako",
        "PKH",
        "BST",
        "BPUM",
        "BLT Desa",
        "Internet",
        "Islam",
        "Hindu",
        "Pilot",
        "Stroke",
        "HIV/AIDS",
        "Biogas",
    ]
)
"""What is written alike in both languages: names, and words that English has taken over."""
UNMARKED = frozenset(["NIK", "Dukcapil", "Mutakhir", "Bahasa Indonesia", "English"])
SAID = (
    "title",
    "label",
    "hint",
    "alt",
    "aria-label",
    "placeholder",
    "sentence",
    "word",
    "caption",
    "summary",
)
"""Parameters and attributes that people read or hear."""
TAG, TEXT = re.compile(r"<[^>]*>"), re.compile(r"[A-Za-z]{3}")
NEVER_ENGLISH = re.compile(r"\b(yang|dan|untuk|tidak|belum|sudah)\b", re.IGNORECASE)
INDONESIAN = re.compile(
    r"\b(yang|dan|untuk|dari|belum|sudah|tidak|anda|dengan|orang|desa|hari|ini|itu|oleh|pada|atau|bila|akun|buka)\b",
    re.IGNORECASE,
)


def read_strings() -> dict[str, Path]:
    """Every string marked for translation in templates and code of the screens."""
    found: dict[str, Path] = {}
    for path in [*sorted(WEB.rglob("*.html")), *SOURCES]:
        text = path.read_text()
        source = templatize(text, origin=str(path)) if path.suffix == ".html" else text
        for _, message, _, _ in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):  # type: ignore[arg-type]
            found.setdefault(message if isinstance(message, str) else message[0], path)
    return found


def read_english() -> dict[str, tuple[str, ...]]:
    translated: dict[str, tuple[str, ...]] = {}
    for path in (build.LOCALE / "en" / "LC_MESSAGES").glob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id and message.string:
                    key = message.id if isinstance(message.id, str) else message.id[0]
                    translated[key] = (
                        (message.string,) if isinstance(message.string, str) else tuple(message.string)
                    )
    return translated


def test_every_string_is_in_english() -> None:
    translated = read_english()
    strings = read_strings()
    missing = {
        text: path.name
        for text, path in strings.items()
        if text not in translated or not all(translated[text])
    }
    assert not missing
    for text in strings:
        for english in translated[text]:
            assert set(PLACEHOLDER.findall(english)) == set(PLACEHOLDER.findall(text)), text


def test_english_is_not_indonesian() -> None:
    """A translation that says the same, or still has an Indonesian word in it, was forgotten."""
    translated = read_english()
    assert not [text for text, english in translated.items() if text in english and text not in ALIKE]
    kept = {english: INDONESIAN.search(english) for all_ in translated.values() for english in all_}
    assert not [
        english for english, word in kept.items() if word and word[0] in ("yang", "dan", "untuk", "tidak")
    ]


def test_words_are_kind() -> None:
    assert not [text for text in read_strings() if BANNED.search(text)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_whatever_a_template_says_is_marked(path: Path) -> None:
    text = path.read_text()
    for left_out in (
        r"{#.*?#}",
        r"{% blocktranslate.*?{% endblocktranslate %}",
        r"{% block (?:density|body_class) %}[^{]*",
        r"<(script|style|svg).*?</\1>",
    ):
        text = re.sub(left_out, "", text, flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
    read = [said for name, said in re.findall(r'\s([a-z-]+)="([^"]*)"', text) if name in SAID]
    read += [piece.replace("&nbsp;", "").strip(" –\n") for piece in TAG.split(text)]
    assert not [said for said in read if TEXT.search(said) and said not in UNMARKED]


def plain_strings(path: Path) -> Iterator[str]:
    """Strings of a module that are not marked and document nothing."""
    tree = ast.parse(path.read_text())
    marked: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (
            getattr(node.func, "id", "") in KEYWORDS or getattr(node.func, "attr", "") in KEYWORDS
        ):
            marked |= {id(inner) for inner in ast.walk(node)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            marked.add(id(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in marked:
            yield node.value


def test_whatever_the_screens_code_says_is_marked() -> None:
    said = {text for path in SOURCES for text in plain_strings(path) if " " in text and "SELECT" not in text}
    assert not [text for text in said if INDONESIAN.search(text) and "'self'" not in text]


def pairs(value: Any, where: str) -> Iterator[tuple[str, str, str]]:
    """Indonesian and English beside each other in a table of parameters, as two keys or two words."""
    if isinstance(value, list) and len(value) == 2 and all(isinstance(one, str) for one in value):
        yield where, value[0], value[1]
    elif isinstance(value, dict):
        if {"id", "en"} == set(value):
            yield where, value["id"], value["en"]
        for key, inner in value.items():
            yield from pairs(inner, f"{where}.{key}")


@pytest.mark.parametrize("file", ["sentences", "reasons", "words", "attributes", "code_lists"])
def test_tables_have_both_languages_and_they_differ(file: str) -> None:
    found = list(pairs(tomllib.loads((PACKAGE / "parameters" / f"{file}.toml").read_text()), file))
    assert len(found) > 40
    assert not [
        where for where, indonesian, english in found if not indonesian.strip() or not english.strip()
    ]
    assert not [
        where for where, indonesian, english in found if indonesian == english and english not in ALIKE
    ]
