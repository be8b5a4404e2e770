"""Lists of persons, taken in: who is who, what is news, what is marked, what is refused, and that nothing doubles."""

from __future__ import annotations

import csv
import io
import random
import threading
import time
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from mutakhir.synth import files as synthetic

SITI, BUDI, TUMI, NONE = "9908014507880003", "9908011507800002", "9908014101600004", ""


@pytest.fixture
def blobs(settings: Any, tmp_path: Path) -> Iterator[None]:
    from mutakhir import wiring

    settings.DATA = tmp_path / "data"
    wiring.blobs.cache_clear()
    yield
    wiring.blobs.cache_clear()


@pytest.fixture
def office(db: None, blobs: None) -> Any:
    from tests.store.lists import Office

    return Office()


@pytest.fixture
def busy_office(own_database: str, blobs: None) -> Any:
    """An office beside others: what it commits, other connections see."""
    from tests.store.lists import Office

    return Office()


def couple(path: Path, **told: str) -> Path:
    """Budi, head of a family, and his wife Siti; what is told is told of Siti."""
    from tests.store.lists import p3ke

    return p3ke(
        path,
        {"name": "BUDI SANTOSO", "nik": BUDI, "id": "p1", "sex": "Laki-laki", "born": "15/07/1980 00:00:00", "relation": "Kepala Keluarga"},
        {"id": "p2", "relation": "Istri", **told},
    )  # fmt: skip


# --- what a list brings in ---


