"""At any moment one window takes a kind at a place."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "No two windows at once"


def test_windows_of_one_place_and_kind_do_not_overlap(walk: Walking) -> None:
    """A second window for the same place and kind is refused while the first one is not closed. It may begin in
    the instant in which the first one closes."""
    walk("""
        day        | who        | deed                                      | refused         | window
        -----------+------------+-------------------------------------------+-----------------+----------
        2026-12-21 | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01 |                 | scheduled
                   | supervisor | schedule 2027-01-20 2027-02-10 2027-02-20 | window-overlaps | scheduled
                   | supervisor | schedule 2026-12-25 2027-01-02 2027-01-05 | window-overlaps | scheduled
                   | supervisor | schedule 2027-01-06 2027-01-07 2027-01-08 | window-overlaps | scheduled
                   | supervisor | schedule 2026-12-25 2027-03-02 2027-03-05 | window-overlaps | scheduled
                   | supervisor | schedule 2026-12-25 2027-01-02 2027-01-04 |                 | scheduled
                   | supervisor | schedule 2027-02-01 2027-02-10 2027-02-20 |                 | scheduled
    """)


def test_a_narrower_place_is_the_same_place(walk: Walking) -> None:
    """A window of a kecamatan lies in the kabupaten's; both at once are refused, from above and from below."""
    walk("""
        day        | who        | deed                                                    | refused         | window
        -----------+------------+---------------------------------------------------------+-----------------+----------
        2026-12-21 | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01 in 350815     |                 | scheduled
                   | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01               | window-overlaps | scheduled
                   | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01 in 3508152001 | window-overlaps | scheduled
                   | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01 in 350814     |                 | scheduled
    """)


def test_other_kinds_may_have_their_own_window(walk: Walking) -> None:
    """Two windows for different kinds may be open at once; one for all kinds stands in the way of both."""
    walk("""
        day        | who        | deed                                                     | refused         | window
        -----------+------------+----------------------------------------------------------+-----------------+----------
        2026-12-21 | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01 for leaving    |                 | scheduled
                   | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01 for new_family |                 | scheduled
                   | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01 for leaving    | window-overlaps | scheduled
                   | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01                | window-overlaps | scheduled
    """)


def test_a_window_that_has_passed_is_not_set(walk: Walking) -> None:
    """A window whose last moment has come takes nothing and sends nothing; a minute before, it still sends."""
    walk("""
        day              | who        | deed                                      | refused
        -----------------+------------+-------------------------------------------+---------------
        2027-01-31 23:59 | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01 |
        2027-02-01 00:00 | supervisor | schedule 2027-01-02 2027-01-03 2027-01-04 | window-in-past
    """)
