"""A statement that a later event withdraws is believed no more, and nothing is overwritten."""

from __future__ import annotations

from tests.spec.time.facts import Facts

title = "Statements that are withdrawn"


def test_what_held_before_holds_again(facts: Facts) -> None:
    """The floor is said to be earth, and that was an error. From the withdrawal on, the floor from before is the answer
    for every day; asked what was known until then, the register says what it said."""
    facts.stated("""
        attribute      | value | from       | recorded   | source
        ---------------+-------+------------+------------+--------
        floor_material | 6     | 2024-01-01 | 2024-01-05 | visit
        floor_material | 8     | 2024-07-01 | 2024-07-03 | error
    """)
    facts.withdrawn("""
        attribute      | stated     | recorded
        ---------------+------------+-----------
        floor_material | 2024-07-03 | 2024-09-01
    """)
    facts.answered("""
        attribute      | on         | known at   | answer | from       | to | source
        ---------------+------------+------------+--------+------------+----+--------
        floor_material | 2024-08-01 | 2024-08-31 | 8      | 2024-07-01 |    | error
        floor_material | 2024-08-01 | 2024-09-01 | 6      | 2024-01-01 |    | visit
        floor_material | 2024-10-01 |            | 6      | 2024-01-01 |    | visit
    """)
    facts.over_time("""
        attribute      | value | from       | to
        ---------------+-------+------------+----
        floor_material | 6     | 2024-01-01 |
    """)
    assert facts.now("floor_material") == "6"


def test_what_others_said_afterwards_stands(facts: Facts) -> None:
    """Only the statement that is named is taken back. What was said later was said by somebody else, and stands."""
    facts.stated("""
        attribute      | value | from       | recorded
        ---------------+-------+------------+-----------
        floor_material | 6     | 2024-01-01 | 2024-01-05
        floor_material | 8     | 2024-04-01 | 2024-04-03
        floor_material | 7     | 2024-07-01 | 2024-07-03
    """)
    facts.withdrawn("""
        attribute      | stated     | recorded
        ---------------+------------+-----------
        floor_material | 2024-04-03 | 2024-09-01
    """)
    facts.over_time("""
        attribute      | value | from       | to
        ---------------+-------+------------+-----------
        floor_material | 6     | 2024-01-01 | 2024-07-01
        floor_material | 7     | 2024-07-01 |
    """)


def test_a_number_that_is_withdrawn_leads_to_nobody(facts: Facts) -> None:
    """Where nothing was known before, nothing is known again."""
    facts.stated("""
        attribute | value            | from       | recorded
        ----------+------------------+------------+-----------
        nik       | 9908014507880009 | 2024-01-01 | 2024-01-05
    """)
    found = lambda: facts.ground.ask(lambda register: register.by_identifier("nik", ["9908014507880009"]))  # noqa: E731
    assert found()
    facts.withdrawn("""
        attribute | stated     | recorded
        ----------+------------+-----------
        nik       | 2024-01-05 | 2024-09-01
    """)
    assert facts.now("nik") is None
    assert not found()


def test_withdrawing_twice_changes_nothing(facts: Facts) -> None:
    """What is withdrawn already is not withdrawn once more: no second event is written."""
    facts.stated("""
        attribute      | value | from       | recorded
        ---------------+-------+------------+-----------
        floor_material | 6     | 2024-01-01 | 2024-01-05
        floor_material | 8     | 2024-07-01 | 2024-07-03
    """)
    once = """
        attribute      | stated     | recorded
        ---------------+------------+-----------
        floor_material | 2024-07-03 | 2024-09-01
    """
    facts.withdrawn(once)
    facts.withdrawn(once)
    dwelling = facts.subject("dwelling")
    events = facts.ground.ask(lambda register: register.histories([dwelling])[dwelling].events)
    assert [one.type for one in events] == ["facts_stated", "facts_stated", "facts_withdrawn"]
    assert facts.now("floor_material") == "6"
