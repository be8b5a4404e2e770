"""Dinsos at work: rows decided without a script, lists frozen, endorsed, sent and answered, and nothing outside one's scope."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import openpyxl
import pypdf
import pytest
from django.http import HttpResponse
from django.test import Client

from mutakhir import wiring
from mutakhir.core.change_requests import Request
from mutakhir.core.flows.submission import Submission
from mutakhir.queries import review as reviews
from mutakhir.store.models import Account, Reading, RegionRow
from mutakhir.wiring.lists import write_answer
from tests.builders import CAST, KABUPATEN, VILLAGE, PostgresGround, Walker

pytestmark = pytest.mark.django_db

PASSWORD = "pemeriksa-latihan-2026"
NOT_FOUND = 404


def _scan() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


SCAN = _scan()


@pytest.fixture(autouse=True)
def places() -> None:
    """The names of the places where the tests happen."""
    for code, name, level in (
        ("35", "Jawa Timur", "province"),
        ("3508", "Lumajang", "kabupaten"),
        ("350815", "Senduro", "kecamatan"),
        (VILLAGE, "Burno", "village"),
    ):
        RegionRow.objects.create(code=code, name=name, name_key=name.lower(), level=level)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    reviews.forget()


def client_of(who: str) -> Client:
    """A browser in which somebody of the cast is signed in, with the roles that they have there."""
    actor = CAST[who]
    account = Account.objects.filter(login=actor.login).first() or wiring.create_account(
        actor.login,
        actor.name,
        PASSWORD,
        [(held.role, held.region) for held in actor.held],
        by="test",
        now=wiring.clock() - timedelta(days=30),
        must_change=False,
    )
    client = Client()
    client.force_login(account)
    return client


@dataclass
class Desk:
    """Some requests that a village handed over, in a window that is open now."""

    walk: Walker
    names: list[str] = field(default_factory=list)

    @property
    def window(self) -> int:
        return self.walk.window

    @property
    def batch(self) -> int:
        return self.request("A").batch or 0

    def request(self, name: str) -> Request:
        self.walk.name = name
        return self.walk.request

    def states(self) -> list[str]:
        return [self.request(name).state.value for name in self.names]

    def list_of(self, number: int) -> Submission:
        found = wiring.open_register().submission(number)
        assert found is not None
        return found

    def history(self, name: str) -> int:
        self.request(name)
        return len(self.walk.history)


def handed_over(*names: str, by: str = "operator", words: str = "record") -> Desk:
    """A village's batch on its way to Dinsos, a week old."""
    walk = Walker(PostgresGround(), now=wiring.clock() - timedelta(days=9))
    for name in names:
        walk.name = name
        walk.must(words, by).must("prove", by).must("reserve", by).must("deliberate fit", "village head")
    walk.must("open a window", "supervisor").must("pack")
    walk.must("hand over", "village head")
    desk = Desk(walk, list(names))
    assert set(desk.states()) == {"handed_over"}
    return desk


def decided(*names: str) -> Desk:
    desk = handed_over(*names)
    for name in names:
        desk.walk.name = name
        desk.walk.must("verify verified", "verifier")
    return desk


def finalised(*names: str) -> tuple[Desk, int]:
    desk = decided(*names)
    desk.walk.must("finalise", "supervisor")
    return desk, desk.walk.submission


def sent(*names: str) -> tuple[Desk, int]:
    desk, number = finalised(*names)
    desk.walk.must("endorse", "bupati's office")
    done = client_of("supervisor").post(f"/daftar/{number}", {"deed": "send", "form_id": str(uuid4())})
    assert done.status_code == 303
    return desk, number


# --- reading pages --------------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings = 0
        self.ids: set[str] = set()
        self.disabled: list[dict[str, str | None]] = []
        self.fields: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.headings += tag == "h1"
        if found.get("id"):
            self.ids.add(str(found["id"]))
        if tag == "button" and "disabled" in found:
            self.disabled.append(found)
        if tag == "input" and found.get("name"):
            self.fields[str(found["name"])] = str(found.get("value") or "")


