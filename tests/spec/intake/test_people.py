"""Of whom a row speaks: a number alone proves nothing."""

from __future__ import annotations

from tests.spec.intake.lists import Lists

title = "Of whom a row speaks"


def test_a_row_finds_its_person_again(lists: Lists) -> None:
    """The second list says the same of the same person: nothing is news."""
    lists.taken(
        """
        family | nik              | name        | birth_date | relation | address | marked
        -------+------------------+-------------+------------+----------+---------+-------
        f1     | 9908014507880003 | SITI RAHAYU | 1988-07-05 | 1        | Krajan  |
        """,
        as_of="2026-10-01",
    )
    assert lists.counts == {"rows": 1, "in": 1, "again": 0}
    lists.taken(
        """
        family | nik              | name        | birth_date | relation | address | marked
        -------+------------------+-------------+------------+----------+---------+-------
        f1     | 9908014507880003 | SITI RAHAYU | 1988-07-05 | 1        | Krajan  |
        """,
        as_of="2026-11-01",
    )
    assert lists.counts == {"rows": 1, "in": 0, "again": 1}
    lists.known("""
        nik              | name        | relation | family | address | registration
        -----------------+-------------+----------+--------+---------+-------------
        9908014507880003 | SITI RAHAYU | 1        | f1     | Krajan  | registered
    """)


def test_two_rows_with_one_nik_are_two_records(lists: Lists) -> None:
    """Two rows carry one NIK. They are two records, perhaps of one person; the second is marked, and nobody is lost."""
    lists.taken(
        """
        family | nik              | name        | birth_date | relation | address | marked
        -------+------------------+-------------+------------+----------+---------+------------
        f1     | 9908014507880003 | SITI RAHAYU | 1988-07-05 | 1        | Krajan  |
        f2     | 9908014507880003 | SITI RAHAYU | 1988-07-05 | 1        | Krajan  | nik-doubled
        """,
        as_of="2026-10-01",
    )
    lists.known("""
        nik              | name        | family
        -----------------+-------------+-------
        9908014507880003 | SITI RAHAYU | f1
        9908014507880003 | SITI RAHAYU | f2
    """)


def test_a_number_of_somebody_else_is_marked(lists: Lists) -> None:
    """A row carries the number of a known person, and neither the name nor the birth date agrees: it is somebody else,
    and somebody has to look."""
    lists.taken(
        """
        family | nik              | name        | birth_date | relation | address | marked
        -------+------------------+-------------+------------+----------+---------+-------
        f1     | 9908014507880003 | SITI RAHAYU | 1988-07-05 | 1        | Krajan  |
        """,
        as_of="2026-10-01",
    )
    lists.taken(
        """
        family | nik              | name     | birth_date | relation | address  | marked
        -------+------------------+----------+------------+----------+----------+---------------
        f9     | 9908014507880003 | PONIRIN  | 1961-01-01 | 1        | Darungan | nik-of-another
        """,
        as_of="2026-11-01",
    )
    lists.known("""
        nik              | name        | family
        -----------------+-------------+-------
        9908014507880003 | SITI RAHAYU | f1
        9908014507880003 | PONIRIN     | f9
    """)
