"""Until when: the limits of steps counted in the working days of the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from mutakhir.core.calendar import Limit, WorkingDays


@dataclass(frozen=True, slots=True)
class DatedDeadlines:
    """The limits of all steps, each as it stood on the day on which the waiting began."""

    limits: Mapping[str, tuple[Limit, ...]]
    working_days: WorkingDays
    _counted: dict[tuple[str, date], date | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def due(self, limit: str, since: date) -> date | None:
        """The last day on which a step is in time; None where no limit binds it."""
        # Thousands of requests begin to wait on the same day: its days are counted once.
        asked = (limit, since)
        if asked not in self._counted:
            in_force = [one for one in self.limits.get(limit, ()) if one.from_ <= since]
            self._counted[asked] = in_force[-1].due(since, self.working_days) if in_force else None
        return self._counted[asked]
