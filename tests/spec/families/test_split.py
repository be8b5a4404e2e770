"""A family splits: one part keeps the number, the other gets one of its own and says where it came from."""

from __future__ import annotations

from datetime import date, datetime

from mutakhir.actions.facts import State, state_facts
from mutakhir.core.actors import SYSTEM
from mutakhir.ports import Register
from tests.builders import VILLAGE
from tests.spec.families.households import Households

title = "A family splits"

THREE_GENERATIONS = """
    name   | family | relation | born       | nik
    -------+--------+----------+------------+-----------------
    Slamet | A      | 1        | 1950-07-15 | 9908011507500001
    Aminah | A      | 2        | 1955-07-05 | 9908014507550002
    Wati   | A      | 3        | 1985-02-03 | 9908014302850003
    Yono   | A      | 4        | 1983-02-03 | 9908010302830004
    Bayu   | A      | 5        | 2015-02-03 | 9908010302150005
"""
THREE_FAMILIES = """
    name   | family | relation | born       | nik
    -------+--------+----------+------------+-----------------
    Slamet | A      | 1        | 1950-07-15 | 9908011507500001
    Wati   | A      | 3        | 2004-02-03 | 9908014302040003
    Sumi   | B      | 1        | 1961-01-01 | 9908014101610006
    Yono   | B      | 3        | 2002-02-03 | 9908010302020004
    Bayu   | B      | 3        | 2012-02-03 | 9908010302120005
"""
CARD = """
    family | card
    -------+-----------------
    A      | 9908011203150007
"""


def test_the_part_that_keeps_its_card_keeps_the_number(households: Households) -> None:
    """The daughter, her husband and the child get a card of their own. The parents keep the old one, and with it the
    number of the family. A family that is new says where it came from, lives in the same house, and is visited."""
    households.known(THREE_GENERATIONS, cards=CARD)
    refused = households.split(
        "A",
        """
        who  | part   | becomes
        -----+--------+--------
        Wati | people | 2
        Yono | people | 1
        Bayu | people | 3
        """,
        card="rest",
        no_kk_people="9908012411260001",
    )
    assert not refused
    households.carry()
    households.shown("""
        name   | family | relation | registration
        -------+--------+----------+-------------
        Slamet | A      | 1        | registered
        Aminah | A      | 2        | registered
        Wati   | new    | 2        | registered
        Yono   | new    | 1        | registered
        Bayu   | new    | 3        | registered
    """)
    households.cards("""
        family | card             | came from | house of | address | members
        -------+------------------+-----------+----------+---------+--------
        A      | 9908011203150007 |           | A, new   | Dusun A | 2
        new    | 9908012411260001 | A         | A, new   | Dusun A | 3
    """)
    assert households.visits == ("visit-new-family, Yono",)
    assert not households.tasks


def test_the_card_may_go_with_those_who_leave(households: Households) -> None:
    """The card goes with the daughter's part: that part is the family of before, and the parents are the new one.
    They stay in their house; who moved out has an address and no house yet."""
    households.known(THREE_GENERATIONS, cards=CARD)
    households.split(
        "A",
        """
        who  | part   | becomes
        -----+--------+--------
        Wati | people | 2
        Yono | people | 1
        Bayu | people | 3
        """,
        card="people",
        house="apart",
        address="Dusun Krajan",
    )
    households.carry()
    households.shown("""
        name   | family | relation
        -------+--------+---------
        Slamet | new    | 1
        Aminah | new    | 2
        Wati   | A      | 2
        Yono   | A      | 1
        Bayu   | A      | 3
    """)
    households.cards("""
        family | card             | came from | house of | address
        -------+------------------+-----------+----------+-------------
        A      | 9908011203150007 |           |          | Dusun Krajan
        new    |                  | A         | new      | Dusun A
    """)


def test_without_the_card_the_number_stays_with_the_spouse_of_the_head(households: Households) -> None:
    """A divorce, and both get new cards. The head of until now leaves; the number stays with the spouse."""
    households.known(THREE_GENERATIONS, cards=CARD)
    households.split(
        "A",
        """
        who    | part   | becomes
        -------+--------+--------
        Slamet | people | 1
        Aminah | rest   | 1
        """,
        card="neither",
        no_kk_people="9908012411260001",
        no_kk_rest="9908012411260002",
    )
    households.carry()
    households.shown("""
        name   | family | relation
        -------+--------+---------
        Slamet | new    | 1
        Aminah | A      | 1
        Wati   | A      | 3
    """)
    households.cards("""
        family | card             | came from | members
        -------+------------------+-----------+--------
        A      | 9908012411260002 |           | 4
        new    | 9908012411260001 | A         | 1
    """)


