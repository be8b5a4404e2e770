"""What happens around every page: who asks and when, in which language, and what people see when something is refused."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mutakhir import wiring
from mutakhir.core.actors import Actor
from mutakhir.core.calendar import zone_of
from mutakhir.core.refusals import Conflict, Refused
from mutakhir.store import faults
from mutakhir.store.models import Incident
from mutakhir.web import refusals
from mutakhir.web.desk import home_region
from mutakhir.web.sessions import end_old_session, must_have_second_factor

log = logging.getLogger(__name__)
NOBODY = Actor("")
TOO_MUCH = (SuspiciousOperation, MultiPartParserError, UnreadablePostError)
POLICY = "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"

LAST_RESORT = {"Content-Security-Policy": POLICY, "X-Frame-Options": "DENY", "Cache-Control": "no-store"}
"""What a page carries that no other middleware sees."""


class EdgeMiddleware:
    """Gives every request `now`, `actor` and a language; turns refusals into sentences and surprises into a number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = wiring.clock()  # type: ignore[attr-defined]
        end_old_session(request)
        account = request.user
        known = account.is_authenticated
        request.actor = wiring.actor_of(account, now=request.now) if known else NOBODY  # type: ignore[attr-defined, arg-type]
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or (account.language if known else "")  # type: ignore[union-attr]
        if language in dict(settings.LANGUAGES):
            translation.activate(language)
            request.LANGUAGE_CODE = language
        else:
            translation.activate(settings.LANGUAGE_CODE)
        actor: Actor = request.actor  # type: ignore[attr-defined]
        with timezone.override(zone_of(home_region(actor))), wiring.acting(actor):
            return self._answer(request, known=known)

    def _answer(self, request: HttpRequest, *, known: bool) -> HttpResponse:
        response = self._show(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if known:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _show(self, request: HttpRequest) -> HttpResponse:
        """A page that only shows has one look at the database, which is over before the answer leaves."""
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        try:
            with wiring.one_look():
                return self.get_response(request)
        except faults.FAULTS as exception:
            return self._failed(request, exception)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> HttpResponse | None:
        try:
            request.GET = _without_nulls(request.GET)  # type: ignore[assignment]
            if request.method == "POST":
                request.POST = _without_nulls(request.POST)  # type: ignore[assignment]
        except TOO_MUCH as exception:
            return self.process_exception(request, exception)
        account = request.user
        if account.is_authenticated and not getattr(view, "open_to_all", False):
            if account.must_change_password:
                return redirect("password")
            if account.second_factor_since is None and must_have_second_factor(request):
                return redirect("second_factor")
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Http404):
            return problem(request, "missing", status=404)
        if isinstance(exception, Conflict):
            return problem(request, "later", status=409, sentence=refusals.say_all(exception.refusals))
        if isinstance(exception, Refused):
            if any(one.rule == "not-found" for one in exception.refusals):
                return problem(request, "missing", status=404)
            return problem(request, "forbidden", status=403, sentence=refusals.say_all(exception.refusals))
        if isinstance(exception, TOO_MUCH):
            # Too large, too many fields, broken off: nothing of ours went wrong, and nothing was taken in.
            return problem(
                request,
                "later",
                status=413,
                sentence=_("Kiriman ini terlalu besar atau terputus. Kirim lagi sebagian."),
            )
        return self._failed(request, exception)

    def _failed(self, request: HttpRequest, exception: Exception) -> HttpResponse:
        """What nobody foresaw: it is written down, and what happened is said without a word of the database's."""
        wiring.look_anew()
        sentence = ""
        if isinstance(exception, faults.FAULTS):
            told = faults.refusal_of(exception)
            if told.rule == faults.AWAY:
                log.error("the database does not answer at %s: %s", request.path, exception)
                return unreachable()
            sentence = refusals.say(told)
        log.exception("unexpected failure at %s", request.path)
        incident = Incident.objects.create(
            at=wiring.clock(),
            path=request.path[:500],
            trace="".join(traceback.format_exception(exception))[-20000:],
        )
        return problem(request, "later", status=500, sentence=sentence, incident=incident.pk)


def _without_nulls(sent: QueryDict) -> QueryDict:
    """What was sent, without the one sign that no database keeps; everything else stays for its page to judge."""
    if not any("\0" in text for key, values in sent.lists() for text in (key, *values)):
        return sent
    kept = QueryDict(mutable=True)
    for key, values in sent.lists():
        kept.setlist(key.replace("\0", ""), [text.replace("\0", "") for text in values])
    return kept


def unreachable() -> HttpResponse:
    """The page that asks nothing of the database, for as long as there is none; it says so to programs too."""
    html = render_to_string("problem.html", {"kind": "later"})
    return HttpResponse(html, status=503, headers={**LAST_RESORT, "Retry-After": "10"})


def problem(
    request: HttpRequest, kind: str, *, status: int, sentence: str = "", incident: int | None = None
) -> HttpResponse:
    """A page that says what happened in a sentence, and the way on."""
    context = {"kind": kind, "sentence": sentence, "incident": incident}
    return render(request, "problem.html", context, status=status)
