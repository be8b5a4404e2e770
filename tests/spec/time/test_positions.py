"""The register's clock is the place in its feed, not the time on somebody's machine."""

from __future__ import annotations

from tests.spec.time.facts import Facts

title = "Positions"


def test_an_earlier_answer_can_be_given_again(facts: Facts) -> None:
    """Whatever is recorded afterwards, the answer for an earlier place in the feed stays."""
    facts.stated("""
        attribute      | value | from       | recorded
        ---------------+-------+------------+-----------
        floor_material | 6     | 2024-01-01 | 2024-01-05
    """)
    facts.answered("""
        attribute      | on         | known at   | answer
        ---------------+------------+------------+-------
        floor_material | 2024-06-01 | 2024-01-04 |
        floor_material | 2024-06-01 | 2024-01-05 | 6
    """)
    facts.stated("""
        attribute      | value | from       | recorded
        ---------------+-------+------------+-----------
        floor_material | 7     | 2024-01-01 | 2024-02-05
        floor_material | 8     | 2024-05-01 | 2024-05-05
    """)
    facts.answered("""
        attribute      | on         | known at   | answer
        ---------------+------------+------------+-------
        floor_material | 2024-06-01 | 2024-01-05 | 6
        floor_material | 2024-06-01 | 2024-02-05 | 7
        floor_material | 2024-06-01 | 2024-05-05 | 8
    """)


def test_what_is_not_numbered_yet_is_known_now_and_at_no_earlier_time(facts: Facts) -> None:
    """Between its recording and its number an event counts for the question of now, and for no question that names a
    time."""
    facts.stated("""
        attribute      | value | from       | recorded
        ---------------+-------+------------+-----------
        floor_material | 6     | 2024-01-01 | 2024-01-05
    """)
    facts.stated(
        """
        attribute      | value | from       | recorded
        ---------------+-------+------------+-----------
        floor_material | 8     | 2024-02-01 | 2024-02-05
        """,
        numbered=False,
    )
    facts.answered("""
        attribute      | on         | known at   | answer
        ---------------+------------+------------+-------
        floor_material | 2024-06-01 | 2024-03-01 | 6
        floor_material | 2024-06-01 |            | 8
    """)
