"""The page that asks for what the whole number of a person or a family is needed, and shows it for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from mutakhir import wiring
from mutakhir.queries.people import families_by_number, region_of_person
from mutakhir.queries.people import names_of_people as people_named
from mutakhir.web.change_request.questions import said
from mutakhir.web.desk import READERS, Desk, SeeOther, log_reading, page, signed_in
from mutakhir.web.numbers import is_open, open_for_a_while
from mutakhir.web.readings.words import unmask_reasons
from mutakhir.web.sessions import rules_of_today
from mutakhir.web.values import FieldError, Option

WORDS_AT_MOST = 200


def numbers_url(request: Desk, subject: int | None) -> str:
    """Where the whole number is asked for, and back; empty where it is open already or there is nobody."""
    if subject is None or is_open(request, subject):
        return ""
    return f"{reverse('open_number', args=[subject])}?{urlencode({'next': request.get_full_path()})}"


@signed_in(*READERS)
def open_number(request: Desk, number: int) -> HttpResponse:
    """A reason that is chosen or typed opens the numbers of one person or family for a while; it is logged first."""
    about, region = _about(request, number)
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    is_own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    onward = wanted if is_own else "/"
    reasons = unmask_reasons()
    purpose, words = request.POST.get("purpose", ""), said(request.POST, "other").strip()[:WORDS_AT_MOST]
    context: dict[str, Any] = {
        "about": about,
        "action": reverse("open_number", args=[number]),
        "purposes": [Option(name, label) for name, label in reasons.items()],
        "purpose": purpose,
        "next_url": onward,
        "minutes": rules_of_today(request.now).unmasked // timedelta(minutes=1),
    }
    if request.method != "POST" or purpose not in reasons or (purpose == "other" and not words):
        if request.method == "POST":
            text = _("Pilih untuk apa nomor lengkap ini diperlukan; keperluan lain ditulis di bawahnya.")
            context["errors"] = [FieldError("purpose", text)]
        log_reading(request, purpose="person", region=region, subject=number)
        return page(request, "people/number.html", context)
    told = f"unmask:{purpose}" + (f": {words}" if words else "")
    log_reading(request, purpose=told, region=region, subject=number)
    open_for_a_while(request, number)
    return SeeOther(onward)


def _about(request: Desk, number: int) -> tuple[str, str]:
    """Whose number it is, and where they live; a page that is not there for whom one does not see."""
    scopes = request.actor.scopes()
    names = wiring.ask(people_named, [number], scopes=scopes)
    if number in names:
        return names[number], wiring.ask(region_of_person, number) or ""
    for family in wiring.ask(families_by_number, [number], scopes=scopes):
        return _("Keluarga {name}").format(name=family.head_name or "…"), family.region
    raise Http404
