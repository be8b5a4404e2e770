"""One person on one page: who, in which family, registered or not and why, every value with its source, and the past."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from mutakhir import parameters, wiring
from mutakhir.core import nik
from mutakhir.core.attribution import SAME_AS
from mutakhir.core.calendar import today_in
from mutakhir.core.flows.change_request import OPERATORS
from mutakhir.queries.as_of import person_timeline
from mutakhir.queries.people import PersonPage, origins_of, person_page, requests_about
from mutakhir.queries.places import place
from mutakhir.queries.rearrangement import everybody_of, merged_with
from mutakhir.web import numbers, values
from mutakhir.web.change_request.questions import show_reason
from mutakhir.web.desk import Desk, home_region, log_reading, page, signed_in
from mutakhir.web.erasure.beside import beside
from mutakhir.web.people.asked import request_items
from mutakhir.web.people.earlier import Earlier, read_earlier
from mutakhir.web.people.family import registration_words
from mutakhir.web.people.history import history
from mutakhir.web.people.numbers import numbers_url
from mutakhir.web.people.said import columns, rows_of, source_words, value_reader
from mutakhir.web.people.search import READERS
from mutakhir.web.refusals import say
from mutakhir.wiring import terms

PARTS = ("ringkasan", "isian", "riwayat")
GROUPS = ("anggota", "pendidikan", "pekerjaan", "kesehatan", "register", "program")


@signed_in(*READERS)
def show_person(request: Desk, number: int) -> HttpResponse:
    """The page as of today, or of `?pada=` as far as it was known at `?diketahui=`."""
    visible = _read(request, number, today_in(home_region(request.actor), request.now), None)
    if visible is None:
        raise Http404
    log_reading(request, purpose="person", region=visible.region, subject=number)
    earlier = read_earlier(request, visible.region)
    part = request.GET.get("bagian", PARTS[0])
    if part not in PARTS:
        raise Http404
    found = visible if earlier.is_now else _read(request, number, earlier.on, earlier.position)
    assert found is not None, "who is visible now was visible a moment ago"
    survivor = found.value(SAME_AS)
    if survivor is not None:
        # A number that is retired leads to who they are; asked as it was known before, it is still theirs.
        query = request.GET.urlencode()
        address = reverse("person", args=[survivor])
        return redirect(f"{address}?{query}" if query else address)
    return page(request, f"people/person_{part}.html", _context(request, found, earlier, part))


def _read(request: Desk, number: int, on: date, position: int | None) -> PersonPage | None:
    return wiring.ask(
        person_page,
        number,
        on=on,
        position=position,
        authorities=terms().attributes.authorities,
        scopes=request.actor.scopes(),
    )


def _context(request: Desk, found: PersonPage, earlier: Earlier, part: str) -> dict[str, Any]:
    path = reverse("person", args=[found.person])
    said = value_reader(found.attributes)
    may_record = request.actor.has(OPERATORS, found.region) and found.family is not None and earlier.is_now
    record_url = reverse("record_family", args=[found.family]) if may_record else ""
    erasures, erase_url = beside(found.person, found.region, request.actor)
    context: dict[str, Any] = {
        "title": said("name") or _("(tanpa nama)"),
        "nik": numbers.shown(request, str(found.value("nik") or ""), found.person),
        "numbers_url": numbers_url(request, found.person) if found.value("nik") else "",
        "born": ", ".join(one for one in (said("birth_place"), said("birth_date")) if one),
        "place": wiring.ask(place, found.region).shown,
        "earlier": earlier,
        "errors": earlier.errors,
        "part": part,
        "path": path,
        "now_url": path if part == PARTS[0] else f"{path}?bagian={part}",
        "record_url": f"{record_url}?orang={found.person}" if record_url else "",
        "tabs": [
            values.Link(label, earlier.link(path, bagian="" if name == PARTS[0] else name), name == part)
            for name, label in (
                ("ringkasan", _("Ringkasan")),
                ("isian", _("Isian")),
                ("riwayat", _("Riwayat")),
            )
        ],
        "merged": _merged(request, found, earlier),
        "back_url": earlier.link(reverse("family", args=[found.family])) if found.family is not None else "",
        "back_label": _("Keluarga {name}").format(name=found.head_name) if found.head_name else _("Keluarga"),
        "known": bool(found.attributes),
        "erasures": erasures,
        "erase_url": erase_url if earlier.is_now else "",
        "readings_url": reverse("person_readings", args=[found.person]),
    }
    match part:
        case "ringkasan":
            context |= _summary(request, found, said)
        case "isian":
            context |= _attributes(found)
        case _:
            context |= history(
                request, person_timeline, found.person, earlier=earlier, path=path, named=False
            )
    return context


def _merged(request: Desk, found: PersonPage, earlier: Earlier) -> list[dict[str, Any]]:
    """Everybody who was found to be this person, in words, each with the request that proved it."""
    known = wiring.ask(
        merged_with,
        found.person,
        position=earlier.position,
        authorities=terms().attributes.authorities,
    )
    return [
        {
            "name": one.name or _("(tanpa nama)"),
            "nik": numbers.shown(request, one.nik, found.person)
            if one.nik != str(found.value("nik") or "")
            else "",
            "day": one.since,
            "reason": show_reason(one.reason) if one.reason else "",
            "url": reverse("request", args=[one.request]) if one.request is not None else "",
        }
        for one in known
    ]


def _summary(request: Desk, found: PersonPage, said: Callable[[str], str]) -> dict[str, Any]:
    requests = wiring.ask(
        requests_about,
        people=wiring.ask(everybody_of, found.person),
        scopes=request.actor.scopes(),
    )
    origins = wiring.ask(origins_of, [(one.source, one.actor) for one in found.niks])
    warnings = _warnings(found)
    return {
        "rows": [
            (label, text)
            for label, text in (
                (_("Lahir"), ", ".join(one for one in (said("birth_place"), said("birth_date")) if one)),
                (_("Jenis kelamin"), said("sex")),
                (_("Status kawin"), said("marital_status")),
                (_("Hubungan"), said("relation")),
                (_("Pekerjaan"), said("occupation")),
                (_("Telepon"), said("phone")),
                (_("Meninggal"), said("died_on")),
            )
            if text
        ],
        "registration": registration_words(found.attributes),
        "eligibility": ", ".join(one for one in (said("eligibility"), said("eligibility_reason")) if one),
        "niks": [
            {
                "value": numbers.shown(request, str(one.value), found.person),
                "since": one.from_,
                "until": one.to,
                "source": source_words(one, origins.get((one.source, one.actor))),
            }
            for one in reversed(found.niks)
        ],
        "warnings": warnings,
        "requests": request_items(requests, now=request.now),
    }


def _warnings(found: PersonPage) -> list[str]:
    """What looks odd and may be right: digits of the NIK against birth date and sex."""
    number = nik.parse(str(found.value("nik") or ""))
    if isinstance(number, tuple):
        return []
    return [
        say(one) for one in nik.warnings(number, birth_date=found.value("birth_date"), sex=found.value("sex"))
    ]


def _attributes(found: PersonPage) -> dict[str, Any]:
    table = parameters.load().attributes
    titles = {
        "anggota": _("Keterangan anggota"),
        "pendidikan": _("Pendidikan"),
        "pekerjaan": _("Pekerjaan"),
        "kesehatan": _("Kesehatan"),
        "register": _("Register"),
        "program": _("Program bantuan"),
    }
    groups = []
    for name in GROUPS:
        rows = rows_of([one for one in table.in_group(name) if one.of == "person"], found.attributes)
        if rows:
            groups.append({"title": titles[name], "rows": rows})
    return {"groups": groups, "columns": columns()}
