"""The page of one request: how it stands, what it waits for, what it asks, how it went, and what may be done now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from mutakhir import parameters, wiring
from mutakhir.actions.change_request import CHOSEN, Resume, Take, resume, take_step
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import Request, State, missing
from mutakhir.core.comparison import Outcome
from mutakhir.core.events import NOTHING, Event
from mutakhir.core.flows.change_request import must_go, offered_steps, why_not
from mutakhir.core.flows.visit import why_not as why_not_visit
from mutakhir.core.refusals import Refusal
from mutakhir.gateways.documents.values import Receipt
from mutakhir.queries.cases import requests_by_number
from mutakhir.queries.change_request import RequestSeen
from mutakhir.queries.places import place
from mutakhir.queries.visit import visits_about
from mutakhir.queries.waiting import WaitingLine
from mutakhir.web import values
from mutakhir.web.annulment.beside import beside
from mutakhir.web.change_request.draft import (
    about,
    changed_by,
    content_of,
    find_request,
    first_fields_url,
    referral_word,
)
from mutakhir.web.change_request.evidence import checks_of, file_url, said_of
from mutakhir.web.change_request.fields import people_rows
from mutakhir.web.change_request.finish import compare_rows, referral, successor_url, ticket_url
from mutakhir.web.change_request.outline import outline
from mutakhir.web.change_request.questions import said, show, show_day, show_reason
from mutakhir.web.desk import READERS, Desk, Done, carry_out, page, seen_version, signed_in
from mutakhir.web.formats import write_day
from mutakhir.web.refusals import field_errors, language, say_all, word
from mutakhir.wiring.receipt import print_receipt, receipt_of

CHIPS = {
    State.DRAFT: "draft",
    State.RETURNED: "returned",
    State.CONFLICT: "conflict",
    State.REFUSED: "refused",
    State.WITHDRAWN: "withdrawn",
    State.APPLIED: "in_force",
    State.SATISFIED: "done",
    State.LAPSED: "closed",
    State.ANNULLED: "closed",
}
STATE_SENTENCES = {
    "reserve": gettext_noop("Masih draf, belum masuk cadangan."),
    "amend": gettext_noop("Di cadangan desa; masih ada yang perlu dilengkapi."),
    "deliberate": gettext_noop("Di cadangan desa, lengkap; menunggu musyawarah desa."),
    "pack": gettext_noop("Siap; menunggu masa pemutakhiran."),
    "take_over": gettext_noop("Ditawarkan ke desa lain; sampai diterima, desa ini tetap bertanggung jawab."),
    "appeal": gettext_noop("Diputus belum layak oleh musyawarah desa; pemohon masih bisa keberatan."),
    "hand_over": gettext_noop("Ikut masa pemutakhiran; menunggu diserahkan kepala desa."),
    "verify": gettext_noop("Sedang diperiksa Dinas Sosial."),
    "finalise": gettext_noop("Sudah diperiksa; menunggu difinalkan."),
    "endorse": gettext_noop("Menunggu tanda tangan Bupati."),
    "send": gettext_noop("Sudah disahkan; menunggu dikirim ke pusat."),
    "determine": gettext_noop("Di pusat; menunggu penetapan Menteri."),
    "apply": gettext_noop("Ditetapkan; sedang diterapkan di register."),
    "refer": gettext_noop("Tercatat; berkasnya perlu dibawa ke kantor catatan sipil (Dukcapil)."),
    "settle": gettext_noop("Tercatat; menunggu dicatat kantor catatan sipil (Dukcapil)."),
}
ENDED_SENTENCES = {
    State.RETURNED: gettext_noop("Dikembalikan ke desa untuk dilengkapi."),
    State.CONFLICT: gettext_noop("Nilai di register berubah sejak permintaan ini dicatat."),
    State.LAPSED: gettext_noop("Berhenti karena batas waktunya lewat; bisa dilanjutkan."),
    State.REFUSED: gettext_noop("Tidak disetujui."),
    State.WITHDRAWN: gettext_noop("Ditarik atas permintaan pemohon."),
    State.APPLIED: gettext_noop("Selesai: berlaku di register."),
    State.SATISFIED: gettext_noop("Selesai: data sudah benar sebelum diproses."),
    State.ANNULLED: gettext_noop("Dibatalkan karena keliru diterapkan; nilai sebelumnya berlaku lagi."),
}
NOT_TAKEN = gettext_noop(
    "Berhenti: berkasnya tidak dibawa ke kantor catatan sipil sampai batas waktunya; bisa dilanjutkan."
)
NOT_RECORDED = gettext_noop(
    "Berhenti: kantor catatan sipil belum mencatatnya sampai batas waktunya; bisa dilanjutkan."
)
"""Why a claim lapsed: whose turn it was when its limit passed."""
HAPPENED = {
    "recorded": gettext_noop("Dicatat"),
    "amended": gettext_noop("Isian dilengkapi"),
    "evidence_added": gettext_noop("Bukti ditambah"),
    "reserved": gettext_noop("Masuk cadangan"),
    "appealed": gettext_noop("Pemohon mengajukan keberatan"),
    "packed": gettext_noop("Ikut masa pemutakhiran"),
    "unpacked": gettext_noop("Batas masuk lewat; kembali ke cadangan dengan keputusan desa"),
    "handed_over": gettext_noop("Diserahkan ke Dinas Sosial"),
    "offered": gettext_noop("Ditawarkan ke desa lain"),
    "taken_over": gettext_noop("Diterima desa lain"),
    "declined": gettext_noop("Tawaran dikembalikan desa lain"),
    "recalled": gettext_noop("Tawaran ditarik kembali"),
    "forwarded": gettext_noop("Diteruskan kecamatan"),
    "visited": gettext_noop("Rumah dikunjungi petugas lapangan"),
    "verified": gettext_noop("Disetujui pemeriksa"),
    "returned": gettext_noop("Dikembalikan untuk dilengkapi"),
    "refused": gettext_noop("Ditolak"),
    "undone": gettext_noop("Keputusan pemeriksa diurungkan"),
    "finalised": gettext_noop("Masuk daftar final kabupaten"),
    "endorsed": gettext_noop("Disahkan dengan surat"),
    "sent": gettext_noop("Dikirim ke pusat"),
    "applied": gettext_noop("Berlaku di register"),
    "contradicted": gettext_noop("Bentrok dengan nilai di register"),
    "referred": gettext_noop("Berkas dibawa ke kantor catatan sipil"),
    "satisfied": gettext_noop("Register sudah sesuai; permintaan selesai"),
    "lapsed": gettext_noop("Batas waktu lewat"),
    "withdrawn": gettext_noop("Ditarik atas permintaan pemohon"),
    "resumed": gettext_noop("Dilanjutkan lagi"),
    "annulled": gettext_noop("Penerapan dibatalkan"),
    "erased": gettext_noop("Isinya dihapus"),
    "sealed": gettext_noop("Isinya dikunci"),
    "unsealed": gettext_noop("Isinya dibuka lagi"),
    "reopened": gettext_noop("Menunggu lagi; yang membuatnya selesai ternyata keliru"),
    "cancellation_asked": gettext_noop("Pemohon meminta permintaan ini dibatalkan"),
    "kept": gettext_noop("Setelah ditanya, pemohon ingin permintaannya jalan terus"),
}
"""What an event of a request is called in its history; outcomes are added."""
NOW_AT = {
    "amend": gettext_noop("Di cadangan desa, sedang dilengkapi"),
    "deliberate": gettext_noop("Menunggu musyawarah desa"),
    "pack": gettext_noop("Menunggu masa pemutakhiran"),
    "take_over": gettext_noop("Menunggu jawaban desa tujuan"),
    "hand_over": gettext_noop("Menunggu diserahkan ke Dinas Sosial"),
    "verify": gettext_noop("Diperiksa Dinas Sosial"),
    "finalise": gettext_noop("Diperiksa Dinas Sosial"),
    "endorse": gettext_noop("Menunggu tanda tangan Bupati"),
    "send": gettext_noop("Menunggu dikirim ke pusat"),
    "determine": gettext_noop("Menunggu penetapan Menteri"),
    "refer": gettext_noop("Perlu dibawa ke kantor catatan sipil"),
    "settle": gettext_noop("Menunggu kantor catatan sipil"),
}
"""Where a request stands, in the few words of a receipt."""
OFFERED = ("reserve", "refer", "amend", "prove", "appeal", "resume", "offer", "recall", "withdraw")
"""The steps that have a button here; those of lists and meetings have theirs on the pages of lists and meetings."""


@signed_in(*READERS)
def show_request(request: Desk, number: int) -> HttpResponse:
    return _show(request, find_request(request, number, purpose="request"), Done())


def _show(request: Desk, seen: RequestSeen, done: Done, **more: Any) -> HttpResponse:
    asked = seen.case.request
    offered = {step.name: reasons for step, reasons in offered_steps(seen.case, request.actor)}
    conflicts = [
        line for line in seen.case.lines or () if line.outcome is Outcome.CONFLICT
    ] if "resume" in offered and asked.kind not in CHOSEN else []  # fmt: skip
    table = parameters.load().attributes
    annulments, annul = beside(asked, request.actor)
    context = {
        "seen": seen,
        "asked": asked,
        "version": asked.version,
        "title": asked.subject_name or _("(tanpa nama)"),
        "kind_word": word("kind", asked.kind),
        "about": about(seen),
        "family_url": reverse("family", args=[asked.family]) if asked.family is not None else "",
        "place": seen.place.shown,
        "chip": chip_of(asked),
        "sentence": sentence_of(asked, seen.waiting),
        "waiting": waiting_words(seen.waiting, asked),
        "returned": _returned(asked),
        "rows": compare_rows(seen, seen.case.lines or ()),
        "people": people_rows(request, seen, content_of(asked))
        if asked.kind in ("new_person", "new_family")
        else [],
        "outline": outline(asked),
        "details": _details(asked),
        "checks": readiness(
            asked,
            can_complete="amend" in offered or "prove" in offered,
            succession=seen.case.succession,
        ),
        "photos": [
            {"url": file_url(asked, one), "label": f"{word('evidence', one.kind)}, {said_of(one)}"}
            for one in asked.evidence
            if one.media_type.startswith("image/")
        ],
        "history": list(history(seen)),
        "deeds": [*_deeds(asked, offered), *annul],
        "annulments": annulments,
        "is_blank": asked.is_blank,
        "conflicts": [
            {
                "name": f"keep_{line.change.subject}_{line.change.attribute}",
                "label": table[line.change.attribute].label[language()],
                "options": [
                    values.Option(
                        "current",
                        _("Pakai nilai sekarang: %(value)s")
                        % {"value": show(table[line.change.attribute], line.current) or _("(kosong)")},
                    ),
                    values.Option(
                        "ours",
                        _("Nilai itu keliru, tetap ubah menjadi: %(value)s")
                        % {"value": show(table[line.change.attribute], line.change.wanted)},
                    ),
                ],
                "value": said(request.POST, f"keep_{line.change.subject}_{line.change.attribute}"),
            }
            for line in conflicts
        ],
        "can_resume": "resume" in offered,
        "resume_refused": say_all(offered.get("resume", ())),
        "can_withdraw": "withdraw" in offered,
        "can_keep": "keep" in offered,
        "cancellation_asked": asked.cancellation_asked and not asked.is_ended,
        **_place_of_handling(asked),
        **_visits(request, asked),
        "referral": referral(asked),
        "successor_url": successor_url(seen),
        "cause_url": reverse("request", args=[asked.cause]) if asked.cause else "",
        "ticket": asked.ticket,
        "receipt_url": reverse("receipt", args=[asked.id]) if asked.ticket else "",
        "errors": field_errors(done.refusals),
        "conflict": done.conflict,
        "conflict_who": changed_by(seen, done),
        **more,
    }
    return page(request, "change_request/request.html", context)


def _place_of_handling(asked: Request) -> dict[str, Any]:
    """Where a request is offered to, and why another village did not take it."""
    offer = asked.offer
    return {
        "offered_to": place(offer.to).shown if offer is not None else "",
        "offered_because": offer.reason if offer is not None else "",
        "declined_because": asked.declined_because if not asked.is_ended else "",
    }


def _visits(request: Desk, asked: Request) -> dict[str, Any]:
    """The visits to the house because of this request, and the way to ask for one."""
    found = wiring.ask(visits_about, asked.id, scopes=request.actor.scopes())
    asks = asked.state is State.HANDED_OVER and not any(one.visit.is_open for one in found)
    may = asks and not why_not_visit(None, "ask", actor=request.actor, region=asked.region)
    return {
        "visits": [
            {
                "url": reverse("visit", args=[one.visit.id]),
                "word": word("finding", one.visit.finding)
                if one.visit.finding
                else word("visit", one.visit.state),
                "day": today_in(asked.region, one.visit.at or one.visit.since),
            }
            for one in found
        ],
        "ask_visit_url": reverse("ask_visit", args=[asked.id]) if may else "",
    }


# --- in words -------------------------------------------------------------------------------------------------------


def chip_of(asked: Request) -> dict[str, Any]:
    """State, word and count of the chip of a request."""
    lacks = missing(asked)
    if asked.state in (State.RESERVED, State.DELIBERATED):
        if asked.fit is False and not asked.appealed:
            return {"state": "refused", "word": _("Belum layak")}
        if lacks:
            return {"state": "incomplete", "count": len(lacks), "word": ""}
        if asked.rule.claim:
            return {"state": "waiting", "word": referral_word(asked)}
        if not asked.stands_decided:
            return {"state": "waiting", "word": _("Menunggu musyawarah")}
        return {"state": "ready", "word": ""}
    if asked.state is State.DETERMINED:
        state = "waiting" if asked.answer == "yes" else "refused"
        return {
            "state": state,
            "word": _("Ditetapkan") if asked.answer == "yes" else _("Tidak disetujui pusat"),
        }
    return {"state": CHIPS.get(asked.state, "waiting"), "word": word("state", asked.state.value)}


def sentence_of(asked: Request, waiting: WaitingLine | None) -> str:
    """How a request stands, in one sentence for staff."""
    if asked.rule.claim and not asked.is_blank:
        if asked.state is State.SATISFIED:
            return _("Selesai: dicatat kantor catatan sipil (Dukcapil).")
        if asked.state is State.LAPSED:
            return _(NOT_TAKEN if must_go(asked) else NOT_RECORDED)
    if asked.state in ENDED_SENTENCES and not asked.is_blank:
        return _(ENDED_SENTENCES[asked.state])
    if asked.state is State.DETERMINED and asked.answer == "no":
        return _("Tidak disetujui pusat.")
    if waiting is not None and waiting.step in STATE_SENTENCES:
        return _(STATE_SENTENCES[waiting.step])
    return word("state", asked.state.value)


def waiting_words(waiting: WaitingLine | None, asked: Request) -> dict[str, Any] | None:
    """The four answers; a day that no window has set is named as custom."""
    if waiting is None:
        return None
    what = word("step", waiting.step)
    until: Any = waiting.until
    if waiting.window is not None and waiting.window.name and waiting.step in ("pack", "hand_over", "send"):
        what = f"{what}, {waiting.window.name}"
    if waiting.assumed and waiting.until is not None:
        until = _("belum dijadwalkan; menurut kebiasaan dibuka %(day)s") % {
            "day": write_day(waiting.until, language())
        }
    who = word("role", waiting.role.value) if waiting.step != "settle" else word("authority", "civil")
    if waiting.role.value in ("village_operator", "village_head"):
        where = asked.offer.to if waiting.step == "take_over" and asked.offer is not None else asked.region
        who = ", ".join(part for part in (who, place(where).village) if part)
    return {
        "what": what,
        "who": who,
        "since": waiting.since,
        "until": until,
        "days_late": waiting.days_late,
    }


def _returned(asked: Request) -> dict[str, str] | None:
    """Why a request came back or was refused, in the words of the list of reasons."""
    reasons = parameters.load().reasons
    if asked.state is State.RETURNED and asked.returned_because:
        found = reasons["return"].get(asked.returned_because)
        return {
            "reason": found.label[language()] if found else asked.returned_because,
            "note": asked.returned_note,
        }
    code = asked.answer_reason
    if asked.state is State.REFUSED or (asked.state is State.DETERMINED and asked.answer == "no"):
        code = code or asked.decision_reason
        for name in ("refuse", "determination"):
            if code in reasons[name]:
                return {"reason": reasons[name][str(code)].label[language()], "note": asked.returned_note}
        return {"reason": code or "", "note": asked.returned_note} if code else None
    if asked.fit is False and not asked.appealed and asked.decision_reason:
        return {"reason": asked.decision_reason, "note": ""}
    return None


def _details(asked: Request) -> list[values.SummaryRow]:
    rows = []
    if asked.reason:
        rows.append(values.SummaryRow(_("Alasan"), show_reason(asked.reason)))
    if asked.holds_from is not None:
        rows.append(values.SummaryRow(_("Sejak"), show_day(asked.holds_from.isoformat())))
    standing = asked.applicant.get("standing", "")
    known = parameters.load().words["standing"]
    rows.append(
        values.SummaryRow(
            _("Pemohon"),
            asked.applicant.get("name", ""),
            hint=known[standing][language()] if standing in known else "",
        )
    )
    return rows


def readiness(asked: Request, *, can_complete: bool, succession: int | None = None) -> list[values.Check]:
    """What a request has and lacks, in words, each missing piece with the way to it where one may complete it."""
    known = parameters.load()
    evidence_url = reverse("draft_evidence", args=[asked.id]) if can_complete else ""
    fields_url = first_fields_url(asked) if can_complete else ""
    lines = [
        values.Check(False, _("%(what)s belum diisi") % {"what": known.piece(what, language())}, fields_url)
        for what in missing(asked)
        if not what.startswith("evidence:")
    ] or [values.Check(True, _("Isian lengkap"))]
    lines += checks_of(asked, url=evidence_url)
    if succession is not None:
        lines.append(
            values.Check(
                False,
                _("Menunggu pengganti pengurus: bantuan tidak berhenti sebelum itu diputus"),
                reverse("request", args=[succession]),
            )
        )
    if asked.rule.deliberated:
        if asked.decided_on is not None and asked.fit:
            day = write_day(asked.decided_on, language())
            lines.append(values.Check(True, _("Diputus layak oleh desa, %(day)s") % {"day": day}))
        elif asked.stands_decided:
            lines.append(values.Check(True, _("Berjalan dengan keberatan pemohon dan pendapat desa")))
        else:
            lines.append(values.Check(False, _("Belum diputus musyawarah desa")))
    return lines


def history(seen: RequestSeen) -> Iterator[values.TimelineDay]:
    """What happened, newest first, by day; one's own corrections in a row are one entry."""
    entries = [(timezone.localtime(event.recorded_at), _entry(seen, event)) for event in _joined(seen.events)]
    for day, group in groupby(reversed(entries), key=lambda one: one[0].date()):
        yield values.TimelineDay(day, tuple(entry for _at, entry in group))


