"""Digests: the same list always has the same digest, another never."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutakhir.core.digests import canonical_line, commitment, list_digest, shown

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)
ROWS = st.lists(
    st.dictionaries(st.text("abcdefgh_é", min_size=1, max_size=6), SCALARS, max_size=5), max_size=6
)


def test_a_commitment_is_the_sha256_of_salt_and_body() -> None:
    salt, body = bytes(range(16)), b'{"name":"Tumini"}'
    assert commitment(salt, body) == hashlib.sha256(salt + body).digest()
    assert commitment(bytes(16), body) != commitment(salt, body)


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        commitment(b"salt", b"body")


def test_a_list_is_digested_line_by_line() -> None:
    rows = [{"name": "Nur Aída", "rt": "03"}, {"rt": "04", "name": "Tumini", "fit": True}]
    lines = '{"name":"Nur Aída","rt":"03"}\n{"fit":true,"name":"Tumini","rt":"04"}\n'
    assert list_digest(rows) == hashlib.sha256(lines.encode()).hexdigest()
    assert list_digest(iter(rows)) == list_digest(rows)
    assert list_digest([]) == hashlib.sha256(b"").hexdigest()


@given(ROWS)
def test_the_order_of_keys_does_not_matter_and_the_order_of_rows_does(rows: list[dict[str, object]]) -> None:
    turned = [dict(reversed(row.items())) for row in rows]
    assert list_digest(turned) == list_digest(rows)
    backwards = list(reversed(rows))
    assert (list_digest(backwards) == list_digest(rows)) == (
        [canonical_line(row) for row in backwards] == [canonical_line(row) for row in rows]
    )


@given(ROWS, st.data())
def test_a_changed_value_changes_the_digest(rows: list[dict[str, object]], data: st.DataObject) -> None:
    filled = [place for place, row in enumerate(rows) if row]
    if not filled:
        return
    place = data.draw(st.sampled_from(filled))
    key = data.draw(st.sampled_from(sorted(rows[place])))
    changed = [dict(row) for row in rows]
    changed[place][key] = [changed[place][key]]
    assert list_digest(changed) != list_digest(rows)


@pytest.mark.parametrize("value", [1.5, [1.0], {"a": {"b": 2.0}}, object(), b"x", {1: "x"}])
def test_what_has_no_canonical_writing_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        list_digest([{"value": value}])


def test_a_digest_is_shown_in_four_groups() -> None:
    digest = list_digest([{"a": 1}])
    groups = shown(digest).split(" ")
    assert [len(group) for group in groups] == [16, 16, 16, 16]
    assert "".join(groups) == digest


@pytest.mark.parametrize("digest", ["", "ab" * 31, "AB" * 32, "zz" * 32])
def test_what_is_no_digest_is_not_shown(digest: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal"):
        shown(digest)
