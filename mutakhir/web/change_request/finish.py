"""The end of the wizard: evidence, one look at everything, into the reserve, and the number for the resident."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from mutakhir import parameters, wiring
from mutakhir.actions.change_request import CHOSEN, reserve
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import Request, State, missing, needed_evidence
from mutakhir.core.comparison import Line, Outcome
from mutakhir.core.flows.change_request import why_not
from mutakhir.core.flows.window import State as WindowState
from mutakhir.core.kinds import PHOTOGRAPHS
from mutakhir.core.tickets import shown
from mutakhir.queries.change_request import RequestSeen
from mutakhir.queries.referral import Referral, referral_of
from mutakhir.queries.waiting import customary_opening
from mutakhir.queries.windows import next_window, windows_near
from mutakhir.web import numbers
from mutakhir.web.change_request import draft as drafts
from mutakhir.web.change_request.draft import amend, changed_by, content_of, find_request, frame
from mutakhir.web.change_request.evidence import (
    EXTRA,
    checks_of,
    file_url,
    latest,
    said_of,
    take_evidence,
)
from mutakhir.web.change_request.fields import people_rows, source_words
from mutakhir.web.change_request.outline import outline
from mutakhir.web.change_request.questions import said, show, show_day, show_reason
from mutakhir.web.desk import READERS, Desk, Done, carry_out, page, seen_version, signed_in, typed_number
from mutakhir.web.refusals import FieldError, field_errors, language, say_all, word
from mutakhir.web.values import Check, Comparison, SummaryRow, Way

OUTCOMES = {Outcome.CONFLICT: "conflict", Outcome.VALID: "will_change", Outcome.SATISFIED: "same"}


# --- step 4: evidence -----------------------------------------------------------------------------------------------


@signed_in(*READERS)
def ask_evidence(request: Desk, number: int) -> HttpResponse:
    """Photographs and papers; each may come later."""
    seen = find_request(request, number, purpose="record")
    if why_not(seen.case, "prove", request.actor):
        return redirect("request", number)
    asked = seen.case.request
    in_wizard = drafts.may_amend(seen, request)
    onward = reverse("draft_check" if in_wizard else "request", args=[number])
    errors: list[FieldError] = []
    if request.method == "POST":
        kinds = [one.value for one in (*needed_evidence(asked), *EXTRA)]
        errors = take_evidence(request, seen, kinds)
        if not errors:
            return redirect(onward)
        # What was good is kept: the page shows it as already there.
        seen = find_request(request, number, purpose="record")
        asked = seen.case.request
    context = frame(
        seen,
        step=4,
        label=_("Bukti"),
        back=drafts.last_fields_url(asked) if in_wizard else onward,
        page_key="bukti",
    ) | {
        "pieces": [_piece(asked, one, errors) for one in needed_evidence(asked)],
        "extra": [_piece(asked, one, errors) for one in EXTRA],
        "skip_url": onward,
        "errors": errors,
    }
    return page(request, "change_request/evidence.html", context)


def _piece(asked: Request, kind: Any, errors: list[FieldError]) -> dict[str, Any]:
    had = latest(asked, kind.value)
    return {
        "field": f"evidence_{kind.value}",
        "label": word("evidence", kind.value),
        "is_photo": kind in PHOTOGRAPHS,
        "had": f"{had.name}, {said_of(had)}" if had else "",
        "had_url": file_url(asked, had) if had else "",
        "error": " ".join(one.text for one in errors if one.field == f"evidence_{kind.value}"),
    }


# --- step 5: check --------------------------------------------------------------------------------------------------


@signed_in(*READERS)
def check_answers(request: Desk, number: int) -> HttpResponse:
    """Everything once more, conflicts first; then into the reserve."""
    seen = find_request(request, number, purpose="record")
    asked = seen.case.request
    if request.method == "POST":
        if said(request.POST, "way"):
            return _settle(request, seen)
        done = carry_out(
            request, reserve, number, randomness=wiring.randomness(), seen=_version(request, asked)
        )
        if done.ok or (asked.ticket and asked.touched_by == request.actor.login):
            return redirect("draft_saved", number)
        return _show_check(request, seen, done)
    if not drafts.may_amend(seen, request):
        return redirect("request", number)
    return _show_check(request, seen, Done())


def _version(request: Desk, asked: Request) -> int | None:
    version = seen_version(request)
    return None if asked.touched_by == request.actor.login else version


def _settle(request: Desk, seen: RequestSeen) -> HttpResponse:
    """One conflict is decided: the present value is taken, or it is said to be wrong and still to be changed."""
    asked = seen.case.request
    way, _colon, rest = said(request.POST, "way").partition(":")
    number, _colon, attribute = rest.partition(":")
    subject = typed_number(number)
    content = content_of(asked)
    if subject is None or way not in ("current", "ours"):
        return redirect("draft_check", asked.id)
    if way == "ours":
        done = amend(request, seen, content, anew=frozenset({(subject, attribute)}))
    else:
        kept = {name: value for name, value in content.wanted.items() if name != attribute}
        people = tuple(one for one in content.people if one != subject)
        done = amend(request, seen, replace(content, wanted=kept, people=people))
    if not done.ok:
        return _show_check(request, seen, done)
    return redirect("draft_check", asked.id)


def _show_check(request: Desk, seen: RequestSeen, done: Done) -> HttpResponse:
    asked = seen.case.request
    content = content_of(asked)
    lines = seen.case.lines or ()
    is_outlined = asked.kind in CHOSEN
    rows = compare_rows(seen, lines, with_ways=not is_outlined)
    is_draft = asked.state is State.DRAFT
    fields_url = reverse("draft_fields", args=[asked.id])
    context = frame(
        seen, step=5, label=_("Periksa"), back=reverse("draft_evidence", args=[asked.id]), page_key="periksa"
    )
    context |= {
        "rows": rows,
        "count": len(rows),
        "people": people_rows(request, seen, content) if content.newcomers else [],
        "outline": outline(asked),
        "fields_url": fields_url,
        "details": _details(asked, fields_url),
        "checks": (
            *_lacks(asked, fields_url),
            *checks_of(asked, url=reverse("draft_evidence", args=[asked.id])),
        ),
        "no_kk": numbers.shown(request, str(seen.family.values.get("no_kk") or ""), asked.family)
        if seen.family
        else "",
        "after": after_saving(seen, request),
        "referral": referral(asked),
        "refused": say_all(why_not(seen.case, "reserve", request.actor)) if is_draft else "",
        "done_url": "" if is_draft else reverse("request", args=[asked.id]),
        "errors": field_errors(done.refusals),
        "conflict": done.conflict,
        "conflict_who": changed_by(seen, done),
    }
    return page(request, "change_request/check.html", context)


def compare_rows(seen: RequestSeen, lines: tuple[Line, ...], *, with_ways: bool = False) -> list[Comparison]:
    """Seen, current and wanted in words: conflicts first, then what will change, then what is already so.

    A NIK or No KK that is changed is shown whole. New people are not compared: nothing was there before.
    """
    table = parameters.load().attributes
    asked = seen.case.request
    names = {one.id: one.name for one in seen.family.members} if seen.family is not None else {}
    about_newcomers = asked.kind in ("new_person", "new_family")
    is_outlined = asked.kind in CHOSEN
    rows = []
    for line in lines:
        change = line.change
        # What follows from choices is said in sentences; only what meanwhile became otherwise is compared.
        if is_outlined and (
            line.outcome is not Outcome.CONFLICT or table[change.attribute].type == "subject"
        ):
            continue
        if (change.of == "person" and about_newcomers) or not drafts.is_said(asked.rule, change.attribute):
            continue
        attribute = table[change.attribute]
        label = attribute.label[language()]
        if change.of == "person":
            label = f"{names.get(change.subject, asked.subject_name)}: {label}"
        told = seen.told.get((change.subject, change.attribute))
        current = show(attribute, line.current, in_full=True) or None
        is_conflict = line.outcome is Outcome.CONFLICT
        key = f"{change.subject}:{change.attribute}"
        ways = (
            (
                Way(
                    _("Pakai %(value)s") % {"value": current or _("(kosong)")},
                    name="way",
                    value=f"current:{key}",
                ),
                Way(_("Nilai itu keliru, tetap ubah"), name="way", value=f"ours:{key}"),
            )
            if is_conflict and with_ways
            else ()
        )
        rows.append(
            Comparison(
                label,
                show(attribute, change.seen, in_full=True) or None,
                current,
                show(attribute, change.wanted, in_full=True) or None,
                OUTCOMES[line.outcome],
                current_source=source_words(told) if told is not None else "",
                sentence=_("%(who)s mengubahnya sejak permintaan ini dicatat.") % {"who": told.who}
                if is_conflict and told is not None
                else "",
                ways=ways,
            )
        )
    order = ("conflict", "will_change", "same")
    return sorted(rows, key=lambda row: order.index(row.outcome))


def _details(asked: Request, fields_url: str) -> list[SummaryRow]:
    """Reason, day and applicant, each with its way to change it."""
    applicant_url = reverse("draft_applicant", args=[asked.id])
    rows = []
    if asked.rule.reasons:
        rows.append(SummaryRow(_("Alasan"), show_reason(asked.reason) if asked.reason else "", fields_url))
    if asked.holds_from is not None or asked.rule.reasons:
        since = show_day(asked.holds_from.isoformat()) if asked.holds_from else ""
        rows.append(SummaryRow(_("Sejak"), since, fields_url))
    standing = asked.applicant.get("standing", "")
    rows += [
        SummaryRow(
            _("Pemohon"),
            asked.applicant.get("name", ""),
            applicant_url,
            hint=word("standing", standing) if standing in parameters.load().words["standing"] else "",
        ),
        SummaryRow(
            _("Tanggal lahir pemohon"),
            show_day(asked.birth_date) if asked.birth_date else "",
            applicant_url,
            hint=_("Bersama nomor permintaan, ini membuka halaman keadaan permintaan."),
        ),
    ]
    return rows


def _lacks(asked: Request, fields_url: str) -> list[Check]:
    """What is still missing beside evidence; it stops nothing now."""
    known = parameters.load()
    lines = [
        Check(False, _("%(what)s belum diisi") % {"what": known.piece(what, language())}, fields_url)
        for what in missing(asked)
        if not what.startswith("evidence:")
    ]
    if not lines:
        lines = [Check(True, _("Isian lengkap"))]
    if not asked.birth_date:
        url = reverse("draft_applicant", args=[asked.id])
        text = _("Tanpa tanggal lahir, pemohon belum bisa melihat keadaan permintaannya.")
        lines.append(Check(False, text, url, state="warning"))
    return lines


def referral(asked: Request) -> Referral | None:
    """What the family does at the civil registry, in the language of the page."""
    return referral_of(asked, parameters=parameters.load(), language=language())


def successor_url(seen: RequestSeen) -> str:
    """The way to the change of pengurus that this report opened; empty where it opened none, or where it is over."""
    family = seen.family
    opened = (
        [one for one in family.requests if one.cause == seen.case.request.id] if family is not None else []
    )
    return (
        reverse("draft" if opened[0].state == "draft" else "request", args=[opened[0].id]) if opened else ""
    )


def after_saving(seen: RequestSeen, request: Desk) -> dict[str, Any]:
    """What happens next, with the day of the window that the request waits for."""
    asked = seen.case.request
    window = wiring.ask(
        lambda: next_window(
            windows_near(asked.region, since=request.now),
            region=asked.region,
            kind=asked.kind,
            now=request.now,
        )
    )
    today = today_in(asked.region, request.now)
    day: date
    if window is None:
        day, is_set, is_open = customary_opening(today, parameters.load()), False, False
    else:
        is_open = window.state(request.now) is WindowState.OPEN
        day, is_set = today_in(asked.region, window.cut_off if is_open else window.opens), True
    return {
        "day": day,
        "is_set": is_set,
        "is_open": is_open,
        "deliberated": asked.rule.deliberated,
        "claim": asked.rule.claim,
    }


# --- saved ----------------------------------------------------------------------------------------------------------


@signed_in(*READERS)
def show_saved(request: Desk, number: int) -> HttpResponse:
    """The number for the resident, large, with its code and what happens next."""
    seen = find_request(request, number, purpose="record")
    asked = seen.case.request
    if not asked.ticket:
        return redirect("request", number)
    context = frame(seen, step=5, label="", back="", page_key="")
    context |= {
        "ticket": asked.ticket,
        "ticket_url": ticket_url(request, asked.ticket),
        "after": after_saving(seen, request),
        "referral": referral(asked),
        "successor_url": successor_url(seen),
        "checks": [
            one
            for one in (*_lacks(asked, ""), *checks_of(asked, url=reverse("draft_evidence", args=[number])))
            if not one.done
        ],
        "receipt_url": reverse("receipt", args=[number]),
        "pdf_url": reverse("receipt_pdf", args=[number]),
        "request_url": reverse("request", args=[number]),
        "can_see": bool(asked.birth_date),
    }
    return page(request, "change_request/saved.html", context)


def ticket_url(request: Desk, ticket: str) -> str:
    """The address that the code on the receipt leads to."""
    return request.build_absolute_uri(f"{reverse('ticket')}?n={shown(ticket)}")
