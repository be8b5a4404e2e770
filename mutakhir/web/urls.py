"""The addresses of the pages, each part in a file of its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from mutakhir.web.health import health

PARTS = (
    "account",
    "work",
    "people",
    "change_request",
    "reserve",
    "batch",
    "window",
    "annulment",
    "erasure",
    "ticket",
    "transfer",
    "visit",
    "region",
    "readings",
)

urlpatterns: list[URLPattern | URLResolver] = [
    *(path("", include(f"mutakhir.web.{part}.urls")) for part in PARTS),
    path("sehat", health, name="health"),
    path("galeri/", include("mutakhir.web.gallery.urls")),
]
