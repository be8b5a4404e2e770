"""A request of the reserve as a card: what is there, what is missing, and the one button that does the first of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutakhir import parameters
from mutakhir.core.actors import Actor, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import Request, missing, needed_evidence
from mutakhir.core.comparison import Outcome, outcome_of
from mutakhir.core.flows import session as sessions
from mutakhir.core.flows.change_request import offered_steps
from mutakhir.core.kinds import PHOTOGRAPHS, Evidence
from mutakhir.queries.reserve import Entry
from mutakhir.queries.waiting import WaitingLine
from mutakhir.web.change_request.draft import ORDER, PEOPLE, first_fields_url, group_url, referral_word
from mutakhir.web.formats import write_day, write_day_short
from mutakhir.web.refusals import language, word
from mutakhir.web.reserve.addresses import address
from mutakhir.web.values import Check, RequestCard
from mutakhir.wiring.village_documents import matter_in_words


@dataclass(frozen=True, slots=True)
class DeedLink:
    """The button of a card: where it leads, and its words."""

    label: str
    url: str
    icon: str


def card_of(entry: Entry, *, actor: Actor, village: str = "") -> RequestCard:
    """The card of a request for a reader; `village` is what addresses carry of it."""
    request = entry.request
    lacks = missing(request)
    undecided = not request.stands_decided or entry.expired
    refused = request.fit is False and not request.appealed
    lacking = len(lacks) + (1 if undecided else 0)
    late = entry.waiting.days_late if entry.waiting else 0
    state = "refused" if refused else "late" if late else "incomplete" if lacking else "ready"
    referred = referral_word(request) if state == "ready" else ""
    deed = first_deed(entry, lacks=lacks, undecided=undecided and not refused, actor=actor, village=village)
    line = entry.waiting
    return RequestCard(
        title=request.subject_name,
        url=reverse("request", args=[request.id]),
        kind=matter_in_words(request, language(), most=2),
        place=entry.spot.shown,
        state="waiting" if referred else state,
        word=_("Ditolak desa") if refused else referred,
        count=lacking if state == "incomplete" else None,
        days=late if state == "late" else None,
        checks=checks_of(entry, lacks=lacks),
        deed_label=deed.label if deed else "",
        deed_url=deed.url if deed else "",
        deed_icon=deed.icon if deed else "",
        waiting_days=max((entry.case.today - recorded_on(entry)).days, 0),
        ticket=request.ticket or "",
        what=word("step", line.step) if line else "",
        who=who_acts(line, lacks=lacks),
        since=line.since if line else None,
        until=line.until if line else None,
        until_label=until_label(line),
    )


def recorded_on(entry: Entry) -> date:
    return today_in(entry.request.region, entry.request.recorded_at)


def who_acts(line: WaitingLine | None, *, lacks: tuple[str, ...]) -> str:
    if line is None:
        return ""
    if line.step == "settle":
        return word("authority", "civil")
    if line.step == "appeal":
        return word("role", Role.APPLICANT.value)
    if line.role is Role.SYSTEM:
        return _("Sistem, dengan sendirinya")
    return word("role", line.role.value)


def until_label(line: WaitingLine | None) -> str:
    """Which day of a window stands there: the one on which it opens, or the last on which it still takes something."""
    if line is None or line.step not in ("pack", "amend"):
        return ""
    if line.assumed:
        return _("belum dijadwalkan, biasanya dibuka")
    return _("batas masuk") if line.step == "amend" or line.role is Role.SYSTEM else _("dibuka")


# --- what is there, what is missing ---------------------------------------------------------------------------------


def checks_of(entry: Entry, *, lacks: tuple[str, ...]) -> tuple[Check, ...]:
    request = entry.request
    checks: list[Check] = []
    if request.cancellation_asked:
        checks.append(
            Check(False, _("Pemohon minta dibatalkan"), reverse("request", args=[request.id]), "warning")
        )
    checks.append(_fields(lacks))
    had = {proof.kind for proof in request.evidence}
    for piece in needed_evidence(request):
        there = piece.value in had
        paper = word("evidence", piece.value)
        checks.append(Check(there, _("%(paper)s ada") % {"paper": paper} if there else
                            _("%(paper)s belum ada") % {"paper": paper}))  # fmt: skip
    checks.append(_decision(entry))
    match outcome_of(entry.case.lines) if entry.case.lines and not request.rule.claim else Outcome.VALID:
        case Outcome.CONFLICT:
            text = _("Register berubah sejak dicatat: akan bentrok saat ikut")
            checks.append(Check(False, text, reverse("request", args=[request.id]), "warning"))
        case Outcome.SATISFIED:
            text = _("Register sudah sama dengan yang diminta: ditutup sendiri saat masa dibuka")
            checks.append(Check(False, text, "", "warning"))
    return tuple(checks)


def _fields(lacks: tuple[str, ...]) -> Check:
    known = parameters.load()
    empty = [known.piece(one, language()) for one in lacks if not one.startswith("evidence:")]
    if not empty:
        return Check(True, _("Isian lengkap"))
    told = ", ".join(empty[:3])
    if len(empty) > 3:
        told = _("%(names)s, dan %(count)s lagi") % {"names": told, "count": len(empty) - 3}
    return Check(False, _("Belum diisi: %(names)s") % {"names": told})


def _decision(entry: Entry) -> Check:
    request = entry.request
    if request.rule.claim:
        return Check(True, _("Diputus kantor catatan sipil (Dukcapil)"))
    if not request.rule.deliberated:
        return Check(True, _("Tidak perlu musyawarah, cukup suratnya"))
    day = write_day_short(request.decided_on, language()) if request.decided_on else ""
    if request.fit is False and not request.appealed:
        told = {"day": day, "reason": request.decision_reason or "", "until": _day(entry.appeal_until)}
        if entry.appeal_until is not None and entry.case.today <= entry.appeal_until:
            text = (
                _("Ditolak musyawarah %(day)s: %(reason)s. Keberatan bisa diajukan sampai %(until)s") % told
            )
        else:
            text = _("Ditolak musyawarah %(day)s: %(reason)s") % told
        return Check(False, text)
    if entry.expired:
        told = {"until": _day(entry.decided_until)}
        return Check(False, _("Keputusan musyawarah berlaku sampai %(until)s, perlu diputus lagi") % told)
    if request.appealed:
        return Check(True, _("Keberatan diterima; ikut dengan pendapat desa"))
    if request.fit:
        told = {"day": day, "until": _day(entry.decided_until)}
        if entry.decided_until is None:
            return Check(True, _("Sudah diputus musyawarah %(day)s") % told)
        return Check(True, _("Sudah diputus musyawarah %(day)s, berlaku sampai %(until)s") % told)
    if entry.session is not None:
        told = {"day": write_day_short(entry.session.day, language())}
        return Check(False, _("Masuk agenda musyawarah %(day)s, belum diputus") % told)
    return Check(False, _("Belum diputus musyawarah"))


def _day(day: date | None) -> str:
    return write_day(day, language()) if day else ""


# --- the one button -------------------------------------------------------------------------------------------------


def first_deed(
    entry: Entry, *, lacks: tuple[str, ...], undecided: bool, actor: Actor, village: str
) -> DeedLink | None:
    """What brings this request forward and is the reader's to do; None where it is not theirs."""
    request = entry.request
    offered = {step.name: refusals for step, refusals in offered_steps(entry.case, actor)}
    empty = [one for one in lacks if not one.startswith("evidence:")]
    if empty and "amend" in offered:
        return DeedLink(_("Lengkapi isian"), fields_url(request, empty[0]), "pencil")
    papers = [one.removeprefix("evidence:") for one in lacks if one.startswith("evidence:")]
    if papers and "prove" in offered:
        photograph = Evidence(papers[0]) in PHOTOGRAPHS
        label = _("Ambil foto") if photograph else _("Tambah surat")
        return DeedLink(
            label, reverse("draft_evidence", args=[request.id]), "camera" if photograph else "upload"
        )
    if request.fit is False and not request.appealed:
        if not offered.get("appeal", (None,)):
            return DeedLink(_("Catat keberatan"), reverse("appeal", args=[request.id]), "message-circle")
        return None
    if not lacks and not offered.get("refer", (None,)):
        return DeedLink(_("Catat sudah dibawa"), reverse("refer", args=[request.id]), "send")
    if not lacks and undecided:
        return _to_meeting(entry, actor=actor, village=village)
    return None


def _to_meeting(entry: Entry, *, actor: Actor, village: str) -> DeedLink | None:
    region = entry.request.region
    may = {verb: actor.has(sessions.ROLES[verb], region) for verb in ("call", "enter", "confirm")}
    if entry.session is not None and (may["enter"] or may["confirm"]):
        return DeedLink(_("Buka musyawarah"), reverse("session", args=[entry.session.id]), "users-group")
    if entry.session is None and may["call"]:
        url = address("session_call", desa=village, permintaan=entry.request.id)
        return DeedLink(_("Bawa ke musyawarah"), url, "users-group")
    return None


def fields_url(request: Request, lacking: str) -> str:
    """The page of the form that asks for a missing piece."""
    name = lacking.removeprefix("attribute:")
    attribute = parameters.load().attributes.get(name)
    group = attribute.group if attribute is not None else ""
    order = ORDER[request.kind]
    if attribute is not None and attribute.of == "person" and PEOPLE in order:
        return group_url(request, PEOPLE)
    return group_url(request, group) if group in order else first_fields_url(request)


def waiting_words(days: int) -> str:
    return ngettext("%(days)s hari", "%(days)s hari", days) % {"days": days}
