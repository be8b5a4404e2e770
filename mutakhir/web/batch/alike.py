"""Rows that ask for the same: looked at side by side, returned at once, approved after enough of them were opened."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutakhir import parameters, wiring
from mutakhir.actions.review import Decide, Decided, decide
from mutakhir.core.change_requests import Request
from mutakhir.core.flows.change_request import why_not
from mutakhir.core.refusals import Conflict, Refusal, Refused
from mutakhir.queries import batch as batches
from mutakhir.queries import review as reviews
from mutakhir.queries.cases import cases_of, requests_by_number
from mutakhir.queries.review import Alike, Pile, PileRow
from mutakhir.queries.windows import window_near
from mutakhir.web import desk, formats
from mutakhir.web.batch.review import (
    PURPOSE,
    REASONS,
    VERDICTS,
    Table,
    alike_address,
    evidence_address,
    kept_of,
    region_asked,
    shown_value,
)
from mutakhir.web.change_request.questions import said
from mutakhir.web.desk import READERS, Desk, signed_in
from mutakhir.web.refusals import FieldError, language, say, word
from mutakhir.web.values import Left, Option

SAMPLE = 10
"""So many rows of a group are opened before the group can be approved; all of them where there are fewer."""

CHUNK_ROWS = 500
"""Rows that are decided in one transaction."""

AT_ONCE_ROWS = 2000
"""Rows that are decided before the page answers; the rest waits for one more push of the button."""

NUMBER_TYPED_ABOVE = 1000
SHEET_ROWS = 48


@signed_in(*READERS)
def show_batch(request: Desk, number: int) -> HttpResponse:
    batch = wiring.ask(batches.find_batch, number, request.actor)
    if batch is None:
        raise Http404
    pile = Pile(batch.window, batch.village, batch.id)
    return _answer(request, Table(reverse("batch", args=[number]), kept_of(request.GET), pile))


@signed_in(*READERS)
def show_window(request: Desk, window: int) -> HttpResponse:
    region = region_asked(request)
    if region is None:
        return HttpResponseRedirect(f"{reverse('batches')}?masa={window}")
    if wiring.ask(window_near, window, region) is None:
        raise Http404
    address = reverse("batch-window", args=[window])
    return _answer(request, Table(address, kept_of(request.GET), Pile(window, region)))


def _answer(request: Desk, table: Table) -> HttpResponse:
    groups, rows = wiring.ask(_groups, request, table)
    likeness = request.GET.get("jenis", "")
    if not likeness:
        return desk.page(
            request, "batch/alike.html", {**_all_groups(table, groups), "done": result_of(request)}
        )
    group = next((one for one in groups if one.likeness == likeness), None)
    if group is None:
        return desk.page(request, "batch/alike.html", {**_all_groups(table, groups), "gone": True})
    work = _Work(request, table, group, {row.id: row for row in rows if row.id in set(group.rows)})
    if request.method == "POST":
        return _decide(work)
    return _show(work)


def _groups(request: Desk, table: Table) -> tuple[tuple[Alike, ...], tuple[PileRow, ...]]:
    rows = reviews.rows_of(table.pile)
    marks = reviews.marks_of(table.pile, rows, now=request.now)
    return reviews.alike_in(rows, marks), rows


@dataclass(frozen=True, slots=True)
class _Work:
    """One group on the table of one reader."""

    request: Desk
    table: Table
    group: Alike
    rows: dict[int, PileRow]

    @property
    def opened(self) -> frozenset[int]:
        return frozenset(self.request.session.get("opened", ())) & frozenset(self.group.rows)

    @property
    def needed(self) -> int:
        return min(SAMPLE, len(self.group.rows))

    @property
    def enough(self) -> bool:
        return len(self.opened) >= self.needed

    @property
    def stamp(self) -> str:
        """Changes when any row of the group changes or leaves it."""
        text = ",".join(f"{number}:{self.rows[number].version}" for number in self.group.rows)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def sentence_of(request: Request) -> str:
    """What a group asks for: the kind, the values wanted, the reason."""
    parts = []
    for change in reviews.shown_changes(request):
        attribute = parameters.load().attributes.get(change.attribute)
        label = attribute.label[language()] if attribute else change.attribute
        parts.append(f"{label} → {shown_value(attribute, change.wanted) or _('(kosong)')}")
    if request.reason and request.rule.reasons:
        reason = parameters.load().reasons[request.rule.reasons].get(request.reason)
        if reason:
            parts = [reason.label[language()]]
    return f"{word('kind', request.kind)}: {', '.join(parts)}"


def _all_groups(table: Table, groups: Sequence[Alike]) -> dict[str, Any]:
    return {
        "back_url": table.url(),
        "rows": sum(len(one.rows) for one in groups),
        "groups": [
            {
                "url": alike_address(table, one.likeness),
                "title": sentence_of(one.example),
                "count": len(one.rows),
            }
            for one in groups[:50]
        ],
    }


def _show(work: _Work, errors: Sequence[FieldError] = (), sentence: str = "") -> HttpResponse:
    shown = work.group.rows[:SHEET_ROWS]
    found = wiring.ask(lambda: requests_by_number(shown))
    region = work.table.pile.region
    desk.log_reading(work.request, purpose=PURPOSE, region=region, subjects=shown)
    cards = []
    for number in shown:
        request = found[number]
        photo = next((one for one in request.evidence if one.media_type.startswith("image/")), None)
        floor = next((one for one in request.evidence if one.kind == "house_floor"), photo)
        cards.append(
            {
                "name": request.subject_name,
                "place": work.rows[number].place,
                "url": work.table.url(tampil=None, jenis=work.group.likeness, baris=number),
                "photo": evidence_address(number, floor.digest)
                if floor and wiring.blobs().has(floor.digest)
                else "",
                "alt": _("%(label)s, %(name)s")
                % {"label": word("evidence", floor.kind), "name": request.subject_name}
                if floor
                else "",
                "opened": number in work.opened,
            }
        )
    left = max(work.needed - len(work.opened), 0)
    context = {
        "title": sentence_of(work.group.example),
        "count": len(work.group.rows),
        "back_url": alike_address(work.table),
        "cards": cards,
        "more": len(work.group.rows) - len(shown),
        "opened": min(len(work.opened), work.needed),
        "needed": work.needed,
        "not_enough": ngettext(
            "Buka %(n)s baris lagi sebelum menyetujui semuanya.",
            "Buka %(n)s baris lagi sebelum menyetujui semuanya.",
            left,
        )
        % {"n": left}
        if left
        else "",
        "sentence": sentence,
        "errors": list(errors),
        "can_decide": _may_decide(work),
    }
    return desk.page(work.request, "batch/alike_group.html", context)


def _may_decide(work: _Work) -> bool:
    """Whether the reader's role decides rows here at all; each row is asked again when it is decided."""
    found = wiring.ask(_left, work, "verify:verified", work.group.rows[:1])
    return "role-missing" not in found


