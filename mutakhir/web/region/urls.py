"""Addresses of changes of regions."""

from __future__ import annotations

from django.urls import URLPattern, path

from mutakhir.web.region import views

urlpatterns: list[URLPattern] = [
    path("wilayah/perubahan", views.show_changes, name="region_changes"),
    path("wilayah/perubahan/<int:number>", views.show_change, name="region_change"),
]
