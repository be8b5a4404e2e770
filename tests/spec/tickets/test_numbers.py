"""A number is read as people write it, and any slip is found."""

from __future__ import annotations

from mutakhir.core.tickets import from_random, normalise, shown
from tests.spec import tables
from tests.spec.walks import Walking

title = "The number of a ticket"


def read(table: str) -> None:
    wanted = tables.read(table)
    found = [{**row, "is read as": normalise(row["typed"]) or ""} for row in wanted]
    assert tables.write(found, wanted[0]) == tables.write(wanted, wanted[0])


def test_a_number_is_read_as_people_write_it() -> None:
    """With or without hyphens, in small letters, with spaces: it is the same number."""
    number = from_random(bytes(range(16)))
    for typed in (
        number,
        shown(number),
        shown(number).lower(),
        shown(number).replace("-", " "),
        f" {number} ",
    ):
        assert normalise(typed) == number


def test_a_slip_is_found() -> None:
    """One wrong sign, two signs exchanged, one too few: no number."""
    number = from_random(bytes(range(16)))
    exchanged = number[1] + number[0] + number[2:]
    wrong = ("2" if number[3] != "2" else "3").join((number[:3], number[4:]))
    for typed in (exchanged, wrong, number[:-1], number + "2", ""):
        assert typed == number or normalise(typed) is None


def test_signs_that_look_alike_are_not_used() -> None:
    """0 and O, 1, I and L do not occur in a number, and the first number that anybody would try is none."""
    read("""
        typed          | is read as
        ---------------+-----------
        2222-2222-2222 |
        O222-2222-2222 |
        1222-2222-2222 |
        siti           |
    """)


def test_a_ticket_is_given_once_and_stays(walk: Walking) -> None:
    """The ticket is given when the request enters the reserve. Whatever happens to the request, the number stays."""
    walker = walk("""
        day        | who          | deed               | state
        -----------+--------------+--------------------+------------
        2026-11-24 | operator     | record             | draft
                   | operator     | reserve            | reserved
    """)
    ticket = walker.request.ticket
    assert ticket is not None
    assert normalise(ticket) == ticket
    walk("""
        day        | who          | deed               | state
        -----------+--------------+--------------------+------------
        2026-11-25 | village head | deliberate not_fit | deliberated
                   | operator     | appeal             | reserved
                   | operator     | withdraw           | withdrawn
    """)
    assert walker.request.ticket == ticket
