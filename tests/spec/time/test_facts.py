"""A fact holds from a day on, until something else begins."""

from __future__ import annotations

from tests.spec.time.facts import Facts

title = "What holds on a day"


def test_a_fact_holds_from_its_first_day(facts: Facts) -> None:
    """On the day before there is no answer; from its first day on the answer is there, with its source."""
    facts.stated("""
        attribute      | value | from       | recorded
        ---------------+-------+------------+-----------
        floor_material | 6     | 2024-03-14 | 2024-03-20
    """)
    facts.answered("""
        attribute      | on         | answer | from       | to | said by | source
        ---------------+------------+--------+------------+----+---------+-----------
        floor_material | 2024-03-13 |        |            |    |         |
        floor_material | 2024-03-14 | 6      | 2024-03-14 |    | social  | 2024-03-20
        floor_material | 2026-11-24 | 6      | 2024-03-14 |    | social  | 2024-03-20
    """)


def test_a_later_beginning_ends_the_older_period(facts: Facts) -> None:
    """A new fact is never refused because an older one is open. The last day of the old value is the day before the
    first day of the new one."""
    facts.stated("""
        attribute      | value | from       | recorded
        ---------------+-------+------------+-----------
        floor_material | 6     | 2024-03-14 | 2024-03-20
        floor_material | 8     | 2026-11-20 | 2026-11-24
    """)
    facts.answered("""
        attribute      | on         | answer | from       | to
        ---------------+------------+--------+------------+-----------
        floor_material | 2026-11-19 | 6      | 2024-03-14 | 2026-11-20
        floor_material | 2026-11-20 | 8      | 2026-11-20 |
    """)
    facts.over_time("""
        attribute      | value | from       | to
        ---------------+-------+------------+-----------
        floor_material | 6     | 2024-03-14 | 2026-11-20
        floor_material | 8     | 2026-11-20 |
    """)
    assert facts.now("floor_material") == "8"


def test_the_same_day_said_again_is_a_correction(facts: Facts) -> None:
    """Of two statements that begin on the same day, the one that was recorded later counts."""
    facts.stated("""
        attribute      | value | from       | recorded
        ---------------+-------+------------+-----------
        floor_material | 6     | 2024-03-14 | 2024-03-20
        floor_material | 7     | 2024-03-14 | 2024-04-02
    """)
    facts.answered("""
        attribute      | on         | answer | from       | to
        ---------------+------------+--------+------------+---
        floor_material | 2024-03-14 | 7      | 2024-03-14 |
    """)


def test_a_value_can_end_without_another(facts: Facts) -> None:
    """The family has no telephone any more: from that day there is no number, and the earlier days keep theirs."""
    facts.stated("""
        attribute | value         | from       | recorded
        ----------+---------------+------------+-----------
        phone     | +628123456789 | 2024-03-14 | 2024-03-20
        phone     |               | 2025-06-01 | 2025-06-03
    """)
    facts.answered("""
        attribute | on         | answer        | from       | to
        ----------+------------+---------------+------------+-----------
        phone     | 2025-05-31 | +628123456789 | 2024-03-14 | 2025-06-01
        phone     | 2025-06-01 |               | 2025-06-01 |
    """)
    facts.over_time("""
        attribute | value         | from       | to
        ----------+---------------+------------+-----------
        phone     | +628123456789 | 2024-03-14 | 2025-06-01
    """)
    assert facts.now("phone") is None


def test_the_same_value_said_again_is_one_period(facts: Facts) -> None:
    """Two sources say the same in a row: over time it is one period."""
    facts.stated("""
        attribute      | value | from       | recorded
        ---------------+-------+------------+-----------
        floor_material | 6     | 2024-03-14 | 2024-03-20
        floor_material | 6     | 2025-01-01 | 2025-01-05
        floor_material | 8     | 2026-11-20 | 2026-11-24
    """)
    facts.over_time("""
        attribute      | value | from       | to
        ---------------+-------+------------+-----------
        floor_material | 6     | 2024-03-14 | 2026-11-20
        floor_material | 8     | 2026-11-20 |
    """)
