"""Signing in, choosing a password and a language."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mutakhir import parameters
from mutakhir.core.refusals import Refusal, Refused
from mutakhir.core.sign_in import SignIn
from mutakhir.store.models import Account
from mutakhir.web.change_request.questions import said
from mutakhir.web.desk import Desk, page, signed_in
from mutakhir.web.doors import Door, Knock, address_of, digest_of
from mutakhir.web.refusals import field_errors, language, say
from mutakhir.web.sessions import (
    BACKEND,
    BEGAN,
    SEEN,
    SESSION_ENDED,
    must_have_second_factor,
    rules_of_today,
)
from mutakhir.web.templatetags.mutakhir import clock
from mutakhir.web.values import FieldError
from mutakhir.wiring import second_factor
from mutakhir.wiring.accounts import note, sign_out

HALF_SIGNED_IN = "half_signed_in"
CODE_WITHIN = timedelta(minutes=5)
"""How long the page for the code waits; the password is asked for anew after that."""


def sign_in(request: HttpRequest) -> HttpResponse:
    """One page, name and password; tries are limited by name and by address, and wrong answers all read alike."""
    desk = cast("Desk", request)
    rules = rules_of_today(desk.now)
    context = {
        "next": onward(request),
        "login": said(request.POST, "login")[:60],
        "signed_out": "keluar" in request.GET,
        "ended": _why_ended(desk, rules),
    }
    if request.method != "POST":
        return page(request, "account/sign_in.html", context)
    typed = said(request.POST, "login")
    door, knocks = Door("sign-in", rules.within), _knocks(desk, typed, rules)
    if (until := door.knock(knocks, now=desk.now)) is not None:
        return _shut(request, "account/sign_in.html", context, "login", until)
    account = authenticate(request, username=typed, password=request.POST.get("password", ""))
    if not isinstance(account, Account):
        text = _("Nama pengguna atau kata sandi belum cocok.")
        return page(request, "account/sign_in.html", {**context, "errors": [FieldError("login", text)]})
    door.opened(knocks, now=desk.now)
    if account.second_factor_since is not None:
        request.session.cycle_key()
        request.session[HALF_SIGNED_IN] = {
            "account": account.pk,
            "mark": account.get_session_auth_hash(),
            "until": int((desk.now + CODE_WITHIN).timestamp()),
        }
        return HttpResponseRedirect(reverse("sign_in_code") + "?" + urlencode({"next": context["next"]}))
    open_session(desk, account)
    return HttpResponseRedirect(str(context["next"]))


def ask_code(request: HttpRequest) -> HttpResponse:
    """The code of the second factor, for who has just shown the password; a code of the paper opens as well."""
    desk = cast("Desk", request)
    account = _half_signed_in(desk)
    if account is None:
        return redirect(reverse("login") + "?" + urlencode({"next": onward(request)}))
    context: dict[str, Any] = {"next": onward(request)}
    if request.method != "POST":
        return page(request, "account/code.html", context)
    rules = rules_of_today(desk.now)
    door, knocks = Door("second-factor", rules.within), _knocks(desk, account.login, rules)
    if (until := door.knock(knocks, now=desk.now)) is not None:
        return _shut(request, "account/code.html", context, "code", until)
    if not second_factor.accepts(account, said(request.POST, "code")[:20], now=desk.now):
        errors = [FieldError("code", say(Refusal.of("code-wrong")))]
        return page(request, "account/code.html", {**context, "errors": errors})
    door.opened(knocks, now=desk.now)
    del request.session[HALF_SIGNED_IN]
    open_session(desk, account)
    return HttpResponseRedirect(context["next"])


def onward(request: HttpRequest) -> str:
    """Where somebody wanted to go, if that is a page of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    is_own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_own else "/"


def _why_ended(desk: Desk, rules: SignIn) -> str:
    """Why somebody is here again, in a sentence; the rule stands in the address."""
    ended = desk.GET.get(SESSION_ENDED)
    if ended not in ("session-idle", "session-over"):
        return ""
    minutes, hours = rules.session_idle // timedelta(minutes=1), rules.session_whole // timedelta(hours=1)
    return parameters.load().sentence(ended, language(), minutes=minutes, hours=hours)


def _half_signed_in(desk: Desk) -> Account | None:
    """Who has shown the password a moment ago, if nothing has changed since."""
    half = desk.session.get(HALF_SIGNED_IN)
    if half is None or desk.now.timestamp() > half["until"]:
        return None
    account = Account.objects.filter(pk=half["account"], is_active=True).first()
    if account is None or account.get_session_auth_hash() != half["mark"]:
        return None
    return account


