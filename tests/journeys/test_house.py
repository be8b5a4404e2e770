"""A house is looked at: the camat forwards, a verifier doubts, the supervisor sends somebody, who reports from the house."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.node import Node
from tests.journeys.visit import PHONE, Visitors, keep_picture, photo

pytestmark = pytest.mark.journey


def test_a_house_is_looked_at(visitors: Visitors, node: Node) -> None:
    """1. A village head hands a batch over; the camat forwards it with one word.
    2. A verifier doubts a photograph and asks for a visit, with a reason that is read in front of the house.
    3. The supervisor sends who lives nearest; their own kabupaten's field checkers are listed with the way and the load.
    4. The field checker has a walking list on the phone, reports with photograph, point and time.
    5. The verifier reads the finding beside the row.
    """
    for batch, village in node.rows(
        "SELECT DISTINCT batch, region FROM request_now WHERE state = 'packed' AND region LIKE '350812%%'"
    ):
        head = visitors.sign_in(node.holder("village_head", village), PHONE)
        head.goto(f"/cadangan/kumpulan/{batch}")
        head.get_by_role("button", name=re.compile("^Serahkan")).tap()
        expect(head.locator("main")).to_contain_text("diserahkan ke Dinas Sosial")
    camat = visitors.sign_in("camat", PHONE)
    row = camat.locator("main .mk-work__row", has_text="lewat kecamatan").first
    expect(row).to_be_visible()
    row.tap()
    keep_picture(camat, "teruskan-hp")
    camat.get_by_role("button", name="Teruskan ke Dinas Sosial").tap()
    expect(camat.locator("main")).to_contain_text("Diteruskan camat")

    number, name = node.rows(
        """
        SELECT r.id, r.subject_name FROM request_now r WHERE r.state = 'handed_over' AND r.family IS NOT NULL
          AND r.region LIKE '350812%%' AND r.id NOT IN (SELECT about FROM visit_now) ORDER BY r.id
        """
    )[0]
    verifier = visitors.sign_in("rudi")
    verifier.goto(f"/p/{number}")
    verifier.get_by_role("link", name="Minta kunjungan").click()
    verifier.get_by_label("Apa yang perlu dilihat di rumah?").fill("Foto lantai kurang jelas.")
    verifier.get_by_role("button", name="Minta kunjungan").click()
    expect(verifier.locator("main")).to_contain_text("Menunggu petugas")

    visit = node.value("SELECT id FROM visit_now WHERE about = %s", number)
    supervisor = visitors.sign_in("nira")
    supervisor.locator("main .mk-work__row", has_text="belum ada petugasnya").click()
    supervisor.get_by_role("link", name=name).first.click()
    supervisor.get_by_label("Agus Salim").check()
    supervisor.get_by_role("button", name="Tugaskan").click()
    expect(supervisor.locator("main")).to_contain_text("Agus Salim")

    checker = visitors.sign_in("lapangan", PHONE)
    checker.context.grant_permissions(["geolocation"])
    checker.context.set_geolocation({"latitude": -8.09123, "longitude": 113.09456})
    checker.goto("/kunjungan/jalan")
    keep_picture(checker, "daftar-jalan-hp")
    checker.locator(f"main a[href='/kunjungan/{visit}']").tap()
    expect(checker.locator("main")).to_contain_text("Foto lantai kurang jelas.")
    checker.get_by_label("Ada yang berbeda").check()
    checker.get_by_label("Catatan").fill("Lantai kamar belakang masih tanah.")
    checker.get_by_label("Foto rumah").set_input_files(photo("rumah.png"))
    checker.get_by_role("button", name="Pakai titik di sini").tap()
    expect(checker.get_by_label("Titik lokasi")).to_have_value("-8.09123,113.09456")
    keep_picture(checker, "kunjungan-lapor-hp")
    checker.get_by_role("button", name="Simpan hasil kunjungan").tap()
    expect(checker.locator("main")).to_contain_text("Lantai kamar belakang masih tanah.")

    verifier.goto(f"/p/{number}")
    expect(verifier.locator("main")).to_contain_text(re.compile("Ada yang berbeda"))
