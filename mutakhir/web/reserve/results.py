"""What a meeting decided, entered row by row: fifty rows a page, each page saved on the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from mutakhir.actions import session as actions
from mutakhir.core.flows.session import Decision, why_not_decisions
from mutakhir.queries.reserve import READERS
from mutakhir.queries.session import AgendaRow, SessionPage
from mutakhir.web.change_request.questions import said
from mutakhir.web.desk import Desk, SeeOther, carry_out, page, seen_version, signed_in
from mutakhir.web.refusals import FieldError, field_errors, language, say, say_all
from mutakhir.web.reserve.addresses import address, number_of
from mutakhir.web.reserve.session import lacks_word, log_agenda, read_session, title_of
from mutakhir.web.values import Option
from mutakhir.wiring.village_documents import matter_in_words

OUTCOMES = ("fit", "not_fit")


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One request of the agenda as the form asks about it, with what was entered or typed."""

    number: int
    request: int
    name: str
    matter: str
    spot: str
    lacks: str
    outcome: str
    reason: str
    error: str
    outcomes: tuple[Option, ...]


@signed_in(*READERS)
def enter_results(request: Desk, number: int) -> HttpResponse:
    first = max(number_of(request.POST.get("dari") or request.GET.get("dari")), 1)
    found = read_session(request, number, first=first)
    if request.method != "POST":
        return _form(request, found, typed=None, errors=[])
    attendance, errors = _attendance(request, found)
    here = _typed(request, found)
    row_errors = _row_errors(found, here)
    if errors:
        return _form(request, found, typed=here, errors=[*errors, *row_errors])
    shown = {row.request.id for row in found.rows}
    kept = [one for one in found.session.decisions if one.request not in shown]
    order = {one: place for place, one in enumerate(found.session.agenda)}
    decisions = sorted((*kept, *here), key=lambda one: order.get(one.request, len(order)))
    command = actions.Enter(number, tuple(decisions), attendance, seen_version(request))
    done = carry_out(request, actions.enter, command)
    if not done.ok:
        # A reason that is missing is said at its row, not once for all of them.
        others = [one for one in done.refusals if not (row_errors and one.rule == "must-be-said")]
        return _form(request, found, typed=here, errors=[*row_errors, *field_errors(others)])
    if request.POST.get("lanjut") and found.next_first:
        return SeeOther(address("session_results", number, dari=found.next_first))
    messages.success(request, _("Hasil musyawarah tersimpan."))
    return SeeOther(address("session", number))


def _typed(request: Desk, found: SessionPage) -> list[Decision]:
    """The decisions of this page; a row without one was not spoken of."""
    told = []
    for row in found.rows:
        outcome = request.POST.get(f"hasil_{row.request.id}", "")
        reason = said(request.POST, f"alasan_{row.request.id}")
        if outcome:
            told.append(Decision(row.request.id, outcome, reason or None))
    return told


def _attendance(request: Desk, found: SessionPage) -> tuple[int, list[FieldError]]:
    """How many attended; the first page asks, the others keep what it said."""
    if "attendance" not in request.POST:
        return found.session.attendance, []
    typed = request.POST["attendance"].strip()
    if not typed:
        return 0, []
    if typed.isascii() and typed.isdecimal() and len(typed) <= 5:
        return int(typed), []
    return 0, [FieldError("attendance", _("Tulis jumlah hadir dengan angka, misalnya 17."))]


def _row_errors(found: SessionPage, decisions: list[Decision]) -> list[FieldError]:
    names = {row.request.id: row.request.subject_name for row in found.rows}
    errors = []
    for one in decisions:
        for refusal in why_not_decisions(found.session, [one]):
            field = "alasan" if refusal.rule == "must-be-said" else "hasil"
            errors.append(FieldError(f"{field}_{one.request}", f"{names[one.request]}: {say(refusal)}"))
    return errors


def _form(
    request: Desk, found: SessionPage, *, typed: list[Decision] | None, errors: list[FieldError]
) -> HttpResponse:
    session = found.session
    by_request = {one.request: one for one in typed} if typed is not None else None
    error_of = {one.field: one.text for one in errors}
    context: dict[str, Any] = {
        "found": found,
        "session": session,
        "title": title_of(session),
        "errors": errors,
        "error_of": error_of,
        "rows": [_row(request, row, by_request, error_of) for row in found.rows],
        "attendance": request.POST.get("attendance", session.attendance or ""),
        "asks_attendance": found.first == 1 and session.form == "meeting",
        "refused": say_all(found.refusals["enter"]),
        "back_url": address("session", session.id),
        "previous_url": address("session_results", session.id, dari=found.previous_first)
        if found.previous_first
        else "",
    }
    log_agenda(request, found)
    return page(request, "reserve/results.html", context)


def _row(
    request: Desk, row: AgendaRow, typed: dict[int, Decision] | None, error_of: dict[str, str]
) -> ResultRow:
    number = row.request.id
    told = row.decision if typed is None else typed.get(number)
    reason = told.reason if told and told.reason else ""
    if typed is not None:
        # A reason stays in its field even where the choice was taken back.
        reason = request.POST.get(f"alasan_{number}", reason)
    return ResultRow(
        row.number,
        number,
        row.request.subject_name,
        matter_in_words(row.request, language()),
        row.spot.shown,
        lacks_word(row.lacks) if row.lacks else "",
        told.outcome if told else "",
        reason,
        error_of.get(f"alasan_{number}", "") or error_of.get(f"hasil_{number}", ""),
        _outcomes(row.decision if typed is not None and row.decision != told else None),
    )


def _outcomes(recorded: Decision | None) -> tuple[Option, ...]:
    """The choices of a row; where somebody else has entered another result meanwhile, theirs is marked."""
    labels = (("fit", _("Disetujui")), ("not_fit", _("Tidak disetujui")), ("", _("Belum dibahas")))
    return tuple(
        Option(
            value,
            label,
            recorded.reason or "" if recorded is not None and recorded.outcome == value else "",
            recorded=recorded is not None and recorded.outcome == value,
        )
        for value, label in labels
    )
