"""Runs the web server and the worker of a node side by side, and starts again whichever of them stops by itself."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil

from mutakhir.node.logins import address_of_pages
from mutakhir.node.processes import Processes, together

WORKERS = 1 if sys.platform == "win32" else 2
"""Where sockets cannot be shared between processes there is one."""

THREADS = 16
"""So many requests a process takes in; the turnstile (web.turnstile) says which of them it works on."""
ANSWER_SECONDS = 60.0
TRIES, TRIES_SECONDS = 5, 60.0
"""So many ends within so many seconds are too many to go on."""

BUILT = Path(__file__).resolve().parents[1] / "web" / "static" / "built" / "manifest.json"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
HEALTH = "/sehat"


class SiteError(Exception):
    """The site cannot run; the text says why and what helps."""


def build_screens() -> None:
    """Compile styles and script where that was not done yet. Raises SiteError."""
    if BUILT.exists():
        return
    if subprocess.run([sys.executable, "-m", "mutakhir.web.build"], check=False).returncode:
        raise SiteError("the screens could not be built; see above")


def refuse_taken_port(host: str, port: int) -> None:
    """Raises SiteError where another program listens at the address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as asked:
        if os.name == "posix":
            # Connections that ended a moment ago do not hold the port.
            asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind((host, port))
        except OSError as error:
            raise SiteError(f"{host}:{port} cannot be used: {error.strerror or error}") from error


def hosts_of(host: str) -> str:
    """The names under which the site answers: MUTAKHIR_HOSTS, or those of this machine where it listens to others."""
    if named := os.environ.get("MUTAKHIR_HOSTS"):
        return named
    names = [*sorted(LOOPBACK), host]
    if host not in LOOPBACK:
        names += [socket.gethostname(), socket.getfqdn()]
        names += [
            address.address.partition("%")[0]
            for addresses in psutil.net_if_addrs().values()
            for address in addresses
            if address.family in (socket.AF_INET, socket.AF_INET6)
        ]
    return ",".join(dict.fromkeys(f"[{name}]" if ":" in name else name for name in names))


def web_command(host: str, port: int, *, application: str = "mutakhir.site.wsgi:application") -> list[str]:
    return [
        *(sys.executable, "-m", "granian", application),
        *("--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--log-level", "error"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "5", "--no-ws"),
    ]


WORKER_COMMAND = [sys.executable, "-m", "mutakhir.jobs"]


@contextlib.contextmanager
def site(host: str, port: int) -> Iterator[Processes]:
    """Web server and worker, answering, while the block runs. The database has to be there. Raises SiteError."""
    refuse_taken_port(host, port)
    build_screens()
    os.environ["MUTAKHIR_HOSTS"] = hosts_of(host)
    with together() as processes:
        for name in ("web", "worker"):
            _start(processes, name, host, port)
        wait_for_answer(processes, host, port)
        yield processes


def _start(processes: Processes, name: str, host: str, port: int) -> None:
    """Start a part. The pages come to the database with a login of their own; the worker is the node itself."""
    if name == "worker":
        processes.start(name, WORKER_COMMAND)
        return
    address = address_of_pages(os.environ["DATABASE_URL"])
    if address is None:
        print("the pages use the owner's login: the database has none for them", file=sys.stderr)
    processes.start(name, web_command(host, port), environment={"DATABASE_URL": address} if address else None)


def keep_running(processes: Processes, host: str, port: int) -> None:
    """Wait until the end is asked for. Whatever stops by itself is started again; SiteError if it will not stay."""
    ends: list[float] = []
    while (ended := processes.wait()) is not None:
        ends = [one for one in ends if one > time.monotonic() - TRIES_SECONDS] + [time.monotonic()]
        if len(ends) > TRIES:
            raise SiteError(f"the {ended} stops again and again; see above")
        _start(processes, ended, host, port)


def wait_for_answer(processes: Processes, host: str, port: int) -> None:
    """Wait until the site answers. SiteError if a part of it ends before, or it takes too long."""
    until = time.monotonic() + ANSWER_SECONDS
    while not answers(host, port):
        if processes.asked_to_end.is_set():
            return
        if (ended := processes.wait(seconds=0.1)) is not None:
            raise SiteError(f"the {ended} ended before the site answered; see above")
        if time.monotonic() > until:
            raise SiteError(f"the site did not answer within {ANSWER_SECONDS:.0f} s")


def answers(host: str, port: int) -> bool:
    try:
        with urllib.request.urlopen(f"{address_of(host, port)}{HEALTH}", timeout=10):  # noqa: S310  (always http)
            return True
    except urllib.error.HTTPError as error:
        # Whatever is wrong with a page, it was this site that said so.
        return error.code < 500
    except OSError:
        return False


def address_of(host: str, port: int) -> str:
    """The address that a person on this machine types."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"
