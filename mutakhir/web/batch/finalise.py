"""A window's batches on the way into a list: which are decided, which not and why not; freezing what is decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutakhir import wiring
from mutakhir.actions.submission import Finalise, finalise
from mutakhir.core.actors import Actor
from mutakhir.core.flows.change_request import why_not
from mutakhir.core.flows.submission import ROLES
from mutakhir.core.flows.window import Window
from mutakhir.core.refusals import Refusal
from mutakhir.gateways.blobs import BlobDamaged, BlobMissing
from mutakhir.queries import batch as batches
from mutakhir.queries import submission as lists
from mutakhir.queries.batch import ListedBatch, window_name
from mutakhir.queries.cases import cases_of, requests_by_number
from mutakhir.queries.places import place
from mutakhir.queries.windows import window_by_number, window_near
from mutakhir.store.models import Submitted
from mutakhir.web import desk, formats
from mutakhir.web.batch.overview import list_item
from mutakhir.web.batch.review import region_asked
from mutakhir.web.desk import READERS, Desk, signed_in
from mutakhir.web.refusals import FieldError, field_errors, language, say, say_all
from mutakhir.web.values import Cell, Column, Link, Row
from mutakhir.wiring.lists import write_call_answer

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@signed_in(*READERS)
def show_window(request: Desk, window: int) -> HttpResponse:
    """The batches of a window, the lists made of them, and the button that freezes what is decided."""
    region = region_asked(request)
    if region is None:
        return HttpResponseRedirect(f"{reverse('batches')}?masa={window}")
    found = wiring.ask(window_near, window, region)
    if found is None:
        raise Http404
    if request.method == "POST":
        if request.POST.get("deed") == "call":
            return _answer_call(request, found, region)
        return _finalise(request, found, region)
    return _page(request, found, region)


def _address(window: Window, region: str) -> str:
    key = {10: "desa", 6: "kec"}.get(len(region), "kab")
    return f"{reverse('batch-lists', args=[window.id])}?{urlencode({key: region})}"


def _page(request: Desk, window: Window, region: str, errors: Sequence[FieldError] = ()) -> HttpResponse:
    found = wiring.ask(batches.batches_for_list, window.id, region, login=request.actor.login)
    ready = [one for one in found if not one.undecided]
    rows = sum(one.verified for one in ready)
    made = wiring.ask(
        lists.list_page,
        request.actor,
        now=request.now,
        deadlines=wiring.terms().deadlines,
        window=window.id,
    )
    where = wiring.ask(place, region)
    context: dict[str, Any] = {
        "title": ", ".join(
            part
            for part in (where.village or where.kecamatan or where.kabupaten, window_name(window))
            if part
        ),
        "address": _address(window, region),
        "review_url": reverse("batch-window", args=[window.id])
        + f"?{_address(window, region).partition('?')[2]}",
        "back_url": f"{reverse('batches')}?masa={window.id}",
        "columns": [
            Column(_("Desa")),
            Column(_("Belum diperiksa"), "right"),
            Column(_("Disetujui"), "right"),
            Column(_("Dikembalikan"), "right"),
            Column(_("Ditolak"), "right"),
            Column(_("Keadaan")),
        ],
        "rows": [_row(one) for one in found[: batches.PAGE_ROWS]],
        "kecamatan": _kecamatan(window, region, found),
        "more": max(len(found) - batches.PAGE_ROWS, 0),
        "ready": len(ready),
        "waiting": len(found) - len(ready),
        "count": rows,
        "label": _("Finalkan daftar")
        if not rows
        else ngettext("Finalkan %(n)s permintaan", "Finalkan %(n)s permintaan", rows)
        % {"n": formats.write_count(rows, language())},
        "refused": _why_not(request.actor, window, region, ready, request),
        "lists": [list_item(one, request) for one in made.lists],
        "call": _call(request, window) if window.form == "call" else None,
        "errors": list(errors),
    }
    return desk.page(request, "batch/window_lists.html", context)


def _kecamatan(window: Window, region: str, found: Sequence[ListedBatch]) -> list[Link]:
    """The kecamatan to narrow the page to, or the way back to the whole kabupaten."""
    if len(region) > 4:
        return [Link(_("Semua kecamatan"), _address(window, region[:4]))]
    names = {one.batch.village[:6]: one.place.kecamatan for one in found}
    if len(names) < 2:
        return []
    return [Link(name or code, _address(window, code)) for code, name in sorted(names.items())]


def _row(one: ListedBatch) -> Row:
    if one.undecided:
        word = ngettext("%(n)s baris belum diperiksa", "%(n)s baris belum diperiksa", one.undecided)
        state, text = "incomplete", word % {"n": formats.write_count(one.undecided, language())}
    elif one.by_reader:
        word = ngettext("%(n)s baris Anda periksa sendiri", "%(n)s baris Anda periksa sendiri", one.by_reader)
        state, text = "locked", word % {"n": formats.write_count(one.by_reader, language())}
    else:
        state, text = "ready", ""
    return Row(
        (
            Cell(
                one.place.village, "link", url=reverse("batch", args=[one.batch.id]), sub=one.place.kecamatan
            ),
            Cell(one.undecided, "number"),
            Cell(one.verified, "number"),
            Cell(one.returned, "number"),
            Cell(one.refused, "number"),
            Cell("", "chip", state=state, word=text),
        ),
        str(one.batch.id),
    )


def _why_not(actor: Actor, window: Window, region: str, ready: Sequence[ListedBatch], request: Desk) -> str:
    """Why the list cannot be frozen now, as the route says it of one of its rows; empty if it can."""
    if not actor.has(ROLES["finalise"], region):
        return say(Refusal.of("role-missing", roles=",".join(role.value for role in ROLES["finalise"])))
    if not ready:
        found = wiring.ask(batches.batches_for_list, window.id, region, login=actor.login)
        return say(Refusal.of("rows-undecided", batches=len(found)) if found else Refusal.of("list-empty"))

    def ask() -> str:
        own = next((one for one in ready if one.by_reader), ready[0])
        number = batches.verified_row(own.batch.window, own.batch.village, by=actor.login)
        if number is None:
            return say(Refusal.of("list-empty"))
        case = cases_of(list(requests_by_number([number]).values()), now=request.now, terms=wiring.terms())[
            number
        ]
        # A row that conflicts leaves the list by itself; it keeps nobody from freezing the others.
        return say_all(one for one in why_not(case, "finalise", actor) if one.rule != "values-conflict")

    return wiring.ask(ask)


def _finalise(request: Desk, window: Window, region: str) -> HttpResponse:
    found = wiring.ask(batches.batches_for_list, window.id, region, login=request.actor.login)
    ready = [one for one in found if not one.undecided]
    if str(sum(one.verified for one in ready)) != request.POST.get("count") and not _is_again(request):
        changed = FieldError("", _("Jumlah baris berubah sejak halaman ini dibuka. Periksa lagi."))
        return _page(request, window, region, [changed])
    command = Finalise(window.id, region, tuple(one.batch.id for one in ready))
    done = desk.carry_out(request, finalise, command)
    if not done.ok:
        return _page(request, window, region, field_errors(done.refusals))
    if done.result is not None and done.result.left:
        request.session["list_left"] = dict(done.result.left)
    number = done.number
    return desk.SeeOther(reverse("submission", args=[number]) if number else _address(window, region))


def _is_again(request: Desk) -> bool:
    """The same form once more: its first answer is given again, whatever has changed since."""
    form = desk.form_number(request)
    return form is not None and wiring.ask(Submitted.objects.filter(form=form).exists)


# --- calls by the centre --------------------------------------------------------------------------------------------


def _call(request: Desk, window: Window) -> dict[str, Any]:
    """The call, and the one file that answers it."""
    may = request.actor.has(ROLES["send"], window.region)
    return {
        "as_of": window.as_of,
        "act": window.act,
        "file_url": reverse("call-file", args=[window.id]) if window.answer else "",
        "refused": "" if may else say(Refusal.of("role-missing", roles=ROLES["send"][0].value)),
        "answered": bool(window.answer),
    }


def _answer_call(request: Desk, window: Window, region: str) -> HttpResponse:
    done = desk.carry_out(request, write_call_answer, window.id)
    if not done.ok:
        return _page(request, window, region, field_errors(done.refusals))
    return desk.SeeOther(_address(window, region))


@signed_in(*READERS)
def give_call_file(request: Desk, window: int) -> HttpResponse:
    """The file that answered a call; only to who works for the region of the call."""
    found = wiring.ask(window_by_number, window)
    if found is None or found.answer is None or not request.actor.sees(found.region):
        raise Http404
    desk.log_reading(request, purpose="file:call", region=found.region)
    return spreadsheet(found.answer, f"jawaban-{found.id}")


def spreadsheet(digest: str, name: str) -> HttpResponse:
    """A kept workbook, to be saved, never opened in the page."""
    try:
        with wiring.blobs().open(digest) as stream:
            body = stream.read()
    except (BlobMissing, BlobDamaged, ValueError):
        raise Http404 from None
    return HttpResponse(
        body,
        headers={
            "Content-Type": SPREADSHEET,
            "Content-Disposition": f'attachment; filename="{name}.xlsx"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
