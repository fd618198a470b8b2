"""What happens to refunds that no provider sends."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class RefundAccountGiven(Fact, name="refund.account_given", subject="refund"):
    """The buyer said where the money is to go; the number is not told."""

    bank: str
    number_end: str


@dataclass(frozen=True, kw_only=True)
class RefundPaidByHand(Fact, name="refund.paid_by_hand", subject="refund"):
    """The operator transferred the money."""

    amount_minor: int
    currency: str
    reference: str
