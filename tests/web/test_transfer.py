"""The pages of a request on its way to another village: offering, taking over, giving back, and who is responsible."""

from __future__ import annotations

from uuid import uuid4

import pytest

from mutakhir.core.tickets import shown
from tests.builders import NEARBY, VILLAGE, Walker
from tests.web.pages import Desk, Seen, desk_of, walk

__all__ = ["walk"]
pytestmark = pytest.mark.django_db
MINE, OTHERS = "Perlu Anda kerjakan", "Menunggu pihak lain"


def decided(walk: Walker, kind: str = "living_conditions") -> Walker:
    walk.must(f"record {kind}", "operator").must("prove", "operator").must("reserve", "operator")
    return walk.must("deliberate fit", "village head")


def sent(desk: Desk, address: str, **told: str) -> Seen:
    page = desk.open(address)
    return desk.send(address, {"form_id": str(uuid4()), "seen": page.field("seen"), **told})


def ticket(walk: Walker) -> Seen:
    birth = {"birth_day": "5", "birth_month": "7", "birth_year": "1988"}
    return Desk().send("/t", {"number": shown(walk.request.ticket or ""), **birth})


def test_an_operator_offers_a_request_to_a_village_found_by_name(walk: Walker) -> None:
    decided(walk)
    desk = desk_of("operator")
    page = desk.open(f"/p/{walk.number}")
    address = page.link("Tawarkan ke desa lain")
    found = desk.send(address, {"to_query": "Wonorejo", "to_search": "1", "reason": "Pindah rumah."})
    assert "Desa Wonorejo" in found.text
    assert found.field("reason") == "Pindah rumah.", "what was typed is not lost"
    assert walk.request.offer is None
    done = sent(desk, address, to=NEARBY, reason="Pindah rumah.")
    assert "Ditawarkan ke Desa Wonorejo · Ranuyoso: Pindah rumah." in done.text
    assert walk.request.region == VILLAGE
    assert walk.request.offer is not None


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"to": NEARBY, "reason": ""}, "Masih perlu diisi: alasan"),
        ({"to": "", "reason": "Pindah."}, "Masih perlu diisi: desa tujuan"),
        ({"to": "3508159999", "reason": "Pindah."}, "Desa dengan kode 3508159999 belum ada"),
        ({"to": VILLAGE, "reason": "Pindah."}, "sudah ditangani desa itu"),
    ],
)
def test_a_wrong_form_says_what_is_missing(walk: Walker, told: dict[str, str], words: str) -> None:
    decided(walk)
    page = sent(desk_of("operator"), f"/p/{walk.number}/tawarkan", **told)
    assert page.status == 422
    assert words in page.text
    assert walk.request.offer is None


def test_the_other_village_sees_it_on_its_list_and_takes_it_over(walk: Walker) -> None:
    decided(walk).must("offer", "operator")
    assert desk_of("operator nearby").open(f"/p/{walk.number}").status == 404, "only what it must know"
    desk = desk_of("operator nearby")
    (row,) = [row for row in desk.open("/").rows(MINE) if "ditawarkan" in row]
    assert "Jenggrong" in row
    assert "batas" in row
    page = desk.open(desk.open("/").link("Slamet"))
    assert "Keluarga ini pindah rumah." in page.text
    assert "tetap bertanggung jawab" in page.text
    done = sent(desk, f"/tawaran/{walk.number}", deed="take_over")
    assert done.status == 200
    assert done.response.request["PATH_INFO"] == f"/p/{walk.number}"
    assert walk.request.region == NEARBY
    assert not [row for row in desk.open("/").rows(MINE) if "ditawarkan" in row]
    assert desk_of("operator").open(f"/p/{walk.number}").status == 404


