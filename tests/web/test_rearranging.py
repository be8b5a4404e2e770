"""Families that split and join, and one person who stands twice: the wizard's pages, and the pages of who they are then."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from mutakhir import parameters, wiring
from mutakhir.core.change_requests import Request, State, missing
from mutakhir.queries import as_of, lists
from mutakhir.queries.cases import requests_by_number
from mutakhir.store.models import Reading, RequestNow, Task
from tests.builders import CAST, PostgresGround, Walker
from tests.spec.families.households import Households
from tests.web.pages import desk_of, walk
from tests.web.test_change_request import Browser, Page, photo

__all__ = ["walk"]
pytestmark = pytest.mark.django_db

PEOPLE = """
    name    | family | relation | born       | nik              | insurance
    --------+--------+----------+------------+------------------+----------
    Slamet  | A      | 1        | 1950-07-15 | 9908011507500001 |
    Aminah  | A      | 2        | 1955-07-05 | 9908014507550002 |
    Wati    | A      | 3        | 1985-02-03 | 9908014302850003 | 1
    Ponirin | B      | 1        | 1980-01-01 | 9908010101800004 |
    Watik   | B      | 2        | 1985-02-03 | 9908014302850009 | 2
"""
CARDS = """
    family | card
    -------+-----------------
    A      | 9908011203150007
    B      | 9908011203150008
