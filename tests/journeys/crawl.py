"""Follows the links of a served node as one person can, and reads the pages as trees."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from html.parser import HTMLParser
from http.cookiejar import CookieJar

from django.urls import Resolver404, resolve

VOID = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "use",
        "path",
        "wbr",
    }
)
LINK = re.compile(r'<a [^>]*?href="([^"]+)"')
LEFT_ALONE = frozenset({"logout", "language"})
"""Links that change what the next page would be."""
PAGES_MAX = 90
ALIKE_MAX, VIEW_MAX = 3, 6
"""So many pages with the same words in their query, and of one view, stand for all of them."""


@dataclass
class Node:
    """An element with its attributes, its elements and its words, in their order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[Node | str] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        yield self
        for one in self.inside:
            if isinstance(one, Node):
                yield from one.walk()

    def find(self, tag: str = "", **wanted: str) -> list[Node]:
        """Elements below this one; `class_` asks for one of the classes."""
        class_ = wanted.pop("class_", "")
        return [
            one
            for one in self.walk()
            if (not tag or one.tag == tag)
            and (not class_ or class_ in one.attributes.get("class", "").split())
            and all(one.attributes.get(name.replace("_", "-")) == value for name, value in wanted.items())
        ]

    @property
    def text(self) -> str:
        return " ".join("".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        for one in self.inside:
            if isinstance(one, str):
                yield one
            elif one.tag not in ("script", "style", "template"):
                yield " "
                yield from one._words()
                yield " "


class Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        made = Node(tag, {name: value or "" for name, value in attributes})
        self._open[-1].inside.append(made)
        if tag not in VOID:
            self._open.append(made)

    def handle_endtag(self, tag: str) -> None:
        if any(one.tag == tag for one in self._open[1:]):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)


@dataclass
class Seen:
    """A page as it was answered: by which view, to whom, and how."""

    who: str
    address: str
    view: str
    status: int
    kind: str
    html: str
    onward: str = ""

    @cached_property
    def tree(self) -> Node:
        builder = Builder()
        builder.feed(self.html)
        return builder.root


class Reader:
    """Somebody who reads page after page: signed in, or a resident."""

    def __init__(self, site: str, who: str = "", password: str = "", *, language: str = "") -> None:
        self.site, self.who = site, who
        self.cookies = CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies), StayHere()
        )
        self._language = language
        if who:
            entrance = self.read("/masuk")
            token = entrance.tree.find("input", name="csrfmiddlewaretoken")[0].attributes["value"]
            told = {"csrfmiddlewaretoken": token, "login": who, "password": password}
            assert self.read("/masuk", told).status == 302, who

    def read(self, address: str, told: dict[str, str] | None = None) -> Seen:
        data = urllib.parse.urlencode(told).encode() if told else None
        request = urllib.request.Request(self.site + address, data, {"Referer": self.site + address})
        if self._language:
            # The jar leaves alone what has cookies already.
            self.cookies.add_cookie_header(request)
            kept = request.get_header("Cookie", "")
            request.add_unredirected_header(
                "Cookie", f"{kept}; django_language={self._language}".lstrip("; ")
            )
        try:
            answer = self._opener.open(request, timeout=60)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            kind = answer.headers.get_content_type()
            body = answer.read()
        html = body.decode() if kind == "text/html" else ""
        onward = answer.headers.get("Location", "")
        return Seen(self.who, address, view_of(address), answer.status, kind, html, onward)

    def crawl(self, start: str = "/") -> Iterator[Seen]:
        """Pages that links lead to, those first of which the fewest alike were read."""
        waiting, known, alike, views = [start], {start}, Counter[tuple[str, str]](), Counter[str]()
        for _ in range(PAGES_MAX):
            if not waiting:
                return
            address = min(waiting, key=lambda one: (alike[shape_of(one)], views[view_of(one)]))
            waiting.remove(address)
            alike[shape_of(address)] += 1
            views[view_of(address)] += 1
            seen = self.read(address)
            yield seen
            waiting = [
                one for one in waiting if alike[shape_of(one)] < ALIKE_MAX and views[view_of(one)] < VIEW_MAX
            ]
            for link in [*LINK.findall(seen.html), seen.onward]:
                address = self._follow(seen.address, unescape(link))
                if not address or address in known:
                    continue
                known.add(address)
                if view_of(address) not in LEFT_ALONE:
                    waiting.append(address)

    def _follow(self, here: str, link: str) -> str:
        """The address on this site that a link leads to, empty for others."""
        whole = urllib.parse.urljoin(self.site + here, link.partition("#")[0])
        return whole.removeprefix(self.site) if link and whole.startswith(self.site + "/") else ""


class StayHere(urllib.request.HTTPRedirectHandler):
    """A page that leads elsewhere is itself an answer."""

    def redirect_request(self, *_: object) -> None:
        return None


def view_of(address: str) -> str:
    try:
        return str(resolve(urllib.parse.urlsplit(address).path).url_name)
    except Resolver404:
        return "static" if address.startswith("/static/") else ""


def shape_of(address: str) -> tuple[str, str]:
    """The view, and which words stand in its query."""
    query = urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query)
    words = {f"{name}={value}" if re.fullmatch("[a-z_]+", value) else name for name, value in query}
    return view_of(address), " ".join(sorted(words))
