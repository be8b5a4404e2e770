"""Erased is gone and sealed is locked away, from every table and folder; what is left are proofs, and a rebuild agrees."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from mutakhir import wiring
from mutakhir.actions import change_request
from mutakhir.actions.erasure import Ask, Decide, ask, decide
from mutakhir.actions.facts import State as Stated
from mutakhir.actions.facts import state_facts
from mutakhir.core.flows.erasure import Kind
from mutakhir.core.refusals import Refused
from mutakhir.store import access, rebuild
from mutakhir.store.models import Incident
from mutakhir.synth import files
from mutakhir.synth.errors import Rates
from mutakhir.synth.population import Village
from mutakhir.wiring.erasures import carry_out
from mutakhir.wiring.terminal import TERMINAL
from tests.builders import CAST, TO_APPLIED, VILLAGE, PostgresGround, Walker
from tests.databases import FORBIDDEN, code_of, environment
from tests.databases import ask as rows_of
from tests.store.lists import Office

pytestmark = [pytest.mark.usefixtures("own_database"), pytest.mark.slow]
NAME, NIK = "Siti Aminah", "9908014507880003"
OTHER = "Slamet Riyadi"


@pytest.fixture
def walk(settings: Any, tmp_path: Path) -> Iterator[Walker]:
    """A woman who is not eligible any more, with a paper that proves it, a visit, and an annulment that was refused."""
    settings.DATA = tmp_path / "data"
    wiring.blobs.cache_clear()
    walk = Walker(PostgresGround())
    walk.must("record not_eligible reason=8", "operator")
    prove(walk, b"surat pernyataan Siti")
    for deed, who in TO_APPLIED[2:]:
        walk.must(deed, who)
        if deed == "hand over":
            walk.must("visit as_stated", "field checker")
    walk.must("ask to annul", "supervisor").must(
        f"refuse the annulment {NAME} memang begitu.", "head of Dinsos"
    )
    walk.wait(1)
    yield walk
    wiring.blobs.cache_clear()


def prove(walk: Walker, paper: bytes) -> str:
    digest = wiring.blobs().put(BytesIO(paper), limit_bytes=1000).digest
    proof = {
        "kind": "statement", "digest": digest, "media_type": "image/jpeg", "name": f"surat {NAME}.jpg",
        "added_at": walk.now.isoformat(), "added_by": "tutik",
    }  # fmt: skip
    told = {"evidence": proof}
    walk.perform(
        change_request.take_step, change_request.Take(walk.number, "prove", told), by=CAST["operator"]
    )
    return digest


def decided(walk: Walker, kind: Kind, basis: str) -> int:
    asked = walk.perform(
        ask, Ask(kind, walk.house.wife, basis, "460/12 tanggal 3 Februari 2027"), by=CAST["supervisor"]
    )
    walk.perform(decide, Decide(asked.id, "approve"), by=CAST["head of Dinsos"])
    return asked.id


def done(walk: Walker, kind: Kind, basis: str) -> int:
    number = decided(walk, kind, basis)
    carry_out(number, kind, actor=TERMINAL, now=walk.now)
    return number


def erase(walk: Walker) -> int:
    return done(walk, Kind.ERASE, "asked")


def everywhere(text: str) -> list[str]:
    """The tables in any row of which a text stands, but the log of reading and what is sealed."""
    tables = [row[0] for row in rows_of("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    with connection.cursor() as cursor:
        found = []
        for table in sorted(tables):
            cursor.execute(
                f"SELECT count(*) FROM {table} t WHERE lower(t::text) LIKE lower(%s)", [f"%{text}%"]
            )
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def agrees() -> None:
    found = rebuild.rebuild(open_register=wiring.open_register, report=lambda _: None, check=True)
    assert found.differences == ()


def test_what_is_erased_stands_nowhere(walk: Walker) -> None:
    person, request = walk.house.wife, walk.number
    commitments = rows_of("SELECT id, commitment FROM event ORDER BY id")
    for text in (NAME, NIK, "Siti"):
        assert "event_body" in everywhere(text), "it was there"
    number = erase(walk)
    for text in (NAME, NIK, "Siti", "siti aminah", "1988-07-05"):
        assert everywhere(text) == [], text
    assert OTHER in str(rows_of("SELECT name FROM person_now")), "nobody else is touched"
    assert list(wiring.blobs().digests()) == []
    left = {row[0]: bytes(row[1]) for row in rows_of("SELECT id, commitment FROM event")}
    assert all(left[event] == bytes(committed) for event, committed in commitments), "the proofs stay"
    marks = rows_of(
        "SELECT e.kind, b.body::text FROM event e JOIN event_body b ON b.event = e.id WHERE e.type = 'erased'"
    )
    assert {kind for kind, _ in marks} == {"person", "request", "annulment", "visit"}
    for kind, body in marks:
        assert f'"erasure":{number}' in body
        assert '"basis":"asked"' in body
        assert '"asked_by":"nira"' in body
        assert '"decided_by":"kadis"' in body
        if kind == "request":
            assert '"kind":"not_eligible"' in body
    assert rows_of("SELECT kind, state, subject_name, ended FROM request_now WHERE id = %s", request) == [
        ("not_eligible", "applied", "…", True)
    ]
    assert rows_of("SELECT name, nik, family, attributes::text FROM person_now WHERE id = %s", person) == [
        ("", None, None, "{}")
    ]
    agrees()


def test_a_request_without_contents_takes_no_step(walk: Walker) -> None:
    erase(walk)
    assert walk.do("ask to annul", "supervisor") == ("nothing-to-annul",)
    for step in ("withdraw", "resume", "prove", "verify verified"):
        assert walk.do(step, "operator") == ("contents-gone",), step
    asked = walk.do("ask to erase", "supervisor")
    assert asked == ("nothing-to-erase",)


def test_a_name_that_somebody_had_before_is_forgotten_as_well(walk: Walker) -> None:
    stated = [Stated(walk.house.wife, "person", {"name": "Siti Nurbaya"})]
    walk.perform(
        state_facts, stated, region=VILLAGE, holds_from=date(2026, 11, 20), authority="civil", source="source:9",
        by=CAST["system"],
    )  # fmt: skip
    assert everywhere("siti aminah")
    erase(walk)
    assert everywhere("siti") == []


def test_what_an_incident_told_goes_as_well(walk: Walker) -> None:
    for trace in (f"KeyError: '{NAME.upper()}'", f"ValueError: {NIK}", f"KeyError: '{OTHER}'"):
        Incident.objects.create(at=walk.now, path="/k/1", trace=trace)
    erase(walk)
    assert everywhere(NAME) == everywhere(NIK) == []
    assert [one.trace for one in Incident.objects.order_by("id")] == ["", "", f"KeyError: '{OTHER}'"]


def test_a_rebuild_changes_nothing(walk: Walker) -> None:
    erase(walk)
    before = rebuild.dump()
    rebuild.rebuild(open_register=wiring.open_register, report=lambda _: None)
    assert rebuild.dump() == before


def test_what_is_sealed_is_read_by_nobody_and_given_back_whole(walk: Walker) -> None:
    before, papers = rebuild.dump(), list(wiring.blobs().digests())
    assert papers
    done(walk, Kind.SEAL, "restricted")
    assert everywhere("Siti") == ["sealed_body"]
    assert list(wiring.blobs().digests()) == []
    for role in (access.READ, access.WRITE, access.LOG, access.NUMBER, access.TICKET):
        with access.taken(role, CAST["centre"].reach):
            assert code_of("SELECT FROM sealed_body") == FORBIDDEN
    agrees()
    done(walk, Kind.UNSEAL, "basis_ended")
    assert rows_of("SELECT count(*) FROM sealed_body") == [(0,)]
    assert rows_of("SELECT name FROM person_now WHERE id = %s", walk.house.wife) == [(NAME,)]
    assert list(wiring.blobs().digests()) == papers
    assert rows_of(
        "SELECT bool_and(e.commitment = sha256(b.salt || convert_to(b.body::text, 'UTF8'))) FROM event e "
        "JOIN event_body b ON b.event = e.id"
    ) == [(True,)]
    assert before != rebuild.dump(), "that it was sealed for a time stands in the versions"
    agrees()


def test_what_is_sealed_can_be_erased(walk: Walker) -> None:
    done(walk, Kind.SEAL, "court")
    erase(walk)
    assert everywhere("Siti") == []
    assert not list((wiring.settings.DATA / "blobs" / "sealed").iterdir())
    agrees()


def test_a_paper_that_others_need_stays(walk: Walker) -> None:
    (digest,) = wiring.blobs().digests()
    first = walk.name
    walk.name = "B"
    walk.must("record", "operator")
    assert prove(walk, b"surat pernyataan Siti") == digest
    walk.name = first
    erase(walk)
    assert list(wiring.blobs().digests()) == [digest]


def test_the_last_of_a_family_takes_its_house_along(walk: Walker) -> None:
    """The address of a house in which nobody else is known is theirs alone."""
    family, dwelling = walk.house.family, walk.house.dwelling
    erase(walk)
    assert rows_of("SELECT no_kk IS NOT NULL FROM family_now WHERE id = %s", family) == [(True,)]
    walk.perform(
        decide,
        Decide(
            walk.perform(ask, Ask(Kind.ERASE, walk.house.head, "asked", "460/13"), by=CAST["supervisor"]).id,
            "approve",
        ),
        by=CAST["head of Dinsos"],
    )
    number = rows_of("SELECT max(id) FROM erasure_now")[0][0]
    carry_out(number, Kind.ERASE, actor=TERMINAL, now=walk.now)
    assert rows_of("SELECT no_kk, attributes::text FROM family_now WHERE id = %s", family) == [(None, "{}")]
    assert rows_of("SELECT attributes::text FROM dwelling_now WHERE id = %s", dwelling) == [("{}",)]
    agrees()


def test_reasons_of_the_first_release_are_taken_as_well(walk: Walker) -> None:
    """They stood in the row of the event; since then they lie in the payload."""
    assert rows_of("SELECT count(*) FROM event WHERE reason IS NOT NULL") == [(0,)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE event SET reason = 'Siti pindah' WHERE subject = %s AND version = 2", [walk.number]
        )
    assert [event.reason for event in walk.history][1] == "Siti pindah"
    done(walk, Kind.SEAL, "disputed")
    assert everywhere("pindah") == ["sealed_body"]
    done(walk, Kind.UNSEAL, "asked")
    assert everywhere("pindah") == ["event"]
    erase(walk)
    assert everywhere("pindah") == []
    assert code_of("UPDATE event SET actor = 'x'") == "23001", "nothing else of an event can be changed"


def test_what_was_refused_says_everything_in_the_way(walk: Walker) -> None:
    number = decided(walk, Kind.ERASE, "asked")
    walk.name = "A2"
    walk.must("record not_eligible reason=16", "operator")
    with pytest.raises(Refused) as refused:
        carry_out(number, Kind.ERASE, actor=TERMINAL, now=walk.now)
    assert [one.rule for one in refused.value.refusals] == ["erasure-request-open"]
    assert everywhere("Siti"), "nothing is half done"
    walk.must("withdraw", "operator")
    with pytest.raises(Refused, match="erasure-of-other-kind"):
        carry_out(number, Kind.SEAL, actor=TERMINAL, now=walk.now)
    carry_out(number, Kind.ERASE, actor=TERMINAL, now=walk.now)
    assert everywhere("Siti") == []
    with pytest.raises(Refused, match="not-approved"):
        carry_out(number, Kind.ERASE, actor=TERMINAL, now=walk.now)


def test_people_of_a_list_leave_no_number_behind(walk: Walker, tmp_path: Path) -> None:
    """Families as they come with a list, of which every second person is erased, heads and children alike."""
    village = Village("3508152001", "Jenggrong")
    written = files.write(
        tmp_path, layout="p3ke", format="csv", seed=5, persons=40, villages=[village], rates=Rates(),
        today=date(2026, 10, 1),
    )  # fmt: skip
    Office().take(written.paths["list"], as_of="2026-10-01")
    told = "SELECT id, nik FROM person_now WHERE nik LIKE '99%%' AND id <> ALL(%s) ORDER BY id"
    people = rows_of(told, [walk.house.head, walk.house.wife])
    assert len(people) > 20
    for person, nik in people[::2]:
        asked = walk.perform(ask, Ask(Kind.ERASE, person, "retention_over", "1"), by=CAST["supervisor"])
        walk.perform(decide, Decide(asked.id, "approve"), by=CAST["head of Dinsos"])
        carry_out(asked.id, Kind.ERASE, actor=TERMINAL, now=walk.now)
        assert everywhere(nik) == []
    assert [row[1] for row in rows_of(told, [walk.house.head, walk.house.wife])] == [
        nik for _, nik in people[1::2]
    ]
    agrees()


def test_the_command_carries_it_out(walk: Walker, own_database: str, tmp_path: Path) -> None:
    number = decided(walk, Kind.ERASE, "asked")
    command = [sys.executable, "-m", "mutakhir", "erase", str(number)]
    told: dict[str, Any] = {
        "env": environment(own_database, tmp_path / "data"), "capture_output": True, "text": True, "check": False,
    }  # fmt: skip
    first = subprocess.run(command, **told)
    assert first.returncode == 0, first.stderr
    assert everywhere("Siti") == []
    for typed, code, said in (
        (str(number), 3, "[not-approved]"),
        ("1", 3, "[not-found]"),
        ("9" * 30, 2, "NUMBER"),
        ("satu", 2, "NUMBER"),
    ):
        again = subprocess.run([*command[:-1], typed], **told)
        assert again.returncode == code, typed
        assert "Traceback" not in again.stderr
        assert said in again.stderr
