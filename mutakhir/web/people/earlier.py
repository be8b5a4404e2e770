"""An earlier day, and what was known at an instant: read from an address, and fixed once for ever."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from mutakhir import wiring
from mutakhir.core.calendar import today_in, zone_of
from mutakhir.core.dates import read_day
from mutakhir.core.refusals import Refusal, Refused
from mutakhir.store import feed
from mutakhir.web.change_request.questions import said
from mutakhir.web.desk import Desk
from mutakhir.web.values import FieldError

HOUR = re.compile(r"[t ,]+(\d{1,2})[.:](\d{2})(?::\d{2}(?:\.\d+)?)?\s*(?:wib|wita|wit)?$", re.IGNORECASE)
EARLIEST_YEAR = 1900
"""Before it nothing was known, and an instant near the first year has no hour in other zones."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The day that a page shows and the position up to which it knows; `typed` is what stood in the fields."""

    on: date
    known_at: datetime | None
    position: int | None
    is_now: bool
    typed_on: str
    typed_known: str
    errors: tuple[FieldError, ...] = ()

    def link(self, path: str, **told: str | int | None) -> str:
        """An address of the same day and instant, with other parameters."""
        kept: dict[str, str | int] = {name: value for name, value in told.items() if value not in (None, "")}  # type: ignore[misc]
        if not self.is_now:
            kept["pada"] = self.on.isoformat()
            if self.known_at is not None:
                kept["diketahui"] = self.known_at.isoformat()
        return f"{path}?{urlencode(kept)}" if kept else path


def read_earlier(request: Desk, region: str) -> Earlier:
    """What `?pada=` and `?diketahui=` ask for; an instant is translated into a position of the feed before the question."""
    today = today_in(region, request.now)
    typed_on = said(request.GET, "pada")[:40]
    typed_known = said(request.GET, "diketahui")[:40]
    errors: list[FieldError] = []
    on = _read_day(typed_on, "pada", today, errors) or today
    known_at = _read_instant(typed_known, region, request.now, errors)
    position = None
    if known_at is not None:
        try:
            position = wiring.perform(feed.fix_position, known_at, now=request.now)
        except Refused:
            errors.append(FieldError("diketahui", _("Waktu itu belum tiba.")))
            known_at = None
    is_now = on == today and position is None
    return Earlier(on, known_at, position, is_now, typed_on, typed_known, tuple(errors))


def _read_day(text: str, name: str, today: date, errors: list[FieldError]) -> date | None:
    if not text:
        return None
    reading = read_day(text, today=today)
    if isinstance(reading, Refusal) and reading.rule == "date-in-future":
        errors.append(FieldError(name, _("Tanggal itu belum tiba.")))
        return None
    if isinstance(reading, Refusal) or reading is None or reading.precision != "day":
        errors.append(FieldError(name, _("Tulis tanggal lengkap, misalnya 5-1-2026.")))
        return None
    return date.fromisoformat(reading.iso)


def _read_instant(text: str, region: str, now: datetime, errors: list[FieldError]) -> datetime | None:
    """An instant as it is typed, "5-1-2026 10.42", or as addresses carry it; a day alone means its end."""
    if not text:
        return None
    zone = zone_of(region)
    try:
        exact = datetime.fromisoformat(text)
    except ValueError:
        exact = None
    if exact is not None and exact.tzinfo is not None and exact.year >= EARLIEST_YEAR:
        return exact
    hour = HOUR.search(text)
    day = _read_day(HOUR.sub("", text), "diketahui", now.astimezone(zone).date(), errors)
    if day is None:
        return None
    if hour is None:
        return min(datetime.combine(day + timedelta(days=1), time(), zone), now)
    try:
        return datetime.combine(day, time(int(hour[1]), int(hour[2])), zone)
    except ValueError:
        errors.append(FieldError("diketahui", _("Tulis jamnya seperti 10.42.")))
        return None
