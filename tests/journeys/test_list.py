"""A batch is reviewed at the keyboard, becomes a list, is signed, sent, answered, and is in force."""

from __future__ import annotations

import io
import re
from urllib.parse import urlsplit

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from mutakhir import parameters
from tests.journeys.node import Node
from tests.journeys.visit import Visitors, keep_picture, paper

pytestmark = pytest.mark.journey
VILLAGE = "3508122004"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_a_batch_goes_all_the_way(visitors: Visitors, node: Node) -> None:
    """1. The verifier reviews a village's batch with the keyboard alone; one decision is taken back.
    2. Letters are letters inside fields, and do nothing once they are switched off.
    3. The supervisor makes a list of the batches that are done.
    4. The bupati's office prints the letter, and records what was signed with the digest that stands on it.
    5. The supervisor sends it, and opens the file that was sent.
    6. The centre's answer comes back as a file, and is taken in.
    7. The family's page shows the new value, with its source and its day.
    """
    batch = review(visitors, node)
    supervisor = visitors.sign_in("nira")
    address = freeze(supervisor, batch, node)
    endorse(visitors, address)
    sent = send(supervisor, address)
    take_in(supervisor, node, address, sent)
    see_in_force(visitors, node, batch)


# --- the review ---------------------------------------------------------------------------------------------------


