"""Gives journeys a served node, a browser, and visitors whose browsers must not complain."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.journeys.node import Node, demonstration
from tests.journeys.visit import Visitors


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def node(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with demonstration(database_url, tmp_path_factory.mktemp("node")) as served:
        yield served


@pytest.fixture
def visitors(browser: Browser, node: Node) -> Iterator[Visitors]:
    arrived = Visitors(browser, node)
    yield arrived
    arrived.leave()
