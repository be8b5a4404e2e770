"""Offering a request to another village, taking the offer back, and what the other village answers."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from mutakhir import parameters, wiring
from mutakhir.actions import transfer
from mutakhir.actions.change_request import RESULTING
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import Request
from mutakhir.core.flows.change_request import case_of, why_not
from mutakhir.core.refusals import Refusal
from mutakhir.queries.accounts import names_or_logins
from mutakhir.queries.places import place, search_places
from mutakhir.queries.transfer import offer_seen, others_in_reserve
from mutakhir.web.change_request.draft import about, changed_by, find_request
from mutakhir.web.change_request.questions import said, show
from mutakhir.web.desk import (
    READERS,
    Desk,
    Done,
    SeeOther,
    carry_out,
    log_reading,
    page,
    seen_version,
    signed_in,
)
from mutakhir.web.refusals import field_errors, language, say_all, word
from mutakhir.web.values import SummaryRow

REASON_AT_MOST = 500
FIELDS = {"village-unknown": "to", "offered-to-itself": "to"}


@signed_in(*READERS)
def offer_request(request: Desk, number: int) -> HttpResponse:
    """Ask another village to handle a request; where it is offered already, take the offer back."""
    seen = find_request(request, number, purpose="request")
    asked = seen.case.request
    step = "recall" if asked.offer is not None else "offer"
    to, reason, query = said(request.POST, "to"), said(request.POST, "reason"), said(request.POST, "to_query")
    done = Done()
    if request.method == "POST" and "to_search" not in request.POST:
        done = _carry_out(request, number, step, to, reason)
        if done.ok:
            return redirect("request", number)
    offered_to = asked.offer.to if asked.offer is not None else ""
    context = {
        "asked": asked,
        "version": asked.version,
        "about": about(seen),
        "kind_word": word("kind", asked.kind),
        "step": step,
        "title": word("step", step),
        "reason": reason,
        "limit": REASON_AT_MOST,
        "to": to,
        "to_label": place(to).shown if _is_village(to) else "",
        "query": query,
        "results": _results(query, without=asked.region) if query else None,
        "offered_to": place(offered_to).shown if offered_to else "",
        "anew": asked.rule.rests_on_dwelling,
        "others": wiring.ask(others_in_reserve, asked),
        "all_of_family": bool(said(request.POST, "all")),
        "refused": say_all(why_not(seen.case, step, request.actor)),
        "back_url": reverse("request", args=[number]),
        "errors": field_errors(done.refusals, fields=FIELDS),
        "conflict": done.conflict,
        "conflict_who": changed_by(seen, done),
    }
    return page(request, "transfer/offer.html", context)


def _carry_out(request: Desk, number: int, step: str, to: str, reason: str) -> Done:
    if step == "recall":
        return carry_out(
            request, transfer.answer, transfer.Answer(number, "recall", seen=seen_version(request))
        )
    if not to:
        return Done(refusals=(Refusal.of("must-be-said", what="to"),))
    if not _is_village(to):
        return Done(refusals=(Refusal.of("village-unknown", to=to[:13]),))
    command = transfer.Offer(number, to, reason, seen_version(request), bool(said(request.POST, "all")))
    return carry_out(request, transfer.offer, command)


def _is_village(code: str) -> bool:
    return code.isdecimal() and len(code) == 10 and bool(place(code).village)


def _results(query: str, *, without: str) -> list[dict[str, str]]:
    found = wiring.ask(search_places, query, level="village")
    return [
        {"code": one.code, "label": one.display_name, "detail": place(one.code).kecamatan}
        for one in found
        if one.code != without
    ]


@signed_in(*READERS)
def answer_offer(request: Desk, number: int) -> HttpResponse:
    """What the receiving village may know of a request that is offered to it, and its answer."""
    seen = wiring.ask(offer_seen, number, scopes=request.actor.scopes())
    if seen is None:
        return _answered_meanwhile(request, number)
    asked = seen.request
    log_reading(request, purpose="request", region=seen.to, subject=asked.person or asked.family)
    reason = said(request.POST, "reason")
    done = Done()
    if request.method == "POST":
        verb = "take_over" if request.POST.get("deed") == "take_over" else "decline"
        command = transfer.Answer(number, verb, reason, seen_version(request))
        done = carry_out(request, transfer.answer, command)
        if done.ok:
            return SeeOther(reverse("request", args=[number]) if verb == "take_over" else reverse("work"))
    case = case_of(asked, now=request.now, deadlines=wiring.terms().deadlines, windows=())
    today = today_in(seen.to, request.now)
    context: dict[str, Any] = {
        "asked": asked,
        "version": asked.version,
        "kind_word": word("kind", asked.kind),
        "giver": place(asked.region).shown,
        "to": place(seen.to).shown,
        "by": names_or_logins([seen.by])[seen.by],
        "why": seen.reason,
        "since": seen.since,
        "until": seen.due,
        "days_late": max((today - seen.due).days, 0) if seen.due is not None else 0,
        "rows": _asked_for(seen.request),
        "anew": asked.rule.rests_on_dwelling,
        "reason": reason,
        "limit": REASON_AT_MOST,
        "refused": say_all(why_not(case, "take_over", request.actor)),
        "back_url": reverse("work"),
        "errors": field_errors(done.refusals),
        "conflict": done.conflict,
        "conflict_who": names_or_logins([asked.touched_by])[asked.touched_by],
    }
    return page(request, "transfer/answer.html", context)


def _answered_meanwhile(request: Desk, number: int) -> HttpResponse:
    """Somebody was faster, or the form came twice: who may see the request is led to it."""
    if find_request(request, number, purpose="request").case.request.offer is None:
        return SeeOther(reverse("request", args=[number]))
    raise Http404


def _asked_for(asked: Request) -> list[SummaryRow]:
    """What the request wants, attribute by attribute, as far as a form asks for it."""
    table = parameters.load().attributes
    rows = []
    for change in asked.changes:
        attribute = table.get(change.attribute) if change.attribute not in RESULTING else None
        value = show(attribute, change.wanted) if attribute is not None else ""
        if attribute is not None and value:
            rows.append(SummaryRow(attribute.label[language()], value))
    return rows
