"""Whatever is typed, sent or uploaded has an answer in words, does nothing by halves, and stands escaped on the page."""

from __future__ import annotations

import io
import secrets
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.utils.html import conditional_escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mutakhir.core.actors import Actor, Role
from mutakhir.store.models import Incident
from mutakhir.wiring.lists import write_answer
from tests.builders import KABUPATEN, VILLAGE, actor
from tests.web.neighbours import Neighbours, neighbours
from tests.web.pages import account_of

pytestmark = pytest.mark.django_db
__all__ = ["neighbours"]

VALUES = (
    "", "a\x00b", "\x00", "9" * 10_000, "9" * 20, "x" * 10_000, "😀" * 30, "\u202ekanan\u200f\u2066", "-1", "1800",
    "31-12-2999", "<script>alert(1)</script>\"'>", "{{ 7|add:70707 }}{% now 'Y' %}", "' OR 1=1 --", "../../etc/passwd",
    "٣٤٥", "²", "1e999", "%s%n{0}", "a\r\nSet-Cookie: a=b", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
)  # fmt: skip
ANSWERED = frozenset({200, 302, 303, 400, 403, 404, 405, 409, 413, 422, 429})
DONE = frozenset({302, 303})


@dataclass(frozen=True, slots=True)
class Form:
    """A page with everything that it reads: what is in its address, and what its form sends."""

    who: str
    address: str
    query: Mapping[str, str] = field(default_factory=dict)
    post: Mapping[str, str] | None = None
    part: str = ""


def people(found: Neighbours) -> dict[str, Actor]:
    own = found.own
    return {
        "operator": own.operator,
        "head": own.head,
        "verifier": own.verifier,
        "supervisor": own.supervisor,
        "bupati": own.bupati,
        "administrator": actor("administrator-3508", (Role.ADMINISTRATOR, KABUPATEN)),
        "centre": actor("pusdatin", (Role.CENTRE, "")),
        "filler": own.who(Role.DATA_FILLER, 4),
    }


