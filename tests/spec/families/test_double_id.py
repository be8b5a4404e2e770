"""One person stands in the register twice: one number survives, the other still finds them, and nothing is lost."""

from __future__ import annotations

import pytest

from mutakhir.core.change_requests import missing
from tests.spec.families.households import Households

title = "One person, two numbers"

TWICE = """
    name     | family | relation | born       | nik              | insurance | occupation
    ---------+--------+----------+------------+------------------+-----------+-----------
    Ponirin  | A      | 1        | 1980-01-01 |                  |           |
    Siti     | A      | 2        | 1988-07-05 | 9908014507880003 | 1         |
    Sitti    | B      | 3        | 1988-07-05 | 9908014507880009 | 2         | 9
    Sumi     | B      | 1        | 1955-01-01 | 9908014101550001 |           |
"""


def test_the_survivor_has_the_records_of_both(households: Households) -> None:
    """What only one record says is not lost. The form names whose membership, whose NIK and whose place in a programme
    stays; the other membership, place and number are annulled. No meeting decides: papers prove it."""
    households.known(TWICE)
    assert not households.merge("Siti", "Sitti", membership="Siti", nik="Siti", programme="Sitti")
    households.carry(skips_meeting=True)
    households.shown("""
        name  | family | relation | nik              | health_insurance | occupation | same as
        ------+--------+----------+------------------+------------------+------------+--------
        Siti  | A      | 2        | 9908014507880003 | 2                | 9          |
        Sitti |        |          |                  |                  |            | Siti
        Sumi  | B      | 1        | 9908014101550001 |                  |            |
    """)
    households.cards("""
        family | members
        -------+--------
        A      | 2
        B      | 1
    """)
    assert households.tasks == ()


def test_the_annulled_membership_never_was(households: Households) -> None:
    """Annulled is not ended: as it is known now, the person was never in the other family, on no day."""
    households.known(TWICE)
    households.merge("Siti", "Sitti", membership="Siti")
    households.carry(skips_meeting=True)
    households.shown(
        """
        name | family | since
        -----+--------+-----------
        Siti | A      | 2024-03-14
        """,
        on="2024-06-01",
    )


def test_a_retired_nik_still_finds_the_survivor(households: Households) -> None:
    """The number that does not stay is nobody's own any more, and leads to who they are."""
    households.known(TWICE)
    households.merge("Siti", "Sitti", membership="Siti", nik="Sitti")
    households.carry(skips_meeting=True)
    households.shown("""
        name | nik
        -----+-----------------
        Siti | 9908014507880009
    """)
    households.found_by("""
        kind | number           | carried by | leads to
        -----+------------------+------------+---------
        nik  | 9908014507880009 | Siti       |
        nik  | 9908014507880003 |            | Siti
    """)


def test_the_number_of_another_system_stays_that_has_the_active_history(households: Households) -> None:
    """Both have an ID of the older list. The one stays whose history of assistance is active; the other leads there.
    Where nobody says which, it is the one of the membership that stays."""
    households.known("""
        name  | family | relation | born       | nik              | dtks
        ------+--------+----------+------------+------------------+-------
        Siti  | A      | 2        | 1988-07-05 | 9908014507880003 | 351002
        Sitti | B      | 3        | 1988-07-05 | 9908014507880009 | 352002
        Dewi  | C      | 1        | 1990-01-01 | 9908014101900001 | 353001
        Devi  | D      | 1        | 1990-01-01 | 9908014101900002 | 354001
    """)
    households.merge("Siti", "Sitti", membership="Siti", nik="Siti", source="Sitti")
    households.carry(skips_meeting=True)
    households.merge("Dewi", "Devi", membership="Dewi", nik="Dewi")
    households.carry(skips_meeting=True)
    households.found_by("""
        kind    | number | carried by | leads to
        --------+--------+------------+---------
        dtks_id | 352002 | Siti       |
        dtks_id | 351002 |            | Siti
        dtks_id | 353001 | Dewi       |
        dtks_id | 354001 |            | Dewi
    """)


