"""Databases of their own for tests that commit, start programs, or use several connections at once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql


@contextmanager
def apart(url: str, *, template: str = "template1") -> Iterator[str]:
    """A copy of a database that nobody uses; yields its address. Dropped afterwards, whoever is still connected."""
    name = f"apart_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    try:
        yield renamed(url, name)
    finally:
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def migrated(url: str) -> Iterator[str]:
    """The name of an empty database with every table, to be copied."""
    from django.core.management import call_command

    with apart(url) as own:
        with used_by_django(own):
            call_command("migrate", interactive=False, verbosity=0)
        yield urlsplit(own).path.removeprefix("/")


def renamed(url: str, name: str) -> str:
    """The same server, another database. An empty host keeps its slashes: the socket's folder stands in the query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")


@contextmanager
def used_by_django(url: str) -> Iterator[None]:
    """Django's connection leads to another database while the block runs."""
    from django.db import connections

    from mutakhir.site.settings import database_of

    settings = connections["default"].settings_dict
    before = {name: settings[name] for name in ("NAME", "OPTIONS", "HOST", "PORT", "USER", "PASSWORD")}
    connections.close_all()
    settings.update({name: value for name, value in database_of(url).items() if name in before})
    try:
        yield
    finally:
        connections.close_all()
        settings.update(before)


def environment(url: str, data: object) -> dict[str, str]:
    """The environment in which a program of its own works on a database."""
    return {
        **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        "DATABASE_URL": url,
        "MUTAKHIR_DATA": str(data),
    }


FORBIDDEN = "42501"
"""The code with which PostgreSQL refuses what somebody may not do."""


def ask(statement: str, *arguments: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement on Django's connection, as whoever has taken a role there."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, arguments or None)
        return list(cursor.fetchall())


def code_of(statement: str) -> str:
    """How the database answers a statement: the code of its refusal, empty if it does it."""
    from django.db import DatabaseError, connection, transaction

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return str(getattr(error.__cause__, "sqlstate", ""))
    return ""
