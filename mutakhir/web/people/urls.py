"""Addresses of search, of families and of persons."""

from __future__ import annotations

from django.urls import URLPattern, path

from mutakhir.web.people import family, numbers, person, search

urlpatterns: list[URLPattern] = [
    path("cari", search.show_results, name="search"),
    path("keluarga", search.show_families, name="people"),
    path("k/<int:number>", family.show_family, name="family"),
    path("nomor/<int:number>", numbers.open_number, name="open_number"),
    path("o/<int:number>", person.show_person, name="person"),
]
