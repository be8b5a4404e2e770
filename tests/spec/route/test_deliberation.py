"""The village decides on any day, and two persons stand for it."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Deliberation"


def test_the_operator_enters_and_the_village_head_confirms(walk: Walking) -> None:
    """A decision is entered by one person and confirmed by another, over a paper that proves it. No window is
    needed."""
    walk("""
        day        | who          | deed                         | refused                            | state       | village says
        -----------+--------------+------------------------------+------------------------------------+-------------+-------------
        2026-11-24 | operator     | record                       |                                    | draft       |
                   | operator     | prove                        |                                    | draft       |
                   | operator     | reserve                      |                                    | reserved    |
                   | operator     | call a meeting on 2026-11-26 |                                    | reserved    |
                   | operator     | enter fit                    | session-not-yet-held               | reserved    |
        2026-11-26 | village head | confirm                      | nothing-entered, proof-missing     | reserved    |
                   | operator     | enter fit                    |                                    | reserved    |
                   | village head | confirm                      | proof-missing                      | reserved    |
                   | operator     | upload minutes               |                                    | reserved    |
                   | operator     | confirm                      | role-missing, two-persons          | reserved    |
                   | village head | confirm                      |                                    | deliberated | fit
                   | village head | confirm                      | session-confirmed, nothing-entered | deliberated | fit
    """)


def test_one_person_with_both_roles_is_still_one_person(walk: Walking) -> None:
    """Who enters does not confirm, even if they hold both roles."""
    walk("""
        day        | who                | deed           | refused     | state
        -----------+--------------------+----------------+-------------+------------
        2026-11-24 | operator           | record         |             | draft
                   | operator           | reserve        |             | reserved
                   | operator who heads | call a meeting |             | reserved
                   | operator who heads | enter fit      |             | reserved
                   | operator who heads | upload         |             | reserved
                   | operator who heads | confirm        | two-persons | reserved
                   | village head       | confirm        |             | deliberated
    """)


def test_an_sptjm_stands_in_place_of_a_meeting(walk: Walking) -> None:
    """A village that holds no meeting makes a statement of full responsibility instead, with the same two
    persons."""
    walk("""
        day        | who          | deed          | refused | state       | village says
        -----------+--------------+---------------+---------+-------------+-------------
        2026-11-24 | operator     | record        |         | draft       |
                   | operator     | reserve       |         | reserved    |
                   | operator     | call an SPTJM |         | reserved    |
                   | operator     | enter fit     |         | reserved    |
                   | operator     | upload sptjm  |         | reserved    |
                   | village head | confirm       |         | deliberated | fit
    """)


def test_a_no_has_its_reason(walk: Walking) -> None:
    """What the meeting refuses, it refuses with a reason, and only what stood on the agenda is decided."""
    walk("""
        day        | request | who          | deed                      | refused         | state       | village says | because
        -----------+---------+--------------+---------------------------+-----------------+-------------+--------------+------------
        2026-11-24 | A       | operator     | record                    |                 | draft       |              |
                   | A       | operator     | reserve                   |                 | reserved    |              |
                   | A       | operator     | call a meeting            |                 | reserved    |              |
                   | B       | operator     | record                    |                 | draft       |              |
                   | B       | operator     | reserve                   |                 | reserved    |              |
                   | B       | operator     | enter fit                 | not-on-agenda   | reserved    |              |
                   | A       | operator     | enter perhaps             | outcome-unknown | reserved    |              |
                   | A       | operator     | enter not_fit             | must-be-said    | reserved    |              |
                   | A       | operator     | enter not_fit roof is new |                 | reserved    |              |
                   | A       | operator     | upload photograph         | proof-unknown   | reserved    |              |
                   | A       | operator     | upload                    |                 | reserved    |              |
                   | A       | village head | confirm                   |                 | deliberated | not fit      | roof is new
                   | B       | operator     |                           |                 | reserved    |              |
    """)


def test_without_anything_to_decide_no_meeting_is_called(walk: Walking) -> None:
    """A meeting has an agenda and a place, and only the village's operator calls it."""
    walk("""
        day        | who          | deed                   | refused              | state
        -----------+--------------+------------------------+----------------------+---------
        2026-11-24 | operator     | record                 |                      | draft
                   | operator     | call a meeting         | agenda-empty         | draft
                   | operator     | reserve                |                      | reserved
                   | operator     | call a meeting nowhere | must-be-said         | reserved
                   | operator     | call a gathering       | session-form-unknown | reserved
                   | village head | call a meeting         | role-missing         | reserved
                   | operator     | call a meeting         |                      | reserved
    """)


def test_a_decision_falls_when_what_it_was_about_changes(walk: Walking) -> None:
    """The village decided on a value. If another value is asked for, the village decides again; if the same is
    said again, the decision stays."""
    walk("""
        day        | who          | deed                   | refused | state       | village says | since
        -----------+--------------+------------------------+---------+-------------+--------------+-----------
        2026-11-24 | operator     | record                 |         | draft       |              | 2026-11-24
                   | operator     | prove                  |         | draft       |              | 2026-11-24
                   | operator     | reserve                |         | reserved    |              | 2026-11-24
        2026-11-25 | village head | deliberate fit         |         | deliberated | fit          | 2026-11-25
        2026-11-26 | operator     | amend                  |         | deliberated | fit          | 2026-11-25
        2026-11-27 | operator     | amend floor_material=7 |         | reserved    |              | 2026-11-27
        2026-11-28 | village head | deliberate fit         |         | deliberated | fit          | 2026-11-28
    """)


def test_a_decision_holds_for_180_days(walk: Walking) -> None:
    """On the last day of its validity a decision still takes a request into a window. After it, the village is
    asked again."""
    walk("""
        day        | who          | deed                                      | refused          | state       | village says | waits for
        -----------+--------------+-------------------------------------------+------------------+-------------+--------------+-----------
        2026-07-08 | operator     | record                                    |                  | draft       |              | reserve
                   | operator     | prove                                     |                  | draft       |              | reserve
                   | operator     | reserve                                   |                  | reserved    |              | deliberate
                   | village head | deliberate fit                            |                  | deliberated | fit          | pack
                   | supervisor   | schedule 2027-01-04 2027-01-16 2027-02-01 |                  | deliberated | fit          | pack
        2027-01-05 | system       | pack                                      | decision-expired | deliberated | fit          | pack
                   | system       | let lapse                                 |                  | reserved    |              | deliberate
                   | village head | deliberate fit                            |                  | deliberated | fit          | pack
                   | system       | pack                                      |                  | packed      | fit          | hand_over
    """)


def test_a_decision_of_its_last_day_is_still_good(walk: Walking) -> None:
    """The 180th day counts."""
    walk("""
        day        | who          | deed                                      | refused | state
        -----------+--------------+-------------------------------------------+---------+------------
        2026-07-08 | operator     | record                                    |         | draft
                   | operator     | prove                                     |         | draft
                   | operator     | reserve                                   |         | reserved
                   | village head | deliberate fit                            |         | deliberated
                   | supervisor   | schedule 2027-01-04 2027-01-16 2027-02-01 |         | deliberated
        2027-01-04 | system       | let lapse                                 |         | deliberated
                   | system       | pack                                      |         | packed
    """)
