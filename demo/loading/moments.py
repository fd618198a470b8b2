"""Moments of the story and the ids that belong to them."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from etalase.foundation.ids import EPOCH_MS, SEQUENCE_MAX, compose
from etalase.foundation.policies.calendar import WorkingCalendar

NODE = 1009
OPENS, CLOSES = time(9, 0), time(17, 0)


class Ids:
    """Ids as a maker would have made them at those moments; `offset` is how far the demo's clock is ahead of real time."""

    def __init__(self, *, offset: timedelta = timedelta(0)) -> None:
        self._offset_ms = int(offset.total_seconds() * 1000)
        self._used: Counter[int] = Counter()

    def at(self, moment: datetime) -> int:
        """The next id of this moment; those asked for later sort later."""
        ms = int(moment.timestamp() * 1000) - EPOCH_MS - self._offset_ms
        while self._used[ms] > SEQUENCE_MAX:
            ms += 1
        sequence = self._used[ms]
        self._used[ms] += 1
        return compose(ms=ms, node=NODE, sequence=sequence)


class Desk:
    """When somebody in a shop is at work: working days from nine to five, in the shop's zone."""

    def __init__(self, zone: str, calendar: WorkingCalendar) -> None:
        self.zone = ZoneInfo(zone)
        self.calendar = calendar

    def next(self, moment: datetime, dice: Random) -> datetime:
        """The first moment of work from `moment` on, a little spread."""
        local = moment.astimezone(self.zone)
        if self.calendar.is_working(local.date()) and local.time() < CLOSES:
            if local.time() >= OPENS:
                return moment
            return self._opening(local.date(), dice)
        return self._opening(self.calendar.add_working_days(local.date(), 1), dice)

    def _opening(self, day: date, dice: Random) -> datetime:
        return datetime.combine(day, OPENS, self.zone).astimezone(UTC) + timedelta(minutes=dice.uniform(3, 100))


def spread(dice: Random, low_s: float, high_s: float) -> timedelta:
    """Some time between two numbers of seconds, in whole milliseconds."""
    return timedelta(milliseconds=round(dice.uniform(low_s, high_s) * 1000))


def day_moment(day: date, dice: Random) -> datetime:
    """Some moment of the working hours of a day in Jakarta."""
    return datetime.combine(day, time(9), ZoneInfo("Asia/Jakarta")).astimezone(UTC) + spread(dice, 0, 8 * 3600)
