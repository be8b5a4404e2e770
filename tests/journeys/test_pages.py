"""Every page that a link leads to, for everybody: it answers, it is light, it fits, and it says what it owes to say."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from mutakhir.node.demo import CAST, WITH_CODE
from tests.journeys.crawl import Node as Element
from tests.journeys.crawl import Reader, Seen
from tests.journeys.node import Node
from tests.journeys.visit import ANSWERED, LAPTOP
from tests.web.test_gallery import find_violations

pytestmark = pytest.mark.journey
LOGINS = tuple(person.login for person in CAST if person.login not in ("lina", "yuni", WITH_CODE))
"""One person of every role."""
WAITS = ("#clock", "#user-check", "#alert-triangle")
"""The drawings in the chips of what waits for somebody."""
ENGLISH = (
    ("tutik", "/"), ("tutik", "/catat"), ("tutik", "/cadangan"), ("tutik", "/musyawarah"), ("tutik", "/lainnya"),
    ("tutik", "/keluarga"), ("tutik", "/saya"), ("rudi", "/kumpulan"), ("nira", "/jadwal"), ("nira", "/jadwal/baru"),
    ("nira", "/kumpulan?bagian=daftar"), ("admin", "/akun"), ("admin", "/wilayah"), ("admin", "/jejak"), ("", "/t"),
    ("", "/angka"), ("", "/masuk"),
)  # fmt: skip
INDONESIAN = re.compile(
    r"\b(yang|dan|belum|sudah|dengan|dari|untuk|tidak|masih|atau|anda|permintaan|oleh|sejak|batas|perlu|ini|orang|"
    r"semua|lihat|catat|simpan|cari|tanggal|nama)\b"
)
"""Words without which hardly a sentence is written."""
WEIGHT_MAX, WEIGHT_MEDIAN_MAX, REQUESTS_MAX = 200_000, 60_000, 6


# --- what everybody finds by following links --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pages(node: Node) -> list[Seen]:
    """What every role, and a resident, sees by following links."""

    def read(who: str) -> list[Seen]:
        reader = Reader(node.address, who, node.password) if who else Reader(node.address)
        return list(reader.crawl("/" if who else "/t"))

    with ThreadPoolExecutor(2) as both:
        return [seen for found in both.map(read, ("", *LOGINS)) for seen in found]


def of_html(pages: list[Seen]) -> Iterator[tuple[Seen, Element]]:
    for seen in pages:
        if seen.html:
            yield seen, seen.tree


def test_links_lead_somewhere(pages: list[Seen]) -> None:
    assert [(one.who, one.address, one.status) for one in pages if one.status not in (200, 302)] == []
    assert {one.who for one in pages} == {"", *LOGINS}
    assert len(pages) > 500


def test_pages_are_whole(pages: list[Seen]) -> None:
    """One h1, a language, no trace of a program, no tag of a template, no id twice."""
    found = []
    for seen, tree in of_html(pages):
        ids = [one.attributes["id"] for one in tree.walk() if one.attributes.get("id")]
        wrong = {
            "h1": len(tree.find("h1")) != 1,
            "language": tree.find("html")[0].attributes.get("lang") != "id",
            "program": "Traceback" in seen.html or "Exception" in seen.html,
            "template": bool(re.search(r"<c-[a-z]|\{\{|\{%", seen.html)),
            "twice": len(ids) != len(set(ids)),
            "title": not tree.find("title")[0].text.endswith("– Mutakhir"),
        }
        found += [(seen.who, seen.address, what) for what, is_wrong in wrong.items() if is_wrong]
    assert found == []


def test_what_is_refused_says_why(pages: list[Seen]) -> None:
    """Whatever cannot be pressed has its reason in words, tied to it."""
    silent, counted = [], 0
    for seen, tree in of_html(pages):
        texts = {one.attributes["id"]: one.text for one in tree.walk() if one.attributes.get("id")}
        for one in tree.walk():
            if one.tag in ("button", "input", "select", "textarea") and "disabled" in one.attributes:
                counted += 1
                tied = one.attributes.get("aria-describedby", "").split()
                if not any(texts.get(name) for name in tied):
                    silent.append((seen.who, seen.address, one.text or one.attributes.get("name")))
    assert silent == []
    assert counted > 20, "there are refused deeds to look at"


def test_what_waits_says_for_what_who_since_and_until(pages: list[Seen]) -> None:
    """Every row that waits has its line, and every line its four answers."""
    silent, counted = [], 0
    for seen, tree in of_html(pages):
        for row in tree.find("", class_="mk-work__row") + tree.find("", class_="mk-request"):
            drawn = [
                one.attributes["href"] for chip in row.find(class_="mk-chip") for one in chip.find("use")
            ]
            if any(one.endswith(WAITS) for one in drawn) and not row.find(class_="mk-waiting"):
                silent.append((seen.who, seen.address, row.text))
        for line in tree.find("", class_="mk-waiting"):
            counted += 1
            if len(line.find("span")) < 4 or "(belum ditentukan)" in line.text:
                silent.append((seen.who, seen.address, line.text))
        for pairs in tree.find("dl", class_="mk-pairs"):
            if pairs.find("dt") and pairs.find("dt")[0].text == "Menunggu":
                counted += 1
                if len(pairs.find("dd")) < 4 or "(belum ditentukan)" in pairs.text:
                    silent.append((seen.who, seen.address, pairs.text))
    assert silent == []
    assert counted > 200


@pytest.fixture(scope="module")
def english(node: Node) -> dict[str, Reader]:
    return {
        who: Reader(node.address, who, node.password, language="en") for who in {one[0] for one in ENGLISH}
    }


@pytest.mark.parametrize(
    ("who", "address"), ENGLISH, ids=[f"{who or 'resident'} {address}" for who, address in ENGLISH]
)
def test_english_is_english(english: dict[str, Reader], who: str, address: str) -> None:
    tree = english[who].read(address).tree
    assert tree.find("html")[0].attributes["lang"] == "en"
    # What people wrote and what places and windows are called stays as it is.
    for one in tree.walk():
        one.inside = [inner for inner in one.inside if isinstance(inner, str) or not is_own_words(inner)]
    found = INDONESIAN.findall(tree.text.lower())
    assert found == [], tree.text


def is_own_words(element: Element) -> bool:
    return element.attributes.get("lang") == "id" or element.attributes.get("class") == "mk-print-foot"


# --- what a browser makes of one page of each view --------------------------------------------------------------------


@pytest.fixture(scope="module")
def samples(pages: list[Seen]) -> list[Seen]:
    """One page of each view, and of each tab of it, as the first who came there saw it."""
    found: dict[tuple[str, str], Seen] = {}
    for seen in pages:
        if seen.html and seen.status == 200:
            part = re.search(r"[?&](bagian|tampil)=([a-z]+)", seen.address)
            found.setdefault((seen.view, part[2] if part else ""), seen)
    return list(found.values())


@pytest.fixture(scope="module")
def tables(browser: Browser, node: Node, samples: list[Seen]) -> Iterator[dict[str, Page]]:
    """A window for everybody whose pages are looked at."""
    opened: dict[str, Page] = {}
    for who in {seen.who for seen in samples}:
        context = browser.new_context(base_url=node.address, **LAPTOP)
        if who:
            for cookie in Reader(node.address, who, node.password).cookies:
                context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": node.address}])
        opened[who] = context.new_page()
    yield opened
    for page in opened.values():
        page.context.close()


def test_pages_are_accessible_and_fit(tables: dict[str, Page], samples: list[Seen]) -> None:
    """WCAG A and AA on a phone and a laptop, nothing beyond the edge at 320 pixels, no complaint of the browser."""
    found: list[tuple[str, object]] = []
    for page in tables.values():
        page.on(
            "console",
            lambda message: (
                found.append((message.location.get("url", ""), message.text))
                if message.type == "error" and not ANSWERED.search(message.text)
                else None
            ),
        )
        page.on("pageerror", lambda error: found.append(("", str(error))))
    for seen in samples:
        page = tables[seen.who]
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(seen.address)
        found += [(seen.address, (1366, one)) for one in find_violations(page)]
        page.set_viewport_size({"width": 360, "height": 740})
        found += [(seen.address, (360, one)) for one in find_violations(page)]
        page.set_viewport_size({"width": 320, "height": 640})
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            found.append((seen.address, f"{width} pixels wide at 320"))
    assert found == []
    assert len(samples) > 40


def test_pages_are_light(tables: dict[str, Page], samples: list[Seen]) -> None:
    """Cold and compressed, everything counted: at most 200 kB and 6 requests beside photographs, half of them 60 kB."""
    weights: dict[str, int] = {}
    heavy = []
    for seen in samples:
        if seen.view in ("list", "component", "page"):
            continue
        page = tables[seen.who]
        page.set_viewport_size({"width": 360, "height": 740})
        with Scale(page) as scale:
            page.goto(seen.address)
        weights[seen.address] = scale.bytes
        if scale.bytes > WEIGHT_MAX or scale.requests > REQUESTS_MAX:
            heavy.append((seen.address, scale.bytes, scale.requests))
    print(
        "\n".join(
            f"{size:8,} {address}" for address, size in sorted(weights.items(), key=lambda one: -one[1])
        )
    )
    print(f"median {statistics.median(weights.values()):,.0f}")
    assert heavy == []
    assert statistics.median(weights.values()) <= WEIGHT_MEDIAN_MAX


class Scale:
    """Weighs what a page loads while the block runs, with an empty cache, and counts what is needed for the first view."""

    def __init__(self, page: Page) -> None:
        self.bytes = self.requests = 0
        self._session: CDPSession = page.context.new_cdp_session(page)

    def __enter__(self) -> Scale:
        self._session.on("Network.responseReceived", self._begin)
        self._session.on("Network.loadingFinished", self._finish)
        self._session.send("Network.enable")
        self._session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        return self

    def __exit__(self, *_: object) -> None:
        self._session.detach()

    def _begin(self, told: dict[str, object]) -> None:
        response = told["response"]
        assert isinstance(response, dict)
        # Photographs come when they are scrolled to, and the drawing for the tab when all is there.
        self.requests += not ("/berkas/" in response["url"] or response["url"].endswith("/mutakhir.svg"))

    def _finish(self, told: dict[str, object]) -> None:
        self.bytes += int(str(told["encodedDataLength"]).partition(".")[0])