def read(response: HttpResponse) -> _Page:
    """A page as people get it: one h1, and a reason in words tied to every button that is refused."""
    page = _Page(response.content.decode())
    assert page.headings == 1
    for button in page.disabled:
        assert button.get("aria-describedby") in page.ids
    return page


def text_of(response: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def decide(client: Client, address: str, request: Request, **fields: Any) -> Any:
    told = {"row": request.id, "seen": request.version, "form_id": str(uuid4()), **fields}
    return client.post(address, told)


# --- rows, without a script -----------------------------------------------------------------------------------------


def test_a_verifier_decides_rows_with_plain_forms() -> None:
    desk = handed_over("A", "B", "C")
    client, address = client_of("verifier"), f"/kumpulan/{desk.batch}"
    page = client.get(address)
    assert page.status_code == 200
    assert "Semen" not in text_of(page) or "Tanah" in text_of(page)
    read(page)
    first, second, third = (desk.request(name) for name in "ABC")
    done = decide(client, address, first, step="verify:verified")
    assert done.status_code == 303
    assert f"baris={second.id}" in done["Location"]
    assert "disetujui" in text_of(client.get(done["Location"]))
    done = decide(
        client, address, second, with_reason="verify:returned", reason="photo_unclear", note="Gelap"
    )
    assert done.status_code == 303
    decide(client, address, third, with_reason="verify:refused", reason="twice")
    assert desk.states() == ["verified", "returned", "refused"]
    assert desk.request("B").returned_because == "photo_unclear"
    assert desk.request("B").returned_note == "Gelap"


def test_a_reason_line_opens_by_a_link_and_needs_a_known_reason() -> None:
    desk = handed_over("A")
    client, address = client_of("verifier"), f"/kumpulan/{desk.batch}"
    page = client.get(f"{address}?baris={desk.request('A').id}&alasan=kembalikan")
    assert "Foto tidak terbaca" in text_of(page)
    refused = decide(
        client,
        address,
        desk.request("A"),
        with_reason="verify:returned",
        reason="because",
        note="Catatan saya",
    )
    assert refused.status_code == 422
    assert read(refused).fields["note"] == "Catatan saya"
    assert desk.states() == ["handed_over"]


def test_a_decision_is_taken_back() -> None:
    desk = handed_over("A")
    client, address = client_of("verifier"), f"/kumpulan/{desk.batch}"
    decide(client, address, desk.request("A"), step="verify:verified")
    request = desk.request("A")
    done = client.post(
        address, {"undo": f"{request.id}:{request.version}", "row": request.id, "form_id": str(uuid4())}
    )
    assert "belum diperiksa" in text_of(client.get(done["Location"]))
    assert desk.states() == ["handed_over"]


def test_the_same_form_decides_once() -> None:
    desk = handed_over("A", "B")
    client, address = client_of("verifier"), f"/kumpulan/{desk.batch}"
    form = str(uuid4())
    first = desk.request("A")
    before = desk.history("A")
    for _ in range(2):
        assert decide(client, address, first, step="verify:verified", form_id=form).status_code == 303
    assert desk.history("A") == before + 1
    assert desk.states() == ["verified", "handed_over"]


def test_own_work_is_refused_with_its_reason() -> None:
    desk = handed_over("A", by="operator who verifies")
    client, address = client_of("operator who verifies"), f"/kumpulan/{desk.batch}"
    page = client.get(address)
    assert len(read(page).disabled) == 3
    assert "yang memeriksa harus orang lain" in text_of(page)
    refused = decide(client, address, desk.request("A"), step="verify:verified")
    assert refused.status_code == 422
    assert "yang memeriksa harus orang lain" in text_of(refused)
    assert desk.states() == ["handed_over"]


def test_who_is_too_late_is_told_who_was_faster() -> None:
    desk = handed_over("A")
    client, address = client_of("verifier"), f"/kumpulan/{desk.batch}"
    seen = desk.request("A")
    desk.walk.must("verify returned photo_unclear", "other verifier")
    late = decide(client, address, seen, step="verify:verified")
    assert late.status_code == 409
    assert "lilis" in text_of(late)
    assert desk.states() == ["returned"]


def test_a_register_that_changed_shows_all_three_values() -> None:
    desk = handed_over("A")
    client, address = client_of("verifier"), f"/kumpulan/{desk.batch}"
    request = desk.request("A")
    desk.walk.must("state floor_material=3")
    refused = decide(client, address, request, step="verify:verified")
    assert refused.status_code == 422
    words = wiring.terms().attributes
    for code in ("6", "3", "8"):
        assert words.words("floor_material", code, "id") in text_of(refused)
    assert "Bentrok" in text_of(refused)
    assert desk.states() == ["handed_over"]
    assert (
        decide(client, address, request, with_reason="verify:returned", reason="values_differ").status_code
        == 303
    )


def test_a_fragment_is_the_same_as_the_page() -> None:
    desk = handed_over("A", "B")
    client, address = client_of("verifier"), f"/kumpulan/{desk.batch}?baris={desk.request('B').id}"
    whole, part = client.get(address), client.get(address, headers={"HX-Request": "true"})
    assert _main(whole) == _main(part)
    assert not part.content.lstrip().startswith(b"<!doctype")
    # The browser's way back asks for the whole page at the same address.
    again = client.get(address, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert again.content.lstrip().startswith(b"<!doctype")


def _main(response: HttpResponse) -> str:
    found = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)
    assert found is not None
    text = re.sub(r'name="(form_id|csrfmiddlewaretoken)" value="[^"]*"', "", found[0])
    return text.replace(" autofocus", "")


def test_a_fragment_answers_a_decision_with_the_next_row() -> None:
    desk = handed_over("A", "B")
    client, address = client_of("verifier"), f"/kumpulan/{desk.batch}"
    first, second = desk.request("A"), desk.request("B")
    told = {"row": first.id, "seen": first.version, "form_id": str(uuid4()), "step": "verify:verified"}
    done = client.post(address, told, headers={"HX-Request": "true"})
    assert done.status_code == 200
    assert f'name="row" value="{second.id}"' in done.content.decode()
    assert f"baris={second.id}" in done["HX-Push-Url"]
    assert desk.states() == ["verified", "handed_over"]


def test_a_supervisor_reads_the_rows_and_decides_none() -> None:
    desk = handed_over("A")
    client, address = client_of("supervisor"), f"/kumpulan/{desk.batch}"
    page = client.get(address)
    assert "Baris diputus oleh pemeriksa Dinsos." in text_of(page)
    assert decide(client, address, desk.request("A"), step="verify:verified").status_code == 422
    assert desk.states() == ["handed_over"]


def test_a_whole_window_is_one_pile_and_narrows() -> None:
    desk = handed_over("A", "B")
    client = client_of("verifier")
    address = f"/kumpulan/masa/{desk.window}"
    assert "0 dari 2" in text_of(client.get(address))
    assert "0 dari 2" in text_of(client.get(f"{address}?desa={VILLAGE}"))
    assert client.get(f"{address}?ke=2").context["found"].current.id == desk.request("B").id
    assert client.get(f"{address}?desa=3509012001").status_code == NOT_FOUND
    assert client.get("/kumpulan/masa/999999999").status_code == NOT_FOUND


def test_opening_a_row_is_logged_before_it_is_shown() -> None:
    desk = handed_over("A")
    client_of("verifier").get(f"/kumpulan/{desk.batch}")
    reading = Reading.objects.get(actor=CAST["verifier"].login, purpose="verification")
    assert desk.request("A").family in reading.subjects
    assert reading.region == VILLAGE


# --- rows that ask for the same -------------------------------------------------------------------------------------


def alike(count: int) -> tuple[Desk, str, str]:
    """Some families, each in an RT of its own and with numbers of its own, that ask for the same floor."""
    names = [chr(ord("A") + place) for place in range(count)]
    desk = handed_over(*names)
    for place, name in enumerate(names):
        desk.walk.name = name
        house = desk.walk.house
        desk.walk.must(f"state rt={place + 11}")
        told = {"nik": f"99080115078{place:05d}"[:12] + f"{place + 1:04d}"}
        _state_person(house.head, told)
    reviews.forget()
    pile = reviews.Pile(desk.window, VILLAGE, desk.batch)
    with wiring.acting(CAST["verifier"]):
        rows = wiring.ask(reviews.rows_of, pile)
        marks = wiring.ask(reviews.marks_of, pile, rows, now=wiring.clock())
    groups = reviews.alike_in(rows, marks)
    assert [len(one.rows) for one in groups] == [count]
    address = f"/kumpulan/{desk.batch}"
    return desk, address, f"{address}/sejenis?jenis={groups[0].likeness}"


def _state_person(number: int, told: dict[str, str]) -> None:
    from mutakhir.actions.facts import State, state_facts
    from mutakhir.core.actors import SYSTEM

    now = wiring.clock() - timedelta(days=1)
    register = wiring.open_register()
    wiring.perform(
        state_facts, [State(number, "person", told)], region=VILLAGE, holds_from=now.date(), authority="social",
        source="source:other", actor=SYSTEM, now=now,
    )  # fmt: skip
    assert register.current([number])


def test_a_group_is_approved_only_after_its_rows_were_opened() -> None:
    desk, address, group = alike(4)
    client = client_of("verifier")
    page = client.get(group)
    read(page)
    assert "Buka 4 baris lagi" in text_of(page)
    refused = client.post(group, {"step": "verify:verified", "langkah": "jalankan", "stamp": "x"})
    assert refused.status_code == 422
    assert set(desk.states()) == {"handed_over"}
    for name in desk.names:
        client.get(f"{address}?baris={desk.request(name).id}")
    preview = client.post(group, {"step": "verify:verified"})
    assert "Setujui 4 permintaan" in text_of(preview)
    stamp = read(preview).fields["stamp"]
    done = client.post(group, {"step": "verify:verified", "langkah": "jalankan", "stamp": stamp})
    assert done.status_code == 303
    assert "4 permintaan disetujui." in text_of(client.get(done["Location"]))
    assert set(desk.states()) == {"verified"}


def test_a_group_is_returned_at_once_with_one_reason() -> None:
    desk, _, group = alike(3)
    client = client_of("verifier")
    stamp = read(client.post(group, {"step": "verify:returned"})).fields["stamp"]
    told = {"step": "verify:returned", "langkah": "jalankan", "stamp": stamp, "note": "Foto ulang"}
    missing = client.post(group, told)
    assert missing.status_code == 422
    assert read(missing).fields["note"] == "Foto ulang"
    assert client.post(group, {**told, "reason": "photo_unclear"}).status_code == 303
    assert set(desk.states()) == {"returned"}
    assert desk.request("B").returned_note == "Foto ulang"


def test_a_group_that_changed_since_the_preview_is_shown_again() -> None:
    desk, _, group = alike(4)
    client = client_of("verifier")
    stamp = read(client.post(group, {"step": "verify:returned"})).fields["stamp"]
    desk.request("A")
    desk.walk.must("verify refused twice", "other verifier")
    told = {"step": "verify:returned", "langkah": "jalankan", "stamp": stamp, "reason": "photo_unclear"}
    again = client.post(group, told)
    assert again.status_code == 422
    assert "Ada baris yang berubah" in text_of(again)
    assert desk.states().count("handed_over") == 3


# --- freezing a list ------------------------------------------------------------------------------------------------


def test_a_list_is_not_frozen_while_rows_are_undecided() -> None:
    desk = handed_over("A", "B")
    desk.request("A")
    desk.walk.must("verify verified", "verifier")
    client, address = client_of("supervisor"), f"/kumpulan/masa/{desk.window}/daftar"
    page = client.get(address)
    assert read(page).disabled
    assert "belum diputus pemeriksa" in text_of(page)
    refused = client.post(address, {"deed": "finalise", "count": "0", "form_id": str(uuid4())})
    assert refused.status_code == 422
    assert "belum diputus pemeriksa" in text_of(refused)
    assert desk.states() == ["verified", "handed_over"]


def test_a_supervisor_freezes_what_is_decided_once() -> None:
    desk = decided("A", "B")
    client, address = client_of("supervisor"), f"/kumpulan/masa/{desk.window}/daftar"
    assert "Finalkan 2 permintaan" in text_of(client.get(address))
    form = str(uuid4())
    done = [client.post(address, {"deed": "finalise", "count": "2", "form_id": form}) for _ in range(2)]
    assert [one.status_code for one in done] == [303, 303]
    assert done[0]["Location"] == done[1]["Location"]
    assert desk.states() == ["finalised", "finalised"]
    page = client.get(done[0]["Location"])
    read(page)
    number = desk.request("A").submission or 0
    digest = desk.list_of(number).digest
    assert " ".join(digest[start : start + 16] for start in range(0, 64, 16)) in text_of(page)


def test_rows_that_changed_under_the_page_are_counted_again() -> None:
    desk = decided("A", "B")
    client, address = client_of("supervisor"), f"/kumpulan/masa/{desk.window}/daftar"
    stale = client.post(address, {"deed": "finalise", "count": "7", "form_id": str(uuid4())})
    assert stale.status_code == 422
    assert "Jumlah baris berubah" in text_of(stale)
    assert desk.states() == ["verified", "verified"]


def test_who_verified_does_not_freeze_and_reads_why() -> None:
    desk = handed_over("A")
    desk.request("A")
    desk.walk.must("verify verified", "verifier who supervises")
    client, address = client_of("verifier who supervises"), f"/kumpulan/masa/{desk.window}/daftar"
    page = client.get(address)
    assert "yang memfinalkan harus orang lain" in text_of(page)
    assert read(page).disabled
    refused = client.post(address, {"deed": "finalise", "count": "1", "form_id": str(uuid4())})
    assert refused.status_code == 422
    assert desk.states() == ["verified"]


# --- endorsing and sending ------------------------------------------------------------------------------------------


def letter(digest: str, **more: Any) -> dict[str, Any]:
    return {
        "deed": "endorse",
        "form_id": str(uuid4()),
        "number": "460/117/427.44/2026",
        "day_day": "20",
        "day_month": "November",
        "day_year": "2026",
        "signer": "Bupati Lumajang",
        "digest": digest,
        **more,
    }


def test_a_letter_with_another_digest_keeps_everything_that_was_typed() -> None:
    desk, number = finalised("A", "B")
    client, address = client_of("bupati's office"), f"/daftar/{number}"
    scan = io.BytesIO(SCAN)
    scan.name = "surat.pdf"
    refused = client.post(address, letter("f" * 16, scan=scan))
    assert refused.status_code == 422
    assert "Sidik daftar pada surat berbeda" in text_of(refused)
    fields = read(refused).fields
    assert fields["number"] == "460/117/427.44/2026"
    assert (fields["day_day"], fields["day_month"], fields["day_year"]) == ("20", "November", "2026")
    assert fields["signer"] == "Bupati Lumajang"
    assert fields["digest"] == "f" * 16
    assert "surat.pdf" in text_of(refused)
    assert desk.states() == ["finalised", "finalised"]
    # The scan need not be chosen again.
    digest = desk.list_of(number).digest
    typed = f"{digest[:4]} {digest[4:8]} {digest[8:16]}".upper()
    done = client.post(address, letter(typed, scan_kept=fields["scan_kept"], scan_name="surat.pdf"))
    assert done.status_code == 303
    assert desk.states() == ["endorsed", "endorsed"]
    kept = desk.list_of(number).letter
    assert kept is not None
    assert (kept.number, kept.day, kept.signer) == ("460/117/427.44/2026", "2026-11-20", "Bupati Lumajang")
    given = client.get(f"/daftar/{number}/berkas/{kept.scan}")
    assert given.content == SCAN
    assert Reading.objects.filter(actor=CAST["bupati's office"].login, purpose="file:scan").exists()


def test_a_letter_without_its_scan_is_not_recorded() -> None:
    desk, number = finalised("A")
    client = client_of("bupati's office")
    refused = client.post(f"/daftar/{number}", letter(desk.list_of(number).digest[:16]))
    assert refused.status_code == 422
    assert "hasil pindai" in text_of(refused)
    wrong = io.BytesIO(b"bukan surat")
    wrong.name = "surat.pdf"
    refused = client.post(f"/daftar/{number}", letter(desk.list_of(number).digest[:16], scan=wrong))
    assert "bukan PDF, JPEG, atau PNG" in text_of(refused)
    assert desk.states() == ["finalised"]


def test_the_letter_and_the_list_by_name_are_printed_with_the_digest() -> None:
    desk, number = finalised("A")
    client = client_of("bupati's office")
    digest = desk.list_of(number).digest
    name = desk.request("A").subject_name
    told = {
        "number": "460/9",
        "signer": "Indah Amperawati",
        "day_day": "20",
        "day_month": "11",
        "day_year": "2026",
    }
    for paper, mark in (("surat.pdf", "Indah Amperawati"), ("bnba.pdf", "Surat pengesahan Nomor 460/9")):
        given = client.post(f"/daftar/{number}/{paper}", told)
        assert given["Content-Type"] == "application/pdf"
        text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(given.content)).pages)
        assert digest[:16] in text
        assert name in text
        assert mark in text
        assert client.get(f"/daftar/{number}/{paper}").status_code == 200
    purposes = set(
        Reading.objects.filter(actor=CAST["bupati's office"].login).values_list("purpose", flat=True)
    )
    assert {"print:endorsement", "print:bnba"} <= purposes


