"""What waits for a person, what waits for others, and what was finished lately in their regions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection

from mutakhir.core.actors import ABOVE, LEVEL_DIGITS, Actor, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.flows.annulment import DECIDERS
from mutakhir.core.flows.change_request import Deadlines
from mutakhir.core.flows.window import Window
from mutakhir.core.kinds import PACKED
from mutakhir.core.rules.claims import DEAD
from mutakhir.parameters import Parameters
from mutakhir.queries.annulment import due_of
from mutakhir.queries.duties import Duty, duties_of, duties_of_others
from mutakhir.queries.erasure import due_of as erase_until
from mutakhir.queries.turns import (
    CANCELLATION,
    OWNERS,
    PIECES,
    SHARED,
    SINGLE,
    VILLAGE_STEPS,
    WIDE_DIGITS,
    count_turns,
)
from mutakhir.queries.waiting import BY_WINDOW, Limit, days_late, limit_of
from mutakhir.queries.windows import windows_near

SINGLE_OWNERS = sorted({OWNERS[step] for step in SINGLE})
AT_MOST = 20
OTHERS_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Turn:
    """One piece of work: a request, or all requests of a village, batch, window or list at the same step; or a duty.

    `number` is that of the request, batch, window, list, task, annulment or erasure, 0 for a place; `region` the place.
    `until` is the last day in time, `assumed` says that it is only customary; after it `days_late` counts, and `above` was
    told.
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
    place: str = ""
    subject: int | None = None

    @property
    def about(self) -> int | None:
        """Whose name stands on it: whom a task is about, or the request, visit or deed; nobody's on a place."""
        if self.form == "task":
            return self.subject
        return self.number if self.title else None


BY_KIND = ("pack", "send")
"""The kind decides which window comes next; of other steps the pieces need not be read apart by it."""
GROUPED = """
SELECT '{step}', {piece}, {place}, {kind}, '{owner}', count(*), min(since), min(due), min("window") FROM request_now
WHERE NOT ended AND owner = '{owner}' AND region >= %(scope)s AND region < %(beyond)s AND next_step = '{step}'
GROUP BY 2, 3, 4
"""
SINGLES = """
SELECT r.id, r.next_step, r.region, r.subject_name, r.owner, r.since, r.due, r.kind, r.state, r.missing, r."window"
FROM request_now r JOIN (
 SELECT id FROM request_now
 WHERE NOT ended AND {who} AND region >= %s AND region < %s AND next_step = ANY(%s)
 ORDER BY due NULLS LAST, since, id LIMIT %s
) AS first ON first.id = r.id
"""


@dataclass(frozen=True, slots=True)
class Work:
    """What waits for a person, at most `AT_MOST` of `waiting` pieces, and what waits for others in their regions.

    `vacant` is what waits for a role that nobody holds at a place, where this person is the next above who is there.
    """

    mine: tuple[Turn, ...]
    waiting: int
    others: tuple[Turn, ...]
    vacant: tuple[Turn, ...] = ()


def work_of(actor: Actor, *, now: datetime, parameters: Parameters, deadlines: Deadlines) -> Work:
    """Everything that waits in a person's regions, read once and divided by whose turn it is; late first."""
    mine: list[Turn] = []
    others: list[Turn] = []
    waiting = 0
    for region in actor.scopes():
        for turn in _pieces(region):
            (mine if _is_turn_of(actor, turn) else others).append(turn)
        if len(region) >= WIDE_DIGITS:
            others += _singles(region, *_not_singles_of(actor), OTHERS_AT_MOST)
            for turn, asked_by in _annulments(region, AT_MOST, deadlines):
                (mine if asked_by != actor.login and _is_turn_of(actor, turn) else others).append(turn)
            for turn, asked_by in _erasures(region, AT_MOST, deadlines):
                (mine if asked_by != actor.login and _is_turn_of(actor, turn) else others).append(turn)
        else:
            others += _decisions(region, deadlines)
    waiting += len(mine)
    for held in actor.held:
        asked = _cancellations(held.role, held.region, AT_MOST, deadlines)
        numbers = {turn.number for turn in asked}
        alone = _singles(held.region, "owner = %s", [held.role.value], AT_MOST)
        mine += [turn for turn in alone if turn.number not in numbers]
        mine += [*_tasks(held.role, held.region, AT_MOST), *asked]
    mine += [_turn(one) for one in duties_of(actor, now=now, deadlines=deadlines)]
    others += [_turn(one) for one in duties_of_others(actor, now=now)]
    counted = len(mine) < AT_MOST
    waiting = len(mine) if counted else max(len(mine), count_turns(actor, now=now, deadlines=deadlines))
    windows = {region: windows_near(region) for region in actor.scopes()}
    told: dict[str, Any] = {"now": now, "parameters": parameters, "windows": windows}
    vacant = _vacant(actor, [turn for turn in others if turn.form != "request"], now=now)
    return Work(
        _first(mine, AT_MOST, **told),
        waiting,
        _first(others, OTHERS_AT_MOST, **told),
        _first(vacant, AT_MOST, **told),
    )


