"""Taking in lists: each batch of rows finds its persons and families and states what is news of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from mutakhir.core.actors import Actor, Role
from mutakhir.core.attribution import merges_of
from mutakhir.core.calendar import today_in
from mutakhir.core.events import NOTHING, Event, History
from mutakhir.core.facts import Value, fold, values
from mutakhir.core.refusals import Refusal
from mutakhir.core.rules.intake import (
    Entry,
    choose,
    family_kind,
    news,
    person_kind,
    registration_of,
    says_all,
    told_at_once,
)
from mutakhir.core.rules.membership import HEAD, Seat, second_heads
from mutakhir.core.rules.rows import Validated
from mutakhir.core.terms import Terms
from mutakhir.ports import Register

ROLES = (Role.DATA_FILLER, Role.SUPERVISOR, Role.HEAD_OF_DINSOS, Role.CENTRE, Role.ADMINISTRATOR)
AUTHORITIES = ("social", "civil", "programme")
FAMILY_BIT, DWELLING_BIT = 1 << 31, 1 << 30
NEWCOMER = History(0)
SEATING = ("family", "relation")


@dataclass(frozen=True, slots=True)
class Order:
    """How a file is taken in: its number as a source, its layout, whose word it is, and the day that it speaks of."""

    source: int
    layout: str
    authority: str
    as_of: date
    region: str

    @property
    def label(self) -> str:
        """What every source text of this file begins with."""
        return f"source:{self.source} "

    def number(self, row: int) -> int:
        """The number of the record, and of the person if it is nobody known; no row of any file has it twice."""
        return self.source << 32 | row

    def is_own(self, subject: int) -> bool:
        return subject >> 32 == self.source


@dataclass(frozen=True, slots=True)
class Task:
    """Work for somebody that a list gives rise to."""

    rule: str
    subject: int
    region: str
    particulars: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch. `rows = in + rejected + again`; `persons` are those of whom its rows speak."""

    counts: Mapping[str, int]
    tasks: tuple[Task, ...] = ()
    persons: frozenset[int] = frozenset()
    findings: Mapping[int, tuple[Refusal, ...]] = field(default_factory=dict)


def why_not(
    actor: Actor, *, region: str, authority: str, as_of: date, full_region: str | None, now: datetime
) -> tuple[Refusal, ...]:
    """Every reason why this person may not take in such a list now."""
    reasons = []
    if not actor.has(ROLES, region):
        reasons.append(Refusal.of("role-missing", roles=",".join(role.value for role in ROLES)))
    if authority not in AUTHORITIES:
        reasons.append(Refusal.of("authority-unknown", authority=authority))
    if as_of > today_in(region, now):
        reasons.append(Refusal.of("list-of-the-future", day=as_of.isoformat()))
    if full_region is not None and not full_region.startswith(region):
        reasons.append(Refusal.of("region-outside", region=full_region, scope=region))
    return tuple(reasons)


def take_batch(
    entries: Sequence[Entry], *, order: Order, actor: Actor, now: datetime, register: Register, terms: Terms
) -> Taken:
    """State what the rows of a batch say. Raises `Conflict` when somebody else was faster with one of the subjects.

    A row counts as `in` if anything in it was news, as `again` if the register held all of it already.
    """
    batch = _Batch(order, register, terms.attributes.authorities)
    batch.locate(entries)
    batch.arrange()
    events = batch.events(actor.login, now)
    register.append(events)
    return batch.outcome()


def locate_batch(
    entries: Sequence[Entry], *, order: Order, register: Register, terms: Terms
) -> frozenset[int]:
    """The known persons of whom the rows of a batch speak that was taken in before."""
    batch = _Batch(order, register, terms.attributes.authorities)
    batch.locate(entries)
    return batch.persons()


