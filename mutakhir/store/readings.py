"""The log of reading: who read whose data, when and for what."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from mutakhir.core.actors import Reach
from mutakhir.store import access


def write(
    *,
    at: datetime,
    actor: str,
    purpose: str,
    path: str,
    subjects: list[int] | None,
    region: str,
    role: str,
    office: str,
) -> None:
    """One line, by a role that may insert into the log and nothing else."""
    with access.also(access.LOG, Reach(actor)), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reading (at, actor, purpose, path, subjects, region, role, office) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [at, actor, purpose, path, subjects, region, role, office],
        )
