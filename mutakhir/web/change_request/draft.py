"""A draft between two pages of the wizard: read it, patch what one page is about, and know which page comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from mutakhir import parameters, wiring
from mutakhir.actions.change_request import CHOSEN, RESULTING, Amend, Content
from mutakhir.actions.change_request import amend as amend_request
from mutakhir.core import nik
from mutakhir.core.change_requests import Request
from mutakhir.core.facts import Value
from mutakhir.core.flows.change_request import must_go, why_not
from mutakhir.core.kinds import Kind
from mutakhir.core.refusals import Refusal
from mutakhir.queries.accounts import names_of
from mutakhir.queries.cases import requests_by_number
from mutakhir.queries.change_request import FamilySeen, RequestSeen, carriers_of, request_seen
from mutakhir.web.desk import Desk, Done, carry_out, log_reading, seen_version
from mutakhir.web.refusals import say, word

STEPS = 5
PEOPLE = "anggota"
CARD = "kartu"
ORDER: Mapping[str, tuple[str, ...]] = {
    "living_conditions": ("perumahan", "aset"),
    "new_family": ("tempat", PEOPLE, "perumahan", "aset"),
    "new_person": (PEOPLE,),
    "not_eligible": (),
    "leaving": (),
    "family_split": (),
    "family_join": (),
    "double_id": (),
    "moved": ("tempat",),
    "correction": (CARD,),
    "change_of_pengurus": (),
    "death": (),
}
"""The groups of questions that a kind's form goes through; kinds without any have a page of their own."""
PICKED = ("living_conditions", "correction")
"""Kinds of whose questions only those are answered of which something has changed or is wrong."""


def group_label(name: str) -> str:
    return {
        "tempat": _("Tempat tinggal"),
        "perumahan": _("Kondisi rumah"),
        "aset": _("Barang dan ternak"),
        PEOPLE: _("Orang baru"),
        CARD: _("Di KTP dan Kartu Keluarga"),
    }[name]


def find_request(request: Desk, number: int, *, purpose: str) -> RequestSeen:
    """The request, its reading logged; a page that is not there for what the actor may not see."""
    seen = wiring.ask(
        request_seen,
        number,
        actor=request.actor,
        now=request.now,
        terms=wiring.terms(),
        parameters=parameters.load(),
    )
    if seen is None:
        raise Http404
    asked = seen.case.request
    log_reading(request, purpose=purpose, region=asked.region, subject=asked.person or asked.family)
    return seen


def may_amend(seen: RequestSeen, request: Desk) -> bool:
    return not why_not(seen.case, "amend", request.actor)


def changed_by(seen: RequestSeen, done: Done) -> str:
    """Who was faster: asked anew, because a page that was read before they wrote names somebody else."""
    if not done.conflict:
        return ""
    number = seen.case.request.id
    login = wiring.ask(requests_by_number, [number])[number].touched_by
    return wiring.ask(names_of, [login]).get(login, login)


SAID = frozenset((("death", "died_on"), ("moved", "region_lived")))
"""What otherwise only follows from the kind of a request, and what some kinds are about."""


def referral_word(asked: Request) -> str:
    """Where a complete claim stands, in a chip; empty for any other request."""
    if not asked.rule.claim:
        return ""
    return _("Dirujuk ke Dukcapil") if must_go(asked) else _("Menunggu Dukcapil")


def is_said(kind: Kind, attribute: str) -> bool:
    """Whether people say a value themselves; what only follows from the kind of a request is not shown to them."""
    return attribute not in RESULTING or attribute == "registration" or (kind.name, attribute) in SAID


# --- what a draft holds ---------------------------------------------------------------------------------------------


def content_of(asked: Request) -> Content:
    """What a request asks for, as a form says it."""
    if asked.kind in CHOSEN:
        return Content(
            people=(asked.person,) if asked.person is not None else (),
            choices=asked.choices,
            reason=asked.reason,
            note=asked.note,
            holds_from=asked.holds_from,
            birth_date=asked.birth_date,
        )
    wanted = {
        one.attribute: one.wanted
        for one in asked.changes
        if one.of in ("family", "dwelling") and is_said(asked.rule, one.attribute)
    }
    if asked.kind == "correction":
        wanted = {one.attribute: one.wanted for one in asked.changes}
    people: dict[int, dict[str, Value]] = {}
    for one in asked.changes:
        if one.of == "person":
            people.setdefault(one.subject, {})
            if one.attribute not in RESULTING:
                people[one.subject][one.attribute] = one.wanted
    about_newcomers = asked.kind in ("new_person", "new_family")
    known = () if about_newcomers else tuple(people)
    if asked.person is not None and asked.person not in known and not about_newcomers:
        known = (asked.person, *known)
    return Content(
        wanted=wanted,
        newcomers=tuple(people.values()) if about_newcomers else (),
        people=known,
        reason=asked.reason,
        note=asked.note,
        holds_from=asked.holds_from,
        birth_date=asked.birth_date,
    )


