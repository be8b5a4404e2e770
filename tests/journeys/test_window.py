"""The centre's letter arrives at Dinsos, and what waited in the reserve moves by itself."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from mutakhir import wiring
from mutakhir.core.calendar import today_in
from tests.journeys.node import Node
from tests.journeys.visit import Visitors, keep_picture

pytestmark = pytest.mark.journey
VILLAGE = "3508162004"
HEAD = "kades.yosowilangunlor"


def test_a_window_is_opened_and_the_reserve_moves(visitors: Visitors, node: Node) -> None:
    """1. The supervisor opens the calendar and begins a new window, for two kinds of change.
    2. Before it exists they see what it would do: how many take part, how many days Dinsos needs.
    3. They write down the centre's letter, see everything once more, and set it.
    4. The clock packs what is ready, in every village.
    5. Where not every row stands in signed minutes, the village head sees the rows and hands them over.
    """
    page = visitors.sign_in("nira")
    page.get_by_role("navigation").get_by_role("link", name="Jadwal").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jadwal pemutakhiran")
    keep_picture(page, "jadwal")
    page.get_by_role("link", name="Masa pemutakhiran baru").click()
    write_letter(page)
    number = int(page.url.rpartition("/")[2])

    node.keep_time()
    page.reload()
    expect(page.locator("main")).to_contain_text("Terbuka")
    keep_picture(page, "jadwal-masa")
    packed = node.rows('SELECT state, count(*) FROM request_now WHERE "window" = %s GROUP BY 1', number)
    print(packed)
