"""The route holds on random walks: what is offered succeeds, nothing happens beside the table, both registers agree."""

from __future__ import annotations

import msgspec
import pytest
from django.db import connection, transaction
from hypothesis import given

from mutakhir.core.change_requests import State, fold
from mutakhir.core.flows.change_request import STEPS, transitions
from mutakhir.store import rows
from tests.builders import MemoryGround, PostgresGround, Walker
from tests.generative.examples import ASKED, examples
from tests.generative.walks import CONSEQUENCES, WAYS, Journey, Plan, journey, plan_of, reads_of, walks


@examples(60)
@given(walks)
def test_a_step_succeeds_exactly_when_it_is_offered(plan: Plan) -> None:
    """On the way every move is checked: transitions, waiting, and each attempt against what was offered."""
    journey(plan, MemoryGround())


def test_long_walks_hold_as_well_and_go_everywhere() -> None:
    """The same for walks by chance that go deep; together they reach every state, or this shows less than it says."""
    reached = set()
    for seed in range(ASKED or 250):
        try:
            reached |= {state for _, _, state in journey(plan_of(seed), MemoryGround()).seen}
        except AssertionError as error:
            error.add_note(f"seed {seed}")
            raise
    assert set(State) == reached


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(round(ASKED / 20) or 12))
def test_both_registers_tell_the_same_on_long_walks(seed: int) -> None:
    compare_registers(plan_of(seed))


@pytest.mark.django_db
@examples(8, share=0.05)
@given(walks)
def test_both_registers_tell_the_same(plan: Plan) -> None:
    """The same walk on the register in memory and on the one in PostgreSQL: same outcomes, same answers."""
    compare_registers(plan)


def compare_registers(plan: Plan) -> None:
    memory = MemoryGround()
    in_memory = journey(plan, memory)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER SEQUENCE subject_id RESTART")
        postgres = PostgresGround()
        in_postgres = journey(plan, postgres)
        assert in_postgres.told == in_memory.told
        assert reads_of(postgres, in_postgres.walk) == reads_of(memory, in_memory.walk)
        rows_equal_what_events_tell(in_postgres.walk)
        transaction.set_rollback(True)


