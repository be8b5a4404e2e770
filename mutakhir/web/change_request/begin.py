"""The beginning of a request: who it is about, what has changed, and who asks; then the draft stands on the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from mutakhir import wiring
from mutakhir.actions.change_request import STANDINGS, Content, Record
from mutakhir.actions.change_request import record as record_request
from mutakhir.core import nik
from mutakhir.core.calendar import today_in
from mutakhir.core.flows.change_request import OPERATORS
from mutakhir.core.kinds import KINDS
from mutakhir.core.refusals import Refusal
from mutakhir.core.regions import LEVELS
from mutakhir.queries.change_request import (
    FamilySeen,
    Found,
    PersonSeen,
    RequestLine,
    drafts_of,
    family_seen,
    find_by_name,
    find_by_number,
    person_seen,
    requests_naming,
)
from mutakhir.queries.places import place, search_places
from mutakhir.web.change_request.draft import STEPS, first_fields_url
from mutakhir.web.change_request.questions import (
    parts_of_day,
    read_day,
    said,
    said_parts,
    show_day,
)
from mutakhir.web.desk import Desk, carry_out, home_region, log_reading, page, signed_in, typed_number
from mutakhir.web.refusals import FieldError, field_errors, language, say, say_all, word
from mutakhir.web.values import Family, Member, Option, Person, WorkItem

OTHERS_AT_MOST = 5
VILLAGE_DIGITS = next(digits for digits, level in LEVELS.items() if level == "village")
KIND_HINTS = {
    "living_conditions": gettext_noop("Lantai, dinding, atap, air, listrik, atau barang keluarga berubah."),
    "new_person": gettext_noop("Bayi lahir, menikah, atau ikut tinggal dalam keluarga ini."),
    "death": gettext_noop("Seorang anggota keluarga meninggal. Bantuan keluarga tidak berhenti karenanya."),
    "moved": gettext_noop("Pindah rumah, RT, dusun, atau desa."),
    "change_of_pengurus": gettext_noop("Orang lain yang menerima bantuan atas nama keluarga."),
    "not_eligible": gettext_noop(
        "Menjadi ASN, tidak ditemukan, sudah mampu, atau alasan lain yang tercatat."
    ),
    "leaving": gettext_noop("Keluarga meminta keluar dari register atas keinginan sendiri."),
    "family_split": gettext_noop(
        "Sebagian anggota membentuk keluarga sendiri, misalnya menikah atau bercerai."
    ),
    "family_join": gettext_noop("Keluarga ini dan keluarga lain menjadi satu keluarga."),
    "double_id": gettext_noop("Satu orang tercatat dua kali atau punya dua NIK."),
}
"""The kinds that are about a family that is there already, in the order in which people need them."""
WRONG = {
    "correction:card_right": (
        gettext_noop("KTP dan KK benar, di register ini salah tulis"),
        gettext_noop("Keluarga tidak perlu ke kantor mana pun."),
    ),
    "correction:card_wrong": (
        gettext_noop("KTP atau KK sendiri yang keliru"),
        gettext_noop(
            "Nama, tanggal lahir, nomor KK, atau alamat. Diperbaiki di kantor catatan sipil (Dukcapil)."
        ),
    ),
    "living_conditions:": (
        gettext_noop("Kondisi rumah atau barang salah dicatat"),
        gettext_noop("Dicatat seperti perubahan, dengan foto."),
    ),
}
"""What may be wrong though nothing has changed: kind and reason, each with the words that lead there."""


# --- step 1: who ----------------------------------------------------------------------------------------------------


@signed_in(*OPERATORS)
def ask_who(request: Desk) -> HttpResponse:
    """A NIK or a No KK leads to the family; what is not found leads on in three ways."""
    typed = said(request.POST, "nik")
    context: dict[str, Any] = {"nik": typed, **_drafts(request)}
    if request.method != "POST":
        return page(request, "change_request/who.html", context)
    digits = _digits_of(typed)
    if not isinstance(digits, str):
        return page(
            request,
            "change_request/who.html",
            {**context, "errors": [FieldError("nik", say_all(digits))]},
        )
    found = _find(request, digits)
    if len(found) == 1 and found[0].family is not None:
        return redirect(_family_url(found[0]))
    if not found:
        # Typed once, it is offered where the new person's NIK is asked for.
        request.session["nik_offered"] = digits
        context |= {"nik": digits, "missing": True, "waiting": _asked_already(request, digits)}
        return page(request, "change_request/who.html", context)
    return page(request, "change_request/who.html", {**context, "nik": digits, "found": _shown(found)})


@signed_in(*OPERATORS)
def answer_number(request: Desk) -> HttpResponse:
    """Who carries a number, while it is typed; without the fragment's header the page itself."""
    digits = _digits_of(said(request.GET, "nik"))
    if not request.htmx:
        return redirect("record")
    found = _find(request, digits) if isinstance(digits, str) else ()
    is_new = "baru" in request.GET
    context = {
        "people": [_as_card(one) for one in found],
        "known": [
            say(Refusal.of("already-in-family", head=one.head_name or one.name))
            for one in found
            if one.person
        ]
        if is_new
        else [],
        "missing": isinstance(digits, str) and not found and not is_new,
        "waiting": _asked_already(request, digits) if isinstance(digits, str) and not found else [],
        "refused": "" if isinstance(digits, str) else say_all(digits),
    }
    return render(request, "change_request/number_answer.html", context)


