"""The story of a death flag that was wrong: it is taken back at once, and whatever it caused is looked at again."""

from __future__ import annotations

from tests.builders import TO_APPLIED, Walker
from tests.spec.walks import Walking

title = "A death flag that was wrong"

DEATH = "record not_eligible reason=3"


def told_dead(walk: Walker) -> Walker:
    """Two relatives report the same death, of the wrong woman; the first report comes into force, the second is true by it."""
    walk.name = "A2"
    for deed, who in ((DEATH, "other operator"), *TO_APPLIED[1:3]):
        walk.must(deed, who)
    walk.name = "A"
    for deed, who in ((DEATH, "operator"), *TO_APPLIED[1:]):
        # The second report stays in the reserve: the village has not decided on it.
        assert walk.do(deed, who) in ((), ("not-decided",)), deed
    walk.name = "A2"
    walk.must("look after a list", "system")
    walk.name = "A"
    return walk


def test_a_death_flag_that_was_wrong(walk: Walking) -> None:
    """Two relatives reported a death, and the village wrote it down of another woman of that name. The first report came
    into force and ended her registration; the second was closed, for the register said so already. She comes to the
    village in February, when no window is open, and says that she lives. The supervisor asks for the annulment with her
    statement, the head of Dinsos agrees the same day: she is registered again from that moment. The second report waits
    again, which makes the village look at it, and it is taken back. What the village still has to do is its task."""
    told_dead(walk.walk)
    walk("""
        day        | request | who            | deed                            | refused         | state     | registration | eligibility  | waits for  | work for
        -----------+---------+----------------+---------------------------------+-----------------+-----------+--------------+--------------+------------+----------------------------------
        2027-02-10 | A2      | system         |                                 |                 | satisfied | ended        | not_eligible |            |
                   | A       | system         | pack                            | window-not-open | applied   | ended        | not_eligible |            |
                   |         | supervisor     | ask to annul                    |                 | applied   | ended        | not_eligible |            |
                   |         | head of Dinsos | approve the annulment           |                 | annulled  | registered   |              |            | annulled-request village_operator
                   | A2      | system         |                                 |                 | reserved  | registered   |              | deliberate |
                   |         | operator       | withdraw Yang wafat orang lain. |                 | withdrawn | registered   |              |            |
    """)


def test_who_received_for_the_family_is_asked_again(walk: Walking) -> None:
    """The head of a family was said to be dead, and his wife receives for it since. He is alive. The annulment registers
    him again and undoes nothing that others decided: she goes on receiving, and the supervisor, who has the change of
    pengurus that came from the wrong report, looks until a day whether it shall stay so."""
    there = walk.walk
    for name, deeds in (
        ("A", (("record not_eligible of=head reason=3", "operator"), *TO_APPLIED[1:4])),
        (
            "A2",
            (("turn to the change of pengurus", "operator"), ("amend of=wife", "operator"), *TO_APPLIED[1:3]),
        ),
        ("A2", TO_APPLIED[4:]),
        ("A", TO_APPLIED[5:]),
    ):
        there.name = name
        for deed, who in deeds:
            assert there.do(deed, who) in ((), ("pengurus-undecided",)), deed
    walk("""
        day        | request | who            | deed                      | state    | of the dead | pengurus | work for
        -----------+---------+----------------+---------------------------+----------+-------------+----------+-------------------------------------------------------------
        2027-02-10 | A       | system         |                           | applied  | ended       | wife     |
                   |         | supervisor     | ask to annul              | applied  | ended       | wife     |
                   |         | head of Dinsos | approve the annulment     | annulled | registered  | wife     | annulled-request village_operator, annulled-cause supervisor
                   | A2      | system         |                           | applied  | registered  | wife     |
    """)