def _left(work: _Work, step: str, numbers: Sequence[int]) -> Counter[str]:
    """How many of some rows would stay, by the rule that keeps them."""
    requests = list(requests_by_number(numbers).values())
    cases = cases_of(requests, now=work.request.now, terms=wiring.terms())
    kept = (why_not(case, step, work.request.actor) for case in cases.values())
    return Counter(reasons[0].rule for reasons in kept if reasons)


# --- deciding -------------------------------------------------------------------------------------------------------


def _decide(work: _Work) -> HttpResponse:
    step = work.request.POST.get("step", "")
    if step not in VERDICTS:
        raise Http404
    if step == "verify:verified" and not work.enough:
        return _show(work, [FieldError("", _("Belum cukup baris yang dibuka."))])
    if work.request.POST.get("langkah") != "jalankan":
        return _preview(work, step)
    return _carry_out(work, step)


def _preview(work: _Work, step: str, errors: Sequence[FieldError] = ()) -> HttpResponse:
    """The second step: what will happen to how many, what will not and why, and ten examples."""
    left = wiring.ask(_left, work, step, work.group.rows)
    taken = len(work.group.rows) - sum(left.values())
    examples = wiring.ask(lambda: requests_by_number(work.group.rows[:10]))
    labels = {
        "verify:verified": _("Setujui %(n)s permintaan"),
        "verify:returned": _("Kembalikan %(n)s permintaan"),
        "verify:refused": _("Tolak %(n)s permintaan"),
    }
    listed = REASONS.get(step, "")
    context = {
        "title": sentence_of(work.group.example),
        "taken": taken,
        "left": [Left(say(Refusal.of(rule)), count) for rule, count in left.items()],
        "examples": [
            {"title": one.subject_name, "detail": word("kind", one.kind)} for one in examples.values()
        ],
        "label": labels[step] % {"n": formats.write_count(taken, language())},
        "step": step,
        "stamp": work.stamp,
        "action": alike_address(work.table, work.group.likeness),
        "type_number": taken > NUMBER_TYPED_ABOVE,
        "reasons": [
            Option(code, one.label[language()])
            for code, one in parameters.load().reasons.get(listed, {}).items()
        ],
        "reason": work.request.POST.get("reason", ""),
        "note": work.request.POST.get("note", ""),
        "errors": list(errors),
    }
    return desk.page(work.request, "batch/alike_preview.html", context)


