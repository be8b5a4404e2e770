"""The village's reserve, its meetings, its papers and its hand-over, as its people use them, without script."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from mutakhir import wiring
from mutakhir.actions import change_request, window
from mutakhir.core.actors import Role
from mutakhir.core.change_requests import Request, missing
from mutakhir.core.digests import shown as digest_shown
from mutakhir.core.flows.session import Session
from mutakhir.core.flows.window import Act
from mutakhir.core.regions import normalise_region_name
from mutakhir.queries.reserve import valid_since
from mutakhir.queries.session import find_session, session_turns
from mutakhir.store.models import Account, Reading, RegionRow
from tests.builders import CAST, KABUPATEN, VILLAGE, PostgresGround, Walker

pytestmark = pytest.mark.django_db

REGIONS = {
    "35": "Jawa Timur",
    "3508": "Lumajang",
    "350815": "Senduro",
    "3508152001": "Burno",
    "3508152002": "Kandangan",
}
LEVELS = {2: "province", 4: "kabupaten", 6: "kecamatan", 10: "village"}
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\n"
    b"startxref\n164\n%%EOF\n"
)


@pytest.fixture(autouse=True)
def regions() -> None:
    RegionRow.objects.bulk_create(
        RegionRow(code=code, name=name, name_key=normalise_region_name(name), level=LEVELS[len(code)])
        for code, name in REGIONS.items()
    )


def sign_in(login: str, name: str, role: Role, region: str) -> Client:
    if not Account.objects.filter(login=login).exists():
        wiring.create_account(
            login, name, "rahasia-desa-1", [(role, region)], by="test", now=wiring.clock(), must_change=False
        )
    client = Client()
    client.force_login(Account.objects.get(login=login))
    return client


@pytest.fixture
def operator() -> Client:
    return sign_in("tutik", "Tutik Handayani", Role.VILLAGE_OPERATOR, VILLAGE)


@pytest.fixture
def head() -> Client:
    return sign_in("kades", "Sutrisno", Role.VILLAGE_HEAD, VILLAGE)


@pytest.fixture
def verifier() -> Client:
    return sign_in("rudi", "Rudi Prasetyo", Role.VERIFIER, KABUPATEN)


@pytest.fixture
def stranger() -> Client:
    return sign_in("yanti", "Yanti", Role.VILLAGE_OPERATOR, "3508152002")


@pytest.fixture
def walk() -> Walker:
    """The clock of the builders stands at this very hour, for the pages ask the real one."""
    return Walker(PostgresGround(), now=wiring.clock() - timedelta(minutes=5))


def reserved(walk: Walker, name: str, *, proved: bool = True, kind: str = "") -> int:
    """A request in the reserve, about a house of its own."""
    walk.name = name
    walk.must(f"record {kind}".strip(), "operator")
    if proved:
        walk.must("prove", "operator")
    return walk.must("reserve", "operator").number


class Page(HTMLParser):
    """What a person sees of a page: its headings, its text, its buttons."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.h1 = 0
        self.disabled: list[tuple[str, str]] = []
        self.ids: dict[str, str] = {}
        self.text: list[str] = []
        self._inside: list[tuple[str, dict[str, str]]] = []
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {key: value or "" for key, value in attrs}
        self.h1 += tag == "h1"
        if tag == "button" and "disabled" in told:
            self.disabled.append((told.get("aria-describedby", ""), told.get("name", "")))
        if tag not in ("input", "img", "br", "meta", "link", "use", "hr", "path", "rect"):
            self._inside.append((tag, told))
        if "id" in told:
            self.ids[told["id"]] = ""

    def handle_endtag(self, tag: str) -> None:
        while self._inside:
            if self._inside.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        for _, told in self._inside:
            if told.get("id"):
                self.ids[told["id"]] += data

    def says(self, words: str) -> bool:
        return " ".join(words.split()) in " ".join("".join(self.text).split())


def read(response: Any, status: int = 200) -> Page:
    assert response.status_code == status, response.content[:2000]
    found = Page(response.content.decode())
    assert found.h1 == 1
    for described, _ in found.disabled:
        assert found.ids.get(described, "").strip(), "a disabled button says why"
    return found


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.content[:2000]
    assert response.headers["Content-Type"] == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(response.content))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def session_of(number: int) -> Session:
    with wiring.acting(CAST["supervisor"]):
        found = wiring.ask(find_session, number, actor=CAST["supervisor"])
    assert found is not None
    return found


