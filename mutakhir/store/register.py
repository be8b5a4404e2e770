"""The register in PostgreSQL: events by COPY, their numbers, and the projections that follow in the same transaction."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import msgspec
from django.db import IntegrityError, connection

from mutakhir.core import attribution, change_requests, region_changes
from mutakhir.core.attribution import MERGED_INTO
from mutakhir.core.change_requests import Request, State
from mutakhir.core.digests import commitment
from mutakhir.core.events import NOTHING, Event, History, refuse_the_future
from mutakhir.core.facts import Answer, Value, fold
from mutakhir.core.flows import annulment as annulments
from mutakhir.core.flows import erasure as erasures
from mutakhir.core.flows import session as sessions
from mutakhir.core.flows import submission as submissions
from mutakhir.core.flows import visit as visits
from mutakhir.core.flows import window as windows
from mutakhir.core.flows.annulment import Annulment
from mutakhir.core.flows.change_request import Deadlines
from mutakhir.core.flows.erasure import Erasure
from mutakhir.core.flows.session import Session
from mutakhir.core.flows.submission import Batch, Submission
from mutakhir.core.flows.visit import Visit
from mutakhir.core.flows.window import Window
from mutakhir.core.refusals import Conflict, Refusal
from mutakhir.core.region_changes import RegionChange
from mutakhir.core.values import replace
from mutakhir.store import access, looks, rows
from mutakhir.store.feed import CHANNEL
from mutakhir.store.projections import family, former, person, request, work

T = TypeVar("T")
EVENT_COLUMNS = (
    "id",
    "subject",
    "kind",
    "version",
    "type",
    "schema",
    "holds_from",
    "holds_to",
    "recorded_at",
    "actor",
    "region",
    "authority",
    "record",
    "caused_by",
    "commitment",
)
SELECT_EVENTS = """
SELECT e.id, e.subject, e.kind, e.version, e.type, e.schema, e.holds_from, e.holds_to, e.recorded_at, e.actor, e.region,
       e.authority, e.record, e.caused_by, e.reason, b.body::text, f.position
