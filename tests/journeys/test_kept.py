"""Nothing that was typed is lost, and nothing is sent twice."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.node import Known, Node
from tests.journeys.visit import PHONE, Visitors, fill_sign_in

pytestmark = pytest.mark.journey
VILLAGE = "3508122005"
OPERATOR = "tutik"


def test_the_session_ended(visitors: Visitors, node: Node) -> None:
    """1. The operator types an answer in the wizard; meanwhile their session has ended.
    2. They press on, sign in again, and stand before the same question with what they typed.
    3. It goes on from there, and is saved once.
    """
    page, number = begin(visitors, node, node.heads_at_rest(VILLAGE)[0])
    page.goto(f"/catat/{number}/isian/perumahan/floor_area_m2")
    question = page.url
    page.get_by_label("Berapa luas lantai rumah?").fill("73")
    node.rows("DELETE FROM django_session")
    page.get_by_role("button", name="Lanjut").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Masuk")
    fill_sign_in(page, OPERATOR, node.password)
    expect(page.get_by_label("Berapa luas lantai rumah?")).to_have_value("73")
    assert urlsplit(page.url).path == urlsplit(question).path
    page.get_by_role("button", name="Lanjut").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bukti")
    assert wanted(node, number) == {"floor_area_m2": 73}


def test_the_signal_was_cut(visitors: Visitors, node: Node) -> None:
    """1. Without a signal the button says so, beside itself, and what was typed stays where it is.
    2. Even when the page is thrown away meanwhile, the words are there when it comes back.
    3. With a signal the same button sends it.
    """
    page, number = begin(visitors, node, node.heads_at_rest(VILLAGE)[1])
    page.goto(f"/catat/{number}/isian/perumahan/floor_area_m2")
    question = page.url
    page.get_by_label("Berapa luas lantai rumah?").fill("81")
    page.context.set_offline(True)
    page.get_by_role("button", name="Lanjut").tap()
    expect(page.get_by_role("alert")).to_contain_text("Tidak ada sinyal. Isian Anda tetap di sini")
    expect(page.get_by_label("Berapa luas lantai rumah?")).to_have_value("81")
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(question)
    expect(page.get_by_label("Berapa luas lantai rumah?")).to_have_value("81")
    page.get_by_role("button", name="Lanjut").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bukti")
    assert wanted(node, number) == {"floor_area_m2": 81}
    page.goto(question)
    expect(page.get_by_label("Berapa luas lantai rumah?")).to_have_value("81")
    kept = page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('mk-draft'))")
    assert kept == []


def test_a_button_pressed_twice_sends_once(visitors: Visitors, node: Node) -> None:
    """1. The operator presses twice, in haste, where the draft is made: there is one draft.
    2. They press twice where it is saved: there is one number, and it is shown.
    """
    known = node.heads_at_rest(VILLAGE)[2]
    page = visitors.sign_in(OPERATOR, PHONE)
    choose_kind(page, known)
    page.get_by_role("button", name="Lanjut").dblclick()
    page.wait_for_url(re.compile(r"/catat/\d+/isian"))
    asked = "SELECT count(*) FROM request_now WHERE family = %s AND state = 'draft'"
    assert node.value(asked, known.family) == 1
    number = number_of(page)
    page.goto(f"/catat/{number}/isian/perumahan/floor_area_m2")
    page.get_by_label("Berapa luas lantai rumah?").fill("64")
    page.get_by_role("button", name="Lanjut").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bukti")
    page.goto(f"/catat/{number}/periksa")
    page.get_by_role("button", name="Simpan ke cadangan").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tersimpan di cadangan")
    reserved = "SELECT count(*) FROM event WHERE subject = %s AND type = 'reserved'"
    assert node.value(reserved, number) == 1


def begin(visitors: Visitors, node: Node, known: Known) -> tuple[Page, int]:
    """A draft about somebody's house, on a phone."""
    page = visitors.sign_in(OPERATOR, PHONE)
    choose_kind(page, known)
    page.get_by_role("button", name="Lanjut").tap()
    page.wait_for_url(re.compile(r"/catat/\d+/isian"))
    return page, number_of(page)


def choose_kind(page: Page, known: Known) -> None:
    page.goto(f"/catat/keluarga/{known.family}?orang={known.id}")
    page.get_by_label("Kondisi rumah berubah").check()


def number_of(page: Page) -> int:
    return int(urlsplit(page.url).path.split("/")[2])


def wanted(node: Node, number: int) -> dict[str, object]:
    body = node.value("SELECT body FROM request_now WHERE id = %s", number)
    return {change["attribute"]: change["wanted"] for change in body["changes"]}
