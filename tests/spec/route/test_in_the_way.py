"""Why somebody may not take a step now: every reason, before anything is tried."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "What stands in the way"


def test_a_step_of_the_system_says_why_it_does_not_come(walk: Walking) -> None:
    """The system's own steps are questions as well: is it overdue, is it contradicted, is it already so?"""
    walk("""
        day        | who      | deed    | state    | asked            | in the way
        -----------+----------+---------+----------+------------------+------------------------------------------------
        2026-11-24 | operator | record  | draft    |                  |
                   | system   |         | draft    | settle:lapsed    | not-overdue
                   | system   |         | draft    | settle:refused   | state-differs, not-refused-by-village
                   | operator | reserve | reserved |                  |
                   | system   |         | reserved | settle:satisfied | not-yet-true
                   | system   |         | reserved | pack             | not-decided, incomplete, no-window
                   | system   |         | reserved | pack:conflict    | not-decided, incomplete, no-window, no-conflict
                   | system   |         | reserved | settle:expired   | decision-valid
    """)


def test_what_is_decided_is_not_decided_twice(walk: Walking) -> None:
    """After the village's yes the meeting is over for this request; after an appeal it goes on with the opinion
    that it has."""
    walk("""
        day        | who          | deed               | state       | asked          | in the way
        -----------+--------------+--------------------+-------------+----------------+--------------------------------------
        2026-11-24 | operator     | record             | draft       |                |
                   | operator     | prove              | draft       |                |
                   | operator     | reserve            | reserved    |                |
                   | village head | deliberate not_fit | deliberated |                |
                   | system       |                    | deliberated | settle:refused | appeal-still-possible
                   | system       |                    | deliberated | settle:expired | decision-valid
                   | operator     | appeal             | reserved    |                |
                   | village head |                    | reserved    | deliberate:fit | already-decided
                   | system       |                    | reserved    | settle:refused | state-differs, not-refused-by-village
    """)


def test_a_no_of_the_village_does_not_expire(walk: Walking) -> None:
    """A yes is good for 180 days; a no becomes final instead, when the time for an appeal has passed."""
    walk("""
        day        | who          | deed               | state       | asked          | in the way
        -----------+--------------+--------------------+-------------+----------------+---------------
        2026-11-24 | operator     | record             | draft       |                |
                   | operator     | reserve            | reserved    |                |
                   | village head | deliberate not_fit | deliberated |                |
        2027-08-01 | system       |                    | deliberated | settle:expired | decision-valid
                   | system       |                    | deliberated | settle:refused |
    """)


def test_what_a_paper_proves_needs_no_meeting(walk: Walking) -> None:
    """A kind that skips the meeting is asked for none."""
    walk("""
        day        | who          | deed           | state    | asked          | in the way
        -----------+--------------+----------------+----------+----------------+----------------------
        2026-11-24 | operator     | record leaving | draft    |                |
                   | operator     | reserve        | reserved |                |
                   | village head |                | reserved | deliberate:fit | needs-no-deliberation
    """)


def test_a_batch_goes_back_to_where_it_came_from(walk: Walking) -> None:
    """Before the cut-off it does not go back at all, and what was deliberated does not become reserved."""
    walk("""
        day        | who          | deed                                      | state       | asked              | in the way
        -----------+--------------+-------------------------------------------+-------------+--------------------+-------------------------------------------
        2026-11-24 | operator     | record                                    | draft       |                    |
                   | operator     | prove                                     | draft       |                    |
                   | operator     | reserve                                   | reserved    |                    |
                   | village head | deliberate fit                            | deliberated |                    |
                   | supervisor   | schedule 2027-01-04 2027-01-16 2027-02-01 | deliberated |                    |
        2027-01-04 | system       | pack                                      | packed      |                    |
        2027-01-15 | system       |                                           | packed      | unpack:deliberated | cut-off-not-reached
                   | system       |                                           | packed      | unpack:reserved    | cut-off-not-reached, packed-from-elsewhere
        2027-01-16 | system       |                                           | packed      | unpack:deliberated |
                   | system       |                                           | packed      | unpack:reserved    | packed-from-elsewhere
                   | system       |                                           | packed      | apply              | state-differs, not-accepted
    """)
