"""One list of a kabupaten: its rows and digest, its letter, its way to the centre, and the centre's answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutakhir import parameters, wiring
from mutakhir.actions import submission as submissions
from mutakhir.core import dates, digests
from mutakhir.core.calendar import today_in, zone_of
from mutakhir.core.change_requests import Request, State
from mutakhir.core.flows.change_request import why_not as why_not_step
from mutakhir.core.flows.submission import Letter, why_not, why_not_letter
from mutakhir.core.flows.submission import State as ListState
from mutakhir.core.refusals import Conflict, Refusal, Refused
from mutakhir.core.tickets import shown as shown_ticket
from mutakhir.gateways import uploads
from mutakhir.gateways.blobs import BlobDamaged, BlobMissing, BlobTooLarge
from mutakhir.gateways.files import RejectedRow
from mutakhir.queries import submission as lists
from mutakhir.queries.cases import cases_of, requests_by_number
from mutakhir.queries.submission import ListWork
from mutakhir.web import desk, formats
from mutakhir.web.batch.finalise import spreadsheet
from mutakhir.web.batch.overview import carried_sentence, list_word
from mutakhir.web.batch.review import STATES
from mutakhir.web.desk import READERS, Desk, signed_in, typed_number
from mutakhir.web.refusals import FieldError, field_errors, language, say, say_all, word
from mutakhir.web.uploads import take_or_keep
from mutakhir.web.values import Cell, Column, Left, Link, Option, Row
from mutakhir.wiring.list_documents import Told, print_endorsement, print_name_list
from mutakhir.wiring.lists import send_list, take_answer_file

SHOWN_REJECTS = 50
LETTER_AHEAD = timedelta(days=366)
TEXT_AT_MOST = 120
CHIPS = {
    ListState.FINALISED: "waiting",
    ListState.ENDORSED: "ready",
    ListState.SENT: "waiting",
    ListState.ANSWERED: "done",
}
ROW_FILTERS: Mapping[str, tuple[str, ...]] = {
    "semua": (),
    "berlaku": ("applied",),
    "ditolak": ("determined", "refused"),
    "bentrok": ("conflict",),
    "belum": ("sent",),
}


@signed_in(*READERS)
def show_list(request: Desk, number: int) -> HttpResponse:
    """The list as it stands; each of its forms posts here and says with `deed` what it is for."""
    work = _find(request, number)
    if request.method != "POST":
        return _page(request, work)
    deeds: Mapping[str, Callable[[Desk, ListWork], HttpResponse]] = {
        "endorse": _endorse,
        "send": _send,
        "answer": _take_answer,
        "determine": _determine,
    }
    deed = deeds.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404
    return deed(request, work)


def _find(request: Desk, number: int) -> ListWork:
    work = wiring.ask(
        lists.find_list, number, request.actor, now=request.now, deadlines=wiring.terms().deadlines
    )
    if work is None:
        raise Http404
    return work


def _see_again(number: int, **query: str) -> HttpResponse:
    address = reverse("submission", args=[number])
    return desk.SeeOther(address + "".join(f"?{key}={value}" for key, value in query.items()))


# --- the page -------------------------------------------------------------------------------------------------------


def _page(
    request: Desk,
    work: ListWork,
    *,
    errors: Sequence[FieldError] = (),
    typed: Mapping[str, str] | None = None,
    rejects: Sequence[RejectedRow] = (),
) -> HttpResponse:
    submission = work.submission
    shown = request.GET.get("tampil", "semua")
    shown = shown if shown in ROW_FILTERS else "semua"
    rows = wiring.ask(
        lists.row_page, submission.id, states=ROW_FILTERS[shown], after=request.GET.get("sesudah", "")
    )
    states = wiring.ask(lists.states_of_list, submission.id)
    left = wiring.ask(lists.left_the_list, submission)
    desk.log_reading(request, purpose="list", region=submission.region)
    by_hand = _by_hand(request, work, rows.rows)
    context: dict[str, Any] = {
        "work": work,
        "submission": submission,
        "address": reverse("submission", args=[submission.id]),
        "title": _("Daftar %(window)s, %(place)s")
        % {"window": work.window_name, "place": work.place.kabupaten or work.place.shown},
        "chip": "late" if work.days_late else CHIPS[submission.state],
        "chip_word": "" if work.days_late else list_word(submission.state),
        "what": word("step", work.step) if work.step else "",
        "who": word("role", work.owner.value) if work.owner else "",
        "carried": carried_sentence(work) if work.carried else "",
        "digest": digests.shown(submission.digest).split(),
        "letter_day": read_iso(submission.letter.day) if submission.letter else None,
        "rows_now": sum(states.values()),
        "counts": _counts(states) if submission.state in (ListState.SENT, ListState.ANSWERED) else [],
        "columns": [
            Column(_("Nama")),
            Column(_("Jenis")),
            Column(_("Desa")),
            Column(_("Nomor")),
            Column(_("Keadaan")),
        ],
        "rows": [_row(one) for one in rows.rows],
        "shown_count": len(rows.rows),
        "total": rows.total,
        "next_url": _rows_url(submission.id, shown, rows.following) if rows.following else "",
        "filters": _filters(submission.id, shown, states) if len(states) > 1 else [],
        "left": [_left(one) for one in left[:50]],
        "left_count": len(left),
        "left_now": _left_now(request),
        "told": answer_told(request),
        "endorse": _deed(request, work, "endorse"),
        "send": _send_deed(request, work),
        "answer": _deed(request, work, "answer"),
        "by_hand": by_hand,
        "reasons": [
            Option("", _("Pilih alasan")),
            *(
                Option(code, one.label[language()])
                for code, one in parameters.load().reasons["determination"].items()
            ),
        ],
        "files": _files(work),
        "typed": typed or {},
        "errors": list(errors),
        "error_of": {one.field: one.text for one in errors},
        "rejects": [
            {
                "row": one.row_number,
                "cells": ", ".join(str(cell) for cell in one.cells if str(cell))[:160],
                "reasons": [say(reason) for reason in one.reasons],
            }
            for one in rejects[:SHOWN_REJECTS]
        ],
        "reject_count": len(rejects),
        "may_print": submission.state in (ListState.FINALISED, ListState.ENDORSED, ListState.SENT),
    }
    return desk.page(request, "batch/submission.html", context)


def read_iso(text: str) -> date | str:
    """A day of a letter; what is no day stays as it was written."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _counts(states: Mapping[str, int]) -> list[tuple[str, int]]:
    """What the centre's answer came to, in words."""
    found = [
        (_("Berlaku di register"), states.get("applied", 0)),
        (_("Tidak diterima pusat"), states.get("determined", 0)),
        (_("Belum dijawab"), states.get("sent", 0)),
    ]
    return [one for one in found if one[1] or one[0] == _("Belum dijawab")]


