"""What a decree does to everything that is kept under the codes of regions, and what is assigned by hand afterwards."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from mutakhir.actions.telling import step_taken
from mutakhir.core.actors import SYSTEM, Actor
from mutakhir.core.attribution import SAME_AS
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import BEFORE_PACKED, Request, State
from mutakhir.core.events import NOTHING, Event, History
from mutakhir.core.refusals import Refusal, Refused
from mutakhir.core.region_changes import ASSIGNERS, Change, Decree, Open, RegionChange, body_of, why_not
from mutakhir.ports import Register

VILLAGE_DIGITS = 10
BATCH = 5000
"""Families, persons, dwellings or requests that are read and written at a time."""


@dataclass(slots=True)
class Changed:
    """What a decree did: how many of each kind go by another code, what nobody could assign, what ends under the old one."""

    number: int
    moved: dict[str, int] = field(default_factory=dict)
    left: int = 0
    underway: int = 0


def change(
    decree: Decree,
    *,
    known: Iterable[str],
    also_left: Iterable[Open] = (),
    actor: Actor,
    now: datetime,
    register: Register,
) -> Changed:
    """Carry out a decree about villages: families, persons, houses and everything that is open follow, set-based.

    `known` are the codes in use, `also_left` what the edge keeps outside the register and could not assign. Raises
    `Refused` with every reason why the decree cannot be taken in.
    """
    reasons = why_not(decree, known=known, today=today_in(decree.region, now), actor=actor)
    if reasons:
        raise Refused(*reasons)
    number = register.new_id()
    (told,) = register.append([_of_change(number, 1, "changed", body_of(decree), decree.region, actor, now)])
    left, underway = [*also_left], list[Open]()
    counts: dict[str, int] = {}
    for one in decree.changes:
        if len(one.old) < VILLAGE_DIGITS:
            continue  # Nobody lives in a kecamatan: its villages stand beside it in the decree.
        following = _Following(one, decree.day, told.id, actor, now, register)
        following.follow_all()
        left += following.left
        underway += following.underway
        for kind, count in following.moved.items():
            counts[kind] = counts.get(kind, 0) + count
    if left or underway:
        body = {"left": [asdict(one) for one in left], "underway": [asdict(one) for one in underway]}
        register.append([_of_change(number, 2, "left", body, decree.region, actor, now)])
    return Changed(number, counts, len(left), len(underway))


@dataclass(frozen=True, slots=True)
class Assign:
    """Say to which successor something belongs that a decree did not assign."""

    change: int
    kind: str
    number: int
    to: str


def assign(command: Assign, *, actor: Actor, now: datetime, register: Register) -> RegionChange:
    """Assign one thing that was left, with everything that depends on it: a family with its people, house and requests.

    What is no part of the register (a role, a task) is only ticked off here; the edge moves it.
    """
    found = find(command.change, actor=actor, register=register)
    thing = next(
        (one for one in found.left if (one.kind, one.number) == (command.kind, command.number)), None
    )
    reasons = []
    if not actor.has(ASSIGNERS, found.region):
        reasons.append(Refusal.of("role-missing", roles=",".join(role.value for role in ASSIGNERS)))
    if thing is None:
        reasons.append(Refusal.of("assigned-already"))
    elif command.to not in found.successors[thing.old]:
        reasons.append(Refusal.of("must-be-said", what="to"))
    if reasons or thing is None:
        raise Refused(*reasons)
    cause = register.histories([found.id])[found.id].events[0].id
    following = _Following(Change(thing.old, ()), found.day, cause, actor, now, register)
    following.follow_one(thing, command.to)
    return _settle(found, [(thing.kind, thing.number)], actor=actor, now=now, register=register)


def follow_back(number: int, *, now: datetime, register: Register) -> int:
    """Let follow what was put under an old code since the decree.

    These are requests that came back from a batch, the people whom such a request was about, and those whom a list
    still names with a code that has ended. Returns how many requests are settled: they followed, or they ended.
    """
    found = register.region_change(number)
    if found is None:
        return 0
    cause = register.histories([found.id])[found.id].events[0].id
    requests = register.requests(one.number for one in found.underway)
    settled: list[Open] = []
    left: list[Open] = []
    for one in found.underway:
        request = requests[one.number]
        if not request.is_ended and request.state not in BEFORE_PACKED:
            continue
        settled.append(one)
        following = _Following(Change(one.old, ()), found.day, cause, SYSTEM, now, register)
        following.follow_home(request, found.successors[one.old])
        left += following.left
    known = {(one.kind, one.number) for one in (*found.left, *left)}
    for old, successors in found.successors.items():
        if old not in successors and len(old) == VILLAGE_DIGITS:
            following = _Following(Change(old, ()), found.day, cause, SYSTEM, now, register)
            following.sweep(successors, without=known)
            left += following.left
    if left:
        body = {"left": [asdict(one) for one in left], "underway": []}
        register.append([_of_change(found.id, found.version + 1, "left", body, found.region, SYSTEM, now)])
        found = register.region_change(number) or found
    if settled:
        _settle(found, [(one.kind, one.number) for one in settled], actor=SYSTEM, now=now, register=register)
    return len(settled)


def find(number: int, *, actor: Actor, register: Register) -> RegionChange:
    found = register.region_change(number)
    if found is None or not actor.sees(found.region):
        raise Refused(Refusal.of("not-found"))
    return found


def _settle(
    found: RegionChange,
    subjects: list[tuple[str, int]],
    *,
    actor: Actor,
    now: datetime,
    register: Register,
) -> RegionChange:
    body = {"subjects": [list(one) for one in subjects]}
    register.append([_of_change(found.id, found.version + 1, "settled", body, found.region, actor, now)])
    settled = register.region_change(found.id)
    assert settled is not None
    return settled


def _of_change(
    number: int, version: int, type_: str, body: Mapping[str, Any], region: str, actor: Actor, now: datetime
) -> Event:
    return step_taken("region", number, version, type_, body, region, actor=actor, now=now)


@dataclass(slots=True)
class _Following:
    """Lets everything under one old code follow its successors, and keeps what nobody can assign."""

    change: Change
    day: date
    cause: int | None
    actor: Actor
    now: datetime
    register: Register
    moved: dict[str, int] = field(default_factory=dict)
    left: list[Open] = field(default_factory=list)
    underway: list[Open] = field(default_factory=list)
    homes: dict[int, str | None] = field(default_factory=dict)
    """Where each family and person of the old code went; None for a family that nobody could assign."""

    # --- all of an old code ---

    def follow_all(self) -> None:
        houses = self._families()
        self._dwellings(houses)
        self._people()
        self._requests()
        self._offers()
        self._visits()
        for session in self.register.sessions_in(self.change.old):
            self._go("session", session.id, session.version, self.change.office)

    def _pieces(self, kind: str) -> Iterator[tuple[int, ...]]:
        after = 0
        while found := self.register.living_in(kind, self.change.old, after=after, limit=BATCH):
            yield found
            after = found[-1]

    def _families(self) -> dict[int, set[str | None]]:
        """Let families follow; returns for each dwelling where those who live in it went."""
        houses: dict[int, set[str | None]] = {}
        for numbers in self._pieces("family"):
            current = self.register.current(numbers)
            gone: dict[int, str] = {}
            for number in numbers:
                values = current.get(number, NOTHING)
                to = self.change.successor_of(values)
                self.homes[number] = to
                if values.get("dwelling") is not None:
                    houses.setdefault(values["dwelling"], set()).add(to)
                if to is None:
                    self.left.append(Open("family", number, self.change.old))
                elif to != self.change.old:
                    gone[number] = to
            self._move_families(gone)
        return houses

    def _dwellings(self, houses: Mapping[int, set[str | None]]) -> None:
        for numbers in self._pieces("dwelling"):
            gone: dict[int, str] = {}
            for number in numbers:
                of_families = houses.get(number, {self.change.heir})
                to = next(iter(of_families)) if len(of_families) == 1 else None
                if to is not None:
                    gone[number] = to
                elif number not in houses or len(of_families) > 1:
                    self.left.append(Open("dwelling", number, self.change.old))
            self._move("dwelling", gone)

    def _people(self) -> None:
        for numbers in self._pieces("person"):
            current = self.register.current(numbers)
            gone: dict[int, str] = {}
            for number in numbers:
                values = current.get(number, NOTHING)
                family = values.get("family")
                to = self.homes.get(family or 0) or self.change.heir
                if to is not None:
                    gone[number] = self.homes[number] = to
                elif family not in self.homes and SAME_AS not in values:
                    self.left.append(Open("person", number, self.change.old))
            self._move("person", gone)

    def _requests(self) -> None:
        after = 0
        while found := self.register.select_requests(
            states=tuple(State), scope=self.change.old, after=after, limit=BATCH
        ):
            events = []
            for request in found:
                if request.is_ended and request.state is not State.LAPSED:
                    continue
                if request.state not in BEFORE_PACKED:
                    self.underway.append(Open("request", request.id, self.change.old))
                    continue
                to = self._home_of(request)
                if to is None and request.family not in self.homes:
                    self.left.append(Open("request", request.id, self.change.old))
                events += self._recoded("request", request.id, request.version, to)
            self.register.append(events)
            after = found[-1].id

    def _home_of(self, request: Request) -> str | None:
        return self.homes.get(request.family or 0) or self.homes.get(request.person or 0) or self.change.heir

    def _offers(self) -> None:
        """What other villages offered to the old code: to its one successor, or back to them."""
        for request in self.register.select_requests(
            states=tuple(State), scope="", offered_to=self.change.old
        ):
            to = self.homes.get(request.family or 0) or self.change.heir
            type_, body = (
                ("recalled", {"to": self.change.old})
                if to is None
                else ("recoded", {"from": self.change.old, "to": to})
            )
            self.register.append(
                [self._event("request", request.id, request.version, type_, body, request.region)]
            )

    def _visits(self) -> None:
        for visit in self.register.visits_in(self.change.old):
            to = self.homes.get(visit.family or 0) or self.homes.get(visit.about) or self.change.heir
            self._go("visit", visit.id, visit.version, to, follows=visit.family)

    def _go(
        self, kind: str, number: int, version: int, to: str | None, *, follows: int | None = None
    ) -> None:
        if to is None and follows not in self.homes:
            self.left.append(Open(kind, number, self.change.old))
        self.register.append(self._recoded(kind, number, version, to))

    # --- one thing ---

    def follow_one(self, thing: Open, to: str) -> None:
        """Let one thing go to a successor, a family with its people, house, requests and visits."""
        if to == thing.old:
            return
        match thing.kind:
            case "family":
                self._follow_family(thing.number, to)
            case "person" | "dwelling":
                self._move(thing.kind, {thing.number: to})
            case "request":
                request = self.register.requests([thing.number])[thing.number]
                if request.state in BEFORE_PACKED:
                    self.register.append(self._recoded("request", request.id, request.version, to))
            case "visit" | "session":
                version = self.register.histories([thing.number])[thing.number].version
                self.register.append(self._recoded(thing.kind, thing.number, version, to))

    def _follow_family(self, family: int, to: str) -> None:
        self._move_families({family: to})
        members = self.register.members(family)
        current = self.register.current([family, *members])
        dwelling = current[family].get("dwelling")
        here = {kind: self._here(kind) for kind in ("person", "dwelling")}
        people = [one for one in members if one in here["person"] and current[one].get("family") == family]
        self._move("person", dict.fromkeys(people, to))
        self._move("dwelling", {dwelling: to} if dwelling in here["dwelling"] else {})
        for request in self.register.select_requests(
            states=BEFORE_PACKED, scope=self.change.old, family=family
        ):
            self.register.append(self._recoded("request", request.id, request.version, to))
        for visit in self.register.visits_in(self.change.old):
            if visit.family == family:
                self.register.append(self._recoded("visit", visit.id, visit.version, to))

    def _here(self, kind: str) -> frozenset[int]:
        return frozenset(number for numbers in self._pieces(kind) for number in numbers)

    def follow_home(self, request: Request, successors: tuple[str, ...]) -> None:
        """Let a request that came back go where its family lives now, and take its people back there."""
        subjects = {one.subject for one in request.changes} | {request.family or 0, request.person or 0}
        histories = self.register.histories(subjects - {0})
        heir = successors[0] if len(successors) == 1 else None
        home = (
            self._assigned(histories, request.family)
            or self._assigned(histories, request.person)
            or (self.change.old if self.change.old in successors else heir)
        )
        if request.state in BEFORE_PACKED:
            if home is None:
                self.left.append(Open("request", request.id, self.change.old))
            self.register.append(self._recoded("request", request.id, request.version, home))
        for number, history in histories.items():
            if not history.events or history.events[-1].region != self.change.old:
                continue
            kind = history.events[0].kind
            if home is None:
                self.left.append(Open(kind, number, self.change.old))
            elif kind == "family" and home != self.change.old:
                self._move_families({number: home})
            else:
                self._move(kind, {number: home})

    def sweep(self, successors: tuple[str, ...], *, without: Container[tuple[str, int]]) -> None:
        """Let those follow who stand under a code that has ended: to where they were, or with their family."""
        heir = successors[0] if len(successors) == 1 else None
        houses: dict[int, str] = {}
        for kind in ("family", "person"):
            for numbers in self._pieces(kind):
                waiting = [number for number in numbers if (kind, number) not in without]
                histories, current = self.register.histories(waiting), self.register.current(waiting)
                gone: dict[int, str] = {}
                for number in waiting:
                    if histories[number].events[-1].region != self.change.old:
                        continue  # Somebody who was found to be another person is shown where that was found.
                    values = current.get(number, NOTHING)
                    family = values.get("family")
                    home = self._assigned(histories, number) or self.homes.get(family or 0) or heir
                    self.homes[number] = home
                    if home is not None:
                        gone[number] = home
                        if values.get("dwelling") is not None:
                            houses[values["dwelling"]] = home
                    elif family not in self.homes and ("family", family) not in without:
                        self.left.append(Open(kind, number, self.change.old))
                if kind == "family":
                    self._move_families(gone)
                else:
                    self._move(kind, gone)
        here = self.register.histories(houses)
        self._move(
            "dwelling",
            {
                number: to
                for number, to in houses.items()
                if here[number].events[-1].region == self.change.old
            },
        )

    def _assigned(self, histories: Mapping[int, History], number: int | None) -> str | None:
        """Where the decree, or somebody after it, put a subject; None where it stayed or was not known then."""
        events = histories[number].events if number is not None and number in histories else ()
        return next((one.region for one in reversed(events) if one.caused_by == self.cause), None)

    # --- events ---

    def _move_families(self, gone: Mapping[int, str]) -> None:
        """Say where families live now, since the decree holds, or since they came to the old code if that was later."""
        answers = self.register.as_of(gone, on=today_in(self.change.old, self.now), position=None)
        versions = self.register.versions(gone)
        events = []
        for number, to in gone.items():
            lived = answers[number].get("region_lived")
            since = max(self.day, lived.from_ or self.day) if lived is not None else self.day
            events.append(
                Event(
                    subject=number,
                    kind="family",
                    version=versions[number] + 1,
                    type="facts_stated",
                    body={"attributes": {"region_lived": to}},
                    actor=self.actor.login,
                    recorded_at=self.now,
                    region=to,
                    holds_from=since,
                    caused_by=self.cause,
                )
            )
        self.register.append(events)
        self._count("family", len(events))

    def _move(self, kind: str, gone: Mapping[int, str]) -> None:
        versions = self.register.versions(gone)
        self.register.append(
            [
                event
                for number, to in gone.items()
                for event in self._recoded(kind, number, versions[number], to)
            ]
        )

    def _recoded(self, kind: str, number: int, version: int, to: str | None) -> list[Event]:
        if to is None or to == self.change.old:
            return []
        self._count(kind, 1)
        return [self._event(kind, number, version, "recoded", {"from": self.change.old, "to": to}, to)]

    def _event(
        self, kind: str, number: int, version: int, type_: str, body: Mapping[str, Any], region: str
    ) -> Event:
        return Event(
            subject=number,
            kind=kind,
            version=version + 1,
            type=type_,
            body=body,
            actor=self.actor.login,
            recorded_at=self.now,
            region=region,
            caused_by=self.cause,
        )

    def _count(self, kind: str, count: int) -> None:
        if count:
            self.moved[kind] = self.moved.get(kind, 0) + count
