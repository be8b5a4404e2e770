"""The four answers beside every waiting request: what for, who, since when, until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mutakhir.core.actors import ABOVE, Role
from mutakhir.core.calendar import openings, today_in
from mutakhir.core.change_requests import Request
from mutakhir.core.flows.change_request import Deadlines, next_step, waits_for
from mutakhir.core.flows.window import State, Window
from mutakhir.parameters import Parameters
from mutakhir.queries.windows import next_window


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """What a request waits for.

    `step` is the verb of the step that comes next; `role` who must act; `until` the last day in time. `window` is the
    window that it waits for or moves in; `assumed` says that no window is set and `until` is only the customary next
    opening. `days_late` counts the days after `until`; `above` is who is told then.
    """

    step: str
    role: Role
    since: datetime
    until: date | None
    days_late: int = 0
    above: Role | None = None
    window: Window | None = None
    assumed: bool = False


CUSTOM = "twice_a_year"
"""The calendar that is named where no window is set: how the centre has opened in the past."""


def customary_opening(today: date, parameters: Parameters) -> date:
    """The first day after today on which a window opens by custom."""
    coming = openings(parameters.opening_rules[CUSTOM], today, today + timedelta(days=366))
    return next(one.opens for one in coming if one.opens > today)


@dataclass(frozen=True, slots=True)
class Limit:
    """Who must take a step and until when, where a window says so and not a count of days."""

    role: Role | None
    until: date | None
    window: Window | None = None
    assumed: bool = False


BY_WINDOW = ("pack", "amend", "hand_over", "send")
"""Steps whose last day is one of a window's days."""


def limit_of(
    step: str,
    *,
    region: str,
    kind: str,
    own_window: int | None,
    now: datetime,
    windows: Iterable[Window],
    parameters: Parameters,
) -> Limit:
    """The last day of a step that waits for a window or moves in one; no role where it is whose step it is."""
    known = list(windows)
    own = next((one for one in known if one.id == own_window), None) if own_window is not None else None
    if step == "hand_over":
        return Limit(None, own.days.cut_off if own is not None else None, own)
    if step == "send" and own is not None and own.state(now) is not State.CLOSED:
        return Limit(None, own.days.closes, own)
    window = next_window(known, region=region, kind=kind, now=now)
    if step == "send":
        return Limit(None, window.days.closes if window is not None else None, window)
    if step == "pack":
        is_open = window is not None and window.state(now) is State.OPEN
        role = Role.SYSTEM if is_open else Role.CENTRE
        if window is None:
            return Limit(role, customary_opening(today_in(region, now), parameters), assumed=True)
        return Limit(role, window.days.cut_off if is_open else window.days.opens, window)
    # Whoever completes a request wants it to join the next window: its cut-off is the last day.
    if window is None:
        return Limit(None, customary_opening(today_in(region, now), parameters), assumed=True)
    return Limit(None, window.days.cut_off, window)


def waiting_line(
    request: Request,
    *,
    now: datetime,
    windows: Iterable[Window],
    deadlines: Deadlines,
    parameters: Parameters,
) -> WaitingLine | None:
    """The four answers for one request, None when it has ended."""
    if request.is_ended or (waiting := waits_for(request, deadlines)) is None:
        return None
    step = next_step(request) or ""
    role, limit = waiting.roles[0], Limit(None, waiting.until)
    if step in BY_WINDOW:
        limit = limit_of(
            step,
            region=request.region,
            kind=request.kind,
            own_window=request.window,
            now=now,
            windows=windows,
            parameters=parameters,
        )
        role = limit.role or role
    until = limit.until if limit.until is not None or step in ("pack", "amend") else waiting.until
    late = days_late(step, until, today=today_in(request.region, now), assumed=limit.assumed)
    return WaitingLine(
        step,
        role,
        waiting.since,
        until,
        late,
        ABOVE.get(role) if late else None,
        limit.window,
        limit.assumed,
    )


def days_late(step: str, until: date | None, *, today: date, assumed: bool) -> int:
    """Days after the last one. Nobody is late for a window that is not set, or that has yet to take what is ready."""
    if until is None or assumed or step == "pack":
        return 0
    return max((today - until).days, 0)
