"""A village's batch: what goes to Dinsos, what leaves it and why, and the head's deed of handing it over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutakhir import wiring
from mutakhir.actions.submission import hand_over
from mutakhir.core import digests
from mutakhir.core.actors import ABOVE, Role
from mutakhir.core.change_requests import State
from mutakhir.core.comparison import Outcome
from mutakhir.queries import reserve as queries
from mutakhir.queries.reserve import READERS, BatchPage, BatchRow
from mutakhir.web.desk import Desk, SeeOther, carry_out, log_reading, page, signed_in
from mutakhir.web.formats import write_day_short
from mutakhir.web.refusals import field_errors, language, say_all, word
from mutakhir.web.reserve.addresses import address, asked_village, number_of
from mutakhir.web.values import Cell, Column, FieldError, Row
from mutakhir.wiring.village_documents import matter_in_words


@signed_in(*READERS)
def show_batch(request: Desk, number: int) -> HttpResponse:
    found = _read(request, number)
    if request.method != "POST":
        return _page(request, found, [])
    done = carry_out(request, hand_over, number)
    if not done.ok:
        errors = field_errors(done.refusals)
        return _page(request, _read(request, number), [FieldError("", one.text) for one in errors])
    if done.result is not None and done.result.left:
        # What left the batch is no longer to be seen in it.
        messages.success(request, _told(done.result.moved, dict(done.result.left)))
    return SeeOther(address("village_batch", number))


def _read(request: Desk, number: int) -> BatchPage:
    after = number_of(request.GET.get("sesudah"))
    found = wiring.ask(
        queries.batch_page, number, actor=request.actor, now=request.now, terms=wiring.terms(), after=after
    )
    if found is None or not request.actor.has(READERS, found.batch.village):
        raise Http404
    return found


def _told(moved: int, left: dict[str, int]) -> str:
    told = [ngettext("%(n)s permintaan diserahkan.", "%(n)s permintaan diserahkan.", moved) % {"n": moved}]
    if conflicts := left.get("contradicted", 0):
        told.append(
            ngettext("%(n)s keluar karena bentrok.", "%(n)s keluar karena bentrok.", conflicts)
            % {"n": conflicts}
        )
    if satisfied := left.get("satisfied", 0):
        told.append(
            ngettext(
                "%(n)s ditutup karena register sudah sama.",
                "%(n)s ditutup karena register sudah sama.",
                satisfied,
            )
            % {"n": satisfied}
        )
    return " ".join(told)


def _page(request: Desk, found: BatchPage, errors: list[FieldError]) -> HttpResponse:
    batch, window = found.batch, found.window
    rows = [row.request.id for row in found.rows]
    log_reading(request, purpose="batches", region=batch.village, subjects=rows)
    desa = asked_village(request, batch.village)
    late = 0
    if batch.handed_over_at is None:
        late = max((request.now - window.cut_off).days, 0) if request.now > window.cut_off else 0
    after = number_of(request.GET.get("sesudah"))
    context: dict[str, Any] = {
        "found": found,
        "batch": batch,
        "window": window,
        "village": found.place.village,
        "period": window.name or window.act.number,
        "errors": errors,
        "refused": "" if batch.handed_over_at else say_all(found.refusals),
        "who": word("role", Role.VILLAGE_HEAD.value),
        "above": word("role", ABOVE[Role.VILLAGE_HEAD].value),
        "late": late,
        "who_handed": found.names.get(batch.handed_over_by or "", "")
        if batch.handed_over_by != "system"
        else word("role", "system"),
        "minutes": [
            {
                "url": address("session", session),
                "day": write_day_short(day, language()) if day else "",
                "count": count,
            }
            for session, day, count in found.minutes
        ],
        "columns": (
            Column(_("Nama")),
            Column(_("Permintaan")),
            Column(_("Keputusan desa")),
            Column(_("Keadaan")),
        ),
        "rows": [_row(row) for row in found.rows],
        "shown_count": len(found.rows),
        "digest": digests.shown(batch.digest) if batch.digest else "",
        "back_url": address("reserve", desa=desa),
        "first_url": address("village_batch", batch.id) if after else "",
        "next_url": address("village_batch", batch.id, sesudah=found.next) if found.next else "",
    }
    return page(request, "reserve/batch.html", context)


def _row(row: BatchRow) -> Row:
    request = row.request
    return Row(
        (
            Cell(request.subject_name, "link", address("request", request.id), sub=row.spot.shown),
            Cell(matter_in_words(request, language())),
            Cell(_minuted(row)),
            _state(row),
        )
    )


def _minuted(row: BatchRow) -> str:
    request = row.request
    if not request.rule.deliberated:
        return _("Tidak perlu musyawarah, cukup suratnya")
    day = write_day_short(request.decided_on, language()) if request.decided_on else ""
    if not request.in_minutes:
        return _("Belum ada di berita acara atau SPTJM")
    if request.appealed:
        return _("Keberatan diterima, pendapat desa %(day)s ikut") % {"day": day}
    return _("Berita acara atau SPTJM %(day)s") % {"day": day}


def _state(row: BatchRow) -> Cell:
    if row.request.state is not State.PACKED:
        return Cell("", "chip", state="done", word=word("state", row.request.state.value))
    match row.outcome:
        case Outcome.CONFLICT:
            return Cell(
                "", "chip", state="conflict", sub=_("Keluar dari kumpulan; desa memilih nilai yang benar")
            )
        case Outcome.SATISFIED:
            return Cell("", "chip", state="same", sub=_("Ditutup: register sudah sama dengan yang diminta"))
    if row.refusals:
        return Cell("", "chip", state="incomplete", word=_("Belum bisa"), sub=say_all(row.refusals))
    return Cell("", "chip", state="ready", word=_("Ikut diserahkan"))
