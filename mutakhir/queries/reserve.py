"""A village's reserve: what is ready to move, what is missing, what a window or a call takes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from django.db import connection

from mutakhir.core.actors import Actor, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import Request, State
from mutakhir.core.comparison import Outcome, outcome_of
from mutakhir.core.flows.change_request import Case, Deadlines, why_not
from mutakhir.core.flows.session import Session
from mutakhir.core.flows.submission import Batch
from mutakhir.core.flows.window import State as WindowState
from mutakhir.core.flows.window import Window
from mutakhir.core.kinds import PACKED
from mutakhir.core.refusals import Refusal, Refused
from mutakhir.core.regions import normalise_region_name
from mutakhir.core.terms import Terms
from mutakhir.parameters import Parameters
from mutakhir.queries.accounts import names_or_logins
from mutakhir.queries.cases import cases_of
from mutakhir.queries.places import Place, place, places
from mutakhir.queries.session import (
    DELIBERATED_KINDS,
    MeetingRule,
    Spot,
    agendas,
    meeting_rule,
    spots_of,
)
from mutakhir.queries.waiting import WaitingLine, customary_opening, waiting_line
from mutakhir.queries.windows import window_by_number, windows_near

ROWS = 50
EARLY_CLOSING = timedelta(days=60)
"""So long a window that was closed early is still told of."""

_read_request = msgspec.json.Decoder(Request).decode
_read_batch = msgspec.json.Decoder(Batch).decode

# A decision that is older than its validity counts as none; `decided_on` stands in the body.
_EXPIRED = (
    "(r.decided AND r.kind = ANY(%(deliberated)s) "
    "AND coalesce(r.body->>'decided_on', '9999') < %(valid_since)s)"
)
_REFUSED = "(r.next_step = 'appeal')"
_UNDECIDED = f"(NOT {_REFUSED} AND (NOT r.decided OR {_EXPIRED}))"
_READY = f"(r.next_step = 'pack' AND NOT {_EXPIRED})"
_REFERRED = "(r.next_step IN ('refer', 'settle'))"
_INCOMPLETE = f"(NOT {_REFUSED} AND NOT {_READY} AND NOT {_REFERRED})"
_HERE = "r.region >= %(region)s AND r.region < %(beyond)s AND r.state = ANY(%(states)s)"
_DUSUN = (
    "coalesce(nullif((SELECT c->>'wanted' FROM json_array_elements(r.body->'changes') c "
    "WHERE c->>'attribute' = 'dusun' LIMIT 1), ''), f.attributes->>'dusun', '')"
)
_FIGURES = (
    f"count(*) AS total, count(*) FILTER (WHERE {_READY}) AS ready, "
    f"count(*) FILTER (WHERE {_INCOMPLETE}) AS incomplete, count(*) FILTER (WHERE {_UNDECIDED}) AS undecided, "
    f"count(*) FILTER (WHERE {_REFERRED}) AS referred, count(*) FILTER (WHERE {_REFUSED}) AS refused, "
    "min(r.recorded_at) AS oldest"
)
FILTERS: Mapping[str, str] = {
    "incomplete": _INCOMPLETE,
    "ready": _READY,
    "all": "true",
    "undecided": _UNDECIDED,
    "referred": _REFERRED,
    "refused": _REFUSED,
}
"""The parts of a reserve that can be shown alone."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How a reserve stands. Undecided requests are among the incomplete ones; referred are claims with the civil registry."""

    total: int = 0
    ready: int = 0
    incomplete: int = 0
    undecided: int = 0
    referred: int = 0
    refused: int = 0
    oldest: datetime | None = None

    def of(self, chosen: str) -> int:
        return {
            "all": self.total,
            "ready": self.ready,
            "incomplete": self.incomplete,
            "undecided": self.undecided,
            "referred": self.referred,
            "refused": self.refused,
        }[chosen]


@dataclass(frozen=True, slots=True)
class Entry:
    """One request of a reserve with everything that its card says."""

    request: Request
    case: Case
    spot: Spot
    waiting: WaitingLine | None
    decided_until: date | None
    expired: bool
    appeal_until: date | None
    session: Session | None


