"""Being known and being registered are two things."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Registration"


def test_a_new_person_is_registered_when_it_is_applied(walk: Walking) -> None:
    """A child is born into a known family. It is registered, with its reason, when the centre has accepted it."""
    walk("""
        day        | who             | deed              | refused | state       | members | registered
        -----------+-----------------+-------------------+---------+-------------+---------+-----------
        2026-11-24 | operator        | record new_person |         | draft       | 2       | 2
                   | operator        | prove             |         | draft       | 2       | 2
                   | operator        | reserve           |         | reserved    | 2       | 2
                   | village head    | deliberate fit    |         | deliberated | 2       | 2
                   | supervisor      | open a window     |         | deliberated | 2       | 2
                   | system          | pack              |         | packed      | 2       | 2
                   | village head    | hand over         |         | handed_over | 2       | 2
                   | verifier        | verify verified   |         | verified    | 2       | 2
                   | supervisor      | finalise          |         | finalised   | 2       | 2
                   | bupati's office | endorse           |         | endorsed    | 2       | 2
                   | supervisor      | send              |         | sent        | 2       | 2
                   | centre          | determine yes     |         | applied     | 3       | 3
    """)


def test_a_family_has_one_head(walk: Walking) -> None:
    """A second head is refused where it is written down; the first one has to be somebody else before."""
    walk("""
        day        | who      | deed                         | refused         | state
        -----------+----------+------------------------------+-----------------+------
        2026-11-24 | operator | record new_person relation=1 | family-has-head |
                   | operator | record new_person relation=2 |                 | draft
    """)


def test_a_new_family_brings_its_members_and_its_dwelling(walk: Walking) -> None:
    """A family that nobody knew is there with its head and its dwelling once it is applied, and not before."""
    walk("""
        day        | who             | deed              | refused | state       | new families
        -----------+-----------------+-------------------+---------+-------------+-------------
        2026-11-24 | operator        | record new_family |         | draft       | 0
                   | operator        | prove             |         | draft       | 0
                   | operator        | reserve           |         | reserved    | 0
                   | village head    | deliberate fit    |         | deliberated | 0
                   | supervisor      | open a window     |         | deliberated | 0
                   | system          | pack              |         | packed      | 0
                   | village head    | hand over         |         | handed_over | 0
                   | verifier        | verify verified   |         | verified    | 0
                   | supervisor      | finalise          |         | finalised   | 0
                   | bupati's office | endorse           |         | endorsed    | 0
                   | supervisor      | send              |         | sent        | 0
                   | centre          | determine yes     |         | applied     | 1
    """)


def test_leaving_ends_the_registration_and_not_the_person(walk: Walking) -> None:
    """Whoever leaves is known as before, in the same family, and is registered no more."""
    walk("""
        day        | who             | deed            | refused | state       | members | registered
        -----------+-----------------+-----------------+---------+-------------+---------+-----------
        2026-11-24 | operator        | record leaving  |         | draft       | 2       | 2
                   | operator        | prove           |         | draft       | 2       | 2
                   | operator        | reserve         |         | reserved    | 2       | 2
                   | supervisor      | open a window   |         | reserved    | 2       | 2
                   | system          | pack            |         | packed      | 2       | 2
                   | village head    | hand over       |         | handed_over | 2       | 2
                   | verifier        | verify verified |         | verified    | 2       | 2
                   | supervisor      | finalise        |         | finalised   | 2       | 2
                   | bupati's office | endorse         |         | endorsed    | 2       | 2
                   | supervisor      | send            |         | sent        | 2       | 2
                   | centre          | determine yes   |         | applied     | 2       | 0
    """)


def test_not_eligible_keeps_the_registration_unless_the_person_is_dead_or_cannot_be_found(
    walk: Walking,
) -> None:
    """A wage above the minimum ends eligibility; the person stays registered."""
    walk("""
        day        | who             | deed                         | refused | state       | eligibility  | registration
        -----------+-----------------+------------------------------+---------+-------------+--------------+-------------
        2026-11-24 | operator        | record not_eligible reason=9 |         | draft       |              | registered
                   | operator        | prove                        |         | draft       |              | registered
                   | operator        | reserve                      |         | reserved    |              | registered
                   | village head    | deliberate fit               |         | deliberated |              | registered
                   | supervisor      | open a window                |         | deliberated |              | registered
                   | system          | pack                         |         | packed      |              | registered
                   | village head    | hand over                    |         | handed_over |              | registered
                   | verifier        | verify verified              |         | verified    |              | registered
                   | supervisor      | finalise                     |         | finalised   |              | registered
                   | bupati's office | endorse                      |         | endorsed    |              | registered
                   | supervisor      | send                         |         | sent        |              | registered
                   | centre          | determine yes                |         | applied     | not_eligible | registered
    """)


def test_a_death_ends_the_registration(walk: Walking) -> None:
    """A death is proved by its letter, and ends the registration together with eligibility."""
    walk("""
        day        | who             | deed                         | refused    | state       | eligibility  | registration
        -----------+-----------------+------------------------------+------------+-------------+--------------+-------------
        2026-11-24 | operator        | record not_eligible reason=3 |            | draft       |              | registered
                   | operator        | prove statement              |            | draft       |              | registered
                   | operator        | reserve                      |            | reserved    |              | registered
                   | village head    | deliberate fit               |            | deliberated |              | registered
                   | supervisor      | open a window                |            | deliberated |              | registered
                   | system          | pack                         | incomplete | deliberated |              | registered
                   | operator        | prove death_letter           |            | deliberated |              | registered
                   | system          | pack                         |            | packed      |              | registered
                   | village head    | hand over                    |            | handed_over |              | registered
                   | verifier        | verify verified              |            | verified    |              | registered
                   | supervisor      | finalise                     |            | finalised   |              | registered
                   | bupati's office | endorse                      |            | endorsed    |              | registered
                   | supervisor      | send                         |            | sent        |              | registered
                   | centre          | determine yes                |            | applied     | not_eligible | ended
    """)
