"""A child marries and makes a new family card; and a woman who stands in the register twice becomes one."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from mutakhir import wiring
from mutakhir.core.calendar import today_in
from tests.journeys.node import Node
from tests.journeys.visit import PHONE, Visitors, keep_picture, paper

pytestmark = pytest.mark.journey


@dataclass(frozen=True, slots=True)
class Child:
    """A grown child who lives with their parents: the card's number, and whose family it is."""

    id: int
    nik: str
    name: str
    birth_date: str
    family: int
    head: str
    no_kk: str


def grown_children(node: Node, village: str) -> list[Child]:
    """Grown children in families of a village about whom nothing is asked now, each from another family."""
    found = node.rows(
        """
        SELECT DISTINCT ON (p.family) p.id, p.nik, p.name, p.birth_date, p.family, h.name, f.no_kk
        FROM person_now p JOIN person_now h ON h.family = p.family AND h.relation = '1'
        JOIN family_now f ON f.id = p.family
        WHERE p.region = %s AND p.relation = '3' AND p.registered AND p.birth_date BETWEEN '1985' AND '2006'
          AND length(p.birth_date) = 10 AND p.nik LIKE '99%%' AND f.no_kk IS NOT NULL
          AND (SELECT count(*) FROM person_now o WHERE o.family = p.family) > 2
          AND NOT EXISTS (SELECT FROM request_now r WHERE r.family = p.family AND NOT r.ended)
        ORDER BY p.family, p.id
        """,
        village,
    )
    return [Child(*row) for row in found]


def test_a_child_marries_and_makes_a_new_card(visitors: Visitors, node: Node) -> None:
    """1. The operator finds the father on a phone, and says that a part of the family founds one of its own.
    2. They choose the daughter, type the NIK of the man she married, and are asked what the two become.
    3. They see in sentences what will happen, and put it into the reserve.
    4. The village decides; at Dinsos the verifier reads the same sentences.
    5. It is in force: the new family says where it came from, and that its living conditions are awaited.
    6. The supervisor finds the visit that somebody shall be sent to; the resident reads that it is in force.
    """
    village = "3508022001"
    bride, groom = grown_children(node, village)[:2]
    page = visitors.sign_in(operator_of(node, village), PHONE)
    page.goto(f"/catat/keluarga/{bride.family}")
    begin(page, "Keluarga pecah", bride)
    page.get_by_role("checkbox", name=bride.name).check()
    page.get_by_label("NIK pasangan dari keluarga lain").fill(groom.nik)
    page.get_by_label("No. KK keluarga baru").fill(new_card(bride))
    page.get_by_label("Menikah dan berkeluarga sendiri").check()
    page.get_by_role("button", name="Lanjut").tap()
    expect(page.locator("main")).to_contain_text(f"Keluarga {groom.head}")
    page.get_by_role("combobox", name=bride.name).select_option(label="Istri/suami")
    page.get_by_role("combobox", name=groom.name).select_option(label="Kepala keluarga")
    page.get_by_role("button", name="Lanjut").tap()
    hand_in(page, {"Foto Kartu Keluarga": "KARTU KELUARGA"})
    told = f"Jadi keluarga baru: {bride.name} (Istri/suami), {groom.name} (Kepala keluarga)."
    expect(page.locator("main")).to_contain_text(told)
    expect(page.locator("main")).to_contain_text(f"{groom.name} datang dari keluarga {groom.head}.")
    keep_picture(page, "pecah-periksa-hp")
    ticket = save(page)

    number = number_of(node, ticket)
    node.open_window("Keluarga pecah", "family_split")
    node.hand_over(number)
    verifier = visitors.sign_in("rudi")
    verifier.goto(f"/p/{number}")
    expect(verifier.locator("main")).to_contain_text(told)
    node.put_in_force(number)

    page.goto(f"/k/{bride.family}")
    page.get_by_role("link", name=f"keluarga {groom.name}").click()
    expect(page.locator("main")).to_contain_text("Berasal dari")
    expect(page.locator("main")).to_contain_text("Kondisi hidup belum dicatat.")
    keep_picture(page, "pecah-keluarga-baru-hp")
    supervisor = visitors.sign_in("nira")
    supervisor.goto("/kunjungan?bagian=menunggu")
    supervisor.get_by_role("link", name=re.compile("^" + re.escape(groom.name))).click()
    expect(supervisor.locator("main")).to_contain_text(f"Keluarga {groom.name} baru pecah dari keluarga lain")
    see_as_resident(visitors, ticket, bride)