def _carry_out(work: _Work, step: str) -> HttpResponse:
    post = work.request.POST
    if post.get("stamp") != work.stamp:
        return _preview(
            work, step, [FieldError("", _("Ada baris yang berubah sejak halaman ini dibuka. Periksa lagi."))]
        )
    told: dict[str, str] = {}
    if step in REASONS:
        told = {"reason": post.get("reason", ""), "note": said(post, "note")}
        if told["reason"] not in parameters.load().reasons[REASONS[step]]:
            return _preview(
                work, step, [FieldError("reason", say(Refusal.of("must-be-said", what="reason")))]
            )
    left = wiring.ask(_left, work, step, work.group.rows)
    taken = len(work.group.rows) - sum(left.values())
    typed = post.get("number", "").replace(".", "").replace(",", "").strip()
    if taken > NUMBER_TYPED_ABOVE and typed != str(taken):
        text = _("Tulis angka %(n)s untuk melanjutkan.") % {"n": formats.write_count(taken, language())}
        return _preview(work, step, [FieldError("number", text)])
    try:
        done = _in_chunks(work, step, told)
    except (Refused, Conflict) as refused:
        return _preview(work, step, [FieldError("", say(one)) for one in refused.refusals])
    work.request.session["alike_done"] = {"taken": done.taken, "left": dict(done.left), "step": step}
    return desk.SeeOther(alike_address(work.table, hasil=1))


def _in_chunks(work: _Work, step: str, told: dict[str, str]) -> Decided:
    taken = 0
    left: Counter[str] = Counter()
    numbers = work.group.rows[:AT_ONCE_ROWS]
    for start in range(0, len(numbers), CHUNK_ROWS):
        seen = {number: work.rows[number].version for number in numbers[start : start + CHUNK_ROWS]}
        done = wiring.perform(
            decide, Decide(seen, step, told), actor=work.request.actor, now=work.request.now
        )
        taken += done.taken
        left.update(done.left)
    if len(work.group.rows) > AT_ONCE_ROWS:
        left["not-yet-reached"] += len(work.group.rows) - AT_ONCE_ROWS
    return Decided(taken, dict(left))


def result_of(request: Desk) -> dict[str, Any]:
    """What the last group decision did, told once."""
    done = request.session.pop("alike_done", None)
    if not done:
        return {}
    verbs = {
        "verify:verified": _("%(n)s permintaan disetujui."),
        "verify:returned": _("%(n)s permintaan dikembalikan ke desa."),
        "verify:refused": _("%(n)s permintaan ditolak."),
    }
    waiting = done["left"].pop("not-yet-reached", 0)
    return {
        "sentence": verbs[done["step"]] % {"n": formats.write_count(done["taken"], language())},
        "left": [Left(say(Refusal.of(rule)), count) for rule, count in done["left"].items()],
        "waiting": waiting,
    }
