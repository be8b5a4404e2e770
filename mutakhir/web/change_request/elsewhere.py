"""Whether a person is registered somewhere else: yes or no, to who knows NIK, name and birth date; counted and logged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from mutakhir import wiring
from mutakhir.actions.elsewhere import tell_of_move
from mutakhir.core import nik
from mutakhir.core.calendar import today_in
from mutakhir.core.flows.change_request import OPERATORS
from mutakhir.core.refusals import Refusal
from mutakhir.queries.elsewhere import registered_elsewhere
from mutakhir.queries.places import place
from mutakhir.web.change_request.questions import read_day, said, said_parts
from mutakhir.web.desk import Desk, carry_out, home_region, log_reading, page, signed_in
from mutakhir.web.doors import Door, Knock, digest_of
from mutakhir.web.refusals import FieldError, field_errors, say_all

DOOR = Door("elsewhere", timedelta(hours=1))
TRIES, TRIES_OF_NIK = 10, 4
TEMPLATE = "change_request/elsewhere.html"


@signed_in(*OPERATORS)
def ask_elsewhere(request: Desk) -> HttpResponse:
    """A NIK, a name and a birth date that all agree are answered with yes and a kabupaten, and with the offer to tell that
    place of the move; anything else with no.

    Every try counts, whatever its answer was: a yes is news too.
    """
    typed, name = (
        said(request.POST, "nik") or request.session.get("nik_offered", ""),
        said(request.POST, "name")[:100],
    )
    day, month, year = said_parts(request.POST, "birth_date")
    context: dict[str, Any] = {"nik": typed, "name": name, "day": day, "month": month, "year": year}
    if request.method != "POST":
        return page(request, TEMPLATE, context)
    region = home_region(request.actor)
    digits = nik.parse(typed)
    errors = [] if isinstance(digits, nik.Nik) else [FieldError("nik", say_all(digits))]
    if not name:
        errors.append(FieldError("name", _("Tulis namanya seperti di KTP.")))
    born = read_day(request.POST, "birth_date", today=today_in(region, request.now))
    if isinstance(born, Refusal):
        errors += field_errors([born])
    elif born is None or len(born) < 10:
        errors.append(FieldError("birth_date", _("Tulis tanggal, bulan, dan tahun lahirnya.")))
    if errors or not isinstance(digits, nik.Nik) or not isinstance(born, str):
        return page(request, TEMPLATE, {**context, "errors": errors})
    knocks = (
        Knock(digest_of(f"elsewhere:{request.actor.login}"), TRIES),
        Knock(digest_of(f"elsewhere:{digits.digits}"), TRIES_OF_NIK),
    )
    if (until := DOOR.knock(knocks, now=request.now)) is not None:
        return page(request, TEMPLATE, {**context, "locked_until": until}, status=429)
    found = wiring.ask(registered_elsewhere, digits.digits, name, born, scopes=request.actor.scopes())
    log_reading(
        request,
        purpose="elsewhere",
        region=found.region if found is not None else region,
        subjects=() if found is None else (found.person,),
    )
    context |= {"answered": True, "kabupaten": found.kabupaten if found is not None else ""}
    if found is not None and "tell" in request.POST:
        here = wiring.ask(place, region).shown
        told = {"name": found.name, "region": found.region, "here": here}
        context["told"] = carry_out(request, tell_of_move, found.person, **told).ok
    return page(request, TEMPLATE, context)
