"""An attribute that is a plain yes or no is read in many words, and a word that is neither is said."""

from __future__ import annotations

from datetime import date

import pytest

from mutakhir.core.attributes import Attribute, AttributeTable
from mutakhir.core.refusals import Refusal

WORDS = {"id": "Punya sumur", "en": "Has a well"}
WELL = Attribute(
    name="well", of="dwelling", type="boolean", authority="social", group="perumahan", reference=str(date(2026, 1, 1)),
    label=WORDS, question=WORDS, hint=WORDS,
)  # fmt: skip
TABLE = AttributeTable(attributes=(WELL,), code_lists=())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Ya", True),
        (" ya ", True),
        ("1", True),
        ("tidak", False),
        ("0", False),
        ("2", False),
        ("", None),
        ("-", None),
    ],
)
def test_yes_and_no_have_many_words(written: str, meant: bool | None) -> None:
    assert TABLE.normalise("well", written) is meant


def test_another_word_is_neither() -> None:
    assert TABLE.normalise("well", "mungkin") == Refusal.of(
        "yes-no-unreadable", attribute="well", value="mungkin"
    )


def test_a_code_is_no_yes() -> None:
    assert [one.rule for one in TABLE.check("well", "1")] == ["value-wrong-type"]
    assert TABLE.check("well", False) == ()
