"""Village meetings as their pages need them: what is called, what was decided, and who must act until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from django.db import connection
from django.db.models import Q

from mutakhir.core.actors import Actor, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import Request, State, missing
from mutakhir.core.events import NOTHING
from mutakhir.core.facts import Value
from mutakhir.core.flows.change_request import Deadlines
from mutakhir.core.flows.session import ROLES, Decision, Session, why_not
from mutakhir.core.flows.session import State as SessionState
from mutakhir.core.kinds import KINDS
from mutakhir.core.refusals import Refusal
from mutakhir.queries.accounts import names_or_logins
from mutakhir.queries.cases import requests_by_number
from mutakhir.queries.places import Place, places
from mutakhir.queries.scopes import within
from mutakhir.store.models import RoleHeld
from mutakhir.store.register import read_current

ROWS = 50
DELIBERATED_KINDS = tuple(sorted(kind.name for kind in KINDS.values() if kind.deliberated))

_read = msgspec.json.Decoder(Session).decode


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in the village a request is about: what its family's record says, or what the request asks for."""

    dusun: str = ""
    rt: str = ""
    rw: str = ""

    @property
    def shown(self) -> str:
        """Dusun Krajan, RT 02 RW 01; the parts that are known."""
        dusun = (
            self.dusun
            if not self.dusun or self.dusun.lower().startswith(("dusun", "dsn"))
            else f"Dusun {self.dusun}"
        )
        parts = (f"RT {self.rt}" if self.rt else "", f"RW {self.rw}" if self.rw else "")
        return ", ".join(part for part in (dusun, " ".join(part for part in parts if part)) if part)


def spots_of(requests: Sequence[Request]) -> dict[int, Spot]:
    """The dusun, RT and RW of some requests, read in one go."""
    families = read_current(one.family for one in requests if one.family is not None)
    found = {}
    for request in requests:
        wanted = {one.attribute: one.wanted for one in request.changes if one.of == "family"}
        values: Mapping[str, Value] = {**families.get(request.family or 0, NOTHING), **wanted}
        found[request.id] = Spot(*(str(values.get(name) or "") for name in ("dusun", "rt", "rw")))
    return found


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of an agenda were agreed to, refused, or not spoken of."""

    fit: int
    not_fit: int
    open: int

    @property
    def all(self) -> int:
        return self.fit + self.not_fit + self.open


def tally(session: Session) -> Tally:
    told = [one.outcome for one in session.decisions]
    return Tally(told.count("fit"), told.count("not_fit"), len(session.agenda) - len(told))


# --- lists ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A meeting in a list. `verb`, `role`, `since` and `until` say what it waits for; all but `since` are empty when it
    is confirmed, and when it is `overtaken`: everything on its agenda was decided or went on elsewhere."""

    session: Session
    place: Place
    verb: str
    role: Role | None
    since: datetime
    until: date | None
    days_late: int
    overtaken: bool = False


@dataclass(frozen=True, slots=True)
class SessionList:
    """Meetings, the newest day first. `next` is the cursor (day, number) of the following page."""

    lines: tuple[SessionLine, ...]
    next: tuple[date, int] | None


def list_sessions(
    scopes: Iterable[str],
    *,
    now: datetime,
    deadlines: Deadlines,
    region: str = "",
    before: tuple[date, int] | None = None,
    limit: int = ROWS,
) -> SessionList:
    """The meetings of the villages within reach, or of one region of them."""
    clause, arguments = within("region", scopes)
    if before is not None:
        clause += " AND (day, id) < (%s, %s)"
        arguments += list(before)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT body::text FROM session_now WHERE {clause} AND region >= %s AND region < %s "  # noqa: S608
            "ORDER BY day DESC, id DESC LIMIT %s",
            [*arguments, region, region + "~", limit + 1],
        )
        found = [_read(body) for (body,) in cursor]
    shown = found[:limit]
    return SessionList(
        _lines(shown, now=now, deadlines=deadlines),
        (shown[-1].day, shown[-1].id) if len(found) > limit else None,
    )


def _lines(sessions: Sequence[Session], *, now: datetime, deadlines: Deadlines) -> tuple[SessionLine, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject, max(recorded_at) FROM event WHERE subject = ANY(%s) GROUP BY subject",
            [[one.id for one in sessions]],
        )
        since = dict(cursor.fetchall())
    named = places(one.region for one in sessions)
    lines = []
    for session in sessions:
        verb, role = turn_of(session)
        oldest = _oldest_waiting(session) if verb else None
        until = deadlines.due("deliberate", oldest) if oldest else None
        late = max((today_in(session.region, now) - until).days, 0) if until else 0
        overtaken = bool(verb) and oldest is None
        if overtaken:
            verb, role = "", None
        lines.append(
            SessionLine(session, named[session.region], verb, role, since[session.id], until, late, overtaken)
        )
    return tuple(lines)