def test_giving_back_needs_a_reason_that_the_old_village_reads(walk: Walker) -> None:
    decided(walk).must("offer", "operator")
    desk = desk_of("operator nearby")
    refused = sent(desk, f"/tawaran/{walk.number}", deed="decline", reason=" ")
    assert refused.status == 422
    assert "Masih perlu diisi: alasan" in refused.text
    sent(desk, f"/tawaran/{walk.number}", deed="decline", reason="Tidak tinggal di sini.")
    assert (
        "Desa lain mengembalikan tawaran: Tidak tinggal di sini."
        in desk_of("operator").open(f"/p/{walk.number}").text
    )


def test_what_else_the_family_asked_for_goes_along_on_one_tick(walk: Walker) -> None:
    decided(walk)
    first = walk.number
    walk.name = "A2"
    walk.must("record leaving", "operator").must("reserve", "operator")
    page = desk_of("operator").open(f"/p/{first}/tawarkan")
    assert "Tawarkan juga 1 permintaan lain" in page.text
    sent(desk_of("operator"), f"/p/{first}/tawarkan", to=NEARBY, reason="Pindah.", all="1")
    assert walk.request.offer is not None
    assert "Tawarkan juga" not in desk_of("operator").open(f"/p/{first}/tawarkan").text


def test_an_offer_can_be_taken_back(walk: Walker) -> None:
    decided(walk).must("offer", "operator")
    desk = desk_of("operator")
    address = desk.open(f"/p/{walk.number}").link("Tarik tawaran")
    sent(desk, address)
    assert walk.request.offer is None
    assert "Ditawarkan" not in desk.open(f"/p/{walk.number}").text.replace("Ditawarkan ke desa lain: ", "")


def test_what_is_late_goes_up_to_the_head_of_the_other_village(walk: Walker) -> None:
    decided(walk).must("offer", "operator")
    assert not desk_of("head nearby").open("/").rows(MINE)
    walk.wait(12)
    (row,) = [row for row in desk_of("head nearby").open("/").rows(MINE) if "ditawarkan" in row]
    assert "Lewat" in row
    assert not [row for row in desk_of("supervisor").open("/").rows(MINE) if "ditawarkan" in row]
    walk.wait(12)
    assert [row for row in desk_of("supervisor").open("/").rows(MINE) if "ditawarkan" in row], (
        "then to Dinsos"
    )
    sent(desk_of("head nearby"), f"/tawaran/{walk.number}", deed="take_over")
    assert walk.request.region == NEARBY


def test_the_resident_reads_who_is_responsible(walk: Walker) -> None:
    decided(walk, "new_person").must("offer", "operator")
    number = walk.request.ticket
    page = ticket(walk)
    assert page.title == "Permintaan Anda sudah siap. Kini menunggu diterima desa tempat tinggal Anda."
    assert "Ditangani oleh Desa Jenggrong" in page.text
    assert "Sampai diterima Desa Wonorejo" in page.text
    walk.must("take over", "operator nearby")
    page = ticket(walk)
    assert "Ditangani oleh Desa Wonorejo" in page.text
    assert walk.request.ticket == number


def test_nobody_else_sees_an_offer(walk: Walker) -> None:
    decided(walk).must("offer", "operator")
    for who in ("operator elsewhere", "supervisor elsewhere"):
        assert desk_of(who).open(f"/tawaran/{walk.number}").status == 404
        assert desk_of(who).send(f"/tawaran/{walk.number}", {"deed": "take_over"}).status == 404
    assert walk.request.region == VILLAGE


def test_an_older_page_does_not_answer_a_new_offer(walk: Walker) -> None:
    decided(walk).must("offer", "operator")
    desk = desk_of("operator nearby")
    page = desk.open(f"/tawaran/{walk.number}")
    walk.must("recall", "operator").must("offer", "operator")
    told = {"form_id": str(uuid4()), "seen": page.field("seen"), "deed": "take_over"}
    answered = desk.send(f"/tawaran/{walk.number}", told)
    assert answered.status == 422
    assert walk.request.region == VILLAGE
