"""A village that was split, merged or given a new code: by which decree, who takes over whom, and what is still open."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from mutakhir.core.actors import Actor, Role
from mutakhir.core.events import NOTHING, Event
from mutakhir.core.facts import Value
from mutakhir.core.refusals import Refusal
from mutakhir.core.regions import LEVELS, parse_code

ROLES = (Role.SUPERVISOR, Role.HEAD_OF_DINSOS, Role.ADMINISTRATOR)
"""Who takes in a decree about their regions."""
ASSIGNERS = (Role.SUPERVISOR, Role.HEAD_OF_DINSOS)
"""Who says where something belongs that a decree did not."""
_AREA = re.compile(r"(?:RT\s*0*(?P<rt>\d{1,3})\s*)?RW\s*0*(?P<rw>\d{1,3})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Area:
    """A rukun warga, or one rukun tetangga of it; digits without leading zeros."""

    rw: str
    rt: str = ""

    def holds(self, *, rt: str, rw: str) -> bool:
        return self.rw == rw and self.rt in ("", rt)

    def meets(self, other: Area) -> bool:
        return self.rw == other.rw and ("" in (self.rt, other.rt) or self.rt == other.rt)


def parse_area(text: str) -> Area | None:
    """ "RW 03" or "RT 002 RW 04"; None for anything else."""
    found = _AREA.match(text.strip())
    return Area(found["rw"], found["rt"] or "") if found else None


@dataclass(frozen=True, slots=True)
class Successor:
    """A region that takes over from another: those of some areas, families by their No KK, or everybody else (`rest`)."""

    code: str
    areas: tuple[Area, ...] = ()
    families: tuple[str, ...] = ()
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one region. `staff` is the successor that the people of its office follow."""

    old: str
    successors: tuple[Successor, ...]
    staff: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(one.code for one in self.successors)

    @property
    def heir(self) -> str | None:
        """The successor of whatever belongs to nobody in particular; None where several could be."""
        return self.codes[0] if len(self.codes) == 1 else None

    @property
    def office(self) -> str | None:
        """Where the people of the office work from now on; None where nobody has said so."""
        if self.old in self.codes and not self.staff:
            return self.old
        return self.staff or self.heir

    def successor_of(self, family: Mapping[str, Value]) -> str | None:
        """Who takes over a family by what is known of it; None where that cannot be said."""
        if self.heir is not None:
            return self.heir
        no_kk = family.get("no_kk")
        named = [one.code for one in self.successors if no_kk in one.families]
        if named:
            return named[0]
        by_area = any(one.areas for one in self.successors)
        rt, rw = (_digits(family.get(name)) for name in ("rt", "rw"))
        if by_area and not rw:
            return None
        found = [one.code for one in self.successors if any(area.holds(rt=rt, rw=rw) for area in one.areas)]
        # Without its RT a family is in no part of a RW that is itself divided.
        divided = not rt and any(area.rw == rw and area.rt for one in self.successors for area in one.areas)
        if found or divided:
            return found[0] if found and not divided else None
        return next((one.code for one in self.successors if one.rest), None)


def _digits(value: Value) -> str:
    return str(value or "").strip().lstrip("0")


@dataclass(frozen=True, slots=True)
class Decree:
    """The act that changes regions: its number, the day from which it holds, what changes, and the names of new codes."""

    number: str
    day: date
    changes: tuple[Change, ...]
    names: Mapping[str, str]

    @property
    def region(self) -> str:
        """The narrowest region that holds everything that changes."""
        codes = sorted(
            {one.old for one in self.changes} | {code for one in self.changes for code in one.codes}
        )
        shared = 0
        while codes and shared < len(codes[0]) and codes[0][shared] == codes[-1][shared]:
            shared += 1
        return codes[0][: max((size for size in LEVELS if size <= shared), default=0)] if codes else ""

    def down_to_villages(self, names: Mapping[str, str]) -> Decree:
        """The same with the villages of every kecamatan that got a new code: they keep their names."""
        changes = list(self.changes)
        named = dict(self.names)
        for one in self.changes:
            if len(one.old) != 6 or one.heir is None:
                continue
            for code in sorted(code for code in names if len(code) == 10 and code.startswith(one.old)):
                to = one.heir + code[len(one.old) :]
                named.setdefault(to, names[code])
                changes.append(Change(code, (Successor(to),)))
        return replace(self, changes=tuple(changes), names=named)


def why_not(decree: Decree, *, known: Iterable[str], today: date, actor: Actor) -> tuple[Refusal, ...]:
    """Every reason why a decree cannot be taken in. `known` are the codes in use."""
    codes = frozenset(known)
    reasons: list[Refusal] = []
    if not actor.has(ROLES, decree.region):
        reasons.append(Refusal.of("role-missing", roles=",".join(role.value for role in ROLES)))
    if not decree.number.strip():
        reasons.append(Refusal.of("must-be-said", what="decree"))
    if decree.day > today:
        reasons.append(Refusal.of("decree-not-yet-in-force", day=decree.day.isoformat()))
    if not decree.changes:
        reasons.append(Refusal.of("must-be-said", what="change"))
    times = Counter(one.old for one in decree.changes)
    for code, count in times.items():
        if count > 1:
            reasons.append(Refusal.of("region-changed-twice", code=code))
    for one in decree.changes:
        reasons += _why_not_change(one, codes=codes, decree=decree, changing=frozenset(times))
    return tuple(dict.fromkeys(reasons))