def test_the_sent_file_opens_and_holds_the_rows() -> None:
    desk, number = sent("A", "B")
    client = client_of("supervisor")
    digest = desk.list_of(number).file or ""
    given = client.get(f"/daftar/{number}/berkas/{digest}")
    assert given["Content-Disposition"].startswith("attachment")
    sheet = openpyxl.load_workbook(io.BytesIO(given.content)).worksheets[0]
    headers, *rows = sheet.iter_rows(values_only=True)
    numbers = {str(row[headers.index("Nomor Permintaan")]).replace("-", "") for row in rows}
    assert numbers == {desk.request("A").ticket, desk.request("B").ticket}
    assert Reading.objects.filter(actor=CAST["supervisor"].login, purpose="file:sent").exists()
    assert client.get(f"/daftar/{number}/berkas/{'0' * 64}").status_code == NOT_FOUND


def test_what_left_the_list_is_named_with_its_reason() -> None:
    desk, number = finalised("A", "B")
    desk.walk.must("endorse", "bupati's office")
    desk.request("B")
    desk.walk.must("state floor_material=3")
    client = client_of("supervisor")
    done = client.post(f"/daftar/{number}", {"deed": "send", "form_id": str(uuid4())})
    page = client.get(done["Location"])
    assert "Yang tidak ikut:" in text_of(page)
    assert "Keluar dari daftar" in text_of(page)
    assert desk.states() == ["sent", "conflict"]


