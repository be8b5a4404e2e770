"""The administrator's pages: accounts, regions, and who read what."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from mutakhir import wiring
from mutakhir.core.actors import LEVEL_DIGITS, Role
from mutakhir.queries import accounts as seen
from mutakhir.queries.places import place, search_places
from mutakhir.web.desk import Desk, carry_out, home_region, page, signed_in
from mutakhir.web.refusals import field_errors, word
from mutakhir.wiring import accounts

FIELDS = {
    "login-form": "login",
    "login-taken": "login",
    "account-unnamed": "name",
    "role-level": "region",
    "role-unknown": "role",
    "region-unknown-code": "region",
    "successor-unknown": "successor",
}


@signed_in(Role.ADMINISTRATOR)
def show_accounts(request: Desk) -> HttpResponse:
    words, after = request.GET.get("q", "")[:60], request.GET.get("sesudah", "")[:60]
    rows = wiring.ask(seen.accounts, request.actor.scopes(), words=words, after=after, limit=seen.PAGE + 1)
    shown = rows[: seen.PAGE]
    return page(
        request,
        "account/accounts.html",
        {
            "rows": [_row(one) for one in shown],
            "words": words,
            "next_url": f"?q={words}&sesudah={shown[-1].login}" if len(rows) > seen.PAGE else "",
            "first_url": f"?q={words}" if after else "",
        },
    )


def _row(one: seen.AccountSeen) -> dict[str, Any]:
    return {
        "account": one,
        "roles": [
            {
                "word": word("role", held.role),
                "held": held,
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
        name: request.POST.get(name, "")[:100] for name in ("login", "name", "role", "region", "region_query")
    }
    context: dict[str, Any] = {"typed": typed, "roles": _choices(home), "home": home}
    if typed["region_query"] or request.POST.get("region_search"):
        found = wiring.ask(search_places, typed["region_query"], scope=home)
        context["places"] = [
            {"value": one.code, "label": one.display_name, "hint": one.code} for one in found
        ]
    if request.method == "POST" and not request.POST.get("region_search"):
        digits = LEVEL_DIGITS.get(Role(typed["role"])) if typed["role"] in set(Role) else None
        region = home[:digits] if digits is not None and digits <= len(home) else typed["region"]
        command = accounts.NewAccount(typed["login"].strip().lower(), typed["name"], typed["role"], region)
        done = carry_out(request, accounts.create, command)
        if done.ok and done.result is not None:
            return page(request, "account/created.html", {"created": done.result, "name": command.name})
        if done.ok:
            return redirect("accounts")
        context["errors"] = field_errors(done.refusals, fields=FIELDS)
    return page(request, "account/new.html", context)


@signed_in(Role.ADMINISTRATOR)
def show_account(request: Desk, number: int) -> HttpResponse:
    wiring.ask(accounts.find, number, actor=request.actor)
    errors = None
    if request.method == "POST":
        match request.POST.get("deed"):
            case "end":
                done = carry_out(
                    request, accounts.end, number, successor=request.POST.get("successor", "").strip()
                )
            case "end_role":
                held = request.POST.get("held", "")
                done = carry_out(request, accounts.end_role, int(held) if held.isdecimal() else 0)
            case "password":
                done = carry_out(request, accounts.new_password, number)
                if done.ok and done.result is not None:
                    return page(request, "account/created.html", {"created": done.result, "name": ""})
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
        {"row": _row(found), "errors": errors, "successor": request.POST.get("successor", "")},
    )


@signed_in(Role.ADMINISTRATOR, Role.AUDITOR)
def show_readings(request: Desk) -> HttpResponse:
    """Who opened personal data, when, for what: newest first."""
    who = request.GET.get("siapa", "")[:60]
    before = request.GET.get("sebelum", "")
    rows = wiring.ask(
        seen.readings,
        request.actor.scopes(),
        actor=who,
        before=int(before) if before.isdecimal() else None,
        limit=seen.PAGE + 1,
    )
    shown = rows[: seen.PAGE]
    next_url = f"?siapa={who}&sebelum={shown[-1].id}" if len(rows) > seen.PAGE else ""
    return page(request, "account/readings.html", {"rows": shown, "who": who, "next_url": next_url})


@signed_in()
def show_regions(request: Desk) -> HttpResponse:
    """Regions by name or code."""
    words = request.GET.get("q", "")[:60]
    found = wiring.ask(search_places, words, limit=50) if words else ()
    home = wiring.ask(place, home_region(request.actor))
    return page(request, "account/regions.html", {"words": words, "rows": found, "home": home})


@signed_in()
def show_own_account(request: Desk) -> HttpResponse:
    found = wiring.ask(seen.account, request.user.pk)
    assert found is not None
    return page(request, "account/own.html", {"row": _row(found)})