def _why_not_change(
    change: Change, *, codes: frozenset[str], decree: Decree, changing: frozenset[str]
) -> list[Refusal]:
    reasons: list[Refusal] = []
    if parse_code(change.old) is None or len(change.old) not in (6, 10):
        return [Refusal.of("region-change-level", code=change.old)]
    if change.old not in codes:
        reasons.append(Refusal.of("region-unknown-code", code=change.old))
    if not change.successors or change.codes == (change.old,):
        reasons.append(Refusal.of("successor-missing", code=change.old))
    for code, count in Counter(change.codes).items():
        if count > 1:
            reasons.append(Refusal.of("region-changed-twice", code=code))
        if parse_code(code) is None or len(code) != len(change.old):
            reasons.append(Refusal.of("successor-level", code=code, old=change.old))
        elif code not in codes and not decree.names.get(code, "").strip():
            reasons.append(Refusal.of("successor-without-name", code=code))
        if code in changing and code != change.old:
            reasons.append(Refusal.of("successor-changes-too", code=code))
    if change.staff and change.staff not in change.codes:
        reasons.append(Refusal.of("staff-follow-nobody", code=change.staff))
    if len(change.successors) > 1:
        reasons += _why_not_split(change)
    return reasons


def _why_not_split(change: Change) -> list[Refusal]:
    reasons: list[Refusal] = []
    if len(change.old) != 10:
        reasons.append(Refusal.of("region-split-by-village", code=change.old))
    if sum(one.rest for one in change.successors) > 1:
        reasons.append(Refusal.of("rest-twice", code=change.old))
    for one in change.successors:
        if not (one.rest or one.areas or one.families):
            reasons.append(Refusal.of("successor-takes-nobody", code=one.code))
    families = Counter(no_kk for one in change.successors for no_kk in set(one.families))
    reasons += [Refusal.of("named-twice", what=no_kk) for no_kk, count in families.items() if count > 1]
    for place, one in enumerate(change.successors):
        for other in change.successors[place + 1 :]:
            reasons += [
                Refusal.of("named-twice", what=write_area(area))
                for area in one.areas
                if any(area.meets(another) for another in other.areas)
            ]
    return reasons


def write_area(area: Area) -> str:
    return f"RT {area.rt} RW {area.rw}" if area.rt else f"RW {area.rw}"


# --- what became of it ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Open:
    """Something of a changed region: a family, person, dwelling, request, visit, session, task or role, by number."""

    kind: str
    number: int
    old: str


@dataclass(frozen=True, slots=True)
class RegionChange:
    """A decree that was taken in. `left` is what could not be assigned, `underway` what ends under the old code."""

    id: int
    version: int
    region: str
    decree: str
    day: date
    successors: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    recorded_at: datetime
    recorded_by: str
    left: tuple[Open, ...] = ()
    underway: tuple[Open, ...] = ()


def body_of(decree: Decree) -> dict[str, Any]:
    """The payload of the event that changes regions."""
    return {
        "decree": decree.number.strip(),
        "day": decree.day.isoformat(),
        "names": dict(decree.names),
        "changes": [asdict(one) for one in decree.changes],
    }


def fold(events: Iterable[Event]) -> RegionChange | None:
    found: RegionChange | None = None
    for event in events:
        found = evolve(found, event)
    return found


def evolve(change: RegionChange | None, event: Event) -> RegionChange:
    body: Mapping[str, Any] = event.body or NOTHING
    if change is None:
        return RegionChange(
            id=event.subject,
            version=event.version,
            region=event.region,
            decree=body["decree"],
            day=date.fromisoformat(body["day"]),
            successors={one["old"]: tuple(to["code"] for to in one["successors"]) for one in body["changes"]},
            names=body["names"],
            recorded_at=event.recorded_at,
            recorded_by=event.actor,
        )
    match event.type:
        case "left":
            left, underway = (tuple(Open(**one) for one in body[name]) for name in ("left", "underway"))
            return replace(
                change,
                version=event.version,
                left=(*change.left, *left),
                underway=(*change.underway, *underway),
            )
        case "settled":
            gone = {(kind, number) for kind, number in body["subjects"]}
            left, underway = (
                tuple(one for one in those if (one.kind, one.number) not in gone)
                for those in (change.left, change.underway)
            )
            return replace(change, version=event.version, left=left, underway=underway)
        case other:
            raise ValueError(f"unknown event of a region: {other}")
