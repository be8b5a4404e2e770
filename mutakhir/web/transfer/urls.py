"""Addresses of offers to another village."""

from __future__ import annotations

from django.urls import URLPattern, path

from mutakhir.web.transfer import views

urlpatterns: list[URLPattern] = [
    path("p/<int:number>/tawarkan", views.offer_request, name="offer"),
    path("tawaran/<int:number>", views.answer_offer, name="offered"),
]
