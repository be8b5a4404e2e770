"""The centre's letter arrives at Dinsos, and what waited in the reserve moves by itself."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from mutakhir import wiring
from mutakhir.core.calendar import today_in
from tests.journeys.node import Node
from tests.journeys.visit import Visitors, keep_picture

pytestmark = pytest.mark.journey
HEAD = "kades.karangsari"


def test_a_window_is_opened_and_the_reserve_moves(visitors: Visitors, node: Node) -> None:
    """1. The supervisor opens the calendar and begins a new window, for three kinds of change.
    2. Before it exists they see what it would do: how many take part, how many days Dinsos needs.
    3. They write down the centre's letter, see everything once more, and set it.
    4. At the next minute of the clock it is open, and what is ready in the villages moves to Dinsos.
    5. Where not every row stands in signed minutes, the village head sees the rows and hands them over.
    """
    page = visitors.sign_in("nira")
    page.get_by_role("navigation").get_by_role("link", name="Jadwal").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jadwal pemutakhiran")
    keep_picture(page, "jadwal")
    page.get_by_role("link", name="Masa pemutakhiran baru").click()
    write_days(page, today_in("3508", wiring.clock()))
    foretold = see_effect(page)
    write_letter(page, today_in("3508", wiring.clock()))
    set_window(page)
    number = int(urlsplit(page.url).path.rpartition("/")[2])

    node.keep_time()
    page.reload()
    expect(page.locator("main")).to_contain_text("Terbuka")
    expect(page.locator("main")).to_contain_text("Pemeriksa Dinsos")
    keep_picture(page, "jadwal-masa")
    moved = dict(node.rows('SELECT state, count(*) FROM request_now WHERE "window" = %s GROUP BY 1', number))
    assert sum(moved.values()) == foretold
    assert moved["handed_over"] > 0

    hand_over(visitors, node)


def write_days(page: Page, today: date) -> None:
    for kind in ("Anggota baru", "Keluarga baru", "Tidak layak"):
        page.get_by_label(kind).check()
    page.get_by_label("Dibuka").fill(f"{today:%d-%m-%Y}")
    page.get_by_label("Batas masuk").fill(f"{today + timedelta(days=14):%d-%m-%Y}")
    page.get_by_label("Ditutup").fill(f"{today + timedelta(days=25):%d-%m-%Y}")


def see_effect(page: Page) -> int:
    """What the page foretells: how many requests will take part."""
    page.get_by_role("button", name="Hitung akibatnya").click()
    effect = page.locator("aside, .mk-card").filter(has_text="Akibat bila dibuka").last
    expect(effect).to_contain_text(re.compile(r"siap ikut, dari \d+ desa"))
    expect(effect).to_contain_text(re.compile(r"Dinsos butuh \d+ hari kerja, tersedia \d+"))
    assert page.get_by_label("Dibuka").input_value(), "counting keeps what was typed"
    keep_picture(page, "jadwal-akibat")
    found = re.search(r"(\d+)\s*siap ikut, dari", effect.inner_text())
    assert found is not None
    return int(found[1])


def write_letter(page: Page, today: date) -> None:
    page.get_by_label("Nomor surat").fill("S-214/MS/XI/2026")
    page.get_by_label("Tanggal surat").fill(f"{today:%d-%m-%Y}")
    page.get_by_label("Penanda tangan").fill("Kepala Pusdatin Kesos")
    page.get_by_role("button", name="Ringkasan, lalu buka").click()


def set_window(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Ringkasan masa pemutakhiran")
    expect(page.locator("main")).to_contain_text("S-214/MS/XI/2026")
    keep_picture(page, "jadwal-ringkasan")
    page.get_by_role("button", name="Jadwalkan").click()
    page.wait_for_url(re.compile(r"/jadwal/\d+"))


def hand_over(visitors: Visitors, node: Node) -> None:
    page = visitors.sign_in(HEAD)
    page.get_by_role("link", name=re.compile("Serahkan ke Dinas Sosial")).first.click()
    batch = int(page.url.rpartition("/")[2])
    keep_picture(page, "serahkan")
    page.get_by_role("button", name="Serahkan").click()
    expect(page.locator("main")).to_contain_text("diserahkan ke Dinas Sosial oleh")
    states = node.rows("SELECT DISTINCT state FROM request_now WHERE batch = %s", batch)
    assert states == [("handed_over",)]