def _row(one: lists.Row) -> Row:
    request = one.request
    state, said = _row_chip(request)
    return Row(
        (
            Cell(request.subject_name, "link", url=reverse("request", args=[request.id])),
            Cell(word("kind", request.kind)),
            Cell(one.place.village, sub=one.place.kecamatan),
            Cell(shown_ticket(request.ticket) if request.ticket else ""),
            Cell("", "chip", state=state, word=said),
        ),
        str(request.id),
    )


def _row_chip(request: Request) -> tuple[str, str]:
    if request.state is State.DETERMINED and request.answer == "no":
        reason = parameters.load().reasons["determination"].get(request.answer_reason or "")
        return "refused", reason.label[language()] if reason else _("Tidak diterima pusat")
    if request.state is State.APPLIED:
        return "in_force", ""
    return STATES.get(request.state.value, "waiting"), word("state", request.state.value)


def _rows_url(number: int, shown: str, after: str = "") -> str:
    query = [f"tampil={shown}"] if shown != "semua" else []
    query += [f"sesudah={after}"] if after else []
    return reverse("submission", args=[number]) + ("?" + "&".join(query) if query else "")


def _filters(number: int, shown: str, states: Mapping[str, int]) -> list[Link]:
    labels = {
        "semua": _("Semua"),
        "berlaku": _("Berlaku"),
        "ditolak": _("Tidak diterima"),
        "bentrok": _("Bentrok"),
        "belum": _("Belum dijawab"),
    }
    found = []
    for key, label in labels.items():
        count = (
            sum(states.get(state, 0) for state in ROW_FILTERS[key])
            if key != "semua"
            else sum(states.values())
        )
        if count or key == shown:
            found.append(Link(label, _rows_url(number, key), key == shown, count))
    return found


