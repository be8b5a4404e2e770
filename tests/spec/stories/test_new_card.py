"""A daughter marries a man of another family; the two have a family card of their own now."""

from __future__ import annotations

from tests.spec.families.households import Households
from tests.spec.walks import Walking

title = "A child married and made a new family card"

BEFORE = """
    name   | family | relation | born       | nik
    -------+--------+----------+------------+-----------------
    Slamet | A      | 1        | 1968-07-15 | 9908011507680001
    Aminah | A      | 2        | 1970-07-05 | 9908014507700002
    Wati   | A      | 3        | 2004-02-03 | 9908014302040003
    Sumi   | B      | 1        | 1961-01-01 | 9908014101610006
    Yono   | B      | 3        | 2002-02-03 | 9908010302020004
"""
CARDS = """
    family | card
    -------+-----------------
    A      | 9908011203150007
    B      | 9908011203150008
"""
MARRIED = """
    who  | part    | becomes
    -----+---------+--------
    Wati | people  | 2
    Yono | joining | 1
"""


def test_the_couple_has_a_family_of_its_own(households: Households) -> None:
    """On any day Wati shows the new card at the village. She and Yono go; her parents keep the old card, and with it the
    family's number. Every row says what is waited for, and whose turn it is. In the end there are three families, the new
    one says where it came from, lives in the parents' house for the time being, and its home is visited. Nobody's
    registration has stopped for a single day; the day until which the living conditions are to be recorded is stated."""
    households.known(BEFORE, cards=CARDS)
    households.split("A", MARRIED, card="rest", no_kk_people="9908012411260001")
    Walking(households.walk)("""
        day        | deed             | who             | state       | waits for   | whose turn
        -----------+------------------+-----------------+-------------+-------------+---------------------------------
        2026-11-24 | prove            | operator        | draft       | reserve     | village_operator, data_filler
                   | reserve          | operator        | reserved    | deliberate  | village_operator, village_head
        2026-11-26 | deliberate fit   | village head    | deliberated | pack        | system
        2026-12-22 | open a window    | supervisor      | deliberated | pack        | system
                   | pack             | system          | packed      | hand_over   | village_head, system
        2026-12-24 | hand over        | village head    | handed_over | verify      | verifier
        2026-12-28 | verify verified  | verifier        | verified    | finalise    | supervisor, head_of_dinsos
        2026-12-29 | finalise         | supervisor      | finalised   | endorse     | bupati_office, supervisor
        2027-01-04 | endorse          | bupati's office | endorsed    | send        | supervisor, system
                   | send             | supervisor      | sent        | determine   | centre, supervisor
    """)
    households.determine()
    assert households.state == "applied"
    households.shown("""
        name   | family | relation | registration | since      | until
        -------+--------+----------+--------------+------------+-----------
        Slamet | A      | 1        | registered   | 2024-03-14 |
        Aminah | A      | 2        | registered   | 2024-03-14 |
        Wati   | new    | 2        | registered   | 2026-11-24 | 2027-04-04
        Yono   | new    | 1        | registered   | 2026-11-24 | 2027-04-04
        Sumi   | B      | 1        | registered   | 2024-03-14 |
    """)
    households.cards("""
        family | card             | came from | house of | members
        -------+------------------+-----------+----------+--------
        A      | 9908011203150007 |           | A, new   | 2
        B      | 9908011203150008 |           | B        | 1
        new    | 9908012411260001 | A         | A, new   | 2
    """)
    assert households.visits == ("visit-new-family, Yono",)
    assert not households.tasks


def test_the_register_can_still_say_how_it_was(households: Households) -> None:
    """Asked for the day before the wedding, or as it was known before, everybody is where they were."""
    households.known(BEFORE, cards=CARDS)
    before = households.position
    households.split("A", MARRIED, card="rest")
    households.carry()
    as_it_was = """
        name | family | relation
        -----+--------+---------
        Wati | A      | 3
        Yono | B      | 3
    """
    households.shown(as_it_was, position=before)
    households.shown(as_it_was, on="2026-11-23")
