"""The months behind a demonstration can be told on any day: in every state, in order, and twice the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from mutakhir import wiring
from mutakhir.actions import window
from mutakhir.core.facts import Answer
from mutakhir.core.flows.change_request import STEPS
from mutakhir.core.flows.window import Act
from mutakhir.node import demo
from mutakhir.store import feed
from mutakhir.store.models import Account, Source
from mutakhir.wiring.timekeeping import advance

pytestmark = [pytest.mark.usefixtures("own_database"), pytest.mark.slow]

TUESDAY = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
REACHABLE = {step.target.value for step in STEPS if step.target is not None}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Any:
    settings.DATA = tmp_path
    wiring.blobs.cache_clear()
    yield tmp_path
    wiring.blobs.cache_clear()


def asked(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


# Midnight of a first day of the month, and a day of which no holidays are known yet.
@pytest.mark.parametrize(
    "now",
    [
        pytest.param(datetime(2026, 11, 30, 17, 0, 30, tzinfo=UTC), id="first-of-month"),
        pytest.param(datetime(2031, 3, 1, 3, 0, tzinfo=UTC), id="far-ahead"),
    ],
)
def test_every_state_is_there_on_any_day(now: datetime) -> None:
    prepared = demo.prepare(persons=1500, now=now)
    assert prepared.loaded
    assert {state for (state,) in asked("SELECT DISTINCT state FROM request_now")} >= REACHABLE
    assert asked("SELECT count(*) FROM person_now WHERE registered AND id >= 4294967296")[0][0] > 1400
    assert asked(
        "SELECT max(recorded_at) <= %s::timestamptz FROM event".replace("%s", f"'{now.isoformat()}'")
    )[0][0]
    what_was_known_can_be_asked(now)
    # The clock of the worker finds everything done.
    assert not any(advance(now).counts.values())
    again = demo.prepare(persons=9999, now=now)
    assert (again.loaded, again.persons, again.accounts) == (False, 1500, prepared.accounts)


def what_was_known_can_be_asked(now: datetime) -> None:
    """Before a change was applied, the register knew the house as it was then."""
    [(house, since)] = asked(
        "SELECT e.subject, min(e.recorded_at) FROM event e WHERE e.kind = 'dwelling' AND e.version = 2 "
        "GROUP BY e.subject ORDER BY e.subject LIMIT 1"
    )
    position = feed.fix_position(since - timedelta(hours=1), now=now)
    assert 0 < position < feed.head()
    with transaction.atomic():
        register = wiring.open_register()
        then = register.as_of([house], on=now.date(), position=position)[house]
        today = register.as_of([house], on=now.date(), position=None)[house]
    assert values(then) != values(today)
    disordered = "SELECT count(*) FROM feed a JOIN feed b ON b.position = a.position + 1 WHERE a.numbered_at > b.numbered_at"
    assert asked(disordered) == [(0,)]


def values(answers: dict[str, Answer] | Any) -> dict[str, Any]:
    return {name: answer.value for name, answer in answers.items()}


def test_synthetic_people_never_come_among_others(settings: Any) -> None:
    settings.TRAINING = False
    with pytest.raises(demo.DemoRefused):
        demo.prepare(persons=1500, now=TUESDAY)
    settings.TRAINING = True
    act = Act("S-1", "2026-11-01", "Kepala Pusdatin")
    command = window.Schedule("3508", TUESDAY, TUESDAY + timedelta(1), TUESDAY + timedelta(2), act)
    supervisor = next(person.actor for person in demo.CAST if person.login == "nira")
    wiring.perform(window.schedule, command, actor=supervisor, now=TUESDAY)
    with pytest.raises(demo.DemoRefused):
        demo.prepare(persons=1500, now=TUESDAY)
    assert not Source.objects.exists()
    assert not Account.objects.exists()


class Stopped(Exception):
    pass


def stop_at(part: str) -> Callable[[str, int, int], None]:
    def stop(what: str, done: int, of: int) -> None:
        if what == part:
            raise Stopped

    return stop


def test_people_are_taken_in_once_and_a_story_is_whole_or_not_there() -> None:
    for part in ("penduduk", "permintaan"):
        with pytest.raises(Stopped):
            demo.prepare(persons=3000, now=TUESDAY, progress=stop_at(part))
        assert asked("SELECT count(*) FROM request_now") == [(0,)]
        assert Source.objects.get().finished_at is None
    counted = "SELECT count(*), count(DISTINCT subject) FROM event WHERE kind = 'person' AND version = 1"
    assert asked(counted) == [(3000, 3000)]
    later = demo.prepare(persons=3000, now=TUESDAY + timedelta(days=2))
    assert later.loaded
    assert asked("SELECT count(*) FROM person_now WHERE id >= 4294967296") == [(3000,)]


def test_the_same_day_tells_the_same_story_and_every_role_has_an_account(folder: Path) -> None:
    prepared = demo.prepare(persons=1500, now=TUESDAY)
    told = asked("SELECT state, kind, subject_name, region, since FROM request_now ORDER BY id")
    assert {account["role"] for account in prepared.accounts} == {person.role.value for person in demo.CAST}
    one = Account.objects.get(login="tutik")
    assert one.check_password(prepared.accounts[0]["password"])
    assert not one.must_change_password
    actor = wiring.find_actor("tutik", now=TUESDAY)
    assert actor is not None
    assert actor.scopes() == (demo.VILLAGE,)
    # Without the file nobody knows the password any more, so there is a new one.
    (folder / "demo.json").unlink()
    renewed = demo.prepare(persons=1500, now=TUESDAY)
    assert renewed.tickets == prepared.tickets
    assert Account.objects.get(login="tutik").check_password(renewed.accounts[0]["password"])
    assert told[0][3].startswith(demo.KABUPATEN)
    assert told == tell_once_more()


def tell_once_more() -> list[tuple[Any, ...]]:
    """The same day in another, empty database."""
    from tests.databases import apart, migrated, used_by_django

    address = _address()
    with migrated(address) as template, apart(address, template=template) as url, used_by_django(url):
        demo.prepare(persons=1500, now=TUESDAY)
        return asked("SELECT state, kind, subject_name, region, since FROM request_now ORDER BY id")


def _address() -> str:
    told = connection.settings_dict
    return f"postgresql://{told['USER']}@/{told['NAME']}?host={told['HOST']}&port={told['PORT'] or 5432}"
