"""What was applied in error is taken back by two persons, on any day, and nothing is overwritten."""

from __future__ import annotations

from datetime import datetime

from mutakhir.core.actors import Role
from mutakhir.core.events import Event
from mutakhir.core.facts import Value
from mutakhir.ports import Register
from tests.builders import KABUPATEN, TO_APPLIED, Walker, actor
from tests.spec.walks import Walking

title = "Annulling what was applied in error"


def applied(walk: Walker, name: str = "A") -> Walker:
    """A request that is in force: the floor, which was 6, is 8."""
    walk.name = name
    for deed, who in TO_APPLIED:
        walk.must(deed, who)
    return walk


def test_one_asks_and_another_decides(walk: Walking) -> None:
    """The supervisor asks, with a reason and a signed statement; the head of Dinsos decides. From then on what held
    before holds again. No window is needed, and the village cannot do it by itself."""
    applied(walk.walk)
    walk("""
        day        | who                  | deed                           | refused          | state    | floor
        -----------+----------------------+--------------------------------+------------------+----------+------
        2026-12-03 | operator             | ask to annul                   | role-missing     | applied  | 8
                   | village head         | ask to annul                   | role-missing     | applied  | 8
                   | supervisor elsewhere | ask to annul                   | not-found        | applied  | 8
                   | supervisor           | ask to annul without reason    | must-be-said     | applied  | 8
                   | supervisor           | ask to annul without statement | must-be-said     | applied  | 8
                   | supervisor           | ask to annul                   |                  | applied  | 8
                   | supervisor           | ask to annul                   | annulment-open   | applied  | 8
                   | supervisor           | approve the annulment          | role-missing, asked-by-yourself | applied | 8
                   | head of Dinsos       | approve the annulment from an older page | changed-meanwhile | applied | 8
                   | head of Dinsos       | approve the annulment          |                  | annulled | 6
                   | head of Dinsos       | approve the annulment          | not-applied, already-answered | annulled | 6
                   | supervisor           | ask to annul                   | not-applied, nothing-to-annul | annulled | 6
    """)


def test_one_person_with_both_roles_is_still_one_person(walk: Walking) -> None:
    """Who asked does not decide, even if they hold both roles."""
    both = actor("plt-kadis", (Role.SUPERVISOR, KABUPATEN), (Role.HEAD_OF_DINSOS, KABUPATEN))
    there = applied(walk.walk)
    assert there.do("ask to annul", both) == ()
    assert there.do("approve the annulment", both) == ("asked-by-yourself",)
    assert there.do("approve the annulment", "head of Dinsos") == ()


def test_a_no_says_why_and_leaves_everything_as_it_is(walk: Walking) -> None:
    """What was asked for can be refused with an explanation, or taken back by the supervisor; then it can be asked for
    once more."""
    applied(walk.walk)
    walk("""
        day        | who            | deed                                   | refused                        | state   | floor
        -----------+----------------+----------------------------------------+--------------------------------+---------+------
        2026-12-03 | supervisor     | ask to annul                           |                                | applied | 8
                   | head of Dinsos | refuse the annulment                   | must-be-said                   | applied | 8
                   | head of Dinsos | refuse the annulment Lantainya memang tanah. |                          | applied | 8
                   | supervisor     | take the annulment back                | already-answered               | applied | 8
                   | supervisor     | ask to annul                           |                                | applied | 8
                   | head of Dinsos | take the annulment back                | role-missing                   | applied | 8
                   | supervisor     | take the annulment back                |                                | applied | 8
                   | supervisor     | ask to annul                           |                                | applied | 8
    """)


def test_what_others_said_since_is_not_undone(walk: Walking) -> None:
    """Somebody else stated another value after the change was applied. It stands, the annulment shows it as what it is, a
    value that does not go back, and the village is asked to make sure of it."""
    there = applied(walk.walk)
    walk("""
        day        | who            | deed                   | refused | state    | floor | work for
        -----------+----------------+------------------------+---------+----------+-------+---------------------------------------------------------------------
        2026-12-03 | supervisor     | state floor_material=7 |         | applied  | 7     |
                   | supervisor     | ask to annul           |         | applied  | 7     |
                   | head of Dinsos | approve the annulment  |         | annulled | 7     | annulled-request village_operator, annulled-value-stands village_operator
    """)
    assert lines(there) == [("floor_material", "8", "7", "7", "stands")]


