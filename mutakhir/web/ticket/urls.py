"""Addresses without an account."""

from __future__ import annotations

from django.urls import URLPattern, path

from mutakhir.web.ticket import views

urlpatterns: list[URLPattern] = [
    path("t", views.show_ticket, name="ticket"),
    path("angka", views.show_figures, name="figures"),
]
