"""A death flag that was wrong is taken back: who asks, who decides, and what the resident reads."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.node import Node
from tests.journeys.test_ticket import MONTHS, spelt
from tests.journeys.visit import PHONE, Visitors, keep_picture, paper

pytestmark = pytest.mark.journey

WRONG = """
SELECT r.id, r.subject_name, r.person, t.number, t.birth_date FROM request_now r JOIN ticket t ON t.request = r.id
WHERE r.state = 'applied' AND r.kind = 'not_eligible' AND r.body ->> 'reason' = '3'
  AND NOT EXISTS (SELECT FROM annulment_now a WHERE a.request = r.id) ORDER BY r.id LIMIT 1
"""


def test_a_death_flag_that_was_wrong(visitors: Visitors, node: Node) -> None:
    """1. Somebody who was written down as dead comes to the village; on the ticket's page the change is still in force.
    2. The supervisor opens the request, sees what would hold again, says why, and adds the signed statement.
    3. The head of Dinsos finds it first among the work, sees both values, and agrees: no window is waited for.
    4. The person stands in the register again; the village has a task until a day, the resident reads that it was wrong.
    """
    number, name, person, ticket, born = node.rows(WRONG)[0]
    resident = visitors.come(PHONE)
    ask(resident, ticket, born)
    expect(resident.get_by_role("heading", level=1)).to_have_text(
        "Selesai. Perubahan Anda sudah berlaku di register."
    )
    assert registered(node, person) == [False]

    supervisor = visitors.sign_in("nira")
    supervisor.goto(f"/p/{number}")
    supervisor.get_by_role("link", name="Batalkan penerapan").click()
    expect(supervisor.get_by_role("heading", level=1)).to_have_text("Batalkan penerapan")
    row = supervisor.get_by_role("row").filter(has_text="Meninggal").first
    expect(row).to_contain_text("(kosong)")
    keep_picture(supervisor, "batalkan-ajukan")
    supervisor.get_by_label("Mengapa perubahan ini keliru?").fill(
        "Yang meninggal tetangganya yang namanya sama."
    )
    supervisor.get_by_label("Surat pernyataan yang ditandatangani").set_input_files(
        [paper("pernyataan.png", "SURAT PERNYATAAN")]
    )
    supervisor.get_by_role("button", name="Ajukan pembatalan").click()
    expect(supervisor.get_by_role("heading", level=1)).to_have_text(f"Pembatalan: {name}")
    assert registered(node, person) == [False], "one person alone changes nothing"

    head = visitors.sign_in("kadinsos", PHONE)
    head.locator("main .mk-work__row").filter(has_text=name).tap()
    expect(head.get_by_text("Menunggu keputusan")).to_be_visible()
    keep_picture(head, "batalkan-putus-hp")
    head.get_by_role("button", name="Setujui, batalkan sekarang").tap()
    expect(head.get_by_role("status")).to_contain_text("Perubahan dibatalkan. Nilai sebelumnya berlaku lagi.")
    assert registered(node, person) == [True]

    operator = visitors.sign_in(node.operator_of(number))
    task = (
        operator.locator("main .mk-work__row").filter(has_text="Beri tahu keluarganya").filter(has_text=name)
    )
    expect(task).to_contain_text("batas")
    task.click()
    operator.get_by_label("Apa yang Anda temukan?").fill("Keluarga sudah diberi tahu.")
    operator.get_by_role("button", name="Tandai selesai").click()
    operator.goto(f"/o/{person}?bagian=riwayat")
    expect(operator.locator("main")).to_contain_text("dibatalkan, yang sebelumnya berlaku lagi")

    ask(resident, ticket, born)
    expect(resident.get_by_role("heading", level=1)).to_have_text(
        "Perubahan ini keliru diterapkan dan sudah dibatalkan."
    )
    expect(resident.locator("main")).to_contain_text("Data sebelumnya berlaku lagi.")
    keep_picture(resident, "permintaan-saya-dibatalkan")


def registered(node: Node, person: int) -> list[bool]:
    return [row[0] for row in node.rows("SELECT registered FROM person_now WHERE id = %s", person)]


def ask(page: Page, ticket: str, born: str) -> None:
    day = date.fromisoformat(born)
    page.goto("/t")
    page.get_by_label("Nomor permintaan").fill(spelt(ticket))
    page.get_by_label("Tanggal", exact=True).fill(str(day.day))
    page.get_by_label("Bulan").fill(MONTHS[day.month - 1])
    page.get_by_label("Tahun").fill(str(day.year))
    page.get_by_role("button", name="Lihat permintaan").tap()
