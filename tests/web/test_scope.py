"""What lies outside one's scope is not there: every address of the site, with the numbers of other places, for every role."""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pypdf
import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from mutakhir.cli import show
from mutakhir.core.actors import KEEPERS, LEVEL_DIGITS, REVIEWERS, Actor, Role
from mutakhir.core.refusals import Refused
from mutakhir.node import program as program_module
from mutakhir.store.models import Account, Reading, RoleHeld
from tests.builders import ELSEWHERE, KABUPATEN, NEARBY, VILLAGE, actor
from tests.web.neighbours import CAMERAS, Neighbours, Village, neighbours
from tests.web.pages import PASSWORD, PagesClient, account_of

pytestmark = pytest.mark.django_db
__all__ = ["neighbours"]

NOBODY = 999_999_999
"""A number that no record has."""
NO_DIGEST = "0" * 64
NOT_THERE = 404


# --- every address --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Visit:
    """How an address leads to the records of a village: its numbers by their names there, and a form that is in order."""

    told: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    post: Mapping[str, Any] | None = None
    level: int = 10
    """The length of the region code of what is visited."""
    query: str = ""

    def address(self, name: str, village: Village) -> str:
        numbers = {key: village.numbers.get(key, 0) for key in self.told.values()} | village.digests
        found = {key: numbers[of] for key, of in self.told.items()}
        return reverse(name, kwargs={**found, **self.fixed}) + self.query

    def nowhere(self, name: str) -> str:
        found = {key: NO_DIGEST if key == "digest" else NOBODY for key in self.told}
        return reverse(name, kwargs={**found, **self.fixed}) + self.query


def one(
    record: str, *, level: int = 10, query: str = "", fixed: Mapping[str, Any] | None = None, **post: Any
) -> Visit:
    return Visit({"number": record}, fixed or {}, post or None, level, query)


def file_of(record: str, digest: str, *, level: int = 10) -> Visit:
    return Visit({"number": record, "digest": digest}, level=level)


def window_of(query: str = "", record: str = "window", **post: Any) -> Visit:
    return Visit({"window": record}, {}, post or None, 4, query)


