"""A head of a family dies: the village reports it, the family goes on receiving, and the civil registry has the last word."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from mutakhir import wiring
from mutakhir.core import dates
from mutakhir.core.calendar import today_in
from tests.journeys.node import Node
from tests.journeys.visit import LAPTOP, PHONE, Visitors, keep_picture, paper

pytestmark = pytest.mark.journey
VILLAGE = "3508072006"
OPERATOR, HEAD = "operator.yosowilangunlor", "kades.yosowilangunlor"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class House:
    """A family that receives, with its head and the other adult, as the village knows them."""

    family: int
    no_kk: str
    head: int
    nik: str
    name: str
    born: date
    other: str
    other_born: date


def test_a_head_died_and_the_family_still_receives(visitors: Visitors, node: Node, tmp_path: Path) -> None:
    """1. The widow comes to the village. The operator types the number of the dead, and reports the death in her name.
    2. She takes home a number and where to go with which papers; nothing that the family receives stops.
    3. At once the operator is asked who receives from now on, and names her.
    4. Days later the papers are at the civil registry; the village writes down who took them.
    5. Her ticket says first what to do, then with whom it waits; Dinsos sees the same in the villages' reserve.
    6. A window opens. The change of pengurus goes the whole route, through village head, Dinsos, bupati and centre.
    7. The civil registry's list comes in: the report closes by itself, and her ticket says so.
    8. The family's page names her, the programmes are as they were, and the village has one task left.
    """
    house = receiving_house(node)
    died = today_in(VILLAGE, wiring.clock()) - timedelta(days=3)
    operator = visitors.sign_in(OPERATOR, PHONE)
    report = report_death(operator, house, died)
    ticket = operator.locator(".mk-receipt__number").inner_text()
    successor = name_pengurus(operator, house)

    widow = visitors.come(PHONE)
    see_ticket(widow, ticket, house, "Kini perlu disampaikan ke kantor catatan sipil")
    expect(widow.locator("main")).to_contain_text(
        "Surat keterangan kematian dari desa, bidan, atau rumah sakit"
    )
    keep_picture(widow, "laporan-saya")
    take_papers(operator, report)
    see_ticket(widow, ticket, house, "Kini menunggu kantor catatan sipil")
    expect(widow.locator("main")).to_contain_text("Anda tidak perlu datang atau membayar.")
    see_from_above(visitors)

    node.open_window("Pergantian pengurus", "change_of_pengurus")
    go_the_route(visitors, node, successor)
    assert received_by(node, house) == house.other

    list_ = tmp_path / "dukcapil.csv"
    write_list(list_, house, died)
    node.take_in(list_, authority="civil", as_of=died + timedelta(days=2))
    see_ticket(widow, ticket, house, "Selesai. Kantor catatan sipil (Dukcapil) sudah mencatatnya.")
    see_the_end(operator, node, house, report)


def receiving_house(node: Node) -> House:
    """A family with a programme, a head and a spouse, about whom nothing is asked now."""
    found = node.rows(
        """
        SELECT f.id, f.no_kk, p.id, p.nik, p.name, p.birth_date, w.name, w.birth_date
        FROM person_now p JOIN family_now f ON f.id = p.family JOIN person_now w ON w.family = f.id
        WHERE p.region = %s AND p.relation = '1' AND w.relation = '2' AND p.registered AND w.registered
          AND p.nik LIKE '99%%' AND length(p.birth_date) = 10 AND length(w.birth_date) = 10
          AND f.attributes ->> 'programme_sembako' = '1'
          AND NOT EXISTS (SELECT FROM request_now r WHERE r.family = f.id AND NOT r.ended)
        ORDER BY p.id LIMIT 1
        """,
        VILLAGE,
    )[0]
    family, no_kk, head, nik, name, born, other, other_born = found
    return House(
        family, no_kk, head, nik, name, date.fromisoformat(born), other, date.fromisoformat(other_born)
    )


# --- the village ----------------------------------------------------------------------------------------------------


def report_death(page: Page, house: House, died: date) -> int:
    page.get_by_role("navigation").get_by_role("link", name="Catat").tap()
    page.get_by_label("Berapa NIK orang yang datanya berubah?").fill(house.nik)
    page.get_by_role("button", name="Lanjut").tap()
    page.get_by_label(re.compile("^Meninggal")).check()
    page.get_by_role("button", name="Lanjut").tap()
    expect(page.locator("main")).to_contain_text("Bantuan keluarga tidak berhenti karena laporan ini.")
    page.get_by_label(house.name).check()
    write_day(page, died)
    keep_picture(page, "meninggal-hp")
    page.get_by_role("button", name="Lanjut").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Siapa yang mengajukan?")
    page.get_by_label("Nama yang mengajukan").fill(house.other)
    write_day(page, house.other_born)
    page.get_by_role("button", name="Simpan").tap()
    page.get_by_label("Surat keterangan kematian").set_input_files(paper("surat.png", "SURAT KEMATIAN"))
    page.get_by_role("button", name="Lanjut").tap()
    page.get_by_role("button", name="Simpan ke cadangan").tap()
    expect(page.locator("main")).to_contain_text("Laporkan kematian dan minta akta kematian.")
    keep_picture(page, "rujukan-hp")
    return number_in(page)


def name_pengurus(page: Page, house: House) -> int:
    page.get_by_role("link", name="Pilih pengurus baru").tap()
    expect(page.locator("main")).to_contain_text(f"Dibuka sendiri karena {house.name} dilaporkan meninggal.")
    expect(page.get_by_label(house.name)).to_have_count(0)
    page.get_by_label(house.other).check()
    keep_picture(page, "pengurus-hp")
    page.get_by_role("button", name="Lanjut").tap()
    page.get_by_label("Surat pernyataan bertanda tangan").set_input_files(
        paper("pernyataan.png", "PERNYATAAN")
    )
    page.get_by_label("Foto KTP").set_input_files(paper("ktp.png", "KARTU TANDA PENDUDUK"))
    page.get_by_role("button", name="Lanjut").tap()
    page.get_by_role("button", name="Simpan ke cadangan").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tersimpan di cadangan")
    return number_in(page)


def take_papers(page: Page, report: int) -> None:
    page.goto(f"/p/{report}")
    page.get_by_role("link", name="Catat sudah dibawa ke Dukcapil").tap()
    page.get_by_label("Siapa yang membawa, dan kapan?").fill("Dibawa anaknya hari Senin, ada tanda terima.")
    page.get_by_role("button", name="Catat sudah dibawa").tap()
    expect(page.locator("main")).to_contain_text(
        "Tercatat; menunggu dicatat kantor catatan sipil (Dukcapil)."
    )
    page.goto("/cadangan?saring=dukcapil")
    expect(page.locator(f"a[href='/p/{report}']")).to_be_visible()
    keep_picture(page, "dukcapil-hp")


def see_from_above(visitors: Visitors) -> None:
    page = visitors.sign_in("nira", LAPTOP)
    page.goto("/cadangan")
    row = page.get_by_role("row").filter(has_text="Desa Yosowilangun Lor")
    column = page.get_by_role("columnheader").all_inner_texts().index("Ke Dukcapil")
    assert int(row.get_by_role("cell").nth(column - 1).inner_text()) >= 1
    keep_picture(page, "cadangan-desa")


# --- the route of the change of pengurus ----------------------------------------------------------------------------


def go_the_route(visitors: Visitors, node: Node, successor: int) -> None:
    """Handed over, verified, frozen, signed, sent and answered, each by whoever it belongs to."""
    window, batch = node.rows('SELECT "window", batch FROM request_now WHERE id = %s', successor)[0]
    page = visitors.sign_in(HEAD, PHONE)
    page.goto(f"/cadangan/kumpulan/{batch}")
    page.get_by_role("button", name="Serahkan").tap()
    expect(page.locator("main")).to_contain_text("diserahkan ke Dinas Sosial oleh")

    page = visitors.sign_in("rudi")
    page.goto(f"/kumpulan/{batch}")
    page.get_by_role("button", name="Setuju").click()
    expect(page.locator(".mk-review__progress")).to_contain_text("1 dari 1")

    supervisor = visitors.sign_in("nira")
    supervisor.goto(f"/kumpulan/masa/{window}/daftar")
    supervisor.locator("main form button[type=submit]").first.click()
    supervisor.wait_for_url(re.compile(r"/daftar/\d+"))
    address = urlsplit(supervisor.url).path
    sign(visitors.sign_in("bupati"), address)

    supervisor.goto(address)
    supervisor.get_by_role("button", name="Kirim ke pusat").click()
    expect(supervisor.locator("main")).to_contain_text("Di pusat")
    answer = node.answer_of_centre(int(address.rpartition("/")[2]))
    supervisor.locator("#answer_file").set_input_files(
        {"name": "jawaban.xlsx", "mimeType": SHEET, "buffer": answer}
    )
    supervisor.get_by_role("button", name="Masukkan jawaban").click()
    expect(supervisor.locator("main")).to_contain_text("Sudah dijawab pusat")


def sign(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Nomor surat").fill("460/231/427.44/2026")
    page.get_by_label("Nama penanda tangan").fill("Bupati Lumajang")
    write_day(page, today_in(VILLAGE, wiring.clock()))
    signs = page.locator(".mk-digest").inner_text().split()
    page.get_by_label("16 tanda pertama sidik pada surat").fill("".join(signs)[:16])
    page.locator("#scan").set_input_files(paper("surat.png", "SURAT PENGESAHAN"))
    page.get_by_role("button", name="Catat pengesahan").click()
    expect(page.locator("main")).to_contain_text("Menunggu dikirim")


# --- the civil registry, and the end --------------------------------------------------------------------------------


def write_list(list_: Path, house: House, died: date) -> None:
    """The dead as the civil registry has it, a day earlier than the family remembered."""
    with list_.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["NIK", "NO_KK", "NAMA_LGKP", "STAT_HBKEL", "TGL_LHR", "TGL_MENINGGAL"])
        day = f"{died - timedelta(days=1):%d-%m-%Y}"
        writer.writerow(
            [house.nik, house.no_kk, house.name.upper(), "KEPALA KELUARGA", f"{house.born:%d-%m-%Y}", day]
        )


def see_the_end(page: Page, node: Node, house: House, report: int) -> None:
    page.goto(f"/p/{report}")
    expect(page.locator("main")).to_contain_text("Selesai: dicatat kantor catatan sipil (Dukcapil).")
    page.goto(f"/k/{house.family}?bagian=kondisi")
    expect(page.get_by_role("row").filter(has_text="Pengurus")).to_contain_text(house.other)
    expect(page.get_by_role("row").filter(has_text="Sembako")).to_contain_text("Ya")
    assert node.value("SELECT registered FROM person_now WHERE id = %s", house.head)
    page.goto("/")
    expect(page.locator("main")).to_contain_text(
        f"Kantor catatan sipil mencatat {house.name.upper()} meninggal"
    )


def received_by(node: Node, house: House) -> str:
    asked = "SELECT p.name FROM family_now f JOIN person_now p ON p.id = (f.attributes ->> 'pengurus')::bigint WHERE f.id = %s"
    return str(node.value(asked, house.family))


# --- what is done in several places ---------------------------------------------------------------------------------


def write_day(page: Page, day: date) -> None:
    page.get_by_label("Tanggal", exact=True).fill(str(day.day))
    page.get_by_label("Bulan").fill(dates.MONTHS["id"][day.month - 1])
    page.get_by_label("Tahun").fill(str(day.year))


def number_in(page: Page) -> int:
    """The request that the page is about."""
    return int(re.findall(r"/(\d+)/", page.url)[0])


def see_ticket(page: Page, ticket: str, house: House, sentence: str) -> None:
    page.goto("/t")
    page.get_by_label("Nomor permintaan").fill(ticket)
    write_day(page, house.other_born)
    page.get_by_role("button", name="Lihat permintaan").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text(sentence)
