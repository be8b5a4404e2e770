"""Who may do what in the database, asked of a real server: by the roles of a node, on connections that are used again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import DatabaseError, transaction

from mutakhir import wiring
from mutakhir.core.actors import Reach, Role
from mutakhir.node.logins import address_of_pages
from mutakhir.store import access, feed, readings, rows
from tests.builders import CAST, VILLAGE, Walker, actor
from tests.databases import FORBIDDEN, ask, code_of

NATION = actor("pusat", (Role.CENTRE, ""))

# --- one table ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_table_says_who_may_do_what() -> None:
    from django.apps import apps

    ours = {model._meta.db_table for model in apps.get_app_config("store").get_models()}
    assert set(access.TABLES) == ours | {"django_session"}


UNPOLICED = {
    "source": "names of files, which stand beside every value that came from them",
    "window_now": "the calendar, which everybody may read",
    "region_change_now": "decrees about regions, by which everybody counts; numbers and codes only",
    "role_held": "who holds which office, which everybody may know",
    "sealed_body": "what is sealed, which no role reads but the one that erases",
}


@pytest.mark.django_db
def test_what_lies_in_a_region_or_speaks_of_somebody_has_a_policy() -> None:
    told = ask(
        "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name IN "
        "('region', 'person', 'family', 'nik', 'body', 'subject', 'birth_date') AND table_name = ANY(%s)",
        list(access.TABLES),
    )
    assert {row[0] for row in told} - access.POLICED == set(UNPOLICED)


@pytest.mark.django_db
def test_the_database_has_what_the_table_says_and_nothing_else() -> None:
    policed = ask(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
    )
    assert {row[0] for row in policed} == access.POLICED
    granted = ask(
        "SELECT DISTINCT table_name, grantee FROM information_schema.table_privileges WHERE table_schema = 'public' "
        "AND grantee <> current_user AND grantee <> 'PUBLIC'"
    )
    owner = ask("SELECT current_user")[0][0]
    wanted = {
        (name, access.role_name(role, owner))
        for name, table in access.TABLES.items()
        for role in (*access.ROLES, access.SITE)
        if any("(" not in one for one in table.granted(role).split(", ") if one)
    }
    assert set(granted) == wanted


# --- nothing set, nothing seen --------------------------------------------------------------------------------------


def counts() -> dict[str, int]:
    """The rows of every table with a policy; those who act read no log."""
    tables = sorted(access.POLICED - {"reading"})
    return {table: ask(f"SELECT count(*) FROM {table}")[0][0] for table in tables}


@pytest.fixture
def filled(own_database: str) -> str:
    """A database of its own with a request on its way, committed."""
    from tests.builders import PostgresGround

    operator = CAST["operator"]
    Walker(PostgresGround()).must("record", operator).must("reserve", operator).must(
        "call a meeting", operator
    )
    wiring.log_reading(operator, purpose="family", path="/", region=VILLAGE, subject=1, now=wiring.clock())
    feed.number_events()
    return own_database


@contextmanager
def role(name: str) -> Iterator[None]:
    """A role that was taken past the program, with whatever the connection has left behind."""
    with transaction.atomic():
        ask("SELECT set_config('role', %s, true)", access.role_name(name, ask("SELECT current_user")[0][0]))
        yield


def test_without_a_scope_nothing_is_seen_also_on_a_connection_that_had_one(filled: str) -> None:
    for name in (access.READ, access.WRITE):
        with role(name):
            fresh = counts()
        with access.taken(name, CAST["operator"].reach):
            seen = counts()
        with role(name):
            after_commit = counts()
        with pytest.raises(ZeroDivisionError), access.taken(name, NATION.reach):
            raise ZeroDivisionError
        with role(name):
            after_rollback = counts()
        with access.taken(name, Reach()):
            nothing = counts()
        assert all(seen[table] for table in ("request_now", "event", "event_body", "ticket", "session_now"))
        assert not any(fresh.values()), fresh
        assert fresh == after_commit == after_rollback == nothing
    assert ask("SELECT current_setting('mutakhir.lowest'), current_setting('role')") == [("", "none")]


def test_what_a_transaction_saw_is_given_back_to_the_one_around_it(filled: str) -> None:
    with access.taken(access.READ, CAST["operator"].reach):
        before = counts()
        with access.taken(access.READ, CAST["operator elsewhere"].reach):
            assert not ask("SELECT FROM request_now")
        assert counts() == before
        with pytest.raises(DatabaseError), access.taken(access.READ, NATION.reach):
            ask("SELECT 1 / 0")
        assert counts() == before
    assert not access.role_taken()


# --- what the pages may not do --------------------------------------------------------------------------------------


@pytest.fixture
def pages(filled: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection]:
    """A connection of the pages' own login."""
    monkeypatch.setenv("MUTAKHIR_SECRET", "s" * 40)
    address = address_of_pages(filled)
    assert address is not None
    with psycopg.connect(address, autocommit=True) as opened:
        yield opened