def forms(found: Neighbours) -> Iterator[Form]:
    """Every page of the site that reads something that was typed."""
    own = found.own
    at = own.numbers
    draft, reserved, session = at["draft"], at["reserved"], at["session"]
    window, listed = at["window"], at["submission"]
    day = {"since_day": "1", "since_month": "11", "since_year": "2026"}
    born = {"birth_date_day": "5", "birth_date_month": "7", "birth_date_year": "1988"}
    yield Form("", "/masuk", {"next": "/"}, {"login": "tutik", "password": "salah", "next": "/"})
    yield Form("", "/t", {"n": "1"}, None)
    yield Form(
        "", "/t", {},
        {"number": "3508-1111-11", "birth_day": "5", "birth_month": "7", "birth_year": "1988", "deed": "cancel", "sure": "yes"},
    )  # fmt: skip
    yield Form("", "/angka", {"kab": "3508"})
    yield Form("", "/bahasa", {"ke": "en", "kembali": "/"})
    yield Form("", "/galeri/", {"bahasa": "id", "kepadatan": "lega"})
    yield Form("operator", "/saya/sandi", {}, {"current": "a", "password": "b", "again": "c"})
    yield Form("administrator", "/akun", {"q": "e", "sesudah": "a"})
    yield Form(
        "administrator", "/akun/baru", {},
        {"login": "sulastri", "name": "Sulastri", "role": "village_operator", "region": VILLAGE, "region_query": "jeng"},
    )  # fmt: skip
    yield Form(
        "administrator", "/akun/baru", {}, {"role": "verifier", "region_query": "jeng", "region_search": "1"}
    )
    yield Form(
        "administrator",
        f"/akun/{at['account']}",
        {},
        {"deed": "end_role", "held": "999999", "successor": "siapa"},
    )
    yield Form("administrator", f"/akun/{at['account']}", {}, {"deed": "end", "successor": "siapa"})
    yield Form("administrator", "/jejak", {"siapa": "e", "sebelum": "9"})
    yield Form("operator", "/wilayah", {"q": "jeng"})
    yield Form("operator", "/cari", {"q": "sukarno"})
    yield Form("operator", "/cari", {"q": "sukarno 5-7-1988"})
    yield Form("verifier", "/keluarga", {"desa": VILLAGE, "sesudah": "a", "nomor": "1", "cari_desa": "jeng"})
    for part in ("k", "o"):
        yield Form(
            "verifier", f"/{part}/{at['family' if part == 'k' else 'person']}",
            {"bagian": "riwayat", "pada": "2026-01-05", "diketahui": "5-1-2026 10.42", "sebelum": "9"},
        )  # fmt: skip
    yield Form("operator", "/catat", {}, {"nik": "9908011507800012"})
    yield Form("operator", "/catat/nomor", {"nik": "9908011507800012", "baru": "1"}, part="fragment")
    yield Form("operator", "/catat/cari", {"nama": "sukarno"})
    asking = {"applicant": "Sri", "standing": "member", "form_id": "", **born}
    yield Form(
        "operator", f"/catat/keluarga/{at['family']}", {"orang": str(at["person"])},
        {**asking, "kind": "leaving", "orang": str(at["person"]), "village": VILLAGE, "village_query": "jeng"},
    )  # fmt: skip
    yield Form("filler", "/catat/keluarga-baru", {}, {**asking, "village": VILLAGE, "village_query": "jeng"})
    yield Form(
        "filler", "/catat/keluarga-baru", {}, {**asking, "village_query": "jeng", "village_search": "1"}
    )
    for group in ("perumahan", "aset"):
        yield Form(
            "operator", f"/catat/{draft}/isian/{group}", {"tampil": "semua"},
            {
                "floor_material": "7", "floor_area_m2": "45", "power_capacity": "1", "building_tenure": "1",
                "asset_motorcycle": "1", "livestock_cattle": "2", "seen": "1", "more": "1", **day,
            },
        )  # fmt: skip
    yield Form(
        "operator",
        f"/catat/{draft}/isian/perumahan/floor_area_m2",
        {"tampil": "satu"},
        {"floor_area_m2": "40", **day},
    )
    yield Form("operator", f"/catat/{draft}/isian", {"tampil": "satu"})
    yield Form("operator", f"/catat/{draft}/pemohon", {}, {**asking, "seen": "1"})
    yield Form(
        "operator",
        f"/catat/{draft}/periksa",
        {},
        {"seen": "1", "way": "current:1:floor_material", "form_id": ""},
    )
    packed = at["packed"]
    yield Form("operator", f"/catat/{packed}/orang", {}, {"drop": "0", **day})
    for step in ("tarik", "terus", "keberatan"):
        yield Form(
            "operator",
            f"/p/{reserved}/{step}",
            {},
            {"statement": "Pemohon menarik.", "seen": "1", "form_id": ""},
        )
    yield Form("operator", f"/p/{reserved}/lanjutkan", {}, {"seen": "1", "form_id": ""})
    yield Form("head", f"/tugas/{at['task']}", {}, {"note": "Sudah dilihat."})
    yield Form("operator", f"/tugas/{at['task']}", {}, {"note": "Sudah dilihat."})
    reserve = {"desa": VILLAGE, "saring": "semua", "hal": "evidence:form", "dusun": "a", "sesudah": "1"}
    yield Form("verifier", "/cadangan", {"cari": "jeng", "sesudah": "1"})
    yield Form("verifier", "/cadangan", reserve)
    yield Form("operator", "/cadangan/unduh", reserve, {"purpose": "meeting", "desa": VILLAGE})
    yield Form("verifier", "/cadangan/bahan.pdf", {"desa": VILLAGE})
    yield Form("operator", f"/cadangan/kumpulan/{at['village_batch']}", {"sesudah": "1"})
    yield Form("verifier", "/musyawarah", {"desa": VILLAGE, "sebelum": "2026-11-24_5"})
    yield Form("operator", "/musyawarah/panggil", {"desa": VILLAGE, "bentuk": "sptjm", "permintaan": "5"})
    yield Form(
        "operator", "/musyawarah/panggil", {},
        {
            "form": "meeting", "day_day": "1", "day_month": "12", "day_year": "2026", "place": "Balai", "agenda": "chosen",
            "request": str(reserved), "form_id": "",
        },
    )  # fmt: skip
    yield Form("operator", f"/musyawarah/{session}", {"dari": "1"})
    yield Form(
        "operator", f"/musyawarah/{session}/hasil", {"dari": "1"},
        {"attendance": "9", "dari": "1", "seen": "1", f"hasil_{reserved}": "not_fit", f"alasan_{reserved}": "Sudah layak.", "lanjut": "1"},
    )  # fmt: skip
    yield Form(
        "operator", f"/musyawarah/{session}/unggah", {}, {"proof": "minutes", "seen": "1", "file": "a"}
    )
    yield Form("head", f"/musyawarah/{session}/sahkan", {}, {"seen": "1", "form_id": ""})
    yield Form(
        "operator", f"/musyawarah/{at['confirmed']}/cetak/agenda.pdf",
        {"pukul": "19.00", "pimpinan": "Pak Lurah", "jabatan": "Ketua", "alasan": "hujan"},
    )  # fmt: skip
    yield Form(
        "verifier",
        "/kumpulan",
        {"masa": str(window), "bagian": "kumpulan", "tampil": "semua", "sesudah": "1"},
    )
    yield Form(
        "verifier", "/kumpulan", {"masa": str(window), "bagian": "daftar", "tampil": "pusat", "sesudah": "1"}
    )
    review = {
        "baris": "1",
        "sudah": "1",
        "ke": "a",
        "tampil": "belum",
        "jenis": "a",
        "alasan": "tolak",
        "bukti": "1",
        "daftar": "1",
    }
    row = str(at["handed_over"])
    for address in (f"/kumpulan/{at['batch']}", f"/kumpulan/masa/{window}"):
        yield Form("verifier", address, {**review, "kab": "3508", "kec": VILLAGE[:6], "desa": VILLAGE})
        yield Form(
            "verifier",
            address,
            {"baris": row},
            {
                "row": row,
                "seen": "99",
                "with_reason": "verify:returned",
                "reason": "photo_unclear",
                "note": "Gelap",
            },
        )
        yield Form("verifier", address, {}, {"row": row, "seen": "99", "step": "verify:verified"}, "fragment")
        yield Form("verifier", address, {}, {"undo": f"{row}:1"})
        yield Form(
            "verifier",
            f"{address}/sejenis",
            {"jenis": "a", "kab": "3508", "hasil": "1"},
            {
                "step": "verify:returned",
                "langkah": "jalankan",
                "stamp": "a",
                "reason": "1",
                "note": "a",
                "number": "1",
            },
        )
    yield Form(
        "supervisor",
        f"/kumpulan/masa/{window}/daftar",
        {"kab": "3508", "sesudah": "1"},
        {"deed": "finalise", "count": "1"},
    )
    yield Form("supervisor", f"/kumpulan/masa/{window}/daftar", {}, {"deed": "call", "form_id": ""})
    yield Form("supervisor", f"/daftar/{listed}", {"tampil": "semua", "sesudah": "3508-1"})
    letter = {"number": "460/1", "day_day": "1", "day_month": "12", "day_year": "2026", "signer": "Bupati"}
    yield Form(
        "bupati",
        f"/daftar/{listed}",
        {},
        {"deed": "endorse", "digest": "a", "scan_kept": "a", "scan_name": "b", **letter},
    )
    yield Form(
        "supervisor",
        f"/daftar/{listed}",
        {},
        {
            "deed": "determine",
            "row": str(at["listed"]),
            "outcome": "no",
            "document": "SK-1",
            "reason": "9",
            "langkah": "lihat",
        },
    )
    yield Form("supervisor", f"/daftar/{listed}", {}, {"deed": "send", "form_id": ""})
    yield Form("bupati", f"/daftar/{listed}/surat.pdf", letter)
    yield Form("supervisor", "/jadwal", {"tahun": "2027"})
    new = {
        "region": "3508", "place": "jeng", "opens": "1-6-2027", "cut_off": "12-6-2027", "closes": "30-6-2027", "act_number": "S-1",
        "act_day": "1-5-2027", "act_signer": "Sekjen", "name": "Juni", "form": "window", "repeat": "none", "kinds": "new_person",
        "per_verifier": "50",
    }  # fmt: skip
    yield Form("centre", "/jadwal/baru", new)
    yield Form("supervisor", "/jadwal/baru", {}, {**new, "deed": "check"})
    yield Form("centre", "/jadwal/baru", {}, {**new, "deed": "save", "form_id": ""})
    yield Form("supervisor", f"/jadwal/{window}", {"baru": "1"}, {"deed": "close", "reason": "a"})


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back, so that the next form finds everything as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


