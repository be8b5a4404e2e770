"""Addresses of update windows."""

from __future__ import annotations

from django.urls import URLPattern, path

from mutakhir.web.window import views

urlpatterns: list[URLPattern] = [
    path("jadwal", views.show_windows, name="windows"),
    path("jadwal.csv", views.download_windows, {"form": "csv"}, name="windows_csv"),
    path("jadwal.ics", views.download_windows, {"form": "ics"}, name="windows_ics"),
    path("jadwal/baru", views.new_window, name="new_window"),
    path("jadwal/<int:number>", views.show_window, name="window"),
]
