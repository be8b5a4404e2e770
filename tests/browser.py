"""A real browser for tests, that leaves no connection to the database behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Browser, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser; tests that ask for it are skipped where there is none.

    While it runs, its driver's loop runs in this process, and Django keeps the connections made meanwhile apart from
    those made before and after: each side closes its own, or the database could not be dropped at the end.
    """
    if not CHROMIUM.exists():
        pytest.skip("needs Chromium")
    expect.set_options(timeout=20_000)
    connections.close_all()
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()
        connections.close_all()
