"""Documents: the receipts, lists, minutes and letters of the route, as HTML pages and as PDF."""

from __future__ import annotations

from mutakhir.gateways.documents.pages import page
from mutakhir.gateways.documents.pdf import Unprintable, render
from mutakhir.gateways.documents.values import Document

__all__ = ["Document", "Unprintable", "page", "print_pdf", "render"]


def print_pdf(document: Document) -> bytes:
    """The document as PDF. The same values give the same bytes on the same versions of the libraries."""
    return render(page(document), title=document.title, printed_at=document.printed_at)
