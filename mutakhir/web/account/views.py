"""Signing in, choosing a password and a language."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.conf import settings
from django.contrib.auth import authenticate, login, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from mutakhir.store.models import Account
from mutakhir.web.change_request.questions import said
from mutakhir.web.desk import Desk, page, signed_in
from mutakhir.web.doors import Door, Knock, address_of, digest_of
from mutakhir.web.templatetags.mutakhir import clock
from mutakhir.web.values import FieldError

SIGN_IN = Door("sign-in", timedelta(minutes=15))
TRIES = 8
TRIES_FROM_ADDRESS = 80
"""A whole office may stand behind one address."""


def sign_in(request: HttpRequest) -> HttpResponse:
    """One page, name and password; tries are limited by name and by address, and wrong answers all read alike."""
    desk = cast("Desk", request)
    onward = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure()):
        onward = "/"
    context = {
        "next": onward,
        "login": said(request.POST, "login")[:60],
        "signed_out": "keluar" in request.GET,
    }
    if request.method != "POST":
        return page(request, "account/sign_in.html", context)
    typed = said(request.POST, "login")
    knocks = [
        Knock(digest_of(f"name:{typed.lower()}"), TRIES),
        Knock(digest_of(f"address:{address_of(request)}"), TRIES_FROM_ADDRESS),
    ]
    if (until := SIGN_IN.locked_until(knocks, now=desk.now)) is not None:
        text = _("Terlalu banyak percobaan. Coba lagi pukul {hour}.").format(hour=clock(until))
        return page(
            request, "account/sign_in.html", {**context, "errors": [FieldError("login", text)]}, status=429
        )
    account = authenticate(request, username=typed, password=request.POST.get("password", ""))
    if account is None:
        SIGN_IN.count(knocks, now=desk.now)
        text = _("Nama pengguna atau kata sandi belum cocok.")
        return page(request, "account/sign_in.html", {**context, "errors": [FieldError("login", text)]})
    login(request, account)
    return HttpResponseRedirect(onward)


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
    update_session_auth_hash(request, account)
    return redirect("/")


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
