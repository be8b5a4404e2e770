"""Charts carry their numbers as text, draw them to scale, and let nothing of a name become markup."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
import segno
from django.utils import translation

from mutakhir.web import charts, formats
from mutakhir.web.templatetags import mutakhir as tags

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '"><script>x</script>&'


def parse(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def read_texts(drawing: str) -> list[str]:
    return [element.text or "" for element in parse(drawing).iter(f"{SVG}text")]


def read_widths(drawing: str) -> list[float]:
    return [float(bar.attrib["width"].rstrip("%")) for bar in parse(drawing).findall(f"{SVG}rect")[1:]]


def test_parts_of_a_stacked_bar_fill_it() -> None:
    parts = [charts.Part("siap", 38), charts.Part("belum", 14, "incomplete"), charts.Part("lewat", 0, "late")]
    widths = read_widths(charts.draw_stacked_bar(parts, sentence="38 dari 52"))
    assert widths == [73.08, 26.92]
    assert read_widths(charts.draw_stacked_bar([], sentence="kosong")) == []


def test_incomplete_part_is_hatched() -> None:
    root = parse(charts.draw_stacked_bar([charts.Part("belum", 1, "incomplete")], sentence="1"))
    pattern = root.find(f"{SVG}defs/{SVG}pattern")
    assert pattern is not None
    assert root.findall(f"{SVG}rect")[1].attrib["fill"] == f"url(#{pattern.attrib['id']})"


def test_bar_is_its_share_of_the_largest() -> None:
    assert read_widths(charts.draw_bar(19, most=46)) == [41.3]
    assert read_widths(charts.draw_bar(0, most=46)) == [0]
    assert read_widths(charts.draw_bar(1, most=100_000)) == [1], "what is there is seen"
    assert read_widths(charts.draw_bar(5, most=0)) == [1]


def test_days_show_first_largest_last_and_what_is_above_the_capacity() -> None:
    days = [
        charts.DayBar(f"{number} Jan", value) for number, value in ((4, 2600), (5, 1000), (6, 7962), (7, 900))
    ]
    drawing = charts.draw_day_bars(
        days, sentence="s", language="id", capacity=1200, capacity_note="mampu 1.200"
    )
    assert {"2.600", "7.962", "900", "mampu 1.200"} <= set(read_texts(drawing))
    assert "1.000" not in read_texts(drawing)
    heights = [float(bar.attrib["height"]) for bar in parse(drawing).findall(f"{SVG}rect")]
    assert heights[4] == 84.0, "the largest fills the height"
    assert heights[5] == pytest.approx(84 * 1200 / 7962, abs=0.06)
    assert heights[2] == heights[3], "a day within the capacity has no light part"


@pytest.mark.parametrize(
    ("day", "place"),
    [
        (date(2027, 1, 1), 0),
        (date(2027, 7, 1), 6),
        (date(2026, 5, 5), 0),
        (date(2028, 1, 1), 12),
        (date(2027, 2, 15), 1.5),
    ],
)
def test_days_stand_in_their_month(day: date, place: float) -> None:
    assert charts.place_day(day, year=2027) == place


def test_lane_over_the_turn_of_the_year_is_cut() -> None:
    lane = charts.Lane(
        "a",
        (charts.Span(date(2026, 12, 20), date(2027, 1, 10)), charts.Span(date(2025, 1, 1), date(2025, 2, 1))),
    )
    bars = parse(charts.draw_lanes([lane], year=2027, sentence="s", language="id")).findall(f"{SVG}rect")
    assert [float(bar.attrib["x"]) for bar in bars] == [charts.LANE_LEFT]


def test_line_labels_first_last_and_turning_point() -> None:
    points = [
        charts.Point("Des 2025", 4.1),
        charts.Point("Jan", 6),
        charts.Point("Okt", 8.6),
        charts.Point("Nov", 7.9),
    ]
    texts = read_texts(charts.draw_line(points, sentence="s", language="id", unit="%"))
    assert texts == ["4,1%", "8,6%", "7,9%", "Des 2025", "Nov"]
    assert read_texts(charts.draw_line([], sentence="s", language="id")) == []


def test_names_stay_text() -> None:
    drawings = [
        charts.draw_stacked_bar([charts.Part(NASTY, 1)], sentence=NASTY),
        charts.draw_day_bars(
            [charts.DayBar(NASTY, 1)], sentence=NASTY, language="id", capacity=1, capacity_note=NASTY
        ),
        charts.draw_lanes([charts.Lane(NASTY, ())], year=2027, sentence=NASTY, language="id"),
        charts.draw_line([charts.Point(NASTY, 1)], sentence=NASTY, language="id", unit=NASTY),
    ]
    for drawing in drawings:
        root = parse(drawing)
        assert root.attrib["aria-label"] == NASTY
        assert root.attrib["role"] == "img"
        assert not list(root.iter(f"{SVG}script"))


def test_qr_holds_every_module() -> None:
    address = "https://mutakhir.example/t/7K4Q3M8T6QXA"
    drawing = tags.qr_code(address, "ke mana")
    drawn = set()
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", drawing):
        drawn |= {(int(x) + step, int(y)) for step in range(int(length))}
    code = segno.make(address, error="m", micro=False)
    wanted = {
        (x, y)
        for y, row in enumerate(code.matrix_iter(border=tags.QUIET_MODULES))
        for x, bit in enumerate(row)
        if bit
    }
    assert drawn == wanted


@pytest.mark.parametrize(
    ("written", "indonesian", "english"),
    [
        (formats.write_count(1284, "id"), "1.284", ""),
        (formats.write_count(1284, "en"), "", "1,284"),
        (formats.write_count(Decimal("1284.5"), "id"), "1.284,5", ""),
        (formats.write_percent(0.079, "id"), "7,9%", ""),
        (formats.write_percent(0.5, "en"), "", "50%"),
        (formats.write_rupiah(200_000, "id"), "Rp200.000", ""),
        (formats.write_day(date(2026, 8, 5), "id"), "5 Agustus 2026", ""),
        (formats.write_day_short(date(2026, 8, 5), "id"), "5 Agu", ""),
        (formats.write_weekday(date(2026, 11, 24), "id"), "Selasa, 24 November 2026", ""),
        (formats.write_weekday(date(2026, 11, 24), "en-gb"), "", "Tuesday, 24 November 2026"),
        (formats.mask_name("Siti Aminah"), "S***** A*****", ""),
    ],
)
def test_written_for_people(written: str, indonesian: str, english: str) -> None:
    assert written == (indonesian or english)


def test_chip_words() -> None:
    with translation.override("id"):
        assert tags.describe_chip("late", days=2).word == "Lewat 2 hari"
        assert tags.describe_chip("incomplete", count=0).word == "Kurang 0"
        assert tags.describe_chip("waiting", who="Bupati").word == "Menunggu Bupati"
    with translation.override("en"):
        assert tags.describe_chip("late", days=1).word == "1 day late"
        assert tags.describe_chip("late", days=100_000).word == "100,000 days late"
        assert tags.describe_chip("late", word="Sendiri").word == "Sendiri"
    with pytest.raises(KeyError):
        tags.describe_chip("nonsense")


def test_changed_words_of_a_long_text_are_marked() -> None:
    marked = tags.changed_words("Jalan Raya <b> 21 dekat balai", "Jalan Raya <b> 12 dekat balai")
    assert marked == "Jalan Raya &lt;b&gt; <del>12</del> <ins>21</ins> dekat balai"
    assert tags.changed_words("Tanah", "Semen") == "Tanah"
    assert tags.changed_words("Jalan Raya Senduro 12", None) == "Jalan Raya Senduro 12"


def test_numbers_copy_as_digits() -> None:
    shown = tags.nik(tags.in_full("9908014507880003"))
    assert re.sub(r"<[^>]*>", "", shown) == "9908014507880003"
    assert shown == '<span class="mk-nik">990801<b>450788</b><b>0003</b></span>'
    assert tags.nik("<b>") == '<span class="mk-nik">···</span>'
