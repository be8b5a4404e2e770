"""The pages of erasures: one person asks on a legal basis, another sees everything that it reaches, and decides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from mutakhir import parameters, wiring
from mutakhir.actions import erasure as actions
from mutakhir.actions.erasure import Extent
from mutakhir.core.actors import Role
from mutakhir.core.calendar import today_in
from mutakhir.core.flows.erasure import DECIDERS, Kind, State, why_not
from mutakhir.core.refusals import Refusal
from mutakhir.core.tickets import shown
from mutakhir.queries import erasure as queries
from mutakhir.queries.erasure import ErasureLine, ErasurePage
from mutakhir.queries.people import person_page
from mutakhir.queries.places import place
from mutakhir.web.change_request.questions import said
from mutakhir.web.change_request.show import chip_of
from mutakhir.web.desk import READERS, Desk, SeeOther, carry_out, log_reading, page, seen_version, signed_in
from mutakhir.web.erasure.beside import basis_of
from mutakhir.web.refusals import FieldError, field_errors, language, say, say_all, word
from mutakhir.web.values import Option, WorkItem

TEXT_AT_MOST = 500
CHIPS = {
    State.ASKED: "waiting",
    State.APPROVED: "waiting",
    State.BEGUN: "waiting",
    State.REFUSED: "refused",
    State.TAKEN_BACK: "withdrawn",
    State.CARRIED_OUT: "done",
}


def state_word(state: State) -> str:
    return {
        State.ASKED: _("Menunggu keputusan"),
        State.APPROVED: _("Disetujui, menunggu dikerjakan"),
        State.BEGUN: _("Sedang dikerjakan"),
        State.REFUSED: _("Tidak disetujui"),
        State.TAKEN_BACK: _("Ditarik kembali"),
        State.CARRIED_OUT: _("Selesai dikerjakan"),
    }[state]


def kind_word(kind: Kind) -> str:
    return {
        Kind.ERASE: _("Hapus selamanya"),
        Kind.SEAL: _("Kunci isinya"),
        Kind.UNSEAL: _("Buka lagi"),
    }[kind]


# --- asking ---------------------------------------------------------------------------------------------------------


@signed_in(*READERS)
def ask_erasure(request: Desk, number: int) -> HttpResponse:
    """The supervisor sees what it reaches and what stands in the way, and says on which basis and paper."""
    region, name = _person(request, number)
    log_reading(request, purpose="erasure", region=region, subject=number)
    typed = {"basis": said(request.POST, "basis"), "number": said(request.POST, "number")}
    errors: list[FieldError] = []
    if request.method == "POST":
        kind, _colon, basis = typed["basis"].partition(":")
        if kind in {one.value for one in Kind}:
            command = actions.Ask(Kind(kind), number, basis, typed["number"])
            done = carry_out(request, actions.ask, command)
            if done.ok:
                return SeeOther(reverse("erasure", args=[done.number]))
            errors = field_errors(done.refusals)
        else:
            errors = [FieldError("basis", _("Pilih apa yang diminta dan dasar hukumnya."))]
    extent = wiring.ask(_extent, number)
    others = wiring.ask(queries.erasures_of, number)
    refusals = why_not(None, "ask", region=region, actor=request.actor, others=others)
    context = {
        "name": name or _("(tanpa nama)"),
        "place": wiring.ask(place, region).shown,
        "back_url": reverse("person", args=[number]),
        "options": _options(is_sealed=bool(extent.sealed)),
        "typed": typed,
        "errors": errors,
        "refused": say_all((*refusals, *extent.in_the_way)),
        **_reached(extent),
    }
    return page(request, "erasure/ask.html", context)


def _person(request: Desk, number: int) -> tuple[str, str]:
    """Where somebody lives and how they are called; a page that is not there for whom the actor may not see."""
    found = wiring.ask(
        person_page,
        number,
        on=today_in("", request.now),
        position=None,
        authorities=wiring.terms().attributes.authorities,
        scopes=request.actor.scopes(),
    )
    if found is None:
        raise Http404
    return found.region, str(found.value("name") or "")


def _extent(person: int) -> Extent:
    return actions.extent_of(person, register=wiring.open_register())


def _options(*, is_sealed: bool) -> list[Option]:
    reasons, tongue = parameters.load().reasons, language()
    kinds = (Kind.ERASE, Kind.UNSEAL) if is_sealed else (Kind.ERASE, Kind.SEAL)
    return [
        Option(f"{kind.value}:{one.code}", f"{kind_word(kind)}: {one.label[tongue]}", one.reference)
        for kind in kinds
        for one in reasons[kind.value].values()
    ]


def _reached(extent: Extent) -> dict[str, Any]:
    """Everything that an erasure reaches, in words, and what stands in its way."""
    parts = []
    if extent.families:
        parts.append(_("Catatan keluarganya, karena tidak ada anggota lain."))
    if extent.dwellings:
        parts.append(_("Catatan rumahnya, karena tidak ada keluarga lain di sana."))
    if len(extent.persons) > 1:
        parts.append(_("Catatan lain yang ternyata orang yang sama."))
    if extent.sealed:
        parts.append(_("Yang sudah dikunci sebelumnya."))
    items = []
    for one in extent.requests:
        chip = chip_of(one)
        items.append(
            WorkItem(
                title=f"{word('kind', one.kind)} · {shown(one.ticket) if one.ticket else one.id}",
                url=reverse("request", args=[one.id]),
                sentence=_("Isinya dan buktinya ikut."),
                state=chip["state"],
                word=chip["word"],
                count=chip.get("count"),
            )
        )
    return {"parts": parts, "items": items, "in_the_way": [say(one) for one in extent.in_the_way]}


# --- one erasure ----------------------------------------------------------------------------------------------------

VERBS = ("approve", "refuse", "take_back")


@signed_in(*READERS)
def show_erasure(request: Desk, number: int) -> HttpResponse:
    found = _find(request, number)
    note = said(request.POST, "note")
    errors: list[FieldError] = []
    conflict = False
    if request.method == "POST":
        verb = said(request.POST, "verb")
        if verb not in VERBS:
            raise Http404
        command = actions.Decide(number, verb, note, seen_version(request))
        done = carry_out(request, actions.decide, command)
        if done.ok:
            messages.success(request, _done_word(verb))
            return SeeOther(reverse("erasure", args=[number]))
        errors, conflict = field_errors(done.refusals), done.conflict
        found = _find(request, number)
    erasure = found.line.erasure
    log_reading(request, purpose="erasure", region=erasure.region, subject=erasure.person)
    waits = erasure.state is State.ASKED
    ahead = erasure.state in (State.ASKED, State.APPROVED)
    extent = wiring.ask(_extent, erasure.person) if ahead else None
    refusals = {
        verb: list(why_not(erasure, verb, region=erasure.region, actor=request.actor)) for verb in VERBS
    }
    may_decide = waits and not _lacks_role(refusals["approve"])
    if extent is not None:
        refusals["approve"] += extent.in_the_way
    context = {
        "erasure": erasure,
        "version": erasure.version,
        "name": found.line.name,
        "person_url": reverse("person", args=[erasure.person]),
        "place": found.line.place.shown,
        "kind_word": kind_word(erasure.kind),
        "basis": basis_of(erasure),
        "reference": _reference(found),
        "chip": {"state": CHIPS[erasure.state], "word": state_word(erasure.state)},
        "waiting": _waiting(found.line) if ahead or erasure.state is State.BEGUN else None,
        "command": f"mutakhir {erasure.kind.value} {erasure.id}"
        if erasure.state in (State.APPROVED, State.BEGUN)
        else "",
        "asked_by": found.names[erasure.asked_by],
        "decided_by": found.names.get(erasure.decided_by or "", ""),
        "may_decide": may_decide,
        "may_take_back": waits and not _lacks_role(refusals["take_back"]),
        "refused": {verb: say_all(reasons) for verb, reasons in refusals.items()},
        "note": note,
        "limit": TEXT_AT_MOST,
        "errors": errors,
        "conflict": conflict,
        "conflict_who": found.names.get(erasure.decided_by or erasure.asked_by, ""),
        **(_reached(extent) if extent is not None else {}),
    }
    return page(request, "erasure/erasure.html", context)


def _find(request: Desk, number: int) -> ErasurePage:
    found = wiring.ask(
        queries.erasure_page,
        number,
        actor=request.actor,
        now=request.now,
        deadlines=wiring.terms().deadlines,
    )
    if found is None:
        raise Http404
    return found


def _reference(found: ErasurePage) -> str:
    known = parameters.load().reasons[found.line.erasure.kind.value].get(found.line.erasure.basis)
    return known.reference if known is not None else ""


def _lacks_role(refusals: Iterable[Refusal]) -> bool:
    return any(one.rule == "role-missing" for one in refusals)


def _waiting(line: ErasureLine) -> dict[str, Any]:
    asked = line.erasure.state is State.ASKED
    return {
        "what": _("Keputusan") if asked else _("Dikerjakan di terminal"),
        "who": word("role", DECIDERS[0].value if asked else Role.ADMINISTRATOR.value),
        "since": today_in(line.erasure.region, line.since),
        "until": line.due,
        "days_late": line.days_late,
    }


def _done_word(verb: str) -> str:
    return {
        "approve": _("Disetujui. Pengelola menjalankannya di terminal simpul ini."),
        "refuse": _("Tidak disetujui. Register tidak berubah."),
        "take_back": _("Ditarik kembali. Register tidak berubah."),
    }[verb]


# --- the list -------------------------------------------------------------------------------------------------------


@signed_in(*READERS)
def show_erasures(request: Desk) -> HttpResponse:
    """The erasures within reach, those that wait first."""
    found = wiring.ask(
        queries.list_erasures,
        request.actor.scopes(),
        now=request.now,
        deadlines=wiring.terms().deadlines,
    )
    for region in request.actor.scopes():
        log_reading(request, purpose="erasure", region=region)
    return page(request, "erasure/erasures.html", {"items": [_item(one) for one in found]})


def _item(line: ErasureLine) -> WorkItem:
    erasure = line.erasure
    waiting = _waiting(line) if line.due is not None else {}
    return WorkItem(
        title=f"{line.name or _('Nomor {n}').format(n=erasure.id)} · {line.place.village}",
        url=reverse("erasure", args=[erasure.id]),
        sentence=f"{kind_word(erasure.kind)}: {basis_of(erasure)}",
        state="late" if line.days_late else CHIPS[erasure.state],
        days=line.days_late or None,
        word="" if line.days_late else state_word(erasure.state),
        **waiting,
    )
