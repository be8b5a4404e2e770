"""Runs the programs that a node is made of side by side, and leaves none behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType
from typing import Any

from mutakhir.node import guardian

GRACE_SECONDS = 10.0
"""How long a program may take to end after it was asked; then it is killed."""


class Processes:
    """Programs that run side by side; made by `together`."""

    def __init__(self, watch: subprocess.Popen[bytes]) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.asked_to_end = threading.Event()
        self._watch = watch

    def start(
        self, name: str, command: Sequence[str], *, environment: Mapping[str, str] | None = None
    ) -> int:
        """Start a program in a process group of its own; return its process id."""
        apart: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            env={**os.environ, **(environment or {})},
            **apart,
        )
        guardian.tell(self._watch, f"hold {process.pid}")
        self.running[name] = process
        return process.pid

    def wait(self, *, seconds: float | None = None) -> str | None:
        """Wait until a program ends by itself and return its name.

        None when the end was asked for by SIGINT or SIGTERM, or when the seconds have passed.
        """
        pause = 0.1
        waited = 0.0
        while seconds is None or waited < seconds:
            for name, process in self.running.items():
                if process.poll() is not None:
                    return name
            if self.asked_to_end.wait(pause):
                return None
            waited += pause
        return None

    def end(self) -> None:
        """End all programs: first asked, in the order opposite to their start, then killed."""
        for process in reversed(self.running.values()):
            stop(process, seconds=GRACE_SECONDS)
            guardian.tell(self._watch, f"release {process.pid}")
        self.running.clear()


@contextlib.contextmanager
def together() -> Iterator[Processes]:
    """Programs started inside the block end with it, also when this process is killed.

    While the block runs, SIGINT and SIGTERM do not interrupt: they end `Processes.wait`.
    """
    watch = guardian.start("processes", seconds=GRACE_SECONDS)
    processes = Processes(watch)

    def asked(number: int, frame: FrameType | None) -> None:
        processes.asked_to_end.set()

    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield processes
    finally:
        with contextlib.suppress(BrokenPipeError):
            processes.end()
        guardian.dismiss(watch)
        for number, handler in before.items():
            signal.signal(number, handler)


def stop(process: subprocess.Popen[bytes], *, seconds: float) -> None:
    """End a program with all that it started itself."""
    if sys.platform == "win32":
        guardian.terminate({process.pid}, seconds=seconds)
        process.wait()
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    # What it started may outlive it; a group lives as long as any of its processes.
    guardian.terminate({process.pid}, seconds=0.2 if process.poll() is not None else 0.0)
    process.wait()
