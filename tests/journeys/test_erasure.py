"""Somebody asks that what is known of them be erased: who asks, who decides, what the terminal does, and what is left."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.node import Node
from tests.journeys.visit import PHONE, Visitors, keep_picture

pytestmark = pytest.mark.journey

SOMEBODY = """
SELECT p.id, p.name, h.region FROM person_now p JOIN role_held h ON h.role = 'village_operator' AND h.region = p.region
WHERE p.registered AND p.relation = '3' AND p.family IS NOT NULL
  AND NOT EXISTS (SELECT FROM request_now r WHERE r.family = p.family)
  AND NOT EXISTS (SELECT FROM person_now o WHERE o.name_key = p.name_key AND o.id <> p.id)
ORDER BY p.id LIMIT 1
"""


def test_a_person_is_erased(visitors: Visitors, node: Node) -> None:
    """1. The supervisor opens the person's page, sees everything that is touched, and says on which basis and letter.
    2. The head of Dinsos agrees, and reads which command the administrator runs; nothing is gone yet.
    3. The command runs at the terminal of the node.
    4. The village finds nobody of that name, and the person's page says that it was erased, when, and on which basis.
    """
    person, name, village = node.rows(SOMEBODY)[0]
    supervisor = visitors.sign_in("nira")
    supervisor.goto(f"/o/{person}")
    supervisor.get_by_role("link", name="Hapus atau kunci data orang").click()
    supervisor.get_by_label("Hapus selamanya: Diminta oleh orangnya").check()
    supervisor.get_by_label("Nomor dan tanggal surat permintaan").fill("460/12, 3 Februari")
    supervisor.get_by_role("button", name="Ajukan").click()
    expect(supervisor.get_by_role("heading", level=1)).to_have_text(f"Hapus selamanya: {name}")

    head = visitors.sign_in("kadinsos")
    head.locator("main .mk-work__row").filter(has_text=name).click()
    head.get_by_role("button", name="Setujui").click()
    number = head.url.rstrip("/").rpartition("/")[2]
    expect(head.locator("main")).to_contain_text(f"mutakhir erase {number}")
    assert node.value("SELECT name FROM person_now WHERE id = %s", person) == name

    assert "Selesai" in node.command("erase", number)
    assert node.value("SELECT name FROM person_now WHERE id = %s", person) == ""

    login = node.value(
        "SELECT a.login FROM role_held h JOIN account a ON a.id = h.account_id WHERE h.region = %s AND h.role = 'village_operator'",
        village,
    )
    operator = visitors.sign_in(login, PHONE)
    operator.goto(f"/o/{person}")
    expect(operator.locator("main")).to_contain_text("Isi catatan orang ini dihapus")
    expect(operator.locator("main")).to_contain_text("Diminta oleh orangnya")
    keep_picture(operator, "hapus-selesai-hp")
    operator.goto(f"/cari?q={name}")
    expect(operator.locator(f"main a[href='/o/{person}']")).to_have_count(0)