def _left(one: Request) -> dict[str, str]:
    return {
        "name": one.subject_name,
        "url": reverse("request", args=[one.id]),
        "why": _("Register sudah sama dengan yang diminta.")
        if one.state is State.SATISFIED
        else _("Isi register berubah sesudah permintaan dicatat; kembali ke desa dengan ketiga nilainya."),
    }


def _left_now(request: Desk) -> list[Left]:
    """What left the list at the step that was just taken, told once."""
    counts = request.session.pop("list_left", {})
    labels = {
        "contradicted": _("Bentrok dengan register, kembali ke desa"),
        "satisfied": _("Register sudah sama dengan yang diminta"),
    }
    return [Left(labels.get(key, key), count) for key, count in counts.items()]


def _files(work: ListWork) -> list[Link]:
    submission = work.submission
    found = []
    if submission.letter and submission.letter.scan and len(submission.letter.scan) == 64:
        found.append(
            Link(_("Surat pengesahan bertanda tangan"), _file_url(submission.id, submission.letter.scan))
        )
    if submission.file:
        found.append(Link(_("Berkas yang dikirim (XLSX)"), _file_url(submission.id, submission.file)))
    if submission.answer and len(submission.answer) == 64:
        found.append(Link(_("Berkas jawaban pusat"), _file_url(submission.id, submission.answer)))
    return found


def _file_url(number: int, digest: str) -> str:
    return reverse("submission-file", args=[number, digest])


def _deed(request: Desk, work: ListWork, verb: str) -> dict[str, Any]:
    """A deed of the list for who holds its role: shown while it is its turn, with what stands in its way."""
    reasons = why_not(work.submission, verb, actor=request.actor)
    rules = {one.rule for one in reasons}
    return {
        "shown": "role-missing" not in rules and "state-differs" not in rules,
        "refused": say_all(reasons),
    }


def _send_deed(request: Desk, work: ListWork) -> dict[str, Any]:
    """Sending also needs an open window; the route is asked about one of the rows."""
    deed = _deed(request, work, "send")
    if not deed["shown"]:
        return deed

    def ask() -> str:
        page = lists.row_page(work.submission.id, states=("endorsed",))
        if not page.rows:
            return ""
        number = page.rows[0].request.id
        cases = cases_of(list(requests_by_number([number]).values()), now=request.now, terms=wiring.terms())
        reasons = why_not_step(cases[number], "send", request.actor)
        return say_all(one for one in reasons if one.rule != "values-conflict")

    deed["refused"] = deed["refused"] or wiring.ask(ask)
    return deed


# --- endorsing and sending ------------------------------------------------------------------------------------------


def _letter_day(fields: Mapping[str, str], *, today: date) -> str | Refusal:
    """The day of the letter as three fields say it; a letter may be dated some days ahead."""
    parts = [fields.get(f"day_{part}", "").strip() for part in ("day", "month", "year")]
    if not any(parts):
        return Refusal.of("must-be-said", what="day")
    read = dates.read_day(" ".join(parts), today=today + LETTER_AHEAD, attribute="day")
    if isinstance(read, dates.Reading):
        return read.iso if len(read.iso) == 10 else Refusal.of("must-be-said", what="day")
    return read or Refusal.of("must-be-said", what="day")


