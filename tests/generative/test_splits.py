"""However a family splits: nobody is lost, one part keeps the number, and it matters not which part the form names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mutakhir.core.attribution import CAME_FROM
from mutakhir.core.rules.families import NEITHER, PEOPLE, REST, keeper
from tests.builders import MemoryGround
from tests.generative.examples import examples
from tests.spec import tables
from tests.spec.families.households import Households

TODAY = date(2026, 11, 24)
OTHER_PART = {PEOPLE: REST, REST: PEOPLE, NEITHER: NEITHER}

births = st.none() | st.sampled_from(
    ["1950", "1962-04", "1980-07-15", "2009-11-24", "2009-11-25", "2021-02-03"]
)
relations = st.none() | st.sampled_from(["2", "3", "4", "6", "8"])


@dataclass(frozen=True, slots=True)
class Split:
    """A family by relation and birth, the first its head, and how it splits: `part` is True for whom the form names."""

    members: tuple[tuple[str | None, str | None], ...]
    part: tuple[bool, ...]
    card: str
    keeps: str | None
    house: str


splits = (
    st.integers(2, 6)
    .flatmap(
        lambda size: st.builds(
            Split,
            members=st.tuples(
                st.tuples(st.just("1"), births), *(st.tuples(relations, births) for _ in range(size - 1))
            ),
            part=st.tuples(*(st.booleans() for _ in range(size))),
            card=st.sampled_from([PEOPLE, REST, NEITHER]),
            keeps=st.none() | st.sampled_from([PEOPLE, REST]),
            house=st.sampled_from(["same", "apart"]),
        )
    )
    .filter(lambda one: 0 < sum(one.part) < len(one.part))
)


@examples(200)
@given(split=splits)
def test_it_matters_not_which_part_is_named(split: Split) -> None:
    """The form may name those who go or those who stay: the same persons keep the family's number."""
    members = {
        number: {"relation": relation, "birth_date": born}
        for number, (relation, born) in enumerate(split.members)
    }
    named = [number for number, chosen in enumerate(split.part) if chosen]
    others = [number for number in members if number not in named]
    found = keeper(members, named, card=split.card, today=TODAY)
    turned = keeper(members, others, card=OTHER_PART[split.card], today=TODAY)
    assert (turned.part, turned.why) == (OTHER_PART[found.part], found.why)


@examples(60)
@given(split=splits)
def test_nobody_is_lost_and_one_part_keeps_the_number(split: Split) -> None:
    """Afterwards everybody belongs to one of two families, those of a part together; what was known before is known still."""
    households = Households(MemoryGround())
    people = [
        {"name": f"p{place}", "family": "A", "relation": relation or "", "born": born or ""}
        for place, (relation, born) in enumerate(split.members)
    ]
    households.known(tables.write(people, people[0]), cards="family | card\n-+-\nA | 9908011203150007")
    position = households.position
    before = _families(households, position=position)
    parts = [
        {"who": one["name"], "part": PEOPLE if chosen else REST, "becomes": ""}
        for one, chosen in zip(people, split.part, strict=True)
    ]
    choices = {"card": split.card, "house": split.house}
    if split.keeps is not None:
        choices |= {"keeps": split.keeps, "keeps_reason": "Desa lebih tahu."}
    assert not households.split("A", tables.write(parts, parts[0]), **choices)
    households.carry()
    assert households.state == "applied"
    now = _families(households)
    assert now.keys() == before.keys()
    together = {part: {now[one["who"]] for one in parts if one["part"] == part} for part in (PEOPLE, REST)}
    assert {len(families) for families in together.values()} == {1}
    assert together[PEOPLE] | together[REST] == {households.families["A"], households.families["new"]}
    assert households.current(households.families["new"])[CAME_FROM] == households.families["A"]
    assert _families(households, position=position) == before


def _families(households: Households, *, position: int | None = None) -> dict[str, Any]:
    """To which family everybody belongs."""
    subjects = households.people
    told = households.ground.ask(
        lambda register: register.as_of(subjects.values(), on=households.walk.today(), position=position)
    )
    return {name: told[number]["family"].value for name, number in subjects.items()}
