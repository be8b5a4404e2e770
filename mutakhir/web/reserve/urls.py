"""Addresses of the reserve, of village meetings, and of what a village prints and hands over."""

from __future__ import annotations

from django.urls import URLPattern, path

from mutakhir.web.reserve import batch, papers, reserve, results, session

urlpatterns: list[URLPattern] = [
    path("cadangan", reserve.show_reserve, name="reserve"),
    path("cadangan/unduh", reserve.download_reserve, name="reserve_file"),
    path("cadangan/bahan.pdf", papers.print_waiting, name="reserve_agenda"),
    path("cadangan/formulir/keluar", papers.print_leaving, name="leaving_form"),
    path("cadangan/kumpulan/<int:number>", batch.show_batch, name="village_batch"),
    path("musyawarah", session.show_sessions, name="sessions"),
    path("musyawarah/panggil", session.call_session, name="session_call"),
    path("musyawarah/<int:number>", session.show_session, name="session"),
    path("musyawarah/<int:number>/hasil", results.enter_results, name="session_results"),
    path("musyawarah/<int:number>/unggah", session.upload_proof, name="session_proof"),
    path("musyawarah/<int:number>/sahkan", session.confirm_session, name="session_confirm"),
    path("musyawarah/<int:number>/berkas/<str:digest>", session.open_proof, name="session_file"),
    path("musyawarah/<int:number>/cetak/<slug:name>.pdf", papers.print_paper, name="session_paper"),
]
