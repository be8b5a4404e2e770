"""The source holds to what its readers rely on."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.tidy.source import PACKAGE, ROOT, kept_texts, modules, name, tree

DRAWERS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "services",
    "managers",
    "base",
    "misc",
    "lib",
    "shared",
}

OUTSIDE = {
    "asyncio", "http", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets", "select", "shutil",
    "signal", "socket", "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib", "uuid", "zoneinfo",
}  # fmt: skip
"""Modules of the standard library that bring a clock, chance, or the world in."""

CLOCK_EDGES = ("web", "api", "cli", "jobs", "node", "synth", "bench", "wiring")


def test_no_module_is_a_drawer() -> None:
    drawers = [name(path) for path in modules() if path.stem in DRAWERS or path.parent.name in DRAWERS]
    assert not drawers


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name(path)
        for path in modules()
        if not ast.get_docstring(tree(path)) and "migrations" not in path.parts and path.read_text().strip()
    ]
    assert not silent


def test_every_module_postpones_its_annotations() -> None:
    forgotten = [
        name(path)
        for path in modules()
        if "migrations" not in path.parts
        and any(not isinstance(one, ast.Expr) for one in tree(path).body)
        and path.name != "__init__.py"
        and "from __future__ import annotations" not in path.read_text()
    ]
    assert not forgotten


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def test_core_is_the_standard_library_without_the_world() -> None:
    strangers = {
        f"{name(path)}: {module}"
        for path in modules(PACKAGE / "core")
        for module in imported(path)
        if not module.startswith("mutakhir.core")
        and ((top := module.split(".")[0]) in OUTSIDE or top not in sys.stdlib_module_names)
    }
    assert not strangers


def test_gateways_know_templates_but_no_database() -> None:
    strangers = {
        f"{name(path)}: {module}"
        for path in modules(PACKAGE / "gateways")
        for module in imported(path)
        if module.startswith(("django.db", "django.contrib", "psycopg"))
    }
    assert not strangers


def clock_readings(path: Path) -> list[str]:
    """Places where a moment is asked for: `.now(`, `.today(` and their kin, by whatever name they were imported."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            asked = node.func
            word = asked.attr if isinstance(asked, ast.Attribute) else getattr(asked, "id", "")
            bare_time = (
                word == "time"
                and isinstance(asked, ast.Attribute)
                and getattr(asked.value, "id", "") == "time"
            )
            if word in {"now", "today", "utcnow", "localdate", "time_ns", "monotonic"} or bare_time:
                found.append(f"{name(path)}:{node.lineno} {word}")
    return found


def test_only_the_edges_ask_for_the_time() -> None:
    inner = [
        path
        for path in modules()
        if path.relative_to(PACKAGE).parts[0].removesuffix(".py") not in CLOCK_EDGES
    ]
    assert len(inner) > 20, "the folders have other names now; this test looks past them"
    assert not [place for path in inner for place in clock_readings(path)]


def test_a_moment_never_has_a_default() -> None:
    found = []
    for path in modules():
        if path.relative_to(PACKAGE).parts[0] in CLOCK_EDGES:
            continue  # there, none may mean that no line is drawn at it
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            positional = [*node.args.posonlyargs, *node.args.args]
            defaults = [None] * (len(positional) - len(node.args.defaults)) + list(node.args.defaults)
            pairs = [
                *zip(positional, defaults, strict=True),
                *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
            ]
            found += [
                f"{name(path)}:{node.lineno} {node.name}({argument.arg})"
                for argument, default in pairs
                if argument.arg in {"now", "today"} and default is not None
            ]
    assert not found


def test_core_values_do_not_change() -> None:
    loose = []
    for path in modules(PACKAGE / "core"):
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.ClassDef):
                continue
            for decorator in node.decorator_list:
                text = ast.unparse(decorator)
                if text.startswith("dataclass") and not ("frozen=True" in text and "slots=True" in text):
                    loose.append(f"{name(path)}:{node.lineno} {node.name}")
    assert not loose


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a package registry", r"(pypi|pythonhosted|npmjs|yarnpkg|crates)\.(org|com|io)\b"),
        (
            "an index of packages",
            r"--([a-z]+-)*(index|find|trusted)-(url|links|host)\b|\"resolved\": *\"http",
        ),
        ("a place on somebody's machine", r"(?<![\w.])/(work|home/\w+|Users/\w+|opt/\w+)/"),
    ],
)
def test_no_file_names(what: str, pattern: str) -> None:
    own = Path(__file__)
    found = [
        f"{name(path)}:{number}"
        for path, text in kept_texts()
        if path != own
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert not found, what


def test_no_nik_of_a_real_province() -> None:
    """Sixteen digits that read as a NIK begin with 99, the declared training region."""
    found = []
    for path, text in kept_texts():
        if path.suffix in {".svg", ".json"} or "requirements" in path.parts:
            continue
        for match in re.finditer(r"(?<![\w.])(\d{16})(?![\w.])", text):
            digits = match[1]
            day, month = int(digits[6:8]) % 40, int(digits[8:10])
            province = digits[:2]
            if (
                province in PROVINCES
                and 1 <= day <= 31
                and 1 <= month <= 12
                and digits[12:] != "0000"
                and len(set(digits)) > 1
            ):
                found.append(f"{name(path)}: {digits[:6]}..........")
    assert not found


PROVINCES = {
    "11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "31", "32", "33", "34", "35", "36", "51", "52", "53",
    "61", "62", "63", "64", "65", "71", "72", "73", "74", "75", "76", "81", "82", "91", "92", "93", "94", "95", "96",
}  # fmt: skip


def test_one_version_of_python() -> None:
    """The oldest Python is said in several places, and everywhere the same."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    oldest = project["project"]["requires-python"].removeprefix(">=")
    major, minor = oldest.split(".")
    assert project["tool"]["ruff"]["target-version"] == f"py{major}{minor}"
    assert project["tool"]["mypy"]["python_version"] == oldest
    makefile = (ROOT / "Makefile").read_text()
    assert f"sys.version_info < ({major}, {minor})" in makefile
    assert f"--python-version {oldest}" in makefile
    others = {
        f"{name(path)}: {match[1]}"
        for path, text in kept_texts()
        if path.suffix == ".md" or path.name == "Makefile"
        for match in re.finditer(r"Python (\d\.\d+)(?=,? or (?:newer|later)|\+)", text)
        if match[1] != oldest
    }
    assert not others


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    names = {re.split(r"[\[<>=!~; ]", one)[0].lower() for one in wanted}
    first_cells = {
        word.strip().lower()
        for line in (ROOT / "docs" / "dependencies.md").read_text().splitlines()
        if line.startswith("| ")
        for word in re.split(r"[,()]", line.split("|")[1])
    }
    assert names, "pyproject.toml names no dependency"
    missing = sorted(names - first_cells)
    assert not missing


def test_the_locks_are_whole() -> None:
    """Every line of a lock has its digests, and every dependency stands in it."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for lock, wanted in (
        ("runtime", project["dependencies"]),
        ("dev", [*project["dependencies"], *project["optional-dependencies"]["dev"]]),
    ):
        text = (ROOT / "requirements" / f"{lock}.txt").read_text()
        blocks = re.split(r"\n(?=\S)", text.strip())
        assert all("--hash=sha256:" in block for block in blocks)
        locked = {block.split("==")[0].lower() for block in blocks}
        assert not {re.split(r"[\[<>=!~; ]", one)[0].lower() for one in wanted} - locked
