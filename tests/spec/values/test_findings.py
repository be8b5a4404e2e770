"""What is wrong with a value by itself is said at the field."""

from __future__ import annotations

from tests.spec.values.written import find

title = "Findings"


def test_numbers_have_bounds_and_text_has_an_end() -> None:
    """The bounds stand in the table of attributes. The bound itself is inside."""
    find("""
        attribute       | value | findings
        ----------------+-------+-----------------
        work_hours_week | 0     |
        work_hours_week | -1    | number-too-small
        work_hours_week | 168   |
        work_hours_week | 169   | number-too-large
        work_hours_week | viele | value-wrong-type
        occupation      | true  | value-wrong-type
        address         | .     |
    """)


def test_days_lie_between_the_first_year_and_today() -> None:
    """Nobody here was born before 1900, and nothing that happened lies in the future."""
    find("""
        attribute  | value      | findings
        -----------+------------+----------------
        birth_date | 1899-12-31 | year-too-early
        birth_date | 1900-01-01 |
        birth_date | 2026-11-24 |
        birth_date | 2026-11-25 | date-in-future
        birth_date | 24-11-2026 | date-unreadable
    """)


def test_a_number_of_sixteen_digits_is_kept_plain() -> None:
    """NIK and No KK are kept as sixteen digits and nothing else."""
    find("""
        attribute | value               | findings
        ----------+---------------------+----------------
        nik       | 9908014507880003    |
        nik       | 9908-0145-0788-0003 | nik-not-plain
        nik       | 990801450788000     | nik-too-short
        no_kk     | 9908011203150007    |
        no_kk     | 9908-0112-0315-0007 | no-kk-not-plain
    """)


def test_places_lie_in_indonesia() -> None:
    """A point lies in the country, and a village has ten digits."""
    find("""
        attribute    | value            | findings
        -------------+------------------+------------------------
        point        | -8.1351,113.2243 |
        point        | 113.2243,-8.1351 | point-outside-indonesia
        region_lived | 3508152001       |
        region_lived | 350815           | region-level-differs
    """)
