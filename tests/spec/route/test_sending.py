"""A list is sent before the closing, or carried over."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Sending, and carrying over"


def test_the_closing_binds_the_sending(walk: Walking) -> None:
    """In the last minute before the closing a list is sent, after the cut-off as well."""
    walk("""
        day              | who             | deed                                      | refused | state
        -----------------+-----------------+-------------------------------------------+---------+------------
        2026-11-24       | operator        | record                                    |         | draft
                         | operator        | prove                                     |         | draft
                         | operator        | reserve                                   |         | reserved
                         | village head    | deliberate fit                            |         | deliberated
                         | supervisor      | schedule 2027-01-04 2027-01-16 2027-02-01 |         | deliberated
        2027-01-04       | system          | pack                                      |         | packed
                         | village head    | hand over                                 |         | handed_over
                         | verifier        | verify verified                           |         | verified
                         | supervisor      | finalise                                  |         | finalised
                         | bupati's office | endorse                                   |         | endorsed
        2027-01-31 23:59 | supervisor      | send                                      |         | sent
    """)


def test_what_was_not_sent_is_carried_over_with_every_decision_kept(walk: Walking) -> None:
    """The window closed before the list was sent. Nothing is decided again: in the next window the list is
    compared once more and sent."""
    walk("""
        day              | who             | deed                                      | refused       | state       | waits for
        -----------------+-----------------+-------------------------------------------+---------------+-------------+-----------
        2026-11-24       | operator        | record                                    |               | draft       | reserve
                         | operator        | prove                                     |               | draft       | reserve
                         | operator        | reserve                                   |               | reserved    | deliberate
                         | village head    | deliberate fit                            |               | deliberated | pack
                         | supervisor      | schedule 2027-01-04 2027-01-16 2027-02-01 |               | deliberated | pack
        2027-01-04       | system          | pack                                      |               | packed      | hand_over
                         | village head    | hand over                                 |               | handed_over | verify
                         | verifier        | verify verified                           |               | verified    | finalise
                         | supervisor      | finalise                                  |               | finalised   | endorse
                         | bupati's office | endorse                                   |               | endorsed    | send
        2027-02-01 00:00 | supervisor      | send                                      | window-closed | endorsed    | send
                         | supervisor      | schedule 2027-03-01 2027-03-13 2027-04-01 |               | endorsed    | send
        2027-03-01       | supervisor      | send                                      |               | sent        | determine
    """)


def test_a_list_says_in_which_window_it_was_sent(walk: Walking) -> None:
    """A list of January that is sent in March says so."""
    walk("""
        day        | who             | deed                                      | refused | state       | sent in
        -----------+-----------------+-------------------------------------------+---------+-------------+--------
        2026-11-24 | operator        | record                                    |         | draft       |
                   | operator        | prove                                     |         | draft       |
                   | operator        | reserve                                   |         | reserved    |
                   | village head    | deliberate fit                            |         | deliberated |
                   | supervisor      | schedule 2027-01-04 2027-01-16 2027-02-01 |         | deliberated |
        2027-01-04 | system          | pack                                      |         | packed      |
                   | village head    | hand over                                 |         | handed_over |
                   | verifier        | verify verified                           |         | verified    |
                   | supervisor      | finalise                                  |         | finalised   |
                   | bupati's office | endorse                                   |         | endorsed    |
                   | supervisor      | schedule 2027-03-01 2027-03-13 2027-04-01 |         | endorsed    |
        2027-03-01 | supervisor      | send                                      |         | sent        | 2
    """)


def test_what_changed_meanwhile_leaves_the_list_at_sending(walk: Walking) -> None:
    """While the list waited, somebody else stated another value: that row goes back to the village."""
    walk("""
        day        | who             | deed                   | refused | state       | left the list
        -----------+-----------------+------------------------+---------+-------------+--------------
        2026-11-24 | operator        | record                 |         | draft       |
                   | operator        | prove                  |         | draft       |
                   | operator        | reserve                |         | reserved    |
                   | village head    | deliberate fit         |         | deliberated |
                   | supervisor      | open a window          |         | deliberated |
                   | system          | pack                   |         | packed      | packed 1
                   | village head    | hand over              |         | handed_over |
                   | verifier        | verify verified        |         | verified    |
                   | supervisor      | finalise               |         | finalised   |
                   | bupati's office | endorse                |         | endorsed    |
                   | supervisor      | state floor_material=7 |         | endorsed    |
                   | supervisor      | send                   |         | conflict    |
    """)


def test_a_list_is_not_sent_before_it_is_endorsed(walk: Walking) -> None:
    """Without the signed letter nothing goes to the centre."""
    walk("""
        day        | who          | deed            | refused                     | state
        -----------+--------------+-----------------+-----------------------------+------------
        2026-11-24 | operator     | record          |                             | draft
                   | operator     | prove           |                             | draft
                   | operator     | reserve         |                             | reserved
                   | village head | deliberate fit  |                             | deliberated
                   | supervisor   | open a window   |                             | deliberated
                   | system       | pack            |                             | packed
                   | village head | hand over       |                             | handed_over
                   | verifier     | verify verified |                             | verified
                   | supervisor   | finalise        |                             | finalised
                   | supervisor   | send            | state-differs               | finalised
                   | verifier     | send            | role-missing, state-differs | finalised
                   | supervisor   | endorse         |                             | endorsed
                   | supervisor   | send            |                             | sent
    """)
