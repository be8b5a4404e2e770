"""The wizard and the page of one request, as a browser without scripts uses them, on a real register."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mutakhir import parameters, wiring
from mutakhir.actions import change_request
from mutakhir.actions.facts import State as Stated
from mutakhir.actions.facts import state_facts
from mutakhir.core.actors import SYSTEM, Role
from mutakhir.core.change_requests import Request, State, missing
from mutakhir.core.kinds import KINDS
from mutakhir.queries.cases import requests_by_number
from mutakhir.store.models import Attempt, EventRow, Incident, Reading, RequestNow, Task
from mutakhir.store.register import read_current
from tests.builders import (
    ELSEWHERE,
    KABUPATEN,
    TO_APPLIED,
    VILLAGE,
    House,
    PostgresGround,
    Walker,
    known_house,
)

pytestmark = pytest.mark.django_db

HEAD_NIK, WIFE_NIK = "9908011507800002", "9908014507880003"
PASSWORD = "kata-sandi-yang-panjang"


# --- a browser without scripts --------------------------------------------------------------------------------------


class FormReader(HTMLParser):
    """Collects what a browser would send from the form of a page, and what the page says."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.named: set[str] = set()
        self.buttons: list[dict[str, str]] = []
        self.headings: list[str] = []
        self.links: list[str] = []
        self.action = ""
        self._inside = False
        self._heading = False
        self._area = ""
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._inside = own.get("method", "get") == "post"
            if self._inside:
                self.action = own.get("action", "")
        if tag == "h1":
            self._heading = True
            self.headings.append("")
        if tag == "a" and "href" in own:
            self.links.append(own["href"])
        if not self._inside:
            return
        if tag == "button":
            self.buttons.append(own)
        if tag == "textarea":
            self._area = own["name"]
            self.named.add(self._area)
        if tag == "select":
            self._select = own["name"]
            self.named.add(self._select)
        if tag == "option" and (self._select not in self.fields or "selected" in own):
            self.fields[self._select] = [own.get("value", "")]
        if tag == "input" and own.get("name"):
            self.named.add(own["name"])
            kind = own.get("type", "text")
            if kind in ("radio", "checkbox"):
                if "checked" in own:
                    self.fields.setdefault(own["name"], []).append(own["value"])
            elif kind != "file":
                self.fields.setdefault(own["name"], []).append(own.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag == "h1":
            self._heading = False
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._heading:
            self.headings[-1] += data
        if self._area:
            self.fields.setdefault(self._area, []).append(data)


@dataclass
class Page:
    """A page that was answered, with its form."""

    response: Any
    form: FormReader

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", self.response.content.decode())

    @property
    def status(self) -> int:
        return int(self.response.status_code)

    @property
    def path(self) -> str:
        return str(self.response.request["PATH_INFO"])


@dataclass
class Browser:
    """Walks through pages as a person does: opens, types, sends."""

    client: Client = field(default_factory=Client)

    def open(self, address: str, **headers: str) -> Page:
        response = self.client.get(address, follow=True, headers=headers or None)
        return self._page(response)

    def send(
        self, page: Page, values: dict[str, Any] | None = None, *, without: tuple[str, ...] = ()
    ) -> Page:
        told: dict[str, Any] = {name: kept for name, kept in page.form.fields.items() if name not in without}
        told.update(values or {})
        return self._page(self.client.post(page.form.action or page.path, told, follow=True))

    def _page(self, response: Any) -> Page:
        reader = FormReader()
        if "html" in response.headers.get("Content-Type", ""):
            reader.feed(response.content.decode())
            if response.status_code == 200:
                assert len(reader.headings) == 1, (response.request["PATH_INFO"], reader.headings)
        return Page(response, reader)


def signed_in(login: str = "tutik", role: Role = Role.VILLAGE_OPERATOR, region: str = VILLAGE) -> Browser:
    account = wiring.create_account(
        login, login.title(), PASSWORD, [(role, region)], by="test", now=wiring.clock() - timedelta(days=2),
        must_change=False,
    )  # fmt: skip
    browser = Browser()
    browser.client.force_login(account)
    return browser


@pytest.fixture
def house() -> House:
    return known_house(PostgresGround(), now=wiring.clock() - timedelta(days=1))


@pytest.fixture
def browser(house: House) -> Browser:
    return signed_in()


def picture(shade: int = 0) -> bytes:
    """A PNG of one pixel."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes([0, shade])))
        + chunk(b"IEND", b"")
    )


def photo(name: str = "foto.png", shade: int = 0) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(shade), content_type="image/png")


def newest() -> Request:
    number = RequestNow.objects.order_by("-id").values_list("id", flat=True).first()
    assert number is not None
    return requests_by_number([number])[number]


def again(request: Request) -> Request:
    return requests_by_number([request.id])[request.id]


def begin(browser: Browser, kind: str, nik: str = WIFE_NIK) -> Page:
    """From the number to the draft."""
    found = browser.send(browser.open("/catat"), {"nik": nik})
    assert found.path.startswith("/catat/keluarga/")
    return browser.send(found, {"kind": kind})


# --- the whole way for each kind ------------------------------------------------------------------------------------


def test_living_conditions_from_nik_to_ticket(browser: Browser, house: House) -> None:
    page = begin(browser, "living_conditions")
    assert newest().state is State.DRAFT
    assert newest().applicant == {"name": "Siti Aminah", "standing": "member"}
    assert newest().birth_date == "1988-07-05"
    assert page.form.fields["floor_material"] == ["6"]
    assert "Tercatat sekarang" in page.text
    page = browser.send(page, {"floor_material": "8", "since_month": "Nov", "since_year": "2025"})
    page = browser.send(page, {"asset_refrigerator": "1", "livestock_goat": "3"})
    assert page.path.endswith("/bukti")
    page = browser.send(
        page, {"evidence_house_front": photo("depan.png"), "evidence_house_floor": photo("lantai.png", 9)}
    )
    assert page.path.endswith("/periksa")
    assert "Akan berubah" in page.text
    assert "Tanah" in page.text
    page = browser.send(page)
    assert page.path.endswith("/tersimpan")
    saved = newest()
    assert saved.state is State.RESERVED
    assert saved.ticket
    assert re.sub("-", "", page.text).count(saved.ticket)
    assert {one.attribute: one.wanted for one in saved.changes} == {
        "floor_material": "8", "asset_refrigerator": "1", "livestock_goat": 3,
    }  # fmt: skip
    assert {one.kind for one in saved.evidence} == {"house_front", "house_floor"}
    assert saved.holds_from is not None
    assert saved.holds_from.isoformat() == "2025-11-01"


def test_new_persons_several_with_one_nik_that_is_known(browser: Browser, house: House) -> None:
    page = begin(browser, "new_person", HEAD_NIK)
    assert page.path.endswith("/orang/0")
    page = browser.send(
        page,
        {
            "name": "Bayu Pratama", "nik": "990801 021026 0003", "birth_date_day": "2", "birth_date_month": "Oktober",
            "birth_date_year": "2025", "sex": "1", "relation": "3", "another": "1",
        },
    )  # fmt: skip
    assert page.path.endswith("/orang/1")
    page = browser.send(
        page, {"name": "Sri Rahayu", "birth_date_year": "1999", "sex": "2", "relation": "4", "nik": WIFE_NIK}
    )
    assert page.path.endswith("/orang")
    assert "Tanggal pada NIK berbeda dengan tanggal lahir" in page.text
    assert "Orang ini sudah ada di keluarga" in page.text
    page = browser.send(page)
    page = browser.send(page, {"evidence_family_card": photo()})
    page = browser.send(page)
    assert page.path.endswith("/tersimpan")
    saved = newest()
    assert saved.state is State.RESERVED
    assert saved.subject_name == "Bayu Pratama"
    people: dict[int, dict[str, Any]] = {}
    for one in saved.changes:
        people.setdefault(one.subject, {})[one.attribute] = one.wanted
    first, second = people.values()
    assert first["birth_date"] == "2025-10-02"
    assert first["family"] == second["family"] == house.family
    assert second["birth_date"] == "1999"
    assert not missing(saved)


def test_a_new_family_with_its_head_and_its_house(browser: Browser) -> None:
    page = browser.open("/catat/keluarga-baru")
    page = browser.send(page, {"applicant": "Wagiman", "standing": "member", "birth_date_year": "1971"})
    assert page.path.endswith("/isian/tempat")
    page = browser.send(
        page, {"address": "Dsn. Krajan", "rt": "02", "rw": "01", "no_kk": "9908 0112 0315 0099"}
    )
    assert page.path.endswith("/orang/0")
    assert "relation" not in page.form.named
    page = browser.send(
        page,
        {
            "name": "Wagiman",
            "birth_date_day": "3",
            "birth_date_month": "2",
            "birth_date_year": "1971",
            "sex": "1",
        },
    )
    page = browser.send(page)
    assert page.path.endswith("/isian/perumahan")
    page = browser.send(
        page, {"floor_material": "8", "wall_material": "4", "roof_material": "2", "floor_area_m2": "36"}
    )
    page = browser.send(page)
    assert page.path.endswith("/bukti")
    page = browser.open(page.path.replace("bukti", "periksa"))
    page = browser.send(page)
    saved = newest()
    assert saved.state is State.RESERVED
    assert saved.subject_name == "Wagiman"
    assert saved.region == VILLAGE
    wanted = {one.attribute: one.wanted for one in saved.changes}
    assert wanted["no_kk"] == "9908011203150099"
    assert wanted["relation"] == "1"
    assert wanted["region_lived"] == VILLAGE
    assert "Foto Kartu Keluarga belum ada" in page.text


def test_somebody_is_not_eligible_any_more(browser: Browser, house: House) -> None:
    page = begin(browser, "not_eligible", HEAD_NIK)
    assert page.form.fields["people"] == [str(house.head)]
    page = browser.send(page, {"reason": "3", "since_day": "1", "since_month": "3", "since_year": "2026"})
    assert page.path.endswith("/bukti")
    assert "Surat keterangan kematian" in page.text
    page = browser.send(page, {"evidence_death_letter": photo()})
    assert "Meninggal" in page.text
    browser.send(page)
    assert newest().kind == "change_of_pengurus", "whoever receives from now on is asked at once"
    saved = requests_by_number([newest().cause or 0])[newest().cause or 0]
    assert saved.state is State.RESERVED
    assert saved.person == house.head
    assert {one.attribute for one in saved.changes} >= {"eligibility", "registration", "died_on"}
    assert "Menunggu pengganti pengurus" in browser.open(f"/p/{saved.id}").text


def test_a_family_leaves_or_some_of_it(browser: Browser, house: House) -> None:
    page = begin(browser, "leaving")
    page = browser.send(page, {"people": [str(house.head), str(house.wife)], "reason": "own_wish"})
    page = browser.send(page, {"evidence_statement": photo()})
    browser.send(page)
    saved = newest()
    assert saved.state is State.RESERVED
    assert {one.subject for one in saved.changes if one.attribute == "registration"} == {
        house.head,
        house.wife,
    }


def test_a_death_is_reported_and_the_change_of_pengurus_opens(browser: Browser, house: House) -> None:
    page = begin(browser, "death", nik=HEAD_NIK)
    assert "Bantuan keluarga tidak berhenti karena laporan ini." in page.text
    page = browser.send(page, {"person": str(house.head)})
    assert page.path.endswith("/pelapor"), "the number of the dead was typed: who reports it?"
    assert page.form.fields["applicant"] == [""]
    page = browser.send(page, {"applicant": "Siti Aminah", "standing": "member", "birth_date_year": "1988"})
    assert page.path.endswith("/bukti")
    assert newest().applicant["name"] == "Siti Aminah"
    page = browser.send(page, {"evidence_death_letter": photo("surat.png")})
    assert "Tanggal meninggal belum diisi" in page.text
    page = browser.send(
        browser.open(f"/catat/{newest().id}/isian"),
        {"since_day": "2", "since_month": "11", "since_year": "2025"},
    )
    page = browser.send(browser.open(f"/catat/{newest().id}/periksa"))
    assert page.path.endswith("/tersimpan")
    for words in (
        "minta akta kematian",
        "Surat keterangan kematian dari desa",
        "Gratis",
        "Pilih pengurus baru",
    ):
        assert words in page.text
    successor, report = newest(), requests_by_number([newest().cause or 0])[newest().cause or 0]
    assert (successor.kind, successor.state, report.kind, report.state) == (
        "change_of_pengurus", State.DRAFT, "death", State.RESERVED,
    )  # fmt: skip
    assert {one.attribute: one.wanted for one in report.changes} == {"died_on": "2025-11-02"}
    told = browser.open(f"/p/{report.id}")
    assert "Dirujuk ke Dukcapil" in told.text
    assert f'href="/catat/{successor.id}"' in told.text
    page = browser.open(f"/catat/{successor.id}")
    assert "Dibuka sendiri karena Slamet Riyadi dilaporkan meninggal" in page.text
    assert f'value="{house.head}"' not in page.text
    paper = browser.open(f"/p/{report.id}/tanda-terima")
    for words in ("minta akta kematian", "Yang perlu dilakukan keluarga ada di bawah"):
        assert words in paper.text
    assert browser.client.get(f"/p/{report.id}/tanda-terima.pdf").content.startswith(b"%PDF")
    refused = browser.send(page, {"person": str(house.head)})
    assert (refused.status, "Pilih satu orang." in refused.text) == (422, True)
    page = browser.send(page, {"person": str(house.wife)})
    assert page.path.endswith("/bukti")
    page = browser.open(f"/catat/{successor.id}/periksa")
    assert "Siti Aminah" in page.text
    browser.send(page)
    assert again(successor).state is State.RESERVED


def test_papers_are_taken_to_the_civil_registry(browser: Browser, house: House) -> None:
    page = begin(browser, "correction:card_wrong")
    assert "Mana yang keliru? Ganti hanya itu." in page.text
    assert page.form.fields["name"] == ["Siti Aminah"]
    page = browser.send(page, {"name": "Siti Aminatun"})
    assert page.path.endswith("/bukti")
    page = browser.send(page, {"evidence_family_card": photo("kk.png")})
    for words in ("Siti Aminatun", "minta nama pada KTP", "Akta kelahiran, ijazah, atau buku nikah"):
        assert words.lower() in page.text.lower()
    browser.send(page)
    asked = newest()
    assert {one.attribute: one.wanted for one in asked.changes} == {"name": "Siti Aminatun"}
    assert (asked.person, asked.reason, asked.state) == (house.wife, "card_wrong", State.RESERVED)
    page = browser.open(f"/p/{asked.id}")
    assert f'href="/p/{asked.id}/rujuk"' in page.text
    refused = browser.send(browser.open(f"/p/{asked.id}/rujuk"), {"statement": ""})
    assert refused.status == 422
    page = browser.send(browser.open(f"/p/{asked.id}/rujuk"), {"statement": "dibawa anaknya hari Senin"})
    assert "Menunggu Dukcapil" in page.text
    assert "dibawa anaknya hari Senin" in page.text
    assert "Berkasnya sudah dibawa ke kantor catatan sipil (Dukcapil)." in page.text
    assert f'href="/p/{asked.id}/rujuk"' not in page.text


def test_a_card_that_is_right_sends_nobody_anywhere(browser: Browser, house: House) -> None:
    page = begin(browser, "correction:card_right")
    page = browser.send(page, {"birth_date_day": "6", "birth_date_month": "7", "birth_date_year": "1988"})
    page = browser.open(f"/catat/{newest().id}/periksa")
    assert "Tidak perlu ke kantor mana pun." in page.text
    browser.send(page)
    assert "Tidak perlu ke kantor mana pun." in browser.open(f"/p/{newest().id}").text


def test_whose_card_is_wrong_is_asked_where_a_card_led_to_the_family(browser: Browser, house: House) -> None:
    page = begin(browser, "correction:card_wrong", nik="9908011203150007")
    assert page.path.endswith("/siapa")
    page = browser.send(page, {"person": str(house.wife)})
    assert page.form.fields["name"] == ["Siti Aminah"]
    assert newest().person == house.wife


def test_what_is_wrong_about_a_house_is_recorded_like_a_change(browser: Browser, house: House) -> None:
    page = begin(browser, "living_conditions:")
    assert "floor_material" in page.form.fields
    assert newest().kind == "living_conditions"


def test_a_family_moves_to_another_house_or_village(browser: Browser, house: House) -> None:
    from tests.web.pages import load_places

    load_places()
    page = begin(browser, "moved")
    assert page.form.fields["rt"] == ["03"]
    searched = browser.send(page, {"rt": "05", "region_lived_query": "Padomasan", "region_lived_search": "1"})
    assert "Padomasan" in searched.text
    assert searched.form.fields["rt"] == ["05"]
    page = browser.send(searched, {"region_lived": ELSEWHERE})
    assert page.path.endswith("/bukti")
    page = browser.send(page, {"evidence_move_letter": photo("surat.png")})
    for words in ("Padomasan", "Minta alamat pada Kartu Keluarga dan KTP diganti.", "tidak menunggu ini"):
        assert words in page.text
    browser.send(page)
    wanted = {one.attribute: one.wanted for one in newest().changes}
    assert wanted.pop("dwelling") != house.dwelling, "another house, of which nothing is known yet"
    assert wanted == {"rt": "05", "region_lived": ELSEWHERE}


def test_a_family_that_moved_is_seen_where_it_lives(browser: Browser, house: House) -> None:
    walk = Walker(PostgresGround(), now=wiring.clock() - timedelta(hours=2), houses={"A": house})
    for deed, who in TO_APPLIED:
        if deed != "deliberate fit":
            walk.must(f"record moved region_lived={ELSEWHERE} rt=05" if deed == "record" else deed, who)
    there = signed_in("yanti", region=ELSEWHERE)
    for part in ("", "?bagian=anggota", "?bagian=kondisi", "?bagian=riwayat"):
        assert "Slamet Riyadi" in there.open(f"/k/{house.family}{part}").text
        assert browser.open(f"/k/{house.family}{part}").status == 404
    assert there.open(f"/o/{house.wife}").status == 200
    floor = parameters.load().attributes.words("floor_material", "6", "id")
    assert floor not in there.open(f"/k/{house.family}?bagian=kondisi").text, (
        "the house that was left is not theirs"
    )
    assert begin(there, "living_conditions").status == 200
    supervisor = signed_in("agus", Role.SUPERVISOR, ELSEWHERE[:4])
    visits = supervisor.open("/kunjungan?bagian=menunggu").text
    assert "Slamet Riyadi" in visits
    address = re.findall(r"/kunjungan/\d+", visits)[0]
    assert "Keluarga Slamet Riyadi pindah rumah." in supervisor.open(address).text


def test_every_kind_has_its_way() -> None:
    """A kind without a test of its own, above or in `test_rearranging`, would be recorded unseen."""
    here = {
        "living_conditions",
        "new_person",
        "new_family",
        "not_eligible",
        "leaving",
        "death",
        "correction",
        "moved",
        "change_of_pengurus",
    }
    assert set(KINDS) == here | {"family_split", "family_join", "double_id"}


# --- nothing typed is lost, nothing is done twice -------------------------------------------------------------------


def test_a_draft_survives_and_is_offered_again(browser: Browser, house: House) -> None:
    page = begin(browser, "living_conditions")
    browser.send(page, {"floor_material": "8"})
    page = browser.open("/catat")
    assert f"/catat/{newest().id}" in page.form.links
    page = browser.open(f"/catat/{newest().id}/isian/perumahan")
    assert page.form.fields["floor_material"] == ["8"]
    assert re.search(r"Tersimpan \d\d\.\d\d", page.text)


def test_the_same_form_twice_makes_one_draft_and_one_ticket(browser: Browser, house: House) -> None:
    found = browser.send(browser.open("/catat"), {"nik": WIFE_NIK})
    for _ in range(2):
        browser.send(found, {"kind": "living_conditions"})
    assert RequestNow.objects.count() == 1
    check = browser.open(f"/catat/{newest().id}/periksa")
    first = browser.send(check)
    ticket = newest().ticket
    second = browser.send(check)
    assert first.path == second.path
    assert newest().ticket == ticket
    assert EventRow.objects.filter(type="reserved").count() == 1


def test_a_page_sent_twice_is_saved_once(browser: Browser, house: House) -> None:
    page = begin(browser, "living_conditions")
    for _ in range(2):
        after = browser.send(page, {"floor_material": "8"})
    assert after.path.endswith("/isian/aset")
    assert EventRow.objects.filter(type="amended").count() == 1


def test_wrong_values_are_kept_with_their_sentences(browser: Browser, house: House) -> None:
    page = begin(browser, "living_conditions")
    page = browser.send(page, {"floor_area_m2": "sangat luas", "wall_material": "4"})
    assert page.status == 422
    assert "Galat:" in page.text
    assert 'value="sangat luas"' in page.text
    assert "belum terbaca sebagai angka" in page.text
    assert page.form.fields["wall_material"] == ["4"]
    page = browser.send(page, {"floor_area_m2": "36"})
    assert page.path.endswith("/isian/aset")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("990801 450788 000", "NIK baru 15 angka, kurang 1."),
        ("990801a507880003", "Ada huruf di tempat ke-7."),
        ("99080145078800031", "NIK 17 angka, lebih 1."),
        ("", "NIK belum diisi."),
    ],
)
def test_a_number_that_is_none_says_what_is_wrong(browser: Browser, typed: str, sentence: str) -> None:
    page = browser.send(browser.open("/catat"), {"nik": typed})
    assert page.status == 422
    assert sentence in page.text
    assert typed.replace(" ", "")[:6] in page.text


def test_a_number_that_nobody_has_leads_on_in_three_ways(browser: Browser) -> None:
    page = browser.send(browser.open("/catat"), {"nik": "9908014507880099"})
    assert page.status == 200
    assert "/catat/cari" in page.form.links
    assert "/catat/keluarga-baru" in page.form.links
    assert page.form.fields["nik"] == ["990801 450788 0099"]
    page = browser.send(browser.open("/catat/keluarga-baru"), {"applicant": "Sumi", "standing": "member"})
    page = browser.open(f"/catat/{newest().id}/orang/0")
    assert page.form.fields["nik"] == ["990801 450788 0099"], "what was typed once is not asked again"


def test_a_family_is_found_by_its_card_and_by_a_name(browser: Browser, house: House) -> None:
    page = browser.send(browser.open("/catat"), {"nik": "9908.0112.0315.0007"})
    assert page.path == f"/catat/keluarga/{house.family}"
    page = browser.open("/catat/cari?nama=siti+aminnah")
    assert f"/catat/keluarga/{house.family}?orang={house.wife}" in page.form.links
    assert "Tidak ditemukan" in browser.open("/catat/cari?nama=zzzzzz").text


def test_while_typing_the_answer_is_a_card(browser: Browser, house: House) -> None:
    page = browser.client.get(f"/catat/nomor?nik={WIFE_NIK}", headers={"HX-Request": "true"})
    assert "Siti Aminah" in page.content.decode()
    assert "<html" not in page.content.decode()
    assert browser.open(f"/catat/nomor?nik={WIFE_NIK}").path == "/catat"


def test_other_open_requests_are_shown(browser: Browser, house: House) -> None:
    begin(browser, "living_conditions")
    first = newest()
    page = browser.open(f"/catat/keluarga/{house.family}")
    assert f"/p/{first.id}" in page.form.links


def test_a_newcomer_who_is_asked_for_already_is_shown(browser: Browser, house: House) -> None:
    nik = "9908011203990001"
    page = begin(browser, "new_person")
    browser.send(
        page, {"name": "Bayu", "nik": nik, "birth_date_day": "12", "birth_date_month": "3", "birth_date_year": "1999",
               "sex": "1", "relation": "3"},
    )  # fmt: skip
    page = browser.send(browser.open("/catat"), {"nik": nik})
    assert "Nomor ini sudah ditulis dalam permintaan" in page.text
    assert f'href="/p/{newest().id}"' in page.text
    other = signed_in("yanti", region=ELSEWHERE)
    assert "Nomor ini sudah ditulis" not in other.send(other.open("/catat"), {"nik": nik}).text


# --- the narrow door ------------------------------------------------------------------------------------------------


def knock(browser: Browser, **told: str) -> Page:
    typed = {
        "nik": WIFE_NIK,
        "name": "Siti Aminah",
        "birth_date_day": "5",
        "birth_date_month": "7",
        "birth_date_year": "1988",
    }
    return browser.send(browser.open("/catat/tempat-lain"), typed | told)


@pytest.fixture
def stranger(house: House) -> Browser:
    """An operator of another kabupaten, who sees nobody of this one."""
    from tests.web.pages import load_places

    load_places()
    return signed_in("yanti", region=ELSEWHERE)


def test_the_door_says_yes_and_which_kabupaten_and_nothing_more(stranger: Browser, house: House) -> None:
    page = knock(stranger, name="siti  AMINAH")
    assert "Ya, terdaftar di Kab. Lumajang." in page.text
    for hidden in ("Jenggrong", "Ranuyoso", "Slamet", "9908011203150007", f"/o/{house.wife}"):
        assert hidden not in page.text


@pytest.mark.parametrize(
    "told",
    [
        {"nik": HEAD_NIK}, {"name": "Siti Rahayu"}, {"birth_date_day": "6"}, {"birth_date_year": "1989"},
        {"nik": "9908014507880004"},
    ],
)  # fmt: skip
def test_the_door_says_no_unless_all_three_agree(stranger: Browser, told: dict[str, str]) -> None:
    page = knock(stranger, **told)
    assert page.status == 200
    assert "Tidak ada yang cocok di tempat lain." in page.text
    assert "Lumajang" not in page.text


def test_the_place_of_origin_is_told_of_the_move(stranger: Browser, house: House) -> None:
    """Nothing is changed from outside: the village where somebody is registered gets a task, once, with who says so."""
    page = knock(stranger)
    for _ in range(2):
        told = stranger.send(page, {"tell": "yes"})
        assert "Desa asalnya sudah diberi tahu." in told.text
        assert "Lumajang" not in told.text
    [task] = Task.objects.all()
    assert (task.rule, task.subject, task.region, task.owner) == (
        "lives-elsewhere-now", house.wife, VILLAGE, "village_operator",
    )  # fmt: skip
    seen = signed_in().open("/").text
    assert "Yanti di Desa Padomasan" in seen
    assert "Siti Aminah sekarang tinggal di sana" in seen


def test_the_door_says_no_of_ones_own_people_and_of_those_who_left(browser: Browser, house: House) -> None:
    assert "Tidak ada yang cocok di tempat lain." in knock(browser).text
    walk = Walker(PostgresGround(), now=wiring.clock() - timedelta(hours=2), houses={"A": house})
    walk.must("state registration=ended")
    assert "Tidak ada yang cocok di tempat lain." in knock(signed_in("yanti", region=ELSEWHERE)).text


@pytest.mark.parametrize(
    "told",
    [
        {"nik": "123"},
        {"name": ""},
        {"birth_date_day": "", "birth_date_month": ""},
        {"birth_date_year": "2999"},
    ],
)
def test_the_door_asks_for_all_three(stranger: Browser, told: dict[str, str]) -> None:
    """A year alone would be guessed within a hundred tries, so it is no answer; what is incomplete is no try either."""
    page = knock(stranger, **told)
    assert page.status == 422
    assert Attempt.objects.filter(door="elsewhere").count() == 0


def test_the_door_closes_after_some_tries_whatever_the_answers(stranger: Browser) -> None:
    for _ in range(4):
        assert knock(stranger).status == 200
    assert knock(stranger).status == 429
    shut = knock(signed_in("agus", region=ELSEWHERE))
    assert (shut.status, "Terlalu banyak pertanyaan" in shut.text) == (429, True)
    for place in range(6):
        assert knock(stranger, nik=f"990801450788{place + 100:04d}").status == 200
    assert knock(stranger, nik="9908014507880999").status == 429


def test_every_try_at_the_door_is_logged_with_its_purpose(stranger: Browser, house: House) -> None:
    knock(stranger)
    knock(stranger, name="Siti Rahayu")
    told = list(
        Reading.objects.filter(purpose="elsewhere").order_by("id").values_list("actor", "subjects", "region")
    )
    assert told == [("yanti", [house.wife], VILLAGE), ("yanti", [], ELSEWHERE)]


def test_only_who_records_stands_at_the_door(house: House) -> None:
    assert signed_in("rudi", Role.VERIFIER, KABUPATEN).open("/catat/tempat-lain").status == 404


def test_a_second_head_is_asked_about(browser: Browser, house: House) -> None:
    page = begin(browser, "new_person")
    page = browser.send(page, {"name": "Bayu", "birth_date_year": "1990", "sex": "1", "relation": "1"})
    assert page.status == 422
    assert "sudah punya kepala keluarga" in page.text
    assert page.form.fields["name"] == ["Bayu"]
    assert page.form.fields["relation"] == ["1"]


def test_a_disguised_script_is_refused_and_the_rest_is_kept(browser: Browser, house: House) -> None:
    begin(browser, "living_conditions")
    number = newest().id
    browser.send(browser.open(f"/catat/{number}/isian/perumahan"), {"floor_material": "8"})
    page = browser.open(f"/catat/{number}/bukti")
    script = SimpleUploadedFile("lantai.jpg", b"<?php echo 1; ?>", content_type="image/jpeg")
    page = browser.send(page, {"evidence_house_front": photo(), "evidence_house_floor": script})
    assert page.status == 422
    assert "bukan PDF, JPEG, atau PNG" in page.text
    kept = again(newest())
    assert [one.kind for one in kept.evidence] == ["house_front"]
    assert [one.attribute for one in kept.changes] == ["floor_material"]
    assert "foto.png" in page.text
    page = browser.send(page, {"evidence_house_floor": photo("lantai.png", 7)})
    assert page.path.endswith("/periksa")
    assert {one.kind for one in again(newest()).evidence} == {"house_front", "house_floor"}


def test_one_question_a_page_on_a_phone_with_the_same_names(browser: Browser, house: House) -> None:
    begin(browser, "living_conditions")
    number = newest().id
    page = browser.open(f"/catat/{number}/isian?tampil=satu")
    assert f"/catat/{number}/isian/perumahan/floor_material" in page.form.links
    page = browser.open(f"/catat/{number}/isian/perumahan/floor_material")
    assert page.form.headings == ["Lantai rumah yang paling luas dari apa?"]
    page = browser.send(page, {"floor_material": "8", "evidence_house_floor": photo()})
    assert page.path.endswith("/bukti")
    saved = again(newest())
    assert [one.wanted for one in saved.changes] == ["8"]
    assert [one.kind for one in saved.evidence] == ["house_floor"]


def test_phones_are_asked_one_by_one(browser: Browser, house: House) -> None:
    begin(browser, "living_conditions")
    page = browser.open(
        f"/catat/{newest().id}/isian", user_agent="Mozilla/5.0 (Linux; Android 8.1) Mobile Safari"
    )
    assert page.form.headings == ["Mana yang berubah?"]


def test_the_applicant_can_be_put_right(browser: Browser, house: House) -> None:
    begin(browser, "living_conditions")
    page = browser.open(f"/catat/{newest().id}/pemohon")
    refused = browser.send(page, {"applicant": "", "birth_date_year": "1800"})
    assert refused.status == 422
    assert refused.form.fields["birth_date_year"] == ["1800"]
    browser.send(page, {"applicant": "Pak Karto", "standing": "guardian", "birth_date_day": "5-7-1960",
                        "birth_date_month": "", "birth_date_year": ""})  # fmt: skip
    assert newest().applicant == {"name": "Pak Karto", "standing": "guardian"}
    assert newest().birth_date == "1960-07-05"


def test_whoever_is_too_late_is_told_and_loses_nothing(browser: Browser, house: House) -> None:
    begin(browser, "living_conditions")
    number = newest().id
    page = browser.open(f"/catat/{number}/isian/perumahan")
    other = signed_in("wawan")
    other.send(other.open(f"/catat/{number}/isian/perumahan"), {"wall_material": "1"})
    late = browser.send(page, {"floor_material": "8"})
    assert late.status == 422
    assert "Wawan" in late.text
    assert late.form.fields["floor_material"] == ["8"]
    after = browser.send(late)
    assert after.path.endswith("/isian/aset")


# --- conflicts ------------------------------------------------------------------------------------------------------


def tell(house: House, **values: Any) -> None:
    """Another source says something about the same house."""
    wiring.perform(
        state_facts, [Stated(house.dwelling, "dwelling", values)], region=VILLAGE,
        holds_from=wiring.clock().date(), authority="social", source="source:other", actor=SYSTEM, now=wiring.clock(),
    )  # fmt: skip


def test_a_conflict_stands_first_and_has_two_ways_out(browser: Browser, house: House) -> None:
    page = begin(browser, "living_conditions")
    browser.send(page, {"floor_material": "8", "wall_material": "1"})
    tell(house, floor_material="7")
    number = newest().id
    browser.send(browser.open(f"/catat/{number}/isian/aset"), {"asset_car": "2"})
    page = browser.open(f"/catat/{number}/periksa")
    assert "Bentrok" in page.text, "completing another answer does not hide it"
    assert page.text.index("Bentrok") < page.text.index("Akan berubah")
    ways = [one["value"] for one in page.form.buttons if one.get("name") == "way"]
    page = browser.send(page, {"way": next(one for one in ways if one.startswith("ours"))})
    assert "Bentrok" not in page.text
    tell(house, floor_material="5")
    page = browser.open(f"/catat/{number}/periksa")
    ways = [one["value"] for one in page.form.buttons if one.get("name") == "way"]
    page = browser.send(page, {"way": next(one for one in ways if one.startswith("current"))})
    assert "floor_material" not in {one.attribute for one in newest().changes}


# --- the page of a request ------------------------------------------------------------------------------------------


def walked(house: House, *deeds: tuple[str, str]) -> Request:
    walk = Walker(PostgresGround(), now=wiring.clock() - timedelta(minutes=30))
    walk.houses["A"] = house
    for words, who in deeds:
        walk.must(words, who)
    return walk.request


WAY_TO_VERIFIER = (
    ("record", "operator"), ("prove", "operator"), ("reserve", "operator"), ("deliberate fit", "village head"),
)  # fmt: skip


def test_the_page_says_what_it_waits_for_who_since_and_until(browser: Browser, house: House) -> None:
    asked = walked(house, *WAY_TO_VERIFIER)
    page = browser.open(f"/p/{asked.id}")
    for words in ("Menunggu masa pemutakhiran", "Yang bertindak", "Sejak", "menurut kebiasaan dibuka"):
        assert words in page.text
    assert "Diputus layak oleh desa" in page.text
    assert Reading.objects.filter(purpose="request", subjects__contains=[house.family]).exists()


def test_buttons_are_those_of_the_route(browser: Browser, house: House) -> None:
    asked = walked(house, ("record", "operator"), ("reserve", "operator"))
    page = browser.open(f"/p/{asked.id}")
    for address in (f"/catat/{asked.id}/isian", f"/catat/{asked.id}/bukti", f"/p/{asked.id}/tarik"):
        assert address in page.form.links
    assert f"/p/{asked.id}/keberatan" not in page.form.links
    verifier = signed_in("rudi", Role.VERIFIER, KABUPATEN)
    page = verifier.open(f"/p/{asked.id}")
    assert page.status == 200
    assert f"/p/{asked.id}/tarik" not in page.form.links


def test_withdrawing_needs_a_statement_and_ends_it(browser: Browser, house: House) -> None:
    asked = walked(house, ("record", "operator"), ("reserve", "operator"))
    page = browser.open(f"/p/{asked.id}/tarik")
    assert browser.send(page, {"statement": "  "}).status == 422
    page = browser.send(page, {"statement": "Pindah ke luar kota"})
    assert again(asked).state is State.WITHDRAWN
    assert "Pindah ke luar kota" in page.text
    assert browser.send(browser.open(f"/p/{asked.id}/tarik"), {"statement": "lagi"}).status == 422


def test_an_appeal_brings_it_back(browser: Browser, house: House) -> None:
    asked = walked(
        house, ("record", "operator"), ("prove", "operator"), ("reserve", "operator"),
        ("deliberate not_fit", "village head"),
    )  # fmt: skip
    page = browser.open(f"/p/{asked.id}")
    assert f"/p/{asked.id}/keberatan" in page.form.links
    page = browser.send(browser.open(f"/p/{asked.id}/keberatan"), {"statement": "Lantai kami sungguh tanah."})
    assert again(asked).state is State.RESERVED
    assert again(asked).appealed


def test_a_request_in_conflict_is_taken_up_value_by_value(browser: Browser, house: House) -> None:
    walk = Walker(PostgresGround(), now=wiring.clock() - timedelta(days=20))
    walk.houses["A"] = house
    walk.must("record living_conditions floor_material=8 wall_material=1", "operator")
    for words, who in WAY_TO_VERIFIER[1:]:
        walk.must(words, who)
    walk.must("state floor_material=7", "system")
    walk.must("open a window", "supervisor")
    walk.do("pack", "system")
    asked = again(walk.request)
    assert asked.state is State.CONFLICT
    page = browser.open(f"/p/{asked.id}")
    name = f"keep_{house.dwelling}_floor_material"
    assert name in page.form.named
    undecided = browser.send(page)
    assert undecided.status == 422
    assert "pilih dulu nilai mana yang dipakai" in undecided.text
    browser.send(page, {name: "current"})
    taken = again(asked)
    assert taken.state is State.RESERVED
    assert [one.attribute for one in taken.changes] == ["wall_material"]


def test_the_resident_wants_to_cancel(browser: Browser, house: House) -> None:
    asked = walked(house, ("record", "operator"), ("reserve", "operator"))
    holder = wiring.resident_of(VILLAGE)
    wiring.perform(
        change_request.ask_cancellation, asked.id, region=VILLAGE, actor=holder, now=wiring.clock()
    )
    page = browser.open(f"/p/{asked.id}")
    assert "Pemohon meminta permintaan ini dibatalkan" in page.text
    assert f"/p/{asked.id}/tarik" in page.form.links


def test_the_receipt_is_a_page_and_a_file_without_nik_and_address(browser: Browser, house: House) -> None:
    asked = walked(house, ("record", "operator"), ("reserve", "operator"))
    page = browser.open(f"/p/{asked.id}/tanda-terima")
    assert "Layanan ini gratis" in page.text
    assert WIFE_NIK not in re.sub(r"\D", "", page.text)
    assert "RT" not in page.text
    file = browser.client.get(f"/p/{asked.id}/tanda-terima.pdf")
    assert file.content.startswith(b"%PDF-")
    from pypdf import PdfReader

    text = PdfReader(BytesIO(file.content)).pages[0].extract_text()
    assert asked.ticket is not None
    assert asked.ticket[:4] in text
    draft = walked(house, ("record", "operator"))
    assert browser.client.get(f"/p/{draft.id}/tanda-terima").status_code == 404


# --- what is outside does not exist ---------------------------------------------------------------------------------


def test_outside_the_scope_nothing_is_there(browser: Browser, house: House) -> None:
    page = begin(browser, "living_conditions")
    number = newest().id
    browser.send(browser.open(f"/catat/{number}/bukti"), {"evidence_house_front": photo()})
    digest = newest().evidence[0].digest
    file = browser.client.get(f"/p/{number}/berkas/{digest}")
    assert file.status_code == 200
    assert file.content == picture()
    assert file["X-Content-Type-Options"] == "nosniff"
    assert file["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert file["Content-Disposition"].startswith("attachment")
    stranger = signed_in("yanti", region=ELSEWHERE)
    for address in (
        f"/catat/keluarga/{house.family}", f"/catat/{number}", page.path, f"/catat/{number}/bukti",
        f"/catat/{number}/periksa", f"/catat/{number}/pemohon", f"/catat/{number}/tersimpan", f"/p/{number}",
        f"/p/{number}/berkas/{digest}", f"/p/{number}/tarik", f"/p/{number}/tanda-terima.pdf",
    ):  # fmt: skip
        assert stranger.client.get(address).status_code == 404, address
        assert stranger.client.post(address, {"kind": "leaving"}).status_code == 404, address
    assert stranger.client.post(f"/p/{number}/lanjutkan").status_code == 404
    unknown = stranger.send(stranger.open("/catat"), {"nik": WIFE_NIK})
    assert "belum ada di wilayah Anda" in unknown.text
    assert f"/catat/keluarga/{house.family}" not in " ".join(
        stranger.open("/catat/cari?nama=siti aminah").form.links
    )


def test_only_files_of_this_request_are_given(browser: Browser, house: House) -> None:
    begin(browser, "living_conditions")
    first = newest().id
    browser.send(browser.open(f"/catat/{first}/bukti"), {"evidence_house_front": photo()})
    digest = newest().evidence[0].digest
    begin(browser, "leaving")
    assert browser.client.get(f"/p/{newest().id}/berkas/{digest}").status_code == 404
    assert browser.client.get(f"/p/{first}/berkas/{'0' * 64}").status_code == 404
    assert browser.client.get(f"/p/{first}/berkas/..%2f..%2fsecret").status_code == 404


def test_without_an_account_one_is_asked_to_sign_in(house: House) -> None:
    for address in ("/catat", f"/catat/keluarga/{house.family}", "/p/1", "/catat/cari?nama=siti"):
        assert Client().get(address).status_code == 302
    verifier = signed_in("rudi", Role.VERIFIER, KABUPATEN)
    assert verifier.client.get("/catat").status_code == 404


def test_a_data_filler_names_the_village(house: House) -> None:
    filler = signed_in("dewi", Role.DATA_FILLER, KABUPATEN)
    page = filler.open("/catat/keluarga-baru")
    refused = filler.send(page, {"applicant": "Sumi", "standing": "member"})
    assert refused.status == 422
    assert refused.form.fields["applicant"] == ["Sumi"]
    filler.send(page, {"applicant": "Sumi", "standing": "member", "village": ELSEWHERE})
    assert RequestNow.objects.count() == 0, "a village outside the scope is not taken"
    filler.send(page, {"applicant": "Sumi", "standing": "member", "village": VILLAGE})
    assert newest().region == VILLAGE


# --- whatever is sent, there is an answer ---------------------------------------------------------------------------

NASTY = (
    "", " ", "\x00", "\x00\x01\x02", "😀" * 400, "-1", "0", "9" * 5000, "1e999", "NaN", "null", "[1,2,3]", "{}",
    "<script>alert(1)</script>", "' OR 1=1 --", "%s%n", "../../etc/passwd", "٣٤٥", "²", "\u202e\u200b", "a" * 100_000,
    "31-02-1988", "0000-00-00", "9999-12-31", "\r\nSet-Cookie: a=b",
)  # fmt: skip


@pytest.mark.parametrize("shift", range(0, len(NASTY), 4))
def test_nasty_answers_are_answered(browser: Browser, house: House, shift: int) -> None:
    """Each field gets another of the values; from run to run they move on."""

    def value_of(place: int) -> str:
        return NASTY[(shift + place) % len(NASTY)]

    addresses = ["/catat", "/catat/keluarga-baru", f"/catat/keluarga/{house.family}"]
    begin(browser, "living_conditions")
    first = newest().id
    addresses += [f"/catat/{first}/isian/perumahan", f"/catat/{first}/isian/aset", f"/catat/{first}/pemohon"]
    addresses += [
        f"/catat/{first}/periksa",
        f"/p/{first}/tarik",
        f"/p/{first}/keberatan",
        f"/p/{first}/lanjutkan",
    ]
    begin(browser, "new_person")
    addresses += [f"/catat/{newest().id}/orang/0", f"/catat/{newest().id}/orang"]
    begin(browser, "leaving")
    addresses += [f"/catat/{newest().id}/isian"]
    for address in addresses:
        page = browser.open(address if not address.endswith("lanjutkan") else f"/p/{first}")
        names = sorted(page.form.named - {"csrfmiddlewaretoken"} | {"way", "drop", "kind", "people", "orang"})
        sent = {name: [value_of(place), value_of(place + 1)] for place, name in enumerate(names)}
        response = browser.client.post(address, sent)
        assert response.status_code in (200, 302, 404, 409, 413, 422), (address, response.status_code)
    for address in ("/catat/cari", "/catat/nomor", f"/catat/keluarga/{house.family}"):
        response = browser.client.get(
            address, {"nama": value_of(0), "nik": value_of(1), "orang": value_of(2)}
        )
        assert response.status_code in (200, 302, 404, 422)
    assert not Incident.objects.exists(), Incident.objects.values_list("trace", flat=True).first()


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), "9" * 400, "abc", "1.5", "%00"])
def test_numbers_that_are_none_are_not_found(browser: Browser, number: str) -> None:
    for address in (
        f"/p/{number}",
        f"/catat/{number}",
        f"/catat/keluarga/{number}",
        f"/catat/{number}/periksa",
    ):
        assert browser.client.get(address).status_code == 404, address


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=st.lists(st.text(max_size=40), min_size=12, max_size=12))
def test_any_text_in_a_persons_form_has_an_answer(browser: Browser, house: House, answers: list[str]) -> None:
    if not RequestNow.objects.exists():
        begin(browser, "new_person")
    page = browser.open(f"/catat/{newest().id}/orang/0")
    names = sorted(page.form.named - {"csrfmiddlewaretoken", "form_id", "seen"})
    browser.send(page, dict(zip(names, answers * 2, strict=False)))
    assert not Incident.objects.exists(), Incident.objects.values_list("trace", flat=True).first()


def test_what_was_recorded_changes_nothing_in_the_register(browser: Browser, house: House) -> None:
    before = read_current([house.dwelling])
    page = begin(browser, "living_conditions")
    browser.send(page, {"floor_material": "8"})
    browser.send(browser.open(f"/catat/{newest().id}/periksa"))
    assert read_current([house.dwelling]) == before


# --- in words -------------------------------------------------------------------------------------------------------


def test_what_is_recorded_now_is_shown_with_its_day_and_source(browser: Browser, house: House) -> None:
    page = begin(browser, "living_conditions")
    assert "sejak 14 Maret 2024" in page.text


def test_a_request_that_was_returned_says_why_and_goes_on(browser: Browser, house: House) -> None:
    asked = walked_to_returned(house)
    page = browser.open(f"/p/{asked.id}")
    assert "Foto tidak terbaca" in page.text
    assert f"/catat/{asked.id}/bukti" in page.form.links
    after = browser.send(
        browser.open(f"/catat/{asked.id}/bukti"), {"evidence_house_front": photo("baru.png", 3)}
    )
    assert after.path == f"/p/{asked.id}"
    browser.send(browser.open(f"/p/{asked.id}"))
    assert again(asked).state in (State.RESERVED, State.DELIBERATED)


def walked_to_returned(house: House) -> Request:
    walk = Walker(PostgresGround(), now=wiring.clock() - timedelta(days=9))
    walk.houses["A"] = house
    for words, who in (
        *WAY_TO_VERIFIER,
        ("open a window", "supervisor"),
        ("pack", "system"),
        ("hand over", "village head"),
        ("verify returned photo_unclear", "verifier"),
    ):
        walk.must(words, who)
    return walk.request
