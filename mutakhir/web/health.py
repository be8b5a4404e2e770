"""Says whether this node works: for whatever watches it, and for whoever starts it."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

import mutakhir


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """The version, the position of the feed, and how many events wait for their numbers; 500 without a database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT position FROM feed_head WHERE register = 'social'), (SELECT count(*) FROM pending)"
        )
        position, waiting = cursor.fetchone()
    return JsonResponse({"version": mutakhir.__version__, "position": position, "waiting": waiting})
