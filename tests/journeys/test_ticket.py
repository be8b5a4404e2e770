"""A resident asks where the request is, on a phone, without an account; and asks for it to be cancelled."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.node import Node
from tests.journeys.visit import PHONE, Visitors, keep_picture

pytestmark = pytest.mark.journey
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")


def test_a_resident_sees_how_it_stands(visitors: Visitors, node: Node) -> None:
    """1. The resident types the number, and a wrong year of birth: nothing is told but that they do not match.
    2. With the right day they read how it stands, who has it, since when and until when.
    3. Nothing is asked of them, nothing is kept in their browser, and no name can be read whole.
    4. Dinsos decides; the same page says so.
    """
    ticket = ticket_of(node, "review")
    page = visitors.come(PHONE)
    page.goto("/t")
    ask(page, ticket, wrong=True)
    expect(page.locator("main")).to_contain_text(
        "Nomor atau tanggal lahir tidak cocok. Periksa tanda terima Anda."
    )
    assert page.get_by_label("Nomor permintaan").input_value() == spelt(ticket["number"]).lower()
    keep_picture(page, "permintaan-saya-masuk")

    ask(page, ticket)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Permintaan Anda sedang diperiksa Dinas Sosial."
    )
    answers = page.locator("main .mk-pairs").first
    for word in ("Menunggu", "Yang bertindak", "Sejak", "Paling lambat"):
        expect(answers).to_contain_text(word)
    expect(page.locator("main")).to_contain_text("Anda tidak perlu datang atau membayar.")
    keep_picture(page, "permintaan-saya")
    number, name = node.rows(
        "SELECT id, subject_name FROM request_now WHERE body ->> 'ticket' = %s", ticket["number"]
    )[0]
    assert name not in page.locator("main").inner_text()
    assert page.context.cookies() == []
    assert page.evaluate("Object.keys(localStorage).length") == 0

    approve(visitors, node, number)
    page.goto("/t")
    ask(page, ticket)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Permintaan Anda sudah diperiksa"))
    expect(page.locator("main")).to_contain_text("Diperiksa Dinas Sosial")


def test_a_resident_asks_for_it_to_be_cancelled(visitors: Visitors, node: Node) -> None:
    """1. The resident opens a request that waits in the reserve, and asks to cancel; they are asked once whether they mean it.
    2. The page says that the village will make sure; the request still stands.
    3. The village operator finds it among what waits for them.
    """
    ticket = ticket_of(node, "ready")
    number, name = node.rows(
        "SELECT id, subject_name FROM request_now WHERE body ->> 'ticket' = %s", ticket["number"]
    )[0]
    page = visitors.come(PHONE)
    page.goto("/t")
    ask(page, ticket)
    page.get_by_role("button", name="Batalkan permintaan").tap()
    expect(page.get_by_text("Batalkan permintaan ini? Anda bisa mengajukan lagi kapan saja.")).to_be_visible()
    page.get_by_role("button", name="Ya, minta dibatalkan").tap()
    expect(page.get_by_role("status")).to_contain_text("Kantor desa akan memastikannya dengan Anda.")
    assert not node.value("SELECT ended FROM request_now WHERE id = %s", number)

    operator = visitors.sign_in(node.operator_of(number), PHONE)
    task = operator.locator(f"main a[href='/p/{number}']").filter(has_text="Pemohon minta dibatalkan")
    expect(task).to_contain_text(name)
    task.tap()
    expect(operator.get_by_role("heading", level=1)).to_have_text(name)


def ticket_of(node: Node, fate: str) -> dict[str, str]:
    return next(one for one in node.tickets if one["fate"] == fate)


def spelt(number: str) -> str:
    """As it stands on the receipt."""
    return "-".join((number[:4], number[4:8], number[8:]))


def ask(page: Page, ticket: dict[str, str], *, wrong: bool = False) -> None:
    """Type the number in small letters and the month as a word, as people do."""
    born = date.fromisoformat(ticket["birth_date"])
    page.get_by_label("Nomor permintaan").fill(spelt(ticket["number"]).lower())
    page.get_by_label("Tanggal", exact=True).fill(str(born.day))
    page.get_by_label("Bulan").fill(MONTHS[born.month - 1])
    page.get_by_label("Tahun").fill(str(born.year - 1 if wrong else born.year))
    page.get_by_role("button", name="Lihat permintaan").tap()


def approve(visitors: Visitors, node: Node, number: int) -> None:
    page = visitors.sign_in("rudi")
    page.goto(f"/kumpulan/{node.value('SELECT batch FROM request_now WHERE id = %s', number)}?baris={number}")
    page.get_by_role("button", name="Setuju").click()
    expect(page.locator(".mk-review__batch [role=status]")).to_be_visible()
    assert node.value("SELECT state FROM request_now WHERE id = %s", number) == "verified"
