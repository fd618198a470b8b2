"""What is recorded of settlements."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class OrderSettled(Fact, name="order.settled", subject="order"):
    """A completed order's money was shared out: this much became available to the seller."""

    net_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class StatementIssued(Fact, name="statement.issued", subject="statement"):
    """A week of the seller's money is over and can be read whole."""

    closing_minor: int
    currency: str