@dataclass(frozen=True, slots=True)
class Dusun:
    name: str
    ready: int
    incomplete: int
    referred: int
    refused: int

    @property
    def total(self) -> int:
        return self.ready + self.incomplete + self.referred + self.refused


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch of the village: not yet handed over until `cut_off`, or handed over."""

    batch: Batch
    window: Window
    rows: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the calendar says for a village: the window that is open or comes next, calls, and what was closed early.

    `taken` counts the requests of the kinds that the window takes. Where no window is set, `window` is None and
    `customary` the day on which one would open by custom.
    """

    window: Window | None
    taken: Counts
    customary: date
    calls: tuple[Window, ...]
    closed_early: Window | None


@dataclass(frozen=True, slots=True)
class Reserve:
    """A page of a village's reserve."""

    region: str
    place: Place
    today: date
    counts: Counts
    entries: tuple[Entry, ...]
    next: int | None
    lacking: tuple[tuple[str, int], ...]
    dusun: tuple[Dusun, ...]
    outlook: Outlook
    batches: tuple[BatchLine, ...]
    rule: MeetingRule


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which part of a reserve is asked for: a filter, a missing piece, a dusun, and what lies behind a number."""

    part: str = "incomplete"
    lacking: str = ""
    dusun: str | None = None
    by_dusun: bool = False
    after: int = 0


def reserve(
    region: str, chosen: Chosen, *, actor: Actor, now: datetime, terms: Terms, parameters: Parameters
) -> Reserve:
    """The reserve of one village; `Refused` not-found where the actor may not open it."""
    if not actor.has(READERS, region):
        raise Refused(Refusal.of("not-found"))
    today = today_in(region, now)
    told = _arguments(region, today, terms.deadlines)
    windows = windows_near(region, since=now - EARLY_CLOSING)
    found, more = ([], None) if chosen.by_dusun else _requests(chosen, told)
    return Reserve(
        region,
        place(region),
        today,
        counts(region, today=today, deadlines=terms.deadlines),
        entries_of(found, region=region, now=now, windows=windows, terms=terms, parameters=parameters),
        more,
        _lacking(told),
        _by_dusun(told) if chosen.by_dusun or chosen.dusun is not None else (),
        outlook(windows, region=region, now=now, deadlines=terms.deadlines, parameters=parameters),
        batches_of(region),
        meeting_rule(region, today=today, deadlines=terms.deadlines),
    )


def counts(region: str, *, today: date, deadlines: Deadlines, kinds: Sequence[str] = ()) -> Counts:
    """How a village's reserve stands; with kinds, only what a window for these takes."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_FIGURES} FROM request_now r "  # noqa: S608
            f"WHERE {_HERE} AND (%(kinds)s = '{{}}' OR r.kind = ANY(%(kinds)s))",
            {**_arguments(region, today, deadlines), "kinds": list(kinds)},
        )
        return Counts(*cursor.fetchone())


def entries_of(
    requests: Sequence[Request],
    *,
    region: str,
    now: datetime,
    windows: Sequence[Window],
    terms: Terms,
    parameters: Parameters,
) -> tuple[Entry, ...]:
    cases = cases_of(requests, now=now, terms=terms, windows=windows)
    spots = spots_of(requests)
    known = agendas(region)
    entries = []
    for request in requests:
        case = cases[request.id]
        until = (
            terms.deadlines.due("decision_valid", request.decided_on)
            if request.decided_on is not None and request.rule.deliberated
            else None
        )
        refused = request.fit is False and not request.appealed
        entries.append(
            Entry(
                request,
                case,
                spots[request.id],
                waiting_line(
                    request, now=now, windows=windows, deadlines=terms.deadlines, parameters=parameters
                ),
                until,
                until is not None and case.today > until,
                terms.deadlines.due("appeal", today_in(region, request.since)) if refused else None,
                known.get(request.id),
            )
        )
    return tuple(entries)