PERSON = {"name": "Orang Baru", "sex": "1", "birth_date_year": "2001", "relation": "3"}
VISITS: Mapping[str, tuple[Visit, ...]] = {
    "edit_account": (
        one("account", deed="end"),
        one("account", deed="end", successor="administrator-3508"),
        one("account", deed="password"),
        one("account", deed="end_role", held="1"),
    ),
    "give_role": (
        one("account", role="verifier", region="3508", deed=""),
        one("account", role="administrator", region=""),
        one("account", role="village_operator", region_query="e", region_search="1"),
    ),
    "record_family": (
        Visit({"family": "family"}, {}, {"kind": "leaving", "applicant": "Sri", "standing": "member"}),
    ),
    "draft": (one("draft"), one("reserved")),
    "draft_fields": (one("draft", floor_material="7"),),
    "draft_group": (one("draft", fixed={"group": "perumahan"}, floor_material="7"),),
    "draft_question": (
        one("draft", fixed={"group": "perumahan", "attribute": "floor_material"}, floor_material="7"),
    ),
    "draft_people": (one("draft", drop="0"),),
    "draft_person": (one("draft", fixed={"place": 0}, **PERSON),),
    "draft_question_of": (one("draft", fixed={"place": 0, "attribute": "name"}, name="Orang Baru"),),
    "draft_applicant": (one("draft", applicant="Sri", standing="member", birth_date_year="1980"),),
    "draft_reporter": (one("draft", applicant="Sri", standing="member", birth_date_year="1980"),),
    "draft_about": (one("draft", person="1"),),
    "draft_evidence": (one("draft", confirmed="1"), one("reserved", confirmed="1")),
    "draft_check": (one("draft", seen="1"), one("draft", way="current:1:floor_material")),
    "draft_saved": (one("reserved"),),
    "request": tuple(one(name) for name in ("draft", "reserved", "packed", "handed_over", "listed")),
    "evidence_file": (file_of("reserved", "evidence"),),
    "keep": (one("reserved", statement="Pemohon ingin jalan terus."),),
    "withdraw": (one("reserved", statement="Pemohon menarik."),),
    "offer": (one("reserved", to=NEARBY, reason="Pindah."), one("offered")),
    "offered": (one("offered", deed="take_over"), one("offered", deed="decline", reason="Bukan di sini.")),
    "ask_visit": (one("handed_over", reason="Foto kurang jelas."),),
    "visit": (one("visit", deed="call_off", reason="Tidak perlu."), one("visit", deed="report")),
    "visit_photo": (one("visit"),),
    "region_change": (one("region_change", kind="family", to=NEARBY),),
    "forward": (one("batch", deed="forward:forwarded"),),
    "refer": (one("reserved", statement="Dibawa ke Dukcapil."),),
    "appeal": (one("reserved", statement="Kami keberatan."),),
    "resume": (one("reserved", seen="3"),),
    "receipt": (one("reserved"),),
    "receipt_pdf": (one("reserved"),),
    "family": tuple(
        one("family", query=query)
        for query in (
            "",
            "?bagian=anggota",
            "?bagian=riwayat",
            "?pada=2026-01-01",
            "?diketahui=2026-11-25T00:00%2B07:00",
        )
    ),
    "open_number": (one("person", purpose="civil"), one("family", purpose="other", other="Surat")),
    "person_readings": (one("person"),),
    "person": tuple(
        one("person", query=query) for query in ("", "?bagian=isian", "?bagian=riwayat&pada=2026-01-01")
    ),
    "village_batch": (one("village_batch", confirmed="1"),),
    "session": (one("session"), one("confirmed")),
    "session_results": (one("session", attendance="9"),),
    "session_proof": (one("session", proof="minutes"),),
    "session_confirm": (one("session", seen="1"),),
    "session_file": (file_of("confirmed", "proof"),),
    "session_paper": tuple(
        one("confirmed", fixed={"name": name}) for name in ("agenda", "daftar-hadir", "berita-acara", "bnba")
    ),
    "task": (one("task", note="Sudah dilihat."),),
    "batch": (one("batch", step="verify:verified", row="1", seen="1"), one("batch", undo="1:1")),
    "batch-alike": (one("batch", step="verify:verified"),),
    "batch-window": (
        window_of(step="verify:verified", row="1"),
        window_of(query="?kab=3508"),
        window_of(query="?kab=3509", step="verify:verified", row="1"),
    ),
    "batch-window-alike": (window_of(step="verify:verified"), window_of(query="?kab=3509")),
    "batch-lists": (
        window_of(deed="finalise", count="1"),
        window_of(query="?kab=3509", deed="finalise", count="1"),
    ),
    "call-file": (window_of(record="call"),),
    "submission": (
        one("submission", level=4, deed="send"),
        one("submission", level=4, deed="determine", row="1", outcome="yes", document="SK-1"),
        one("submission", level=4, deed="endorse", number="1"),
        one("submission", level=4, deed="answer"),
    ),
    "submission-letter": (one("submission", level=4),),
    "submission-names": (one("submission", level=4),),
    "submission-file": (file_of("submission", "scan", level=4), file_of("submission", "sent", level=4)),
    "annul": (one("listed", reason="Salah orang."),),
    "annulment": (one("annulment", verb="approve", seen="1"),),
    "annulment_file": (one("annulment"),),
    "erase": (one("person", kind="erase", basis="asked", number="460/1"),),
    "erasure": (one("erasure", verb="approve", seen="1"),),
    "window": (
        one("window", level=4, deed="close", reason="Sudah selesai."),
        one("call", level=4, deed="close", reason="x"),
    ),
}
"""Addresses that carry a number or a digest, each with the forms that its page sends."""

