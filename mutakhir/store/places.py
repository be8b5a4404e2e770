"""Puts the regions into their table, so that places can be named and found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db import connection, transaction

from mutakhir.core.regions import Region, normalise_region_name
from mutakhir.store import rows

COLUMNS = ("code", "name", "name_key", "level", "valid_from", "valid_until", "post_code")


def load_regions(regions: Iterable[Region], *, version: str) -> int:
    """Replace all regions by these; returns how many, and 0 where this very version is there already.

    `version` is any text that changes with the list. One load at a time; readers see the old list until the new one
    is whole.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('regions'))")
        if stamp_of() == _stamp(version):
            return 0
        cursor.execute("DELETE FROM region")
        copied = [
            (
                one.code,
                one.name,
                normalise_region_name(one.name),
                one.level,
                one.valid_from,
                one.valid_until,
                one.post_code,
            )
            for one in regions
        ]
        rows.copy("region", COLUMNS, copied)
        # The stamp stands on the table itself: it goes wherever the table goes, and comes back with it.
        cursor.execute(f"COMMENT ON TABLE region IS '{COMMENT} [{_stamp(version)}]'")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE region")
    return len(copied)


COMMENT = "Regions with Kemendagri codes and their validity"


def stamp_of() -> str:
    """The stamp of the list that is in the table; empty where none was loaded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('region'::regclass, 'pg_class')")
        told = str(cursor.fetchone()[0] or "")
    return told.rpartition("[")[2].removesuffix("]") if told.endswith("]") else ""


def _stamp(version: str) -> str:
    return hashlib.sha256(f"1 {version}".encode()).hexdigest()[:16]
