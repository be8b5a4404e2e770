"""Everything that matters can be done where no script runs, with the same result."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.node import Node
from tests.journeys.visit import PHONE, Visitors, photo

pytestmark = pytest.mark.journey
VILLAGE = "3508192006"
OPERATOR = "operator.ranupakis"
REVIEWED = "Desa Argosari"


def test_a_change_is_written_down(visitors: Visitors, node: Node) -> None:
    """1. The operator types a NIK; who it is stands on the next page.
    2. They choose, answer one question, hand in a photograph, look at everything, and save.
    3. The number is there, with its code to scan, and the request stands in the reserve as it was typed.
    """
    known = node.heads_at_rest(VILLAGE)[0]
    page = visitors.sign_in(OPERATOR, PHONE, script=False)
    page.get_by_role("navigation").get_by_role("link", name="Catat").tap()
    page.get_by_label("Berapa NIK orang yang datanya berubah?").fill(known.nik)
    page.get_by_role("button", name="Lanjut").tap()
    expect(page.locator("main")).to_contain_text(known.name)
    page.get_by_label("Kondisi rumah berubah").check()
    page.get_by_role("button", name="Lanjut").tap()
    page.get_by_role("link", name=re.compile("^Jenis lantai")).tap()
    page.get_by_label("Keramik").check()
    page.get_by_role("button", name="Lanjut").tap()
    page.get_by_label("Foto depan rumah").set_input_files(photo("rumah.png"))
    page.get_by_role("button", name="Lanjut").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa sebelum disimpan")
    page.get_by_role("button", name="Simpan ke cadangan").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tersimpan di cadangan")
    ticket = page.locator(".mk-receipt__number").inner_text().replace("-", "")
    expect(page.locator("main svg[role=img]").first).to_be_visible()
    state, body = node.rows("SELECT state, body FROM request_now WHERE body ->> 'ticket' = %s", ticket)[0]
    assert state == "reserved"
    assert [(one["attribute"], one["seen"], one["wanted"]) for one in body["changes"]] == [
        ("floor_material", known.floor, "2")
    ]
    assert [one["kind"] for one in body["evidence"]] == ["house_front"]


def test_rows_are_decided(visitors: Visitors, node: Node) -> None:
    """1. The verifier agrees to a row with a button; the page says so and stands at the next row.
    2. They send one back: the reasons are buttons on a page of their own.
    3. They take the last one back.
    """
    page = visitors.sign_in("lina", script=False)
    page.goto("/kumpulan")
    page.locator("main").get_by_role("link", name=re.compile(f"^{REVIEWED}")).first.click()
    batch = int(urlsplit(page.url).path.rpartition("/")[2])

    def decided(state: str) -> int:
        return int(
            node.value("SELECT count(*) FROM request_now WHERE batch = %s AND state = %s", batch, state)
        )

    before = decided("verified")
    page.get_by_role("button", name="Setuju").click()
    expect(page.locator(".mk-review__batch [role=status]")).to_be_visible()
    assert decided("verified") == before + 1
    page.get_by_role("link", name="Kembalikan").click()
    page.get_by_role("button", name=re.compile("Foto")).first.click()
    expect(page.locator(".mk-review__batch [role=status]")).to_be_visible()
    assert decided("returned") == 1
    page.get_by_role("button", name="Urungkan").click()
    expect(page.locator(".mk-review__batch [role=status]")).to_contain_text("Diurungkan")
    assert decided("returned") == 0


def test_a_window_is_set(visitors: Visitors, node: Node) -> None:
    """1. The supervisor fills in the letter's days, counts the effect, looks at everything, and sets the window."""
    page = visitors.sign_in("nira", script=False)
    page.goto("/jadwal")
    page.get_by_role("link", name="Masa pemutakhiran baru").click()
    page.get_by_label("Anggota baru").check()
    page.get_by_label("Dibuka").fill("1-6-2027")
    page.get_by_label("Batas masuk").fill("15-6-2027")
    page.get_by_label("Nomor surat").fill("S-98/MS/XI/2026")
    page.get_by_label("Tanggal surat").fill("20-11-2026")
    page.get_by_label("Penanda tangan").fill("Kepala Pusdatin Kesos")
    page.get_by_role("button", name="Hitung akibatnya").click()
    expect(page.locator("main")).to_contain_text("siap ikut, dari")
    page.get_by_role("button", name="Ringkasan, lalu buka").click()
    page.get_by_role("button", name="Jadwalkan").click()
    expect(page.locator("main")).to_contain_text("Dijadwalkan")
    number = int(urlsplit(page.url).path.rpartition("/")[2])
    marked, kinds = node.rows("SELECT marked, kinds FROM window_now WHERE id = %s", number)[0]
    assert (marked, list(kinds)) == ("scheduled", ["new_person"])


def test_a_ticket_is_read(visitors: Visitors, node: Node) -> None:
    """1. The resident types number and birth date on a phone without script, and reads how it stands."""
    page = visitors.come(PHONE, script=False)
    ticket = next(one for one in node.tickets if one["fate"] == "applied")
    page.goto("/t?n=" + ticket["number"])
    read_ticket(page, date.fromisoformat(ticket["birth_date"]))
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Selesai. Perubahan Anda sudah berlaku di register."
    )


def read_ticket(page: Page, born: date) -> None:
    page.get_by_label("Tanggal", exact=True).fill(str(born.day))
    page.get_by_label("Bulan").fill(str(born.month))
    page.get_by_label("Tahun").fill(str(born.year))
    page.get_by_role("button", name="Lihat permintaan").tap()
