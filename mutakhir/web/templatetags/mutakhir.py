"""The tags and filters of every template: hashed addresses, icons, chips, dates, numbers and drawings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from django import template
from django.core.exceptions import ImproperlyConfigured
from django.template.base import FilterExpression, Parser, Token
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_noop, ngettext

from mutakhir.core import tickets
from mutakhir.web import charts, formats, numbers

register = template.Library()

BUILT = Path(__file__).resolve().parents[1] / "static" / "built"
QUIET_MODULES = 4


@lru_cache(maxsize=2)
def _read_manifest(modified_ns: int) -> dict[str, str]:
    return dict(json.loads((BUILT / "manifest.json").read_text()))


def find_built(name: str) -> str:
    """The hashed name of a compiled file; ImproperlyConfigured where the build has not run."""
    try:
        modified_ns = (BUILT / "manifest.json").stat().st_mtime_ns
    except FileNotFoundError:
        raise ImproperlyConfigured("run python -m mutakhir.web.build first") from None
    return _read_manifest(modified_ns)[name]


@register.simple_tag(name="build")
def built_address(name: str) -> str:
    """{% build "mk.css" %}: the address of a compiled file."""
    return _address_of(find_built(name))


@lru_cache(maxsize=64)
def _address_of(hashed: str) -> str:
    """A page draws dozens of icons; their one address is worked out once."""
    return static(f"built/{hashed}")


REMEMBERED_AT_MOST = 2_000


class RememberedNode(template.Node):
    """A part whose look follows from some values alone: drawn once for each of them, each language and time zone."""

    def __init__(self, drawn: template.NodeList, values: Sequence[FilterExpression]) -> None:
        self.nodelist = drawn
        self.values = values
        self._kept: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        values = tuple(one.resolve(context) for one in self.values)
        try:
            where = get_language(), timezone.get_current_timezone_name()
            found = self._kept.get((*where, *values))
        except TypeError:
            return self.nodelist.render(context)
        if found is None:
            if len(self._kept) >= REMEMBERED_AT_MOST:
                self._kept = {}
            # Out of what made it only when it was asked for, which would keep its whole page.
            plain = (getattr(one, "_wrapped", one) for one in values)
            found = self._kept[(*where, *plain)] = self.nodelist.render(context)
        return found


@register.tag
def remembered(parser: Parser, token: Token) -> RememberedNode:
    """{% remembered shell %}...{% endremembered %}: what is drawn inside depends on these values and nothing else."""
    _name, *words = token.split_contents()
    values = [parser.compile_filter(word) for word in words]
    drawn = parser.parse(("endremembered",))
    parser.delete_first_token()
    return RememberedNode(drawn, values)


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """{% icon "clock" %}: decoration; with a label it is a named picture. Size "s" is 16 px."""
    shape = "mk-i mk-i-s" if size == "s" else "mk-i"
    address = built_address("icons.svg")
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"/></svg>',
            shape,
            label,
            address,
            name,
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', shape, address, name)


@dataclass(frozen=True, slots=True)
class ChipLook:
    """How a state is drawn: the tone's class, the icon and the word."""

    tone: str
    icon: str
    word: str


