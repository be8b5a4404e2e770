"""Codes: QR codes as one path of black modules, sharp at any size."""

from __future__ import annotations

from dataclasses import dataclass

import segno

_QUIET_MODULES = 4
# Rows overlap by a hair, or readers of the PDF show white lines between them.
_OVERLAP = 0.02


@dataclass(frozen=True, slots=True)
class Code:
    """An outline for SVG in units of modules; `side` counts the quiet zone of four modules on both sides."""

    outline: str
    side: int

    def side_mm(self, dark_mm: float) -> float:
        """How wide to draw it for the part without the quiet zone to be as wide as this."""
        return round(dark_mm * self.side / (self.side - 2 * _QUIET_MODULES), 2)


def make_code(address: str) -> Code:
    """The code of an address, error level M."""
    made = segno.make_qr(address, error="m", boost_error=False)
    parts = []
    for y, row in enumerate(made.matrix, start=_QUIET_MODULES):
        start = None
        for x, dark in enumerate((*row, 0), start=_QUIET_MODULES):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                parts.append(f"M{start} {y}h{x - start}v{1 + _OVERLAP}h{start - x}z")
                start = None
    return Code("".join(parts), len(made.matrix) + 2 * _QUIET_MODULES)
