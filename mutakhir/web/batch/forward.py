"""The camat's page of a batch: what the village handed over, and the one word on it."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from mutakhir import wiring
from mutakhir.actions import review
from mutakhir.core.actors import Role
from mutakhir.core.calendar import today_in
from mutakhir.core.flows.change_request import BY_NAME
from mutakhir.core.refusals import Refusal
from mutakhir.queries.batch import batch_forwarded
from mutakhir.queries.places import place
from mutakhir.web.desk import READERS, Desk, Done, SeeOther, carry_out, log_reading, page, signed_in
from mutakhir.web.refusals import field_errors, say, word


@signed_in(*READERS)
def forward_batch(request: Desk, number: int) -> HttpResponse:
    """Forward what waits in a batch, or let it pass without a word, within the time that a camat has."""
    seen = wiring.ask(
        batch_forwarded, number, scopes=request.actor.scopes(), deadlines=wiring.terms().deadlines
    )
    rows = [row.number for row in seen.rows]
    log_reading(request, purpose="batches", region=seen.region, subjects=rows)
    done = Done()
    step = request.POST.get("deed", "")
    if request.method == "POST" and step in review.WORDS_OF_CAMAT:
        done = carry_out(request, review.forward, review.Forward(number, step))
        if done.ok:
            return SeeOther(reverse("forward", args=[number]))
    roles = BY_NAME["forward:forwarded"].roles
    refused = (
        say(Refusal.of("role-missing", roles=",".join(role.value for role in roles)))
        if not request.actor.has(roles, seen.region)
        else ""
        if seen.waiting
        else say(Refusal.of("nothing-to-forward"))
    )
    today = today_in(seen.region, request.now)
    context = {
        "seen": seen,
        "place": place(seen.region).shown,
        "what": word("step", "forward"),
        "who": word("role", Role.CAMAT.value),
        "days_late": max((today - seen.due).days, 0) if seen.due is not None and seen.waiting else 0,
        "rows": [
            {
                "title": row.subject_name,
                "url": reverse("request", args=[row.number]),
                "kind": word("kind", row.kind),
                "state": "waiting" if row.forwarded is None else "done",
                "word": word("forwarded", row.forwarded) if row.forwarded else word("state", row.state),
            }
            for row in seen.rows
        ],
        "refused": refused,
        "errors": field_errors(done.refusals),
    }
    return page(request, "batch/forward.html", context)
