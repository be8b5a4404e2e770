"""Earlier answers, families with their timeline, and finding people."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import CAST
from tests.databases import environment

if TYPE_CHECKING:
    from tests.builders import Walker

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
WIFE, HEAD, NO_KK = "9908014507880003", "9908011507800002", "9908011203150007"
NATION = ("",)


@pytest.fixture
def walk(db: None) -> Walker:
    """Siti's family, whose floor was changed through the whole route."""
    from tests.builders import PostgresGround, walk_to

    found = walk_to("applied", ground=PostgresGround())
    found.ground.number_events()
    return found


def authorities() -> Any:
    from mutakhir import wiring

    return wiring.terms().attributes.authorities


def answer(walk: Walker, *, on: date, position: int | None = None) -> Any:
    from mutakhir.queries import as_of

    found = as_of.as_of(walk.house.wife, on=on, position=position, authorities=authorities())
    assert found is not None
    return found


# --- a person ---


def test_a_person_with_family_and_dwelling_of_the_day(walk: Walker) -> None:
    before, after = answer(walk, on=date(2026, 11, 23)), answer(walk, on=date(2027, 6, 1))
    assert (before.attributes["floor_material"].value, after.attributes["floor_material"].value) == ("6", "8")
    assert after.attributes["name"].value == "Siti Aminah"
    assert after.attributes["no_kk"].value == NO_KK
    assert after.region == "3508152001"


def test_the_form_for_other_programs(walk: Walker) -> None:
    from mutakhir.queries import as_of

    told = json.loads(json.dumps(as_of.as_json(answer(walk, on=date(2027, 6, 1), position=1_000))))
    assert list(told) == ["person", "on", "position", "attributes"]
    assert (told["person"], told["on"], told["position"]) == (walk.house.wife, "2027-06-01", 1_000)
    for one in told["attributes"].values():
        assert list(one) == ["value", "from", "to", "recorded", "authority", "source"]
    floor = told["attributes"]["floor_material"]
    assert floor["value"] == "8"
    assert floor["source"] == f"request:{walk.number}"
    assert floor["authority"] == "social"
    assert date.fromisoformat(floor["from"])
    assert floor["to"] is None
    assert datetime.fromisoformat(floor["recorded"]).utcoffset() == timedelta(0)


def test_what_was_known_at_a_position(walk: Walker) -> None:
    position = walk.ground.number_events()
    walk.must("state floor_material=1", "data filler")
    today = walk.today()
    assert answer(walk, on=today, position=position).attributes["floor_material"].value == "8"
    assert answer(walk, on=today).attributes["floor_material"].value == "1"
    assert (
        answer(walk, on=today, position=walk.ground.number_events()).attributes["floor_material"].value == "1"
    )
    assert answer(walk, on=today, position=0).attributes == {}


def test_a_nik_leads_to_its_person_within_scope(walk: Walker) -> None:
    from mutakhir.queries import as_of

    person = (walk.house.wife, "3508152001")
    for scope in ("", "35", "3508", "3508152001"):
        assert as_of.person_of_nik(WIFE, scopes=(scope,)) == person
    for scopes in ((), ("3509",), ("3508152002",), ("3507", "36")):
        assert as_of.person_of_nik(WIFE, scopes=scopes) is None
    assert as_of.person_of_nik("9908014507880099", scopes=NATION) is None


# --- a family ---


def family(walk: Walker, **told: Any) -> Any:
    from mutakhir.queries import as_of

    asked = {"on": walk.today(), "position": None, "authorities": authorities(), **told}
    return as_of.family_page(walk.house.family, **asked)


def test_a_family_with_its_members(walk: Walker) -> None:
    found = family(walk)
    assert found.head.name == "Slamet Riyadi"
    assert [(one.name, one.relation) for one in found.members] == [
        ("Slamet Riyadi", "1"),
        ("Siti Aminah", "2"),
    ]
    assert found.dwelling == walk.house.dwelling
    assert found.attributes["no_kk"].value == NO_KK
    floor = found.dwelling_attributes["floor_material"]
    assert (floor.value, floor.source) == ("8", f"request:{walk.number}")
    assert found.requests == ()
    assert family(walk, scopes=("3509",)) is None
    assert family(walk, on=date(2020, 1, 1)).members == ()


