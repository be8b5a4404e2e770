"""Who leaves the register proves it by a paper; no meeting decides on it."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Leaving skips the meeting"


def test_leaving_waits_for_no_meeting(walk: Walking) -> None:
    """A family that leaves states so in writing. The village meeting is skipped; the rest of the route is the
    same."""
    walk("""
        day        | who             | deed            | refused      | state       | waits for | registration
        -----------+-----------------+-----------------+--------------+-------------+-----------+-------------
        2026-11-24 | operator        | record leaving  |              | draft       | reserve   | registered
                   | operator        | prove statement |              | draft       | reserve   | registered
                   | operator        | reserve         |              | reserved    | pack      | registered
                   | operator        | call a meeting  | agenda-empty | reserved    | pack      | registered
                   | supervisor      | open a window   |              | reserved    | pack      | registered
                   | system          | pack            |              | packed      | hand_over | registered
                   | village head    | hand over       |              | handed_over | verify    | registered
                   | verifier        | verify verified |              | verified    | finalise  | registered
                   | supervisor      | finalise        |              | finalised   | endorse   | registered
                   | bupati's office | endorse         |              | endorsed    | send      | registered
                   | supervisor      | send            |              | sent        | determine | registered
                   | centre          | determine yes   |              | applied     |           | ended
    """)


def test_a_batch_that_goes_back_returns_a_leaving_to_the_reserve(walk: Walking) -> None:
    """What was packed from the reserve goes back to the reserve."""
    walk("""
        day        | who        | deed                                      | refused | state
        -----------+------------+-------------------------------------------+---------+---------
        2026-11-24 | operator   | record leaving                            |         | draft
                   | operator   | prove                                     |         | draft
                   | operator   | reserve                                   |         | reserved
                   | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01 |         | reserved
        2027-01-04 | system     | pack                                      |         | packed
        2027-01-16 | system     | unpack                                    |         | reserved
    """)
