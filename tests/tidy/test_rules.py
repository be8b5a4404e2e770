"""Every rule that can refuse has its sentences, and every sentence has its rule."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.tidy.source import PACKAGE, modules, name, tree

SENTENCES = tomllib.loads((PACKAGE / "parameters" / "sentences.toml").read_text())
LANGUAGES = {"id", "en"}


def functions_of_rules() -> set[str]:
    """Names of the functions whose first argument is a rule id, `Refusal` and `Refusal.of` among them."""
    found = {"Refusal"}
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef) and inner.name == "__init__" and takes_rule(inner):
                        found.add(node.name)
            elif isinstance(node, ast.FunctionDef) and takes_rule(node):
                found.add(node.name)
    return found - {"__init__"}


def takes_rule(function: ast.FunctionDef) -> bool:
    arguments = [one.arg for one in function.args.args if one.arg not in {"self", "cls"}]
    return arguments[:1] == ["rule"]


def uses() -> Iterator[tuple[Path, ast.Call, str]]:
    """Each call that names a rule outright."""
    functions = functions_of_rules()
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                called = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                first = node.args[0] if node.args else None
                if called in functions and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield path, node, first.value
                elif called in functions and isinstance(first, ast.IfExp):
                    for branch in (first.body, first.orelse):
                        if isinstance(branch, ast.Constant) and isinstance(branch.value, str):
                            yield path, node, branch.value


def test_the_reading_finds_rules() -> None:
    assert len({rule for _, _, rule in uses()}) > 20, (
        "rules are refused in another way now; this test looks past them"
    )


def test_every_rule_has_both_sentences() -> None:
    wanting = sorted(
        {
            f"{name(path)}: {rule}"
            for path, _, rule in uses()
            if not all(SENTENCES.get(rule, {}).get(one) for one in LANGUAGES)
        }
    )
    assert not wanting


def test_every_sentence_has_a_rule() -> None:
    """A rule may be chosen from a table or put together from two words, so any string of the code counts."""
    said, prefixes, endings = set(), set(), set()
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                said.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                prefixes.add(str(node.values[0].value))
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[-1], ast.Constant):
                endings.add(str(node.values[-1].value))
    prefixes = {prefix for prefix in prefixes if re.fullmatch(r"[a-z]{3,}(-[a-z]+)*-", prefix)}
    endings = {ending for ending in endings if re.fullmatch(r"(-[a-z]{3,})+", ending)}
    for template in PACKAGE.rglob("*.html"):
        said |= set(re.findall(r"""["']([a-z0-9_-]+)["']""", template.read_text()))
    made = (tuple(prefixes), tuple(endings))
    unused = [
        rule
        for rule in SENTENCES
        if rule not in said and not rule.startswith(made[0]) and not rule.endswith(made[1])
    ]
    assert not unused


def test_sentences_stand_in_order_and_in_both_languages() -> None:
    assert list(SENTENCES) == sorted(SENTENCES)
    assert not [
        rule for rule, words in SENTENCES.items() if set(words) != LANGUAGES or not all(words.values())
    ]


def particulars_of(sentence: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(sentence) if field}


def test_both_languages_say_the_same_particulars() -> None:
    differing = [
        rule
        for rule, words in SENTENCES.items()
        if particulars_of(words["id"]) != particulars_of(words["en"])
    ]
    assert not differing


def test_every_particular_of_a_sentence_is_given() -> None:
    wanting = []
    for path, call, rule in uses():
        given = {keyword.arg for keyword in call.keywords}
        if None in given or rule not in SENTENCES or call.args[1:]:
            continue
        if missing := particulars_of(SENTENCES[rule]["id"]) - given:
            wanting.append(f"{name(path)}:{call.lineno} {rule} lacks {', '.join(sorted(missing))}")
    assert not wanting


def test_residents_are_not_blamed() -> None:
    """A sentence says what is so and what helps, never that somebody failed."""
    forbidden = ("gagal", "tidak valid", "invalid", "error", "admin ")
    found = [
        rule for rule, words in SENTENCES.items() if any(word in words["id"].lower() for word in forbidden)
    ]
    assert not found
