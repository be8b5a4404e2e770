"""The papers of a village as files: of a meeting, of what waits for one, and the blank statement of leaving."""

from __future__ import annotations

import re
from datetime import time

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from mutakhir.core.refusals import Refused
from mutakhir.queries.reserve import READERS
from mutakhir.web.desk import Desk, SeeOther, log_reading, signed_in
from mutakhir.web.refusals import FieldError, field_errors
from mutakhir.web.reserve.addresses import address, asked_village, village_of
from mutakhir.web.reserve.session import read_session, session_view
from mutakhir.wiring import village_documents
from mutakhir.wiring.village_documents import Paper, Told

TYPED = ("pukul", "pimpinan", "jabatan", "alasan")
LENGTH_AT_MOST = 120
_HOUR = re.compile(r"([01]?\d|2[0-3])(?:[.:]([0-5]\d))?\Z")


@signed_in(*READERS)
def print_paper(request: Desk, number: int, name: str) -> HttpResponse:
    """A paper of a meeting. What the form beside the buttons says is printed; what it leaves empty is a line."""
    session = read_session(request, number).session
    typed = {key: request.GET.get(key, "").strip()[:LENGTH_AT_MOST] for key in TYPED}
    begins = hour_of(typed["pukul"])
    if typed["pukul"] and begins is None:
        errors = [FieldError("pukul", _("Tulis jam mulai seperti 19.00."))]
        return session_view(request, number, errors=errors, typed=typed)
    log_reading(request, purpose=f"print:{name}"[:40], region=session.region)
    told = Told(
        request.build_absolute_uri(reverse("session", args=[number])),
        begins,
        typed["pimpinan"],
        typed["jabatan"],
        typed["alasan"],
    )
    try:
        paper = village_documents.print_paper(name, number, actor=request.actor, now=request.now, told=told)
    except Refused as refused:
        if any(one.rule == "not-found" for one in refused.refusals):
            raise
        return session_view(request, number, errors=field_errors(refused.refusals), typed=typed)
    return _as_file(paper)


@signed_in(*READERS)
def print_waiting(request: Desk) -> HttpResponse:
    """What waits for the village's decision, without NIK."""
    village = village_of(request)
    if not village:
        raise Http404
    told = Told(request.build_absolute_uri(address("reserve", desa=village)))
    try:
        paper = village_documents.print_waiting(village, actor=request.actor, now=request.now, told=told)
    except Refused:
        return SeeOther(address("reserve", desa=asked_village(request, village)))
    log_reading(request, purpose="print:waiting", region=village)
    return _as_file(paper)


@signed_in(*READERS)
def print_leaving(request: Desk) -> HttpResponse:
    village = village_of(request)
    if not village:
        raise Http404
    told = Told(request.build_absolute_uri(request.path))
    return _as_file(village_documents.print_leaving(village, actor=request.actor, now=request.now, told=told))


def hour_of(text: str) -> time | None:
    """19.00, 19:00 or 19 as an hour of the day; None for anything else."""
    found = _HOUR.match(text)
    return time(int(found[1]), int(found[2] or 0)) if found else None


def _as_file(paper: Paper) -> HttpResponse:
    response = HttpResponse(paper.body, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{paper.name}"'
    return response
