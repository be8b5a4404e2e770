"""Requests about families and persons as rows: what each waits for, who must act, since when and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from mutakhir import parameters, wiring
from mutakhir.core.change_requests import Request, State
from mutakhir.core.tickets import shown
from mutakhir.queries.places import places
from mutakhir.queries.waiting import waiting_line
from mutakhir.queries.windows import windows_near
from mutakhir.web.refusals import word
from mutakhir.web.values import WorkItem

ENDED = {State.APPLIED: "in_force", State.WITHDRAWN: "withdrawn", State.REFUSED: "refused"}


def request_items(requests: Sequence[Request], *, now: datetime) -> list[WorkItem]:
    """Rows of requests; the windows near them and the names of their villages are read once."""
    return wiring.ask(_items, requests, now) if requests else []


def _items(requests: Sequence[Request], now: datetime) -> list[WorkItem]:
    named = places(one.region for one in requests)
    windows = {
        region: windows_near(region) for region in {one.region for one in requests if not one.is_ended}
    }
    items = []
    for one in requests:
        where = named[one.region].village or named[one.region].shown
        told = " · ".join(
            part for part in (word("kind", one.kind), where, shown(one.ticket) if one.ticket else "") if part
        )
        line = (
            None
            if one.is_ended
            else waiting_line(
                one,
                now=now,
                windows=windows[one.region],
                deadlines=wiring.terms().deadlines,
                parameters=parameters.load(),
            )
        )
        if line is None:
            state = "refused" if one.answer == "no" else ENDED.get(one.state, "done")
            items.append(
                WorkItem(
                    title=one.subject_name,
                    url=reverse("request", args=[one.id]),
                    sentence=told,
                    state=state,
                    word=word("state", one.state.value),
                )
            )
            continue
        who = word("role", line.role.value)
        items.append(
            WorkItem(
                title=one.subject_name,
                url=reverse("request", args=[one.id]),
                sentence=told,
                state="late" if line.days_late else "waiting",
                days=line.days_late or None,
                word="" if line.days_late else _("Menunggu {who}").format(who=who),
                what=word("step", line.step),
                who=who,
                since=line.since,
                until=line.until,
                days_late=line.days_late,
            )
        )
    return items
