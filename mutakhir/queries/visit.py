"""Visits to houses: which ones there are, who lives near enough to go, and in which order one walks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import connection

from mutakhir.core.actors import Actor, Held, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.flows.visit import Visit
from mutakhir.core.points import distance_m, nearest_next, parse_point
from mutakhir.queries.change_request import FamilySeen
from mutakhir.queries.scopes import within

_read = msgspec.json.Decoder(Visit).decode
AT_MOST = 200
SELECT = """
SELECT v.body::text, v.due, v.owner, f.attributes::text, d.attributes::text
FROM visit_now v LEFT JOIN family_now f ON f.id = v.family LEFT JOIN dwelling_now d ON d.id = f.dwelling
WHERE """


@dataclass(frozen=True, slots=True)
class VisitSeen:
    """A visit with the house that it goes to. `due` is the last day in time, `owner` the role that must act."""

    visit: Visit
    due: date | None
    owner: str
    address: str = ""
    landmark: str = ""
    phone: str = ""
    point: tuple[float, float] | None = None

    def days_late(self, today: date) -> int:
        return max((today - self.due).days, 0) if self.due is not None and self.visit.is_open else 0


def visit_seen(number: int, *, scopes: Sequence[str]) -> VisitSeen | None:
    """One visit in one's scope; None for what is not there and for what lies outside alike."""
    where, bounds = within("v.region", scopes)
    found = _seen(f"v.id = %s AND {where}", [number, *bounds])
    return found[0] if found else None


def visits(
    scopes: Sequence[str], *, states: Sequence[str], checker: str | None = None, late_on: date | None = None
) -> list[VisitSeen]:
    """Visits in some scopes, the most urgent first, at most 200: of one checker, or only those that are late on a day."""
    where, bounds = within("v.region", scopes)
    clauses, arguments = [where, "v.state = ANY(%s)"], [*bounds, list(states)]
    if checker is not None:
        clauses.append("v.checker = %s")
        arguments.append(checker)
    if late_on is not None:
        clauses.append("v.due < %s")
        arguments.append(late_on)
    return _seen(
        f"{' AND '.join(clauses)} ORDER BY v.due NULLS LAST, v.since, v.id LIMIT {AT_MOST}", arguments
    )


def visits_about(about: int, *, scopes: Sequence[str]) -> list[VisitSeen]:
    """Every visit because of one request, family, person or dwelling, the latest first."""
    where, bounds = within("v.region", scopes)
    return _seen(f"v.about = %s AND {where} ORDER BY v.id DESC LIMIT 20", [about, *bounds])


def _seen(where: str, arguments: list[Any]) -> list[VisitSeen]:
    with connection.cursor() as cursor:
        cursor.execute(SELECT + where, arguments)
        return [
            _with_house(
                _read(body),
                due,
                owner,
                msgspec.json.decode(family) if family else {},
                msgspec.json.decode(dwelling) if dwelling else {},
            )
            for body, due, owner, family, dwelling in cursor
        ]


def _with_house(
    visit: Visit, due: date | None, owner: str, family: Mapping[str, Any], dwelling: Mapping[str, Any]
) -> VisitSeen:
    house = FamilySeen(0, visit.region, family, dwelling, ())
    return VisitSeen(
        visit,
        due,
        owner,
        house.address,
        str(family.get("landmark") or ""),
        str(family.get("phone") or ""),
        parse_point(str(family.get("point") or "")),
    )


# --- who goes -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckerSeen:
    """A field checker for a house: how far their home is, or else whether it lies in the same kecamatan.

    `open_visits` is what they have before them already.
    """

    actor: Actor
    metres: int | None
    same_kecamatan: bool
    open_visits: int


KECAMATAN_DIGITS = 6


def checkers_near(seen: VisitSeen, *, now: datetime) -> list[CheckerSeen]:
    """Everybody who may be sent to a house, the nearest home first; where a point is missing, the same kecamatan first.

    Staff of the village is left out.
    """
    region = seen.visit.region
    today = today_in(region, now)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.login, a.name, a.home_point, a.home_region, array_agg(h.role), array_agg(h.region), "
            " (SELECT count(*) FROM visit_now v WHERE v.checker = a.login AND v.state = 'assigned') "
            "FROM account a JOIN role_held h ON h.account_id = a.id WHERE a.is_active AND h.from_day <= %s "
            "AND (h.until_day IS NULL OR h.until_day > %s) AND EXISTS (SELECT FROM role_held c "
            " WHERE c.account_id = a.id AND c.role = %s AND starts_with(%s, c.region) AND c.from_day <= %s "
            " AND (c.until_day IS NULL OR c.until_day > %s)) GROUP BY a.id ORDER BY a.login",
            [today, today, Role.FIELD_CHECKER.value, region, today, today],
        )
        rows = cursor.fetchall()
    found = []
    for login, name, point, home, roles, regions, waiting in rows:
        held = tuple(Held(Role(role), place) for role, place in zip(roles, regions, strict=True))
        actor = Actor(login, name, held)
        if actor.is_staff_of(region):
            continue
        start = parse_point(point)
        metres = distance_m(start, seen.point) if start is not None and seen.point is not None else None
        near = (home or "")[:KECAMATAN_DIGITS] == region[:KECAMATAN_DIGITS]
        found.append(CheckerSeen(actor, metres, near, waiting))
    return sorted(found, key=_nearness)


def _nearness(one: CheckerSeen) -> tuple[int, int, int, str]:
    """By the way where it is known, else by the kecamatan; of equally near ones who has less to do."""
    group = 0 if one.metres is not None else 1 if one.same_kecamatan else 2
    return group, one.metres or 0, one.open_visits, one.actor.login


# --- the walking list -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stop:
    """One house of a walking list, with the metres from the one before; None where no point is known."""

    seen: VisitSeen
    metres: int | None


def walking_list(found: Sequence[VisitSeen], *, start: str | None) -> list[Stop]:
    """The houses in the order of the nearest next one, from where the checker lives; those without a point last,
    village by village.
    """
    by_number = {one.visit.id: one for one in found}
    points = {one.visit.id: one.point for one in found if one.point is not None}
    begins = parse_point(start)
    way = nearest_next(begins, points)
    stops = [
        Stop(by_number[number], metres if begins is not None or place else None)
        for place, (number, metres) in enumerate(way)
    ]
    without = sorted(
        (one for one in found if one.point is None),
        key=lambda one: (one.visit.region, one.address, one.visit.id),
    )
    return [*stops, *(Stop(one, None) for one in without)]


def home_of(login: str) -> tuple[str | None, str | None]:
    """Where somebody sets out from: the point and the kecamatan or village of their home, as far as they are said."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT home_point, home_region FROM account WHERE login = %s", [login])
        row = cursor.fetchone()
    return (row[0], row[1]) if row else (None, None)
