"""The barest view that does what a search for a NIK has to do: one indexed query, and the row that says who read."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutakhir.site.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from mutakhir.node.site import HEALTH

settings.MIDDLEWARE = []
settings.ROOT_URLCONF = __name__

FIND = """
SELECT p.id, p.family, p.name, p.nik, p.birth_date, p.region FROM identifier i JOIN person_now p ON p.id = i.subject
WHERE i.value = %s AND i.kind = 'nik' AND i.until IS NULL AND p.region >= %s AND p.region < %s
"""
LOG = """
INSERT INTO reading (at, actor, purpose, path, subjects, region, role, office)
VALUES (now(), 'bench', 'search', '/bare', %s, %s, 'verifier', '')
"""


def find(request: HttpRequest) -> JsonResponse:
    scope = request.GET["scope"]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FIND, [request.GET["q"], scope, scope + "~"])
        rows = cursor.fetchall()
        cursor.execute(LOG, [[rows[0][0]] if rows else [], scope])
    return JsonResponse({"found": rows})


def answer(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("bare", find), path(HEALTH.removeprefix("/"), answer)]
application = get_wsgi_application()
