"""When a window opens, what is ready moves by itself."""

from __future__ import annotations

from tests.spec.walks import Walking

title = "Packing"


def test_what_is_decided_and_complete_moves_when_a_window_opens(walk: Walking) -> None:
    """Nobody has to press anything: the window opens, and the request stands in the village's batch."""
    walk("""
        day        | who          | deed                                      | refused         | state       | whose turn
        -----------+--------------+-------------------------------------------+-----------------+-------------+-------------------------------
        2026-11-24 | operator     | record                                    |                 | draft       | village_operator, data_filler
                   | operator     | prove                                     |                 | draft       | village_operator, data_filler
                   | operator     | reserve                                   |                 | reserved    | village_operator, village_head
                   | village head | deliberate fit                            |                 | deliberated | system
                   | supervisor   | schedule 2027-01-04 2027-01-16 2027-02-01 |                 | deliberated | system
                   | system       | pack                                      | window-not-open | deliberated | system
        2027-01-04 | system       | pack                                      |                 | packed      | village_head, system
    """)


def test_what_is_not_ready_stays_with_its_reason(walk: Walking) -> None:
    """What is undecided or incomplete stays in the reserve, and says why."""
    walk("""
        day        | request | who          | deed           | refused                 | state
        -----------+---------+--------------+----------------+-------------------------+------------
        2026-11-24 | A       | operator     | record         |                         | draft
                   | A       | operator     | reserve        |                         | reserved
                   | A       | supervisor   | open a window  |                         | reserved
                   | A       | system       | pack           | incomplete, not-decided | reserved
                   | A       | village head | deliberate fit |                         | deliberated
                   | A       | system       | pack           | incomplete              | deliberated
                   | A       | operator     | prove          |                         | deliberated
                   | A       | system       | pack           |                         | packed
    """)


def test_what_is_already_so_is_satisfied(walk: Walking) -> None:
    """The register already says what is asked for: nothing is left to do, and the request ends as satisfied."""
    walk("""
        day        | who          | deed                   | refused | state       | floor | left the list
        -----------+--------------+------------------------+---------+-------------+-------+--------------
        2026-11-24 | operator     | record                 |         | draft       | 6     |
                   | operator     | prove                  |         | draft       | 6     |
                   | operator     | reserve                |         | reserved    | 6     |
                   | village head | deliberate fit         |         | deliberated | 6     |
                   | supervisor   | state floor_material=8 |         | deliberated | 8     |
                   | supervisor   | open a window          |         | deliberated | 8     |
                   | system       | pack                   |         | satisfied   | 8     | satisfied 1
    """)


def test_a_window_for_another_kind_takes_nothing(walk: Walking) -> None:
    """A window may be for some kinds only. Until one for its kind is open, a request waits."""
    walk("""
        day        | who          | deed                                | refused | state
        -----------+--------------+-------------------------------------+---------+------------
        2026-11-24 | operator     | record                              |         | draft
                   | operator     | prove                               |         | draft
                   | operator     | reserve                             |         | reserved
                   | village head | deliberate fit                      |         | deliberated
                   | supervisor   | open a window for leaving           |         | deliberated
                   | system       | pack                                |         | deliberated
                   | supervisor   | open a window for living_conditions |         | deliberated
                   | system       | pack                                |         | packed
    """)


def test_a_window_takes_nothing_outside_its_region(walk: Walking) -> None:
    """The house of Z lies in another kabupaten. A window takes nothing of it, however it is asked; it can be
    packed part by part."""
    walk("""
        day        | request | who                | deed               | refused | state    | left the list
        -----------+---------+--------------------+--------------------+---------+----------+--------------
        2026-11-24 | Z       | operator elsewhere | record leaving     |         | draft    |
                   | Z       | operator elsewhere | prove              |         | draft    |
                   | Z       | operator elsewhere | reserve            |         | reserved |
                   | B       | operator           | record leaving     |         | draft    |
                   | B       | operator           | prove              |         | draft    |
                   | B       | operator           | reserve            |         | reserved |
                   | B       | supervisor         | open a window      |         | reserved |
                   | Z       | system             | pack within 3509   |         | reserved |
                   | Z       | system             | pack within 350814 |         | reserved |
                   | B       | system             | pack within 350815 |         | packed   | packed 1
                   | Z       | system             | pack               |         | reserved |
    """)


def test_a_packed_request_is_not_changed(walk: Walking) -> None:
    """What stands in a batch is what the minutes say; it is changed only after it has come back."""
    walk("""
        day        | who          | deed                   | refused       | state
        -----------+--------------+------------------------+---------------+------------
        2026-11-24 | operator     | record                 |               | draft
                   | operator     | prove                  |               | draft
                   | operator     | reserve                |               | reserved
                   | village head | deliberate fit         |               | deliberated
                   | supervisor   | open a window          |               | deliberated
                   | system       | pack                   |               | packed
                   | operator     | amend floor_material=7 | state-differs | packed
                   | operator     | prove                  | state-differs | packed
    """)


def test_what_a_list_makes_true_is_satisfied_where_it_waits(walk: Walking) -> None:
    """After a list was taken in, requests are compared without waiting for their next step; a draft has no ticket yet
    and stays with who writes it."""
    walk("""
        day        | who          | deed                   | refused | state       | floor | waits for  | left the list
        -----------+--------------+------------------------+---------+-------------+-------+------------+--------------
        2026-11-24 | operator     | record                 |         | draft       | 6     | reserve    |
                   | supervisor   | state floor_material=8 |         | draft       | 8     | reserve    |
                   | system       | look after a list      |         | draft       | 8     | reserve    |
                   | operator     | prove                  |         | draft       | 8     | reserve    |
                   | operator     | reserve                |         | reserved    | 8     | deliberate |
                   | system       | look after a list      |         | satisfied   | 8     |            | satisfied 1
    """)


def test_a_list_that_does_not_speak_of_it_leaves_a_request_where_it_is(walk: Walking) -> None:
    """A request that still wants something waits on, in the reserve and at Dinsos."""
    walk("""
        day        | who          | deed              | refused | state       | floor | left the list
        -----------+--------------+-------------------+---------+-------------+-------+--------------
        2026-11-24 | operator     | record            |         | draft       | 6     |
                   | operator     | prove             |         | draft       | 6     |
                   | operator     | reserve           |         | reserved    | 6     |
                   | system       | look after a list |         | reserved    | 6     |
                   | village head | deliberate fit    |         | deliberated | 6     |
                   | supervisor   | open a window     |         | deliberated | 6     |
                   | system       | pack              |         | packed      | 6     | packed 1
                   | village head | hand over         |         | handed_over | 6     |
                   | system       | look after a list |         | handed_over | 6     |
    """)
