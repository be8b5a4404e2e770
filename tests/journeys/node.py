"""The node that journeys visit: a demonstration with a database of its own, really served, with its worker."""

from __future__ import annotations

import json
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

from mutakhir.node.postgres import free_port
from tests.databases import apart, environment

ROOT = Path(__file__).parents[2]
PERSONS = 3000
END_SECONDS = 60
BACKSTAGE = """
import sys
from mutakhir.node.program import program
with program(migrate=False):
    from mutakhir import wiring
    from mutakhir.core.actors import Role
    from mutakhir.wiring import lists, timekeeping
    deed, *told = sys.argv[1:]
    if deed == "clock":
        timekeeping.advance(wiring.clock())
    elif deed == "open":
        from datetime import timedelta
        from mutakhir.actions import window
        from mutakhir.core.flows.window import Act
        now = wiring.clock()
        act = Act("B-214/1.4/DI.01/11/2026", now.date().isoformat(), "Kepala Pusdatin Kesos")
        until = [now + timedelta(days=days) for days in (14, 25)]
        command = window.Schedule("3508", now, *until, act, tuple(told[1:]), name=told[0])
        wiring.perform(window.schedule, command, actor=wiring.find_actor("nira", now=now), now=now)
        timekeeping.advance(now)
    elif deed == "route":
        from tests.journeys import route
        getattr(route, told[0])(int(told[1]))
    elif deed == "employ":
        login, role, region, password = told
        wiring.create_account(
            login, login.title(), password, [(Role(role), region)], by="admin", now=wiring.clock(), must_change=False
        )
    elif deed == "answer":
        sys.stdout.buffer.write(lists.write_answer(int(told[0]), outcome=told[1]))
"""
"""What a story takes for granted: the minute of the clock, a letter of the centre that opens a window, the centre that fills in
what it was sent, and steps of the route that another story shows."""


@dataclass(frozen=True, slots=True)
class Known:
    """A person of the register as a village knows them: the number on the card, and what the register holds."""

    id: int
    nik: str
    name: str
    birth_date: str
    family: int
    floor: str


@dataclass(frozen=True, slots=True)
class Node:
    """A served demonstration: where it stands, and what its own terminal can do."""

    address: str
    data: Path
    database: str
    password: str
    tickets: tuple[dict[str, str], ...]

    def rows(self, statement: str, *values: object) -> list[Any]:
        with psycopg.connect(self.database) as connection:
            cursor = connection.execute(statement, values)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    def value(self, statement: str, *values: object) -> Any:
        return self.rows(statement, *values)[0][0]

    def keep_time(self) -> None:
        """Let the clock do what is due now, without waiting for its minute."""
        self._backstage("clock")

    def open_window(self, name: str, *kinds: str) -> None:
        """The supervisor has recorded a letter of the centre that opens a window today, and the clock has moved on."""
        self._backstage("open", name, *kinds)

    def take_in(self, list_: Path, *, authority: str, as_of: date, region: str = "3508") -> None:
        """`mutakhir import registry` on the node's own terminal."""
        told = ("--authority", authority, "--as-of", as_of.isoformat(), "--region", region)
        self.command("import", "registry", str(list_), *told)

    def answer_of_centre(self, submission: int, *, outcome: str = "disetujui") -> bytes:
        """The file that was sent, with every row answered by the centre."""
        return self._backstage("answer", str(submission), outcome)

    def hand_over(self, request: int) -> None:
        """Let a request that stands in the reserve go on until it lies at Dinsos."""
        self._backstage("route", "hand_over", str(request))

    def put_in_force(self, request: int) -> None:
        """Let a request that lies at Dinsos go on until the register says what it asked for."""
        self._backstage("route", "put_in_force", str(request))

    def employ(self, login: str, role: str, region: str) -> None:
        """Give somebody an account with one role, whose password is known already."""
        self._backstage("employ", login, role, region, self.password)

    def carry(self, request: int) -> None:
        """Let a request that stands in the reserve of another kabupaten go on until the register says what it asked for."""
        self._backstage("route", "carry", str(request))

    def holder(self, role: str, region: str) -> str:
        """The login of who holds a role for a region itself."""
        asked = """
            SELECT a.login FROM role_held h JOIN account a ON a.id = h.account_id
            WHERE h.role = %s AND h.region = %s AND h.until_day IS NULL ORDER BY h.id
        """
        return str(self.value(asked, role, region))

    def operator_of(self, request: int) -> str:
        """The login of who works for the village of a request."""
        asked = """
            SELECT a.login FROM request_now r JOIN role_held h ON h.region = r.region AND h.role = 'village_operator'
            JOIN account a ON a.id = h.account_id WHERE r.id = %s
        """
        return str(self.value(asked, request))

    def heads_at_rest(self, village: str) -> list[Known]:
        """Heads of families of a village about whom nothing is asked now, known by a NIK, the floor not of marble."""
        found = self.rows(
            """
            SELECT p.id, p.nik, p.name, p.birth_date, p.family, d.attributes ->> 'floor_material'
            FROM person_now p JOIN family_now f ON f.id = p.family JOIN dwelling_now d ON d.id = f.dwelling
            WHERE p.region = %s AND p.relation = '1' AND p.registered AND p.nik LIKE '99%%' AND length(p.birth_date) = 10
              AND NOT EXISTS (SELECT FROM request_now r WHERE r.family = f.id AND NOT r.ended)
              AND (SELECT count(*) FROM family_now o WHERE o.dwelling = f.dwelling) = 1
              AND d.attributes ->> 'floor_material' > '3'
            ORDER BY p.id
            """,
            village,
        )
        return [Known(*row) for row in found]

    def command(self, *words: str) -> str:
        """What a command says at the terminal of the node."""
        return self._run(sys.executable, "-m", "mutakhir", *words).decode()

    def _backstage(self, *words: str) -> bytes:
        return self._run(sys.executable, "-c", BACKSTAGE, *words)

    def _run(self, *command: str) -> bytes:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment(self.database, self.data),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout


@contextmanager
def demonstration(url: str, data: Path) -> Iterator[Node]:
    """`mutakhir demo` on a database of its own at the server of `url`, until the block ends."""
    with apart(url) as database, (data / "node.log").open("w+") as log:
        address = f"http://127.0.0.1:{free_port()}"
        command = _command(address)
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={
                **environment(database, data),
                "PYTHONUNBUFFERED": "1",
                "MUTAKHIR_SECRET": secrets.token_hex(20),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        assert process.stdout is not None
        try:
            if not any("Semua orang di sini rekaan" in line for line in process.stdout):
                log.seek(0)
                raise RuntimeError(f"the demonstration ended with {process.wait()}: {log.read()}")
            told = json.loads((data / "demo.json").read_text(encoding="utf-8"))
            password = told["accounts"][0]["password"]
            yield Node(address, data, database, password, tuple(told["tickets"]))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(END_SECONDS)
            process.stdout.close()


def _command(address: str) -> Sequence[str]:
    port = address.rpartition(":")[2]
    return [sys.executable, "-m", "mutakhir", "demo", "--persons", str(PERSONS), "--port", port]
