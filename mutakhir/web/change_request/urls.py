"""Addresses of recording a request and of its page."""

from __future__ import annotations

from django.urls import URLPattern, path

from mutakhir.web.change_request import begin, elsewhere, evidence, fields, finish, show

urlpatterns: list[URLPattern] = [
    path("catat", begin.ask_who, name="record"),
    path("catat/nomor", begin.answer_number, name="record_number"),
    path("catat/cari", begin.search_names, name="record_names"),
    path("catat/tempat-lain", elsewhere.ask_elsewhere, name="record_elsewhere"),
    path("catat/keluarga-baru", begin.begin_family, name="record_new_family"),
    path("catat/keluarga/<int:family>", begin.choose_kind, name="record_family"),
    path("catat/<int:number>", fields.open_draft, name="draft"),
    path("catat/<int:number>/isian", fields.ask_fields, name="draft_fields"),
    path("catat/<int:number>/isian/<slug:group>", fields.ask_group, name="draft_group"),
    path(
        "catat/<int:number>/isian/<slug:group>/<slug:attribute>", fields.ask_question, name="draft_question"
    ),
    path("catat/<int:number>/orang", fields.list_people, name="draft_people"),
    path("catat/<int:number>/orang/<int:place>", fields.ask_person, name="draft_person"),
    path(
        "catat/<int:number>/orang/<int:place>/<slug:attribute>", fields.ask_person, name="draft_question_of"
    ),
    path("catat/<int:number>/siapa", fields.ask_about, name="draft_about"),
    path("catat/<int:number>/pemohon", fields.ask_applicant, name="draft_applicant"),
    path("catat/<int:number>/pelapor", fields.ask_applicant, {"reports": True}, name="draft_reporter"),
    path("catat/<int:number>/bukti", finish.ask_evidence, name="draft_evidence"),
    path("catat/<int:number>/periksa", finish.check_answers, name="draft_check"),
    path("catat/<int:number>/tersimpan", finish.show_saved, name="draft_saved"),
    path("p/<int:number>", show.show_request, name="request"),
    path("p/<int:number>/berkas/<str:digest>", evidence.give_file, name="evidence_file"),
    path("p/<int:number>/terus", show.state_keeping, name="keep"),
    path("p/<int:number>/tarik", show.state_withdrawal, name="withdraw"),
    path("p/<int:number>/rujuk", show.state_referral, name="refer"),
    path("p/<int:number>/keberatan", show.state_appeal, name="appeal"),
    path("p/<int:number>/lanjutkan", show.take_up, name="resume"),
    path("p/<int:number>/tanda-terima", show.show_receipt, name="receipt"),
    path("p/<int:number>/tanda-terima.pdf", show.give_receipt, name="receipt_pdf"),
]