def test_without_card_and_spouse_the_number_stays_with_the_eldest_adult(households: Households) -> None:
    """A grandmother who is not the head's wife, and children. The eldest who is grown up decides; a year is enough."""
    households.known("""
        name   | family | relation | born
        -------+--------+----------+-----------
        Yono   | A      | 1        | 1983-02-03
        Sumi   | A      | 6        | 1950
        Bayu   | A      | 3        | 2015-02-03
    """)
    households.split(
        "A",
        """
        who  | part   | becomes
        -----+--------+--------
        Sumi | people | 1
        """,
        card="neither",
    )
    households.carry()
    households.shown("""
        name | family | relation
        -----+--------+---------
        Yono | new    | 1
        Sumi | A      | 1
        Bayu | new    | 3
    """)


def test_a_person_may_decide_otherwise_with_a_reason(households: Households) -> None:
    """Where the village knows better which part is the family of before, it says so, and why."""
    households.known(THREE_GENERATIONS, cards=CARD)
    parts = """
        who    | part   | becomes
        -------+--------+--------
        Slamet | people | 1
        Aminah | rest   | 1
    """
    assert households.split("A", parts, card="rest", keeps="people") == ("must-be-said",)
    assert not households.split(
        "A", parts, card="rest", keeps="people", keeps_reason="Slamet tetap di rumah."
    )
    households.carry()
    households.shown("""
        name   | family
        -------+-------
        Slamet | A
        Aminah | new
    """)
    households.cards("""
        family | card             | came from
        -------+------------------+----------
        A      |                  |
        new    | 9908011203150007 | A
    """)


def test_who_married_a_member_comes_along_from_another_family(households: Households) -> None:
    """The daughter married a man who is registered with his mother. One request makes the new family of both; what he was
    in his mother's family says nothing here. His mother's family goes on without him."""
    households.known(THREE_FAMILIES, cards=CARD)
    married = """
        who  | part    | becomes
        -----+---------+--------
        Wati | people  | 2
        Yono | joining | 1
    """
    assert not households.split("A", married, card="rest", no_kk_people="9908012411260001")
    households.carry()
    households.shown("""
        name   | family | relation | since      | until
        -------+--------+----------+------------+-----------
        Slamet | A      | 1        | 2024-03-14 |
        Wati   | new    | 2        | 2026-11-24 | 2027-02-23
        Yono   | new    | 1        | 2026-11-24 | 2027-02-23
        Sumi   | B      | 1        | 2024-03-14 |
    """)
    assert households.visits == ("visit-new-family, Yono",)
    assert not households.tasks


def test_the_head_of_another_family_may_come_along(households: Households) -> None:
    """Then somebody is asked who heads the family that is left."""
    households.known(THREE_FAMILIES, cards=CARD)
    married = """
        who  | part    | becomes
        -----+---------+--------
        Wati | people  | 2
        Sumi | joining | 1
    """
    households.split("A", married, card="rest")
    households.carry()
    assert len(households.visits) == 1
    assert households.tasks == ("family-without-head for village_operator",)


def test_only_somebody_of_another_family_can_come_along(households: Households) -> None:
    """Whoever belongs to the family already is chosen among its members; nobody comes whom one does not see."""
    households.known(THREE_FAMILIES, cards=CARD)
    own = "who | part | becomes\n---+---+---\nWati | people | 2\nSlamet | joining | 1"
    assert households.split("A", own, card="rest") == ("joins-own-family",)
    households.people["nobody"] = 4_000_000
    unknown = "who | part | becomes\n---+---+---\nWati | people | 2\nnobody | joining | 1"
    assert households.split("A", unknown, card="rest") == ("person-unknown",)
    two_heads = "who | part | becomes\n---+---+---\nWati | people | 1\nYono | joining | 1"
    assert households.split("A", two_heads, card="rest") == ("family-has-head",)


def test_registration_goes_on_for_a_stated_time(households: Households) -> None:
    """Everybody in the new family stays registered. Until a stated day the register waits for its living conditions;
    being late ends nothing. Who was not registered is not registered by a split."""
    households.known(THREE_GENERATIONS, cards=CARD)
    households.ground.perform(_end, households.people["Bayu"], now=households.walk.now)
    households.split(
        "A",
        """
        who  | part   | becomes
        -----+--------+--------
        Wati | people | 1
        Yono | people | 2
        Bayu | people | 3
        """,
        card="rest",
    )
    households.carry()
    households.shown("""
        name   | family | registration | until
        -------+--------+--------------+-----------
        Slamet | A      | registered   |
        Wati   | new    | registered   | 2027-02-23
        Yono   | new    | registered   | 2027-02-23
        Bayu   | new    | ended        |
    """)
    households.walk.wait(100)
    households.shown("""
        name | family | registration | until
        -----+--------+--------------+-----------
        Wati | new    | registered   | 2027-02-23
    """)