def put_newcomer(content: Content, place: int, values: Mapping[str, Value]) -> Content:
    """The content with one new person changed, or added at the end."""
    people = list(content.newcomers)
    if place < len(people):
        people[place] = {**people[place], **values}
    else:
        people.append(values)
    return replace(content, newcomers=tuple(people))


def drop_newcomer(content: Content, place: int) -> Content:
    return replace(content, newcomers=tuple(one for at, one in enumerate(content.newcomers) if at != place))


def amend(
    request: Desk,
    seen: RequestSeen,
    content: Content,
    *,
    applicant: Mapping[str, str] | None = None,
    anew: frozenset[tuple[int, str]] = frozenset(),
    has_proved: bool = False,
) -> Done:
    """Save one page of the wizard. What says nothing new is not written down again.

    `has_proved`: files of the same form were taken in a moment ago, so the version is one's own again.
    """
    asked = seen.case.request
    if content == content_of(asked) and applicant in (None, asked.applicant) and not anew:
        return Done(asked)
    version = seen_version(request)
    is_own = asked.touched_by == request.actor.login
    if (version != asked.version and is_own) or (version == asked.version and has_proved):
        # An older page of one's own: each page changes only what it is about.
        version = None
    return carry_out(request, amend_request, Amend(asked.id, content, applicant, version, anew))


# --- the way through the pages --------------------------------------------------------------------------------------


def is_one_by_one(request: HttpRequest) -> bool:
    """Phones get a question a page, wider screens the questions of a group on one page; a link changes it."""
    chosen = request.GET.get("tampil")
    if chosen in ("satu", "semua"):
        request.session["one_by_one"] = chosen == "satu"
    if "one_by_one" in request.session:
        return bool(request.session["one_by_one"])
    told = request.headers.get("Sec-CH-UA-Mobile")
    return told == "?1" or "Mobi" in request.headers.get("User-Agent", "")


def first_fields_url(asked: Request) -> str:
    order = ORDER[asked.kind]
    if asked.kind in PICKED or not order:
        return reverse("draft_fields", args=[asked.id])
    return group_url(asked, order[0])


def group_url(asked: Request, name: str) -> str:
    if name == PEOPLE:
        return reverse("draft_people", args=[asked.id])
    return reverse("draft_group", args=[asked.id, name])


def url_after(asked: Request, name: str) -> str:
    """The page after a group of questions."""
    order = ORDER[asked.kind]
    place = order.index(name) + 1 if name in order else len(order)
    return (
        group_url(asked, order[place]) if place < len(order) else reverse("draft_evidence", args=[asked.id])
    )


def url_before(asked: Request, name: str) -> str:
    order = ORDER[asked.kind]
    place = order.index(name) if name in order else 0
    return group_url(asked, order[place - 1]) if place else reverse("request", args=[asked.id])


def last_fields_url(asked: Request) -> str:
    """The last page of questions: where the page of evidence leads back to."""
    order = ORDER[asked.kind]
    return group_url(asked, order[-1]) if order and asked.kind not in PICKED else first_fields_url(asked)


def frame(seen: RequestSeen, *, step: int, label: str, back: str, page_key: str) -> dict[str, Any]:
    """What every page of the wizard shows around its questions."""
    asked = seen.case.request
    return {
        "seen": seen,
        "asked": asked,
        "version": asked.version,
        "is_draft": asked.state.value == "draft",
        "number": step,
        "total": STEPS,
        "label": label,
        "saved_at": seen.saved_at,
        "back_url": back,
        "draft_key": f"p{asked.id}-{page_key}",
        "draft_done": ["catat-orang", f"catat-keluarga-{asked.family or 'baru'}", f"p{asked.id}-*"],
        "kind_word": word("kind", asked.kind),
        "about": about(seen),
    }


def about(seen: RequestSeen) -> str:
    """Whom a request is about, in one line."""
    family = seen.family
    if seen.case.request.kind in ("new_family", "double_id") or family is None:
        return seen.case.request.subject_name
    return _("keluarga %(name)s") % {"name": family.head_name or seen.case.request.subject_name}


@dataclass(frozen=True, slots=True)
class Warned:
    """Something about a new person that may be right and should be looked at."""

    sentence: str
    url: str = ""


def warnings_of(
    values: Mapping[str, Value], *, scopes: tuple[str, ...], own: tuple[int, ...]
) -> list[Warned]:
    """Where the digits of a NIK disagree with the rest, and who already carries it."""
    found = nik.parse(str(values.get("nik") or ""))
    if not isinstance(found, nik.Nik):
        return []
    born, sex = values.get("birth_date"), values.get("sex")
    warned = [
        Warned(say(one))
        for one in nik.warnings(found, birth_date=str(born) if born else None, sex=str(sex) if sex else None)
    ]
    for carrier in wiring.ask(carriers_of, found.digits, scopes=scopes, without=own):
        warned.append(
            Warned(
                say(Refusal.of("already-in-family", head=carrier.head_name or carrier.name)),
                reverse("record_family", args=[carrier.family]) if carrier.family is not None else "",
            )
        )
    return warned


def is_of(family: FamilySeen | None, person: int) -> bool:
    return family is not None and any(one.id == person for one in family.members)
