"""The administrator's pages: accounts and regions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect

from mutakhir import wiring
from mutakhir.core.actors import KEEPERS, LEVEL_DIGITS, REVIEWERS, Role
from mutakhir.core.calendar import today_in
from mutakhir.core.sign_in import must_be_reviewed
from mutakhir.queries import accounts as seen
from mutakhir.queries.places import place, places, search_places
from mutakhir.queries.visit import home_of
from mutakhir.web.change_request.questions import said
from mutakhir.web.desk import (
    Desk,
    Done,
    carry_out,
    has_role,
    home_region,
    new_form,
    page,
    signed_in,
    typed_number,
)
from mutakhir.web.refusals import field_errors, word
from mutakhir.web.sessions import rules_of_today
from mutakhir.wiring import accounts, second_factor

FIELDS = {
    "login-form": "login",
    "login-taken": "login",
    "account-unnamed": "name",
    "role-level": "region_query",
    "role-unknown": "role",
    "region-unknown-code": "region_query",
    "successor-unknown": "successor",
}


@signed_in(*REVIEWERS)
def show_accounts(request: Desk) -> HttpResponse:
    """Who has an account here, or only those that wait to be looked at again."""
    words, after = said(request.GET, "q")[:60], said(request.GET, "sesudah")[:60]
    only = {"tinjau": "ya"} if "tinjau" in request.GET else {}
    offices, before = request.actor.offices(REVIEWERS), request.now - rules_of_today(request.now).review
    rows = wiring.ask(
        seen.accounts,
        offices,
        words=words,
        reviewed_before=before if only else None,
        after=after,
        limit=seen.PAGE + 1,
    )
    shown = rows[: seen.PAGE]
    return page(
        request,
        "account/accounts.html",
        {
            "rows": [_row(one, request.now) for one in shown],
            "words": words,
            "only_unreviewed": bool(only),
            "unreviewed": wiring.ask(seen.count_unreviewed, offices, before=before),
            "may_create": has_role(request.actor, *KEEPERS),
            "next_url": "?" + urlencode({"q": words, **only, "sesudah": shown[-1].login})
            if len(rows) > seen.PAGE
            else "",
            "first_url": "?" + urlencode({"q": words, **only}) if after else "",
        },
    )


def _row(one: seen.AccountSeen, now: datetime) -> dict[str, Any]:
    rules = rules_of_today(now)
    since = today_in("", one.reviewed_at + rules.review)
    until = since + timedelta(days=rules.review_within_days)
    return {
        "account": one,
        "since": since,
        "until": until,
        "days_late": max(0, (today_in("", now) - until).days),
        "reviewer": word("role", Role.HEAD_OF_DINSOS.value),
        "unreviewed": one.is_active and must_be_reviewed(since=one.reviewed_at, now=now, rules=rules),
        "roles": [
            {
                "word": word("role", held.role),
                "held": held,
                "form_id": new_form(),
                "place": held.place.shown,
            }
            for held in one.roles
        ],
    }


def _choices(region: str) -> list[dict[str, str]]:
    return [
        {"value": role.value, "label": word("role", role.value)}
        for role, digits in LEVEL_DIGITS.items()
        if digits >= len(region)
    ]


@signed_in(Role.ADMINISTRATOR)
def create_account(request: Desk) -> HttpResponse:
    """A new account; the first password is shown once."""
    home = home_region(request.actor)
    typed = {
        name: said(request.POST, name)[:100] for name in ("login", "name", "role", "region", "region_query")
    }
    context: dict[str, Any] = {
        "typed": typed,
        "roles": _choices(home),
        "places": _places(request, typed, home),
    }
    if request.method == "POST" and not request.POST.get("region_search"):
        region = _region(typed, home)
        command = accounts.NewAccount(typed["login"].strip().lower(), typed["name"], typed["role"], region)
        done = carry_out(request, accounts.create, command)
        if done.ok and done.result is not None:
            return page(request, "account/created.html", {"created": done.result, "name": command.name})
        if done.ok:
            return redirect("accounts")
        context["errors"] = field_errors(done.refusals, fields=FIELDS)
    return page(request, "account/new.html", context)


def _places(request: Desk, typed: dict[str, str], home: str) -> list[dict[str, str]]:
    """Regions that were searched for, each with what lies around it."""
    if not typed["region_query"] and not request.POST.get("region_search"):
        return []
    found = wiring.ask(search_places, typed["region_query"], scope=home)
    named = wiring.ask(places, {one.code for one in found})
    return [{"value": one.code, "label": named[one.code].shown, "hint": one.code} for one in found]


def _region(typed: dict[str, str], home: str) -> str:
    """The region that a role is held for: the administrator's own, or for a narrower role the one that was chosen."""
    digits = LEVEL_DIGITS.get(Role(typed["role"])) if typed["role"] in set(Role) else None
    return home[:digits] if digits is not None and digits <= len(home) else typed["region"]


