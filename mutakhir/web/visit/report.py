"""The report from the house as a form says it: the finding, where and when, and the photograph, which is never lost."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, time
from typing import Any

from django.core import signing

from mutakhir.actions.visit import Report
from mutakhir.core.calendar import zone_of
from mutakhir.core.dates import read_day
from mutakhir.core.flows.visit import Photograph, Visit
from mutakhir.core.refusals import Refusal
from mutakhir.web.change_request.questions import said
from mutakhir.web.desk import Desk, seen_version
from mutakhir.web.uploads import Taken, take_upload

SALT = "visit-photograph"
WIDEST = 300


@dataclass(frozen=True, slots=True)
class Told:
    """What a form says: the command, or what stands in its way already; `typed` is shown again."""

    command: Report | None
    refusals: tuple[Refusal, ...]
    typed: dict[str, Any]


def typed_now(visit: Visit, now: datetime) -> dict[str, Any]:
    """A form that nobody has filled in yet: the visit is now."""
    here = now.astimezone(zone_of(visit.region))
    return {
        "finding": "",
        "note": "",
        "point": "",
        "day": here.day,
        "month": here.month,
        "year": here.year,
        "hour": f"{here.hour:02}.{here.minute:02}",
        "kept": "",
    }


def read_report(request: Desk, visit: Visit) -> Told:
    """Read the form of a report. A photograph that came with a form that is refused is kept for the next try."""
    typed: dict[str, Any] = {
        name: said(request.POST, name)[:WIDEST] for name in ("finding", "point", "hour")
    } | {"note": said(request.POST, "note")}
    typed |= {name: said(request.POST, f"day_{name}")[:12] for name in ("day", "month", "year")}
    refusals: list[Refusal] = []
    taken = take_upload(request, "photograph", zone=zone_of(visit.region))
    photograph, camera_point = _kept(request.POST.get("kept", ""))
    if isinstance(taken, Taken):
        photograph = Photograph(taken.digest, taken.media_type, taken.name, taken.taken_at)
        camera_point = taken.point or ""
    elif taken is not None:
        refusals += taken
    typed["kept"] = (
        signing.dumps({"photograph": asdict(photograph), "point": camera_point}, salt=SALT)
        if photograph is not None
        else ""
    )
    typed["point"] = typed["point"] or camera_point
    at = _instant(typed, visit, request.now)
    if isinstance(at, Refusal):
        return Told(None, (*refusals, at), typed)
    if refusals:
        return Told(None, tuple(refusals), typed)
    point = typed["point"].replace(" ", "")
    command = Report(visit.id, typed["finding"], point, at, photograph, typed["note"], seen_version(request))
    return Told(command, (), typed)


def _kept(text: str) -> tuple[Photograph | None, str]:
    """The photograph of an earlier try; only what this site has signed counts."""
    try:
        told = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None, ""
    return Photograph(**told["photograph"]), told["point"]


def _instant(typed: dict[str, Any], visit: Visit, now: datetime) -> datetime | Refusal:
    zone = zone_of(visit.region)
    day = read_day("-".join((typed["day"], typed["month"], typed["year"])), today=now.astimezone(zone).date())
    if day is None or isinstance(day, Refusal) or len(day.iso) != 10:
        return Refusal.of("must-be-said", what="day") if day is None or not isinstance(day, Refusal) else day
    hour, _, minute = typed["hour"].replace(":", ".").partition(".")
    try:
        clock = time(int(hour), int(minute or 0))
    except ValueError:
        return Refusal.of("clock-unreadable", what="hour", value=typed["hour"])
    return datetime.combine(datetime.fromisoformat(day.iso).date(), clock, tzinfo=zone)