FROM event e LEFT JOIN event_body b ON b.event = e.id LEFT JOIN feed f ON f.event = e.id
"""
NOTIFIED_AT_MOST = 100
"""Above so many events in one go nobody waits at a screen, and one notice by the sequencer is enough."""


class PostgresRegister:
    """A register whose events and projections lie in PostgreSQL; made for one transaction."""

    def __init__(self, *, authorities: Mapping[str, str], deadlines: Deadlines) -> None:
        self._authorities = authorities
        self._deadlines = deadlines
        self._requests: dict[int, Request] = {}

    def new_id(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('subject_id')")
            return int(cursor.fetchone()[0])

    def histories(self, subjects: Iterable[int]) -> Mapping[int, History]:
        wanted = list(subjects)
        found = read_histories(wanted)
        return {subject: History.of(subject, found.get(subject, ())) for subject in wanted}

    def attributed(self, subjects: Iterable[int]) -> Mapping[int, History]:
        wanted = list(subjects)
        histories = read_with_others(wanted)
        return {
            one: History(one, attribution.attributed(one, histories), own[-1].version if own else 0)
            for one in wanted
            for own in (histories.get(one, ()),)
        }

    def append(self, events: Sequence[Event]) -> tuple[Event, ...]:
        if not events:
            return ()
        for event in events:
            refuse_the_future(event)
        stored = tuple(
            replace(event, id=number) for event, number in zip(events, _event_ids(len(events)), strict=True)
        )
        _store(stored)
        with access.everywhere():
            self.follow(stored)
        if len(stored) <= NOTIFIED_AT_MOST:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
        return stored

    def follow(self, events: Sequence[Event]) -> None:
        """Bring every projection up to what these events say."""
        by_kind: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            by_kind[event.kind].append(event)
        for kind, happened in by_kind.items():
            match kind:
                case "person" | "family" | "dwelling":
                    self._follow_facts(kind, happened)
                case "request":
                    self._follow_requests(happened)
                case _:
                    self._follow_work(kind, happened)

    def _follow_facts(self, kind: str, events: list[Event]) -> None:
        told = group(events)
        # In the order of the events: the rows of a list stay in the order of the list.
        fresh = dict.fromkeys(subject for subject, own in told.items() if own[0].version == 1)
        known = [subject for subject in told if subject not in fresh]
        if known:
            told = {**told, **{subject: one.events for subject, one in self.histories(known).items()}}
        touched = (
            {subject for subject, own in told.items() if attribution.is_touched(own)}
            if kind == "person"
            else ()
        )
        if touched:
            histories = _with_others(told)
            told = {**told, **{one: attribution.attributed(one, histories) for one in touched}}
        follow: Callable[..., None] = {
            "person": person.follow,
            "family": family.follow,
            "dwelling": family.follow_dwellings,
        }[kind]
        follow(told, fresh, authorities=self._authorities)
        if touched:
            former.follow_people(touched, histories, authorities=self._authorities)

    def _follow_requests(self, events: list[Event]) -> None:
        told = group(events)
        fresh = dict.fromkeys(subject for subject, own in told.items() if own[0].version == 1)
        unread = [
            subject
            for subject, own in told.items()
            if subject not in fresh
            and (subject not in self._requests or self._requests[subject].version != own[0].version - 1)
        ]
        if unread:
            self._requests.update(self.requests(unread))
        ticketed = {
            subject for subject, own in told.items() if any(event.type in request.TICKETED for event in own)
        }

        transferred: set[int] = set()

        def evolved(subjects: Iterable[int]) -> Iterator[Request]:
            for subject in subjects:
                current: Request | None = None if subject in fresh else self._requests[subject]
                offered = (current.region, current.offer) if current is not None else None
                for event in told[subject]:
                    current = change_requests.evolve(current, event)
                assert current is not None
                if current.offer is not None or (offered is not None and offered[1] is not None):
                    if (current.region, current.offer) != offered:
                        transferred.add(subject)
                self._requests[subject] = current
                yield current

        known = [subject for subject in told if subject not in fresh]
        request.follow(evolved(fresh), evolved(known), ticketed, transferred, deadlines=self._deadlines)

    def _follow_work(self, kind: str, events: list[Event]) -> None:
        histories = self.histories({event.subject for event in events}).values()
        match kind:
            case "window":
                work.show_windows(_present(windows.fold(one.events) for one in histories))
            case "session":
                work.show_sessions(_present(sessions.fold(one.events) for one in histories))
            case "batch":
                work.show_batches(_present(submissions.fold_batch(one.events) for one in histories))
            case "submission":
                work.show_submissions(_present(submissions.fold(one.events) for one in histories))
            case "visit":
                work.show_visits(
                    _present(visits.fold(one.events) for one in histories), deadlines=self._deadlines
                )
            case "annulment":
                work.show_annulments(_present(annulments.fold(one.events) for one in histories))
            case "erasure":
                work.show_erasures(_present(erasures.fold(one.events) for one in histories))
            case "region":
                work.show_region_changes(_present(region_changes.fold(one.events) for one in histories))
            case _:
                raise ValueError(f"no projection follows {kind}")

    def as_of(
        self, subjects: Iterable[int], *, on: date, position: int | None
    ) -> Mapping[int, Mapping[str, Answer]]:
        wanted = list(subjects)
        told = read_attributed(wanted, position=position)
        return {
            subject: fold(told.get(subject, ()), on=on, position=position, authorities=self._authorities)
            for subject in wanted
        }

    def current(self, subjects: Iterable[int]) -> Mapping[int, Mapping[str, Value]]:
        return read_current(subjects)

    def versions(self, subjects: Iterable[int]) -> Mapping[int, int]:
        wanted = list(set(subjects))
        found = dict.fromkeys(wanted, 0)
        with connection.cursor() as cursor:
            for table in ("person_now", "family_now", "dwelling_now"):
                cursor.execute(f"SELECT id, version FROM {table} WHERE id = ANY(%s)", [wanted])  # noqa: S608
                found.update(cursor.fetchall())
        return found

    def members(self, family: int) -> tuple[int, ...]:
        return read_members(family)

    def by_identifier(self, kind: str, values: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
        found: dict[str, list[int]] = defaultdict(list)
        query = (
            "SELECT value, subject FROM identifier WHERE value = ANY(%s::text[]) AND kind = %s AND until IS NULL "
            "ORDER BY subject"
        )
        for value, subject in rows.stream(query, [rows.array(values), kind]):
            found[value].append(subject)
        return {value: tuple(subjects) for value, subjects in found.items()}

    def by_former_number(self, kind: str, values: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
        return read_former_numbers(kind, values)

    def requests(self, ids: Iterable[int]) -> Mapping[int, Request]:
        return {one.id: one for one in self._read_requests("id = ANY(%s)", [list(ids)], limit=None)}

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
        clauses = ["region >= %s AND region < %s", "state = ANY(%s)", "id > %s"]
        arguments: list[Any] = [scope, scope + "~", [state.value for state in states], after]
        for column, value in (
            ('"window"', window),
            ("batch", batch),
            ("submission", submission),
            ("family", family),
        ):
            if value is not None:
                clauses.append(f"{column} = %s")
                arguments.append(value)
        if offered_to is not None:
            clauses.append("id IN (SELECT id FROM transfer_now WHERE region = %s)")
            arguments.append(offered_to)
        wanted_kinds = list(kinds)
        if wanted_kinds:
            clauses.append("kind = ANY(%s)")
            arguments.append(wanted_kinds)
        return self._read_requests(" AND ".join(clauses), arguments, limit=limit)

    def _read_requests(self, where: str, arguments: list[Any], *, limit: int | None) -> list[Request]:
        query = f"SELECT body::text FROM request_now WHERE {where} ORDER BY id"  # noqa: S608
        if limit is not None:
            query += f" LIMIT {int(limit)}"
        found = [_read_request(body) for (body,) in rows.stream(query + " FOR UPDATE", arguments)]
        self._requests.update((one.id, one) for one in found)
        return found

    def requests_of(self, families: Iterable[int]) -> tuple[Request, ...]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT body::text FROM request_now WHERE family = ANY(%s) ORDER BY id", [list(families)]
            )
            return tuple(_read_request(body) for (body,) in cursor)

    def caused_by(self, events: Iterable[int]) -> tuple[Event, ...]:
        return tuple(read_events("WHERE e.caused_by = ANY(%s) ORDER BY e.id", [list(events)]))

    def open_requests(self, families: Iterable[int], *, kinds: Iterable[str]) -> list[Request]:
        wanted = sorted(set(families))
        if not wanted:
            return []
        return self._read_requests(
            "family = ANY(%s) AND kind = ANY(%s) AND NOT ended", [wanted, list(kinds)], limit=None
        )

    def windows(self, scope: str) -> tuple[Window, ...]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT body::text FROM window_now "
                "WHERE starts_with(region, %s) OR starts_with(%s, region) ORDER BY opens, id",
                [scope, scope],
            )
            return tuple(msgspec.json.decode(body, type=Window) for (body,) in cursor)

    def window(self, number: int) -> Window | None:
        return self._one("window_now", number, Window)

    def session(self, number: int) -> Session | None:
        return self._one("session_now", number, Session)

    def batch(self, number: int) -> Batch | None:
        return self._one("batch_now", number, Batch)

    def submission(self, number: int) -> Submission | None:
        return self._one("submission_now", number, Submission)

    def visit(self, number: int) -> Visit | None:
        return self._one("visit_now", number, Visit)

    def visits(self, about: int) -> tuple[Visit, ...]:
        return self._some("visit_now", Visit, "about = %s", [about])

    def living_in(self, kind: str, region: str, *, after: int = 0, limit: int = 5000) -> tuple[int, ...]:
        table = {"family": "family_now", "person": "person_now", "dwelling": "dwelling_now"}[kind]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM {table} WHERE region = %s AND id > %s ORDER BY id LIMIT %s",  # noqa: S608
                [region, after, limit],
            )
            return tuple(number for (number,) in cursor)

    def sessions_in(self, region: str) -> tuple[Session, ...]:
        return self._some(
            "session_now", Session, "state = ANY(%s) AND region = %s", [list(sessions.IN_WORK), region]
        )

    def visits_in(self, region: str) -> tuple[Visit, ...]:
        return self._some("visit_now", Visit, "owner <> '' AND region = %s", [region])

    def region_change(self, number: int) -> RegionChange | None:
        return self._one("region_change_now", number, RegionChange)

    def visits_of(self, about: Iterable[int]) -> tuple[Visit, ...]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT body::text FROM visit_now WHERE about = ANY(%s) ORDER BY id", [list(about)]
            )
            return tuple(msgspec.json.decode(body, type=Visit) for (body,) in cursor)

    def annulment(self, number: int) -> Annulment | None:
        return self._one("annulment_now", number, Annulment)

    def erasure(self, number: int) -> Erasure | None:
        return self._one("erasure_now", number, Erasure)

    def erasures_of(self, persons: Iterable[int]) -> tuple[Erasure, ...]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT body::text FROM erasure_now WHERE person = ANY(%s) ORDER BY id", [list(persons)]
            )
            return tuple(msgspec.json.decode(body, type=Erasure) for (body,) in cursor)

    def families_in(self, dwellings: Iterable[int]) -> Mapping[int, tuple[int, ...]]:
        wanted = list(dwellings)
        found: dict[int, list[int]] = {one: [] for one in wanted}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT dwelling, id FROM family_now WHERE dwelling = ANY(%s) ORDER BY id", [wanted]
            )
            for dwelling, family in cursor:
                found[dwelling].append(family)
        return {one: tuple(families) for one, families in found.items()}

    def annulments_of(self, requests: Iterable[int]) -> tuple[Annulment, ...]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT body::text FROM annulment_now WHERE request = ANY(%s) ORDER BY id", [list(requests)]
            )
            return tuple(msgspec.json.decode(body, type=Annulment) for (body,) in cursor)

    def batches(self, window: int, scope: str) -> tuple[Batch, ...]:
        with connection.cursor() as cursor:
            cursor.execute(
                'SELECT body::text FROM batch_now WHERE "window" = %s AND region >= %s AND region < %s '
                "ORDER BY region, number",
                [window, scope, scope + "~"],
            )
            return tuple(msgspec.json.decode(body, type=Batch) for (body,) in cursor)

    def _one(self, table: str, number: int, form: type[T]) -> T | None:
        return next(iter(self._some(table, form, "id = %s", [number])), None)

    def _some(self, table: str, form: type[T], where: str, arguments: list[Any]) -> tuple[T, ...]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT body::text FROM {table} WHERE {where} ORDER BY id FOR UPDATE",  # noqa: S608
                arguments,
            )
            return tuple(msgspec.json.decode(body, type=form) for (body,) in cursor)


_read_request = msgspec.json.Decoder(Request).decode


def read_events(where: str, arguments: Sequence[Any]) -> list[Event]:
    """Events with their bodies and positions, as a condition selects them."""
    with connection.cursor() as cursor:
        cursor.execute(SELECT_EVENTS + where, arguments)
        return [event_of(row) for row in cursor]


def read_histories(subjects: Iterable[int]) -> dict[int, tuple[Event, ...]]:
    """All events of each subject in their order; a subject without events is absent."""
    found = looks.remembered("history", subjects, _read_histories)
    return {subject: found[subject] for subject in sorted(found) if found[subject]}


def _read_histories(subjects: list[int]) -> dict[int, tuple[Event, ...]]:
    found = group(read_events("WHERE e.subject = ANY(%s) ORDER BY e.subject, e.version", [subjects]))
    return {subject: found.get(subject, ()) for subject in subjects}


def read_attributed(subjects: Iterable[int], *, position: int | None = None) -> dict[int, tuple[Event, ...]]:
    """What tells about each subject, as far as it was known at a position: of merged persons the records of all of them.

    A subject without events is absent.
    """
    wanted = list(subjects)
    histories = read_with_others(wanted)
    return {
        one: attribution.attributed(one, histories, position=position) for one in wanted if histories.get(one)
    }


def read_with_others(subjects: Iterable[int]) -> dict[int, tuple[Event, ...]]:
    """The own history of each subject, together with those of everybody whom they were ever merged with."""
    return _with_others(read_histories(subjects))


def _with_others(histories: Mapping[int, tuple[Event, ...]]) -> dict[int, tuple[Event, ...]]:
    """The same histories together with those of everybody who was ever merged with one of their subjects."""
    found = dict(histories)
    unread = set(_others(found.values()) - found.keys())
    while unread:
        more = {**dict.fromkeys(unread, ()), **read_histories(unread)}
        found |= more
        unread = set(_others(more.values()) - found.keys())
    return found


def _others(histories: Iterable[tuple[Event, ...]]) -> set[int]:
    return {other for own in histories if len(own) > 1 for other in attribution.others_of(own)}


MANY_NUMBERS = 100


def read_former_numbers(kind: str, values: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Whom the numbers of retired persons and ended families lead to, through however many joined in turn."""
    found: dict[str, set[int]] = defaultdict(set)
    numbers = list(values)
    with connection.cursor() as cursor:
        if len(numbers) > MANY_NUMBERS:
            # Nearly always there are none, and thousands of numbers need not be sent to find that out.
            cursor.execute("SELECT EXISTS (SELECT FROM former_number WHERE kind = %s)", [kind])
            if not cursor.fetchone()[0]:
                return {}
        cursor.execute(
            "SELECT value, subject FROM former_number WHERE value = ANY(%s) AND kind = %s", [numbers, kind]
        )
        for value, subject in cursor.fetchall():
            found[value].add(subject)
    last = last_families({one for subjects in found.values() for one in subjects})
    return {value: tuple(sorted({last[one] for one in subjects})) for value, subjects in found.items()}