def test_one_person_with_two_numbers_becomes_one(visitors: Visitors, node: Node) -> None:
    """1. A list brings the wife of a house a second time, with another NIK and another ID DTKS, in her parents' family.
    2. The operator begins from her, and finds the other record by name.
    3. They compare both with the cards and say what stays: the membership, the NIK, the ID.
    4. They see in sentences what is made one, what is annulled, and which numbers become former ones.
    5. No meeting is asked for; Dinsos verifies the papers. It is in force.
    6. Either NIK finds her; her parents' family says why she stands there no more; the resident reads it.
    """
    village = "3508122011"
    own, other = grown_children(node, village)[:2]
    second = take_in_again(node, own, other, village=village)
    page = visitors.sign_in(operator_of(node, village), PHONE)
    page.goto(f"/catat/keluarga/{own.family}?orang={own.id}")
    begin(page, "Data ganda", own)
    expect(page.get_by_label("Data mana yang juga orang ini?")).to_have_value(own.name)
    page.get_by_label("Data mana yang juga orang ini?").fill(second)
    page.get_by_role("button", name="Cari").tap()
    page.get_by_label(re.compile(re.escape(own.name))).check()
    page.get_by_role("button", name="Lanjut").tap()
    for question in ("Keanggotaan keluarga mana yang benar?", "NIK mana yang benar?", "ID mana yang tetap?"):
        expect(page.locator("main")).to_contain_text(question)
    page.get_by_text("Keanggotaan keluarga mana yang benar?").scroll_into_view_if_needed()
    keep_picture(page, "ganda-pilih-hp")
    page.get_by_label("NIK lama dan NIK KTP-el").check()
    page.get_by_role("button", name="Lanjut").tap()
    hand_in(page, {"Foto KTP": "KTP", "Foto Kartu Keluarga": "KARTU KELUARGA"})
    expect(page.locator("main")).to_contain_text("orang yang sama; datanya disatukan.")
    expect(page.locator("main")).to_contain_text(f"Keanggotaan di keluarga {other.head} dibatalkan")
    ticket = save(page)

    number = number_of(node, ticket)
    node.open_window("Data ganda", "double_id")
    node.hand_over(number)
    verifier = visitors.sign_in("rudi")
    verifier.goto(f"/p/{number}")
    expect(verifier.locator("main")).to_contain_text("orang yang sama; datanya disatukan.")
    node.put_in_force(number)

    for nik in (own.nik, second):
        page.goto(f"/cari?q={nik}")
        page.get_by_role("link", name=own.name).first.click()
        expect(page).to_have_url(re.compile(rf"/o/{own.id}$"))
    expect(page.locator("main")).to_contain_text("ternyata orang yang sama")
    page.goto(f"/k/{other.family}")
    expect(page.locator("main")).to_contain_text("ternyata orang yang sama dengan")
    see_as_resident(visitors, ticket, own)


# --- what both do ---------------------------------------------------------------------------------------------------


def operator_of(node: Node, village: str) -> str:
    asked = (
        "SELECT a.login FROM account a JOIN role_held h ON h.account_id = a.id "
        "WHERE h.region = %s AND h.role = 'village_operator'"
    )
    return str(node.value(asked, village))


def begin(page: Page, kind: str, about: Child) -> None:
    page.get_by_label(kind).check()
    page.get_by_label("Nama yang mengajukan").fill(about.head)
    page.locator("[name=standing]").first.check()
    year, month, day = about.birth_date.split("-")
    page.get_by_label("Tanggal", exact=True).fill(day)
    page.get_by_label("Bulan").fill(month)
    page.get_by_label("Tahun").fill(year)
    page.get_by_role("button", name="Lanjut").tap()


def hand_in(page: Page, papers: dict[str, str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Bukti")
    for label, title in papers.items():
        page.get_by_label(label).set_input_files(paper(f"{title.lower()}.png", title))
    page.get_by_role("button", name="Lanjut").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa sebelum disimpan")


def save(page: Page) -> str:
    page.get_by_role("button", name="Simpan ke cadangan").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tersimpan di cadangan")
    return page.locator(".mk-receipt__number").inner_text()


def number_of(node: Node, ticket: str) -> int:
    digits = re.sub(r"\W", "", ticket)
    return int(node.value("SELECT request FROM ticket WHERE number = %s", digits))


def new_card(child: Child) -> str:
    """A number of a card that nobody has: the last four digits are turned."""
    return child.no_kk[:12] + f"{(int(child.no_kk[12:]) + 4321) % 10000:04}"


def take_in_again(node: Node, own: Child, other: Child, *, village: str) -> str:
    """A list names somebody once more, in another family and with another NIK; returns that NIK."""
    number = own.nik[:12] + f"{(int(own.nik[12:]) + 4321) % 10000:04}"
    head = node.rows("SELECT nik, name FROM person_now WHERE family = %s AND relation = '1'", other.family)[0]
    listed = [
        ("iddtks", "nama", "nomor_nik", "nomor_kk", "hubungan_keluarga", "tanggal_lahir"),
        (f"99{own.id}1", own.name, own.nik, own.no_kk, "3", own.birth_date),
        (f"99{own.id}2", head[1], head[0] or "", other.no_kk, "1", ""),
        (f"99{own.id}3", own.name, number, other.no_kk, "3", own.birth_date),
    ]
    file = node.data / "dtks.csv"
    file.write_text("".join("|".join(row) + "\n" for row in listed), encoding="utf-8")
    node.take_in(file, authority="social", as_of=today_in(village, wiring.clock()), region=village)
    return number


def see_as_resident(visitors: Visitors, ticket: str, child: Child) -> None:
    page = visitors.come(PHONE)
    page.goto("/t")
    page.get_by_label("Nomor permintaan").fill(ticket)
    year, month, day = child.birth_date.split("-")
    page.get_by_label("Tanggal", exact=True).fill(day)
    page.get_by_label("Bulan").fill(month)
    page.get_by_label("Tahun").fill(year)
    page.locator("main form button[type=submit]").tap()
    expect(page.locator("main")).to_contain_text("Berlaku")