def open_sessions(region: str) -> tuple[Session, ...]:
    """Meetings of a village that the head has not confirmed yet, in the order of their days."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT body::text FROM session_now WHERE region = %s AND state <> %s ORDER BY day, id",
            [region, SessionState.CONFIRMED.value],
        )
        return tuple(_read(body) for (body,) in cursor)


def agendas(region: str) -> dict[int, Session]:
    """For each request that stands on an agenda not yet confirmed: the meeting, the earliest where there are several."""
    found: dict[int, Session] = {}
    for session in open_sessions(region):
        for request in session.agenda:
            found.setdefault(request, session)
    return found


# --- the rule of ninety days ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MeetingRule:
    """Whether a village is past the day until which a meeting or an SPTJM was due.

    `last` is the day of the last confirmed meeting; `oldest` since when a request waits for one; `due` until when a
    meeting was to be held, None where nothing waits.
    """

    last: date | None
    oldest: date | None
    due: date | None
    waiting: int
    days_late: int

    @property
    def asks_for_statement(self) -> bool:
        return self.days_late > 0


def meeting_rule(region: str, *, today: date, deadlines: Deadlines) -> MeetingRule:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(day) FROM session_now WHERE region = %s AND state = %s",
            [region, SessionState.CONFIRMED.value],
        )
        last = cursor.fetchone()[0]
        cursor.execute(
            "SELECT min(since), count(*) FROM request_now WHERE region = %s AND state = %s AND NOT decided",
            [region, State.RESERVED.value],
        )
        oldest, waiting = cursor.fetchone()
    first = today_in(region, oldest) if oldest else None
    began = last or first
    due = deadlines.due("deliberate", began) if waiting and began else None
    return MeetingRule(last, first, due, waiting, max((today - due).days, 0) if due else 0)


# --- calling ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """A request that a meeting could decide on; `session` is an open meeting that has it on its agenda already."""

    request: Request
    spot: Spot
    lacks: tuple[str, ...]
    session: Session | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    rows: tuple[Candidate, ...]
    total: int
    refusals: tuple[Refusal, ...]
    rule: MeetingRule


CANDIDATES_AT_MOST = 300
"""So many rows can be chosen one by one; where more wait, the meeting takes all of them."""


def candidates(
    region: str, *, actor: Actor, today: date, deadlines: Deadlines, limit: int = CANDIDATES_AT_MOST
) -> Candidates:
    """What waits for the village's decision, the longest wait first, and why the actor may not call a meeting."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT body::text, count(*) OVER () FROM request_now "
            "WHERE region = %s AND state = %s AND NOT decided ORDER BY id LIMIT %s",
            [region, State.RESERVED.value, limit],
        )
        rows = cursor.fetchall()
    requests = [msgspec.json.decode(body, type=Request) for body, _ in rows]
    known = agendas(region)
    spots = spots_of(requests)
    return Candidates(
        tuple(Candidate(one, spots[one.id], missing(one), known.get(one.id)) for one in requests),
        rows[0][1] if rows else 0,
        why_not(None, "call", actor=actor, region=region, today=today),
        meeting_rule(region, today=today, deadlines=deadlines),
    )


# --- one meeting ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """A request on an agenda: what it lacks, what was decided, and whether it has moved on since it was called."""

    number: int
    request: Request
    spot: Spot
    lacks: tuple[str, ...]
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class SessionPage:
    """A meeting with fifty rows of its agenda.

    `verb` is what comes next (enter, prove, confirm, or "" when it is confirmed), `role` who does it, `since` when the
    present state began, `until` the earliest day on which a request of the agenda is late. `refusals` holds for each
    verb every reason why the actor may not.
    """

    session: Session
    place: Place
    rows: tuple[AgendaRow, ...]
    first: int
    tally: Tally
    verb: str
    role: Role | None
    since: datetime
    until: date | None
    days_late: int
    refusals: Mapping[str, tuple[Refusal, ...]]
    names: Mapping[str, str]
    overtaken: bool = False

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else self.first

    @property
    def next_first(self) -> int | None:
        return self.last + 1 if self.last < len(self.session.agenda) else None

    @property
    def previous_first(self) -> int | None:
        return max(self.first - ROWS, 1) if self.first > 1 else None


