"""Two heads in one family are not made by taking a statement back."""

from __future__ import annotations

from datetime import date

from mutakhir import wiring
from mutakhir.actions.facts import State, Withdrawal, state_facts, why_not_withdraw
from mutakhir.core.actors import SYSTEM
from tests.builders import VILLAGE, MemoryGround, instant, known_house


def test_a_withdrawal_leaves_no_family_with_two_heads() -> None:
    """The husband was said to be no head any more, and his wife became head since: his headship cannot come back."""
    ground = MemoryGround()
    house = known_house(ground, now=instant("2026-01-05"))

    def state(person: int, relation: str, day: str) -> None:
        ground.perform(
            state_facts, [State(person, "person", {"relation": relation})], region=VILLAGE,
            holds_from=date.fromisoformat(day), authority="social", source="source:test", actor=SYSTEM, now=instant(day),
        )  # fmt: skip

    state(house.head, "9", "2026-02-01")
    withdrawal = [Withdrawal(house.head, (2,))]
    told = {"register": ground.register, "authorities": wiring.terms().attributes.authorities}
    assert not why_not_withdraw(withdrawal, **told)  # type: ignore[arg-type]
    state(house.wife, "1", "2026-02-02")
    reasons = why_not_withdraw(withdrawal, **told)  # type: ignore[arg-type]
    assert [one.rule for one in reasons] == ["withdrawal-leaves-two-heads"]