COUNTED = (
    "event",
    "request_now",
    "session_now",
    "batch_now",
    "submission_now",
    "window_now",
    "account",
    "role_held",
    "task",
)


def marks() -> tuple[Any, ...]:
    """What the register holds: how many rows, and a mark of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {one} t"
                for one in COUNTED
            )
        )
        return tuple(cursor.fetchall())


def client_of(found: Neighbours, who: str) -> Client:
    client = Client()
    if who:
        client.force_login(account_of(people(found)[who]))
    return client


def send(
    client: Client,
    form: Form,
    *,
    query: Mapping[str, Any] | None = None,
    post: Mapping[str, Any] | None = None,
) -> Any:
    headers = {"HX-Request": "true"} if form.part else None
    told = form.query if query is None else query
    if form.post is None:
        return client.get(form.address, told, headers=headers)
    return client.post(
        form.address, {"form_id": str(uuid4()), **(form.post if post is None else post)}, headers=headers,
        query_params=told,
    )  # fmt: skip


def look(response: Any, form: Form, name: str, value: str, before: tuple[Any, ...]) -> list[str]:
    """What is wrong with an answer, in lines for the report of the test."""
    where = f"{form.who} {form.address} {name}={value[:20]!r}"
    wrong = []
    if response.status_code not in ANSWERED:
        trace = Incident.objects.order_by("-id").values_list("trace", flat=True).first() or ""
        wrong.append(f"{where}: {response.status_code} {trace.strip().splitlines()[-1:]}")
        return wrong
    # A fragment tells by its words, not by its status, that the row was decided: then nothing else was wrong.
    decided = bool(form.part) and name in ("seen", "form_id")
    if response.status_code not in DONE and not decided and marks() != before:
        created = "account/created.html" in [one.name for one in response.templates if one.name]
        if not created:
            wrong.append(f"{where}: {response.status_code} and something was written")
    if "html" in response.headers.get("Content-Type", ""):
        text = response.content.decode()
        if "<script>alert" in text:
            wrong.append(f"{where}: a script stands on the page")
        if "Traceback" in text or ("70714" in text):
            wrong.append(f"{where}: the page gives itself away")
        if not form.part and response.status_code not in DONE and text.count("<h1") != 1:
            wrong.append(f"{where}: no page")
    if "Set-Cookie: a=b" in str(response.headers):
        wrong.append(f"{where}: a header of its own")
    return wrong


def all_forms(found: Neighbours) -> list[Form]:
    return list(forms(found))


ALWAYS = ("a\x00b", "9" * 10_000, "<script>alert(1)</script>\"'>")
OTHERS = tuple(value for value in VALUES if value not in ALWAYS)
EACH = 5
"""So many of the other values each field gets; from field to field they move on."""


@pytest.mark.parametrize("part", range(4))
def test_every_field_of_every_page_has_an_answer(neighbours: Neighbours, part: int) -> None:
    """Each field alone gets some of the values, and all others stay in order."""
    wrong: list[str] = []
    place = part
    clients = {who: client_of(neighbours, who) for who in ("", *people(neighbours))}
    before = marks()
    for form in list(forms(neighbours))[part::4]:
        told = form.query if form.post is None else form.post
        for name in told:
            place += EACH
            for value in (*ALWAYS, *(OTHERS[(place + one) % len(OTHERS)] for one in range(EACH))):
                with undone():
                    changed = {**told, name: value}
                    if form.post is None:
                        response = send(clients[form.who], form, query=changed)
                    else:
                        response = send(clients[form.who], form, post=changed)
                    wrong += look(response, form, name, value, before)
                connection_is_well()
    assert not wrong, "\n".join(wrong)
    assert marks() == before


def connection_is_well() -> None:
    """A question that broke off would spoil everything that is asked after it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.mark.parametrize("shift", range(3))
