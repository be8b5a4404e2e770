"""The resident's page: a number and a birth date, no account and no cookie; and figures without persons."""

from __future__ import annotations

import contextlib
from collections import Counter
from datetime import datetime, timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from mutakhir import parameters, wiring
from mutakhir.actions import change_request
from mutakhir.core.calendar import zone_of
from mutakhir.core.change_requests import BEFORE_SENT, State
from mutakhir.core.dates import read_day
from mutakhir.core.flows.change_request import must_go
from mutakhir.core.refusals import Refusal, Refused
from mutakhir.core.tickets import normalise
from mutakhir.queries.places import Place, place, places
from mutakhir.queries.readings import office_readings
from mutakhir.queries.referral import referral_of
from mutakhir.queries.regions import boundary_of
from mutakhir.queries.ticket import FEWEST, FigureRow, TicketSeen, find_ticket, public_figures, ticket_seen
from mutakhir.queries.waiting import WaitingLine, waiting_line
from mutakhir.queries.windows import windows_near
from mutakhir.store.models import RoleHeld
from mutakhir.web.change_request.questions import said
from mutakhir.web.desk import Desk, open_to_all, page
from mutakhir.web.doors import Door, Knock, address_of, digest_of
from mutakhir.web.formats import mask_name
from mutakhir.web.readings.words import office_lines
from mutakhir.web.refusals import language, word
from mutakhir.web.ticket import sentences
from mutakhir.web.values import FieldError

KABUPATEN_DIGITS = 4
DOOR = Door("ticket", timedelta(minutes=30))
TICKET_LINES = 20
TRIES = 8
TRIES_FROM_ADDRESS = 40


@open_to_all
@csrf_exempt  # It changes nothing that number and birth date, which are asked again each time, would not allow.
@require_http_methods(["GET", "POST"])
def show_ticket(request: HttpRequest) -> HttpResponse:
    """Ask for number and birth date, and show how it stands; wrong answers all read alike and take the same time."""
    desk = cast("Desk", request)
    typed = {name: said(request.POST, name) for name in ("number", "birth_day", "birth_month", "birth_year")}
    if request.method == "GET":
        return page(request, "ticket/entry.html", {"number": said(request.GET, "n")[:20]})
    context = {
        "number": typed["number"],
        "day": typed["birth_day"],
        "month": typed["birth_month"],
        "year": typed["birth_year"],
    }
    knocks = _knocks(desk, typed["number"])
    if (until := DOOR.knock(knocks, now=desk.now)) is not None:
        return page(request, "ticket/entry.html", {**context, "locked_until": until}, status=429)
    found = wiring.ask_by_ticket(find_ticket, typed["number"], _birth_date(desk, typed))
    if found is None:
        text = _("Nomor atau tanggal lahir tidak cocok. Periksa tanda terima Anda.")
        return page(request, "ticket/entry.html", {**context, "errors": [FieldError("number", text)]})
    DOOR.opened(knocks, now=desk.now)
    if request.POST.get("deed") == "cancel":
        sure = request.POST.get("sure") == "yes"
        if sure:
            region = wiring.ask_by_ticket(ticket_seen, found, request=found).request.region
            # What moved on in between cannot be cancelled any more: the page says how it stands now.
            with contextlib.suppress(Refused):
                wiring.perform(
                    change_request.ask_cancellation,
                    found,
                    region=region,
                    actor=wiring.resident_of(region),
                    now=desk.now,
                )
        return _ticket_page(desk, found, context, asking=not sure)
    return _ticket_page(desk, found, context)


def _ticket_page(desk: Desk, number: int, typed: dict[str, str], *, asking: bool = False) -> HttpResponse:
    seen, line, where, closed_early = wiring.ask_by_ticket(_read_ticket, number, request=number, now=desk.now)
    request = seen.request
    about = [one for one in (request.id, request.person, request.family) if one is not None]
    wiring.log_reading(
        wiring.resident_of(request.region),
        purpose="ticket",
        path=desk.path,
        region=request.region,
        subjects=about,
        now=desk.now,
    )
    offices = wiring.ask_by_ticket(
        office_readings, about, request.region, zone=zone_of(request.region), limit=TICKET_LINES
    )
    ticket: dict[str, Any] = {
        "number": request.ticket,
        "sentence": sentences.state_sentence(request),
        "need": sentences.needed(request),
        "calm_sentence": _(sentences.PAPERS_TAKEN) if request.referred and not request.is_ended else "",
        "errand": must_go(request) and not request.is_ended,
    }
    if request.state is State.ANNULLED:
        ticket["calm_sentence"] = _(
            "Data sebelumnya berlaku lagi. Kantor desa akan menghubungi Anda untuk memastikannya."
        )
    if line is not None:
        ticket |= {
            "what": sentences.what_for(line),
            "who": sentences.who_acts(line),
            "since": line.since,
            "until": line.until,
            "until_note": sentences.until_words(line),
            "days_late": line.days_late or None,
        }
        if line.step == "pack":
            ticket |= {
                "until_label": _("Dibuka"),
                "who_label": _("Dibuka oleh"),
                "calm_sentence": _("Permintaan ikut sendiri saat masa pemutakhiran dibuka."),
            }
    return page(
        desk,
        "ticket/ticket.html",
        {
            "ticket": ticket,
            "reason": sentences.reason_sentence(request),
            "reopened": sentences.is_reopened(seen),
            "referral": None
            if request.referred
            else referral_of(request, parameters=parameters.load(), language=language()),
            "steps": sentences.steps(seen, line),
            "kind": word("kind", request.kind),
            "name": mask_name(request.subject_name),
            "village": where.village,
            "kecamatan": where.kecamatan,
            "offered_to": place(request.offer.to).shown if request.offer is not None else "",
            "can_cancel": request.state in BEFORE_SENT
            and not request.cancellation_asked
            and not request.is_ended,
            "cancellation_asked": request.cancellation_asked and not request.is_ended,
            "can_appeal": line is not None and line.step == "appeal",
            "appeal_until": line.until if line is not None else None,
            "closed_early": closed_early,
            "asking": asking,
            "lines": office_lines(offices),
            "typed": typed,
            "now": desk.now,
        },
    )


