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


@dataclass(frozen=True, kw_only=True)
class SellerMoneyAdjusted(Fact, name="seller_money.adjusted", subject="adjustment"):
    """The operator gave the seller something or took it: `kind_of` says how, `words` why."""

    kind_of: str
    amount_minor: int
    currency: str
    words: str


@dataclass(frozen=True, kw_only=True)
class SellerInDebt(Fact, name="seller_money.below_zero", subject="shop"):
    """More went back to buyers than the seller had available: so much is owed, and the next orders pay it."""

    amount_minor: int
    currency: str
