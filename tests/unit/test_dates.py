"""Days as people, forms and spreadsheets write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutakhir.core.dates import Bearer, Reading, expand_year, read_day
from mutakhir.core.refusals import Refusal

TODAY = date(2026, 11, 24)
MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
SHORT_MONTHS = ["JAN", "FEB", "MAR", "APR", "MEI", "JUN", "JUL", "AGT", "SEP", "OKT", "NOP", "DES"]


@pytest.mark.parametrize(
    "raw",
    [
        "1988-07-05",
        "1988/7/5",
        "5-7-1988",
        "05/07/1988",
        "05.07.1988",
        "5 7 1988",
        "5 Juli 1988",
        "05-JUL-88",
        "5 jul 88",
        "05/07/88",
        "05071988",
        "5071988",
        "19880705",
        "32329",
        "32329.0",
        "05/07/1988 00:00:00",
        "1988-07-05T00:00:00",
        "1988-07-05 07:30:00",
        "  5  Juli  1988 ",
        "'5-7-1988",
        "5 July 1988",
    ],
)
def test_every_way_of_writing_one_day(raw: str) -> None:
    reading = read_day(raw, today=TODAY)
    assert isinstance(reading, Reading)
    assert (reading.iso, reading.precision) == ("1988-07-05", "day")


@pytest.mark.parametrize(
    "raw", ["", "  ", "-", "--", "0", "00/00/0000", "0000-00-00", "0000-00-00 00:00:00", "NULL", "NaN"]
)
def test_nothing_written_is_nothing(raw: str) -> None:
    assert read_day(raw, today=TODAY) is None


@pytest.mark.parametrize(
    ("raw", "iso", "precision"),
    [
        ("1988", "1988", "year"),
        ("1988-00-00", "1988", "year"),
        ("00/00/1988", "1988", "year"),
        ("07/1988", "1988-07", "month"),
        ("1988-07", "1988-07", "month"),
        ("Juli 1988", "1988-07", "month"),
        ("00-07-1988", "1988-07", "month"),
        ("2026-11", "2026-11", "month"),
    ],
)
def test_what_is_not_known_is_not_invented(raw: str, iso: str, precision: str) -> None:
    assert read_day(raw, today=TODAY) == Reading(iso, precision)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        ("5-7-1800", "year-too-early"),
        ("1800", "year-too-early"),
        ("1900-01-01", "year-too-early"),
        ("25/11/2026", "date-in-future"),
        ("2027", "date-in-future"),
        ("Desember 2026", "date-in-future"),
        ("31/02/1988", "date-impossible"),
        ("30-13-1988", "date-impossible"),
        ("13/1988", "date-impossible"),
        ("5-0-1988", "date-impossible"),
        ("kemarin", "date-unreadable"),
        ("5 Julee 1988", "date-unreadable"),
        ("12", "date-unreadable"),
        ("123456789", "date-unreadable"),
        ("=TODAY()", "date-unreadable"),
        ("٠٥-٠٧-١٩٨٨x", "date-unreadable"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(raw: str, rule: str) -> None:
    reading = read_day(raw, today=TODAY)
    assert isinstance(reading, Refusal)
    assert reading.rule == rule


def test_the_day_itself_is_not_in_the_future() -> None:
    assert read_day("24/11/2026", today=TODAY) == Reading("2026-11-24", "day")


@pytest.mark.parametrize(
    ("short", "bearer", "year"),
    [
        (88, Bearer(), 1988),
        (26, Bearer(), 2026),
        (27, Bearer(), 1927),
        (20, Bearer(), 2020),
        (20, Bearer(adult=True), 1920),
        (20, Bearer(age_years=105), 1920),
        (20, Bearer(age_years=7, adult=True), 2020),
        (5, Bearer(adult=True), 2005),
        (0, Bearer(age_years=126), 2000),
    ],
)
def test_the_century_follows_the_age(short: int, bearer: Bearer, year: int) -> None:
    assert expand_year(short, today=TODAY, bearer=bearer) == year


def test_an_assumed_century_and_a_month_before_the_day_are_said() -> None:
    assert read_day("05/07/88", today=TODAY) == Reading("1988-07-05", "day", ("date-century-assumed",))
    assert read_day("07/25/1988", today=TODAY) == Reading("1988-07-25", "day", ("date-month-first",))
    assert read_day("32329", today=TODAY) == Reading("1988-07-05", "day", ("date-from-serial",))


@given(
    day=st.dates(min_value=date(1902, 1, 1), max_value=TODAY),
    form=st.sampled_from(
        [
            lambda day: day.isoformat(),
            lambda day: f"{day.day}-{day.month}-{day.year}",
            lambda day: day.strftime("%d/%m/%Y"),
            lambda day: day.strftime("%d.%m.%Y"),
            lambda day: day.strftime("%d/%m/%Y %H:%M:%S"),
            lambda day: day.strftime("%d%m%Y"),
            lambda day: day.strftime("%Y%m%d"),
            lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
            lambda day: f"{day.day}-{SHORT_MONTHS[day.month - 1]}-{day.year}",
        ]
    ),
)
def test_whatever_way_it_is_written_the_day_comes_back(day: date, form: object) -> None:
    reading = read_day(form(day), today=TODAY)  # type: ignore[operator]
    assert reading == Reading(day.isoformat(), "day")


@given(day=st.dates(min_value=date(1927, 5, 18), max_value=TODAY))
def test_a_count_of_days_comes_back_from_the_first_that_does_not_look_like_a_year(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert read_day(str(serial), today=TODAY) == Reading(day.isoformat(), "day", ("date-from-serial",))


@given(day=st.dates(min_value=date(1927, 1, 1), max_value=TODAY))
def test_two_digits_of_a_year_are_enough_for_anybody_below_a_hundred(day: date) -> None:
    reading = read_day(day.strftime("%d-%m-%y"), today=TODAY, bearer=Bearer(age_years=TODAY.year - day.year))
    assert reading == Reading(day.isoformat(), "day", ("date-century-assumed",))


@given(st.text(max_size=24))
def test_any_text_is_read_or_refused_and_never_more(raw: str) -> None:
    reading = read_day(raw, today=TODAY)
    if isinstance(reading, Reading) and reading.precision == "day":
        assert TODAY - timedelta(days=126 * 366) < date.fromisoformat(reading.iso) <= TODAY
