"""Addresses of batches and of lists."""

from __future__ import annotations

from django.urls import URLPattern, path

from mutakhir.web.batch import alike, finalise, forward, overview, review, submission

urlpatterns: list[URLPattern] = [
    path("kumpulan", overview.show_batches, name="batches"),
    path("kumpulan/<int:number>", review.review_batch, name="batch"),
    path("kumpulan/<int:number>/teruskan", forward.forward_batch, name="forward"),
    path("kumpulan/<int:number>/sejenis", alike.show_batch, name="batch-alike"),
    path("kumpulan/masa/<int:window>", review.review_window, name="batch-window"),
    path("kumpulan/masa/<int:window>/sejenis", alike.show_window, name="batch-window-alike"),
    path("kumpulan/masa/<int:window>/daftar", finalise.show_window, name="batch-lists"),
    path("kumpulan/masa/<int:window>/jawaban.xlsx", finalise.give_call_file, name="call-file"),
    path("daftar/<int:number>", submission.show_list, name="submission"),
    path("daftar/<int:number>/surat.pdf", submission.print_letter, name="submission-letter"),
    path("daftar/<int:number>/bnba.pdf", submission.print_names, name="submission-names"),
    path("daftar/<int:number>/berkas/<str:digest>", submission.give_file, name="submission-file"),
]
