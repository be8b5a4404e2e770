"""Changes of regions: the decrees that were taken in, and what is left of them to be assigned by a person."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from mutakhir import wiring
from mutakhir.actions.region_change import Assign
from mutakhir.core.actors import Role
from mutakhir.core.calendar import today_in
from mutakhir.core.refusals import Refusal
from mutakhir.core.region_changes import ASSIGNERS
from mutakhir.queries.places import Place
from mutakhir.queries.regions import ChangeSeen, LeftSeen, change_seen, changes_near, due_of
from mutakhir.web.desk import (
    READERS,
    Desk,
    Done,
    SeeOther,
    carry_out,
    log_reading,
    new_form,
    page,
    signed_in,
    typed_number,
)
from mutakhir.web.refusals import field_errors, say, word
from mutakhir.web.values import Option, WorkItem
from mutakhir.wiring import regions


@signed_in(*READERS)
def show_changes(request: Desk) -> HttpResponse:
    """The decrees that changed regions here, the latest first."""
    found = wiring.ask(changes_near, request.actor.scopes())
    items = []
    for one in found:
        due = due_of(one, wiring.terms().deadlines)
        late = max((today_in(one.region, request.now) - due).days, 0) if due is not None else 0
        items.append(
            WorkItem(
                title=one.decree,
                url=reverse("region_change", args=[one.id]),
                sentence="",
                state="late" if late else "waiting" if one.left else "done",
                days=late or None,
                count=len(one.left) or None,
                what=word("region", "assign") if one.left else "",
                who=word("role", Role.SUPERVISOR.value) if one.left else "",
                since=one.day,
                until=due,
            )
        )
    return page(request, "region/changes.html", {"items": items})


@signed_in(*READERS)
def show_change(request: Desk, number: int) -> HttpResponse:
    """One decree: what became of each village, what nobody could assign, and what still ends under an old code."""
    scopes, deadlines = request.actor.scopes(), wiring.terms().deadlines
    seen = wiring.ask(change_seen, number, scopes=scopes, deadlines=deadlines)
    if seen is None:
        raise Http404
    about = {one.thing.number for one in seen.left if one.thing.kind in ("family", "person")}
    log_reading(request, purpose="regions", region=seen.change.region, subjects=about)
    done, wrong = Done(), ""
    if request.method == "POST":
        kind, thing = request.POST.get("kind", ""), typed_number(request.POST.get("number", "")) or 0
        command = Assign(number, kind, thing, request.POST.get("to", ""))
        done = carry_out(request, regions.assign, command)
        if done.ok:
            return SeeOther(reverse("region_change", args=[number]) + "#sisa")
        wrong = f"{kind}-{thing}"
    may = request.actor.has(ASSIGNERS, seen.change.region)
    roles = ",".join(role.value for role in ASSIGNERS)
    return page(
        request,
        "region/change.html",
        {
            "seen": seen,
            "change": seen.change,
            "rows": _rows(seen),
            "left": [_left(one, seen, wrong) for one in seen.left],
            "more": len(seen.change.left) - len(seen.left),
            "what": word("region", "assign"),
            "who": word("role", Role.SUPERVISOR.value),
            "days_late": _days_late(seen, request),
            "refused": "" if may else say(Refusal.of("role-missing", roles=roles)),
            "errors": field_errors(done.refusals),
        },
    )


def _days_late(seen: ChangeSeen, request: Desk) -> int:
    today = today_in(seen.change.region, request.now)
    return max((today - seen.due).days, 0) if seen.due is not None else 0


def _rows(seen: ChangeSeen) -> list[dict[str, Any]]:
    """What became of each old code, with the families that live under each of its successors now."""
    return [
        {
            "old": _named(seen.places[old]),
            "code": old,
            "successors": [
                {"name": _named(seen.places[code]), "code": code, "families": seen.people.get(code, 0)}
                for code in codes
            ],
        }
        for old, codes in sorted(seen.change.successors.items())
    ]


def _named(place: Place) -> str:
    return place.village or place.kecamatan or place.code


def _left(one: LeftSeen, seen: ChangeSeen, wrong: str) -> dict[str, Any]:
    thing = one.thing
    detail = one.detail
    if thing.kind in ("role", "request"):
        detail = word("kind" if thing.kind == "request" else "role", detail)
    key = f"{thing.kind}-{thing.number}"
    return {
        "key": key,
        "kind": thing.kind,
        "number": thing.number,
        "kind_word": word("region", thing.kind),
        "name": one.name or word("region", thing.kind),
        "detail": detail,
        "old": _named(seen.places[thing.old]),
        "options": [Option(code, _named(seen.places[code])) for code in seen.change.successors[thing.old]],
        "wrong": key == wrong,
        "form_id": new_form(),
    }
