"""What waits for a person, what waits for others, and what was finished lately in their regions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from mutakhir.core.actors import Actor, Role

SINGLE = ("reserve", "amend", "resume", "appeal")
"""Steps that are taken with one request at a time; of the others a whole list is one piece of work."""
SHARED = {"deliberate": (Role.VILLAGE_OPERATOR, Role.VILLAGE_HEAD)}
AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Turn:
    """One piece of work: a request, or all requests of a village, batch, window or list at the same step.

    `number` is that of the request, batch, window, list or task, 0 for a village; `region` the village or kabupaten.
    """

    form: str
    step: str
    number: int
    region: str
    title: str
    count: int
    role: str
    since: datetime
    due: date | None
    kind: str = ""
    state: str = ""
    missing: tuple[str, ...] = ()
    cancellation_asked: bool = False
    particulars: dict[str, Any] | None = None


GROUPED = """
SELECT next_step, {column}, min(region), count(*), min(since), min(due), min(subject_name), owner
FROM request_now
WHERE NOT ended AND region >= %s AND region < %s AND next_step = ANY(%s) AND {who}
GROUP BY next_step, {column}, owner ORDER BY min(due) NULLS LAST, min(since) LIMIT %s
"""
SINGLES = """
SELECT id, next_step, region, subject_name, owner, since, due, kind, state, missing,
       coalesce((body->>'cancellation_asked')::boolean, false)
FROM request_now
WHERE NOT ended AND region >= %s AND region < %s AND next_step = ANY(%s) AND {who}
ORDER BY due NULLS LAST, since, id LIMIT %s
"""
GROUPS: dict[str, tuple[str, str]] = {
    "deliberate": ("region", "village"),
    "hand_over": ("batch", "batch"),
    "verify": ("batch", "batch"),
    "finalise": ('"window"', "window"),
    "endorse": ("submission", "list"),
    "send": ("submission", "list"),
    "determine": ("submission", "list"),
    "apply": ("submission", "list"),
    "pack": ("region", "village"),
}


def my_turns(actor: Actor, *, limit: int = AT_MOST) -> list[Turn]:
    """What waits for this person, late first."""
    found: list[Turn] = []
    for held in actor.held:
        who, arguments = _owned_by(held.role)
        found += _read(held.region, who, arguments, limit, without=("pack",))
        found += _tasks(held.role, held.region, limit)
        found += _cancellations(held.role, held.region, limit)
    return _in_order(found)[:limit]


def others_turns(actor: Actor, *, limit: int = 8) -> list[Turn]:
    """What waits for others in this person's regions."""
    found: list[Turn] = []
    roles = sorted({held.role.value for held in actor.held})
    for region in actor.scopes():
        who = "NOT owner = ANY(%s)"
        for turn in _read(region, who, [roles], limit):
            if not any(role.value in roles for role in SHARED.get(turn.step, ())):
                found.append(turn)
    return _in_order(found)[:limit]


def _owned_by(role: Role) -> tuple[str, list[Any]]:
    shared = [step for step, roles in SHARED.items() if role in roles]
    return "(owner = %s OR next_step = ANY(%s))", [role.value, shared]


def _read(
    region: str, who: str, arguments: Sequence[Any], limit: int, *, without: Iterable[str] = ()
) -> list[Turn]:
    found: list[Turn] = []
    skipped = set(without)
    with connection.cursor() as cursor:
        for column in sorted({column for column, _ in GROUPS.values()}):
            steps = [step for step, (own, _) in GROUPS.items() if own == column and step not in skipped]
            cursor.execute(
                GROUPED.format(column=column, who=who), [region, region + "~", steps, *arguments, limit]
            )
            for step, number, place, count, since, due, title, owner in cursor:
                form = GROUPS[step][1]
                found.append(
                    Turn(
                        form,
                        step,
                        0 if form == "village" else number or 0,
                        place,
                        title,
                        count,
                        owner,
                        since,
                        due,
                    )
                )
        cursor.execute(SINGLES.format(who=who), [region, region + "~", list(SINGLE), *arguments, limit])
        for number, step, place, title, owner, since, due, kind, state, missing, cancel in cursor:
            found.append(
                Turn(
                    "request",
                    step,
                    number,
                    place,
                    title,
                    1,
                    owner,
                    since,
                    due,
                    kind,
                    state,
                    tuple(missing),
                    cancel,
                )
            )
    return found


def _tasks(role: Role, region: str, limit: int) -> list[Turn]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, rule, region, owner, since, due, particulars::text FROM task "
            "WHERE closed_at IS NULL AND owner = %s AND region >= %s AND region < %s ORDER BY due, id LIMIT %s",
            [role.value, region, region + "~", limit],
        )

        return [
            Turn("task", rule, number, place, "", 1, owner, since, due, particulars=json.loads(particulars))
            for number, rule, place, owner, since, due, particulars in cursor
        ]


def _cancellations(role: Role, region: str, limit: int) -> list[Turn]:
    """Residents who asked to cancel: the village looks at it first."""
    if role is not Role.VILLAGE_OPERATOR:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, region, subject_name, since, kind, state FROM request_now "
            "WHERE NOT ended AND region >= %s AND region < %s AND (body->>'cancellation_asked')::boolean "
            "AND state NOT IN ('sent', 'determined') ORDER BY since, id LIMIT %s",
            [region, region + "~", limit],
        )
        return [
            Turn(
                "request",
                "ask_cancellation",
                number,
                place,
                name,
                1,
                role.value,
                since,
                None,
                kind,
                state,
                (),
                True,
            )
            for number, place, name, since, kind, state in cursor
        ]


def _in_order(turns: list[Turn]) -> list[Turn]:
    return sorted(turns, key=lambda turn: (turn.due or date.max, turn.since, turn.number))


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
                "SELECT id, subject_name, kind, state, body->>'answer', since FROM request_now "
                "WHERE ended AND region >= %s AND region < %s ORDER BY since DESC, id DESC LIMIT %s",
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
