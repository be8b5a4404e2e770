"""Since when something has been so: the day in three fields that most pages of step 3 ask for."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from mutakhir.actions.change_request import Content
from mutakhir.core.calendar import today_in
from mutakhir.core.refusals import Refusal
from mutakhir.web.change_request.questions import parts_of_day, read_day, said_parts
from mutakhir.web.desk import Desk
from mutakhir.web.refusals import FieldError, field_errors


def read_since(request: Desk, region: str, content: Content) -> tuple[date | None, list[FieldError]]:
    """Since when it has been so; a page that does not ask leaves it as it was."""
    if "since_year" not in request.POST:
        return content.holds_from, []
    found = read_day(request.POST, "since", today=today_in(region, request.now))
    if isinstance(found, Refusal):
        told = dict(found.particulars) | {"attribute": _("Sejak kapan")}
        again = Refusal.of(found.rule, **told)
        return None, [FieldError("since", error.text) for error in field_errors([again])]
    if found is None:
        return None, []
    if len(found) < 10:
        # A fact begins on a day: of a month or a year that is known only as such, on its first.
        found = (found + "-01-01")[:10] if len(found) == 4 else f"{found}-01"
    return date.fromisoformat(found), []


def since_context(request: Desk, content: Content) -> dict[str, str]:
    day, month, year = parts_of_day(content.holds_from.isoformat() if content.holds_from else None)
    if request.method == "POST":
        day, month, year = said_parts(request.POST, "since")
    return {"since_day": day, "since_month": month, "since_year": year}