def rows_equal_what_events_tell(walk: Walker) -> None:
    """The row of a request is the fold of its events, byte for byte."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, body::text, state, version, ended FROM request_now")
        found = cursor.fetchall()
    assert walk.number in {number for number, *_ in found}
    histories = walk.ground.ask(lambda register: register.histories([number for number, *_ in found]))
    for number, body, state, version, ended in found:
        told = fold(histories[number].events)
        assert told is not None
        assert body == rows.encode(told)
        assert msgspec.json.decode(body, type=type(told)) == told
        assert (state, version, ended) == (told.state.value, told.version, told.is_ended)


# --- every row of the route is walked ---

PACKED = (
    ("record", "operator"), ("prove", "operator"), ("reserve", "operator"), ("deliberate fit", "village head"),
    ("open a window", "supervisor"), ("pack", "system"),
)  # fmt: skip
HANDED_OVER = (*PACKED, ("hand over", "village head"))
VERIFIED = (*HANDED_OVER, ("verify verified", "verifier"))
ENDORSED = (*VERIFIED, ("finalise", "supervisor"), ("endorse", "bupati's office"))
SENT = (*ENDORSED, ("send", "supervisor"))
OTHER_NEWS = ("state floor_material=7", "system")
ALREADY_SO = ("state floor_material=8", "system")
LEAVING = (
    ("record leaving", "operator"), ("prove", "operator"), ("reserve", "operator"), ("open a window", "supervisor"),
    ("pack", "system"),
)  # fmt: skip
RESERVING = (("prove", "operator"), ("reserve", "operator"))
DEATH = (("record death", "operator"), *RESERVING)
CORRECTION = (("record correction", "operator"), *RESERVING)
HEAR = ("look after a list", "system")

Deeds = tuple[tuple[str, str] | int, ...]
WALKS: dict[str, Deeds] = {
    "record": PACKED[:1],
    "amend": (*PACKED[:4], ("amend", "operator"), ("amend floor_material=7", "operator"), ("amend", "operator")),
    "amend a draft": (*PACKED[:1], ("amend floor_material=7", "operator"), ("prove", "operator")),
    "prove": (*PACKED[:4], ("prove form", "operator")),
    "prove what is reserved": (*PACKED[:1], ("reserve", "operator"), ("prove", "operator")),
    "prove what came back": (*HANDED_OVER, ("verify returned", "verifier"), ("prove form", "operator")),
    "prove in a conflict": (*PACKED, OTHER_NEWS, ("hand over", "village head"), ("prove form", "operator")),
    "deliberate:not_fit": (*PACKED[:3], ("deliberate not_fit", "village head"), ("appeal", "operator")),
    "pack from the reserve": LEAVING,
    "pack:conflict": (*PACKED[:5], OTHER_NEWS, ("pack", "system")),
    "pack:conflict from the reserve": (*LEAVING[:4], ("state registration=unknown", "system"), ("pack", "system")),
    "hand_over:conflict": (*PACKED, OTHER_NEWS, ("hand over", "village head")),
    "unpack:deliberated": (*PACKED, 13, ("unpack", "system")),
    "unpack:reserved": (*LEAVING, 13, ("unpack", "system")),
    "forward": (*HANDED_OVER, ("forward", "camat"), ("visit", "field checker")),
    "forward:let_pass": (*HANDED_OVER, ("forward let_pass", "camat")),
    "forward:not_forwarded": (*HANDED_OVER, 8, ("let pass what is late", "system")),
    "transfer from the reserve": (*PACKED[:3], ("offer", "operator"), ("recall", "operator"), ("offer", "operator"),
                                  ("decline", "operator nearby"), ("offer", "operator"), ("take over", "operator nearby")),
    "transfer of what is decided": (*PACKED[:4], ("offer", "operator"), ("recall", "operator"), ("offer", "operator"),
                                    ("decline", "operator nearby"), ("offer", "operator"), ("take over", "operator nearby")),
    "transfer of a person that is decided": (("record new_person", "operator"), *PACKED[1:4], ("offer", "operator"),
                                             ("take over", "operator nearby")),
    "undo": (*VERIFIED, ("undo", "verifier"), ("verify returned", "verifier"), ("undo", "verifier"),
             ("verify refused", "verifier"), ("undo", "verifier")),
    "finalise:conflict": (*VERIFIED, OTHER_NEWS, ("finalise", "supervisor")),
    "send:conflict": (*ENDORSED, OTHER_NEWS, ("send", "supervisor")),
    "apply": (*SENT, ("determine yes", "supervisor")),
    "determine:no": (*SENT, ("determine no", "centre")),
    "apply:conflict": (*SENT, OTHER_NEWS, ("determine yes", "supervisor")),
    "settle:satisfied from the reserve": (*LEAVING[:4], ("state registration=ended", "system"),
                                          ("state registration_reason=own_wish", "system"), ("end the head's", "system"),
                                          ("pack", "system")),
    "settle:satisfied": (*PACKED[:5], ALREADY_SO, ("pack", "system")),
    "settle:satisfied from packed": (*PACKED, ALREADY_SO, ("hand over", "village head")),
    "settle:satisfied from verified": (*VERIFIED, ALREADY_SO, ("finalise", "supervisor")),
    "settle:satisfied from endorsed": (*ENDORSED, ALREADY_SO, ("send", "supervisor")),
    "annul": (*SENT, ("determine yes", "centre"), ("annul", "head of Dinsos")),
    "reopen": (*PACKED[:3], ("apply another", "system"), ("look after a list", "system"),
               ("annul the other", "head of Dinsos")),
    "settle:satisfied from determined": (*SENT, ALREADY_SO, ("determine yes", "centre")),
    **{
        f"settle:satisfied after a list, from {name}": (*deeds, ALREADY_SO, ("look after a list", "system"))
        for name, deeds in {
            "handed over": HANDED_OVER,
            "returned": (*HANDED_OVER, ("verify returned", "verifier")),
            "conflict": (*PACKED, OTHER_NEWS, ("hand over", "village head")),
        }.items()
    },
    "settle:lapsed": (*PACKED[:1], 31, ("let lapse", "system"), ("resume", "operator")),
    "settle:lapsed of a claim": (*CORRECTION, 181, ("let lapse", "system"), ("resume", "operator")),
    "settle:lapsed after a return": (*HANDED_OVER, ("verify returned", "verifier"), 15, ("let lapse", "system")),
    "settle:lapsed after a conflict": (*PACKED, OTHER_NEWS, ("hand over", "village head"), 15, ("let lapse", "system")),
    "settle:refused": (*PACKED[:3], ("deliberate not_fit", "village head"), 31, ("let lapse", "system")),
    "settle:expired": (*PACKED[:4], 181, ("let lapse", "system")),
    "settle:expired from the reserve": (*PACKED[:3], ("deliberate not_fit", "village head"), ("appeal", "operator"), 181,
                                        ("let lapse", "system")),
    "refer": (*DEATH, ("refer", "operator"), ("civil says died_on=2026-11-18", "system"), HEAR),
    "refer:conflict": (*CORRECTION, ("civil says name=Siti_Rahayu", "system"), HEAR, ("resume", "operator")),
    "settle:satisfied in a conflict": (*CORRECTION, ("civil says name=Siti_Rahayu", "system"), HEAR,
                                       ("civil says name=Siti_Aminatun", "system"), HEAR),
    "resume": (*HANDED_OVER, ("verify returned", "verifier"), ("resume", "operator")),
    "resume a conflict": (*PACKED, OTHER_NEWS, ("hand over", "village head"), ("resume", "operator")),
    **{
        f"withdraw from {name}": (*deeds, ("ask to cancel", "resident"), ("keep", "operator"), ("ask to cancel", "resident"), ("keep", "operator"), ("withdraw", "operator"))
        for name, deeds in {
            "draft": PACKED[:1], "reserved": PACKED[:3], "deliberated": PACKED[:4], "packed": PACKED,
            "handed_over": HANDED_OVER, "verified": VERIFIED, "finalised": ENDORSED[:-1], "endorsed": ENDORSED,
            "returned": (*HANDED_OVER, ("verify returned", "verifier")),
            "conflict": (*PACKED, OTHER_NEWS, ("hand over", "village head")),
            "lapsed": (*PACKED[:1], 31, ("let lapse", "system")),
        }.items()
    },
}  # fmt: skip
"""Walks that together take every way of the route; a number is days that pass."""


def walked(deeds: Deeds) -> Journey:
    there = Journey(Walker(MemoryGround()))
    for one in deeds:
        if isinstance(one, int):
            there.walk.wait(one)
        else:
            there.walk.submission = (
                there.walk.number and there.walk.request.submission
            ) or there.walk.submission
            there.walk.do(*one)
            there.check()
    return there


def test_every_way_of_the_route_is_walked() -> None:
    """What the diagram draws can be walked, from each source of each step, and nothing else can."""
    seen = set().union(*(walked(deeds).seen for deeds in WALKS.values()))
    wanting = {
        (source.value if source else "", name, target.value)
        for source, name, target in set(transitions()) - seen
    }
    assert not wanting
    assert seen <= set(transitions())


def test_every_step_has_a_way_or_a_reason() -> None:
    """A step that is added to the route without an action that takes it is found here."""
    assert {step.name for step in STEPS} == set(WAYS) | set(CONSEQUENCES)
    assert not set(WAYS) & set(CONSEQUENCES)


def test_every_state_is_reached() -> None:
    assert {target for _, _, target in transitions()} == set(State)
