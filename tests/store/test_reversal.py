"""An import is reversed as a whole, or not at all: what stands on it, what is left, and what the register says then."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from mutakhir.core.refusals import Refused
from tests.store.lists import Office, ask, counts, dtsen, p3ke, people

SITI, BUDI, TUMI = "9908014507880003", "9908011507800002", "9908014101600004"
BUDI_ROW = {
    "name": "BUDI SANTOSO", "nik": BUDI, "id": "p1", "sex": "Laki-laki", "born": "15/07/1980", "relation": "Kepala Keluarga",
}  # fmt: skip
SITI_ROW = {"id": "p2", "relation": "Istri"}
REASON = "Daftar uji terkirim ke simpul kerja"


@pytest.fixture
def office(own_database: str, settings: Any, tmp_path: Path) -> Iterator[Office]:
    """An office of its own: reversing commits."""
    from mutakhir import wiring

    settings.DATA = tmp_path / "data"
    wiring.blobs.cache_clear()
    yield Office()
    wiring.blobs.cache_clear()


def reverse(
    office: Office, number: int, *, reason: str = REASON, only_look: bool = False, **told: Any
) -> Any:
    from mutakhir.wiring.reversal import reverse
    from mutakhir.wiring.terminal import TERMINAL

    office.now += timedelta(minutes=1)
    told = {"actor": TERMINAL, **told}
    return reverse(
        number, reason=reason, clock=lambda: office.now, report=lambda _: None, only_look=only_look, **told
    )


def said() -> dict[str, list[tuple[Any, ...]]]:
    """All that the register says; the versions of histories and names that were once searched are not part of it."""
    return {
        table: ask(f"SELECT {columns} FROM {table} WHERE {where} ORDER BY 1, 2, 3")
        for table, columns, where in (
            ("person_now", "id, region, name, nik, family, relation, registered, attributes::text", "attributes <> '{}'"),
            ("family_now", "id, region, no_kk, dwelling, attributes::text", "attributes <> '{}'"),
            ("dwelling_now", "id, region, attributes::text", "attributes <> '{}'"),
            ("membership_open", "person, family, relation, since", "true"),
            ("membership_closed", "person, family, period::text", "true"),
            ("identifier", "subject, kind, value, since, until", "true"),
        )
    }  # fmt: skip


def is_rebuilt() -> bool:
    from mutakhir import wiring
    from mutakhir.store import rebuild

    return not rebuild.rebuild(
        open_register=wiring.open_register, report=lambda _: None, check=True
    ).differences


def stands(office: Office, number: int) -> list[tuple[str, int, str]]:
    from mutakhir.wiring.reversal import StandsOn

    before = ask("SELECT count(*), max(id) FROM event"), said()
    with pytest.raises(StandsOn) as caught:
        reverse(office, number)
    assert [one.rule for one in caught.value.refusals] == ["import-stood-on"]
    assert (ask("SELECT count(*), max(id) FROM event"), said()) == before
    assert ask("SELECT reversed_at FROM source WHERE id = %s", number) == [(None,)]
    return [(one.what, one.count, one.label) for one in caught.value.standing]


def test_after_it_the_register_says_what_it_said_before(office: Office, tmp_path: Path) -> None:
    """Newcomers are nobody again; of those who were known, what held before holds again; nothing is deleted."""
    from mutakhir.queries.people import families_of_village

    office.take(p3ke(tmp_path / "a.csv", BUDI_ROW, SITI_ROW), as_of="2026-09-01")
    before = said()
    families = families_of_village("3508012001")
    second = office.take(
        p3ke(
            tmp_path / "b.csv",
            {**BUDI_ROW, "relation": "Lainnya", "region": "3508012002"},
            {**SITI_ROW, "relation": "Kepala Keluarga", "occupation": "Petani"},
            {"name": "TUMI", "nik": TUMI, "id": "p9", "family": "f9", "born": "1/1/1960"},
            {
                "name": "WAGIMAN",
                "nik": "",
                "id": "p10",
                "family": "f1",
                "born": "1/1/1990",
                "relation": "Anak",
            },
        ),
        as_of="2026-10-01",
    )
    assert said() != before
    events = ask("SELECT count(*) FROM event")[0][0]
    done = reverse(office, second.source)
    assert said() == before
    assert families_of_village("3508012001") == families
    assert families_of_village("3508012002") == []
    assert is_rebuilt()
    assert done.subjects == ask("SELECT count(*) FROM event WHERE type = 'facts_withdrawn'")[0][0]
    assert ask("SELECT count(*) FROM event")[0][0] == events + done.subjects
    told = "SELECT DISTINCT e.actor, b.body ->> 'because' FROM event e JOIN event_body b ON b.event = e.id WHERE e.type = "
    assert ask(told + "'facts_withdrawn'") == [("terminal", REASON)]
    assert ask("SELECT id, reversed_by, reversed_for FROM source WHERE reversed_at IS NOT NULL") == [
        (second.source, "terminal", REASON)
    ]
    with pytest.raises(Refused, match="import-reversed-before"):
        reverse(office, second.source)


def test_what_was_known_then_is_still_shown(office: Office, tmp_path: Path) -> None:
    from mutakhir import wiring
    from mutakhir.queries import as_of
    from mutakhir.store import feed

    listed = office.take(p3ke(tmp_path / "a.csv", BUDI_ROW, SITI_ROW))
    known = feed.head()
    [budi] = people(BUDI)
    reverse(office, listed.source)
    assert people(BUDI) == []
    assert as_of.person_of_nik(BUDI, scopes=[""]) is None
    assert as_of.person_once_of_nik(BUDI, scopes=["3508"]) == (budi["person"], "3508012001")
    assert as_of.person_once_of_nik(BUDI, scopes=["3509"]) is None
    told: dict[str, Any] = {"on": date(2026, 11, 24), "authorities": wiring.terms().attributes.authorities}
    then = as_of.as_of(budi["person"], position=known, **told)
    now = as_of.as_of(budi["person"], position=None, **told)
    assert then is not None
    assert now is not None
    assert then.attributes["name"].value == "BUDI SANTOSO"
    assert now.attributes == {}


def test_the_same_file_may_come_again(office: Office, tmp_path: Path) -> None:
    path = p3ke(tmp_path / "a.csv", BUDI_ROW, SITI_ROW)
    first = office.take(path)
    before = {table: len(found) for table, found in said().items()}
    reverse(office, first.source)
    again = office.take(path)
    assert again.source != first.source
    assert counts(again)[:2] == (2, 2)
    assert {table: len(found) for table, found in said().items()} == before
    assert len(people(BUDI)) == 1
    assert counts(office.take(path))[4] == 2
    reverse(office, again.source)
    assert is_rebuilt()
    assert [row["name"] for row in people(BUDI)] == []


def test_a_later_list_is_reversed_first(office: Office, tmp_path: Path) -> None:
    """What a later list repeated was not written down again: it would be lost with the first."""
    rows = (BUDI_ROW, SITI_ROW)
    first = office.take(p3ke(tmp_path / "a.csv", *rows), as_of="2026-09-01")
    empty = said()
    second = office.take(p3ke(tmp_path / "b.csv", *rows, {"name": "TUMI", "nik": TUMI, "family": "f9"}), as_of="2026-10-01")  # fmt: skip
    assert stands(office, first.source)[0] == ("list", 1, "b.csv")
    # A list of another authority, or of another kabupaten, repeats nothing of this one.
    elsewhere = {
        "name": "PONIMAN",
        "nik": "9909010101700001",
        "region": "3509012001",
        "family": "g",
        "id": "g1",
    }
    office.take(p3ke(tmp_path / "c.csv", elsewhere), region="3509")
    assert [what for what, *_ in stands(office, first.source)] == ["list"]
    reverse(office, second.source)
    assert {one: rows for one, rows in said().items() if one == "membership_open"} != {}
    reverse(office, first.source)
    assert all("3508" not in str(row) for row in said()["person_now"])
    assert empty != said()
    assert is_rebuilt()


def test_a_statement_of_others_about_newcomers_stands_on_it(office: Office, tmp_path: Path) -> None:
    """The civil register spoke of somebody whom only the list made known; withdrawn, it stands no more."""
    first = office.take(p3ke(tmp_path / "a.csv", BUDI_ROW, SITI_ROW))
    civil = office.take(
        dtsen(tmp_path / "b.csv", {"nik": BUDI, "name": "BUDI SANTOSO", "age": "46"}), authority="civil"
    )
    assert stands(office, first.source) == [("statement", 2, f"source:{civil.source}")]
    reverse(office, civil.source)
    assert reverse(office, first.source, only_look=True) is None
    assert ask("SELECT count(*) FROM source WHERE reversed_at IS NOT NULL") == [(1,)]
    reverse(office, first.source)
    assert all(not rows for rows in said().values())


def test_somebody_known_who_was_put_into_a_new_family_stands_on_it(office: Office, tmp_path: Path) -> None:
    from mutakhir import wiring
    from mutakhir.actions.facts import State, state_facts
    from mutakhir.wiring.terminal import TERMINAL

    office.take(p3ke(tmp_path / "a.csv", SITI_ROW), as_of="2026-09-01")
    listed = office.take(p3ke(tmp_path / "b.csv", {**BUDI_ROW, "family": "f2"}), as_of="2026-10-01")
    [budi], [siti] = people(BUDI), people(SITI)
    wiring.perform(
        state_facts, [State(siti["person"], "person", {"family": budi["family"], "relation": "2"})],
        region="3508012001", holds_from=date(2026, 11, 1), authority="social", source="request:77",
        actor=TERMINAL, now=office.now,
    )  # fmt: skip
    assert stands(office, listed.source) == [("statement", 1, "request:77")]


def test_requests_about_newcomers_stand_on_it(office: Office, tmp_path: Path) -> None:
    """Not those about people who were known before: their requests are compared with what the register says then."""
    from tests.builders import VILLAGE, House, PostgresGround, Walker

    walk = Walker(PostgresGround(), now=office.now)
    walk.must("record", "operator").must("reserve", "operator")
    about = {"name": "SLAMET RIYADI", "nik": BUDI, "id": "p1", "region": VILLAGE, "occupation": "Petani"}
    first = office.take(p3ke(tmp_path / "a.csv", about), as_of="2026-09-01")
    assert reverse(office, first.source, only_look=True) is None
    tumi = {"name": "TUMI", "nik": TUMI, "id": "p9", "family": "f9", "relation": "Kepala Keluarga"}
    second = office.take(p3ke(tmp_path / "b.csv", {**tumi, "region": VILLAGE}), as_of="2026-10-01")
    [person] = people(TUMI)
    walk.houses["B"] = House(person["family"], 0, person["person"], person["person"])
    walk.name = "B"
    walk.must("record", "operator")
    assert stands(office, second.source) == [("request", 1, "TUMI")]


def test_visits_new_families_and_sealed_contents_stand_on_it(office: Office, tmp_path: Path) -> None:
    from mutakhir import wiring
    from mutakhir.actions.facts import State, state_facts
    from mutakhir.core.flows.erasure import Kind
    from mutakhir.store import bodies
    from mutakhir.wiring.terminal import TERMINAL
    from tests.builders import VILLAGE, House, PostgresGround, Walker

    tumi = {"name": "TUMI", "nik": TUMI, "id": "p9", "family": "f9", "relation": "Kepala Keluarga"}
    listed = office.take(p3ke(tmp_path / "b.csv", {**tumi, "region": VILLAGE}))
    [person] = people(TUMI)
    wiring.perform(
        state_facts, [State(wiring.open_register().new_id(), "family", {"came_from": person["family"]})],
        region=VILLAGE, holds_from=date(2026, 11, 1), authority="social", source="request:77", actor=TERMINAL,
        now=office.now,
    )  # fmt: skip
    assert stands(office, listed.source) == [("statement", 1, "request:77")]
    walk = Walker(PostgresGround(), now=office.now)
    walk.houses["A"] = House(person["family"], 0, person["person"], person["person"])
    walk.must("ask for a visit to the family", "verifier")
    assert stands(office, listed.source)[0] == ("visit", 1, "asked")
    bodies.take(Kind.SEAL, [person["person"]])
    assert stands(office, listed.source)[0] == ("sealed", 1, "")


def test_what_began_meanwhile_stands_on_it_too(office: Office, tmp_path: Path) -> None:
    """Somebody at a screen records a request about a newcomer while everything is being withdrawn."""
    from django.db import connection

    from mutakhir.wiring.reversal import StandsOn, reverse
    from mutakhir.wiring.terminal import TERMINAL
    from tests.builders import VILLAGE, House, PostgresGround, Walker

    tumi = {"name": "TUMI", "nik": TUMI, "id": "p9", "family": "f9", "relation": "Kepala Keluarga"}
    listed = office.take(p3ke(tmp_path / "b.csv", {**tumi, "region": VILLAGE}))
    [person] = people(TUMI)
    walk = Walker(PostgresGround(), now=office.now)
    walk.houses["A"] = House(person["family"], 0, person["person"], person["person"])
    recorded: list[tuple[str, ...]] = []

    def record() -> None:
        recorded.append(walk.do("record", "operator"))
        connection.close()

    def meanwhile(_: Any) -> None:
        if not recorded:
            somebody = threading.Thread(target=record)
            somebody.start()
            somebody.join(timeout=30)

    before = said()
    with pytest.raises(StandsOn) as caught:
        reverse(listed.source, reason=REASON, actor=TERMINAL, clock=lambda: office.now, report=meanwhile)
    assert recorded == [()]
    assert [one.what for one in caught.value.standing] == ["request"]
    assert said() == before
    assert people(TUMI) == [person]


def test_a_request_that_ended_because_of_it_stands_on_it(office: Office, tmp_path: Path) -> None:
    from tests.builders import PostgresGround, Walker

    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'name = "lantai"\n[columns]\nNama = "name"\nNIK = "nik"\nLantai = "floor_material"\n', "utf-8"
    )
    walk = Walker(PostgresGround(), now=office.now)
    walk.must("record", "operator").must("reserve", "operator")
    path = tmp_path / "lantai.csv"
    path.write_text(f"Nama,NIK,Lantai\nSLAMET RIYADI,{BUDI},8\n", "utf-8")
    listed = office.take(path, mapping=mapping)
    assert walk.state == "satisfied"
    assert [(what, count) for what, count, _ in stands(office, listed.source)] == [("satisfied", 1)]


def test_a_family_would_have_two_heads(office: Office, tmp_path: Path) -> None:
    """The list made somebody head in another's place, and that one left; the other would come back to a new head."""
    from mutakhir import wiring
    from mutakhir.actions.facts import State, state_facts
    from mutakhir.wiring.terminal import TERMINAL

    tumi = {"name": "TUMI", "nik": TUMI, "id": "p9", "born": "1/1/1960", "relation": "Lainnya"}
    office.take(p3ke(tmp_path / "a.csv", BUDI_ROW, SITI_ROW, tumi), as_of="2026-09-01")
    listed = office.take(
        p3ke(tmp_path / "b.csv", {**BUDI_ROW, "relation": "Lainnya"}, {**SITI_ROW, "relation": "Kepala Keluarga"}),
        as_of="2026-10-01",
    )  # fmt: skip
    assert reverse(office, listed.source, only_look=True) is None
    [siti], [other] = people(SITI), people(TUMI)
    for number, relation in ((siti["person"], "8"), (other["person"], "1")):
        wiring.perform(
            state_facts, [State(number, "person", {"relation": relation})], region="3508012001",
            holds_from=date(2026, 11, 1), authority="social", source="request:77", actor=TERMINAL, now=office.now,
        )  # fmt: skip
    assert [(what, label) for what, _, label in stands(office, listed.source)] == [("head", "TUMI")]


