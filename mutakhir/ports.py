"""What the actions need from outside, as few small protocols; each has at least two implementations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from mutakhir.core.change_requests import Request, State
from mutakhir.core.events import Event, History
from mutakhir.core.facts import Answer, Value
from mutakhir.core.flows.annulment import Annulment
from mutakhir.core.flows.erasure import Erasure
from mutakhir.core.flows.session import Session
from mutakhir.core.flows.submission import Batch, Submission
from mutakhir.core.flows.visit import Visit
from mutakhir.core.flows.window import Window
from mutakhir.core.region_changes import RegionChange


class Register(Protocol):
    """The events of one register, and what they tell.

    Everything happens inside the transaction that the edge opened; `append` raises `Conflict` when another transaction
    was faster with one of the subjects.
    """

    def new_id(self) -> int:
        """A fresh number for a subject, unique over all kinds."""
        ...

    def histories(self, subjects: Iterable[int]) -> Mapping[int, History]:
        """The whole history of each subject; a subject without events has an empty one."""
        ...

    def attributed(self, subjects: Iterable[int]) -> Mapping[int, History]:
        """What tells about each subject: its own history, and of merged persons the records of all of them.

        The version is that of the subject's own history.
        """
        ...

    def append(self, events: Sequence[Event]) -> tuple[Event, ...]:
        """Store events and let the projections follow; returns them with their ids."""
        ...

    def as_of(
        self, subjects: Iterable[int], *, on: date, position: int | None
    ) -> Mapping[int, Mapping[str, Answer]]:
        """What holds for each subject on a day, as far as it was known at a position of the feed."""
        ...

    def current(self, subjects: Iterable[int]) -> Mapping[int, Mapping[str, Value]]:
        """The values of today of persons, families and dwellings, by subject and attribute; ended ones are absent."""
        ...

    def versions(self, subjects: Iterable[int]) -> Mapping[int, int]:
        """The version of each person, family or dwelling; 0 for one that is not there yet."""
        ...

    def members(self, family: int) -> tuple[int, ...]:
        """Every person who was ever said to be in a family."""
        ...

    def by_identifier(self, kind: str, values: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
        """The subjects that carry each identifier (`nik` or `no_kk`) now."""
        ...

    def by_former_number(self, kind: str, values: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
        """Whom the numbers of retired persons and ended families lead to: who they were found to be, or joined."""
        ...

    def requests(self, ids: Iterable[int]) -> Mapping[int, Request]:
        """Requests by number, locked for this transaction."""
        ...

    def select_requests(
        self,
        *,
        states: Iterable[State],
        scope: str,
        kinds: Iterable[str] = (),
        window: int | None = None,
        batch: int | None = None,
        submission: int | None = None,
        family: int | None = None,
        offered_to: str | None = None,
        after: int = 0,
        limit: int = 5000,
    ) -> list[Request]:
        """Requests in an order of numbers, locked for this transaction; `after` is the last number already seen."""
        ...

    def requests_of(self, families: Iterable[int]) -> tuple[Request, ...]:
        """Every request about some families, ended ones too, in the order of their numbers; not locked."""
        ...

    def caused_by(self, events: Iterable[int]) -> tuple[Event, ...]:
        """The events that name one of these as their cause, in the order in which they were written."""
        ...

    def open_requests(self, families: Iterable[int], *, kinds: Iterable[str]) -> list[Request]:
        """Requests of some kinds about some families that have not ended, in the order of numbers, locked."""
        ...

    def windows(self, scope: str) -> tuple[Window, ...]:
        """Windows and calls that touch a region, from above or below."""
        ...

    def window(self, number: int) -> Window | None: ...

    def session(self, number: int) -> Session | None: ...

    def batch(self, number: int) -> Batch | None: ...

    def batches(self, window: int, scope: str) -> tuple[Batch, ...]: ...

    def submission(self, number: int) -> Submission | None: ...

    def visit(self, number: int) -> Visit | None: ...

    def visits(self, about: int) -> tuple[Visit, ...]:
        """Every visit because of one request, family, person or dwelling, in the order in which they were asked for."""
        ...

    def visits_of(self, about: Iterable[int]) -> tuple[Visit, ...]:
        """Every visit because of some requests, families, persons or dwellings; not locked."""
        ...

    def annulment(self, number: int) -> Annulment | None: ...

    def erasure(self, number: int) -> Erasure | None: ...

    def erasures_of(self, persons: Iterable[int]) -> tuple[Erasure, ...]:
        """What was asked to be erased or sealed of some persons, in the order of their numbers."""
        ...

    def families_in(self, dwellings: Iterable[int]) -> Mapping[int, tuple[int, ...]]:
        """Which families live in each dwelling now."""
        ...

    def annulments_of(self, requests: Iterable[int]) -> tuple[Annulment, ...]:
        """The annulments that were asked for of some requests, in the order of their numbers."""
        ...

    def living_in(self, kind: str, region: str, *, after: int = 0, limit: int = 5000) -> tuple[int, ...]:
        """The families, persons or dwellings (`kind`) of exactly this region, by number."""
        ...

    def sessions_in(self, region: str) -> tuple[Session, ...]:
        """The meetings of exactly this region that are not confirmed yet."""
        ...

    def visits_in(self, region: str) -> tuple[Visit, ...]:
        """The visits of exactly this region that are still open."""
        ...

    def region_change(self, number: int) -> RegionChange | None: ...
