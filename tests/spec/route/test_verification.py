"""Somebody else looks again at what the village handed over."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Verifying"


def test_whoever_recorded_or_decided_does_not_verify(walk: Walking) -> None:
    """Verifying is done by somebody who neither recorded nor decided, even if they hold the role."""
    walk("""
        day        | who                   | deed            | refused  | state
        -----------+-----------------------+-----------------+----------+------------
        2026-11-24 | operator who verifies | record          |          | draft
                   | operator              | prove           |          | draft
                   | operator              | reserve         |          | reserved
                   | head who verifies     | deliberate fit  |          | deliberated
                   | supervisor            | open a window   |          | deliberated
                   | system                | pack            |          | packed
                   | village head          | hand over       |          | handed_over
                   | operator who verifies | verify verified | own-work | handed_over
                   | head who verifies     | verify verified | own-work | handed_over
                   | verifier              | verify verified |          | verified
    """)


def test_whoever_completed_or_proved_does_not_verify(walk: Walking) -> None:
    """Also who wrote only a part of it, added a piece of evidence, or took it up again, is not the one who verifies."""
    walk("""
        day        | who                     | deed                    | refused  | state
        -----------+-------------------------+-------------------------+----------+------------
        2026-11-24 | operator                | record                  |          | draft
                   | operator who verifies   | amend floor_material=7  |          | draft
                   | operator                | amend floor_material=8  |          | draft
                   | operator                | prove                   |          | draft
                   | other operator          | prove form              |          | draft
                   | operator                | reserve                 |          | reserved
                   | village head            | deliberate fit          |          | deliberated
                   | supervisor              | open a window           |          | deliberated
                   | system                  | pack                    |          | packed
                   | village head            | hand over               |          | handed_over
                   | operator who verifies   | verify verified         | own-work | handed_over
                   | operator who verifies   | verify returned         | own-work | handed_over
                   | verifier                | verify returned 1       |          | returned
    """)


def test_a_visit_adds_a_finding_and_moves_nothing(walk: Walking) -> None:
    """The field checker looks at the place, the camat forwards; the request stays where it is."""
    walk("""
        day        | who           | deed            | refused      | state
        -----------+---------------+-----------------+--------------+------------
        2026-11-24 | operator      | record          |              | draft
                   | operator      | prove           |              | draft
                   | operator      | reserve         |              | reserved
                   | village head  | deliberate fit  |              | deliberated
                   | supervisor    | open a window   |              | deliberated
                   | system        | pack            |              | packed
                   | village head  | hand over       |              | handed_over
                   | camat         | forward         |              | handed_over
                   | field checker | visit           |              | handed_over
                   | field checker | verify verified | role-missing | handed_over
    """)


def test_a_request_goes_back_with_a_reason_and_keeps_its_decision(walk: Walking) -> None:
    """What is sent back says why. The village takes it up again and need not decide again."""
    walk("""
        day        | who          | deed                       | refused      | state       | village says | returned because | waits for  | until
        -----------+--------------+----------------------------+--------------+-------------+--------------+------------------+------------+-----------
        2026-11-24 | operator     | record                     |              | draft       |              |                  | reserve    | 2026-12-08
                   | operator     | prove                      |              | draft       |              |                  | reserve    | 2026-12-08
                   | operator     | reserve                    |              | reserved    |              |                  | deliberate | 2027-02-22
                   | village head | deliberate fit             |              | deliberated | fit          |                  | pack       |
                   | supervisor   | open a window              |              | deliberated | fit          |                  | pack       |
                   | system       | pack                       |              | packed      | fit          |                  | hand_over  |
                   | village head | hand over                  |              | handed_over | fit          |                  | verify     | 2026-12-04
        2026-11-26 | verifier     | take verify:returned       | must-be-said | handed_over | fit          |                  | verify     | 2026-12-04
                   | verifier     | verify returned photograph |              | returned    | fit          | photograph       | resume     | 2026-12-10
                   | operator     | prove                      |              | returned    | fit          | photograph       | resume     | 2026-12-10
                   | operator     | resume                     |              | reserved    | fit          |                  | pack       |
                   | system       | pack                       |              | packed      | fit          |                  | hand_over  |
    """)


def test_a_verifier_may_refuse_with_a_reason(walk: Walking) -> None:
    """A refusal by the verifier has a reason and ends the request."""
    walk("""
        day        | who          | deed                | refused      | state       | reason | waits for
        -----------+--------------+---------------------+--------------+-------------+--------+-----------
        2026-11-24 | operator     | record              |              | draft       |        | reserve
                   | operator     | prove               |              | draft       |        | reserve
                   | operator     | reserve             |              | reserved    |        | deliberate
                   | village head | deliberate fit      |              | deliberated |        | pack
                   | supervisor   | open a window       |              | deliberated |        | pack
                   | system       | pack                |              | packed      |        | hand_over
                   | village head | hand over           |              | handed_over |        | verify
                   | verifier     | take verify:refused | must-be-said | handed_over |        | verify
                   | verifier     | verify refused 9    |              | refused     | 9      |
    """)


def test_a_verifier_takes_back_their_own_decision_only(walk: Walking) -> None:
    """Until the list is finalised, a decision can be undone by whoever made it, and by nobody else."""
    walk("""
        day        | who            | deed            | refused                         | state
        -----------+----------------+-----------------+---------------------------------+------------
        2026-11-24 | operator       | record          |                                 | draft
                   | operator       | prove           |                                 | draft
                   | operator       | reserve         |                                 | reserved
                   | village head   | deliberate fit  |                                 | deliberated
                   | supervisor     | open a window   |                                 | deliberated
                   | system         | pack            |                                 | packed
                   | village head   | hand over       |                                 | handed_over
                   | verifier       | verify verified |                                 | verified
                   | other verifier | undo            | not-own-decision                | verified
                   | verifier       | undo            |                                 | handed_over
                   | verifier       | verify refused  |                                 | refused
                   | verifier       | undo            |                                 | handed_over
                   | verifier       | undo            | state-differs, not-own-decision | handed_over
                   | other verifier | verify verified |                                 | verified
                   | supervisor     | finalise        |                                 | finalised
                   | other verifier | undo            | state-differs                   | finalised
    """)
