"""A database of an earlier release is brought up to date: its events load, and the register answers as it did then."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests import releases

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

RELEASES = sorted(releases.FOLDER.glob("*.json"))


@pytest.fixture(scope="module", params=RELEASES, ids=[path.stem for path in RELEASES])
def released(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(request.param.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def migrated(
    released: dict[str, Any],
    database_url: str,
    django_db_blocker: DjangoDbBlocker,
    settings: Any,
    tmp_path: Path,
) -> Iterator[dict[str, Any]]:
    """Django uses a database of the release, with its data, that was brought up to date."""
    from django.core.management import call_command

    from mutakhir import wiring
    from tests.databases import apart, used_by_django

    settings.DATA = tmp_path / "data"
    wiring.blobs.cache_clear()
    with django_db_blocker.unblock(), apart(database_url) as url, used_by_django(url):
        releases.make(released)
        call_command("migrate", interactive=False, verbosity=0)
        yield released
    wiring.blobs.cache_clear()


def test_it_answers_as_it_did(migrated: dict[str, Any]) -> None:
    """At once, and after everything was made again from the events; also as far as it was known in the middle."""
    from mutakhir import wiring
    from mutakhir.store import rebuild

    def is_as_it_was() -> bool:
        return {
            str(position): json.loads(json.dumps(releases.answers(position)))
            for position in (None, migrated["middle"])
        } == migrated["answers"]

    assert is_as_it_was()
    told: dict[str, Any] = {"open_register": wiring.open_register, "report": lambda _: None}
    assert not rebuild.rebuild(**told, check=True).differences
    assert rebuild.rebuild(**told).events == len(migrated["tables"]["event"]["rows"])
    assert is_as_it_was()
    assert not rebuild.rebuild(**told, check=True).differences


def test_names_are_searched_as_this_release_writes_them(
    released: dict[str, Any], database_url: str, django_db_blocker: DjangoDbBlocker
) -> None:
    from django.core.management import call_command

    from tests.databases import apart, ask, used_by_django

    with django_db_blocker.unblock(), apart(database_url) as url, used_by_django(url):
        releases.make(released)
        change = "UPDATE person_now SET name = 'M. Kholil', name_key = 'm kholil' WHERE nik IS NOT NULL RETURNING id"
        changed = ask(change)
        assert changed
        call_command("migrate", interactive=False, verbosity=0)
        found = ask("SELECT DISTINCT p.name_key FROM person_now p JOIN name_now n ON n.key = p.name_key WHERE p.id = ANY(%s)",
                    [row[0] for row in changed])  # fmt: skip
        assert found == [("muhammad holil",)]


def test_every_event_loads_with_the_body_that_was_committed_to(migrated: dict[str, Any]) -> None:
    from django.db import connection

    from mutakhir.core.digests import commitment
    from mutakhir.core.events import EVENT_TYPES
    from mutakhir.store.register import read_events

    events = read_events("ORDER BY e.id", [])
    assert len(events) == len(migrated["tables"]["event"]["rows"])
    assert [event.position for event in events] == list(range(1, len(events) + 1))
    kinds = {(event.kind, event.type) for event in events}
    assert kinds <= EVENT_TYPES.keys()
    assert len(kinds) >= 54, "every kind of event of the first release"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.salt, b.body::text, e.commitment FROM event e JOIN event_body b ON b.event = e.id"
        )
        for salt, body, committed in cursor:
            assert commitment(bytes(salt), body.encode()) == bytes(committed)


def test_work_goes_on(migrated: dict[str, Any], tmp_path: Path) -> None:
    """A request of the release takes its next step, a list of it is known, and what it said is shown."""
    from mutakhir.queries import as_of
    from tests.builders import PostgresGround, Walker, instant
    from tests.store.lists import Office, ask, counts, p3ke

    walk = Walker(PostgresGround(), now=instant("2027-12-01"))
    number = ask("SELECT id FROM request_now WHERE NOT ended ORDER BY id")[0][0]
    walk.requests["A"] = number
    walk.must("withdraw", "operator")
    assert walk.state == "withdrawn"
    budi = {
        "name": "BUDI SANTOSO",
        "nik": "9908011507800012",
        "id": "p1",
        "sex": "Laki-laki",
        "born": "15/07/1980",
    }
    office = Office(now=walk.now)
    assert counts(office.take(p3ke(tmp_path / "b.csv", budi), as_of="2026-11-01", full_region="3508"))[4] == 1
    assert ask("SELECT count(*) FROM source") == [(2,)]
    found = as_of.person_of_nik("9908011507800012", scopes=["3508"])
    assert found is not None
    assert found[1] == "3508012001"