def _turn(duty: Duty) -> Turn:
    return Turn(
        duty.form, duty.step, duty.number, duty.region, duty.title, duty.count, duty.role.value, duty.since, duty.until,
        duty.kind, place=duty.place,
    )  # fmt: skip


def _is_turn_of(actor: Actor, turn: Turn) -> bool:
    roles = SHARED.get(turn.step, (Role(turn.role),))
    return turn.step != "pack" and actor.has(roles, turn.region)


def _not_singles_of(actor: Actor) -> tuple[str, list[Any]]:
    """A condition for single requests that wait for somebody else."""
    clauses, arguments = ["owner = ANY(%s)"], [SINGLE_OWNERS]
    for held in actor.held:
        clauses.append("NOT (owner = %s AND region >= %s AND region < %s)")
        arguments += [held.role.value, held.region, held.region + "~"]  # type: ignore[list-item]
    return " AND ".join(clauses), arguments


def _pieces(region: str) -> list[Turn]:
    """Pieces of work of several requests: those of a village, a batch, a window or a list at the same step."""
    wide = len(region) < WIDE_DIGITS
    found: dict[tuple[str, Any, str, str], Turn] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _grouped(region), {"scope": region, "beyond": region + "~", "kabupaten": region[:WIDE_DIGITS]}
        )
        for step, piece, place, kind, owner, count, since, due, window in cursor:
            form = PIECES[step][1]
            turn = Turn(
                "kabupaten" if wide or (form == "village" and len(place) == WIDE_DIGITS) else form,
                step,
                piece or 0,
                place,
                "",
                count,
                owner,
                since,
                due,
                window=window,
                kinds=frozenset((kind,)),
            )
            key = (step, piece, place, owner)
            found[key] = _joined(found[key], turn) if key in found else turn
    return _placed(list(found.values()))


def _grouped(region: str) -> str:
    """One question for all steps; each reads only its own part of the index."""
    wide = len(region) < WIDE_DIGITS
    by_village = VILLAGE_STEPS if len(region) > WIDE_DIGITS else ["deliberate"]
    parts = []
    for step, (column, _) in PIECES.items():
        place = "region" if step in by_village else "%(kabupaten)s::text"
        parts.append(
            GROUPED.format(
                step=step,
                owner=OWNERS[step],
                piece="0" if wide or column == "region" else column,
                place=f"substr(region, 1, {WIDE_DIGITS})" if wide else place,
                kind="kind" if step in BY_KIND else "''",
            )
        )
    return " UNION ALL ".join(parts)


def _singles(region: str, who: str, arguments: Sequence[Any], limit: int) -> list[Turn]:
    """Steps that are taken with one request at a time, the most urgent first."""
    with connection.cursor() as cursor:
        cursor.execute(SINGLES.format(who=who), [*arguments, region, region + "~", list(SINGLE), limit])
        return [
            Turn(
                "request", step, number, place, title, 1, owner, since, due, kind, state, tuple(missing), window,
                frozenset((kind,)),
            )
            for number, step, place, title, owner, since, due, kind, state, missing, window in cursor
        ]  # fmt: skip


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


def _first(
    turns: list[Turn],
    most: int,
    *,
    now: datetime,
    parameters: Parameters,
    windows: Mapping[str, tuple[Window, ...]],
) -> tuple[Turn, ...]:
    """The most urgent turns with their last day: of steps that wait for a window, the window's."""
    near = list({one.id: one for found in windows.values() for one in found}.values())
    limits = [(_limit(turn, now=now, windows=near, parameters=parameters), turn) for turn in turns]
    limits.sort(key=lambda one: (one[0].until or date.max, one[1].since, one[1].number))
    return tuple(_with_limit(turn, limit, now=now) for limit, turn in limits[:most])


