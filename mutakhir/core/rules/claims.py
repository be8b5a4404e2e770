"""Claims: what one body says of another's attribute, what the resident does about it, and when it has come true."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mutakhir.core.change_requests import Request
from mutakhir.core.comparison import Change, Line, Outcome, is_same
from mutakhir.core.events import NOTHING
from mutakhir.core.facts import Answer, Value
from mutakhir.core.rules.membership import HEAD

SETTLED_BY_ANY = frozenset({"died_on"})
"""Attributes of which the authority's word settles a claim whichever value it says: that somebody died, not on which day."""
DEAD = "3"
"""The reason of "not eligible" that speaks of a death."""


def own_words(answers: Mapping[str, Answer]) -> dict[str, Value]:
    """What the authority of each attribute itself says, without the claims of others."""
    return {
        name: answer.value
        for name, answer in answers.items()
        if not answer.claim and answer.value is not None
    }


def compare_claims(
    changes: Iterable[Change],
    current: Mapping[int, Mapping[str, Value]],
    words: Mapping[int, Mapping[str, Value]],
) -> tuple[Line, ...]:
    """Compare each claim with the word of its authority, by subject and attribute; others say what they like."""
    lines = []
    for change in changes:
        word = words.get(change.subject, NOTHING).get(change.attribute)
        now = current.get(change.subject, NOTHING).get(change.attribute)
        lines.append(Line(change, now, _outcome(change, word)))
    return tuple(lines)


def _outcome(change: Change, word: Value) -> Outcome:
    if word is None:
        return Outcome.VALID
    if change.attribute in SETTLED_BY_ANY or _reads_alike(word, change.wanted):
        return Outcome.SATISFIED
    return Outcome.VALID if _reads_alike(word, change.seen) else Outcome.CONFLICT


def _reads_alike(one: Value, other: Value) -> bool:
    """Whether two values are one; of texts, capitals and spaces are the clerk's."""
    if isinstance(one, str) and isinstance(other, str):
        return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
    return is_same(one, other)


def reported_dead(request: Request) -> tuple[int, ...]:
    """The persons of whom a request says that they died."""
    if request.kind == "death" or (request.kind == "not_eligible" and request.reason == DEAD):
        people = dict.fromkeys(one.subject for one in request.changes if one.of == "person")
        return tuple(people) or ((request.person,) if request.person is not None else ())
    return ()


def receives(person: int, *, family: Mapping[str, Value], own: Mapping[str, Value]) -> bool:
    """Whether somebody receives for the family: its pengurus, or its head where nobody is named."""
    pengurus = family.get("pengurus")
    return pengurus == person if pengurus is not None else own.get("relation") == HEAD


_TOPICS: Mapping[str, str] = {
    "died_on": "death",
    "name": "name",
    "nik": "nik",
    "birth_date": "birth",
    "birth_place": "birth",
    "mother_name": "birth",
    "sex": "birth",
    "marital_status": "marriage",
    "no_kk": "family_card",
    "address": "address",
}


def topics_of(request: Request) -> tuple[str, ...]:
    """What of a request belongs to the civil registry, as topics of its instructions, in a stable order.

    A claim names its own topics; a kind with a route of its own may have news for the registry as well: a newborn
    without a NIK, a new address.
    """
    wanted = {(one.subject, one.attribute) for one in request.changes if one.wanted not in (None, "")}
    if request.kind in ("moved", "death"):
        return ("address",) if request.kind == "moved" else ("death",)
    if request.rule.claim:
        return tuple(dict.fromkeys(_TOPICS[name] for _, name in sorted(wanted) if name in _TOPICS))
    if request.kind in ("new_person", "new_family"):
        newcomers = {one.subject for one in request.changes if one.of == "person"}
        return ("newborn",) if any((one, "nik") not in wanted for one in newcomers) else ()
    return ()