OTHERS = frozenset(
    {
        *(
            "login",
            "sign_in_code",
            "second_factor",
            "sign_out_everywhere",
            "logout",
            "language",
            "account",
            "password",
            "accounts",
            "create_account",
            "regions",
            "readings",
            "readings_csv",
        ),
        *("work", "more", "search", "people", "record", "record_number", "record_names", "record_new_family"),
        "record_elsewhere",
        *("reserve", "reserve_file", "reserve_agenda", "leaving_form", "sessions", "session_call"),
        *("batches", "windows", "windows_csv", "windows_ics", "new_window", "ticket", "figures", "health"),
        *("visits", "walk", "region_changes", "annulments", "erasures"),
        *("gallery:list", "gallery:page", "gallery:component"),
    }
)
"""Addresses without a number: what they list is looked at further below. The gallery shows examples only."""


def names_of(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            space = f"{each.namespace}:" if each.namespace else ""
            yield from names_of(each.url_patterns, prefix + space)
        else:
            yield prefix + (each.name or str(each.pattern)), each


def test_every_address_is_known_here() -> None:
    """A new page has to say here which records it shows."""
    found = dict(names_of(get_resolver().url_patterns))
    assert set(found) == set(VISITS) | OTHERS
    numbered = {name for name, each in found.items() if "<" in str(each.pattern) and ":" not in name}
    assert numbered == set(VISITS)


# --- who ------------------------------------------------------------------------------------------------------------


def readers() -> dict[str, Actor | None]:
    """Everybody: each role at its level in one's own place, somebody whose roles have ended, and nobody at all."""
    found: dict[str, Actor | None] = {"signed out": None, "without a role": actor("kosong")}
    for role, digits in LEVEL_DIGITS.items():
        found[role.value] = actor(
            f"{role.value}-{VILLAGE[:digits]}".replace("_", "-"), (role, VILLAGE[:digits])
        )
    return found


def client_of(reader: Actor | None) -> Client:
    client = PagesClient()
    if reader is not None:
        client.force_login(account_of(reader))
    return client


# --- as if there were nothing ---------------------------------------------------------------------------------------

SECRETS = re.compile(
    r'(name="csrfmiddlewaretoken" value=")[^"]+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
)


def answer_of(response: Any, address: str) -> tuple[int, str, str, bytes]:
    """What an answer tells: status, where it leads, its form and its body, without what differs from visit to visit."""
    path = address.partition("?")[0]
    body = response.content.replace(quote(path, safe="").encode(), b"HERE").replace(path.encode(), b"HERE")
    text = SECRETS.sub(r"\1", body.decode("utf-8", "surrogateescape"))
    number = re.findall(r"\d+", path)[0]
    leads = response.headers.get("Location", "").replace(quote(path), "HERE").replace(f"={number}", "=N")
    return (
        response.status_code,
        leads,
        response.headers.get("Content-Type", ""),
        text.encode("utf-8", "surrogateescape"),
    )


WAYS: Mapping[str, Callable[[Client, str, Visit], Any]] = {
    "page": lambda client, address, visit: client.get(address),
    "fragment": lambda client, address, visit: client.get(address, headers={"HX-Request": "true"}),
    "form": lambda client, address, visit: client.post(
        address, {"form_id": str(uuid4()), **(visit.post or {})}
    ),
}
FRAGMENTS = frozenset({"batch", "batch-window", "person", "request", "draft_group", "submission"})
"""Addresses that are asked for parts of a page, and some that are not but might be."""


def state() -> dict[str, tuple[Any, ...]]:
    """Everything that the database holds, as one mark a table; the browser's own session may change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [row[0] for row in cursor if row[0] != "django_session"]
        marks = {}
        for table in tables:
            cursor.execute(
                f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" t"
            )
            marks[table] = cursor.fetchone()
    return marks


def is_hidden(reader: Actor | None, visit: Visit, village: Village, name: str) -> bool:
    region = village.region[: visit.level]
    if reader is None:
        return True
    if name in OF_ACCOUNTS:
        return not region.startswith(reader.offices(REVIEWERS if name == "edit_account" else KEEPERS))
    if name == "window":
        return not any(scope.startswith(region) or region.startswith(scope) for scope in reader.scopes())
    if name.startswith("batch-") and visit.query:
        # The query names the region; the window must touch it.
        return not reader.sees(visit.query[-4:]) or visit.query[-4:] != region
    if name in ("batch-window", "batch-window-alike", "batch-lists"):
        return not any(scope.startswith(region) or region.startswith(scope) for scope in reader.scopes())
    return not reader.sees(region)


@pytest.mark.parametrize("who", list(readers()))
def test_what_is_elsewhere_is_answered_as_if_it_were_not_there(neighbours: Neighbours, who: str) -> None:
    reader = readers()[who]
    client = client_of(reader)
    before = state()
    wrong = []
    for name, visits in VISITS.items():
        for visit in visits:
            for way, go in WAYS.items():
                if way == "fragment" and name not in FRAGMENTS:
                    continue
                none = visit.nowhere(name)
                expected = answer_of(go(client, none, visit), none)
                for village in neighbours.all:
                    if not is_hidden(reader, visit, village, name):
                        continue
                    address = visit.address(name, village)
                    found = answer_of(go(client, address, visit), address)
                    if found != expected:
                        wrong.append((way, address, found[:2], expected[:2]))
                    if village.token.encode() in found[3]:
                        wrong.append((way, address, "names somebody"))
    assert not wrong, "\n".join(map(str, wrong))
    assert state() == before


NETTED = ("village_operator", "camat", "verifier", "supervisor", "administrator")


@pytest.mark.parametrize("who", NETTED)
def test_the_database_hides_what_the_program_forgot_to(
    neighbours: Neighbours, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every condition of the program taken away, no page names anybody of another place and no form does a thing."""
    reader = readers()[who]
    assert reader is not None
    client = client_of(reader)
    hidden = [one for one in neighbours.all if not reader.sees(one.region)]
    assert hidden
    for name, module in list(sys.modules.items()):
        if name.startswith("mutakhir.queries") and hasattr(module, "within"):
            if module.within.__module__ == "mutakhir.queries.scopes":
                monkeypatch.setattr(module, "within", lambda *_: ("TRUE", []))
    monkeypatch.setattr(Actor, "sees", lambda *_: True)
    before, said = state(), []
    for name, visits in VISITS.items():
        if name in OF_ACCOUNTS:
            continue
        for visit in visits:
            for village in hidden:
                address = visit.address(name, village)
                for way, go in WAYS.items():
                    answer = go(client, address, visit)
                    if village.token in text_of(answer):
                        said.append((way, address))
    assert not said
    after = state()
    assert {table for table in after if after[table] != before[table]} <= {"reading"}


OF_ACCOUNTS = ("edit_account", "give_role")


def test_a_file_opens_only_under_the_record_that_it_belongs_to(neighbours: Neighbours) -> None:
    """A digest that somebody knows opens nothing under the number of another record."""
    client, own = client_of(neighbours.own.operator), neighbours.own
    for name, record, digest in (
        ("evidence_file", "reserved", "evidence"),
        ("session_file", "confirmed", "proof"),
    ):
        right = reverse(name, args=[own.numbers[record], own.digests[digest]])
        assert client.get(right).status_code == 200
        for other in (neighbours.next, neighbours.far):
            wrong = reverse(name, args=[own.numbers[record], other.digests[digest]])
            nothing = reverse(name, args=[own.numbers[record], NO_DIGEST])
            assert answer_of(client.get(wrong), wrong) == answer_of(client.get(nothing), nothing)


SEEN_BY: Mapping[Role, tuple[str, ...]] = {
    Role.VERIFIER: (
        "request",
        "family",
        "person",
        "batch",
        "submission",
        "evidence_file",
        "session",
        "village_batch",
    ),
    Role.SUPERVISOR: (
        "request",
        "family",
        "person",
        "batch",
        "submission",
        "submission-names",
        "call-file",
        "receipt",
    ),
    Role.HEAD_OF_DINSOS: (
        "request",
        "family",
        "person",
        "batch",
        "submission",
        "submission-file",
        "session_file",
    ),
    Role.CENTRE: (
        "request",
        "family",
        "person",
        "batch",
        "submission",
        "submission-file",
        "window",
        "call-file",
    ),
    Role.AUDITOR: (
        "request",
        "family",
        "person",
        "batch",
        "submission",
        "evidence_file",
        "window",
        "visit",
        "visit_photo",
    ),
    Role.CAMAT: ("request", "family", "person", "batch", "session", "forward"),
    Role.FIELD_CHECKER: ("request", "family", "visit", "visit_photo"),
    Role.PROVINCE: ("request", "family", "person", "batch", "window", "offered", "visit", "region_change"),
    Role.ADMINISTRATOR: ("edit_account",),
}
"""What people whose region is wider see of the next village."""


@pytest.mark.parametrize("role", SEEN_BY)
def test_a_wider_region_shows_what_lies_in_it(neighbours: Neighbours, role: Role) -> None:
    client = client_of(readers()[role.value])
    village = neighbours.far if LEVEL_DIGITS[role] == 0 else neighbours.next
    for name in SEEN_BY[role]:
        for visit in VISITS[name]:
            assert client.get(visit.address(name, village)).status_code == 200, (role, name)


# --- lists ----------------------------------------------------------------------------------------------------------


def lists_of(neighbours: Neighbours) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """Every page that lists or searches, with every filter and every place that somebody might type."""
    for address in (
        *(
            "/",
            "/keluarga",
            "/catat",
            "/cadangan",
            "/musyawarah",
            "/kumpulan",
            "/jadwal",
            "/akun",
            "/jejak",
            "/saya",
        ),
        *("/lainnya", "/jadwal.csv", "/jadwal.ics", "/jadwal/baru", "/akun/baru", "/angka"),
        *("/cadangan?saring=semua", "/cadangan?saring=dusun", "/cadangan?saring=siap", "/cadangan?cari=e"),
        *(
            "/kumpulan?bagian=daftar",
            "/kumpulan?tampil=semua",
            "/kumpulan?tampil=terbawa",
            "/kumpulan?bagian=daftar&tampil=dijawab",
        ),
        *(
            "/kumpulan?bagian=daftar&tampil=pusat",
            "/akun?q=e",
            "/kunjungan?bagian=jalan",
            "/kunjungan?bagian=lewat",
            "/kunjungan?bagian=selesai",
            "/kunjungan/jalan",
            f"/kunjungan/jalan?petugas=field-checker-{ELSEWHERE[:4]}",
            "/wilayah/perubahan",
            "/jejak?siapa=e",
            "/cari?q=1980-07-15",
            "/cari?q=sukarno",
        ),
        *("/cari?q=siti", "/catat/cari?nama=sukarno", "/keluarga?cari_desa=e", "/angka?kab=3509"),
    ):
        yield "GET", address, None
    for village in neighbours.all:
        numbers, place = village.numbers, village.region
        nik, no_kk = f"99080115078000{CAMERAS[place]}2", f"99080112031500{CAMERAS[place]}7"
        village.walk.name = "R"
        ticket = village.walk.request.ticket
        for address in (
            f"/cari?q={village.token}", f"/cari?q={nik}", f"/cari?q={no_kk}", f"/cari?q={ticket}",
            f"/keluarga?desa={place}", f"/catat/nomor?nik={nik}", f"/catat/nomor?nik={nik}&baru=1",
            f"/catat/nomor?nik={no_kk}", f"/catat/cari?nama={village.token}", f"/cadangan?desa={place}",
            f"/cadangan?desa={place}&saring=semua", f"/cadangan/unduh?desa={place}", f"/cadangan/bahan.pdf?desa={place}",
            f"/cadangan/formulir/keluar?desa={place}", f"/musyawarah?desa={place}", f"/musyawarah/panggil?desa={place}",
            f"/kumpulan?masa={numbers['window']}&tampil=semua", f"/kumpulan?bagian=daftar&masa={numbers['window']}",
            f"/kumpulan/masa/{numbers['window']}", f"/kumpulan/masa/{numbers['window']}/sejenis",
            f"/kumpulan/masa/{numbers['window']}/daftar", f"/kumpulan/masa/{numbers['window']}?kab={place[:4]}",
            f"/kumpulan/masa/{numbers['window']}?kec={place[:6]}", f"/kumpulan/masa/{numbers['window']}?desa={place}",
            f"/kumpulan/masa/{numbers['window']}/sejenis?desa={place}", f"/kumpulan/masa/{numbers['window']}/daftar?desa={place}",
            f"/jadwal/baru?region={place[:4]}&opens=1-6-2027&cut_off=12-6-2027", f"/jadwal/{numbers['window']}",
        ):  # fmt: skip
            yield "GET", address, None
        yield "POST", "/catat", {"nik": nik}
        yield "POST", "/catat", {"nik": no_kk}
        yield "POST", f"/cadangan/unduh?desa={place}&saring=semua", {"purpose": "meeting"}
        yield "POST", f"/cadangan/unduh?desa={place}", {"purpose": "reporting", "desa": place}


def text_of(response: Any) -> str:
    """What stands in an answer: the text of a page or of a paper."""
    if response.headers.get("Content-Type", "").startswith("application/pdf"):
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(response.content)).pages)
    return str(response.content.decode("utf-8", "replace"))


