"""The calendar: a window is set by a letter after its effect was seen, two never overlap, and ending one says why."""

from __future__ import annotations

import csv
import re
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from mutakhir.core.actors import Role
from mutakhir.core.calendar import today_in
from mutakhir.queries.window import effect
from mutakhir.queries.windows import window_by_number, windows_near
from mutakhir.queries.work import readiness
from tests.builders import ELSEWHERE, KABUPATEN, VILLAGE, WAY, Walker, actor
from tests.web.pages import Desk, Seen, account_of, desk_of, walk

__all__ = ["walk"]
pytestmark = pytest.mark.django_db

LETTER = {"act_number": "S-131/MS/XII/2026", "act_day": "21-12-2026", "act_signer": "Kepala Pusdatin"}
JANUARY = {
    "opens": "4-1-2027",
    "cut_off": "15-1-2027",
    "closes": "31-1-2027",
    "repeat": "none",
    "region": KABUPATEN,
    **LETTER,
}


def send(desk: Desk, deed: str, told: dict[str, Any] | None = None, form: str | None = None) -> Seen:
    values = {**JANUARY, **(told or {}), "deed": deed, "form_id": form or str(uuid4())}
    return desk.send("/jadwal/baru", values, follow=False)


def schedule(desk: Desk, told: dict[str, Any] | None = None) -> int:
    page = send(desk, "save", told)
    assert page.status == 302, page.text
    return int(re.findall(r"/jadwal/(\d+)", page.response.headers["Location"])[0])


def ready_in_reserve(walk: Walker, count: int) -> None:
    for number in range(count):
        walk.name = chr(ord("A") + number)
        for state in ("draft", "reserved", "deliberated"):
            for words, who in WAY[state]:
                walk.must(words, who)


# --- setting one ----------------------------------------------------------------------------------------------------


def test_a_supervisor_sets_the_window_of_a_letter(walk: Walker) -> None:
    desk = desk_of("supervisor")
    form = desk.open("/jadwal/baru")
    assert form.title == "Masa pemutakhiran baru"
    check = send(desk, "check")
    assert check.title == "Ringkasan masa pemutakhiran"
    for part in (
        "4 Januari 2027",
        "15 Januari 2027",
        "31 Januari 2027",
        "S-131/MS/XII/2026",
        "Kab. Lumajang",
        "semua jenis",
    ):
        assert part in check.text, part
    assert not windows_near(KABUPATEN), "looking changes nothing"
    carried = {name: kept[-1] for name, kept in check.reader.fields.items() if name != "csrfmiddlewaretoken"}
    made = desk.send("/jadwal/baru", {**carried, "deed": "save"})
    assert made.title.startswith("Kab. Lumajang")
    (window,) = windows_near(KABUPATEN)
    assert (window.days.opens.isoformat(), window.days.cut_off.isoformat()) == ("2027-01-04", "2027-01-15")
    assert window.act.number == LETTER["act_number"]
    assert window.act.day == "2026-12-21"
    assert today_in(KABUPATEN, window.opens).isoformat() == "2027-01-04", (
        "a day begins at midnight in the act's zone"
    )
    assert "Dijadwalkan" in made.text


def test_the_closing_is_the_end_of_the_month_unless_said(walk: Walker) -> None:
    number = schedule(desk_of("supervisor"), {"closes": ""})
    window = window_by_number(number)
    assert window is not None
    assert window.days.closes.isoformat() == "2027-01-31"


@pytest.mark.parametrize(
    ("told", "field", "words"),
    [
        ({"opens": ""}, "opens", "Tulis tanggal buka."),
        ({"cut_off": ""}, "cut_off", "Tulis batas masuk"),
        ({"opens": "kapan"}, "opens", "Tulis tanggal seperti 4-1-2027."),
        ({"opens": "4-1-2199"}, "opens", "Tulis tanggal"),
        ({"cut_off": "3-1-2027"}, "cut_off", ""),
        ({"closes": "14-1-2027"}, "closes", ""),
        ({"act_number": " "}, "act_number", ""),
        ({"act_day": ""}, "act_day", ""),
        ({"per_verifier": "banyak"}, "per_verifier", "Tulis berapa permintaan"),
        ({"per_verifier": "0"}, "per_verifier", "Tulis berapa permintaan"),
    ],
)
@pytest.mark.parametrize("deed", ["check", "save"])
def test_what_is_missing_or_wrong_is_said_at_its_field(
    walk: Walker, told: dict[str, str], field: str, words: str, deed: str
) -> None:
    page = send(desk_of("supervisor"), deed, told)
    assert page.status == 422
    assert page.title == "Masa pemutakhiran baru"
    assert f"#{field}" in [address for address, _ in page.reader.links]
    assert f'id="{field}-error"' in page.html
    assert words in page.text
    for name, typed in {**JANUARY, **told}.items():
        if name not in ("region", "repeat"):
            assert page.field(name).strip() == typed.strip(), name
    assert not windows_near(KABUPATEN)