def _joined(events: Iterable[Event]) -> Iterator[Event]:
    before: Event | None = None
    for event in events:
        if before is not None and not (
            before.type == event.type == "amended" and before.actor == event.actor
        ):
            yield before
        before = event
    if before is not None:
        yield before


def _entry(seen: RequestSeen, event: Event) -> values.TimelineEntry:
    body: Mapping[str, Any] = event.body if event.body is not None else NOTHING
    asked = seen.case.request
    what = _(HAPPENED[event.type]) if event.type in HAPPENED else event.type
    evidence_url = ""
    if event.body is None:
        what = {"deliberated": _("Diputus desa"), "determined": _("Ditetapkan pusat")}.get(event.type, what)
    elif event.type == "deliberated":
        what = (
            _("Diputus layak oleh desa")
            if body.get("outcome") == "fit"
            else _("Diputus belum layak oleh desa")
        )
    elif event.type == "determined":
        what = _("Disetujui pusat") if body.get("outcome") == "yes" else _("Tidak disetujui pusat")
    elif event.type == "evidence_added":
        kind = str(body.get("evidence", {}).get("kind", ""))
        words = parameters.load().words["evidence"].get(kind)
        what = f"{what}: {words[language()] if words else kind}"
        digest = str(body.get("evidence", {}).get("digest", ""))
        if any(one.digest == digest for one in asked.evidence):
            evidence_url = reverse("evidence_file", args=[asked.id, digest])
    elif event.type == "forwarded":
        what = word("forwarded", str(body.get("outcome", "forwarded")))
    elif event.type == "visited":
        what = f"{what}: {word('finding', str(body.get('finding', '')))}"
    elif event.type in ("offered", "taken_over", "declined"):
        what = f"{what}: {place(str(body.get('to', ''))).shown}"
    elif event.type in ("appealed", "withdrawn", "kept", "referred"):
        what = f"{what}: {body.get('statement', '')}".rstrip(": ")
    return values.TimelineEntry(
        what=what,
        before=None,
        after=None,
        who=_who(seen, event.actor),
        source=_reason_words(event) if event.reason else "",
        recorded_at=event.recorded_at,
        evidence_url=evidence_url,
    )


