"""Every component shows all its states in both languages, is accessible, and fits a narrow phone."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client, override_settings
from django.urls import include, path
from playwright.sync_api import Browser, Page, Route, expect

from mutakhir.web import build
from mutakhir.web.gallery import examples
from tests.browser import chromium

urlpatterns = [path("galeri/", include("mutakhir.web.gallery.urls"))]

SITE = "http://localhost"
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
ADDRESSES = [
    "/galeri/",
    *(f"/galeri/{name}" for name in examples.COMPONENTS),
    *(f"/galeri/halaman/{name}" for name in examples.PAGES),
]


@pytest.fixture(scope="module", autouse=True)
def _gallery_alone() -> Iterator[None]:
    """The compiled files, and only the addresses of the gallery."""
    build.build()
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"]):
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def answer(route: Route) -> None:
    """Answer the browser from Django itself and from the static files, without a server."""
    parts = urlsplit(route.request.url)
    if parts.path.startswith("/static/"):
        found = finders.find(parts.path.removeprefix("/static/"))
        if not found:
            route.fulfill(status=404)
            return
        kind = mimetypes.guess_type(str(found))[0] or "application/octet-stream"
        route.fulfill(body=Path(str(found)).read_bytes(), content_type=kind)
        return
    response = Client().get(f"{parts.path}?{parts.query}")
    headers = {
        **response.headers,
        "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:",
    }
    route.fulfill(status=response.status_code, body=response.content, headers=headers)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, bypass_csp=False)
    opened = context.new_page()
    opened.route(f"{SITE}/**", answer)
    yield opened
    context.close()


def find_violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds on the page as it stands; asked through the protocol, so the policy of the page stays in force."""
    axe = (build.MODULES / "axe-core" / "axe.min.js").read_text()
    page.evaluate(f"() => {{ if (!window.axe) {{ {axe} }} }}")
    found = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        {
            "rule": one["id"],
            "where": [node["target"] for node in one["nodes"]][:4],
            "why": one["nodes"][0]["failureSummary"],
        }
        for one in found["violations"]
    ]


