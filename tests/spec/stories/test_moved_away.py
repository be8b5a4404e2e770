"""A family moves from Lumajang to Jember while its request waits: what the village wrote down goes with it."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "A family that moved from Lumajang to Jember while its request waits"


def test_the_request_goes_where_the_family_lives(walk: Walking) -> None:
    """The floor is written down and decided in Lumajang. Before a period opens the family moves: its village offers the
    request to Padomasan in Jember, and is responsible until that village takes it over. Nothing is asked for twice and
    the ticket stays. What rests on the house is decided again by those who can see it. From then on it is Jember's
    Dinsos that looks at it, and its centre's answer is applied."""
    walk("""
        day        | who                  | deed                  | refused           | state       | village says | place       | offered to | waits for  | whose turn                                              | until      | family in   | floor
        -----------+----------------------+-----------------------+-------------------+-------------+--------------+-------------+------------+------------+---------------------------------------------------------+------------+-------------+------
        2026-11-24 | operator             | record                |                   | draft       |              | own village |            | reserve    | village_operator, data_filler                           | 2026-12-08 | own village | 6
                   | operator             | prove                 |                   | draft       |              | own village |            | reserve    | village_operator, data_filler                           | 2026-12-08 | own village | 6
                   | operator             | reserve               |                   | reserved    |              | own village |            | deliberate | village_operator, village_head                          | 2027-02-22 | own village | 6
        2026-11-26 | village head         | deliberate fit        |                   | deliberated | fit          | own village |            | pack       | system                                                  |            | own village | 6
        2026-12-01 | operator             | offer to 3509012001   |                   | deliberated | fit          | own village | elsewhere  | take_over  | village_operator, data_filler, village_head, supervisor | 2026-12-10 | own village | 6
                   | verifier elsewhere   | take over             | role-missing      | deliberated | fit          | own village | elsewhere  | take_over  | village_operator, data_filler, village_head, supervisor | 2026-12-10 | own village | 6
        2026-12-03 | operator elsewhere   | take over             |                   | reserved    |              | elsewhere   |            | deliberate | village_operator, village_head                          | 2027-03-03 | own village | 6
                   | operator             | amend                 | not-found         | reserved    |              | elsewhere   |            | deliberate | village_operator, village_head                          | 2027-03-03 | own village | 6
        2026-12-08 | head elsewhere       | deliberate fit        |                   | deliberated | fit          | elsewhere   |            | pack       | system                                                  |            | own village | 6
                   | supervisor elsewhere | open a window in 3509 |                   | deliberated | fit          | elsewhere   |            | pack       | system                                                  |            | own village | 6
                   | system               | pack                  |                   | packed      | fit          | elsewhere   |            | hand_over  | village_head, system                                    |            | own village | 6
                   | head elsewhere       | hand over             |                   | handed_over | fit          | elsewhere   |            | verify     | verifier                                                | 2026-12-18 | own village | 6
                   | verifier             | verify verified       | not-found         | handed_over | fit          | elsewhere   |            | verify     | verifier                                                | 2026-12-18 | own village | 6
                   | verifier elsewhere   | verify verified       |                   | verified    | fit          | elsewhere   |            | finalise   | supervisor, head_of_dinsos                              | 2026-12-14 | own village | 6
                   | supervisor elsewhere | finalise              |                   | finalised   | fit          | elsewhere   |            | endorse    | bupati_office, supervisor                               | 2026-12-16 | own village | 6
                   | supervisor elsewhere | endorse               |                   | endorsed    | fit          | elsewhere   |            | send       | supervisor, system                                      |            | own village | 6
                   | supervisor elsewhere | send                  |                   | sent        | fit          | elsewhere   |            | determine  | centre, supervisor                                      |            | own village | 6
        2026-12-28 | supervisor elsewhere | determine yes         |                   | applied     | fit          | elsewhere   |            |            |                                                         |            | own village | 8
    """)