def test_a_closed_window_carries_the_list_over_and_says_so() -> None:
    desk, number = finalised("A")
    desk.walk.must("endorse", "bupati's office")
    desk.walk.must("close the window gempa bumi", "supervisor")
    client = client_of("supervisor")
    page = client.get(f"/daftar/{number}")
    assert "ikut masa berikutnya dengan semua keputusannya" in text_of(page)
    assert read(page).disabled
    refused = client.post(f"/daftar/{number}", {"deed": "send", "form_id": str(uuid4())})
    assert refused.status_code == 422
    assert desk.states() == ["endorsed"]
    overview = client.get("/kumpulan?tampil=terbawa")
    assert "1 permintaan terbawa dari masa yang sudah ditutup" in text_of(overview)
    assert "Disahkan" in text_of(overview)


# --- the centre's answer --------------------------------------------------------------------------------------------


def answer(client: Client, number: int, body: bytes, name: str = "jawaban.xlsx") -> Any:
    file = io.BytesIO(body)
    file.name = name
    return client.post(f"/daftar/{number}", {"deed": "answer", "answer_file": file})


def test_an_answer_is_applied_and_counts_as_again_the_second_time() -> None:
    desk, number = sent("A", "B")
    client = client_of("supervisor")
    body = write_answer(number, outcome="diterima")
    done = answer(client, number, body)
    assert done.status_code == 303
    assert "2 permintaan berlaku di register." in text_of(client.get(done["Location"]))
    assert desk.states() == ["applied", "applied"]
    desk.request("A")
    assert desk.walk.value("floor_material") == "8"
    before = desk.history("A")
    again = answer(client, number, body)
    assert "2 sudah pernah dijawab." in text_of(client.get(again["Location"]))
    assert desk.history("A") == before


