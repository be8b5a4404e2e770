"""A list is frozen by somebody who did not verify it, and endorsed by a letter that names it."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Finalising and endorsing"


def test_whoever_verified_does_not_finalise(walk: Walking) -> None:
    """A supervisor who verified a row does not freeze the list; the head of Dinsos can."""
    walk("""
        day        | who                     | deed            | refused          | state
        -----------+-------------------------+-----------------+------------------+------------
        2026-11-24 | operator                | record          |                  | draft
                   | operator                | prove           |                  | draft
                   | operator                | reserve         |                  | reserved
                   | village head            | deliberate fit  |                  | deliberated
                   | supervisor              | open a window   |                  | deliberated
                   | system                  | pack            |                  | packed
                   | village head            | hand over       |                  | handed_over
                   | verifier who supervises | verify verified |                  | verified
                   | verifier                | finalise        | role-missing     | verified
                   | verifier who supervises | finalise        | own-verification | verified
                   | head of Dinsos          | finalise        |                  | finalised
    """)


def test_a_list_is_finalised_when_every_row_is_decided(walk: Walking) -> None:
    """A batch with a row that nobody looked at stays out. If nothing else is there, the supervisor reads how
    many rows are missing."""
    walk("""
        day        | request | who          | deed            | refused        | state
        -----------+---------+--------------+-----------------+----------------+------------
        2026-11-24 | A       | operator     | record          |                | draft
                   | A       | operator     | prove           |                | draft
                   | A       | operator     | reserve         |                | reserved
                   | A       | village head | deliberate fit  |                | deliberated
                   | B       | operator     | record          |                | draft
                   | B       | operator     | prove           |                | draft
                   | B       | operator     | reserve         |                | reserved
                   | B       | village head | deliberate fit  |                | deliberated
                   | B       | supervisor   | open a window   |                | deliberated
                   | B       | system       | pack            |                | packed
                   | B       | supervisor   | finalise        | list-empty     | packed
                   | B       | village head | hand over       |                | handed_over
                   | A       | verifier     | verify verified |                | verified
                   | A       | supervisor   | finalise        | rows-undecided | verified
                   | B       | verifier     | verify refused  |                | refused
                   | A       | supervisor   | finalise        |                | finalised
                   | B       |              |                 |                | refused
    """)


def test_one_batch_can_be_finalised_while_another_waits(walk: Walking) -> None:
    """A supervisor may freeze a list of one batch. Of a batch with an undecided row no list is made."""
    walk("""
        day        | request | who          | deed                     | refused        | state
        -----------+---------+--------------+--------------------------+----------------+------------
        2026-11-24 | A       | operator     | record                   |                | draft
                   | A       | operator     | prove                    |                | draft
                   | A       | operator     | reserve                  |                | reserved
                   | A       | village head | deliberate fit           |                | deliberated
                   | A       | supervisor   | open a window            |                | deliberated
                   | A       | system       | pack                     |                | packed
                   | A       | village head | hand over                |                | handed_over
                   | B       | operator     | record                   |                | draft
                   | B       | operator     | prove                    |                | draft
                   | B       | operator     | reserve                  |                | reserved
                   | B       | village head | deliberate fit           |                | deliberated
                   | B       | system       | pack                     |                | packed
                   | B       | village head | hand over                |                | handed_over
                   | A       | verifier     | verify verified          |                | verified
                   | B       | supervisor   | finalise only this batch | rows-undecided | handed_over
                   | A       | supervisor   | finalise only this batch |                | finalised
                   | B       | verifier     | verify verified          |                | verified
                   | B       | supervisor   | finalise only this batch |                | finalised
    """)


def test_the_letter_names_the_digest_of_this_very_list(walk: Walking) -> None:
    """The signed letter carries a number, a day, a signer, and at least sixteen signs of the list's digest."""
    walk("""
        day        | who             | deed                        | refused        | state
        -----------+-----------------+-----------------------------+----------------+------------
        2026-11-24 | operator        | record                      |                | draft
                   | operator        | prove                       |                | draft
                   | operator        | reserve                     |                | reserved
                   | village head    | deliberate fit              |                | deliberated
                   | supervisor      | open a window               |                | deliberated
                   | system          | pack                        |                | packed
                   | village head    | hand over                   |                | handed_over
                   | verifier        | verify verified             |                | verified
                   | supervisor      | finalise                    |                | finalised
                   | bupati's office | endorse without number      | must-be-said   | finalised
                   | bupati's office | endorse without signer      | must-be-said   | finalised
                   | bupati's office | endorse with another digest | digest-differs | finalised
                   | bupati's office | endorse with fifteen signs  | digest-differs | finalised
                   | verifier        | endorse                     | role-missing   | finalised
                   | bupati's office | endorse                     |                | endorsed
                   | bupati's office | endorse                     | state-differs  | endorsed
    """)


def test_the_supervisor_may_upload_what_was_signed(walk: Walking) -> None:
    """Where the bupati's office has no account, the supervisor uploads the signed letter."""
    walk("""
        day        | who          | deed            | refused | state
        -----------+--------------+-----------------+---------+------------
        2026-11-24 | operator     | record          |         | draft
                   | operator     | prove           |         | draft
                   | operator     | reserve         |         | reserved
                   | village head | deliberate fit  |         | deliberated
                   | supervisor   | open a window   |         | deliberated
                   | system       | pack            |         | packed
                   | village head | hand over       |         | handed_over
                   | verifier     | verify verified |         | verified
                   | supervisor   | finalise        |         | finalised
                   | supervisor   | endorse         |         | endorsed
    """)
