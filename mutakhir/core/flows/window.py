"""Update windows and calls by the centre: when the register takes requests, for which places and kinds, by which act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from mutakhir.core.actors import Actor, Role
from mutakhir.core.calendar import ZONES, Opening
from mutakhir.core.events import NOTHING, Event
from mutakhir.core.flows.moves import Move
from mutakhir.core.kinds import PACKED
from mutakhir.core.refusals import Refusal, Refused


class State(StrEnum):
    SCHEDULED = "scheduled"
    OPEN = "open"
    CUT_OFF = "cut_off"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Act:
    """The letter by which a window or a call was ordered."""

    number: str
    day: str
    signer: str


@dataclass(frozen=True, slots=True)
class Window:
    """A window, or a call (`form` is "window" or "call"); all instants are UTC, `zone` says how the act names them.

    The cut-off binds the hand-over, the closing binds the sending.
    """

    id: int
    version: int
    form: str
    region: str
    kinds: tuple[str, ...]
    opens: datetime
    cut_off: datetime
    closes: datetime
    zone: str
    act: Act
    name: str = ""
    as_of: str | None = None
    marked: State = State.SCHEDULED
    closed_at: datetime | None = None
    closing_reason: str | None = None
    answer: str | None = None

    def state(self, now: datetime) -> State:
        """The state at an instant: windows open and close by the clock, whether or not somebody has marked it."""
        if self.marked is State.CANCELLED:
            return State.CANCELLED
        if self.closed_at is not None and now >= self.closed_at:
            return State.CLOSED
        if now < self.opens:
            return State.SCHEDULED
        if now < self.cut_off:
            return State.OPEN
        return State.CUT_OFF if now < self.closes else State.CLOSED

    def accepts(self, *, region: str, kind: str, now: datetime) -> bool:
        """Whether a request may be packed and handed over now."""
        return self.covers(region=region, kind=kind) and self.state(now) is State.OPEN

    def sends(self, *, region: str, kind: str, now: datetime) -> bool:
        """Whether a request may be sent to the centre now."""
        return self.covers(region=region, kind=kind) and self.state(now) in (State.OPEN, State.CUT_OFF)

    @property
    def days(self) -> Opening:
        """The days as the act names them, in its zone: the first, the last to hand over, the last to send."""
        zone = ZONES[self.zone]
        return Opening(
            self.opens.astimezone(zone).date(),
            (self.cut_off - timedelta(microseconds=1)).astimezone(zone).date(),
            (self.closes - timedelta(microseconds=1)).astimezone(zone).date(),
        )

    def covers(self, *, region: str, kind: str) -> bool:
        return region.startswith(self.region) and (not self.kinds or kind in self.kinds)


def instants_of(days: Opening, zone: str) -> tuple[datetime, datetime, datetime]:
    """The instants of a window whose act names days: it opens as its first day begins; its last days are whole."""
    first = datetime.combine(days.opens, time(), ZONES[zone])
    after_cut_off = datetime.combine(days.cut_off + timedelta(days=1), time(), ZONES[zone])
    after_closing = datetime.combine(days.closes + timedelta(days=1), time(), ZONES[zone])
    return first.astimezone(UTC), after_cut_off.astimezone(UTC), after_closing.astimezone(UTC)


RECORDERS = (Role.CENTRE, Role.SUPERVISOR)
SYSTEM = (Role.SYSTEM,)
# fmt: off
MOVES: tuple[Move, ...] = (
    Move("schedule", (), State.SCHEDULED, "scheduled", RECORDERS,
         ("cut-off-before-opening", "closing-before-cut-off", "act-number-missing", "act-day-missing", "kind-unknown",
          "window-overlaps"), "the act: number, day, signer"),
    Move("open by the clock", (State.SCHEDULED,), State.OPEN, "opened", SYSTEM),
    Move("cut off by the clock", (State.OPEN,), State.CUT_OFF, "cut_off", SYSTEM),
    Move("close by the clock", (State.CUT_OFF,), State.CLOSED, "closed", SYSTEM),
    Move("close", (State.OPEN, State.CUT_OFF), State.CLOSED, "closed", RECORDERS,
         ("window-not-open", "must-be-said"), "the reason, which residents read"),
    Move("cancel", (State.SCHEDULED,), State.CANCELLED, "cancelled", RECORDERS,
         ("window-already-open", "must-be-said"), "the reason"),
    Move("answer", (State.OPEN, State.CUT_OFF), None, "answered", (Role.SUPERVISOR, Role.SYSTEM), ("not-a-call",),
         "one file of everything that the reserve holds for the call"),
)
# fmt: on
ROLES: Mapping[str, tuple[Role, ...]] = {move.verb: move.roles for move in MOVES}


def fold(events: Iterable[Event]) -> Window | None:
    window: Window | None = None
    for event in events:
        window = evolve(window, event)
    return window


def evolve(window: Window | None, event: Event) -> Window:
    body: Mapping[str, Any] = event.body or NOTHING
    if window is None:
        return Window(
            id=event.subject,
            version=event.version,
            form=body.get("form", "window"),
            region=body["region"],
            kinds=tuple(body["kinds"]),
            opens=datetime.fromisoformat(body["opens"]),
            cut_off=datetime.fromisoformat(body["cut_off"]),
            closes=datetime.fromisoformat(body["closes"]),
            zone=body.get("zone", "WIB"),
            act=Act(**body["act"]),
            name=body.get("name", ""),
            as_of=body.get("as_of"),
        )
    told: dict[str, Any] = {"version": event.version}
    match event.type:
        case "opened":
            told["marked"] = State.OPEN
        case "cut_off":
            told["marked"] = State.CUT_OFF
        case "closed":
            told |= {"marked": State.CLOSED, "closed_at": event.recorded_at, "closing_reason": event.reason}
        case "cancelled":
            told |= {"marked": State.CANCELLED, "closing_reason": event.reason}
        case "answered":
            told["answer"] = body["digest"]
        case other:
            raise ValueError(f"unknown event of a window: {other}")
    return replace(window, **told)


def why_not_schedule(
    *,
    region: str,
    kinds: tuple[str, ...],
    opens: datetime,
    cut_off: datetime,
    closes: datetime,
    act: Act,
    actor: Actor,
    others: Iterable[Window],
    form: str = "window",
) -> tuple[Refusal, ...]:
    """Every reason why a window cannot be set: order of its instants, its act, who may, and what it overlaps."""
    reasons: list[Refusal] = []
    if not actor.has(RECORDERS, region):
        reasons.append(Refusal.of("role-missing", roles=",".join(role.value for role in RECORDERS)))
    if not opens < cut_off:
        reasons.append(Refusal.of("cut-off-before-opening"))
    if not cut_off <= closes:
        reasons.append(Refusal.of("closing-before-cut-off"))
    if not act.number.strip():
        reasons.append(Refusal.of("act-number-missing"))
    if not act.day:
        reasons.append(Refusal.of("act-day-missing"))
    reasons += [Refusal.of("kind-unknown", kind=kind) for kind in kinds if kind not in PACKED]
    for other in others:
        same_place = other.region.startswith(region) or region.startswith(other.region)
        same_kind = not kinds or not other.kinds or bool(set(kinds) & set(other.kinds))
        # The mark of a closing by the clock may come late; only an early closing moves the end.
        ends = min(other.closed_at or other.closes, other.closes)
        if (
            form == "window" == other.form
            and other.marked is not State.CANCELLED
            and same_place
            and same_kind
            and opens < ends
            and other.opens < closes
        ):
            reasons.append(Refusal.of("window-overlaps", other=other.act.number, id=other.id))
    return tuple(reasons)


def why_not(
    window: Window, verb: str, *, actor: Actor, now: datetime, reason: str | None = None
) -> tuple[Refusal, ...]:
    """Every reason why a window may not be opened, closed early or cancelled."""
    reasons: list[Refusal] = []
    if not actor.has((*RECORDERS, Role.SYSTEM), window.region):
        reasons.append(Refusal.of("role-missing", roles=",".join(role.value for role in RECORDERS)))
    state = window.state(now)
    if verb == "close":
        if state not in (State.OPEN, State.CUT_OFF):
            reasons.append(Refusal.of("window-not-open", state=state.value))
        if not (reason or "").strip():
            reasons.append(Refusal.of("must-be-said", what="reason"))
    if verb == "cancel":
        if state is not State.SCHEDULED:
            reasons.append(Refusal.of("window-already-open", state=state.value))
        if not (reason or "").strip():
            reasons.append(Refusal.of("must-be-said", what="reason"))
    return tuple(reasons)


def close(window: Window, *, actor: Actor, now: datetime, reason: str) -> Event:
    """Close early; residents will read the reason."""
    return _end(window, "close", "closed", actor=actor, now=now, reason=reason)


def cancel(window: Window, *, actor: Actor, now: datetime, reason: str) -> Event:
    """Take back a window that has not opened."""
    return _end(window, "cancel", "cancelled", actor=actor, now=now, reason=reason)


def _end(window: Window, verb: str, type_: str, *, actor: Actor, now: datetime, reason: str) -> Event:
    reasons = why_not(window, verb, actor=actor, now=now, reason=reason)
    if reasons:
        raise Refused(*reasons)
    return mark(window, type_, actor=actor, now=now, reason=reason)


def mark(
    window: Window,
    type_: str,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
    told: Mapping[str, Any] = NOTHING,
) -> Event:
    """The event of a mark on a window; by the clock it is the system's."""
    return Event(
        subject=window.id,
        kind="window",
        version=window.version + 1,
        type=type_,
        body={**told, "reason": reason},
        actor=actor.login,
        recorded_at=now,
        region=window.region,
        authority="social",
        reason=reason,
    )
