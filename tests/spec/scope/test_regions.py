"""What lies outside somebody's region is not there for them."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Outside one's region"


def test_what_is_outside_is_not_found(walk: Walking) -> None:
    """An operator of another village, a verifier of another kabupaten: for them the request is not there. They
    do not even learn that it exists."""
    walk("""
        day        | who                | deed            | refused   | state
        -----------+--------------------+-----------------+-----------+---------
        2026-11-24 | operator           | record          |           | draft
                   | operator elsewhere | prove           | not-found | draft
                   | operator elsewhere | reserve         | not-found | draft
                   | operator elsewhere | amend           | not-found | draft
                   | operator elsewhere | withdraw        | not-found | draft
                   | verifier elsewhere | verify verified | not-found | draft
                   | operator           | reserve         |           | reserved
                   | operator elsewhere | withdraw        | not-found | reserved
    """)


def test_lists_and_meetings_of_others_are_not_found_either(walk: Walking) -> None:
    """The same holds for a meeting, a batch and a list."""
    walk("""
        day        | who                  | deed            | refused   | state
        -----------+----------------------+-----------------+-----------+------------
        2026-11-24 | operator             | record          |           | draft
                   | operator             | prove           |           | draft
                   | operator             | reserve         |           | reserved
                   | operator             | call a meeting  |           | reserved
                   | operator elsewhere   | enter fit       | not-found | reserved
                   | operator elsewhere   | upload          | not-found | reserved
                   | operator             | enter fit       |           | reserved
                   | operator             | upload          |           | reserved
                   | operator elsewhere   | confirm         | not-found | reserved
                   | village head         | confirm         |           | deliberated
                   | supervisor           | open a window   |           | deliberated
                   | system               | pack            |           | packed
                   | operator elsewhere   | hand over       | not-found | packed
                   | village head         | hand over       |           | handed_over
                   | verifier             | verify verified |           | verified
                   | supervisor elsewhere | finalise 3508   | not-found | verified
                   | supervisor           | finalise        |           | finalised
                   | supervisor elsewhere | endorse         | not-found | finalised
                   | supervisor           | endorse         |           | endorsed
                   | supervisor elsewhere | send            | not-found | endorsed
    """)


def test_writing_down_outside_is_not_found(walk: Walking) -> None:
    """Nobody writes down a request for a place that is not theirs."""
    walk("""
        day        | who                | deed              | refused           | state
        -----------+--------------------+-------------------+-------------------+------
        2026-11-24 | operator elsewhere | record for nobody | not-found         |
                   | operator           | record for nobody | applicant-unnamed |
    """)


def test_who_sees_everything_does_not_act_on_everything(walk: Walking) -> None:
    """The centre and an auditor see every region. Seeing is not acting."""
    walk("""
        day        | who      | deed     | refused      | state
        -----------+----------+----------+--------------+------
        2026-11-24 | operator | record   |              | draft
                   | auditor  | prove    | role-missing | draft
                   | centre   | withdraw | role-missing | draft
    """)