def rows_of(number: int) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(write_answer(number, outcome="diterima")))


def bytes_of(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def answers_that_cannot_be_read(number: int) -> Iterator[tuple[bytes, str, str]]:
    formula = rows_of(number)
    sheet = formula.worksheets[0]
    sheet.cell(row=2, column=sheet.max_column - 1, value='=IF(1=1,"diterima","ditolak")')
    yield bytes_of(formula), "jawaban.xlsx", "berisi rumus"
    doubled = rows_of(number)
    sheet = doubled.worksheets[0]
    row = [cell.value for cell in sheet[2]]
    row[-2] = "ditolak"
    sheet.append(row)
    yield bytes_of(doubled), "jawaban.xlsx", "ada di beberapa baris"
    strange = rows_of(number)
    sheet = strange.worksheets[0]
    sheet.cell(row=2, column=sheet.max_column - 1, value="mungkin")
    yield bytes_of(strange), "jawaban.xlsx", "belum dikenal"
    yield SCAN, "jawaban.xlsx", "bukan tabel"
    yield b"Nama,Alamat\nSiti,Krajan\n", "jawaban.csv", "belum memuat kolom"
    yield b"", "jawaban.xlsx", "kosong"


def test_an_answer_that_cannot_be_read_changes_nothing() -> None:
    desk, number = sent("A", "B")
    client = client_of("supervisor")
    for body, name, sentence in answers_that_cannot_be_read(number):
        refused = answer(client, number, body, name)
        assert refused.status_code == 422, sentence
        assert sentence in text_of(refused)
        read(refused)
        assert desk.states() == ["sent", "sent"]
    assert client.post(f"/daftar/{number}", {"deed": "answer"}).status_code == 422


def test_the_centre_answers_by_hand_after_a_page_that_says_what_will_happen() -> None:
    desk, number = sent("A", "B")
    client = client_of("centre")
    page = client.get(f"/daftar/{number}")
    assert "Menjawab tanpa berkas" in text_of(page)
    first, second = desk.request("A"), desk.request("B")
    told: dict[str, Any] = {
        "deed": "determine",
        "row": [first.id],
        "outcome": "no",
        "document": "12/HUK/2026",
    }
    missing = client.post(f"/daftar/{number}", told)
    assert missing.status_code == 422
    assert read(missing).fields["document"] == "12/HUK/2026"
    told["reason"] = "quota"
    preview = client.post(f"/daftar/{number}", told)
    assert "Tolak 1 permintaan" in text_of(preview)
    assert desk.states() == ["sent", "sent"]
    client.post(f"/daftar/{number}", {**told, "langkah": "jalankan", "form_id": str(uuid4())})
    assert (desk.request("A").answer, desk.request("A").answer_reason) == ("no", "quota")
    yes = {**told, "row": [second.id], "outcome": "yes", "langkah": "jalankan", "form_id": str(uuid4())}
    assert client.post(f"/daftar/{number}", yes).status_code == 303
    assert desk.request("B").state.value == "applied"
    assert desk.list_of(number).state.value == "answered"


def test_a_call_is_answered_with_one_file() -> None:
    walk = Walker(PostgresGround(), now=wiring.clock() - timedelta(days=9))
    walk.must("record", "operator").must("prove", "operator").must("reserve", "operator")
    walk.must("deliberate fit", "village head")
    days = [(walk.today() + timedelta(days=ahead)).isoformat() for ahead in (1, 13, 29)]
    walk.must("schedule a call " + " ".join(days), "centre")
    walk.wait(1.5).must("keep time").must("pack").must("hand over", "village head")
    client, address = client_of("supervisor"), f"/kumpulan/masa/{walk.window}/daftar"
    assert "Permintaan data dari pusat" in text_of(client.get(address))
    done = client.post(address, {"deed": "call", "form_id": str(uuid4())})
    assert done.status_code == 303
    given = client.get(f"/kumpulan/masa/{walk.window}/jawaban.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(given.content)).worksheets[0]
    assert sheet.max_row == 2
    outside = client_of("supervisor elsewhere").get(f"/kumpulan/masa/{walk.window}/jawaban.xlsx")
    assert outside.status_code == NOT_FOUND


# --- scope ----------------------------------------------------------------------------------------------------------


def test_what_is_outside_ones_scope_is_not_there() -> None:
    desk, number = sent("A")
    submission = desk.list_of(number)
    stranger = client_of("supervisor elsewhere")
    assert submission.letter is not None
    for address in (
        f"/kumpulan/{desk.batch}",
        f"/kumpulan/{desk.batch}/sejenis",
        f"/kumpulan/masa/{desk.window}?kab={KABUPATEN}",
        f"/kumpulan/masa/{desk.window}/daftar?kab={KABUPATEN}",
        f"/daftar/{number}",
        f"/daftar/{number}/surat.pdf",
        f"/daftar/{number}/bnba.pdf",
        f"/daftar/{number}/berkas/{submission.file}",
        f"/daftar/{number}/berkas/{submission.letter.scan}",
    ):
        assert stranger.get(address).status_code == NOT_FOUND, address
    for deed in ("send", "endorse", "answer", "determine"):
        assert stranger.post(f"/daftar/{number}", {"deed": deed}).status_code == NOT_FOUND
    assert (
        decide(stranger, f"/kumpulan/{desk.batch}", desk.request("A"), step="undo").status_code == NOT_FOUND
    )
    assert "Burno" not in text_of(stranger.get("/kumpulan"))
    assert Client().get(f"/daftar/{number}").status_code == 302


def test_the_overview_shows_windows_batches_and_lists_with_the_deed_of_the_reader() -> None:
    desk = handed_over("A", "B")
    desk.request("A")
    desk.walk.must("verify verified", "verifier")
    page = client_of("verifier").get("/kumpulan")
    read(page)
    text = text_of(page)
    assert "2 baris, 1 belum diperiksa, 1 oleh Anda" in text
    assert "Desa Burno, Senduro" in text
    desk.request("B")
    desk.walk.must("verify verified", "verifier")
    desk.walk.must("finalise", "supervisor")
    lists = client_of("bupati's office").get("/kumpulan")
    assert "Cetak surat pengesahan, lalu unggah yang sudah ditandatangani" in text_of(lists)
    assert "Menunggu disahkan" in text_of(lists)
