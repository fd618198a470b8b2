"""When the sandbox carrier's couriers come round: three windows a working day (pure)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from etalase.foundation.policies.calendar import WorkingCalendar

WINDOWS: Final = ((time(9), time(12)), (time(13), time(16)), (time(16), time(19)))
DAYS: Final = 3
NOTICE: Final = timedelta(hours=1)
"""A courier who comes today has to be told this long before."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A window in which a courier comes, in UTC."""

    start: datetime
    end: datetime


def offered(now: datetime, zone: str, *, is_same_day: bool) -> list[Slot]:
    """The windows of the next working days in the zone of the sender; of a same-day service also today's."""
    place, calendar = ZoneInfo(zone), WorkingCalendar()
    today = now.astimezone(place).date()
    days = [calendar.add_working_days(today, n) for n in range(1, DAYS + 1)]
    if is_same_day:
        days = [today, *days]
    slots = [slot for day in days for slot in _of_day(day, place)]
    return [slot for slot in slots if slot.start >= now + NOTICE]


def _of_day(day: date, place: ZoneInfo) -> list[Slot]:
    return [
        Slot(datetime.combine(day, start, place).astimezone(UTC), datetime.combine(day, end, place).astimezone(UTC))
        for start, end in WINDOWS
    ]
