"""Whose turn it is: how many pieces of work wait for a person's roles in their regions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from mutakhir.core.actors import Actor, Role

COUNTED_AT_MOST = 999
SHARED: Mapping[str, tuple[Role, ...]] = {"deliberate": (Role.VILLAGE_OPERATOR, Role.VILLAGE_HEAD)}
"""Steps that two roles take together: what waits there is the turn of both."""
PIECES: Mapping[str, tuple[str, str]] = {
    "deliberate": ("region", "village"),
    "pack": ("region", "village"),
    "hand_over": ("batch", "batch"),
    "verify": ("batch", "batch"),
    "finalise": ('"window"', "window"),
    "endorse": ("submission", "list"),
    "send": ("submission", "list"),
    "determine": ("submission", "list"),
    "apply": ("submission", "list"),
}
"""The column that makes one piece of work of all requests at a step, and what the piece is; others stand alone."""
CANCELLATION = """
NOT ended AND state NOT IN ('sent', 'determined') AND body::text LIKE '%%"cancellation_asked":true%%'
"""
"""A request whose applicant asked to cancel, as long as that is possible; what people write has its quotes escaped."""
PIECE = "CASE next_step {} ELSE 'request:' || id END".format(
    " ".join(
        f"WHEN '{step}' THEN '{form}:' || coalesce({column}::text, '')"
        for step, (column, form) in PIECES.items()
    )
)


def owned_by(role: Role) -> tuple[str, list[Any]]:
    """A condition that a request waits for a role, alone or together with another."""
    shared = [step for step, roles in SHARED.items() if role in roles]
    if not shared:
        return "owner = %s", [role.value]
    return "(owner = %s OR next_step = ANY(%s))", [role.value, shared]


def count_turns(actor: Actor) -> int:
    """How many pieces of work wait for this person, counted up to 999."""
    total = 0
    with connection.cursor() as cursor:
        for held in actor.held:
            bounds = [held.region, held.region + "~"]
            who, arguments = owned_by(held.role)
            cursor.execute(
                f"SELECT count(*) FROM (SELECT DISTINCT next_step, {PIECE} FROM request_now "  # noqa: S608
                f"WHERE NOT ended AND next_step <> 'pack' AND region >= %s AND region < %s AND {who} "
                "LIMIT %s) AS waiting",
                [*bounds, *arguments, COUNTED_AT_MOST],
            )
            total += cursor.fetchone()[0]
            if held.role is Role.VILLAGE_OPERATOR:
                cursor.execute(
                    f"SELECT count(*) FROM request_now WHERE {CANCELLATION} AND region >= %s AND region < %s "  # noqa: S608
                    "AND NOT (owner = %s AND NOT next_step = ANY(%s))",
                    [*bounds, held.role.value, list(PIECES)],
                )
                total += cursor.fetchone()[0]
            cursor.execute(
                "SELECT count(*) FROM (SELECT 1 FROM task WHERE owner = %s AND region >= %s AND region < %s"
                " AND closed_at IS NULL LIMIT %s) AS waiting",
                [held.role.value, *bounds, COUNTED_AT_MOST],
            )
            total += cursor.fetchone()[0]
    return min(total, COUNTED_AT_MOST)