def last_families(subjects: Iterable[int]) -> dict[int, int]:
    """In which family each family lives on: itself, or the one at the end of those that it was joined to."""
    last = {one: one for one in subjects}
    passed = {one: {one} for one in last}
    while True:
        into = {
            number: values[MERGED_INTO]
            for number, values in read_current(last.values()).items()
            if values.get(MERGED_INTO) is not None
        }
        ahead = {one: into[now] for one, now in last.items() if now in into and into[now] not in passed[one]}
        if not ahead:
            return last
        for one, number in ahead.items():
            passed[one].add(number)
        last |= ahead


def read_current(subjects: Iterable[int]) -> dict[int, Mapping[str, Value]]:
    """The values of today of persons, families and dwellings, by subject and attribute; ended ones are absent."""
    wanted = set(subjects)
    found: dict[int, Mapping[str, Value]] = {}
    for table in ("family_now", "dwelling_now", "person_now"):
        if not wanted:
            break
        query = f"SELECT id, attributes::text FROM {table} WHERE id = ANY(%s::bigint[])"  # noqa: S608
        found.update(
            (number, msgspec.json.decode(values)) for number, values in rows.stream(query, [_array(wanted)])
        )
        wanted -= found.keys()
    return found


def read_members(family: int) -> tuple[int, ...]:
    """Every person who was ever said to be in a family."""
    return looks.remembered("members", [family], _read_members)[family]


