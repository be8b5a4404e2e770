"""Search, the page of a family and of a person: found as people write, shown for any day, and never beyond one's region."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from mutakhir.actions import reversal
from mutakhir.actions.facts import State as Stated
from mutakhir.actions.facts import Withdrawal, state_facts
from mutakhir.core.actors import SYSTEM, Role
from mutakhir.core.tickets import shown
from mutakhir.queries.as_of import LARGEST
from mutakhir.store import feed
from mutakhir.store.models import KnownAt, Reading
from tests.builders import ELSEWHERE, VILLAGE, House, Walker, actor, known_house
from tests.web.pages import Desk, Seen, account_of, desk_of, walk

__all__ = ["walk"]
pytestmark = pytest.mark.django_db
HEAD_NIK, WIFE_NIK, NO_KK = "9908011507800002", "9908014507880003", "9908011203150007"


@pytest.fixture
def house(walk: Walker) -> House:
    return walk.house


def state(walk: Walker, subject: int, of: str, values: dict[str, Any], day: str | None = None) -> None:
    walk.perform(
        state_facts, [Stated(subject, of, values)], region=VILLAGE,
        holds_from=date.fromisoformat(day) if day else walk.today(), authority="social", source="source:other", by=SYSTEM,
    )  # fmt: skip


def search(words: str, who: str = "operator") -> Seen:
    page = desk_of(who).open("/cari?" + urlencode({"q": words}))
    if page.status == 200:
        assert page.title
    return page


# --- search ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [WIFE_NIK, "990801 450788 0003", "9908.0145.0788.0003"])
def test_a_nik_finds_its_person(house: House, words: str) -> None:
    page = search(words)
    (row,) = page.rows("Orang")
    assert row.startswith("Siti Aminah")
    for part in ("lahir 1988", "Desa Jenggrong", "keluarga Slamet Riyadi", "NIK sama"):
        assert part in row
    assert WIFE_NIK not in page.text.replace(words, "").replace(" ", ""), "the number is masked in lists"
    assert page.link("Siti Aminah") == f"/o/{house.wife}"
    assert page.link("Keluarga Slamet Riyadi") == f"/k/{house.family}"


def test_of_whom_nothing_is_believed_any_more_nobody_is_found(walk: Walker, house: House) -> None:
    """As after a list was reversed: the pages stay, for what was known once, and say that nothing is known now."""
    told = {"source": "source:1", "reason": "Daftar uji", "by": SYSTEM}
    everybody = (house.family, house.dwelling, house.head, house.wife)
    walk.perform(reversal.withdraw, [Withdrawal(one, (1,)) for one in everybody], **told)
    assert not search(WIFE_NIK).rows("Orang")
    assert "Belum ada keluarga tercatat" in desk_of("operator").open("/keluarga").text
    for address, words in ((f"/k/{house.family}", "keluarga ini"), (f"/o/{house.head}", "orang ini")):
        page = desk_of("operator").open(address)
        assert page.status == 200
        assert f"{words} belum dikenal" in page.text


def test_a_family_card_finds_everybody_in_it(house: House) -> None:
    page = search("990801 120315 0007")
    assert len(page.rows("Orang")) == 2
    assert len(page.rows("Keluarga")) == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Siti Aminah", "nama memuat"),
        ("aminah", "nama memuat"),
        ("Sitti Aminnah", "ejaan lain: Siti Aminah"),
        ("Siti Amina", "nama memuat"),
        ("Siti Aminag", "nama mirip: Siti Aminah"),
        ("Slamet Rijadi", "nama mirip: Slamet Riyadi"),
    ],
)
def test_names_are_found_as_people_write_them(house: House, words: str, why: str) -> None:
    rows = search(words).rows("Orang")
    assert any(why in row for row in rows), rows


def test_a_birth_date_finds_alone_and_narrows_a_name(house: House) -> None:
    (row,) = search("5-7-1988").rows("Orang")
    assert "Siti Aminah" in row
    assert "lahir 5 Juli 1988" in row
    assert len(search("siti 5-7-1988").rows("Orang")) == 1
    assert not search("siti 6-7-1988").rows("Orang")


def test_what_is_not_found_says_how_to_go_on(house: House) -> None:
    page = search("Wagiman")
    assert "Tidak ditemukan. Cari dengan tanggal lahir, atau catat sebagai warga baru." in page.text
    assert "/catat/keluarga-baru" in [address for address, _ in page.reader.links]
    other = search("Wagiman", "verifier")
    assert "/catat/keluarga-baru" not in [address for address, _ in other.reader.links], (
        "a verifier records nothing"
    )


@pytest.mark.parametrize("words", ["si", "a b", "12", "%%%", "'; --", "9908"])
def test_too_little_is_answered_with_what_to_write(house: House, words: str) -> None:
    page = search(words)
    assert page.status == 200
    assert "Tulis paling sedikit tiga huruf" in page.text
    assert not page.rows("Orang")


@pytest.mark.parametrize(
    "words", ["x" * 5000, "siti\x00aminah", "(siti", "siti % _ \\", "١٢٣ siti", "5-7-1988 5-7-1988"]
)
def test_strange_words_are_answered(house: House, words: str) -> None:
    assert search(words).status == 200


def test_nothing_is_found_beyond_the_region(house: House) -> None:
    for words in (WIFE_NIK, NO_KK, "Siti Aminah", "5-7-1988", "siti 5-7-1988"):
        page = search(words, "operator elsewhere")
        assert "Tidak ditemukan." in page.text, words
        assert "Slamet" not in page.html
        assert not [address for address, _ in page.reader.links if address.startswith(("/k/", "/o/", "/p/"))]


def test_requests_are_found_by_ticket_and_by_name(walk: Walker) -> None:
    walk.must("record", "operator").must("reserve", "operator")
    ticket = shown(walk.request.ticket or "")
    for typed in (ticket, ticket.lower(), ticket.replace("-", ""), ticket.replace("-", " ")):
        found = desk_of("operator").open("/cari?" + urlencode({"q": typed}))
        assert found.response.headers["Location"] == f"/p/{walk.number}"
    hidden = desk_of("operator elsewhere").open("/cari?" + urlencode({"q": ticket}))
    assert hidden.status == 200, "elsewhere it is not a number that leads anywhere"
    assert str(walk.number) not in hidden.text
    (row,) = search("Slamet Riyadi").rows("Permintaan")
    for part in ("yang bertindak", "sejak", "batas"):
        assert part in row


def test_somebody_who_is_not_registered_yet_is_found_through_the_request(walk: Walker) -> None:
    walk.must("record new_person", "operator")
    page = search("Bayu Pratama")
    assert any("Bayu Pratama" in row for row in page.rows("Permintaan")), page.text


def test_a_search_is_logged_before_its_answer(house: House) -> None:
    before = Reading.objects.count()
    search("Siti Aminah")
    (reading,) = Reading.objects.order_by("id")[before:]
    assert (reading.actor, reading.purpose, reading.region) == ("tutik", "search", VILLAGE)
    assert "Siti" not in reading.path


def test_an_administrator_of_accounts_searches_nobody(house: House) -> None:
    desk = Desk()
    desk.client.force_login(account_of(actor("budi", (Role.ADMINISTRATOR, "3508"))))
    for address in ("/cari?q=siti", "/keluarga", f"/k/{house.family}", f"/o/{house.wife}"):
        assert desk.open(address).status == 404


# --- the list of families -------------------------------------------------------------------------------------------


def test_a_village_lists_its_families_and_those_seen_lately(walk: Walker) -> None:
    houses = [known_house(walk.ground, now=walk.now) for _ in range(53)]
    desk = desk_of("operator")
    page = desk.open("/keluarga")
    assert page.title == "Keluarga"
    seen = [address for address, _ in page.reader.links if address.startswith("/k/")]
    assert len(seen) == 50
    rest = desk.open(page.link("Berikutnya"))
    seen += [address for address, _ in rest.reader.links if address.startswith("/k/")]
    assert sorted(seen) == sorted(f"/k/{one.family}" for one in houses), "each once, none left out"
    desk.open(f"/k/{houses[7].family}")
    again = desk.open("/keluarga")
    assert len(again.rows("Baru Anda buka")) == 1


def test_dinsos_chooses_a_village_of_its_own(house: House) -> None:
    desk = desk_of("verifier")
    page = desk.open("/keluarga?cari_desa=jenggr")
    found = desk.open(page.link("Jenggrong"))
    assert [address for address, _ in found.reader.links if address == f"/k/{house.family}"]
    assert desk.open(f"/keluarga?desa={ELSEWHERE}").status == 404
    assert desk.open("/keluarga?desa=35081520").status == 404
    assert desk_of("verifier elsewhere").open(f"/keluarga?desa={VILLAGE}").status == 404


# --- the page of a family -------------------------------------------------------------------------------------------


def family(house: House, part: str = "", who: str = "operator", **told: str) -> Seen:
    query = urlencode({**({"bagian": part} if part else {}), **told})
    page = desk_of(who).open(f"/k/{house.family}" + (f"?{query}" if query else ""))
    assert page.status == 200, page.status
    assert page.title == "Keluarga Slamet Riyadi"
    return page


def test_a_family_at_a_glance(walk: Walker, house: House) -> None:
    state(walk, house.wife, "person", {"phone": "+6281234500001"})
    walk.must("record", "operator").must("reserve", "operator")
    page = family(house)
    for part in (
        "Kepala keluarga",
        "Siti Aminah",
        "1988",
        "RT 03",
        "+6281234500001 (Siti Aminah)",
        "2 dari 2 anggota",
    ):
        assert part in page.text, part
    assert "990801 ······ 0007" in page.text
    (row,) = page.rows("Permintaan yang berjalan")
    for part in ("yang bertindak", "sejak", "batas"):
        assert part in row
    assert page.link("Catat perubahan") == f"/catat/keluarga/{house.family}"


def test_members_with_their_registration_and_its_reason(walk: Walker, house: House) -> None:
    state(
        walk, house.wife, "person", {"registration": "ended", "registration_reason": "leaving"}, "2026-11-20"
    )
    page = family(house, "anggota")
    assert "Terdaftar sejak 14 Maret 2024 (dari daftar yang diterima)" in page.text
    assert "Berakhir sejak 20 November 2026" in page.text
    assert "Tidak terdaftar" in page.text
    assert "990801 ······ 0003" in page.text


def test_conditions_with_source_and_since(walk: Walker, house: House) -> None:
    state(walk, house.dwelling, "dwelling", {"floor_material": "8"}, "2026-11-01")
    text = family(house, "kondisi").text
    assert "Jenis lantai" in text
    assert "1 Nov 2026" in text
    assert "14 Mar 2024" in text, "the walls were stated long before"
    assert "Belum tercatat" in text


def test_what_is_applied_names_its_request(walk: Walker) -> None:
    from tests.web.test_work import go

    go(walk, "applied")
    page = family(walk.house, "riwayat")
    assert "Jenis lantai" in page.text
    assert f"/p/{walk.number}" in [address for address, _ in page.reader.links]
    assert shown(walk.request.ticket or "") in page.text
    ended = family(walk.house, "permintaan").rows("Yang sudah selesai")
    assert "Berlaku di register" in ended[0]
    assert f"/p/{walk.number}" in [address for address, _ in family(walk.house, "kondisi").reader.links]


def test_the_timeline_tells_old_new_source_and_both_clocks(walk: Walker, house: House) -> None:
    state(walk, house.dwelling, "dwelling", {"floor_material": "8"}, "2026-11-01")
    page = family(house, "riwayat")
    first = page.html.index("Jenis lantai")
    text = page.text
    assert "berlaku sejak 1 Nov 2026" in text
    assert "Selasa, 24 November 2026" in text
    assert first < page.html.index("dicatat pertama kali"), "newest first"


def test_the_timeline_goes_on_behind_a_cursor(walk: Walker, house: House) -> None:
    for number in range(60):
        walk.wait(1)
        state(walk, house.family, "family", {"landmark": f"Patokan {number:02}"})
    desk = desk_of("operator")
    address: str | None = f"/k/{house.family}?bagian=riwayat"
    marks: list[int] = []
    pages = 0
    while address:
        page = desk.open(address)
        marks += [
            number for number in range(60) if f"→ Patokan {number:02}" in page.text.replace("menjadi ", "")
        ]
        address = next((one for one, words in page.reader.links if "lebih lama" in words), None)
        pages += 1
    assert pages == 2
    assert sorted(marks) == list(range(60))


def floor(page: Seen) -> str:
    return page.text.split("Jenis lantai", 1)[1].split("Jenis dinding", 1)[0]


def test_an_earlier_day(walk: Walker, house: House) -> None:
    state(walk, house.dwelling, "dwelling", {"floor_material": "8"}, "2026-11-01")
    now = family(house, "kondisi")
    assert "Data per" not in now.text.replace("Data per tanggal", "")
    assert "1 Nov 2026" in floor(now)
    earlier = family(house, "kondisi", pada="2026-10-01")
    assert "Data per 1 Oktober 2026." in earlier.text
    assert "14 Mar 2024" in floor(earlier)
    assert earlier.link("Kembali ke sekarang") == f"/k/{house.family}?bagian=kondisi"
    tabs = [
        address for address, words in earlier.reader.links if words in ("Ringkasan", "Kondisi", "Riwayat")
    ]
    assert len(tabs) == 3
    assert all("pada=2026-10-01" in address for address in tabs)
    assert "Catat perubahan" not in [words for _, words in earlier.reader.links], "nobody records in the past"
    assert family(house, "riwayat", pada="2026-10-01").text.count("Jenis lantai") == 1
    assert family(house, "riwayat").text.count("Jenis lantai") == 2


def test_what_was_known_then_is_answered_alike_for_ever(walk: Walker) -> None:
    # The feed carries the hours of the database, so this walk goes by its clock.
    walk.now = datetime.now(UTC)
    house = walk.house
    feed.number_events()
    then = datetime.now(UTC)
    walk.now = then + timedelta(seconds=1)
    before = family(house, "kondisi", pada="2026-11-20", diketahui=then.isoformat())
    assert "sebagaimana diketahui" in before.text
    assert KnownAt.objects.filter(instant=then).exists(), "an instant is fixed once for ever"
    state(walk, house.dwelling, "dwelling", {"floor_material": "8"}, "2026-11-01")
    feed.number_events()
    walk.now = datetime.now(UTC) + timedelta(seconds=1)
    after = family(house, "kondisi", pada="2026-11-20", diketahui=then.isoformat())
    assert floor(after) == floor(before)
    assert floor(family(house, "kondisi", pada="2026-11-20")) != floor(after), (
        "today's answer for that day is another"
    )
    walk.now = datetime.now(UTC)
    latest = family(house, "kondisi", pada="2026-11-20", diketahui=walk.now.isoformat())
    assert floor(latest) != floor(after)
    assert family(house, "riwayat", diketahui=then.isoformat()).text.count("Jenis lantai") == 1
    assert family(house, "riwayat").text.count("Jenis lantai") == 2


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"pada": "besok"}, "Tulis tanggal lengkap"),
        ({"pada": "2027-01-01"}, "Tanggal itu belum tiba."),
        ({"pada": "1988"}, "Tulis tanggal lengkap"),
        ({"diketahui": "2026-12-01T00:00:00+07:00"}, "Waktu itu belum tiba."),
        ({"diketahui": "5-1-2026 25.99"}, "Tulis jamnya"),
        ({"diketahui": "kapan"}, "Tulis tanggal lengkap"),
    ],
)
def test_a_day_that_cannot_be_read_keeps_what_was_typed(
    house: House, told: dict[str, str], words: str
) -> None:
    page = desk_of("operator").open(f"/k/{house.family}?" + urlencode(told))
    assert page.status == 422
    assert words in page.text
    for name, typed in told.items():
        assert page.field(name) == typed


@pytest.mark.parametrize(
    "typed", ["23-11-2026 08.00", "23 November 2026, 08:00", "2026-11-23T01:00:00+00:00", "23-11-2026"]
)
def test_an_instant_is_read_as_people_write_it(house: House, typed: str) -> None:
    page = desk_of("operator").open(f"/k/{house.family}?" + urlencode({"diketahui": typed}))
    assert page.status == 200
    hour = "24 November 2026, 00.00" if typed == "23-11-2026" else "23 November 2026, 08.00"
    assert f"sebagaimana diketahui {hour}." in page.text
    assert "keluarga ini belum dikenal" in page.text, "it was taken in afterwards"
    assert "Slamet" not in page.html


def test_a_family_elsewhere_is_as_if_it_were_not_there(walk: Walker, house: House) -> None:
    there = desk_of("operator elsewhere").open(f"/k/{house.family}")
    nowhere = desk_of("operator elsewhere").open(f"/k/{house.family + 10_000}")
    assert there.status == nowhere.status == 404
    assert there.text.replace(str(house.family), "") == nowhere.text.replace(str(house.family + 10_000), "")
    for number in (house.wife, house.dwelling, 0, LARGEST, LARGEST + 1, 10**40):
        assert desk_of("operator").open(f"/k/{number}").status == 404
    assert desk_of("operator").open(f"/k/{house.family}?bagian=semua").status == 404
    for part in ("anggota", "kondisi", "permintaan", "riwayat"):
        assert desk_of("operator elsewhere").open(f"/k/{house.family}?bagian={part}").status == 404


def test_requests_of_another_region_do_not_show_through_a_family(walk: Walker, house: House) -> None:
    walk.must("record", "operator").must("reserve", "operator")
    ticket = shown(walk.request.ticket or "")
    assert ticket in family(house, "permintaan").text
    state(walk, house.family, "family", {"region_lived": ELSEWHERE})
    page = desk_of("operator elsewhere").open(f"/k/{house.family}?bagian=permintaan")
    if page.status == 200:
        assert ticket not in page.text


def test_opening_a_family_is_logged(house: House) -> None:
    family(house)
    reading = Reading.objects.latest("id")
    assert (reading.actor, reading.purpose, reading.subjects) == ("tutik", "family", [house.family])
    count = Reading.objects.count()
    desk_of("operator elsewhere").open(f"/k/{house.family}")
    assert Reading.objects.count() == count, "what was not shown was not read"


def test_only_who_records_is_offered_to_record(house: House) -> None:
    for who in ("verifier", "supervisor", "village head"):
        assert not [
            one for one in family(house, who=who).reader.links if one[0].startswith("/catat/keluarga/")
        ]
    assert family(house, who="data filler").link("Catat perubahan") == f"/catat/keluarga/{house.family}"


def test_a_family_without_a_head_says_so(walk: Walker, house: House) -> None:
    state(walk, house.head, "person", {"relation": "8"})
    page = desk_of("operator").open(f"/k/{house.family}")
    assert page.title == "Keluarga tanpa kepala"
    assert "belum punya kepala keluarga" in page.text


# --- the page of a person -------------------------------------------------------------------------------------------


def person(number: int, part: str = "", who: str = "operator", **told: str) -> Seen:
    query = urlencode({**({"bagian": part} if part else {}), **told})
    return desk_of(who).open(f"/o/{number}" + (f"?{query}" if query else ""))


def test_a_person_at_a_glance(house: House) -> None:
    page = person(house.wife)
    assert page.title == "Siti Aminah"
    for part in ("990801 ······ 0003", "5 Juli 1988", "Terdaftar sejak 14 Maret 2024", "Istri/suami"):
        assert part in page.text, part
    assert page.link("Keluarga Slamet Riyadi") == f"/k/{house.family}"
    assert page.link("Catat perubahan") == f"/catat/keluarga/{house.family}?orang={house.wife}"
    assert "Nama" in person(house.wife, "isian").text
    assert "isian dicatat pertama kali" in person(house.wife, "riwayat").text
    reading = Reading.objects.latest("id")
    assert (reading.purpose, reading.subjects) == ("person", [house.wife])


def test_niks_there_were(walk: Walker, house: House) -> None:
    state(walk, house.wife, "person", {"nik": "9908014507880011"}, "2026-11-10")
    page = person(house.wife)
    text = page.text.split("NIK, sekarang dan dulu", 1)[1]
    assert text.index("990801 ······ 0011") < text.index("990801 ······ 0003")
    assert "sampai 10 Nov 2026" in text
    before = person(house.wife, pada="2026-11-01").text
    assert "990801 ······ 0011" not in before
    assert search(WIFE_NIK).rows("Orang"), "whoever carried a number is found by it"


def test_a_person_before_they_were_known(walk: Walker, house: House) -> None:
    page = person(house.wife, diketahui="2020-01-01 10.00")
    assert page.status == 200
    assert "orang ini belum dikenal" in page.text
    assert "Siti Aminah" not in page.text, "what was not known then is not said of then"


def test_a_person_elsewhere_is_as_if_nobody(house: House) -> None:
    there = person(house.wife, who="operator elsewhere")
    assert there.status == 404
    nobody = person(house.wife + 10_000, who="operator elsewhere")
    assert there.text.replace(str(house.wife), "") == nobody.text.replace(str(house.wife + 10_000), "")
    for number in (house.family, house.dwelling, 0, LARGEST + 1, 10**40):
        assert person(number).status == 404
    assert person(house.wife, "semua").status == 404


def test_pages_ask_for_an_account(house: House) -> None:
    for address in ("/cari?q=siti", "/keluarga", f"/k/{house.family}", f"/o/{house.wife}"):
        assert Desk().open(address).response.headers["Location"].startswith("/masuk?next=")
