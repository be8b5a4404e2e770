"""All addresses of the site."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("mutakhir.web.urls"))]

handler400 = "mutakhir.web.problems.refused"
handler404 = "mutakhir.web.problems.missing"
handler500 = "mutakhir.web.problems.failed"
