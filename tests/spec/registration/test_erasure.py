"""What is known of a person is erased or sealed on a legal basis, by two persons, when nothing about them is open."""

from __future__ import annotations

from mutakhir.core.actors import Role
from tests.builders import KABUPATEN, TO_APPLIED, actor
from tests.spec.walks import Walking

title = "Erasing and sealing"


def test_one_asks_on_a_legal_basis_and_another_decides(walk: Walking) -> None:
    """The supervisor asks, with a basis of the list and the number of the letter; the head of Dinsos decides. Nothing is
    erased before the node's administrator carries it out."""
    walk("""
        day        | who                  | deed                          | refused                         | erasure
        -----------+----------------------+-------------------------------+---------------------------------+---------
        2027-02-03 | operator             | ask to erase                  | role-missing                    |
                   | supervisor elsewhere | ask to erase                  | not-found                       |
                   | supervisor           | ask to erase without letter   | must-be-said                    |
                   | supervisor           | ask to erase erase whim       | basis-unknown                   |
                   | supervisor           | ask to erase unseal asked     | not-sealed                      |
                   | supervisor           | ask to erase                  |                                 | asked
                   | supervisor           | ask to erase seal court       | erasure-open                    | asked
                   | supervisor           | approve the erasure           | role-missing, asked-by-yourself | asked
                   | head of Dinsos       | approve the erasure from an older page | changed-meanwhile      | asked
                   | head of Dinsos       | approve the erasure           |                                 | approved
                   | head of Dinsos       | refuse the erasure Masih perlu. | already-answered              | approved
                   | supervisor           | take the erasure back         | already-answered                | approved
                   | supervisor           | ask to erase                  | erasure-open                    | approved
    """)


def test_a_no_says_why_and_can_be_asked_about_again(walk: Walking) -> None:
    """What was refused, or taken back, stands no longer in the way of asking again."""
    walk("""
        day        | who            | deed                            | refused      | erasure
        -----------+----------------+---------------------------------+--------------+-----------
        2027-02-03 | supervisor     | ask to erase                    |              | asked
                   | head of Dinsos | refuse the erasure              | must-be-said | asked
                   | head of Dinsos | refuse the erasure Masih perlu. |              | refused
                   | supervisor     | ask to erase seal disputed      |              | asked
                   | supervisor     | take the erasure back           |              | taken_back
                   | supervisor     | ask to erase erase unlawful     |              | asked
    """)


def test_one_person_with_both_roles_is_still_one_person(walk: Walking) -> None:
    """Who asked does not decide, even if they hold both roles."""
    both = actor("plt-kadis", (Role.SUPERVISOR, KABUPATEN), (Role.HEAD_OF_DINSOS, KABUPATEN))
    there = walk.walk
    assert there.do("ask to erase", both) == ()
    assert there.do("approve the erasure", both) == ("asked-by-yourself",)
    assert there.do("approve the erasure", "head of Dinsos") == ()


def test_nothing_is_taken_while_a_request_about_the_person_is_open(walk: Walking) -> None:
    """A request about the person, or one that stands under their name, is finished or taken back first; so is an annulment
    of what is in force. Each of them is named."""
    for deed, who in (("record not_eligible reason=8", "operator"), *TO_APPLIED[1:]):
        walk.walk.must(deed, who)
    walk("""
        day        | request | who            | deed                         | refused                | erasure
        -----------+---------+----------------+------------------------------+------------------------+---------
        2027-02-03 | A2      | operator       | record not_eligible reason=16 |                       |
                   |         | supervisor     | ask to erase                 | erasure-request-open   |
                   |         | operator       | withdraw                     |                        |
                   | A       | supervisor     | ask to annul                 |                        |
                   |         | supervisor     | ask to erase                 | erasure-annulment-open |
                   |         | supervisor     | take the annulment back      |                        |
                   |         | supervisor     | ask to erase                 |                        | asked
                   | A3      | operator       | record not_eligible reason=15 |                       | asked
                   |         | head of Dinsos | approve the erasure          | erasure-request-open   | asked
                   |         | operator       | withdraw                     |                        | asked
                   |         | head of Dinsos | approve the erasure          |                        | approved
    """)


def test_a_visit_that_is_not_finished_is_called_off_first(walk: Walking) -> None:
    """What a field checker is still to find out about the person would be written down after them."""
    for deed, who in (("record not_eligible reason=8", "operator"), *TO_APPLIED[1:]):
        walk.walk.must(deed, who)
        if deed == "hand over":
            walk.walk.must("ask for a visit", "supervisor")
    walk("""
        day        | who        | deed         | refused            | erasure
        -----------+------------+--------------+--------------------+--------
        2027-02-03 | supervisor | ask to erase | erasure-visit-open |
                   | supervisor | call off     |                    |
                   | supervisor | ask to erase |                    | asked
    """)