def outlook(
    windows: Iterable[Window], *, region: str, now: datetime, deadlines: Deadlines, parameters: Parameters
) -> Outlook:
    here = [one for one in windows if region.startswith(one.region)]
    coming = [
        one
        for one in here
        if one.form == "window" and one.state(now) in (WindowState.OPEN, WindowState.SCHEDULED)
    ]
    early = [
        one
        for one in here
        if one.closed_at is not None and one.closing_reason and one.closed_at <= now < one.closes
    ]
    window = min(
        coming, key=lambda one: (one.state(now) is not WindowState.OPEN, one.opens, one.id), default=None
    )
    today = today_in(region, now)
    return Outlook(
        window,
        counts(region, today=today, deadlines=deadlines, kinds=(window and window.kinds) or PACKED),
        customary_opening(today, parameters),
        tuple(
            one
            for one in here
            if one.form == "call"
            and one.state(now) in (WindowState.OPEN, WindowState.SCHEDULED, WindowState.CUT_OFF)
        ),
        max(early, key=lambda one: one.closed_at or now, default=None),
    )


# --- the whole reserve as rows of a file ------------------------------------------------------------------------------


def all_entries(
    region: str,
    *,
    now: datetime,
    terms: Terms,
    parameters: Parameters,
    chosen: Chosen | None = None,
) -> Iterator[Entry]:
    """Every request of a village's reserve, some hundreds at a time."""
    windows = windows_near(region, since=now - EARLY_CLOSING)
    told = _arguments(region, today_in(region, now), terms.deadlines)
    part = chosen or Chosen(part="all")
    after: int | None = 0
    while after is not None:
        found, after = _requests(Chosen(part.part, part.lacking, part.dusun, after=after), told, limit=500)
        yield from entries_of(
            found, region=region, now=now, windows=windows, terms=terms, parameters=parameters
        )


# --- the villages of a region -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VillageLine:
    """A village's reserve in a line: counts, the last meeting, and whether an SPTJM is asked for."""

    region: str
    place: Place
    counts: Counts
    last_meeting: date | None
    days_late: int


@dataclass(frozen=True, slots=True)
class Villages:
    lines: tuple[VillageLine, ...]
    total: int
    next: str | None
    sum: Counts


