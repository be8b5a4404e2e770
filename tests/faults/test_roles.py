"""A PostgreSQL of one's own, whose owner is no superuser: with the right to make roles, and without."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from mutakhir.node.logins import address_of_pages
from mutakhir.store import access
from tests.databases import environment

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="peers of POSIX")]
NO_SERVER = 5


@contextmanager
def owned(superuser: str, *, may: str) -> Iterator[tuple[str, str]]:
    """An empty database whose owner is nobody special; yields the owner's name and address."""
    name = f"owner_{secrets.token_hex(4)}"
    head, _, tail = superuser.partition("@")
    with psycopg.connect(superuser, autocommit=True) as server:
        server.execute(f"CREATE ROLE {name} LOGIN {may}")  # type: ignore[call-overload]
        server.execute(f"CREATE DATABASE {name} OWNER {name}")  # type: ignore[call-overload]
        server.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")  # type: ignore[call-overload]
    scheme = head.partition("://")[0]
    try:
        yield name, f"{scheme}://{name}@{tail.partition('/')[0]}/{name}?{tail.partition('?')[2]}"
    finally:
        with psycopg.connect(superuser, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]
            for role in (*access.ROLES, access.SITE):
                made = sql.Identifier(access.role_name(role, name))
                server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(made))
            server.execute(f"DROP ROLE {name}")  # type: ignore[call-overload]


def migrate(url: str, data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mutakhir", "migrate"], env=environment(url, data), capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def seen_by_pages(address: str, owner: str) -> int:
    with psycopg.connect(address) as pages:
        pages.execute("SELECT set_config('role', %s, true)", [access.role_name(access.READ, owner)])
        row = pages.execute("SELECT count(*) FROM person_now").fetchone()
    assert row is not None
    return int(row[0])


def test_an_owner_who_may_make_roles_needs_nobody(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUTAKHIR_SECRET", "s" * 40)
    with owned(database_url, may="CREATEROLE") as (owner, url):
        for _ in range(2):
            done = migrate(url, tmp_path)
            assert done.returncode == 0, done.stderr
        address = address_of_pages(url)
        assert address is not None
        assert owner + "_site" in address
        assert seen_by_pages(address, owner) == 0
        with psycopg.connect(address) as pages, pytest.raises(psycopg.errors.InsufficientPrivilege):
            pages.execute("SELECT FROM person_now")


def test_an_owner_who_may_not_is_told_what_to_ask_for(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUTAKHIR_SECRET", "s" * 40)
    with owned(database_url, may="NOCREATEROLE") as (owner, url):
        refused = migrate(url, tmp_path)
        assert refused.returncode == NO_SERVER
        assert "Traceback" not in refused.stderr
        statements = [line for line in refused.stderr.splitlines() if line.startswith(("CREATE", "GRANT"))]
        assert len(statements) == len(access.ROLES) + 1 + 2 * len(access.ROLES) - 1
        with psycopg.connect(database_url, autocommit=True) as somebody_who_may:
            for statement in statements:
                somebody_who_may.execute(statement)  # type: ignore[call-overload]
        done = migrate(url, tmp_path)
        assert done.returncode == 0, done.stderr
        address = address_of_pages(url)
        assert address is not None
        assert seen_by_pages(address, owner) == 0
        # Where nobody made a login for the pages, they take the roles on the owner's connection.
        with psycopg.connect(database_url, autocommit=True) as somebody_who_may:
            somebody_who_may.execute(f"ALTER ROLE {owner}_site NOLOGIN")  # type: ignore[call-overload]
        assert address_of_pages(url) is None
        assert seen_by_pages(url, owner) == 0
