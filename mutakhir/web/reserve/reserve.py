"""The page of a village's reserve, the choice of a village for who stands above, and the reserve as a file."""

from __future__ import annotations

import csv
import re
from io import SEEK_END, StringIO
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutakhir import parameters, wiring
from mutakhir.core import tickets
from mutakhir.core.actors import Role
from mutakhir.core.change_requests import missing
from mutakhir.core.flows.session import why_not as why_not_session
from mutakhir.core.flows.window import Window
from mutakhir.gateways.files import safe_cell
from mutakhir.queries import reserve as queries
from mutakhir.queries.regions import boundary_of
from mutakhir.queries.reserve import READERS, Chosen, Entry, Outlook, Reserve
from mutakhir.web.desk import Desk, log_reading, page, signed_in
from mutakhir.web.refusals import language, say_all, word
from mutakhir.web.reserve.addresses import address, asked_village, number_of, village_of
from mutakhir.web.reserve.cards import card_of, recorded_on, until_label, waiting_words, who_acts
from mutakhir.web.values import Cell, Column, Link, Option, Period, Row

VILLAGE_ROLES = (Role.VILLAGE_OPERATOR, Role.VILLAGE_HEAD)
PARTS = {
    "kurang": ("incomplete", gettext_lazy("Belum lengkap")),
    "siap": ("ready", gettext_lazy("Siap")),
    "semua": ("all", gettext_lazy("Semua")),
    "musyawarah": ("undecided", gettext_lazy("Menunggu musyawarah")),
    "dukcapil": ("referred", gettext_lazy("Ke Dukcapil")),
    "ditolak": ("refused", gettext_lazy("Ditolak desa")),
}
BY_DUSUN = "dusun"
_PIECE = re.compile(r"(attribute|evidence):[a-z_]{1,40}\Z|change\Z|reason\Z|decision\Z")


@signed_in(*READERS)
def show_reserve(request: Desk) -> HttpResponse:
    village = village_of(request)
    if not village:
        return _show_villages(request)
    slug = request.GET.get("saring", "")
    # Who opens the page without a filter sees what is to be done; where nothing is, everything.
    chosen = _chosen(request, slug)
    found = _ask(request, village, chosen)
    if not slug and not chosen.lacking and chosen.dusun is None and not found.counts.incomplete:
        slug = "semua"
        found = _ask(request, village, Chosen(part="all", after=chosen.after))
    _log(request, village, found, "reserve")
    return page(request, "reserve/reserve.html", _context(request, village, found, slug or "kurang", chosen))


def _log(request: Desk, village: str, found: Reserve, purpose: str) -> None:
    subjects = [one.request.id for one in found.entries]
    log_reading(request, purpose=purpose, region=village, subjects=subjects)


def _ask(request: Desk, village: str, chosen: Chosen) -> Reserve:
    return wiring.ask(
        queries.reserve,
        village,
        chosen,
        actor=request.actor,
        now=request.now,
        terms=wiring.terms(),
        parameters=parameters.load(),
    )


def _chosen(request: Desk, slug: str) -> Chosen:
    lacking = request.GET.get("hal", "")
    dusun = request.GET.get("dusun")
    part = PARTS.get(slug, ("all" if slug == BY_DUSUN else "incomplete", ""))[0]
    return Chosen(
        part=part,
        lacking=lacking if _PIECE.match(lacking) else "",
        dusun=dusun,
        by_dusun=slug == BY_DUSUN and dusun is None,
        after=number_of(request.GET.get("sesudah")),
    )


def _context(request: Desk, village: str, found: Reserve, slug: str, chosen: Chosen) -> dict[str, Any]:
    desa = asked_village(request, village)
    may_call = why_not_session(None, "call", actor=request.actor, region=village, today=found.today)
    return {
        "found": found,
        "village": found.place.village,
        "place": found.place,
        "desa": desa,
        "above": not request.actor.has(VILLAGE_ROLES, village),
        "cards": [card_of(one, actor=request.actor, village=desa) for one in found.entries],
        "chips": _chips(found, slug, desa),
        "by_dusun": chosen.by_dusun,
        "dusun_rows": [_dusun_row(one, desa) for one in found.dusun] if chosen.by_dusun else [],
        "dusun_columns": (
            Column(_("Dusun")),
            Column(_("Siap"), "right"),
            Column(_("Belum lengkap"), "right"),
            Column(_("Ke Dukcapil"), "right"),
            Column(_("Ditolak desa"), "right"),
        ),
        "narrowed": _narrowed(chosen, slug, desa),
        "shown_count": len(found.entries),
        "shown_total": _shown_total(found, chosen),
        "first_url": address("reserve", desa=desa, saring=slug, hal=chosen.lacking, dusun=chosen.dusun)
        if chosen.after
        else "",
        "next_url": address(
            "reserve", desa=desa, saring=slug, hal=chosen.lacking, dusun=chosen.dusun, sesudah=found.next
        )
        if found.next
        else "",
        "lacking": [
            (_lacking_word(what), count, address("reserve", desa=desa, saring="kurang", hal=what))
            for what, count in found.lacking
        ],
        "period": period_of(found.outlook, found),
        "calls": [_call(one) for one in found.outlook.calls],
        "batches": found.batches,
        "refused_call": say_all(may_call),
        "call_url": address("session_call", desa=desa),
        "statement_url": address("session_call", desa=desa, bentuk="sptjm"),
        "file_url": address("reserve_file", desa=desa, saring=slug, hal=chosen.lacking, dusun=chosen.dusun),
        "agenda_url": address("reserve_agenda", desa=desa),
        "leaving_url": address("leaving_form", desa=desa),
        "sessions_url": address("sessions", desa=desa),
    }


