"""What lies before Dinsos: windows and batches to review, lists on their way, and what a closed window left behind."""

from __future__ import annotations

from django.http import HttpResponse

from mutakhir.web import desk
from mutakhir.web.desk import Desk, signed_in


@signed_in()
def show_batches(request: Desk) -> HttpResponse:
    return desk.page(request, "batch/overview.html", {})
