"""PDF: the one wall behind which the renderer stands, with its fonts and without a way to the network."""

from __future__ import annotations

import io
import threading
from datetime import datetime
from importlib import resources

import plutoprint

_FONTS = {
    "mutakhir:regular": "Roboto-Regular.ttf",
    "mutakhir:bold": "Roboto-Bold.ttf",
    "mutakhir:italic": "Roboto-Italic.ttf",
}

_FACES = """
@font-face { font-family: Mutakhir; src: url("mutakhir:regular"); }
@font-face { font-family: Mutakhir; src: url("mutakhir:bold"); font-weight: 700; }
@font-face { font-family: Mutakhir; src: url("mutakhir:italic"); font-style: italic; }
"""

_PRODUCER = "Mutakhir"

# The renderer keeps fonts in a cache for the whole process and says nothing about threads.
_ONE_AT_A_TIME = threading.Lock()


class Unprintable(Exception):
    """The page asks for something outside itself."""


class _OwnFonts(plutoprint.ResourceFetcher):
    """Gives our fonts and nothing else: a page cannot reach the network or the disk."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []

    def fetch_url(self, url: str) -> plutoprint.ResourceData:
        name = _FONTS.get(url)
        if name is None:
            self.refused.append(url)
            return plutoprint.ResourceData(b"", mime_type="text/plain")
        # The renderer reads it itself: it keeps its fonts beyond the end of the interpreter, and bytes of ours would be
        # given back to nobody, which ends the process with a crash.
        with resources.as_file(resources.files("font_roboto").joinpath("files", name)) as font:
            return super().fetch_url(font.as_uri())


def render(html: str, *, title: str, printed_at: datetime) -> bytes:
    """The page as PDF. Its style says paper and margins; the instant is written into it, so equal pages are equal bytes.

    Unprintable if the page refers to anything that it does not hold itself.
    """
    if printed_at.tzinfo is None:
        raise ValueError("the instant of printing needs a zone")
    fonts = _OwnFonts()
    out = io.BytesIO()
    with _ONE_AT_A_TIME:
        book = plutoprint.Book(
            plutoprint.PAGE_SIZE_A4, plutoprint.PAGE_MARGINS_NONE, plutoprint.MEDIA_TYPE_PRINT
        )
        book.custom_resource_fetcher = fonts
        book.load_html(html, user_style=_FACES)
        for key, value in (
            (plutoprint.PDF_METADATA_TITLE, title),
            (plutoprint.PDF_METADATA_CREATOR, _PRODUCER),
            (plutoprint.PDF_METADATA_CREATION_DATE, printed_at.isoformat(timespec="seconds")),
            (plutoprint.PDF_METADATA_MODIFICATION_DATE, printed_at.isoformat(timespec="seconds")),
        ):
            book.set_metadata(key, value)
        book.write_to_pdf_stream(out)
    # Pictures and fonts are asked for as late as when they are drawn.
    if fonts.refused:
        raise Unprintable(f"the page asks for {fonts.refused[0][:200]}")
    return out.getvalue()
