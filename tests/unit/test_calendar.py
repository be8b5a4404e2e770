"""Working days, limits, recurring windows and the zones of the day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutakhir.core.calendar import (
    Limit,
    Opening,
    OpeningRule,
    WorkingDays,
    add_months,
    last_day_of_month,
    openings,
    today_in,
    zone_name_of,
)
from mutakhir.gateways.holidays import read_holidays, working_days
from mutakhir.parameters import load

WEEK = WorkingDays(holidays=frozenset({date(2026, 12, 25)}), joint_leave=frozenset({date(2026, 12, 24)}))
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def test_weekends_holidays_and_joint_leave_are_no_working_days() -> None:
    assert [day for day in range(21, 29) if WEEK.is_working(date(2026, 12, day))] == [21, 22, 23, 28]


def test_working_days_are_counted_from_the_next_day() -> None:
    assert WEEK.add(date(2026, 12, 23), 1) == date(2026, 12, 28)
    assert WEEK.add(date(2026, 12, 26), 1) == date(2026, 12, 28)
    assert WEEK.add(date(2026, 12, 23), 0) == date(2026, 12, 23)
    assert WEEK.add(date(2026, 12, 24), 0) == date(2026, 12, 28)
    assert WEEK.between(date(2026, 12, 21), date(2026, 12, 28)) == 3
    assert WEEK.between(date(2026, 12, 28), date(2026, 12, 21)) == -3
    with pytest.raises(ValueError, match="forward"):
        WEEK.add(date(2026, 12, 23), -1)


@given(DAYS, st.integers(1, 60))
def test_adding_and_counting_agree(day: date, n: int) -> None:
    calendar = working_days()
    due = calendar.add(day, n)
    assert calendar.is_working(due)
    assert calendar.between(day, due) == n


def test_the_decrees_of_three_years_are_known() -> None:
    calendar = working_days()
    assert [year for year in range(2024, 2030) if calendar.covers(year)] == [2025, 2026, 2027]
    assert date(2026, 8, 17) in calendar.holidays
    assert date(2026, 12, 24) in calendar.joint_leave
    assert date(2027, 3, 10) in calendar.holidays
    assert date(2025, 3, 31) in calendar.holidays


def test_every_holiday_names_its_decree_and_a_day_is_not_both() -> None:
    holidays = read_holidays()
    assert len({(holiday.day, holiday.name) for holiday in holidays}) == len(holidays)
    assert all(holiday.reference for holiday in holidays)
    assert {holiday.day.year for holiday in holidays if not holiday.confirmed} == {2025}
    assert not working_days().holidays & working_days().joint_leave


def test_limits_end_on_a_day() -> None:
    def due(value: int, unit: str) -> date:
        limit = Limit("verify", date(2021, 1, 1), value=value, unit=unit, reference="")  # type: ignore[arg-type]
        return limit.due(date(2026, 12, 22), WEEK)

    assert due(14, "days") == date(2027, 1, 5)
    assert due(3, "working_days") == date(2026, 12, 29)
    assert due(2, "months") == date(2027, 2, 22)


def test_a_limit_of_the_table_is_counted_in_working_days() -> None:
    limit = load().limit("verify", date(2026, 12, 21))
    assert limit.due(date(2026, 12, 21), WEEK) == date(2027, 1, 1)


def test_months_are_added_to_the_last_day_at_most() -> None:
    assert add_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert add_months(date(2027, 12, 31), 2) == date(2028, 2, 29)
    assert add_months(date(2027, 3, 31), -1) == date(2027, 2, 28)
    assert last_day_of_month(date(2028, 2, 1)) == date(2028, 2, 29)


def test_a_window_twice_a_year_opens_in_january_and_october() -> None:
    rule = load().opening_rules["twice_a_year"]
    found = openings(rule, date(2026, 11, 24), date(2027, 12, 31))
    assert found == (
        Opening(date(2027, 1, 1), date(2027, 1, 15), date(2027, 1, 31)),
        Opening(date(2027, 10, 1), date(2027, 10, 15), date(2027, 10, 31)),
    )


def test_a_monthly_window_cuts_off_on_the_seventeenth_and_closes_with_the_month() -> None:
    rule = load().opening_rules["monthly"]
    found = openings(rule, date(2027, 2, 20), date(2027, 3, 1))
    assert [(one.cut_off, one.closes) for one in found] == [
        (date(2027, 2, 17), date(2027, 2, 28)),
        (date(2027, 3, 17), date(2027, 3, 31)),
    ]


def test_quarterly_windows_are_four() -> None:
    assert len(openings(load().opening_rules["quarterly"], date(2027, 1, 1), date(2027, 12, 31))) == 4


@given(DAYS)
def test_a_window_that_is_always_open_takes_requests_every_day(day: date) -> None:
    rule = load().opening_rules["always_open"]
    (today,) = openings(rule, day, day)
    assert today.opens <= day <= today.cut_off == today.closes


def test_a_window_of_its_own_days() -> None:
    rule = OpeningRule("own", months=(2,), opening_day=10, cut_off_day=20, closing_day=31)
    assert openings(rule, date(2028, 1, 1), date(2028, 12, 31)) == (
        Opening(date(2028, 2, 10), date(2028, 2, 20), date(2028, 2, 29)),
    )
    with pytest.raises(ValueError, match="months"):
        OpeningRule("none", months=(), opening_day=1, cut_off_day=2)
    with pytest.raises(ValueError, match="in this order"):
        Opening(date(2028, 2, 10), date(2028, 2, 1), date(2028, 2, 29))


def test_today_depends_on_where_one_stands() -> None:
    late = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
    assert today_in("3508", late) == date(2026, 11, 23)
    assert today_in("5171", late) == date(2026, 11, 24)
    assert today_in("9103", late) == date(2026, 11, 24)
    with pytest.raises(ValueError, match="time zone"):
        today_in("3508", datetime(2026, 11, 23, 16, 30))  # noqa: DTZ001


def test_every_province_has_a_zone() -> None:
    zones = {
        code: zone_name_of(code)
        for code in ("11", "35", "61", "62", "63", "64", "53", "76", "81", "91", "96", "99")
    }
    assert [code for code, zone in zones.items() if zone == "WIB"] == ["11", "35", "61", "62", "99"]
    assert [code for code, zone in zones.items() if zone == "WIT"] == ["81", "91", "96"]
