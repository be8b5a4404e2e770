"""The register in memory: the obvious second implementation, against which the first one is held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from mutakhir.core import attribution, change_requests, region_changes
from mutakhir.core.attribution import MERGED_INTO
from mutakhir.core.change_requests import Request, State
from mutakhir.core.events import Event, History, refuse_the_future
from mutakhir.core.facts import Answer, Value, attributes_of, fold, timeline, values
from mutakhir.core.flows import annulment as annulments
from mutakhir.core.flows import erasure as erasures
from mutakhir.core.flows import session as sessions
from mutakhir.core.flows import submission as submissions
from mutakhir.core.flows import visit as visits
from mutakhir.core.flows import window as windows
from mutakhir.core.flows.annulment import Annulment
from mutakhir.core.flows.erasure import Erasure
from mutakhir.core.flows.session import Session
from mutakhir.core.flows.submission import Batch, Submission
from mutakhir.core.flows.visit import Visit
from mutakhir.core.flows.window import Window
from mutakhir.core.refusals import Conflict, Refusal
from mutakhir.core.region_changes import RegionChange
from mutakhir.core.rules.intake import is_identifier

T = TypeVar("T")
SUBJECTS = ("person", "family", "dwelling")


class MemoryRegister:
    """A register that keeps a list of events and works everything out anew whenever it is asked."""

    def __init__(self, *, authorities: Mapping[str, str]) -> None:
        self._authorities = authorities
        self._events: list[Event] = []
        self._numbered = 0
        self._ids = 0

    def new_id(self) -> int:
        self._ids += 1
        return self._ids

    def number_events(self) -> int:
        """Give positions to what was appended since the last time."""
        for place in range(self._numbered, len(self._events)):
            self._events[place] = replace(self._events[place], position=place + 1)
        given = len(self._events) - self._numbered
        self._numbered = len(self._events)
        return given

    @property
    def position(self) -> int:
        return self._numbered

    def histories(self, subjects: Iterable[int]) -> Mapping[int, History]:
        return {
            subject: History.of(subject, tuple(one for one in self._events if one.subject == subject))
            for subject in subjects
        }

    def append(self, events: Sequence[Event]) -> tuple[Event, ...]:
        versions: dict[int, int] = {}
        for event in events:
            refuse_the_future(event)
            seen = versions.get(event.subject, self.histories([event.subject])[event.subject].version)
            if event.version != seen + 1:
                raise Conflict(Refusal.of("someone-was-faster"))
            versions[event.subject] = event.version
        stored = tuple(
            replace(one, id=len(self._events) + place) for place, one in enumerate(events, start=1)
        )
        self._events += stored
        return stored

    def as_of(
        self, subjects: Iterable[int], *, on: date, position: int | None
    ) -> Mapping[int, Mapping[str, Answer]]:
        return {
            subject: fold(events, on=on, position=position, authorities=self._authorities)
            for subject, events in self._attributed(subjects, position).items()
        }

    def attributed(self, subjects: Iterable[int]) -> Mapping[int, History]:
        versions = self.histories(wanted := list(subjects))
        return {
            subject: History(subject, events, versions[subject].version)
            for subject, events in self._attributed(wanted).items()
        }

    def _attributed(
        self, subjects: Iterable[int], position: int | None = None
    ) -> dict[int, tuple[Event, ...]]:
        histories = self._all_histories()
        return {one: attribution.attributed(one, histories, position=position) for one in subjects}

    def _all_histories(self) -> dict[int, tuple[Event, ...]]:
        found: dict[int, list[Event]] = {}
        for event in self._events:
            found.setdefault(event.subject, []).append(event)
        return {subject: tuple(events) for subject, events in found.items()}

    def current(self, subjects: Iterable[int]) -> Mapping[int, Mapping[str, Value]]:
        found = self.as_of(self._told(subjects), on=date.max, position=None)
        return {subject: values(answers) for subject, answers in found.items()}

    def versions(self, subjects: Iterable[int]) -> Mapping[int, int]:
        wanted = list(subjects)
        told = self._told(wanted)
        return {subject: told[subject].version if subject in told else 0 for subject in wanted}

    def _told(self, subjects: Iterable[int]) -> dict[int, History]:
        """The histories of those persons, families and dwellings of whom something was said."""
        return {
            subject: one
            for subject, one in self.histories(subjects).items()
            if one.events and one.events[0].kind in SUBJECTS
        }

    def members(self, family: int) -> tuple[int, ...]:
        histories = self._all_histories()
        people = sorted({one.subject for one in self._events if one.kind == "person"})
        return tuple(
            subject
            for subject in people
            if any(one == family for one, *_ in self._former_families(histories[subject]))
            or any(one.value == family for one in self._timeline(subject, "family", histories))
        )

    def _former_families(self, events: Sequence[Event]) -> tuple[tuple[int, date | None, date | None], ...]:
        return attribution.former_families(events, authorities=self._authorities)

    def by_identifier(self, kind: str, values: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
        wanted = set(values)
        histories = self._all_histories()
        found: dict[str, list[int]] = {}
        for subject in sorted({one.subject for one in self._events if one.kind in ("person", "family")}):
            if self._ended_in(subject, histories) is not None:
                continue
            for one in self._timeline(subject, kind, histories):
                if one.to is None and one.value in wanted:
                    found.setdefault(one.value, []).append(subject)
        return {value: tuple(subjects) for value, subjects in found.items()}

    def by_former_number(self, kind: str, values: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
        wanted = set(values)
        histories = self._all_histories()
        found: dict[str, set[int]] = {}
        for subject, events in histories.items():
            if events[0].kind == "person":
                names = {name for one in self._events for name in attributes_of(one) if is_identifier(name)}
                for name, number in attribution.former_numbers(
                    subject, histories, authorities=self._authorities, names=sorted(names)
                ):
                    if name == kind and number in wanted:
                        found.setdefault(number, set()).add(subject)
            elif events[0].kind == "family" and (ended := self._ended_in(subject, histories)) is not None:
                for one in self._timeline(subject, kind, histories):
                    if one.value in wanted:
                        found.setdefault(one.value, set()).add(ended)
        return {value: tuple(sorted(subjects)) for value, subjects in found.items()}

    def _ended_in(self, family: int, histories: Mapping[int, tuple[Event, ...]]) -> int | None:
        """The family that another one lives on in, however many of them joined one after the other."""
        passed = [family]
        while (into := self._merged_into(passed[-1], histories)) is not None and into not in passed:
            passed.append(into)
        return passed[-1] if len(passed) > 1 else None

    def _merged_into(self, family: int, histories: Mapping[int, tuple[Event, ...]]) -> int | None:
        answers = fold(histories.get(family, ()), on=date.max, authorities=self._authorities)
        return answers[MERGED_INTO].value if MERGED_INTO in answers else None

    def _timeline(
        self, subject: int, attribute: str, histories: Mapping[int, tuple[Event, ...]]
    ) -> tuple[Answer, ...]:
        events = attribution.attributed(subject, histories)
        return timeline(events, attribute, authorities=self._authorities)

    def requests(self, ids: Iterable[int]) -> Mapping[int, Request]:
        known = self.histories(ids)
        asked = {
            number: one for number, one in known.items() if one.events and one.events[0].kind == "request"
        }
        found = {number: change_requests.fold(one.events) for number, one in asked.items()}
        return {number: request for number, request in found.items() if request is not None}

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
        wanted_states, wanted_kinds = set(states), set(kinds)
        found = [
            one
            for one in self._all("request", change_requests.fold)
            if one.state in wanted_states
            and one.region.startswith(scope)
            and (not wanted_kinds or one.kind in wanted_kinds)
            and (window is None or one.window == window)
            and (batch is None or one.batch == batch)
            and (submission is None or one.submission == submission)
            and (family is None or one.family == family)
            and (offered_to is None or (one.offer is not None and one.offer.to == offered_to))
            and one.id > after
        ]
        return found[:limit]

    def requests_of(self, families: Iterable[int]) -> tuple[Request, ...]:
        wanted = set(families)
        return tuple(one for one in self._all("request", change_requests.fold) if one.family in wanted)

    def caused_by(self, events: Iterable[int]) -> tuple[Event, ...]:
        wanted = set(events)
        return tuple(one for one in self._events if one.caused_by in wanted)

    def open_requests(self, families: Iterable[int], *, kinds: Iterable[str]) -> list[Request]:
        wanted_families, wanted_kinds = set(families), set(kinds)
        return [
            one
            for one in self._all("request", change_requests.fold)
            if one.family in wanted_families and one.kind in wanted_kinds and not one.is_ended
        ]

    def windows(self, scope: str) -> tuple[Window, ...]:
        near = [
            one
            for one in self._all("window", windows.fold)
            if one.region.startswith(scope) or scope.startswith(one.region)
        ]
        return tuple(sorted(near, key=lambda one: (one.opens, one.id)))

    def window(self, number: int) -> Window | None:
        return windows.fold(self._of_kind("window", number))

    def session(self, number: int) -> Session | None:
        return sessions.fold(self._of_kind("session", number))

    def batch(self, number: int) -> Batch | None:
        return submissions.fold_batch(self._of_kind("batch", number))

    def batches(self, window: int, scope: str) -> tuple[Batch, ...]:
        found = [
            one
            for one in self._all("batch", submissions.fold_batch)
            if one.window == window and one.village.startswith(scope)
        ]
        return tuple(sorted(found, key=lambda one: (one.village, one.number)))

    def submission(self, number: int) -> Submission | None:
        return submissions.fold(self._of_kind("submission", number))

    def visit(self, number: int) -> Visit | None:
        return visits.fold(self._of_kind("visit", number))

    def visits(self, about: int) -> tuple[Visit, ...]:
        return tuple(one for one in self._all("visit", visits.fold) if one.about == about)

    def visits_of(self, about: Iterable[int]) -> tuple[Visit, ...]:
        wanted = set(about)
        return tuple(one for one in self._all("visit", visits.fold) if one.about in wanted)

    def annulment(self, number: int) -> Annulment | None:
        return annulments.fold(self._of_kind("annulment", number))

    def erasure(self, number: int) -> Erasure | None:
        return erasures.fold(self._of_kind("erasure", number))

    def erasures_of(self, persons: Iterable[int]) -> tuple[Erasure, ...]:
        wanted = set(persons)
        return tuple(one for one in self._all("erasure", erasures.fold) if one.person in wanted)

    def families_in(self, dwellings: Iterable[int]) -> Mapping[int, tuple[int, ...]]:
        families = sorted({one.subject for one in self._events if one.kind == "family"})
        lives = {family: told.get("dwelling") for family, told in self.current(families).items()}
        return {one: tuple(family for family in families if lives.get(family) == one) for one in dwellings}

    def annulments_of(self, requests: Iterable[int]) -> tuple[Annulment, ...]:
        wanted = set(requests)
        return tuple(one for one in self._all("annulment", annulments.fold) if one.request in wanted)

    def living_in(self, kind: str, region: str, *, after: int = 0, limit: int = 5000) -> tuple[int, ...]:
        found = sorted(
            subject
            for subject, events in self._all_histories().items()
            if events[0].kind == kind and events[-1].region == region and subject > after
        )
        return tuple(found[:limit])

    def sessions_in(self, region: str) -> tuple[Session, ...]:
        found = self._all("session", sessions.fold)
        return tuple(one for one in found if one.region == region and one.state in sessions.IN_WORK)

    def visits_in(self, region: str) -> tuple[Visit, ...]:
        return tuple(one for one in self._all("visit", visits.fold) if one.region == region and one.is_open)

    def region_change(self, number: int) -> RegionChange | None:
        return region_changes.fold(self._of_kind("region", number))

    def _of_kind(self, kind: str, number: int) -> tuple[Event, ...]:
        """The events of a subject if it is of this kind; a number alone does not say what it is the number of."""
        return tuple(one for one in self.histories([number])[number].events if one.kind == kind)

    def _all(self, kind: str, read: Callable[[Iterable[Event]], T | None]) -> list[T]:
        subjects = sorted({one.subject for one in self._events if one.kind == kind})
        found = (read(history.events) for history in self.histories(subjects).values())
        return [one for one in found if one is not None]
