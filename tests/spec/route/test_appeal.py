"""An applicant may appeal once against the village's no."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Appeal"


def test_an_appeal_goes_on_with_the_villages_opinion(walk: Walking) -> None:
    """The applicant appeals; the request goes back to the reserve and on to Dinsos, together with what the
    village said."""
    walk("""
        day        | who          | deed               | refused                          | state       | village says | waits for  | until
        -----------+--------------+--------------------+----------------------------------+-------------+--------------+------------+-----------
        2026-11-24 | operator     | record             |                                  | draft       |              | reserve    | 2026-12-08
                   | operator     | prove              |                                  | draft       |              | reserve    | 2026-12-08
                   | operator     | reserve            |                                  | reserved    |              | deliberate | 2027-02-22
                   | operator     | appeal             | state-differs, nothing-to-appeal | reserved    |              | deliberate | 2027-02-22
                   | village head | deliberate not_fit |                                  | deliberated | not fit      | appeal     | 2026-12-24
        2026-12-01 | operator     | appeal             |                                  | reserved    | not fit      | pack       |
                   | operator     | call a meeting     | agenda-empty                     | reserved    | not fit      | pack       |
                   | supervisor   | open a window      |                                  | reserved    | not fit      | pack       |
                   | system       | pack               |                                  | packed      | not fit      | hand_over  |
                   | village head | hand over          |                                  | handed_over | not fit      | verify     | 2026-12-11
    """)


def test_without_an_appeal_a_no_is_never_packed(walk: Walking) -> None:
    """A window opens; what the village refused stays where it is."""
    walk("""
        day        | who          | deed               | refused     | state
        -----------+--------------+--------------------+-------------+------------
        2026-11-24 | operator     | record             |             | draft
                   | operator     | prove              |             | draft
                   | operator     | reserve            |             | reserved
                   | village head | deliberate not_fit |             | deliberated
                   | supervisor   | open a window      |             | deliberated
                   | system       | pack               | not-decided | deliberated
    """)


def test_an_appeal_is_in_time_on_the_thirtieth_day(walk: Walking) -> None:
    """The last day counts. As long as an appeal is possible, the no is not final."""
    walk("""
        day        | who          | deed               | refused | state       | village says
        -----------+--------------+--------------------+---------+-------------+-------------
        2026-11-24 | operator     | record             |         | draft       |
                   | operator     | reserve            |         | reserved    |
                   | village head | deliberate not_fit |         | deliberated | not fit
        2026-12-24 | system       | let lapse          |         | deliberated | not fit
                   | operator     | appeal             |         | reserved    | not fit
    """)


def test_the_day_after_a_no_is_final(walk: Walking) -> None:
    """The refusal says so, and the request has ended."""
    walk("""
        day        | who          | deed               | refused         | state       | reason  | waits for
        -----------+--------------+--------------------+-----------------+-------------+---------+----------
        2026-11-24 | operator     | record             |                 | draft       |         | reserve
                   | operator     | reserve            |                 | reserved    |         | amend
                   | village head | deliberate not_fit |                 | deliberated |         | appeal
        2026-12-25 | operator     | appeal             | appeal-too-late | deliberated |         | appeal
                   | system       | let lapse          |                 | refused     | village |
    """)


def test_an_appeal_is_made_once(walk: Walking) -> None:
    """An appeal has its words, and is made once."""
    walk("""
        day        | who          | deed               | refused                          | state
        -----------+--------------+--------------------+----------------------------------+------------
        2026-11-24 | operator     | record             |                                  | draft
                   | operator     | reserve            |                                  | reserved
                   | village head | deliberate not_fit |                                  | deliberated
                   | operator     | take appeal        | must-be-said                     | deliberated
                   | operator     | appeal             |                                  | reserved
                   | operator     | appeal             | state-differs, nothing-to-appeal | reserved
    """)