@signed_in(Role.ADMINISTRATOR)
def give_role(request: Desk, number: int) -> HttpResponse:
    """One more role for somebody who has an account: one person, one account."""
    account = wiring.ask(accounts.find, number, actor=request.actor)
    home = home_region(request.actor)
    typed = {name: said(request.POST, name)[:100] for name in ("role", "region", "region_query")}
    context: dict[str, Any] = {
        "account": account,
        "typed": typed,
        "roles": _choices(home),
        "places": _places(request, typed, home),
    }
    if request.method == "POST" and not request.POST.get("region_search"):
        done = carry_out(request, accounts.give_role, number, role=typed["role"], region=_region(typed, home))
        if done.ok:
            return redirect("edit_account", number)
        context["errors"] = field_errors(done.refusals, fields=FIELDS)
    return page(request, "account/role.html", context)


@signed_in(*REVIEWERS)
def show_account(request: Desk, number: int) -> HttpResponse:
    """One account: what it opens and what was done with it. Whoever reviews it keeps or ends it, and its sessions."""
    wiring.ask(accounts.find, number, actor=request.actor, roles=REVIEWERS)
    errors = None
    if request.method == "POST":
        match request.POST.get("deed"):
            case "end":
                done = carry_out(request, accounts.end, number, successor=said(request.POST, "successor"))
            case "review":
                done = carry_out(request, accounts.review, number)
            case "end_sessions":
                done = carry_out(request, accounts.end_sessions, number)
            case "end_role":
                held = typed_number(request.POST.get("held", "")) or 0
                done = carry_out(request, accounts.end_role, held)
            case "password":
                done = carry_out(request, accounts.new_password, number)
                if done.ok and done.result is not None:
                    return page(request, "account/created.html", {"created": done.result, "name": ""})
            case "reset":
                done = carry_out(request, second_factor.reset, number, reason=said(request.POST, "reason"))
            case _:
                return redirect("edit_account", number)
        if done.ok:
            return redirect("edit_account", number)
        errors = field_errors(done.refusals, fields=FIELDS)
    found = wiring.ask(seen.account, number)
    assert found is not None
    return page(
        request,
        "account/account.html",
        {
            "row": _row(found, request.now),
            "errors": errors,
            "may_manage": has_role(request.actor, *KEEPERS),
            "is_own": found.login == request.user.login,
            "deeds": [(one, _deed_words(one)) for one in wiring.ask(seen.deeds, number)],
            "successor": said(request.POST, "successor"),
            "review_form": new_form(),
            "sessions_form": new_form(),
            "password_form": new_form(),
            "reset_form": new_form(),
            "reason": said(request.POST, "reason"),
        },
    )


def _deed_words(one: seen.DeedSeen) -> str:
    words = word("account_deed", one.deed)
    return f"{words}: {word('role', one.about[0])}, {one.about[1].shown}" if one.about else words


@signed_in()
def show_regions(request: Desk) -> HttpResponse:
    """Regions by name or code."""
    words = said(request.GET, "q")[:60]
    found = wiring.ask(search_places, words, limit=50, ended=True) if words else ()
    home = wiring.ask(place, home_region(request.actor))
    return page(request, "account/regions.html", {"words": words, "rows": found, "home": home})


@signed_in()
def show_own_account(request: Desk) -> HttpResponse:
    """One's own account; who visits houses says here where they set out from."""
    found = wiring.ask(seen.account, request.user.pk)
    assert found is not None
    context: dict[str, Any] = {"row": _row(found, request.now), "account": found}
    if has_role(request.actor, Role.FIELD_CHECKER):
        context |= _home(request)
        if context.pop("saved", False):
            return redirect("account")
    return page(request, "account/own.html", context)


def _home(request: Desk) -> dict[str, Any]:
    point, region = wiring.ask(home_of, request.actor.login)
    point, region = point or "", region or ""
    query = said(request.POST, "home_query")
    done = Done()
    if request.method == "POST":
        point, region = said(request.POST, "point")[:40], said(request.POST, "home")[:13] or region
        if "home_search" not in request.POST:
            done = carry_out(request, accounts.set_home, point, region)
            if done.ok:
                return {"saved": True}
    results = wiring.ask(search_places, query, level="village") if query else None
    return {
        "checks_houses": True,
        "point": point,
        "home": region,
        "home_label": place(region).shown if region.isdecimal() else "",
        "home_query": query,
        "home_results": None
        if results is None
        else [
            {"code": one.code, "label": one.display_name, "detail": place(one.code).kecamatan}
            for one in results
        ],
        "errors": field_errors(done.refusals, fields={"village-unknown": "home"}),
    }
