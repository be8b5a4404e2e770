"""The programs of a node end together, whatever is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import psutil
import pytest

from mutakhir.node.processes import together

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

# A program that starts another one, as a web server starts its workers.
FAMILY = ["/bin/sh", "-c", "sleep 600 & wait"]
STUBBORN = ["/bin/sh", "-c", "trap '' TERM; while :; do sleep 1; done"]

HOLDER = f"""
from mutakhir.node.processes import together
with together() as processes:
    print(processes.start("web", {FAMILY!r}), processes.start("worker", {FAMILY!r}), flush=True)
    print(processes.wait(), flush=True)
"""


def until(happened: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"did not happen within {seconds} s"
        time.sleep(0.02)


def living(groups: list[int]) -> list[int]:
    found = []
    for process in psutil.process_iter(["status"]):
        try:
            if os.getpgid(process.pid) in groups and process.info["status"] != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except ProcessLookupError:
            continue
    return found


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_the_holder(how: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        groups = [int(word) for word in holder.stdout.readline().split()]
        until(lambda: len(living(groups)) == 4)
        holder.send_signal(how)
        holder.wait(30)
        if how != signal.SIGKILL:
            assert holder.returncode == 0
            assert holder.stdout.read() == "None\n"
    until(lambda: not living(groups))


def test_the_first_that_ends_by_itself_is_named() -> None:
    with together() as processes:
        worker = processes.start("worker", FAMILY)
        processes.start("web", ["/bin/sh", "-c", "exit 3"])
        assert processes.wait(seconds=30) == "web"
        assert living([worker])
    assert not living([worker])


def test_one_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mutakhir.node.processes.GRACE_SECONDS", 0.5)
    with together() as processes:
        stubborn = processes.start("stubborn", STUBBORN)
        until(lambda: len(living([stubborn])) == 2)
    assert not living([stubborn])
