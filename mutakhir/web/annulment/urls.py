"""Addresses of annulments."""

from __future__ import annotations

from django.urls import URLPattern, path

from mutakhir.web.annulment import views

urlpatterns: list[URLPattern] = [
    path("p/<int:number>/batalkan", views.ask_annulment, name="annul"),
    path("pembatalan", views.show_annulments, name="annulments"),
    path("pembatalan/<int:number>", views.show_annulment, name="annulment"),
    path("pembatalan/<int:number>/berkas", views.give_statement, name="annulment_file"),
]