def _read_members(families: list[int]) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[int]] = {family: [] for family in families}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT family, person FROM membership_open WHERE family = ANY(%(families)s) "
            "UNION SELECT family, person FROM membership_closed WHERE family = ANY(%(families)s) ORDER BY 1, 2",
            {"families": families},
        )
        for family, person in cursor:
            found[family].append(person)
    return {family: tuple(people) for family, people in found.items()}


REASON = "because"
"""Under this key the reason of an event lies in its payload: what people write goes where it can be erased."""


def event_of(row: Sequence[Any]) -> Event:
    body = msgspec.json.decode(row[15]) if row[15] is not None else None
    reason = body.pop(REASON, None) if body is not None else None
    return Event(
        id=row[0],
        subject=row[1],
        kind=row[2],
        version=row[3],
        type=row[4],
        schema=row[5],
        holds_from=row[6],
        holds_to=row[7],
        recorded_at=row[8],
        actor=row[9],
        region=row[10],
        authority=row[11],
        record=row[12],
        caused_by=row[13],
        reason=reason if reason is not None else row[14],
        body=body,
        position=row[16],
    )


def group(events: Iterable[Event]) -> dict[int, tuple[Event, ...]]:
    found: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        found[event.subject].append(event)
    return {subject: tuple(own) for subject, own in found.items()}


