"""What people write is read, in many spellings; what cannot be read is said, and never guessed."""

from __future__ import annotations

from tests.spec.values.written import read

title = "Reading"


def test_days_are_read_as_people_write_them() -> None:
    """A day may be written in several ways. One that does not exist is none."""
    read("""
        attribute  | written         | kept as    | finding
        -----------+-----------------+------------+----------------
        birth_date | 1988-07-05      | 1988-07-05 |
        birth_date | 05-07-1988      | 1988-07-05 |
        birth_date | 5/7/1988        | 1988-07-05 |
        birth_date | 5 Juli 1988     | 1988-07-05 |
        birth_date | 31-02-1988      |            | date-unreadable
        birth_date | kemarin         |            | date-unreadable
        birth_date | -               |            |
    """)


def test_codes_are_read_by_number_label_or_spelling() -> None:
    """A code is its number, its label, or a spelling of the list."""
    read("""
        attribute      | written      | kept as | finding
        ---------------+--------------+---------+-------------
        sex            | 1            | 1       |
        sex            | Laki-laki    | 1       |
        sex            | P            | 2       |
        marital_status | 2. Kawin     | 2       |
        marital_status | duda keren   |         | code-unknown
    """)


def test_numbers_are_read_as_written_here() -> None:
    """A point separates thousands. A word is no number."""
    read("""
        attribute         | written | kept as | finding
        ------------------+---------+---------+------------------
        work_hours_week   | 40      | 40      |
        work_hours_week   | 40.0    | 40      |
        livestock_cattle  | 1.250   | 1250    |
        work_hours_week   | banyak  |         | number-unreadable
        owns_land         | Ya      | 1       |
        owns_land         | tidak   | 2       |
        owns_land         | mungkin |         | code-unknown
    """)


def test_telephones_points_and_regions() -> None:
    """A telephone is kept with its country, a point with a point, a region without points."""
    read("""
        attribute    | written           | kept as       | finding
        -------------+-------------------+---------------+-----------------------
        phone        | 0812-3456-789     | +628123456789 |
        phone        | 112               |               | phone-unreadable
        point        | -8.1351; 113.2243 | -8.1351,113.2243 |
        point        | dekat masjid      |               | point-unreadable
        region_lived | 35.08.15.2001     | 3508152001    |
        region_lived | Burno             |               | region-code-unreadable
    """)
