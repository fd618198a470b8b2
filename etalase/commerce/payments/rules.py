"""What a payment is, and what money that arrives is for. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

PROVIDER_OF_COD = "cod"


class PaymentState(StrEnum):
    """Where one attempt to pay stands."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class RefundState(StrEnum):
    """The steps of money going back."""

    APPROVED = "approved"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"


REFUND_SOURCES: dict[RefundState, tuple[RefundState, ...]] = {
    RefundState.SENT: (RefundState.APPROVED, RefundState.FAILED),
    RefundState.DONE: (RefundState.APPROVED, RefundState.SENT, RefundState.FAILED),
    RefundState.FAILED: (RefundState.APPROVED, RefundState.SENT),
}


@dataclass(frozen=True, slots=True)
class Purchase:
    """What one checkout paid for."""

    buyer_id: int
    id: int
    placement_key: str
    payment_method: str
    currency: str
    total_minor: int
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class Payment:
    """One attempt to pay a purchase."""

    buyer_id: int
    id: int
    purchase_id: int
    provider: str
    method: str
    state: PaymentState
    amount_minor: int
    currency: str
    provider_reference: str | None
    pay_url: str | None
    expires_at: datetime | None
    started_at: datetime
    paid_at: datetime | None
    failure: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", PaymentState(self.state))


@dataclass(frozen=True, slots=True)
class Refund:
    """Money going back to a buyer."""

    buyer_id: int
    id: int
    payment_id: int
    shop_id: int | None
    order_id: int | None
    reason: str
    state: RefundState
    amount_minor: int
    currency: str
    provider_reference: str | None
    approved_at: datetime
    sent_at: datetime | None
    done_at: datetime | None
    expected_from: date
    expected_until: date
    attempts: int
    failure: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", RefundState(self.state))


@dataclass(frozen=True, slots=True)
class Report:
    """What a provider says of one payment, in our words."""

    buyer_id: int
    payment_id: int
    status: Literal["pending", "paid", "failed", "expired", "cancelled", "refunded", "refund_failed"]
    attempt: str
    """The provider's id of one paid attempt: paying twice makes two."""
    amount_minor: int
    currency: str
    refund_id: int | None = None
    detail: str = ""


def use_of_capture(
    payment: Payment, *, amount_minor: int, currency: str, is_purchase_paid: bool
) -> Literal["purchase", "surplus"]:
    """What money that arrived is for: the purchase if it is unpaid and the sum is right, else it goes back."""
    if is_purchase_paid or payment.state is PaymentState.PAID:
        return "surplus"
    return "purchase" if (amount_minor, currency) == (payment.amount_minor, payment.currency) else "surplus"