def request_of(walk: Walker, number: int) -> Request:
    return walk.ground.ask(lambda register: register.requests([number])[number])


def form() -> dict[str, str]:
    return {"form_id": str(uuid4())}


def day_fields(day: date) -> dict[str, str]:
    return {"day_day": str(day.day), "day_month": str(day.month), "day_year": str(day.year)}


def call(client: Client, walk: Walker, **told: Any) -> int:
    """Call a meeting today through its form; returns its number."""
    typed = {
        "form": "meeting",
        "place": "Balai Desa Burno",
        "agenda": "all",
        **day_fields(walk.today()),
        **form(),
        **told,
    }
    response = client.post("/musyawarah/panggil", typed)
    assert response.status_code == 303, response.content[:3000]
    return int(response.headers["Location"].rpartition("/")[2])


def upload(client: Client, number: int, **told: Any) -> Any:
    file = io.BytesIO(PDF)
    file.name = "berita-acara.pdf"
    typed = {"proof": "minutes", "seen": session_of(number).version, "file": file, **form(), **told}
    return client.post(f"/musyawarah/{number}/unggah", typed)


# --- a whole meeting --------------------------------------------------------------------------------------------------


def test_meeting_from_call_to_confirmation(operator: Client, head: Client, walk: Walker) -> None:
    first, second = reserved(walk, "A"), reserved(walk, "B", kind="not_eligible")
    number = call(operator, walk)
    found = read(operator.get(f"/musyawarah/{number}"))
    assert re.search(r'value="minutes" checked', operator.get(f"/musyawarah/{number}").content.decode())
    assert found.says("2 permintaan")
    assert found.says("Balai Desa Burno")

    results = read(operator.get(f"/musyawarah/{number}/hasil"))
    assert results.says("Siti Aminah")
    typed = {
        "seen": 1,
        "dari": 1,
        "attendance": "17",
        f"hasil_{first}": "fit",
        f"alasan_{first}": "",
        f"hasil_{second}": "not_fit",
        f"alasan_{second}": "Rumahnya masih tanah",
        **form(),
    }
    assert operator.post(f"/musyawarah/{number}/hasil", typed).status_code == 303
    assert session_of(number).attendance == 17

    assert upload(operator, number).status_code == 303
    ready = read(head.get(f"/musyawarah/{number}"))
    assert ready.says("1 disetujui, 1 tidak disetujui, 0 belum dibahas")
    done = head.post(f"/musyawarah/{number}/sahkan", {"seen": session_of(number).version, **form()})
    assert done.status_code == 303
    assert request_of(walk, first).fit is True
    assert request_of(walk, first).in_minutes
    assert request_of(walk, second).fit is False
    assert request_of(walk, second).decision_reason == "Rumahnya masih tanah"

    shown = read(operator.get("/cadangan?saring=semua"))
    assert shown.says("Sudah diputus musyawarah")
    assert shown.says("Ditolak desa")
    assert shown.says("Rumahnya masih tanah")
    assert shown.says("Menampilkan 2 dari 2")


def test_meeting_is_called_once_when_its_form_is_sent_twice(operator: Client, walk: Walker) -> None:
    reserved(walk, "A")
    same = form()
    assert call(operator, walk, **same) == call(operator, walk, **same)


def test_call_that_is_refused_keeps_what_was_typed(operator: Client, walk: Walker) -> None:
    reserved(walk, "A")
    typed = {"form": "meeting", "place": "", "agenda": "all", **day_fields(walk.today()), **form()}
    found = operator.post("/musyawarah/panggil", typed)
    shown = read(found, 422)
    assert shown.says("Masih perlu diisi: tempat.")
    assert f'value="{walk.today().year}"' in found.content.decode()
    typed |= {"place": "Balai RW 01", "day_month": "Mei-an"}
    found = operator.post("/musyawarah/panggil", typed)
    read(found, 422)
    assert 'value="Balai RW 01"' in found.content.decode()
    assert 'value="Mei-an"' in found.content.decode()