def test_what_the_civil_registry_said_of_both_is_annulled_alike(households: Households) -> None:
    """A membership and a number may be annulled whoever stated them: two people were taken for two by every list."""
    households.known(TWICE, authority="civil")
    households.merge("Siti", "Sitti", membership="Siti", nik="Siti", programme="Siti")
    households.carry(skips_meeting=True)
    households.shown("""
        name  | family | relation | nik              | same as
        ------+--------+----------+------------------+--------
        Siti  | A      | 2        | 9908014507880003 |
        Sitti |        |          |                  | Siti
    """)


def test_whose_membership_stays_survives(households: Households) -> None:
    """Somebody says whose membership stays; until then the request asks for nothing, and is not complete."""
    households.known(TWICE)
    households.merge("Siti", "Sitti")
    assert "change" in missing(households.walk.request)
    households.merge("Siti", "Sitti", membership="Sitti")
    households.carry(skips_meeting=True)
    households.shown("""
        name  | family | same as
        ------+--------+--------
        Sitti | B      |
        Siti  |        | Sitti
    """)


def test_earlier_answers_stay(households: Households) -> None:
    """Asked as it was known before the merge, the register still knows two."""
    households.known(TWICE)
    before = households.position
    households.merge("Siti", "Sitti", membership="Siti", nik="Siti")
    households.carry(skips_meeting=True)
    households.shown(
        """
        name  | family | relation | nik              | occupation | same as
        ------+--------+----------+------------------+------------+--------
        Siti  | A      | 2        | 9908014507880003 |            |
        Sitti | B      | 3        | 9908014507880009 | 9          |
        """,
        position=before,
    )


def test_parting_gives_back_exactly_what_was_there(households: Households) -> None:
    """It was an error: they are two. The two statements of the merge are withdrawn, and everything is as before; that
    they were taken for one person stays known."""
    households.known(TWICE)
    two = """
        name  | family | relation | nik              | health_insurance | occupation | same as
        ------+--------+----------+------------------+------------------+------------+--------
        Siti  | A      | 2        | 9908014507880003 | 1                |            |
        Sitti | B      | 3        | 9908014507880009 | 2                | 9          |
    """
    households.shown(two)
    households.merge("Siti", "Sitti", membership="Siti", nik="Sitti", programme="Sitti")
    households.carry(skips_meeting=True)
    merged = households.position
    households.annul()
    households.shown(two)
    households.found_by("""
        kind | number           | carried by | leads to
        -----+------------------+------------+---------
        nik  | 9908014507880003 | Siti       |
        nik  | 9908014507880009 | Sitti      |
    """)
    households.shown(
        """
        name  | family | same as
        ------+--------+--------
        Siti  | A      |
        Sitti |        | Siti
        """,
        position=merged,
    )


def test_what_is_asked_about_a_retired_person_goes_back_to_the_village(households: Households) -> None:
    """A request about the record that does not stay is compared once more before it is applied: it is a conflict, and
    the village looks at it."""
    households.known(TWICE)
    households.ask("not_eligible", "B", choices={}, reason="9", people=(households.people["Sitti"],))
    households.carry_until_sent()
    other = households.walk.name
    households.walk.wait(40)
    households.merge("Siti", "Sitti", membership="Siti")
    households.carry(skips_meeting=True)
    households.walk.name = other
    households.determine()
    assert households.state == "conflict"


def test_a_family_whose_only_member_was_a_double_is_somebody_s_task(households: Households) -> None:
    """The family that nobody belongs to any more is looked at until a day: it joins the one that goes on."""
    households.known("""
        name  | family | relation | born       | nik
        ------+--------+----------+------------+-----------------
        Siti  | A      | 1        | 1988-07-05 | 9908014507880003
        Sitti | B      | 1        | 1988-07-05 | 9908014507880009
    """)
    households.merge("Siti", "Sitti", membership="Siti")
    households.carry(skips_meeting=True)
    assert households.tasks == ("family-without-members for village_operator",)
    households.cards("""
        family | members
        -------+--------
        A      | 1
        B      | 0
    """)
    assert not households.join("A", "B")


