"""Reviewing a pile row by row: three panes on laptops, one row a page on phones, one key a decision."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutakhir import parameters, wiring
from mutakhir.actions.change_request import Take, take_step
from mutakhir.core import nik
from mutakhir.core.attributes import Attribute
from mutakhir.core.calendar import today_in, zone_of
from mutakhir.core.change_requests import required_evidence
from mutakhir.core.comparison import Outcome
from mutakhir.core.facts import Answer, Value
from mutakhir.core.refusals import Refusal
from mutakhir.queries import batch as batches
from mutakhir.queries import review as reviews
from mutakhir.queries.reserve import READERS as MEETING_READERS
from mutakhir.queries.review import Check as Looked
from mutakhir.queries.review import Mark, Pile, PileRow, Review, Sheet
from mutakhir.queries.windows import window_by_number, window_near
from mutakhir.web import desk, formats, numbers
from mutakhir.web.change_request import questions
from mutakhir.web.change_request.outline import outline
from mutakhir.web.desk import READERS, Desk, Done, signed_in, typed_number
from mutakhir.web.people.numbers import numbers_url
from mutakhir.web.refusals import language, say, say_all, word
from mutakhir.web.values import Check, Comparison, Deed, Evidence, Link, Option, ReviewRow

PURPOSE = "verification"
OPENED_AT_MOST = 600
VERDICTS = {
    "verify:verified": "s",
    "verify:returned": "k",
    "verify:refused": "t",
}
REASONS = {"verify:returned": "return", "verify:refused": "refuse"}
"""The list of reasons that a verdict asks for."""


# --- addresses ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Table:
    """Where a pile is reviewed: its address, and what of it is shown."""

    address: str
    kept: Mapping[str, str]
    pile: Pile

    def url(self, **changes: str | int | None) -> str:
        """The address of this table with something changed; None takes a part away."""
        query = {**self.kept, **{key: str(value) for key, value in changes.items() if value is not None}}
        for key, value in changes.items():
            if value is None:
                query.pop(key, None)
        return f"{self.address}?{urlencode(query)}" if query else self.address


KEPT = ("kab", "kec", "desa", "tampil", "jenis")
SHOWN = {"belum": "undecided", "bentrok": "conflict", "peringatan": "warning"}


def kept_of(query: QueryDict) -> dict[str, str]:
    return {key: value for key in KEPT if (value := query.get(key, ""))}


@signed_in(*READERS)
def review_batch(request: Desk, number: int) -> HttpResponse:
    """One village's batch."""
    batch = wiring.ask(batches.find_batch, number, request.actor)
    if batch is None:
        raise Http404
    pile = Pile(batch.window, batch.village, batch.id)
    return _answer(request, Table(reverse("batch", args=[number]), kept_of(request.GET), pile))


@signed_in(*READERS)
def review_window(request: Desk, window: int) -> HttpResponse:
    """All that came in from a kabupaten, a kecamatan or a village in one window."""
    region = region_asked(request)
    if region is None:
        return HttpResponseRedirect(f"{reverse('batches')}?masa={window}")
    if wiring.ask(window_near, window, region) is None:
        raise Http404
    address = reverse("batch-window", args=[window])
    return _answer(request, Table(address, kept_of(request.GET), Pile(window, region)))


def region_asked(request: Desk) -> str | None:
    """The region that the address names, or the one kabupaten that the actor works for; None where it must be chosen.

    What lies outside the actor's scope is not there.
    """
    for key in ("desa", "kec", "kab"):
        if typed := request.GET.get(key, ""):
            if typed_number(typed) is None or not request.actor.sees(typed):
                raise Http404
            return typed
    scopes = [one for one in request.actor.scopes() if len(one) >= 4]
    return scopes[0] if len(scopes) == 1 else None


# --- answering ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """What a page has to tell about the deed before it."""

    sentence: str = ""
    refusals: tuple[Refusal, ...] = ()
    conflict: bool = False
    typed: Mapping[str, str] = field(default_factory=dict)


