"""Villages are split, merged and renumbered by decree: what is kept under their codes follows."""

from __future__ import annotations

import pytest

from mutakhir.core.region_changes import Change, Decree, Successor, parse_area, why_not
from tests.builders import CAST, KABUPATEN, NEARBY, NEW, VILLAGE, instant
from tests.spec import tables
from tests.spec.walks import Walking

title = "Boundaries"


def test_a_merged_village_goes_on_in_its_neighbour(walk: Walking) -> None:
    """There is one successor, so nothing is left over: people, requests, offers and visits go there, and what two villages
    offered each other is settled by itself. A request in a batch ends under the old code, and its family is the
    neighbour's already."""
    walk("""
        day        | request | who                | deed                  | state       | place       | offered to | family in   | visit    | left over | under the old code
        -----------+---------+--------------------+-----------------------+-------------+-------------+------------+-------------+----------+-----------+-------------------
        2026-11-24 | A       | operator           | record leaving        | draft       | own village |            | own village |          |           |
                   | A       | operator           | prove                 | draft       | own village |            | own village |          |           |
                   | A       | operator           | reserve               | reserved    | own village |            | own village |          |           |
                   | A       | supervisor         | open a window         | reserved    | own village |            | own village |          |           |
                   | A       | system             | pack                  | packed      | own village |            | own village |          |           |
                   | A       | village head       | hand over             | handed_over | own village |            | own village |          |           |
                   | A       | verifier           | ask for a visit       | handed_over | own village |            | own village | asked    |           |
                   | B       | operator           | record leaving        | draft       | own village |            | own village | asked    |           |
                   | B       | operator           | reserve               | reserved    | own village |            | own village | asked    |           |
                   | B       | operator           | offer                 | reserved    | own village | nearby     | own village | asked    |           |
        2026-11-30 | B       | supervisor         | the village is merged | reserved    | nearby      |            | nearby      | asked    |           | 1 request
                   | A       | verifier           | verify verified       | verified    | own village |            | nearby      | asked    |           | 1 request
                   | A       | supervisor         | finalise              | finalised   | own village |            | nearby      | asked    |           | 1 request
                   | A       | bupati's office    | endorse               | endorsed    | own village |            | nearby      | asked    |           | 1 request
                   | A       | supervisor         | send                  | sent        | own village |            | nearby      | asked    |           | 1 request
                   | A       | system             | follow back           | sent        | own village |            | nearby      | asked    |           | 1 request
        2026-12-14 | A       | supervisor         | determine yes         | applied     | own village |            | nearby      | asked    |           | 1 request
                   | A       | system             | follow back           | applied     | own village |            | nearby      | asked    |           |
    """)


def test_a_new_code_changes_nothing_else(walk: Walking) -> None:
    """The same village under another number: what was decided stays decided, and goes on where it was."""
    walk("""
        day        | who                         | deed                        | state       | village says | place       | family in   | lives in    | waits for
        -----------+-----------------------------+-----------------------------+-------------+--------------+-------------+-------------+-------------+----------
        2026-11-24 | operator                    | record                      | draft       |              | own village | own village | own village | reserve
                   | operator                    | prove                       | draft       |              | own village | own village | own village | reserve
                   | operator                    | reserve                     | reserved    |              | own village | own village | own village | deliberate
                   | village head                | deliberate fit              | deliberated | fit          | own village | own village | own village | pack
        2026-11-30 | head of Dinsos              | the village gets a new code | deliberated | fit          | new village | new village | new village | pack
                   | supervisor                  | open a window               | deliberated | fit          | new village | new village | new village | pack
                   | system                      | pack                        | packed      | fit          | new village | new village | new village | hand_over
                   | head of the new village     | hand over                   | handed_over | fit          | new village | new village | new village | verify
    """)


def test_what_two_successors_may_claim_is_for_a_person_to_say(walk: Walking) -> None:
    """A village that is divided among two new ones leaves nobody behind by guessing: a family without RW, and a request
    for a family that is not known yet, stand on the list of Dinsos until somebody says where they belong."""
    walk("""
        day        | request | who        | deed                              | state    | place       | family in   | left over
        -----------+---------+------------+-----------------------------------+----------+-------------+-------------+--------------------
        2026-11-24 | A       | operator   | record new_family                 | draft    | own village |             |
                   | A       | operator   | reserve                           | reserved | own village |             |
                   | B       | system     | state rw=                         |          |             | own village |
                   | B       | operator   | record leaving                    | draft    | own village | own village |
        2026-11-30 | A       | supervisor | the village is divided            | reserved | own village |             | 1 family, 1 request
                   | A       | supervisor | assign the request to new village | reserved | new village |             | 1 family
                   | B       | supervisor | assign the family to nearby       | draft    | nearby      | nearby      |
    """)


