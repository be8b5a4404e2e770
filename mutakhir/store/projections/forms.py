"""Rows that hold a whole subject as JSON take the form that this release gives it, when a database is brought up to date."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from django.db import connection, transaction

from mutakhir.core.change_requests import Request
from mutakhir.core.flows.annulment import Annulment
from mutakhir.core.flows.erasure import Erasure
from mutakhir.core.flows.session import Session
from mutakhir.core.flows.submission import Batch, Submission
from mutakhir.core.flows.visit import Visit
from mutakhir.core.flows.window import Window
from mutakhir.core.region_changes import RegionChange
from mutakhir.store import rows

FORMS: Mapping[str, type] = {
    "request_now": Request,
    "window_now": Window,
    "session_now": Session,
    "batch_now": Batch,
    "submission_now": Submission,
    "visit_now": Visit,
    "annulment_now": Annulment,
    "erasure_now": Erasure,
    "region_change_now": RegionChange,
}
"""The projections that hold a whole subject, and as what."""
AT_ONCE = 2_000


def renew() -> None:
    """Write the rows anew whose subject has gained a field since; where none has, one row of each table is looked at.

    All rows of a table have one form: they are renewed together, before the new release writes the first.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for table, form in FORMS.items():
            after = 0
            while True:
                cursor.execute(
                    f"SELECT id, body::text FROM {table} WHERE id > %s ORDER BY id LIMIT %s",  # noqa: S608
                    [after, AT_ONCE if after else 1],
                )
                told = cursor.fetchall()
                anew = [(rows.encode(msgspec.json.decode(body, type=form)), number) for number, body in told]
                if not told or (not after and anew[0][0] == told[0][1]):
                    break
                cursor.executemany(f"UPDATE {table} SET body = %s WHERE id = %s", anew)  # noqa: S608
                after = told[-1][0]
