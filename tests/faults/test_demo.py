"""The demonstration can be killed at any moment: nothing stays behind, and the next start goes on or begins cleanly."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from mutakhir.core.flows.change_request import STEPS
from mutakhir.node.postgres import free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX"),
]
PERSONS = 1500


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="mutakhir-demo-", dir="/tmp"))
    # The server of a root's node runs as another account.
    folder.chmod(0o755)
    yield folder
    until(lambda: not left(folder), seconds=60)
    shutil.rmtree(folder, ignore_errors=True)


class Demo:
    """One run of the command, with what it said."""

    def __init__(self, data: Path, port: int) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        environment.pop("MUTAKHIR_SECRET", None)
        command = [sys.executable, "-m", "mutakhir", "demo", "--persons", str(PERSONS), "--port", str(port)]
        self.address = f"http://127.0.0.1:{port}"
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            command,
            env={**environment, "MUTAKHIR_DATA": str(data), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    def wait_to_say(self, words: str, seconds: float = 240) -> None:
        def said() -> bool:
            assert self.process.poll() is None or any(words in line for line in self.lines), "".join(
                self.lines
            )
            return any(words in line for line in self.lines)

        until(said, seconds)

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        self.process.wait(60)
        assert self.process.stdout is not None
        self._listening.join(60)
        self.process.stdout.close()
        return self.process.returncode


def until(happened: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"did not happen within {seconds} s"
        time.sleep(0.05)


def left(data: Path) -> list[str]:
    """What still runs and belongs to the data folder."""
    found = []
    for process in psutil.process_iter(["status", "cmdline", "environ", "cwd"]):
        if process.pid == os.getpid() or process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        words = " ".join(process.info["cmdline"] or [])
        inside = Path(process.info["cwd"] or "/").is_relative_to(data)
        if inside or str(data) in words or (process.info["environ"] or {}).get("MUTAKHIR_DATA") == str(data):
            found.append(f"{process.pid} {words}")
    return found


def page(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_it_starts_again_after_every_kind_of_end(data: Path) -> None:
    port = free_port()

    # Killed while its people come in: what was written is kept.
    demo = Demo(data, port)
    demo.wait_to_say("Penduduk rekaan")
    assert demo.end(signal.SIGKILL) == -signal.SIGKILL
    until(lambda: not left(data), seconds=60)

    # Killed in the middle of the requests: none of them is there.
    demo = Demo(data, port)
    demo.wait_to_say("Permintaan beberapa bulan")
    demo.end(signal.SIGKILL)
    until(lambda: not left(data), seconds=60)

    # Left alone it comes to its end, whole and once.
    demo = Demo(data, port)
    demo.wait_to_say("Mutakhir berjalan di")
    demo.wait_to_say("Ctrl-C")
    assert page(f"{demo.address}/masuk") == 200
    told = json.loads((data / "demo.json").read_text())
    assert len({account["login"] for account in told["accounts"]}) == len(told["accounts"]) > 20
    assert (data / "demo.json").stat().st_mode & 0o077 == 0
    before = contents(data)
    assert before["persons"] == PERSONS == before["person events"]
    reachable = {step.target.value for step in STEPS if step.target is not None}
    assert reachable <= {*before["states"]}, "work in every state"
    assert before["unnumbered"] == 0

    # Killed while it serves: web server, worker and database end with it.
    demo.end(signal.SIGKILL)
    until(lambda: not left(data), seconds=60)

    # The next start finds everything, loads nothing, and ends when asked.
    demo = Demo(data, port)
    demo.wait_to_say("Ctrl-C")
    assert not any("Penduduk rekaan" in line for line in demo.lines)
    assert json.loads((data / "demo.json").read_text()) == told
    assert page(f"{demo.address}/masuk") == 200
    after = contents(data)
    assert (after["persons"], after["requests"]) == (before["persons"], before["requests"])

    # What is killed alone is started again.
    web = next(one for one in children(demo) if "granian" in " ".join(one.cmdline()))
    web.kill()
    until(lambda: web.pid not in {one.pid for one in children(demo)} and answers(demo.address))
    assert demo.end(signal.SIGINT) == 0
    until(lambda: not left(data), seconds=60)


def answers(address: str) -> bool:
    try:
        return page(f"{address}/masuk") == 200
    except OSError:
        return False


def children(demo: Demo) -> list[psutil.Process]:
    return psutil.Process(demo.process.pid).children()


def contents(data: Path) -> dict[str, object]:
    """What the database of the demonstration holds."""
    folder = next(data.glob("postgres-*/cluster"))
    sockets = (folder / "postmaster.pid").read_text().splitlines()[4]
    with psycopg.connect(f"postgresql://mutakhir@/mutakhir?host={sockets}&port=5432") as asked:

        def one(query: str) -> int:
            row = asked.execute(query).fetchone()  # type: ignore[arg-type]
            assert row is not None
            return int(row[0])

        return {
            "persons": one("SELECT count(*) FROM person_now WHERE id >= 4294967296"),
            "person events": one(
                "SELECT count(*) FROM event WHERE kind = 'person' AND version = 1 AND subject >= 4294967296"
            ),
            "requests": one("SELECT count(*) FROM request_now"),
            "unnumbered": one("SELECT count(*) FROM event WHERE id NOT IN (SELECT event FROM feed)"),
            "states": dict(
                asked.execute("SELECT state, count(*) FROM request_now GROUP BY state").fetchall()
            ),
        }