def _limit(turn: Turn, *, now: datetime, windows: Sequence[Window], parameters: Parameters) -> Limit:
    if turn.form == "task" or turn.step not in BY_WINDOW:
        return Limit(None, turn.until)
    found = [
        limit_of(
            turn.step,
            region=turn.region,
            kind=kind,
            own_window=turn.window,
            now=now,
            windows=windows,
            parameters=parameters,
        )
        for kind in turn.kinds
    ]
    first = min(found, key=lambda one: (one.until or date.max, one.role or ""))
    return first if first.until is not None else replace(first, until=turn.until)


def _with_limit(turn: Turn, limit: Limit, *, now: datetime) -> Turn:
    role = limit.role or Role(turn.role)
    late = days_late(turn.step, limit.until, today=today_in(turn.region, now), assumed=limit.assumed)
    return replace(
        turn,
        until=limit.until,
        assumed=limit.assumed,
        role=role.value,
        days_late=late,
        above=ABOVE.get(role) if late else None,
    )


# --- what nobody is there for ---------------------------------------------------------------------------------------


def _vacant(actor: Actor, others: Iterable[Turn], *, now: datetime) -> list[Turn]:
    """Work at places where nobody holds its role, gathered by role and place, for the next above who is there."""
    if not any(held.role in ABOVE.values() for held in actor.held):
        return []
    waiting: dict[tuple[str, str], Turn] = {}
    alone = (turn for region in actor.scopes() for turn in _singles_by_place(region))
    for turn in (*others, *alone):
        key = (turn.role, turn.region)
        if Role(turn.role) not in ABOVE or len(turn.region) < LEVEL_DIGITS[Role(turn.role)]:
            continue
        gathered = replace(turn, form="vacant", step="", number=0, title="")
        waiting[key] = _joined(waiting[key], gathered) if key in waiting else gathered
    if not waiting:
        return []
    held = _holders(actor.scopes(), now=now)

    def is_there(role: Role, region: str) -> bool:
        return any(region.startswith(place) for place in held.get(role.value, ()))

    found = []
    for turn in waiting.values():
        role = Role(turn.role)
        if is_there(role, turn.region):
            continue
        above = ABOVE.get(role)
        while above is not None and not is_there(above, turn.region):
            above = ABOVE.get(above)
        if above is not None and actor.has((above,), turn.region):
            found.append(turn)
    return found


def _singles_by_place(region: str) -> list[Turn]:
    if len(region) < WIDE_DIGITS:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT owner, region, count(*), min(since), min(due) FROM request_now "
            "WHERE NOT ended AND owner = ANY(%s) AND region >= %s AND region < %s AND next_step = ANY(%s) "
            "GROUP BY 1, 2",
            [SINGLE_OWNERS, region, region + "~", list(SINGLE)],
        )
        return [
            Turn("vacant", "", 0, place, "", count, owner, since, due)
            for owner, place, count, since, due in cursor
        ]


def _holders(scopes: Iterable[str], *, now: datetime) -> dict[str, set[str]]:
    """Who is there: for each role the regions for which somebody holds it today, as far as they touch some scopes."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for scope in scopes:
            today = today_in(scope, now)
            cursor.execute(
                "SELECT DISTINCT h.role, h.region FROM role_held h JOIN account a ON a.id = h.account_id "
                "WHERE a.is_active AND h.from_day <= %s AND (h.until_day IS NULL OR h.until_day > %s) "
                "AND (starts_with(h.region, %s) OR starts_with(%s, h.region))",
                [today, today, scope, scope],
            )
            for role, region in cursor:
                found.setdefault(role, set()).add(region)
    return found


def _tasks(role: Role, region: str, limit: int) -> list[Turn]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.id, t.rule, t.region, t.owner, t.since, t.due, t.particulars::text, p.name, t.subject "
            "FROM task t LEFT JOIN person_now p ON p.id = t.subject WHERE t.closed_at IS NULL "
            "AND t.owner = %s AND t.region >= %s AND t.region < %s ORDER BY t.due, t.id LIMIT %s",
            [role.value, region, region + "~", limit],
        )
        return [
            Turn(
                "task", rule, number, place, name or "", 1, owner, since, due,
                particulars=json.loads(told), subject=subject,
            )
            for number, rule, place, owner, since, due, told, name, subject in cursor
        ]  # fmt: skip


def _annulments(region: str, limit: int, deadlines: Deadlines) -> list[tuple[Turn, str]]:
    """Annulments that wait for the second person, each with who asked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id, a.region, r.subject_name, r.kind, a.since, a.body ->> 'asked_by' "
            "FROM annulment_now a JOIN request_now r ON r.id = a.request "
            "WHERE a.state = 'asked' AND a.region >= %s AND a.region < %s ORDER BY a.since, a.id LIMIT %s",
            [region, region + "~", limit],
        )
        return [
            (
                Turn(
                    "annulment", "annul", number, place, name, 1, DECIDERS[0].value, since,
                    due_of(since, place, deadlines), kind,
                ),
                asked_by,
            )
            for number, place, name, kind, since, asked_by in cursor
        ]  # fmt: skip


