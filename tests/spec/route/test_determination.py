"""The centre decides; what it accepted is compared once more and in force."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Determining and applying"


def test_a_yes_is_in_force_at_once(walk: Walking) -> None:
    """The centre's yes puts the change in force, and names the document."""
    walk("""
        day        | who             | deed            | refused      | state       | floor | left the list
        -----------+-----------------+-----------------+--------------+-------------+-------+-------------------------------------------
        2026-11-24 | operator        | record          |              | draft       | 6     |
                   | operator        | prove           |              | draft       | 6     |
                   | operator        | reserve         |              | reserved    | 6     |
                   | village head    | deliberate fit  |              | deliberated | 6     |
                   | supervisor      | open a window   |              | deliberated | 6     |
                   | system          | pack            |              | packed      | 6     | packed 1
                   | village head    | hand over       |              | handed_over | 6     |
                   | verifier        | verify verified |              | verified    | 6     |
                   | supervisor      | finalise        |              | finalised   | 6     |
                   | bupati's office | endorse         |              | endorsed    | 6     |
                   | supervisor      | send            |              | sent        | 6     |
                   | verifier        | determine yes   | role-missing | sent        | 6     |
                   | centre          | determine yes   |              | applied     | 8     | again 0, applied 1, conflicts 0, refused 0
                   | supervisor      | determine yes   |              | applied     | 8     | again 1, applied 0, conflicts 0, refused 0
    """)


def test_a_no_has_a_code_and_ends_the_request(walk: Walking) -> None:
    """The centre's no carries a reason from its list. Nothing changes in the register, and nothing waits."""
    walk("""
        day        | who             | deed            | refused | state       | floor | reason | waits for
        -----------+-----------------+-----------------+---------+-------------+-------+--------+-----------
        2026-11-24 | operator        | record          |         | draft       | 6     |        | reserve
                   | operator        | prove           |         | draft       | 6     |        | reserve
                   | operator        | reserve         |         | reserved    | 6     |        | deliberate
                   | village head    | deliberate fit  |         | deliberated | 6     |        | pack
                   | supervisor      | open a window   |         | deliberated | 6     |        | pack
                   | system          | pack            |         | packed      | 6     |        | hand_over
                   | village head    | hand over       |         | handed_over | 6     |        | verify
                   | verifier        | verify verified |         | verified    | 6     |        | finalise
                   | supervisor      | finalise        |         | finalised   | 6     |        | endorse
                   | bupati's office | endorse         |         | endorsed    | 6     |        | send
                   | supervisor      | send            |         | sent        | 6     |        | determine
                   | supervisor      | determine no 9  |         | determined  | 6     | 9      |
    """)


def test_somebody_elses_news_makes_a_conflict_even_after_the_yes(walk: Walking) -> None:
    """Between sending and the answer another value was stated. The yes is kept in the history, and the village
    is asked."""
    walk("""
        day        | who             | deed                   | refused | state       | floor | waits for
        -----------+-----------------+------------------------+---------+-------------+-------+-----------
        2026-11-24 | operator        | record                 |         | draft       | 6     | reserve
                   | operator        | prove                  |         | draft       | 6     | reserve
                   | operator        | reserve                |         | reserved    | 6     | deliberate
                   | village head    | deliberate fit         |         | deliberated | 6     | pack
                   | supervisor      | open a window          |         | deliberated | 6     | pack
                   | system          | pack                   |         | packed      | 6     | hand_over
                   | village head    | hand over              |         | handed_over | 6     | verify
                   | verifier        | verify verified        |         | verified    | 6     | finalise
                   | supervisor      | finalise               |         | finalised   | 6     | endorse
                   | bupati's office | endorse                |         | endorsed    | 6     | send
                   | supervisor      | send                   |         | sent        | 6     | determine
                   | supervisor      | state floor_material=7 |         | sent        | 7     | determine
                   | centre          | determine yes          |         | conflict    | 7     | resume
    """)


