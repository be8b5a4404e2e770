"""The pages of visits: the list, the way on foot, one visit with its report, and asking for one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from mutakhir import parameters, wiring
from mutakhir.actions import visit as deeds
from mutakhir.core.actors import Actor, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.flows.visit import (
    CAUSE_ANNULLED,
    FINDINGS,
    NEW_FAMILY,
    NEW_HOUSE,
    ROLES,
    Visit,
    why_not,
    why_not_send,
)
from mutakhir.core.refusals import Refusal
from mutakhir.gateways import uploads
from mutakhir.gateways.blobs import BlobDamaged, BlobMissing
from mutakhir.queries.accounts import names_or_logins
from mutakhir.queries.places import places
from mutakhir.queries.visit import (
    CheckerSeen,
    VisitSeen,
    checkers_near,
    home_of,
    visit_seen,
    visits,
    walking_list,
)
from mutakhir.web.change_request.draft import about, changed_by, find_request
from mutakhir.web.change_request.evidence import FORMS
from mutakhir.web.change_request.questions import said
from mutakhir.web.desk import (
    READERS,
    Desk,
    Done,
    SeeOther,
    carry_out,
    has_role,
    log_reading,
    new_form,
    page,
    seen_version,
    signed_in,
)
from mutakhir.web.formats import write_count
from mutakhir.web.refusals import field_errors, language, say, say_all, word
from mutakhir.web.values import FieldError, Link, Option, WorkItem
from mutakhir.web.visit.report import read_report, typed_now

FORM_FIELDS = {
    "point-unreadable": "point",
    "finding-unknown": "finding",
    "visit-in-future": "day",
    "visit-before-it-was-asked": "day",
    "clock-unreadable": "hour",
}
REASON_AT_MOST = 500
PARTS: dict[str, tuple[str, ...]] = {
    "jalan": ("assigned",),
    "menunggu": ("asked",),
    "lewat": ("asked", "assigned"),
    "selesai": ("reported", "called_off"),
}
CHIPS = {"asked": "yours", "assigned": "waiting", "reported": "done", "called_off": "closed"}


def _is_only_checker(actor: Actor) -> bool:
    return all(held.role is Role.FIELD_CHECKER for held in actor.held)


def _labels() -> dict[str, str]:
    return {
        "jalan": _("Sedang berjalan"),
        "menunggu": _("Belum ada petugas"),
        "lewat": _("Lewat batas"),
        "selesai": _("Selesai"),
    }


@signed_in(*READERS)
def show_visits(request: Desk) -> HttpResponse:
    """Visits in one's regions by how they stand; a field checker sees their own."""
    actor = request.actor
    own = _is_only_checker(actor)
    labels = {name: text for name, text in _labels().items() if not own or name != "menunggu"}
    part = said(request.GET, "bagian")
    part = part if part in labels else "jalan"
    found = wiring.ask(
        visits,
        actor.scopes(),
        states=PARTS[part],
        checker=actor.login if own else None,
        late_on=today_in("", request.now) if part == "lewat" else None,
    )
    named = places(one.visit.region for one in found)
    who = names_or_logins(one.visit.checker for one in found if one.visit.checker)
    about = {one.visit.family for one in found if one.visit.family is not None}
    log_reading(request, purpose="visits", region=min(actor.scopes(), default=""), subjects=about)
    context = {
        "items": [_item(one, named[one.visit.region].shown, who, request) for one in found],
        "tabs": [
            Link(text, reverse("visits") + f"?bagian={name}", name == part) for name, text in labels.items()
        ],
        "own": own,
        "may_walk": has_role(actor, Role.FIELD_CHECKER),
    }
    return page(request, "visit/visits.html", context)


def reason_of(visit: Visit) -> str:
    """Why somebody shall look at a house."""
    return _in_words(visit.reason, visit)


def _in_words(said: str, visit: Visit) -> str:
    """A reason in the words of who gave it; in the reader's language where it follows from something else."""
    if said not in (NEW_FAMILY, NEW_HOUSE, CAUSE_ANNULLED):
        return said
    return parameters.load().sentence(said, language(), name=visit.name)


def _item(seen: VisitSeen, place: str, who: dict[str, str], request: Desk) -> WorkItem:
    visit = seen.visit
    late = seen.days_late(today_in(visit.region, request.now))
    role = word("role", seen.owner) if seen.owner else ""
    checker = who.get(visit.checker or "", "")
    return WorkItem(
        title=f"{visit.name or _('(tanpa nama)')} · {place}",
        url=reverse("visit", args=[visit.id]),
        sentence=seen.address or reason_of(visit),
        state="late" if late else CHIPS[visit.state.value],
        days=late or None,
        word="" if late else word("visit", visit.state.value),
        what=word("visit", "assign" if visit.state == "asked" else "report") if visit.is_open else "",
        who=(checker or role) if visit.is_open else "",
        since=today_in(visit.region, visit.since) if visit.is_open else None,
        until=seen.due if visit.is_open else None,
        note=word("finding", visit.finding) if visit.finding else "",
    )