def test_open_requests_stand_on_the_page(walk: Walker) -> None:
    walk.name = "A2"
    walk.must("record", "operator").must("prove", "operator").must("reserve", "operator")
    [one] = family(walk).requests
    assert (one.number, one.ticket, one.state) == (walk.number, walk.request.ticket, "reserved")


def timeline(walk: Walker, **told: Any) -> Any:
    from mutakhir.queries import as_of

    return as_of.family_timeline(walk.house.family, authorities=authorities(), **told)


def changes(found: Any) -> list[Any]:
    return [change for day in found.days for change in day.changes]


def test_the_timeline_tells_what_changed_by_whom_and_why(walk: Walker) -> None:
    found = changes(timeline(walk))
    newest = found[0]
    [floor] = newest.values
    assert (floor.attribute, floor.old, floor.new) == ("floor_material", "6", "8")
    assert (newest.of, newest.subject) == ("dwelling", walk.house.dwelling)
    assert (newest.request, newest.ticket) == (walk.number, walk.request.ticket)
    assert newest.holds_from is not None
    assert {one.of for one in found} == {"family", "dwelling", "person"}
    assert [one.event for one in found] == sorted((one.event for one in found), reverse=True)
    names = {one.subject_name for one in found if one.of == "person"}
    assert names == {"Slamet Riyadi", "Siti Aminah"}


def test_the_timeline_in_pages(walk: Walker) -> None:
    for floor in "1234":
        walk.must(f"state floor_material={floor}", "data filler").wait(1)
    whole = changes(timeline(walk))
    pages, before = [], None
    while True:
        page = timeline(walk, before=before, limit=3)
        pages += changes(page)
        before = page.before
        if before is None:
            break
        assert len(changes(page)) == 3
    assert pages == whole
    days = [day.day for day in timeline(walk).days]
    assert days == sorted(days, reverse=True)


def test_the_timeline_as_it_was_known(walk: Walker) -> None:
    position = walk.ground.number_events()
    known = changes(timeline(walk))
    walk.must("state floor_material=1", "data filler")
    assert changes(timeline(walk, position=position)) == known
    assert len(changes(timeline(walk))) == len(known) + 1
    assert changes(timeline(walk, on=date(2024, 3, 13))) == []


def test_what_is_only_repeated_is_no_change(walk: Walker) -> None:
    before = changes(timeline(walk))
    walk.must("state floor_material=8", "data filler")
    assert changes(timeline(walk)) == before


# --- search ---


def search(words: str, *, scopes: tuple[str, ...] = NATION, limit: int = 20) -> list[tuple[str, str]]:
    from mutakhir import wiring
    from mutakhir.queries import as_of

    with wiring.acting(CAST["centre"]):
        found = wiring.ask(as_of.search_people, words, scopes=scopes, limit=limit)
    return [(one.name, one.why) for one in found]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (WIFE, [("Siti Aminah", "nik")]),
        ("9908 0145.0788-0003", [("Siti Aminah", "nik")]),
        (NO_KK, [("Slamet Riyadi", "no_kk"), ("Siti Aminah", "no_kk")]),
        ("9908014507880099", []),
        ("siti aminah", [("Siti Aminah", "name")]),
        ("Aminah", [("Siti Aminah", "name")]),
        ("Ny. Sitti Aminah", [("Siti Aminah", "spelling")]),
        ("Siti Amina", [("Siti Aminah", "name")]),
        ("Slamed Riadi", [("Slamet Riyadi", "similar")]),
        ("Slamet", [("Slamet Riyadi", "name")]),
        ("Si", []),
        ("%%%", []),
        ("", []),
        ("Zulkifli Rahman", []),
    ],
)
def test_finding_people(walk: Walker, words: str, found: list[tuple[str, str]]) -> None:
    assert search(words) == found


