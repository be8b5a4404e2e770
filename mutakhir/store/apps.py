"""The store as an application of Django: the only one with tables of its own."""

from __future__ import annotations

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "mutakhir.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
