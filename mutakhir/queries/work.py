"""What waits for a person, what waits for others, and what was finished lately in their regions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection

from mutakhir.core.actors import ABOVE, Actor, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.flows.change_request import Deadlines
from mutakhir.core.flows.window import Window
from mutakhir.parameters import Parameters
from mutakhir.queries.turns import CANCELLATION, PIECES, SHARED, count_turns, owned_by
from mutakhir.queries.waiting import BY_WINDOW, days_late, limit_of
from mutakhir.queries.windows import windows_near

SINGLE = ("reserve", "amend", "resume", "appeal")
"""Steps that are taken with one request at a time; of the others a whole list is one piece of work."""
AT_MOST = 20
WIDE_DIGITS = 4
"""Who works for more than a kabupaten sees whole kabupatens instead of villages and batches."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One piece of work: a request, or all requests of a village, batch, window or list at the same step.

    `number` is that of the request, batch, window, list or task, 0 for a place; `region` the place. `until` is the
    last day in time, `assumed` says that it is only customary; after it `days_late` counts, and `above` was told.
    """

    form: str
    step: str
    number: int
    region: str
    title: str
    count: int
    role: str
    since: datetime
    until: date | None
    kind: str = ""
    state: str = ""
    missing: tuple[str, ...] = ()
    window: int | None = None
    kinds: frozenset[str] = frozenset()
    assumed: bool = False
    days_late: int = 0
    above: Role | None = None
    particulars: dict[str, Any] | None = None


GROUPED = """
SELECT next_step, {piece}, {place}, kind, owner, count(*), min(since), min(due), min("window"), min(subject_name)
FROM request_now
WHERE NOT ended AND region >= %s AND region < %s AND next_step = ANY(%s) AND {who}
GROUP BY 1, 2, 3, 4, 5
"""
SINGLES = """
SELECT id, next_step, region, subject_name, owner, since, due, kind, state, missing, "window"
FROM request_now
WHERE NOT ended AND region >= %s AND region < %s AND next_step = ANY(%s) AND {who}
ORDER BY due NULLS LAST, since, id LIMIT %s
"""


def my_turns(
    actor: Actor, *, now: datetime, parameters: Parameters, deadlines: Deadlines, limit: int = AT_MOST
) -> tuple[list[Turn], int]:
    """What waits for this person, late first and at most `limit` of it, and how many pieces of work there are."""
    found: list[Turn] = []
    for held in actor.held:
        asked = _cancellations(held.role, held.region, limit, deadlines)
        numbers = {turn.number for turn in asked}
        who, arguments = owned_by(held.role)
        found += [
            turn
            for turn in _read(held.region, who, arguments, limit, without=("pack",))
            if turn.form != "request" or turn.number not in numbers
        ]
        found += [*_tasks(held.role, held.region, limit), *asked]
    whole = len(found) if len(found) < limit else max(len(found), count_turns(actor))
    return _timed(found, now=now, parameters=parameters)[:limit], whole


def others_turns(actor: Actor, *, now: datetime, parameters: Parameters, limit: int = 8) -> list[Turn]:
    """What waits for others in this person's regions, late first."""
    found: list[Turn] = []
    roles = sorted({held.role.value for held in actor.held})
    mine = [step for step, sharing in SHARED.items() if any(role.value in roles for role in sharing)]
    for region in actor.scopes():
        found += _read(region, "NOT owner = ANY(%s) AND NOT next_step = ANY(%s)", [roles, mine], limit)
    return _timed(found, now=now, parameters=parameters)[:limit]


def _read(
    region: str, who: str, arguments: Sequence[Any], limit: int, *, without: Iterable[str] = ()
) -> list[Turn]:
    found: dict[tuple[str, Any, str, str], Turn] = {}
    skipped = set(without)
    wide = len(region) < WIDE_DIGITS
    with connection.cursor() as cursor:
        for column in sorted({column for column, _ in PIECES.values()}):
            steps = [step for step, (own, _) in PIECES.items() if own == column and step not in skipped]
            query = GROUPED.format(
                piece="0" if wide or column == "region" else column,
                place=f"substr(region, 1, {WIDE_DIGITS})" if wide or column != "region" else "region",
                who=who,
            )
            cursor.execute(query, [region, region + "~", steps, *arguments])
            for step, piece, place, kind, owner, count, since, due, window, title in cursor:
                turn = Turn(
                    "kabupaten" if wide else PIECES[step][1],
                    step,
                    piece or 0,
                    place,
                    title,
                    count,
                    owner,
                    since,
                    due,
                    window=window,
                    kinds=frozenset((kind,)),
                )
                key = (step, piece, place, owner)
                found[key] = _joined(found[key], turn) if key in found else turn
        cursor.execute(SINGLES.format(who=who), [region, region + "~", list(SINGLE), *arguments, limit])
        singles = [
            Turn(
                "request", step, number, place, title, 1, owner, since, due, kind, state, tuple(missing), window,
                frozenset((kind,)),
            )
            for number, step, place, title, owner, since, due, kind, state, missing, window in cursor
        ]  # fmt: skip
    return _placed([*found.values(), *singles])


def _joined(one: Turn, other: Turn) -> Turn:
    """The same piece of work, read in parts by kind."""
    days = [day for day in (one.until, other.until) if day is not None]
    return replace(
        one,
        count=one.count + other.count,
        since=min(one.since, other.since),
        until=min(days, default=None),
        kinds=one.kinds | other.kinds,
    )


