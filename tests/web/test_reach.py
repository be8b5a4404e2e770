"""What the database shows to whom, held against what the core says: for every role and place, and what hangs on a record."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from mutakhir import wiring
from mutakhir.actions.facts import State, state_facts
from mutakhir.core.actors import KEEPERS, LEVEL_DIGITS, SYSTEM, Actor, Held, Role
from mutakhir.queries.as_of import family_page, search_people
from mutakhir.store import access
from tests.builders import CAST, ELSEWHERE, KABUPATEN, NEARBY, VILLAGE, actor
from tests.databases import FORBIDDEN, ask, code_of
from tests.web.neighbours import Neighbours, neighbours

__all__ = ["neighbours"]

NATION = actor("pusat", (Role.CENTRE, ""))
WITH_REGION = (
    "person_now",
    "family_now",
    "dwelling_now",
    "request_now",
    "session_now",
    "batch_now",
    "visit_now",
    "annulment_now",
    "erasure_now",
    "task",
)
"""Tables whose rows lie in a village."""


# --- both sides say the same ----------------------------------------------------------------------------------------


def held_by(*held: tuple[Role, str]) -> Actor:
    return Actor("somebody", "", tuple(Held(role, region) for role, region in held))


def everybody() -> Iterator[Actor]:
    """Each role at its level in each place, and people who hold two."""
    yield held_by()
    places = (VILLAGE, NEARBY, ELSEWHERE)
    for role, digits in LEVEL_DIGITS.items():
        for region in sorted({place[:digits] for place in places}):
            yield held_by((role, region))
    for one, other in itertools.combinations((*places, KABUPATEN, VILLAGE[:6]), 2):
        yield held_by((Role.VILLAGE_OPERATOR, one), (Role.VERIFIER, other))
    yield held_by((Role.ADMINISTRATOR, KABUPATEN), (Role.VILLAGE_OPERATOR, VILLAGE))
    yield held_by((Role.APPLICANT, VILLAGE), (Role.AUDITOR, ""))


@pytest.mark.django_db
def test_the_database_and_the_core_see_the_same_regions(neighbours: Neighbours) -> None:
    """Row by row: what lies within reach is there, what does not is not, for every role and place."""
    rows = {table: ask(f"SELECT id, region FROM {table}") for table in WITH_REGION}
    assert all({VILLAGE, NEARBY, ELSEWHERE} <= {region for _, region in found} for found in rows.values())
    for who in everybody():
        for role in (access.READ, access.WRITE):
            with access.taken(role, who.reach):
                seen = {table: {row[0] for row in ask(f"SELECT id FROM {table}")} for table in WITH_REGION}
        for table, found in rows.items():
            assert seen[table] == {number for number, region in found if who.sees(region)}, (who.held, table)


@pytest.mark.django_db
def test_what_hangs_on_a_record_is_seen_with_it(neighbours: Neighbours) -> None:
    """Events with their bodies, memberships, numbers and tickets: with their subject, and never without it."""
    for who in everybody():
        with access.taken(access.READ, who.reach):
            seen = {row[0] for table in WITH_REGION[:-1] for row in ask(f"SELECT id FROM {table}")}
            seen |= {row[0] for row in ask("SELECT id FROM submission_now UNION SELECT id FROM window_now")}
            decrees = ask("SELECT id, region FROM region_change_now")
            seen |= {number for number, region in decrees if who.sees(region)}
            events = ask("SELECT e.subject, b.event FROM event e LEFT JOIN event_body b ON b.event = e.id")
            people = {row[0] for row in ask("SELECT id FROM person_now UNION SELECT id FROM family_now")}
            members = ask("SELECT person, family FROM membership_open")
            numbers = {row[0] for row in ask("SELECT subject FROM identifier")}
            tickets = {row[0] for row in ask("SELECT request FROM ticket")}
            requests = {row[0] for row in ask("SELECT id FROM request_now")}
            names = [one.name for one in search_people("Sukarno", scopes=("",))]
        assert {subject for subject, _ in events} == seen, who.held
        assert all(body is not None for _, body in events)
        assert all(person in people and family in people for person, family in members)
        assert numbers <= people
        assert tickets <= requests
        tokens = {one.token for one in neighbours.all if who.sees(one.region)}
        assert {name.removeprefix("Sukarno ") for name in names} == tokens, who.held


@pytest.mark.django_db
def test_the_log_of_reading_is_seen_by_who_watches_and_by_who_reads(neighbours: Neighbours) -> None:
    for village in neighbours.all:
        wiring.log_reading(
            village.operator,
            purpose="family",
            path="/",
            region=village.region,
            subject=1,
            now=village.walk.now,
        )
    for who in (*everybody(), neighbours.own.operator):
        watched = [one.region for one in who.held if one.role in (Role.ADMINISTRATOR, Role.AUDITOR)]
        with access.taken(access.READ, who.reach):
            seen = set(ask("SELECT actor, region FROM reading WHERE purpose = 'family'"))
        assert seen == {
            (one.operator.login, one.region)
            for one in neighbours.all
            if any(one.region.startswith(region) for region in watched) or one.operator.login == who.login
        }


@pytest.mark.django_db
def test_keepers_of_accounts_see_nobody(neighbours: Neighbours) -> None:
    for role in KEEPERS:
        with access.taken(access.READ, held_by((role, "")).reach):
            for table in access.POLICED - {"event", "event_body", "reading"}:
                assert not ask(f"SELECT FROM {table}"), table
            assert ask("SELECT DISTINCT kind FROM event") == [("window",)]


# --- a ticket -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_ticket_shows_its_one_request(neighbours: Neighbours) -> None:
    numbers = [one.numbers["reserved"] for one in neighbours.all]
    for number in numbers:
        with access.taken(access.TICKET, access.NOTHING, request=number):
            assert ask("SELECT id FROM request_now") == [(number,)]
            assert {row[0] for row in ask("SELECT subject FROM event")} == {number}
            assert len(ask("SELECT FROM event_body")) == len(ask("SELECT FROM event"))
            assert code_of("SELECT FROM person_now") == FORBIDDEN
            assert code_of("SELECT FROM ticket") == FORBIDDEN
    with access.taken(access.TICKET, access.NOTHING):
        assert not ask("SELECT FROM request_now")
        assert not ask("SELECT FROM event")
    with access.taken(access.READ, NATION.reach):
        assert code_of("SELECT FROM ticket_of('1')") == FORBIDDEN


# --- across the border ----------------------------------------------------------------------------------------------

TOLD: dict[str, Any] = {"holds_from": None, "authority": "social", "source": "source:test"}


def state(subject: int, kind: str, attributes: dict[str, Any], *, region: str, by: Actor, day: str) -> None:
    from datetime import UTC, date, datetime

    told = {**TOLD, "holds_from": date.fromisoformat(day)}
    wiring.perform(
        state_facts, [State(subject, kind, attributes)], region=region, actor=by,
        now=datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC), **told,
    )  # fmt: skip


@pytest.fixture
def moved(db: None) -> dict[str, int]:
    """A couple in the village; the wife leaves for a family in another kabupaten, written down by her old village."""
    register = wiring.open_register()
    made = {name: register.new_id() for name in ("family", "other family", "husband", "wife")}
    for name, region in (("family", VILLAGE), ("other family", ELSEWHERE)):
        state(made[name], "family", {"region_lived": region}, region=region, by=SYSTEM, day="2024-01-01")
    for name, relation in (("husband", "1"), ("wife", "2")):
        told = {
            "name": name.title(),
            "nik": f"990801150780{made[name]:04d}",
            "family": made["family"],
            "relation": relation,
        }
        state(made[name], "person", told, region=VILLAGE, by=CAST["operator"], day="2024-01-01")
    state(
        made["wife"], "person", {"family": made["other family"], "relation": "1"}, region=ELSEWHERE,
        by=CAST["operator"], day="2026-03-01",
    )  # fmt: skip
    state(made["wife"], "person", {"name": "Istri Baru"}, region=ELSEWHERE, by=SYSTEM, day="2026-05-01")
    return made


@pytest.mark.django_db
def test_projections_follow_a_deed_also_to_where_its_actor_sees_nothing(moved: dict[str, int]) -> None:
    assert ask("SELECT region, name FROM person_now WHERE id = %s", moved["wife"]) == [
        (ELSEWHERE, "Istri Baru")
    ]
    assert ask("SELECT family FROM membership_open WHERE person = %s", moved["wife"]) == [
        (moved["other family"],)
    ]
    assert len(ask("SELECT FROM identifier WHERE subject = %s", moved["wife"])) == 1
    with access.taken(access.WRITE, CAST["operator"].reach):
        assert not ask("SELECT FROM person_now WHERE id = %s", moved["wife"])


@pytest.mark.django_db
def test_who_moved_away_is_seen_as_long_as_she_lived_here(moved: dict[str, int]) -> None:
    """Any earlier answer can be given again, and what happened elsewhere since is not there."""
    from datetime import date

    def members(day: str) -> list[str]:
        with wiring.acting(CAST["operator"]):
            found = wiring.ask(
                family_page, moved["family"], on=date.fromisoformat(day), position=None,
                authorities=wiring.terms().attributes.authorities, scopes=CAST["operator"].scopes(),
            )  # fmt: skip
        assert found is not None
        return [one.name for one in found.members]

    assert members("2025-01-01") == ["Husband", "Wife"]
    assert members("2026-04-01") == ["Husband"]
    with access.taken(access.READ, CAST["operator"].reach):
        seen = ask("SELECT holds_from::text FROM event WHERE subject = %s ORDER BY id", moved["wife"])
    assert seen == [("2024-01-01",), ("2026-03-01",)]


@pytest.mark.django_db
def test_who_is_asked_about_is_seen_while_the_request_is_open(neighbours: Neighbours) -> None:
    """The family of an open request may have moved on; who sees the request sees whom it is about, and no longer."""
    own = neighbours.own
    family, request = own.numbers["family"], own.numbers["reserved"]
    with transaction.atomic():
        ask("UPDATE family_now SET region = %s WHERE id = %s RETURNING id", ELSEWHERE, family)
        with access.taken(access.READ, own.operator.reach):
            assert ask("SELECT region FROM family_now WHERE id = %s", family) == [(ELSEWHERE,)]
            assert ask("SELECT FROM event WHERE subject = %s", family)
        ask("UPDATE request_now SET ended = true WHERE family = %s RETURNING id", family)
        with access.taken(access.READ, own.operator.reach):
            assert ask("SELECT FROM request_now WHERE id = %s", request)
            assert not ask("SELECT FROM family_now WHERE id = %s", family)
            assert not ask("SELECT FROM event WHERE subject = %s", family)
        transaction.set_rollback(True)


# --- the search by name ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_search_by_name_is_planned_anew_for_each_region(neighbours: Neighbours) -> None:
    """The range is inside the function; after many calls for a village, a kabupaten is still searched by its own plan."""
    settings = ask("SELECT proconfig, prosecdef FROM pg_proc WHERE proname = 'people_named'")[0]
    assert settings[1]
    assert "plan_cache_mode=force_custom_plan" in settings[0]
    with access.taken(access.READ, NATION.reach):
        for place, found in (
            (NEARBY, {NEARBY}),
            (KABUPATEN, {VILLAGE, NEARBY}),
            ("", {VILLAGE, NEARBY, ELSEWHERE}),
        ) * 7:
            seen = {one.region for one in search_people("Sukarno", scopes=(place,))}
            assert seen == found
        two = {one.region for one in search_people("Sukarno", scopes=(NEARBY, ELSEWHERE))}
        assert two == {NEARBY, ELSEWHERE}
    with access.taken(access.READ, neighbours.own.operator.reach):
        assert {one.region for one in search_people("Sukarno", scopes=("",))} == {VILLAGE}
