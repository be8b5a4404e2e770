"""The part of a page that tells everything that changed, the newest recording first, page by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mutakhir import wiring
from mutakhir.queries.as_of import Timeline
from mutakhir.web.desk import Desk, typed_number
from mutakhir.web.people.earlier import Earlier
from mutakhir.web.people.said import timeline_days
from mutakhir.wiring import terms


def history(
    request: Desk,
    timeline_of: Callable[..., Timeline],
    subject: int,
    *,
    earlier: Earlier,
    path: str,
    named: bool,
) -> dict[str, Any]:
    """The days that `?sebelum=` leads to, with the addresses of the next page and of the first.

    `timeline_of` is the question (queries.as_of), `named` puts before each change whom it is about.
    """
    before = typed_number(request.GET.get("sebelum", ""))
    timeline = wiring.ask(
        timeline_of,
        subject,
        authorities=terms().attributes.authorities,
        on=None if earlier.is_now else earlier.on,
        position=earlier.position,
        before=before,
    )
    return {
        "days": timeline_days(timeline, named=named),
        "next_url": earlier.link(path, bagian="riwayat", sebelum=timeline.before) if timeline.before else "",
        "first_url": earlier.link(path, bagian="riwayat") if before else "",
    }