CHIPS: Mapping[str, tuple[str, str, str]] = {
    "draft": ("draft", "pencil", gettext_noop("Draf")),
    "incomplete": ("incomplete", "puzzle", gettext_noop("Belum lengkap")),
    "ready": ("ready", "list-check", gettext_noop("Siap")),
    "scheduled": ("ready", "list-check", gettext_noop("Dijadwalkan")),
    "waiting": ("waiting", "clock", gettext_noop("Menunggu")),
    "closed": ("waiting", "calendar-off", gettext_noop("Ditutup")),
    "open": ("done", "calendar-check", gettext_noop("Terbuka")),
    "yours": ("yours", "user-check", gettext_noop("Giliran Anda")),
    "late": ("late", "alert-triangle", gettext_noop("Lewat batas")),
    "returned": ("incomplete", "arrow-back-up", gettext_noop("Dikembalikan")),
    "warning": ("incomplete", "alert-triangle", gettext_noop("Peringatan")),
    "conflict": ("conflict", "arrows-diff", gettext_noop("Bentrok")),
    "locked": ("locked", "lock", gettext_noop("Terkunci")),
    "done": ("done", "circle-check", gettext_noop("Selesai")),
    "in_force": ("done", "circle-check", gettext_noop("Berlaku")),
    "agreed": ("done", "circle-check", gettext_noop("Disetujui")),
    "same": ("done", "circle-check", gettext_noop("Sudah sama")),
    "will_change": ("ready", "list-check", gettext_noop("Akan berubah")),
    "not_here": ("waiting", "ban", gettext_noop("Bukan di sini")),
    "refused": ("refused", "ban", gettext_noop("Ditolak")),
    "withdrawn": ("refused", "ban", gettext_noop("Ditarik")),
    "unseen": ("draft", "progress", gettext_noop("Belum diperiksa")),
}
"""State -> tone, icon and word; a chip is never colour alone and never an icon alone."""


def describe_chip(
    state: str, *, word: str = "", days: int | None = None, count: int | None = None, who: str = ""
) -> ChipLook:
    """The look of a state; KeyError for a state that has none."""
    tone, name, own_word = CHIPS[state]
    language = get_language() or "id"
    if word:
        text = str(word)
    elif state == "late" and days is not None:
        text = ngettext("Lewat %(days)s hari", "Lewat %(days)s hari", days) % {
            "days": formats.write_count(days, language)
        }
    elif state == "incomplete" and count is not None:
        text = gettext("Kurang %(count)s") % {"count": formats.write_count(count, language)}
    elif state == "waiting" and who:
        text = gettext("Menunggu %(who)s") % {"who": who}
    else:
        text = gettext(own_word)
    return ChipLook(tone, name, text)


@register.simple_tag
def chip_look(state: str, word: str = "", days: Any = None, count: Any = None, who: str = "") -> ChipLook:
    """{% chip_look state word days count who as look %}."""
    return describe_chip(state, word=word, days=_number(days), count=_number(count), who=who or "")


def _drawn(drawing: str) -> SafeString:
    """A drawing as markup: charts escape whatever text they are given."""
    return mark_safe(drawing)  # noqa: S308


def _number(value: Any) -> int | None:
    return None if value in (None, "") else int(value)


def _language() -> str:
    return get_language() or "id"