def _erasures(region: str, limit: int, deadlines: Deadlines) -> list[tuple[Turn, str]]:
    """Erasures that wait for the second person or for the node's administrator, each with who asked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.region, p.name, e.since, e.state, e.body ->> 'asked_by' "
            "FROM erasure_now e JOIN person_now p ON p.id = e.person "
            "WHERE e.state IN ('asked', 'approved', 'begun') AND e.region >= %s AND e.region < %s "
            "ORDER BY e.since, e.id LIMIT %s",
            [region, region + "~", limit],
        )
        return [
            (
                Turn(
                    "erasure", "erase", number, place, name, 1,
                    (DECIDERS[0] if state == "asked" else Role.ADMINISTRATOR).value, since,
                    erase_until(since, place, deadlines), state=state,
                ),
                asked_by,
            )
            for number, place, name, since, state, asked_by in cursor
        ]  # fmt: skip


def _decisions(region: str, deadlines: Deadlines) -> list[Turn]:
    """How many annulments and erasures of each kabupaten wait for the second person, without names."""
    found = []
    with connection.cursor() as cursor:
        for table, step, until in (
            ("annulment_now", "annul", due_of),
            ("erasure_now", "erase", erase_until),
        ):
            cursor.execute(
                f"SELECT substr(region, 1, {WIDE_DIGITS}), count(*), min(since) FROM {table} "  # noqa: S608
                "WHERE state = 'asked' AND region >= %s AND region < %s GROUP BY 1",
                [region, region + "~"],
            )
            found += [
                Turn(
                    "kabupaten",
                    step,
                    0,
                    place,
                    "",
                    count,
                    DECIDERS[0].value,
                    since,
                    until(since, place, deadlines),
                )
                for place, count, since in cursor
            ]
    return found


def _cancellations(role: Role, region: str, limit: int, deadlines: Deadlines) -> list[Turn]:
    """Residents who asked to cancel: the village looks at it first, as soon as at what comes back to it."""
    if role is not Role.VILLAGE_OPERATOR:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.id, r.region, r.subject_name, coalesce(e.recorded_at, r.since), r.kind, r.state "  # noqa: S608
            f"FROM (SELECT * FROM request_now WHERE {CANCELLATION} AND region >= %s AND region < %s) AS r "
            "JOIN LATERAL (SELECT max(recorded_at) AS recorded_at FROM event "
            " WHERE subject = r.id AND type = 'cancellation_asked') AS e ON true "
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
    """What ended last in a person's regions. Who works for more than a kabupaten has no need of single persons."""
    found: list[Finished] = []
    with connection.cursor() as cursor:
        for region in actor.scopes():
            if len(region) < WIDE_DIGITS:
                continue
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


IN_RESERVE = sorted({OWNERS[step] for step in ("pack", "amend", "deliberate")})


@dataclass(frozen=True, slots=True)
class Readiness:
    """How many of the reserve would join a window now, and how many still lack something."""

    ready: int
    incomplete: int
    undecided: int


HELD = """
(r.kind = 'not_eligible' AND r.body ->> 'reason' = %s AND EXISTS (
 SELECT FROM request_now o WHERE o.family = r.family AND NOT o.ended AND o.kind = 'change_of_pengurus'))
"""
"""What ends something because of a death waits until it is decided who receives from then on."""


def readiness(region: str, *, kinds: Sequence[str] = ()) -> Readiness:
    wanted = list(kinds or PACKED)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE next_step = 'pack' AND NOT held), count(*) FILTER (WHERE next_step = 'amend'), "  # noqa: S608
            f"count(*) FILTER (WHERE next_step = 'deliberate' OR next_step = 'pack' AND held) FROM (SELECT next_step, {HELD} "
            "AS held FROM request_now r WHERE NOT ended AND owner = ANY(%s) AND region >= %s AND region < %s "
            "AND next_step IN ('pack', 'amend', 'deliberate') AND kind = ANY(%s)) AS reserve",
            [DEAD, IN_RESERVE, region, region + "~", wanted],
        )
        return Readiness(*cursor.fetchone())
