"""A reported death opens the change of pengurus at once, and stops nothing before that is decided."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "A death is reported, and nobody is punished for it"


def test_a_reported_death_opens_the_change_of_pengurus(walk: Walking) -> None:
    """Where the dead person received for the family, the village is asked at once who receives from now on, by a
    request of its own. Neither the report nor the civil register's word ends anything: the registration of the dead and
    the programmes of the family stay as they are, and the village gets a task."""
    walk("""
        day        | who      | deed                                  | refused | state     | of the dead | programme | successor | left the list
        -----------+----------+---------------------------------------+---------+-----------+-------------+-----------+-----------+---------------------------
        2026-11-24 | system   | state programme_sembako=1             |         |           | registered  | 1         |           |
                   | operator | record death of=head                  |         | draft     | registered  | 1         |           |
                   | operator | prove                                 |         | draft     | registered  | 1         |           |
                   | operator | reserve                               |         | reserved  | registered  | 1         | draft     |
                   | operator | refer                                 |         | reserved  | registered  | 1         | draft     |
        2026-12-10 | system   | civil says died_on=2026-11-19 of=head |         | reserved  | registered  | 1         | draft     |
                   | system   | look after a list                     |         | satisfied | registered  | 1         | draft     | satisfied 1, to be ended 1
    """)


def test_nothing_stops_before_the_successor_is_decided(walk: Walking) -> None:
    """Ending the registration of the dead waits, in every window, until the change of pengurus is through the whole
    route. Then it goes on by itself."""
    walk("""
        day        | request | who             | deed                                      | refused            | state       | of the dead | pengurus
        -----------+---------+-----------------+-------------------------------------------+--------------------+-------------+-------------+---------
        2026-11-24 | A       | operator        | record death of=head                      |                    | draft       | registered  |
                   | A       | operator        | reserve                                   |                    | reserved    | registered  |
                   | A3      | operator        | record not_eligible of=head reason=3      |                    | draft       | registered  |
                   | A3      | operator        | prove                                     |                    | draft       | registered  |
                   | A3      | operator        | reserve                                   |                    | reserved    | registered  |
                   | A3      | village head    | deliberate fit                            |                    | deliberated | registered  |
                   | A3      | supervisor      | open a window                             |                    | deliberated | registered  |
                   | A3      | system          | pack                                      | pengurus-undecided | deliberated | registered  |
                   | A2      | operator        | turn to the change of pengurus            |                    | draft       | registered  |
                   | A2      | operator        | amend of=head                             | pengurus-has-died  | draft       | registered  |
                   | A2      | operator        | amend of=wife                             |                    | draft       | registered  |
                   | A2      | operator        | prove                                     |                    | draft       | registered  |
                   | A2      | operator        | reserve                                   |                    | reserved    | registered  |
                   | A2      | system          | pack                                      | pengurus-undecided | packed      | registered  |
                   | A2      | village head    | hand over                                 |                    | handed_over | registered  |
                   | A2      | verifier        | verify verified                           |                    | verified    | registered  |
                   | A2      | supervisor      | finalise                                  |                    | finalised   | registered  |
                   | A2      | bupati's office | endorse                                   |                    | endorsed    | registered  |
                   | A2      | supervisor      | send                                      |                    | sent        | registered  |
                   | A2      | centre          | determine yes                             |                    | applied     | registered  | wife
                   | A3      | system          | pack                                      |                    | packed      | registered  | wife
    """)


def test_a_change_of_pengurus_that_lapsed_holds_up_nothing(walk: Walking) -> None:
    """Where nobody names a successor for thirty days, the request lapses with notice, and what waited goes on."""
    walk("""
        day        | request | who          | deed                                      | refused            | state       | successor
        -----------+---------+--------------+-------------------------------------------+--------------------+-------------+----------
        2026-11-24 | A       | operator     | record not_eligible of=head reason=3      |                    | draft       |
                   | A       | operator     | prove                                     |                    | draft       |
                   | A       | operator     | reserve                                   |                    | reserved    | draft
                   | A       | village head | deliberate fit                            |                    | deliberated | draft
                   | A       | supervisor   | schedule 2026-12-01 2027-01-16 2027-02-01 |                    | deliberated | draft
        2026-12-02 | A       | system       | pack                                      | pengurus-undecided | deliberated | draft
        2026-12-26 | A       | system       | let lapse                                 |                    | deliberated |
                   | A       | system       | pack                                      |                    | packed      |
    """)


def test_a_death_that_leaves_who_receives_opens_nothing(walk: Walking) -> None:
    """Where somebody else receives for the family, nothing has to be changed, and nothing waits."""
    walk("""
        day        | request | who      | deed                 | refused | state    | successor
        -----------+---------+----------+----------------------+---------+----------+----------
        2026-11-24 | A       | operator | record death of=wife |         | draft    |
                   | A       | operator | reserve              |         | reserved |
                   | B       | operator | record death of=head |         | draft    |
                   | B       | operator | reserve              |         | reserved | draft
                   | B2      | operator | record death of=wife |         | draft    | draft
                   | B2      | operator | reserve              |         | reserved | draft
    """)


def test_a_report_that_is_taken_up_again_asks_as_well(walk: Walking) -> None:
    """A draft that lapsed before it was saved has not asked yet who receives from now on."""
    walk("""
        day        | who      | deed                 | refused | state    | successor
        -----------+----------+----------------------+---------+----------+----------
        2026-11-24 | operator | record death of=head |         | draft    |
        2026-12-25 | system   | let lapse            |         | lapsed   |
                   | operator | resume               |         | reserved | draft
    """)


def test_a_report_that_was_wrong_takes_back_what_it_opened(walk: Walking) -> None:
    """Who was said to be dead and is alive goes on receiving: what the report opened and nobody completed goes with
    it."""
    walk("""
        day        | who      | deed                 | refused | state     | successor
        -----------+----------+----------------------+---------+-----------+----------
        2026-11-24 | operator | record death of=head |         | draft     |
                   | operator | reserve              |         | reserved  | draft
                   | operator | withdraw             |         | withdrawn |
    """)


def test_a_head_died_and_the_family_still_receives(walk: Walking) -> None:
    """The whole story. The village reports the death (A), which asks at once who receives from now on (A2). The papers go
    to the civil registry; the family names the wife, and the centre agrees. Then the civil register says so, and the
    report closes by itself. Only now the village ends the registration of the dead (A3). The family received all
    along."""
    walk("""
        day        | request | who             | deed                                  | refused            | state       | of the dead | programme | pengurus
        -----------+---------+-----------------+---------------------------------------+--------------------+-------------+-------------+-----------+---------
        2026-11-24 | A       | system          | state programme_sembako=1             |                    |             | registered  | 1         |
                   | A       | operator        | record death of=head                  |                    | draft       | registered  | 1         |
                   | A       | operator        | prove                                 |                    | draft       | registered  | 1         |
                   | A       | operator        | reserve                               |                    | reserved    | registered  | 1         |
        2026-11-25 | A       | operator        | refer                                 |                    | reserved    | registered  | 1         |
                   | A2      | operator        | turn to the change of pengurus        |                    | draft       | registered  | 1         |
                   | A2      | operator        | amend of=wife                         |                    | draft       | registered  | 1         |
                   | A2      | operator        | prove                                 |                    | draft       | registered  | 1         |
                   | A2      | operator        | reserve                               |                    | reserved    | registered  | 1         |
                   | A2      | supervisor      | open a window                         |                    | reserved    | registered  | 1         |
                   | A2      | system          | pack                                  |                    | packed      | registered  | 1         |
                   | A2      | village head    | hand over                             |                    | handed_over | registered  | 1         |
                   | A2      | verifier        | verify verified                       |                    | verified    | registered  | 1         |
                   | A2      | supervisor      | finalise                              |                    | finalised   | registered  | 1         |
                   | A2      | bupati's office | endorse                               |                    | endorsed    | registered  | 1         |
                   | A2      | supervisor      | send                                  |                    | sent        | registered  | 1         |
        2026-12-01 | A2      | centre          | determine yes                         |                    | applied     | registered  | 1         | wife
        2026-12-02 | A       | system          | civil says died_on=2026-11-19 of=head |                    | reserved    | registered  | 1         | wife
                   | A       | system          | look after a list                     |                    | satisfied   | registered  | 1         | wife
        2026-12-03 | A3      | operator        | record not_eligible of=head reason=3  |                    | draft       | registered  | 1         | wife
                   | A3      | operator        | prove                                 |                    | draft       | registered  | 1         | wife
                   | A3      | operator        | reserve                               |                    | reserved    | registered  | 1         | wife
                   | A3      | village head    | deliberate fit                        |                    | deliberated | registered  | 1         | wife
                   | A3      | system          | pack                                  |                    | packed      | registered  | 1         | wife
                   | A3      | village head    | hand over                             |                    | handed_over | registered  | 1         | wife
                   | A3      | verifier        | verify verified                       |                    | verified    | registered  | 1         | wife
                   | A3      | supervisor      | finalise                              |                    | finalised   | registered  | 1         | wife
                   | A3      | bupati's office | endorse                               |                    | endorsed    | registered  | 1         | wife
                   | A3      | supervisor      | send                                  |                    | sent        | registered  | 1         | wife
        2026-12-10 | A3      | centre          | determine yes                         |                    | applied     | ended       | 1         | wife
    """)
