"""What is offered to somebody is exactly what they may do."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "What is offered"


def test_everybody_is_offered_their_own_steps(walk: Walking) -> None:
    """The buttons of a page are the steps that nothing stands in the way of, for whoever looks at it."""
    walk("""
        day        | who                | deed               | state       | may do
        -----------+--------------------+--------------------+-------------+-------------------------------------------------
        2026-11-24 | operator           | record             | draft       | amend, prove, reserve, withdraw
                   | operator           | prove              | draft       | amend, prove, reserve, withdraw
                   | operator           | reserve            | reserved    | amend, prove, offer, withdraw
                   | village head       |                    | reserved    | deliberate:fit, deliberate:not_fit
                   | verifier           |                    | reserved    |
                   | resident           |                    | reserved    | ask_cancellation
                   | village head       | deliberate not_fit | deliberated |
                   | operator           |                    | deliberated | amend, prove, appeal, offer, withdraw
                   | operator           | appeal             | reserved    | amend, prove, offer, withdraw
                   | supervisor         | open a window      | reserved    | offer
                   | system             | pack               | packed      | hand_over
                   | village head       |                    | packed      | hand_over
                   | village head       | hand over          | handed_over |
                   | camat              |                    | handed_over | forward:forwarded, forward:let_pass
                   | field checker      |                    | handed_over | visit
                   | verifier           |                    | handed_over | verify:verified, verify:returned, verify:refused
                   | verifier           | verify verified    | verified    | undo
                   | other verifier     |                    | verified    |
                   | head of Dinsos     |                    | verified    | finalise
                   | supervisor         | finalise           | finalised   | endorse
                   | bupati's office    | endorse            | endorsed    |
                   | supervisor         |                    | endorsed    | send
                   | supervisor         | send               | sent        | determine:yes, determine:no
                   | centre             |                    | sent        | determine:yes, determine:no
                   | operator elsewhere |                    | sent        |
    """)
