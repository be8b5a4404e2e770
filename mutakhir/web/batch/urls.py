"""Addresses of batches and of lists."""

from __future__ import annotations

from django.urls import URLPattern, path

from mutakhir.web.batch import overview, review

urlpatterns: list[URLPattern] = [
    path("kumpulan", overview.show_batches, name="batches"),
    path("kumpulan/<int:number>", review.review_batch, name="batch"),
    path("kumpulan/masa/<int:window>", review.review_window, name="batch-window"),
]