@pytest.mark.parametrize("who", list(readers()))
def test_no_list_names_anybody_of_another_place(neighbours: Neighbours, who: str) -> None:
    reader = readers()[who]
    client = client_of(reader)
    hidden = [one for one in neighbours.all if reader is None or not reader.sees(one.region)]
    found: set[str] = set()
    for method, address, told in lists_of(neighbours):
        headers = {"HX-Request": "true"} if "/nomor" in address else None
        response = client.get(address, headers=headers) if method == "GET" else client.post(address, told)
        assert response.status_code < 500, address
        text = text_of(response)
        for village in hidden:
            # What was typed stands in its field again; whom it would name does not.
            for said in (
                f"Sukarno {village.token}",
                f"Siti {village.token}",
                f"Jalan {village.token}",
                f"Dusun {village.token}",
            ):
                assert said not in text, (who, address, said)
            if reader is None or not village.region.startswith(reader.offices(REVIEWERS)):
                assert village.operator.login not in text, (who, address)
            assert f'"/k/{village.numbers["family"]}"' not in text, (who, address)
            assert f'"/p/{village.numbers["reserved"]}"' not in text, (who, address)
        found |= {one.token for one in neighbours.all if f"Sukarno {one.token}" in text}
    may_read = reader is not None and reader.held and reader.held[0].role is not Role.ADMINISTRATOR
    seen = {one.token for one in neighbours.all if one not in hidden} if may_read else set()
    assert found == seen, "the lists that were looked at do not show what they should"


