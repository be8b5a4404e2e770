"""Sessions: when they began and were last used, why they end, and the way to sign in again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponseRedirect

from mutakhir import parameters, wiring
from mutakhir.core.calendar import today_in
from mutakhir.core.sign_in import SignIn, needs_second_factor, why_not_stay
from mutakhir.store.models import Account

BACKEND = "mutakhir.web.sessions.Accounts"
BEGAN, SEEN = "began", "seen"
"""What a session keeps, in seconds since 1970."""
SEEN_SECONDS = 60
"""How exactly a session keeps when it was seen: to write it down at every page costs more than most pages."""
SESSION_ENDED = "akhir"
"""Names in the address of the sign-in page the rule by which a session ended."""


class Accounts(ModelBackend):
    """Finds who is signed in, with their roles."""

    def get_user(self, user_id: int) -> Account | None:
        account = wiring.account_by_number(user_id)
        return account if account is not None and self.user_can_authenticate(account) else None


def rules_of_today(now: datetime) -> SignIn:
    return parameters.load().signing_in(today_in("", now))


def end_old_session(request: HttpRequest) -> None:
    """Sign out who opened nothing for too long, or was signed in for too long; else remember that they are here."""
    if not request.user.is_authenticated:
        return
    now: datetime = request.now  # type: ignore[attr-defined]
    began, seen = (request.session.get(name, now.timestamp()) for name in (BEGAN, SEEN))
    ended = why_not_stay(began=_instant(began), seen=_instant(seen), now=now, rules=rules_of_today(now))
    if ended is not None:
        logout(request)
        request.session_ended = ended.rule  # type: ignore[attr-defined]
        return
    if BEGAN not in request.session or now.timestamp() - seen >= SEEN_SECONDS:
        request.session[BEGAN], request.session[SEEN] = began, now.timestamp()


def to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """The sign-in page, which leads back here and says why one has to sign in again."""
    told = {"next": request.get_full_path()}
    if ended := getattr(request, "session_ended", ""):
        told[SESSION_ENDED] = ended
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode(told, safe='/')}")


def must_have_second_factor(request: Any) -> bool:
    """Whether one of the roles of today needs a second factor on this node."""
    return settings.SECOND_FACTOR_REQUIRED and needs_second_factor(
        request.actor.held, rules_of_today(request.now)
    )


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
