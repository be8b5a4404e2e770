"""Whatever shows somebody's data is written down before it leaves; auditors, villages and residents can ask who read it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from mutakhir import wiring
from mutakhir.core.actors import Actor, Held, Role
from mutakhir.store.models import Reading
from mutakhir.web.readings.words import PURPOSES
from tests.builders import KABUPATEN, VILLAGE, actor
from tests.web.neighbours import CAMERAS, Neighbours, Village, neighbours
from tests.web.pages import Desk
from tests.web.test_scope import (
    FRAGMENTS,
    NOBODY,
    VISITS,
    WAYS,
    client_of,
    lists_of,
    readers,
    shown,
    text_of,
)

pytestmark = pytest.mark.django_db
__all__ = ["neighbours"]

AUDITOR = actor("auditor-", (Role.AUDITOR, ""))
SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PICTURES = ("image/", "application/octet-stream")


def words_of(response: Any) -> str:
    """What stands in an answer, in whatever form it comes."""
    if response.headers.get("Content-Type", "").startswith(SHEETS):
        with zipfile.ZipFile(io.BytesIO(response.content)) as book:
            return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return text_of(response)


def people_of(village: Village) -> tuple[str, ...]:
    """What only the data of somebody in a village holds: names as they are written there, streets, numbers."""
    camera, token = CAMERAS[village.region], village.token
    niks = (f"99080145078800{camera}3", f"99080115078000{camera}2")
    return (f"Sukarno {token}", f"Siti {token}", f"Jalan {token}", f"Dusun {token}", *niks)


def tells(response: Any, address: str, everybody: tuple[Village, ...]) -> bool:
    """Whether an answer tells anything of anybody; a photograph or a scan always does."""
    if response.status_code != 200:
        return False
    kind = response.headers.get("Content-Type", "")
    if "/berkas/" in address and not kind.startswith("text/html"):
        return True
    text = words_of(response)
    return any(said in text for village in everybody for said in people_of(village))


def visits(neighbours: Neighbours) -> Iterator[tuple[str, str, Any]]:
    """Every address of the site: each record of a village as page, fragment and form, and every list."""
    for name, ways in VISITS.items():
        for visit in ways:
            for way, go in WAYS.items():
                if way != "fragment" or name in FRAGMENTS:
                    yield (
                        way,
                        visit.address(name, neighbours.own),
                        lambda client, a, go=go, visit=visit: go(client, a, visit),
                    )
    for method, address, told in lists_of(neighbours):
        headers = {"HX-Request": "true"} if "/nomor" in address else None
        if method == "GET":
            yield "page", address, lambda client, a, headers=headers: client.get(a, headers=headers)
        else:
            yield (
                "form",
                address,
                lambda client, a, told=told: client.post(a, {**told, "form_id": str(uuid4())}),
            )


@pytest.mark.parametrize("who", [name for name in readers() if name not in ("signed out", "without a role")])
def test_whatever_tells_of_somebody_is_written_down_first(neighbours: Neighbours, who: str) -> None:
    """Every address, as every role: where the answer tells of a person, there is a line with reader, purpose and place."""
    reader = readers()[who]
    assert reader is not None
    client = client_of(reader)
    silent: set[tuple[str, str]] = set()
    told = 0
    with transaction.atomic():
        for way, address, go in visits(neighbours):
            point = transaction.savepoint()
            before = Reading.objects.order_by("-id").values_list("id", flat=True).first() or 0
            response = go(client, address)
            if tells(response, address, neighbours.all):
                told += 1
                lines = Reading.objects.filter(id__gt=before, actor=reader.login)
                if not any(_says_who_and_why(one, reader) for one in lines):
                    silent.add((way, address))
            transaction.savepoint_rollback(point)
    assert not silent, "\n".join(map(str, sorted(silent)))
    assert told or reader.held[0].role is Role.ADMINISTRATOR


def _says_who_and_why(line: Reading, reader: Actor) -> bool:
    return line.purpose.partition(":")[0] in PURPOSES and bool(line.path) and line.role == reader.held[0].role


# --- who may ask ----------------------------------------------------------------------------------------------------


@pytest.fixture
def read(neighbours: Neighbours) -> Iterator[Village]:
    """One's own village, after its operator and a verifier have opened a family; nothing is left afterwards."""
    own = neighbours.own
    with transaction.atomic():
        for who in (own.operator, own.verifier):
            client = client_of(who)
            for address in (f"/k/{own.numbers['family']}", f"/p/{own.numbers['reserved']}"):
                assert client.get(address).status_code == 200
        yield own
        transaction.set_rollback(True)


def auditor() -> Desk:
    return Desk(client_of(AUDITOR))