def test_lists_where_one_value_is_asked_for_have_an_answer(neighbours: Neighbours, shift: int) -> None:
    """Every field comes several times, in brackets, and all of them with something else than they ask for."""
    wrong: list[str] = []
    clients = {who: client_of(neighbours, who) for who in ("", *people(neighbours))}
    before = marks()
    for place, form in enumerate(forms(neighbours)):
        told = form.query if form.post is None else form.post
        sent: dict[str, Any] = {}
        for at, name in enumerate(told):
            both = [
                VALUES[(place + at + shift) % len(VALUES)],
                VALUES[(place + at + shift + 7) % len(VALUES)],
            ]
            sent |= {name: both, f"{name}[]": both, f"{name}[0]": both[0]}
        with undone():
            client = clients[form.who]
            response = send(client, form, query=sent) if form.post is None else send(client, form, post=sent)
            wrong += look(response, form, "all", "", before)
    assert not wrong, "\n".join(wrong)


RAW = (
    b"%",
    b"%zz",
    b"%ff%fe",
    b"%ed%a0%80",
    b"a=%00&a=%00",
    b"=&=&&&",
    b"\xff\xfe",
    b"a" * 20_000,
    b"&".join([b"a=1"] * 300),
)


@pytest.mark.parametrize("raw", RAW, ids=range(len(RAW)))
def test_bytes_that_are_no_text_have_an_answer(neighbours: Neighbours, raw: bytes) -> None:
    client = client_of(neighbours, "operator")
    at = neighbours.own.numbers
    form_type = "application/x-www-form-urlencoded"
    names = (b"q", b"nama", b"sesudah", b"statement", b"nik", b"place", b"dusun", b"pada", b"diketahui")
    asked = b"&".join(name + b"=" + raw for name in names)
    for address in ("/cari", "/catat/cari", "/cadangan", f"/k/{at['family']}", "/keluarga", "/musyawarah"):
        with undone():
            response = client.get(address, QUERY_STRING=asked.decode("latin-1"))
            assert response.status_code in ANSWERED, address
    for address in (
        "/catat",
        f"/p/{at['reserved']}/tarik",
        "/musyawarah/panggil",
        f"/catat/{at['draft']}/isian/perumahan",
        "/t",
    ):
        for content_type in (
            form_type,
            f"{form_type}; charset=utf-16",
            f"{form_type}; charset=tidak-ada",
            "text/plain",
            "application/json",
            "multipart/form-data",
            "multipart/form-data; boundary=a",
            "",
        ):
            with undone():
                response = client.generic("POST", address, asked, content_type)
                assert response.status_code in ANSWERED, (address, content_type)
    assert not Incident.objects.exists()


