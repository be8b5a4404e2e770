"""One look for everything that a page asks: one transaction, its log with it, and a deed that does not wait for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from mutakhir import wiring
from mutakhir.store.register import read_histories, read_members
from tests.builders import CAST, VILLAGE, PostgresGround, Walker
from tests.databases import ask

NOW = datetime(2026, 11, 24, tzinfo=UTC)
READER = CAST["operator"]


@pytest.fixture(autouse=True)
def _filled(own_database: str) -> None:
    Walker(PostgresGround()).must("record", READER)


def begun() -> Any:
    return wiring.ask(lambda: ask("SELECT transaction_timestamp()")[0][0])


def log() -> None:
    wiring.log_reading(READER, purpose="family", path="/k/1", region=VILLAGE, subject=1, now=NOW)


def logged() -> int:
    return int(ask("SELECT count(*) FROM reading")[0][0])


def test_questions_share_one_transaction_and_its_role_is_gone_afterwards() -> None:
    with wiring.acting(READER):
        assert begun() != begun()
        with wiring.one_look():
            first = begun()
            log()
            assert begun() == first
        assert begun() != first
    assert ask("SELECT current_setting('role'), current_setting('mutakhir.lowest', true)") == [("none", "")]
    assert not connection.in_atomic_block


def test_a_look_sees_what_its_reader_may() -> None:
    with wiring.acting(READER), wiring.one_look():
        assert wiring.ask(lambda: ask("SELECT count(*) FROM request_now")) == [(1,)]
    with wiring.acting(CAST["operator elsewhere"]), wiring.one_look():
        assert wiring.ask(lambda: ask("SELECT count(*) FROM request_now")) == [(0,)]


def test_what_was_read_is_logged_with_the_look_and_only_with_it() -> None:
    with wiring.acting(READER), wiring.one_look():
        begun()
        log()
    assert logged() == 1

    def page() -> None:
        log()
        begun()
        log()
        raise LookupError

    with pytest.raises(LookupError), wiring.acting(READER), wiring.one_look():
        page()
    assert logged() == 2, "the first line stood by itself, before any question"


def test_a_deed_inside_ends_the_look_and_stands_whatever_comes_after() -> None:
    def deed() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE request_now SET subject_name = 'DIUBAH'")

    def page() -> None:
        first = begun()
        wiring.perform(deed, now=NOW)
        assert begun() != first
        raise LookupError

    with pytest.raises(LookupError), wiring.acting(READER), wiring.one_look():
        page()
    assert ask("SELECT subject_name FROM request_now") == [("DIUBAH",)]


def test_a_question_that_takes_an_error_for_an_answer_leaves_the_next_one_a_look_of_its_own() -> None:
    def too_long() -> str:
        try:
            ask("SET LOCAL statement_timeout = '20ms'; SELECT pg_sleep(5)")
        except OperationalError:
            return "too wide"
        return "found"

    with wiring.acting(READER), wiring.one_look():
        begun()
        log()
        assert wiring.ask(too_long) == "too wide"
        assert wiring.ask(lambda: ask("SELECT count(*) FROM request_now")) == [(1,)]
    assert logged() == 1, "what was read before it is shown"


def test_what_was_read_is_not_read_again_until_a_deed() -> None:
    family = int(ask("SELECT family FROM request_now")[0][0])

    def members() -> tuple[int, ...]:
        return wiring.ask(read_members, family)

    def deed() -> None:
        before = read_members(family)
        ask_nothing("DELETE FROM membership_open WHERE person = %s", before[0])
        assert read_members(family) == before[1:], "a deed sees what it did"

    with wiring.acting(READER), wiring.one_look():
        first = members()
        with CaptureQueriesContext(connection) as asked:
            assert members() == first
            assert wiring.ask(read_histories, [family, 1]) == wiring.ask(read_histories, [1, family])
        assert len(asked) == 1
        wiring.perform(deed, now=NOW)
        assert members() == first[1:]


def ask_nothing(statement: str, *arguments: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