@pytest.mark.journey
@pytest.mark.parametrize("address", ADDRESSES)
def test_accessible_and_narrow(page: Page, address: str) -> None:
    """No violation at 360 and 1366 pixels in both languages, nothing beyond the edge at 320, no console message."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for language in ("id", "en"):
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(f"{SITE}{address}?bahasa={language}")
        assert page.get_attribute("html", "lang") == language
        assert find_violations(page) == []
        page.set_viewport_size({"width": 1366, "height": 768})
        assert find_violations(page) == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert said == []


@pytest.mark.parametrize("density", ["lega", "padat"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_shown_in_every_density(address: str, density: str) -> None:
    response = Client().get(address, {"kepadatan": density})
    assert response.status_code == 200
    assert b"<c-" not in response.content, "a tag of a component that does not exist"


def test_no_inline_style_and_no_inline_script() -> None:
    """The policy allows neither, so neither may be written."""
    for address in ADDRESSES:
        text = Client().get(address).content.decode()
        assert " style=" not in text, address
        assert " onclick=" not in text, address
        assert "<script>" not in text, address


@pytest.mark.journey
def test_nik_is_grouped_without_moving_the_caret(page: Page) -> None:
    page.goto(f"{SITE}/galeri/nik-field")
    field = page.locator("#nik")
    field.click()
    page.keyboard.type("9908014507880003")
    assert field.input_value() == "990801 450788 0003"
    assert page.inner_text("#nik-more") == "16 dari 16 angka"
    page.evaluate("document.getElementById('nik').setSelectionRange(3, 3)")
    page.keyboard.press("Backspace")
    assert field.input_value() == "998014 507880 003"
    assert page.evaluate("document.getElementById('nik').selectionStart") == 2
    page.keyboard.type("0")
    assert field.input_value() == "990801 450788 0003"
    assert page.evaluate("document.getElementById('nik').selectionStart") == 3
    field.fill("99.0801.450788-0003")
    assert field.input_value() == "990801 450788 0003"
    field.fill("99080145O7880003")
    assert field.input_value() == "99080145O7880003", (
        "a letter stays where it was typed, for the answer to name it"
    )
    field.fill("990801450788000312")
    assert page.inner_text("#nik-more") == "lebih 2 angka"


@pytest.mark.journey
def test_whole_nik_is_asked_at_once_and_a_lost_answer_is_asked_again(page: Page) -> None:
    page.goto(f"{SITE}/galeri/nik-field")
    page.fill("#nik", "9908014507880003")
    expect(page.locator("#nik-check")).to_contain_text("Siti Aminah")
    page.route("**/halaman/answer*", lambda route: route.abort())
    page.fill("#nik", "9908014507880004")
    line = page.locator("[data-retry][role=alert]")
    expect(line).to_contain_text("Belum terjawab. Isian Anda tidak hilang.")
    page.unroute("**/halaman/answer*")
    page.evaluate("document.getElementById('nik-check').textContent = ''")
    line.locator("button").click()
    expect(page.locator("#nik-check")).to_contain_text("Siti Aminah")
    assert page.locator("[data-retry][role=alert]").count() == 0
    assert page.input_value("#nik") == "990801 450788 0004"


@pytest.mark.journey
def test_summary_takes_the_focus_and_leads_to_the_field(page: Page) -> None:
    page.goto(f"{SITE}/galeri/error-summary")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    page.click("[data-error-summary] a >> nth=1")
    assert page.evaluate("document.activeElement.id") == "floor-wrong"


@pytest.mark.journey
def test_draft_outlives_a_reload_and_ends_with_its_form(page: Page) -> None:
    page.clock.install()
    page.goto(f"{SITE}/galeri/halaman/focus")
    page.check("input[value='4']")
    page.clock.run_for(1100)
    assert page.inner_text("[data-phone]") == "Tersimpan di HP, belum terkirim"
    page.reload()
    assert page.is_checked("input[value='4']")
    page.goto(f"{SITE}/galeri/halaman/saved")
    page.goto(f"{SITE}/galeri/halaman/focus")
    assert page.is_checked("input[value='8']"), "the server has taken the form, so the copy is gone"


@pytest.mark.journey
def test_draft_of_another_user_is_dropped(page: Page) -> None:
    page.goto(f"{SITE}/galeri/halaman/focus")
    draft = '{"user":"somebody else","at":99999999999999,"values":{"floor":["1"]}}'
    page.evaluate(f"localStorage.setItem('mk-draft:contoh-lantai', '{draft}')")
    page.reload()
    assert page.is_checked("input[value='8']")
    assert page.evaluate("localStorage.getItem('mk-draft:contoh-lantai')") is None


@pytest.mark.journey
def test_letters_of_a_review(page: Page) -> None:
    """Letters act in the region, not in a field, not when switched off; the switch is remembered."""
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{SITE}/galeri/halaman/review")
    assert page.evaluate("document.activeElement.dataset.row") == "1284"
    page.evaluate(
        "document.querySelectorAll('[data-key]').forEach(b => b.addEventListener('click', e => "
        "{ e.preventDefault(); window.pressed = (window.pressed || '') + b.dataset.key; }))"
    )
    page.keyboard.press("k")
    assert page.evaluate("window.pressed") == "k"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("location.hash") == "#1285"
    page.keyboard.press("s")
    assert page.evaluate("window.pressed") == "k", "a refused deed does nothing"
    assert page.evaluate("document.activeElement.textContent") == "Pakai 5, setujui sisanya"
    page.keyboard.press("?")
    assert page.is_visible("[data-key-switch]")
    page.focus("input[type=search]")
    page.keyboard.press("t")
    assert page.evaluate("window.pressed") == "k", "a letter in a field is a letter"
    page.uncheck("[data-key-switch]")
    page.focus("[data-row='1284']")
    page.keyboard.press("t")
    assert page.evaluate("window.pressed") == "k"
    page.reload()
    assert not page.is_checked("[data-key-switch]")


@pytest.mark.journey
def test_photo_is_shrunk_before_it_is_sent(page: Page) -> None:
    page.goto(f"{SITE}/galeri/photo-field")
    page.evaluate("""async () => {
      const canvas = new OffscreenCanvas(3000, 2000), pen = canvas.getContext('2d'), noise = pen.createImageData(3000, 2000);
      let seed = 7;
      for (let at = 0; at < noise.data.length; at += 4) {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        noise.data[at] = noise.data[at + 1] = noise.data[at + 2] = 90 + seed % 120; noise.data[at + 3] = 255;
      }
      pen.putImageData(noise, 0, 0);
      const file = new File([await canvas.convertToBlob({type: 'image/jpeg', quality: 0.95})], 'rumah.jpeg', {type: 'image/jpeg', lastModified: 1790000000000});
      const carrier = new DataTransfer(); carrier.items.add(file);
      const field = document.getElementById('floor');
      window.before = file.size; field.files = carrier.files;
      field.dispatchEvent(new Event('change', {bubbles: true}));
    }""")
    expect(page.locator("#floor-more")).to_have_text(re.compile("^Foto dikecilkan menjadi"), timeout=30_000)
    assert page.evaluate("document.getElementById('floor').files[0].size") <= 250_000
    assert page.evaluate("window.before") > 1_000_000
    width, height = page.evaluate(
        "createImageBitmap(document.getElementById('floor').files[0]).then(i => [i.width, i.height])"
    )
    assert max(width, height) <= 1600
