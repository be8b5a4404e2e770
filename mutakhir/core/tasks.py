"""Tasks: work that no request carries, for somebody, until a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mutakhir.core.actors import Role


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task that a deed gives rise to: the rule that it is about, whom it is about, and who must act.

    `limit` names the parameter that says until when; `particulars` are what the rule's sentence needs; `caused_by` is the
    event that gave rise to it, by which an annulment finds it.
    """

    rule: str
    subject: int
    region: str
    owner: Role
    limit: str
    particulars: Mapping[str, str | int] = field(default_factory=dict)
    caused_by: int | None = None
