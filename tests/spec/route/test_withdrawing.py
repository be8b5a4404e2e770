"""An applicant takes a request back, as long as it has not been sent."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Withdrawing"


def test_a_request_is_withdrawn_until_it_is_sent(walk: Walking) -> None:
    """The village writes the withdrawal down, with the applicant's words."""
    walk("""
        day        | who             | deed            | refused       | state
        -----------+-----------------+-----------------+---------------+------------
        2026-11-24 | operator        | record          |               | draft
                   | operator        | prove           |               | draft
                   | operator        | reserve         |               | reserved
                   | village head    | deliberate fit  |               | deliberated
                   | supervisor      | open a window   |               | deliberated
                   | system          | pack            |               | packed
                   | village head    | hand over       |               | handed_over
                   | verifier        | verify verified |               | verified
                   | supervisor      | finalise        |               | finalised
                   | bupati's office | endorse         |               | endorsed
                   | supervisor      | withdraw        | role-missing  | endorsed
                   | operator        | withdraw        |               | withdrawn
                   | operator        | withdraw        | state-differs | withdrawn
    """)


def test_what_was_sent_is_not_withdrawn(walk: Walking) -> None:
    """What the centre has is the centre's to answer."""
    walk("""
        day        | who             | deed            | refused       | state
        -----------+-----------------+-----------------+---------------+------------
        2026-11-24 | operator        | record          |               | draft
                   | operator        | prove           |               | draft
                   | operator        | reserve         |               | reserved
                   | village head    | deliberate fit  |               | deliberated
                   | supervisor      | open a window   |               | deliberated
                   | system          | pack            |               | packed
                   | village head    | hand over       |               | handed_over
                   | verifier        | verify verified |               | verified
                   | supervisor      | finalise        |               | finalised
                   | bupati's office | endorse         |               | endorsed
                   | supervisor      | send            |               | sent
                   | operator        | withdraw        | state-differs | sent
    """)


def test_asked_by_the_village_an_applicant_may_go_on(walk: Walking) -> None:
    """The village asks the applicant, who wants to go on after all. The wish to cancel is answered with the
    applicant's words, and the request stays where it is."""
    walk("""
        day        | who      | deed          | refused               | state
        -----------+----------+---------------+-----------------------+---------
        2026-11-24 | operator | record        |                       | draft
                   | operator | reserve       |                       | reserved
                   | operator | keep          | no-cancellation-asked | reserved
                   | resident | ask to cancel |                       | reserved
                   | operator | take keep     | must-be-said          | reserved
                   | operator | keep          |                       | reserved
                   | operator | keep          | no-cancellation-asked | reserved
    """)


def test_a_resident_asks_on_the_ticket_and_the_village_decides(walk: Walking) -> None:
    """Whoever has the ticket can ask to cancel. It is a task for the village, never at once a withdrawal."""
    walk("""
        day        | who      | deed          | refused       | state
        -----------+----------+---------------+---------------+----------
        2026-11-24 | operator | record        |               | draft
                   | operator | reserve       |               | reserved
                   | resident | ask to cancel |               | reserved
                   | operator | withdraw      |               | withdrawn
                   | resident | ask to cancel | state-differs | withdrawn
    """)
