"""A list goes on using a number that is nobody's own any more: it finds who they are, and undoes nothing."""

from __future__ import annotations

from mutakhir.actions.facts import State, state_facts
from mutakhir.core.actors import SYSTEM
from mutakhir.core.attribution import MERGED_INTO
from mutakhir.core.rules.double_id import MEMBERSHIP, Annulled, merge
from mutakhir.ports import Register
from tests.builders import VILLAGE, instant
from tests.spec.intake.lists import Lists

title = "Rows with a former number"

TWICE = """
    family | nik              | name         | birth_date | relation | address  | marked
    -------+------------------+--------------+------------+----------+----------+-------
    f1     | 9908014507880003 | SITI RAHAYU  | 1988-07-05 | 1        | Krajan   |
    f2     | 9908014507880009 | SITTI RAHAYU | 1988-07-05 | 1        | Darungan |
"""


def test_a_row_with_a_former_nik_moves_nobody(lists: Lists) -> None:
    """Two rows turned out to be one person. The next list still has both: the row with the former number is marked, makes
    no new person, and brings the annulled membership not back."""
    lists.taken(TWICE, as_of="2026-10-01")
    merged(lists, "9908014507880003", "9908014507880009")
    lists.taken(
        """
        family | nik              | name         | birth_date | relation | address  | marked
        -------+------------------+--------------+------------+----------+----------+------------------
        f2     | 9908014507880009 | SITTI RAHAYU | 1988-07-05 | 1        | Darungan | number-of-retired
        f1     | 9908014507880003 | SITI RAHAYU  | 1988-07-05 | 1        | Krajan   |
        """,
        as_of="2026-11-01",
    )
    assert lists.counts["rows"] == 2
    lists.known("""
        nik              | name        | family | address | registration
        -----------------+-------------+--------+---------+-------------
        9908014507880003 | SITI RAHAYU | f1     | Krajan  | registered
    """)


def test_what_only_the_former_row_says_is_news(lists: Lists) -> None:
    """The next list knows the person by the former number alone. What it says of the person is taken in; the number and
    the family stay as they were decided."""
    lists.taken(TWICE, as_of="2026-10-01")
    merged(lists, "9908014507880003", "9908014507880009")
    lists.taken(
        """
        family | nik              | name           | birth_date | relation | address  | marked
        -------+------------------+----------------+------------+----------+----------+------------------
        f2     | 9908014507880009 | SITI RAHAYU W. | 1988-07-05 | 1        | Darungan | number-of-retired
        """,
        as_of="2026-11-01",
    )
    lists.known("""
        nik              | name           | family
        -----------------+----------------+-------
        9908014507880003 | SITI RAHAYU W. | f1
    """)


def test_two_records_with_one_nik_stay_one_person(lists: Lists) -> None:
    """Both records carry the same NIK, and are one person now: the second row of the next list makes nobody new."""
    same = """
        family | nik              | name        | birth_date | relation | address | marked
        -------+------------------+-------------+------------+----------+---------+------------
        f1     | 9908014507880003 | SITI RAHAYU | 1988-07-05 | 1        | Krajan  |
        f2     | 9908014507880003 | SITI RAHAYU | 1988-07-05 | 1        | Krajan  | nik-doubled
    """
    lists.taken(same, as_of="2026-10-01")
    first, second = lists.ground.ask(lambda register: register.by_identifier("nik", ["9908014507880003"]))[
        "9908014507880003"
    ]
    merge_people(lists, first, second)
    lists.taken(same.replace("| nik-doubled", "| number-of-retired"), as_of="2026-11-01")
    assert lists.counts == {"rows": 2, "in": 0, "again": 2}
    lists.known("""
        nik              | name        | family
        -----------------+-------------+-------
        9908014507880003 | SITI RAHAYU | f1
    """)


def test_the_number_of_an_ended_family_finds_the_one_that_goes_on(lists: Lists) -> None:
    """A list still names the family that ended: its rows are about the family that it joined."""
    lists.taken(
        """
        family | nik              | name        | birth_date | relation | address  | marked
        -------+------------------+-------------+------------+----------+----------+-------
        f1     | 9908014507880003 | SITI RAHAYU | 1988-07-05 | 1        | Krajan   |
        f2     | 9908010101800004 | PONIRIN     | 1980-01-01 | 1        | Darungan |
        """,
        as_of="2026-10-01",
    )
    joined(lists, "9908010101800004", "9908014507880003")
    lists.taken(
        """
        family | nik              | name    | birth_date | relation | address | marked
        -------+------------------+---------+------------+----------+---------+-------
        f2     | 9908010101800004 | PONIRIN | 1980-01-01 | 2        | Krajan  |
        f2     | 9908014101120005 | DEWI    | 2012-01-01 | 3        | Krajan  |
        """,
        as_of="2026-11-01",
    )
    lists.known("""
        nik              | name        | family | relation
        -----------------+-------------+--------+---------
        9908014507880003 | SITI RAHAYU | f1     | 1
        9908010101800004 | PONIRIN     | f1     | 2
        9908014101120005 | DEWI        | f1     | 3
    """)


# --- what happened between two lists --------------------------------------------------------------------------------


def carrier(lists: Lists, nik: str) -> int:
    return lists.ground.ask(lambda register: register.by_identifier("nik", [nik]))[nik][0]


def merged(lists: Lists, survivor: str, other: str) -> None:
    merge_people(lists, carrier(lists, survivor), carrier(lists, other))


def merge_people(lists: Lists, survivor: int, other: int) -> None:
    def carry_out(*, register: Register) -> None:
        histories = register.attributed([survivor, other])
        register.append(
            merge(
                histories[survivor], histories[other], Annulled(other=(*MEMBERSHIP, "nik")), source="request:7",
                reason="written_twice", actor="nira", now=instant("2026-10-15"),
            )
        )  # fmt: skip

    lists.ground.perform(carry_out, now=instant("2026-10-15"))


def joined(lists: Lists, moving: str, staying: str) -> None:
    people = [carrier(lists, nik) for nik in (moving, staying)]
    known = lists.ground.ask(lambda register: register.current(people))
    ends, goes_on = (known[one]["family"] for one in people)
    lists.ground.perform(
        state_facts,
        [
            State(people[0], "person", {"family": goes_on, "relation": "2"}),
            State(ends, "family", {MERGED_INTO: goes_on}),
        ],
        region=VILLAGE, holds_from=instant("2026-10-15").date(), authority="social", source="request:7", actor=SYSTEM,
        now=instant("2026-10-15"),
    )  # fmt: skip