def _read_ticket(number: int, *, now: datetime) -> tuple[TicketSeen, WaitingLine | None, Place, str]:
    seen = ticket_seen(number)
    windows = windows_near(seen.request.region)
    line = waiting_line(
        seen.request,
        now=now,
        windows=windows,
        deadlines=wiring.terms().deadlines,
        parameters=parameters.load(),
    )
    missed = line is not None and line.step == "pack" and line.window is None
    reason = sentences.closed_early_because(seen.request, windows) if missed else ""
    return seen, line, place(seen.request.region), reason


def _birth_date(desk: Desk, typed: dict[str, str]) -> str | None:
    parts = (typed["birth_day"], typed["birth_month"], typed["birth_year"])
    if not all(part.strip() for part in parts):
        return typed["birth_year"].strip()[:4] or None
    reading = read_day("-".join(part.strip()[:12] for part in parts), today=desk.now.date())
    return None if reading is None or isinstance(reading, Refusal) else reading.iso


def _knocks(desk: Desk, number: str) -> tuple[Knock, Knock]:
    return (
        Knock(digest_of(f"ticket:{normalise(number) or number[:40]}"), TRIES),
        Knock(digest_of(f"address:{address_of(desk)}"), TRIES_FROM_ADDRESS),
    )


@open_to_all
def show_figures(request: HttpRequest) -> HttpResponse:
    """How many wait, at which step, how long, by kecamatan; counts below five are not shown."""
    desk = cast("Desk", request)
    kabupaten = (
        "".join(sign for sign in request.GET.get("kab", "") if sign.isdecimal())[:KABUPATEN_DIGITS]
        or _busiest()
    )
    # Counts of whole kecamatan: whoever asks sees no request.
    with wiring.acting(wiring.resident_of(kabupaten)):
        rows = wiring.ask(public_figures, kabupaten, now=desk.now) if kabupaten else []
    named = places({row.kecamatan for row in rows} | ({kabupaten} if kabupaten else set()))
    by_kecamatan: dict[str, list[FigureRow]] = {}
    for row in rows:
        by_kecamatan.setdefault(row.kecamatan, []).append(row)
    shown = {code: own for code, own in by_kecamatan.items() if sum(row.waiting for row in own) >= FEWEST}
    table = [
        {
            "name": named[code].kecamatan or code,
            "waiting": sum(row.waiting for row in own),
            "longest": max(row.longest_days for row in own),
            "steps": [
                {
                    "word": sentences.what_waits(row.step),
                    "waiting": row.waiting,
                    "median": row.median_days,
                    "longest": row.longest_days,
                }
                for row in _many(own)
            ],
        }
        for code, own in shown.items()
    ]
    table.sort(key=lambda row: (-cast("int", row["waiting"]), str(row["name"])))
    steps: dict[str, int] = {}
    for own in shown.values():
        for row in _many(own):
            steps[row.step] = steps.get(row.step, 0) + row.waiting
    return page(
        request,
        "ticket/figures.html",
        {
            "kabupaten": named[kabupaten].kabupaten if kabupaten else "",
            "total": sum(cast("int", row["waiting"]) for row in table),
            "table": table,
            "bars": [
                {"label": sentences.what_waits(step), "value": count}
                for step, count in sorted(steps.items(), key=lambda one: -one[1])
            ],
            "fewest": FEWEST,
            "boundary": wiring.ask(boundary_of, [kabupaten]) if kabupaten else None,
            "now": desk.now,
        },
    )


def _many(own: list[FigureRow]) -> list[FigureRow]:
    """The steps of a kecamatan that many wait at; what is left out must not be found by taking them from the sum."""
    kept = sorted((row for row in own if row.waiting >= FEWEST), key=lambda row: row.waiting)
    left = sum(row.waiting for row in own) - sum(row.waiting for row in kept)
    if 0 < left < FEWEST:
        kept = kept[1:]
    return sorted(kept, key=lambda row: -row.waiting)


def _busiest() -> str:
    """The kabupaten of this node: the one in which most of its accounts work."""
    counted = Counter(
        region[:KABUPATEN_DIGITS]
        for region in RoleHeld.objects.filter(until_day__isnull=True).values_list("region", flat=True)
        if len(region) >= KABUPATEN_DIGITS
    )
    return min(counted, key=lambda region: (-counted[region], region), default="")
