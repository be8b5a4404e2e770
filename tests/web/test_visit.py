"""The pages of visits: asking, sending who lives near, the walking list, and the report from a telephone."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from mutakhir.store.models import Account
from tests.builders import CAST, VILLAGE, Walker
from tests.web.pages import Desk, Seen, account_of, desk_of, walk
from tests.web.test_change_request import photo
from tests.web.test_work import go

__all__ = ["walk"]
pytestmark = pytest.mark.django_db
MINE = "Perlu Anda kerjakan"


def lives(who: str, *, point: str | None = None, region: str | None = None) -> None:
    account_of(CAST[who])
    Account.objects.filter(login=CAST[who].login).update(home_point=point, home_region=region)


def asked(walk: Walker) -> int:
    go(walk, "handed_over")
    walk.must("ask for a visit", "verifier")
    return walk.visit


def sent(desk: Desk, address: str, **told: Any) -> Seen:
    page = desk.open(address)
    return desk.send(address, {"form_id": str(uuid4()), "seen": page.field("seen"), **told})


def report(**told: Any) -> dict[str, Any]:
    return {
        "deed": "report", "finding": "as_stated", "point": "-8.1331, 113.2224", "photograph": photo(),
        "day_day": "25", "day_month": "11", "day_year": "2026", "hour": "09.00", **told,
    }  # fmt: skip


def test_a_verifier_asks_for_a_visit_from_the_page_of_a_request(walk: Walker) -> None:
    go(walk, "handed_over")
    desk = desk_of("verifier")
    address = desk.open(f"/p/{walk.number}").link("Minta kunjungan")
    refused = desk.send(address, {"form_id": str(uuid4()), "reason": ""})
    assert refused.status == 422
    desk.send(address, {"form_id": str(uuid4()), "reason": "Lantai kurang jelas."})
    page = desk.open(f"/p/{walk.number}")
    assert "Menunggu petugas" in page.text
    assert "Minta kunjungan" not in page.text, "one visit at a time"
    assert "Minta kunjungan" not in desk_of("operator").open(f"/p/{walk.number}").text


def test_the_supervisor_sees_it_and_sends_who_lives_nearest(walk: Walker) -> None:
    walk.must("state point=-8.13310,113.22240 rt=03")
    number = asked(walk)
    lives("field checker", point="-8.20000,113.30000", region="3508010001")
    lives("other checker", point="-8.13400,113.22300", region=VILLAGE)
    account_of(CAST["checker of the village"])
    desk = desk_of("supervisor")
    (row,) = [row for row in desk.open("/").rows(MINE) if "kunjungan belum ada petugasnya" in row]
    assert "batas" in row
    page = desk.open(f"/kunjungan/{number}")
    assert page.text.index("Wati") < page.text.index("Joko"), "the nearest home first"
    assert "Budi" not in page.text, "nobody of the village's own office"
    sent(desk, f"/kunjungan/{number}", deed="assign", checker="wati")
    assert walk.ground.ask(lambda register: register.visit(number)).metres == pytest.approx(120, abs=10)
    assert not [row for row in desk.open("/").rows(MINE) if "kunjungan" in row]
    (mine,) = [row for row in desk_of("other checker").open("/").rows(MINE) if "perlu dikunjungi" in row]
    assert "1 rumah" in mine


def test_where_a_point_is_missing_the_same_kecamatan_goes_first(walk: Walker) -> None:
    number = asked(walk)
    lives("field checker", point="-8.1,113.2", region="3508010001")
    lives("other checker", region=VILLAGE[:6])
    page = desk_of("supervisor").open(f"/kunjungan/{number}")
    assert page.text.index("Wati") < page.text.index("Joko")
    assert "satu kecamatan" in page.text


def test_sending_nobody_is_asked_about(walk: Walker) -> None:
    number = asked(walk)
    account_of(CAST["field checker"])
    page = sent(desk_of("supervisor"), f"/kunjungan/{number}", deed="assign")
    assert page.status == 422
    assert "Masih perlu diisi: petugas lapangan" in page.text


def test_a_checker_reports_and_the_verifier_reads_it(walk: Walker) -> None:
    number = asked(walk)
    walk.must("send the field checker", "supervisor")
    desk = desk_of("field checker")
    done = sent(desk, f"/kunjungan/{number}", **report(finding="differs", note="Lantai sudah keramik."))
    assert "Lantai sudah keramik." in done.text
    assert "Simpan hasil kunjungan" not in done.text
    assert desk.open(f"/kunjungan/{number}/foto").status == 200
    assert walk.request.finding == "differs"
    page = desk_of("verifier").open(f"/p/{walk.number}")
    assert "Ada yang berbeda" in page.text
    assert desk_of("operator elsewhere").open(f"/kunjungan/{number}/foto").status == 404


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"finding": ""}, "Masih perlu diisi: hasil kunjungan"),
        ({"point": ""}, "Masih perlu diisi: titik lokasi"),
        ({"point": "di sini"}, "Titik"),
        ({"hour": "jam sepuluh"}, 'Jam "jam sepuluh" belum bisa dibaca'),
        ({"day_day": "31", "day_month": "12"}, "belum terjadi"),
        ({"photograph": ""}, "Masih perlu diisi: foto rumah"),
    ],
)
def test_a_report_that_lacks_something_says_so_and_loses_nothing(
    walk: Walker, told: dict[str, str], words: str
) -> None:
    number = asked(walk)
    walk.must("send the field checker", "supervisor")
    desk = desk_of("field checker")
    refused = sent(desk, f"/kunjungan/{number}", **report(note="Rumah di belakang masjid.", **told))
    assert refused.status == 422
    assert words in refused.text
    assert refused.field("note") == "Rumah di belakang masjid."
    if "photograph" not in told:
        assert "Foto tadi tersimpan" in refused.text
        again = report(note="Ada.", photograph="", kept=refused.field("kept"))
        assert sent(desk, f"/kunjungan/{number}", **again).status == 200
        assert walk.request.finding == "as_stated"


def test_a_photograph_that_this_site_did_not_keep_counts_for_nothing(walk: Walker) -> None:
    number = asked(walk)
    walk.must("send the field checker", "supervisor")
    told = report(photograph="", kept='{"photograph": {"digest": "' + "a" * 64 + '"}}')
    refused = sent(desk_of("field checker"), f"/kunjungan/{number}", **told)
    assert "Masih perlu diisi: foto rumah" in refused.text


def test_somebody_elses_visit_says_why_it_cannot_be_reported(walk: Walker) -> None:
    number = asked(walk)
    walk.must("send the field checker", "supervisor")
    page = desk_of("other checker").open(f"/kunjungan/{number}")
    assert "ditugaskan kepada petugas lain" in page.text
    refused = sent(desk_of("other checker"), f"/kunjungan/{number}", **report())
    assert refused.status == 422


def test_what_is_late_comes_back_to_the_supervisor_who_sends_somebody_else(walk: Walker) -> None:
    number = asked(walk)
    walk.must("send the field checker", "supervisor")
    walk.wait(12)
    desk = desk_of("supervisor")
    (row,) = [row for row in desk.open("/").rows(MINE) if "lewat batasnya" in row]
    assert "1 kunjungan" in row
    account_of(CAST["other checker"])
    late = desk.open("/kunjungan?bagian=lewat")
    assert "Slamet" in late.text
    sent(desk, f"/kunjungan/{number}", deed="assign", checker="wati")
    assert not [row for row in desk.open("/").rows(MINE) if "lewat batasnya" in row]


def test_what_nobody_was_sent_to_goes_up_to_the_head_of_dinsos(walk: Walker) -> None:
    asked(walk)
    assert not desk_of("head of Dinsos").open("/").rows(MINE)
    walk.wait(7)
    assert [row for row in desk_of("head of Dinsos").open("/").rows(MINE) if "belum ada petugasnya" in row]


def test_a_needless_visit_is_called_off_with_a_reason(walk: Walker) -> None:
    number = asked(walk)
    desk = desk_of("supervisor")
    assert sent(desk, f"/kunjungan/{number}", deed="call_off", reason="").status == 422
    assert "Sudah jelas." in sent(desk, f"/kunjungan/{number}", deed="call_off", reason="Sudah jelas.").text


def test_the_walking_list_goes_to_the_nearest_next_house(walk: Walker) -> None:
    points = {"A": "-8.10000,113.20000", "B": "-8.14000,113.20000", "C": "-8.12000,113.20000", "D": ""}
    names = {"A": "Utara", "B": "Selatan", "C": "Tengah", "D": "Entah"}
    for name, point in points.items():
        walk.name = name
        walk.must(f"state point={point} landmark={names[name]}" if point else f"state landmark={names[name]}")
        walk.must("ask for a visit to the family", "supervisor").must("send the field checker", "supervisor")
    lives("field checker", point="-8.09000,113.20000")
    page = desk_of("field checker").open("/kunjungan/jalan")
    order = sorted(names.values(), key=page.text.index)
    assert order == ["Utara", "Tengah", "Selatan", "Entah"], "what has no point comes last"
    assert "2,2 km" in page.text
    assert "titik belum ada" in page.text
    assert desk_of("other checker").open("/kunjungan/jalan?petugas=joko").status == 404
    assert "Utara" in desk_of("supervisor").open("/kunjungan/jalan?petugas=joko").text


def test_a_checker_says_where_home_is(walk: Walker) -> None:
    desk = desk_of("field checker")
    refused = desk.send("/saya", {"form_id": str(uuid4()), "point": "di rumah"})
    assert refused.status == 422
    desk.send("/saya", {"form_id": str(uuid4()), "point": "-8.1, 113.2", "home": VILLAGE})
    account = Account.objects.get(login="joko")
    assert (account.home_point, account.home_region) == ("-8.1,113.2", VILLAGE)
    assert "Rumah Anda" not in desk_of("verifier").open("/saya").text


def test_the_camat_forwards_a_batch_or_lets_it_pass(walk: Walker) -> None:
    go(walk, "handed_over")
    batch = walk.request.batch
    desk = desk_of("camat")
    (row,) = [row for row in desk.open("/").rows(MINE) if "lewat kecamatan" in row]
    assert "batas" in row
    page = desk.open(desk.open("/").link("lewat kecamatan"))
    assert "1 permintaan menunggu kata camat" in page.text
    done = desk.send(f"/kumpulan/{batch}/teruskan", {"form_id": str(uuid4()), "deed": "forward:forwarded"})
    assert "Diteruskan camat" in done.text
    assert walk.request.forwarded == "forwarded"
    assert not desk.open("/").rows(MINE)
    again = desk.send(f"/kumpulan/{batch}/teruskan", {"form_id": str(uuid4()), "deed": "forward:let_pass"})
    assert again.status == 422
    assert desk_of("verifier").open(f"/kumpulan/{batch}/teruskan").status == 200, (
        "others read who has the word"
    )
    assert desk_of("operator elsewhere").open(f"/kumpulan/{batch}/teruskan").status == 404
