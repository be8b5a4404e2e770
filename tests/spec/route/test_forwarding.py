"""What a village hands over goes by the camat, who forwards it or lets it pass; nobody waits for that for ever."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "By way of the kecamatan"


def test_the_camat_says_once_what_becomes_of_a_batch(walk: Walking) -> None:
    """Three working days for one word: forwarded, or let pass. It is a mark; the verifier need not wait for it."""
    walk("""
        day        | who                | deed                       | refused            | state       | camat
        -----------+--------------------+----------------------------+--------------------+-------------+---------
        2026-11-24 | operator           | record leaving             |                    | draft       |
                   | operator           | prove                      |                    | draft       |
                   | operator           | reserve                    |                    | reserved    |
                   | supervisor         | open a window              |                    | reserved    |
                   | system             | pack                       |                    | packed      |
                   | camat              | forward the batch          | nothing-to-forward | packed      |
                   | village head       | hand over                  |                    | handed_over |
                   | verifier           | forward the batch          | role-missing       | handed_over |
                   | operator elsewhere | forward the batch          | not-found          | handed_over |
                   | camat              | forward the batch let_pass |                    | handed_over | let_pass
                   | camat              | forward the batch          | already-forwarded  | handed_over | let_pass
                   | camat              | forward                    | already-forwarded  | handed_over | let_pass
                   | verifier           | verify verified            |                    | verified    | let_pass
                   | camat              | forward the batch          | nothing-to-forward | verified    | let_pass
    """)


def test_what_is_not_forwarded_in_time_passes_and_says_so(walk: Walking) -> None:
    """Friday, Monday and Tuesday pass; the clock marks it on the day after, and nothing is approved or refused by
    it."""
    walk("""
        day        | who          | deed                  | refused           | state       | camat         | waits for
        -----------+--------------+-----------------------+-------------------+-------------+---------------+----------
        2026-11-25 | operator     | record leaving        |                   | draft       |               | reserve
                   | operator     | prove                 |                   | draft       |               | reserve
                   | operator     | reserve               |                   | reserved    |               | pack
                   | supervisor   | open a window         |                   | reserved    |               | pack
                   | system       | pack                  |                   | packed      |               | hand_over
                   | village head | hand over             |                   | handed_over |               | verify
        2026-12-01 | system       | let pass what is late |                   | handed_over |               | verify
        2026-12-02 | system       | let pass what is late |                   | handed_over | not_forwarded | verify
                   | camat        | forward the batch     | already-forwarded | handed_over | not_forwarded | verify
    """)
