"""What happens to the clock."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ClockMoved(Fact, name="clock.moved", subject="clock"):
    """The product's clock was moved forward."""

    by_seconds: int
    offset_seconds: int