def test_what_others_offered_goes_to_the_successor(walk: Walking) -> None:
    """An offer to a village that has another code now waits there."""
    walk("""
        day        | who             | deed                        | state    | place       | offered to
        -----------+-----------------+-----------------------------+----------+-------------+------------
        2026-11-24 | operator        | record leaving              | draft    | own village |
                   | operator        | reserve                     | reserved | own village |
                   | operator        | offer                       | reserved | own village | nearby
                   | operator nearby | take over                   | reserved | nearby      |
                   | operator nearby | offer to 3508152001         | reserved | nearby      | own village
                   | supervisor      | the village gets a new code | reserved | nearby      | new village
    """)


def test_what_two_could_take_goes_back_to_who_offered_it(walk: Walking) -> None:
    """Whoever offered it says to which of the two."""
    walk("""
        day        | who             | deed                   | state    | place       | offered to
        -----------+-----------------+------------------------+----------+-------------+------------
        2026-11-24 | operator        | record new_family      | draft    | own village |
                   | operator        | reserve                | reserved | own village |
                   | operator        | offer to 3509012001    | reserved | own village | elsewhere
                   | operator elsewhere | take over           | reserved | elsewhere   |
                   | operator elsewhere | offer to 3508152001 | reserved | elsewhere   | own village
                   | supervisor      | the village is divided | reserved | elsewhere   |
    """)


AREAS = """
    written      | rw | rt
    -------------+----+---
    RW 03        | 3  |
    rw 3         | 3  |
    RT 002 RW 04 | 4  | 2
    RT02RW04     | 4  | 2
    RT 02        |    |
    03           |    |
"""


@pytest.mark.parametrize("row", tables.read(AREAS), ids=lambda row: row["written"])
def test_an_area_is_a_rw_or_one_rt_of_it(row: tables.Row) -> None:
    """As people write it, with or without zeros. A RT alone says nothing: every RW has one of that number."""
    found = parse_area(row["written"])
    assert {"rw": found.rw if found else "", "rt": found.rt if found else ""} == {
        "rw": row["rw"],
        "rt": row["rt"],
    }


SPLIT = (Successor(VILLAGE, rest=True), Successor(NEW, families=("9908011203150007",)))
WRONG = """
    old           | becomes                | refused
    --------------+------------------------+------------------------
    own village   | a new village          |
    own village   | itself and a new one   |
    own village   | nothing                | successor-missing
    own village   | itself                 | successor-missing
    own village   | two without a division | successor-takes-nobody
    own village   | two with the rest      | rest-twice
    own village   | the same family twice  | named-twice
    own village   | the same RW twice      | named-twice
    own village   | a kecamatan            | successor-level
    own village   | a code without a name  | successor-without-name
    a strange one | a new village          | region-unknown-code
    a kabupaten   | a new village          | region-change-level
    a kecamatan   | two kecamatan          | region-split-by-village
"""
OLD = {
    "own village": VILLAGE,
    "a strange one": "3508152055",
    "a kabupaten": KABUPATEN,
    "a kecamatan": VILLAGE[:6],
}
RW = (parse_area("RW 02"),)
BECOMES = {
    "a new village": (Successor(NEW),),
    "itself and a new one": SPLIT,
    "nothing": (),
    "itself": (Successor(VILLAGE),),
    "two without a division": (Successor(VILLAGE, rest=True), Successor(NEW)),
    "two with the rest": (Successor(VILLAGE, rest=True), Successor(NEW, rest=True)),
    "the same family twice": (Successor(VILLAGE, families=SPLIT[1].families), SPLIT[1]),
    "the same RW twice": (Successor(VILLAGE, areas=RW), Successor(NEW, areas=(parse_area("RT 1 RW 2"),))),
    "a kecamatan": (Successor(VILLAGE[:6]),),
    "a code without a name": (Successor("3508152098"),),
    "two kecamatan": (Successor("350815", rest=True), Successor("350899", families=("9",))),
}


@pytest.mark.parametrize("row", tables.read(WRONG), ids=lambda row: f"{row['old']} becomes {row['becomes']}")
def test_a_decree_says_who_takes_over_whom(row: tables.Row) -> None:
    """Codes are known or have a name, stand on the same level, and nobody is given to two successors."""
    decree = Decree(
        "Perda 4/2026",
        instant("2026-11-24").date(),
        (Change(OLD[row["old"]], BECOMES[row["becomes"]]),),
        {NEW: "Jenggrong Baru", "350899": "Ranuyoso Timur"},
    )
    known = (KABUPATEN, VILLAGE[:6], VILLAGE, NEARBY)
    reasons = why_not(decree, known=known, today=decree.day, actor=CAST["supervisor"])
    rules = (
        {one.rule for one in reasons} - {"successor-level"}
        if row["old"] == "a kabupaten"
        else {one.rule for one in reasons}
    )
    assert ", ".join(sorted(rules)) == row["refused"]