# --- what was typed stands there again, and escaped -----------------------------------------------------------------

MARKS = "\u202eB\u200f <i>&amp; \"kutip\" 'tunggal' 😀 {{ x }} %(n)s"
KEPT: tuple[tuple[str, str, str, Mapping[str, str]], ...] = (
    ("operator", "/p/{reserved}/tarik", "statement", {"seen": "0"}),
    ("operator", "/catat", "nik", {}),
    ("operator", "/catat/keluarga/{family}", "applicant", {"standing": "member"}),
    ("operator", "/catat/{draft}/pemohon", "applicant", {"standing": "raja"}),
    ("head", "/tugas/{task}", "note", {}),
    ("supervisor", "/jadwal/baru", "act_number", {"deed": "check", "region": "3508"}),
    ("administrator", "/akun/baru", "name", {"login": "x", "role": "verifier"}),
    ("administrator", "/akun/{account}", "successor", {"deed": "end"}),
    ("operator", "/musyawarah/panggil", "place", {"form": "meeting", "day_day": "99"}),
    ("supervisor", "/daftar/{submission}", "document", {"deed": "determine", "outcome": "no"}),
    ("", "/masuk", "login", {"password": "x"}),
)


@pytest.mark.parametrize(("who", "address", "name", "more"), KEPT)
def test_what_was_typed_stands_there_again(
    neighbours: Neighbours, who: str, address: str, name: str, more: Mapping[str, str]
) -> None:
    client = client_of(neighbours, who)
    before = marks()
    with undone():
        response = client.post(address.format(**neighbours.own.numbers), {name: MARKS, **more})
    text = response.content.decode()
    assert response.status_code in (422, 409), response.status_code
    assert "<i>" not in text
    assert f"{conditional_escape(MARKS)}"[:40] in text, "what was typed is not there any more"
    assert marks() == before


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(words=st.text(max_size=60), number=st.integers(-(10**25), 10**25))
def test_any_text_and_any_number_have_an_answer(neighbours: Neighbours, words: str, number: int) -> None:
    client = client_of(neighbours, "verifier")
    at = neighbours.own.numbers
    told = words.encode("utf-8", "replace").decode()
    with undone():
        for address, asked in (
            ("/cari", {"q": told}),
            ("/keluarga", {"desa": told, "sesudah": told, "nomor": number, "cari_desa": told}),
            ("/cadangan", {"cari": told, "sesudah": number}),
            (f"/kumpulan/{at['batch']}", {"baris": number, "ke": told, "jenis": told, "bukti": number}),
            ("/kumpulan", {"masa": number, "bagian": told, "sesudah": told}),
            (f"/k/{at['family']}", {"pada": told, "diketahui": told, "bagian": "riwayat", "sebelum": number}),
        ):
            assert client.get(address, asked).status_code in ANSWERED, address
        assert not Incident.objects.exists()


