"""A village is split in two by a decree: people, requests and work follow, and nothing that is on its way is stopped."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "A village that split in two"


def test_everybody_finds_their_own_on_the_next_morning(walk: Walking) -> None:
    """RW 02 becomes a village of its own. A lives in RW 01 and stays; B lives in RW 02, and its request in the reserve
    goes along, with the village's decision. C is in a batch when the decree is taken in: it ends under the old code,
    while the family lives in the new village already. D has no RW in the register: nobody guesses, and Dinsos has it on
    its list until somebody says where it belongs."""
    walk("""
        day        | request | who                         | deed                                 | refused          | state       | place       | family in   | lives in    | left over | under the old code
        -----------+---------+-----------------------------+--------------------------------------+------------------+-------------+-------------+-------------+-------------+-----------+-------------------
        2026-11-24 | C       | system                      | state rw=02                          |                  |             |             | own village | own village |           |
                   | C       | operator                    | record                               |                  | draft       | own village | own village | own village |           |
                   | C       | operator                    | prove                                |                  | draft       | own village | own village | own village |           |
                   | C       | operator                    | reserve                              |                  | reserved    | own village | own village | own village |           |
                   | C       | village head                | deliberate fit                       |                  | deliberated | own village | own village | own village |           |
                   | C       | supervisor                  | open a window                        |                  | deliberated | own village | own village | own village |           |
                   | C       | system                      | pack                                 |                  | packed      | own village | own village | own village |           |
                   | A       | operator                    | record leaving                       |                  | draft       | own village | own village | own village |           |
                   | B       | system                      | state rw=002                         |                  |             |             | own village | own village |           |
                   | B       | operator                    | record                               |                  | draft       | own village | own village | own village |           |
                   | B       | operator                    | prove                                |                  | draft       | own village | own village | own village |           |
                   | B       | operator                    | reserve                              |                  | reserved    | own village | own village | own village |           |
                   | B       | village head                | deliberate fit                       |                  | deliberated | own village | own village | own village |           |
                   | D       | system                      | state rw=                            |                  |             |             | own village | own village |           |
                   | D       | operator                    | record leaving                       |                  | draft       | own village | own village | own village |           |
        2026-11-26 | A       | operator                    | the village is split                 | role-missing     | draft       | own village | own village | own village |           |
                   | A       | supervisor                  | the village is split next year       | decree-not-yet-in-force | draft | own village | own village | own village |           |
                   | A       | supervisor                  | the village is split                 |                  | draft       | own village | own village | own village | 1 family  | 1 request
                   | B       | operator                    | withdraw                             | not-found        | deliberated | new village | new village | new village | 1 family  | 1 request
                   | B       | operator of the new village | amend                                |                  | deliberated | new village | new village | new village | 1 family  | 1 request
                   | C       | village head                | hand over                            |                  | handed_over | own village | new village | new village | 1 family  | 1 request
                   | C       | verifier                    | verify returned photo_unclear        |                  | returned    | own village | new village | new village | 1 family  | 1 request
                   | C       | system                      | follow back                          |                  | returned    | new village | new village | new village | 1 family  |
                   | C       | operator of the new village | resume                               |                  | reserved    | new village | new village | new village | 1 family  |
                   | D       | village head                | assign the family to new village     | not-found        | draft       | own village | own village | own village | 1 family  |
                   | D       | supervisor                  | assign the family to nearby          | must-be-said     | draft       | own village | own village | own village | 1 family  |
                   | D       | supervisor                  | assign the family to new village     |                  | draft       | new village | new village | new village |           |
                   | D       | supervisor                  | assign the family to new village     | assigned-already | draft       | new village | new village | new village |           |
                   | D       | operator of the new village | prove                                |                  | draft       | new village | new village | new village |           |
    """)
