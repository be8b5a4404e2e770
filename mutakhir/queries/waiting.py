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
    known = list(windows)
    today = today_in(request.region, now)
    step = next_step(request) or ""
    role, until, window, assumed = waiting.roles[0], waiting.until, None, False
    if step == "pack":
        window = next_window(known, region=request.region, kind=request.kind, now=now)
        is_open = window is not None and window.state(now) is State.OPEN
        role = Role.SYSTEM if is_open else Role.CENTRE
        if window is None:
            until, assumed = customary_opening(today, parameters), True
        else:
            until = window.days.cut_off if is_open else window.days.opens
    elif step == "amend":
        # Whoever completes a request wants it to join the next window: its cut-off is the last day.
        window = next_window(known, region=request.region, kind=request.kind, now=now)
        until = window.days.cut_off if window else customary_opening(today, parameters)
        assumed = window is None
    elif step in ("hand_over", "send"):
        window = next((one for one in known if one.id == request.window), None)
        if window is not None:
            until = window.days.cut_off if step == "hand_over" else window.days.closes
        if step == "send" and (window is None or window.state(now) is State.CLOSED):
            window = next_window(known, region=request.region, kind=request.kind, now=now)
            until = window.days.closes if window else None
    late = max((today - until).days, 0) if until is not None and not assumed and step != "pack" else 0
    return WaitingLine(
        step, role, waiting.since, until, late, ABOVE.get(role) if late else None, window, assumed
    )
