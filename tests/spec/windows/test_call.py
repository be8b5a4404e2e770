"""The centre calls, and the reserve answers."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "A call by the centre"


def test_a_call_takes_what_is_ready_though_no_window_is_open(walk: Walking) -> None:
    """If the centre asks for data at any time, the reserve is what is submitted. A call may run beside a
    window."""
    walk("""
        day        | who          | deed                                             | refused      | state
        -----------+--------------+--------------------------------------------------+--------------+------------
        2026-11-24 | operator     | record                                           |              | draft
                   | operator     | prove                                            |              | draft
                   | operator     | reserve                                          |              | reserved
                   | village head | deliberate fit                                   |              | deliberated
                   | centre       | schedule a call 2026-11-26 2026-11-28 2026-11-30 |              | deliberated
        2026-11-26 | system       | pack                                             |              | packed
                   | village head | hand over                                        |              | handed_over
                   | operator     | answer the call                                  | role-missing | handed_over
                   | supervisor   | answer the call                                  |              | handed_over
    """)


def test_a_call_may_run_beside_a_window(walk: Walking) -> None:
    """A call is no window: it does not stand in the way of one."""
    walk("""
        day        | who        | deed                                             | refused    | window
        -----------+------------+--------------------------------------------------+------------+----------
        2026-12-21 | supervisor | schedule 2027-01-04 2027-01-16 2027-02-01        |            | scheduled
                   | supervisor | answer the call                                  | not-a-call | scheduled
                   | centre     | schedule a call 2027-01-05 2027-01-06 2027-01-07 |            | scheduled
                   | centre     | schedule a call 2027-01-05 2027-01-06 2027-01-07 |            | scheduled
    """)
