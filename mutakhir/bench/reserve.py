"""A reserve on the day a window opens: requests of a kabupaten's villages, written by events, each with its known outcome."""

from __future__ import annotations

import csv
import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from mutakhir import wiring
from mutakhir.actions import window as windows
from mutakhir.actions.facts import State as Stated
from mutakhir.actions.facts import state_facts
from mutakhir.core.actors import SYSTEM, Actor, Held, Role
from mutakhir.core.events import Event
from mutakhir.core.facts import Value
from mutakhir.core.flows.window import Act
from mutakhir.core.kinds import KINDS, Evidence
from mutakhir.core.tickets import RANDOM_BYTES, from_random
from mutakhir.gateways.regions import read_regions
from mutakhir.synth.population import Family, Village, population
from mutakhir.synth.requests import Request, Shares, requests

KABUPATEN = "3508"


@dataclass(frozen=True, slots=True)
class Days:
    """When everything happened: `written` is the day of the last request; the first came 100 days before."""

    written: date

    @property
    def met(self) -> date:
        """The day of every village's meeting."""
        return self.written + timedelta(days=9)

    @property
    def opens(self) -> datetime:
        """Midnight in Lumajang."""
        return datetime.combine(self.written + timedelta(days=40), time(17, 0), UTC)

    @property
    def cut_off(self) -> datetime:
        return self.opens + timedelta(days=12)

    @property
    def closes(self) -> datetime:
        return self.opens + timedelta(days=28)

    @property
    def now(self) -> datetime:
        """The instant of the measurement: the window is open, nothing is packed yet."""
        return self.opens + timedelta(hours=8)

    def noon(self, after: int) -> datetime:
        """Lunch time, some days after the last request."""
        return datetime.combine(self.written + timedelta(days=after), time(5, 0), UTC)


DAYS = Days(date(2026, 11, 24))
NOW = DAYS.now
WAVE = 5_000
"""Requests a transaction; each wave has people of its own and touches every village."""
WAVE_SEQUENCES = 50
"""Numbers of one day that a wave may use up: two waves never issue the same NIK."""

OUTCOMES: Mapping[str, str] = {
    "valid": "packed",
    "already_true": "satisfied",
    "conflict": "conflict",
    "incomplete": "stays",
}
"""What packing must do with a request of each flavour."""
SHARES = Shares(
    already_true=0.15,
    conflict=0.10,
    incomplete=0.05,
    kinds={"living_conditions": 70.0, "not_eligible": 18.0, "leaving": 12.0},
)
ATTRIBUTES_AT_MOST = 4

SUPERVISOR = Actor("bench-supervisor", "Bench", (Held(Role.SUPERVISOR, KABUPATEN),))
OPERATOR = "bench-operator"
HEAD = "bench-head"


@dataclass(frozen=True, slots=True)
class Reserve:
    """What was written: the open window, the villages, and the expected outcome of each request by its number."""

    window: int
    villages: int
    events: int
    truth: Mapping[int, str]