"""


@pytest.fixture
def households(walk: Walker) -> Households:
    found = Households(PostgresGround())
    found.walk = walk
    found.known(PEOPLE, cards=CARDS)
    return found


@pytest.fixture
def browser(households: Households) -> Browser:
    return Browser(desk_of("operator").client)


def begin(browser: Browser, address: str, kind: str) -> Page:
    page = browser.open(address)
    return browser.send(
        page, {"kind": kind, "applicant": "Aminah", "standing": "member", "birth_date_year": "1955"}
    )


def newest() -> Request:
    number = RequestNow.objects.latest("id").id
    return requests_by_number([number])[number]


def finish(browser: Browser, page: Page, papers: tuple[str, ...]) -> Page:
    assert page.path.endswith("/bukti"), page.text
    page = browser.send(page, {f"evidence_{paper}": photo() for paper in papers})
    assert page.path.endswith("/periksa")
    return page


def carried(households: Households, *, skips_meeting: bool = False) -> None:
    """Go on with the request that the browser recorded, from the reserve to where it is in force."""
    households.walk.name = "W"
    households.walk.requests["W"] = newest().id
    for words, who in (
        *([] if skips_meeting else [("deliberate fit", "village head")]),
        ("open a window", "supervisor"),
        ("pack", "system"),
        ("hand over", "village head"),
        ("verify verified", "verifier"),
        ("finalise", "supervisor"),
        ("endorse", "bupati's office"),
        ("send", "supervisor"),
    ):
        households.walk.must(words, who)
    households.determine()
    assert households.state == "applied"


def test_a_family_splits_from_the_form_to_the_page_of_the_new_family(
    browser: Browser, households: Households
) -> None:
    family, wati = households.families["A"], households.people["Wati"]
    page = begin(browser, f"/catat/keluarga/{family}", "family_split")
    assert "Siapa yang membentuk keluarga sendiri?" in page.text
    page = browser.send(page, {"reason": "own_card"})
    assert "Pilih paling sedikit satu orang." in page.text
    page = browser.send(
        page,
        {"people": [str(wati)], f"relation_{wati}": "1", "card": "rest", "no_kk_people": "99080124", "reason": "own_card"},
    )  # fmt: skip
    assert "16 angka" in page.text
    assert "99080124" in page.text, "what was typed stays in its field"
    page = browser.send(page, {"no_kk_people": "9908 0124 1126 0001"})
    page = finish(browser, page, ("family_card",))
    for sentence in (
        "Jadi keluarga baru: Wati (Kepala keluarga).",
        "Tetap dengan nomor keluarga sekarang: Slamet (Kepala keluarga), Aminah (Istri/suami).",
        "Nomor keluarga ikut bagian yang memegang Kartu Keluarga lama.",
        "Kedua keluarga tinggal di rumah yang sama.",
    ):
        assert sentence in page.text, page.text
    browser.send(page)
    saved = newest()
    assert saved.state is State.RESERVED
    assert not missing(saved)
    review = desk_of("verifier").open(f"/p/{saved.id}")
    assert "Jadi keluarga baru: Wati" in review.text
    carried(households)
    browser = Browser(desk_of("operator").client)
    new = households.families["new"]
    page = browser.open(f"/k/{new}")
    assert "Berasal dari" in page.text
    assert "keluarga Slamet" in page.text
    assert "Kondisi hidup belum dicatat." in page.text
    assert "Yang pecah dari sini" in browser.open(f"/k/{family}").text
    shown = desk_of("supervisor").open("/kunjungan?bagian=menunggu")
    visit = desk_of("supervisor").open(shown.link("Wati"))
    assert "Keluarga Wati baru pecah dari keluarga lain" in visit.text
    browser.open(f"/p/{saved.id}")


def test_who_comes_along_from_another_family_is_found_by_their_nik(
    browser: Browser, households: Households
) -> None:
    people = households.people
    wati, ponirin = people["Wati"], people["Ponirin"]
    page = begin(browser, f"/catat/keluarga/{households.families['A']}", "family_split")
    told = {"people": [str(wati)], f"relation_{wati}": "2", "card": "rest", "reason": "marriage"}
    page = browser.send(page, {**told, "joining_nik": "9908010101700077"})
    assert "Belum ditemukan di wilayah kerja Anda." in page.text
    page = browser.send(page, {"joining_nik": "9908014507550002"})
    assert "Orang ini sudah anggota keluarga ini." in page.text
    page = browser.send(page, {"joining_nik": "9908010101800004"})
    assert page.path.endswith("/isian"), "what they become is asked at once"
    assert "Keluarga Ponirin, Kepala keluarga" in page.text
    page = browser.send(page, {f"relation_{ponirin}": "1"})
    page = finish(browser, page, ("family_card",))
    assert "Jadi keluarga baru: Wati (Istri/suami), Ponirin (Kepala keluarga)." in page.text
    assert "Ponirin datang dari keluarga Ponirin." in page.text
    browser.send(page)
    carried(households)
    households.shown("""
        name    | family | relation
        --------+--------+---------
        Wati    | new    | 2
        Ponirin | new    | 1
        Watik   | B      | 2
    """)
    assert {one.rule for one in Task.objects.all()} == {"family-without-head"}


def test_the_mark_goes_when_living_conditions_are_recorded(browser: Browser, households: Households) -> None:
    households.split("A", "who | part | becomes\n---+---+---\nWati | people | 1", card="rest")
    households.carry()
    browser = Browser(desk_of("operator").client)
    new = households.families["new"]
    assert "Kondisi hidup belum dicatat." in browser.open(f"/k/{new}").text
    dwelling = households.current(new)["dwelling"]
    households.hear_of_house(dwelling, floor_material="8")
    assert "Kondisi hidup belum dicatat." not in browser.open(f"/k/{new}").text


def test_a_person_decides_otherwise_only_with_a_reason(browser: Browser, households: Households) -> None:
    wati = households.people["Wati"]
    page = begin(browser, f"/catat/keluarga/{households.families['A']}", "family_split")
    told = {
        "people": [str(wati)],
        f"relation_{wati}": "1",
        "card": "rest",
        "keeps": "people",
        "reason": "own_card",
    }
    page = browser.send(page, told)
    assert page.path.endswith("/isian")
    assert "Lengkapi alasan memilih bagian lain" in page.text or "alasan memilih bagian lain" in page.text
    page = browser.send(page, {"keeps_reason": "Wati yang merawat rumahnya."})
    page = finish(browser, page, ("family_card",))
    assert "Nomor keluarga dipilih begitu karena: Wati yang merawat rumahnya." in page.text
    assert "Jadi keluarga baru: Slamet (Kepala keluarga), Aminah (Istri/suami)." in page.text


def test_two_heads_are_refused_where_they_are_chosen(browser: Browser, households: Households) -> None:
    wati, slamet = households.people["Wati"], households.people["Slamet"]
    page = begin(browser, f"/catat/keluarga/{households.families['A']}", "family_split")
    told = {"people": [str(wati), str(slamet)], f"relation_{wati}": "1", "reason": "own_card"}
    page = browser.send(page, told)
    assert page.path.endswith("/isian")
    assert "Slamet" in page.text
    assert 'id="relation"' in page.text


def test_two_families_become_one_and_the_ended_number_leads_on(
    browser: Browser, households: Households
) -> None:
    family, other = households.families["A"], households.families["B"]
    page = begin(browser, f"/catat/keluarga/{family}", "family_join")
    page = browser.send(page, {"query": "9908010101800004", "search": "1"})
    assert "Keluarga Ponirin" in page.text
    page = browser.send(page, {"query": ""})
    assert "Pilih keluarganya." in page.text
    page = browser.send(page, {"other": str(other)})
    assert "Keluarga mana yang berlanjut?" in page.text
    people = households.people
    page = browser.send(page, {"goes_on": "this", "card": "this", "reason": "marriage"})
    assert "Slamet" in page.text
    assert 'id="relation"' in page.text
    relations = {f"relation_{people['Ponirin']}": "4", f"relation_{people['Watik']}": "3"}
    page = browser.send(page, relations)
    page = finish(browser, page, ("family_card",))
    assert "Keluarga Ponirin berakhir dan bergabung ke keluarga Slamet." in page.text
    assert "Yang pindah: Ponirin (Menantu), Watik (Anak)." in page.text
    browser.send(page)
    carried(households)
    browser = Browser(desk_of("operator").client)
    page = browser.open(f"/k/{other}")
    assert "Keluarga ini berakhir dan bergabung ke" in page.text
    assert f"/k/{family}" in page.form.links
    assert "Yang bergabung ke sini" in browser.open(f"/k/{family}").text
    found = desk_of("operator").open("/cari?" + urlencode({"q": "9908011203150008"}))
    assert found.link("Keluarga Slamet") == f"/k/{family}"
    assert "No. KK lama keluarganya sama" in found.text
    listed = desk_of("operator").open("/keluarga")
    assert "Ranuyoso (1) Keluarga Slamet" in listed.text, "an ended family stands in no list of a village"
    assert "sudah bergabung ke keluarga lain" in listed.text, (
        "where somebody saw it lately it says what it is"
    )
    page = browser.open("/catat")
    page = browser.send(page, {"nik": "9908011203150008"})
    assert page.path == f"/catat/keluarga/{family}"


def test_one_person_who_stands_twice_is_one_afterwards(browser: Browser, households: Households) -> None:
    people = households.people
    before = wiring.perform(position, now=households.walk.now)
    page = begin(browser, f"/catat/keluarga/{households.families['A']}?orang={people['Wati']}", "double_id")
    assert "Data mana yang juga orang ini?" in page.text
    page = browser.send(page, {"query": "wati", "search": "1"})
    assert "Watik" in page.text
    page = browser.send(page, {"other": str(people["Watik"])})
    for question in (
        "Keanggotaan keluarga mana yang benar?",
        "NIK mana yang benar?",
        "Tempat di program mana yang tetap?",
    ):
        assert question in page.text
    page = browser.send(
        page,
        {
            "membership": str(people["Wati"]), "nik": str(people["Watik"]), "programme": str(people["Wati"]),
            "reason": "old_nik",
        },
    )  # fmt: skip
    page = finish(browser, page, ("identity_card", "family_card"))
    for sentence in (
        "Watik (lahir 1985, keluarga Ponirin) dan Wati (lahir 1985, keluarga Slamet) orang yang sama",
        "Keanggotaan yang tetap: keluarga Slamet.",
        "Keanggotaan di keluarga Ponirin dibatalkan",
        "NIK 990801 430285 0003 menjadi nomor lama",
    ):
        assert sentence in page.text, page.text
    page = browser.send(page)
    assert not newest().rule.deliberated
    carried(households, skips_meeting=True)
    browser = Browser(desk_of("operator").client)
    page = browser.open(f"/o/{people['Watik']}")
    assert page.path == f"/o/{people['Wati']}", "a retired number leads to the survivor"
    assert "Data Watik ternyata orang yang sama" in page.text
    assert "9908014302850003" not in page.text.replace(" ", ""), "a former number is masked as well"
    assert Reading.objects.filter(subjects__contains=[people["Watik"]], purpose="record").exists()
    page = browser.open(f"/k/{households.families['B']}")
    assert "Watik ternyata orang yang sama dengan" in page.text
    found = desk_of("operator").open("/cari?" + urlencode({"q": "9908014302850003"}))
    assert found.link("Wati") == f"/o/{people['Wati']}"
    assert "NIK lamanya sama" in found.text
    page = browser.open("/catat")
    page = browser.send(page, {"nik": "9908014302850003"})
    assert page.path == f"/catat/keluarga/{households.families['A']}"
    assert str(people["Wati"]) in page.text
    with wiring.acting(CAST["operator"]):
        for nik, then in (("9908014302850003", "Wati"), ("9908014302850009", "Watik")):
            found = wiring.ask(as_of.person_of_nik, nik, scopes=[""])
            assert found is not None
            told = {"on": households.walk.today(), "authorities": wiring.terms().attributes.authorities}
            now = wiring.ask(as_of.as_of, found[0], position=None, **told)
            earlier = wiring.ask(as_of.as_of, found[0], position=before, **told)
            assert now.person == people["Wati"]
            assert (earlier.person, earlier.attributes["nik"].value) == (people[then], nik)


def listed(request: Request) -> list[tuple[str, ...]]:
    """The rows by which the centre is told: name, NIK, No KK, relation and changes."""
    rows = lists.proposal_rows([request], parameters=parameters.load())
    names = ("name", "nik", "no_kk", "relation", "changes")
    return [tuple(str(row.get(name) or "") for name in names) for row in rows]


def test_the_centre_is_told_of_both_records_and_of_the_card_that_each_belongs_to(
    households: Households,
) -> None:
    households.merge("Wati", "Watik", membership="Wati", nik="Watik", programme="Wati")
    assert listed(households.walk.request) == [
        ("Watik", "9908014302850009", "9908011203150008", "2", "Data ganda: disatukan ke data dengan NIK 9908014302850003"),
        ("Wati", "9908014302850003", "9908011203150007", "3",
         "Data ganda: data ini tetap dan menerima data dengan NIK 9908014302850009"),
    ]  # fmt: skip
    married = "who | part | becomes\n---+---+---\nWati | people | 2\nPonirin | joining | 1"
    households.split("A", married, card="rest", no_kk_people="9908012411260001")
    assert {row[:4] for row in listed(households.walk.request)} == {
        ("Wati", "9908014302850003", "9908012411260001", "2"),
        ("Ponirin", "9908010101800004", "9908012411260001", "1"),
    }
    relations = "who | becomes\n---+---\nPonirin | 4\nWatik | 5"
    households.join("A", "B", relations, card="this")
    assert {row[:4] for row in listed(households.walk.request)} == {
        ("Ponirin", "9908010101800004", "9908011203150007", "4"),
        ("Watik", "9908014302850009", "9908011203150007", "5"),
    }


def position() -> int:
    from mutakhir.store import feed

    feed.number_events()
    return feed.head()


def test_a_double_begun_from_the_family_asks_who_first(browser: Browser, households: Households) -> None:
    page = begin(browser, f"/catat/keluarga/{households.families['A']}", "double_id")
    assert "Siapa yang tercatat dua kali?" in page.text
    page = browser.send(page, {})
    assert "Pilih satu orang." in page.text
    page = browser.send(page, {"first": str(households.people["Wati"])})
    assert "Data mana yang juga orang ini?" in page.text
    page = browser.send(page, {"query": "wati", "search": "1"})
    assert f'value="{households.people["Wati"]}"' not in page.text, "nobody is their own double"


@pytest.mark.parametrize("typed", ["x", "-1", "0", "99999999999999999999", "1e9", ""])
def test_whatever_is_sent_as_the_other_is_answered_in_words(
    browser: Browser, households: Households, typed: str
) -> None:
    for kind in ("family_join", "double_id"):
        address = f"/catat/keluarga/{households.families['A']}?orang={households.people['Wati']}"
        page = begin(browser, address, kind)
        page = browser.send(page, {"query": "", "other": typed})
        assert page.status == 422
        assert "govuk-error-message" in page.text
        assert newest().choices == {}


def test_who_lies_in_another_village_is_not_found(browser: Browser, households: Households) -> None:
    """Nor can it be chosen by its number."""
    walker = Walker(PostgresGround(), now=households.walk.now, name="Z")
    page = begin(browser, f"/catat/keluarga/{households.families['A']}", "family_join")
    page = browser.send(page, {"query": "9908011507800002", "search": "1"})
    assert "Belum ditemukan di wilayah kerja Anda." in page.text
    page = browser.send(page, {"query": "", "other": str(walker.house.family)})
    assert newest().choices == {}
    assert CAST["operator"].sees(newest().region)
