"""The reading log: by reader, by person and by day, as pages and as a file; and what one person may be handed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from mutakhir import wiring
from mutakhir.core.actors import Actor, Role
from mutakhir.core.calendar import today_in, zone_of
from mutakhir.core.dates import Reading as Day
from mutakhir.core.dates import read_day
from mutakhir.core.refusals import Refusal
from mutakhir.gateways.files.neutral import safe_cell
from mutakhir.queries import readings as seen
from mutakhir.queries.people import names_of_people, region_of_person
from mutakhir.queries.places import places
from mutakhir.queries.readings import Asked, ReadingSeen
from mutakhir.web.change_request.questions import said
from mutakhir.web.desk import READERS, Desk, has_role, home_region, log_reading, page, signed_in, typed_number
from mutakhir.web.readings.words import office_lines, office_words, purpose_words
from mutakhir.web.refusals import say, word
from mutakhir.web.values import FieldError

MAY_LIST = (Role.ADMINISTRATOR, Role.AUDITOR)
NIK_DIGITS = 16
EXPORTED = 2000
COLUMNS = ("waktu", "nama_masuk", "peran", "kantor", "tujuan", "alamat", "wilayah", "nomor")


@dataclass(frozen=True, slots=True)
class _Typed:
    """What stands in the three fields, what it means, and what of it could not be read."""

    who: str
    person: str
    day: str
    asked: Asked
    errors: tuple[FieldError, ...] = ()

    @property
    def query(self) -> dict[str, str]:
        told = {"siapa": self.who, "orang": self.person, "hari": self.day}
        return {name: text for name, text in told.items() if text}


@signed_in(*MAY_LIST)
def show_readings(request: Desk) -> HttpResponse:
    """Who opened personal data, when, for what: newest first."""
    typed = _typed(request)
    rows: list[ReadingSeen] = []
    if not typed.errors:
        before = typed_number(request.GET.get("sebelum", ""))
        scopes = request.actor.reach.readings
        rows = wiring.ask(seen.readings, scopes, typed.asked, before=before, limit=seen.PAGE + 1)
        _log_about(request, typed.asked, "readings")
    shown = rows[: seen.PAGE]
    named = wiring.ask(places, {one.region for one in shown} | {one.office for one in shown})
    older = {**typed.query, "sebelum": str(shown[-1].id)} if len(rows) > seen.PAGE else {}
    context: dict[str, Any] = {
        "rows": [
            {
                "reading": one,
                "purpose": purpose_words(one.purpose),
                "place": named[one.region].shown,
                "office": office_words(one.role, named[one.office]) if one.role else "",
                "role": word("role", one.role) if one.role else "",
                "whole_list": one.subjects is None,
                "numbers": ", ".join(map(str, one.subjects or ())),
            }
            for one in shown
        ],
        "typed": typed,
        "filtered": bool(typed.query),
        "csv_url": reverse("readings_csv") + ("?" + urlencode(typed.query) if typed.query else ""),
        "first_url": "?" + urlencode(typed.query) if "sebelum" in request.GET else "",
        "next_url": "?" + urlencode(older) if older else "",
    }
    if typed.errors:
        context["errors"] = typed.errors
    return page(request, "readings/readings.html", context)


@signed_in(*MAY_LIST)
def download_readings(request: Desk) -> HttpResponse:
    """The same as a file, all of it; that it was taken is written down first."""
    typed = _typed(request)
    if typed.errors:
        return show_readings(request)
    _log_about(request, typed.asked, "csv:readings")
    if typed.asked.about is None:
        log_reading(request, purpose="csv:readings", region=home_region(request.actor), subjects=())
    name = f"jejak-{request.now.date().isoformat()}.csv"
    return StreamingHttpResponse(  # type: ignore[return-value]
        _lines(request.actor, typed.asked),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@signed_in(*READERS)
def show_person_readings(request: Desk, number: int) -> HttpResponse:
    """Which offices opened a person's data, to be printed for a person who asks; without names of staff."""
    scopes = request.actor.scopes()
    names = wiring.ask(names_of_people, [number], scopes=scopes)
    region = wiring.ask(region_of_person, number)
    if not names or region is None:
        raise Http404
    log_reading(request, purpose="print:readings", region=region, subject=number)
    about = wiring.ask(seen.concerned, [number])
    found = wiring.ask(seen.office_readings, about, region, zone=zone_of(region))
    return page(
        request,
        "readings/person.html",
        {
            "name": names[number],
            "lines": office_lines(found),
            "most": seen.OFFICE_LINES,
            "back_url": reverse("person", args=[number]),
            "now": request.now,
            "can_list": has_role(request.actor, *MAY_LIST),
            "list_url": reverse("readings") + "?" + urlencode({"orang": number}),
        },
    )


def _typed(request: Desk) -> _Typed:
    who = said(request.GET, "siapa").strip()[:60]
    person = said(request.GET, "orang").strip()[:40]
    day = said(request.GET, "hari").strip()[:30]
    errors: list[FieldError] = []
    about = _about(request, person, errors) if person else None
    asked_day, home = None, home_region(request.actor)
    if day:
        read = read_day(day, today=today_in(home, request.now))
        if isinstance(read, Day) and read.precision == "day":
            asked_day = date.fromisoformat(read.iso)
        else:
            words = (
                say(read) if isinstance(read, Refusal) else _("Tulis harinya lengkap, misalnya 24-11-2026.")
            )
            errors.append(FieldError("hari", words))
    asked = Asked(actor=who, about=about, day=asked_day, zone=zone_of(home))
    return _Typed(who, person, day, asked, tuple(errors))


def _about(request: Desk, typed: str, errors: list[FieldError]) -> frozenset[int] | None:
    """Everything about a person, named by NIK or by the number that stands in the address of a page."""
    digits = "".join(sign for sign in typed if sign.isdecimal())
    if len(digits) == NIK_DIGITS:
        numbers = wiring.ask(seen.persons_of_nik, digits, request.actor.scopes())
    else:
        number = typed_number(typed)
        numbers = [] if number is None else [number]
    if not numbers:
        errors.append(FieldError("orang", _("Tulis NIK 16 angka atau nomor orang yang ada di wilayah Anda.")))
        return None
    return wiring.ask(seen.concerned, numbers)


def _log_about(request: Desk, asked: Asked, purpose: str) -> None:
    if asked.about is not None:
        log_reading(request, purpose=purpose, region=home_region(request.actor), subjects=asked.about)


def _lines(actor: Actor, asked: Asked) -> Iterator[str]:
    """Read in parts, while the file leaves and the page has been answered."""
    yield _line(COLUMNS)
    before, more = None, True
    while more:
        with wiring.acting(actor):
            found = wiring.ask(seen.readings, actor.reach.readings, asked, before=before, limit=EXPORTED)
        for one in found:
            numbers = "" if one.subjects is None else " ".join(map(str, one.subjects))
            told = (one.at.isoformat(), one.actor, one.role, one.office, one.purpose, one.path, one.region)
            yield _line((*told, numbers))
            before = one.id
        more = len(found) == EXPORTED


def _line(cells: tuple[str, ...]) -> str:
    target = io.StringIO()
    csv.writer(target).writerow([safe_cell(cell) for cell in cells])
    return target.getvalue()
