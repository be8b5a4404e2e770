"""News that comes late takes its place in time."""

from __future__ import annotations

from tests.spec.time.facts import Facts

title = "News that arrives late"


def test_what_is_recorded_later_changes_what_we_know_not_what_we_knew(facts: Facts) -> None:
    """A death of May is recorded in August. Asked for June, the register says in July what it knew in July, and in
    September what it knows since August."""
    facts.stated("""
        attribute    | value      | from       | recorded   | source
        -------------+------------+------------+------------+------------------
        registration | registered | 2020-01-01 | 2020-01-01 | household visit
        registration | ended      | 2024-05-10 | 2024-08-02 | death certificate
    """)
    facts.answered("""
        attribute    | on         | known at   | answer     | to         | source
        -------------+------------+------------+------------+------------+------------------
        registration | 2024-06-01 | 2024-07-01 | registered |            | household visit
        registration | 2024-06-01 | 2024-09-01 | ended      |            | death certificate
        registration | 2024-05-09 | 2024-09-01 | registered | 2024-05-10 | household visit
    """)


def test_late_news_never_undoes_newer_news(facts: Facts) -> None:
    """What held in spring is told only in winter. It fills the spring, and what has held since summer stands."""
    facts.stated("""
        attribute      | value | from       | recorded
        ---------------+-------+------------+-----------
        floor_material | 6     | 2024-01-01 | 2024-01-05
        floor_material | 8     | 2024-07-01 | 2024-07-03
        floor_material | 7     | 2024-04-01 | 2024-12-01
    """)
    facts.over_time("""
        attribute      | value | from       | to
        ---------------+-------+------------+-----------
        floor_material | 6     | 2024-01-01 | 2024-04-01
        floor_material | 7     | 2024-04-01 | 2024-07-01
        floor_material | 8     | 2024-07-01 |
    """)
    assert facts.now("floor_material") == "8"


def test_an_earlier_beginning_of_the_first_fact_is_told_later(facts: Facts) -> None:
    """Nothing was known of the days before; now something is."""
    facts.stated("""
        attribute      | value | from       | recorded
        ---------------+-------+------------+-----------
        floor_material | 8     | 2024-07-01 | 2024-07-03
        floor_material | 6     | 2024-01-01 | 2024-12-01
    """)
    facts.answered("""
        attribute      | on         | known at   | answer | to
        ---------------+------------+------------+--------+-----------
        floor_material | 2024-02-01 | 2024-08-01 |        |
        floor_material | 2024-02-01 | 2024-12-01 | 6      | 2024-07-01
    """)
