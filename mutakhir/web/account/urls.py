"""Addresses of signing in and of accounts."""

from __future__ import annotations

from django.contrib.auth import views as auth
from django.urls import URLPattern, path

from mutakhir.web.account import views
from mutakhir.web.desk import open_to_all

urlpatterns: list[URLPattern] = [
    path("masuk", open_to_all(views.sign_in), name="login"),
    path("keluar", open_to_all(auth.LogoutView.as_view(next_page="/masuk")), name="logout"),
    path("bahasa", open_to_all(views.choose_language), name="language"),
    path("saya/sandi", open_to_all(views.choose_password), name="password"),
]
