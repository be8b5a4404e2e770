"""A window is closed early, or taken back, with a reason that residents read."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Closing early"


def test_a_window_is_closed_early_with_a_reason(walk: Walking) -> None:
    """Whoever closes before the time says why."""
    walk("""
        day        | who                | deed                                      | refused         | window
        -----------+--------------------+-------------------------------------------+-----------------+----------
        2026-12-21 | supervisor         | schedule 2027-01-04 2027-01-16 2027-02-01 |                 | scheduled
                   | supervisor         | close the window the system is full       | window-not-open | scheduled
        2027-01-10 | supervisor         | close the window                          | must-be-said    | open
                   | operator           | close the window the system is full       | role-missing    | open
                   | operator elsewhere | close the window                          | not-found       | open
                   | supervisor         | close the window the system is full       |                 | closed
                   | supervisor         | close the window the system is full       | window-not-open | closed
    """)


def test_nothing_is_packed_or_handed_over_after_an_early_close(walk: Walking) -> None:
    """From that moment nothing is taken, as after a cut-off; what was packed goes back decided."""
    walk("""
        day        | who          | deed                                      | refused         | state
        -----------+--------------+-------------------------------------------+-----------------+------------
        2026-11-24 | operator     | record                                    |                 | draft
                   | operator     | prove                                     |                 | draft
                   | operator     | reserve                                   |                 | reserved
                   | village head | deliberate fit                            |                 | deliberated
                   | supervisor   | schedule 2027-01-04 2027-01-16 2027-02-01 |                 | deliberated
        2027-01-04 | system       | pack                                      |                 | packed
        2027-01-10 | supervisor   | close the window the system is full       |                 | packed
                   | village head | hand over                                 | no-window       | packed
                   | system       | pack                                      | window-not-open | packed
                   | system       | unpack                                    |                 | deliberated
    """)


def test_a_window_that_has_not_opened_can_be_taken_back(walk: Walking) -> None:
    """Before it opens a window is cancelled with a reason; afterwards it is only closed."""
    walk("""
        day        | who        | deed                                      | refused             | window
        -----------+------------+-------------------------------------------+---------------------+----------
        2026-12-21 | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01 |                     | scheduled
                   | supervisor | cancel the window                         | must-be-said        | scheduled
                   | supervisor | cancel the window a newer letter came     |                     | cancelled
        2027-01-05 |            |                                           |                     | cancelled
                   | system     | keep time                                 |                     | cancelled
                   | supervisor | schedule 2027-01-06 2027-01-16 2027-02-01 |                     | scheduled
        2027-01-06 | supervisor | cancel the window a newer letter came     | window-already-open | open
    """)


def test_after_an_early_close_another_window_may_begin(walk: Walking) -> None:
    """The place and kind are free again from the moment of closing."""
    walk("""
        day        | who        | deed                                      | refused         | window
        -----------+------------+-------------------------------------------+-----------------+----------
        2026-12-21 | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01 |                 | scheduled
        2027-01-10 | supervisor | schedule 2027-01-11 2027-01-16 2027-02-01 | window-overlaps | open
                   | supervisor | close the window the system is full       |                 | closed
                   | supervisor | schedule 2027-01-11 2027-01-16 2027-02-01 |                 | scheduled
    """)
