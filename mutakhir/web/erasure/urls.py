"""Addresses of erasures."""

from __future__ import annotations

from django.urls import URLPattern, path

from mutakhir.web.erasure import views

urlpatterns: list[URLPattern] = [
    path("o/<int:number>/hapus", views.ask_erasure, name="erase"),
    path("penghapusan", views.show_erasures, name="erasures"),
    path("penghapusan/<int:number>", views.show_erasure, name="erasure"),
]
