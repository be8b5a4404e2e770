"""What was seen, what holds now and what is wanted are compared at every step of a list."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Seen, current, wanted"


def test_somebody_elses_news_makes_a_conflict_with_all_three_values(walk: Walking) -> None:
    """The form saw 6 and wants 8; meanwhile somebody said 7. Nobody decides silently: the request goes back to
    the village as a task."""
    walk("""
        day        | who          | deed                   | refused | state       | floor | waits for  | whose turn                     | until
        -----------+--------------+------------------------+---------+-------------+-------+------------+--------------------------------+-----------
        2026-11-24 | operator     | record                 |         | draft       | 6     | reserve    | village_operator, data_filler  | 2026-12-08
                   | operator     | prove                  |         | draft       | 6     | reserve    | village_operator, data_filler  | 2026-12-08
                   | operator     | reserve                |         | reserved    | 6     | deliberate | village_operator, village_head | 2027-02-22
                   | village head | deliberate fit         |         | deliberated | 6     | pack       | system                         |
                   | supervisor   | state floor_material=7 |         | deliberated | 7     | pack       | system                         |
                   | supervisor   | open a window          |         | deliberated | 7     | pack       | system                         |
                   | system       | pack                   |         | conflict    | 7     | resume     | village_operator, data_filler  | 2026-12-09
    """)


def test_resuming_takes_the_seen_values_anew_and_keeps_the_decision(walk: Walking) -> None:
    """The village looks at the three values and still wants the same. What it decided stays decided; the
    request enters the open window again."""
    walk("""
        day        | who          | deed                   | refused | state       | floor | village says
        -----------+--------------+------------------------+---------+-------------+-------+-------------
        2026-11-24 | operator     | record                 |         | draft       | 6     |
                   | operator     | prove                  |         | draft       | 6     |
                   | operator     | reserve                |         | reserved    | 6     |
                   | village head | deliberate fit         |         | deliberated | 6     | fit
                   | supervisor   | state floor_material=7 |         | deliberated | 7     | fit
                   | supervisor   | open a window          |         | deliberated | 7     | fit
                   | system       | pack                   |         | conflict    | 7     | fit
                   | operator     | resume                 |         | reserved    | 7     | fit
                   | system       | pack                   |         | packed      | 7     | fit
    """)


def test_giving_up_one_value_asks_the_village_again(walk: Walking) -> None:
    """If part of what was decided is given up, it is another request, and the village decides on it. To give up
    everything is to withdraw."""
    walk("""
        day        | who          | deed                                                      | refused                | state       | village says
        -----------+--------------+-----------------------------------------------------------+------------------------+-------------+-------------
        2026-11-24 | operator     | record living_conditions floor_material=8 wall_material=7 |                        | draft       |
                   | operator     | prove                                                     |                        | draft       |
                   | operator     | reserve                                                   |                        | reserved    |
                   | village head | deliberate fit                                            |                        | deliberated | fit
                   | supervisor   | state floor_material=7                                    |                        | deliberated | fit
                   | supervisor   | open a window                                             |                        | deliberated | fit
                   | system       | pack                                                      |                        | conflict    | fit
                   | operator     | resume without floor_material wall_material               | nothing-left-to-change | conflict    | fit
                   | operator     | resume without floor_material                             |                        | reserved    |
    """)


def test_one_value_that_is_already_so_does_not_stop_the_others(walk: Walking) -> None:
    """Of two values one has come true by itself. The request goes on with the other."""
    walk("""
        day        | who          | deed                                                      | refused | state       | floor
        -----------+--------------+-----------------------------------------------------------+---------+-------------+------
        2026-11-24 | operator     | record living_conditions floor_material=8 wall_material=7 |         | draft       | 6
                   | operator     | prove                                                     |         | draft       | 6
                   | operator     | reserve                                                   |         | reserved    | 6
                   | village head | deliberate fit                                            |         | deliberated | 6
                   | supervisor   | state floor_material=8                                    |         | deliberated | 8
                   | supervisor   | open a window                                             |         | deliberated | 8
                   | system       | pack                                                      |         | packed      | 8
    """)


def test_every_step_of_a_list_compares_once_more(walk: Walking) -> None:
    """At the hand-over, at finalising, at sending and at applying the values are compared again. A request that
    conflicts leaves the list; the others go on."""
    walk("""
        day        | request | who          | deed                   | refused | state       | left the list
        -----------+---------+--------------+------------------------+---------+-------------+---------------
        2026-11-24 | A       | operator     | record                 |         | draft       |
                   | A       | operator     | prove                  |         | draft       |
                   | A       | operator     | reserve                |         | reserved    |
                   | A       | village head | deliberate fit         |         | deliberated |
                   | B       | operator     | record                 |         | draft       |
                   | B       | operator     | prove                  |         | draft       |
                   | B       | operator     | reserve                |         | reserved    |
                   | B       | village head | deliberate fit         |         | deliberated |
                   | B       | supervisor   | open a window          |         | deliberated |
                   | B       | system       | pack                   |         | packed      | packed 2
                   | A       | supervisor   | state floor_material=7 |         | packed      |
                   | A       | village head | hand over              |         | conflict    | contradicted 1
                   | B       | verifier     | verify verified        |         | verified    |
    """)


def test_a_batch_of_which_nothing_stands_is_not_handed_over(walk: Walking) -> None:
    """If every row of a batch conflicts or is already so, the rows leave and nothing is handed over."""
    walk("""
        day        | who          | deed                   | refused | state       | left the list
        -----------+--------------+------------------------+---------+-------------+---------------
        2026-11-24 | operator     | record                 |         | draft       |
                   | operator     | prove                  |         | draft       |
                   | operator     | reserve                |         | reserved    |
                   | village head | deliberate fit         |         | deliberated |
                   | supervisor   | open a window          |         | deliberated |
                   | system       | pack                   |         | packed      | packed 1
                   | supervisor   | state floor_material=7 |         | packed      |
                   | village head | hand over              |         | conflict    | contradicted 1
    """)


def test_a_conflict_found_at_finalising_goes_back_to_the_village(walk: Walking) -> None:
    """Between verifying and finalising somebody said something else."""
    walk("""
        day        | who          | deed                   | refused         | state       | left the list
        -----------+--------------+------------------------+-----------------+-------------+--------------
        2026-11-24 | operator     | record                 |                 | draft       |
                   | operator     | prove                  |                 | draft       |
                   | operator     | reserve                |                 | reserved    |
                   | village head | deliberate fit         |                 | deliberated |
                   | supervisor   | open a window          |                 | deliberated |
                   | system       | pack                   |                 | packed      | packed 1
                   | village head | hand over              |                 | handed_over |
                   | supervisor   | state floor_material=7 |                 | handed_over |
                   | verifier     | verify verified        | values-conflict | handed_over |
                   | verifier     | verify returned        |                 | returned    |
    """)


def test_a_second_determination_after_a_conflict_counts(walk: Walking) -> None:
    """The centre said yes, but the value had changed. The village takes it up again, and the centre's second
    yes puts it in force."""
    walk("""
        day        | who             | deed                   | refused | state       | floor | left the list
        -----------+-----------------+------------------------+---------+-------------+-------+-------------------------------------------
        2026-11-24 | operator        | record                 |         | draft       | 6     |
                   | operator        | prove                  |         | draft       | 6     |
                   | operator        | reserve                |         | reserved    | 6     |
                   | village head    | deliberate fit         |         | deliberated | 6     |
                   | supervisor      | open a window          |         | deliberated | 6     |
                   | system          | pack                   |         | packed      | 6     | packed 1
                   | village head    | hand over              |         | handed_over | 6     |
                   | verifier        | verify verified        |         | verified    | 6     |
                   | supervisor      | finalise               |         | finalised   | 6     |
                   | bupati's office | endorse                |         | endorsed    | 6     |
                   | supervisor      | send                   |         | sent        | 6     |
                   | supervisor      | state floor_material=7 |         | sent        | 7     |
                   | centre          | determine yes          |         | conflict    | 7     | again 0, applied 0, conflicts 1, refused 0
                   | operator        | resume                 |         | reserved    | 7     |
                   | system          | pack                   |         | packed      | 7     | packed 1
                   | village head    | hand over              |         | handed_over | 7     |
                   | verifier        | verify verified        |         | verified    | 7     |
                   | supervisor      | finalise               |         | finalised   | 7     |
                   | bupati's office | endorse                |         | endorsed    | 7     |
                   | supervisor      | send                   |         | sent        | 7     |
                   | centre          | determine yes          |         | applied     | 8     | again 0, applied 1, conflicts 0, refused 0
    """)
