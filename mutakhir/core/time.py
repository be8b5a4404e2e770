"""Instants: moments that every clock in Indonesia agrees about."""

from __future__ import annotations

from datetime import datetime


def require_instant(instant: datetime) -> datetime:
    """Return the instant unchanged; an instant without a time zone is a programmer's error."""
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {instant}")
    return instant