def _answer(request: Desk, table: Table) -> HttpResponse:
    if request.method == "POST":
        return _decide(request, table)
    row = request.GET.get("baris", "")
    done = typed_number(request.GET.get("sudah", ""))
    found = _read(request, table, row=typed_number(row), jump=request.GET.get("ke", ""))
    said = Said(_sentence_after(found, done)) if done is not None else Said()
    return _show(request, table, found, said)


def _read(
    request: Desk, table: Table, *, row: int | None = None, after: int | None = None, jump: str = ""
) -> Review:
    return wiring.ask(
        reviews.review,
        table.pile,
        actor=request.actor,
        now=request.now,
        terms=wiring.terms(),
        show=_shown(table),
        row=row,
        after=after,
        jump=jump,
    )


def _shown(table: Table) -> str:
    if likeness := table.kept.get("jenis"):
        return f"{reviews.ALIKE}{likeness}"
    return SHOWN.get(table.kept.get("tampil", ""), "all")


def _decide(request: Desk, table: Table) -> HttpResponse:
    if "undo" in request.POST:
        number, _colon, version = request.POST["undo"].partition(":")
        return _carry_out(
            request, table, Take(typed_number(number) or 0, "undo", seen=typed_number(version)), stay=True
        )
    number_typed = typed_number(request.POST.get("row", "")) or 0
    step, told = request.POST.get("step", ""), {}
    if "reason" in request.POST:
        step = request.POST.get("with_reason", "")
        told = {"reason": request.POST["reason"], "note": questions.said(request.POST, "note")}
        if told["reason"] not in parameters.load().reasons.get(REASONS.get(step, ""), {}):
            unknown = Refusal.of("reason-unknown", reason=told["reason"])
            found = _read(request, table, row=number_typed)
            return _show(request, table, found, Said(refusals=(unknown,), typed=request.POST.dict()))
    if step not in VERDICTS:
        raise Http404
    return _carry_out(
        request, table, Take(number_typed, step, told, seen=desk.seen_version(request)), stay=False
    )


def _carry_out(request: Desk, table: Table, command: Take, *, stay: bool) -> HttpResponse:
    if not wiring.ask(reviews.is_in, table.pile, command.request):
        raise Http404
    done: Done = desk.carry_out(request, take_step, command)
    if not done.ok:
        again = _read(request, table, row=command.request)
        return _show(request, table, again, Said("", done.refusals, done.conflict, request.POST.dict()))
    number = command.request
    if not request.htmx:
        following = None
        if not stay:
            following = wiring.ask(
                reviews.next_undecided, table.pile, number, show=_shown(table), now=request.now
            )
        return desk.SeeOther(table.url(baris=following or number, sudah=number))
    found = _read(request, table, row=number) if stay else _read(request, table, after=number)
    response = _show(request, table, found, Said(_sentence_after(found, number)))
    response["HX-Push-Url"] = table.url(baris=found.current.id if found.current else None)
    return response


def _sentence_after(found: Review, number: int) -> str:
    """What became of the row that was decided, or taken back, just now."""
    row = next((one for one in found.rows if one.id == number), None)
    if row is None:
        return ""
    told = {"name": row.name, "place": formats.write_count(row.place, language())}
    return {
        "handed_over": _("Diurungkan. Baris %(place)s kembali belum diperiksa."),
        "verified": _("%(name)s disetujui."),
        "returned": _("%(name)s dikembalikan ke desa."),
        "refused": _("%(name)s ditolak."),
    }.get(row.state, "") % told


def _show(request: Desk, table: Table, found: Review, said: Said) -> HttpResponse:
    sheet = found.sheet
    if sheet is not None:
        about = [row.id for row in found.listed]
        about += [one for one in (sheet.request.person, sheet.request.family) if one is not None]
        desk.log_reading(request, purpose=PURPOSE, region=sheet.request.region, subjects=about)
        _remember(request, sheet.request.id)
    context = _context(request, table, found, said)
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "batch/review_table.html", context)
    status = 409 if said.conflict else 422 if said.refusals else 200
    return render(request, "batch/review.html", context, status=status)