def test_only_chosen_rows_stand_on_the_agenda(operator: Client, walk: Walker) -> None:
    first, second = reserved(walk, "A"), reserved(walk, "B")
    number = call(operator, walk, agenda="chosen", request=[str(second)])
    assert session_of(number).agenda == (second,)
    refused = operator.post(
        "/musyawarah/panggil",
        {"form": "meeting", "place": "Balai", "agenda": "chosen", **day_fields(walk.today()), **form()},
    )
    assert read(refused, 422).says("Belum ada permintaan yang perlu diputus.")
    assert request_of(walk, first).fit is None


def test_no_without_reason_is_refused_and_everything_typed_is_kept(operator: Client, walk: Walker) -> None:
    first, second = reserved(walk, "A"), reserved(walk, "B")
    number = call(operator, walk)
    typed = {
        "seen": 1,
        "dari": 1,
        "attendance": "21",
        f"hasil_{first}": "not_fit",
        f"alasan_{first}": " ",
        f"hasil_{second}": "fit",
        f"alasan_{second}": "catatan lain",
        **form(),
    }
    found = operator.post(f"/musyawarah/{number}/hasil", typed)
    shown = read(found, 422)
    body = found.content.decode()
    assert shown.says("Masih perlu diisi: alasan.")
    assert f'href="#alasan_{first}"' in body
    assert f'href="#alasan_{second}"' not in body
    assert 'value="21"' in body
    assert 'value="catatan lain"' in body
    assert re.search(rf'name="hasil_{first}"[^>]*value="not_fit" checked', body)
    assert re.search(rf'name="hasil_{second}"[^>]*value="fit" checked', body)
    assert session_of(number).decisions == ()


def test_attendance_that_is_no_number_keeps_the_decisions(operator: Client, walk: Walker) -> None:
    first = reserved(walk, "A")
    number = call(operator, walk)
    typed = {"seen": 1, "dari": 1, "attendance": "tujuh belas", f"hasil_{first}": "fit", **form()}
    found = operator.post(f"/musyawarah/{number}/hasil", typed)
    assert read(found, 422).says("Tulis jumlah hadir dengan angka, misalnya 17.")
    assert re.search(rf'name="hasil_{first}"[^>]*value="fit" checked', found.content.decode())


def test_own_entry_is_confirmed_by_somebody_else(walk: Walker) -> None:
    both = sign_in("hadi", "Hadi", Role.VILLAGE_OPERATOR, VILLAGE)
    account = Account.objects.get(login="hadi")
    account.roles.create(role="village_head", region=VILLAGE, from_day=date(2020, 1, 1))
    reserved(walk, "A")
    number = call(both, walk)
    row = session_of(number).agenda[0]
    assert (
        both.post(
            f"/musyawarah/{number}/hasil", {"seen": 1, "dari": 1, f"hasil_{row}": "fit", **form()}
        ).status_code
        == 303
    )
    assert upload(both, number).status_code == 303
    said = "Anda yang mencatat hasilnya, jadi yang mengesahkan harus orang lain."
    assert read(both.get(f"/musyawarah/{number}")).says(said)
    refused = both.post(f"/musyawarah/{number}/sahkan", {"seen": session_of(number).version, **form()})
    assert read(refused, 422).says(said)
    assert request_of(walk, row).fit is None


def test_operator_sees_the_head_s_button_with_its_reason(operator: Client, walk: Walker) -> None:
    reserved(walk, "A")
    number = call(operator, walk)
    found = read(operator.get(f"/musyawarah/{number}"))
    assert found.says("Langkah ini dilakukan oleh Kepala desa/lurah.")
    assert found.says("Hasil musyawarah belum dicatat.")
    assert found.says("Unggah dulu berita acara atau SPTJM yang sudah ditandatangani.")
    assert found.disabled


def test_who_is_too_late_is_told_and_loses_nothing(operator: Client, walk: Walker) -> None:
    row = reserved(walk, "A")
    number = call(operator, walk)
    other = sign_in("wawan", "Wawan", Role.VILLAGE_OPERATOR, VILLAGE)
    first = {"seen": 1, "dari": 1, f"hasil_{row}": "fit", **form()}
    assert other.post(f"/musyawarah/{number}/hasil", first).status_code == 303
    late = {"seen": 1, "dari": 1, f"hasil_{row}": "not_fit", f"alasan_{row}": "sudah pindah", **form()}
    found = operator.post(f"/musyawarah/{number}/hasil", late)
    shown = read(found, 422)
    assert shown.says("baru diubah")
    assert shown.says("Tercatat sekarang")
    assert 'value="sudah pindah"' in found.content.decode()
    assert session_of(number).decisions[0].outcome == "fit"


