"""A family that moved is found where it lives, and is not judged by the house that it left."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Moved to another house or village"


def test_a_family_that_moved_belongs_to_its_new_village(walk: Walking) -> None:
    """A letter proves it, so no meeting is needed. Once it is in force, the family and everybody in it belong to the new
    village; the new house is unknown until somebody there has looked at it."""
    walk("""
        day        | who             | deed                                       | refused | state       | lives in    | people in   | floor there
        -----------+-----------------+--------------------------------------------+---------+-------------+-------------+-------------+------------
        2026-11-24 | operator        | record moved region_lived=3509012001 rt=05 |         | draft       | own village | own village | 6
                   | operator        | prove                                      |         | draft       | own village | own village | 6
                   | operator        | reserve                                    |         | reserved    | own village | own village | 6
                   | supervisor      | open a window                              |         | reserved    | own village | own village | 6
                   | system          | pack                                       |         | packed      | own village | own village | 6
                   | village head    | hand over                                  |         | handed_over | own village | own village | 6
                   | verifier        | verify verified                            |         | verified    | own village | own village | 6
                   | supervisor      | finalise                                   |         | finalised   | own village | own village | 6
                   | bupati's office | endorse                                    |         | endorsed    | own village | own village | 6
                   | supervisor      | send                                       |         | sent        | own village | own village | 6
                   | centre          | determine yes                              |         | applied     | elsewhere   | elsewhere   |
    """)
