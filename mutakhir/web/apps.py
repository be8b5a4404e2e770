"""Tells Django where the templates, tags and compiled files of the screens stand."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The screens and their components."""

    name = "mutakhir.web"
    label = "web"