def _endorse(request: Desk, work: ListWork) -> HttpResponse:
    """Record the signed letter; after a refusal everything typed stays, the scan too."""
    typed = {key: value for key, value in request.POST.dict().items() if isinstance(value, str)}
    scan, refusals = "", []
    taken = take_or_keep(request, "scan", zone=zone_of(work.submission.region), limits=SCAN_LIMITS)
    if isinstance(taken, tuple):
        refusals += [Refusal.of(one.rule, **{**dict(one.particulars), "what": "scan"}) for one in taken]
    elif taken is None:
        typed["scan_kept"] = ""
        refusals.append(Refusal.of("must-be-said", what="scan"))
    else:
        scan = taken.digest
        typed |= {"scan_kept": taken.digest, "scan_name": taken.name}
    day = _letter_day(typed, today=today_in(work.submission.region, request.now))
    if isinstance(day, Refusal):
        refusals.append(day)
    letter = Letter(
        typed.get("number", "")[:TEXT_AT_MOST],
        day if isinstance(day, str) else "-",
        typed.get("signer", "")[:TEXT_AT_MOST],
        typed.get("digest", ""),
        scan,
    )
    if refusals:
        refusals += why_not_letter(work.submission, letter)
        return _page(request, work, errors=_letter_errors(refusals), typed=typed)
    done = desk.carry_out(request, submissions.endorse, submissions.Endorse(work.submission.id, letter))
    if not done.ok:
        return _page(request, work, errors=_letter_errors(done.refusals), typed=typed)
    return _see_again(work.submission.id)


SCAN_LIMITS = uploads.Limits(photo_bytes=20 << 20, scan_bytes=20 << 20, picture_pixels=100_000_000)


def _letter_errors(refusals: Sequence[Refusal]) -> list[FieldError]:
    return field_errors(dict.fromkeys(refusals), fields={"digest-differs": "digest"})


def _send(request: Desk, work: ListWork) -> HttpResponse:
    done = desk.carry_out(request, send_list, work.submission.id)
    if not done.ok:
        return _page(request, work, errors=field_errors(done.refusals))
    if done.result is not None and done.result.left:
        request.session["list_left"] = dict(done.result.left)
    return _see_again(work.submission.id)


# --- the centre's answer --------------------------------------------------------------------------------------------


def _take_answer(request: Desk, work: ListWork) -> HttpResponse:
    """Take in the centre's file; a row that cannot be understood keeps the whole file out, and is named."""
    sent = request.FILES.get("answer_file")
    if not isinstance(sent, UploadedFile):
        return _page(request, work, errors=[FieldError("answer_file", _("Pilih dulu berkas jawabannya."))])
    try:
        taken = take_answer_file(
            cast("BinaryIO", sent),
            name=sent.name or "",
            submission=work.submission.id,
            actor=request.actor,
            now=request.now,
        )
    except BlobTooLarge as large:
        told = Refusal.of("file-too-large", maximum_mib=large.limit_bytes >> 20)
        return _page(request, work, errors=[FieldError("answer_file", say(told))])
    except (Refused, Conflict) as refused:
        if any(one.rule == "not-found" for one in refused.refusals):
            raise
        errors = [FieldError("answer_file", say(one)) for one in refused.refusals]
        return _page(request, work, errors=errors)
    if taken.refused:
        said = ngettext(
            "%(n)s baris belum bisa dibaca, jadi belum ada yang diterapkan.",
            "%(n)s baris belum bisa dibaca, jadi belum ada yang diterapkan.",
            len(taken.refused),
        ) % {"n": formats.write_count(len(taken.refused), language())}
        return _page(request, work, errors=[FieldError("answer_file", said)], rejects=taken.refused)
    request.session["answer_told"] = {
        "applied": taken.applied,
        "refused": taken.refused_by_centre,
        "satisfied": taken.satisfied,
        "conflicts": taken.conflicts,
        "again": taken.again,
        "warnings": taken.warnings,
    }
    return _see_again(work.submission.id)


