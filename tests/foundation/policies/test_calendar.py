"""Working days as Indonesia has them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalase.foundation.policies.calendar import NoWorkingDay, WorkingCalendar

NATIONAL = WorkingCalendar()
DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2028, 12, 31))


def test_a_weekday_counts_and_a_weekend_does_not() -> None:
    assert NATIONAL.is_working(date(2026, 11, 23))
    assert not NATIONAL.is_working(date(2026, 11, 21))
    assert not NATIONAL.is_working(date(2026, 11, 22))


def test_the_week_of_idul_fitri_has_no_working_day_but_its_last() -> None:
    """2026: Nyepi and its leave on Wed and Thu, Idul Fitri with its leave from Fri to Tue."""
    off = [date(2026, 3, 18) + timedelta(days=distance) for distance in range(7)]
    assert [day for day in off if NATIONAL.is_working(day)] == []
    assert NATIONAL.first_working_day(date(2026, 3, 18)) == date(2026, 3, 25)
    assert NATIONAL.add_working_days(date(2026, 3, 17), 2) == date(2026, 3, 26)


def test_collective_leave_is_a_day_off_like_a_public_holiday() -> None:
    assert not NATIONAL.is_working(date(2026, 12, 24))
    assert not NATIONAL.is_working(date(2026, 12, 25))


def test_the_last_day_of_a_year_leads_over_new_year() -> None:
    """31 Dec 2026 is a Thursday; New Year's Day is a Friday; then comes a weekend."""
    assert NATIONAL.is_working(date(2026, 12, 31))
    assert NATIONAL.add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)


def test_a_shop_may_work_on_a_holiday_and_rest_on_a_working_day() -> None:
    own = WorkingCalendar({date(2026, 11, 22): True, date(2026, 11, 24): False})
    assert own.add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 22)
    assert own.add_working_days(date(2026, 11, 23), 1) == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        ("Asia/Jakarta", datetime(2026, 11, 23, 16, 59, tzinfo=UTC)),
        ("Asia/Makassar", datetime(2026, 11, 23, 15, 59, tzinfo=UTC)),
        ("Asia/Jayapura", datetime(2026, 11, 23, 14, 59, tzinfo=UTC)),
    ],
)
def test_a_day_ends_where_the_shop_is(zone: str, utc: datetime) -> None:
    assert NATIONAL.end_of_working_day(date(2026, 11, 23), zone) == utc


def test_a_day_off_ends_with_the_next_working_day() -> None:
    assert NATIONAL.end_of_working_day(date(2026, 11, 21), "Asia/Jakarta") == datetime(2026, 11, 23, 16, 59, tzinfo=UTC)


def test_a_calendar_without_working_days_is_refused() -> None:
    first = date(2026, 1, 1)
    never = WorkingCalendar({first + timedelta(days=distance): False for distance in range(500)})
    with pytest.raises(NoWorkingDay):
        never.first_working_day(first)


@given(day=DAYS, n=st.integers(0, 20))
def test_adding_days_ends_on_a_working_day_with_so_many_between(day: date, n: int) -> None:
    end = NATIONAL.add_working_days(day, n)
    between = [day + timedelta(days=distance) for distance in range(1, (end - day).days + 1)]
    assert NATIONAL.is_working(end)
    assert sum(NATIONAL.is_working(passed) for passed in between) == max(n, 0 if NATIONAL.is_working(day) else 1)


@given(day=DAYS, n=st.integers(0, 10), m=st.integers(0, 10))
def test_days_add_up(day: date, n: int, m: int) -> None:
    start = NATIONAL.first_working_day(day)
    assert NATIONAL.add_working_days(NATIONAL.add_working_days(start, n), m) == NATIONAL.add_working_days(start, n + m)
