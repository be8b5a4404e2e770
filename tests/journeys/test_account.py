"""Somebody new begins to work: an account, a password of one's own, and work that waits."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from mutakhir.queries.work import AT_MOST
from tests.journeys.node import Node
from tests.journeys.visit import PHONE, Visitors, fill_sign_in, keep_picture

pytestmark = pytest.mark.journey


def test_somebody_new_begins(visitors: Visitors, node: Node) -> None:
    """1. The administrator makes an account for one person, with one role in one place.
    2. The first password is shown once; asked for again, the page is another.
    3. The new person signs in on a phone and has to choose a password of their own before anything else.
    4. They stand at their own first page, and the administrator sees no person's data.
    """
    admin = visitors.sign_in("admin")
    expect(admin.get_by_role("heading", level=1)).to_have_text("Akun")
    keep_picture(admin, "akun")
    admin.get_by_role("link", name="Buat akun").click()
    admin.get_by_label("Nama lengkap").fill("Ratna Dewi")
    admin.get_by_label("Nama pengguna").fill("ratna.verifikator")
    admin.locator("input[name=role][value=verifier]").check()
    keep_picture(admin, "akun-baru")
    admin.get_by_role("button", name="Buat akun").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("Akun siap")
    first = admin.get_by_role("status").locator("b").nth(1).inner_text()
    admin.goto("/akun?q=ratna")
    expect(admin.locator("main")).to_contain_text("Ratna Dewi")
    expect(admin.locator("main")).not_to_contain_text(first)

    page = visitors.come(PHONE)
    page.goto("/masuk")
    fill_sign_in(page, "ratna.verifikator", first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Pilih kata sandi Anda sendiri")
    page.goto("/kumpulan")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pilih kata sandi Anda sendiri")
    page.get_by_label("Kata sandi baru").fill("sawah-hijau-4417")
    page.get_by_label("Tulis sekali lagi").fill("sawah-hijau-4417")
    page.get_by_role("button", name="Simpan kata sandi").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pekerjaan Anda")

    assert admin.request.get("/keluarga").status == 404
    admin.goto("/jejak")
    expect(admin.get_by_role("heading", level=1)).to_contain_text(re.compile("Jejak|Siapa"))
    keep_picture(admin, "jejak")


def test_the_day_begins(visitors: Visitors) -> None:
    """1. At a laptop, too, an operator's first page begins with what waits for them, the latest first.
    2. The number in the navigation is that of the pieces of work, of which the most urgent are rows.
    """
    page = visitors.sign_in("tutik")
    keep_picture(page, "pekerjaan")
    rows = page.locator("main .mk-work").first.locator("> li")
    badge = page.get_by_role("navigation").get_by_role("link", name="Pekerjaan")
    counted = page.locator("main .mk-section-head").first.locator(".mk-num").inner_text().strip("()")
    expect(badge).to_contain_text(counted)
    assert rows.count() == int(counted) or rows.count() >= AT_MOST
    late = [row.locator(".mk-chip--late").count() for row in rows.all()]
    assert late == sorted(late, reverse=True)
    assert late[0] == 1
