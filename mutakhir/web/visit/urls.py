"""Addresses of visits to houses."""

from __future__ import annotations

from django.urls import URLPattern, path

from mutakhir.web.visit import views

urlpatterns: list[URLPattern] = [
    path("kunjungan", views.show_visits, name="visits"),
    path("kunjungan/jalan", views.show_walk, name="walk"),
    path("kunjungan/<int:number>", views.show_visit, name="visit"),
    path("kunjungan/<int:number>/foto", views.give_photograph, name="visit_photo"),
    path("p/<int:number>/kunjungan", views.ask_visit, name="ask_visit"),
]
