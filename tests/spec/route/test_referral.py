"""What only the civil register can make true is kept as a claim, and closes by itself when that register says so."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Claims, and the civil registry"


def test_a_claim_is_referred_and_joins_no_window(walk: Walking) -> None:
    """A name on a card is the civil registry's word. The village keeps what the resident says with its evidence and
    writes down when the papers were taken there. No meeting and no window has a part in it."""
    walk("""
        day        | who          | deed              | refused                                    | state    | waits for | whose turn                      | until
        -----------+--------------+-------------------+--------------------------------------------+----------+-----------+---------------------------------+-----------
        2026-11-24 | operator     | record correction |                                            | draft    | reserve   | village_operator, data_filler   | 2026-12-08
                   | operator     | refer             | state-differs                              | draft    | reserve   | village_operator, data_filler   | 2026-12-08
                   | operator     | reserve           |                                            | reserved | amend     | village_operator, data_filler   |
                   | operator     | prove             |                                            | reserved | refer     | village_operator, data_filler   | 2026-12-24
                   | operator     | call a meeting    | agenda-empty                               | reserved | refer     | village_operator, data_filler   | 2026-12-24
                   | supervisor   | open a window     |                                            | reserved | refer     | village_operator, data_filler   | 2026-12-24
                   | system       | pack              |                                            | reserved | refer     | village_operator, data_filler   | 2026-12-24
                   | village head | refer             | role-missing                               | reserved | refer     | village_operator, data_filler   | 2026-12-24
                   | operator     | refer             |                                            | reserved | settle    | system                          | 2027-01-23
                   | operator     | refer             | nobody-must-go                             | reserved | settle    | system                          | 2027-01-23
    """)
    walk("""
        day        | who    | deed | state    | asked         | in the way
        -----------+--------+------+----------+---------------+-----------------------------------------------
        2026-11-25 | system |      | reserved | pack          | other-authority-decides
                   | system |      | reserved | pack:conflict | other-authority-decides, no-conflict
                   | system |      | reserved | refer:conflict | no-conflict
    """)


def test_a_claim_closes_when_the_civil_register_says_the_same(walk: Walking) -> None:
    """What a list of Dinsos says is another claim and decides nothing. The civil register's own word does, whatever its
    clerk does with capitals."""
    walk("""
        day        | who      | deed                                | refused | state     | left the list
        -----------+----------+-------------------------------------+---------+-----------+--------------
        2026-11-24 | operator | record correction                   |         | draft     |
                   | operator | prove                               |         | draft     |
                   | operator | reserve                             |         | reserved  |
                   | system   | state name=Siti             |         | reserved  |
                   | system   | look after a list                   |         | reserved  |
        2026-11-25 | system   | civil says name=SITI_AMINAH         |         | reserved  |
                   | system   | look after a list                   |         | reserved  |
        2026-12-01 | system   | civil says name=SITI_AMINATUN       |         | reserved  |
                   | system   | look after a list                   |         | satisfied | satisfied 1
                   | system   | look after a list                   |         | satisfied |
    """)


def test_a_claim_that_the_civil_register_contradicts_goes_back(walk: Walking) -> None:
    """Where the civil register says neither what was seen nor what is wanted, the village looks at all three values. It
    can be taken up again, and still closes when the register comes to say the same."""
    walk("""
        day        | who      | deed                          | refused | state     | waits for
        -----------+----------+-------------------------------+---------+-----------+----------
        2026-11-24 | operator | record correction             |         | draft     | reserve
                   | operator | prove                         |         | draft     | reserve
                   | operator | reserve                       |         | reserved  | refer
                   | system   | civil says name=SITI_RAHAYU   |         | reserved  | refer
                   | system   | look after a list             |         | conflict  | resume
                   | operator | resume                        |         | reserved  | refer
        2026-12-01 | system   | civil says name=SITI_AMINATUN |         | reserved  | refer
                   | system   | look after a list             |         | satisfied |
    """)


def test_nobody_is_sent_to_an_office_that_has_it_right(walk: Walking) -> None:
    """Where the card is right and only this register copied it wrongly, nobody has to go anywhere: the next word of the
    civil register closes it."""
    walk("""
        day        | who      | deed                                | refused        | state    | waits for
        -----------+----------+-------------------------------------+----------------+----------+----------
        2026-11-24 | operator | record correction reason=card_right |                | draft    | reserve
                   | operator | prove                               |                | draft    | reserve
                   | operator | reserve                             |                | reserved | settle
                   | operator | refer                               | nobody-must-go | reserved | settle
    """)


def test_a_claim_that_is_true_already_closes_at_once(walk: Walking) -> None:
    """The resident takes the number home and need not wait for what the civil register said long ago."""
    walk("""
        day        | who      | deed                          | refused | state
        -----------+----------+-------------------------------+---------+----------
        2026-11-24 | system   | civil says name=SITI_AMINATUN |         |
                   | operator | record correction             |         | draft
                   | operator | prove                         |         | draft
                   | operator | reserve                       |         | satisfied
    """)


def test_a_claim_that_nobody_confirms_lapses(walk: Walking) -> None:
    """After 180 days a claim rests, and says whose turn it was. Nothing is lost: taken up again it waits as before, or
    closes at once where the civil register has come to say the same."""
    walk("""
        day        | request | who      | deed                                                       | refused | state     | waits for
        -----------+---------+----------+------------------------------------------------------------+---------+-----------+----------
        2026-11-24 | A       | operator | record correction                                          |         | draft     | reserve
                   | A       | operator | prove                                                      |         | draft     | reserve
                   | A       | operator | reserve                                                    |         | reserved  | refer
                   | A2      | operator | record correction no_kk=9908011203150008 reason=card_wrong |         | draft     | reserve
                   | A2      | operator | prove                                                      |         | draft     | reserve
                   | A2      | operator | reserve                                                    |         | reserved  | refer
                   | A2      | operator | refer                                                      |         | reserved  | settle
        2027-05-23 | A       | system   | let lapse                                                  |         | reserved  | refer
        2027-05-24 | A       | system   | let lapse                                                  |         | lapsed    |
                   | A2      | system   | let lapse                                                  |         | lapsed    |
        2027-06-01 | A       | operator | resume                                                     |         | reserved  | refer
                   | A2      | system   | civil says no_kk=9908011203150008                          |         | lapsed    |
                   | A2      | operator | resume                                                     |         | satisfied |
    """)


def test_other_kinds_are_referred_to_nobody(walk: Walking) -> None:
    """What the register itself is the authority for goes its own way."""
    walk("""
        day        | who      | deed         | refused                  | state
        -----------+----------+--------------+--------------------------+---------
        2026-11-24 | operator | record moved |                          | draft
                   | operator | reserve      |                          | reserved
                   | operator | refer        | no-claim, nobody-must-go | reserved
    """)
