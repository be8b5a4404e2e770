"""The home page of everybody who is signed in: my turn first, then the turns of others, then what was finished."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutakhir import parameters, wiring
from mutakhir.core.actors import Actor, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.flows.window import State as WindowState
from mutakhir.queries import work
from mutakhir.queries.places import Place, places
from mutakhir.queries.reserve import READERS
from mutakhir.queries.windows import windows_near
from mutakhir.web import desk
from mutakhir.web.desk import Desk, has_role, home_region, page, signed_in
from mutakhir.web.refusals import language, word
from mutakhir.web.reserve.session import turn_items
from mutakhir.web.values import Period, WorkItem
from mutakhir.wiring.accounts import REMINDER

VILLAGE = (Role.VILLAGE_OPERATOR, Role.VILLAGE_HEAD)
VISIT_PARTS = {"assign": "menunggu", "visit": "jalan", "reassign": "lewat"}
"""The part of the page of visits where each piece of work is."""
DINSOS = (Role.VERIFIER, Role.SUPERVISOR, Role.HEAD_OF_DINSOS, Role.PROVINCE, Role.AUDITOR)
"""Who follows what was annulled or erased: those who ask and decide, and those who look on."""


@signed_in()
def show_work(request: Desk) -> HttpResponse:
    if has_role(request.actor, Role.ADMINISTRATOR) and len(request.actor.held) == 1:
        return redirect("accounts")
    context = wiring.ask(_read, request.actor, request.now)
    request.waiting = context["waiting"]  # type: ignore[attr-defined]
    subjects, week = context.pop("subjects"), context.get("week")
    if subjects or (week is not None and week.longest_name):
        desk.log_reading(request, purpose="work", region=home_region(request.actor), subjects=subjects)
    return page(request, "work/work.html", context)


def _read(actor: Actor, now: datetime) -> dict[str, Any]:
    region = home_region(actor)
    today = today_in(region, now)
    found = work.work_of(actor, now=now, parameters=parameters.load(), deadlines=wiring.terms().deadlines)
    turns = (*found.mine, *found.others, *found.vacant)
    named = places({turn.region for turn in turns} | {turn.place for turn in turns if turn.place})
    in_village = has_role(actor, *VILLAGE)
    finished = work.finished_lately(actor)
    sessions = turn_items(actor, now=now) if in_village else []
    context: dict[str, Any] = {
        "today": today,
        "mine": sorted(
            [*sessions, *(_item(turn, named[turn.region], actor, mine=True) for turn in found.mine)],
            key=lambda item: item.until if isinstance(item.until, date) else date.max,
        ),
        "waiting": found.waiting + len(sessions),
        "vacant": [_vacant_item(turn, named[turn.region], actor) for turn in found.vacant],
        "others": [_item(turn, named[turn.region], actor, mine=False) for turn in found.others],
        "finished": [_finished(one) for one in finished],
        "in_village": in_village,
        "subjects": {turn.about for turn in (*found.mine, *found.others) if turn.about is not None}
        | {one.number for one in finished},
        "period": period_of(region, now),
        "can_record": has_role(actor, Role.VILLAGE_OPERATOR, Role.DATA_FILLER),
        "plans_windows": has_role(actor, Role.CENTRE, Role.SUPERVISOR),
    }
    if in_village:
        context["week"] = work.week_figures(region, now=now)
    return context


def period_of(region: str, now: datetime) -> Period | None:
    """The window that is open here or comes next, with what is ready for it."""
    known = windows_near(region, since=now)
    window = min(
        (
            one
            for one in known
            if one.form == "window" and one.state(now) in (WindowState.OPEN, WindowState.SCHEDULED)
        ),
        key=lambda one: one.opens,
        default=None,
    )
    today = today_in(region, now)
    if window is None:
        return None
    counts = work.readiness(region, kinds=window.kinds)
    is_open = window.state(now) is WindowState.OPEN
    opens, ends, closes = window.days.opens, window.days.cut_off, window.days.closes
    return Period(
        name=window.name,
        opens_on=opens,
        cut_off_on=ends,
        closes_on=closes,
        days=((ends if is_open else opens) - today).days,
        is_open=is_open,
        kinds=", ".join(word("kind", kind) for kind in window.kinds) or _("semua jenis perubahan"),
        ready=counts.ready,
        incomplete=counts.incomplete + counts.undecided,
    )


def _step_word(turn: work.Turn) -> str:
    if turn.form == "task":
        return _("Tugas")
    if turn.form == "visits":
        return word("visit", "report" if turn.step == "visit" else "assign")
    if turn.form == "regions":
        return word("region", turn.step)
    return word("step", turn.step)


def _item(turn: work.Turn, place: Place, actor: Actor, *, mine: bool) -> WorkItem:
    late = turn.days_late
    role = word("authority", "civil") if turn.step == "settle" else word("role", turn.role)
    return WorkItem(
        title=_title(turn, place, has_role(actor, *VILLAGE)),
        url=_address(turn, actor),
        sentence=_sentence(turn),
        state="late" if late else ("yours" if mine else "waiting"),
        days=late or None,
        word="" if late or mine else _("Menunggu {who}").format(who=role),
        what=_step_word(turn),
        who=_("Anda") if mine else role,
        since=today_in(turn.region, turn.since),
        until=turn.until or _("belum ditetapkan pusat"),
        note=_("{who} sudah diberi tahu.").format(who=word("role", turn.above.value)) if turn.above else "",
    )


def _vacant_item(turn: work.Turn, place: Place, actor: Actor) -> WorkItem:
    """What waits for a role that nobody holds, as the turn of the next above."""
    role = word("role", turn.role)
    in_village = turn.region == place.code and bool(place.village)
    return WorkItem(
        title=place.village if in_village else place.kabupaten or place.shown,
        url=reverse("reserve") + f"?desa={turn.region}" if in_village and has_role(actor, *READERS) else "",
        sentence=ngettext(
            "{n} permintaan menunggu {role}, dan belum ada yang memegang peran itu di sini.",
            "{n} permintaan menunggu {role}, dan belum ada yang memegang peran itu di sini.",
            turn.count,
        ).format(n=turn.count, role=role),
        state="warning",
        word=_("Belum ada petugas"),
        what=role,
        who=_("Anda"),
        since=today_in(turn.region, turn.since),
        until=turn.until or _("belum ditetapkan pusat"),
        days_late=turn.days_late,
    )


def _title(turn: work.Turn, place: Place, in_village: bool) -> str:
    if turn.form in ("request", "offer", "annulment", "erasure"):
        return turn.title if in_village else f"{turn.title} · {place.village}"
    if turn.form == "regions":
        return turn.title
    if turn.form == "task":
        return turn.title or str((turn.particulars or {}).get("name") or place.shown)
    if turn.form in ("village", "batch"):
        return place.village or place.shown
    return place.kabupaten or place.shown


def _sentence(turn: work.Turn) -> str:
    found = parameters.load()
    tongue = language()
    many = turn.count
    match turn.form, turn.step:
        case "task", rule:
            return found.sentence(rule, tongue, **(turn.particulars or {}))
        case "offer", _:
            return _("{kind}: ditawarkan {giver}. Terima, atau kembalikan dengan alasan.").format(
                kind=word("kind", turn.kind), giver=places([turn.place])[turn.place].shown
            )
        case "visits", "visit":
            return ngettext("{n} rumah perlu dikunjungi.", "{n} rumah perlu dikunjungi.", many).format(n=many)
        case "visits", "reassign":
            return ngettext(
                "{n} kunjungan lewat batasnya. Tugaskan petugas lain.",
                "{n} kunjungan lewat batasnya. Tugaskan petugas lain.",
                many,
            ).format(n=many)
        case "visits", _:
            return ngettext(
                "{n} kunjungan belum ada petugasnya.", "{n} kunjungan belum ada petugasnya.", many
            ).format(n=many)
        case "regions", _:
            return _("{n} belum bisa ditempatkan di wilayah baru.").format(n=many)
        case "forward", _:
            return ngettext(
                "{n} permintaan lewat kecamatan. Teruskan, atau lewatkan.",
                "{n} permintaan lewat kecamatan. Teruskan, atau lewatkan.",
                many,
            ).format(n=many)
        case "erasure", _:
            if turn.state == "asked":
                return _("Isi catatannya diminta dihapus atau dikunci.")
            return _("Disetujui; pengelola menjalankannya di terminal.")
        case "annulment", _:
            return _("{kind}: diminta dibatalkan karena keliru diterapkan.").format(
                kind=word("kind", turn.kind)
            )
        case _, "annul":
            return ngettext(
                "{n} pembatalan menunggu keputusan.", "{n} pembatalan menunggu keputusan.", many
            ).format(n=many)
        case _, "erase":
            return ngettext(
                "{n} penghapusan menunggu keputusan.", "{n} penghapusan menunggu keputusan.", many
            ).format(n=many)
        case _, "ask_cancellation":
            return _("Pemohon minta dibatalkan. Tanyakan dulu, lalu tarik atau teruskan permintaannya.")
        case _, "reserve" if turn.kind == "change_of_pengurus":
            return _("{kind}: pilih siapa yang menerima bantuan keluarga, lalu simpan.").format(
                kind=word("kind", turn.kind)
            )
        case _, "reserve":
            return _("{kind}: draf belum disimpan ke cadangan.").format(kind=word("kind", turn.kind))
        case _, "amend":
            lacks = ", ".join(found.piece(what, tongue) for what in turn.missing[:3])
            return _("{kind}: masih kurang {lacks}.").format(kind=word("kind", turn.kind), lacks=lacks)
        case _, "resume":
            return _("{kind}: {state}. Lanjutkan atau perbaiki.").format(
                kind=word("kind", turn.kind), state=word("state", turn.state).lower()
            )
        case _, "appeal":
            return _("{kind}: belum disetujui musyawarah. Pemohon bisa berkeberatan.").format(
                kind=word("kind", turn.kind)
            )
        case _, "refer":
            return _(
                "{kind}: bantu keluarga membawa berkasnya ke kantor catatan sipil, lalu catat di sini."
            ).format(kind=word("kind", turn.kind))
        case _, "settle":
            return _("{n} laporan menunggu dicatat kantor catatan sipil (Dukcapil).").format(n=many)
        case _, "deliberate":
            return ngettext(
                "{n} permintaan perlu diputus musyawarah.", "{n} permintaan perlu diputus musyawarah.", many
            ).format(n=many)
        case _, "pack":
            return _("{n} permintaan siap, menunggu masa pemutakhiran.").format(n=many)
        case _, "hand_over":
            return _("{n} permintaan dikemas. Serahkan ke Dinas Sosial.").format(n=many)
        case _, "verify":
            return _("{n} permintaan perlu diperiksa.").format(n=many)
        case _, "finalise":
            return _("{n} permintaan terverifikasi. Bekukan daftarnya.").format(n=many)
        case _, "endorse":
            return _("Daftar {n} permintaan menunggu surat pengesahan.").format(n=many)
        case _, "send":
            return _("Daftar {n} permintaan sudah disahkan. Kirim ke pusat.").format(n=many)
        case _, "determine":
            return _("{n} permintaan sudah dikirim, menunggu penetapan pusat.").format(n=many)
        case _:
            return _("{n} permintaan.").format(n=many)


def _address(turn: work.Turn, actor: Actor) -> str:
    """Where the work is done, or can be looked at; empty where this person may look at neither."""
    if turn.form in ("village", "kabupaten") and not has_role(actor, *READERS):
        return ""
    match turn.form, turn.step:
        case "request", _:
            return reverse("request", args=[turn.number])
        case "offer", _:
            return reverse("offered", args=[turn.number])
        case "visits", step:
            return reverse("visits") + f"?bagian={VISIT_PARTS[step]}"
        case "forward", _:
            return reverse("forward", args=[turn.number])
        case "regions", _:
            return reverse("region_change", args=[turn.number])
        case "task", rule if rule == REMINDER:
            return reverse("accounts") + "?tinjau=ya"
        case "task", _:
            return reverse("task", args=[turn.number])
        case "annulment" | "erasure" as form, _:
            return reverse(form, args=[turn.number])
        case "kabupaten", "annul":
            return reverse("annulments")
        case "kabupaten", "erase":
            return reverse("erasures")
        case "village", "deliberate":
            return reverse("sessions") + (f"?desa={turn.region}")
        case "village", _:
            return reverse("reserve") + (f"?desa={turn.region}")
        case "kabupaten", "deliberate" | "pack" | "settle":
            return reverse("reserve")
        case "batch", "hand_over":
            return f"/cadangan/kumpulan/{turn.number}"
        case "batch", _:
            return reverse("batch", args=[turn.number])
        case "list", _:
            return reverse("submission", args=[turn.number])
        case _:
            return reverse("batches")


def _finished(one: work.Finished) -> WorkItem:
    refused = one.state == "refused" or one.answer == "no"
    state = (
        "refused"
        if refused
        else {"withdrawn": "withdrawn", "applied": "in_force", "lapsed": "closed", "annulled": "closed"}.get(
            one.state, "done"
        )
    )
    return WorkItem(
        title=one.title,
        url=reverse("request", args=[one.number]),
        sentence=word("kind", one.kind),
        state=state,
        word=word("state", one.state)
        if not (one.state == "determined" and refused)
        else _("Tidak disetujui pusat"),
        note="",
        since=None,
        until=None,
    )


@signed_in()
def show_more(request: Desk) -> HttpResponse:
    """Everything that the bar has no room for."""
    entries = [
        (_("Musyawarah"), "sessions", VILLAGE),
        (
            _("Cadangan desa"),
            "reserve",
            (Role.CAMAT, Role.VERIFIER, Role.SUPERVISOR, Role.HEAD_OF_DINSOS, Role.DATA_FILLER),
        ),
        (
            _("Kunjungan rumah"),
            "visits",
            (Role.FIELD_CHECKER, Role.VERIFIER, Role.SUPERVISOR, Role.HEAD_OF_DINSOS, Role.AUDITOR),
        ),
        (_("Kumpulan dan daftar"), "batches", (*VILLAGE, Role.VERIFIER, Role.SUPERVISOR)),
        (
            _("Jadwal pemutakhiran"),
            "windows",
            (*VILLAGE, Role.VERIFIER, Role.HEAD_OF_DINSOS, Role.BUPATI_OFFICE),
        ),
        (_("Pembatalan"), "annulments", DINSOS),
        (_("Penghapusan dan penguncian"), "erasures", DINSOS),
        (
            _("Perubahan wilayah"),
            "region_changes",
            (
                *VILLAGE,
                Role.CAMAT,
                Role.VERIFIER,
                Role.SUPERVISOR,
                Role.HEAD_OF_DINSOS,
                Role.PROVINCE,
                Role.AUDITOR,
            ),
        ),
        (_("Cari orang atau keluarga"), "search", desk.READERS),
        (_("Angka tanpa nama"), "figures", tuple(Role)),
        (_("Akun saya"), "account", tuple(Role)),
    ]
    links = [
        {"label": label, "url": reverse(name)}
        for label, name, roles in entries
        if has_role(request.actor, *roles)
    ]
    return page(request, "work/more.html", {"links": links})