def answer_told(request: Desk) -> list[str]:
    """What the answer file did, told once."""
    told = request.session.pop("answer_told", None)
    if not told:
        return []
    sentences = {
        "applied": ngettext(
            "%(n)s permintaan berlaku di register.", "%(n)s permintaan berlaku di register.", told["applied"]
        ),
        "refused": ngettext("%(n)s tidak diterima pusat.", "%(n)s tidak diterima pusat.", told["refused"]),
        "satisfied": ngettext(
            "%(n)s disetujui dan sudah sesuai register.",
            "%(n)s disetujui dan sudah sesuai register.",
            told["satisfied"],
        ),
        "conflicts": ngettext(
            "%(n)s bentrok dengan register dan kembali ke desa.",
            "%(n)s bentrok dengan register dan kembali ke desa.",
            told["conflicts"],
        ),
        "again": ngettext("%(n)s sudah pernah dijawab.", "%(n)s sudah pernah dijawab.", told["again"]),
        "warnings": ngettext(
            "%(n)s ditolak tanpa alasan yang dikenal; tanyakan kepada pusat.",
            "%(n)s ditolak tanpa alasan yang dikenal; tanyakan kepada pusat.",
            told["warnings"],
        ),
    }
    return [
        sentence % {"n": formats.write_count(told[key], language())}
        for key, sentence in sentences.items()
        if told[key] or key == "applied"
    ]


def _by_hand(request: Desk, work: ListWork, rows: Sequence[lists.Row]) -> dict[str, Any]:
    """Whether the reader may answer rows by hand, by the route's word on one of them; for a decree without a file."""
    sent = next((one.request for one in rows if one.request.state is State.SENT), None)
    if sent is None:
        return {"shown": False}
    cases = wiring.ask(cases_of, [sent], now=request.now, terms=wiring.terms())
    return {"shown": not why_not_step(cases[sent.id], "determine:yes", request.actor)}


def _determine(request: Desk, work: ListWork) -> HttpResponse:
    """Answer chosen rows by a decree: first a page that says what will happen, then the deed."""
    typed = {key: value for key, value in request.POST.dict().items() if isinstance(value, str)}
    numbers = [one for text in request.POST.getlist("row") if (one := typed_number(text)) is not None]
    outcome = request.POST.get("outcome", "")
    decree = request.POST.get("document", "").strip()[:TEXT_AT_MOST]
    reason = request.POST.get("reason", "") or None
    found = wiring.ask(requests_by_number, numbers)
    rows = [one for one in found.values() if one.submission == work.submission.id]
    errors = []
    if not rows:
        errors.append(FieldError("", _("Pilih dulu barisnya.")))
    if not decree:
        errors.append(FieldError("document", say(Refusal.of("must-be-said", what="document"))))
    if outcome not in ("yes", "no"):
        raise Http404
    if outcome == "no" and reason not in parameters.load().reasons["determination"]:
        errors.append(FieldError("reason", say(Refusal.of("must-be-said", what="reason"))))
    if errors:
        return _page(request, work, errors=errors, typed=typed)
    if request.POST.get("langkah") != "jalankan":
        return _preview(request, work, rows, outcome, decree, reason or "")
    answers = [submissions.Answer(one.id, outcome, reason if outcome == "no" else None) for one in rows]
    done = desk.carry_out(request, submissions.answer, answers, document=decree)
    if not done.ok:
        return _page(request, work, errors=field_errors(done.refusals), typed=typed)
    if done.result is not None:
        told = done.result
        request.session["answer_told"] = {
            "applied": told.applied,
            "refused": told.refused,
            "satisfied": told.satisfied,
            "conflicts": told.conflicts,
            "again": told.again,
            "warnings": 0,
        }
        if not wiring.ask(lists.states_of_list, work.submission.id).get("sent"):
            wiring.perform(
                submissions.take_answer, work.submission.id, file=decree, actor=request.actor, now=request.now
            )
    return _see_again(work.submission.id)