def test_a_yes_to_what_has_come_true_by_itself_leaves_nothing_to_apply(walk: Walking) -> None:
    """Between sending and the answer somebody else stated the very value. The request ends as satisfied, and the value
    keeps the source that it has."""
    walk("""
        day        | who             | deed                   | refused | state       | floor | left the list
        -----------+-----------------+------------------------+---------+-------------+-------+--------------------------------------------------------
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
                   | supervisor      | state floor_material=8 |         | sent        | 8     |
                   | system          | look after a list      |         | sent        | 8     |
                   | centre          | determine yes          |         | satisfied   | 8     | again 0, applied 0, conflicts 0, refused 0, satisfied 1
    """)


def test_an_answer_about_somebody_elses_request_is_unknown(walk: Walking) -> None:
    """A row about a number that nobody has, or about a request outside one's region, is counted as unknown and
    does nothing."""
    walk("""
        day        | who                  | deed                               | refused | state       | left the list
        -----------+----------------------+------------------------------------+---------+-------------+------------------------------------------------------
        2026-11-24 | operator             | record                             |         | draft       |
                   | operator             | prove                              |         | draft       |
                   | operator             | reserve                            |         | reserved    |
                   | village head         | deliberate fit                     |         | deliberated |
                   | supervisor           | open a window                      |         | deliberated |
                   | system               | pack                               |         | packed      | packed 1
                   | village head         | hand over                          |         | handed_over |
                   | verifier             | verify verified                    |         | verified    |
                   | supervisor           | finalise                           |         | finalised   |
                   | bupati's office      | endorse                            |         | endorsed    |
                   | supervisor           | send                               |         | sent        |
                   | supervisor elsewhere | determine yes                      |         | sent        | again 0, applied 0, conflicts 0, refused 0, unknown 1
                   | supervisor           | determine a number that nobody has |         | sent        | again 0, applied 0, conflicts 0, refused 0, unknown 1
                   | supervisor           | determine yes                      |         | applied     | again 0, applied 1, conflicts 0, refused 0
    """)


def test_a_request_that_was_not_sent_cannot_be_answered(walk: Walking) -> None:
    """An answer is about what the centre has."""
    walk("""
        day        | who             | deed            | refused       | state
        -----------+-----------------+-----------------+---------------+------------
        2026-11-24 | operator        | record          |               | draft
                   | operator        | prove           |               | draft
                   | operator        | reserve         |               | reserved
                   | village head    | deliberate fit  |               | deliberated
                   | supervisor      | open a window   |               | deliberated
                   | system          | pack            |               | packed
                   | village head    | hand over       |               | handed_over
                   | verifier        | verify verified |               | verified
                   | supervisor      | finalise        |               | finalised
                   | bupati's office | endorse         |               | endorsed
                   | centre          | determine yes   | state-differs | endorsed
    """)


def test_an_applied_change_begins_on_the_day_that_was_stated(walk: Walking) -> None:
    """The resident said since when. The register answers for that day with the new value, and for the day
    before with the old one."""
    walk("""
        day        | who             | deed                                                       | refused | state       | floor on 2026-11-19 | floor on 2026-11-20
        -----------+-----------------+------------------------------------------------------------+---------+-------------+---------------------+--------------------
        2026-11-24 | operator        | record living_conditions floor_material=8 since=2026-11-20 |         | draft       | 6                   | 6
                   | operator        | prove                                                      |         | draft       | 6                   | 6
                   | operator        | reserve                                                    |         | reserved    | 6                   | 6
                   | village head    | deliberate fit                                             |         | deliberated | 6                   | 6
                   | supervisor      | open a window                                              |         | deliberated | 6                   | 6
                   | system          | pack                                                       |         | packed      | 6                   | 6
                   | village head    | hand over                                                  |         | handed_over | 6                   | 6
                   | verifier        | verify verified                                            |         | verified    | 6                   | 6
                   | supervisor      | finalise                                                   |         | finalised   | 6                   | 6
                   | bupati's office | endorse                                                    |         | endorsed    | 6                   | 6
                   | supervisor      | send                                                       |         | sent        | 6                   | 6
                   | centre          | determine yes                                              |         | applied     | 6                   | 8
    """)
