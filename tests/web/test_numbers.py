"""NIK and No KK are masked on every screen, and opened for one person, for a while, with a reason that is logged."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from mutakhir.store.models import Reading
from tests.builders import House, Walker
from tests.web.pages import Desk, Seen, desk_of, walk

__all__ = ["walk"]
pytestmark = pytest.mark.django_db

HEAD_NIK, WIFE_NIK, NO_KK = "9908011507800002", "9908014507880003", "9908011203150007"
MASKED = "990801 ······ 0003"
WHOLE = "990801 450788 0003"


@pytest.fixture
def house(walk: Walker) -> House:
    return walk.house


def opened(desk: Desk, number: int, purpose: str = "check_card", **told: str) -> Seen:
    return desk.send(f"/nomor/{number}", {"purpose": purpose, "next": f"/o/{number}", **told})


@pytest.mark.parametrize("part", ["", "?bagian=isian", "?bagian=riwayat"])
def test_a_person_and_a_family_show_no_whole_number(house: House, part: str) -> None:
    desk = desk_of("operator")
    family = part.replace("isian", "anggota")
    for address in (f"/o/{house.wife}{part}", f"/k/{house.family}{family}", f"/cari?q={WIFE_NIK}"):
        page = desk.open(address)
        assert page.status == 200
        plain = re.sub(r"[^0-9]", "", page.text.replace(WIFE_NIK, ""))
        for number in (HEAD_NIK, WIFE_NIK, NO_KK):
            assert number not in plain, address
    assert MASKED in desk.open(f"/o/{house.wife}").text


def test_a_whole_nik_still_finds_its_person(house: House) -> None:
    (row,) = desk_of("operator").open(f"/cari?q={WIFE_NIK}").rows("Orang")
    assert "990801······0003" in row


def test_a_reason_opens_the_number_of_one_person_for_a_while(walk: Walker, house: House) -> None:
    desk = desk_of("operator")
    asked = desk.open(desk.open(f"/o/{house.wife}").link("Nomor lengkap"))
    assert "Untuk apa Anda membuka data ini?" in asked.text
    assert "Nomor ditampilkan 10 menit" in asked.text
    page = opened(desk, house.wife)
    assert WHOLE in page.text
    assert "Nomor lengkap" not in page.text
    line = Reading.objects.filter(purpose__startswith="unmask").get()
    assert (line.actor, line.purpose, line.subjects) == ("tutik", "unmask:check_card", [house.wife])
    members = desk.open(f"/k/{house.family}?bagian=anggota").text
    assert WHOLE in members
    assert "990801 150780 0002" not in members, "one person's number opens nobody else's"
    assert WHOLE not in desk_of("verifier").open(f"/o/{house.wife}").text, "nor for anybody else"
    walk.now += timedelta(minutes=9)
    assert WHOLE in desk.open(f"/o/{house.wife}").text
    walk.now += timedelta(minutes=1)
    assert MASKED in desk.open(f"/o/{house.wife}").text


def test_the_number_of_a_family_is_opened_alike(house: House) -> None:
    desk = desk_of("operator")
    assert "990801 ······ 0007" in desk.open(f"/k/{house.family}").text
    opened(desk, house.family, "form")
    assert "990801 120315 0007" in desk.open(f"/k/{house.family}").text


@pytest.mark.parametrize(("purpose", "other"), [("", ""), ("raja", ""), ("other", "  ")])
def test_without_a_reason_nothing_opens(house: House, purpose: str, other: str) -> None:
    desk = desk_of("operator")
    page = opened(desk, house.wife, purpose, other=other)
    assert page.status == 422
    assert "Pilih untuk apa nomor lengkap ini diperlukan" in page.text
    assert not Reading.objects.filter(purpose__startswith="unmask").exists()
    assert MASKED in desk.open(f"/o/{house.wife}").text


def test_a_reason_in_words_is_kept_as_it_was_typed(house: House) -> None:
    desk = desk_of("operator")
    opened(desk, house.wife, "other", other="Surat kehilangan")
    assert Reading.objects.filter(purpose="unmask:other: Surat kehilangan").exists()
    told = desk.open(f"/o/{house.wife}/jejak").text
    assert "Membuka nomor lengkap" in told
    assert "Surat kehilangan" not in told, "what was typed is not for the paper of the person"


def test_it_leads_back_to_pages_of_this_site_only(house: House) -> None:
    page = desk_of("operator").send(
        f"/nomor/{house.wife}", {"purpose": "civil", "next": "https://example.org/"}, follow=False
    )
    assert page.response.headers["Location"] == "/"
