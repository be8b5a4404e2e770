"""Both registers answer alike: what one promises, the other keeps."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mutakhir.core.events import Event
    from tests.builders import Ground, Walker

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
VILLAGE = "3508152001"
STORES = ["memory", pytest.param("postgres", marks=pytest.mark.django_db)]


def ground_of(name: str) -> Ground:
    from django.db import connection

    from tests.builders import MemoryGround, PostgresGround

    if name == "memory":
        return MemoryGround()
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE subject_id RESTART")
    return PostgresGround()


@pytest.fixture(params=STORES)
def ground(request: pytest.FixtureRequest) -> Ground:
    return ground_of(request.param)


@pytest.fixture
def register(ground: Ground) -> Any:
    """A register inside one transaction."""
    return ground.ask(lambda found: found)


def deed(register: Any) -> AbstractContextManager[Any]:
    """What is written inside is written together or not at all, as an edge sees to it."""
    from django.db import transaction

    return nullcontext() if type(register).__name__ == "MemoryRegister" else transaction.atomic()


def stated(subject: int, version: int, **told: Any) -> Event:
    from mutakhir.core.events import Event

    attributes = told.pop("attributes", {"name": f"Nama {version}"})
    fields: dict[str, Any] = {
        "kind": "person",
        "holds_from": date(2026, 1, version),
        "region": VILLAGE,
        **told,
    }
    return Event(
        subject=subject, version=version, type="facts_stated", body={"attributes": attributes, "source": "source:1 row:2"},
        actor="tutik", recorded_at=NOW + timedelta(minutes=version), **fields,
    )  # fmt: skip


# --- events ---


def test_numbers_are_fresh(register: Any) -> None:
    numbers = [register.new_id() for _ in range(20)]
    assert len(set(numbers)) == 20


def test_what_is_appended_is_told_in_order(register: Any) -> None:
    first, second = register.new_id(), register.new_id()
    told = [
        stated(first, 1),
        stated(second, 1),
        stated(first, 2, reason="typed wrongly", record=77, caused_by=None),
    ]
    stored = register.append(told)
    assert [replace(one, id=None) for one in stored] == told
    assert len({one.id for one in stored}) == 3
    assert stored[0].id < stored[2].id
    found = register.histories([first, second, 999_999])
    assert found[first].events == (stored[0], stored[2])
    assert found[first].version == 2
    assert found[999_999].events == ()
    assert found[999_999].version == 0


def test_every_field_of_an_event_comes_back(register: Any) -> None:
    subject = register.new_id()
    told = stated(
        subject, 1, attributes={"name": "Ny. \"Sri\"\\ \u00a0\ttab\nline é 😀", "floor": None, "works": True, "rooms": 3},
        holds_to=date(2027, 1, 1), authority="civil", record=2**33 + 5, reason="", schema=1,
    )  # fmt: skip
    [stored] = register.append([told])
    [found] = register.histories([subject])[subject].events
    assert found == stored == replace(told, id=stored.id)
    assert found.recorded_at.utcoffset() == timedelta(0)


def test_nothing_appended_is_nothing_stored(register: Any) -> None:
    assert register.append([]) == ()


def test_a_version_twice_in_one_deed_is_refused(register: Any) -> None:
    from mutakhir.core.refusals import Conflict

    subject = register.new_id()
    with pytest.raises(Conflict, match="someone-was-faster"):
        register.append([stated(subject, 1), stated(subject, 1)])


def test_the_same_version_twice_conflicts_and_the_first_stays(register: Any, ground: Ground) -> None:
    from mutakhir.core.refusals import Conflict

    subject = register.new_id()
    register.append([stated(subject, 1, attributes={"name": "Siti"})])
    with pytest.raises(Conflict), deed(register):
        register.append([stated(subject, 1, attributes={"name": "Sari"})])
    again = ground.ask(lambda found: found)
    assert again.current([subject])[subject]["name"] == "Siti"
    assert again.versions([subject]) == {subject: 1}


def test_nothing_begins_in_the_future(register: Any) -> None:
    """A day begins in Papua nine hours before it begins in UTC, and not earlier."""
    subject = register.new_id()
    register.append([stated(subject, 1, holds_from=date(2026, 11, 24))])
    with pytest.raises(ValueError, match="cannot begin"):
        register.append([stated(subject, 2, holds_from=date(2026, 11, 25))])
    evening = replace(stated(subject, 2), recorded_at=datetime(2026, 11, 24, 15, tzinfo=UTC))
    register.append([replace(evening, holds_from=date(2026, 11, 25))])


def test_many_events_at_once(register: Any) -> None:
    subjects = [register.new_id() for _ in range(150)]
    register.append(
        [stated(one, version, attributes={"rooms": version}) for version in (1, 2) for one in subjects]
    )
    assert register.versions(subjects) == dict.fromkeys(subjects, 2)
    assert {one["rooms"] for one in register.current(subjects).values()} == {2}


# --- answers ---


def test_answers_at_positions(register: Any, ground: Ground) -> None:
    subject = register.new_id()
    register.append([stated(subject, 1, attributes={"name": "Siti", "occupation": "9"})])
    first = ground.number_events()
    register.append([stated(subject, 2, attributes={"occupation": "14"})])
    second = ground.number_events()
    register.append([stated(subject, 3, attributes={"occupation": "20"})])

    def occupation(position: int | None, on: date = date(2026, 6, 1)) -> Any:
        found = register.as_of([subject], on=on, position=position)[subject].get("occupation")
        return found and (found.value, found.from_, found.to, found.source)

    source = "source:1 row:2"
    assert (first, second) == (1, 2)
    assert occupation(0) is None
    assert occupation(first) == ("9", date(2026, 1, 1), None, source)
    assert occupation(second) == ("14", date(2026, 1, 2), None, source)
    assert occupation(None) == ("20", date(2026, 1, 3), None, source)
    assert occupation(None, on=date(2026, 1, 2)) == ("14", date(2026, 1, 2), date(2026, 1, 3), source)
    assert occupation(None, on=date(2025, 1, 1)) is None
    assert register.as_of([12345], on=date(2026, 1, 1), position=None) == {12345: {}}


def test_what_holds_now_leaves_out_what_has_ended(register: Any) -> None:
    person, family, dwelling = (register.new_id() for _ in range(3))
    register.append(
        [
            stated(person, 1, attributes={"name": "Siti", "occupation": "9", "phone": None}),
            stated(family, 1, kind="family", attributes={"no_kk": "9908011203150007", "dwelling": dwelling}),
            stated(dwelling, 1, kind="dwelling", attributes={"floor_material": "8"}),
            stated(person, 2, attributes={"occupation": None}),
        ]
    )
    assert {one: dict(values) for one, values in register.current([person, family, dwelling, 987]).items() if values} == {
        person: {"name": "Siti"},
        family: {"no_kk": "9908011203150007", "dwelling": dwelling},
        dwelling: {"floor_material": "8"},
    }  # fmt: skip
    assert register.versions([person, family, dwelling, 987]) == {person: 2, family: 1, dwelling: 1, 987: 0}


def test_the_authority_goes_before_a_later_claim(register: Any) -> None:
    subject = register.new_id()
    register.append(
        [
            stated(subject, 1, authority="civil", attributes={"nik": "9908014507880003"}),
            stated(subject, 2, authority="social", attributes={"nik": "9908014507880004"}),
        ]
    )
    assert register.current([subject])[subject]["nik"] == "9908014507880003"
    assert register.by_identifier("nik", ["9908014507880003", "9908014507880004"]) == {
        "9908014507880003": (subject,)
    }


def test_members_are_all_who_ever_were(register: Any) -> None:
    one, two, stranger, first, second = (register.new_id() for _ in range(5))
    register.append(
        [
            stated(one, 1, attributes={"family": first, "relation": "1"}),
            stated(two, 1, attributes={"family": first, "relation": "3"}),
            stated(stranger, 1, attributes={"name": "Tumi"}),
            stated(two, 2, attributes={"family": second, "relation": "1"}),
        ]
    )
    assert register.members(first) == (one, two)
    assert register.members(second) == (two,)
    assert register.members(stranger) == ()


def test_identifiers_lead_to_those_who_carry_them_now(register: Any) -> None:
    one, two, family = (register.new_id() for _ in range(3))
    same, former = "9908014507880003", "9908011507800002"
    register.append(
        [
            stated(one, 1, attributes={"nik": former, "p3ke_id": "a1"}),
            stated(one, 2, attributes={"nik": same}),
            stated(two, 1, attributes={"nik": same}),
            stated(family, 1, kind="family", attributes={"no_kk": same, "p3ke_family_id": "f1"}),
        ]
    )
    assert register.by_identifier("nik", [same, former, "9908014507880009"]) == {same: (one, two)}
    assert register.by_identifier("no_kk", [same]) == {same: (family,)}
    assert register.by_identifier("p3ke_id", ["a1", "f1"]) == {"a1": (one,)}
    assert register.by_identifier("p3ke_family_id", ["a1", "f1"]) == {"f1": (family,)}
    assert register.by_identifier("nik", []) == {}


@pytest.mark.django_db
def test_an_erased_body_leaves_the_rest_standing() -> None:
    """What an event said is gone, and everything else of the person still folds."""
    from django.db import connection

    from mutakhir import wiring
    from mutakhir.store import rebuild

    register = wiring.open_register()
    subject = register.new_id()
    register.append([stated(subject, 1, attributes={"name": "Siti", "occupation": "9"})])
    [second] = register.append([stated(subject, 2, attributes={"name": "Sari"})])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM event_body WHERE event = %s", [second.id])
    found = register.histories([subject])[subject].events
    assert [one.body is None for one in found] == [False, True]
    register.append([stated(subject, 3, attributes={"sex": "2"})])
    assert register.current([subject])[subject] == {"name": "Siti", "occupation": "9", "sex": "2"}
    assert register.as_of([subject], on=date(2026, 6, 1), position=None)[subject]["name"].value == "Siti"
    done = rebuild.rebuild(open_register=wiring.open_register, report=lambda _: None, check=True)
    assert done.differences == ()


# --- the whole route, told alike ---


def route(ground: Ground) -> Walker:
    """Two requests through the whole route, one that stays, one that lapses, one that is taken back, and a call."""
    from tests.builders import Walker

    walk = Walker(ground)
    for name, kind in (
        ("A", "living_conditions"),
        ("B", "not_eligible"),
        ("C", "leaving"),
        ("D", "new_person"),
        ("E", "new_family"),
        ("F", "living_conditions"),
    ):
        walk.name = name
        walk.must(f"record {kind}", "operator")
    for name in "ABCE":
        walk.name = name
        walk.must("prove", "operator").must("reserve", "operator")
    walk.name = "A"
    walk.must("deliberate fit", "village head")
    walk.name = "B"
    walk.must("deliberate not_fit", "village head").wait(1).must("appeal", "operator")
    walk.name = "E"
    walk.must("withdraw", "operator")
    walk.name = "F"
    walk.must("state floor_material=7", "data filler")
    walk.must("open a window", "supervisor").must("pack")
    walk.name = "A"
    walk.must("hand over", "village head").must("verify verified", "verifier")
    walk.name = "B"
    walk.must("verify returned", "verifier")
    walk.name = "C"
    walk.must("verify refused", "verifier")
    walk.name = "A"
    walk.must("finalise", "supervisor").must("endorse", "bupati's office").must("send", "supervisor")
    walk.must("determine yes", "supervisor").wait(40).must("let lapse")
    walk.must("schedule a call 2027-03-01 2027-03-05 2027-03-20 in 35081520", "supervisor")
    return walk


def told_of(walk: Walker) -> dict[str, Any]:
    """Everything that the questions of the port answer, for a register in which the route was walked."""
    from mutakhir.core.change_requests import State

    ground = walk.ground
    ground.number_events()
    found: dict[str, Any] = {}

    def ask(name: str, question: Any) -> None:
        found[name] = ground.ask(question)

    subjects = range(1, ground.ask(lambda register: register.new_id()))
    ask("events", lambda register: {
        subject: [replace(one, id=None, position=None, caused_by=None) for one in history.events]
        for subject, history in register.histories(subjects).items()
    })  # fmt: skip
    ask("order", lambda register: [
        (one.subject, one.version)
        for one in sorted((one for history in register.histories(subjects).values() for one in history.events), key=lambda one: one.position or 0)
    ])  # fmt: skip
    houses = [
        number
        for house in walk.houses.values()
        for number in (house.family, house.dwelling, house.head, house.wife)
    ]
    ask("current", lambda register: {one: dict(values) for one, values in register.current(houses).items()})
    ask("versions", lambda register: register.versions(houses))
    ask(
        "members",
        lambda register: {house.family: register.members(house.family) for house in walk.houses.values()},
    )
    ask("requests", lambda register: dict(register.requests(subjects)))
    states = tuple(State)
    for name, told in {
        "all": {}, "village": {"scope": VILLAGE}, "elsewhere": {"scope": "3509"}, "kinds": {"kinds": ("leaving", "not_eligible")},
        "window": {"window": walk.window}, "submission": {"submission": walk.submission}, "after": {"after": walk.requests["B"]},
        "limit": {"limit": 2}, "ended": {"states": (State.APPLIED, State.WITHDRAWN, State.REFUSED)},
    }.items():  # fmt: skip
        ask(
            f"select {name}",
            lambda register, told=told: register.select_requests(**{"states": states, "scope": "", **told}),
        )
    for scope in ("", "35", "3508", VILLAGE, "3509"):
        ask(f"windows {scope}", lambda register, scope=scope: register.windows(scope))
    ask("window", lambda register: [register.window(one) for one in (walk.window, 10**6)])
    ask("sessions", lambda register: [register.session(one) for one in (*subjects, 10**6)])
    ask(
        "batches",
        lambda register: [
            register.batches(one.id, scope) for one in register.windows("") for scope in ("", VILLAGE, "3509")
        ],
    )
    ask("batch", lambda register: [register.batch(one) for one in (*subjects, 10**6)])
    ask("submission", lambda register: [register.submission(one) for one in (*subjects, 10**6)])
    return found


@pytest.mark.django_db
def test_the_whole_route_is_told_alike() -> None:
    memory, postgres = (told_of(route(ground_of(name))) for name in ("memory", "postgres"))
    assert memory.keys() == postgres.keys()
    for name in memory:
        assert memory[name] == postgres[name], name
    states = {one.state.value for one in memory["requests"].values()}
    assert states >= {"applied", "refused", "withdrawn", "lapsed"}, states
    assert len(memory["select all"]) == 6
    assert memory["submission"] != [None] * len(memory["submission"])


@pytest.mark.django_db
def test_a_list_is_taken_in_alike(tmp_path: Path) -> None:
    """The deed that takes in a batch needs no database: in memory it brings about the same."""
    from mutakhir import wiring
    from mutakhir.actions.imports import Order, take_batch
    from mutakhir.core.rules.intake import Occurrences
    from mutakhir.core.rules.rows import RowRules
    from mutakhir.gateways.layouts import open_records
    from mutakhir.synth import files
    from mutakhir.synth.errors import Rates
    from mutakhir.synth.population import Village
    from mutakhir.wiring.terminal import TERMINAL

    grounds = [ground_of("memory"), ground_of("postgres")]
    persons: set[int] = set()
    for source, layout in enumerate(("p3ke", "dtsen", "p3ke"), start=1):
        written = files.write(
            tmp_path / str(source), layout=layout, format="csv", seed=source // 3, persons=120,  # type: ignore[arg-type]
            villages=[Village(VILLAGE, "Burno")], rates=Rates(doubled=0.1, misspelt_name=0.2), today=date(2026, 10, source),
        )  # fmt: skip
        order = Order(source, layout, "social", date(2026, 10, source), "3508")
        rules = RowRules(
            wiring.terms().attributes, today=NOW.date(), known=lambda _: True, scope="3508", production=False
        )
        occurrences = Occurrences()
        table, read = open_records(written.paths["list"])
        with table:
            entries = [occurrences.enter(rules.validate(read.read(row))) for row in table.rows]
        memory, postgres = (
            ground.perform(take_batch, entries, order=order, actor=TERMINAL, now=NOW) for ground in grounds
        )
        assert memory == postgres
        assert memory.counts["in"] > 0
        persons |= memory.persons
    memory, postgres = (
        {
            one: [replace(event, id=None, position=None) for event in history.events]
            for one, history in ground.ask(lambda register: register.histories(persons)).items()
        }
        for ground in grounds
    )
    assert memory == postgres
    assert max(len(events) for events in memory.values()) > 1