def _asked_already(request: Desk, digits: str) -> list[WorkItem]:
    """Open requests for somebody new who is said to carry a number: the register does not know them yet."""
    return [as_request(one) for one in wiring.ask(requests_naming, digits, scopes=request.actor.scopes())]


@signed_in(*OPERATORS)
def search_names(request: Desk) -> HttpResponse:
    """Families by the name of somebody in them, written so or nearly so."""
    words = said(request.GET, "nama")
    found: tuple[Found, ...] = ()
    errors = []
    if words:
        found = wiring.ask(find_by_name, words, scopes=request.actor.scopes())
        shown = {number for one in found for number in (one.person, one.family) if number is not None}
        log_reading(request, purpose="record", region=home_region(request.actor), subjects=shown)
        if not found and len(words.replace(" ", "")) < 3:
            errors = [FieldError("nama", _("Tulis paling sedikit tiga huruf."))]
    context = {"words": words, "found": _shown(found), "empty": bool(words) and not found, "errors": errors}
    return page(request, "change_request/names.html", context, status=200)


def _digits_of(typed: str) -> str | tuple[Refusal, ...]:
    """The sixteen digits of a NIK or a No KK, or why what was typed is neither."""
    read = nik.parse(typed)
    if isinstance(read, nik.Nik):
        return read.digits
    family_card = nik.parse_no_kk(typed)
    return family_card.digits if isinstance(family_card, nik.NoKk) else read


def _find(request: Desk, digits: str) -> tuple[Found, ...]:
    found = wiring.ask(find_by_number, digits, scopes=request.actor.scopes())
    for one in found:
        log_reading(request, purpose="record", region=one.region, subject=one.person or one.family)
    return found


def _family_url(found: Found) -> str:
    if found.family is None:
        return ""
    address = reverse("record_family", args=[found.family])
    return f"{address}?orang={found.person}" if found.person is not None else address


def _shown(found: tuple[Found, ...]) -> list[WorkItem]:
    items = []
    for one in found:
        born = show_day(one.birth_date) if one.birth_date else ""
        head = _("keluarga %(name)s") % {"name": one.head_name} if one.head_name else ""
        if one.family is None:
            head = _("belum tercatat dalam satu keluarga")
        items.append(
            WorkItem(
                title=one.name or _("(tanpa nama)"),
                url=_family_url(one) or reverse("record_new_family"),
                sentence=" · ".join(
                    part for part in (born, head, one.address, nik.mask(one.nik) if one.nik else "") if part
                ),
                state="",
            )
        )
    return items


def _as_card(found: Found) -> Person:
    return Person(
        name=found.name,
        nik=found.nik or "",
        birth=show_day(found.birth_date) if found.birth_date else "",
        address=found.address,
        family_head=found.head_name,
        url=_family_url(found),
    )


def _drafts(request: Desk) -> dict[str, Any]:
    drafts = wiring.ask(drafts_of, request.actor.login, scopes=request.actor.scopes())
    if drafts:
        log_reading(
            request, purpose="work", region=home_region(request.actor), subjects=[one.id for one in drafts]
        )
    return {"drafts": [_draft_item(one) for one in drafts]}


