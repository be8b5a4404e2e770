"""How many examples a generative test tries: the same few each time, or as many others as MUTAKHIR_EXAMPLES says."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

ASKED = int(os.environ.get("MUTAKHIR_EXAMPLES", "0"))


def examples(few: int, *, share: float = 1) -> settings:
    """The settings of a test that tries `few` examples by default, and its `share` of a long run."""
    return settings(
        max_examples=max(few, round(ASKED * share)) if ASKED else few,
        derandomize=not ASKED,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
