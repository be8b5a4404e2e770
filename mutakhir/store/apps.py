"""The store as an application of Django: the only one with tables of its own."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StoreConfig(AppConfig):
    name = "mutakhir.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_bring_up_to_date, sender=self)


def _bring_up_to_date(**_: Any) -> None:
    from mutakhir.store import access
    from mutakhir.store.projections import forms

    access.apply()
    forms.renew()