def _who(seen: RequestSeen, login: str) -> str:
    if login == "system":
        return word("role", "system")
    return _("Pemohon, lewat halaman permintaan") if login == "resident" else seen.name_of(login)


def _reason_words(event: Event) -> str:
    reasons = parameters.load().reasons
    for name in ("return", "refuse", "determination"):
        if (found := reasons[name].get(event.reason or "")) is not None:
            return found.label[language()]
    return event.reason or ""


def _deeds(asked: Request, offered: Mapping[str, tuple[Refusal, ...]]) -> list[values.Deed]:
    """Links to the pages of the steps that the actor's role has here; what stands in the way is said beside it."""
    number = asked.id
    shown = []
    for name in OFFERED:
        if name not in offered:
            continue
        refused = say_all(offered[name])
        match name:
            case "reserve":
                url, icon, kind = reverse("draft_check", args=[number]), "archive", "primary"
            case "amend":
                url, icon, kind = first_fields_url(asked), "pencil", "secondary"
            case "prove":
                url, icon, kind = reverse("draft_evidence", args=[number]), "camera", "secondary"
            case "refer":
                if not must_go(asked):
                    continue
                url, icon, kind = reverse("refer", args=[number]), "send", "primary"
            case "appeal":
                url, icon, kind = reverse("appeal", args=[number]), "message-circle", "secondary"
            case "offer" if asked.offer is None:
                url, icon, kind = reverse("offer", args=[number]), "send", "quiet"
            case "recall" if asked.offer is not None:
                url, icon, kind = reverse("offer", args=[number]), "arrow-back-up", "quiet"
            case "withdraw":
                url, icon, kind = reverse("withdraw", args=[number]), "ban", "quiet"
            case _:
                continue
        label = _("Catat sudah dibawa ke Dukcapil") if name == "refer" else word("step", name)
        shown.append(values.Deed(label, url=url, icon=icon, kind=kind, refused=refused))
    return shown


