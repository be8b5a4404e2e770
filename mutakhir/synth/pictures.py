"""Small photographs that nobody took: houses, floors and papers, drawn and written as PNG."""

from __future__ import annotations

import functools
import itertools
import random
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 480, 360
PAPER_WIDTH, PAPER_HEIGHT = 360, 500

Colour = tuple[int, int, int]


@dataclass(slots=True)
class Canvas:
    """Rows of red, green and blue; what lies outside is not drawn."""

    width: int
    height: int
    rows: list[bytearray] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = [bytearray(3 * self.width) for _ in range(self.height)]

    def box(self, left: int, top: int, right: int, bottom: int, colour: Colour) -> None:
        left, right = max(0, left), min(self.width, right)
        if left >= right:
            return
        filled = bytes(colour) * (right - left)
        for row in self.rows[max(0, top) : min(self.height, bottom)]:
            row[3 * left : 3 * right] = filled

    def shade(self, top: int, bottom: int, above: Colour, below: Colour) -> None:
        """A band across the picture that goes from one colour to another."""
        for place, row in enumerate(self.rows[top:bottom]):
            share = place / max(1, bottom - top - 1)
            colour = bytes(round(a + (b - a) * share) for a, b in zip(above, below, strict=True))
            row[:] = colour * self.width

    def shape(self, corners: Sequence[tuple[float, float]], colour: Colour) -> None:
        """A filled polygon."""
        sides = list(zip(corners, [*corners[1:], corners[0]], strict=True))
        first, last = int(min(y for _, y in corners)), int(max(y for _, y in corners)) + 1
        for line in range(max(0, first), min(self.height, last)):
            y = line + 0.5
            crossed = sorted(
                x0 + (y - y0) * (x1 - x0) / (y1 - y0)
                for (x0, y0), (x1, y1) in sides
                if (y0 <= y) != (y1 <= y)
            )
            for left, right in zip(crossed[::2], crossed[1::2], strict=False):
                self.box(round(left), line, round(right), line + 1, colour)

    def write(self, text: str, left: int, top: int, colour: Colour, scale: int = 2) -> None:
        """Capitals of five by seven points; other signs leave their place empty."""
        for place, sign in enumerate(text.upper()):
            for down, bits in enumerate(_LETTERS.get(sign, ())):
                for along in range(5):
                    if bits >> (4 - along) & 1:
                        x, y = left + (6 * place + along) * scale, top + down * scale
                        self.box(x, y, x + scale, y + scale, colour)

    def png(self) -> bytes:
        lines = b"".join(b"\0" + row for row in self.rows)
        size = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        chunks = ((b"IHDR", size), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
            for name, body in chunks
        )


_LETTERS = {
    "A": (14, 17, 17, 31, 17, 17, 17), "B": (30, 17, 17, 30, 17, 17, 30), "C": (14, 17, 16, 16, 16, 17, 14),
    "D": (30, 17, 17, 17, 17, 17, 30), "E": (31, 16, 16, 30, 16, 16, 31), "F": (31, 16, 16, 30, 16, 16, 16),
    "G": (14, 17, 16, 23, 17, 17, 15), "H": (17, 17, 17, 31, 17, 17, 17), "I": (14, 4, 4, 4, 4, 4, 14),
    "J": (7, 2, 2, 2, 2, 18, 12), "K": (17, 18, 20, 24, 20, 18, 17), "L": (16, 16, 16, 16, 16, 16, 31),
    "M": (17, 27, 21, 21, 17, 17, 17), "N": (17, 25, 21, 19, 17, 17, 17), "O": (14, 17, 17, 17, 17, 17, 14),
    "P": (30, 17, 17, 30, 16, 16, 16), "R": (30, 17, 17, 30, 20, 18, 17), "S": (15, 16, 16, 14, 1, 1, 30),
    "T": (31, 4, 4, 4, 4, 4, 4), "U": (17, 17, 17, 17, 17, 17, 14), "V": (17, 17, 17, 17, 17, 10, 4),
    "W": (17, 17, 17, 21, 21, 27, 17), "Y": (17, 17, 10, 4, 4, 4, 4), "Z": (31, 1, 2, 4, 8, 16, 31),
}  # fmt: skip