def _placed(turns: list[Turn]) -> list[Turn]:
    """A batch belongs to a village, whose name stands on it."""
    batches = {turn.number for turn in turns if turn.form == "batch"}
    if not batches:
        return turns
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, region FROM batch_now WHERE id = ANY(%s)", [list(batches)])
        villages = dict(cursor.fetchall())
    return [
        replace(turn, region=villages.get(turn.number, turn.region)) if turn.form == "batch" else turn
        for turn in turns
    ]


def _timed(turns: list[Turn], *, now: datetime, parameters: Parameters) -> list[Turn]:
    """Turns with their last day, the latest first: of steps that wait for a window, the window's."""
    windows = {
        region: windows_near(region)
        for region in {turn.region for turn in turns if turn.step in BY_WINDOW and turn.form != "task"}
    }
    timed = [_with_limit(turn, now=now, windows=windows, parameters=parameters) for turn in turns]
    return sorted(timed, key=lambda turn: (turn.until or date.max, turn.since, turn.number))


def _with_limit(
    turn: Turn, *, now: datetime, windows: Mapping[str, tuple[Window, ...]], parameters: Parameters
) -> Turn:
    if turn.region in windows and turn.step in BY_WINDOW:
        limits = [
            limit_of(
                turn.step,
                region=turn.region,
                kind=kind,
                own_window=turn.window,
                now=now,
                windows=windows[turn.region],
                parameters=parameters,
            )
            for kind in turn.kinds
        ]
        first = min(limits, key=lambda one: (one.until or date.max, one.role or ""))
        turn = replace(
            turn,
            until=first.until or turn.until,
            assumed=first.assumed,
            role=first.role.value if first.role is not None else turn.role,
        )
    late = days_late(turn.step, turn.until, today=today_in(turn.region, now), assumed=turn.assumed)
    return replace(turn, days_late=late, above=ABOVE.get(Role(turn.role)) if late else None)


def _tasks(role: Role, region: str, limit: int) -> list[Turn]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.id, t.rule, t.region, t.owner, t.since, t.due, t.particulars::text, p.name "
            "FROM task t LEFT JOIN person_now p ON p.id = t.subject WHERE t.closed_at IS NULL "
            "AND t.owner = %s AND t.region >= %s AND t.region < %s ORDER BY t.due, t.id LIMIT %s",
            [role.value, region, region + "~", limit],
        )
        return [
            Turn("task", rule, number, place, name or "", 1, owner, since, due, particulars=json.loads(told))
            for number, rule, place, owner, since, due, told, name in cursor
        ]


def _cancellations(role: Role, region: str, limit: int, deadlines: Deadlines) -> list[Turn]:
    """Residents who asked to cancel: the village looks at it first, as soon as at what comes back to it."""
    if role is not Role.VILLAGE_OPERATOR:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.id, r.region, r.subject_name, e.recorded_at, r.kind, r.state "  # noqa: S608
            f"FROM (SELECT * FROM request_now WHERE {CANCELLATION} AND region >= %s AND region < %s) AS r "
            "JOIN event e ON e.subject = r.id AND e.type = 'cancellation_asked' "
            "ORDER BY e.recorded_at, r.id LIMIT %s",
            [region, region + "~", limit],
        )
        return [
            Turn(
                "request", "ask_cancellation", number, place, name, 1, role.value, since,
                deadlines.due("resume", today_in(place, since)), kind, state,
            )
            for number, place, name, since, kind, state in cursor
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finished:
    number: int
    title: str
    kind: str
    state: str
    answer: str | None
    at: datetime


def finished_lately(actor: Actor, *, limit: int = 5) -> list[Finished]:
    found: list[Finished] = []
    with connection.cursor() as cursor:
        for region in actor.scopes():
            cursor.execute(
                "SELECT id, subject_name, kind, state, body->>'answer', since FROM request_now WHERE id IN "
                "(SELECT id FROM request_now WHERE ended AND region >= %s AND region < %s "
                "ORDER BY since DESC, id DESC LIMIT %s)",
                [region, region + "~", limit],
            )
            found += [Finished(*row) for row in cursor]
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """What happened in a village in the last seven days, and who has waited longest."""

    recorded: int
    ended: int
    longest_name: str
    longest_days: int


def week_figures(region: str, *, now: datetime) -> WeekFigures:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE recorded_at > %s - interval '7 days'), "
            " count(*) FILTER (WHERE ended AND since > %s - interval '7 days') "
            "FROM request_now WHERE region >= %s AND region < %s",
            [now, now, region, region + "~"],
        )
        recorded, ended = cursor.fetchone()
        cursor.execute(
            "SELECT subject_name, extract(day FROM %s - recorded_at)::int FROM request_now "
            "WHERE NOT ended AND region >= %s AND region < %s ORDER BY recorded_at LIMIT 1",
            [now, region, region + "~"],
        )
        row = cursor.fetchone() or ("", 0)
    return WeekFigures(recorded, ended, row[0], row[1])


@dataclass(frozen=True, slots=True)
class Readiness:
    """How many of the reserve would join a window now, and how many still lack something."""

    ready: int
    incomplete: int
    undecided: int


def readiness(region: str, *, kinds: Iterable[str] = ()) -> Readiness:
    wanted = list(kinds)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE decided AND missing = '{}'), count(*) FILTER (WHERE missing <> '{}'), "
            " count(*) FILTER (WHERE missing = '{}' AND NOT decided) FROM request_now "
            "WHERE state IN ('reserved', 'deliberated') AND next_step <> 'appeal' AND region >= %s AND region < %s "
            "AND (%s = '{}'::text[] OR kind = ANY(%s))",
            [region, region + "~", wanted, wanted],
        )
        return Readiness(*cursor.fetchone())
