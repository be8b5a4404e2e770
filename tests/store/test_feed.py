"""The feed: every event gets its place, once, in an order that never changes, whoever writes beside whom."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def append(subject: int, version: int, *, pause_seconds: float = 0.0) -> None:
    from django.db import transaction

    from mutakhir import wiring

    with transaction.atomic():
        wiring.open_register().append([event(subject, version)])
        time.sleep(pause_seconds)


def event(subject: int, version: int) -> Any:
    from mutakhir.core.events import Event

    return Event(
        subject=subject, kind="dwelling", version=version, type="facts_stated", body={"attributes": {"rooms": version}},
        actor="tutik", recorded_at=NOW, region="3508152001", holds_from=date(2026, 1, 1),
    )  # fmt: skip


def positions() -> list[tuple[int, int, int]]:
    from tests.store.lists import ask

    return ask(
        "SELECT f.position, e.subject, e.version FROM feed f JOIN event e ON e.id = f.event ORDER BY 1"
    )  # type: ignore[return-value]


def beside(*deeds: Callable[[], None]) -> None:
    """Run deeds at the same time, each with a connection of its own; a deed that raises fails the test."""
    from django.db import connections

    raised: list[BaseException] = []

    def run(deed: Callable[[], None]) -> None:
        try:
            deed()
        except BaseException as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert not raised, raised
    assert not any(one.is_alive() for one in threads)


def test_many_writers_and_two_sequencers(own_database: str) -> None:
    """Nothing is skipped, nothing comes twice, there are no gaps, and the versions of a subject stay in order."""
    from mutakhir.core.refusals import Conflict
    from mutakhir.store import feed

    writing = threading.Event()
    seen: list[list[tuple[int, int, int]]] = []
    shared = (1, 2)

    def write(number: int) -> Callable[[], None]:
        dice = random.Random(number)

        def deed() -> None:
            for version in range(1, 16):
                append(100 + number, version, pause_seconds=dice.choice((0, 0, 0.002, 0.02)))
                subject = dice.choice(shared)
                while True:
                    known = max((one for _, own, one in events_of(subject) if own == subject), default=0)
                    try:
                        append(subject, known + 1, pause_seconds=dice.choice((0, 0.005)))
                        break
                    except Conflict:
                        continue

        return deed

    def number() -> None:
        while not writing.is_set():
            feed.number_events()

    def follow() -> None:
        cursor = 0
        while not writing.is_set():
            new = [one for one in positions() if one[0] > cursor]
            if new:
                assert [one[0] for one in new] == list(range(cursor + 1, cursor + len(new) + 1))
                cursor = new[-1][0]
                seen.append(new)

    def all_writers() -> None:
        try:
            beside(*(write(one) for one in range(6)))
        finally:
            writing.set()

    beside(all_writers, number, number, follow)
    feed.number_events()
    found = positions()
    assert [one[0] for one in found] == list(range(1, len(found) + 1))
    assert len(found) == 6 * 15 * 2
    assert len({one[1:] for one in found}) == len(found)
    for subject in {one[1] for one in found}:
        versions = [one[2] for one in found if one[1] == subject]
        assert versions == list(range(1, len(versions) + 1))
    followed = [one for new in seen for one in new]
    assert followed == found[: len(followed)], "what a follower saw is how it is"


def events_of(subject: int) -> list[tuple[int, int, int]]:
    from tests.store.lists import ask

    return ask("SELECT id, subject, version FROM event WHERE subject = %s", subject)  # type: ignore[return-value]


def test_an_open_transaction_holds_up_nobody_else(own_database: str) -> None:
    """What is not committed is not numbered; what others commit meanwhile is, and the late one comes after them."""
    from mutakhir.store import feed

    appended, go = threading.Event(), threading.Event()

    def slow() -> None:
        from django.db import transaction

        from mutakhir import wiring

        with transaction.atomic():
            wiring.open_register().append([event(1, 1)])
            appended.set()
            assert go.wait(30)

    def quick() -> None:
        assert appended.wait(30)
        append(2, 1)
        assert feed.number_events() == 1
        assert [one[1] for one in positions()] == [2]
        go.set()

    beside(slow, quick)
    assert feed.number_events() == 1
    assert [(one[0], one[1]) for one in positions()] == [(1, 2), (2, 1)]


def test_what_is_rolled_back_takes_no_place(own_database: str) -> None:
    from django.db import transaction

    from mutakhir import wiring
    from mutakhir.store import feed

    with transaction.atomic():
        wiring.open_register().append([event(1, 1)])
        transaction.set_rollback(True)
    append(2, 1)
    assert feed.number_events() == 1
    assert positions() == [(1, 2, 1)]
    assert feed.head() == 1
    assert feed.number_events() == 0


def test_a_position_once_fixed_never_changes(own_database: str) -> None:
    """Asked in the middle of writing, an instant means the same position for ever."""
    from mutakhir.store import feed

    done = threading.Event()
    fixed: dict[datetime, int] = {}

    def write() -> None:
        try:
            for version in range(1, 60):
                append(7, version)
        finally:
            done.set()

    def ask_again() -> None:
        while not done.is_set():
            instant = datetime.now(UTC)
            fixed[instant] = feed.fix_position(instant, now=instant)

    beside(write, ask_again)
    assert len(fixed) > 3
    now = datetime.now(UTC)
    assert {one: feed.fix_position(one, now=now) for one in fixed} == fixed
    in_order = [fixed[one] for one in sorted(fixed)]
    assert in_order == sorted(in_order)
    assert feed.fix_position(datetime.now(UTC), now=datetime.now(UTC) + timedelta(seconds=1)) == 59


def test_the_future_has_no_position(own_database: str) -> None:
    from mutakhir.core.refusals import Refused
    from mutakhir.store import feed

    with pytest.raises(Refused, match="instant-in-future"):
        feed.fix_position(NOW + timedelta(seconds=1), now=NOW)


def test_an_instant_before_everything_knows_nothing(own_database: str) -> None:
    from mutakhir.store import feed

    append(1, 1)
    assert feed.fix_position(datetime(2020, 1, 1, tzinfo=UTC), now=datetime.now(UTC)) == 0


def test_what_is_not_numbered_is_seen_without_a_position_and_not_with_one(own_database: str) -> None:
    from mutakhir import wiring
    from mutakhir.store import feed

    append(1, 1)
    feed.number_events()
    append(1, 2)
    register = wiring.open_register()

    def rooms(position: int | None) -> Any:
        return register.as_of([1], on=date(2026, 6, 1), position=position)[1]["rooms"].value

    assert (rooms(None), rooms(feed.head())) == (2, 1)
    feed.number_events()
    assert rooms(feed.head()) == 2


def test_a_batch_leaves_one_row_to_be_numbered(own_database: str) -> None:
    from mutakhir import wiring
    from mutakhir.store import feed
    from tests.store.lists import ask

    wiring.open_register().append([event(one, 1) for one in range(1, 501)])
    assert ask("SELECT count(*), max(last - first) FROM pending") == [(1, 499)]
    assert feed.number_events() == 500
    assert [one[1] for one in positions()] == list(range(1, 501))
