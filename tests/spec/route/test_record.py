"""What a resident says is written down on any day."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Writing down, on any day"


def test_a_request_is_recorded_and_reserved_while_no_window_is_open(walk: Walking) -> None:
    """No resident is sent away because a menu is closed. On a Sunday, without any window, the village writes
    the request down and gives the ticket."""
    walk("""
        day        | who      | deed    | refused | state
        -----------+----------+---------+---------+---------
        2026-11-29 | operator | record  |         | draft
                   | operator | reserve |         | reserved
    """)


def test_a_data_filler_of_the_kabupaten_may_write_down_too(walk: Walking) -> None:
    """Where a village cannot, the kabupaten's data filler writes down. Nobody else does."""
    walk("""
        day        | who             | deed   | refused      | state
        -----------+-----------------+--------+--------------+------
        2026-11-24 | village head    | record | role-missing |
                   | verifier        | record | role-missing |
                   | supervisor      | record | role-missing |
                   | bupati's office | record | role-missing |
                   | data filler     | record |              | draft
    """)


def test_what_a_form_cannot_ask_for_is_refused(walk: Walking) -> None:
    """A kind asks for its own attributes only, with codes of its lists, and for nothing that lies in the
    future."""
    walk("""
        day        | who      | deed                                                       | refused               | state
        -----------+----------+------------------------------------------------------------+-----------------------+------
        2026-11-24 | operator | record moving_away                                         | kind-unknown          |
                   | operator | record living_conditions colour=red                        | attribute-unknown     |
                   | operator | record living_conditions name=Siti                         | attribute-not-of-kind |
                   | operator | record living_conditions floor_material=77                 | code-unknown          |
                   | operator | record living_conditions floor_material=8 since=2026-11-25 | date-in-future        |
                   | operator | record living_conditions floor_material=8 since=1899-12-31 | date-too-early        |
                   | operator | record not_eligible reason=77                              | reason-unknown        |
                   | operator | record living_conditions floor_material=8 since=2026-11-24 |                       | draft
                   | operator | record living_conditions floor_material=8 since=1900-01-01 |                       | draft
    """)


def test_a_request_stands_under_a_name(walk: Walking) -> None:
    """On every list a request stands under the name of the person whom it is about: the new one, the one
    concerned, or the head of the family."""
    walk("""
        day        | request | who      | deed                         | state | is about | stands under
        -----------+---------+----------+------------------------------+-------+----------+--------------
        2026-11-24 | A       | operator | record living_conditions     | draft | a family | Slamet Riyadi
                   | B       | operator | record leaving               | draft | a family | Slamet Riyadi
                   | C       | operator | record not_eligible reason=9 | draft | a person | Siti Aminah
                   | D       | operator | record new_person            | draft | a family | Bayu Pratama
                   | E       | operator | record new_family            | draft | a family | Wagiman
    """)


def test_an_applicant_has_a_name_and_a_standing(walk: Walking) -> None:
    """Who asks is written down by name: a member of the family, a guardian, a helper, or the village itself.
    The family must be known."""
    walk("""
        day        | who      | deed                                    | refused                    | state
        -----------+----------+-----------------------------------------+----------------------------+------
        2026-11-24 | operator | record for nobody                       | applicant-unnamed          |
                   | operator | record for a stranger                   | applicant-standing-unknown |
                   | operator | record for a family that nobody knows   | family-unknown             |
                   | operator | record about somebody of another family | person-not-of-family       |
    """)