def review(visitors: Visitors, node: Node) -> int:
    page = visitors.sign_in("rudi")
    press_to(page, page.get_by_role("navigation").get_by_role("link", name="Kumpulan"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Kumpulan")
    keep_picture(page, "kumpulan")
    press_to(page, page.locator("main").get_by_role("link", name=re.compile("^Desa Senduro")).first)
    progress = page.locator(".mk-review__progress")
    expect(progress).to_contain_text("0 dari 3")
    batch = int(urlsplit(page.url).path.rpartition("/")[2])

    def decided() -> int:
        asked = "SELECT count(*) FROM request_now WHERE batch = %s AND state IN ('verified', 'returned')"
        return int(node.value(asked, batch))

    keep_picture(page, "periksa")
    page.keyboard.press("s")
    expect(progress).to_contain_text("1 dari 3")
    expect_row_in_hand(page)

    page.keyboard.press("k")
    expect(page.locator("[data-reason='1']")).to_be_visible()
    keep_picture(page, "periksa-alasan")
    page.keyboard.press("1")
    expect(progress).to_contain_text("2 dari 3")
    assert decided() == 2
    page.keyboard.press("u")
    expect(progress).to_contain_text("1 dari 3")
    expect(page.locator(".mk-review__batch [role=status]")).to_contain_text(
        re.compile("Diurungkan|diurungkan")
    )
    assert decided() == 1

    keep_letters_out(page)
    assert decided() == 1
    for done in ("2 dari 3", "3 dari 3"):
        page.keyboard.press("s")
        expect(progress).to_contain_text(done)
    assert decided() == 3
    return batch


def press_to(page: Page, link: Locator) -> None:
    """Go where a link leads without a mouse."""
    link.focus()
    page.keyboard.press("Enter")


def expect_row_in_hand(page: Page) -> None:
    """The row that is to be decided has the focus, and it can be seen."""
    focus = page.locator("[data-row]:focus")
    expect(focus).to_have_attribute("aria-current", "true")
    expect(focus).to_be_in_viewport(ratio=0.9)


def keep_letters_out(page: Page) -> None:
    progress = page.locator(".mk-review__progress")
    page.keyboard.press("g")
    page.keyboard.type("sst")
    assert page.locator("[data-jump]").input_value() == "sst"
    page.locator("[data-jump]").fill("")
    page.locator("[data-row][aria-current]").focus()
    page.keyboard.press("?")
    page.locator("[data-key-switch]").uncheck()
    page.locator("[data-row][aria-current]").focus()
    page.keyboard.press("s")
    page.keyboard.press("t")
    expect(progress).to_contain_text("1 dari 3")
    expect(page.locator("[data-reason='1']")).to_have_count(0)
    page.reload()
    expect(page.locator("[data-key-switch]")).not_to_be_checked()
    page.locator("[data-row][aria-current]").focus()
    page.keyboard.press("s")
    expect(progress).to_contain_text("1 dari 3")
    page.locator("[data-key-help] summary").click()
    page.locator("[data-key-switch]").check()
    page.locator("[data-row][aria-current]").focus()


# --- the list -----------------------------------------------------------------------------------------------------


def freeze(page: Page, batch: int, node: Node) -> str:
    window = node.value('SELECT "window" FROM batch_now WHERE id = %s', batch)
    page.goto("/kumpulan")
    page.locator(f"main a[href='/kumpulan/masa/{window}/daftar']").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Siapkan daftar")
    keep_picture(page, "daftar-siapkan")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/daftar/\d+"))
    expect(page.locator("main")).to_contain_text("Menunggu disahkan")
    return urlsplit(page.url).path


def endorse(visitors: Visitors, address: str) -> None:
    page = visitors.sign_in("bupati")
    page.locator(f"main a[href='{address}']").first.click()
    page.get_by_label("Nomor surat").fill("460/214/427.44/2026")
    page.get_by_label("Nama penanda tangan").fill("Bupati Lumajang")
    page.get_by_label("Tanggal", exact=True).fill("24")
    page.get_by_label("Bulan").fill("November")
    page.get_by_label("Tahun").fill("2026")
    with page.context.expect_event("response", lambda one: one.url.endswith("/surat.pdf")) as printed:
        page.get_by_role("button", name="Cetak surat pengesahan").click()
    assert printed.value.headers["content-type"] == "application/pdf"
    assert page.get_by_label("Nomor surat").input_value(), "printing keeps what was typed"
    signs = page.locator(".mk-digest").inner_text().replace("\n", " ")
    page.get_by_label("16 tanda pertama sidik pada surat").fill(signs.replace(" ", "")[:16])
    page.locator("#scan").set_input_files(paper("surat.png", "SURAT PENGESAHAN"))
    keep_picture(page, "daftar-sahkan")
    page.get_by_role("button", name="Catat pengesahan").click()
    expect(page.locator("main")).to_contain_text("Menunggu dikirim")


def send(page: Page, address: str) -> bytes:
    page.goto(address)
    page.get_by_role("button", name="Kirim ke pusat").click()
    expect(page.locator("main")).to_contain_text("Di pusat")
    keep_picture(page, "daftar-terkirim")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Berkas yang dikirim (XLSX)").click()
    return taken.value.path().read_bytes()


def take_in(page: Page, node: Node, address: str, sent: bytes) -> None:
    number = int(address.rpartition("/")[2])
    answer = node.answer_of_centre(number)
    asked, answered = (load_workbook(io.BytesIO(file)).worksheets[0] for file in (sent, answer))
    assert asked.max_row == answered.max_row > 3
    assert answered.max_column == asked.max_column + 2
    page.locator("#answer_file").set_input_files(
        {"name": "jawaban.xlsx", "mimeType": SHEET, "buffer": answer}
    )
    page.get_by_role("button", name="Masukkan jawaban").click()
    expect(page.locator("main")).to_contain_text("Sudah dijawab pusat")
    keep_picture(page, "daftar-dijawab")
    states = node.rows("SELECT DISTINCT state FROM request_now WHERE submission = %s", number)
    assert states == [("applied",)]


def see_in_force(visitors: Visitors, node: Node, batch: int) -> None:
    family, body = node.rows(
        "SELECT family, body FROM request_now WHERE batch = %s ORDER BY id LIMIT 1", batch
    )[0]
    attributes = parameters.load().attributes
    page = visitors.sign_in("operator.senduro")
    page.goto(f"/k/{family}")
    ticket = body["ticket"]
    expect(page.locator("main")).to_contain_text("-".join((ticket[:4], ticket[4:8], ticket[8:])))
    keep_picture(page, "keluarga")
    page.get_by_role("link", name="Kondisi", exact=True).click()
    for change in body["changes"]:
        attribute = attributes[change["attribute"]]
        now = attributes.words(attribute.name, change["wanted"], "id")
        row = page.get_by_role("row").filter(has_text=attribute.label["id"])
        expect(row.filter(has_text=now).filter(has_text="permintaan")).to_be_visible()
