"""What went wrong in the database, as a refusal with a sentence: its own words name tables, rules and values of people."""

from __future__ import annotations

import psycopg
from django.db import Error as FrameworkError

from mutakhir.core.refusals import Refusal

FAULTS = (FrameworkError, psycopg.Error)
"""Whatever the driver raises, as it is or as the framework wraps it."""
AWAY = "database-away"
BUSY = "database-busy"
_RULES = {
    "57014": "database-slow",
    "53100": "database-full",
    "42501": "database-forbids",
    "55P03": BUSY,
    "23": "database-contradicts",
    "40": BUSY,
    "53": BUSY,
    "57P": AWAY,
    "08": AWAY,
}
"""The beginning of an SQLSTATE, the longest first that stands here, and the rule that speaks of it."""
_OTHERWISE = "database-fault"


def state_of(fault: BaseException) -> str:
    """The SQLSTATE with which the server answered; empty where it did not answer."""
    driver = fault if isinstance(fault, psycopg.Error) else fault.__cause__
    return str(getattr(driver, "sqlstate", None) or "")


def refusal_of(fault: BaseException) -> Refusal:
    """What people are told of a fault of the database."""
    state = state_of(fault)
    if not state:
        is_lost = isinstance(fault.__cause__ or fault, psycopg.OperationalError | psycopg.InterfaceError)
        return Refusal.of(AWAY if is_lost else _OTHERWISE)
    for length in (5, 3, 2):
        if rule := _RULES.get(state[:length]):
            return Refusal.of(rule)
    return Refusal.of(_OTHERWISE)