def fill(
    *, size: int, seed: int, villages: Sequence[Village] = (), days: Days = DAYS, first_sequence: int = 1
) -> Reserve:
    """Write `size` requests into the reserve of a migrated database, and open the window that packs them.

    Every request was recorded, proved, reserved and, where its kind needs it, decided by its village before the
    register came to say what makes the request already true or contradicted.
    """
    places = tuple(villages) or villages_of(KABUPATEN)
    truth: dict[int, str] = {}
    agendas: dict[str, list[int]] = defaultdict(list)
    sessions = dict(zip((one.code for one in places), _numbers(len(places)), strict=True))
    written = 0
    for wave in range(-(-size // WAVE)):
        count = min(WAVE, size - wave * WAVE)
        people = list(
            population(
                seed=seed + wave,
                persons=count * 4 + 40,
                villages=places,
                today=days.written,
                first_sequence=first_sequence + wave * WAVE_SEQUENCES,
            )
        )
        stream = requests(
            seed=seed + wave, families=people, count=2 * count, today=days.written, shares=SHARES
        )
        fitting = (one for one in stream if 1 <= len(one.changes) <= ATTRIBUTES_AT_MOST)
        with transaction.atomic():
            written += _Wave(people, list(islice(fitting, count)), sessions, seed + wave, days).write(
                truth, agendas
            )
    with transaction.atomic():
        window = _close_meetings_and_open_window(agendas, sessions, days)
    return Reserve(window, len(places), written, truth)


def villages_of(kabupaten: str) -> tuple[Village, ...]:
    names: dict[str, str] = {}
    found = []
    for region in read_regions(kabupaten):
        names[region.code] = region.name
        if region.level == "village":
            found.append(Village(region.code, region.name, kecamatan=names[region.code[:6]]))
    return tuple(found)


def write_truth(truth: Mapping[int, str], file: Path) -> None:
    with file.open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(("request", "outcome"))
        rows.writerows(truth.items())


def read_truth(file: Path) -> dict[int, str]:
    with file.open(newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
        return {int(number): outcome for number, outcome in rows}


class _Wave:
    """Some thousands of requests with the families that they are about."""

    def __init__(
        self,
        people: Sequence[Family],
        asked: Sequence[Request],
        sessions: Mapping[str, int],
        seed: int,
        days: Days,
    ) -> None:
        self._days = days
        self._people = people
        self._asked = asked
        self._sessions = sessions
        self._dice = random.Random(f"mutakhir reserve {seed}")
        numbers = _numbers(4 * len(asked))
        self._subjects = [tuple(numbers[place : place + 4]) for place in range(0, len(numbers), 4)]
        self._register = wiring.open_register()

    def write(self, truth: dict[int, str], agendas: dict[str, list[int]]) -> int:
        """State the facts, then the requests, then what happened meanwhile; returns the number of events."""
        written = self._state(
            [fact for place in range(len(self._asked)) for fact in self._known(place)],
            since=date(2024, 3, 14),
            at=datetime(2026, 6, 1, tzinfo=UTC),
        )
        events: list[Event] = []
        for place, asked in enumerate(self._asked):
            number = self._subjects[place][3]
            truth[number] = OUTCOMES[asked.flavour]
            events += self._events_of(place)
            if KINDS[asked.kind].deliberated:
                agendas[self._people[asked.family].village.code].append(number)
        written += len(self._register.append(events))
        written += self._state(
            [fact for place in range(len(self._asked)) for fact in self._meanwhile(place)],
            since=self._days.noon(16).date(),
            at=self._days.noon(17),
        )
        return written

    def _state(self, facts: Sequence[Stated], *, since: date, at: datetime) -> int:
        return len(
            state_facts(
                facts,
                region=KABUPATEN,
                holds_from=since,
                authority="social",
                source="source:bench",
                actor=SYSTEM,
                now=at,
                register=self._register,
            )
        )

    def _known(self, place: int) -> Iterator[Stated]:
        asked = self._asked[place]
        family, dwelling, person, _ = self._subjects[place]
        people = self._people[asked.family]
        region = people.village.code
        shown = people.persons[asked.person or 0].attributes
        own = {"family": family, "registration": "registered"}
        yield Stated(family, "family", {**people.attributes, "dwelling": dwelling}, region=region)
        yield Stated(dwelling, "dwelling", people.dwelling.attributes, region=region)
        yield Stated(person, "person", {**shown, **own, "relation": "1"}, region=region)

    def _meanwhile(self, place: int) -> Iterator[Stated]:
        asked = self._asked[place]
        stated: dict[tuple[int, str], dict[str, Value]] = defaultdict(dict)
        for name, value in asked.meanwhile.items():
            stated[self._subject_of(place, name)][name] = value
        region = self._people[asked.family].village.code
        for (subject, of), attributes in stated.items():
            yield Stated(subject, of, attributes, region=region)

    def _subject_of(self, place: int, attribute: str) -> tuple[int, str]:
        family, dwelling, person, _ = self._subjects[place]
        if self._asked[place].kind != "living_conditions":
            return person, "person"
        of = wiring.terms().attributes[attribute].of
        return (dwelling, "dwelling") if of == "dwelling" else (family, "family")

    def _events_of(self, place: int) -> Iterator[Event]:
        asked = self._asked[place]
        family, _, person, number = self._subjects[place]
        people = self._people[asked.family]
        shown = people.persons[asked.person or 0].attributes
        applicant = people.persons[asked.applicant].attributes
        kind = KINDS[asked.kind]
        papers = (Evidence.FORM,) if asked.flavour == "incomplete" else asked.evidence
        told: list[tuple[str, str, dict[str, Any]]] = [
            ("recorded", OPERATOR, {
                "kind": asked.kind,
                "family": family,
                "person": person if kind.about == "person" else None,
                "subject_name": shown["name"],
                "applicant": {"name": applicant["name"], "standing": "member"},
                "changes": [
                    dict(zip(("subject", "of"), self._subject_of(place, name), strict=True))
                    | {"attribute": name, "seen": asked.seen[name], "wanted": wanted}
                    for name, wanted in asked.changes.items()
                ],
                "reason": asked.reason or None,
                "note": "",
                "birth_date": applicant["birth_date"],
                "holds_from": asked.recorded_on.isoformat(),
            }),
        ]  # fmt: skip
        at = datetime.combine(asked.recorded_on, time(3, 0), UTC)
        for paper in papers:
            proof = {
                "kind": paper.value,
                "digest": hashlib.sha256(f"{number}:{paper.value}".encode()).hexdigest(),
                "media_type": "image/jpeg",
                "name": f"{paper.value}.jpg",
                "added_at": at.isoformat(),
                "added_by": OPERATOR,
            }
            told.append(("evidence_added", OPERATOR, {"evidence": proof}))
        ticket = from_random(self._dice.randbytes(RANDOM_BYTES))
        told.append(("reserved", OPERATOR, {"ticket": ticket, "birth_date": applicant["birth_date"]}))
        if kind.deliberated:
            told.append(("deliberated", HEAD, {
                "session": self._sessions[people.village.code],
                "entered_by": OPERATOR,
                "decided_by": [OPERATOR, HEAD],
                "day": self._days.met.isoformat(),
                "in_minutes": True,
                "reason": None,
                "outcome": "fit",
            }))  # fmt: skip
        for version, (type_, actor, body) in enumerate(told, start=1):
            yield Event(
                subject=number, kind="request", version=version, type=type_, body=body, actor=actor,
                recorded_at=at if type_ != "deliberated" else self._days.noon(9),
                region=people.village.code,
            )  # fmt: skip


def _close_meetings_and_open_window(
    agendas: Mapping[str, list[int]], sessions: Mapping[str, int], days: Days
) -> int:
    register = wiring.open_register()
    register.append(
        [
            event
            for region, agenda in agendas.items()
            for event in _meeting(region, sessions[region], agenda, days)
        ]
    )
    window = windows.schedule(
        windows.Schedule(
            KABUPATEN, days.opens, days.cut_off, days.closes,
            Act("S-12/MS/I/2027", days.noon(27).date().isoformat(), "Kepala Pusdatin Kesos"),
        ),
        actor=SUPERVISOR, now=days.noon(27), register=register,
    )  # fmt: skip
    windows.keep_time(now=days.now, register=register)
    return window.id


def _meeting(region: str, number: int, agenda: Sequence[int], days: Days) -> Iterator[Event]:
    minutes = hashlib.sha256(region.encode()).hexdigest()
    decisions = [{"request": one, "outcome": "fit", "reason": None} for one in agenda]
    told: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("called", OPERATOR, {"form": "meeting", "day": days.met.isoformat(), "place": "Balai Desa", "agenda": list(agenda)}),
        ("entered", OPERATOR, {"decisions": decisions, "attendance": 17}),
        ("proved", OPERATOR, {"digest": minutes, "proof": "minutes", "media_type": "application/pdf", "name": "minutes.pdf"}),
        ("confirmed", HEAD, {"proof": minutes}),
    )  # fmt: skip
    for version, (type_, actor, body) in enumerate(told, start=1):
        yield Event(
            subject=number, kind="session", version=version, type=type_, body=body, actor=actor,
            recorded_at=days.noon(9), region=region,
        )  # fmt: skip


def _numbers(count: int) -> list[int]:
    """Fresh numbers of subjects, many at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('subject_id') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor]
