"""A village writes down a change on a phone, decides on it, and its head confirms."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from mutakhir.synth import pictures
from tests.journeys.node import Known, Node
from tests.journeys.visit import PHONE, Visitors, fill_sign_in, keep_picture, paper, photo

pytestmark = pytest.mark.journey
VILLAGE = "3508112002"
OPERATOR, HEAD = "operator.jambekumbu", "kades.jambekumbu"


def test_a_change_is_written_down_and_decided(visitors: Visitors, node: Node) -> None:
    """1. The operator signs in on a phone and sees what waits.
    2. They type the NIK of a woman whose floor is new, and see who it is.
    3. They choose what changed, and hand in two photographs.
    4. Before it is saved they see before and after; saved, there is a number for her.
    5. It stands in the reserve, and only the village's decision is missing.
    6. They call a meeting, enter its decisions, and hand in the minutes.
    7. The village head confirms, from a phone of their own.
    8. Its number leads to the request: it is ready, and waits for the window that is open.
    9. At the next minute of the clock it lies at Dinsos, since its decision stands in signed minutes.
    """
    known = node.heads_at_rest(VILLAGE)[0]
    page = visitors.come(PHONE)
    page.goto("/masuk")
    keep_picture(page, "masuk-hp")
    fill_sign_in(page, OPERATOR, node.password)
    expect(page.get_by_role("heading", level=1)).to_have_text("Pekerjaan Anda")
    keep_picture(page, "pekerjaan-hp")

    page.get_by_role("navigation").get_by_role("link", name="Catat").tap()
    find_person(page, known)
    choose_floor(page, known)
    hand_in_photos(page)
    ticket = save(page)

    page.goto("/cadangan?saring=semua")
    card = page.locator(".mk-request", has_text=ticket)
    expect(card).to_contain_text(known.name)
    expect(card).to_contain_text("Foto lantai ada")
    expect(card).to_contain_text("Belum diputus musyawarah")
    keep_picture(page, "cadangan-hp")

    meeting = decide(page)
    confirm(visitors, meeting)

    page.goto("/cari?q=" + ticket)
    expect(page.get_by_role("heading", level=1)).to_have_text(known.name)
    expect(page.locator("main")).to_contain_text("Siap; menunggu masa pemutakhiran.")
    keep_picture(page, "permintaan-hp")
    node.keep_time()
    page.reload()
    expect(page.locator("main .mk-pairs").first).to_contain_text("Pemeriksa Dinsos")


def find_person(page: Page, known: Known) -> None:
    page.get_by_label("Berapa NIK orang yang datanya berubah?").fill(known.nik)
    expect(page.locator("#nik-check")).to_contain_text(known.name)
    keep_picture(page, "catat-nik-hp")
    page.get_by_role("button", name="Lanjut").tap()


def choose_floor(page: Page, known: Known) -> None:
    page.get_by_label("Kondisi rumah berubah").check()
    keep_picture(page, "catat-jenis-hp")
    page.get_by_role("button", name="Lanjut").tap()
    page.get_by_role("link", name=re.compile("^Jenis lantai")).tap()
    expect(page.locator("main")).to_contain_text("Tercatat sekarang")
    page.get_by_label("Keramik").check()
    page.get_by_label("Foto lantai").set_input_files(photo("lantai.png", pictures.draw_floor("3", 1)))
    expect(page.get_by_text(re.compile(r"^Foto \d+ kB\."))).to_be_visible()
    keep_picture(page, "catat-isian-hp")
    page.get_by_role("button", name="Lanjut").tap()


def hand_in_photos(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Bukti")
    page.get_by_label("Foto depan rumah").set_input_files(photo("rumah.png"))
    keep_picture(page, "catat-bukti-hp")
    page.get_by_role("button", name="Lanjut").tap()


def save(page: Page) -> str:
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa sebelum disimpan")
    expect(page.locator("main")).to_contain_text("Akan berubah")
    keep_picture(page, "catat-periksa-hp")
    page.get_by_role("button", name="Simpan ke cadangan").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tersimpan di cadangan")
    keep_picture(page, "catat-tersimpan-hp")
    return page.locator(".mk-receipt__number").inner_text()


def decide(page: Page) -> str:
    page.goto("/musyawarah")
    page.get_by_role("link", name="Panggil musyawarah").tap()
    page.get_by_label("Tempat").fill("Balai desa")
    keep_picture(page, "musyawarah-panggil-hp")
    page.get_by_role("button", name="Susun agenda").tap()
    page.get_by_role("link", name="Catat hasil").tap()
    page.get_by_label("Jumlah yang hadir").fill("24")
    for choice in page.locator("input[value=fit]").all():
        choice.check()
    keep_picture(page, "musyawarah-hasil-hp")
    page.get_by_role("button", name="Simpan hasil").tap()
    page.locator("input[type=file]").set_input_files(paper("berita-acara.png", "BERITA ACARA"))
    page.get_by_role("button", name="Unggah").tap()
    expect(page.get_by_role("link", name="berita-acara.png")).to_be_visible()
    refused = page.get_by_role("button", name="Sahkan hasil musyawarah")
    expect(refused).to_be_disabled()
    expect(refused).to_have_accessible_description(re.compile("kepala desa", re.IGNORECASE))
    keep_picture(page, "musyawarah-hp")
    return page.url


def confirm(visitors: Visitors, meeting: str) -> None:
    page = visitors.sign_in(HEAD, PHONE)
    page.locator(f"main a[href='{urlsplit(meeting).path}']").tap()
    page.get_by_role("button", name="Sahkan hasil musyawarah").tap()
    expect(page.locator("main")).to_contain_text("Disahkan")
    keep_picture(page, "musyawarah-disahkan-hp")