def test_who_received_under_the_retired_record_is_named_anew(households: Households) -> None:
    """The other family's pengurus was a double record. Its assistance does not stop; somebody is asked who receives now."""
    households.known(TWICE)
    households.receives("Sitti", family="B")
    households.merge("Siti", "Sitti", membership="Siti")
    households.carry(skips_meeting=True)
    assert households.tasks == ("family-without-pengurus for village_operator",)


def test_two_rows_of_one_family_are_one_person(households: Households) -> None:
    """The same person stands twice in one family; she is in it once afterwards."""
    households.known("""
        name  | family | relation | born       | nik
        ------+--------+----------+------------+-----------------
        Siti  | A      | 1        | 1988-07-05 | 9908014507880003
        Sitti | A      | 8        | 1988-07-05 | 9908014507880009
    """)
    households.merge("Siti", "Sitti", membership="Siti")
    households.carry(skips_meeting=True)
    households.cards("""
        family | members
        -------+--------
        A      | 1
    """)
    households.shown("""
        name | family | relation
        -----+--------+---------
        Siti | A      | 1
    """)


def test_records_of_two_villages_are_merged_by_the_kabupaten(households: Households) -> None:
    """She moved and was recorded again in the next village. Neither village sees the other's record: the data filler of
    the kabupaten, who sees both, writes it down for the village where she lives."""
    households.known("""
        name  | family | relation | born       | nik
        ------+--------+----------+------------+-----------------
        Siti  | A      | 1        | 1988-07-05 | 9908014507880003
    """)
    households.known(
        """
        name  | family | relation | born       | nik
        ------+--------+----------+------------+-----------------
        Sitti | B      | 3        | 1988-07-05 | 9908014507880009
        Sumi  | B      | 1        | 1955-01-01 | 9908014101550001
        """,
        region="3508152002",
    )
    assert households.merge("Siti", "Sitti", membership="Siti") == ("person-unknown",)
    assert not households.merge("Siti", "Sitti", by="data filler", membership="Siti")
    households.carry(skips_meeting=True)
    households.found_by("""
        kind | number           | carried by | leads to
        -----+------------------+------------+---------
        nik  | 9908014507880003 | Siti       |
        nik  | 9908014507880009 |            | Siti
    """)
    households.cards("""
        family | members
        -------+--------
        A      | 1
        B      | 1
    """)


def test_three_numbers_of_one_person_lead_to_one(households: Households) -> None:
    """The survivor of one merge turns out to be somebody else once more: every number finds who they are now."""
    households.known("""
        name   | family | relation | born       | nik
        -------+--------+----------+------------+-----------------
        Siti   | A      | 1        | 1988-07-05 | 9908014507880003
        Sitti  | B      | 1        | 1988-07-05 | 9908014507880009
        St     | C      | 1        | 1988-07-05 | 9908014507880010
        Bayu   | C      | 3        | 2015-02-03 |
    """)
    households.merge("Siti", "Sitti", membership="Siti")
    households.carry(skips_meeting=True)
    households.merge("Siti", "St", membership="St")
    households.carry(skips_meeting=True)
    households.found_by("""
        kind | number           | carried by | leads to
        -----+------------------+------------+---------
        nik  | 9908014507880003 |            | St
        nik  | 9908014507880009 |            | St
        nik  | 9908014507880010 | St         |
    """)


@pytest.mark.parametrize("stays", ["Siti", "Sitti"])
def test_nobody_is_merged_twice_or_with_themselves(households: Households, stays: str) -> None:
    """Nor with somebody who is not there."""
    households.known(TWICE)
    assert households.merge("Siti", "Siti") == ("double-needs-two-persons",)
    households.people["nobody"] = 4_000_000
    assert households.merge("Siti", "nobody") == ("person-unknown",)
    households.merge("Siti", "Sitti", membership=stays)
    households.carry(skips_meeting=True)
    assert households.merge("Siti", "Sitti") == ("person-retired",)