def villages(
    scopes: Iterable[str], *, words: str = "", after: str = "", now: datetime, deadlines: Deadlines
) -> Villages:
    """The villages within reach that have a reserve, in the order of their codes, fifty at a time."""
    prefixes = list(scopes)
    today = today_in(prefixes[0] if prefixes else "", now)
    told = {
        **_arguments("", today, deadlines),
        "prefixes": prefixes,
        "name": f"%{normalise_region_name(words)}%" if words.strip() else "%",
        "after": after,
        "limit": ROWS + 1,
    }
    within = (
        "EXISTS (SELECT 1 FROM unnest(%(prefixes)s::text[]) p(code) "
        'WHERE r.region >= p.code COLLATE "C" AND r.region < (p.code || \'~\') COLLATE "C")'
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH here AS MATERIALIZED ("  # noqa: S608
            f"SELECT r.region, {_FIGURES}, "
            "min(r.since) FILTER (WHERE NOT r.decided AND r.state = 'reserved') AS undecided_since "
            f"FROM request_now r WHERE r.state = ANY(%(states)s) AND {within} GROUP BY r.region), "
            "named AS (SELECT here.* FROM here LEFT JOIN region n ON n.code = here.region "
            "WHERE coalesce(n.name_key, '') LIKE %(name)s) "
            "SELECT region, total, ready, incomplete, undecided, referred, refused, oldest, undecided_since, "
            "(SELECT max(day) FROM session_now s WHERE s.region = named.region AND s.state = 'confirmed'), "
            "count(*) OVER () FROM named WHERE region > %(after)s ORDER BY region LIMIT %(limit)s",
            told,
        )
        rows = cursor.fetchall()
        cursor.execute(
            f"SELECT {_FIGURES} FROM request_now r WHERE r.state = ANY(%(states)s) AND {within}",  # noqa: S608
            told,
        )
        whole = Counts(*cursor.fetchone())
    named = places(row[0] for row in rows)
    lines = []
    for region, *figures, undecided_since, last, _ in rows[:ROWS]:
        began = last or (today_in(region, undecided_since) if undecided_since else None)
        due = deadlines.due("deliberate", began) if began and undecided_since else None
        late = max((today_in(region, now) - due).days, 0) if due else 0
        lines.append(VillageLine(region, named[region], Counts(*figures), last, late))
    return Villages(
        tuple(lines),
        rows[0][-1] if rows else 0,
        lines[-1].region if len(rows) > ROWS else None,
        whole,
    )


# --- batches ----------------------------------------------------------------------------------------------------------


def batches_of(region: str, *, limit: int = 6) -> tuple[BatchLine, ...]:
    """The village's batches: what is not handed over first, then the newest."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT b.body::text, w.body::text, count(r.id) FROM batch_now b JOIN window_now w ON w.id = b."window" '
            "LEFT JOIN request_now r ON r.batch = b.id WHERE b.region = %s "
            "GROUP BY b.id, b.handed_over_at, b.body::text, w.body::text "
            "HAVING b.handed_over_at IS NOT NULL OR count(r.id) > 0 "
            "ORDER BY b.handed_over_at IS NOT NULL, b.handed_over_at DESC, b.id DESC LIMIT %s",
            [region, limit],
        )
        return tuple(
            BatchLine(_read_batch(batch), msgspec.json.decode(window, type=Window), rows)
            for batch, window, rows in cursor
        )


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A row of a batch. `outcome` says whether it goes on, conflicts or is already true; `refusals` what stands in
    its way."""

    request: Request
    case: Case
    spot: Spot
    outcome: Outcome
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A village's batch before and after it is handed over, fifty rows at a time.

    `refusals` holds every reason why the actor may not hand it over; `not_minuted`, `conflicts` and `satisfied` count
    over all rows. `minutes` counts the rows of each meeting whose signed minutes hold them.
    """

    batch: Batch
    window: Window
    place: Place
    rows: tuple[BatchRow, ...]
    total: int
    next: int | None
    stand: int
    conflicts: int
    satisfied: int
    not_minuted: int
    minutes: tuple[tuple[int, date | None, int], ...]
    exempt: int
    refusals: tuple[Refusal, ...]
    since: datetime | None
    names: Mapping[str, str]


def batch_page(number: int, *, actor: Actor, now: datetime, terms: Terms, after: int = 0) -> BatchPage | None:
    """A batch, None outside the actor's reach. All rows are compared as the hand-over itself will do it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT body::text FROM batch_now WHERE id = %s", [number])
        row = cursor.fetchone()
        batch = _read_batch(row[0]) if row else None
        if batch is None or not actor.sees(batch.village):
            return None
        cursor.execute("SELECT body::text FROM request_now WHERE batch = %s ORDER BY id", [number])
        requests = [_read_request(body) for (body,) in cursor]
    window = window_by_number(batch.window)
    assert window is not None
    cases = cases_of(requests, now=now, terms=terms, windows=windows_near(batch.village))
    packed = [one for one in requests if one.state is State.PACKED]
    outcomes = {one.id: outcome_of(cases[one.id].lines or ()) for one in packed if cases[one.id].lines}
    stand = [one for one in packed if outcomes.get(one.id, Outcome.VALID) is Outcome.VALID]
    reasons = {one.id: why_not(cases[one.id], "hand_over", actor) for one in stand}
    refusals = list(dict.fromkeys(refusal for told in reasons.values() for refusal in told))
    if not packed and batch.handed_over_at is None:
        refusals.append(Refusal.of("batch-empty"))
    if batch.handed_over_at is not None:
        refusals = [Refusal.of("batch-handed-over")]
    # What leaves or cannot go is shown first, then the order of the numbers.
    order = sorted(requests, key=lambda one: (not _stands_out(one, outcomes, reasons), one.id))
    shown = order[after : after + ROWS]
    spots = spots_of(shown)
    meetings: dict[int, tuple[date | None, int]] = {}
    for one in requests:
        if one.rule.deliberated and one.in_minutes and one.session is not None:
            meetings[one.session] = (one.decided_on, meetings.get(one.session, (None, 0))[1] + 1)
    return BatchPage(
        batch,
        window,
        place(batch.village),
        tuple(
            BatchRow(
                one,
                cases[one.id],
                spots[one.id],
                outcomes.get(one.id, Outcome.VALID),
                tuple(
                    refusal
                    for refusal in reasons.get(one.id, ())
                    if refusal.rule not in ("role-missing", "no-window")
                ),
            )
            for one in shown
        ),
        len(requests),
        after + ROWS if after + ROWS < len(order) else None,
        len(stand),
        sum(1 for one in outcomes.values() if one is Outcome.CONFLICT),
        sum(1 for one in outcomes.values() if one is Outcome.SATISFIED),
        sum(1 for one in stand if one.rule.deliberated and not one.in_minutes),
        tuple((session, day, count) for session, (day, count) in sorted(meetings.items())),
        sum(1 for one in requests if not one.rule.deliberated),
        tuple(refusals),
        min((one.since for one in packed), default=batch.handed_over_at),
        names_or_logins([batch.handed_over_by] if batch.handed_over_by else []),
    )


def _stands_out(
    request: Request, outcomes: Mapping[int, Outcome], reasons: Mapping[int, tuple[Refusal, ...]]
) -> bool:
    minuted = any(one.rule == "not-in-minutes" for one in reasons.get(request.id, ()))
    return minuted or outcomes.get(request.id, Outcome.VALID) is not Outcome.VALID


# --- parts ------------------------------------------------------------------------------------------------------------


def valid_since(today: date, deadlines: Deadlines) -> date:
    """The earliest day on which a village decision may have been taken so that it is still valid today."""
    day = today
    for _ in range(1000):
        earlier = day - timedelta(days=1)
        until = deadlines.due("decision_valid", earlier)
        if until is not None and until < today:
            return day
        day = earlier
    return day


READERS = (
    Role.VILLAGE_OPERATOR,
    Role.VILLAGE_HEAD,
    Role.CAMAT,
    Role.DATA_FILLER,
    Role.VERIFIER,
    Role.SUPERVISOR,
    Role.HEAD_OF_DINSOS,
)
"""Who opens a village's reserve: its own people, the camat above it, and Dinsos."""


def _arguments(region: str, today: date, deadlines: Deadlines) -> dict[str, Any]:
    return {
        "region": region,
        "beyond": region + "~",
        "states": [State.RESERVED.value, State.DELIBERATED.value],
        "deliberated": list(DELIBERATED_KINDS),
        "valid_since": valid_since(today, deadlines).isoformat(),
    }


def _requests(
    chosen: Chosen, told: Mapping[str, Any], *, limit: int = ROWS
) -> tuple[list[Request], int | None]:
    """Requests in the order of their numbers, the longest wait first, and the cursor behind them."""
    clauses = [_HERE, FILTERS[chosen.part], "r.id > %(after)s"]
    arguments = {**told, "after": chosen.after, "limit": limit + 1}
    if chosen.lacking == "decision":
        clauses.append(_UNDECIDED)
    elif chosen.lacking:
        clauses.append("%(lacking)s = ANY(r.missing)")
        arguments["lacking"] = chosen.lacking
    if chosen.dusun is not None:
        clauses.append(f"{_DUSUN} = %(dusun)s")
        arguments["dusun"] = chosen.dusun
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.body::text FROM request_now r LEFT JOIN family_now f ON f.id = r.family WHERE "  # noqa: S608
            + " AND ".join(clauses)
            + " ORDER BY r.id LIMIT %(limit)s",
            arguments,
        )
        found = [_read_request(body) for (body,) in cursor]
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def _lacking(told: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """What is missing most often: pieces as `missing` names them, and `decision`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT what, count(*) FROM (SELECT unnest(r.missing) AS what FROM request_now r "  # noqa: S608
            f"WHERE {_HERE} AND NOT {_REFUSED} UNION ALL SELECT 'decision' FROM request_now r "
            f"WHERE {_HERE} AND {_UNDECIDED}) AS lacking GROUP BY what ORDER BY 2 DESC, 1 LIMIT 6",
            told,
        )
        return tuple(cursor.fetchall())


def _by_dusun(told: Mapping[str, Any]) -> tuple[Dusun, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, ready, incomplete, referred, refused FROM ("  # noqa: S608
            f"SELECT {_DUSUN} AS name, count(*) FILTER (WHERE {_READY}) AS ready, "
            f"count(*) FILTER (WHERE {_INCOMPLETE}) AS incomplete, count(*) FILTER (WHERE {_REFERRED}) AS referred, "
            f"count(*) FILTER (WHERE {_REFUSED}) AS refused "
            f"FROM request_now r LEFT JOIN family_now f ON f.id = r.family WHERE {_HERE} GROUP BY 1) AS counted "
            "ORDER BY name = '', name LIMIT 200",
            told,
        )
        return tuple(Dusun(*row) for row in cursor)
