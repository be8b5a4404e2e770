"""Until when: the limits of steps counted in the working days of the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mutakhir.core.calendar import Limit, WorkingDays


@dataclass(frozen=True, slots=True)
class DatedDeadlines:
    """The limits of all steps, each as it stood on the day on which the waiting began."""

    limits: Mapping[str, tuple[Limit, ...]]
    working_days: WorkingDays

    def due(self, limit: str, since: date) -> date | None:
        """The last day on which a step is in time; None where no limit binds it."""
        in_force = [one for one in self.limits.get(limit, ()) if one.from_ <= since]
        return in_force[-1].due(since, self.working_days) if in_force else None
