"""Addresses of the reading log."""

from __future__ import annotations

from django.urls import URLPattern, path

from mutakhir.web.readings import views

urlpatterns: list[URLPattern] = [
    path("jejak", views.show_readings, name="readings"),
    path("jejak.csv", views.download_readings, name="readings_csv"),
    path("o/<int:number>/jejak", views.show_person_readings, name="person_readings"),
]
