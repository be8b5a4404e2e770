"""Who can open the data of many villages needs more than a password."""

from __future__ import annotations

from datetime import UTC, date, datetime

from mutakhir import parameters
from mutakhir.core.actors import LEVEL_DIGITS, Held, Role
from mutakhir.core.sign_in import needs_second_factor, steps_of
from tests.spec import tables

title = "The second factor"


def test_every_role_above_the_village_needs_it() -> None:
    """A code beside the password is asked of every role above the village; in a village it is free to be used."""
    rules = parameters.load().signing_in(date(2026, 11, 24))
    wanted = tables.read("""
        role             | needs a code
        -----------------+-------------
        village_operator |
        village_head     |
        data_filler      | yes
        camat            | yes
        field_checker    | yes
        verifier         | yes
        supervisor       | yes
        head_of_dinsos   | yes
        bupati_office    | yes
        administrator    | yes
        province         | yes
        auditor          | yes
        centre           | yes
    """)
    assert {row["role"] for row in wanted} == {role.value for role in LEVEL_DIGITS}
    found = [
        {**row, "needs a code": "yes" if needs_second_factor([Held(Role(row["role"]), "")], rules) else ""}
        for row in wanted
    ]
    assert tables.write(found, wanted[0]) == tables.write(wanted, wanted[0])


def test_one_role_is_enough() -> None:
    """Who holds a village's role and one above it needs the code."""
    rules = parameters.load().signing_in(date(2026, 11, 24))
    operator, verifier = Held(Role.VILLAGE_OPERATOR, "3508110001"), Held(Role.VERIFIER, "3508")
    assert needs_second_factor([operator, verifier], rules)
    assert not needs_second_factor([operator], rules)
    assert not needs_second_factor([], rules)


def test_a_clock_may_be_half_a_minute_off() -> None:
    """The code of now is taken, and those of the thirty seconds before and after."""
    now = datetime(2026, 11, 24, 3, 0, 5, tzinfo=UTC)
    step = int(now.timestamp()) // 30
    assert list(steps_of(now)) == [step - 1, step, step + 1]