def test_upload_is_judged_by_what_is_in_it(operator: Client, walk: Walker) -> None:
    reserved(walk, "A")
    number = call(operator, walk)
    file = io.BytesIO(b"MZ not a paper")
    file.name = "berita-acara.pdf"
    refused = operator.post(
        f"/musyawarah/{number}/unggah", {"proof": "minutes", "seen": 1, "file": file, **form()}
    )
    assert read(refused, 422).says("Berkas ini bukan PDF, JPEG, atau PNG.")
    assert session_of(number).proof is None
    assert upload(operator, number).status_code == 303
    digest = session_of(number).proof
    kept = operator.get(f"/musyawarah/{number}/berkas/{digest}")
    assert kept.content == PDF
    assert kept.headers["Content-Type"] == "application/pdf"
    assert Reading.objects.filter(purpose="session_proof", region=VILLAGE).exists()


def test_attendance_list_alone_does_not_prove_a_meeting(operator: Client, head: Client, walk: Walker) -> None:
    row = reserved(walk, "A")
    number = call(operator, walk)
    operator.post(f"/musyawarah/{number}/hasil", {"seen": 1, "dari": 1, f"hasil_{row}": "fit", **form()})
    assert upload(operator, number, proof="attendance").status_code == 303
    refused = head.post(f"/musyawarah/{number}/sahkan", {"seen": session_of(number).version, **form()})
    assert read(refused, 422).says("Unggah dulu berita acara atau SPTJM")
    assert request_of(walk, row).fit is None
    assert upload(operator, number).status_code == 303
    attendance = upload(operator, number, proof="attendance")
    assert attendance.status_code == 303
    done = head.post(f"/musyawarah/{number}/sahkan", {"seen": session_of(number).version, **form()})
    assert done.status_code == 303


def test_agenda_of_more_than_fifty_is_entered_page_by_page(operator: Client, walk: Walker) -> None:
    rows = [reserved(walk, f"A{place}") for place in range(52)]
    number = call(operator, walk)
    first = {f"hasil_{row}": "fit" for row in rows[:50]}
    onward = operator.post(
        f"/musyawarah/{number}/hasil",
        {"seen": 1, "dari": 1, "lanjut": "ya", "attendance": "30", **first, **form()},
    )
    assert onward.status_code == 303
    assert onward.headers["Location"].endswith("?dari=51")
    second = {f"hasil_{row}": "fit" for row in rows[50:]}
    seen = session_of(number).version
    operator.post(f"/musyawarah/{number}/hasil", {"seen": seen, "dari": 51, **second, **form()})
    found = session_of(number)
    assert [one.request for one in found.decisions] == rows
    assert found.attendance == 30


def test_the_head_s_turn_is_listed(operator: Client, head: Client, walk: Walker) -> None:
    row = reserved(walk, "A")
    number = call(operator, walk)
    deadlines = wiring.terms().deadlines
    assert session_turns(CAST["village head"], now=wiring.clock(), deadlines=deadlines) == ()
    operator.post(f"/musyawarah/{number}/hasil", {"seen": 1, "dari": 1, f"hasil_{row}": "fit", **form()})
    upload(operator, number)
    turn = session_turns(CAST["village head"], now=wiring.clock(), deadlines=deadlines)[0]
    assert (turn.session.id, turn.verb, turn.role) == (number, "confirm", Role.VILLAGE_HEAD)
    assert turn.until == walk.today() + timedelta(days=90)
    assert read(head.get("/musyawarah")).says("Giliran Anda")
    home = head.get("/")
    assert f'href="/musyawarah/{number}"' in home.content.decode()
    assert read(home).says("1 permintaan. Disahkan kepala desa.")


def test_agenda_that_was_decided_elsewhere_waits_for_nobody(operator: Client, walk: Walker) -> None:
    reserved(walk, "A")
    number = call(operator, walk)
    walk.must("deliberate fit", "village head")
    assert read(operator.get(f"/musyawarah/{number}")).says("sudah diputus atau berlanjut di tempat lain")
    assert read(operator.get("/musyawarah")).says("Sudah diputus di tempat lain")
    turns = session_turns(CAST["operator"], now=wiring.clock(), deadlines=wiring.terms().deadlines)
    assert number not in [line.session.id for line in turns]


