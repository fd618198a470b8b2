"""Replaying the clocks of what comes after a sale: who would have had time to act under another span."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from etalase.foundation.policies.defaults import DEFAULTS
from etalase.journeys.replay.rules import contrast

CLOCKS: Final = (
    "cancel.seller_response",
    "return.seller_review",
    "return.offer",
    "return.ship_back",
    "return.decision",
    "return.appeal",
    "claim.seller_response",
    "claim.evidence",
    "claim.decision",
    "claim.appeal",
)
"""Policies that are the span of one clock; the index `deadlines_replayed` has theirs."""


@dataclass(frozen=True, slots=True)
class PastClock:
    """A clock that has ended: somebody acted (or what it was about was over), or it ran out."""

    shop_name: str
    order_id: int
    started_at: datetime
    acted_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClockOutcome:
    """What became of a clock: it ran out or not, and when it was over, if it is."""

    ran_out: bool
    ended_at: datetime | None


@dataclass(slots=True)
class ClockTally:
    """The outcomes of many clocks, counted."""

    clocks: int = 0
    ran_out: int = 0
    acted: int = 0
    waiting: timedelta = timedelta(0)

    def add(self, clock: PastClock, outcome: ClockOutcome) -> None:
        self.clocks += 1
        self.ran_out += outcome.ran_out
        self.acted += outcome.ended_at is not None and not outcome.ran_out
        self.waiting += outcome.ended_at - clock.started_at if outcome.ended_at else timedelta(0)

    @property
    def hours(self) -> float:
        """Hours from a clock's start to its end, on average over those that ended."""
        ended = self.ran_out + self.acted
        return self.waiting / timedelta(hours=1) / ended if ended else 0.0


@dataclass(frozen=True, slots=True)
class ClockExample:
    """A clock that would have ended otherwise."""

    clock: PastClock
    before: ClockOutcome
    after: ClockOutcome


@dataclass(frozen=True, slots=True)
class ClockReplay:
    """The same clocks under two spans."""

    before: ClockTally
    after: ClockTally
    examples: tuple[ClockExample, ...]
    changed: int

    @property
    def clocks(self) -> int:
        """How many were reckoned again."""
        return self.before.clocks


def span_of(key: str, value: int) -> timedelta:
    """How long the clock of this policy runs under this value."""
    return timedelta(**{DEFAULTS[key].unit: value})


def replay_clocks(clocks: Iterable[PastClock], *, spans: tuple[timedelta, timedelta], now: datetime) -> ClockReplay:
    """Reckon the clocks again under the first span and the second.

    Who acted is taken to have acted when they did; where a clock ran out, nobody is taken to have acted later.
    """

    def outcomes(clock: PastClock) -> tuple[ClockOutcome, ClockOutcome]:
        return _outcome(clock, spans[0], now=now), _outcome(clock, spans[1], now=now)

    tallies = ClockTally(), ClockTally()
    examples, changed = contrast(clocks, outcomes, tallies)
    return ClockReplay(*tallies, tuple(ClockExample(*one) for one in examples), changed)


def _outcome(clock: PastClock, span: timedelta, *, now: datetime) -> ClockOutcome:
    due_at = clock.started_at + span
    if clock.acted_at is not None and clock.acted_at <= due_at:
        return ClockOutcome(ran_out=False, ended_at=clock.acted_at)
    return ClockOutcome(ran_out=due_at <= now, ended_at=due_at if due_at <= now else None)