# --- files ----------------------------------------------------------------------------------------------------------


def book(rows: list[list[Any]]) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)  # type: ignore[union-attr]
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def rezipped(body: bytes, name: str, change: Any) -> bytes:
    """The same workbook with one of its parts changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            before = old.read(part)
            after = change(before) if part == name else before
            assert (after != before) == (part == name)
            new.writestr(part, after)
    return target.getvalue()


def encrypted_zip() -> bytes:
    """An archive whose entry says that it is locked."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("xl/workbook.xml", "rahasia")
    body = bytearray(target.getvalue())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(mark) + at] |= 1
    return bytes(body)


SHEET = "xl/worksheets/sheet1.xml"
OUTCOME = b't="inlineStr"><is><t>disetujui</t></is>'
FORMULA = b't="str"><f>LOWER("DISETUJUI")</f><v>disetujui</v>'
EMPTY_ROWS = 1_000_000


def many_empty_rows(sent: bytes) -> bytes:
    rows = b"".join(b'<row r="%d"/>' % number for number in range(100, EMPTY_ROWS + 100))
    return rezipped(sent, SHEET, lambda part: part.replace(b"</sheetData>", rows + b"</sheetData>"))


def answer_files(sent: bytes) -> Iterator[tuple[str, bytes]]:
    """Files that no centre sends, by the names that they have."""
    yield "jawaban.xlsx", encrypted_zip()
    yield "jawaban.xlsx", rezipped(sent, SHEET, lambda part: part.replace(OUTCOME, FORMULA))
    yield "jawaban.xlsx", rezipped(sent, SHEET, lambda part: part[: len(part) // 2])
    yield "jawaban.xlsx", sent[: len(sent) // 2]
    yield "jawaban.xlsx", b""
    yield "jawaban.xlsx", b"#!/bin/sh\nrm -rf /\n"
    yield "jawaban.xlsx", b"<?php system($_GET['a']); ?>"
    yield "jawaban.csv", b"nomor_permintaan;hasil\n\x00;\x00\n"
    yield "jawaban.csv", b"\xff\xfe" + "hasil;nomor\nditerima;1\n".encode("utf-16-le")
    yield "../../../etc/passwd", b"root:x:0:0\n"
    yield "jawaban." + "é" * 120, b"a;b\n1;2\n"
    yield "=cmd|' /C calc'!A0.xlsx", book([["=cmd|' /C calc'!A0", "hasil"], ["=1+1", "diterima"]])
    yield (
        "jawaban.xlsx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
    )
    yield "jawaban.csv", secrets.token_bytes(1 << 16)
    yield "jawaban.xlsx", b"\0" * (30 << 20)


def test_a_file_that_is_no_answer_changes_nothing(neighbours: Neighbours) -> None:
    number = neighbours.own.numbers["submission"]
    client = client_of(neighbours, "supervisor")
    before = marks()
    for place, (name, body) in enumerate(answer_files(write_answer(number, outcome="disetujui"))):
        with undone():
            sent = {"deed": "answer", "answer_file": SimpleUploadedFile(name, body), "form_id": str(uuid4())}
            response = client.post(f"/daftar/{number}", sent)
            assert response.status_code in (413, 422), (place, name, body[:20], response.status_code)
            text = response.content.decode()
            assert text.count("<h1") == 1
            assert "Traceback" not in text
            assert marks() == before, name
    assert not Incident.objects.exists()


def test_a_million_empty_rows_below_an_answer_are_passed_over(neighbours: Neighbours) -> None:
    number = neighbours.own.numbers["submission"]
    client = client_of(neighbours, "supervisor")
    body = many_empty_rows(write_answer(number, outcome="disetujui"))
    with undone():
        sent = {
            "deed": "answer",
            "answer_file": SimpleUploadedFile("jawaban.xlsx", body),
            "form_id": str(uuid4()),
        }
        response = client.post(f"/daftar/{number}", sent)
        assert response.status_code in (303, 422)
        assert not Incident.objects.exists()


SCRIPT = b"<script>alert(document.cookie)</script>"
DISGUISED = (
    ("foto.jpg", "image/jpeg", SCRIPT),
    ("foto.png", "image/png", b"\x89PNG\r\n\x1a\n" + SCRIPT),
    ("foto.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + SCRIPT + b"\xff\xd9"),
    ("surat.pdf", "application/pdf", b"%PDF-1.7\n" + SCRIPT),
    ("foto.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("../../../tmp/foto.php", "image/png", b"<?php system('id'); ?>"),
    ("kosong.jpg", "image/jpeg", b""),
    ("besar.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + b"\0" * (30 << 20)),
    ("a\x00.png", "text/html", SCRIPT),
)


@pytest.mark.parametrize(
    ("name", "media_type", "body"), DISGUISED, ids=[f"{one[0]} {len(one[2])}" for one in DISGUISED]
)
def test_a_script_in_disguise_is_not_taken_in(
    neighbours: Neighbours, name: str, media_type: str, body: bytes
) -> None:
    at = neighbours.own.numbers
    for who, address, field_name, more in (
        ("operator", f"/catat/{at['reserved']}/bukti", "evidence_form", {}),
        ("operator", f"/musyawarah/{at['session']}/unggah", "file", {"proof": "minutes"}),
        (
            "bupati",
            f"/daftar/{at['submission']}",
            "scan",
            {"deed": "endorse", "number": "1", "signer": "Bupati"},
        ),
    ):
        client = client_of(neighbours, who)
        before = marks()
        with undone():
            sent = {
                field_name: SimpleUploadedFile(name, body, content_type=media_type),
                "form_id": str(uuid4()),
                **more,
            }
            response = client.post(address, sent)
            assert response.status_code in (302, 413, 422), (address, response.status_code)
            # An empty file is no file to a browser: the page goes on without it.
            assert response.status_code != 302 or not body
            assert "alert(document" not in response.content.decode()
            assert marks() == before
    assert not Incident.objects.exists()


def test_a_request_that_is_far_too_large_is_answered_in_words(neighbours: Neighbours) -> None:
    client = client_of(neighbours, "operator")
    before = marks()
    for sent in ({"statement": "x" * (6 << 20)}, {f"a{number}": "1" for number in range(6000)}):
        response = client.post(f"/p/{neighbours.own.numbers['reserved']}/tarik", sent)
        assert response.status_code == 413
        assert "terlalu besar" in response.content.decode()
    assert marks() == before
