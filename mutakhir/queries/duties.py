"""Work beside the route of a request: offers of other villages, visits, the camat's word, and what a decree left over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection

from mutakhir.core.actors import Actor, Held, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.flows.change_request import Deadlines
from mutakhir.queries.regions import changes_near, due_of

OFFERS_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Duty:
    """One piece of such work.

    `form` is offer, visits, forward or regions; `step` the verb. `number` is that of the request or batch, 0 for a whole region.
    `place` is the region whose people wait, where it is not `region`: the village that made an offer.
    """

    form: str
    step: str
    number: int
    region: str
    title: str
    count: int
    role: Role
    since: datetime
    until: date | None
    kind: str = ""
    place: str = ""


def duties_of(actor: Actor, *, now: datetime, deadlines: Deadlines) -> Iterator[Duty]:
    """What waits for a person: their own work, and what is late one level below them."""
    for held in actor.held:
        today = today_in(held.region, now)
        for role, ask in ASKED.items():
            if held.role is role:
                yield from ask(held, actor, today, deadlines)


def duties_of_others(actor: Actor, *, now: datetime) -> Iterator[Duty]:
    """What waits for others in a person's regions, and what they offered to other villages."""
    mine = {(held.role, held.region) for held in actor.held}
    for scope in actor.scopes():
        if (Role.VILLAGE_OPERATOR, scope) not in mine:
            yield from _offers("region", scope, None)
        yield from _offers("offered_from", scope, None)
        if not any(held.role is Role.SUPERVISOR for held in actor.held):
            yield from _visits("assign", Role.SUPERVISOR, "v.state = 'asked'", [], scope)
        yield from _visits(
            "visit", Role.FIELD_CHECKER, "v.state = 'assigned' AND v.checker <> %s", [actor.login], scope
        )


def count_duties(actor: Actor, *, now: datetime, deadlines: Deadlines) -> int:
    return sum(1 for _ in duties_of(actor, now=now, deadlines=deadlines))


def _of_operator(held: Held, actor: Actor, today: date, deadlines: Deadlines) -> Iterator[Duty]:
    yield from _offers("region", held.region, None)


def _of_head(held: Held, actor: Actor, today: date, deadlines: Deadlines) -> Iterator[Duty]:
    yield from _offers("region", held.region, today)


def _of_checker(held: Held, actor: Actor, today: date, deadlines: Deadlines) -> Iterator[Duty]:
    yield from _visits(
        "visit", Role.FIELD_CHECKER, "v.state = 'assigned' AND v.checker = %s", [actor.login], held.region
    )


def _of_supervisor(held: Held, actor: Actor, today: date, deadlines: Deadlines) -> Iterator[Duty]:
    yield from _visits("assign", Role.SUPERVISOR, "v.state = 'asked'", [], held.region)
    late = "v.state = 'assigned' AND v.due < %s"
    yield from _visits("reassign", Role.SUPERVISOR, late, [today], held.region)
    yield from _left_over(Role.SUPERVISOR, held.region, None, deadlines)
    # The head of the other village had as long again.
    for duty in _offers("region", held.region, today):
        last = deadlines.due("transfer", duty.until) if duty.until is not None else None
        if last is not None and last < today:
            yield replace(duty, role=Role.SUPERVISOR)


def _of_head_of_dinsos(held: Held, actor: Actor, today: date, deadlines: Deadlines) -> Iterator[Duty]:
    yield from _visits(
        "assign", Role.HEAD_OF_DINSOS, "v.state = 'asked' AND v.due < %s", [today], held.region
    )
    yield from _left_over(Role.HEAD_OF_DINSOS, held.region, today, deadlines)


def _of_camat(held: Held, actor: Actor, today: date, deadlines: Deadlines) -> Iterator[Duty]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT batch, region, count(*), min(since) FROM request_now WHERE state = 'handed_over' "
            "AND forwarded IS NULL AND batch IS NOT NULL AND region >= %s AND region < %s "
            "GROUP BY batch, region ORDER BY min(since), batch",
            [held.region, held.region + "~"],
        )
        rows = cursor.fetchall()
    for batch, region, count, since in rows:
        until = deadlines.due("forward", today_in(region, since))
        yield Duty("forward", "forward", batch, region, "", count, Role.CAMAT, since, until)


def _left_over(role: Role, scope: str, late_on: date | None, deadlines: Deadlines) -> Iterator[Duty]:
    """What decrees about a scope left over; only what is late on a day, if one is given."""
    for change in changes_near([scope]):
        due = due_of(change, deadlines)
        if change.left and (late_on is None or (due is not None and due < late_on)):
            yield Duty(
                "regions", "assign", change.id, change.region, change.decree, len(change.left), role,
                change.recorded_at, due,
            )  # fmt: skip


ASKED: dict[Role, Callable[[Held, Actor, date, Deadlines], Iterator[Duty]]] = {
    Role.VILLAGE_OPERATOR: _of_operator,
    Role.VILLAGE_HEAD: _of_head,
    Role.FIELD_CHECKER: _of_checker,
    Role.SUPERVISOR: _of_supervisor,
    Role.HEAD_OF_DINSOS: _of_head_of_dinsos,
    Role.CAMAT: _of_camat,
}


def _offers(column: str, scope: str, late_on: date | None) -> Iterator[Duty]:
    """Offers to the villages of a scope, or from them; only those that are late on a day, if one is given."""
    late = "" if late_on is None else "AND due < %s "
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, region, offered_from, subject_name, kind, since, due FROM transfer_now "  # noqa: S608
            f"WHERE {column} >= %s AND {column} < %s {late}ORDER BY due, id LIMIT {OFFERS_AT_MOST}",
            [scope, scope + "~", *([] if late_on is None else [late_on])],
        )
        rows = cursor.fetchall()
    role = Role.VILLAGE_OPERATOR if late_on is None else Role.VILLAGE_HEAD
    for number, region, place, name, kind, since, due in rows:
        yield Duty("offer", "take_over", number, region, name, 1, role, since, due, kind, place)


def _visits(step: str, role: Role, where: str, arguments: list[Any], scope: str) -> Iterator[Duty]:
    """The visits of a scope as one piece of work; nothing where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), min(v.since), min(v.due) FROM visit_now v WHERE {where} "  # noqa: S608
            "AND v.region >= %s AND v.region < %s",
            [*arguments, scope, scope + "~"],
        )
        count, since, due = cursor.fetchone()
    if count:
        yield Duty("visits", step, 0, scope, "", count, role, since, due)
