"""Whoever is due first goes first; nobody is let in beyond the places, and a place is given back whatever happens."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.test import RequestFactory
from django.urls import reverse

from mutakhir.web.turnstile import BY_NAME, PLACES, SEARCHES, Turnstile, TurnstileMiddleware

LONG = 30.0
"""So many seconds nobody waits here, unless something is broken."""


class Room:
    """People who pass a turnstile, each in a thread, and stay until they are told to leave."""

    def __init__(self, gate: Turnstile) -> None:
        self.gate = gate
        self.inside: list[str] = []
        self.came = threading.Condition()
        self.threads: list[threading.Thread] = []

    def enter(self, name: str, due: float) -> threading.Event:
        leave = threading.Event()

        def pass_through() -> None:
            with self.gate.passed(due=due):
                with self.came:
                    self.inside.append(name)
                    self.came.notify_all()
                assert leave.wait(LONG)

        thread = threading.Thread(target=pass_through, daemon=True)
        self.threads.append(thread)
        thread.start()
        return leave

    def wait_for(self, what: Callable[[], bool]) -> None:
        with self.came:
            assert self.came.wait_for(what, LONG)

    def queue(self, name: str, due: float) -> threading.Event:
        """Enter, and return only when this one stands in the line."""
        before = self.gate.waiting
        leave = self.enter(name, due)
        spin = threading.Event()
        while self.gate.waiting == before:
            spin.wait(0.001)
        return leave


def test_who_is_due_first_goes_first_whenever_they_came() -> None:
    room = Room(Turnstile(1))
    leaving = {"first": room.enter("first", 0)}
    room.wait_for(lambda: room.inside == ["first"])
    for name, due in (("form", 0.3), ("page", 0.05), ("later page", 0.06)):
        leaving[name] = room.queue(name, due)
    for name in ("first", "page", "later page", "form"):
        room.wait_for(lambda name=name: room.inside[-1] == name)  # type: ignore[misc]
        leaving[name].set()
    for thread in room.threads:
        thread.join(LONG)
    assert room.inside == ["first", "page", "later page", "form"]


def test_no_more_are_inside_than_there_are_places() -> None:
    room = Room(Turnstile(2))
    leaving = [room.enter(str(number), number) for number in range(2)]
    room.wait_for(lambda: len(room.inside) == 2)
    leaving.append(room.queue("third", 0))
    assert len(room.inside) == 2
    leaving[0].set()
    room.wait_for(lambda: room.inside[-1] == "third")
    for one in leaving:
        one.set()
    for thread in room.threads:
        thread.join(LONG)


def test_a_place_is_given_back_after_an_error() -> None:
    gate = Turnstile(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), gate.passed(due=0):
            raise ZeroDivisionError
        assert gate.free == 1


@pytest.mark.parametrize(
    ("address", "free"),
    [
        ("/cari?q=siti+aminah", "pages"),
        ("/catat/cari?nama=siti", "pages"),
        ("/cari?q=9908184308010001", "searches"),
        ("/", "searches"),
    ],
)
def test_a_search_by_name_takes_no_place_from_pages_nor_they_from_it(address: str, free: str) -> None:
    seen = {}

    def answer(_request: object) -> object:
        seen.update(pages=middleware.pages.free, searches=middleware.searches.free)
        return object()

    middleware = TurnstileMiddleware(answer)  # type: ignore[arg-type]
    middleware(RequestFactory().get(address))
    assert seen[free] == {"pages": PLACES, "searches": SEARCHES}[free]
    assert seen != {"pages": PLACES, "searches": SEARCHES}


def test_the_pages_that_search_by_name_are_where_the_turnstile_looks() -> None:
    assert {reverse("search"), reverse("record_names")} == set(BY_NAME)
