"""One box for a number, a name or a birth date; and the families seen lately or those of a village."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from mutakhir import wiring
from mutakhir.core import nik, tickets
from mutakhir.core.attribution import MERGED_INTO
from mutakhir.core.calendar import today_in
from mutakhir.core.dates import read_day
from mutakhir.core.flows.change_request import OPERATORS
from mutakhir.core.refusals import Refusal
from mutakhir.queries.as_of import LETTERS_LEAST, FoundPerson
from mutakhir.queries.people import (
    PAGE,
    FamilyLine,
    Found,
    families_of_village,
    families_seen_lately,
    search,
)
from mutakhir.queries.places import Place, places, search_places
from mutakhir.web.change_request.questions import said, show_day
from mutakhir.web.desk import READERS, Desk, has_role, home_region, log_reading, page, signed_in, typed_number
from mutakhir.web.people.asked import request_items
from mutakhir.web.people.said import birth_year
from mutakhir.web.values import Link

WORDS_AT_MOST = 100
PEOPLE_AT_MOST = 20
VILLAGE_DIGITS = 10
DAY = re.compile(
    r"\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}\b|\b\d{1,2} [a-z]{3,9} \d{4}\b",
    re.IGNORECASE,
)


@signed_in(*READERS)
def show_results(request: Desk) -> HttpResponse:
    """Whoever or whatever was meant, in three groups, each with why it was found; a ticket leads to its request."""
    words = " ".join(said(request.GET, "q")[:WORDS_AT_MOST].split())
    context: dict[str, Any] = {"words": words, "can_record": _can_record(request)}
    if not words:
        return redirect("people")
    home = home_region(request.actor)
    is_ticket = tickets.normalise(words) is not None
    name, birth_date = (words, None) if is_ticket else _split(words, request)
    if birth_date is None and not is_ticket and not _is_searchable(name):
        return page(request, "people/results.html", {**context, "too_short": True})
    found = wiring.ask(search, name, birth_date=birth_date, actor=request.actor, limit=PEOPLE_AT_MOST)
    log_reading(request, purpose="search", region=home, subjects=_shown(found))
    if found.ticket is not None:
        return redirect("request", found.ticket)
    return page(request, "people/results.html", {**context, **_groups(request, found, name)})


def _shown(found: Found) -> set[int]:
    """Everybody whom the results name."""
    people = {one.person for one in found.people} | {one.family for one in found.families}
    return people | {one.id for one in found.requests}


def _can_record(request: Desk) -> bool:
    return has_role(request.actor, *OPERATORS)


def _split(words: str, request: Desk) -> tuple[str, str | None]:
    """A birth date among the words is taken out of them."""
    match = DAY.search(words)
    if match is None:
        return words, None
    reading = read_day(match[0], today=today_in(home_region(request.actor), request.now))
    if reading is None or isinstance(reading, Refusal):
        return words, None
    rest = " ".join((words[: match.start()] + " " + words[match.end() :]).split())
    return rest if sum(map(str.isalpha, rest)) >= LETTERS_LEAST else "", reading.iso


def _is_searchable(words: str) -> bool:
    digits = "".join(sign for sign in words if sign not in " .-")
    return (len(digits) == 16 and digits.isdecimal()) or sum(map(str.isalpha, words)) >= LETTERS_LEAST


def _groups(request: Desk, found: Found, name: str) -> dict[str, Any]:
    regions = {one.region for one in found.people} | {one.region for one in found.families}
    named = wiring.ask(places, regions)
    return {
        "people": [_person_item(one, named[one.region], name) for one in found.people],
        "more_people": len(found.people) == PEOPLE_AT_MOST,
        "families": [
            _family_item(one, named[one.region], _why_family(one, found.people)) for one in found.families
        ],
        "requests": request_items(found.requests, now=request.now),
        "empty": found.is_empty and not found.too_wide,
        "too_wide": found.too_wide,
    }


def _person_item(one: FoundPerson, where: Place, words: str) -> dict[str, Any]:
    family = _("keluarga {name}").format(name=one.head_name) if one.head_name else ""
    if one.family is None:
        family = _("belum tercatat dalam satu keluarga")
    return {
        "title": one.name or _("(tanpa nama)"),
        "url": reverse("person", args=[one.person]),
        "facts": [
            part
            for part in (
                _("lahir {year}").format(year=birth_year(one.birth_date)) if one.birth_date else "",
                where.village or where.shown,
                nik.mask(one.nik) if one.nik else _("NIK belum dikenal"),
                family,
            )
            if part
        ],
        "why": _why(one, words),
        "registered": one.registered,
    }


def _why(one: FoundPerson, words: str) -> str:
    match one.why:
        case "nik":
            return _("NIK sama")
        case "no_kk":
            return _("No. KK keluarganya sama")
        case "former_nik":
            return _("NIK lamanya sama")
        case "former_no_kk":
            return _("No. KK lama keluarganya sama")
        case "birth_date":
            return _("lahir {day}").format(day=show_day(one.birth_date or ""))
        case "spelling":
            return _("ejaan lain: {name}").format(name=one.name)
        case "similar":
            return _("nama mirip: {name}").format(name=one.name)
        case _:
            return _('nama memuat "{words}"').format(words=words)


def _why_family(one: FamilyLine, people: Sequence[FoundPerson]) -> str:
    inside = [person for person in people if person.family == one.family]
    if not inside:
        return _("No. KK sama")
    if any(person.name == one.head_name for person in inside):
        return _("kepala keluarga")
    return _("ada {name}").format(name=inside[0].name)


def _family_item(one: FamilyLine, where: Place, why: str = "") -> dict[str, Any]:
    return {
        "title": _("Keluarga {name}").format(name=one.head_name)
        if one.head_name
        else _("Keluarga tanpa kepala"),
        "url": reverse("family", args=[one.family]),
        "facts": [
            part
            for part in (
                one.address,
                where.village or where.shown,
                _("No. KK {number}").format(number=nik.mask(one.no_kk)) if one.no_kk else "",
                _("{n} anggota").format(n=one.members),
                _("sudah bergabung ke keluarga lain") if one.values.get(MERGED_INTO) else "",
            )
            if part
        ],
        "why": why,
        "registered": True,
    }


@signed_in(*READERS)
def show_families(request: Desk) -> HttpResponse:
    """The search box, the families one saw last, and those of a village by the name of their head."""
    village = _chosen_village(request)
    after = _after(request)
    lately = [] if after else wiring.ask(families_seen_lately, request.actor)
    rows = wiring.ask(families_of_village, village, after=after, limit=PAGE + 1) if village else []
    shown = rows[:PAGE]
    named = wiring.ask(places, {one.region for one in (*lately, *shown)} | ({village} if village else set()))
    home = home_region(request.actor)
    query = said(request.GET, "cari_desa")[:60]
    context = {
        "lately": [_family_item(one, named[one.region]) for one in lately],
        "families": [_family_item(one, named[one.region]) for one in shown],
        "village": named[village].shown if village else "",
        "first_url": reverse("people") + (f"?desa={village}" if village != home else "") if after else "",
        "next_url": _next_url(village, shown[-1]) if len(rows) > PAGE else "",
        "asks_village": len(home) != VILLAGE_DIGITS,
        "query": query,
        "villages": _villages(request, query) if query else [],
        "can_record": _can_record(request),
    }
    if shown or lately:
        subjects = {one.family for one in (*shown, *lately)}
        log_reading(request, purpose="families", region=village or home, subjects=subjects)
    return page(request, "people/families.html", context)


def _chosen_village(request: Desk) -> str:
    """The village of who works for one, or the one that was chosen, if it lies in one's scope."""
    home = home_region(request.actor)
    chosen = request.GET.get("desa", "")
    if not chosen:
        return home if len(home) == VILLAGE_DIGITS else ""
    if not (chosen.isascii() and chosen.isdecimal() and len(chosen) == VILLAGE_DIGITS):
        raise Http404
    if not request.actor.sees(chosen):
        raise Http404
    return chosen


def _after(request: Desk) -> tuple[str, int] | None:
    number = typed_number(request.GET.get("nomor", ""))
    return None if number is None else (said(request.GET, "sesudah")[:200], number)


def _next_url(village: str, last: FamilyLine) -> str:
    return (
        f"{reverse('people')}?{urlencode({'desa': village, 'sesudah': last.head_name, 'nomor': last.family})}"
    )


def _villages(request: Desk, query: str) -> list[Link]:
    found = [
        one
        for scope in request.actor.scopes()
        for one in wiring.ask(search_places, query, scope=scope, level="village", limit=12)
    ]
    named = wiring.ask(places, {one.code for one in found})
    return [Link(named[one.code].shown, f"{reverse('people')}?desa={one.code}") for one in found]
