"""What happens to policies."""

from dataclasses import dataclass
from typing import Any

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class PolicySet(Fact, name="policy.set", subject="policy"):
    """A policy has a new version; its subject id is that version."""

    key: str
    scope: str
    scope_id: int
    version: int
    value: Any
    valid_from: str


@dataclass(frozen=True, kw_only=True)
class CalendarDaySet(Fact, name="calendar.day_set", subject="calendar_day"):
    """A day counts, or does not count, as a working day; its subject id is the day's ordinal number."""

    day: str
    is_working: bool
    day_name: str