def test_the_auditor_lists_by_person_by_reader_and_by_day(read: Village) -> None:
    desk, family = auditor(), read.numbers["family"]
    today = read.walk.today()
    nik = f"99080145078800{CAMERAS[read.region]}3"
    everything = desk.open("/jejak")
    assert read.operator.login in everything.text
    assert read.verifier.login in everything.text
    for query in (f"orang={family}", f"orang={nik}"):
        found = desk.open(f"/jejak?{query}").text
        assert "Membuka keluarga" in found, query
        assert f"/k/{family}" in found
    by_reader = desk.open(f"/jejak?siapa={read.verifier.login}").text
    assert read.operator.login not in by_reader
    assert "Pemeriksa Dinsos, Dinas Sosial Kab. Lumajang" in by_reader
    assert read.operator.login in desk.open(f"/jejak?hari={today:%d-%m-%Y}").text
    assert "Tidak ada yang cocok dengan saringan ini." in desk.open("/jejak?hari=1-1-2020").text
    for wrong in ("orang=siapa", "hari=kemarin", "hari=2026"):
        refused = desk.open(f"/jejak?{wrong}")
        assert refused.status == 422
        assert refused.field(wrong.partition("=")[0]) == wrong.partition("=")[2]


def test_the_export_is_whole_and_is_itself_written_down(read: Village) -> None:
    desk = auditor()
    before = Reading.objects.count()
    answer = desk.client.get(f"/jejak.csv?siapa={read.operator.login}")
    line = Reading.objects.latest("id")
    assert (line.actor, line.purpose, Reading.objects.count()) == (AUDITOR.login, "csv:readings", before + 1)
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert len(rows) == Reading.objects.filter(actor=read.operator.login).count()
    assert {row["nama_masuk"] for row in rows} == {read.operator.login}
    assert {row["kantor"] for row in rows} == {read.region}
    assert desk.client.get("/jejak.csv?hari=besok").status_code == 422


def test_the_list_goes_on_page_by_page(read: Village) -> None:
    client = client_of(read.operator)
    for _ in range(60):
        client.get(f"/k/{read.numbers['family']}")
    desk = auditor()
    first = desk.open(f"/jejak?siapa={read.operator.login}")
    rest = desk.open("/jejak" + first.link("Berikutnya"))
    counted = first.html.count("mk-work__row") + rest.html.count("mk-work__row")
    assert counted == Reading.objects.filter(actor=read.operator.login).count()
    assert rest.link("Ke awal").endswith(f"siapa={read.operator.login}")


def test_a_village_prints_for_the_person_who_asks_offices_and_no_names(read: Village) -> None:
    client = client_of(read.operator)
    page = text_of(client.get(f"/o/{read.numbers['person']}/jejak"))
    assert "Siapa membuka data " in page
    assert "Dinas Sosial Kab. Lumajang" in page
    assert "Kantor Desa Jenggrong" in page
    assert "data-print" in page
    assert read.verifier.login not in page
    assert client.get(f"/o/{NOBODY}/jejak").status_code == 404


def test_the_resident_sees_which_office_opened_the_data(neighbours: Neighbours, read: Village) -> None:
    read.walk.name = "R"
    request = read.walk.request
    with connection.cursor() as cursor:
        cursor.execute("SELECT birth_date FROM ticket WHERE request = %s", [request.id])
        year, month, day = cursor.fetchone()[0].split("-")
    told = {"number": request.ticket, "birth_day": day, "birth_month": month, "birth_year": year}
    page = text_of(Client().post("/t", told))
    assert "Siapa yang membuka data ini" in page
    assert "Dinas Sosial Kab. Lumajang" in page
    assert "Kantor Desa Jenggrong" in page
    assert "Membuka permintaan" in page
    assert read.verifier.login not in page
    line = Reading.objects.filter(purpose="ticket").latest("id")
    assert (line.actor, line.role) == ("resident", "applicant")
    assert request.id in line.subjects


def test_a_line_is_never_changed(read: Village) -> None:
    for change in ("UPDATE reading SET purpose = ''", "DELETE FROM reading"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_what_is_read_at_the_terminal_is_written_down(neighbours: Neighbours) -> None:
    nik = f"99080145078800{CAMERAS[VILLAGE]}3"
    before = Reading.objects.count()
    assert not shown(nik, None)[0]
    line = Reading.objects.latest("id")
    assert (Reading.objects.count(), line.purpose, line.path) == (before + 1, "test", "mutakhir show")
    assert len(line.subjects) == 1


def test_a_reader_is_named_by_the_narrowest_role_that_reaches(neighbours: Neighbours) -> None:
    both = Actor("dua", "Dua", (Held(Role.VERIFIER, KABUPATEN), Held(Role.VILLAGE_OPERATOR, VILLAGE)))
    for region, role in ((VILLAGE, Role.VILLAGE_OPERATOR), (KABUPATEN, Role.VERIFIER)):
        wiring.log_reading(both, purpose="x", path="y", region=region, subjects=[1], now=wiring.clock())
        assert Reading.objects.latest("id").role == role
    many = range(1, 300)
    wiring.log_reading(both, purpose="x", path="y", region=VILLAGE, subjects=many, now=wiring.clock())
    assert Reading.objects.latest("id").subjects is None, "so many are a list of the place"