# --- deeds ----------------------------------------------------------------------------------------------------------


@signed_in(*READERS)
def state_withdrawal(request: Desk, number: int) -> HttpResponse:
    """The applicant takes the request back; the village writes down what was said."""
    return _take_with_statement(request, number, "withdraw")


@signed_in(*READERS)
def state_keeping(request: Desk, number: int) -> HttpResponse:
    """Asked by the village, the applicant wants to go on after all."""
    return _take_with_statement(request, number, "keep")


@signed_in(*READERS)
def state_appeal(request: Desk, number: int) -> HttpResponse:
    """The applicant does not agree with the village's decision; the request goes on with the village's opinion."""
    return _take_with_statement(request, number, "appeal")


@signed_in(*READERS)
def state_referral(request: Desk, number: int) -> HttpResponse:
    """The papers were taken to the civil registry; the village writes down by whom and when."""
    return _take_with_statement(request, number, "refer")


STATEMENT_AT_MOST = 500


def _take_with_statement(request: Desk, number: int, step: str) -> HttpResponse:
    seen = find_request(request, number, purpose="request")
    asked = seen.case.request
    statement = said(request.POST, "statement")
    done = Done()
    if request.method == "POST":
        command = Take(number, step, {"statement": statement}, seen=seen_version(request))
        done = carry_out(request, take_step, command)
        if done.ok:
            return redirect("request", number)
    context = {
        "asked": asked,
        "version": asked.version,
        "about": about(seen),
        "kind_word": word("kind", asked.kind),
        "step": step,
        "title": word("step", step),
        "label": _("Catat sudah dibawa") if step == "refer" else word("step", step),
        "statement": statement,
        "limit": STATEMENT_AT_MOST,
        "refused": say_all(why_not(seen.case, step, request.actor)),
        "back_url": reverse("request", args=[number]),
        "errors": field_errors(done.refusals, fields={"must-be-said": "statement"}),
        "conflict": done.conflict,
        "conflict_who": changed_by(seen, done),
    }
    return page(request, "change_request/statement.html", context)


