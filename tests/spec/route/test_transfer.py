"""A request changes its place of handling only by transfer: offered, taken over or declined, never just moved."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Another village"


def test_until_it_is_taken_over_the_old_village_is_responsible(walk: Walking) -> None:
    """An offer moves nothing. The other village has seven working days; while it thinks, the request joins no window."""
    walk("""
        day        | who             | deed              | refused           | state       | place       | offered to | answer by  | waits for  | whose turn
        -----------+-----------------+-------------------+-------------------+-------------+-------------+------------+------------+------------+--------------------------------------------------------
        2026-11-24 | operator        | record new_person |                   | draft       | own village |            |            | reserve    | village_operator, data_filler
                   | operator        | prove             |                   | draft       | own village |            |            | reserve    | village_operator, data_filler
                   | operator        | offer             | state-differs     | draft       | own village |            |            | reserve    | village_operator, data_filler
                   | operator        | reserve           |                   | reserved    | own village |            |            | deliberate | village_operator, village_head
                   | village head    | deliberate fit    |                   | deliberated | own village |            |            | pack       | system
                   | operator        | offer             |                   | deliberated | own village | nearby     | 2026-12-03 | take_over  | village_operator, data_filler, village_head, supervisor
                   | supervisor      | open a window     |                   | deliberated | own village | nearby     | 2026-12-03 | take_over  | village_operator, data_filler, village_head, supervisor
                   | system          | pack              | offered-elsewhere | deliberated | own village | nearby     | 2026-12-03 | take_over  | village_operator, data_filler, village_head, supervisor
                   | operator nearby | take over         |                   | deliberated | nearby      |            |            | pack       | system
                   | operator        | amend             | not-found         | deliberated | nearby      |            |            | pack       | system
                   | system          | pack              |                   | packed      | nearby      |            |            | hand_over  | village_head, system
    """)


def test_what_rests_on_a_house_is_decided_anew(walk: Walking) -> None:
    """Living conditions and new families are about a house that the other village has not seen: its meeting decides
    again. Other kinds keep their decision."""
    walk("""
        day        | request | who             | deed                     | refused | state       | village says | place       | waits for  | until
        -----------+---------+-----------------+--------------------------+---------+-------------+--------------+-------------+------------+-----------
        2026-11-24 | A       | operator        | record living_conditions |         | draft       |              | own village | reserve    | 2026-12-08
                   | A       | operator        | prove                    |         | draft       |              | own village | reserve    | 2026-12-08
                   | A       | operator        | reserve                  |         | reserved    |              | own village | deliberate | 2027-02-22
                   | A       | village head    | deliberate fit           |         | deliberated | fit          | own village | pack       |
        2026-11-30 | A       | operator        | offer                    |         | deliberated | fit          | own village | take_over  | 2026-12-09
        2026-12-02 | A       | operator nearby | take over                |         | reserved    |              | nearby      | deliberate | 2027-03-02
                   | A       | head nearby     | deliberate fit           |         | deliberated | fit          | nearby      | pack       |
                   | A2      | operator        | record new_person        |         | draft       |              | own village | reserve    | 2026-12-16
                   | A2      | operator        | prove                    |         | draft       |              | own village | reserve    | 2026-12-16
                   | A2      | operator        | reserve                  |         | reserved    |              | own village | deliberate | 2027-03-02
                   | A2      | village head    | deliberate fit           |         | deliberated | fit          | own village | pack       |
                   | A2      | operator        | offer                    |         | deliberated | fit          | own village | take_over  | 2026-12-11
                   | A2      | operator nearby | take over                |         | deliberated | fit          | nearby      | pack       |
    """)


def test_an_offer_is_declined_with_a_reason_or_taken_back(walk: Walking) -> None:
    """Who declines says why, and the old village reads it. Only the village to which it is offered may answer."""
    walk("""
        day        | who                | deed                     | refused           | place       | offered to | declined because
        -----------+--------------------+--------------------------+-------------------+-------------+------------+------------------------------------
        2026-11-24 | operator           | record leaving           |                   | own village |            |
                   | operator           | reserve                  |                   | own village |            |
                   | operator           | offer without a reason   | must-be-said      | own village |            |
                   | operator           | offer to 35.08           | village-unknown   | own village |            |
                   | operator           | offer to 3508152001      | offered-to-itself | own village |            |
                   | operator nearby    | take over                | not-found         | own village |            |
                   | operator           | take over                | not-offered       | own village |            |
                   | operator           | recall                   | not-offered       | own village |            |
                   | operator           | offer                    |                   | own village | nearby     |
                   | operator           | offer                    | offered-elsewhere | own village | nearby     |
                   | operator           | take over                | not-found         | own village | nearby     |
                   | operator elsewhere | decline                  | not-found         | own village | nearby     |
                   | operator nearby    | decline without a reason | must-be-said      | own village | nearby     |
                   | operator nearby    | decline                  |                   | own village |            | Keluarga ini tidak tinggal di sini.
                   | operator           | offer                    |                   | own village | nearby     |
                   | operator nearby    | recall                   | not-found         | own village | nearby     |
                   | operator           | recall                   |                   | own village |            |
                   | supervisor         | offer                    |                   | own village | nearby     |
                   | head nearby        | take over                |                   | nearby      |            |
    """)


def test_an_unanswered_offer_ends_nothing(walk: Walking) -> None:
    """Lateness goes up a level and is shown; it never takes over and never declines. An offer falls when the request
    leaves the reserve."""
    walk("""
        day        | who         | deed           | refused | state     | place       | offered to | waits for
        -----------+-------------+----------------+---------+-----------+-------------+------------+----------
        2026-11-24 | operator    | record leaving |         | draft     | own village |            | reserve
                   | operator    | prove          |         | draft     | own village |            | reserve
                   | operator    | reserve        |         | reserved  | own village |            | pack
                   | operator    | offer          |         | reserved  | own village | nearby     | take_over
        2027-01-20 | system      | let lapse      |         | reserved  | own village | nearby     | take_over
                   | head nearby | decline        |         | reserved  | own village |            | pack
                   | operator    | offer          |         | reserved  | own village | nearby     | take_over
                   | operator    | withdraw       |         | withdrawn | own village |            |
    """)


def test_all_requests_of_a_family_that_moves_are_offered_at_once(walk: Walking) -> None:
    """A family that moves takes what rests in the reserve along; what is in a window ends where it began."""
    walk("""
        day        | request | who        | deed                    | refused | state    | place       | offered to
        -----------+---------+------------+-------------------------+---------+----------+-------------+-----------
        2026-11-24 | A       | operator   | record leaving          |         | draft    | own village |
                   | A       | operator   | prove                   |         | draft    | own village |
                   | A       | operator   | reserve                 |         | reserved | own village |
                   | A       | supervisor | open a window           |         | reserved | own village |
                   | A       | system     | pack                    |         | packed   | own village |
                   | A2      | operator   | record new_person       |         | draft    | own village |
                   | A2      | operator   | reserve                 |         | reserved | own village |
                   | A3      | operator   | record not_eligible     |         | draft    | own village |
                   | A3      | operator   | reserve                 |         | reserved | own village |
                   | A2      | operator   | offer all of the family |         | reserved | own village | nearby
                   | A3      |            |                         |         | reserved | own village | nearby
                   | A       |            |                         |         | packed   | own village |
    """)


def test_a_new_family_lives_where_it_is_handled_and_one_that_moves_where_it_goes(walk: Walking) -> None:
    """Who takes a new family over has it in their village. A family that moves goes where it said, whoever handles that."""
    walk("""
        day        | request | who             | deed                                 | state    | place       | lives there
        -----------+---------+-----------------+--------------------------------------+----------+-------------+------------
        2026-11-24 | A       | operator        | record new_family                    | draft    | own village | own village
                   | A       | operator        | reserve                              | reserved | own village | own village
                   | A       | operator        | offer                                | reserved | own village | own village
                   | A       | operator nearby | take over                            | reserved | nearby      | nearby
                   | B       | operator        | record moved region_lived=3509012001 | draft    | own village | elsewhere
                   | B       | operator        | reserve                              | reserved | own village | elsewhere
                   | B       | operator        | offer                                | reserved | own village | elsewhere
                   | B       | operator nearby | take over                            | reserved | nearby      | elsewhere
    """)
