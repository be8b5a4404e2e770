"""The village hands its batch to Dinsos before the cut-off."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Handing over"


def test_the_cut_off_binds_the_hand_over(walk: Walking) -> None:
    """In the last minute before the cut-off a batch is handed over. At the cut-off itself it is too late."""
    walk("""
        day              | who          | deed                                      | refused | state
        -----------------+--------------+-------------------------------------------+---------+------------
        2026-11-24       | operator     | record                                    |         | draft
                         | operator     | prove                                     |         | draft
                         | operator     | reserve                                   |         | reserved
                         | village head | deliberate fit                            |         | deliberated
                         | supervisor   | schedule 2027-01-04 2027-01-16 2027-02-01 |         | deliberated
        2027-01-04       | system       | pack                                      |         | packed
        2027-01-15 23:59 | village head | hand over                                 |         | handed_over
    """)


def test_what_was_not_handed_over_goes_back_and_stays_decided(walk: Walking) -> None:
    """After the cut-off the batch is unpacked. The village's decision is kept, and the request enters the next
    window by itself."""
    walk("""
        day              | who          | deed                                      | refused         | state       | village says
        -----------------+--------------+-------------------------------------------+-----------------+-------------+-------------
        2026-11-24       | operator     | record                                    |                 | draft       |
                         | operator     | prove                                     |                 | draft       |
                         | operator     | reserve                                   |                 | reserved    |
                         | village head | deliberate fit                            |                 | deliberated | fit
                         | supervisor   | schedule 2027-01-04 2027-01-16 2027-02-01 |                 | deliberated | fit
        2027-01-04       | system       | pack                                      |                 | packed      | fit
        2027-01-15 23:59 | system       | take unpack:deliberated                   | step-not-single | packed      | fit
        2027-01-16 00:00 | village head | hand over                                 | no-window       | packed      | fit
        2027-01-16 00:01 | system       | unpack                                    |                 | deliberated | fit
                         | supervisor   | schedule 2027-02-01 2027-02-13 2027-03-01 |                 | deliberated | fit
        2027-02-01       | system       | pack                                      |                 | packed      | fit
    """)


def test_the_system_does_not_unpack_before_the_cut_off(walk: Walking) -> None:
    """Until the cut-off the batch stands."""
    walk("""
        day        | who          | deed           | refused             | state
        -----------+--------------+----------------+---------------------+------------
        2026-11-24 | operator     | record         |                     | draft
                   | operator     | prove          |                     | draft
                   | operator     | reserve        |                     | reserved
                   | village head | deliberate fit |                     | deliberated
                   | supervisor   | open a window  |                     | deliberated
                   | system       | pack           |                     | packed
                   | system       | unpack         | cut-off-not-reached | packed
    """)


def test_the_village_head_hands_over_or_the_system_what_is_minuted(walk: Walking) -> None:
    """The system hands over by itself only what stands in signed minutes."""
    walk("""
        day        | who          | deed                      | refused      | state
        -----------+--------------+---------------------------+--------------+------------
        2026-11-24 | operator     | record                    |              | draft
                   | operator     | prove                     |              | draft
                   | operator     | reserve                   |              | reserved
                   | village head | deliberate fit            |              | deliberated
                   | supervisor   | open a window             |              | deliberated
                   | system       | pack                      |              | packed
                   | operator     | hand over                 | role-missing | packed
                   | system       | hand over what is minuted |              | handed_over
    """)


def test_what_a_document_proves_stands_in_no_minutes(walk: Walking) -> None:
    """A kind that skips the meeting is in no minutes; its batch is handed over by the village head, not by the
    system."""
    walk("""
        day        | who          | deed                      | refused        | state
        -----------+--------------+---------------------------+----------------+------------
        2026-11-24 | operator     | record leaving            |                | draft
                   | operator     | prove                     |                | draft
                   | operator     | reserve                   |                | reserved
                   | supervisor   | open a window             |                | reserved
                   | system       | pack                      |                | packed
                   | system       | hand over                 | not-in-minutes | packed
                   | system       | hand over what is minuted |                | packed
                   | village head | hand over                 |                | handed_over
    """)


def test_a_call_does_not_lengthen_the_cut_off_of_a_window(walk: Walking) -> None:
    """A batch was packed for a window that has cut off. A call is open, but the batch is not its batch: it goes
    back, and is packed for the call."""
    walk("""
        day        | who          | deed                                             | refused   | state
        -----------+--------------+--------------------------------------------------+-----------+------------
        2026-11-24 | operator     | record                                           |           | draft
                   | operator     | prove                                            |           | draft
                   | operator     | reserve                                          |           | reserved
                   | village head | deliberate fit                                   |           | deliberated
                   | supervisor   | schedule 2027-01-04 2027-01-16 2027-02-01        |           | deliberated
        2027-01-04 | system       | pack                                             |           | packed
        2027-01-15 | centre       | schedule a call 2027-01-16 2027-01-20 2027-01-20 |           | packed
        2027-01-16 | village head | hand over                                        | no-window | packed
    """)


def test_a_batch_is_handed_over_once(walk: Walking) -> None:
    """A second hand-over of the same batch is refused; a later batch of the same village in the same window has
    its own number."""
    walk("""
        day        | request | who          | deed           | refused           | state
        -----------+---------+--------------+----------------+-------------------+------------
        2026-11-24 | A       | operator     | record         |                   | draft
                   | A       | operator     | prove          |                   | draft
                   | A       | operator     | reserve        |                   | reserved
                   | A       | village head | deliberate fit |                   | deliberated
                   | A       | supervisor   | open a window  |                   | deliberated
                   | A       | system       | pack           |                   | packed
                   | A       | village head | hand over      |                   | handed_over
                   | A       | village head | hand over      | batch-handed-over | handed_over
                   | B       | operator     | record         |                   | draft
                   | B       | operator     | prove          |                   | draft
                   | B       | operator     | reserve        |                   | reserved
                   | B       | village head | deliberate fit |                   | deliberated
                   | B       | system       | pack           |                   | packed
                   | B       | village head | hand over      |                   | handed_over
    """)


def test_an_emptied_batch_is_not_handed_over(walk: Walking) -> None:
    """The only request of a batch was withdrawn."""
    walk("""
        day        | who          | deed                     | refused     | state
        -----------+--------------+--------------------------+-------------+------------
        2026-11-24 | operator     | record                   |             | draft
                   | operator     | prove                    |             | draft
                   | operator     | reserve                  |             | reserved
                   | village head | deliberate fit           |             | deliberated
                   | supervisor   | open a window            |             | deliberated
                   | system       | pack                     |             | packed
                   | operator     | withdraw                 |             | withdrawn
                   | village head | hand over the last batch | batch-empty | withdrawn
    """)