def known_names(*names: str, region: str = "3508152002") -> None:
    from mutakhir import wiring
    from mutakhir.actions.facts import State, state_facts
    from mutakhir.core.actors import SYSTEM

    register = wiring.open_register()
    told = [State(register.new_id(), "person", {"name": name}) for name in names]
    state_facts(
        told, region=region, holds_from=date(2026, 1, 1), authority="social", source="source:1", actor=SYSTEM, now=NOW,
        register=register,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Supn", "Supeno"),
        ("Adbullah", "Abdullah"),
        ("SiUNA", "SUNA"),
        ("Jaenab", "Zaenab"),
        ("Holil", "Kholil"),
        ("Achmad Fauji", "Akhmad Fauzi"),
        ("Moh. Lutfi", "M. Lutfi"),
        ("SIbI FADILbAH", "SITI FADILAH"),
    ],
)
def test_names_are_found_with_two_letters_typed_wrongly_or_spelt_otherwise(
    db: None, words: str, found: str
) -> None:
    known_names(
        "Supeno",
        "Abdullah",
        "SUNA",
        "Zaenab",
        "Kholil",
        "Akhmad Fauzi",
        "M. Lutfi",
        "SITI FADILAH",
        "Poniman",
    )
    near = [name for name, _why in search(words)]
    assert found in near
    assert "Poniman" not in near


def test_the_nearest_name_comes_first(db: None) -> None:
    known_names("Durasid", "H. Durasid", "Durasit", "Siti Durasidah Rahayu")
    assert [name for name, _why in search("H. Durasidd")][:2] == ["H. Durasid", "Durasid"]
    assert [name for name, _why in search("durasid")] == [
        "Durasid", "H. Durasid", "Durasit", "Siti Durasidah Rahayu"
    ]  # fmt: skip


def test_a_name_that_is_longer_than_any_is_no_error(db: None) -> None:
    known_names("Sri " + "Wahyuningtyas " * 30)
    assert search("Sri " + "Wahyuningtias " * 30)


def test_nobody_is_found_outside_ones_scope(walk: Walker) -> None:
    for words in (WIFE, NO_KK, "siti aminah"):
        assert search(words, scopes=("3508",))
        assert not search(words, scopes=("3509", "35081520020"))
        assert not search(words, scopes=())


def test_many_namesakes_elsewhere_hide_nobody_here(db: None) -> None:
    from mutakhir import wiring
    from mutakhir.queries.change_request import find_by_name

    letters = "abcdefghijklmnopqrstuvwxyz"
    known_names(*(f"Siti {one}{other}{one}" for one in letters for other in letters))
    known_names("Siti Qomariyatul Munawaroh", region="3508152001")
    assert search("siti", scopes=("3508152001",)) == [("Siti Qomariyatul Munawaroh", "name")]
    assert len(search("siti", scopes=("3508",))) == 20
    with wiring.acting(CAST["centre"]):
        found = wiring.ask(find_by_name, "siti", scopes=("3508152001",))
    assert [one.name for one in found] == ["Siti Qomariyatul Munawaroh"]


def test_a_value_names_the_file_that_it_came_in(db: None) -> None:
    from mutakhir import wiring
    from mutakhir.actions.facts import State, state_facts
    from mutakhir.core.actors import SYSTEM
    from mutakhir.queries.change_request import values_told
    from mutakhir.store.models import Source

    file = Source.objects.create(
        name="p3ke-senduro.csv", digest="0" * 64, layout="p3ke", authority="social", as_of=date(2026, 1, 1),
        region="3508152001", actor="nira", started_at=NOW,
    )  # fmt: skip
    register = wiring.open_register()
    person = register.new_id()
    for version, source in enumerate((f"source:{file.pk} row:7", "request:42")):
        state_facts(
            [State(person, "person", {("name", "phone")[version]: "Siti"})], region="3508152001",
            holds_from=date(2026, 1, 1), authority="social", source=source, actor=SYSTEM, now=NOW, register=register,
        )  # fmt: skip
    told = values_told([person], today=date(2026, 11, 24), authorities=authorities())
    assert (told[person, "name"].source, told[person, "name"].request) == ("p3ke-senduro.csv", None)
    assert (told[person, "phone"].source, told[person, "phone"].request) == ("", 42)


