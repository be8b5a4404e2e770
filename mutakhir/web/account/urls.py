"""Addresses of signing in and of accounts."""

from __future__ import annotations

from django.contrib.auth import views as auth
from django.urls import URLPattern, path

from mutakhir.web.account import accounts, views
from mutakhir.web.desk import open_to_all

urlpatterns: list[URLPattern] = [
    path("masuk", open_to_all(views.sign_in), name="login"),
    path("masuk/kode", open_to_all(views.ask_code), name="sign_in_code"),
    path("keluar", open_to_all(auth.LogoutView.as_view(next_page="/masuk?keluar=")), name="logout"),
    path("bahasa", open_to_all(views.choose_language), name="language"),
    path("saya", accounts.show_own_account, name="account"),
    path("saya/sandi", open_to_all(views.choose_password), name="password"),
    path("saya/kode", open_to_all(views.choose_second_factor), name="second_factor"),
    path("saya/keluar-semua", views.sign_out_everywhere, name="sign_out_everywhere"),
    path("akun", accounts.show_accounts, name="accounts"),
    path("akun/baru", accounts.create_account, name="create_account"),
    path("akun/<int:number>", accounts.show_account, name="edit_account"),
    path("akun/<int:number>/peran", accounts.give_role, name="give_role"),
    path("wilayah", accounts.show_regions, name="regions"),
]