def _knocks(desk: Desk, name: str, rules: SignIn) -> tuple[Knock, Knock]:
    return (
        Knock(digest_of(f"name:{name.lower()}"), rules.tries, forgiven=True),
        Knock(digest_of(f"address:{address_of(desk)}"), rules.tries_from_address),
    )


def _shut(
    request: HttpRequest, template: str, context: dict[str, Any], field: str, until: datetime
) -> HttpResponse:
    text = _("Terlalu banyak percobaan. Coba lagi pukul {hour}.").format(hour=clock(until))
    return page(request, template, {**context, "errors": [FieldError(field, text)]}, status=429)


def open_session(desk: Desk, account: Account) -> None:
    """Sign in: the session begins now, and the account remembers when it was last used."""
    login(desk, account, backend=BACKEND)
    desk.session[BEGAN] = desk.session[SEEN] = desk.now.timestamp()
    Account.objects.filter(pk=account.pk).update(last_login=desk.now)


@signed_in()
def choose_password(request: Desk) -> HttpResponse:
    """A password of one's own; the one that an administrator gave is used only once.

    Who has one already says it first: an open screen is not enough to take an account over.
    """
    account = Account.objects.get(pk=request.user.pk)
    context = {"first_time": account.must_change_password}
    if request.method != "POST":
        return page(request, "account/password.html", context)
    first, second = request.POST.get("password", ""), request.POST.get("again", "")
    errors = []
    if not account.must_change_password and not account.check_password(request.POST.get("current", "")):
        errors.append(FieldError("current", _("Kata sandi sekarang belum cocok.")))
    try:
        validate_password(first, account)
    except ValidationError as refused:
        errors += [FieldError("password", message) for message in refused.messages]
    if account.check_password(first):
        errors.append(FieldError("password", _("Pilih kata sandi yang lain dari yang sekarang.")))
    if first != second:
        errors.append(FieldError("again", _("Kedua kata sandi belum sama.")))
    if errors:
        return page(request, "account/password.html", {**context, "errors": errors})
    account.set_password(first)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    note(account, "password_chosen", by=account.login, now=request.now)
    update_session_auth_hash(request, account)
    return redirect("/")


@signed_in()
def choose_second_factor(request: Desk) -> HttpResponse:
    """Take the second factor into use, or renew its codes or take it off again with one's password."""
    account = Account.objects.get(pk=request.user.pk)
    required = must_have_second_factor(request)
    errors: list[FieldError] = []
    deed = request.POST.get("deed", "") if request.method == "POST" else ""
    if account.second_factor_since is None:
        if deed == "confirm":
            try:
                codes = second_factor.confirm(account, code=said(request.POST, "code")[:20], now=request.now)
            except Refused as refused:
                errors = field_errors(refused.refusals, fields={"code-wrong": "code"})
            else:
                update_session_auth_hash(request, Account.objects.get(pk=account.pk))
                return page(request, "account/codes.html", {"codes": codes})
        offered = second_factor.begin(account, now=request.now)
        return page(
            request,
            "account/second_factor.html",
            {"offered": offered, "required": required, "errors": errors},
        )
    if deed in ("codes", "off"):
        if not account.check_password(request.POST.get("current", "")):
            errors = [FieldError("current", _("Kata sandi sekarang belum cocok."))]
        elif deed == "codes":
            codes = second_factor.renew_codes(account, now=request.now)
            return page(request, "account/codes.html", {"codes": codes})
        elif not required:
            second_factor.take_off(account, "second_factor_off", by=account.login, now=request.now)
            update_session_auth_hash(request, Account.objects.get(pk=account.pk))
            return redirect("account")
    return page(
        request,
        "account/second_factor.html",
        {
            "since": account.second_factor_since,
            "left": second_factor.codes_left(account),
            "required": required,
            "errors": errors,
        },
    )


@signed_in()
@require_POST
def sign_out_everywhere(request: Desk) -> HttpResponse:
    """End every session of one's own, this one too."""
    sign_out(request.user)
    note(request.user, "signed_out_everywhere", by=request.user.login, now=request.now)
    logout(request)
    return redirect(reverse("login") + "?keluar=")


def choose_language(request: HttpRequest) -> HttpResponse:
    """Indonesian or English, kept in a cookie, and with the account of who is signed in."""
    wanted = request.GET.get("ke", settings.LANGUAGE_CODE)
    back = request.GET.get("kembali") or "/"
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, wanted, max_age=365 * 86400, samesite="Lax", httponly=True
        )
        if request.user.is_authenticated:
            Account.objects.filter(pk=request.user.pk).update(language=wanted)
    return response