@signed_in(*READERS)
def show_walk(request: Desk) -> HttpResponse:
    """A walking list that can be printed: one's own, or that of a field checker of one's regions."""
    login = said(request.GET, "petugas") or request.actor.login
    if login != request.actor.login and not has_role(request.actor, *ROLES["assign"]):
        raise Http404
    found = wiring.ask(visits, request.actor.scopes(), states=("assigned",), checker=login)
    home, _home_region = wiring.ask(home_of, login)
    stops = walking_list(found, start=home)
    named = places(one.visit.region for one in found)
    about = {one.visit.family for one in found if one.visit.family is not None}
    log_reading(request, purpose="walk", region=min(request.actor.scopes(), default=""), subjects=about)
    context = {
        "name": names_or_logins([login])[login],
        "total": _distance(sum(stop.metres or 0 for stop in stops)),
        "stops": [
            {
                "name": stop.seen.visit.name,
                "url": reverse("visit", args=[stop.seen.visit.id]),
                "place": named[stop.seen.visit.region].shown,
                "address": stop.seen.address,
                "landmark": stop.seen.landmark,
                "phone": stop.seen.phone,
                "reason": reason_of(stop.seen.visit),
                "until": stop.seen.due,
                "way": _distance(stop.metres) if stop.metres is not None else "",
                "point": "{:.5f},{:.5f}".format(*stop.seen.point) if stop.seen.point else "",
            }
            for stop in stops
        ],
        "has_home": home is not None,
        "today": today_in(min(request.actor.scopes(), default=""), request.now),
        "back_url": reverse("visits"),
    }
    return page(request, "visit/walk.html", context)


def _distance(metres: int) -> str:
    """250 m below a kilometre, else kilometres with one digit."""
    if metres < 1000:
        return f"{metres} m"
    number = f"{metres / 1000:.1f}"
    return f"{number.replace('.', ',') if language() == 'id' else number} km"


# --- one visit ------------------------------------------------------------------------------------------------------


@signed_in(*READERS)
def show_visit(request: Desk, number: int) -> HttpResponse:
    """One visit: where, why, who goes; the report for who is sent, and sending for the supervisor."""
    seen = _find(request, number)
    deed = request.POST.get("deed", "")
    carry: dict[str, Callable[[Desk, VisitSeen], tuple[Done, dict[str, Any]]]] = {
        "report": _report,
        "assign": _assign,
        "call_off": _call_off,
    }
    done, more = carry[deed](request, seen) if request.method == "POST" and deed in carry else (Done(), {})
    if deed in carry and done.ok:
        return SeeOther(reverse("visit", args=[number]))
    return page(request, "visit/visit.html", _context(request, seen, done) | more)


def _find(request: Desk, number: int) -> VisitSeen:
    seen = wiring.ask(visit_seen, number, scopes=request.actor.scopes())
    if seen is None:
        raise Http404
    log_reading(request, purpose="visit", region=seen.visit.region, subject=seen.visit.family)
    return seen


def _context(request: Desk, seen: VisitSeen, done: Done) -> dict[str, Any]:
    visit = seen.visit
    actor = request.actor
    who = names_or_logins(one for one in (visit.checker, visit.asked_by, visit.assigned_by) if one)
    sends = actor.has(ROLES["assign"], visit.region) and visit.is_open
    reports = actor.has(ROLES["report"], visit.region) and visit.is_open
    near = wiring.ask(checkers_near, seen, now=request.now) if sends else []
    return {
        "seen": seen,
        "visit": visit,
        "visit_reason": reason_of(visit),
        "called_off_because": _in_words(visit.called_off_because, visit),
        "version": visit.version,
        "place": places([visit.region])[visit.region].shown,
        "point": "{:.5f},{:.5f}".format(*seen.point) if seen.point else "",
        "chip": {"state": CHIPS[visit.state.value], "word": word("visit", visit.state.value)},
        "asked_by": who.get(visit.asked_by, visit.asked_by),
        "checker": who.get(visit.checker or "", ""),
        "finding": word("finding", visit.finding) if visit.finding else "",
        "subject_url": _subject_url(visit),
        "what": word("visit", "assign" if visit.state == "asked" else "report"),
        "who": who.get(visit.checker or "", "") or (word("role", seen.owner) if seen.owner else ""),
        "days_late": seen.days_late(today_in(visit.region, request.now)),
        "sends": sends,
        "send_options": [_checker_option(one, visit) for one in near],
        "checker_value": said(request.POST, "checker"),
        "reports": reports,
        "report_refused": say_all(why_not(visit, "report", actor=actor, region=visit.region)),
        "finding_options": [Option(one, word("finding", one)) for one in FINDINGS],
        "typed": typed_now(visit, request.now),
        "call_off_form": new_form(),
        "reason": said(request.POST, "reason"),
        "limit": REASON_AT_MOST,
        "errors": field_errors(done.refusals, fields=FORM_FIELDS),
        "conflict": done.conflict,
        "conflict_who": who.get(visit.assigned_by or visit.asked_by, visit.asked_by),
    }


