"""What lies before Dinsos: windows and batches to review, lists on their way, and what a closed window left behind."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutakhir import wiring
from mutakhir.core.actors import Role
from mutakhir.core.calendar import today_in
from mutakhir.core.flows.submission import State, why_not
from mutakhir.queries import batch as batches
from mutakhir.queries import submission as lists
from mutakhir.queries.batch import BatchWork, Carried, Progress, WindowWork, window_name
from mutakhir.queries.regions import boundary_of
from mutakhir.queries.submission import ListWork
from mutakhir.web import desk, formats
from mutakhir.web.desk import READERS, Desk, has_role, signed_in, typed_number
from mutakhir.web.refusals import language, word
from mutakhir.web.values import Link, WorkItem

LIST_FIRST = (Role.BUPATI_OFFICE, Role.CENTRE, Role.PROVINCE)
"""Who works with lists only, and sees them first."""

LIST_STATES = {
    "jalan": (State.FINALISED, State.ENDORSED, State.SENT),
    "disahkan": (State.FINALISED,),
    "dikirim": (State.ENDORSED,),
    "pusat": (State.SENT,),
    "dijawab": (State.ANSWERED,),
}
VERB = {State.FINALISED: "endorse", State.ENDORSED: "send", State.SENT: "answer"}


@signed_in(*READERS)
def show_batches(request: Desk) -> HttpResponse:
    """Windows first, then batches or lists by page; what was carried over stands on top as a sentence."""
    window = typed_number(request.GET.get("masa", ""))
    only_lists = not has_role(request.actor, *(role for role in Role if role not in LIST_FIRST))
    part = request.GET.get("bagian") or ("daftar" if only_lists else "kumpulan")
    context: dict[str, Any] = {
        "part": part,
        "tabs": _tabs(part, window),
        "carried": _carried(wiring.ask(batches.carried_over, request.actor, now=request.now)),
        "carried_open": request.GET.get("tampil") == "terbawa",
        "carried_url": _url(tampil="terbawa"),
        "boundary": wiring.ask(boundary_of, request.actor.scopes()),
        "can_verify": has_role(request.actor, Role.VERIFIER),
        "can_finalise": has_role(request.actor, Role.SUPERVISOR, Role.HEAD_OF_DINSOS),
    }
    if part == "daftar":
        context |= _lists(request, window)
    else:
        found = wiring.ask(batches.windows_with_work, request.actor)
        context["windows"] = [_window(one, request) for one in found if window in (None, one.window.id)]
        context |= _batches(request, window)
    return desk.page(request, "batch/overview.html", context)


def _url(**query: str | int | None) -> str:
    kept = {key: str(value) for key, value in query.items() if value not in (None, "")}
    return f"{reverse('batches')}?{urlencode(kept)}" if kept else reverse("batches")


def _tabs(part: str, window: int | None) -> list[Link]:
    return [
        Link(_("Kumpulan desa"), _url(bagian="kumpulan", masa=window), part != "daftar"),
        Link(_("Daftar kabupaten"), _url(bagian="daftar", masa=window), part == "daftar"),
    ]


def _carried(found: tuple[Carried, ...]) -> dict[str, Any]:
    """The sentence above the page, and its lines by step and by who must act."""
    total = sum(one.count for one in found)
    if not total:
        return {}
    return {
        "sentence": ngettext(
            "%(n)s permintaan terbawa dari masa yang sudah ditutup. Semua keputusannya tetap.",
            "%(n)s permintaan terbawa dari masa yang sudah ditutup. Semua keputusannya tetap.",
            total,
        )
        % {"n": formats.write_count(total, language())},
        "lines": [
            {
                "window": one.window_name,
                "state": word("state", one.state),
                "owner": word("role", one.owner) if one.owner else "",
                "count": one.count,
                "url": _carried_url(one),
            }
            for one in found
        ],
    }


def _carried_url(one: Carried) -> str:
    if one.state in ("finalised", "endorsed"):
        return _url(bagian="daftar", masa=one.window)
    if one.state == "verified":
        return reverse("batch-lists", args=[one.window])
    return reverse("batch-window", args=[one.window])


# --- windows and batches --------------------------------------------------------------------------------------------


def told(progress: Progress) -> str:
    """Rows, what is undecided, what the reader decided."""
    number = {
        "rows": formats.write_count(progress.rows, language()),
        "left": formats.write_count(progress.undecided, language()),
        "mine": formats.write_count(progress.mine, language()),
    }
    parts = [
        ngettext("%(rows)s baris", "%(rows)s baris", progress.rows) % number,
        _("%(left)s belum diperiksa") % number if progress.undecided else _("semua sudah diperiksa"),
    ]
    if progress.mine:
        parts.append(_("%(mine)s oleh Anda") % number)
    return ", ".join(parts)


def _late(progress: Progress, region: str, now: datetime) -> int:
    return max((today_in(region, now) - progress.due).days, 0) if progress.due else 0


def _window(work: WindowWork, request: Desk) -> dict[str, Any]:
    scopes = request.actor.scopes()
    # Who works for one place in the kabupaten sees that place; the whole of it is not there for them.
    is_own = len(scopes) == 1 and scopes[0].startswith(work.region)
    query = "" if is_own else f"?kab={work.region}"
    progress = work.progress
    late = _late(progress, work.region, request.now)
    return {
        "title": f"{window_name(work.window)}, {work.place.kabupaten}",
        "sentence": told(progress),
        "villages": work.batches,
        "progress": progress,
        "review_url": reverse("batch-window", args=[work.window.id]) + query,
        "lists_url": reverse("batch-lists", args=[work.window.id]) + query,
        "alike_url": f"{reverse('batch-window', args=[work.window.id])}/sejenis{query}",
        "what": word("step", "verify") if progress.undecided else word("step", "finalise"),
        "who": word("role", "verifier" if progress.undecided else "supervisor"),
        "since": progress.since,
        "until": progress.due,
        "days_late": late,
        "is_call": work.window.form == "call",
    }


def _batches(request: Desk, window: int | None) -> dict[str, Any]:
    unfinished = request.GET.get("tampil") != "semua"
    found = wiring.ask(
        batches.batch_page,
        request.actor,
        unfinished=unfinished,
        window=window,
        after=request.GET.get("sesudah", ""),
    )
    kept = {"bagian": "kumpulan", "masa": window, "tampil": None if unfinished else "semua"}
    return {
        "filters": [
            Link(_("Belum selesai"), _url(**{**kept, "tampil": None}), unfinished),
            Link(_("Semua"), _url(**{**kept, "tampil": "semua"}), not unfinished),
        ],
        "batches": [_batch(one, request) for one in found.batches],
        "next_url": _url(**kept, sesudah=found.following) if found.following else "",
    }


def _batch(work: BatchWork, request: Desk) -> WorkItem:
    progress = work.progress
    late = _late(progress, work.batch.village, request.now)
    mine = bool(progress.undecided) and request.actor.has((Role.VERIFIER,), work.batch.village)
    waits = progress.undecided or progress.waiting
    state = "late" if late else "yours" if mine else "waiting" if progress.undecided else "done"
    return WorkItem(
        title=", ".join(part for part in (work.place.village, work.place.kecamatan) if part),
        url=reverse("batch", args=[work.batch.id]),
        sentence=f"{work.window_name}: {told(progress)}",
        state=state,
        who=word("role", "verifier" if progress.undecided else "supervisor") if waits else "",
        since=progress.since if waits else None,
        until=progress.due if waits else None,
        days=late or None,
        what=word("step", "verify" if progress.undecided else "finalise") if waits else "",
        days_late=late,
    )


# --- lists ----------------------------------------------------------------------------------------------------------


def _lists(request: Desk, window: int | None) -> dict[str, Any]:
    shown = request.GET.get("tampil", "jalan")
    shown = shown if shown in LIST_STATES else "jalan"
    found = wiring.ask(
        lists.list_page,
        request.actor,
        now=request.now,
        deadlines=wiring.terms().deadlines,
        states=LIST_STATES[shown],
        window=window,
        after=request.GET.get("sesudah", ""),
    )
    labels = {
        "jalan": _("Berjalan"),
        "disahkan": _("Menunggu disahkan"),
        "dikirim": _("Menunggu dikirim"),
        "pusat": _("Di pusat"),
        "dijawab": _("Sudah dijawab"),
    }
    kept: dict[str, str | int | None] = {"bagian": "daftar", "masa": window}
    return {
        "filters": [Link(label, _url(**kept, tampil=key), key == shown) for key, label in labels.items()],
        "lists": [list_item(one, request) for one in found.lists],
        "next_url": _url(**kept, tampil=shown, sesudah=found.following) if found.following else "",
    }


DEEDS = {
    "endorse": lambda: _("Cetak surat pengesahan, lalu unggah yang sudah ditandatangani"),
    "send": lambda: _("Kirim daftar ke pusat"),
    "answer": lambda: _("Masukkan jawaban pusat"),
}


def list_item(work: ListWork, request: Desk) -> WorkItem:
    """A list as a row of work, with the deed of the reader where it is their turn."""
    submission = work.submission
    verb = VERB.get(submission.state, "")
    mine = bool(verb) and not why_not(submission, verb, actor=request.actor)
    state = "late" if work.days_late else "yours" if mine else "waiting" if verb else "done"
    owner = word("role", work.owner.value) if work.owner else ""
    sentence = DEEDS[verb]() if mine else list_word(submission.state)
    if work.carried:
        sentence = f"{sentence}. {carried_sentence(work)}"
    return WorkItem(
        title=_("%(window)s, %(place)s: %(n)s baris")
        % {
            "window": work.window_name,
            "place": work.place.kabupaten or work.place.shown,
            "n": formats.write_count(submission.rows, language()),
        },
        url=reverse("submission", args=[submission.id]),
        sentence=sentence,
        state=state,
        word="" if state in ("late", "yours") else list_word(submission.state),
        who=owner,
        since=submission.since if verb else None,
        until=work.until if verb else None,
        days=work.days_late or None,
        what=word("step", work.step) if work.step else "",
        days_late=work.days_late,
    )


def list_word(state: State) -> str:
    """What a list waits for."""
    return {
        State.FINALISED: _("Menunggu disahkan"),
        State.ENDORSED: _("Menunggu dikirim"),
        State.SENT: _("Di pusat"),
        State.ANSWERED: _("Sudah dijawab pusat"),
    }[state]


def carried_sentence(work: ListWork) -> str:
    """That a list outlived its window, and when it goes on."""
    if work.next_opens is None:
        return _("Masanya sudah ditutup; daftar ini ikut masa berikutnya dengan semua keputusannya.")
    return _("Masanya sudah ditutup; daftar ini ikut masa yang dibuka %(day)s dengan semua keputusannya.") % {
        "day": formats.write_day(work.next_opens, language())
    }
