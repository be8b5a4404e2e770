"""The state of a request as its resident reads it: one sentence, and the steps of the way."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from mutakhir import parameters
from mutakhir.core.change_requests import Request, State, missing
from mutakhir.core.flows.change_request import CARD_RIGHT, must_go, next_step
from mutakhir.core.flows.window import State as WindowState
from mutakhir.core.flows.window import Window
from mutakhir.queries.ticket import TicketSeen
from mutakhir.queries.waiting import WaitingLine
from mutakhir.web.formats import write_day
from mutakhir.web.refusals import language, word
from mutakhir.web.values import Step

WAITING = {
    "reserve": gettext_noop("Permintaan Anda sedang dicatat di kantor desa."),
    "amend": gettext_noop("Permintaan Anda sudah dicatat. Masih ada yang perlu dilengkapi."),
    "deliberate": gettext_noop("Permintaan Anda sudah dicatat. Kini menunggu musyawarah desa."),
    "pack": gettext_noop("Permintaan Anda sudah siap. Kini menunggu masa pemutakhiran dibuka."),
    "take_over": gettext_noop("Permintaan Anda sudah siap. Kini menunggu diterima desa tempat tinggal Anda."),
    "hand_over": gettext_noop("Permintaan Anda ikut masa pemutakhiran ini. Kini menunggu diserahkan desa."),
    "verify": gettext_noop("Permintaan Anda sedang diperiksa Dinas Sosial."),
    "finalise": gettext_noop("Permintaan Anda sudah diperiksa. Kini menunggu disahkan dalam daftar."),
    "endorse": gettext_noop("Permintaan Anda menunggu tanda tangan Bupati."),
    "send": gettext_noop("Permintaan Anda sudah disahkan. Kini menunggu dikirim ke pusat."),
    "determine": gettext_noop("Permintaan Anda sudah dikirim. Kini menunggu penetapan Menteri."),
    "apply": gettext_noop("Permintaan Anda sudah ditetapkan dan segera berlaku."),
    "appeal": gettext_noop("Musyawarah desa belum menyetujui permintaan Anda."),
    "refer": gettext_noop(
        "Laporan Anda sudah dicatat. Kini perlu disampaikan ke kantor catatan sipil (Dukcapil)."
    ),
    "settle": gettext_noop("Laporan Anda sudah dicatat. Kini menunggu kantor catatan sipil (Dukcapil)."),
}
SETTLED = {
    State.APPLIED: gettext_noop("Selesai. Perubahan Anda sudah berlaku di register."),
    State.SATISFIED: gettext_noop("Selesai. Data sudah benar sebelum diproses."),
    State.WITHDRAWN: gettext_noop("Permintaan ini ditarik atas permintaan Anda."),
    State.LAPSED: gettext_noop(
        "Permintaan ini berhenti karena batas waktunya lewat. Anda bisa melanjutkannya."
    ),
    State.RETURNED: gettext_noop("Permintaan Anda dikembalikan ke desa untuk dilengkapi."),
    State.CONFLICT: gettext_noop(
        "Data di register berubah sejak permintaan dicatat. Desa akan memastikannya."
    ),
    State.REFUSED: gettext_noop("Permintaan Anda tidak disetujui."),
    State.ANNULLED: gettext_noop("Perubahan ini keliru diterapkan dan sudah dibatalkan."),
}
NOT_TAKEN = gettext_noop(
    "Laporan ini berhenti: berkasnya belum sampai ke kantor catatan sipil (Dukcapil). Anda bisa melanjutkannya."
)
NOT_RECORDED = gettext_noop(
    "Laporan ini berhenti: kantor catatan sipil (Dukcapil) belum mencatatnya. Anda bisa melanjutkannya."
)
"""Why a claim lapsed: whose turn it was when its limit passed."""
PAPERS_TAKEN = gettext_noop(
    "Berkasnya sudah dibawa ke kantor catatan sipil; laporan ini selesai sendiri begitu mereka mencatatnya."
)
WHAT = {
    "reserve": gettext_noop("Dicatat lengkap di kantor desa"),
    "amend": gettext_noop("Kelengkapan permintaan"),
    "deliberate": gettext_noop("Musyawarah desa"),
    "pack": gettext_noop("Masa pemutakhiran"),
    "take_over": gettext_noop("Jawaban desa yang akan menangani"),
    "hand_over": gettext_noop("Penyerahan ke Dinas Sosial"),
    "verify": gettext_noop("Pemeriksaan Dinas Sosial"),
    "finalise": gettext_noop("Daftar kabupaten"),
    "endorse": gettext_noop("Tanda tangan Bupati"),
    "send": gettext_noop("Pengiriman ke pusat"),
    "determine": gettext_noop("Penetapan Menteri"),
    "apply": gettext_noop("Penerapan di register"),
    "appeal": gettext_noop("Keberatan Anda, bila ada"),
    "resume": gettext_noop("Kelanjutan dari desa"),
    "refer": gettext_noop("Kunjungan ke kantor catatan sipil (Dukcapil)"),
    "settle": gettext_noop("Catatan kantor catatan sipil (Dukcapil)"),
}
WHO = {
    "village_operator": gettext_noop("Kantor desa"),
    "village_head": gettext_noop("Kepala desa atau lurah"),
    "verifier": gettext_noop("Dinas Sosial kabupaten"),
    "supervisor": gettext_noop("Dinas Sosial kabupaten"),
    "head_of_dinsos": gettext_noop("Kepala Dinas Sosial"),
    "bupati_office": gettext_noop("Kantor Bupati"),
    "centre": gettext_noop("Kementerian Sosial"),
    "system": gettext_noop("Sistem, dengan sendirinya"),
}
WAY = (
    "reserved",
    "deliberated",
    "packed",
    "handed_over",
    "verified",
    "endorsed",
    "sent",
    "determined",
    "applied",
)
CLAIM_WAY = ("reserved", "referred", "satisfied")
STEP_OF = {
    "referred": "refer",
    "satisfied": "settle",
    "reserved": "reserve",
    "deliberated": "deliberate",
    "packed": "pack",
    "handed_over": "hand_over",
    "verified": "verify",
    "endorsed": "endorse",
    "sent": "send",
    "determined": "determine",
    "applied": "apply",
}
TITLES = {
    "reserved": gettext_noop("Dicatat di kantor desa"),
    "referred": gettext_noop("Disampaikan ke kantor catatan sipil (Dukcapil)"),
    "satisfied": gettext_noop("Dicatat kantor catatan sipil (Dukcapil)"),
    "deliberated": gettext_noop("Diputus musyawarah desa"),
    "packed": gettext_noop("Ikut masa pemutakhiran"),
    "handed_over": gettext_noop("Diserahkan ke Dinas Sosial"),
    "verified": gettext_noop("Diperiksa Dinas Sosial"),
    "endorsed": gettext_noop("Ditandatangani Bupati"),
    "sent": gettext_noop("Dikirim ke Kementerian Sosial"),
    "determined": gettext_noop("Ditetapkan Menteri"),
    "applied": gettext_noop("Berlaku di register"),
}


def state_sentence(request: Request) -> str:
    """One sentence, subject first, that says how it stands."""
    if request.state is State.DETERMINED and request.answer == "no":
        return _("Kementerian Sosial belum menyetujui permintaan Anda.")
    if request.rule.claim and request.state is State.SATISFIED:
        return _("Selesai. Kantor catatan sipil (Dukcapil) sudah mencatatnya.")
    if request.rule.claim and request.state is State.LAPSED:
        return _(NOT_TAKEN if must_go(request) else NOT_RECORDED)
    if request.state in SETTLED:
        return _(SETTLED[request.state])
    step = next_step(request) or "reserve"
    return _(WAITING[step])


def reason_sentence(request: Request) -> str:
    """Why it was refused or sent back, in the words for residents; empty where nothing was."""
    tongue = language()
    found = parameters.load().reasons
    if request.state is State.RETURNED and request.returned_because:
        listed = found["return"].get(request.returned_because)
        return listed.resident[tongue] if listed else request.returned_note
    if request.state is State.REFUSED:
        if request.fit is False:
            return request.decision_reason or ""
        listed = found["refuse"].get(request.answer_reason or "")
        return listed.resident[tongue] if listed else (request.returned_note or "")
    if request.answer == "no":
        listed = found["determination"].get(request.answer_reason or "")
        return listed.resident[tongue] if listed else ""
    if request.fit is False and not request.appealed:
        return request.decision_reason or ""
    return ""


def is_reopened(seen: TicketSeen) -> bool:
    """Whether a request waits again, because what had made it true was annulled."""
    kept = [passed.event for passed in seen.passed if passed.event in ("reopened", "satisfied", "applied")]
    return kept[-1:] == ["reopened"]


def closed_early_because(request: Request, windows: Iterable[Window]) -> str:
    """Why the last window that should have taken a request was closed early; empty where none was."""
    reasons = [
        one.closing_reason or ""
        for one in windows
        if one.marked is WindowState.CLOSED
        and one.closed_at is not None
        and one.closed_at < one.closes
        and one.closed_at >= request.recorded_at
        and one.covers(region=request.region, kind=request.kind)
    ]
    return reasons[-1] if reasons else ""


def what_for(line: WaitingLine) -> str:
    return what_waits(line.step)


def what_waits(step: str) -> str:
    """A step as residents know it."""
    return _(WHAT.get(step, WHAT["resume"]))


def who_acts(line: WaitingLine) -> str:
    if line.step == "refer":
        return _("Keluarga, dibantu kantor desa")
    if line.step == "settle":
        return _("Kantor catatan sipil (Dukcapil)")
    return _(WHO.get(line.role.value, WHO["village_operator"]))


def needed(request: Request) -> list[str]:
    """What the resident is asked to bring: only while the request still lacks papers."""
    if next_step(request) not in ("amend", "reserve") and request.state is not State.RETURNED:
        return []
    pieces = [one for one in missing(request) if one.startswith("evidence:")]
    return [word("evidence", one.partition(":")[2]) for one in pieces]


def steps(seen: TicketSeen, line: WaitingLine | None) -> list[Step]:
    """The way of the request: done with their days, then now, then what is to come."""
    request = seen.request
    way = [one for one in WAY if one != "deliberated" or request.rule.deliberated]
    if request.rule.claim:
        way = [one for one in CLAIM_WAY if one != "referred" or request.reason != CARD_RIGHT]
    last = {passed.event: passed.at for passed in seen.passed}
    reached = -1
    for passed in seen.passed:
        if passed.event in way:
            reached = way.index(passed.event)
        elif passed.event in ("resumed", "reopened", "unpacked", "appealed", "taken_over"):
            reached = way.index("deliberated") if request.fit else 0
    found = [
        Step("done", _(TITLES[event]), write_day(last[event].date(), language()) if event in last else "")
        for event in way[: reached + 1]
    ]
    rest = way[reached + 1 :]
    if line is None:
        if request.state not in (State.APPLIED, State.SATISFIED):
            found.append(
                Step("stopped", state_sentence(request), write_day(request.since.date(), language()))
            )
        return found
    now = next((one for one in rest if STEP_OF[one] == line.step), None)
    note = _("Sekarang.")
    if line.until is not None:
        note += " " + _("Paling lambat {day}.").format(day=write_day(line.until, language()))
    title = what_for(line) if now is None or now == "packed" else _(TITLES[now])
    found.append(Step("late" if line.days_late else "now", title, note))
    found += [Step("next", _(TITLES[event])) for event in rest[rest.index(now) + 1 if now else 0 :]]
    return found


def until_words(line: WaitingLine) -> str:
    """A note under the day: that it is customary and not set, or that the day has passed."""
    if line.assumed:
        return _("Belum ada jadwal dari Kementerian Sosial. Tanggal ini menurut kebiasaan tahun lalu.")
    if line.days_late:
        return _("Lewat {n} hari. Atasan sudah diberi tahu.").format(n=line.days_late)
    return ""
