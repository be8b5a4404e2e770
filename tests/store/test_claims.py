"""What the civil register says in a list closes the claims that it makes true, and stops nobody's assistance."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

SLAMET, SITI = "9908011507800002", "9908014507880003"
HEADERS = ("NIK", "NO_KK", "NAMA_LGKP", "STAT_HBKEL", "TGL_LHR", "TGL_MENINGGAL")
COUPLE = {
    SLAMET: {
        "STAT_HBKEL": "KEPALA KELUARGA",
        "NAMA_LGKP": "SLAMET RIYADI",
        "TGL_LHR": "15-07-1980",
        "NO_KK": "9908011203150007",
    },
    SITI: {
        "STAT_HBKEL": "ISTRI",
        "NAMA_LGKP": "SITI AMINAH",
        "TGL_LHR": "05-07-1988",
        "NO_KK": "9908011203150007",
    },
}


@pytest.fixture
def walk(db: None, settings: Any, tmp_path: Path) -> Iterator[Any]:
    from mutakhir import wiring
    from tests.builders import PostgresGround, Walker

    settings.DATA = tmp_path / "data"
    wiring.blobs.cache_clear()
    yield Walker(PostgresGround())
    wiring.blobs.cache_clear()


def civil_list(path: Path, told: dict[str, dict[str, str]]) -> Path:
    """The couple as the civil registry has it, with what is told of each."""
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADERS)
        for nik, known in COUPLE.items():
            row = {"NIK": nik, **known, **told.get(nik, {})}
            writer.writerow([row.get(header, "") for header in HEADERS])
    return path


def take_in(walk: Any, path: Path, *, authority: str = "civil") -> Any:
    from mutakhir.wiring.imports import List, import_registry
    from mutakhir.wiring.terminal import TERMINAL
    from tests.builders import KABUPATEN

    walk.wait(1)
    told = List(path, authority, date(2026, 11, 20), KABUPATEN)
    return import_registry(told, actor=TERMINAL, clock=lambda: walk.now, report=lambda _: None)


def recorded(walk: Any, name: str, words: str, who: str = "operator") -> None:
    walk.name = name
    walk.must(words, who).must("prove", who).must("reserve", who)


def states(walk: Any) -> dict[str, str]:
    found = walk.ground.ask(lambda register: register.requests(walk.requests.values()))
    return {name: found[number].state.value for name, number in walk.requests.items()}


def test_a_civil_list_closes_what_it_makes_true(walk: Any, tmp_path: Path) -> None:
    """Each claim by itself: the name and the family card come true, the birth date does not, a house is no claim."""
    recorded(walk, "A", "record correction name=Siti_Aminah reason=card_wrong")
    recorded(walk, "A2", "record correction no_kk=9908011203150008 reason=card_wrong")
    recorded(walk, "A3", "record correction birth_date=1988-07-06 reason=card_right")
    recorded(walk, "A4", "record living_conditions")
    changed = {nik: {"NO_KK": "9908011203150008"} for nik in COUPLE}
    changed[SITI]["NAMA_LGKP"] = "SITI_AMINAH"
    take_in(walk, civil_list(tmp_path / "social.csv", changed), authority="social")
    assert set(states(walk).values()) == {"reserved"}
    take_in(walk, civil_list(tmp_path / "civil.csv", changed))
    assert states(walk) == {"A": "satisfied", "A2": "satisfied", "A3": "reserved", "A4": "reserved"}


def test_the_same_list_again_changes_nothing(walk: Any, tmp_path: Path) -> None:
    recorded(walk, "A", "record death of=head")
    path = civil_list(tmp_path / "civil.csv", {SLAMET: {"TGL_MENINGGAL": "19-11-2026"}})
    take_in(walk, path)
    before, tasks = len(walk.history), tasks_of()
    take_in(walk, path)
    assert (len(walk.history), tasks_of()) == (before, tasks)
    assert len(tasks) == 1


def test_a_death_that_is_confirmed_stops_nothing_and_leaves_a_task(walk: Any, tmp_path: Path) -> None:
    """The civil registry's day goes before the one that was reported; the end of the registration is somebody's task."""
    walk.must("state programme_sembako=1")
    recorded(walk, "A", "record death of=head")
    take_in(walk, civil_list(tmp_path / "civil.csv", {SLAMET: {"TGL_MENINGGAL": "19-11-2026"}}))
    assert states(walk) == {"A": "satisfied"}
    house = walk.house
    told = walk.ground.ask(lambda register: register.current([house.head, house.family]))
    assert told[house.head]["died_on"] == "2026-11-19"
    assert told[house.head]["registration"] == "registered"
    assert told[house.family]["programme_sembako"] == "1"
    [(rule, subject, owner, particulars)] = tasks_of()
    assert (rule, subject, owner) == ("death-confirmed", house.head, "village_operator")
    assert particulars == {"name": "SLAMET RIYADI", "day": "2026-11-19"}


def test_claims_are_looked_at_batch_by_batch(
    walk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are, a run looks at each, and one that is broken off is simply done again."""
    from mutakhir.wiring import imports

    monkeypatch.setattr(imports, "LOOKED_AT", 2)
    for name in ("A", "B", "C", "D", "E"):
        recorded(walk, name, "record death of=head")
        walk.must("civil says died_on=2026-11-19 of=head")
    take_in(walk, civil_list(tmp_path / "civil.csv", {}))
    assert set(states(walk).values()) == {"satisfied"}
    assert len(tasks_of()) == 5


def test_the_list_of_another_kabupaten_is_not_heard_for(walk: Any, tmp_path: Path) -> None:
    recorded(walk, "Z", "record death of=head", who="operator elsewhere")
    walk.must("civil says died_on=2026-11-19 of=head")
    take_in(walk, civil_list(tmp_path / "civil.csv", {}))
    assert states(walk) == {"Z": "reserved"}


def tasks_of() -> list[tuple[Any, ...]]:
    from mutakhir.store.models import Task

    return list(Task.objects.order_by("id").values_list("rule", "subject", "owner", "particulars"))
