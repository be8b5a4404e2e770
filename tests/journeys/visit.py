"""People with a browser: how they come in, what they hold in their hands, and what they see at a glance."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from mutakhir.synth import pictures
from tests.journeys.node import ROOT, Node

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 8.1.0; SM-J250F) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/100.0.0.0 Mobile Safari/537.36",
}
LAPTOP: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}}
PICTURES = ROOT / "docs" / "pictures"
PICTURE_HEIGHT = 640
ANSWERED = re.compile(r"status of (409|413|422|429)")
"""A page that says what has to be put right is an answer, though the browser remarks on its status."""


@dataclass
class Visitors:
    """Everybody who visits the node during one story; what their browsers complained of is kept."""

    browser: Browser
    node: Node
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def come(self, hands: dict[str, Any] = LAPTOP, *, script: bool = True, language: str = "id") -> Page:
        """Somebody without an account, before an empty window."""
        context = self.browser.new_context(
            base_url=self.node.address, java_script_enabled=script, device_scale_factor=1, **hands
        )
        self.contexts.append(context)
        if language != "id":
            context.add_cookies([{"name": "django_language", "value": language, "url": self.node.address}])
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def sign_in(self, login: str, hands: dict[str, Any] = LAPTOP, **how: Any) -> Page:
        """Somebody with an account, at their first page."""
        page = self.come(hands, **how)
        page.goto("/masuk")
        fill_sign_in(page, login, self.node.password)
        page.wait_for_url(lambda address: "/masuk" not in address)
        return page

    def leave(self) -> None:
        for context in self.contexts:
            context.close()
        assert not self.complaints, self.complaints

    def _hear(self, message: ConsoleMessage) -> None:
        address = str(message.location.get("url"))
        if (
            message.type == "error"
            and not ANSWERED.search(message.text)
            and not address.endswith("/favicon.ico")
        ):
            self.complaints.append(f"{message.text} at {address}")


def fill_sign_in(page: Page, login: str, password: str) -> None:
    page.locator("#login").fill(login)
    page.locator("#password").fill(password)
    page.locator("main form button[type=submit]").click()


def photo(name: str, picture: bytes | None = None) -> Any:
    """A photograph as a phone hands it to a form."""
    return {"name": name, "mimeType": "image/png", "buffer": picture or pictures.draw_house("1", "2", 3)}


def paper(name: str, title: str) -> Any:
    """A signed paper, photographed."""
    return {"name": name, "mimeType": "image/png", "buffer": pictures.draw_paper(title, 2)}


def keep_picture(page: Page, name: str) -> None:
    """Keep what is seen for the manual, where pictures are asked for (MUTAKHIR_PICTURES=1)."""
    if os.environ.get("MUTAKHIR_PICTURES") != "1":
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state("networkidle")
    size = page.viewport_size
    assert size is not None
    # A laptop's pages are shown a little lower, so that a picture does not weigh more than the text around it.
    if size["width"] > PHONE["viewport"]["width"]:
        page.set_viewport_size({"width": size["width"], "height": PICTURE_HEIGHT})
    page.screenshot(path=PICTURES / f"{name}.png", caret="hide")
    page.set_viewport_size(size)