def _preview(
    request: Desk, work: ListWork, rows: Sequence[Request], outcome: str, decree: str, reason: str
) -> HttpResponse:
    open_rows = [one for one in rows if one.state is State.SENT]
    told = {"n": formats.write_count(len(open_rows), language())}
    label = _("Terima %(n)s permintaan") % told if outcome == "yes" else _("Tolak %(n)s permintaan") % told
    listed = parameters.load().reasons["determination"].get(reason)
    context = {
        "label": label,
        "taken": len(open_rows),
        "left": [Left(_("Sudah pernah dijawab"), len(rows) - len(open_rows))]
        if len(rows) > len(open_rows)
        else [],
        "examples": [{"title": one.subject_name, "detail": word("kind", one.kind)} for one in open_rows[:10]],
        "rows": [one.id for one in open_rows],
        "outcome": outcome,
        "document": decree,
        "reason": reason,
        "reason_label": listed.label[language()] if listed and outcome == "no" else "",
        "action": reverse("submission", args=[work.submission.id]),
    }
    return desk.page(request, "batch/determine.html", context)


# --- papers and files -----------------------------------------------------------------------------------------------


def _told(request: Desk, work: ListWork) -> Told:
    typed = request.POST if request.method == "POST" else request.GET
    fields = {key: value for key, value in typed.dict().items() if isinstance(value, str)}
    day = _letter_day(fields, today=today_in(work.submission.region, request.now))
    return Told(
        address=request.build_absolute_uri(reverse("submission", args=[work.submission.id])),
        number=fields.get("number", "")[:TEXT_AT_MOST],
        day=date.fromisoformat(day) if isinstance(day, str) else None,
        signer=fields.get("signer", "")[:TEXT_AT_MOST],
    )


@signed_in(*READERS)
def print_letter(request: Desk, number: int) -> HttpResponse:
    """The letter of endorsement with its annex; number, day and signer as the form beside the button says."""
    work = _find(request, number)
    desk.log_reading(request, purpose="print:endorsement", region=work.submission.region)
    body = wiring.ask(
        print_endorsement, number, told=_told(request, work), actor=request.actor, now=request.now
    )
    return _pdf(body, f"surat-pengesahan-{number}")


@signed_in(*READERS)
def print_names(request: Desk, number: int) -> HttpResponse:
    """The list by name and address (BNBA)."""
    work = _find(request, number)
    desk.log_reading(request, purpose="print:bnba", region=work.submission.region)
    body = wiring.ask(
        print_name_list, number, told=_told(request, work), actor=request.actor, now=request.now
    )
    return _pdf(body, f"bnba-{number}")


def _pdf(body: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        body,
        headers={
            "Content-Type": "application/pdf",
            "Content-Disposition": f'inline; filename="{name}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )


@signed_in(*READERS)
def give_file(request: Desk, number: int, digest: str) -> HttpResponse:
    """A file of a list: the signed letter, what was sent, what came back; only to who may see the list."""
    work = _find(request, number)
    found = lists.file_of(work.submission, digest)
    if found is None:
        raise Http404
    desk.log_reading(request, purpose=f"file:{found.what}", region=work.submission.region)
    if found.what != "scan":
        return spreadsheet(digest, f"{'usulan' if found.what == 'sent' else 'jawaban'}-{number}")
    try:
        with wiring.blobs().open(digest) as stream:
            body = stream.read()
    except (BlobMissing, BlobDamaged, ValueError):
        raise Http404 from None
    form: uploads.Form = (
        "pdf" if body.startswith(b"%PDF") else "png" if body.startswith(b"\x89PNG") else "jpeg"
    )
    return HttpResponse(body, headers=uploads.serving_headers(form, name=f"surat-pengesahan-{number}"))