ESCAPES = (
    "UPDATE event SET actor = 'somebody'",
    "DELETE FROM event",
    "TRUNCATE event",
    "UPDATE event_body SET body = '{}'",
    "DELETE FROM event_body",
    "TRUNCATE event_body",
    "DELETE FROM reading",
    "UPDATE reading SET actor = 'somebody'",
    "DELETE FROM request_now",
    "DELETE FROM person_now",
    "DELETE FROM account",
    "ALTER TABLE person_now DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE event DISABLE TRIGGER ALL",
    "DROP POLICY seen ON person_now",
    "CREATE POLICY mine ON person_now USING (true)",
    "CREATE OR REPLACE FUNCTION in_reach(region text) RETURNS boolean LANGUAGE sql RETURN true",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "SET ROLE {owner}",
    "SET ROLE {owner}_erase",
    "SET SESSION AUTHORIZATION {owner}",
    "SET session_replication_role = replica",
    "CREATE TABLE public.mine (id int)",
    "COPY person_now TO PROGRAM 'cat'",
    "SELECT * FROM pg_authid",
    "SET row_security = off; SELECT * FROM person_now",
)


@pytest.mark.parametrize("name", ["", access.READ, access.WRITE, access.LOG, access.NUMBER, access.TICKET])
def test_the_pages_cannot_change_what_was_said_nor_see_more(pages: psycopg.Connection, name: str) -> None:
    owner = ask("SELECT current_user")[0][0]
    if name:
        pages.execute("SELECT set_config('role', %s, false)", [access.role_name(name, owner)])
    for statement in ESCAPES:
        with pytest.raises(psycopg.Error) as refused:
            pages.execute(statement.replace("{owner}", owner))  # type: ignore[call-overload]
        assert refused.value.sqlstate in (FORBIDDEN, "42704"), (statement, refused.value)


def test_the_login_of_the_pages_sees_nobody_by_itself(pages: psycopg.Connection) -> None:
    pages.execute(
        "SELECT set_config('mutakhir.lowest', ':', false), set_config('mutakhir.highest', '~', false)"
    )
    for table in access.POLICED:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            pages.execute(f"SELECT FROM {table}")  # type: ignore[call-overload]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        pages.execute("SELECT * FROM ticket_of('1')")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        pages.execute("SELECT * FROM people_named('siti', 'siti', '{\"\"}', 20)")
    assert pages.execute("SELECT count(*) FROM account").fetchone() == (0,)


def test_the_role_of_the_log_inserts_and_does_nothing_else(filled: str) -> None:
    with role(access.LOG):
        for table in access.TABLES:
            assert code_of(f"SELECT FROM {table}") == FORBIDDEN, table
            if table != "reading":
                assert code_of(f"INSERT INTO {table} DEFAULT VALUES") == FORBIDDEN, table
        assert (
            code_of(
                "INSERT INTO reading (at, actor, role, office, purpose, path, region) VALUES (now(), 'a', '', '', 'b', 'c', '')"
            )
            == ""
        )


def test_the_role_that_erases_takes_bodies_and_cannot_touch_events(filled: str) -> None:
    before = ask("SELECT count(*) FROM event")
    with role(access.ERASE):
        assert code_of("DELETE FROM event") == FORBIDDEN
        assert code_of("SELECT FROM person_now") == FORBIDDEN
        assert code_of("DELETE FROM event_body WHERE event = (SELECT min(id) FROM event)") == ""
    assert ask("SELECT count(*) FROM event") == before
    assert (
        len(ask("SELECT FROM event e WHERE NOT EXISTS (SELECT FROM event_body b WHERE b.event = e.id)")) == 1
    )


def test_the_role_of_questions_writes_nothing(filled: str) -> None:
    with access.taken(access.READ, NATION.reach):
        assert {code_of(f"DELETE FROM {table}") for table in access.TABLES} <= {FORBIDDEN}
    with access.taken(access.READ, NATION.reach, read_only=True):
        # Not even what a role may do that somebody takes inside of it.
        assert code_of("CREATE TEMP TABLE t (id int)") == "25006"


def test_the_role_of_the_ticket_sees_the_request_that_was_shown(filled: str) -> None:
    number = ask("SELECT min(id) FROM request_now")[0][0]
    with access.taken(access.TICKET, Reach()):
        assert not ask("SELECT FROM request_now")
    with access.taken(access.TICKET, Reach(), request=number):
        assert ask("SELECT id FROM request_now") == [(number,)]
        assert {row[0] for row in ask("SELECT subject FROM event")} == {number}
        assert ask("SELECT count(*) FROM event_body") == ask("SELECT count(*) FROM event")


@pytest.mark.django_db
def test_a_line_of_the_log_is_written_after_rows_that_came_in_parts() -> None:
    """What a page read last may have come as a stream; the line is written in a pipeline of the same transaction."""
    now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    told = {"path": "/k/1", "subjects": None, "region": VILLAGE, "role": "verifier", "office": VILLAGE[:4]}
    with access.taken(access.READ, NATION.reach):
        for _ in range(2):
            assert len(list(rows.stream("SELECT generate_series(1, %s)", [3]))) == 3
            readings.write(at=now, actor="pusat", purpose="family", **told)  # type: ignore[arg-type]
    assert ask("SELECT count(*) FROM reading WHERE actor = 'pusat'") == [(2,)]