def _draft_item(draft: RequestLine) -> WorkItem:
    return WorkItem(
        title=draft.subject_name or _("(tanpa nama)"),
        url=reverse("draft", args=[draft.id]),
        sentence=word("kind", draft.kind),
        state="draft",
    )


# --- step 2: what has changed, and who asks -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, as the form says it."""

    name: str
    standing: str
    birth_date: str | None
    day: str = ""
    month: str = ""
    year: str = ""


@signed_in(*OPERATORS)
def choose_kind(request: Desk, family: int) -> HttpResponse:
    """The family and the person are shown; a kind and the applicant make the draft."""
    known = wiring.ask(family_seen, family, scopes=request.actor.scopes())
    if known is None:
        raise Http404
    log_reading(request, purpose="record", region=known.region, subject=known.id)
    person = _person_of(request, known)
    asking, refused = _read_asking(request, person or known.head, known.region)
    context = _kind_context(known, person, asking) | {"kind": said(request.POST, "kind")}
    village = _village_of(request, known.region)
    context |= _place_context(request, village, asked=len(known.region) != VILLAGE_DIGITS)
    if request.method != "POST" or "village_search" in request.POST:
        return page(request, "change_request/kind.html", context)
    kind, _colon, reason = context["kind"].partition(":")
    rule = KINDS.get(kind)
    about: tuple[int, ...] = ()
    if person is not None and rule is not None and rule.about == "person":
        about = (person.id,)
    if kind == "correction" and not about:
        about = tuple(one.id for one in (known.head, *known.members) if one is not None)[:1]
    command = Record(
        kind,
        village,
        {"name": asking.name, "standing": asking.standing},
        family=known.id,
        content=Content(people=about, reason=reason or None, birth_date=asking.birth_date),
    )
    asks_about = kind == "correction" and person is None and len(known.members) > 1
    return _begin(request, command, refused, context, "change_request/kind.html", asks_about=asks_about)


@signed_in(*OPERATORS)
def begin_family(request: Desk) -> HttpResponse:
    """A family that is not in the register yet: its village and who asks make the draft."""
    asking, refused = _read_asking(request, None, home_region(request.actor))
    village = _village_of(request, "")
    context = {
        "asking": asking,
        "standings": _standings(),
        "number": 2,
        "total": STEPS,
        "label": word("kind", "new_family"),
        "back_url": reverse("record"),
        **_place_context(request, village, asked=not _own_village(request)),
    }
    if request.method != "POST" or "village_search" in request.POST:
        return page(request, "change_request/new_family.html", context)
    command = Record(
        "new_family",
        village,
        {"name": asking.name, "standing": asking.standing},
        content=Content(birth_date=asking.birth_date),
    )
    return _begin(request, command, refused, context, "change_request/new_family.html")


def _begin(
    request: Desk,
    command: Record,
    refused: tuple[Refusal, ...],
    context: dict[str, Any],
    template: str,
    *,
    asks_about: bool = False,
) -> HttpResponse:
    if not command.kind:
        refused = (*refused, Refusal.of("must-be-said", what="kind"))
    if len(command.region) != VILLAGE_DIGITS:
        refused = (*refused, Refusal.of("must-be-said", what="place"))
    if refused:
        return page(request, template, {**context, "errors": field_errors(refused, fields=FIELDS)})
    done = carry_out(request, record_request, command)
    if not done.ok:
        return page(request, template, {**context, "errors": field_errors(done.refusals, fields=FIELDS)})
    if done.again is not None and done.number is not None:
        return redirect("draft", done.number)
    return redirect("draft_about", done.result.id) if asks_about else redirect(first_fields_url(done.result))


FIELDS = {
    "applicant-unnamed": "applicant",
    "applicant-standing-unknown": "standing",
    "kind-unknown": "kind",
    "family-unknown": "kind",
}


def _person_of(request: Desk, family: FamilySeen) -> PersonSeen | None:
    """The person that the NIK named, if they belong to this family."""
    number = typed_number(said(request.POST, "orang") or said(request.GET, "orang"))
    inside = next((one for one in family.members if one.id == number), None)
    if inside is None:
        return None
    return wiring.ask(person_seen, inside.id, scopes=request.actor.scopes())


