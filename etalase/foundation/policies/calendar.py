"""Working days of Indonesia: Monday to Friday without public holidays and collective leave, and what a shop says beyond. Pure."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import holidays

SATURDAY: Final = 5
DAYS_OFF_MAX: Final = 400
"""No run of days off is longer; a calendar that says otherwise is a mistake, not a wait."""
# "government" is the collective leave (cuti bersama) of the yearly joint decree of three ministers: carriers' counters and
# banks are closed then, so it binds like a public holiday.
CATEGORIES: Final = ("public", "government")


class NoWorkingDay(ValueError):
    """The calendar has no working day within DAYS_OFF_MAX days."""


@functools.cache
def national_holidays(year: int) -> Mapping[date, str]:
    """Public holidays and collective leave of a year with their Indonesian names."""
    return dict(holidays.country_holidays("ID", years=year, categories=CATEGORIES, language="id"))


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days count. `overrides` are days that differ from the national calendar, either way."""

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Whether promises in working days count this day."""
        said = self.overrides.get(day)
        if said is not None:
            return said
        return day.weekday() < SATURDAY and day not in national_holidays(day.year)

    def first_working_day(self, day: date) -> date:
        """The day itself if it is one, else the next."""
        for distance in range(DAYS_OFF_MAX):
            candidate = day + timedelta(days=distance)
            if self.is_working(candidate):
                return candidate
        raise NoWorkingDay(day)

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day`; n = 0 is the first working day on or after it."""
        if n < 0:
            raise ValueError("working days are counted forward")
        if n == 0:
            return self.first_working_day(day)
        for _ in range(n):
            day = self.first_working_day(day + timedelta(days=1))
        return day

    def end_of_working_day(self, day: date, zone: str) -> datetime:
        """23:59 of the day (or of the next working one) as it is in `zone`, in UTC."""
        return end_of_day(self.first_working_day(day), zone)


def end_of_day(day: date, zone: str) -> datetime:
    """23:59 local, in UTC: the last minute that sellers and buyers read as "on that day"."""
    return datetime.combine(day, time(23, 59), ZoneInfo(zone)).astimezone(UTC)