# --- papers -----------------------------------------------------------------------------------------------------------


def test_papers_hold_names_and_numbers(operator: Client, head: Client, walk: Walker) -> None:
    first, second = reserved(walk, "A"), reserved(walk, "B", kind="not_eligible")
    number = call(operator, walk)
    agenda = text_of(operator.get(f"/musyawarah/{number}/cetak/agenda.pdf?pukul=19.00&pimpinan=Sutikno"))
    assert "Siti Aminah" in agenda
    assert "19.00 WIB" in agenda
    assert "Sutikno" in agenda
    assert "Desa Burno".upper() in agenda.upper()
    assert not re.search(r"99\d{14}", agenda.replace(" ", "")), "no NIK lies on the table"
    assert "DAFTAR HADIR" in text_of(operator.get(f"/musyawarah/{number}/cetak/daftar-hadir.pdf"))
    early = operator.get(f"/musyawarah/{number}/cetak/berita-acara.pdf")
    assert read(early, 422).says("Hasil musyawarah belum dicatat.")

    typed = {
        "seen": 1, "dari": 1, "attendance": "17", f"hasil_{first}": "fit",
        f"hasil_{second}": "not_fit", f"alasan_{second}": "Masih tinggal bersama", **form(),
    }  # fmt: skip
    operator.post(f"/musyawarah/{number}/hasil", typed)
    minutes = text_of(operator.get(f"/musyawarah/{number}/cetak/berita-acara.pdf"))
    assert f"Nomor {number}/BA/{walk.today().year}" in minutes
    assert "17 (tujuh belas) orang" in minutes
    assert "Masih tinggal bersama" in minutes
    assert "Jumlah yang disetujui 1 (satu) dan yang tidak disetujui 1 (satu)" in minutes
    assert "Sidik daftar:" in minutes
    ticket = request_of(walk, first).ticket or ""
    assert ticket[:4] in minutes
    names = text_of(operator.get(f"/musyawarah/{number}/cetak/bnba.pdf"))
    assert "Slamet Riyadi" in names
    assert "990801" in names
    assert "9908011507800002" not in names, "the list shows a NIK masked"
    assert Reading.objects.filter(purpose="print:bnba", region=VILLAGE).exists()
    assert head.get(f"/musyawarah/{number}/cetak/sptjm.pdf").status_code == 404
    wrong = operator.get(f"/musyawarah/{number}/cetak/agenda.pdf?pukul=sore")
    assert read(wrong, 422).says("Tulis jam mulai seperti 19.00.")
    assert 'value="sore"' in wrong.content.decode()


def test_statement_in_place_of_a_meeting(operator: Client, head: Client, walk: Walker) -> None:
    row = reserved(walk, "A")
    number = call(operator, walk, form="sptjm", place="")
    operator.post(f"/musyawarah/{number}/hasil", {"seen": 1, "dari": 1, f"hasil_{row}": "fit", **form()})
    statement = text_of(operator.get(f"/musyawarah/{number}/cetak/sptjm.pdf?alasan=jalan+tertutup+longsor"))
    assert "SURAT PERNYATAAN TANGGUNG JAWAB MUTLAK" in statement
    assert "jalan tertutup longsor" in statement
    assert "Sutrisno" in statement
    upload(operator, number, proof="sptjm")
    assert (
        head.post(f"/musyawarah/{number}/sahkan", {"seen": session_of(number).version, **form()}).status_code
        == 303
    )
    assert request_of(walk, row).in_minutes


def test_papers_without_a_meeting(operator: Client, walk: Walker) -> None:
    assert operator.get("/cadangan/bahan.pdf").status_code == 303
    reserved(walk, "A")
    assert "Slamet Riyadi" in text_of(operator.get("/cadangan/bahan.pdf"))
    leaving = text_of(operator.get("/cadangan/formulir/keluar"))
    assert "SURAT PERNYATAAN MENGUNDURKAN DIRI" in leaving
    assert "Kepala Desa Burno" in leaving


# --- the reserve ------------------------------------------------------------------------------------------------------