def test_both_values_are_written_down(walk: Walking) -> None:
    """What stood, what was stated in error, and what holds afterwards are kept with the annulment."""
    there = applied(walk.walk)
    there.must("ask to annul", "supervisor")
    assert lines(there) == [("floor_material", "8", "8", "6", "returns")]


def lines(walk: Walker) -> list[tuple[str, Value, Value, Value, str]]:
    found = walk.ground.ask(lambda register: register.annulment(walk.annulment))
    assert found is not None
    return [(one.attribute, one.stated, one.now, one.after, one.outcome.value) for one in found.lines]


def test_what_was_answered_before_the_annulment_is_answered_again(walk: Walking) -> None:
    """Asked what was known until then, the register gives the value that it gave; asked now, the one from before."""
    there = applied(walk.walk)
    head = there.ground.number_events()
    there.must("annul", "head of Dinsos")
    there.ground.number_events()

    def floor(position: int | None) -> Value:
        dwelling, on = there.house.dwelling, there.today()
        found = there.ground.ask(
            lambda register: register.as_of([dwelling], on=on, position=position)[dwelling]
        )
        return found["floor_material"].value

    assert floor(head) == "8"
    assert floor(None) == "6"


def test_what_ended_because_it_was_already_so_waits_again(walk: Walking) -> None:
    """Another request about the same floor was closed as already true after the first came into force. When the first
    is annulled it waits again, where it stood."""
    walk("""
        day        | request | who            | deed              | refused | state     | floor | waits for  | left the list
        -----------+---------+----------------+-------------------+---------+-----------+-------+------------+--------------
        2026-11-24 | A       | operator       | record            |         | draft     | 6     | reserve    |
                   |         | operator       | prove             |         | draft     | 6     | reserve    |
                   |         | operator       | reserve           |         | reserved  | 6     | deliberate |
                   |         | system         | apply another     |         | reserved  | 8     | deliberate | again 0, applied 1, conflicts 0, refused 0
                   |         | system         | look after a list |         | satisfied | 8     |            | satisfied 1
    """)
    walk("""
        day        | who            | deed            | state     | asked  | in the way
        -----------+----------------+-----------------+-----------+--------+--------------
                   | system         |                 | satisfied | reopen | still-true
                   | head of Dinsos | annul the other | reserved  |        |
    """)


def test_what_the_change_gave_rise_to_is_looked_at_again(walk: Walking) -> None:
    """A request that another one brought about does not end with it: whoever must act on it has a task to look at it, and
    a day until when. Of what is in force already the supervisor has it."""
    first = applied(walk.walk)
    cause = first.history[-1].id
    walk.walk.name = "A2"
    for number, (deed, who) in enumerate(TO_APPLIED[:3]):
        walk.walk.must("record living_conditions wall_material=7" if not number else deed, who)
    walk.walk.perform(brought_about, walk.walk.number, cause)
    walk.walk.name = "A"
    walk("""
        day        | request | who            | deed  | state    | waits for  | work for
        -----------+---------+----------------+-------+----------+------------+------------------------------------------------------------------
        2026-12-03 | A       | head of Dinsos | annul | annulled |            | annulled-request village_operator, annulled-cause village_operator
                   | A2      | system         |       | reserved | deliberate |
    """)


def brought_about(number: int, cause: int | None, register: Register, now: datetime) -> None:
    """Write down that a request came from an event."""
    history = register.histories([number])[number]
    last = history.events[-1]
    event = Event(
        subject=number, kind="request", version=history.version + 1, type="amended", body={}, actor="system",
        recorded_at=now, region=last.region, caused_by=cause,
    )  # fmt: skip
    register.append([event])


def test_a_family_that_was_registered_in_error_is_not_registered(walk: Walking) -> None:
    """Of people who were unknown before, nothing is known again; their numbers and the history stay."""
    there = walk.walk
    for deed, who in (
        ("record new_family", "operator"), ("prove", "operator"), ("reserve", "operator"),
        ("deliberate fit", "village head"), ("open a window", "supervisor"), ("pack", "system"),
        ("hand over", "village head"), ("verify verified", "verifier"), ("finalise", "supervisor"),
        ("endorse", "bupati's office"), ("send", "supervisor"), ("determine yes", "centre"),
    ):  # fmt: skip
        there.must(deed, who)
    family = there.request.family or 0
    assert there.ground.ask(lambda register: len(register.members(family))) == 1
    there.must("annul", "head of Dinsos")
    assert there.state == "annulled"
    assert there.ground.ask(lambda register: register.members(family)) == ()
    assert there.ground.ask(lambda register: dict(register.current([family]).get(family, {}))) == {}