# --- administrators -------------------------------------------------------------------------------------------------


@pytest.fixture
def administrator(neighbours: Neighbours) -> Client:
    return client_of(actor("administrator-3508", (Role.ADMINISTRATOR, KABUPATEN)))


def new_account(client: Client, role: str, region: str, login: str = "orang-baru") -> Any:
    told = {"login": login, "name": "Orang Baru", "role": role, "region": region, "form_id": str(uuid4())}
    return client.post("/akun/baru", told)


@pytest.mark.parametrize(
    ("role", "region"),
    [
        *((role.value, "") for role, digits in LEVEL_DIGITS.items() if digits < 4),
        ("province", "35"),
        *(("administrator", region) for region in ("", "35", ELSEWHERE[:4], "350", "35080", KABUPATEN + "~")),
        *(("village_operator", region) for region in (ELSEWHERE, "", KABUPATEN, "3508%", "35081520019")),
        *(("supervisor", region) for region in (ELSEWHERE[:4],)),
        *(
            (role, KABUPATEN)
            for role in ("system", "applicant", "", "Role.CENTRE", "centre ", "CENTRE", "\x00")
        ),
        *((role, VILLAGE) for role in ("centre", "auditor", "province")),
    ],
)
def test_an_administrator_gives_no_role_above_or_beyond(
    administrator: Client, role: str, region: str
) -> None:
    new_account(administrator, role, region)
    held = RoleHeld.objects.filter(account__login="orang-baru")
    # What is said about the region is not asked where the role has only one: the administrator's own.
    assert all(one.region.startswith(KABUPATEN) and LEVEL_DIGITS[Role(one.role)] >= 4 for one in held)
    assert not held.exclude(role__in=("administrator", "supervisor")).exists()


