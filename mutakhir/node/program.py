"""Starts what every command needs: the database, the settings, and the tables in their newest form."""

from __future__ import annotations

import contextlib
import gc
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from mutakhir.node import postgres


@contextlib.contextmanager
def program(*, scratch: bool = False, migrate: bool = True) -> Iterator[None]:
    """Run the block with a database that is there and migrated.

    With `scratch` the block works on an empty database of its own, which is dropped afterwards.
    """
    data = postgres.data_folder()
    with postgres.server() as url:
        os.environ["MUTAKHIR_DATA"] = str(data)
        if not scratch:
            set_up(url, migrate=migrate)
            yield
            return
        name = f"scratch_{secrets.token_hex(6)}"
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            set_up(_renamed(url, name), migrate=True)
            yield
        finally:
            _close_connections()
            with psycopg.connect(url, autocommit=True) as owner:
                owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def set_up(url: str, *, migrate: bool) -> None:
    """Read the settings for a database and bring its tables up to date."""
    os.environ["DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutakhir.site.settings")
    os.environ.setdefault("MUTAKHIR_SECRET", secret_of(Path(os.environ["MUTAKHIR_DATA"])))
    import django

    django.setup()
    spare_collector()
    if migrate:
        apply_migrations()


def spare_collector() -> None:
    """Keep the collector of cycles from walking, again and again, over what was loaded and over batches of values.

    What is loaded stays, and thousands of values that do not change hold no cycle: in a batch that was a fifth of
    the program's work. Cycles are still collected, only less often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def apply_migrations() -> None:
    """One at a time, each within a limit: a lock that cannot be had is an error, not a standstill."""
    from django.core.management import call_command
    from django.db import connection

    from mutakhir.store.access import RolesMissing

    with connection.cursor() as cursor:
        # The lock goes with the connection, whatever happens in between.
        cursor.execute("SELECT pg_advisory_lock(hashtext('migrate'))")
        cursor.execute("SET lock_timeout = '4s'")
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except RolesMissing as missing:
            told = "the owner of the database may not make roles; somebody who may has to run this once:"
            raise postgres.ServerError(f"{told}\n{missing}") from None
    connection.close()


def secret_of(data: Path) -> str:
    """The node's secret for signatures of sessions: made once, readable by its owner only."""
    file = data / "secret"
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as stream:
                stream.write(secrets.token_urlsafe(48))
    return file.read_text().strip()


def _renamed(url: str, name: str) -> str:
    parts = urlsplit(url)
    # An empty host must keep its two slashes: the socket's folder stands in the query.
    changed = urlunsplit(parts._replace(path=f"/{name}"))
    return changed if "://" in changed else changed.replace(":", "://", 1)


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()
