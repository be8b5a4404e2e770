"""Shows the list of components, one component in all its states, and sample pages of each layout."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from mutakhir.web.gallery import examples

DENSITIES = ("lega", "biasa", "padat")
LANGUAGES = ("id", "en")


def _read_choice(request: HttpRequest, name: str, allowed: tuple[str, ...], default: str) -> str:
    value = request.GET.get(name, default)
    return value if value in allowed else default


def _render(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render in the chosen language and density, both part of the address so that a state can be sent on."""
    language = _read_choice(request, "bahasa", LANGUAGES, "id")
    density = _read_choice(request, "kepadatan", DENSITIES, "biasa")
    with translation.override(language):
        values = examples.build_context(language=language, density=density)
        return render(
            request,
            template,
            {
                **values,
                **context,
                "density": density,
                "densities": DENSITIES,
                "language": language,
                "languages": LANGUAGES,
            },
        )


def show_list(request: HttpRequest) -> HttpResponse:
    components = [(name, reverse("gallery:component", args=[name])) for name in examples.COMPONENTS]
    pages = [(name, reverse("gallery:page", args=[name])) for name in examples.PAGES]
    return _render(request, "gallery/list.html", {"components": components, "pages": pages})


def show_component(request: HttpRequest, name: str) -> HttpResponse:
    if name not in examples.COMPONENTS:
        raise Http404(name)
    return _render(request, f"gallery/examples/{name}.html", {"name": name})


def show_page(request: HttpRequest, name: str) -> HttpResponse:
    if name not in examples.PAGES + examples.FRAGMENTS:
        raise Http404(name)
    return _render(request, f"gallery/pages/{name}.html", {"name": name})
