"""Signing in, choosing a password and a language."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.conf import settings
from django.contrib.auth import authenticate, login, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from mutakhir.store.models import Account
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
        "login": request.POST.get("login", "")[:60],
        "signed_out": "keluar" in request.GET,
    }
    if request.method != "POST":
        return page(request, "account/sign_in.html", context)
    typed = request.POST.get("login", "").strip()
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
    return redirect(onward)


@signed_in()
def choose_password(request: Desk) -> HttpResponse:
    """A password of one's own; the one that an administrator gave is used only once."""
    if request.method != "POST":
        return page(request, "account/password.html", {})
    first, second = request.POST.get("password", ""), request.POST.get("again", "")
    errors = [] if first == second else [FieldError("again", _("Kedua kata sandi belum sama."))]
    try:
        validate_password(first, request.user)
    except ValidationError as refused:
        errors += [FieldError("password", message) for message in refused.messages]
    if errors:
        return page(request, "account/password.html", {"errors": errors})
    account = Account.objects.get(pk=request.user.pk)
    account.set_password(first)
    account.must_change_password = False
    account.save()
    update_session_auth_hash(request, account)
    return redirect("/")


def choose_language(request: HttpRequest) -> HttpResponse:
    """Indonesian or English, kept in a cookie, and with the account of who is signed in."""
    wanted = request.GET.get("ke", "id")
    back = request.GET.get("kembali", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    response = redirect(back)
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, wanted, max_age=365 * 86400, samesite="Lax", httponly=True
        )
        if request.user.is_authenticated:
            Account.objects.filter(pk=request.user.pk).update(language=wanted)
    return response