@signed_in(*READERS)
@require_POST
def take_up(request: Desk, number: int) -> HttpResponse:
    """Take up a request that came back; of what is in conflict, each value is kept or dropped."""
    seen = find_request(request, number, purpose="request")
    lines = seen.case.lines or ()
    undecided = []
    keep = []
    for line in lines:
        key = (line.change.subject, line.change.attribute)
        way = said(request.POST, f"keep_{key[0]}_{key[1]}")
        if seen.case.request.kind in CHOSEN:
            # Its parts belong together: it is taken up whole, or filled in anew.
            keep.append(key)
        elif line.outcome is Outcome.CONFLICT and way not in ("current", "ours"):
            undecided.append(Refusal.of("conflict-undecided", attribute=key[1]))
        elif line.outcome is Outcome.VALID or way == "ours":
            keep.append(key)
    if undecided:
        return _show(request, seen, Done(refusals=tuple(undecided)))
    done = carry_out(request, resume, Resume(number, tuple(keep), seen_version(request)))
    if done.ok:
        return redirect("request", number)
    return _show(request, seen, done)


# --- the receipt ----------------------------------------------------------------------------------------------------


@signed_in(*READERS)
def show_receipt(request: Desk, number: int) -> HttpResponse:
    """What the resident takes home, as a page that can be printed."""
    receipt = _receipt(request, number)
    with translation.override("id"):
        asked = wiring.ask(requests_by_number, [number])[number]
        context = {"receipt": receipt, "number": number, "referral": referral(asked)}
        return page(request, "change_request/receipt.html", context)