def test_the_search_ends_by_itself(walk: Walker) -> None:
    from django.db import transaction

    from tests.store.lists import ask

    with transaction.atomic():
        search("siti aminah")
        assert ask("SHOW statement_timeout") == [("2s",)]


# --- the command ---


class Terminal:
    """Types `mutakhir show` on a database of its own, in which the route was walked."""

    def __init__(self, url: str, folder: Path) -> None:
        from tests.builders import PostgresGround, walk_to

        self.url, self.folder = url, folder
        self.walk = walk_to("applied", ground=PostgresGround())
        self.walk.ground.number_events()

    def show(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mutakhir", "show", *words]
        told = environment(self.url, self.folder)
        return subprocess.run(command, env=told, capture_output=True, text=True, timeout=120, check=False)

    def answer(self, *words: str) -> dict[str, Any]:
        done = self.show(*words, "--json")
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))


@pytest.fixture
def terminal(own_database: str, tmp_path: Path) -> Terminal:
    return Terminal(own_database, tmp_path)


def test_showing_a_person_is_written_down(terminal: Terminal) -> None:
    from tests.store.lists import ask

    told = terminal.answer(WIFE, "--on", "2027-06-01", "--purpose", "cek lapangan")
    assert told["attributes"]["floor_material"]["value"] == "8"
    assert told["person"] == terminal.walk.house.wife
    assert ask("SELECT actor, purpose, path, region, subjects FROM reading") == [
        ("terminal", "cek lapangan", "mutakhir show", "3508152001", [told["person"]])
    ]
    words = terminal.show(WIFE)
    assert "Siti Aminah" in words.stdout
    assert len(ask("SELECT FROM reading")) == 2


def test_known_at_is_fixed_for_ever(terminal: Terminal) -> None:
    from tests.store.lists import ask

    instant = datetime.now(UTC).isoformat()
    first = terminal.answer(WIFE, "--on", "2027-06-01", "--known-at", instant)
    assert first["attributes"]["floor_material"]["value"] == "8"
    terminal.walk.must("state floor_material=1", "data filler")
    assert terminal.answer(WIFE, "--on", "2027-06-01")["attributes"]["floor_material"]["value"] == "1"
    assert terminal.answer(WIFE, "--on", "2027-06-01", "--known-at", instant) == first
    early = terminal.answer(WIFE, "--known-at", "2020-01-01T00:00:00+07:00")
    assert (early["position"], early["attributes"]) == (0, {})
    assert len(ask("SELECT FROM known_at")) == 2
    future = terminal.show(WIFE, "--known-at", "2999-01-01T00:00:00Z")
    assert future.returncode == 3
    assert "[instant-in-future]" in future.stderr


def test_as_somebody_of_another_village_there_is_nobody(terminal: Terminal) -> None:
    from mutakhir import wiring
    from mutakhir.core.actors import Role
    from tests.store.lists import ask

    for login, region in (("near", "3508152001"), ("far", "3508152002")):
        wiring.create_account(
            login, login, "kata sandi yang panjang", [(Role.VILLAGE_OPERATOR, region)], by="test", now=NOW
        )
    assert terminal.answer(WIFE, "--as", "near")["attributes"]
    outside, unknown = terminal.show(WIFE, "--as", "far"), terminal.show("9908014507880099", "--as", "far")
    assert (outside.returncode, outside.stdout) == (3, "")
    assert outside.stderr == unknown.stderr
    assert "[not-found]" in outside.stderr
    assert "[account-unknown]" in terminal.show(WIFE, "--as", "nobody").stderr
    assert ask("SELECT actor FROM reading") == [("near",)], "who sees nothing reads nothing"