def _present(found: Iterable[T | None]) -> list[T]:
    return [one for one in found if one is not None]


def _array(numbers: Iterable[int]) -> str:
    """Numbers as an array is written: for thousands of them, psycopg takes its time to find the same words."""
    return f"{{{','.join(map(str, numbers))}}}"


def _event_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('event_id_seq') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor]


def _store(events: Sequence[Event]) -> None:
    """Write events with their bodies; rows are made one after the other, while the server takes in those before."""
    commitments: list[bytes] = []

    def sealed() -> Iterator[tuple[Any, ...]]:
        salts = secrets.token_bytes(16 * len(events))
        for place, event in enumerate(events):
            salt = salts[16 * place : 16 * place + 16]
            told = event.body if event.reason is None else {**(event.body or NOTHING), REASON: event.reason}
            body = rows.encode(told)
            commitments.append(commitment(salt, body.encode()))
            yield event.id, salt, body

    rows.copy("event_body", ("event", "salt", "body"), sealed())
    try:
        rows.copy(
            "event",
            EVENT_COLUMNS,
            (
                (
                    event.id,
                    event.subject,
                    event.kind,
                    event.version,
                    event.type,
                    event.schema,
                    event.holds_from,
                    event.holds_to,
                    event.recorded_at,
                    event.actor,
                    event.region,
                    event.authority,
                    event.record,
                    event.caused_by,
                    committed,
                )
                for event, committed in zip(events, commitments, strict=True)
            ),
        )
    except IntegrityError as error:
        if "event_subject_version" in str(error):
            raise Conflict(Refusal.of("someone-was-faster")) from error
        raise
    rows.copy("pending", ("first", "last"), _runs([event.id for event in events if event.id is not None]))


def _runs(ids: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring ids as runs: another transaction's ids must not lie inside."""
    found: list[tuple[int, int]] = []
    for number in sorted(ids):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