@pytest.mark.parametrize(
    ("role", "region"),
    [("centre", ""), ("province", "35"), ("administrator", ELSEWHERE[:4]), ("village_head", ELSEWHERE)],
)
def test_an_administrator_adds_no_role_above_or_beyond(
    neighbours: Neighbours, administrator: Client, role: str, region: str
) -> None:
    account = account_of(neighbours.own.head)
    told = {"role": role, "region": region, "form_id": str(uuid4())}
    administrator.post(f"/akun/{account.pk}/peran", told)
    assert all(one.region.startswith(KABUPATEN) for one in account.roles.all())
    assert not account.roles.filter(role__in=("centre", "province")).exists()


def test_accounts_elsewhere_take_no_roles_over(neighbours: Neighbours, administrator: Client) -> None:
    account = account_of(neighbours.next.operator)
    heir = account_of(neighbours.far.operator)
    before = RoleHeld.objects.count()
    form = {"deed": "end", "successor": heir.login, "form_id": str(uuid4())}
    unknown = administrator.post(
        f"/akun/{account.pk}", {**form, "successor": "siapa-pun", "form_id": str(uuid4())}
    )
    refused = administrator.post(f"/akun/{account.pk}", form)
    assert refused.status_code == unknown.status_code == 422
    assert text_of(refused).count(heir.login) == text_of(unknown).count("siapa-pun")
    account.refresh_from_db()
    assert account.is_active
    assert RoleHeld.objects.count() == before


