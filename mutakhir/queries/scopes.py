"""What lies within reach: scopes as a condition of SQL, a range that an index answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def within(column: str, scopes: Iterable[str]) -> tuple[str, list[Any]]:
    """A condition that a region lies in one of some scopes, with its arguments; no scope, nothing."""
    kept = tuple(scopes)
    if not kept:
        return "FALSE", []
    clauses = " OR ".join(f"({column} >= %s AND {column} < %s)" for _ in kept)
    return f"({clauses})", [bound for scope in kept for bound in (scope, scope + "~")]
