"""Components are documented, shown, translated and built from what is named; colours keep their contrast."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from mutakhir.web import build
from mutakhir.web.gallery import examples
from mutakhir.web.templatetags import mutakhir as tags

WEB = build.WEB
TEMPLATES = sorted(WEB.rglob("*.html"))
SOURCES = sorted(path for path in WEB.rglob("*.py") if "gallery" not in path.parts)
COMPONENTS = sorted(path.stem.replace("_", "-") for path in (WEB / "templates" / "cotton").glob("*.html"))
TAG = re.compile(r"<c-([a-z.\-]+)((?:\s+[:a-z_\-]+(?:=\"[^\"]*\")?)*)\s*/?>")
ATTRIBUTE = re.compile(r"\s(:?[a-z_\-]+)(?==\"|\s|$)")
PASSED_ON = {"list", "formaction", "formmethod", "formnovalidate", "maxlength", "readonly", "multiple"}
LEAST_CONTRAST = 5.6


@pytest.mark.parametrize("name", COMPONENTS)
def test_component_says_what_it_takes(name: str) -> None:
    text = (WEB / "templates" / "cotton" / f"{name.replace('-', '_')}.html").read_text()
    assert text.startswith(f"{{# {name}: "), "the first line is a comment with the name and the parameters"


@pytest.mark.parametrize("name", COMPONENTS)
def test_component_is_shown(name: str) -> None:
    """A page in the gallery, or the page of the component that it is a part of."""
    page = examples.SHOWN_WITH.get(name, name)
    assert page in examples.COMPONENTS
    assert (WEB / "templates" / "gallery" / "examples" / f"{page}.html").is_file()


def test_gallery_shows_only_what_there_is() -> None:
    assert set(examples.COMPONENTS) | set(examples.SHOWN_WITH) == set(COMPONENTS)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_tags_name_components_and_filters_work(path: Path) -> None:
    text = path.read_text()
    for name in re.findall(r"<c-([a-z.\-]+)", text):
        if name not in {"slot", "vars"}:
            file = name.replace("-", "_").replace(".", "/")
            assert (WEB / "templates" / "cotton" / f"{file}.html").is_file(), f"no component {name}"
    bound = re.findall(r'\s(:[a-z_]+="[^"{]*\|[^"]*")', text)
    assert not bound, "a filter in a bound parameter is dropped without a word"
    assert " style=" not in text
    assert not re.search(r"\son[a-z]+=", text), "the policy of the pages forbids scripts in attributes"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_parameters_are_known(path: Path) -> None:
    """A parameter that a component does not read is dropped without a word."""
    for name, written in TAG.findall(path.read_text()):
        if name in {"slot", "vars"}:
            continue
        text = (WEB / "templates" / "cotton" / f"{name.replace('-', '_').replace('.', '/')}.html").read_text()
        passes_on = "{{ attrs }}" in text
        for parameter in ATTRIBUTE.findall(re.sub(r"=\"[^\"]*\"", '=""', written)):
            plain = parameter.lstrip(":")
            known = re.search(
                rf"\b{re.escape(plain)}\b", text.split("#}", 1)[1] if plain == "title" else text
            )
            assert known or (passes_on and ("-" in plain or plain in PASSED_ON)), (
                f"{name} does not take {plain}"
            )


def test_icons_are_in_the_sprite() -> None:
    named = set(build.read_icon_names())
    everything = "\n".join(path.read_text() for path in [*TEMPLATES, *WEB.rglob("*.py")])
    drawn = set(re.findall(r"""\{% icon "([a-z0-9\-]+)\"""", everything))
    drawn |= set(re.findall(r"""\bicon="([a-z0-9\-]+)\"""", everything))
    drawn |= {look[1] for look in tags.CHIPS.values()}
    assert drawn <= named


def test_catalogues_agree() -> None:
    """Two screens may share a string, not disagree about it."""
    for folder in build.LOCALE.glob("*/LC_MESSAGES"):
        build.join_catalogues(sorted(folder.glob("*.po")), language=folder.parent.name)


def find_luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def find_contrast(first: str, second: str) -> float:
    light, dark = sorted((find_luminance(first), find_luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_states_keep_their_contrast() -> None:
    text = (WEB / "styles" / "_tokens.scss").read_text()
    tokens = dict(re.findall(r"--([a-z0-9\-]+): (#[0-9a-f]{3,6})", text))
    pairs = [
        (name, f"{name}-l")
        for name in ("draf", "kurang", "siap", "tunggu", "telat", "kunci", "bentrok", "selesai")
    ]
    pairs += [
        ("putih", "nila-700"),
        ("putih", "nila-900"),
        ("tinta-2", "kertas"),
        ("nila-700", "kertas"),
        ("soga-700", "soga-100"),
        ("tolak", "putih"),
    ]
    for ink, ground in pairs:
        assert find_contrast(tokens[ink], tokens[ground]) >= LEAST_CONTRAST, (ink, ground)
    assert find_contrast(tokens["garis-kuat"], tokens["putih"]) >= 3, "borders of fields"


def test_lock_names_no_registry() -> None:
    lock = (build.ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert "omit-lockfile-registry-resolved=true" in (build.ROOT / ".npmrc").read_text()
    packages = json.loads(lock)["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)


def test_script_is_for_old_phones_and_can_be_shortened() -> None:
    text = (WEB / "scripts" / "mk.js").read_text()
    assert "`" not in text, "the build shortens line by line"
    assert not re.search(r"\?\.[a-zA-Z(\[]|\?\?|\*\*|\.flat\(|catch \{|\.\.\.", text), "newer than ES2017"


def test_weights() -> None:
    """Compressed: both style sheets 20 kB, the script 6 kB, the sprite 4 kB; no typeface is brought along."""
    manifest = build.build()
    size = {
        name: len(gzip.compress((build.OUTPUT / hashed).read_bytes(), 9))
        for name, hashed in manifest.items()
        if name != "stamp"
    }
    assert size["base.css"] + size["mk.css"] <= 20_000
    assert size["mk.js"] <= 6_000
    assert size["icons.svg"] <= 4_096
    assert size["htmx.js"] <= 18_000
    styles = (build.OUTPUT / manifest["base.css"]).read_text()
    assert "@font-face" not in styles
    assert "GDS Transport" not in styles


def test_build_is_skipped_when_nothing_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = build.build()

    def refuse() -> build.Node:
        raise AssertionError("nothing changed, so no program is needed")

    monkeypatch.setattr(build, "find_node", refuse)
    assert build.build() == manifest


def test_two_translations_of_one_string_are_refused(tmp_path: Path) -> None:
    for name, english in (("a", "Back"), ("b", "Return")):
        (tmp_path / f"{name}.po").write_text(f'msgid "Kembali"\nmsgstr "{english}"\n')
    with pytest.raises(build.BuildRefused, match="Kembali"):
        build.join_catalogues(sorted(tmp_path.glob("*.po")), language="en")