def test_an_account_that_also_works_elsewhere_is_not_ended_from_here(
    neighbours: Neighbours, administrator: Client
) -> None:
    both = account_of(actor("dua-daerah", (Role.VERIFIER, KABUPATEN), (Role.SUPERVISOR, ELSEWHERE[:4])))
    for deed in ("end", "password"):
        answer = administrator.post(f"/akun/{both.pk}", {"deed": deed, "form_id": str(uuid4())})
        assert answer.status_code in (403, 404)
    both.refresh_from_db()
    assert both.is_active
    assert both.check_password(PASSWORD)


def test_an_open_screen_of_an_administrator_does_not_give_the_account_away(administrator: Client) -> None:
    account = Account.objects.get(login="administrator-3508")
    answer = administrator.post(f"/akun/{account.pk}", {"deed": "password", "form_id": str(uuid4())})
    assert answer.status_code == 422
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


def test_a_session_does_not_outlive_its_account(neighbours: Neighbours) -> None:
    account = account_of(neighbours.own.operator)
    client = client_of(neighbours.own.operator)
    assert client.get("/keluarga").status_code == 200
    Account.objects.filter(pk=account.pk).update(is_active=False)
    for address in ("/", "/keluarga", f"/p/{neighbours.own.numbers['reserved']}"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/masuk")
    Account.objects.filter(pk=account.pk).update(is_active=True)


@pytest.mark.parametrize(
    ("begins", "ends", "holds"),
    [(0, None, True), (1, None, False), (-30, 0, False), (-30, 1, True), (-30, -1, False), (0, 0, False)],
)
def test_a_role_is_held_from_its_first_day_until_the_day_before_its_last(
    neighbours: Neighbours, begins: int, ends: int | None, holds: bool
) -> None:
    account = account_of(actor("sementara", (Role.VILLAGE_OPERATOR, VILLAGE)))
    today = neighbours.own.walk.today()
    RoleHeld.objects.filter(account=account).update(
        from_day=today + timedelta(days=begins),
        until_day=today + timedelta(days=ends) if ends is not None else None,
    )
    client = Client()
    client.force_login(account)
    number = neighbours.own.numbers["reserved"]
    for address in ("/keluarga", f"/p/{number}", f"/p/{number}/tanda-terima.pdf", "/catat", "/cadangan"):
        assert client.get(address).status_code == (200 if holds else NOT_THERE), address


# --- the command line -----------------------------------------------------------------------------------------------


def shown(nik: str, login: str | None) -> tuple[tuple[str, ...], str]:
    """What `mutakhir show` says to somebody: the rules that stood in the way, or its one object."""
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patched:
        # The server and the tables are there already; the rest of the command is the command's own.
        patched.setattr(program_module, "program", contextlib.nullcontext)
        patched.setattr(show.typer, "echo", said.append)
        try:
            show.show(nik, on=None, known_at=None, purpose="test", as_json=True, as_login=login)
        except Refused as refused:
            return tuple(one.rule for one in refused.refusals), ""
    return (), said[0]


def test_the_command_line_shows_what_its_reader_may_see(neighbours: Neighbours) -> None:
    own, far = neighbours.own, neighbours.far
    for one in (own.operator, own.verifier, far.operator):
        account_of(one)
    nowhere = shown("9908011507809992", own.operator.login)
    assert nowhere == (("not-found",), "")
    numbers = {one.region: f"99080145078800{CAMERAS[one.region]}3" for one in neighbours.all}
    readings = Reading.objects.count()
    for hidden in (neighbours.next, far):
        assert shown(numbers[hidden.region], own.operator.login) == nowhere
    assert shown(numbers[far.region], own.verifier.login) == nowhere
    assert Reading.objects.count() == readings
    for village, login in ((own, own.operator.login), (neighbours.next, own.verifier.login), (far, None)):
        refused, said = shown(numbers[village.region], login)
        assert not refused
        assert village.token in said
        assert json.loads(said)
    assert Reading.objects.count() == readings + 3
    Account.objects.filter(login=far.operator.login).update(is_active=False)
    assert shown(numbers[far.region], far.operator.login) == (("account-unknown",), "")
    assert shown(numbers[far.region], "siapa-pun") == (("account-unknown",), "")
    Account.objects.filter(login=far.operator.login).update(is_active=True)


def test_a_digest_alone_brings_no_file_into_a_letter(neighbours: Neighbours) -> None:
    """Who endorses a list names a scan that they sent themselves, never one that lies with another list."""
    own, far = neighbours.own, neighbours.far
    account_of(own.bupati)
    client = client_of(own.bupati)
    told = {
        "deed": "endorse", "number": "460/2", "day_day": "1", "day_month": "12", "day_year": "2026", "signer": "Bupati",
        "digest": "0", "scan_kept": far.digests["scan"], "scan_name": "surat.pdf", "form_id": str(uuid4()),
    }  # fmt: skip
    number = own.numbers["submission"]
    answer = client.post(f"/daftar/{number}", told)
    assert answer.status_code == 422
    assert far.digests["scan"] not in text_of(answer)
    assert client.get(f"/daftar/{number}/berkas/{far.digests['scan']}").status_code == NOT_THERE