def test_its_tasks_go_with_it_and_those_that_it_closed_come_back(office: Office, tmp_path: Path) -> None:
    office.take(p3ke(tmp_path / "a.csv", BUDI_ROW, SITI_ROW), as_of="2026-09-01")
    absent = office.take(p3ke(tmp_path / "b.csv", BUDI_ROW), as_of="2026-10-01", full_region="3508")
    assert absent.tasks == 1
    again = office.take(
        p3ke(tmp_path / "c.csv", BUDI_ROW, {**SITI_ROW, "occupation": "Petani"}), as_of="2026-11-01"
    )
    assert ask("SELECT count(*) FROM task WHERE closed_at IS NULL") == [(0,)]
    done = reverse(office, again.source)
    assert (done.tasks_closed, done.tasks_reopened) == (0, 1)
    assert ask("SELECT rule, source, closed_at, closing_note FROM task") == [
        ("absent-from-full-list", absent.source, None, "")
    ]
    done = reverse(office, absent.source)
    assert (done.tasks_closed, done.tasks_reopened) == (1, 0)
    assert ask("SELECT closed_by, closing_note FROM task") == [("system", "Daftar b.csv dibatalkan.")]


def test_who_may_not_and_what_is_not_there(office: Office, tmp_path: Path) -> None:
    from tests.builders import CAST

    listed = office.take(p3ke(tmp_path / "a.csv", BUDI_ROW))
    for told, rule in (
        ({"actor": CAST["verifier"]}, "role-missing"),
        ({"actor": CAST["supervisor elsewhere"]}, "import-unknown"),
        ({"reason": " "}, "must-be-said"),
    ):
        with pytest.raises(Refused, match=rule):
            reverse(office, listed.source, **told)
    with pytest.raises(Refused, match="import-unknown"):
        reverse(office, listed.source + 1)
    assert reverse(office, listed.source, actor=CAST["supervisor"]).subjects == 2


def test_imports_are_listed_within_reach(office: Office, tmp_path: Path) -> None:
    from mutakhir.queries.imports import as_json, imports

    one = office.take(p3ke(tmp_path / "a.csv", BUDI_ROW))
    two = office.take(p3ke(tmp_path / "b.csv", SITI_ROW))
    reverse(office, two.source)
    found = imports(["3508"])
    assert [(row.number, row.name, row.reversed_at is not None) for row in found] == [
        (two.source, "b.csv", True),
        (one.source, "a.csv", False),
    ]
    assert as_json(found[1])["counts"]["rows"] == 1
    assert imports(["3509"]) == ()
    assert imports([]) == ()
