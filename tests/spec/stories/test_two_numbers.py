"""One woman stands in the register twice: in her parents' family with an old NIK, and in her husband's with a new one."""

from __future__ import annotations

from tests.spec.families.households import Households
from tests.spec.walks import Walking

title = "One person with two NIKs and two ID DTKS"

TWICE = """
    name    | family | relation | born       | nik              | dtks   | insurance | occupation
    --------+--------+----------+------------+------------------+--------+-----------+-----------
    Ponirin | A      | 1        | 1980-01-01 | 9908010101800004 | 351001 | 1         |
    Siti    | A      | 2        | 1988-07-05 | 9908014507880003 | 351002 | 1         |
    Sumi    | B      | 1        | 1955-01-01 | 9908014101550001 | 352001 |           |
    Sitti   | B      | 3        | 1988-07-05 | 9908014507880009 | 352002 | 2         | 9
"""
CHOICE = {"membership": "Siti", "nik": "Siti", "programme": "Siti", "source": "Siti"}


def test_she_is_one_person_and_every_number_finds_her(households: Households) -> None:
    """The village compares the two cards and says what stays: her husband's family, the NIK of the electronic card, one
    place in the insurance. Papers prove it, so no meeting decides. In the end one record is left with what both knew; the
    membership, the number and the place that do not stay are annulled, and either NIK and either ID DTKS finds her."""
    households.known(TWICE)
    assert not households.merge("Siti", "Sitti", **CHOICE)
    Walking(households.walk)("""
        day        | deed             | who             | state       | waits for   | whose turn
        -----------+------------------+-----------------+-------------+-------------+---------------------------------
        2026-11-24 | prove            | operator        | draft       | reserve     | village_operator, data_filler
                   | reserve          | operator        | reserved    | pack        | system
        2026-12-22 | open a window    | supervisor      | reserved    | pack        | system
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
        name  | family | relation | nik              | health_insurance | occupation | same as
        ------+--------+----------+------------------+------------------+------------+--------
        Siti  | A      | 2        | 9908014507880003 | 1                | 9          |
        Sitti |        |          |                  |                  |            | Siti
        Sumi  | B      | 1        | 9908014101550001 |                  |            |
    """)
    households.found_by("""
        kind      | number           | carried by | leads to
        ----------+------------------+------------+---------
        nik       | 9908014507880003 | Siti       |
        nik       | 9908014507880009 |            | Siti
        dtks_id   | 351002           | Siti       |
        dtks_id   | 352002           |            | Siti
    """)


def test_they_were_two_after_all(households: Households) -> None:
    """Twins with nearly one name. The merge is annulled, and everything is as it was: two persons, two families, two
    numbers, and nobody is found by the number of the other."""
    households.known(TWICE)
    households.merge("Siti", "Sitti", **CHOICE)
    households.carry(skips_meeting=True)
    households.annul()
    households.shown("""
        name  | family | relation | nik              | health_insurance | occupation | same as
        ------+--------+----------+------------------+------------------+------------+--------
        Siti  | A      | 2        | 9908014507880003 | 1                |            |
        Sitti | B      | 3        | 9908014507880009 | 2                | 9          |
    """)
    households.found_by("""
        kind    | number           | carried by | leads to
        --------+------------------+------------+---------
        nik     | 9908014507880003 | Siti       |
        nik     | 9908014507880009 | Sitti      |
        dtks_id | 351002           | Siti       |
        dtks_id | 352002           | Sitti      |
    """)
