"""A person with a browser, as a server sees one: kept connections, cookies, and forms filled in from the page."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self
from urllib.parse import urlencode, urlsplit

OK, SEE_OTHER = 200, 303
MOVED = (302, SEE_OTHER)
SECONDS_AT_MOST = 60


@dataclass(slots=True)
class Form:
    """One form of a page: where it goes, what stands in it, and the buttons that can be pressed as (name, value)."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page, with what a browser would send if nobody typed anything."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None
        self._select = ""
        self.feed(text)

    @classmethod
    def with_field(cls, text: str, name: str) -> Form:
        """The first form that has a field or a button of this name. LookupError where none has."""
        for form in cls(text).found:
            if name in form.fields or any(one == name for one, _value in form.buttons):
                return form
        raise LookupError(f"no form of the page has {name}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(told.get("action", ""))
            self.found.append(self._open)
        elif self._open is not None:
            self._read(self._open, tag, told)

    def _read(self, form: Form, tag: str, told: Mapping[str, str]) -> None:
        name = told.get("name", "")
        match tag:
            case "input" if told.get("type") in ("radio", "checkbox"):
                if "checked" in told or name not in form.fields:
                    form.fields[name] = told.get("value", "on") if "checked" in told else ""
            case "input" | "textarea" if name:
                form.fields[name] = told.get("value", "")
            case "select":
                self._select = name
                form.fields[name] = ""
            case "option" if "selected" in told:
                form.fields[self._select] = told.get("value", "")
            case "button" if name and "disabled" not in told:
                form.buttons.append((name, told.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


class Visitor:
    """One client of a site. AssertionError where an answer is not the one that a working site gives."""

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        self._line = http.client.HTTPConnection(self._host, timeout=SECONDS_AT_MOST)
        self._cookies: dict[str, str] = {}

    def sign_in(self, login: str, password: str) -> Self:
        form = Forms.with_field(self.get("/masuk"), "password")
        self.post(
            form.action or "/masuk", {**form.fields, "login": login, "username": login, "password": password}
        )
        return self

    def get(self, path: str) -> str:
        """The page at a path."""
        status, text, _where = self._ask("GET", path)
        assert status == OK, f"{path} was answered with {status}"
        return text

    def post(self, path: str, fields: Mapping[str, str]) -> str:
        """Send a form; returns where the site leads next, without going there."""
        status, text, where = self._ask("POST", path, urlencode(fields))
        assert status in MOVED, f"the form of {path} was answered with {status}: {text[:2000]}"
        return where

    def leave(self) -> None:
        self._line.close()

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self._host}"}
        answer = self._answer(method, path, body, headers)
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _sign, kept = value.partition(";")[0].partition("=")
                self._cookies[cookie.strip()] = kept
        return answer.status, text, answer.getheader("Location") or ""

    def _answer(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        """Ask over the kept connection, or over a new one where the server has closed it meanwhile, as browsers do."""
        try:
            self._line.request(method, path, body, headers)
            return self._line.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            self._line.close()
            self._line.request(method, path, body, headers)
            return self._line.getresponse()
