"""The calendar of windows, and what a window would do before it exists."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from mutakhir.core.actors import Actor, Role
from mutakhir.core.calendar import Opening, WorkingDays
from mutakhir.core.flows.window import Window
from mutakhir.queries.turns import EVERYBODY
from mutakhir.queries.windows import windows_near
from mutakhir.queries.work import readiness


@dataclass(frozen=True, slots=True)
class DayLoad:
    """What lies before the verifiers at the end of a working day, and what they can do in one."""

    day: date
    waiting: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a window would take from the reserve, and whether the region can check it in time.

    `needed` and `available` are working days; `over` are the requests that would not be checked by the closing.
    """

    ready: int
    incomplete: int
    undecided: int
    villages: int
    oldest_days: int
    capacity: int
    needed: int
    available: int
    over: int
    days: tuple[DayLoad, ...]
    closing_that_fits: date
    verifiers: int
    verifiers_that_fit: int
    holidays: tuple[date, ...]
    villages_without_staff: int


def effect(
    region: str,
    *,
    kinds: Iterable[str],
    days: Opening,
    per_verifier: int,
    now: datetime,
    working_days: WorkingDays,
) -> Effect:
    """Count the reserve as it is now, and lay it over the working days of the window.

    The ready ones lie before the verifiers on the first day; what villages record meanwhile is not guessed at.
    """
    wanted = list(kinds)
    counts = readiness(region, kinds=wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT region), coalesce(max(extract(day FROM %s - since))::int, 0) FROM request_now "
            "WHERE NOT ended AND owner = ANY(%s) AND next_step = 'pack' AND region >= %s AND region < %s "
            "AND (%s = '{}'::text[] OR kind = ANY(%s))",
            [now, EVERYBODY, region, region + "~", wanted, wanted],
        )
        villages, oldest = cursor.fetchone()
        cursor.execute(
            "SELECT count(DISTINCT account_id) FROM role_held WHERE role = %s AND until_day IS NULL "
            "AND (starts_with(region, %s) OR starts_with(%s, region))",
            [Role.VERIFIER.value, region[:4], region],
        )
        verifiers = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM region AS place WHERE level = 'village' AND code >= %s AND code < %s AND NOT EXISTS "
            "(SELECT 1 FROM role_held WHERE role = %s AND until_day IS NULL AND region = place.code)",
            [region, region + "~", Role.VILLAGE_OPERATOR.value],
        )
        without = cursor.fetchone()[0]
    capacity = verifiers * per_verifier
    open_days = [
        day
        for offset in range((days.closes - days.opens).days + 1)
        if working_days.is_working(day := days.opens + timedelta(days=offset))
    ]
    waiting, load = counts.ready, []
    for day in open_days:
        waiting = max(waiting - capacity, 0)
        load.append(DayLoad(day, waiting))
    needed = math.ceil(counts.ready / capacity) if capacity else 0
    fitting = working_days.add(days.opens - timedelta(days=1), needed) if needed else days.closes
    return Effect(
        ready=counts.ready,
        incomplete=counts.incomplete,
        undecided=counts.undecided,
        villages=villages,
        oldest_days=oldest,
        capacity=capacity,
        needed=needed,
        available=len(open_days),
        over=waiting if capacity else counts.ready,
        days=tuple(load),
        closing_that_fits=max(fitting, days.closes),
        verifiers=verifiers,
        verifiers_that_fit=math.ceil(counts.ready / (per_verifier * len(open_days))) if open_days else 0,
        holidays=tuple(sorted(day for day in working_days.holidays if days.opens <= day <= days.closes)),
        villages_without_staff=without,
    )


def windows_of_year(actor: Actor, year: int) -> tuple[Window, ...]:
    """Every window and call that touches a year and one of the actor's regions."""
    found: dict[int, Window] = {}
    for scope in actor.scopes():
        for window in windows_near(scope):
            if window.days.opens.year <= year <= window.days.closes.year:
                found[window.id] = window
    return tuple(sorted(found.values(), key=lambda one: (one.opens, one.id)))


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many requests of a window stand at one step, and whose turn it is."""

    step: str
    owner: str
    count: int


def steps_of_window(window: int, scope: str) -> Sequence[StepCount]:
    """Where the requests that were packed for a window stand now."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT next_step, owner, count(*) FROM request_now WHERE "window" = %s AND region >= %s AND region < %s '
            "GROUP BY 1, 2 ORDER BY 3 DESC",
            [window, scope, scope + "~"],
        )
        return [StepCount(*row) for row in cursor]
