"""Opens pages as somebody who is signed in, at the hour that a test has reached, and reads what stands on them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from mutakhir import wiring
from mutakhir.core.actors import Actor
from mutakhir.core.regions import level_of
from mutakhir.store import access
from mutakhir.store.models import Account, RegionRow
from tests.builders import CAST, ELSEWHERE, KABUPATEN, NEARBY, VILLAGE, PostgresGround, Walker

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""Passwords of tests need not withstand anybody; slow ones cost half a second each."""
PASSWORD = "kata-sandi-yang-panjang"
PLACES = {
    VILLAGE[:2]: "Jawa Timur",
    KABUPATEN: "Lumajang",
    VILLAGE[:6]: "Ranuyoso",
    VILLAGE: "Jenggrong",
    NEARBY: "Wonorejo",
    ELSEWHERE[:4]: "Jember",
    ELSEWHERE[:6]: "Jombang",
    ELSEWHERE: "Padomasan",
}
"""The regions that tests stand in, under names that people can read."""
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "use", "path"}
)


class Reader(HTMLParser):
    """Cuts a page into its text, its rows by the heading above them, its links, its fields and its buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.headings: list[tuple[str, str]] = []
        self.rows: dict[str, list[str]] = {}
        self.links: list[tuple[str, str]] = []
        self.fields: dict[str, list[str]] = {}
        self.labels: dict[str, str] = {}
        self.buttons: list[dict[str, str]] = []
        self._open: list[tuple[str, dict[str, str], int]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attributes}
        if tag == "input" and own.get("name"):
            kept = own.get("type") not in ("radio", "checkbox") or "checked" in own
            if kept:
                self.fields.setdefault(own["name"], []).append(own.get("value", ""))
        if tag == "button":
            self.buttons.append(own)
        if tag not in VOID:
            self._open.append((tag, own, len(self.words)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not any(one[0] == tag for one in self._open):
            return
        while True:
            closed, own, start = self._open.pop()
            if closed == tag:
                break
        text = " ".join(" ".join(self.words[start:]).split())
        if tag in ("h1", "h2", "h3"):
            self.headings.append((tag, text))
        elif tag == "li" and not any(one[0] == "li" for one in self._open):
            under = self.headings[-1][1] if self.headings else ""
            self.rows.setdefault(re.sub(r" \(\d+\)$", "", under), []).append(text)
        elif tag == "a" and own.get("href"):
            self.links.append((own["href"], text))
        elif tag == "textarea" and own.get("name"):
            self.fields.setdefault(own["name"], []).append("".join(self.words[start:]))
        elif tag == "button":
            own["text"] = text
        elif tag == "label" and own.get("for"):
            self.labels[own["for"]] = text

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@dataclass
class Seen:
    """A page as it was answered."""

    response: Any
    reader: Reader = field(default_factory=Reader)

    def __post_init__(self) -> None:
        if "html" in self.response.headers.get("Content-Type", ""):
            self.reader.feed(self.response.content.decode())

    @property
    def status(self) -> int:
        return int(self.response.status_code)

    @property
    def html(self) -> str:
        return str(self.response.content.decode())

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.reader.words).split())

    @property
    def title(self) -> str:
        """The one h1 of the page."""
        found = [text for tag, text in self.reader.headings if tag == "h1"]
        assert len(found) == 1, (self.response.request["PATH_INFO"], found)
        return found[0]

    def rows(self, heading: str) -> list[str]:
        """What each row under a heading says."""
        return self.reader.rows.get(heading, [])

    def link(self, text: str) -> str:
        """The address behind a link that contains some words."""
        return next(address for address, words in self.reader.links if text in words)

    def field(self, name: str) -> str:
        return self.reader.fields[name][-1]


class PagesClient(Client):
    """A browser whose pages come to the database with the login that they have in a node."""

    def request(self, **told: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
            owner, may = cursor.fetchone()
            if may:
                login = access.role_name(access.SITE, owner)
                cursor.execute("SELECT set_config('session_authorization', %s, true)", [login])
        try:
            return super().request(**told)
        finally:
            if may and not connection.needs_rollback:
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL SESSION AUTHORIZATION DEFAULT")


@dataclass
class Desk:
    """Somebody's browser."""

    client: Client = field(default_factory=PagesClient)

    def open(self, address: str, **headers: str) -> Seen:
        return Seen(self.client.get(address, headers=headers or None))

    def follow(self, address: str) -> Seen:
        return Seen(self.client.get(address, follow=True))

    def send(self, address: str, values: dict[str, Any] | None = None, *, follow: bool = True) -> Seen:
        return Seen(self.client.post(address, values or {}, follow=follow))


def account_of(actor: Actor) -> Account:
    """The account of somebody who appears in the tests, made when they first sit down."""
    found = Account.objects.filter(login=actor.login).first()
    if found is not None:
        return found
    held = [(one.role, one.region) for one in actor.held]
    return wiring.create_account(
        actor.login, actor.name, PASSWORD, held, by="test", now=wiring.clock() - timedelta(days=700),
        must_change=False,
    )  # fmt: skip


def desk_of(who: str) -> Desk:
    """The desk of one of the cast, signed in."""
    desk = Desk()
    desk.client.force_login(account_of(CAST[who]))
    return desk


def load_places() -> None:
    RegionRow.objects.bulk_create(
        RegionRow(code=code, name=name, name_key=name.lower(), level=level_of(code))
        for code, name in PLACES.items()
    )


@pytest.fixture
def walk(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Walker:
    """A walk on the database whose pages are opened at the hour that the walk has reached."""
    settings.PASSWORD_HASHERS = QUICK
    load_places()
    walker = Walker(PostgresGround())
    monkeypatch.setattr(wiring, "clock", lambda: walker.now)
    return walker
