"""A visit to a house: asked for, assigned to a field checker who lives near, reported with point, photograph and time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from mutakhir.core.actors import Actor, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.events import MARKS, NOTHING, Event
from mutakhir.core.flows.change_request import SUPERVISORS, Deadlines
from mutakhir.core.flows.moves import Move
from mutakhir.core.refusals import Refusal
from mutakhir.core.values import replace


class State(StrEnum):
    ASKED = "asked"
    ASSIGNED = "assigned"
    REPORTED = "reported"
    CALLED_OFF = "called_off"


NEW_FAMILY, NEW_HOUSE, CAUSE_ANNULLED = "visit-new-family", "visit-new-house", "visit-cause-annulled"
"""Why a visit follows from a split or a move, and why it need not be made after all: rule ids, which each reads in their
language."""
OPEN = (State.ASKED, State.ASSIGNED)
FINDINGS = ("as_stated", "differs", "nobody_home", "not_found")
"""What a field checker may find: as it was stated, otherwise, nobody at home, no such house."""


@dataclass(frozen=True, slots=True)
class Photograph:
    """The photograph of the house, kept by its digest; `taken_at` is what the camera wrote into it."""

    digest: str
    media_type: str
    name: str
    taken_at: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit because of a request, a family, a person or a dwelling (`form`), whose number is `about`.

    `since` is the instant at which its present state began; `metres` how far the checker lives, where points are known.
    """

    id: int
    version: int
    region: str
    about: int
    form: str
    reason: str
    name: str
    asked_by: str
    since: datetime
    family: int | None = None
    state: State = State.ASKED
    checker: str | None = None
    metres: int | None = None
    assigned_by: str | None = None
    finding: str | None = None
    note: str = ""
    point: str | None = None
    photograph: Photograph | None = None
    at: datetime | None = None
    called_off_because: str = ""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def due(self, deadlines: Deadlines) -> date | None:
        """The last day on which the checker is in time, or on which one should be sent; None when it has ended."""
        limit = LIMITS.get(self.state)
        return deadlines.due(limit, today_in(self.region, self.since)) if limit else None


LIMITS: Mapping[State, str] = {State.ASKED: "assign", State.ASSIGNED: "visit"}


def owner_of(visit: Visit) -> str:
    """The role that must act next, empty when nothing is left to do."""
    owners = {State.ASKED: Role.SUPERVISOR.value, State.ASSIGNED: Role.FIELD_CHECKER.value}
    return owners.get(visit.state, "")


def fold(events: Iterable[Event]) -> Visit | None:
    visit: Visit | None = None
    for event in events:
        visit = evolve(visit, event)
    return visit


def evolve(visit: Visit | None, event: Event) -> Visit:
    body: Mapping[str, Any] = event.body or NOTHING
    if event.body is None or event.type in MARKS:
        return _left(visit, event, body)
    if visit is None:
        return Visit(
            id=event.subject,
            version=event.version,
            region=event.region,
            about=body["about"],
            form=body["form"],
            reason=body["reason"],
            name=body.get("name", ""),
            asked_by=event.actor,
            since=event.recorded_at,
            family=body.get("family"),
        )
    told: dict[str, Any] = {"version": event.version, "since": event.recorded_at}
    match event.type:
        case "assigned":
            told |= {
                "state": State.ASSIGNED,
                "checker": body["checker"],
                "metres": body.get("metres"),
                "assigned_by": event.actor,
            }
        case "reported":
            told |= {
                "state": State.REPORTED,
                "finding": body["finding"],
                "note": body.get("note", ""),
                "point": body["point"],
                "photograph": Photograph(**body["photograph"]),
                "at": datetime.fromisoformat(body["at"]),
            }
        case "called_off":
            told |= {"state": State.CALLED_OFF, "called_off_because": body["reason"]}
        case "recoded":
            told |= {"region": body["to"], "since": visit.since}
        case other:
            raise ValueError(f"unknown event of a visit: {other}")
    return replace(visit, **told)


ENDS: Mapping[str, State] = {
    "assigned": State.ASSIGNED,
    "reported": State.REPORTED,
    "called_off": State.CALLED_OFF,
}


def _left(visit: Visit | None, event: Event, body: Mapping[str, Any]) -> Visit:
    """What is left of a visit whose contents were erased or sealed: how it ended, and because of what it was asked."""
    if visit is None:
        return Visit(
            event.subject, event.version, event.region, 0, "", "", "", event.actor, event.recorded_at
        )
    told: dict[str, Any] = {
        "version": event.version,
        "region": event.region,
        **body.get("left", NOTHING),
    }
    if event.type in ENDS:
        told |= {"state": ENDS[event.type], "since": event.recorded_at}
    return replace(visit, **told)


# fmt: off
MOVES: tuple[Move, ...] = (
    Move("ask", (), State.ASKED, "asked", (Role.VERIFIER, *SUPERVISORS, Role.SYSTEM),
         ("must-be-said", "visit-asked-already", "state-differs")),
    Move("assign", OPEN, State.ASSIGNED, "assigned", SUPERVISORS,
         ("visit-ended", "not-a-field-checker", "own-village", "own-work")),
    Move("report", (State.ASSIGNED,), State.REPORTED, "reported", (Role.FIELD_CHECKER,),
         ("visit-ended", "not-your-visit", "own-village", "must-be-said", "finding-unknown", "point-unreadable",
          "visit-in-future", "visit-before-it-was-asked"), "point, photograph and time"),
    Move("call_off", OPEN, State.CALLED_OFF, "called_off", (*SUPERVISORS, Role.SYSTEM), ("visit-ended", "must-be-said")),
)
# fmt: on
ROLES: Mapping[str, tuple[Role, ...]] = {move.verb: move.roles for move in MOVES}


def why_not(visit: Visit | None, verb: str, *, actor: Actor, region: str) -> tuple[Refusal, ...]:
    """Every reason why an actor may not ask for, assign, report or call off a visit."""
    if not actor.sees(region):
        return (Refusal.of("not-found"),)
    reasons: list[Refusal] = []
    if not actor.has(ROLES[verb], region):
        reasons.append(Refusal.of("role-missing", roles=",".join(role.value for role in ROLES[verb])))
    if visit is None:
        return tuple(reasons)
    if not visit.is_open:
        reasons.append(Refusal.of("visit-ended"))
    if verb == "report":
        if visit.is_open and visit.checker != actor.login:
            reasons.append(Refusal.of("not-your-visit"))
        if actor.is_staff_of(visit.region):
            reasons.append(Refusal.of("own-village"))
    return tuple(reasons)


def why_not_send(visit: Visit, checker: Actor) -> tuple[Refusal, ...]:
    """Every reason why a person cannot be sent to this house: no field checker there, or staff of that very village."""
    reasons = []
    if not checker.has((Role.FIELD_CHECKER,), visit.region):
        reasons.append(Refusal.of("not-a-field-checker", who=checker.name or checker.login))
    if checker.is_staff_of(visit.region):
        reasons.append(Refusal.of("own-village"))
    return tuple(reasons)