_WALLS: dict[str, Colour] = {
    "1": (226, 214, 190),
    "2": (206, 196, 170),
    "3": (158, 112, 70),
    "4": (201, 170, 112),
}
_ROOFS: dict[str, Colour] = {
    "1": (150, 150, 150),
    "2": (170, 78, 52),
    "3": (164, 172, 178),
    "4": (142, 146, 148),
}
_OTHER_WALL: Colour = (184, 150, 96)
_OTHER_ROOF: Colour = (122, 98, 62)
VARIANTS = 3


def darker(colour: Colour, share: float) -> Colour:
    red, green, blue = (max(0, min(255, round(part * (1 - share)))) for part in colour)
    return red, green, blue


@functools.cache
def draw_house(wall: str, roof: str, variant: int) -> bytes:
    """The front of a house by the codes of its walls and its roof."""
    dice = random.Random(f"house {wall} {roof} {variant}")
    canvas = Canvas(WIDTH, HEIGHT)
    ground = 270 + dice.randrange(12)
    canvas.shade(0, ground, (150 + dice.randrange(30), 196, 226), (226, 234, 232))
    canvas.shade(ground, HEIGHT, (146, 124, 86), (112, 92, 60))
    for _ in range(3):
        at = dice.randrange(WIDTH)
        canvas.shape(
            [(at, 90), (at + 46, 180), (at + 40, ground), (at - 40, ground), (at - 46, 180)], (84, 122, 70)
        )
    left, right, top = 84 + dice.randrange(20), 396 - dice.randrange(20), 158 + dice.randrange(14)
    colour = _WALLS.get(wall, _OTHER_WALL)
    canvas.box(left, top, right, ground + 14, colour)
    _weave_wall(canvas, wall, (left, top, right, ground + 14), darker(colour, 0.14))
    tiles = _ROOFS.get(roof, _OTHER_ROOF)
    middle, eaves = (left + right) // 2 + dice.randrange(-30, 30), top + 12
    canvas.shape([(left - 30, eaves), (middle - 60, 78), (middle + 60, 78), (right + 30, eaves)], tiles)
    for step in range(1, 8):
        line = 78 + step * (eaves - 78) // 8
        spread = (line - 78) / (eaves - 78)
        canvas.box(
            round(middle - 60 - (middle - 30 - left) * spread), line,
            round(middle + 60 + (right - middle - 30) * spread), line + 2, darker(tiles, 0.16),
        )  # fmt: skip
    door = left + 40 + dice.randrange(90)
    canvas.box(door, top + 34, door + 46, ground + 14, (96, 66, 42))
    canvas.box(door + 36, top + 76, door + 40, top + 82, (214, 190, 90))
    for window in (door + 78, door + 138):
        if window + 44 < right - 8:
            canvas.box(window - 3, top + 37, window + 47, top + 81, (110, 80, 54))
            canvas.box(window, top + 40, window + 44, top + 78, (92, 118, 132))
            canvas.box(window + 20, top + 40, window + 23, top + 78, (110, 80, 54))
    return _signed(canvas)