def test_card_names_what_is_missing_and_offers_the_first_of_it(operator: Client, walk: Walker) -> None:
    number = reserved(walk, "A", proved=False)
    found = operator.get("/cadangan")
    shown = read(found)
    assert shown.says("Foto depan rumah belum ada")
    assert shown.says("Foto lantai belum ada")
    assert shown.says("Belum diputus musyawarah")
    assert shown.says("Isian lengkap")
    assert shown.says("Kurang 3")
    assert shown.says("Belum ada masa pemutakhiran yang ditetapkan")
    assert shown.says("Ambil foto: Slamet Riyadi")
    assert f'href="{reverse("draft_evidence", args=[number])}"' in found.content.decode()
    walk.must("prove", "operator")
    shown = read(operator.get("/cadangan"))
    assert shown.says("Bawa ke musyawarah: Slamet Riyadi")
    assert shown.says("Kurang 1")
    meeting = call(operator, walk)
    assert f'href="/musyawarah/{meeting}"' in operator.get("/cadangan").content.decode()


def test_filters_count_what_they_show(operator: Client, walk: Walker) -> None:
    reserved(walk, "A", proved=False)
    reserved(walk, "B")
    walk.must("deliberate fit", "village head")
    reserved(walk, "C")
    walk.must("deliberate not_fit rumahnya sudah tembok", "village head")
    reserved(walk, "D")
    counts = {"kurang": 2, "siap": 1, "semua": 4, "musyawarah": 2, "ditolak": 1}
    body = operator.get("/cadangan").content.decode()
    for slug, count in counts.items():
        response = operator.get(f"/cadangan?saring={slug}")
        assert response.content.decode().count('class="mk-request"') == count, slug
        assert re.search(rf'saring={slug}"[^>]*>[^<]*<span class="mk-num">{count}</span>', body), slug
    lacking = operator.get("/cadangan?saring=kurang&hal=evidence:house_front")
    assert lacking.content.decode().count('class="mk-request"') == 1
    assert read(operator.get("/cadangan?saring=dusun")).says("Tanpa dusun")
    assert operator.get("/cadangan?saring=dusun&dusun=").content.decode().count('class="mk-request"') == 4
    assert (
        operator.get("/cadangan?saring=dusun&dusun=Krajan").content.decode().count('class="mk-request"') == 0
    )


def test_fifty_cards_a_page(operator: Client, walk: Walker) -> None:
    for place in range(53):
        reserved(walk, f"A{place}")
    first = operator.get("/cadangan").content.decode()
    assert first.count('class="mk-request"') == 50
    onward = re.search(r'rel="next" href="([^"]+)"', first)
    assert onward is not None
    rest = operator.get(onward[1].replace("&amp;", "&")).content.decode()
    assert rest.count('class="mk-request"') == 3
    assert 'rel="next"' not in rest


def test_call_by_the_centre_stands_on_top(operator: Client, walk: Walker) -> None:
    reserved(walk, "A")
    days = [walk.today() + timedelta(days=ahead) for ahead in (0, 9, 20)]
    walk.must(f"schedule a call {days[0]} {days[1]} {days[2]}", "supervisor")
    shown = read(operator.get("/cadangan"))
    assert shown.says("Pusat meminta data")
    assert shown.says(f"Keadaan per {days[0]}")


def test_open_window_and_its_batch_are_shown(operator: Client, head: Client, walk: Walker) -> None:
    reserved(walk, "A")
    walk.must("deliberate fit", "village head")
    first = walk.number
    reserved(walk, "B", kind="leaving reason=own_wish")
    open_window(walk)
    batch = request_of(walk, first).batch
    shown = read(operator.get("/cadangan"))
    assert shown.says("Masa pemutakhiran terbuka sampai")
    assert shown.says("2 permintaan dikemas. Serahkan ke Dinas Sosial")

    mine = read(operator.get(f"/cadangan/kumpulan/{batch}"))
    assert mine.says("Langkah ini dilakukan oleh Kepala desa/lurah, Sistem.")
    assert mine.disabled
    assert mine.says("Berita acara atau SPTJM")
    assert mine.says("Tidak perlu musyawarah, cukup suratnya")
    refused = operator.post(f"/cadangan/kumpulan/{batch}", form())
    assert read(refused, 422).says("Langkah ini dilakukan oleh")

    theirs = read(head.get(f"/cadangan/kumpulan/{batch}"))
    assert theirs.says("Serahkan 2 permintaan")
    assert not theirs.disabled
    same = form()
    assert head.post(f"/cadangan/kumpulan/{batch}", same).status_code == 303
    assert head.post(f"/cadangan/kumpulan/{batch}", same).status_code == 303
    done = read(head.get(f"/cadangan/kumpulan/{batch}"))
    assert done.says("2 permintaan diserahkan ke Dinas Sosial oleh Sutrisno")
    found = walk.ground.ask(lambda register: register.batch(batch or 0))
    assert found is not None
    assert found.rows == 2
    assert done.says(digest_shown(found.digest or ""))
    assert request_of(walk, first).state.value == "handed_over"


