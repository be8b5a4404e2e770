"""Who is served next when more people ask than a process can serve at once."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic

from django.http import HttpRequest, HttpResponse

PLACES = 2
"""So many requests a process works on at a time: one computes while the database looks something up for the other."""
SEARCHES = 1
"""So many searches by name a process has under way: each takes the database more work than ten pages."""
BY_NAME: Mapping[str, str] = {"/cari": "q", "/catat/cari": "nama"}
"""The pages that search by name, and where the name stands in their address."""
SHOWN_SECONDS, WRITTEN_SECONDS = 0.05, 0.3
"""What people who look at a page wait without noticing, and what those who send a form do."""


class Turnstile:
    """Lets in so many at a time; of those who wait, the one who is due first. Nobody is overtaken for ever."""

    def __init__(self, places: int) -> None:
        self.free = places
        self._lock = threading.Lock()
        self._waiting: list[tuple[float, int, threading.Lock]] = []
        self._numbers = itertools.count()

    @contextmanager
    def passed(self, *, due: float) -> Iterator[None]:
        """Wait for a place and keep it for the block; `due` is an instant of the monotonic clock, in seconds."""
        turn = self._take(due)
        if turn is not None:
            turn.acquire()
        try:
            yield
        finally:
            self._leave()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def _take(self, due: float) -> threading.Lock | None:
        with self._lock:
            if self.free:
                self.free -= 1
                return None
            turn = threading.Lock()
            turn.acquire()
            heapq.heappush(self._waiting, (due, next(self._numbers), turn))
            return turn

    def _leave(self) -> None:
        with self._lock:
            if self._waiting:
                heapq.heappop(self._waiting)[2].release()
            else:
                self.free += 1


class TurnstileMiddleware:
    """Pages that show come before forms that were sent, and a search by name keeps none of them waiting."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pages = Turnstile(PLACES)
        self.searches = Turnstile(SEARCHES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.content_type == "multipart/form-data":
            # A photograph comes as slowly as the line is that sends it: it takes no place, and nobody waits behind it.
            return self.get_response(request)
        shows = request.method in ("GET", "HEAD")
        gate = self.searches if _is_by_name(request) else self.pages
        with gate.passed(due=monotonic() + (SHOWN_SECONDS if shows else WRITTEN_SECONDS)):
            return self.get_response(request)


def _is_by_name(request: HttpRequest) -> bool:
    asked = BY_NAME.get(request.path)
    return asked is not None and any(map(str.isalpha, request.GET.get(asked, "")))
