"""Each attribute has one authority; what another body says of it is a claim."""

from __future__ import annotations

from tests.spec.time.facts import Facts

title = "Claims"


def test_a_claim_is_shown_until_the_authority_has_spoken(facts: Facts) -> None:
    """The social register names a person; the name belongs to the civil register. As long as civil says nothing, the
    claim is the answer, and is shown as a claim."""
    facts.stated("""
        attribute | value           | from       | recorded   | authority
        ----------+-----------------+------------+------------+----------
        name      | Wawan           | 2024-01-01 | 2024-01-05 | social
        name      | Hermawan Santoso | 2024-03-01 | 2024-03-05 | civil
    """)
    facts.answered("""
        attribute | on         | answer           | said by | claim | to
        ----------+------------+------------------+---------+-------+-----------
        name      | 2024-02-29 | Wawan            | social  | yes   | 2024-03-01
        name      | 2024-03-01 | Hermawan Santoso | civil   |       |
    """)


def test_a_later_claim_does_not_overrule_the_authority(facts: Facts) -> None:
    """What another body says later stays a claim: it is kept, and it changes nothing."""
    facts.stated("""
        attribute | value           | from       | recorded   | authority
        ----------+-----------------+------------+------------+----------
        name      | Hermawan Santoso | 2024-03-01 | 2024-03-05 | civil
        name      | Wawan           | 2025-01-01 | 2025-01-05 | social
    """)
    facts.answered("""
        attribute | on         | answer           | said by | claim | to
        ----------+------------+------------------+---------+-------+---
        name      | 2025-06-01 | Hermawan Santoso | civil   |       |
    """)
    assert facts.now("name") == "Hermawan Santoso"


def test_the_authority_may_come_late_and_still_counts(facts: Facts) -> None:
    """Civil states the name from an earlier day on. From that day on it counts, whatever was claimed since."""
    facts.stated("""
        attribute | value           | from       | recorded   | authority
        ----------+-----------------+------------+------------+----------
        name      | Wawan           | 2024-06-01 | 2024-06-05 | social
        name      | Hermawan Santoso | 2024-03-01 | 2024-09-05 | civil
    """)
    facts.answered("""
        attribute | on         | answer           | claim
        ----------+------------+------------------+------
        name      | 2024-07-01 | Hermawan Santoso |
        name      | 2024-03-01 | Hermawan Santoso |
    """)


def test_the_social_register_is_the_authority_for_the_house(facts: Facts) -> None:
    """What civil says of a floor is a claim, and waits behind what the social register says."""
    facts.stated("""
        attribute      | value | from       | recorded   | authority
        ---------------+-------+------------+------------+----------
        floor_material | 6     | 2024-01-01 | 2024-01-05 | social
        floor_material | 1     | 2024-06-01 | 2024-06-05 | civil
    """)
    facts.answered("""
        attribute      | on         | answer | claim
        ---------------+------------+--------+------
        floor_material | 2024-07-01 | 6      |
    """)
