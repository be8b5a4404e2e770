"""A served register is visited under both loads, and both sides of the comparison leave the same lines in the log."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import environment

MEASURING = """
import json
from mutakhir.node.program import program
with program(scratch=True):
    from mutakhir.bench import web
    print(json.dumps(web.measure(size=2000, repeats=1, seconds=3).as_json()))
"""


@pytest.mark.slow
def test_every_operation_is_measured_and_every_search_is_logged(database_url: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURING], env=environment(database_url, tmp_path), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["counts"]["logged"] == {"our page": 400, "the bare view": 400}
    assert told["differences"] == []
    assert 0 < told["ratio"] < 1
    assert {"work_list", "nik_search", "name_search", "family_page"} <= told["operations"].keys()
    assert all(one["p50_ms"] <= one["p95_ms"] <= one["p99_ms"] for one in told["operations"].values())
    assert told["open_loop"]["work_list"]["count"] > 1
    assert told["scopes"].keys() == {"village_operator", "camat", "verifier"}
    assert told["misspelt_found"] > 0.5
