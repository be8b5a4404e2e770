"""Addresses of batches and of lists."""

from __future__ import annotations

from django.urls import URLPattern, path

from mutakhir.web.batch import alike, overview, review

urlpatterns: list[URLPattern] = [
    path("kumpulan", overview.show_batches, name="batches"),
    path("kumpulan/<int:number>", review.review_batch, name="batch"),
    path("kumpulan/<int:number>/sejenis", alike.show_batch, name="batch-alike"),
    path("kumpulan/masa/<int:window>", review.review_window, name="batch-window"),
    path("kumpulan/masa/<int:window>/sejenis", alike.show_window, name="batch-window-alike"),
]