@dataclass(slots=True)
class _Person:
    row: Validated
    subject: int
    stated: dict[str, Value]
    history: History
    family: int | None = None
    warnings: list[Refusal] = field(default_factory=list)
    has_news: bool = False
    stands_alone: bool = False
    by_former: bool = False

    @property
    def is_new(self) -> bool:
        return not self.history.version


@dataclass(slots=True)
class _Household:
    """A family or a dwelling of the batch: the row that names it first, and what all of its rows say of it."""

    subject: int
    kind: str
    person: _Person
    history: History
    stated: dict[str, Value] = field(default_factory=dict)


class _Batch:
    def __init__(self, order: Order, register: Register, authorities: Mapping[str, str]) -> None:
        self.order = order
        self.register = register
        self.authorities = authorities
        self.people: list[_Person] = []
        self.rejected: list[Entry] = []
        self.repeated: list[_Person] = []
        self.tasks: list[Task] = []
        self.families: dict[int, _Household] = {}
        self.dwellings: dict[int, _Household] = {}
        self._of_the_rejected: set[int] = set()
        self._made: set[int] = set()
        self._histories: dict[int, History] = {}
        self._known: dict[int, Mapping[str, Any]] = {}
        self._ended: frozenset[str] = frozenset()
        self._by_family_id: Mapping[str, tuple[int, ...]] = {}
        self._by_no_kk: Mapping[str, tuple[int, ...]] = {}

    # --- who is who ---

    def locate(self, entries: Sequence[Entry]) -> None:
        """Find the known person of each row, or give the row a person of its own."""
        order, register = self.order, self.register
        rows = [entry.row for entry in entries]
        by_nik = _others(register.by_identifier("nik", _present(row.nik for row in rows)), order)
        by_source_id = _others(
            register.by_identifier(person_kind(order.layout), _present(row.source_person for row in rows)),
            order,
        )
        family_ids = _present(row.source_family for row in rows)
        cards = _present(row.no_kk for row in rows)
        former_ids = register.by_former_number(family_kind(order.layout), family_ids)
        former_cards = register.by_former_number("no_kk", cards)
        self._by_family_id = {**former_ids, **register.by_identifier(family_kind(order.layout), family_ids)}
        self._by_no_kk = {**former_cards, **register.by_identifier("no_kk", cards)}
        self._ended = frozenset((*former_ids, *former_cards))
        former_nik = register.by_former_number("nik", _present(row.nik for row in rows))
        former_id = register.by_former_number(
            person_kind(order.layout), _present(row.source_person for row in rows)
        )
        self._read(
            one
            for found in (by_nik, by_source_id, former_nik, former_id)
            for some in found.values()
            for one in some
        )
        taken: set[int] = set()
        formers: list[tuple[Entry, int]] = []
        for entry in entries:
            row = entry.row
            of_nik = by_nik.get(row.nik, ()) if row.nik is not None else ()
            if row.rejected:
                self.rejected.append(entry)
                self._of_the_rejected.update(of_nik)
                continue
            own = by_source_id.get(row.source_person, ()) if row.source_person is not None else ()
            person = None
            if own:
                # Who carries both numbers goes before who carries one of them.
                person = self._choose([one for one in of_nik if one in own], Entry(row), taken)
            if person is None and of_nik:
                person = self._choose(of_nik, entry, taken)
            if person is None and own:
                person = self._choose(own, Entry(row), taken)
            if person is None:
                # Somebody who was merged stands in lists once for each of their records.
                former = (*former_nik.get(row.nik or "", ()), *former_id.get(row.source_person or "", ()))
                survivors = [one for one in (*of_nik, *own) if self._is_survivor(one)]
                person = self._choose((*former, *survivors), Entry(row), set())
                if person is not None:
                    formers.append((entry, person))
                    continue
            is_of_another = bool(of_nik) and not entry.first_row and person not in of_nik
            if person is None:
                person = order.number(row.row_number)
            taken.add(person)
            found = _Person(row, person, self._stated_of(row), self._histories.get(person, NEWCOMER))
            if entry.first_row:
                found.warnings.append(Refusal.of("nik-doubled", row=entry.first_row))
            if is_of_another:
                found.warnings.append(Refusal.of("nik-of-another"))
                self.tasks.append(Task("nik-of-another", person, row.region, {"row": row.row_number}))
            self.people.append(found)
        for entry, person in formers:
            self._take_former(entry, person, is_repeated=person in taken)
            taken.add(person)

    def _is_survivor(self, person: int) -> bool:
        return bool(merges_of(self._histories[person].events))

    def _take_former(self, entry: Entry, person: int, *, is_repeated: bool) -> None:
        """A row about somebody by a number that is theirs no more: it moves nobody and brings no number back.

        What the row by their own number says goes before it; a second row about them in the same batch says nothing.
        """
        left_out = (*SEATING, "nik", "relation_raw")
        stated = {name: value for name, value in entry.row.person.items() if name not in left_out}
        found = _Person(entry.row, person, stated, self._histories[person], by_former=True)
        found.warnings.append(Refusal.of("number-of-retired"))
        (self.repeated if is_repeated else self.people).append(found)

    def _choose(self, candidates: Sequence[int], entry: Entry, taken: set[int]) -> int | None:
        return choose(candidates, entry=entry, known=self._known, taken=taken)

    def _stated_of(self, row: Validated) -> dict[str, Value]:
        stated = dict(row.person)
        if row.source_person is not None:
            stated[person_kind(self.order.layout)] = row.source_person
        if self.order.authority == "social":
            stated.update(registration_of(row.person.get("registry_status")))
        return stated

    def persons(self) -> frozenset[int]:
        """The known persons of whom the rows speak; whom a rejected row may mean is among them."""
        return frozenset(self._of_the_rejected.union(one.subject for one in self.people))

    # --- who belongs together ---

    def arrange(self) -> None:
        """Give each row its family and dwelling, and each family one head."""
        self._find_families()
        for person in self.people:
            self._tell_family(person)
        self._find_dwellings()
        self._seat_heads()

    def _find_families(self) -> None:
        groups: dict[tuple[str, str], list[_Person]] = {}
        for person in self.people:
            key = person.row.family_key
            if person.by_former:
                continue
            if key is None:
                person.family = self._known.get(person.subject, NOTHING).get("family")
                person.stands_alone = True
            else:
                groups.setdefault(key, []).append(person)
        known: set[int] = {person.family for person in self.people if person.family is not None}
        for members in groups.values():
            family = self._known_family(members)
            if family is None:
                family = self.order.number(members[0].row.row_number) | FAMILY_BIT
                self._made.add(family)
            else:
                known.add(family)
            for person in members:
                person.family = family
        self._read(known)

    def _known_family(self, members: Sequence[_Person]) -> int | None:
        """By the source's own number, by No KK, or because its head is the head of a known family."""
        first = members[0].row
        for found, number in ((self._by_family_id, first.source_family), (self._by_no_kk, first.no_kk)):
            if number is not None and found.get(number):
                return found[number][0]
        for person in members:
            if not person.is_new and person.stated.get("relation") == HEAD:
                current = self._known[person.subject]
                if current.get("relation") == HEAD and current.get("family") is not None:
                    return int(current["family"])
        return None

    def _tell_family(self, person: _Person) -> None:
        row = person.row
        if person.by_former:
            return
        if person.family is None:
            # Nothing that a list says is lost: of somebody without a family it is kept with the person.
            for attributes in (row.family, row.dwelling):
                for name, value in attributes.items():
                    person.stated.setdefault(name, value)
            return
        if not person.stands_alone:
            person.stated["family"] = person.family
        if self._is_of_ended(row):
            return
        family = self.families.get(person.family)
        if family is None:
            family = _Household(person.family, "family", person, self._histories.get(person.family, NEWCOMER))
            self.families[person.family] = family
            if row.source_family is not None:
                family.stated[family_kind(self.order.layout)] = row.source_family
        _merge(family.stated, row.family, person)

    def _is_of_ended(self, row: Validated) -> bool:
        """Whether a row names a family that ended in another: its people are of that one, its house is not."""
        return row.source_family in self._ended or row.no_kk in self._ended

    def _find_dwellings(self) -> None:
        known = {family: self._known.get(family, NOTHING).get("dwelling") for family in self.families}
        self._read(int(one) for one in known.values() if one is not None)
        for person in self.people:
            if person.family is None or not person.row.dwelling or self._is_of_ended(person.row):
                continue
            number = known[person.family]
            if number is None:
                number = self.order.number(person.row.row_number) | FAMILY_BIT | DWELLING_BIT
                known[person.family] = number
                self.families[person.family].stated["dwelling"] = number
            dwelling = self.dwellings.get(number)
            if dwelling is None:
                dwelling = _Household(number, "dwelling", person, self._histories.get(number, NEWCOMER))
                self.dwellings[number] = dwelling
            _merge(dwelling.stated, person.row.dwelling, person)

    def _seat_heads(self) -> None:
        """A family has one head: of a second the word is kept as written, and the row is marked."""
        seats: list[Seat] = []
        contested: set[int] = set()
        for person in self.people:
            seat = self._seat(person)
            if seat is not None:
                seats.append(seat)
                if not seat.holds and seat.family not in self._made:
                    contested.add(seat.family)
        here = {person.subject for person in self.people}
        for family in sorted(contested):
            others = [one for one in self.register.members(family) if one not in here]
            self._read(others)
            for subject in others:
                now = self._known[subject]
                if now.get("family") == family and now.get("relation") == HEAD:
                    seats.append(Seat(subject, family, HEAD, holds=True))
        seconds = second_heads(seats)
        for person in self.people:
            if person.subject in seconds:
                self._unseat(person)

    def _seat(self, person: _Person) -> Seat | None:
        """The seat of a head that somebody will have once the row is believed; None for everybody else."""
        stated, before = person.stated, self._known.get(person.subject, NOTHING)
        if person.is_new or all(stated.get(name, before.get(name)) == before.get(name) for name in SEATING):
            after: Mapping[str, Any] = stated if person.is_new else before
        else:
            after = self._after(person)
        if after.get("relation") != HEAD or after.get("family") is None:
            return None
        holds = before.get("relation") == HEAD and before.get("family") == after["family"]
        return Seat(person.subject, int(after["family"]), HEAD, holds)

    def _unseat(self, person: _Person) -> None:
        person.warnings.append(Refusal.of("second-head"))
        before = self._known.get(person.subject, NOTHING)
        person.stated["relation_raw"] = person.stated.pop("relation", HEAD)
        if person.is_new or before.get("family") == person.family:
            return
        person.stated["relation"] = None
        after = self._after(person)
        if after.get("relation") == HEAD and after.get("family") == person.family:
            # Newer news says head, of a family that it does not name: this list's family is one too many.
            del person.stated["family"]

    def _after(self, person: _Person) -> Mapping[str, Any]:
        """Who somebody will be once the row is believed."""
        told = Event(
            subject=person.subject,
            kind="person",
            version=person.history.version + 1,
            type="facts_stated",
            body={"attributes": {name: person.stated[name] for name in SEATING if name in person.stated}},
            actor="",
            recorded_at=person.history.events[-1].recorded_at,
            region="",
            authority=self.order.authority,
            holds_from=self.order.as_of,
        )
        return self._values((*person.history.events, told))

    # --- what is told ---

    def events(self, login: str, now: datetime) -> list[Event]:
        """One event for each subject of whom there is news: dwellings and families first, then their people."""
        written: list[Event] = []
        for household in (*self.dwellings.values(), *self.families.values()):
            event = self._event(household, household.kind, household.person, login, now)
            if event is not None:
                household.person.has_news = True
                written.append(event)
        for person in self.people:
            event = self._event(person, "person", person, login, now)
            if event is not None:
                person.has_news = True
                written.append(event)
        return written

    def _event(
        self, told: _Person | _Household, kind: str, person: _Person, login: str, now: datetime
    ) -> Event | None:
        row, order, history = person.row, self.order, told.history
        stated, region = told.stated, row.region
        if history.version:
            region = history.events[-1].region if person.by_former else self._region(history, row)
            if region == history.events[-1].region and self._holds_all(history, stated):
                return None
            answers = fold(history.events, on=order.as_of, authorities=self.authorities)
            source = "" if kind == "person" and not person.by_former else order.label
            stated, differing = news(stated, answers, authority=order.authority, source=source)
            if kind != "person":
                person.warnings += [Refusal.of("family-row-differs", attribute=name) for name in differing]
            if not stated and region == history.events[-1].region:
                return None
        return Event(
            subject=told.subject,
            kind=kind,
            version=history.version + 1,
            type="facts_stated",
            body={"attributes": stated, "source": f"{order.label}row:{row.row_number}"},
            actor=login,
            recorded_at=now,
            region=region,
            authority=order.authority,
            holds_from=order.as_of,
            record=order.number(row.row_number),
        )

    def _holds_all(self, history: History, stated: Mapping[str, Value]) -> bool:
        """The common case of the next list: nothing is new."""
        return told_at_once(history.events) is not None and says_all(
            history.events[0], stated, authority=self.order.authority, on=self.order.as_of
        )

    def _region(self, history: History, row: Validated) -> str:
        """Where a known subject belongs from now on: a list that is older than what is known moves nobody."""
        current = history.events[-1].region
        latest = max((event.holds_from for event in history.events if event.holds_from), default=date.min)
        return current if current.startswith(row.region) or self.order.as_of < latest else row.region

    def outcome(self) -> Taken:
        people = [*self.people, *self.repeated]
        rows = len(people) + len(self.rejected)
        told = sum(1 for person in self.people if person.has_news)
        warned = [one.row for one in self.rejected if one.row.warnings]
        warned += [one.row for one in people if one.row.warnings or one.warnings]
        return Taken(
            counts={
                "rows": rows,
                "in": told,
                "rejected": len(self.rejected),
                "warnings": len(warned),
                "again": len(people) - told,
            },
            tasks=tuple(self.tasks),
            persons=self.persons(),
            findings={one.row.row_number: tuple(one.warnings) for one in people if one.warnings},
        )

    # --- what is known ---

    def _read(self, subjects: Iterable[int]) -> None:
        wanted = {one for one in subjects if one not in self._histories}
        if wanted:
            for subject, history in self.register.attributed(wanted).items():
                self._histories[subject] = history
                at_once = told_at_once(history.events) if history.events else None
                self._known[subject] = self._values(history.events) if at_once is None else at_once

    def _values(self, events: Iterable[Event]) -> Mapping[str, Any]:
        return values(fold(events, on=date.max, authorities=self.authorities))


def _present(found: Iterable[str | None]) -> list[str]:
    return list({one for one in found if one is not None})


def _others(found: Mapping[str, tuple[int, ...]], order: Order) -> dict[str, tuple[int, ...]]:
    """Without the people of this very file: its rows are not each other's news."""
    return {
        value: others
        for value, subjects in found.items()
        if (others := tuple(one for one in subjects if not order.is_own(one)))
    }


def _merge(told: dict[str, Value], attributes: Mapping[str, Value], person: _Person) -> None:
    """What the first row of a family says stays; a row that says otherwise is marked."""
    for name, value in attributes.items():
        if told.setdefault(name, value) != value:
            person.warnings.append(Refusal.of("family-row-differs", attribute=name))
