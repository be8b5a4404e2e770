"""The pages of annulments: one person asks and shows why, another sees both values and everything that follows, and decides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from mutakhir import parameters, wiring
from mutakhir.actions import annulment as actions
from mutakhir.actions.annulment import Foreseen
from mutakhir.core.actors import Actor
from mutakhir.core.annulments import Line, Outcome
from mutakhir.core.calendar import today_in, zone_of
from mutakhir.core.change_requests import Request
from mutakhir.core.flows.annulment import DECIDERS, Annulment, State, why_not
from mutakhir.core.refusals import Refusal
from mutakhir.core.tickets import shown
from mutakhir.gateways import uploads
from mutakhir.gateways.blobs import BlobDamaged, BlobMissing
from mutakhir.gateways.uploads import MEDIA_TYPES
from mutakhir.queries import annulment as queries
from mutakhir.queries.annulment import AnnulmentLine, AnnulmentPage, TaskLine
from mutakhir.queries.cases import requests_by_number
from mutakhir.queries.people import names_of_people
from mutakhir.web.change_request.draft import find_request
from mutakhir.web.change_request.questions import said
from mutakhir.web.change_request.show import chip_of
from mutakhir.web.desk import READERS, Desk, SeeOther, carry_out, log_reading, page, seen_version, signed_in
from mutakhir.web.people.said import HIDDEN, label_of, words_of
from mutakhir.web.refusals import FieldError, field_errors, language, say_all, word
from mutakhir.web.uploads import Taken, take_or_keep
from mutakhir.web.values import Cell, Column, Row, WorkItem
from mutakhir.wiring import annulments as wired

TEXT_AT_MOST = 500
MAX_MB = 20
LIMITS = uploads.Limits(photo_bytes=MAX_MB << 20, scan_bytes=MAX_MB << 20, picture_pixels=100_000_000)
FORMS = {media_type: form for form, media_type in MEDIA_TYPES.items()}
CHIPS = {
    State.ASKED: "waiting",
    State.APPROVED: "done",
    State.REFUSED: "refused",
    State.TAKEN_BACK: "withdrawn",
}


def state_word(state: State) -> str:
    return {
        State.ASKED: _("Menunggu keputusan"),
        State.APPROVED: _("Disetujui, sudah dibatalkan"),
        State.REFUSED: _("Tidak disetujui"),
        State.TAKEN_BACK: _("Ditarik kembali"),
    }[state]


# --- asking ---------------------------------------------------------------------------------------------------------


@signed_in(*READERS)
def ask_annulment(request: Desk, number: int) -> HttpResponse:
    """The supervisor sees both values and what will follow, says why, and adds the signed statement."""
    seen = find_request(request, number, purpose="annulment")
    asked = seen.case.request
    typed = {"reason": said(request.POST, "reason")}
    errors: list[FieldError] = []
    if request.method == "POST":
        statement = take_or_keep(request, "statement", zone=zone_of(asked.region), limits=LIMITS)
        if isinstance(statement, tuple):
            errors = [FieldError("statement", one.text) for one in field_errors(statement)]
        else:
            proof = statement or Taken("", "", "", 0)
            typed |= {"statement_kept": proof.digest, "statement_name": proof.name}
            command = actions.Ask(
                number, typed["reason"], proof.digest, proof.media_type, seen_version(request)
            )
            done = carry_out(request, actions.ask, command)
            if done.ok:
                return SeeOther(reverse("annulment", args=[done.number]))
            errors = field_errors(done.refusals)
    foreseen = wiring.ask(_foresee, asked)
    others = wiring.ask(queries.annulments_of, asked.id)
    context = {
        "asked": asked,
        "version": asked.version,
        "kind_word": word("kind", asked.kind),
        "place": seen.place.shown,
        "back_url": reverse("request", args=[number]),
        "refused": say_all(why_not(None, "ask", request=asked, actor=request.actor, others=others)),
        "typed": typed,
        "limit": TEXT_AT_MOST,
        "max_mb": MAX_MB,
        "errors": errors,
        **_values(foreseen.lines),
        "follows": _follows(foreseen, request.actor),
    }
    return page(request, "annulment/ask.html", context)


def _foresee(asked: Request) -> Foreseen:
    return actions.foresee(asked, register=wiring.open_register(), terms=wiring.terms())


# --- one annulment --------------------------------------------------------------------------------------------------

VERBS = ("approve", "refuse", "take_back")


@signed_in(*READERS)
def show_annulment(request: Desk, number: int) -> HttpResponse:
    found = _find(request, number)
    note = said(request.POST, "note")
    errors: list[FieldError] = []
    conflict = False
    if request.method == "POST":
        verb = said(request.POST, "verb")
        if verb not in VERBS:
            raise Http404
        done = carry_out(request, wired.decide, actions.Decide(number, verb, note, seen_version(request)))
        if done.ok:
            messages.success(request, _done_word(verb))
            return SeeOther(reverse("annulment", args=[number]))
        errors, conflict = field_errors(done.refusals), done.conflict
        found = _find(request, number)
    annulment, asked = found.line.annulment, found.line.request
    log_reading(request, purpose="annulment", region=annulment.region, subject=asked.person or asked.family)
    waits = annulment.state is State.ASKED
    foreseen = wiring.ask(_foresee, asked) if waits else None
    refusals = {verb: why_not(annulment, verb, request=asked, actor=request.actor) for verb in VERBS}
    context = {
        "annulment": annulment,
        "asked": asked,
        "version": annulment.version,
        "kind_word": word("kind", asked.kind),
        "place": found.line.place.shown,
        "chip": {"state": CHIPS[annulment.state], "word": state_word(annulment.state)},
        "waiting": _waiting(found.line) if waits else None,
        "asked_by": found.names[annulment.asked_by],
        "decided_by": found.names.get(annulment.decided_by or "", ""),
        "may_decide": waits and not _lacks_role(refusals["approve"]),
        "may_take_back": waits and not _lacks_role(refusals["take_back"]),
        "refused": {verb: say_all(reasons) for verb, reasons in refusals.items()},
        "note": note,
        "limit": TEXT_AT_MOST,
        "errors": errors,
        "conflict": conflict,
        "conflict_who": found.names.get(annulment.decided_by or annulment.asked_by, ""),
        **_values(foreseen.lines if foreseen else annulment.lines),
        "follows": _follows(foreseen, request.actor) if foreseen else _reopened(found, request.actor),
        "tasks": [_task(one) for one in found.tasks],
    }
    return page(request, "annulment/annulment.html", context)


def _find(request: Desk, number: int) -> AnnulmentPage:
    found = wiring.ask(
        queries.annulment_page,
        number,
        actor=request.actor,
        now=request.now,
        deadlines=wiring.terms().deadlines,
    )
    if found is None:
        raise Http404
    return found


def _lacks_role(refusals: Iterable[Refusal]) -> bool:
    return any(one.rule == "role-missing" for one in refusals)


def _waiting(line: AnnulmentLine) -> dict[str, Any]:
    return {
        "what": word("step", "annul"),
        "who": word("role", DECIDERS[0].value),
        "since": today_in(line.annulment.region, line.annulment.asked_at),
        "until": line.due,
        "days_late": line.days_late,
    }


def _done_word(verb: str) -> str:
    return {
        "approve": _("Perubahan dibatalkan. Nilai sebelumnya berlaku lagi."),
        "refuse": _("Pembatalan tidak disetujui. Register tidak berubah."),
        "take_back": _("Permintaan pembatalan ditarik kembali. Register tidak berubah."),
    }[verb]


# --- what both show -------------------------------------------------------------------------------------------------


def _values(lines: Iterable[Line]) -> dict[str, Any]:
    """Both values of each line in words."""
    order = {one.name: place for place, one in enumerate(parameters.load().attributes)}
    kept = sorted(
        (line for line in lines if line.attribute not in HIDDEN),
        key=lambda line: (line.of, line.subject, order[line.attribute]),
    )
    names = wiring.ask(names_of_people, {one.subject for one in kept if one.of == "person"}, scopes=("",))
    # Of a newcomer who is not known any more, the name stands among the values.
    names |= {one.subject: str(one.stated) for one in kept if one.attribute == "name" and one.stated}
    return {
        "columns": [
            Column(_("Isian")),
            Column(_("Diterapkan")),
            Column(_("Sekarang")),
            Column(_("Setelah dibatalkan")),
        ],
        "rows": [_row(line, names) for line in kept],
        "stands": sum(line.outcome is Outcome.STANDS for line in kept),
    }


def _row(line: Line, names: dict[int, str]) -> Row:
    label = label_of(line.attribute)
    if line.of == "person":
        label = f"{names.get(line.subject, '')}: {label}".removeprefix(": ")
    stands = line.outcome is Outcome.STANDS
    stated, now, after = (
        words_of(line.attribute, value) or _("(kosong)") for value in (line.stated, line.now, line.after)
    )
    return Row(
        (
            Cell(label),
            Cell(stated),
            Cell(now),
            Cell(after, sub=_("Sudah dinyatakan lagi oleh pihak lain; tidak diubah.") if stands else ""),
        )
    )


def _follows(foreseen: Foreseen, actor: Actor) -> list[WorkItem]:
    """The other requests that an annulment would touch, and what becomes of each."""
    sentences = {
        **dict.fromkeys(foreseen.waiting, _("Masih berjalan; dibandingkan lagi di langkah berikutnya.")),
        **dict.fromkeys(
            foreseen.derived, _("Timbul dari perubahan ini; pemiliknya diminta melihatnya lagi.")
        ),
        **dict.fromkeys(foreseen.settled, _("Selesai karena register sudah sesuai; akan menunggu lagi.")),
    }
    found = wiring.ask(requests_by_number, sentences)
    return [
        _request(found[number], sentence)
        for number, sentence in sentences.items()
        if number in found and actor.sees(found[number].region)
    ]


def _reopened(found: AnnulmentPage, actor: Actor) -> list[WorkItem]:
    return [
        _request(one, _("Menunggu lagi, karena yang membuatnya selesai sudah dibatalkan."))
        for one in found.reopened
        if actor.sees(one.region)
    ]


def _request(asked: Request, sentence: str) -> WorkItem:
    number = shown(asked.ticket) if asked.ticket else str(asked.id)
    chip = chip_of(asked)
    return WorkItem(
        title=f"{asked.subject_name} · {word('kind', asked.kind)} · {number}",
        url=reverse("request", args=[asked.id]),
        sentence=sentence,
        state=chip["state"],
        word=chip["word"],
        count=chip.get("count"),
    )


def _task(task: TaskLine) -> WorkItem:
    """The work that an annulment made, with its owner and its last day."""
    role = word("role", task.owner)
    return WorkItem(
        title=str(task.particulars.get("name", "")),
        url=reverse("task", args=[task.id]),
        sentence=parameters.load().sentence(task.rule, language(), **task.particulars),
        state="done" if task.is_closed else "waiting",
        word="" if task.is_closed else _("Menunggu {who}").format(who=role),
        who="" if task.is_closed else role,
        since=None if task.is_closed else today_in(task.region, task.since),
        until=None if task.is_closed else task.due,
    )


# --- the list, and the paper ----------------------------------------------------------------------------------------


@signed_in(*READERS)
def show_annulments(request: Desk) -> HttpResponse:
    """The annulments within reach, those that wait first."""
    found = wiring.ask(
        queries.list_annulments,
        request.actor.scopes(),
        now=request.now,
        deadlines=wiring.terms().deadlines,
    )
    for region in request.actor.scopes():
        log_reading(request, purpose="annulment", region=region)
    return page(request, "annulment/annulments.html", {"items": [_item(one) for one in found]})


def _item(line: AnnulmentLine) -> WorkItem:
    annulment = line.annulment
    waiting = _waiting(line) if annulment.state is State.ASKED else {}
    return WorkItem(
        title=f"{line.request.subject_name} · {line.place.village}",
        url=reverse("annulment", args=[annulment.id]),
        sentence=word("kind", line.request.kind),
        state="late" if line.days_late else CHIPS[annulment.state],
        days=line.days_late or None,
        word="" if line.days_late else state_word(annulment.state),
        **waiting,
    )


@signed_in(*READERS)
def give_statement(request: Desk, number: int) -> HttpResponse:
    """The signed statement, to who may see the annulment."""
    annulment: Annulment = _find(request, number).line.annulment
    form = FORMS.get(annulment.media_type)
    if form is None:
        raise Http404
    log_reading(request, purpose="annulment", region=annulment.region, subject=annulment.request)
    try:
        with wiring.blobs().open(annulment.statement) as stream:
            body = stream.read()
    except (BlobMissing, BlobDamaged, ValueError):
        raise Http404 from None
    name = f"{_('Surat pernyataan')} {number}"
    return HttpResponse(body, headers=uploads.serving_headers(form, name=name))