def test_a_row_becomes_a_registered_person_of_a_family(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import VILLAGE, ask, counts, people

    done = office.take(couple(tmp_path / "a.csv"))
    assert counts(done) == (2, 2, 0, 0, 0)
    assert done.rejects == ()
    siti, budi = people(SITI)[0], people(BUDI)[0]
    assert siti["name"] == "SITI RAHAYU"
    assert (siti["registration"], siti["registration_reason"]) == ("registered", "import")
    assert siti["birth_date"] == "1988-07-05"
    assert siti["family"] == budi["family"]
    assert (budi["relation"], siti["relation"]) == ("1", "2")
    # The number of the record is that of the person: the source above, the row of the file below.
    assert siti["person"] == done.source << 32 | 3
    [(record, region, holds_from, authority, actor, source)] = ask(
        "SELECT record, region, holds_from, authority, actor, b.body ->> 'source' FROM event e "
        "JOIN event_body b ON b.event = e.id WHERE subject = %s",
        siti["person"],
    )
    assert record == siti["person"]
    assert (region, str(holds_from), authority, actor) == (VILLAGE, "2026-11-01", "social", "terminal")
    assert source == f"source:{done.source} row:3"
    [(family,)] = ask("SELECT attributes FROM family_now WHERE id = %s", siti["family"])
    assert family["address"] == "DUSUN KRAJAN RT 004 RW 002"
    assert family["region_lived"] == VILLAGE


def test_the_same_file_again_changes_nothing(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import ask, counts

    path = couple(tmp_path / "a.csv")
    first = office.take(path)
    before = ask("SELECT count(*), max(id) FROM event")
    again = office.take(path)
    assert counts(again) == (2, 0, 0, 0, 2)
    assert again.source == first.source
    assert ask("SELECT count(*), max(id) FROM event") == before


def test_another_file_that_says_the_same_is_no_news(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import ask, counts

    office.take(couple(tmp_path / "a.csv"))
    before = ask("SELECT count(*) FROM event")
    later = office.take(couple(tmp_path / "b.csv"), as_of="2026-11-20")
    assert counts(later) == (2, 0, 0, 0, 2)
    assert ask("SELECT count(*) FROM event") == before


def test_only_what_changed_is_stated(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import bodies, counts, people

    office.take(couple(tmp_path / "a.csv"), as_of="2026-10-01")
    done = office.take(couple(tmp_path / "b.csv", occupation="Pedagang"), as_of="2026-11-01")
    assert counts(done) == (2, 1, 0, 0, 1)
    assert bodies(SITI)[-1] == {"occupation": people(SITI)[0]["occupation"]}
    assert len(bodies(SITI)) == 2


def test_what_is_empty_in_a_list_ends_nothing(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import counts, people

    office.take(couple(tmp_path / "a.csv"), as_of="2026-10-01")
    done = office.take(couple(tmp_path / "b.csv", occupation="", born=""), as_of="2026-11-01")
    assert counts(done)[1] == 0
    assert people(SITI)[0]["occupation"] == "9"


def test_an_older_list_takes_its_place_in_time(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import ask, people

    office.take(couple(tmp_path / "a.csv", occupation="Pedagang"), as_of="2026-10-01")
    office.take(couple(tmp_path / "b.csv", occupation="Petani"), as_of="2025-01-01")
    siti = people(SITI)[0]
    assert siti["occupation"] != "9"
    assert ask("SELECT count(*) FROM event WHERE subject = %s", siti["person"]) == [(2,)]


def test_somebody_who_moved_belongs_to_the_new_village(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import ask, people

    office.take(couple(tmp_path / "a.csv"), as_of="2026-10-01")
    elsewhere = couple(tmp_path / "b.csv", region="35.08.01.2002", family="f9", relation="Kepala Keluarga")
    office.take(elsewhere, as_of="2026-11-01")
    siti = people(SITI)[0]
    assert ask("SELECT region FROM person_now WHERE id = %s", siti["person"]) == [("3508012002",)]
    assert siti["family"] != people(BUDI)[0]["family"]
    [(former, period)] = ask(
        "SELECT family, period::text FROM membership_closed WHERE person = %s", siti["person"]
    )
    assert (former, period) == (people(BUDI)[0]["family"], "[2026-10-01,2026-11-01)")


# --- who is who ---


def test_a_person_without_nik_is_found_by_the_number_of_the_source(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import ask, counts

    office.take(couple(tmp_path / "a.csv", nik=NONE), as_of="2026-10-01")
    done = office.take(couple(tmp_path / "b.csv"), as_of="2026-11-01")
    assert counts(done) == (2, 1, 0, 0, 1)
    assert ask("SELECT count(*) FROM person_now") == [(2,)]
    assert ask("SELECT kind, value FROM identifier WHERE subject IN (SELECT id FROM person_now WHERE sex = '2') ORDER BY 1") == [
        ("nik", SITI),
        ("p3ke_id", "p2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "same"),
    [
        ({"name": "SITI RAHAYU"}, True),
        ({"name": "SITTI RAHAJU", "born": "01/01/1970 00:00:00"}, True),
        ({"name": "RAHAYU", "born": "01/01/1970 00:00:00"}, True),
        ({"name": "NGATEMI"}, True),
        ({"name": "NGATEMI", "born": "01/01/1970 00:00:00"}, False),
        ({"name": "NGATEMI", "born": ""}, False),
    ],
)
def test_a_nik_alone_proves_nothing(office: Any, tmp_path: Path, told: dict[str, str], same: bool) -> None:
    from tests.store.lists import ask, counts, p3ke, people

    office.take(couple(tmp_path / "a.csv"), as_of="2026-10-01")
    done = office.take(p3ke(tmp_path / "b.csv", {"id": "p9", "family": "f9", **told}), as_of="2026-11-01")
    assert ask("SELECT count(*) FROM person_now") == [(2 if same else 3,)]
    tasks = ask("SELECT rule, subject, owner, source, region FROM task")
    if same:
        assert tasks == []
        return
    assert counts(done) == (1, 1, 0, 1, 0)
    stranger = people(SITI)[1]
    assert stranger["name"] == "NGATEMI"
    assert tasks == [("nik-of-another", stranger["person"], "village_operator", done.source, "3508012001")]
    # The next list finds both where they are and asks nobody again.
    third = p3ke(tmp_path / "c.csv", {"id": "p9", "family": "f9", **told})
    assert counts(office.take(third, as_of="2026-11-10"))[1] == 0
    assert len(ask("SELECT FROM task")) == 1


def test_two_rows_with_one_nik_are_two_persons(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import ask, counts, p3ke, people

    twice: tuple[dict[str, str], ...] = ({"id": "p1"}, {"id": "p2", "family": "f2"})
    done = office.take(p3ke(tmp_path / "a.csv", *twice), as_of="2026-10-01")
    assert counts(done) == (2, 2, 0, 1, 0)
    assert [one["person"] for one in people(SITI)] == [done.source << 32 | 2, done.source << 32 | 3]
    later = office.take(p3ke(tmp_path / "b.csv", *twice), as_of="2026-11-01")
    assert counts(later) == (2, 0, 0, 1, 2)
    assert ask("SELECT count(*) FROM person_now") == [(2,)]


def test_a_list_without_numbers_of_its_own_finds_doubled_people_again(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import ask, counts, dtsen

    twice: tuple[dict[str, str], ...] = ({}, {}, {"name": "NGATEMI"})
    first = office.take(dtsen(tmp_path / "a.csv", *twice), as_of="2026-10-01")
    assert counts(first) == (3, 3, 0, 2, 0)
    later = office.take(dtsen(tmp_path / "b.csv", *twice, {"nik": BUDI, "name": "BUDI"}), as_of="2026-11-01")
    assert counts(later)[1] == 1
    assert ask("SELECT count(*) FROM person_now") == [(4,)]
    # The village of the third is not known, so whose number it is, is the kabupaten's to find out.
    office.take(dtsen(tmp_path / "c.csv", {"nik": BUDI, "name": "NGATINI"}), as_of="2026-11-02")
    assert ask("SELECT rule, owner, region FROM task") == [("nik-of-another", "supervisor", "3508")]


# --- families and their heads ---


def test_two_heads_of_one_family(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import ask, counts, people

    done = office.take(couple(tmp_path / "a.csv", relation="Kepala Keluarga"))
    assert counts(done) == (2, 2, 0, 1, 0)
    siti = people(SITI)[0]
    assert "relation" not in siti
    assert siti["relation_raw"] == "1"
    assert ask("SELECT count(*) FROM membership_open WHERE relation = '1'") == [(1,)]
    assert siti["family"] == people(BUDI)[0]["family"]


def test_a_second_head_in_a_later_list(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import ask, p3ke, people

    office.take(couple(tmp_path / "a.csv"), as_of="2026-10-01")
    stranger = {"id": "p3", "nik": TUMI, "name": "TUMI", "born": "01/01/1960 00:00:00"}
    done = office.take(p3ke(tmp_path / "b.csv", stranger), as_of="2026-11-01")
    assert done.counts["warnings"] == 1
    assert people(TUMI)[0]["relation_raw"] == "1"
    assert ask("SELECT person FROM membership_open WHERE relation = '1'") == [(people(BUDI)[0]["person"],)]


def test_the_wife_becomes_head_when_the_list_says_so_of_both(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import counts, p3ke, people

    office.take(couple(tmp_path / "a.csv"), as_of="2026-10-01")
    budi = {
        "name": "BUDI SANTOSO",
        "nik": BUDI,
        "id": "p1",
        "sex": "Laki-laki",
        "born": "15/07/1980 00:00:00",
    }
    now = p3ke(tmp_path / "b.csv", {"id": "p2"}, {**budi, "relation": "Lainnya"})
    assert counts(office.take(now, as_of="2026-11-01")) == (2, 2, 0, 0, 0)
    assert (people(SITI)[0]["relation"], people(BUDI)[0]["relation"]) == ("1", "8")


def test_an_older_list_makes_no_second_head(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import ask, p3ke

    office.take(couple(tmp_path / "a.csv"), as_of="2026-10-01")
    office.take(p3ke(tmp_path / "b.csv", {"id": "p2"}), as_of="2024-01-01")
    assert ask("SELECT count(*) FROM membership_open WHERE relation = '1'") == [(1,)]


def test_a_known_head_brings_the_family_along_under_a_new_number(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import ask, people

    office.take(couple(tmp_path / "a.csv"), as_of="2026-10-01")
    family = people(BUDI)[0]["family"]
    from tests.store.lists import p3ke

    budi = {
        "name": "BUDI SANTOSO",
        "nik": BUDI,
        "id": "p1",
        "sex": "Laki-laki",
        "born": "15/07/1980 00:00:00",
    }
    renumbered = p3ke(
        tmp_path / "b.csv", {**budi, "family": "f-new"}, {"id": "p2", "relation": "Istri", "family": "f-new"}
    )
    office.take(renumbered, as_of="2026-11-01")
    assert {people(BUDI)[0]["family"], people(SITI)[0]["family"]} == {family}
    assert ask("SELECT count(*) FROM family_now") == [(1,)]
    assert ask(
        "SELECT value, until IS NULL FROM identifier WHERE kind = 'p3ke_family_id' ORDER BY since"
    ) == [
        ("350801000000017", False),
        ("f-new", True),
    ]


def test_rows_of_a_family_that_disagree_are_marked(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import ask, counts

    done = office.take(couple(tmp_path / "a.csv", address="DUSUN DARUNGAN RT 001 RW 001"))
    assert counts(done) == (2, 2, 0, 1, 0)
    assert ask("SELECT attributes ->> 'address' FROM family_now") == [("DUSUN KRAJAN RT 004 RW 002",)]


# --- other authorities and layouts ---


def test_what_the_social_list_says_of_civil_attributes_is_a_claim(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import bodies, counts, people

    office.take(couple(tmp_path / "a.csv"), as_of="2026-08-01")
    assert people(SITI)[0]["name"] == "SITI RAHAYU"
    civil = office.take(couple(tmp_path / "b.csv", name="SITI RAHAJU"), as_of="2026-09-01", authority="civil")
    assert civil.counts["in"] == 2, "what civil confirms is news, for it was a claim"
    social = office.take(couple(tmp_path / "c.csv", name="SITI R"), as_of="2026-10-01")
    assert counts(social)[1] >= 1
    assert bodies(SITI)[-1]["name"] == "SITI R"
    assert people(SITI)[0]["name"] == "SITI RAHAJU"


def test_only_the_social_list_registers(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import ask, people

    office.take(couple(tmp_path / "a.csv"), authority="civil", as_of="2026-10-01")
    assert "registration" not in people(SITI)[0]
    assert ask("SELECT bool_or(registered) FROM person_now") == [(False,)]
    office.take(couple(tmp_path / "b.csv"), as_of="2026-11-01")
    assert ask("SELECT bool_and(registered) FROM person_now") == [(True,)]


def test_an_inactive_status_ends_registration(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import dtsen, people

    office.take(dtsen(tmp_path / "a.csv", {}), as_of="2026-10-01")
    assert people(SITI)[0]["registration"] == "registered"
    office.take(dtsen(tmp_path / "b.csv", {"status": "DTSEN NONAKTIF"}), as_of="2026-11-01")
    siti = people(SITI)[0]
    assert (siti["registration"], siti["registration_reason"]) == ("ended", "status_dtsen")


def test_of_somebody_without_a_family_nothing_that_a_list_says_is_lost(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import dtsen, people

    office.take(dtsen(tmp_path / "a.csv", {}))
    siti = people(SITI)[0]
    assert "family" not in siti
    assert (siti["age_years"], siti["decile"], siti["floor_area_m2"]) == (38, 2, "36") or siti[
        "floor_area_m2"
    ] == 36


def test_what_a_list_says_of_a_known_family_goes_to_the_family(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import ask, dtsen, people

    office.take(couple(tmp_path / "a.csv"), as_of="2026-10-01")
    office.take(dtsen(tmp_path / "b.csv", {"relation": "2"}), as_of="2026-11-01")
    siti = people(SITI)[0]
    assert siti["relation"] == "2"
    assert "decile" not in siti
    [(family, dwelling)] = ask(
        "SELECT f.attributes, d.attributes FROM family_now f JOIN dwelling_now d ON d.id = f.dwelling"
    )
    assert family["member_count"] == 3
    assert "floor_area_m2" in dwelling


def test_a_list_that_names_no_region_needs_one(office: Any, tmp_path: Path) -> None:
    from mutakhir.core.refusals import Refused
    from tests.store.lists import dtsen

    with pytest.raises(Refused, match="list-needs-region"):
        office.take(dtsen(tmp_path / "a.csv", {}), region=None)


# --- a list of everybody ---


def test_being_absent_means_something_only_in_a_list_of_everybody(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import ask, p3ke, people

    office.take(couple(tmp_path / "a.csv"), as_of="2026-09-01")
    only_budi = p3ke(
        tmp_path / "b.csv",
        {"name": "BUDI SANTOSO", "nik": BUDI, "id": "p1", "sex": "Laki-laki", "born": "15/07/1980 00:00:00"},
    )
    office.take(only_budi, as_of="2026-10-01")
    assert ask("SELECT count(*) FROM task") == [(0,)]
    siti = people(SITI)[0]
    done = office.take(only_budi, as_of="2026-10-02", full_region="3508")
    assert done.tasks == 1
    [(rule, subject, owner, since, due, closed)] = ask(
        "SELECT rule, subject, owner, since, due, closed_at FROM task"
    )
    assert (rule, subject, owner, closed) == (
        "absent-from-full-list",
        siti["person"],
        "village_operator",
        None,
    )
    assert (due - since.date()).days == 30
    assert people(SITI)[0]["registration"] == "registered", "nobody is taken out by a list"
    assert office.take(only_budi, as_of="2026-10-02", full_region="3508").tasks == 0
    ask("UPDATE task SET closed_at = now(), closed_by = 'tutik' RETURNING 1")
    assert office.take(only_budi, as_of="2026-10-02", full_region="3508").tasks == 0, (
        "the same list asks once"
    )
    assert office.take(only_budi, as_of="2026-10-03", full_region="3508").tasks == 1


def test_who_stands_in_a_rejected_row_is_not_absent(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import ask

    office.take(couple(tmp_path / "a.csv"), as_of="2026-09-01")
    done = office.take(
        couple(tmp_path / "b.csv", region="35.09.01.2001"), as_of="2026-10-01", full_region="3508"
    )
    assert done.counts["rejected"] == 1
    assert ask("SELECT count(*) FROM task") == [(0,)]


def test_who_appears_again_is_missed_no_more(office: Any, tmp_path: Path) -> None:
    """The task closes by itself when a later list holds the person; an older list is no answer."""
    from tests.store.lists import ask, p3ke, people

    office.take(couple(tmp_path / "a.csv"), as_of="2026-09-01")
    only_budi = p3ke(
        tmp_path / "b.csv",
        {"name": "BUDI SANTOSO", "nik": BUDI, "id": "p1", "sex": "Laki-laki", "born": "15/07/1980 00:00:00"},
    )
    assert office.take(only_budi, as_of="2026-10-02", full_region="3508").tasks == 1
    siti = people(SITI)[0]["person"]
    office.take(couple(tmp_path / "c.csv"), as_of="2026-10-01")
    assert ask("SELECT subject FROM task WHERE closed_at IS NULL") == [(siti,)]
    office.take(couple(tmp_path / "c.csv"), as_of="2026-11-01")
    assert ask("SELECT subject, closed_by, closing_note FROM task") == [
        (siti, "system", "Orang ini ada lagi di daftar c.csv per 2026-11-01.")
    ]


# --- what a list makes true ---


def test_requests_are_looked_after_when_a_list_is_in(office: Any, tmp_path: Path) -> None:
    """What is asked for has come true meanwhile: after the next list the request is settled, and nobody waits for it."""
    from tests.builders import VILLAGE, PostgresGround, Walker
    from tests.store.lists import NOW

    walk = Walker(PostgresGround(), now=NOW)
    walk.must("record", "operator").must("reserve", "operator").must("state floor_material=8")
    office.take(couple(tmp_path / "a.csv"), region=VILLAGE[:2])
    assert walk.state == "satisfied"
    assert walk.history[-1].actor == "system"


# --- what is not taken in ---


def rejected(done: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(done.rejects[0].read_text(encoding="utf-8-sig"))))


def test_rejects_stand_beside_the_list_with_their_reasons(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import counts

    path = couple(tmp_path / "daftar.csv", region="35.09.01.2001", name="", nik="")
    done = office.take(path)
    assert counts(done)[:3] == (2, 1, 1)
    assert done.rejects == (tmp_path / "daftar.csv.ditolak.csv",)
    [row] = rejected(done)
    assert row["baris"] == "3"
    assert row["alasan"].count(" | ") == 1, "every reason is given"
    assert row["IDIndividu"] == "p2"
    again = office.take(path)
    assert counts(again)[:3] == (2, 0, 1)
    assert rejected(again) == [row]


def test_no_rejects_leave_no_file(office: Any, tmp_path: Path) -> None:
    path = couple(tmp_path / "daftar.csv")
    (tmp_path / "daftar.csv.ditolak.csv").write_text("of another run")
    assert office.take(path).rejects == ()
    assert sorted(one.name for one in tmp_path.glob("daftar*")) == ["daftar.csv"]


def test_a_node_for_real_people_takes_no_training_numbers(office: Any, tmp_path: Path, settings: Any) -> None:
    from tests.store.lists import ask, counts

    settings.TRAINING = False
    assert counts(office.take(couple(tmp_path / "a.csv")))[:3] == (2, 0, 2)
    assert ask("SELECT count(*) FROM event") == [(0,)]


def test_the_copy_of_the_file_stands_under_its_digest(office: Any, tmp_path: Path) -> None:
    from mutakhir import wiring
    from tests.store.lists import ask

    path = couple(tmp_path / "a.csv")
    office.take(path)
    [(digest, name, layout)] = ask("SELECT digest, name, layout FROM source")
    assert (name, layout) == ("a.csv", "p3ke")
    with wiring.blobs().open(digest) as stream:
        assert stream.read() == path.read_bytes()


# --- bad files, and people who may not ---


def nothing_was_done() -> bool:
    from tests.store.lists import ask

    return ask("SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM source)") == [(0, 0)]


def broken_lists(folder: Path) -> dict[str, Path]:
    from tests.fixtures.files import write_delimited, write_text
    from tests.store.lists import p3ke

    whole = p3ke(folder / "whole.csv", {}, {"id": "p2"}).read_bytes()
    made = {
        "file-wrong-kind": folder / "surat.csv",
        "file-encoding-unknown": folder / "sandi.csv",
        "file-null-bytes": folder / "nol.csv",
        "file-quote-open": folder / "kutip.csv",
        "file-cell-too-long": folder / "panjang.csv",
        "file-empty": write_text(folder / "kosong.csv", ""),
        "file-header-unknown": write_delimited(folder / "lain.csv", [("a", "b"), ("1", "2")]),
        "file-unreadable": folder / "tidak-ada.csv",
    }
    made["file-wrong-kind"].write_bytes(b"%PDF-1.7 a letter")
    made["file-encoding-unknown"].write_bytes(whole + b"\x81\x8d\x8f,\xff\xfe\n")
    made["file-null-bytes"].write_bytes(whole.replace(b"SITI", b"SI\0I", 1))
    made["file-quote-open"].write_bytes(whole + b'2,"never closed\nand so on\n')
    made["file-cell-too-long"].write_bytes(whole + b"2," + b"a" * 40_000 + b"\n")
    return made


BROKEN = (
    "file-wrong-kind",
    "file-encoding-unknown",
    "file-null-bytes",
    "file-quote-open",
    "file-cell-too-long",
    "file-empty",
    "file-header-unknown",
    "file-unreadable",
)


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_file_changes_nothing(office: Any, tmp_path: Path, rule: str) -> None:
    from mutakhir.core.refusals import Refused

    with pytest.raises(Refused, match=rule):
        office.take(broken_lists(tmp_path)[rule])
    assert nothing_was_done()


def test_a_formula_is_kept_as_written_and_marked(office: Any, tmp_path: Path) -> None:
    from tests.fixtures.files import P3KE_HEADERS, P3KE_ROW, write_book
    from tests.store.lists import counts, people

    place = P3KE_HEADERS.index("Pekerjaan")
    row = [*P3KE_ROW[:place], "=1+1", *P3KE_ROW[place + 1 :]]
    done = office.take(write_book(tmp_path / "a.xlsx", {"Individu": [P3KE_HEADERS, row]}))
    assert counts(done) == (1, 1, 0, 1, 0)
    assert people(SITI)[0]["occupation_raw"] == "=1+1"


def test_a_million_empty_rows(office: Any, tmp_path: Path) -> None:
    from tests.fixtures.files import P3KE_HEADERS, P3KE_ROW, write_raw_book
    from tests.store.lists import counts

    def line(number: int, cells: tuple[str, ...]) -> str:
        return (
            f'<row r="{number}">'
            + "".join(f'<c t="str"><v>{one.replace("<", "&lt;")}</v></c>' for one in cells)
            + "</row>"
        )

    empty = "".join(f'<row r="{number}" spans="1:3"/>' for number in range(3, 1_000_003))
    path = write_raw_book(
        tmp_path / "a.xlsx", line(1, P3KE_HEADERS) + line(2, P3KE_ROW) + empty + line(1_000_003, P3KE_ROW)
    )
    assert counts(office.take(path)) == (2, 2, 0, 1, 0)


def test_a_year_of_another_century_is_kept_as_written(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import counts, people

    done = office.take(couple(tmp_path / "a.csv", born="05/07/1800 00:00:00"))
    assert counts(done) == (2, 2, 0, 1, 0)
    siti = people(SITI)[0]
    assert siti["birth_date_raw"] == "05/07/1800 00:00:00"
    assert "birth_date" not in siti


def test_who_may_take_in_a_list(office: Any, tmp_path: Path) -> None:
    from mutakhir.core.actors import Role
    from mutakhir.core.refusals import Refused
    from tests.builders import actor

    path = couple(tmp_path / "a.csv")
    with pytest.raises(Refused, match="role-missing"):
        office.take(path, actor=actor("tutik", (Role.VILLAGE_OPERATOR, "3508012001")), region=None)
    with pytest.raises(Refused, match="role-missing"):
        office.take(path, actor=actor("nira", (Role.SUPERVISOR, "3509")))
    assert nothing_was_done()
    done = office.take(path, actor=actor("nira", (Role.SUPERVISOR, "3508")), region=None)
    assert done.counts["in"] == 2


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ({"as_of": "2027-01-01"}, "list-of-the-future"),
        ({"authority": "neighbours"}, "authority-unknown"),
        ({"region": "3508", "full_region": "3509"}, "region-outside"),
        ({"region": "Lumajang"}, "region-code-unreadable"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    office: Any, tmp_path: Path, told: dict[str, str], rule: str
) -> None:
    from mutakhir.core.refusals import Refused

    with pytest.raises(Refused, match=rule):
        office.take(couple(tmp_path / "a.csv"), **told)
    assert nothing_was_done()


def test_a_file_that_is_too_large(office: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mutakhir.core.refusals import Refused
    from mutakhir.wiring import imports

    monkeypatch.setattr(imports, "FILE_BYTES", 100)
    with pytest.raises(Refused, match="file-too-large"):
        office.take(couple(tmp_path / "a.csv"))
    assert nothing_was_done()


def test_a_file_is_taken_in_for_one_region(office: Any, tmp_path: Path) -> None:
    from mutakhir.core.refusals import Refused

    path = couple(tmp_path / "a.csv")
    office.take(path)
    with pytest.raises(Refused, match="list-of-other-region"):
        office.take(path, region="350801")


# --- lists as the field has them ---


@pytest.mark.parametrize("layout", ["p3ke", "dtsen", "bdt", "dtks", "bpnt", "siak"])
def test_a_list_with_every_error_of_the_field(
    office: Any, tmp_path: Path, layout: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mutakhir import wiring
    from mutakhir.gateways.regions import read_children
    from mutakhir.store import rebuild
    from mutakhir.synth import files
    from mutakhir.synth.errors import Rates
    from mutakhir.synth.population import Village
    from mutakhir.wiring import imports
    from tests.store.lists import ask, counts

    monkeypatch.setattr(imports, "BATCH_ROWS", 13 if layout == "bpnt" else 211)
    villages = [
        Village(one.code, one.name, "Sukodono") for one in read_children("350815") if one.kind == "desa"
    ]
    seed = random.Random(layout).randrange(1000)
    written = files.write(
        tmp_path, layout=layout, format="csv", seed=seed, persons=1500, villages=villages,  # type: ignore[arg-type]
        rates=Rates(), today=date(2026, 10, 1),
    )  # fmt: skip
    done = office.take(written.paths["list"], as_of="2026-10-01")
    rows = written.counts["rows"]
    assert counts(done)[:3] == (rows, rows, 0)
    assert ask("SELECT count(*) FROM person_now") == [(rows,)]
    assert ask("SELECT count(*) FROM import_batch")[0][0] > 5
    if layout != "dtsen":
        families = ask("SELECT count(*) FROM family_now")[0][0]
        if layout in ("p3ke", "bdt"):
            assert families == written.counts["families"]
        else:
            assert families
        assert ask("SELECT count(*) FROM person_now WHERE length(region) <> 10") == [(0,)]
    assert counts(office.take(written.paths["list"], as_of="2026-10-01"))[1:] == (
        0,
        0,
        done.counts["warnings"],
        rows,
    )
    # Numbers of persons make the next list of the same people no news; without them a NIK is all there is.
    assert (
        layout in ("dtsen", "siak") or counts(office.take(written.paths["list"], as_of="2026-11-01"))[1] == 0
    )
    found = rebuild.rebuild(open_register=wiring.open_register, report=lambda _: None, check=True)
    assert found.differences == ()


# --- beside others ---


def test_somebody_at_a_screen_is_faster(own_database: str, busy_office: Any, tmp_path: Path) -> None:
    """The import waits for the other's deed, sees it, and states what is still news."""
    import psycopg
    from django.db import connections, transaction

    from mutakhir import wiring
    from mutakhir.actions.facts import State, state_facts
    from mutakhir.core.actors import Actor
    from tests.store.lists import NOW, ask, counts, people

    busy_office.take(couple(tmp_path / "a.csv"), as_of="2026-10-01")
    siti = people(SITI)[0]["person"]
    told, waiting = threading.Event(), threading.Event()

    def state() -> None:
        try:
            with transaction.atomic():
                state_facts(
                    [State(siti, "person", {"phone": "+6281234567890"})], region="3508012001", holds_from=date(2026, 11, 2),
                    authority="social", source="request:1", actor=Actor("tutik"), now=NOW, register=wiring.open_register(),
                )  # fmt: skip
                told.set()
                assert waiting.wait(30)
        finally:
            connections.close_all()

    def watch() -> None:
        with psycopg.connect(own_database, autocommit=True) as watcher:
            until = time.monotonic() + 30
            while time.monotonic() < until:
                if watcher.execute("SELECT FROM pg_locks WHERE NOT granted").fetchone() is not None:
                    break
        waiting.set()

    threads = [threading.Thread(target=one) for one in (state, watch)]
    threads[0].start()
    assert told.wait(30)
    threads[1].start()
    done = busy_office.take(couple(tmp_path / "b.csv", occupation="Pedagang"), as_of="2026-11-01")
    for one in threads:
        one.join(30)
    assert counts(done) == (2, 1, 0, 0, 1)
    assert ask("SELECT version, authority, b.body ->> 'source' FROM event e JOIN event_body b ON b.event = e.id WHERE subject = %s ORDER BY 1", siti) == [
        (1, "social", "source:1 row:3"), (2, "social", "request:1"), (3, "social", "source:2 row:3"),
    ]  # fmt: skip
    now = people(SITI)[0]
    assert (now["phone"], now["occupation"]) == ("+6281234567890", "84")


def test_one_list_at_a_time(
    own_database: str, busy_office: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    from mutakhir.core.refusals import Refused
    from mutakhir.store import sources
    from tests.store.lists import counts

    monkeypatch.setattr(sources, "WAIT_SECONDS", 0.1)
    with psycopg.connect(own_database) as other:
        other.execute("SELECT pg_advisory_lock(hashtext('import'))")
        with pytest.raises(Refused, match="import-running"):
            busy_office.take(couple(tmp_path / "a.csv"))
    assert nothing_was_done()
    assert counts(busy_office.take(couple(tmp_path / "a.csv")))[1] == 2


# --- a list that nobody knows ---


def test_a_list_of_an_unknown_layout_is_taken_in_by_a_mapping(office: Any, tmp_path: Path) -> None:
    from mutakhir.core.refusals import Refused
    from tests.fixtures.files import write_delimited
    from tests.store.lists import ask, counts, people

    mapping = tmp_path / "pemetaan.toml"
    mapping.write_text('name = "desa"\n[columns]\nWarga = "name"\nKTP = "nik"\nLahir = "birth"\n', "utf-8")
    path = write_delimited(
        tmp_path / "a.csv", [["Warga", "KTP", "Lahir"], ["Siti Rahayu", SITI, "Lumajang, 5-7-1988"]]
    )
    with pytest.raises(Refused) as caught:
        office.take(path)
    assert [one.rule for one in caught.value.refusals] == ["file-header-unknown"]
    done = office.take(path, mapping=mapping)
    assert counts(done) == (1, 1, 0, 0, 0)
    assert people(SITI)[0]["birth_place"] == "Lumajang"
    assert counts(office.take(path, mapping=mapping)) == (1, 0, 0, 0, 1)
    # The same file under another mapping would say other things of the same rows.
    mapping.write_text('name = "desa"\n[columns]\nWarga = "name"\nKTP = "nik"\n', "utf-8")
    with pytest.raises(Refused) as caught:
        office.take(path, mapping=mapping)
    assert [one.rule for one in caught.value.refusals] == ["list-of-other-layout"]
    assert ask("SELECT count(*) FROM source") == [(1,)]


# --- several lists in one archive ---


def archive(path: Path, **lists: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as found:
        for name, one in lists.items():
            found.write(one, f"Kecamatan/{name}.csv")
    return path


def test_the_lists_of_an_archive_are_lists_of_their_own(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import ask, counts, p3ke, people

    path = archive(
        tmp_path / "unduhan.zip",
        b=p3ke(
            tmp_path / "b", {"name": "TUMI", "nik": TUMI, "id": "p9", "family": "f9", "region": "3509012001"}
        ),
        a=couple(tmp_path / "a"),
    )
    done = office.take(path)
    assert counts(done)[:3] == (3, 2, 1)
    assert list(done.sources) == ["unduhan.zip.a.csv", "unduhan.zip.b.csv"]
    assert done.rejects == (tmp_path / "unduhan.zip.b.csv.ditolak.csv",)
    assert ask("SELECT id, name, (counts ->> 'in')::int FROM source ORDER BY id") == [
        (done.sources["unduhan.zip.a.csv"], "unduhan.zip.a.csv", 2),
        (done.sources["unduhan.zip.b.csv"], "unduhan.zip.b.csv", 0),
    ]
    assert people(SITI)[0]["person"] >> 32 == done.sources["unduhan.zip.a.csv"]
    before = ask("SELECT count(*) FROM event")
    assert counts(office.take(path))[1:] == (0, 1, done.counts["warnings"], 2)
    assert ask("SELECT count(*) FROM event") == before


def test_who_stands_in_any_list_of_an_archive_is_not_absent(office: Any, tmp_path: Path) -> None:
    from tests.store.lists import ask, p3ke, people

    tumi = p3ke(tmp_path / "t", {"name": "TUMI", "nik": TUMI, "id": "p9", "family": "f9"})
    office.take(archive(tmp_path / "a.zip", a=couple(tmp_path / "a"), t=tumi), as_of="2026-10-01")
    only_siti = p3ke(tmp_path / "s", {"id": "p2", "relation": "Istri"})
    done = office.take(
        archive(tmp_path / "b.zip", s=only_siti, t=tumi), as_of="2026-11-01", full_region="3508"
    )
    assert done.tasks == 1
    assert ask("SELECT subject FROM task WHERE rule = 'absent-from-full-list'") == [
        (people(BUDI)[0]["person"],)
    ]


@pytest.mark.parametrize("layout", get_args(synthetic.Layout))
def test_every_layout_comes_in_an_archive_too(office: Any, tmp_path: Path, layout: synthetic.Layout) -> None:
    """As text and as a workbook, with the errors of the field: whoever the second list repeats is there already."""
    from mutakhir.synth.errors import Rates
    from mutakhir.synth.population import Village
    from tests.store.lists import ask, counts

    villages = [Village("3508122005", "Burno", "Senduro", "Lumajang", "Jawa Timur")]
    rates = Rates(rounded_nik=0, duplicate_nik=0)
    path = tmp_path / "daftar.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for form in ("csv", "xlsx"):
            written = synthetic.write(
                tmp_path, layout=layout, format=form, seed=5, persons=60 if layout != "bpnt" else 400,
                villages=villages, rates=rates, today=date(2026, 10, 1),
            )  # fmt: skip
            archive.write(written.paths["list"], f"{form}/{written.paths['list'].name}")
    done = office.take(path, region="3508122005", authority="civil" if layout == "siak" else "social")
    rows, in_, rejected, _, again = counts(done)
    assert (rows, rejected, done.layouts) == (2 * written.counts["rows"], 0, (layout,))
    assert rows > 20
    assert 0 < again <= rows // 2 <= in_
    assert ask("SELECT count(DISTINCT region) FROM person_now") == [(1,)]
    assert ask("SELECT region FROM person_now LIMIT 1") == [("3508122005",)]


def test_a_workbook_of_regsosek_needs_a_region_and_rejects_what_names_nobody(
    office: Any, tmp_path: Path
) -> None:
    """Its region codes are those of the statistics office; a family without members is kept beside the list."""
    from mutakhir.core.refusals import Refusal, Refused
    from tests.fixtures.files import write_book
    from tests.store.lists import ask, people

    book = write_book(
        tmp_path / "regsosek.xlsx",
        {
            "Perumahan": [["No KK", "303"], ["9908011203150007", 8], ["9908011203150009", 1]],
            "Anggota": [
                ["No KK", "402 Nama", "403 NIK", "409"],
                ["9908011203150007", "BUDI SANTOSO", BUDI, 1],
                ["9908011203150007", "SITI RAHAYU", SITI, 2],
            ],
        },
    )
    with pytest.raises(Refused) as caught:
        office.take(book, region=None)
    assert caught.value.refusals == (Refusal.of("list-needs-region", layout="Regsosek 2022"),)
    done = office.take(book, region="3508122005")
    assert done.counts == {"rows": 3, "in": 2, "rejected": 1, "warnings": 1, "again": 0}
    [row] = rejected(done)
    assert (row["baris"], row["No KK"], row["303"], row["Lembar"]) == (
        "10000003", "9908011203150009", "1", "Perumahan",
    )  # fmt: skip
    [budi], [siti] = people(BUDI), people(SITI)
    assert budi["family"] == siti["family"]
    assert ask("SELECT attributes ->> 'floor_material' FROM dwelling_now") == [("8",)]


def test_an_archive_with_one_damaged_list_changes_nothing(office: Any, tmp_path: Path) -> None:
    from mutakhir.core.refusals import Refused
    from tests.store.lists import ask

    broken = tmp_path / "broken"
    broken.write_bytes(b"%PDF-1.7")
    with pytest.raises(Refused) as caught:
        office.take(archive(tmp_path / "a.zip", a=couple(tmp_path / "a"), z=broken))
    assert [one.rule for one in caught.value.refusals] == ["file-wrong-kind"]
    assert ask("SELECT count(*) FROM event") == [(0,)]
    assert ask("SELECT count(*) FROM source") == [(0,)]


# --- what the register knows of a list ---


def test_the_register_explains_what_became_of_people(office: Any, tmp_path: Path) -> None:
    """Who died, whose NIK was corrected, who moved; and of somebody who only carries the number it says nothing."""
    from mutakhir import wiring
    from mutakhir.actions.facts import State, state_facts
    from mutakhir.gateways.list_comparison import compare
    from mutakhir.wiring.list_comparison import asking_register
    from mutakhir.wiring.terminal import TERMINAL
    from tests.store.lists import NOW, ask, p3ke, people

    old = p3ke(
        tmp_path / "old.csv",
        {"name": "BUDI SANTOSO", "nik": BUDI, "id": "p1", "sex": "Laki-laki", "born": "15/07/1980", "relation": "Kepala Keluarga"},
        {"id": "p2", "relation": "Istri"},
        {"name": "TUMI", "nik": TUMI, "id": "p9", "family": "f9", "born": "1/1/1960"},
        {"name": "HARTONO", "nik": "9908011001700001", "id": "p10", "family": "f10", "sex": "Laki-laki", "born": "10/01/1970"},
        {"name": "SULASTRI", "nik": "9908015001750001", "id": "p11", "family": "f11", "born": "10/01/1975"},
    )  # fmt: skip
    office.take(old, as_of="2026-10-01")
    subject = {nik: people(nik)[0]["person"] for nik in (BUDI, SITI, TUMI)}
    told = [
        (subject[BUDI], {"died_on": "2026-10-05"}, "civil", "3508012001"),
        (subject[SITI], {"nik": "9908014507880009"}, "civil", "3508012001"),
        (subject[TUMI], {"phone": "+6281234567890"}, "social", "3508012002"),
    ]
    for number, attributes, authority, region in told:
        wiring.perform(
            state_facts, [State(number, "person", attributes)], region=region, holds_from=date(2026, 10, 5),
            authority=authority, source="register", actor=TERMINAL, now=office.now,
        )  # fmt: skip
    # The register's Hartono is another than the list's, whatever the number says.
    new = p3ke(
        tmp_path / "new.csv",
        {"name": "SULASTRI", "nik": "9908015001750001", "id": "p11", "family": "f11", "born": "10/01/1975"},
    )
    question = asking_register(TERMINAL, now=NOW)
    found = compare(old, new, today=date(2026, 11, 24), ask=question)
    assert found.why["vanished"] == {"died": 1, "nik_corrected": 1, "moved": 1, "unexplained": 1}
    assert found.villages["3508012001"]["unexplained_vanished"] == 1
    assert compare(old, new, today=date(2026, 11, 24)).why["vanished"] == {"unexplained": 4}
    assert ask("SELECT actor, purpose, path FROM reading") == [
        ("terminal", "compare-lists", "mutakhir compare-lists")
    ]
