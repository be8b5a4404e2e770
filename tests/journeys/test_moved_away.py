"""A family moves to another kabupaten while its request waits: what both villages and the resident see."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.node import Node
from tests.journeys.test_ticket import ask
from tests.journeys.visit import PHONE, Visitors, keep_picture

pytestmark = pytest.mark.journey
JEMBER = "3509012001"
"""Desa Padomasan in Jombang, Kabupaten Jember."""


def test_the_request_goes_along(visitors: Visitors, node: Node) -> None:
    """1. A request is decided and waits for a period; the family moves to Jember. Its village offers it there, on a phone.
    2. Until it is taken over the old village is responsible: the resident's page says so, and who shall have it.
    3. In Jember it is among the operator's work, with the day until which an answer is in time.
    4. The operator reads what is asked and why, and takes it over; for the old village it is not there any more.
    5. The number is the same; the resident reads that the new village's meeting looks at it.
    6. Jember decides, hands over, verifies and sends; in the end it is in force, and the family is found in Jember only.
    """
    number, ticket, birth_date, name, region = node.rows(
        """
        SELECT r.id, t.number, t.birth_date, r.subject_name, r.region FROM request_now r JOIN ticket t ON t.request = r.id
        WHERE r.state = 'deliberated' AND r.next_step = 'pack' AND r.kind = 'new_family'
          AND r.region IN (SELECT region FROM role_held WHERE role = 'village_operator')
          AND r.id NOT IN (SELECT id FROM transfer_now) ORDER BY r.id DESC
        """
    )[0]
    known = {"number": ticket, "birth_date": birth_date}
    page = visitors.sign_in(node.operator_of(number), PHONE)
    page.goto(f"/p/{number}")
    page.get_by_role("link", name="Tawarkan ke desa lain").tap()
    offer(page)
    expect(page.locator("main")).to_contain_text("Ditawarkan ke Desa Padomasan")
    resident = visitors.come(PHONE)
    resident.goto("/t")
    ask(resident, known)
    expect(resident.get_by_role("heading", level=1)).to_have_text(
        "Permintaan Anda sudah siap. Kini menunggu diterima desa tempat tinggal Anda."
    )
    expect(resident.locator("main")).to_contain_text("Sampai diterima Desa Padomasan")

    node.employ("operator.padomasan", "village_operator", JEMBER)
    there = visitors.sign_in("operator.padomasan", PHONE)
    row = there.locator("main .mk-work__row", has_text=name)
    expect(row).to_contain_text("ditawarkan")
    row.tap()
    expect(there.locator("main")).to_contain_text("Keluarga ini pindah ke Padomasan bulan lalu.")
    keep_picture(there, "tawaran-hp")
    there.get_by_role("button", name="Terima di desa ini").tap()
    expect(there.locator("main")).to_contain_text("menunggu musyawarah desa")
    assert page.request.get(f"/p/{number}").status == 404
    assert node.value("SELECT region FROM request_now WHERE id = %s", number) == JEMBER != region

    resident.goto("/t")
    ask(resident, known)
    expect(resident.get_by_role("heading", level=1)).to_have_text(
        "Permintaan Anda sudah dicatat. Kini menunggu musyawarah desa."
    )
    expect(resident.locator("main")).to_contain_text("Desa Padomasan")

    node.carry(number)
    resident.goto("/t")
    ask(resident, known)
    expect(resident.get_by_role("heading", level=1)).to_have_text(
        "Selesai. Perubahan Anda sudah berlaku di register."
    )
    family = node.value("SELECT family FROM request_now WHERE id = %s", number)
    there.goto(f"/k/{family}")
    expect(there.locator("main")).to_contain_text("Padomasan")
    assert page.request.get(f"/k/{family}").status == 404


def offer(page: Page) -> None:
    page.get_by_label("Nama desa atau kelurahan").fill("Padomasan")
    page.get_by_role("button", name="Cari").tap()
    page.get_by_role("radio", name="Desa Padomasan Jombang").check()
    page.get_by_label("Mengapa ditangani desa itu?").fill("Keluarga ini pindah ke Padomasan bulan lalu.")
    page.get_by_role("button", name="Tawarkan ke desa lain").tap()
