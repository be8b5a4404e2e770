"""Pages: each document as one HTML page that holds all it needs, for the screen and for the renderer."""

from __future__ import annotations

import functools
from pathlib import Path

from django.template import Context, Engine

from mutakhir.gateways.documents.codes import make_code
from mutakhir.gateways.documents.values import Document, Receipt

RECEIPT_CODE_MM = 28.0
FOOT_CODE_MM = 13.0

_TEMPLATES = str(Path(__file__).parent / "templates")


def page(document: Document) -> str:
    """The document as HTML, every value escaped, with its style inside and no script."""
    receipt = isinstance(document, Receipt)
    code = make_code(document.address if isinstance(document, Receipt) else document.foot.address)
    context = Context(
        {
            "document": document,
            "code": code,
            "code_mm": str(code.side_mm(RECEIPT_CODE_MM if receipt else FOOT_CODE_MM)),
        },
        use_l10n=False,
        use_tz=False,
    )
    return _engine().get_template(document.template).render(context)


@functools.cache
def _engine() -> Engine:
    return Engine(
        dirs=[_TEMPLATES],
        debug=False,
        autoescape=True,
        builtins=[
            "django.template.defaulttags",
            "django.template.defaultfilters",
            "django.template.loader_tags",
            "mutakhir.gateways.documents.wording",
        ],
    )
