"""Measures the program beside bare baselines: each bench by its name, with its customary size."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mutakhir.bench.measures import Measure


@dataclass(frozen=True, slots=True)
class Bench:
    """One bench. Its module, of the same name unless another is named, has `measure(*, size, repeats)`, which needs a server and makes its own database there."""

    name: str
    size: int
    meaning: str
    module: str = ""

    def run(self, *, size: int, repeats: int) -> Measure:
        """Measure on a scratch database of this node's server."""
        from mutakhir.node.program import program

        with program(scratch=True):
            from django.db import connections

            # Nobody may be connected to a database while it is copied.
            connections.close_all()
            module = importlib.import_module(f"mutakhir.bench.{self.module or self.name}")
            found: Measure = module.measure(size=size, repeats=repeats)
        return found


BENCHES: Mapping[str, Bench] = {
    one.name: one
    for one in (
        Bench("window", 100_000, "requests a second that an open window packs into the villages' batches"),
        Bench(
            "web", 1_000_000, "searches for a NIK a second, and how long people wait for a page under load"
        ),
        Bench("import", 1_000_000, "persons a second that a list brings into an empty register", "intake"),
    )
}