@signed_in(*READERS)
def give_receipt(request: Desk, number: int) -> HttpResponse:
    """The receipt as PDF."""
    seen = find_request(request, number, purpose="receipt")
    receipt = _paper_receipt(request, seen)
    headers = {
        "Content-Type": "application/pdf",
        "Content-Disposition": f'inline; filename="tanda-terima-{receipt.number}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(print_receipt(receipt), headers=headers)


def _paper_receipt(request: Desk, seen: RequestSeen) -> Receipt:
    asked = seen.case.request
    if not asked.ticket:
        raise Http404
    with translation.override("id"):
        return receipt_of(
            asked,
            step=step_words(seen),
            host=request.get_host() + reverse("ticket"),
            address=ticket_url(request, asked.ticket),
            now=request.now,
        )


def step_words(seen: RequestSeen) -> str:
    """The present step in a few words, with its day where one is known."""
    waiting = seen.waiting
    if waiting is None:
        return word("state", seen.case.request.state.value)
    if waiting.step == "pack" and waiting.until is not None and not waiting.assumed:
        return f"{_(NOW_AT['pack'])}, {write_day(waiting.until, language())}"
    return _(NOW_AT[waiting.step]) if waiting.step in NOW_AT else word("state", seen.case.request.state.value)


def _receipt(request: Desk, number: int) -> values.Receipt:
    seen = find_request(request, number, purpose="receipt")
    paper = _paper_receipt(request, seen)
    district, _comma, regency = paper.region.partition(", ")
    return values.Receipt(
        village=paper.office,
        district=district,
        regency=regency,
        number=paper.number,
        name=paper.name,
        kind=paper.kind,
        received_at=paper.received_at,
        received_by=paper.received_by,
        step=paper.step,
        address=paper.host,
        url=paper.address,
        printed_at=paper.printed_at,
        phone=paper.telephone,
    )
