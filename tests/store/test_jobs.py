"""The clock, the sequencer and the worker do what is due, once, whatever is killed in between."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from mutakhir import wiring
from mutakhir.actions import change_request, window
from mutakhir.actions.facts import State as Stated
from mutakhir.actions.facts import state_facts
from mutakhir.core.actors import SYSTEM, Actor, Held, Role
from mutakhir.core.change_requests import Request, State
from mutakhir.core.flows.window import Act
from mutakhir.core.flows.window import State as WindowState
from mutakhir.jobs import clock, worker
from mutakhir.jobs.sequencer import number_as_they_come
from mutakhir.queries.places import search_places
from mutakhir.store import feed, places
from mutakhir.wiring import timekeeping
from mutakhir.wiring.regions import load_regions
from tests.databases import environment

VILLAGE = "3508122005"
OPERATOR = Actor("tutik", "Tutik", (Held(Role.VILLAGE_OPERATOR, VILLAGE),))
SUPERVISOR = Actor("nira", "Nira", (Held(Role.SUPERVISOR, "3508"),))
RECORDED = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
OPENS = datetime(2026, 11, 9, 17, 0, tzinfo=UTC)
CUT_OFF = OPENS + timedelta(days=10)

pytestmark = pytest.mark.usefixtures("own_database")


def until(happened: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"did not happen within {seconds} s"
        time.sleep(0.02)


def reserve_leavings(count: int) -> list[int]:
    """Families of one person each who ask to leave: complete, and of a kind that no meeting decides on."""
    numbers = []
    for place in range(count):
        family, person = _new_ids(2)
        attributes = {
            "name": f"Warga {place}",
            "birth_date": "1980-01-01",
            "sex": "1",
            "family": family,
            "relation": "1",
        }
        stated = [
            Stated(family, "family", {"address": f"RT {place}", "region_lived": VILLAGE}),
            Stated(person, "person", {**attributes, "registration": "registered"}),
        ]
        wiring.perform(
            state_facts, stated, region=VILLAGE, holds_from=date(2024, 1, 1), authority="social", source="test",
            actor=SYSTEM, now=RECORDED,
        )  # fmt: skip
        content = change_request.Content(people=(person,), reason="own_wish", birth_date="1980-01-01")
        named = {"name": f"Warga {place}", "standing": "member"}
        command = change_request.Record("leaving", VILLAGE, named, family, content)
        number = wiring.perform(change_request.record, command, actor=OPERATOR, now=RECORDED).id
        proof = {
            "kind": "statement", "digest": "0" * 64, "media_type": "image/png", "name": "surat.png",
            "added_at": RECORDED.isoformat(), "added_by": OPERATOR.login,
        }  # fmt: skip
        take = change_request.Take(number, "prove", {"evidence": proof})
        wiring.perform(change_request.take_step, take, actor=OPERATOR, now=RECORDED)
        chance = number.to_bytes(16, "big")
        wiring.perform(change_request.reserve, number, randomness=chance, actor=OPERATOR, now=RECORDED)
        numbers.append(number)
    return numbers


def _new_ids(count: int) -> list[int]:
    register = wiring.open_register()
    return [register.new_id() for _ in range(count)]


def schedule(opens: datetime = OPENS, cut_off: datetime = CUT_OFF) -> int:
    command = window.Schedule(
        "3508", opens, cut_off, cut_off + timedelta(days=5), Act("S-1", "2026-11-01", "Kepala Pusdatin")
    )
    return wiring.perform(window.schedule, command, actor=SUPERVISOR, now=RECORDED).id


def states(numbers: list[int]) -> dict[State, int]:
    counted: dict[State, int] = {}
    for request in read(numbers).values():
        counted[request.state] = counted.get(request.state, 0) + 1
    return counted


def read(numbers: list[int]) -> dict[int, Request]:
    from django.db import transaction

    with transaction.atomic():
        return dict(wiring.open_register().requests(numbers))


def times_of(event_type: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject FROM event WHERE kind = 'request' AND type = %s ORDER BY subject", [event_type]
        )
        return [row[0] for row in cursor]


def test_a_window_is_packed_when_it_opens_and_unpacked_when_it_cuts_off() -> None:
    numbers = reserve_leavings(3)
    number = schedule()
    early = timekeeping.advance(OPENS - timedelta(seconds=1))
    assert early.marked == []
    assert states(numbers) == {State.RESERVED: 3}
    assert timekeeping.next_instant(OPENS - timedelta(days=1)) == OPENS

    opened = timekeeping.advance(OPENS)
    assert opened.marked == [(number, WindowState.OPEN)]
    assert opened.counts["packed"] == 3
    assert opened.counts["handed_over"] == 0, (
        "nothing of it stands in minutes, so the village head hands it over"
    )
    assert states(numbers) == {State.PACKED: 3}

    again = timekeeping.advance(OPENS + timedelta(minutes=1))
    assert again.marked == []
    assert not any(again.counts.values())

    timekeeping.advance(CUT_OFF)
    assert states(numbers) == {State.RESERVED: 3}
    assert times_of("unpacked") == numbers


def test_packing_goes_on_behind_what_a_killed_process_had_packed(own_database: str, tmp_path: Path) -> None:
    numbers = reserve_leavings(12)
    number = schedule()
    program = (
        "from mutakhir.node.program import set_up; import os\n"
        "set_up(os.environ['DATABASE_URL'], migrate=False)\n"
        "from datetime import datetime\n"
        "from mutakhir.wiring.timekeeping import mark_windows, work_window\n"
        f"now = datetime.fromisoformat({OPENS.isoformat()!r})\n"
        f"mark_windows(now); work_window({number}, now=now, batch=5)\n"
    )
    with psycopg.connect(own_database) as holding:
        # The second batch waits for this row, and there the process is killed.
        holding.execute("SELECT 1 FROM request_now WHERE id = %s FOR UPDATE", [numbers[7]])
        with subprocess.Popen(
            [sys.executable, "-c", program], env=environment(own_database, tmp_path)
        ) as packing:
            until(lambda: waits_for_a_row(own_database) and states_unlocked(numbers).get("packed") == 5)
            packing.kill()
        assert packing.returncode == -signal.SIGKILL
    # The server lets go of the lock when it notices that its client is gone.
    until(lambda: timekeeping.work_window(number, now=OPENS, batch=5)["packed"] == 7)
    assert states(numbers) == {State.PACKED: 12}
    assert times_of("packed") == numbers, "each was packed once"
    assert {request.batch for request in read(numbers).values()} == {read(numbers)[numbers[0]].batch}


def waits_for_a_row(address: str) -> bool:
    with psycopg.connect(address) as asked:
        row = asked.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchone()
    return row is not None and row[0] > 0


def states_unlocked(numbers: list[int]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, count(*) FROM request_now WHERE id = ANY(%s) GROUP BY state", [numbers])
        return dict(cursor.fetchall())


def test_one_process_at_a_time_works_on_a_window(own_database: str) -> None:
    numbers = reserve_leavings(1)
    number = schedule()
    with psycopg.connect(own_database, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(hashtext(%s))", [f"window:{number}"])
        assert not timekeeping.work_window(number, now=OPENS)
    until(lambda: timekeeping.work_window(number, now=OPENS)["packed"] == 1)
    assert states(numbers) == {State.PACKED: 1}


def test_a_draft_lapses_the_day_after_its_limit() -> None:
    family, person = _new_ids(2)
    stated = [
        Stated(family, "family", {"region_lived": VILLAGE}),
        Stated(
            person,
            "person",
            {"name": "Sumi", "family": family, "relation": "1", "registration": "registered"},
        ),
    ]
    wiring.perform(
        state_facts, stated, region=VILLAGE, holds_from=date(2024, 1, 1), authority="social", source="test", actor=SYSTEM,
        now=RECORDED,
    )  # fmt: skip
    content = change_request.Content(people=(person,), reason="own_wish")
    command = change_request.Record(
        "leaving", VILLAGE, {"name": "Sumi", "standing": "member"}, family, content
    )
    number = wiring.perform(change_request.record, command, actor=OPERATOR, now=RECORDED).id
    assert timekeeping.advance(RECORDED + timedelta(days=30)).counts["lapsed"] == 0
    assert timekeeping.advance(RECORDED + timedelta(days=31)).counts["lapsed"] == 1
    assert states([number]) == {State.LAPSED: 1}


def test_a_tick_leaves_one_job_a_window_and_not_one_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    reserve_leavings(4)
    number = schedule()
    monkeypatch.setattr(wiring, "clock", lambda: OPENS - timedelta(seconds=20))
    assert 20.0 <= clock.tick() < 21.0, "the next tick is the instant of the opening, not the next minute"
    assert jobs() == [("lapse", {}), ("remind", {})]
    monkeypatch.setattr(wiring, "clock", lambda: OPENS)
    assert clock.tick() == clock.MINUTE_SECONDS
    clock.tick()
    assert jobs() == [("lapse", {}), ("remind", {}), ("window", {"number": number})]


def jobs() -> list[tuple[str, dict[str, int]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, args::text FROM procrastinate_jobs WHERE status = 'todo' ORDER BY task_name"
        )
        import json

        return [(name, json.loads(told)) for name, told in cursor]


def test_the_sequencer_numbers_what_is_committed_and_ends_when_asked() -> None:
    stop = threading.Event()
    loop = threading.Thread(target=number_as_they_come, args=(stop,))
    loop.start()
    try:
        reserve_leavings(2)
        until(lambda: feed.head() == count("event") and count("pending") == 0)
    finally:
        stop.set()
        loop.join(10)
    assert not loop.is_alive()
    assert count("feed") == count("event")


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def test_the_worker_packs_an_open_window_and_takes_up_what_a_killed_one_left(
    own_database: str, tmp_path: Path
) -> None:
    numbers = reserve_leavings(3)
    now = wiring.clock()
    number = schedule(now - timedelta(days=1), now + timedelta(days=3))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        )
        dead = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id) "
            "VALUES ('default', 'window', %s, 'doing', %s)",
            [f'{{"number": {number}}}', dead],
        )
    with subprocess.Popen(
        [sys.executable, "-m", "mutakhir.jobs"], env=environment(own_database, tmp_path)
    ) as running:
        try:
            until(lambda: states_unlocked(numbers) == {"packed": 3})
            until(lambda: count("pending") == 0 and feed.head() == count("event"))
            until(lambda: count("procrastinate_jobs") == 0)
        finally:
            running.terminate()
            running.wait(20)
    assert running.returncode == 0
    assert times_of("packed") == numbers


def test_a_part_that_breaks_ends_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(stop: threading.Event) -> None:
        raise ZeroDivisionError

    part = worker.Part(breaks, threading.Event())
    part.start()
    part.join(10)
    assert part.broke


def test_regions_are_loaded_once_a_version_and_found_by_name() -> None:
    start = time.monotonic()
    assert load_regions() == count("region") > 80_000
    assert time.monotonic() - start < 20
    assert load_regions() == 0
    assert [found.code for found in search_places("Ds. Burno", scope="3508", level="village", limit=1)] == [
        VILLAGE
    ]
    kept = places.stamp_of()
    assert places.load_regions(iter(()), version="another list") == 0 != len(kept)
    assert count("region") == 0
    assert places.stamp_of() != kept
