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


def test_a_family_that_is_registered_takes_what_waits_along(walk: Walking) -> None:
    """The baby is written down and decided while the family still lives in Lumajang. That it moves is a request of its
    own, proved by a letter. The baby's request is offered to Jember, which keeps the decision: it is about no house. The
    move is in force first, then the baby is added in Jember, and everybody stands there."""
    walk("""
        day        | request | who                  | deed                                       | refused | state       | village says | place       | waits for | family in   | lives in    | members
        -----------+---------+----------------------+--------------------------------------------+---------+-------------+--------------+-------------+-----------+-------------+-------------+--------
        2026-11-24 | A       | operator             | record new_person                          |         | draft       |              | own village | reserve   | own village | own village | 2
                   | A       | operator             | prove                                      |         | draft       |              | own village | reserve   | own village | own village | 2
                   | A       | operator             | reserve                                    |         | reserved    |              | own village | deliberate | own village | own village | 2
                   | A       | village head         | deliberate fit                             |         | deliberated | fit          | own village | pack      | own village | own village | 2
        2026-12-01 | A2      | operator             | record moved region_lived=3509012001 rt=05 |         | draft       |              | own village | reserve   | own village | own village | 2
                   | A2      | operator             | prove                                      |         | draft       |              | own village | reserve   | own village | own village | 2
                   | A2      | operator             | reserve                                    |         | reserved    |              | own village | pack      | own village | own village | 2
                   | A       | operator             | offer to 3509012001                        |         | deliberated | fit          | own village | take_over | own village | own village | 2
                   | A       | operator elsewhere   | take over                                  |         | deliberated | fit          | elsewhere   | pack      | own village | own village | 2
                   | A2      | supervisor           | open a window                              |         | reserved    |              | own village | pack      | own village | own village | 2
                   | A2      | system               | pack                                       |         | packed      |              | own village | hand_over | own village | own village | 2
                   | A2      | village head         | hand over                                  |         | handed_over |              | own village | verify    | own village | own village | 2
                   | A2      | verifier             | verify verified                            |         | verified    |              | own village | finalise  | own village | own village | 2
                   | A2      | supervisor           | finalise                                   |         | finalised   |              | own village | endorse   | own village | own village | 2
                   | A2      | bupati's office      | endorse                                    |         | endorsed    |              | own village | send      | own village | own village | 2
                   | A2      | supervisor           | send                                       |         | sent        |              | own village | determine | own village | own village | 2
                   | A2      | centre               | determine yes                              |         | applied     |              | own village |           | elsewhere   | elsewhere   | 2
                   | A       | supervisor elsewhere | open a window in 3509                      |         | deliberated | fit          | elsewhere   | pack      | elsewhere   | elsewhere   | 2
                   | A       | system               | pack                                       |         | packed      | fit          | elsewhere   | hand_over | elsewhere   | elsewhere   | 2
                   | A       | head elsewhere       | hand over                                  |         | handed_over | fit          | elsewhere   | verify    | elsewhere   | elsewhere   | 2
                   | A       | verifier elsewhere   | verify verified                            |         | verified    | fit          | elsewhere   | finalise  | elsewhere   | elsewhere   | 2
                   | A       | supervisor elsewhere | finalise                                   |         | finalised   | fit          | elsewhere   | endorse   | elsewhere   | elsewhere   | 2
                   | A       | supervisor elsewhere | endorse                                    |         | endorsed    | fit          | elsewhere   | send      | elsewhere   | elsewhere   | 2
                   | A       | supervisor elsewhere | send                                       |         | sent        | fit          | elsewhere   | determine | elsewhere   | elsewhere   | 2
                   | A       | centre               | determine yes                              |         | applied     | fit          | elsewhere   |           | elsewhere   | elsewhere   | 3
    """)
