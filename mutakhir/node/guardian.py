"""Outlives the process that started it by just long enough to end what that process was using.

It is run as a program of its own, in a session of its own: no signal of a terminal and no `kill -9` of
its holder reaches it. The holder keeps the other end of its standard input; the word "end", the end of that
stream, or a change of parent says that the holder is done, however it went.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

START_SECONDS = 10
"""How long a server that was being started when its holder died may take to show itself."""

SOCKET_FOLDER_PREFIX = "mutakhir-socket-"


def lock(file: IO[Any], *, exclusive: bool, wait: bool) -> bool:
    """Lock an open file for as long as it stays open; tell whether the lock was had."""
    if sys.platform == "win32":
        import fasteners

        guarded = fasteners.InterProcessReaderWriterLock(file.name)
        wanted = guarded.acquire_write_lock if exclusive else guarded.acquire_read_lock
        file.guarded = guarded  # type: ignore[attr-defined]
        return bool(wanted(blocking=wait))
    import fcntl

    how = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
    try:
        fcntl.flock(file, how if wait else how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def unlock(file: IO[Any]) -> None:
    if sys.platform == "win32":
        file.guarded.release_read_lock()  # type: ignore[attr-defined]
        return
    import fcntl

    fcntl.flock(file, fcntl.LOCK_UN)


def start(task: str, **particulars: object) -> subprocess.Popen[bytes]:
    """Start a guardian; the word "end", or the end of this process, makes it do its task."""
    apart: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    watch = subprocess.Popen(
        [sys.executable, "-P", __file__, task, json.dumps(particulars)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        cwd="/" if os.name == "posix" else None,
        **apart,
    )
    assert watch.stdout is not None
    if watch.stdout.readline().strip() != b"held":
        raise RuntimeError(f"the guardian of the {task} did not start")
    return watch


def wait_for_the_end_of_the_holder(hear: Callable[[str], None]) -> None:
    """Return when the holder says "end" or is gone; `hear` is given each other word that it wrote until then."""
    if sys.platform == "win32":
        for line in sys.stdin:
            if line.strip() == "end":
                return
            hear(line.strip())
        return
    import select

    holder = os.getppid()
    rest = b""
    while os.getppid() == holder:
        # A child that the holder forked keeps the stream open too, so its end alone is not enough to go by.
        if select.select([0], [], [], 1.0)[0]:
            heard = os.read(0, 65536)
            *lines, rest = (rest + heard).split(b"\n")
            for line in lines:
                if line != b"end":
                    hear(line.decode())
            if not heard or b"end" in lines:
                return


def hold_server(*, locked: str, **what: Any) -> None:
    """Hold a server for the holder, and stop it afterwards if nobody else holds it."""
    words: list[str] = []
    with Path(locked).open("a") as holders:
        lock(holders, exclusive=False, wait=True)
        print("held", flush=True)
        wait_for_the_end_of_the_holder(words.append)
        unlock(holders)
        end_server(holders, seconds=0 if "started" in words else START_SECONDS, **what)


def end_server(
    holders: IO[Any],
    *,
    stop: list[str],
    account: list[int] | tuple[int, int] | None,
    cluster: str,
    seconds: float,
) -> None:
    """Stop the server, unless somebody else still holds it: then that one's guardian will."""
    if not lock(holders, exclusive=True, wait=False):
        return
    until = time.monotonic() + seconds
    pid = Path(cluster, "postmaster.pid")
    while not pid.exists() and time.monotonic() < until:
        time.sleep(0.05)
    sockets = socket_folder_of(pid)
    while pid.exists() and subprocess.run(stop, check=False, **as_account(account)).returncode:
        if time.monotonic() > until:
            break
        time.sleep(0.05)
    remove_socket_folder(sockets)


def socket_folder_of(pid: Path) -> str:
    """The folder of the socket, which the server itself wrote into its pid file."""
    lines = pid.read_text().splitlines() if pid.exists() else []
    return lines[4] if len(lines) > 4 else ""


def remove_socket_folder(folder: str) -> None:
    """Remove a folder that was made for one run; others are left alone."""
    if Path(folder).name.startswith(SOCKET_FOLDER_PREFIX):
        shutil.rmtree(folder, ignore_errors=True)


def hold_processes(*, seconds: float) -> None:
    """Ask every process group that was named to end, and kill what is left after some seconds."""
    groups: set[int] = set()

    def hear(word: str) -> None:
        verb, _, number = word.partition(" ")
        (groups.add if verb == "hold" else groups.discard)(int(number))

    print("held", flush=True)
    wait_for_the_end_of_the_holder(hear)
    terminate(groups, seconds=seconds)


def dismiss(watch: subprocess.Popen[bytes]) -> bool:
    """Let a guardian do its task and wait for it; False if it was killed before it could."""
    with contextlib.suppress(OSError):
        tell(watch, "end")
    ended = watch.wait()
    for stream in (watch.stdin, watch.stdout):
        if stream is not None:
            stream.close()
    return ended == 0


def tell(watch: subprocess.Popen[bytes], word: str) -> None:
    assert watch.stdin is not None
    watch.stdin.write(f"{word}\n".encode())


def terminate(groups: set[int], *, seconds: float) -> None:
    """End process groups: first asked, then killed. On Windows a group is its first process with whatever that started."""
    if sys.platform == "win32":
        for group in groups:
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(group)], check=False, capture_output=True)
        return
    for how, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, 5.0)):
        for group in groups:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, how)
        until = time.monotonic() + patience
        while any(alive(group) for group in groups) and time.monotonic() < until:
            time.sleep(0.02)


def alive(group: int) -> bool:
    """Whether a process of the group still runs; one that nobody has reaped does not."""
    import psutil

    for process in psutil.process_iter(["status"]):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if process.info["status"] != psutil.STATUS_ZOMBIE and os.getpgid(process.pid) == group:
                return True
    return False


def as_account(account: list[int] | tuple[int, int] | None) -> dict[str, Any]:
    """What `subprocess` needs to run something as another account of the system."""
    return {"user": account[0], "group": account[1], "extra_groups": [], "umask": 0o077} if account else {}


if __name__ == "__main__":
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    tasks: dict[str, Callable[..., None]] = {"server": hold_server, "processes": hold_processes}
    tasks[sys.argv[1]](**json.loads(sys.argv[2]))
