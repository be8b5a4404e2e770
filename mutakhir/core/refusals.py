"""Refusals: every reason why something cannot be done or believed, as a rule id with its particulars."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason. The sentence for people stands in `parameters/sentences.toml` under the rule id."""

    rule: str
    particulars: tuple[tuple[str, str | int], ...] = ()

    @classmethod
    def of(cls, rule: str, **particulars: str | int) -> Refusal:
        return cls(rule, tuple(sorted(particulars.items())))


class Refused(Exception):
    """A command may not be carried out; all reasons are given."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(", ".join(refusal.rule for refusal in refusals))
        self.refusals: tuple[Refusal, ...] = refusals


class Conflict(Exception):
    """What was seen when the command was made is no longer so."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(", ".join(refusal.rule for refusal in refusals))
        self.refusals: tuple[Refusal, ...] = refusals