def test_what_leaves_a_batch_is_told_before(operator: Client, head: Client, walk: Walker) -> None:
    reserved(walk, "A")
    walk.must("deliberate fit", "village head")
    conflict = walk.number
    reserved(walk, "B")
    walk.must("deliberate fit", "village head")
    satisfied = walk.number
    reserved(walk, "C")
    walk.must("deliberate fit", "village head")
    open_window(walk)
    batch = request_of(walk, conflict).batch
    walk.name = "A"
    walk.must("state floor_material=7", "system")
    walk.name = "B"
    walk.must("state floor_material=8", "system")
    shown = read(head.get(f"/cadangan/kumpulan/{batch}"))
    assert shown.says("Bentrok")
    assert shown.says("Sudah sama")
    assert shown.says("Serahkan 1 permintaan")
    assert head.post(f"/cadangan/kumpulan/{batch}", form()).status_code == 303
    told = read(head.get(f"/cadangan/kumpulan/{batch}"))
    assert told.says("1 keluar karena bentrok. 1 ditutup karena register sudah sama.")
    assert request_of(walk, conflict).state.value == "conflict"
    assert request_of(walk, satisfied).state.value == "satisfied"


def open_window(walk: Walker) -> None:
    """A window that opened an hour ago, and everything that is ready packed into it."""
    now = wiring.clock()
    command = window.Schedule(
        KABUPATEN,
        now - timedelta(hours=1),
        now + timedelta(days=12),
        now + timedelta(days=28),
        Act("S-12/MS/I/2027", "2026-12-21", "Pusdatin"),
        name="Januari 2027",
    )
    walk.window = walk.perform(window.schedule, command, by=CAST["supervisor"]).id
    walk.now = wiring.clock()
    for number in list(walk.requests.values()):
        request = request_of(walk, number)
        if missing(request):
            walk.name = next(name for name, one in walk.requests.items() if one == number)
            walk.must("prove", "operator")
    walk.must("keep time")
    walk.do("pack")


def test_village_without_a_meeting_for_ninety_days_is_asked_for_a_statement(
    operator: Client, walk: Walker
) -> None:
    walk.now -= timedelta(days=97)
    reserved(walk, "A")
    for address in ("/cadangan", "/musyawarah"):
        shown = read(operator.get(address))
        assert shown.says("lewat 7 hari dari batasnya")
        assert shown.says("Buat SPTJM")
    chosen = operator.get("/musyawarah/panggil?bentuk=sptjm").content.decode()
    assert re.search(r'name="form"[^>]*value="sptjm" checked', chosen)


def test_reserve_as_a_file_asks_what_for(operator: Client, walk: Walker) -> None:
    reserved(walk, "A")
    assert read(operator.get("/cadangan/unduh")).says("Untuk apa Anda membuka data ini?")
    assert operator.post("/cadangan/unduh", {}).status_code == 422
    assert not Reading.objects.filter(purpose__startswith="csv:").exists()
    found = operator.post("/cadangan/unduh?saring=semua", {"purpose": "meeting"})
    lines = found.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "Slamet Riyadi" in lines[1]
    assert f"cadangan-{VILLAGE}-semua" in found.headers["Content-Disposition"]
    assert Reading.objects.filter(purpose="csv:meeting", region=VILLAGE).count() == 1


