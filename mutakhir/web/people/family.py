"""One family on one page: who belongs to it, how it lives, what is asked about it, and everything that changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from mutakhir import parameters, wiring
from mutakhir.core.flows.change_request import OPERATORS
from mutakhir.queries.as_of import FamilyAnswer, Member, family_page, family_timeline
from mutakhir.queries.people import region_of_family, requests_about
from mutakhir.queries.places import place
from mutakhir.queries.rearrangement import annulled_in, kin_of
from mutakhir.web import numbers, values
from mutakhir.web.change_request.questions import show_reason
from mutakhir.web.desk import Desk, log_reading, page, signed_in
from mutakhir.web.people.asked import request_items
from mutakhir.web.people.earlier import Earlier, read_earlier
from mutakhir.web.people.history import history
from mutakhir.web.people.numbers import numbers_url
from mutakhir.web.people.said import (
    birth_year,
    columns,
    rows_of,
    since_day,
    timeline_days,
    value_reader,
    words_of,
)
from mutakhir.web.people.search import READERS
from mutakhir.wiring import terms

PARTS = ("ringkasan", "anggota", "kondisi", "permintaan", "riwayat")
GROUPS = ("perumahan", "aset", "program", "tempat", "register")
LATEST = 3


@signed_in(*READERS)
def show_family(request: Desk, number: int) -> HttpResponse:
    """The page as of today, or of `?pada=` as far as it was known at `?diketahui=`."""
    region = wiring.ask(region_of_family, number, scopes=request.actor.scopes())
    if region is None:
        raise Http404
    log_reading(request, purpose="family", region=region, subject=number)
    earlier = read_earlier(request, region)
    part = request.GET.get("bagian", PARTS[0])
    if part not in PARTS:
        raise Http404
    found = _read(request, number, earlier)
    if found is None:
        raise Http404
    return page(request, f"people/family_{part}.html", _context(request, found, earlier, part))


def _read(request: Desk, number: int, earlier: Earlier) -> FamilyAnswer | None:
    return wiring.ask(
        family_page,
        number,
        on=earlier.on,
        position=earlier.position,
        authorities=terms().attributes.authorities,
        scopes=request.actor.scopes(),
    )


def _context(request: Desk, found: FamilyAnswer, earlier: Earlier, part: str) -> dict[str, Any]:
    said = value_reader({**found.dwelling_attributes, **found.attributes})
    head = found.head
    path = reverse("family", args=[found.family])
    requests = wiring.ask(
        requests_about,
        families=[found.family],
        people=[one.person for one in found.members],
        scopes=request.actor.scopes(),
    )
    open_requests = [one for one in requests if not one.is_ended]
    may_record = request.actor.has(OPERATORS, found.region)
    context: dict[str, Any] = {
        "title": _("Keluarga {name}").format(name=head.name) if head else _("Keluarga tanpa kepala"),
        "known": bool(found.attributes),
        "headless": head is None,
        "no_kk": numbers.shown(request, str(_value(found, "no_kk") or ""), found.family),
        "numbers_url": numbers_url(request, found.family) if _value(found, "no_kk") else "",
        "place": wiring.ask(place, found.region).shown,
        "address": address_line(said),
        "earlier": earlier,
        "errors": earlier.errors,
        "part": part,
        "now_url": f"{path}?bagian={part}" if part != PARTS[0] else path,
        "path": path,
        "tabs": [
            values.Link(
                label,
                earlier.link(path, bagian="" if name == PARTS[0] else name),
                current=name == part,
                count=count,
            )
            for name, label, count in (
                ("ringkasan", _("Ringkasan"), None),
                ("anggota", _("Anggota"), len(found.members)),
                ("kondisi", _("Kondisi"), None),
                ("permintaan", _("Permintaan"), len(open_requests) or None),
                ("riwayat", _("Riwayat"), None),
            )
        ],
        "record_url": reverse("record_family", args=[found.family]) if may_record and earlier.is_now else "",
        **_kin(found, earlier),
    }
    if context["joined"]:
        context["record_url"] = ""
    match part:
        case "ringkasan":
            context |= _summary(request, found, earlier, said)
            context["requests"] = request_items(open_requests, now=request.now)
        case "anggota":
            context["members"] = [_member(request, one, earlier) for one in found.members]
        case "kondisi":
            context |= _conditions(found)
        case "permintaan":
            context["requests"] = request_items(open_requests, now=request.now)
            context["ended"] = request_items([one for one in requests if one.is_ended], now=request.now)
        case _:
            context |= history(request, family_timeline, found.family, earlier=earlier, path=path, named=True)
    return context


def _kin(found: FamilyAnswer, earlier: Earlier) -> dict[str, Any]:
    """Where the family came from, what it joined, what came of it; and whether its living conditions are awaited."""
    kin = wiring.ask(kin_of, found.family, found.attributes)
    annulled = (
        wiring.ask(annulled_in, found.family, authorities=terms().attributes.authorities)
        if earlier.is_now
        else ()
    )

    def link(family: tuple[int, str] | None, day: date | None = None) -> dict[str, Any] | None:
        if family is None:
            return None
        number, name = family
        label = _("keluarga {name}").format(name=name) if name else _("keluarga tanpa anggota")
        return {"url": earlier.link(reverse("family", args=[number])), "label": label, "day": day}

    return {
        "came_from": link(kin.came_from, kin.since),
        "joined": link(kin.joined, kin.joined_on),
        "gave_rise": [link(one) for one in kin.gave_rise] if earlier.is_now else [],
        "took_in": [link(one) for one in kin.took_in] if earlier.is_now else [],
        "annulled": [
            {
                "name": one.name or _("(tanpa nama)"),
                "who": one.survivor_name or _("(tanpa nama)"),
                "url": reverse("person", args=[one.survivor]),
                "reason": show_reason(one.reason) if one.reason else "",
            }
            for one in annulled
        ],
        "awaited": _awaited(found),
    }


def _awaited(found: FamilyAnswer) -> str:
    """Until when the living conditions are to be recorded, in words; empty where they are, or nobody waits for them."""
    table = parameters.load().attributes
    said = [
        answer.recorded
        for name, answer in {**found.dwelling_attributes, **found.attributes}.items()
        if name in table and table[name].group in ("perumahan", "aset")
    ]
    waiting = [
        answer
        for one in found.members
        if (answer := one.attributes.get("registration_until")) is not None and answer.value is not None
    ]
    if not waiting or any(recorded > waiting[0].recorded for recorded in said):
        return ""
    return words_of("registration_until", min(str(one.value) for one in waiting))


def _value(found: FamilyAnswer, name: str) -> Any:
    answer = found.attributes.get(name)
    return answer.value if answer is not None else None


def address_line(said: Callable[[str], str]) -> str:
    """The address with RT, RW and hamlet, each said once: they stand in some addresses already."""
    address = said("address")
    parts = [address]
    for name, label in (("rt", "RT"), ("rw", "RW")):
        number = said(name)
        if number and not re.search(
            rf"\b{label}\W*0*{re.escape(number.lstrip('0'))}\b", address, re.IGNORECASE
        ):
            parts.append(f"{label} {number}")
    dusun = said("dusun")
    if dusun and dusun.casefold() not in address.casefold():
        parts.append(_("Dusun {name}").format(name=dusun))
    return " ".join(part for part in parts if part)


def _summary(
    request: Desk, found: FamilyAnswer, earlier: Earlier, said: Callable[[str], str]
) -> dict[str, Any]:
    phones = [
        f"{words_of('phone', one.attributes['phone'].value)} ({one.name})"
        for one in found.members
        if "phone" in one.attributes and one.attributes["phone"].value
    ]
    registered = sum(_is_registered(one) for one in found.members)
    decile = said("decile")
    if decile and said("decile_version"):
        decile = _("{decile}, versi {version}").format(decile=decile, version=said("decile_version"))
    timeline = wiring.ask(
        family_timeline,
        found.family,
        authorities=terms().attributes.authorities,
        on=earlier.on,
        position=earlier.position,
        limit=LATEST,
    )
    return {
        "members": [
            values.Member(
                one.name or _("(tanpa nama)"),
                words_of("relation", one.relation),
                birth_year(one.attributes["birth_date"].value if "birth_date" in one.attributes else None),
                earlier.link(reverse("person", args=[one.person])),
                *_member_state(one),
            )
            for one in found.members
        ],
        "where": [
            (label, text)
            for label, text in (
                (_("Alamat"), address_line(said)),
                (_("Desa atau kelurahan"), said("region_lived") or wiring.ask(place, found.region).shown),
                (_("Patokan"), said("landmark")),
                (_("Titik lokasi"), said("point")),
                (_("Telepon"), ", ".join(phones)),
            )
        ],
        "standing": [
            (label, text)
            for label, text in (
                (_("Terdaftar"), _("{n} dari {m} anggota").format(n=registered, m=len(found.members))),
                (_("Desil"), decile),
                (_("Keadaan keluarga"), said("family_kind")),
            )
            if text
        ],
        "days": timeline_days(timeline, named=True),
        "history_url": earlier.link(reverse("family", args=[found.family]), bagian="riwayat"),
    }


def _is_registered(one: Member) -> bool:
    answer = one.attributes.get("registration")
    return answer is not None and answer.value == "registered"


def _member_state(one: Member) -> tuple[str, str]:
    if "died_on" in one.attributes and one.attributes["died_on"].value:
        return "closed", _("Meninggal")
    if not _is_registered(one):
        return "not_here", _("Tidak terdaftar")
    eligibility = one.attributes.get("eligibility")
    if eligibility is not None and eligibility.value == "not_eligible":
        return "closed", _("Tidak layak")
    return "", ""


def _member(request: Desk, one: Member, earlier: Earlier) -> dict[str, Any]:
    said = value_reader(one.attributes)
    state, state_word = _member_state(one)
    return {
        "name": one.name or _("(tanpa nama)"),
        "url": earlier.link(reverse("person", args=[one.person])),
        "state": state,
        "word": state_word,
        "nik": numbers.shown(request, str(one.attributes["nik"].value or ""), one.person)
        if "nik" in one.attributes
        else "",
        "rows": [
            (label, text)
            for label, text in (
                (_("Hubungan"), said("relation") or _("belum tercatat")),
                (_("Lahir"), ", ".join(part for part in (said("birth_place"), said("birth_date")) if part)),
                (_("Jenis kelamin"), said("sex")),
                (_("Pendaftaran"), registration_words(one.attributes)),
                (_("Alasan"), said("eligibility_reason")),
                (_("Telepon"), said("phone")),
            )
            if text
        ],
    }


def registration_words(attributes: Any) -> str:
    """Terdaftar sejak 3 Mei 2026 (Permintaan baru): registration is a fact of its own, with a reason."""
    answer = attributes.get("registration")
    if answer is None or answer.value is None:
        return _("belum pernah terdaftar")
    reason = attributes.get("registration_reason")
    why = words_of("registration_reason", reason.value) if reason is not None and reason.value else ""
    since = since_day(answer)
    told = words_of("registration", answer.value)
    if since is not None:
        told = _("{state} sejak {day}").format(state=told, day=words_of("died_on", since.isoformat()))
    return f"{told} ({why})" if why else told


def _conditions(found: FamilyAnswer) -> dict[str, Any]:
    table = parameters.load().attributes
    answers = {**found.dwelling_attributes, **found.attributes}
    titles = {
        "perumahan": _("Rumah"),
        "aset": _("Barang dan aset"),
        "program": _("Program bantuan"),
        "tempat": _("Tempat tinggal"),
        "register": _("Register"),
    }
    groups, unknown = [], []
    for name in GROUPS:
        own = [one for one in table.in_group(name) if one.of in ("family", "dwelling")]
        rows = rows_of(own, answers)
        if rows:
            groups.append({"title": titles[name], "rows": rows})
        if name in ("perumahan", "aset"):
            unknown += [
                one.label for one in own if one.name not in answers or answers[one.name].value is None
            ]
    return {"groups": groups, "columns": columns(), "unknown": unknown}
