"""What the database itself refuses, whoever asks: changing what was said, and believing two things at once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def execute(statement: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


@pytest.fixture
def person() -> int:
    """Somebody of whom one event tells; it has its place in the feed."""
    from mutakhir import wiring
    from mutakhir.core.events import Event
    from mutakhir.store import feed

    register = wiring.open_register()
    number = register.new_id()
    told = {"name": "Siti", "family": register.new_id(), "relation": "1"}
    register.append(
        [
            Event(
                subject=number, kind="person", version=1, type="facts_stated", body={"attributes": told}, actor="tutik",
                recorded_at=NOW, region="3508152001", holds_from=date(2026, 1, 1),
            )
        ]
    )  # fmt: skip
    feed.number_events()
    return number


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET actor = 'somebody'",
        "DELETE FROM event",
        "TRUNCATE event CASCADE",
        "UPDATE feed SET position = position + 1",
        "DELETE FROM feed",
        "TRUNCATE feed",
        "UPDATE event_body SET body = '{}'",
        "TRUNCATE event_body",
        "TRUNCATE reading",
    ],
)
def test_what_was_said_is_never_changed(person: int, statement: str) -> None:
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError, match="inserted only"), transaction.atomic():
        execute(statement)


def test_a_reading_is_never_taken_back() -> None:
    from django.db import DatabaseError, transaction

    from mutakhir import wiring
    from mutakhir.core.actors import Actor

    wiring.log_reading(Actor("tutik"), purpose="check", path="/", region="3508", subject=None, now=NOW)
    for statement in ("DELETE FROM reading", "UPDATE reading SET actor = 'somebody'"):
        with pytest.raises(DatabaseError, match="inserted only"), transaction.atomic():
            execute(statement)


def test_a_body_alone_may_be_erased_and_its_commitment_stays(person: int) -> None:
    from tests.store.lists import ask

    before = ask("SELECT commitment FROM event WHERE subject = %s", person)
    assert execute("DELETE FROM event_body") == 1
    assert ask("SELECT commitment FROM event WHERE subject = %s", person) == before


def test_the_commitment_is_over_salt_and_body(person: int) -> None:
    from tests.store.lists import ask

    assert ask(
        "SELECT e.commitment = sha256(b.salt || convert_to(b.body::text, 'UTF8')) FROM event e "
        "JOIN event_body b ON b.event = e.id"
    ) == [(True,)]


@pytest.mark.parametrize(
    ("statements", "constraint"),
    [
        (
            [
                "INSERT INTO membership_open (person, family, relation) VALUES (1, 9, '1')",
                "INSERT INTO membership_open (person, family, relation) VALUES (2, 9, '1')",
            ],
            "membership_open_one_head",
        ),
        (
            [
                "INSERT INTO membership_open (person, family, relation) VALUES (1, 9, '3')",
                "INSERT INTO membership_open (person, family, relation) VALUES (1, 8, '3')",
            ],
            "membership_open_pkey",
        ),
        (
            [
                "INSERT INTO membership_closed (person, family, period) VALUES (1, 9, '[2024-01-01,2024-06-01)')",
                "INSERT INTO membership_closed (person, family, period) VALUES (1, 8, '[2024-05-31,2024-07-01)')",
            ],
            "membership_closed_no_overlap",
        ),
    ],
)
def test_two_things_are_not_believed_at_once(statements: list[str], constraint: str) -> None:
    from django.db import IntegrityError, transaction

    for statement in statements[:-1]:
        execute(statement)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        execute(statements[-1])


def test_periods_that_meet_do_not_overlap() -> None:
    execute("INSERT INTO membership_closed (person, family, period) VALUES (1, 9, '[2024-01-01,2024-06-01)')")
    execute("INSERT INTO membership_closed (person, family, period) VALUES (1, 8, '[2024-06-01,2024-07-01)')")


def test_two_heads_told_by_events_are_refused(person: int) -> None:
    """An action that states a second head is refused as a whole, also its event."""
    from django.db import IntegrityError, transaction

    from mutakhir import wiring
    from mutakhir.core.events import Event
    from tests.store.lists import ask

    [(family,)] = ask("SELECT family FROM membership_open")
    second: dict[str, Any] = {"name": "Tumi", "family": family, "relation": "1"}
    with pytest.raises(IntegrityError), transaction.atomic():
        wiring.open_register().append(
            [
                Event(
                    subject=person + 77, kind="person", version=1, type="facts_stated", body={"attributes": second},
                    actor="tutik", recorded_at=NOW, region="3508152001", holds_from=date(2026, 1, 1),
                )
            ]
        )  # fmt: skip
    assert ask("SELECT count(*) FROM event") == [(1,)]
