"""A list is read to its end, page by page, also where its length is a whole number of pages."""

from __future__ import annotations

import pytest

from mutakhir.actions import submission
from mutakhir.core.change_requests import State
from tests.builders import KABUPATEN, MemoryGround, Walker


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
def test_nothing_is_left_behind(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submission, "CHUNK", 2)
    walk = Walker(MemoryGround())
    for place in range(count):
        walk.name = f"A{place}"
        walk.must("record", "operator").must("reserve", "operator")
    found = walk.ground.ask(
        lambda register: submission.all_requests(register, states=(State.RESERVED,), scope=KABUPATEN)
    )
    assert [one.id for one in found] == sorted(walk.requests.values())