def _chips(found: Reserve, slug: str, desa: str) -> list[Link]:
    links = [
        Link(str(label), address("reserve", desa=desa, saring=name), name == slug, found.counts.of(part))
        for name, (part, label) in PARTS.items()
    ]
    links.insert(
        3, Link(_("Menurut dusun"), address("reserve", desa=desa, saring=BY_DUSUN), slug == BY_DUSUN)
    )
    return links


def _dusun_row(one: queries.Dusun, desa: str) -> Row:
    return Row(
        (
            Cell(
                one.name or _("Tanpa dusun"),
                "link",
                address("reserve", desa=desa, saring=BY_DUSUN) + _dusun_query(desa, one.name),
            ),
            Cell(one.ready, "number"),
            Cell(one.incomplete, "number"),
            Cell(one.referred, "number"),
            Cell(one.refused, "number"),
        )
    )


def _dusun_query(desa: str, name: str) -> str:
    """A dusun without a name is a choice too, so the key stays where the value is empty."""
    return "&" + urlencode({"dusun": name})


def _narrowed(chosen: Chosen, slug: str, desa: str) -> dict[str, str] | None:
    """What narrows the list beside the chips, with the way to clear it."""
    if chosen.lacking:
        return {"word": _lacking_word(chosen.lacking), "url": address("reserve", desa=desa, saring=slug)}
    if chosen.dusun is not None:
        name = chosen.dusun or _("Tanpa dusun")
        return {"word": name, "url": address("reserve", desa=desa, saring=BY_DUSUN)}
    return None


def _shown_total(found: Reserve, chosen: Chosen) -> int:
    if chosen.lacking:
        return dict(found.lacking).get(chosen.lacking, len(found.entries))
    if chosen.dusun is not None:
        return next((one.total for one in found.dusun if one.name == chosen.dusun), len(found.entries))
    return found.counts.of(chosen.part)


def _lacking_word(what: str) -> str:
    if what == "decision":
        return _("Keputusan musyawarah")
    shown = parameters.load().piece(what, language())
    return shown[:1].upper() + shown[1:]


def period_of(outlook: Outlook, found: Reserve) -> Period | None:
    window = outlook.window
    if window is None:
        return None
    days = window.days
    is_open = days.opens <= found.today
    return Period(
        name=window.name,
        opens_on=days.opens,
        cut_off_on=days.cut_off,
        closes_on=days.closes,
        days=((days.cut_off if is_open else days.opens) - found.today).days,
        is_open=is_open,
        kinds=", ".join(word("kind", kind) for kind in window.kinds) or _("semua jenis perubahan"),
        ready=outlook.taken.ready,
        incomplete=outlook.taken.incomplete,
    )


def _call(window: Window) -> dict[str, Any]:
    return {
        "name": window.name or window.act.number,
        "act": window.act,
        "as_of": window.as_of,
        "until": window.days.cut_off,
        "kinds": ", ".join(word("kind", kind) for kind in window.kinds) or _("semua jenis perubahan"),
        "answered": window.answer,
    }


# --- the villages of a region ---------------------------------------------------------------------------------------