def _weave_wall(canvas: Canvas, wall: str, frame: tuple[int, int, int, int], colour: Colour) -> None:
    left, top, right, bottom = frame
    if wall in ("3", "5", "6"):
        for x in range(left + 12, right, 16):
            canvas.box(x, top, x + 2, bottom, colour)
    elif wall in ("2", "4"):
        for y in range(top, bottom, 8):
            for x in range(left + (y // 8 % 2) * 8, right, 16):
                canvas.box(x, y, min(x + 8, right), min(y + 8, bottom), colour)
    else:
        canvas.box(left, bottom - 22, right, bottom, colour)


@functools.cache
def draw_floor(material: str, variant: int) -> bytes:
    """A floor by the code of its material, seen from where one stands."""
    dice = random.Random(f"floor {material} {variant}")
    canvas = Canvas(WIDTH, HEIGHT)
    canvas.shade(0, 110, (214, 204, 186), (190, 178, 158))
    colours: dict[str, tuple[Colour, Colour]] = {
        "8": ((134, 104, 70), (104, 78, 50)), "6": ((160, 158, 152), (128, 126, 122)), "2": ((226, 224, 216), (204, 200, 190)),
        "1": ((214, 206, 200), (188, 178, 170)), "4": ((176, 150, 128), (146, 120, 100)),
    }  # fmt: skip
    near, far = colours.get(material, ((164, 124, 82), (128, 94, 60)))
    canvas.shade(110, HEIGHT, far, near)
    if material in ("1", "2", "4"):
        line = darker(near, 0.2)
        for step in range(1, 9):
            y = 110 + round((HEIGHT - 110) * (step / 8) ** 2)
            canvas.box(0, y, WIDTH, y + 2, line)
        for step in range(-8, 9):
            canvas.shape(
                [
                    (240 + step * 30, 110),
                    (242 + step * 30, 110),
                    (243 + step * 86, HEIGHT),
                    (240 + step * 86, HEIGHT),
                ],
                line,
            )
    elif material in ("3", "5", "7"):
        for step in range(-8, 9):
            canvas.shape(
                [
                    (240 + step * 30, 110),
                    (241 + step * 30, 110),
                    (244 + step * 70, HEIGHT),
                    (240 + step * 70, HEIGHT),
                ],
                darker(near, 0.25),
            )
    else:
        for _ in range(90 if material == "8" else 24):
            x, y = dice.randrange(WIDTH), dice.randrange(118, HEIGHT)
            size = 1 + (y - 110) // 40
            canvas.box(x, y, x + 3 * size, y + size, darker(near, dice.choice((0.12, 0.2, -0.08))))
    canvas.box(0, 104, WIDTH, 112, darker((190, 178, 158), 0.3))
    return _signed(canvas)


@functools.cache
def draw_paper(title: str, variant: int, *, lines: int = 14, signatures: int = 2) -> bytes:
    """A sheet of paper on a table: its title, lines that cannot be read, signatures."""
    dice = random.Random(f"paper {title} {variant}")
    canvas = Canvas(PAPER_WIDTH, PAPER_HEIGHT)
    canvas.shade(0, PAPER_HEIGHT, (120, 92, 66), (98, 74, 52))
    tilt = dice.randrange(-6, 7)
    canvas.shape([(26, 20), (336, 20 + tilt), (338 + tilt, 480), (24 + tilt, 482 - tilt)], (244, 242, 234))
    scale = 2 if len(title) <= 23 else 1
    canvas.write(title, (PAPER_WIDTH - 6 * len(title) * scale) // 2, 48, (52, 52, 60), scale)
    canvas.box(56, 72, 306, 74, (90, 90, 96))
    for line in range(lines):
        y, x = 92 + line * 20, 56
        while x < 296:
            word = dice.randrange(10, 46)
            canvas.box(x, y, min(x + word, 306), y + 5, (150, 150, 156))
            x += word + 7
    for place in range(signatures):
        x, y = 66 + place * 140, 404
        points = [(x + step * 9, y + dice.randrange(-14, 15)) for step in range(9)]
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            canvas.shape([(x0, y0), (x1, y1), (x1 + 1, y1 + 3), (x0 + 1, y0 + 3)], (44, 62, 140))
        canvas.box(x - 4, 432, x + 92, 434, (90, 90, 96))
    return _signed(canvas)


def _signed(canvas: Canvas) -> bytes:
    """Every picture says that it was drawn."""
    left, top = canvas.width - 6 * 6 * 2 - 10, canvas.height - 24
    canvas.box(left - 6, top - 5, canvas.width, canvas.height, (250, 250, 246))
    canvas.write("CONTOH", left, top, (150, 40, 40), 2)
    return canvas.png()