def test_a_part_without_a_head_is_somebody_s_task(households: Households) -> None:
    """No head for a time is a legal state: it stops nothing, and somebody is asked to settle it."""
    households.known(THREE_GENERATIONS, cards=CARD)
    households.split(
        "A",
        """
        who    | part   | becomes
        -------+--------+--------
        Slamet | people | 1
        """,
        card="rest",
    )
    households.carry()
    assert len(households.visits) == 1
    assert households.tasks == ("family-without-head for village_operator",)


def test_who_receives_may_go_with_the_other_part(households: Households) -> None:
    """The daughter received for the family, and goes. Nothing stops: somebody is asked to name who receives now."""
    households.known(THREE_GENERATIONS, cards=CARD)
    households.receives("Wati", family="A")
    households.split("A", "who | part | becomes\n---+---+---\nWati | people | 1", card="rest")
    households.carry()
    assert households.tasks == ("family-without-pengurus for village_operator",)
    assert households.current(households.families["A"])["pengurus"] == households.people["Wati"]


def test_a_split_needs_two_parts(households: Households) -> None:
    """If everybody goes nothing splits; and nobody can be sent who does not belong to the family."""
    households.known("""
        name  | family | relation
        ------+--------+---------
        Yono  | A      | 1
        Bayu  | A      | 3
        Siti  | B      | 1
    """)
    everybody = """
        who  | part   | becomes
        -----+--------+--------
        Yono | people |
        Bayu | people |
    """
    assert households.split("A", everybody) == ("split-needs-two-parts",)
    assert households.split("A", "who | part | becomes\n---+---+---\nSiti | people | 1") == (
        "person-not-of-family",
    )
    two = "who | part | becomes\n---+---+---\nYono | rest | 1\nBayu | people | 1"
    assert not households.split("A", two)


def test_the_new_card_is_the_word_of_the_civil_registry(households: Households) -> None:
    """The civil registry said before who belongs together. The new card is its own word, on paper: the split is in force,
    and what it said holds until the day before."""
    households.known(THREE_GENERATIONS, cards=CARD, authority="civil")
    parts = "who | part | becomes\n---+---+---\nWati | people | 2\nYono | people | 1\nBayu | people | 3"
    households.split("A", parts, card="rest", no_kk_people="9908012411260001")
    households.carry()
    households.shown("""
        name   | family | relation
        -------+--------+---------
        Slamet | A      | 1
        Aminah | A      | 2
        Wati   | new    | 2
        Yono   | new    | 1
        Bayu   | new    | 3
    """)
    households.shown(
        """
        name | family | relation
        -----+--------+---------
        Wati | A      | 3
        Yono | A      | 4
        """,
        on="2026-11-23",
    )


def test_a_split_in_error_is_annulled(households: Households) -> None:
    """They still live on one card. The split is annulled, everybody is where they were, on every day, and nobody needs to
    visit a family that is none."""
    households.known(THREE_GENERATIONS, cards=CARD, authority="civil")
    parts = "who | part | becomes\n---+---+---\nWati | people | 2\nYono | people | 1\nBayu | people | 3"
    households.split("A", parts, card="rest", no_kk_people="9908012411260001")
    households.carry()
    households.annul()
    households.shown("""
        name   | family | relation | since      | until
        -------+--------+----------+------------+------
        Slamet | A      | 1        | 2024-03-14 |
        Wati   | A      | 3        | 2024-03-14 |
        Yono   | A      | 4        | 2024-03-14 |
    """)
    households.cards("""
        family | card             | came from | members
        -------+------------------+-----------+--------
        A      | 9908011203150007 |           | 5
        new    |                  |           | 0
    """)
    assert households.visits == ("visit-cause-annulled, Yono",)


def test_two_heads_in_one_part_are_refused(households: Households) -> None:
    """Each part has one head, as every family has."""
    households.known(THREE_GENERATIONS, cards=CARD)
    refused = households.split(
        "A",
        """
        who  | part   | becomes
        -----+--------+--------
        Wati | people | 1
        Yono | people | 1
        """,
    )
    assert refused == ("family-has-head",)


def test_earlier_answers_stay(households: Households) -> None:
    """What was answered before the split can be answered again; and on the days before it, it is the answer still."""
    households.known(THREE_GENERATIONS, cards=CARD)
    before = households.position
    households.split("A", "who | part | becomes\n---+---+---\nWati | people | 1", card="rest")
    households.carry()
    one = """
        name | family | relation | since
        -----+--------+----------+-----------
        Wati | A      | 3        | 2024-03-14
    """
    households.shown(one, position=before)
    households.shown(one, on="2026-11-23")
    households.shown("""
        name | family | relation | since
        -----+--------+----------+-----------
        Wati | new    | 1        | 2026-11-24
    """)


def _end(person: int, *, register: Register, now: datetime) -> None:
    state_facts(
        [State(person, "person", {"registration": "ended", "registration_reason": "own_wish"})],
        region=VILLAGE, holds_from=date(2026, 11, 1), authority="social", source="source:test", actor=SYSTEM, now=now,
        register=register,
    )  # fmt: skip