def _local_day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def _local_instant(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


@register.filter
def day(value: date | datetime | str | None) -> str:
    """24 November 2026; a text stays as it is."""
    if not isinstance(value, date):
        return value or ""
    return formats.write_day(_local_day(value), _language())


@register.filter
def day_short(value: date | datetime | str | None) -> str:
    """24 Nov."""
    if not isinstance(value, date):
        return value or ""
    return formats.write_day_short(_local_day(value), _language())


@register.filter
def day_year(value: date | datetime | str | None) -> str:
    """24 Nov 2026."""
    if not isinstance(value, date):
        return value or ""
    local = _local_day(value)
    return f"{formats.write_day_short(local, _language())} {local.year}"


@register.filter
def weekday(value: date | datetime | None) -> str:
    """Selasa, 24 November 2026."""
    return formats.write_weekday(_local_day(value), _language()) if value else ""


@register.filter
def clock(value: datetime | str | None) -> str:
    """10.42 in the reader's zone."""
    if not isinstance(value, datetime):
        return value or ""
    return formats.write_clock(_local_instant(value))


@register.filter
def moment(value: datetime | date | str | None) -> str:
    """24 November 2026, 10.42; a day without an hour is written as a day."""
    if not isinstance(value, datetime):
        return day(value)
    return f"{day(value)}, {clock(value)}"


@register.filter
def iso(value: datetime | date | str | None) -> str:
    """The form for machines, for `datetime` attributes."""
    return value.isoformat() if isinstance(value, date) else ""


@register.filter
def count(value: int | Decimal | str | None) -> str:
    """1.284 or 1,284; a text that is no number stays as it is."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return formats.write_count(int(value), _language()) if value.lstrip("-").isdecimal() else value
    return formats.write_count(value, _language())


@register.filter
def percent(value: float | Decimal | None) -> str:
    """0.079 is 7,9%."""
    return "" if value is None else formats.write_percent(value, _language())


@register.filter
def rupiah(value: int | Decimal | None) -> str:
    """Rp200.000."""
    return "" if value is None else formats.write_rupiah(value, _language())


@register.filter
def nik(value: str | None) -> SafeString:
    """Masked, unless the page says that it was opened; thin gaps by style, so that copying gives the 16 signs."""
    if not value:
        return mark_safe("")
    groups = formats.group_nik(numbers.masked(value))
    return format_html(
        '<span class="mk-nik">{}{}</span>',
        groups[0],
        format_html_join("", "<b>{}</b>", ((group,) for group in groups[1:])),
    )


@register.filter
def in_full(value: str | None) -> str:
    """A number that is shown with all its digits."""
    return numbers.InFull(value) if value else ""


@register.filter
def nik_typed(value: str | None) -> str:
    """What the field shows: groups with spaces where the text is a whole number, else what was typed."""
    return " ".join(formats.group_nik(value)) if value else ""


LEAST_WORDS = 4


@register.filter
def changed_words(value: Any, before: Any) -> Any:
    """A long text with the words that changed marked; anything short, or without a text before, stays as it is."""
    if not (isinstance(value, str) and isinstance(before, str)) or value == before:
        return value
    old, new = before.split(), value.split()
    if min(len(old), len(new)) < LEAST_WORDS:
        return value
    parts: list[SafeString] = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        gone, come = " ".join(old[old_from:old_to]), " ".join(new[new_from:new_to])
        if kind == "equal":
            parts.append(format_html("{}", come))
            continue
        if gone:
            parts.append(format_html("<del>{}</del>", gone))
        if come:
            parts.append(format_html("<ins>{}</ins>", come))
    return format_html_join(" ", "{}", ((part,) for part in parts))


@register.filter
def ticket(value: str | None) -> str:
    """7K4Q-3M8T-6QXA; what is no number stays as it was written."""
    plain = (value or "").replace("-", "")
    return tickets.shown(plain) if len(plain) == tickets.LENGTH else value or ""


@register.simple_tag
def share(part: Any, whole: Any) -> str:
    """{% share part whole as percent %}: a percentage for width attributes, "0%" where there is no whole."""
    total = float(whole or 0)
    return f"{max(0.0, min(100.0, 100 * float(part or 0) / total)):.1f}%" if total else "0%"


@register.filter
def read_field(value: Any, name: str) -> Any:
    """A field of a mapping or of a value, "" where it is missing."""
    if isinstance(value, Mapping):
        return value.get(name, "")
    return getattr(value, name, "")


DESCRIPTIONS = {"hint": "-hint", "error": "-error", "unit": "-unit", "more": "-more"}


@register.simple_tag
def described_by(field_id: str, **present: Any) -> str:
    """The ids that describe a field, for those of hint, error, unit and more that are there."""
    return " ".join(f"{field_id}{ending}" for key, ending in DESCRIPTIONS.items() if present.get(key))


@register.simple_tag
def qr_code(text: str, label: str) -> SafeString:
    """A QR code at error level M with its quiet zone, as one path in the text's colour."""
    code = segno.make(text, error="m", micro=False)
    rows = code.matrix_iter(scale=1, border=QUIET_MODULES)
    size = 0
    path: list[str] = []
    for y, row in enumerate(rows):
        bits = list(row)
        size = len(bits)
        x = 0
        while x < size:
            length = 0
            while x + length < size and bits[x + length]:
                length += 1
            if length:
                path.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length or 1
    return format_html(
        '<svg class="mk-qr" role="img" aria-label="{}" viewBox="0 0 {} {}" shape-rendering="crispEdges">'
        '<rect width="{}" height="{}" fill="#fff"/><path d="{}" fill="#000"/></svg>',
        label,
        size,
        size,
        size,
        size,
        "".join(path),
    )


@register.simple_tag
def chart_bar(value: Any, most: Any) -> SafeString:
    return _drawn(charts.draw_bar(float(value or 0), most=float(most or 0)))


@register.simple_tag
def chart_two(ready: Any, incomplete: Any, sentence: str) -> SafeString:
    """Ready against incomplete in one bar, the second hatched."""
    parts = [
        charts.Part("", float(ready or 0), "ready"),
        charts.Part("", float(incomplete or 0), "incomplete"),
    ]
    return _drawn(charts.draw_stacked_bar(parts, sentence=sentence))


@register.simple_tag
def chart_swatch(kind: str) -> SafeString:
    return _drawn(charts.draw_swatch(kind))


@register.filter
def nth(values: Sequence[Any], index: int) -> Any:
    """The value at a place, "" beyond the end."""
    return values[index] if index < len(values) else ""


@register.filter
def digest_groups(digest: str | None) -> str:
    """The first 16 signs of a digest in four groups."""
    return " ".join(digest[start : start + 4] for start in range(0, 16, 4)) if digest else ""


@register.filter
def most_value(bars: Sequence[Any], most: Any = None) -> float:
    """The value of a full bar: what the caller says, else the largest `value`, 0 without any."""
    if most not in (None, ""):
        return float(most)
    return max((float(read_field(bar, "value") or 0) for bar in bars or ()), default=0.0)


@register.simple_tag
def chart_stacked(parts: Sequence[Any], sentence: str) -> SafeString:
    drawn = [
        charts.Part(
            str(read_field(part, "label")),
            float(read_field(part, "value") or 0),
            str(read_field(part, "tone") or "ready"),
        )
        for part in parts
    ]
    return _drawn(charts.draw_stacked_bar(drawn, sentence=sentence))


@register.simple_tag
def chart_days(days: Sequence[Any], capacity: Any, sentence: str) -> SafeString:
    drawn = [
        charts.DayBar(
            str(read_field(one, "label") or day_short(read_field(one, "day"))),
            int(read_field(one, "value") or 0),
        )
        for one in days
    ]
    limit = None if capacity in (None, "") else int(capacity)
    note = "" if limit is None else gettext("mampu diperiksa %(count)s") % {"count": count(limit)}
    return _drawn(
        charts.draw_day_bars(
            drawn, sentence=sentence, language=_language(), capacity=limit, capacity_note=note
        )
    )


def read_lanes(lanes: Sequence[Any]) -> list[charts.Lane]:
    """Lanes of the caller as lanes of the drawing."""
    return [
        charts.Lane(
            str(read_field(lane, "label")),
            tuple(
                charts.Span(
                    read_field(span, "starts_on"),
                    read_field(span, "ends_on"),
                    str(read_field(span, "kind") or "planned"),
                    str(read_field(span, "title")),
                    str(read_field(span, "url")),
                )
                for span in read_field(lane, "spans") or ()
            ),
        )
        for lane in lanes
    ]


@register.simple_tag
def chart_lanes(lanes: Sequence[Any], year: Any, sentence: str, today: date | None = None) -> SafeString:
    return _drawn(
        charts.draw_lanes(
            read_lanes(lanes),
            year=int(year),
            sentence=sentence,
            language=_language(),
            today=today or None,
        )
    )


@register.filter
def span_text(span: Any) -> str:
    """4–17 Jan, or 4 Jan–28 Feb."""
    starts_on, ends_on = read_field(span, "starts_on"), read_field(span, "ends_on")
    if (starts_on.year, starts_on.month) == (ends_on.year, ends_on.month):
        return f"{starts_on.day}–{day_short(ends_on)}"
    return f"{day_short(starts_on)}–{day_short(ends_on)}"


@register.simple_tag
def chart_line(points: Sequence[Any], sentence: str, unit: str = "") -> SafeString:
    drawn = [
        charts.Point(str(read_field(point, "label")), float(read_field(point, "value"))) for point in points
    ]
    return _drawn(charts.draw_line(drawn, sentence=sentence, language=_language(), unit=unit))