def _subject_url(visit: Visit) -> str:
    if visit.form == "request":
        return reverse("request", args=[visit.about])
    return reverse("family", args=[visit.family]) if visit.family is not None else ""


def _checker_option(one: CheckerSeen, visit: Visit) -> Option:
    near = (
        _distance(one.metres)
        if one.metres is not None
        else _("satu kecamatan")
        if one.same_kecamatan
        else _("jaraknya belum diketahui")
    )
    load = _("{n} kunjungan berjalan").format(n=write_count(one.open_visits, language()))
    return Option(
        one.actor.login,
        one.actor.name,
        f"{near}, {load}",
        recorded=one.actor.login == visit.checker,
        refused=say_all(why_not_send(visit, one.actor)),
    )


def _report(request: Desk, seen: VisitSeen) -> tuple[Done, dict[str, Any]]:
    told = read_report(request, seen.visit)
    if told.command is None:
        done = Done(refusals=told.refusals)
        errors = [
            FieldError(
                "photograph" if one.rule.startswith("upload-") else FORM_FIELDS.get(one.rule, "day"), say(one)
            )
            for one in told.refusals
        ]
        return done, {"typed": told.typed, "errors": errors}
    return carry_out(request, deeds.report, told.command), {"typed": told.typed}


def _assign(request: Desk, seen: VisitSeen) -> tuple[Done, dict[str, Any]]:
    login = said(request.POST, "checker")
    near: Sequence[CheckerSeen] = wiring.ask(checkers_near, seen, now=request.now)
    chosen = next((one for one in near if one.actor.login == login), None)
    if chosen is None:
        return Done(refusals=(Refusal.of("must-be-said", what="checker"),)), {}
    command = deeds.Assign(seen.visit.id, chosen.actor, chosen.metres, seen_version(request))
    return carry_out(request, deeds.assign, command), {}


def _call_off(request: Desk, seen: VisitSeen) -> tuple[Done, dict[str, Any]]:
    reason, version = said(request.POST, "reason"), seen_version(request)
    return carry_out(request, deeds.call_off, seen.visit.id, reason=reason, seen=version), {}


@signed_in(*READERS)
def give_photograph(request: Desk, number: int) -> HttpResponse:
    """The photograph of a report, only to who may see the visit."""
    photograph = _find(request, number).visit.photograph
    if photograph is None or photograph.media_type not in FORMS:
        raise Http404
    try:
        with wiring.blobs().open(photograph.digest) as stream:
            body = stream.read()
    except (BlobMissing, BlobDamaged, ValueError):
        raise Http404 from None
    name = f"{_('Foto rumah')} {number}"
    return HttpResponse(body, headers=uploads.serving_headers(FORMS[photograph.media_type], name=name))


# --- asking for one -------------------------------------------------------------------------------------------------


@signed_in(*READERS)
def ask_visit(request: Desk, number: int) -> HttpResponse:
    """Ask that somebody looks at the house that a request is about."""
    seen = find_request(request, number, purpose="request")
    asked = seen.case.request
    reason = said(request.POST, "reason")
    done = Done()
    if request.method == "POST":
        done = carry_out(request, deeds.ask, deeds.Ask(number, reason))
        if done.ok:
            return redirect("request", number)
    refused = why_not(None, "ask", actor=request.actor, region=asked.region)
    context = {
        "asked": asked,
        "about": about(seen),
        "kind_word": word("kind", asked.kind),
        "reason": reason,
        "limit": REASON_AT_MOST,
        "refused": say_all(refused),
        "back_url": reverse("request", args=[number]),
        "errors": field_errors(done.refusals),
        "conflict": done.conflict,
        "conflict_who": changed_by(seen, done),
    }
    return page(request, "visit/ask.html", context)
