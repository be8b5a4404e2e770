"""The glossary is the authority for names: whatever the code calls by a name stands in it."""

from __future__ import annotations

import re

import pytest

from mutakhir import parameters
from mutakhir.core.actors import Role
from mutakhir.core.change_requests import State
from mutakhir.core.comparison import Outcome
from mutakhir.core.events import EVENT_TYPES
from mutakhir.core.flows import annulment, change_request, erasure, session, submission, visit, window
from mutakhir.core.kinds import KINDS, Evidence
from tests.tidy.source import ROOT

LINE = re.compile(r"^\|(.+)\|(.+)\|(.+)\|$")


def lines() -> dict[str, list[tuple[str, str, str]]]:
    """The rows of each section's table."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    section = ""
    for line in (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif (match := LINE.match(line)) and not line.startswith(("|---", "| Term")):
            found.setdefault(section, []).append((match[1].strip(), match[2].strip(), match[3].strip()))
    return found


def names(*sections: str) -> set[str]:
    told = lines()
    cells = [row[0] for section in (sections or told) for row in told[section]]
    return {name.strip("` ") for cell in cells for name in cell.split(",")}


def tables() -> set[str]:
    from mutakhir.node.handbook import data_model

    return {model._meta.db_table for model in data_model.models()}


NAMED = {
    "event types": ({name for _, name in EVENT_TYPES}, ("Events",)),
    "subjects": ({kind for kind, _ in EVENT_TYPES}, ("Subjects", "Requests")),
    "states of a request": ({state.value for state in State}, ("States of a request",)),
    "other states": (
        {
            state.value
            for flow in (session, window, submission, visit, annulment, erasure)
            for state in flow.State
        },
        ("States of a request", "States of windows, meetings, lists and visits"),
    ),
    "roles": ({role.value for role in Role}, ("Roles",)),
    "kinds": (set(KINDS), ("Kinds of requests",)),
    "evidence": ({piece.value for piece in Evidence}, ("Evidence",)),
    "steps": ({step.verb for step in change_request.STEPS}, ("Steps",)),
    "moves": (
        {
            move.verb
            for flow in (session, window, submission, visit, annulment, erasure)
            for move in flow.MOVES
            if "by the clock" not in move.verb
        },
        ("Steps",),
    ),
    "groups of attributes": (set(parameters.load().attributes.groups()), ("Groups of attributes",)),
    "authorities": ({one.authority for one in parameters.load().attributes.attributes}, ()),
    "outcomes": ({outcome.value for outcome in Outcome}, ()),
}


@pytest.mark.parametrize("what", NAMED)
def test_every_name_of_the_code_stands_in_the_glossary(what: str) -> None:
    wanted, sections = NAMED[what]
    meanings = (
        " ".join(cell for rows in lines().values() for row in rows for cell in row) if not sections else ""
    )
    known = names(*sections) | set(re.findall(r"`([a-z_]+)`", meanings))
    assert wanted
    assert not wanted - known


def test_every_table_stands_in_the_glossary() -> None:
    assert names("Tables") == tables()


@pytest.mark.parametrize(
    ("section", "what"),
    [
        ("Events", "event types"),
        ("States of a request", "states of a request"),
        ("Roles", "roles"),
        ("Kinds of requests", "kinds"),
        ("Evidence", "evidence"),
        ("Groups of attributes", "groups of attributes"),
    ],
)
def test_the_glossary_names_nothing_that_is_not_there(section: str, what: str) -> None:
    assert not names(section) - NAMED[what][0]


def test_every_line_has_its_indonesian_and_its_meaning() -> None:
    assert not [row for rows in lines().values() for row in rows if not all(row)]


def test_no_term_is_explained_twice_in_a_section() -> None:
    for section, rows in lines().items():
        terms = [row[0] for row in rows]
        assert len(terms) == len(set(terms)), section
