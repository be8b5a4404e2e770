"""Draws the few charts of the interface as SVG text: small, printable, readable without script."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from zlib import crc32

from mutakhir.web import formats

INK, QUIET_INK, LINE, STRONG_LINE = "#1b1f27", "#4a5160", "#dad6cd", "#6f6c62"
QUANTITY, LIGHT_QUANTITY, DARK_QUANTITY = "#96601f", "#c99a55", "#5c3509"
TONES = {
    "ready": "#0a566b",
    "incomplete": "#b98900",
    "late": "#a3161a",
    "done": "#1b6b2e",
    "waiting": "#6f7686",
}
SPANS = {
    "planned": ("#1f3b73", "#1f3b73", ""),
    "recurring": ("#c9d6ee", "#3a5fa8", ""),
    "proposed": ("#fff", "#1f3b73", ' stroke-dasharray="4,3"'),
}
LANE_LEFT, LANE_WIDTH, LANE_HEIGHT, LANE_TOP = 176, 760, 34, 24
LABEL_SIGNS = 24


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a stacked bar; the tone is one of ready, incomplete, late, done, waiting."""

    label: str
    value: float
    tone: str = "ready"


@dataclass(frozen=True, slots=True)
class DayBar:
    """What falls on one day."""

    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Span:
    """A period in a lane; its kind is planned, recurring or proposed."""

    starts_on: date
    ends_on: date
    kind: str = "planned"
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """The periods of one scope and kind."""

    label: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a line, usually a month."""

    label: str
    value: float


def _open(view: str, sentence: str, *, small: bool = False) -> str:
    shape = "mk-chart mk-chart--small" if small else "mk-chart"
    return f'<svg class="{shape}" viewBox="{view}" width="100%" role="img" aria-label="{escape(sentence)}">'


def _write(x: float, y: float, text: str, *, fill: str = INK, anchor: str = "", weight: int = 0) -> str:
    extra = (f' text-anchor="{anchor}"' if anchor else "") + (f' font-weight="{weight}"' if weight else "")
    return f'<text x="{x:g}" y="{y:g}" fill="{fill}"{extra}>{escape(text)}</text>'


def _plain(value: float) -> int | Decimal:
    """A number as it is written: whole if it is whole, else one decimal."""
    return int(value) if value == int(value) else Decimal(str(round(value, 1)))


def draw_bar(value: float, *, most: float) -> str:
    """One bar of a bar list, as wide as its share of the largest value; the number stands beside it in text."""
    share = max(0.0, min(1.0, value / most)) if most > 0 else 0.0
    width = max(1.0, share * 100) if value > 0 else 0
    return (
        '<svg class="mk-barline" aria-hidden="true" width="100%" height="10">'
        '<rect width="100%" height="10" rx="2" fill="#e7e3da"/>'
        f'<rect width="{width:.1f}%" height="10" rx="2" fill="{QUANTITY}"/></svg>'
    )


def draw_stacked_bar(parts: Sequence[Part], *, sentence: str) -> str:
    """One bar of all parts; the incomplete part is hatched, so that it is told apart without colour."""
    whole = sum(part.value for part in parts)
    pattern = f"hatch-{crc32(repr((sentence, parts)).encode()):x}"
    drawn, left = [], 0.0
    for part in parts:
        if part.value <= 0 or whole <= 0:
            continue
        width = 100 * part.value / whole
        fill = f"url(#{pattern})" if part.tone == "incomplete" else TONES[part.tone]
        drawn.append(
            f'<rect x="{left:.2f}%" width="{width:.2f}%" height="14" fill="{fill}" '
            'stroke="#fff" stroke-width="1"/>'
        )
        left += width
    hatch = (
        f'<defs><pattern id="{pattern}" width="8" height="8" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="8" height="8" fill="#e3b93a"/>'
        f'<rect width="4" height="8" fill="{TONES["incomplete"]}"/></pattern></defs>'
    )
    return (
        f'<svg class="mk-stacked" width="100%" height="14" role="img" aria-label="{escape(sentence)}">'
        f'{hatch}<rect width="100%" height="14" fill="#e7e3da"/>{"".join(drawn)}</svg>'
    )


def draw_swatch(kind: str) -> str:
    """The square of a legend for a kind of span or a tone."""
    if kind in SPANS:
        fill, stroke, dash = SPANS[kind]
    else:
        fill = stroke = TONES[kind]
        dash = ""
    return (
        '<svg aria-hidden="true" viewBox="0 0 16 16"><rect x="1" y="1" width="14" height="14" rx="3" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="1.5"{dash}/></svg>'
    )


def draw_day_bars(
    days: Sequence[DayBar],
    *,
    sentence: str,
    language: str,
    capacity: int | None = None,
    capacity_note: str = "",
) -> str:
    """Bars a day; what is above the capacity is light, and the capacity is a line with its number.

    The first, the largest and the last day carry their numbers.
    """
    width, height, foot = 382.0, 84.0, 84.0
    top = max([*(bar.value for bar in days), capacity or 0, 1])
    step = width / max(1, len(days))
    bar_width = max(1.0, step * 0.82)
    scale = height / top
    out = [_open("0 -18 382 122", sentence, small=True)]
    largest = max(range(len(days)), key=lambda index: days[index].value, default=0)
    every = max(1, round(len(days) / 5))
    for index, bar in enumerate(days):
        left = index * step + (step - bar_width) / 2
        tall = bar.value * scale
        out.append(
            f'<rect x="{left:.1f}" y="{foot - tall:.1f}" width="{bar_width:.1f}" height="{tall:.1f}" '
            f'fill="{LIGHT_QUANTITY if capacity is not None else QUANTITY}"/>'
        )
        if capacity is not None:
            base = min(bar.value, capacity) * scale
            out.append(
                f'<rect x="{left:.1f}" y="{foot - base:.1f}" width="{bar_width:.1f}" '
                f'height="{base:.1f}" fill="{DARK_QUANTITY}"/>'
            )
        middle = min(width - 14, max(14.0, left + bar_width / 2))
        if index in {0, largest, len(days) - 1}:
            out.append(
                _write(middle, foot - tall - 4, formats.write_count(bar.value, language), anchor="middle")
            )
        if (index % every == 0 and len(days) - 1 - index >= every * 0.6) or index == len(days) - 1:
            out.append(_write(middle, foot + 14, bar.label, fill=QUIET_INK, anchor="middle"))
    if capacity is not None:
        line = foot - capacity * scale
        out.append(f'<path d="M0 {line:.1f}H{width:g}" stroke="{INK}" stroke-dasharray="4 3"/>')
        if capacity_note:
            out.append(
                f'<g class="mk-halo">{_write(width / 2, line - 5, capacity_note, anchor="middle")}</g>'
            )
    out.append(f'<path d="M0 {foot:g}H{width:g}" stroke="{STRONG_LINE}"/></svg>')
    return "".join(out)


def place_day(day: date, *, year: int) -> float:
    """Where a day stands on the axis of a year of twelve equal months; before it 0, after it 12."""
    if day.year < year:
        return 0.0
    if day.year > year:
        return 12.0
    return day.month - 1 + (day.day - 1) / monthrange(day.year, day.month)[1]


def draw_lanes(
    lanes: Sequence[Lane], *, year: int, sentence: str, language: str, today: date | None = None
) -> str:
    """Periods of a year, a lane for each scope and kind: filled planned, light recurring, outlined proposed."""
    month = (LANE_WIDTH - LANE_LEFT) / 12
    height = LANE_TOP + LANE_HEIGHT * len(lanes)
    out = [_open(f"0 0 {LANE_WIDTH} {height + 4}", sentence)]
    for number in range(12):
        left = LANE_LEFT + number * month
        out.append(_write(left + 3, 15, formats.write_month(number + 1, language), fill=QUIET_INK))
        out.append(f'<path d="M{left:.1f} 22V{height}" stroke="{LINE}"/>')
    for index, lane in enumerate(lanes):
        top = LANE_TOP + index * LANE_HEIGHT
        label = lane.label if len(lane.label) <= LABEL_SIGNS else lane.label[: LABEL_SIGNS - 1].rstrip() + "…"
        out.append(_write(0, top + 22, label, weight=500))
        out.append(f'<path d="M0 {top + LANE_HEIGHT}H{LANE_WIDTH}" stroke="#ece9e2"/>')
        for span in lane.spans:
            if span.ends_on.year < year or span.starts_on.year > year:
                continue
            starts, ends = place_day(span.starts_on, year=year), place_day(span.ends_on, year=year) + 1 / 31
            fill, stroke, dash = SPANS[span.kind]
            out.append(
                f'<rect x="{LANE_LEFT + starts * month:.1f}" y="{top + 7}" rx="3" height="20" '
                f'width="{max(3.0, (min(12.0, ends) - starts) * month):.1f}" fill="{fill}" '
                f'stroke="{stroke}" stroke-width="1.5"{dash}/>'
            )
    if today is not None and today.year == year:
        x = LANE_LEFT + place_day(today, year=year) * month
        out.append(f'<path d="M{x:.1f} 20V{height}" stroke="{INK}" stroke-width="2"/>')
    return "".join([*out, "</svg>"])


def draw_line(points: Sequence[Point], *, sentence: str, language: str, unit: str = "") -> str:
    """A line over time; its first, last and most extreme point carry their numbers. The axis begins at 0."""
    width, height, top = 302.0, 74.0, 18.0
    most = max((point.value for point in points), default=0.0) or 1.0
    step = (width - 40) / max(1, len(points) - 1)
    places = [
        (20 + index * step, top + height - height * point.value / most) for index, point in enumerate(points)
    ]
    out = [_open("0 0 302 112", sentence, small=True), f'<path d="M8 {top + height:g}H294" stroke="{LINE}"/>']
    if places:
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        out.append(
            f'<path d="M{path}" fill="none" stroke="{QUANTITY}" stroke-width="2" stroke-linejoin="round"/>'
        )
    turning = max(range(len(points)), key=lambda index: points[index].value, default=0)
    for index in sorted({0, turning, len(points) - 1} if points else ()):
        x, y = places[index]
        out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{QUANTITY}"/>')
        text = formats.write_count(_plain(points[index].value), language) + unit
        out.append(_write(x, y - 7, text, anchor="middle"))
    for index in sorted({0, len(points) - 1} if points else ()):
        anchor = "start" if index == 0 else "end"
        out.append(
            _write(
                8 if index == 0 else 294,
                top + height + 15,
                points[index].label,
                fill=QUIET_INK,
                anchor=anchor,
            )
        )
    return "".join([*out, "</svg>"])