def _read_asking(request: Desk, likely: PersonSeen | None, region: str) -> tuple[Asking, tuple[Refusal, ...]]:
    """Who asks: what the form says, or the person concerned as the likely one."""
    today = today_in(region, request.now)
    if request.method != "POST":
        born = likely.birth_date if likely else None
        return Asking(likely.name if likely else "", "member", born, *parts_of_day(born)), ()
    found = read_day(request.POST, "birth_date", today=today)
    refused = (found,) if isinstance(found, Refusal) else ()
    born = None if isinstance(found, Refusal) else found
    return Asking(
        said(request.POST, "applicant")[:100], said(request.POST, "standing"), born,
        *said_parts(request.POST, "birth_date"),
    ), refused  # fmt: skip


def _village_of(request: Desk, region: str) -> str:
    """The village of the request: the family's, the operator's own, or the one that was chosen."""
    if len(region) == VILLAGE_DIGITS:
        return region
    chosen = said(request.POST, "village")
    if chosen.isascii() and chosen.isdecimal() and request.actor.has(OPERATORS, chosen):
        return chosen
    return _own_village(request)


def _own_village(request: Desk) -> str:
    """The village of who works for one village only."""
    own = {one.region for one in request.actor.held if one.role in OPERATORS}
    return own.pop() if len(own) == 1 and len(min(own)) == VILLAGE_DIGITS else ""


def _place_context(request: Desk, village: str, *, asked: bool) -> dict[str, Any]:
    own = [one.region for one in request.actor.held if one.role in OPERATORS]
    query = said(request.POST, "village_query")
    results = []
    if asked and query:
        scope = min(own, key=len, default="")
        found = wiring.ask(search_places, query, scope=scope, level="village")
        results = [
            {"code": one.code, "label": one.display_name, "detail": place(one.code).kecamatan}
            for one in found
        ]
    return {
        "village": village,
        "village_asked": asked,
        "village_query": query,
        "village_results": results,
        "village_label": place(village).shown if village else "",
    }


def _standings() -> list[Option]:
    return [Option(one, word("standing", one)) for one in STANDINGS]


def _kind_context(family: FamilySeen, person: PersonSeen | None, asking: Asking) -> dict[str, Any]:
    return {
        "family": as_family(family),
        "family_id": family.id,
        "person": as_person(person, family) if person is not None else None,
        "person_id": person.id if person is not None else "",
        "others": [as_request(one) for one in family.requests[:OTHERS_AT_MOST]],
        "more_others": max(len(family.requests) - OTHERS_AT_MOST, 0),
        "kinds": [Option(name, word("kind", name), hint=_(hint)) for name, hint in KIND_HINTS.items()],
        "wrong": [Option(name, _(label), hint=_(hint)) for name, (label, hint) in WRONG.items()],
        "asking": asking,
        "standings": _standings(),
        "number": 2,
        "total": STEPS,
        "label": _("Jenis perubahan"),
        "back_url": reverse("record"),
    }


def as_family(family: FamilySeen) -> Family:
    """A family as its card shows it."""
    table = wiring.terms().attributes
    return Family(
        head_name=family.head_name,
        no_kk=str(family.values.get("no_kk") or ""),
        address=family.address,
        members=tuple(
            Member(
                one.name,
                table.words("relation", one.values.get("relation"), language()),
                (one.birth_date or "")[:4],
                state="" if one.is_registered else "closed",
                word="" if one.is_registered else _("Tidak terdaftar"),
            )
            for one in family.members
        ),
        note="" if family.head else _("Belum ada kepala keluarga."),
    )


def as_person(person: PersonSeen, family: FamilySeen) -> Person:
    """A person as their card shows them; what Dukcapil said of them, if anything was heard."""
    table = wiring.terms().attributes
    match = person.values.get("civil_match")
    return Person(
        name=person.name,
        nik=str(person.values.get("nik") or ""),
        birth=show_day(person.birth_date) if person.birth_date else "",
        birth_place=str(person.values.get("birth_place") or ""),
        address=family.address,
        family_head=family.head_name,
        relation=table.words("relation", person.values.get("relation"), language()),
        civil_sentence=table.words("civil_match", match, language()) if match else "",
        state="" if person.is_registered else "closed",
        word="" if person.is_registered else _("Tidak terdaftar"),
    )


def as_request(line: RequestLine) -> WorkItem:
    """Another request about the same family."""
    return WorkItem(
        title=line.subject_name or _("(tanpa nama)"),
        url=reverse("request", args=[line.id]),
        sentence=word("kind", line.kind),
        state="draft" if line.state == "draft" else "waiting",
        word=word("state", line.state),
    )