def find_session(number: int, *, actor: Actor) -> Session | None:
    """The meeting, None where there is none within the actor's reach."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT body::text FROM session_now WHERE id = %s", [number])
        row = cursor.fetchone()
    session = _read(row[0]) if row else None
    return session if session is not None and actor.sees(session.region) else None


def session_page(
    number: int, *, actor: Actor, now: datetime, deadlines: Deadlines, first: int = 1, limit: int = ROWS
) -> SessionPage | None:
    """A meeting from its row `first` on (counted from 1); None outside the actor's reach."""
    session = find_session(number, actor=actor)
    if session is None:
        return None
    today = today_in(session.region, now)
    first = min(max(first, 1), max(len(session.agenda), 1))
    verb, role = turn_of(session)
    oldest = _oldest_waiting(session) if verb else None
    until = deadlines.due("deliberate", oldest) if oldest else None
    return SessionPage(
        session,
        places([session.region])[session.region],
        agenda_rows(session, first=first, limit=limit),
        first,
        tally(session),
        verb,
        role,
        _since(session.id),
        until,
        max((today - until).days, 0) if until else 0,
        {
            name: why_not(session, name, actor=actor, region=session.region, today=today)
            for name in ("enter", "prove", "confirm")
        },
        names_or_logins(
            one
            for one in (session.called_by, session.entered_by, session.confirmed_by, *_uploaders(session))
            if one
        ),
        overtaken=bool(verb) and oldest is None,
    )


def agenda_rows(session: Session, *, first: int = 1, limit: int | None = None) -> tuple[AgendaRow, ...]:
    """Rows of the agenda in its order, from the number `first` on."""
    chosen = session.agenda[first - 1 :] if limit is None else session.agenda[first - 1 : first - 1 + limit]
    requests = requests_by_number(chosen)
    spots = spots_of(list(requests.values()))
    decisions = {one.request: one for one in session.decisions}
    return tuple(
        AgendaRow(place, requests[one], spots[one], missing(requests[one]), decisions.get(one))
        for place, one in enumerate(chosen, start=first)
        if one in requests
    )


def turn_of(session: Session) -> tuple[str, Role | None]:
    """The verb that brings a meeting forward, and whose turn it is."""
    if session.state is SessionState.CONFIRMED:
        return "", None
    if session.state is SessionState.CALLED:
        return "enter", ROLES["enter"][0]
    return ("prove", ROLES["prove"][0]) if session.proof is None else ("confirm", ROLES["confirm"][0])


def session_turns(
    actor: Actor, *, now: datetime, deadlines: Deadlines, limit: int = 20
) -> tuple[SessionLine, ...]:
    """The meetings on which the actor can act now: to enter, to upload for, or to confirm."""
    clause, arguments = within("region", actor.scopes())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT body::text FROM session_now WHERE {clause} AND state <> %s ORDER BY day, id LIMIT 200",  # noqa: S608
            [*arguments, SessionState.CONFIRMED.value],
        )
        waiting = [_read(body) for (body,) in cursor]
    mine = []
    for session in waiting:
        verb, role = turn_of(session)
        today = today_in(session.region, now)
        if role is not None and not why_not(session, verb, actor=actor, region=session.region, today=today):
            mine.append(session)
    lines = _lines(mine, now=now, deadlines=deadlines)
    return tuple(line for line in lines if not line.overtaken)[:limit]


# --- who --------------------------------------------------------------------------------------------------------------


def holder_of(role: Role, region: str, *, on: date) -> str:
    """The name of who holds a role for a region on a day, "" where nobody does."""
    held = (
        RoleHeld.objects.filter(role=role.value, region=region, from_day__lte=on, account__is_active=True)
        .filter(Q(until_day__isnull=True) | Q(until_day__gt=on))
        .order_by("id")
        .values_list("account__name", flat=True)
        .first()
    )
    return held or ""


def _uploaders(session: Session) -> tuple[str, ...]:
    return tuple(str(one.get("by", "")) for one in session.proofs)


def _since(number: int) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(recorded_at) FROM event WHERE subject = %s", [number])
        since: datetime = cursor.fetchone()[0]
    return since


def _oldest_waiting(session: Session) -> date | None:
    """Since when the first request of an agenda waits for the decision; None where none of them waits any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(since) FROM request_now WHERE id = ANY(%s) AND state = %s AND NOT decided",
            [list(session.agenda), State.RESERVED.value],
        )
        oldest = cursor.fetchone()[0]
    return today_in(session.region, oldest) if oldest else None
