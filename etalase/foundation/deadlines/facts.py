"""What clocks do."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class DeadlineNear(Fact, name="deadline.near", subject="deadline"):
    """A clock of an order is about to reach zero."""

    kind: str
    due_at: str


@dataclass(frozen=True, kw_only=True)
class DeadlineFired(Fact, name="deadline.fired", subject="deadline"):
    """A clock reached zero and its consequence was carried out."""

    kind: str
