"""A family has one head and one address; what a list says otherwise is kept as written and marked."""

from __future__ import annotations

from tests.spec.intake.lists import Lists

title = "Families in a list"


def test_the_second_head_of_a_family_is_marked(lists: Lists) -> None:
    """Both rows say that they are the head. The first one is; of the second the word is kept."""
    lists.taken(
        """
        family | nik              | name         | birth_date | relation | address | marked
        -------+------------------+--------------+------------+----------+---------+------------
        f1     | 9908011507800002 | BUDI SANTOSO | 1980-07-15 | 1        | Krajan  |
        f1     | 9908014507880003 | SITI RAHAYU  | 1988-07-05 | 1        | Krajan  | second-head
        """,
        as_of="2026-10-01",
    )
    lists.known("""
        name         | family | relation | relation_raw
        -------------+--------+----------+-------------
        BUDI SANTOSO | f1     | 1        |
        SITI RAHAYU  | f1     |          | 1
    """)


def test_rows_of_a_family_that_disagree_are_marked(lists: Lists) -> None:
    """Two rows of one family give two addresses. What the first row says stays."""
    lists.taken(
        """
        family | nik              | name         | birth_date | relation | address  | marked
        -------+------------------+--------------+------------+----------+----------+-------------------
        f1     | 9908011507800002 | BUDI SANTOSO | 1980-07-15 | 1        | Krajan   |
        f1     | 9908014507880003 | SITI RAHAYU  | 1988-07-05 | 2        | Darungan | family-row-differs
        """,
        as_of="2026-10-01",
    )
    lists.known("""
        name         | family | relation | address
        -------------+--------+----------+--------
        BUDI SANTOSO | f1     | 1        | Krajan
        SITI RAHAYU  | f1     | 2        | Krajan
    """)