def test_two_windows_never_overlap_and_the_other_is_named(walk: Walker) -> None:
    desk = desk_of("supervisor")
    first = schedule(desk, {"kinds": ["living_conditions"]})
    page = send(
        desk,
        "check",
        {
            "act_number": "S-140",
            "opens": "10-1-2027",
            "cut_off": "20-1-2027",
            "kinds": ["living_conditions", "leaving"],
        },
    )
    assert page.status == 422
    assert (f"/jadwal/{first}", "S-131/MS/XII/2026") in page.reader.links
    assert (
        send(desk, "save", {"act_number": "S-140", "opens": "10-1-2027", "cut_off": "20-1-2027"}).status
        == 422
    )
    assert len(windows_near(KABUPATEN)) == 1
    schedule(desk, {"kinds": ["not_eligible"], "act_number": "S-141"})
    schedule(
        desk, {"opens": "1-2-2027", "cut_off": "10-2-2027", "closes": "28-2-2027", "act_number": "S-142"}
    )
    assert len(windows_near(KABUPATEN)) == 3, "other kinds, and other days, stand beside it"


def test_a_call_may_stand_beside_a_window(walk: Walker) -> None:
    desk = desk_of("supervisor")
    schedule(desk)
    number = schedule(desk, {"form": "call", "act_number": "S-150"})
    assert window_by_number(number).form == "call"  # type: ignore[union-attr]
    assert "Permintaan data" in desk.open(f"/jadwal/{number}").title


def test_the_same_form_twice_sets_one_window(walk: Walker) -> None:
    desk = desk_of("supervisor")
    form = str(uuid4())
    first = send(desk, "save", form=form)
    second = send(desk, "save", form=form)
    assert first.response.headers["Location"] == second.response.headers["Location"]
    assert len(windows_near(KABUPATEN)) == 1


@pytest.mark.parametrize(("repeat", "count"), [("twice_a_year", 2), ("quarterly", 4), ("monthly", 12)])
def test_a_recurring_calendar_makes_a_year(walk: Walker, repeat: str, count: int) -> None:
    desk = desk_of("supervisor")
    told = {"repeat": repeat, "opens": "", "cut_off": "", "closes": ""}
    check = send(desk, "check", told)
    assert len(re.findall(r"batas masuk \d", check.text)) == count
    assert send(desk, "save", told).status == 302
    found = windows_near(KABUPATEN)
    assert len(found) == count
    assert (found[-1].days.opens - found[0].days.opens).days < 366
    assert all(one.days.opens >= walk.today() for one in found)
    assert send(desk, "save", told).status == 422, "the same year again overlaps: nothing is half set"
    assert len(windows_near(KABUPATEN)) == count


def test_a_narrower_place_is_searched_within_ones_region(walk: Walker) -> None:
    desk = desk_of("supervisor")
    page = desk.send("/jadwal/baru", {**JANUARY, "place": "Jenggrong", "deed": "search"})
    assert page.status == 200
    assert f'value="{VILLAGE}"' in page.html
    assert page.field("opens") == "4-1-2027", "what was typed stays"
    number = schedule(desk, {"region": VILLAGE})
    assert window_by_number(number).region == VILLAGE  # type: ignore[union-attr]
    outside = desk.send("/jadwal/baru", {**JANUARY, "place": "Padomasan", "deed": "search"})
    assert ELSEWHERE not in outside.html


def test_only_who_holds_the_letter_sets_windows(walk: Walker) -> None:
    for who in ("operator", "village head", "verifier", "head of Dinsos", "bupati's office"):
        assert desk_of(who).open("/jadwal/baru").status == 404
        assert send(desk_of(who), "save").status == 404
    for told in ({"region": ELSEWHERE[:4]}, {"region": "all"}, {"region": "35"}):
        for deed in ("count", "check", "save"):
            assert send(desk_of("supervisor"), deed, told).status == 404, (
                "nor even counts beyond one's region"
            )
    assert not windows_near("")
    schedule(desk_of("centre"), {"region": "all"})
    assert windows_near(KABUPATEN)[0].region == ""


# --- its effect -----------------------------------------------------------------------------------------------------


