"""A field checker looks at the house: sent by the supervisor, never of that village, with point, photograph and time."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Visits"


def test_a_visit_is_asked_for_assigned_and_reported(walk: Walking) -> None:
    """The supervisor has two working days to send somebody, the field checker seven to go. The finding stands on the
    request, which stays where it is."""
    walk("""
        day        | who           | deed                             | refused             | state       | visit    | who goes      | visit by   | finding
        -----------+---------------+----------------------------------+---------------------+-------------+----------+---------------+------------+----------
        2026-11-24 | operator      | record                           |                     | draft       |          |               |            |
                   | operator      | prove                            |                     | draft       |          |               |            |
                   | operator      | reserve                          |                     | reserved    |          |               |            |
                   | verifier      | ask for a visit                  | state-differs       | reserved    |          |               |            |
                   | village head  | deliberate fit                   |                     | deliberated |          |               |            |
                   | supervisor    | open a window                    |                     | deliberated |          |               |            |
                   | system        | pack                             |                     | packed      |          |               |            |
                   | village head  | hand over                        |                     | handed_over |          |               |            |
                   | operator      | ask for a visit                  | role-missing        | handed_over |          |               |            |
                   | verifier      | ask for a visit without a reason | must-be-said        | handed_over |          |               |            |
                   | verifier      | ask for a visit                  |                     | handed_over | asked    |               | 2026-11-27 |
                   | supervisor    | ask for a visit                  | visit-asked-already | handed_over | asked    |               | 2026-11-27 |
                   | verifier      | send the field checker           | role-missing        | handed_over | asked    |               | 2026-11-27 |
        2026-11-30 | supervisor    | send the field checker           |                     | handed_over | assigned | field checker | 2026-12-09 |
                   | other checker | report as_stated                 | not-your-visit      | handed_over | assigned | field checker | 2026-12-09 |
        2026-12-14 | supervisor    | send the other checker           |                     | handed_over | assigned | other checker | 2026-12-23 |
                   | field checker | report as_stated                 | not-your-visit      | handed_over | assigned | other checker | 2026-12-23 |
                   | other checker | report as_stated                 |                     | handed_over | reported | other checker |            | as_stated
                   | other checker | report as_stated                 | visit-ended         | handed_over | reported | other checker |            | as_stated
                   | verifier      | verify verified                  |                     | verified    | reported | other checker |            | as_stated
    """)


def test_nobody_checks_their_own_village_or_their_own_work(walk: Walking) -> None:
    """Who works in the office of the village, who is no field checker, and who recorded the request is not sent."""
    walk("""
        day        | who          | deed                            | refused                       | visit    | who goes
        -----------+--------------+---------------------------------+-------------------------------+----------+--------------
        2026-11-24 | data filler  | record                          |                               |          |
                   | operator     | prove                           |                               |          |
                   | operator     | reserve                         |                               |          |
                   | village head | deliberate fit                  |                               |          |
                   | supervisor   | open a window                   |                               |          |
                   | system       | pack                            |                               |          |
                   | village head | hand over                       |                               |          |
                   | supervisor   | ask for a visit                 |                               | asked    |
                   | supervisor   | send the checker of the village | own-village                   | asked    |
                   | supervisor   | send the verifier               | not-a-field-checker           | asked    |
                   | supervisor   | send the data filler            | not-a-field-checker, own-work | asked    |
                   | supervisor   | send the field checker          |                               | assigned | field checker
    """)


def test_a_report_says_where_when_and_what(walk: Walking) -> None:
    """Without point, photograph or finding it is no report; what differs is said in words; the time is not ahead."""
    walk("""
        day        | who           | deed                                  | refused                   | visit
        -----------+---------------+---------------------------------------+---------------------------+---------
        2026-11-24 | supervisor    | ask for a visit to the family         |                           | asked
                   | field checker | report as_stated                      | not-your-visit            | asked
                   | supervisor    | send the field checker                |                           | assigned
                   | field checker | report as_stated without a finding    | must-be-said              | assigned
                   | field checker | report burnt_down                     | finding-unknown           | assigned
                   | field checker | report as_stated without a photograph | must-be-said              | assigned
                   | field checker | report as_stated without a point      | must-be-said              | assigned
                   | field checker | report as_stated at 48.85,2.35        | point-unreadable          | assigned
                   | field checker | report as_stated a day ahead          | visit-in-future           | assigned
                   | field checker | report as_stated long before          | visit-before-it-was-asked | assigned
                   | field checker | report differs without a note         | must-be-said              | assigned
                   | field checker | report differs                        |                           | reported
    """)


def test_a_visit_that_is_needless_is_called_off(walk: Walking) -> None:
    """With a reason, by the supervisor; then nobody reports on it any more."""
    walk("""
        day        | who           | deed                          | refused      | visit
        -----------+---------------+-------------------------------+--------------+-----------
        2026-11-24 | supervisor    | ask for a visit to the family |              | asked
                   | supervisor    | send the field checker        |              | assigned
                   | field checker | call off                      | role-missing | assigned
                   | supervisor    | call off without a reason     | must-be-said | assigned
                   | supervisor    | call off                      |              | called_off
                   | supervisor    | call off                      | visit-ended  | called_off
                   | supervisor    | send the field checker        | visit-ended  | called_off
                   | field checker | report as_stated              | visit-ended  | called_off
    """)
