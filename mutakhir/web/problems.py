"""What people see where no page answers: an address that is not there, a form without its token, a site that is down."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from mutakhir.store import faults
from mutakhir.web.middleware import LAST_RESORT, problem, unreachable


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(request, "missing", status=404)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that is no form of ours, is too large, or asks for a host that is not this one."""
    return _plain(status=400)


def token_missing(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is gone: cookies are off, or the browser kept the page for too long."""
    sentence = _("Halaman ini sudah terlalu lama terbuka. Muat ulang, lalu kirim sekali lagi.")
    return problem(request, "later", status=403, sentence=sentence)


def failed(request: HttpRequest) -> HttpResponse:
    """The last resort: it asks no database and no account."""
    failure = sys.exc_info()[1]
    if isinstance(failure, faults.FAULTS) and faults.refusal_of(failure).rule == faults.AWAY:
        return unreachable()
    return _plain(status=500)


def _plain(*, status: int) -> HttpResponse:
    html = render_to_string("problem.html", {"kind": "later"})
    return HttpResponse(html, status=status, headers=LAST_RESORT)