def test_the_effect_is_what_the_reserve_holds(walk: Walker) -> None:
    ready_in_reserve(walk, 3)
    walk.name = "Y"
    walk.must("record", "operator").must("reserve", "operator")
    account_of(actor("rudi", (Role.VERIFIER, KABUPATEN)))
    desk = desk_of("supervisor")
    walk.wait(5)
    page = send(desk, "count", {"per_verifier": "1"})
    assert page.status == 200
    counted = readiness(KABUPATEN)
    assert (counted.ready, counted.incomplete) == (3, 1)
    assert re.search(r"3 siap ikut, dari 1 desa", page.text)
    assert re.search(r"1 belum lengkap atau belum diputus", page.text)
    assert "Dinsos butuh 3 hari kerja" in page.text
    assert "Yang paling lama menunggu: 5 hari." in page.text
    only = send(desk, "count", {"kinds": ["leaving"]})
    assert re.search(r"0 siap ikut", only.text)


def test_what_a_death_holds_back_is_not_foretold(walk: Walker) -> None:
    """It would not be packed: who receives from then on is not decided."""
    for words in ("record not_eligible of=head reason=3", "prove", "reserve"):
        walk.must(words, "operator")
    for words, who in WAY["deliberated"]:
        walk.must(words, who)
    counted = readiness(KABUPATEN)
    assert (counted.ready, counted.incomplete, counted.undecided) == (0, 0, 1)


def test_what_does_not_fit_offers_what_would(walk: Walker) -> None:
    ready_in_reserve(walk, 4)
    account_of(actor("rudi", (Role.VERIFIER, KABUPATEN)))
    desk = desk_of("supervisor")
    told = {"opens": "4-1-2027", "cut_off": "5-1-2027", "closes": "6-1-2027", "per_verifier": "1"}
    page = send(desk, "count", told)
    assert "tidak sempat diperiksa sampai ditutup" in page.text
    fitted = desk.open(page.link("tutup "))
    assert fitted.status == 200
    assert "tidak sempat diperiksa" not in fitted.text
    assert fitted.field("act_number") == LETTER["act_number"], "the rest of the form comes along"


def test_without_anybody_to_check_that_is_said(walk: Walker) -> None:
    page = send(desk_of("supervisor"), "count")
    assert "Belum ada pemeriksa yang bertugas di wilayah ini." in page.text


def test_the_effect_counts_no_other_region(walk: Walker) -> None:
    from datetime import date

    from mutakhir.core.calendar import Opening
    from mutakhir.gateways import holidays

    ready_in_reserve(walk, 1)
    days = Opening(date(2027, 1, 4), date(2027, 1, 15), date(2027, 1, 31))
    told: dict[str, Any] = {
        "days": days,
        "per_verifier": 10,
        "now": walk.now,
        "working_days": holidays.working_days(),
    }
    assert effect(KABUPATEN, kinds=(), **told).ready == 1
    assert effect(ELSEWHERE[:4], kinds=(), **told).ready == 0
    assert effect("", kinds=(), **told).ready == 1


# --- ending one -----------------------------------------------------------------------------------------------------


def test_before_it_opens_a_window_is_cancelled_with_a_reason(walk: Walker) -> None:
    desk = desk_of("supervisor")
    number = schedule(desk)
    page = desk.open(f"/jadwal/{number}")
    assert any("Batalkan jadwal" in button.get("text", "") for button in page.reader.buttons)
    silent = desk.send(f"/jadwal/{number}", {"deed": "cancel", "reason": " ", "form_id": str(uuid4())})
    assert silent.status == 422
    assert 'id="reason-error"' in silent.html
    done = desk.send(
        f"/jadwal/{number}", {"deed": "cancel", "reason": "Surat ditarik pusat.", "form_id": str(uuid4())}
    )
    assert "Dibatalkan" in done.text
    assert "Surat ditarik pusat." in done.text
    assert not any("Batalkan jadwal" in button.get("text", "") for button in done.reader.buttons)
    schedule(desk, {"act_number": "S-199"})


def test_an_open_window_closes_early_with_a_reason_that_residents_read(walk: Walker) -> None:
    walk.must("open a window", "supervisor")
    desk = desk_of("supervisor")
    page = desk.open(f"/jadwal/{walk.window}")
    assert "Terbuka" in page.text
    assert "Dibaca warga pada halaman permintaannya." in page.text
    form = str(uuid4())
    silent = desk.send(f"/jadwal/{walk.window}", {"deed": "close", "reason": "", "form_id": form})
    assert silent.status == 422
    done = desk.send(
        f"/jadwal/{walk.window}", {"deed": "close", "reason": "Server pusat dipindahkan.", "form_id": form}
    )
    assert "Ditutup" in done.text
    assert "Server pusat dipindahkan." in done.text
    again = desk.send(
        f"/jadwal/{walk.window}", {"deed": "close", "reason": "Sekali lagi.", "form_id": str(uuid4())}
    )
    assert again.status == 422


