"""Windows open, cut off and close by the clock."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "By the clock"


def test_a_window_opens_cuts_off_and_closes_by_the_clock(walk: Walking) -> None:
    """Nobody has to press anything. Until the opening, from the opening, from the cut-off, from the closing:
    each begins with the instant that the act names."""
    walk("""
        day              | who        | deed                                      | refused | window
        -----------------+------------+-------------------------------------------+---------+----------
        2026-12-21       | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01 |         | scheduled
        2027-01-03 23:59 |            |                                           |         | scheduled
        2027-01-04 00:00 |            |                                           |         | open
        2027-01-15 23:59 |            |                                           |         | open
        2027-01-16 00:00 |            |                                           |         | cut_off
        2027-01-31 23:59 |            |                                           |         | cut_off
        2027-02-01 00:00 |            |                                           |         | closed
    """)


def test_the_mark_of_the_clock_may_come_late(walk: Walking) -> None:
    """If the program was off for weeks, the marks are set when it runs again, and the next window may begin on
    the day on which this one closed."""
    walk("""
        day        | who        | deed                                      | refused         | window
        -----------+------------+-------------------------------------------+-----------------+----------
        2026-12-21 | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01 |                 | scheduled
        2027-02-20 | system     | keep time                                 |                 | closed
                   | supervisor | schedule 2027-01-31 2027-02-25 2027-03-01 | window-overlaps | closed
                   | supervisor | schedule 2027-02-01 2027-02-25 2027-03-01 |                 | open
    """)


def test_a_window_has_an_order_and_an_act(walk: Walking) -> None:
    """The cut-off lies after the opening, the closing not before the cut-off, and a letter with number and day
    orders it."""
    walk("""
        day        | who        | deed                                                 | refused                | window
        -----------+------------+------------------------------------------------------+------------------------+----------
        2026-12-21 | supervisor | schedule 2027-01-16 2027-01-16 2027-02-01            | cut-off-before-opening | scheduled
                   | supervisor | schedule 2027-01-04 2027-01-16 2027-01-15            | closing-before-cut-off | scheduled
                   | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01 unnumbered | act-number-missing     | scheduled
                   | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01 undated    | act-day-missing        | scheduled
                   | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01 for moving | kind-unknown           | scheduled
                   | supervisor | schedule 2027-01-04 2027-01-16 2027-01-16            |                        | scheduled
    """)


def test_who_sets_a_window(walk: Walking) -> None:
    """The centre sets windows, for the nation or a part of it; a supervisor records the centre's letter for the
    own kabupaten. Nobody else does."""
    walk("""
        day        | who                  | deed                                                   | refused      | window
        -----------+----------------------+--------------------------------------------------------+--------------+----------
        2026-12-21 | operator             | schedule 2027-01-04 2027-01-16 2027-02-01              | role-missing | scheduled
                   | head of Dinsos       | schedule 2027-01-04 2027-01-16 2027-02-01              | role-missing | scheduled
                   | supervisor elsewhere | schedule 2027-01-04 2027-01-16 2027-02-01              | role-missing | scheduled
                   | supervisor           | schedule 2027-01-04 2027-01-16 2027-02-01 in Indonesia | role-missing | scheduled
                   | centre               | schedule 2027-01-04 2027-01-16 2027-02-01 in Indonesia |              | scheduled
    """)
