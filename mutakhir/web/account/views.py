"""Signing in, choosing a password and a language."""

from __future__ import annotations

import hashlib
import hmac
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

from mutakhir.store.models import Account, Attempt
from mutakhir.web.desk import Desk, page, signed_in
from mutakhir.web.values import FieldError

TRIES = 8
WITHIN = timedelta(minutes=15)


def sign_in(request: HttpRequest) -> HttpResponse:
    """One page, name and password; tries are limited by name and by address, and wrong answers all read alike."""
    desk = cast("Desk", request)
    onward = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure()):
        onward = "/"
    context = {"next": onward, "login": request.POST.get("login", "")}
    if request.method != "POST":
        return page(request, "account/sign_in.html", context)
    typed = request.POST.get("login", "").strip()
    doors = [_keyed(f"name:{typed}"), _keyed(f"address:{request.META.get('REMOTE_ADDR', '')}")]
    recent = Attempt.objects.filter(door="sign-in", at__gt=desk.now - WITHIN)
    if recent.filter(who=doors[0]).count() >= TRIES or recent.filter(who=doors[1]).count() >= 10 * TRIES:
        text = _("Terlalu banyak percobaan. Coba lagi 15 menit lagi.")
        return page(
            request, "account/sign_in.html", {**context, "errors": [FieldError("login", text)]}, status=429
        )
    account = authenticate(request, username=typed, password=request.POST.get("password", ""))
    if account is None:
        Attempt.objects.bulk_create(Attempt(door="sign-in", who=door, at=desk.now) for door in doors)
        text = _("Nama pengguna atau kata sandi belum cocok.")
        return page(request, "account/sign_in.html", {**context, "errors": [FieldError("login", text)]})
    login(request, account)
    return redirect(onward)


def _keyed(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


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
