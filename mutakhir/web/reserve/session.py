"""Village meetings: the list, calling one, its page, the signed paper, and the head's confirmation."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mutakhir import parameters, wiring
from mutakhir.actions import session as actions
from mutakhir.core import dates
from mutakhir.core.actors import Actor
from mutakhir.core.calendar import today_in, zone_of
from mutakhir.core.change_requests import State as RequestState
from mutakhir.core.flows.session import Session
from mutakhir.core.flows.session import State as SessionState
from mutakhir.core.refusals import Refusal
from mutakhir.gateways.blobs import BlobDamaged, BlobMissing
from mutakhir.gateways.uploads import MEDIA_TYPES
from mutakhir.queries import session as queries
from mutakhir.queries.places import place
from mutakhir.queries.reserve import READERS
from mutakhir.queries.session import AgendaRow, Candidate, SessionLine, SessionPage
from mutakhir.web.change_request.questions import said
from mutakhir.web.desk import (
    Desk,
    SeeOther,
    carry_out,
    log_reading,
    new_form,
    page,
    seen_version,
    signed_in,
    typed_number,
)
from mutakhir.web.formats import write_day, write_day_short
from mutakhir.web.refusals import FieldError, field_errors, language, say_all, word
from mutakhir.web.reserve.addresses import address, asked_village, number_of, village_of
from mutakhir.web.uploads import Taken, take_upload
from mutakhir.web.values import Cell, Column, Option, Row, Step, WorkItem
from mutakhir.wiring.village_documents import matter_in_words, papers_of

MAX_MB = 20
FORMS = ("meeting", "sptjm")


def title_of(session: Session) -> str:
    told = {"day": write_day(session.day, language())}
    return _("SPTJM %(day)s") % told if session.form == "sptjm" else _("Musyawarah %(day)s") % told


# --- the list ---------------------------------------------------------------------------------------------------------


@signed_in(*READERS)
def show_sessions(request: Desk) -> HttpResponse:
    village = village_of(request)
    scopes = tuple(held.region for held in request.actor.held if held.role in READERS)
    before = _cursor(request.GET.get("sebelum", ""))
    deadlines = wiring.terms().deadlines
    found = wiring.ask(
        queries.list_sessions, scopes, now=request.now, deadlines=deadlines, region=village, before=before
    )
    context: dict[str, Any] = {
        "village": wiring.ask(place, village).village if village else "",
        "desa": asked_village(request, village),
        "items": [_item(line, request, with_village=not village) for line in found.lines],
        "first_url": address("sessions", desa=asked_village(request, village)) if before else "",
        "next_url": address(
            "sessions",
            desa=asked_village(request, village),
            sebelum=f"{found.next[0].isoformat()}_{found.next[1]}",
        )
        if found.next
        else "",
    }
    if village:
        today = today_in(village, request.now)
        waiting = wiring.ask(
            queries.candidates, village, actor=request.actor, today=today, deadlines=deadlines, limit=1
        )
        context |= {
            "rule": waiting.rule,
            "refused_call": say_all(waiting.refusals),
            "call_url": address("session_call", desa=asked_village(request, village)),
            "statement_url": address("session_call", desa=asked_village(request, village), bentuk="sptjm"),
            "agenda_url": address("reserve_agenda", desa=asked_village(request, village)),
        }
    return page(request, "reserve/sessions.html", context)


def _cursor(text: str) -> tuple[date, int] | None:
    day, _sign, number = text.partition("_")
    try:
        return (date.fromisoformat(day), int(number)) if text else None
    except ValueError:
        return None


def _item(line: SessionLine, request: Desk, *, with_village: bool) -> WorkItem:
    session = line.session
    counted = queries.tally(session)
    rows = ngettext("%(shown)s permintaan", "%(shown)s permintaan", counted.all) % {"shown": counted.all}
    mine = line.role is not None and request.actor.has((line.role,), session.region)
    late = line.days_late if line.verb else 0
    state = "done" if not line.verb else "late" if late else "yours" if mine else "waiting"
    if line.overtaken:
        state = "not_here"
    told = [rows]
    if session.state is not SessionState.CALLED:
        told.append(
            _("%(fit)s disetujui, %(not_fit)s tidak") % {"fit": counted.fit, "not_fit": counted.not_fit}
        )
    if session.place:
        told.append(session.place)
    return WorkItem(
        title=title_of(session) + (f" · {line.place.village}" if with_village else ""),
        url=address("session", session.id),
        sentence=" · ".join(told),
        state=state,
        word=_list_word(line, mine=mine, late=late),
        days=late or None,
        what=verb_word(line.verb),
        who=word("role", line.role.value) if line.role else "",
        since=line.since if line.verb else None,
        until=line.until,
        days_late=late,
        note=""
        if line.verb or line.overtaken
        else _("disahkan %(day)s")
        % {"day": write_day_short(today_in(session.region, line.since), language())},
    )


def _list_word(line: SessionLine, *, mine: bool, late: int) -> str:
    if line.overtaken:
        return _("Sudah diputus di tempat lain")
    if not line.verb:
        return _("Disahkan")
    if mine or late or line.role is None:
        return ""
    return _("Menunggu %(who)s") % {"who": word("role", line.role.value)}


def turn_items(actor: Actor, *, now: datetime) -> list[WorkItem]:
    """The meetings on which a person can act now, as rows of the work list."""
    turns = wiring.ask(queries.session_turns, actor, now=now, deadlines=wiring.terms().deadlines)
    return [
        WorkItem(
            title=title_of(line.session),
            url=address("session", line.session.id),
            sentence=ngettext(
                "%(shown)s permintaan. %(deed)s.", "%(shown)s permintaan. %(deed)s.", len(line.session.agenda)
            )
            % {"shown": len(line.session.agenda), "deed": verb_word(line.verb)},
            state="late" if line.days_late else "yours",
            days=line.days_late or None,
            what=verb_word(line.verb),
            who=word("role", line.role.value) if line.role else "",
            since=today_in(line.session.region, line.since),
            until=line.until,
            days_late=line.days_late,
        )
        for line in turns
    ]


def verb_word(verb: str) -> str:
    """What a meeting waits for."""
    return {
        "enter": _("Catat hasilnya"),
        "prove": _("Unggah berita acara atau SPTJM"),
        "confirm": _("Disahkan kepala desa"),
    }.get(verb, "")


# --- calling ----------------------------------------------------------------------------------------------------------


@signed_in(*READERS)
def call_session(request: Desk) -> HttpResponse:
    village = village_of(request)
    if not village:
        raise Http404
    today = today_in(village, request.now)
    typed = _typed_call(request, today)
    errors: list[FieldError] = []
    if request.method == "POST":
        day = day_of(typed["day"], typed["month"], typed["year"], today=today)
        if day is None:
            errors = [FieldError("day", _("Tulis tanggal musyawarah: tanggal, bulan, dan tahun."))]
        else:
            chosen = tuple(int(one) for one in typed["rows"]) if typed["agenda"] == "chosen" else None
            command = actions.Call(village, day, typed["place"].strip(), typed["form"], chosen)
            done = carry_out(request, actions.call, command)
            if done.ok:
                return SeeOther(address("session", done.number))
            errors = field_errors(
                done.refusals, fields={"agenda-empty": "agenda", "session-form-unknown": "form"}
            )
    found = wiring.ask(
        queries.candidates,
        village,
        actor=request.actor,
        today=today,
        deadlines=wiring.terms().deadlines,
    )
    context = {
        "village": wiring.ask(place, village).village,
        "desa": asked_village(request, village),
        "typed": typed,
        "errors": errors,
        "error_of": {one.field: one.text for one in errors},
        "found": found,
        "refused": say_all(found.refusals) or ("" if found.total else say_all([Refusal.of("agenda-empty")])),
        "forms": (
            Option("meeting", _("Musyawarah desa"), _("Dihadiri warga dan perangkat desa; hasilnya berita acara.")),
            Option("sptjm", "SPTJM", _("Surat pernyataan kepala desa sebagai ganti musyawarah yang belum bisa diadakan.")),
        ),
        "agendas": (
            Option("all", ngettext("Semua yang menunggu keputusan (%(n)s)", "Semua yang menunggu keputusan (%(n)s)", found.total) % {"n": found.total}),
            Option("chosen", _("Hanya yang dipilih di bawah")),
        ),
        "options": [_candidate(one) for one in found.rows],
        "back_url": address("sessions", desa=asked_village(request, village)),
    }  # fmt: skip
    listed = [one.request.id for one in found.rows]
    log_reading(request, purpose="agenda", region=village, subjects=listed)
    return page(request, "reserve/call.html", context)


def _typed_call(request: Desk, today: date) -> dict[str, Any]:
    if request.method == "POST":
        told = request.POST
        return {
            "form": told.get("form", "meeting"),
            "day": told.get("day_day", ""),
            "month": told.get("day_month", ""),
            "year": told.get("day_year", ""),
            "place": said(told, "place"),
            "agenda": told.get("agenda", "all"),
            "rows": [one for one in told.getlist("request") if typed_number(one) is not None],
        }
    first = request.GET.get("permintaan", "")
    return {
        "form": request.GET.get("bentuk") if request.GET.get("bentuk") in FORMS else "meeting",
        "day": str(today.day),
        "month": str(today.month),
        "year": str(today.year),
        "place": "",
        "agenda": "all",
        "rows": [first] if typed_number(first) is not None else [],
    }


def day_of(day: str, month: str, year: str, *, today: date) -> date | None:
    """The day that three fields name, None where they name none; it may lie up to a year ahead."""
    read = dates.read_day(f"{day} {month} {year}".strip(), today=today + timedelta(days=366))
    if isinstance(read, dates.Reading) and len(read.iso) == len("2026-11-24"):
        return date.fromisoformat(read.iso)
    return None


def _candidate(one: Candidate) -> Option:
    told = [matter_in_words(one.request, language())]
    if one.spot.shown:
        told.append(one.spot.shown)
    if one.lacks:
        told.append(lacks_word(one.lacks))
    if one.session is not None:
        told.append(_("sudah ada di agenda %(day)s") % {"day": write_day_short(one.session.day, language())})
    return Option(str(one.request.id), one.request.subject_name, " · ".join(told))


def lacks_word(lacks: tuple[str, ...]) -> str:
    known = parameters.load()
    told = ", ".join(known.piece(one, language()) for one in lacks[:3])
    if len(lacks) > 3:
        told = _("%(names)s, dan %(count)s lagi") % {"names": told, "count": len(lacks) - 3}
    return _("Kurang %(count)s: %(names)s") % {"count": len(lacks), "names": told}


# --- one meeting ------------------------------------------------------------------------------------------------------


@signed_in(*READERS)
def show_session(request: Desk, number: int) -> HttpResponse:
    return session_view(request, number)


def session_view(
    request: Desk, number: int, *, errors: list[FieldError] | None = None, typed: dict[str, str] | None = None
) -> HttpResponse:
    """The page of a meeting; after a refusal with every reason and with what was typed."""
    found = read_session(request, number, first=max(number_of(request.GET.get("dari")), 1))
    session = found.session
    desa = asked_village(request, session.region)
    papers = papers_of(session)
    counted = found.tally
    context = {
        "found": found,
        "session": session,
        "title": title_of(session),
        "village": found.place.village,
        "back_url": address("sessions", desa=desa),
        "errors": errors or [],
        "error_of": {one.field: one.text for one in errors or []},
        "typed": {"proof": "minutes", **(typed or {})},
        "confirmed": session.state is SessionState.CONFIRMED,
        "chip": _chip(request, found),
        "turn": verb_word(found.verb),
        "who": word("role", found.role.value) if found.role else "",
        "steps": _steps(found),
        "summary": _("%(fit)s disetujui, %(not_fit)s tidak disetujui, %(open)s belum dibahas")
        % {"fit": counted.fit, "not_fit": counted.not_fit, "open": counted.open},
        "refused_enter": say_all(found.refusals["enter"]),
        "refused_prove": say_all(found.refusals["prove"]),
        "refused_confirm": say_all(found.refusals["confirm"]),
        "results_url": address("session_results", number),
        "proof_kinds": _proof_kinds(session),
        "proofs": [
            {
                "word": proof_word(str(one["proof"])),
                "name": one.get("name") or one["digest"][:12],
                "url": address("session_file", number, one["digest"]),
            }
            for one in session.proofs
        ],
        "papers": [
            {
                "label": paper_word(name),
                "url": address("session_paper", number, name),
                "refused": say_all(told),
            }
            for name, told in papers.items()
        ],
        "columns": (
            Column(_("Nama")),
            Column(_("Permintaan")),
            Column(_("Yang masih kurang")),
            Column(_("Keputusan")),
        ),
        "rows": [_row(row, session) for row in found.rows],
        "shown_count": len(found.rows),
        "first_url": address("session", number, dari=found.previous_first) if found.previous_first else "",
        "next_url": address("session", number, dari=found.next_first) if found.next_first else "",
        "max_mb": MAX_MB,
        # The page has two forms: what was sent with one must never count as the other.
        "confirm_form": new_form(),
    }
    log_agenda(request, found)
    return page(request, "reserve/session.html", context)


def log_agenda(request: Desk, found: SessionPage) -> None:
    """The page names who is on the agenda."""
    listed = [row.request.id for row in found.rows]
    log_reading(request, purpose="agenda", region=found.session.region, subjects=listed)


def read_session(request: Desk, number: int, *, first: int = 1) -> SessionPage:
    found = wiring.ask(
        queries.session_page,
        number,
        actor=request.actor,
        now=request.now,
        deadlines=wiring.terms().deadlines,
        first=first,
    )
    if found is None or not request.actor.has(READERS, found.session.region):
        raise Http404
    return found


def _chip(request: Desk, found: SessionPage) -> dict[str, Any]:
    if found.overtaken:
        return {"state": "not_here", "word": _("Sudah diputus di tempat lain")}
    if not found.verb:
        return {"state": "done", "word": _("Disahkan")}
    if found.days_late:
        return {"state": "late", "days": found.days_late, "word": ""}
    if found.role is not None and request.actor.has((found.role,), found.session.region):
        return {"state": "yours", "word": ""}
    who = word("role", found.role.value) if found.role else ""
    return {"state": "waiting", "word": _("Menunggu %(who)s") % {"who": who}}


def _steps(found: SessionPage) -> list[Step]:
    session, names = found.session, found.names
    order = ["enter", "prove", "confirm", ""]
    now = order.index(found.verb)
    notes = {
        "enter": names.get(session.entered_by or "", ""),
        "prove": ", ".join(dict.fromkeys(proof_word(str(one["proof"])) for one in session.proofs)),
        "confirm": names.get(session.confirmed_by or "", ""),
    }
    titles = {
        "enter": _("Hasil dicatat"),
        "prove": _("SPTJM diunggah") if session.form == "sptjm" else _("Berita acara diunggah"),
        "confirm": _("Disahkan kepala desa"),
    }
    steps = [Step("done", _("Agenda disusun"), names.get(session.called_by, session.called_by))]
    for place_of, verb in enumerate(order[:-1]):
        done = place_of < now or (verb == "prove" and session.proof is not None)
        here = "stopped" if found.overtaken else "late" if found.days_late else "now"
        state = "done" if done else here if place_of == now else "next"
        steps.append(Step(state, titles[verb], notes[verb]))
    return steps


def _row(row: AgendaRow, session: Session) -> Row:
    decision, request = row.decision, row.request
    moved = session.state is not SessionState.CONFIRMED and (
        request.state is not RequestState.RESERVED or request.stands_decided
    )
    chip = Cell("", "chip", state="unseen", word=_("Belum dibahas"))
    if decision is not None and decision.outcome == "fit":
        chip = Cell("", "chip", state="agreed")
    elif decision is not None:
        chip = Cell("", "chip", state="refused", word=_("Tidak disetujui"), sub=decision.reason or "")
    if moved:
        chip = Cell(
            "",
            "chip",
            state="not_here",
            word=word("state", request.state.value),
            sub=_("Sudah berlanjut di luar musyawarah ini"),
        )
    return Row(
        (
            Cell(
                f"{row.number}. {request.subject_name}",
                "link",
                address("request", request.id),
                sub=row.spot.shown,
            ),
            Cell(matter_in_words(request, language())),
            Cell(lacks_word(row.lacks) if row.lacks else _("Lengkap")),
            chip,
        )
    )


def proof_word(proof: str) -> str:
    return {
        "minutes": _("Berita acara bertanda tangan"),
        "attendance": _("Daftar hadir bertanda tangan"),
        "sptjm": _("SPTJM bertanda tangan"),
    }[proof]


def _proof_kinds(session: Session) -> tuple[Option, ...]:
    kinds = ("sptjm",) if session.form == "sptjm" else ("minutes", "attendance")
    return tuple(Option(kind, proof_word(kind)) for kind in kinds)


def paper_word(name: str) -> str:
    return {
        "agenda": _("Agenda tanpa NIK"),
        "daftar-hadir": _("Daftar hadir"),
        "berita-acara": _("Berita acara"),
        "sptjm": "SPTJM",
        "bnba": _("Daftar nama dan alamat (BNBA)"),
    }[name]


# --- the signed paper, and the head -----------------------------------------------------------------------------------


@signed_in(*READERS)
@require_POST
def upload_proof(request: Desk, number: int) -> HttpResponse:
    found = read_session(request, number)
    taken = take_upload(request, "file", zone=zone_of(found.session.region))
    typed = {"proof": request.POST.get("proof", "")}
    if taken is None:
        errors = [FieldError("file", _("Pilih berkas yang sudah ditandatangani."))]
        return session_view(request, number, errors=errors, typed=typed)
    if not isinstance(taken, Taken):
        errors = [FieldError("file", one.text) for one in field_errors(taken)]
        return session_view(request, number, errors=errors, typed=typed)
    command = actions.Prove(
        number, taken.digest, typed["proof"], taken.media_type, taken.name, seen_version(request)
    )
    done = carry_out(request, actions.prove, command)
    if done.ok:
        messages.success(request, _("%(name)s sudah diunggah.") % {"name": taken.name})
        return SeeOther(address("session", number))
    return session_view(
        request, number, errors=field_errors(done.refusals, fields={"proof-unknown": "proof"}), typed=typed
    )


@signed_in(*READERS)
@require_POST
def confirm_session(request: Desk, number: int) -> HttpResponse:
    read_session(request, number)
    done = carry_out(request, actions.confirm, actions.Confirm(number, seen_version(request)))
    if done.ok:
        messages.success(
            request, _("Hasil musyawarah disahkan. Setiap permintaan kini menunjukkan keputusannya.")
        )
        return SeeOther(address("session", number))
    return session_view(request, number, errors=field_errors(done.refusals))


@signed_in(*READERS)
def open_proof(request: Desk, number: int, digest: str) -> HttpResponse:
    """A signed paper as it was uploaded."""
    session = read_session(request, number).session
    kept = next((one for one in session.proofs if one["digest"] == digest), None)
    if kept is None:
        raise Http404
    log_reading(request, purpose="session_proof", region=session.region)
    try:
        with wiring.blobs().open(digest) as stream:
            body = stream.read()
    except (BlobMissing, BlobDamaged, ValueError):
        raise Http404 from None
    media_type = kept.get("media_type") or ""
    known = media_type if media_type in MEDIA_TYPES.values() else "application/octet-stream"
    response = HttpResponse(body, content_type=known)
    response.headers["Content-Disposition"] = f'inline; filename="{digest[:12]}"'
    return response
