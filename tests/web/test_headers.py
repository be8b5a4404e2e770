"""What every answer carries besides its body, which forms need a token, and where nobody is led astray."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from mutakhir.store.models import Attempt
from tests.web.neighbours import Neighbours, neighbours
from tests.web.pages import PASSWORD, account_of

pytestmark = pytest.mark.django_db
__all__ = ["neighbours"]

WITHOUT_TOKEN = frozenset({"ticket"})
"""The resident's page changes nothing that number and birth date, which are asked again each time, would not allow."""
FILES = ("receipt_pdf", "evidence_file", "session_file", "submission-file", "session_paper", "reserve_agenda")
RULES = ("default-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'")


def addresses(found: Neighbours) -> dict[str, str]:
    """One address for each name of the site."""
    own = found.own
    at, digests = own.numbers, own.digests
    numbers = {
        "edit_account": at["account"], "give_role": at["account"], "task": at["task"], "family": at["family"],
        "person": at["person"], "village_batch": at["village_batch"], "batch": at["batch"], "batch-alike": at["batch"],
        "window": at["window"],
    }  # fmt: skip
    made: dict[str, str] = {}
    for name, pattern in _names(get_resolver().url_patterns):
        told: dict[str, Any] = {}
        for key in pattern.pattern.converters:
            told[key] = {
                "family": at["family"], "window": at["window"], "place": 0, "group": "perumahan",
                "attribute": "floor_material", "name": "agenda", "digest": digests["evidence"],
            }.get(key)  # fmt: skip
            if key == "number":
                told[key] = numbers.get(name, at["reserved"])
        if name.startswith("submission"):
            told |= {"number": at["submission"]} | ({"digest": digests["scan"]} if "digest" in told else {})
        if (name.startswith("session_") and "number" in told) or name == "session":
            told["number"] = at["confirmed"] if name in ("session_file", "session_paper") else at["session"]
            told |= {"digest": digests["proof"]} if "digest" in told else {}
        if name == "call-file":
            told["window"] = at["call"]
        if name == "draft_question_of":
            told["attribute"] = "name"
        if name == "gallery:component":
            told["name"] = "chip"
        made[name] = reverse(name, kwargs=told)
    return made


def _names(patterns: list[Any], prefix: str = "") -> list[tuple[str, URLPattern]]:
    found = []
    for each in patterns:
        if isinstance(each, URLResolver):
            found += _names(each.url_patterns, prefix + (f"{each.namespace}:" if each.namespace else ""))
        else:
            found.append((f"{prefix}{each.name}", each))
    return found


def client_of(found: Neighbours, who: str, **more: Any) -> Client:
    client = Client(**more)
    if who:
        client.force_login(
            account_of({"operator": found.own.operator, "supervisor": found.own.supervisor}[who])
        )
    return client


@pytest.mark.parametrize("who", ["", "operator", "supervisor"])
def test_every_answer_carries_its_headers(neighbours: Neighbours, who: str) -> None:
    client = client_of(neighbours, who)
    seen = set()
    for name, address in {**addresses(neighbours), "missing": "/tidak-ada", "no number": "/p/0"}.items():
        for method in ("get", "post"):
            if name in ("logout", "sign_out_everywhere"):
                continue
            response = getattr(client, method)(address)
            where = f"{method} {address} {response.status_code}"
            seen.add((name, response.status_code))
            headers = response.headers
            assert response.status_code < 500, where
            policy = headers["Content-Security-Policy"]
            rules = RULES
            if name in FILES and policy.startswith("default-src 'none'"):
                rules = ("default-src 'none'", "sandbox")
            for rule in rules:
                assert rule in policy, where
            assert "unsafe" not in policy
            assert headers["X-Content-Type-Options"] == "nosniff", where
            assert headers["X-Frame-Options"] == "DENY", where
            assert headers["Referrer-Policy"] == "same-origin", where
            if who:
                assert "no-store" in headers["Cache-Control"], where
    if who == "supervisor":
        assert {name for name, status in seen if status == 200} >= {
            "submission-file",
            "call-file",
            "receipt_pdf",
        }


def test_cookies_are_for_this_site_and_not_for_scripts(neighbours: Neighbours, client: Client) -> None:
    client.get("/masuk")
    client.post("/masuk", {"login": neighbours.own.operator.login, "password": PASSWORD})
    client.get("/bahasa?ke=en")
    client.get("/saya/sandi")
    assert {"sessionid", "csrftoken", "django_language"} <= set(client.cookies)
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key


def test_the_residents_page_sets_no_cookie(neighbours: Neighbours, client: Client) -> None:
    account_of(neighbours.own.operator)
    client.get("/t")
    client.post("/t", {"number": "1", "birth_year": "1988"})
    client.get("/angka")
    assert not client.cookies


@pytest.mark.parametrize("who", ["", "operator", "supervisor"])
def test_every_form_needs_its_token(neighbours: Neighbours, who: str) -> None:
    """Asked with a token that is wrong, or none, nothing is answered but that the page is too old."""
    client = client_of(neighbours, who, enforce_csrf_checks=True)
    client.get("/masuk")
    for name, address in addresses(neighbours).items():
        if name in WITHOUT_TOKEN:
            assert client.post(address, {"number": "1"}).status_code == 422
            continue
        for told in ({}, {"csrfmiddlewaretoken": "a" * 64}, {"csrfmiddlewaretoken": ""}):
            response = client.post(address, told)
            assert response.status_code == 403, (name, response.status_code)
            assert "Muat ulang" in response.content.decode(), name


ASTRAY = (
    "https://jahat.example/", "//jahat.example/", "///jahat.example", "/\\jahat.example", "\\\\jahat.example",
    "http:jahat.example", "javascript:alert(1)", "https:///jahat.example", " //jahat.example", "\t//jahat.example",
    "https://testserver@jahat.example/", "/\n/jahat.example", "ftp://testserver/", "data:text/html,a",
)  # fmt: skip


@pytest.mark.parametrize("onward", ASTRAY)
def test_nobody_is_led_to_another_site(neighbours: Neighbours, onward: str) -> None:
    account = account_of(neighbours.own.operator)
    for address in (f"/masuk?next={onward}", "/masuk"):
        client = Client()
        told = {"login": account.login, "password": PASSWORD, "next": onward}
        response = (
            client.post("/masuk", told) if address == "/masuk" else client.get("/masuk", {"next": onward})
        )
        if address == "/masuk":
            assert response.status_code == 302
            assert response.headers["Location"].startswith("/")
            assert not response.headers["Location"].startswith(("//", "/\\")), onward
        else:
            assert f'value="{onward}"' not in response.content.decode()
    switched = Client().get("/bahasa", {"ke": "en", "kembali": onward})
    assert switched.status_code == 302
    assert switched.headers["Location"].startswith("/")
    assert "jahat" not in switched.headers["Location"] or switched.headers["Location"].startswith("/%0A")
    assert not Attempt.objects.exists()


def test_who_signs_out_is_out(neighbours: Neighbours) -> None:
    client = client_of(neighbours, "operator")
    kept = client.cookies["sessionid"].value
    assert client.get("/keluar").status_code == 405, "a picture on another site signs nobody out"
    assert client.post("/keluar").status_code == 302
    client.cookies["sessionid"] = kept
    assert client.get("/keluarga").status_code == 302
