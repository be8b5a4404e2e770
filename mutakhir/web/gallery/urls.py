"""Addresses of the gallery."""

from __future__ import annotations

from django.urls import path

from mutakhir.web.gallery import views

app_name = "gallery"
urlpatterns = [
    path("", views.show_list, name="list"),
    path("halaman/<slug:name>", views.show_page, name="page"),
    path("<slug:name>", views.show_component, name="component"),
]
