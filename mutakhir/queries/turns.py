"""Whose turn it is: which requests make one piece of work, and how many pieces wait for a person in their regions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from mutakhir.core.actors import Actor, Role
from mutakhir.core.flows.annulment import DECIDERS
from mutakhir.core.flows.change_request import BY_NAME, FIRST_OUTCOME, Deadlines
from mutakhir.queries.duties import count_duties

COUNTED_AT_MOST = 999
WIDE_DIGITS = 4
"""Who works for more than a kabupaten sees whole kabupatens instead of villages and batches."""
SHARED: Mapping[str, tuple[Role, ...]] = {"deliberate": (Role.VILLAGE_OPERATOR, Role.VILLAGE_HEAD)}
"""Steps that two roles take together: what waits there is the turn of both, and stands under the first."""
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
    "settle": ("region", "village"),
}
"""The column that makes one piece of work of all requests at a step, and what the piece is; others stand alone."""


def owner_of(step: str) -> str:
    """The role under which a step stands: of several, the first."""
    if step in SHARED:
        return SHARED[step][0].value
    return (BY_NAME.get(step) or BY_NAME[f"{step}:{FIRST_OUTCOME[step]}"]).roles[0].value


SINGLE = ("reserve", "amend", "resume", "appeal", "refer")
"""Steps that are taken with one request at a time; of the others a whole list is one piece of work."""
OWNERS = {step: owner_of(step) for step in (*SINGLE, *PIECES)}
EVERYBODY = sorted(set(OWNERS.values()))
"""All who own a step: named, so that the index that begins with the owner is read by region."""
CANCELLATION = """
NOT ended AND state NOT IN ('sent', 'determined') AND body::text LIKE '%%"cancellation_asked":true%%'
"""
"""A request whose applicant asked to cancel, as long as that is possible; what people write has its quotes escaped."""


def piece_of(columns: Iterable[str]) -> str:
    """SQL for the number of the piece that a request belongs to: by the columns given, else its own."""
    kept = set(columns)
    cases = [f"WHEN '{step}' THEN {column}" for step, (column, _) in PIECES.items() if column in kept]
    return f"CASE next_step {' '.join(cases)} ELSE id END"


PIECE = piece_of({"batch", '"window"', "submission"})
VILLAGE_STEPS = [step for step, (column, _) in PIECES.items() if column == "region"]


def owned_by(role: Role) -> tuple[str, list[Any]]:
    """A condition that a request waits for a role, alone or together with another; the index is read by owner."""
    shared = [step for step, roles in SHARED.items() if role in roles]
    if not shared:
        return "owner = %s", [role.value]
    owners = sorted({role.value, *(SHARED[step][0].value for step in shared)})
    return "owner = ANY(%s) AND (owner = %s OR next_step = ANY(%s))", [owners, role.value, shared]


def count_turns(actor: Actor, *, now: datetime, deadlines: Deadlines) -> int:
    """How many pieces of work wait for this person, counted up to 999."""
    total = count_duties(actor, now=now, deadlines=deadlines)
    with connection.cursor() as cursor:
        for held in actor.held:
            bounds = [held.region, held.region + "~"]
            who, arguments = owned_by(held.role)
            wide = len(held.region) < WIDE_DIGITS
            piece = (
                f"substr(region, 1, {WIDE_DIGITS})"
                if wide
                else f"CASE WHEN next_step = ANY(%s) THEN region ELSE ({PIECE})::text END"
            )
            cursor.execute(
                f"SELECT count(*) FROM (SELECT DISTINCT next_step, {piece} "  # noqa: S608
                f"FROM request_now WHERE NOT ended AND next_step NOT IN ('pack', 'take_over') AND region >= %s AND region < %s AND {who} "
                "LIMIT %s) AS waiting",
                [*([] if wide else [VILLAGE_STEPS]), *bounds, *arguments, COUNTED_AT_MOST],
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
            if held.role in DECIDERS:
                for table in ("annulment_now", "erasure_now"):
                    cursor.execute(
                        f"SELECT count(*) FROM {table} WHERE state = 'asked' AND region >= %s AND region < %s "  # noqa: S608
                        "AND body ->> 'asked_by' <> %s",
                        [*bounds, actor.login],
                    )
                    total += cursor.fetchone()[0]
    return min(total, COUNTED_AT_MOST)
