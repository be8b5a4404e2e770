"""What goes into a table by COPY comes out as it was, whatever signs it holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mutakhir.store import rows

pytestmark = pytest.mark.django_db

COLUMNS = ("place", "word", "flag", "number", "day", "instant", "bytes", "words", "kept")
TYPES = ("int", "text", "boolean", "bigint", "date", "timestamptz", "bytea", "text[]", "json")

signs = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
) | st.sampled_from(["", r"\N", "\\.", "\t", "a\nb", "\r\n", '"', "{}", "NULL", "\\", 'x"y\\', ","])
instants = st.builds(
    lambda microseconds, hours: (
        datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    ).astimezone(timezone(timedelta(hours=hours))),
    st.integers(-(10**15), 10**15),
    st.sampled_from([0, 7, 9]),
)


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


whole_rows = st.tuples(
    maybe(signs),
    maybe(st.booleans()),
    maybe(st.integers(-(2**63), 2**63 - 1)),
    maybe(st.dates(date(1900, 1, 1), date(2100, 1, 1))),
    maybe(instants),
    maybe(st.binary(max_size=8)),
    maybe(st.lists(signs, max_size=3)),
    maybe(st.dictionaries(signs, signs, max_size=2).map(rows.encode)),
)


def taken_back(given: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    columns = ", ".join(f"{name} {type_}" for name, type_ in zip(COLUMNS, TYPES, strict=True))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE taken ({columns})")
        rows.copy("taken", COLUMNS, [(place, *row) for place, row in enumerate(given)])
        cursor.execute(
            "SELECT word, flag, number, day, instant, bytes, words, kept::text FROM taken ORDER BY place"
        )
        found = cursor.fetchall()
        transaction.set_rollback(True)
    return [(*row[:5], None if row[5] is None else bytes(row[5]), *row[6:]) for row in found]


@given(st.lists(whole_rows, max_size=12))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_row_comes_back(given: list[tuple[Any, ...]]) -> None:
    assert taken_back(given) == given


def test_more_rows_than_are_written_at_a_time() -> None:
    many = [(f"{n}\t", n % 2 == 0, n, None, None, b"", [], None) for n in range(2 * rows.CHUNK + 1)]
    assert taken_back(many) == many


def test_a_word_of_a_list_is_written_as_its_word() -> None:
    class State(StrEnum):
        OPEN = "open"

    assert taken_back([(State.OPEN, *[None] * 7), ("x", *[None] * 7)])[0][0] == "open"


def test_what_no_column_takes_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        taken_back([(object(), *[None] * 7)])