def test_cells_that_would_run_are_neutral(operator: Client, walk: Walker) -> None:
    command = change_request.Record(
        "new_family", VILLAGE, {"name": "Wagiman", "standing": "member"}, None,
        change_request.Content(
            wanted={"dusun": "=1+1", "floor_material": "8"},
            newcomers=({"name": "Wagiman", "birth_date": "1971-02-03", "sex": "1"},),
        ),
    )  # fmt: skip
    walk.requests["A"] = walk.perform(change_request.record, command, by=CAST["operator"]).id
    walk.must("reserve", "operator")
    body = operator.post("/cadangan/unduh?saring=semua", {"purpose": "meeting"}).content.decode("utf-8-sig")
    assert "'=1+1" in body


# --- who sees it ------------------------------------------------------------------------------------------------------


def test_what_lies_outside_is_not_there(operator: Client, stranger: Client, walk: Walker) -> None:
    reserved(walk, "A")
    number = call(operator, walk)
    upload(operator, number)
    reserved(walk, "B", kind="leaving reason=own_wish")
    open_window(walk)
    batch = request_of(walk, walk.requests["B"]).batch
    digest = session_of(number).proof
    for address in (
        f"/cadangan?desa={VILLAGE}",
        f"/cadangan/unduh?desa={VILLAGE}",
        f"/cadangan/bahan.pdf?desa={VILLAGE}",
        f"/musyawarah?desa={VILLAGE}",
        f"/musyawarah/panggil?desa={VILLAGE}",
        f"/musyawarah/{number}",
        f"/musyawarah/{number}/hasil",
        f"/musyawarah/{number}/berkas/{digest}",
        f"/musyawarah/{number}/cetak/agenda.pdf",
        f"/cadangan/kumpulan/{batch}",
    ):
        assert stranger.get(address).status_code == 404, address
    for address in (
        f"/musyawarah/{number}/hasil",
        f"/musyawarah/{number}/unggah",
        f"/musyawarah/{number}/sahkan",
        f"/cadangan/kumpulan/{batch}",
    ):
        assert stranger.post(address, form()).status_code == 404, address
    assert "Slamet" not in stranger.get("/cadangan").content.decode()


def test_dinsos_reads_every_village_and_changes_none(
    operator: Client, verifier: Client, walk: Walker
) -> None:
    reserved(walk, "A", proved=False)
    number = call(operator, walk)
    shown = read(verifier.get("/cadangan"))
    assert shown.says("Desa Burno")
    assert shown.says("1 permintaan menunggu di 1 desa.")
    assert read(verifier.get("/cadangan?cari=kandangan")).says("Tidak ada desa dengan cadangan")
    theirs = verifier.get(f"/cadangan?desa={VILLAGE}")
    page = read(theirs)
    assert page.says("Foto depan rumah belum ada")
    assert "Ambil foto" not in "".join(page.text)
    assert page.says("Langkah ini dilakukan oleh Operator desa.")
    refused = verifier.post(
        "/musyawarah/panggil",
        {
            "desa": VILLAGE,
            "form": "meeting",
            "place": "x",
            "agenda": "all",
            **day_fields(walk.today()),
            **form(),
        },
    )
    assert read(refused, 422).says("Langkah ini dilakukan oleh Operator desa.")
    meeting = read(verifier.get(f"/musyawarah/{number}"))
    assert meeting.says("Langkah ini dilakukan oleh")
    row = session_of(number).agenda[0]
    written = verifier.post(
        f"/musyawarah/{number}/hasil", {"seen": 1, "dari": 1, f"hasil_{row}": "fit", **form()}
    )
    assert read(written, 422).says("Langkah ini dilakukan oleh Operator desa.")
    assert session_of(number).decisions == ()


def test_the_centre_and_the_bupati_s_office_have_no_such_page() -> None:
    for login, role, region in (("pusat", Role.CENTRE, ""), ("bupati", Role.BUPATI_OFFICE, KABUPATEN)):
        assert sign_in(login, login, role, region).get("/cadangan").status_code == 404


def test_decision_is_valid_as_long_as_its_limit_says() -> None:
    today = date(2026, 11, 24)
    first = valid_since(today, wiring.terms().deadlines)
    assert wiring.terms().deadlines.due("decision_valid", first) >= today
    assert wiring.terms().deadlines.due("decision_valid", first - timedelta(days=1)) < today


def test_english_says_the_same(operator: Client, walk: Walker) -> None:
    reserved(walk, "A")
    operator.cookies["django_language"] = "en"
    shown = read(operator.get("/cadangan"))
    assert shown.says("Not decided by the village meeting yet")
    assert not shown.says("Belum diputus")
