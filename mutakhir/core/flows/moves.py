"""One row of a small state machine: what is done, from where to where, by whom, and which rules may refuse it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from mutakhir.core.actors import Role


@dataclass(frozen=True, slots=True)
class Move:
    """`target` is None where the subject stays where it is; no `sources` means that it begins here.

    `rules` are the ids that may refuse the move beside the role and the reach of who makes it.
    """

    verb: str
    sources: tuple[StrEnum, ...]
    target: StrEnum | None
    event: str
    roles: tuple[Role, ...]
    rules: tuple[str, ...] = ()
    proof: str = ""


def diagram(moves: Iterable[Move]) -> str:
    """The machine as a Mermaid state diagram."""
    lines = ["stateDiagram-v2"]
    for move in moves:
        for source in move.sources or (None,):
            target = move.target or source
            assert target is not None, f"{move.verb} begins nowhere and leads nowhere"
            lines.append(f"    {source.value if source else '[*]'} --> {target.value}: {move.verb}")
    return "\n".join(lines) + "\n"
