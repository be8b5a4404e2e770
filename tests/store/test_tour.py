"""The tour walks the whole case on a real database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mutakhir.core.change_requests import State
from mutakhir.node.tour import STORY


@pytest.mark.slow
def test_the_case_of_the_news_item(database_url: str, tmp_path: Path) -> None:
    """One object, every state as it is named, the register's answer before and after, in less than a minute."""
    first, seconds = tour(database_url, tmp_path, seed=1)
    steps = first["steps"]
    assert seconds < 60
    assert [one["step"] for one in steps] == list(STORY)
    assert all(set(one) == {"step", "state", "outcome", "refused", "before", "after"} for one in steps)
    assert {one["state"] for one in steps} <= {state.value for state in State}
    assert {one["step"]: one["refused"] for one in steps if one["outcome"] == "refused"} == {
        "verify_too_early": ["state-differs"],
        "pack_without_window": ["no-window"],
        "verify_by_operator": ["role-missing", "own-work"],
        "send_before_endorsement": ["state-differs"],
    }
    changed = [one["step"] for one in steps if one["before"] != one["after"]]
    assert changed == ["determine", "ask_again"]
    assert steps[-1]["before"] == {"floor_material": "6", "registration": "registered"}
    assert steps[-1]["after"] == {"floor_material": "8", "registration": "ended"}


@pytest.mark.slow
def test_another_seed_has_other_people(database_url: str, tmp_path: Path) -> None:
    words = {told(database_url, tmp_path, seed) for seed in (1, 2, 3)}
    assert len(words) > 1
    assert told(database_url, tmp_path, 2) in words


def tour(database_url: str, folder: Path, *, seed: int) -> tuple[dict[str, list[dict[str, object]]], float]:
    began = time.monotonic()
    return json.loads(run(database_url, folder, "--json", "--seed", str(seed))), time.monotonic() - began


def told(database_url: str, folder: Path, seed: int) -> str:
    return run(database_url, folder, "--seed", str(seed))


def run(database_url: str, folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mutakhir", "tour", *words],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DATABASE_URL": database_url, "MUTAKHIR_DATA": str(folder)},
    )
    return done.stdout