def _remember(request: Desk, number: int) -> None:
    """Keep in mind which rows were opened: a group is approved only when enough of it was looked at."""
    opened = [one for one in request.session.get("opened", []) if one != number]
    request.session["opened"] = [*opened, number][-OPENED_AT_MOST:]


# --- what the page says ---------------------------------------------------------------------------------------------


def _context(request: Desk, table: Table, found: Review, said: Said) -> dict[str, object]:
    window = wiring.ask(window_by_number, table.pile.window)
    sheet = found.sheet
    reason_for = {"kembalikan": "verify:returned", "tolak": "verify:refused"}.get(
        request.GET.get("alasan", ""), ""
    )
    reason_for = said.typed.get("with_reason", reason_for) if said.refusals else reason_for
    tabs = _evidence(request, table, sheet) if sheet else []
    rows = [_row(table, row, found.marks.get(row.id), found.current) for row in found.listed]
    here = {"baris": found.current.id} if found.current else {}
    verdicts = _verdicts(table, found)
    return {
        "form_id": desk.new_form(),
        "has_errors": bool(said.refusals),
        "table": table,
        "found": found,
        "done": found.decided,
        "total": len(found.rows),
        "address": table.url(**here),
        "title": _title(table, window, found),
        "back_url": _back(table),
        "deadline": found.due,
        "role": _("Pemeriksa") if verdicts or found.last_own else "",
        "time_left": _time_left(found, request.actor.login),
        "said": said,
        "finished": _("Semua baris di sini sudah diperiksa.") if found.rows and not found.undecided else "",
        "refused": say_all(said.refusals),
        "rows": rows,
        "filters": _filters(table, found),
        "kecamatan": _kecamatan(table, found),
        "list_url": table.url(daftar=1, **here),
        "phone_list": bool(request.GET.get("daftar")),
        "before_url": table.url(baris=found.before.id) if found.before else "",
        "after_url": table.url(baris=found.after.id) if found.after else "",
        "skip_url": table.url(baris=found.following.id) if found.following else "",
        "keys_on": request.user.keys_on,
        "focus": bool(request.htmx),
        "sheet": sheet,
        "nik": _number(request, sheet, "nik", sheet.request.person) if sheet else "",
        "no_kk": _number(request, sheet, "no_kk", sheet.request.family) if sheet else "",
        "numbers_url": numbers_url(request, sheet.request.person or sheet.request.family) if sheet else "",
        "head": _head(sheet) if sheet else "",
        "heading": _heading(sheet) if sheet else "",
        "facts": _facts(sheet) if sheet else [],
        "compared": [_comparison(one, sheet) for one in sheet.compared] if sheet else [],
        "family_url": reverse("family", args=[sheet.request.family])
        if sheet and sheet.request.family
        else "",
        "request_url": reverse("request", args=[sheet.request.id]) if sheet else "",
        "checks": [_check(one, request) for one in sheet.checks] if sheet else [],
        "history": _history(sheet) if sheet else [],
        "history_title": _history_title(sheet) if sheet else "",
        "evidence": tabs,
        "members": _members(sheet) if sheet else [],
        "verdicts": verdicts,
        "own_reason": _same_reason(verdicts),
        "standing": _standing(sheet, found) if sheet and not verdicts else "",
        "undo": _undo(found),
        "reason_for": reason_for,
        "reasons": _reasons(reason_for),
        "reason_title": {
            "verify:returned": _("Kembalikan karena"),
            "verify:refused": _("Tolak karena"),
        }.get(reason_for, ""),
        "note": said.typed.get("note", ""),
    }


def _title(table: Table, window: object, found: Review) -> str:
    name = batches.window_name(window) if window is not None else ""  # type: ignore[arg-type]
    named = wiring.ask(lambda: reviews.places([table.pile.region]))[table.pile.region]
    shown = named.village or named.kecamatan or named.kabupaten
    return ", ".join(part for part in (shown, name) if part)


def _back(table: Table) -> str:
    if likeness := table.kept.get("jenis"):
        return alike_address(table, likeness)
    return f"{reverse('batches')}?masa={table.pile.window}" if table.pile.batch else reverse("batches")


