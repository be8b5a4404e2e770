"""What has passed its limit lapses with notice, and can be taken up again."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Lapsing and resuming"


def test_a_draft_lapses_after_thirty_days(walk: Walking) -> None:
    """On the thirtieth day a draft is still a draft. What has lapsed rests: nobody is late with it, and it can
    be taken up again on any later day."""
    walk("""
        day        | who      | deed      | refused | state    | waits for | until
        -----------+----------+-----------+---------+----------+-----------+-----------
        2026-11-24 | operator | record    |         | draft    | reserve   | 2026-12-08
        2026-12-24 | system   | let lapse |         | draft    | reserve   | 2026-12-08
        2026-12-25 | system   | let lapse |         | lapsed   |           |
        2027-03-01 | system   | let lapse |         | lapsed   |           |
                   | operator | resume    |         | reserved | amend     |
    """)


def test_a_draft_that_asks_for_nothing_yet_can_be_resumed_as_well(walk: Walking) -> None:
    """A draft lapsed before anything was asked for. The village takes it up again and completes it."""
    walk("""
        day        | who      | deed                                      | refused | state
        -----------+----------+-------------------------------------------+---------+---------
        2026-11-24 | operator | record living_conditions floor_material=6 |         | draft
        2026-12-25 | system   | let lapse                                 |         | lapsed
                   | operator | resume                                    |         | reserved
                   | operator | amend floor_material=8                    |         | reserved
    """)


def test_what_was_sent_back_lapses_after_fourteen_days(walk: Walking) -> None:
    """On the fourteenth day it still waits for the village; the day after it has lapsed, and can be resumed all
    the same."""
    walk("""
        day        | who          | deed            | refused | state       | until
        -----------+--------------+-----------------+---------+-------------+-----------
        2026-11-24 | operator     | record          |         | draft       | 2026-12-08
                   | operator     | prove           |         | draft       | 2026-12-08
                   | operator     | reserve         |         | reserved    | 2027-02-22
                   | village head | deliberate fit  |         | deliberated |
                   | supervisor   | open a window   |         | deliberated |
                   | system       | pack            |         | packed      |
                   | village head | hand over       |         | handed_over | 2026-12-04
        2026-11-30 | verifier     | verify returned |         | returned    | 2026-12-14
        2026-12-14 | system       | let lapse       |         | returned    | 2026-12-14
        2026-12-15 | system       | let lapse       |         | lapsed      |
                   | operator     | resume          |         | reserved    |
                   | system       | let lapse       |         | reserved    |
    """)


def test_being_late_approves_and_refuses_nothing(walk: Walking) -> None:
    """A verifier who is late is late: the request stays where it is, and everybody sees since when."""
    walk("""
        day        | who          | deed           | refused | state       | waits for  | since      | until
        -----------+--------------+----------------+---------+-------------+------------+------------+-----------
        2026-11-24 | operator     | record         |         | draft       | reserve    | 2026-11-24 | 2026-12-08
                   | operator     | prove          |         | draft       | reserve    | 2026-11-24 | 2026-12-08
                   | operator     | reserve        |         | reserved    | deliberate | 2026-11-24 | 2027-02-22
                   | village head | deliberate fit |         | deliberated | pack       | 2026-11-24 |
                   | supervisor   | open a window  |         | deliberated | pack       | 2026-11-24 |
                   | system       | pack           |         | packed      | hand_over  | 2026-11-25 |
                   | village head | hand over      |         | handed_over | verify     | 2026-11-25 | 2026-12-04
        2027-06-01 | system       | let lapse      |         | handed_over | verify     | 2026-11-25 | 2026-12-04
    """)
