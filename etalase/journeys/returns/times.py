"""When the clocks of a return run out. Pure."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from etalase.foundation.deadlines.rules import Due
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.policies.rules import PolicyBook

HOURS: Final = {"return.seller_review", "return.offer"}
DAYS: Final = {"return.ship_back", "return.decision", "return.appeal"}


def due_of(clock: str, at: datetime, *, book: PolicyBook, calendar: WorkingCalendar, zone: str) -> Due:
    """When a clock that starts at `at` reaches zero, by the order's own policies; raises KeyError for another clock."""
    if clock in HOURS:
        policy = book.find(clock)
        return Due.by(policy, at + timedelta(hours=int(policy.value)))
    if clock in DAYS:
        policy = book.find(clock)
        return Due.by(policy, at + timedelta(days=int(policy.value)))
    if clock == "return.resubmit":
        policy = book.find(clock)
        return Due.by(policy, at + timedelta(hours=int(policy.value["hours"])))
    if clock in ("return.arrive", "return.replacement"):
        policy = book.find("return.inspect")
        return Due.by(policy, at + timedelta(days=int(policy.value["arrival_days"])))
    policy = book.find({"return.inspect": "return.inspect", "return.replace": "return.replace"}[clock])
    days = int(policy.value["working_days"] if clock == "return.inspect" else policy.value)
    last = calendar.add_working_days(at.astimezone(ZoneInfo(zone)).date(), days)
    return Due.by(policy, calendar.end_of_working_day(last, zone))