def _time_left(found: Review, login: str) -> str:
    one = reviews.pace(found.rows, login)
    if one is None or not found.undecided:
        return ""
    left: timedelta = one * found.undecided
    minutes = max(math.ceil(left / timedelta(minutes=1)), 1)
    if minutes < 60:
        return ngettext("sisa sekitar %(n)s menit", "sisa sekitar %(n)s menit", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    return ngettext("sisa sekitar %(n)s jam", "sisa sekitar %(n)s jam", hours) % {"n": hours}


def _filters(table: Table, found: Review) -> list[Link]:
    shown = found.show
    return [
        Link(_("Semua"), table.url(jenis=None, tampil=None), shown == "all"),
        Link(
            _("Belum diperiksa"), table.url(jenis=None, tampil="belum"), shown == "undecided", found.undecided
        ),
        Link(
            _("Bentrok"),
            table.url(jenis=None, tampil="bentrok"),
            shown == "conflict",
            found.counts["conflict"],
        ),
        Link(
            _("Peringatan"),
            table.url(jenis=None, tampil="peringatan"),
            shown == "warning",
            found.counts["warning"],
        ),
        Link(
            _("Sejenis"),
            alike_address(table),
            shown.startswith(reviews.ALIKE),
            found.counts["alike"],
        ),
    ]


def alike_address(table: Table, likeness: str = "", **more: str | int) -> str:
    query = {key: value for key, value in table.kept.items() if key not in ("tampil", "jenis")}
    if likeness:
        query["jenis"] = likeness
    query |= {key: str(value) for key, value in more.items()}
    return f"{table.address}/sejenis" + (f"?{urlencode(query)}" if query else "")


def _kecamatan(table: Table, found: Review) -> list[Option]:
    """The kecamatan to choose from, where the pile is a whole kabupaten; with one chosen, the way back to all."""
    if table.pile.batch is not None:
        return []
    if len(table.pile.region) >= 6:
        named = wiring.ask(lambda: reviews.places([table.pile.region]))[table.pile.region]
        return [Option(table.pile.region[:6], named.kecamatan, recorded=True)]
    return [
        Option(code, f"{name} ({formats.write_count(undecided, language())})")
        for code, name, _rows, undecided in reviews.kecamatan_of(found.rows)
    ]


STATES = {
    "verified": "agreed",
    "returned": "returned",
    "refused": "refused",
    "conflict": "conflict",
    "withdrawn": "withdrawn",
    "packed": "waiting",
}


def row_state(row: PileRow, mark: Mark | None) -> tuple[str, str]:
    """The chip of a row: its state, and a word where the usual one does not fit."""
    if row.undecided:
        if mark is not None and mark.conflict:
            return "conflict", ""
        return ("warning", "") if mark is not None and mark.warnings else ("unseen", "")
    if row.state in STATES:
        return STATES[row.state], ""
    return "done", word("state", row.state)


def _row(table: Table, row: PileRow, mark: Mark | None, current: PileRow | None) -> ReviewRow:
    state, _word = row_state(row, mark)
    parts = []
    if mark is not None and mark.rt:
        parts.append(f"RT {mark.rt}" + (f" RW {mark.rw}" if mark.rw else ""))
    parts.append(word("kind", row.kind))
    if mark is not None and row.undecided and mark.conflicts:
        parts.append(ngettext("%(n)s bentrok", "%(n)s bentrok", mark.conflicts) % {"n": mark.conflicts})
    elif mark is not None and mark.changes:
        parts.append(ngettext("%(n)s isian", "%(n)s isian", mark.changes) % {"n": mark.changes})
    return ReviewRow(
        number=row.place,
        title=row.name,
        detail=" · ".join(parts),
        state=state,
        url=table.url(baris=row.id),
        current=current is not None and row.id == current.id,
    )


def _head(sheet: Sheet) -> str:
    family = sheet.family
    village = sheet.place.village or sheet.place.shown
    parts = [village]
    if family.get("rt"):
        parts[0] += f" RT {family['rt']}" + (f" RW {family['rw']}" if family.get("rw") else "")
    return " · ".join(parts)


def _heading(sheet: Sheet) -> str:
    n = len(sheet.compared)
    if sheet.request.choices:
        return word("kind", sheet.request.kind)
    asked = ngettext("%(n)s isian diminta berubah", "%(n)s isian diminta berubah", n) % {"n": n}
    return f"{word('kind', sheet.request.kind)}: {asked}"


def _facts(sheet: Sheet) -> list[str]:
    """Who asked and why, since when it holds, what the village and a visit said."""
    request = sheet.request
    said = []
    applicant = request.applicant.get("name", "")
    if applicant:
        standing = word("standing", request.applicant.get("standing", "member")).lower()
        said.append(
            _("Diajukan %(name)s (%(standing)s), dicatat %(who)s %(day)s.")
            % {
                "name": applicant,
                "standing": standing,
                "who": sheet.names.get(request.recorded_by, request.recorded_by),
                "day": formats.write_day(today_in(request.region, request.recorded_at), language()),
            }
        )
    if request.reason and request.rule.reasons:
        reason = parameters.load().reasons[request.rule.reasons].get(request.reason)
        said.append(
            _("Alasan: %(reason)s.") % {"reason": reason.label[language()] if reason else request.reason}
        )
    said += outline(request)
    if request.holds_from:
        said.append(_("Berlaku sejak %(day)s.") % {"day": formats.write_day(request.holds_from, language())})
    if request.note:
        said.append(_("Catatan desa: %(note)s") % {"note": request.note})
    if request.appealed:
        said.append(_("Desa menolak, pemohon keberatan."))
    if request.finding:
        said.append(_("Hasil kunjungan: %(finding)s") % {"finding": word("finding", request.finding)})
    if request.forwarded:
        said.append(word("forwarded", request.forwarded) + ".")
    return said


def shown_value(attribute: Attribute | None, value: Value, *, in_full: bool = False) -> str | None:
    """A value as people read it; days are written out, NIK and No KK masked unless all digits are asked for."""
    if value is None or value == "":
        return None
    if attribute is None:
        return str(value)
    text = str(value)
    if attribute.type == "date" and len(text) == 10:
        return formats.write_day(date.fromisoformat(text), language())
    if attribute.type in ("nik", "no_kk") and len(text) == 16:
        return " ".join(formats.group_nik(text if in_full else nik.mask(text)))
    if attribute.type in ("subject", "region"):
        return questions.show(attribute, value)
    if attribute.name in ("registration", "eligibility", "registration_reason"):
        return _REGISTRATION.get(text, lambda: text)()
    return parameters.load().attributes.words(attribute, value, language())


_REGISTRATION: Mapping[str, Callable[[], str]] = {
    "registered": lambda: _("Terdaftar"),
    "ended": lambda: _("Berakhir"),
    "eligible": lambda: _("Layak"),
    "not_eligible": lambda: _("Tidak layak"),
}
OUTCOMES = {Outcome.CONFLICT: "conflict", Outcome.VALID: "will_change", Outcome.SATISFIED: "same"}


def _number(request: Desk, sheet: Sheet, name: str, subject: int | None) -> str:
    values = sheet.person if name == "nik" else sheet.family
    return numbers.shown(request, str(values.get(name) or ""), subject)


def _comparison(one: reviews.Compared, sheet: Sheet) -> Comparison:
    """What a request changes is decided by its digits: a NIK or No KK is shown whole here."""
    change = one.line.change
    attribute = parameters.load().attributes.get(change.attribute)
    label = attribute.label[language()] if attribute else change.attribute
    if one.person:
        label = f"{label} · {one.person}"
    conflict = one.line.outcome is Outcome.CONFLICT
    sentence = ""
    if conflict and one.current is not None:
        sentence = _("Diubah %(who)s, %(day)s, sesudah permintaan ini dicatat.") % {
            "who": _who(one.current, sheet),
            "day": formats.write_day(today_in(sheet.request.region, one.current.recorded), language()),
        }
    return Comparison(
        label=label,
        seen=shown_value(attribute, change.seen, in_full=True),
        current=shown_value(attribute, one.line.current, in_full=True),
        wanted=shown_value(attribute, change.wanted, in_full=True),
        outcome=OUTCOMES[one.line.outcome],
        seen_source=_source(one.seen, sheet) if one.seen and one.seen.value == change.seen else "",
        current_source=_source(one.current, sheet) if one.current and one.line.current != change.seen else "",
        sentence=sentence,
    )


def _source(answer: Answer, sheet: Sheet) -> str:
    day = answer.from_ or today_in(sheet.request.region, answer.recorded)
    return f"{word('authority', answer.authority)}, {formats.write_day_short(day, language())} {day.year}"


def _who(answer: Answer, sheet: Sheet) -> str:
    name = sheet.names.get(answer.actor, answer.actor)
    return word("authority", answer.authority) if answer.actor == "system" else name


def _check(one: Looked, request: Desk) -> Check:
    text = _CHECKS[one.what](one)
    url = ""
    if "request" in one.told:
        url = reverse("request", args=[int(one.told["request"])])
    if "person" in one.told:
        url = reverse("person", args=[int(one.told["person"])])
    if one.told.get("session") and desk.has_role(request.actor, *MEETING_READERS):
        url = reverse("session", args=[int(one.told["session"])])
    return Check(one.good, text, url, "" if one.good else "warning")


def _check_nik(one: Looked) -> str:
    name = str(one.told.get("name", ""))
    if one.refusal is not None:
        return f"{name}: {say(one.refusal)}"
    return (
        _("%(name)s: NIK benar bentuknya, cocok dengan tanggal lahir dan jenis kelamin, tidak ganda")
        % one.told
    )


def _check_paper(one: Looked) -> str:
    if not one.good:
        return _("Belum ada dalam berita acara yang ditandatangani atau SPTJM")
    if "day" not in one.told:
        return _("Ada dalam berita acara yang ditandatangani")
    told = {
        "day": formats.write_day(date.fromisoformat(str(one.told["day"])), language()),
        "row": one.told["row"],
    }
    if one.what == "sptjm":
        return _("Ada dalam SPTJM %(day)s (baris %(row)s)") % told
    return _("Berita acara musyawarah %(day)s memuat permintaan ini (baris %(row)s)") % told


_CHECKS: Mapping[str, Callable[[Looked], str]] = {
    "nik": _check_nik,
    "nik-unknown": lambda one: _("%(name)s: NIK belum diketahui") % one.told,
    "doubled": lambda one: (
        ngettext(
            "%(name)s: NIK ini juga dipakai %(count)s orang lain di register",
            "%(name)s: NIK ini juga dipakai %(count)s orang lain di register",
            int(one.told["count"]),
        )
        % one.told
    ),
    "minutes": _check_paper,
    "sptjm": _check_paper,
    "same-kind-open": lambda one: (
        ngettext(
            "Keluarga ini punya %(count)s permintaan lain yang sejenis dan belum selesai",
            "Keluarga ini punya %(count)s permintaan lain yang sejenis dan belum selesai",
            int(one.told["count"]),
        )
        % one.told
    ),
    "others-open": lambda one: (
        ngettext(
            "Keluarga ini punya %(count)s permintaan lain yang belum selesai",
            "Keluarga ini punya %(count)s permintaan lain yang belum selesai",
            int(one.told["count"]),
        )
        % one.told
    ),
    "crowd": lambda one: (
        ngettext(
            "%(count)s keluarga di RT ini meminta perubahan yang sama pada hari yang sama",
            "%(count)s keluarga di RT ini meminta perubahan yang sama pada hari yang sama",
            int(one.told["count"]),
        )
        % one.told
    ),
}


HAPPENED: Mapping[str, Callable[[], str]] = {
    "recorded": lambda: _("dicatat"),
    "amended": lambda: _("dilengkapi"),
    "evidence_added": lambda: _("bukti ditambah"),
    "reserved": lambda: _("masuk cadangan"),
    "deliberated": lambda: _("diputus desa"),
    "appealed": lambda: _("keberatan diajukan"),
    "packed": lambda: _("dikemas"),
    "unpacked": lambda: _("kembali ke cadangan"),
    "handed_over": lambda: _("diserahkan ke Dinsos"),
    "forwarded": lambda: _("lewat kecamatan"),
    "offered": lambda: _("ditawarkan ke desa lain"),
    "taken_over": lambda: _("diterima desa lain"),
    "declined": lambda: _("tawaran dikembalikan"),
    "recalled": lambda: _("tawaran ditarik"),
    "visited": lambda: _("dikunjungi"),
    "verified": lambda: _("disetujui"),
    "returned": lambda: _("dikembalikan"),
    "refused": lambda: _("ditolak"),
    "undone": lambda: _("keputusan diurungkan"),
    "finalised": lambda: _("masuk daftar"),
    "endorsed": lambda: _("disahkan"),
    "sent": lambda: _("dikirim ke pusat"),
    "determined": lambda: _("ditetapkan"),
    "applied": lambda: _("berlaku di register"),
    "contradicted": lambda: _("bentrok"),
    "satisfied": lambda: _("sudah sesuai"),
    "resumed": lambda: _("dilanjutkan lagi"),
}


def _history(sheet: Sheet) -> list[dict[str, object]]:
    return [
        {
            "what": HAPPENED[one.type]() if one.type in HAPPENED else one.type,
            "at": one.at,
            "who": _("sistem") if one.actor == "system" else sheet.names.get(one.actor, one.actor),
        }
        for one in reversed(sheet.history)
    ]


def _history_title(sheet: Sheet) -> str:
    first = sheet.history[0]
    last = sheet.history[-1]
    day = formats.write_day_short(today_in(sheet.request.region, first.at), language())
    late = formats.write_day_short(today_in(sheet.request.region, last.at), language())
    return _("Riwayat (%(n)s): dicatat %(who)s %(day)s, %(last)s %(late)s") % {
        "n": len(sheet.history),
        "who": sheet.names.get(first.actor, first.actor),
        "day": day,
        "last": HAPPENED[last.type]() if last.type in HAPPENED else last.type,
        "late": late,
    }


def _members(sheet: Sheet) -> list[dict[str, object]]:
    relations = parameters.load().attributes["relation"]
    return [
        {
            "name": one.name,
            "relation": shown_value(relations, one.relation) or "",
            "incoming": one.incoming,
        }
        for one in sheet.members
    ]


# --- evidence -------------------------------------------------------------------------------------------------------


def _evidence(request: HttpRequest, table: Table, sheet: Sheet) -> list[Evidence]:
    asked = sheet.request
    needed = [
        piece.value
        for piece in required_evidence(
            asked.rule, reason=asked.reason, attributes=[one.attribute for one in asked.changes]
        )
    ]
    order = [*needed, *dict.fromkeys(proof.kind for proof in asked.evidence if proof.kind not in needed)]
    # The photograph of the very attribute that changes comes first.
    order.sort(key=lambda kind: kind != "house_floor")
    found: list[Evidence] = []
    for kind in order:
        proofs = [proof for proof in asked.evidence if proof.kind == kind]
        if not proofs:
            found.append(Evidence(word("evidence", kind), missing=_("Bukti ini belum ada.")))
        for at, proof in enumerate(proofs, start=1):
            label = word("evidence", kind) + (f" {at}" if len(proofs) > 1 else "")
            there = wiring.blobs().has(proof.digest)
            found.append(
                Evidence(
                    label=label,
                    kind="photo" if proof.media_type.startswith("image/") else "file",
                    src=evidence_address(asked.id, proof.digest) if there else "",
                    alt=_("%(label)s, %(name)s") % {"label": label, "name": asked.subject_name},
                    width=360,
                    height=270,
                    caption=_caption(proof.taken_at, proof.point, sheet),
                    missing="" if there else _("Berkasnya belum sampai di server ini."),
                )
            )
    shown = typed_number(request.GET.get("bukti", "")) or 1
    at = shown if shown <= len(found) else 1
    return [
        Evidence(
            one.label,
            table.url(baris=asked.id, bukti=place),
            place == at,
            one.kind,
            one.src,
            one.alt,
            one.width,
            one.height,
            one.caption,
            one.missing,
        )
        for place, one in enumerate(found, start=1)
    ]


def evidence_address(number: int, digest: str) -> str:
    """Where a piece of evidence of a request is given out."""
    return reverse("evidence_file", args=[number, digest])


def _caption(taken_at: str | None, point: str | None, sheet: Sheet) -> str:
    parts = []
    if taken_at:
        taken = _moment(taken_at, sheet.request.region)
        parts.append(_("diambil %(when)s") % {"when": taken})
    metres = distance_m(point, str(sheet.family.get("point") or ""))
    if metres is not None:
        told = {"n": formats.write_count(metres, language())}
        parts.append(_("%(n)s m dari alamat tercatat") % told)
    return ". ".join(parts)


def _moment(text: str, region: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    local = at.astimezone(zone_of(region)) if at.tzinfo else at
    return f"{formats.write_day(local.date(), language())}, {formats.write_clock(local)}"


EARTH_M = 6_371_000


def distance_m(one: str | None, other: str | None) -> int | None:
    """Metres between two points written as latitude,longitude; None where one is not known."""
    try:
        (lat1, lon1), (lat2, lon2) = (
            [math.radians(float(part)) for part in (text or "").split(",")] for text in (one, other)
        )
    except ValueError:
        return None
    half = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return round(2 * EARTH_M * math.asin(math.sqrt(half)))


# --- deeds ----------------------------------------------------------------------------------------------------------


def _verdicts(table: Table, found: Review) -> list[Deed]:
    """The verdicts that the reader's role has here; a refused one stays with its reason."""
    sheet, current = found.sheet, found.current
    if sheet is None or current is None:
        return []
    labels = {
        "verify:verified": (_("Setuju"), "check", "primary"),
        "verify:returned": (_("Kembalikan"), "arrow-back-up", "secondary"),
        "verify:refused": (_("Tolak"), "", "secondary"),
    }
    deeds = []
    for step, refusals in sheet.steps:
        if step.name not in VERDICTS:
            continue
        label, icon, kind = labels[step.name]
        with_reason = step.name in REASONS
        ask = {"verify:returned": "kembalikan", "verify:refused": "tolak"}.get(step.name, "")
        deeds.append(
            Deed(
                label=label,
                name="" if with_reason else "step",
                value="" if with_reason else step.name,
                kind=kind,
                icon=icon,
                key=VERDICTS[step.name],
                url=table.url(baris=current.id, alasan=ask) if with_reason else "",
                refused=_("Belum bisa disetujui: %(reason)s") % {"reason": say_all(refusals)}
                if refusals and step.name == "verify:verified"
                else say_all(refusals),
            )
        )
    return deeds


def _same_reason(verdicts: list[Deed]) -> str:
    """One sentence instead of three where every verdict is refused."""
    refused = [deed.refused for deed in verdicts]
    return refused[-1] if refused and all(refused) else ""


def _standing(sheet: Sheet, found: Review) -> str:
    """Why there is nothing to decide here for the reader."""
    request = sheet.request
    if request.state.value == "handed_over":
        return _("Baris diputus oleh pemeriksa Dinsos.")
    who = sheet.names.get(request.verified_by or "", "")
    state = word("state", request.state.value)
    if request.verified_by and request.state.value in batches.DECIDED:
        return _("%(state)s oleh %(who)s.") % {"state": state, "who": who}
    return _("Keadaannya sekarang: %(state)s.") % {"state": state}


def _undo(found: Review) -> dict[str, str]:
    row = found.last_own
    if row is None:
        return {}
    return {"value": f"{row.id}:{row.version}", "name": row.name}


def _reasons(step: str) -> list[Option]:
    listed = REASONS.get(step)
    if not listed:
        return []
    return [Option(code, one.label[language()]) for code, one in parameters.load().reasons[listed].items()]
