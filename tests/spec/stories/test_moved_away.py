"""A family moves from Lumajang to Jember while its request waits: what the village wrote down goes with it."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "A family that moved from Lumajang to Jember while its request waits"


def test_the_request_goes_where_the_family_lives(walk: Walking) -> None:
    """A family that is in no register yet is written down and decided in Lumajang. Before a period opens it moves: its
    village offers the request to Padomasan in Jember, and is responsible until that village takes it over. Nothing is
    asked for twice and the ticket stays. What rests on the house is decided again by those who can see it. From then on
    it is Jember's Dinsos that looks at it, and in the end the register knows the family there."""
    walk("""
        day        | who                  | deed                  | refused      | state       | village says | place       | offered to | waits for  | whose turn                                              | until      | new families | lives in
        -----------+----------------------+-----------------------+--------------+-------------+--------------+-------------+------------+------------+---------------------------------------------------------+------------+--------------+----------
        2026-11-24 | operator             | record new_family     |              | draft       |              | own village |            | reserve    | village_operator, data_filler                           | 2026-12-08 | 0            |
                   | operator             | prove                 |              | draft       |              | own village |            | reserve    | village_operator, data_filler                           | 2026-12-08 | 0            |
                   | operator             | reserve               |              | reserved    |              | own village |            | deliberate | village_operator, village_head                          | 2027-02-22 | 0            |
        2026-11-26 | village head         | deliberate fit        |              | deliberated | fit          | own village |            | pack       | system                                                  |            | 0            |
        2026-12-01 | operator             | offer to 3509012001   |              | deliberated | fit          | own village | elsewhere  | take_over  | village_operator, data_filler, village_head, supervisor | 2026-12-10 | 0            |
                   | verifier elsewhere   | take over             | role-missing | deliberated | fit          | own village | elsewhere  | take_over  | village_operator, data_filler, village_head, supervisor | 2026-12-10 | 0            |
        2026-12-03 | operator elsewhere   | take over             |              | reserved    |              | elsewhere   |            | deliberate | village_operator, village_head                          | 2027-03-03 | 0            |
                   | operator             | amend                 | not-found    | reserved    |              | elsewhere   |            | deliberate | village_operator, village_head                          | 2027-03-03 | 0            |
        2026-12-08 | head elsewhere       | deliberate fit        |              | deliberated | fit          | elsewhere   |            | pack       | system                                                  |            | 0            |
                   | supervisor elsewhere | open a window in 3509 |              | deliberated | fit          | elsewhere   |            | pack       | system                                                  |            | 0            |
                   | system               | pack                  |              | packed      | fit          | elsewhere   |            | hand_over  | village_head, system                                    |            | 0            |
                   | head elsewhere       | hand over             |              | handed_over | fit          | elsewhere   |            | verify     | verifier                                                | 2026-12-18 | 0            |
                   | verifier             | verify verified       | not-found    | handed_over | fit          | elsewhere   |            | verify     | verifier                                                | 2026-12-18 | 0            |
                   | verifier elsewhere   | verify verified       |              | verified    | fit          | elsewhere   |            | finalise   | supervisor, head_of_dinsos                              | 2026-12-14 | 0            |
                   | supervisor elsewhere | finalise              |              | finalised   | fit          | elsewhere   |            | endorse    | bupati_office, supervisor                               | 2026-12-16 | 0            |
                   | supervisor elsewhere | endorse               |              | endorsed    | fit          | elsewhere   |            | send       | supervisor, system                                      |            | 0            |
                   | supervisor elsewhere | send                  |              | sent        | fit          | elsewhere   |            | determine  | centre, supervisor                                      |            | 0            |
        2026-12-28 | supervisor elsewhere | determine yes         |              | applied     | fit          | elsewhere   |            |            |                                                         |            | 1            | elsewhere
    """)