def _show_villages(request: Desk) -> HttpResponse:
    words = request.GET.get("cari", "").strip()
    after = request.GET.get("sesudah", "")
    scopes = tuple(held.region for held in request.actor.held if held.role in READERS)
    found = wiring.ask(
        queries.villages,
        scopes,
        words=words,
        after=after if after.isascii() and after.isdecimal() else "",
        now=request.now,
        deadlines=wiring.terms().deadlines,
    )
    rows = [
        Row(
            (
                Cell(line.place.village or line.region, "link", address("reserve", desa=line.region),
                     sub=line.place.kecamatan),
                Cell(line.counts.ready, "number"),
                Cell(line.counts.incomplete, "number"),
                Cell(line.counts.undecided, "number"),
                Cell(line.counts.referred, "number"),
                Cell(line.counts.oldest, "day"),
                Cell("", "chip", state="late", word=_("SPTJM, lewat %(days)s") % {"days": waiting_words(line.days_late)})
                if line.days_late
                else Cell(line.last_meeting or _("belum pernah"), "day"),
            )
        )
        for line in found.lines
    ]  # fmt: skip
    context = {
        "found": found,
        "boundary": wiring.ask(boundary_of, request.actor.scopes()),
        "words": words,
        "rows": rows,
        "shown_count": len(rows),
        "columns": (
            Column(_("Desa atau kelurahan")),
            Column(_("Siap"), "right"),
            Column(_("Belum lengkap"), "right"),
            Column(_("Menunggu musyawarah"), "right"),
            Column(_("Ke Dukcapil"), "right"),
            Column(_("Terlama sejak")),
            Column(_("Musyawarah terakhir")),
        ),
        "first_url": address("reserve", cari=words) if after else "",
        "next_url": address("reserve", cari=words, sesudah=found.next) if found.next else "",
    }
    return page(request, "reserve/villages.html", context)


# --- the reserve as a file ------------------------------------------------------------------------------------------

PURPOSES = {
    "meeting": gettext_lazy("Bahan musyawarah desa"),
    "completing": gettext_lazy("Melengkapi berkas warga"),
    "reporting": gettext_lazy("Laporan kepada camat atau Dinas Sosial"),
    "supervision": gettext_lazy("Pengawasan"),
}


@signed_in(*READERS)
def download_reserve(request: Desk) -> HttpResponse:
    """Asks what for, logs it, and gives what the filter holds."""
    village = village_of(request)
    if not village:
        return _show_villages(request)
    purpose = request.POST.get("purpose", "")
    if request.method != "POST" or purpose not in PURPOSES:
        context: dict[str, Any] = {
            "action": request.get_full_path(),
            "purposes": [Option(key, str(label)) for key, label in PURPOSES.items()],
            "purpose_error": _("Pilih untuk apa daftar ini dipakai.") if request.method == "POST" else "",
            "back_url": address("reserve", desa=asked_village(request, village)),
        }
        return page(
            request, "reserve/download.html", context, status=422 if request.method == "POST" else 200
        )
    log_reading(request, purpose=f"csv:{purpose}", region=village)
    slug = request.GET.get("saring", "semua")
    chosen = _chosen(request, slug)
    text = wiring.ask(_csv, request, village, chosen)
    name = f"cadangan-{village}-{slug if slug in PARTS else 'semua'}-{request.now.date().isoformat()}.csv"
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _csv(request: Desk, village: str, chosen: Chosen) -> str:
    """All rows as one state of the database shows them; the mark in front tells spreadsheets that it is UTF-8."""
    text = StringIO("\ufeff", newline="")
    text.seek(0, SEEK_END)
    writer = csv.writer(text)
    writer.writerow(_headers())
    entries = queries.all_entries(
        village, now=request.now, terms=wiring.terms(), parameters=parameters.load(), chosen=chosen
    )
    for entry in entries:
        writer.writerow([safe_cell(cell) for cell in _cells(entry)])
    return text.getvalue()


def _headers() -> tuple[str, ...]:
    return (
        _("Nomor permintaan"),
        _("Nama"),
        _("Jenis"),
        _("Dusun"),
        "RT",
        "RW",
        _("Keadaan"),
        _("Yang masih kurang"),
        _("Keputusan musyawarah"),
        _("Tanggal keputusan"),
        _("Alasan"),
        _("Dicatat tanggal"),
        _("Dicatat oleh"),
        _("Hari menunggu"),
        _("Menunggu"),
        _("Yang bertindak"),
        _("Sejak"),
        _("Batas"),
        _("Keterangan batas"),
    )


def _cells(entry: Entry) -> tuple[object, ...]:
    request = entry.request
    lacks = missing(request)
    line = entry.waiting
    shown = parameters.load()
    decision = {True: _("Disetujui"), False: _("Tidak disetujui"), None: ""}[request.fit]
    return (
        tickets.shown(request.ticket) if request.ticket else "",
        request.subject_name,
        word("kind", request.kind),
        entry.spot.dusun,
        entry.spot.rt,
        entry.spot.rw,
        word("state", request.state.value),
        ", ".join(shown.piece(one, language()) for one in lacks),
        decision,
        request.decided_on or "",
        request.decision_reason or "",
        recorded_on(entry),
        request.recorded_by,
        (entry.case.today - recorded_on(entry)).days,
        word("step", line.step) if line else "",
        who_acts(line, lacks=lacks),
        line.since.date() if line else "",
        line.until or "" if line else "",
        until_label(line),
    )