def test_others_see_a_window_and_do_not_end_it(walk: Walker) -> None:
    number = schedule(desk_of("centre"), {"region": "all"})
    for who in ("operator", "verifier"):
        page = desk_of(who).open(f"/jadwal/{number}")
        assert page.status == 200
        assert not [one for one in page.reader.buttons if one.get("name") == "deed"]
        refused = desk_of(who).send(
            f"/jadwal/{number}", {"deed": "cancel", "reason": "Ingin saya.", "form_id": str(uuid4())}
        )
        assert refused.status == 422
    page = desk_of("supervisor").open(f"/jadwal/{number}")
    button = next(one for one in page.reader.buttons if one.get("name") == "deed")
    assert "disabled" in button, "a national window is ended by the centre"
    reason = next(part for part in page.html.split(f'id="{button["aria-describedby"]}"')[1].split("<")[:1])
    assert len(reason) > 5, "a refused button explains itself"
    assert window_by_number(number).marked.value == "scheduled"  # type: ignore[union-attr]


def test_a_window_of_another_region_is_not_there(walk: Walker) -> None:
    number = schedule(desk_of("supervisor"))
    for who in ("operator elsewhere", "supervisor elsewhere"):
        desk = desk_of(who)
        assert desk.open(f"/jadwal/{number}").status == 404
        assert desk.send(f"/jadwal/{number}", {"deed": "cancel", "reason": "Bukan milik saya."}).status == 404
        assert f"/jadwal/{number}" not in desk.open("/jadwal").html
        assert "S-131" not in desk.open("/jadwal.csv").html
    assert desk_of("supervisor").open("/jadwal/99999999").status == 404


def test_a_window_shows_where_its_requests_are(walk: Walker) -> None:
    for state, deeds in WAY.items():
        for words, who in deeds:
            walk.must(words, who)
        if state == "handed_over":
            break
    page = desk_of("supervisor").open(f"/jadwal/{walk.window}")
    assert "Periksa" in page.text
    assert "Pemeriksa Dinsos" in page.text


# --- the calendar itself --------------------------------------------------------------------------------------------


def test_the_calendar_says_what_is_open_and_what_comes(walk: Walker) -> None:
    desk = desk_of("operator")
    assert "Hari ini tidak ada masa yang terbuka. Belum ada jadwal." in desk.open("/jadwal").text
    schedule(desk_of("supervisor"))
    page = desk.open("/jadwal")
    assert "Berikutnya 4 Januari 2027." in page.text
    assert "Dijadwalkan" in page.text
    walk.must("open a window", "supervisor")
    desk = desk_of("operator")
    assert "Masa pemutakhiran terbuka sampai" in desk.open("/jadwal").text
    for year in ("2027", "1999", "abcd", "20271", "²⁰²⁷"):
        assert desk.open("/jadwal?" + urlencode({"tahun": year})).status == 200


def test_the_calendar_as_csv_and_icalendar(walk: Walker) -> None:
    schedule(
        desk_of("supervisor"),
        {"name": '=1+1; Januari, "pertama" ' + "dengan nama yang sangat panjang é " * 4},
    )
    cancelled = schedule(
        desk_of("supervisor"), {"opens": "1-3-2027", "cut_off": "5-3-2027", "closes": "", "act_number": "S-2"}
    )
    desk_of("supervisor").send(
        f"/jadwal/{cancelled}", {"deed": "cancel", "reason": "Ditarik.", "form_id": str(uuid4())}
    )
    desk = desk_of("operator")
    rows = list(csv.reader(desk.open("/jadwal.csv").html.splitlines()))
    assert rows[0] == ["masa", "kode_wilayah", "dibuka", "batas_masuk", "ditutup", "nomor_surat"]
    assert rows[1:] == [
        [rows[1][0], KABUPATEN, "2027-01-04", "2027-01-15", "2027-01-31", "S-131/MS/XII/2026"]
    ]
    assert "pertama" in rows[1][0]
    calendar = desk.open("/jadwal.ics")
    assert calendar.response.headers["Content-Type"].startswith("text/calendar")
    lines = calendar.html.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    assert "DTSTART:20270103T170000Z" in lines
    assert all(len(line.encode()) <= 75 for line in lines), "long lines are folded"
    assert "\\;" in calendar.html
    assert "\\," in calendar.html
