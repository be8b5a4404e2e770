"""The reserve keeps what the village recorded, complete or not."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "The reserve"


def test_what_is_missing_is_listed_and_stops_nothing(walk: Walking) -> None:
    """A request goes into the reserve without its photographs. It says what it waits for, whose turn it is, and
    since when."""
    walk("""
        day        | who      | deed    | refused | state    | waits for  | whose turn                     | since      | until
        -----------+----------+---------+---------+----------+------------+--------------------------------+------------+-----------
        2026-11-24 | operator | record  |         | draft    | reserve    | village_operator, data_filler  | 2026-11-24 | 2026-12-08
        2026-11-25 | operator | reserve |         | reserved | amend      | village_operator, data_filler  | 2026-11-25 |
        2026-11-26 | operator | prove   |         | reserved | deliberate | village_operator, village_head | 2026-11-25 | 2027-02-23
    """)


def test_a_request_is_reserved_once(walk: Walking) -> None:
    """The ticket is given once. What is reserved cannot be reserved again."""
    walk("""
        day        | who      | deed    | refused       | state
        -----------+----------+---------+---------------+---------
        2026-11-24 | operator | record  |               | draft
                   | operator | reserve |               | reserved
                   | operator | reserve | state-differs | reserved
    """)


def test_a_step_needs_what_it_is_about(walk: Walking) -> None:
    """Steps that belong to a meeting, a list or the system are never taken one by one, and a step is not taken
    without its words."""
    walk("""
        day        | who          | deed                | refused         | state
        -----------+--------------+---------------------+-----------------+------
        2026-11-24 | operator     | record              |                 | draft
                   | operator     | take prove          | must-be-said    | draft
                   | operator     | take withdraw       | must-be-said    | draft
                   | operator     | take finalise       | step-not-single | draft
                   | village head | take deliberate:fit | step-not-single | draft
    """)


def test_everything_that_stands_in_the_way_is_said_at_once(walk: Walking) -> None:
    """Somebody who has neither the role nor the right moment hears both reasons."""
    walk("""
        day        | who          | deed            | refused                               | state
        -----------+--------------+-----------------+---------------------------------------+------
        2026-11-24 | operator     | record          |                                       | draft
                   | village head | verify verified | role-missing, state-differs           | draft
                   | operator     | verify verified | role-missing, state-differs, own-work | draft
    """)


def test_a_request_that_changes_nothing_is_missing_its_change(walk: Walking) -> None:
    """What is asked for is already so: the request can be written down, and says that it lacks a change."""
    walk("""
        day        | who      | deed                                      | refused | state    | waits for
        -----------+----------+-------------------------------------------+---------+----------+-----------
        2026-11-24 | operator | record living_conditions floor_material=6 |         | draft    | reserve
                   | operator | prove                                     |         | draft    | reserve
                   | operator | reserve                                   |         | reserved | amend
                   | operator | amend floor_material=8                    |         | reserved | amend
                   | operator | prove                                     |         | reserved | deliberate
    """)
