"""The login of the pages: it owns nothing, and its password follows from the node's secret."""

from __future__ import annotations

import hashlib
import hmac
import os
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from mutakhir.node.postgres import ServerError
from mutakhir.store.access import SITE, role_name


def address_of_pages(owner: str) -> str | None:
    """The address at which the pages sign in, from the owner's; None where nobody made a login for them.

    Gives the login its password where it does not come in yet. Raises ServerError.
    """
    with psycopg.connect(owner, autocommit=True) as connection:
        row = connection.execute(
            "SELECT current_user, (SELECT rolcanlogin FROM pg_roles WHERE rolname = current_user || %s)",
            [role_name(SITE, "")],
        ).fetchone()
        assert row is not None
        login, password = role_name(SITE, row[0]), _password()
        if not row[1]:
            return None
        address = _as(owner, login, password)
        if _comes_in(address):
            return address
        hidden = connection.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256")
        try:
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                    sql.Identifier(login), sql.Literal(hidden.decode())
                )
            )
        except psycopg.errors.InsufficientPrivilege as error:
            raise ServerError(f"{login} cannot sign in, and the owner may not give it a password") from error
    if not _comes_in(address):
        raise ServerError(
            f"{login} cannot sign in to the database; the server's pg_hba.conf has to let it in"
        )
    return address


def _password() -> str:
    """The same wherever the node's secret is the same: on every machine that serves its pages."""
    return hmac.new(os.environ["MUTAKHIR_SECRET"].encode(), b"login of the pages", hashlib.sha256).hexdigest()


def _as(address: str, login: str, password: str) -> str:
    parts = urlsplit(address)
    place = parts.netloc.rpartition("@")[2]
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in ("user", "password")]
    return urlunsplit(
        parts._replace(netloc=f"{quote(login)}:{password}@{place}", query=urlencode(query, safe="/"))
    )


def _comes_in(address: str) -> bool:
    try:
        psycopg.connect(address).close()
    except psycopg.OperationalError:
        return False
    return True
