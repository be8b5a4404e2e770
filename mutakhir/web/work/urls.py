"""Addresses of the home page, of search and of tasks."""

from __future__ import annotations

from django.urls import URLPattern, path

from mutakhir.web.work import tasks, views

urlpatterns: list[URLPattern] = [
    path("", views.show_work, name="work"),
    path("tugas/<int:number>", tasks.show_task, name="task"),
    path("lainnya", views.show_more, name="more"),
]
