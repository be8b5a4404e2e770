"""Two families become one: memberships end in the one and begin in the other, and the ended number finds the other."""

from __future__ import annotations

from tests.spec.families.households import Households

title = "Two families become one"

TWO = """
    name   | family | relation | born
    -------+--------+----------+-----------
    Siti   | A      | 1        | 1988-07-05
    Bayu   | A      | 3        | 2015-02-03
    Ponirin| B      | 1        | 1980-01-01
    Dewi   | B      | 3        | 2012-05-06
"""
CARDS = """
    family | card
    -------+-----------------
    A      | 9908011203150007
    B      | 9908011203150008
"""


def test_the_members_go_over_on_the_stated_day(households: Households) -> None:
    """A marriage of two who have children. On the stated day the members of the one family belong to the other; on the
    day before they belonged to their own."""
    households.known(TWO, cards=CARDS)
    before = households.position
    households.join(
        "A",
        "B",
        """
        who     | becomes
        --------+--------
        Ponirin | 2
        """,
        since="2026-11-01",
    )
    households.carry()
    households.shown("""
        name    | family | relation | registration | since
        --------+--------+----------+--------------+-----------
        Siti    | A      | 1        | registered   | 2024-03-14
        Bayu    | A      | 3        | registered   | 2024-03-14
        Ponirin | A      | 2        | registered   | 2026-11-01
        Dewi    | A      | 3        | registered   | 2026-11-01
    """)
    earlier = """
        name    | family | relation
        --------+--------+---------
        Ponirin | B      | 1
        Dewi    | B      | 3
    """
    households.shown(earlier, on="2026-10-31")
    households.shown(earlier, position=before)
    households.cards("""
        family | card             | joined | members
        -------+------------------+--------+--------
        A      | 9908011203150007 |        | 4
        B      | 9908011203150008 | A      | 0
    """)
    assert households.tasks == ()


def test_the_ended_number_finds_the_family_that_goes_on(households: Households) -> None:
    """The card of the family that ended leads to the family that its members belong to now, however often it joined."""
    households.known(
        TWO + "    Lastri | C      | 1        | 1950-01-01\n",
        cards=CARDS + "    C      | 9908011203150009\n",
    )
    households.join("A", "B", "who | becomes\n---+---\nPonirin | 2")
    households.carry()
    households.found_by("""
        kind  | number           | carried by | leads to
        ------+------------------+------------+---------
        no_kk | 9908011203150007 | A          |
        no_kk | 9908011203150008 |            | A
    """)
    households.join("C", "A", "who | becomes\n---+---\nSiti | 3\nBayu | 5\nPonirin | 4\nDewi | 5")
    households.carry()
    households.found_by("""
        kind  | number           | carried by | leads to
        ------+------------------+------------+---------
        no_kk | 9908011203150007 |            | C
        no_kk | 9908011203150008 |            | C
        no_kk | 9908011203150009 | C          |
    """)


def test_either_family_may_go_on_with_either_card(households: Households) -> None:
    """The form says which family goes on and whose card it has; a new card has a number that nobody had."""
    households.known(TWO, cards=CARDS)
    households.join(
        "A", "B", "who | becomes\n---+---\nSiti | 2", goes_on="other", card="new", no_kk="9908012411260001"
    )
    households.carry()
    households.cards("""
        family | card             | joined | members
        -------+------------------+--------+--------
        A      | 9908011203150007 | B      | 0
        B      | 9908012411260001 |        | 4
    """)
    households.found_by("""
        kind  | number           | carried by | leads to
        ------+------------------+------------+---------
        no_kk | 9908011203150007 |            | B
        no_kk | 9908012411260001 | B          |
    """)


def test_a_family_that_has_ended_is_not_joined_again(households: Households) -> None:
    """Nor a family with itself, nor with one that nobody knows; and one family has one head."""
    households.known(TWO, cards=CARDS)
    assert households.join("A", "B") == ("family-has-head",)
    assert households.join("A", "A") == ("join-needs-two-families",)
    households.families["nowhere"] = 4_000_000
    assert households.join("A", "nowhere") == ("family-unknown",)
    households.join("A", "B", "who | becomes\n---+---\nPonirin | 2")
    households.carry()
    assert households.join("A", "B") == ("family-ended",)


def test_who_became_head_meanwhile_stays_head(households: Households) -> None:
    """While the request was on its way somebody else became head: the family has one head, and somebody settles it."""
    households.known(TWO, cards=CARDS)
    households.join("A", "B", "who | becomes\n---+---\nSiti | 2\nPonirin | 1")
    households.carry_until_sent()
    households.becomes("Siti", relation="2")
    households.arrives("Lastri", family="A", relation="1")
    households.determine()
    assert households.state == "applied"
    households.shown("""
        name    | family | relation
        --------+--------+---------
        Lastri  | A      | 1
        Siti    | A      | 2
        Ponirin | A      |
    """)


def test_annulling_gives_both_families_back(households: Households) -> None:
    """What a join stated is withdrawn: the members are in their own families, and each card finds its own."""
    households.known(TWO, cards=CARDS)
    households.join("A", "B", "who | becomes\n---+---\nPonirin | 2")
    households.carry()
    households.annul()
    households.shown("""
        name    | family | relation
        --------+--------+---------
        Siti    | A      | 1
        Ponirin | B      | 1
        Dewi    | B      | 3
    """)
    households.found_by("""
        kind  | number           | carried by | leads to
        ------+------------------+------------+---------
        no_kk | 9908011203150007 | A          |
        no_kk | 9908011203150008 | B          |
    """)


def test_the_common_card_is_the_word_of_the_civil_registry(households: Households) -> None:
    """What the civil registry said before holds until the day on which the two are on one card."""
    households.known(TWO, cards=CARDS, authority="civil")
    households.join("A", "B", "who | becomes\n---+---\nPonirin | 2", since="2026-11-01")
    households.carry()
    households.shown("""
        name    | family | relation
        --------+--------+---------
        Siti    | A      | 1
        Bayu    | A      | 3
        Ponirin | A      | 2
        Dewi    | A      | 3
    """)
