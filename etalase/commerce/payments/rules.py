"""What a payment is, and what money that arrives is for. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Literal

PROVIDER_OF_COD = "cod"
PROVIDER_OF_TRANSFERS = "bank_transfer"
PROVIDER_OF_WALLET = "wallet"
GATHERS_PARTS: Final = frozenset({PROVIDER_OF_TRANSFERS})
"""Providers whose buyers type the amount themselves: what is too little is held for the rest until the time is over."""
PAID_BACK_BY_HAND: Final = frozenset({PROVIDER_OF_COD, PROVIDER_OF_TRANSFERS})
"""Providers that take no money back: the buyer names a bank account at once, the operator transfers."""
HIDDEN_MIN: Final = timedelta(seconds=30)
HIDDEN_MAX: Final = timedelta(minutes=15)
Use = Literal["purchase", "surplus", "part"]


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
    RefundState.APPROVED: (RefundState.FAILED,),
    RefundState.SENT: (RefundState.APPROVED,),
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
    fee_minor: int = 0
    """The part of the amount that is for the method; the rest is for the orders."""
    instructions: Mapping[str, Any] | None = None
    """What the buyer types or scans, where the provider has no page."""
    wallet_minor: int = 0
    """What the wallet pays with it, set aside while it is pending; of a payment by the wallet alone that is the amount."""
    is_top_up: bool = False
    """The money is for the buyer's wallet; there are no orders."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", PaymentState(self.state))

    @property
    def is_wallet_part(self) -> bool:
        """Whether it is what the wallet paid beside another payment."""
        return self.provider == PROVIDER_OF_WALLET and self.wallet_minor == 0


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
    """How often a provider was asked to send it."""
    failure: str
    by_hand: bool
    """Whether the operator transfers it from the beginning, because there is no provider to ask."""
    to_wallet: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", RefundState(self.state))

    @property
    def needs_account(self) -> bool:
        """Whether the buyer is to say where it goes: no provider sends it (any more)."""
        return self.state is RefundState.FAILED or (self.by_hand and self.state is RefundState.APPROVED)

    @property
    def can_be_tried_again(self) -> bool:
        """Whether a provider could not send it and may be asked once more."""
        return self.state is RefundState.FAILED and not self.by_hand

    @property
    def reference(self) -> str:
        """What providers call the attempt that is due now; a repeated attempt has a name of its own, a repeated call has not."""
        return str(self.id) if not self.attempts else f"{self.id}r{self.attempts + 1}"


def refund_named(reference: str) -> tuple[int, int] | None:
    """The refund and the attempt that a provider names (`Refund.reference`); none if it is none of ours."""
    named = _REFERENCE.fullmatch(reference)
    return (int(named["id"]), int(named["attempt"] or 1)) if named else None


_REFERENCE: Final = re.compile(r"(?P<id>[0-9]{1,19})(?:r(?P<attempt>[0-9]{1,4}))?", re.ASCII)


def is_of_this_attempt(refund: Refund, attempt: int) -> bool:
    """Whether a failure that is reported is the attempt's under way; one that was tried again since changes nothing."""
    under_way = refund.attempts + (1 if refund.state is RefundState.APPROVED else 0)
    return attempt == under_way


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
    refund_attempt: int = 1
    """Which attempt to send the refund it is about."""
    detail: str = ""
    provider: str = ""
    """Who says so: it has to be the payment's own provider. Empty for whoever may speak of any."""


def report_of_wallet(payment: Payment) -> Report:
    """What is said of a payment by the wallet alone: its money has been set aside, so it is here."""
    return Report(
        payment.buyer_id,
        payment.id,
        "paid",
        "wallet",
        payment.amount_minor,
        payment.currency,
        provider=payment.provider,
    )


@dataclass(frozen=True, slots=True)
class Arrival:
    """What money that arrived is for: `for_purchase` of it pays (with `parts` that came before), the rest goes back."""

    use: Use
    goes_back_minor: int = 0


def use_of_capture(
    payment: Payment, *, amount_minor: int, currency: str, is_purchase_paid: bool, parts_minor: int = 0
) -> Arrival:
    """What money that arrived is for.

    Enough, with the parts held already: the purchase is paid, what is too much goes back. Too little: all of it goes back,
    or is held as a part where buyers type amounts and the payment still waits. A purchase that is paid keeps nothing.
    """
    if is_purchase_paid or payment.state is PaymentState.PAID or currency != payment.currency:
        return Arrival("surplus", amount_minor)
    if amount_minor + parts_minor >= payment.amount_minor:
        return Arrival("purchase", amount_minor + parts_minor - payment.amount_minor)
    if payment.provider in GATHERS_PARTS and payment.state is PaymentState.PENDING:
        return Arrival("part")
    return Arrival("surplus", amount_minor)


def newest_attempt(attempts: Sequence[Payment]) -> Payment | None:
    """Of attempts with the newest first the one that the buyer knows of: what a wallet paid beside it is no attempt."""
    return next((attempt for attempt in attempts if not attempt.is_wallet_part), None)


def shares_of(amount_minor: int, left: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """How a refund goes back to several payments, given as (id, what has not gone back yet), the first of them first.

    None gets more than it paid; what exceeds all of them (an insurer's money) goes to the last one.
    """
    shares = []
    for payment_id, left_minor in left:
        share = max(0, min(amount_minor, left_minor))
        amount_minor -= share
        shares.append((payment_id, share))
    if amount_minor and shares:
        payment_id, share = shares.pop()
        shares.append((payment_id, share + amount_minor))
    return [(payment_id, share) for payment_id, share in shares if share]


@dataclass(frozen=True, slots=True)
class Unusable:
    """A method nobody can use now: switched off by the operator (of every provider), or failing at one."""

    method: str
    provider: str
    reason: str
    since: datetime
    hidden_until: datetime | None
    failures: int

    @property
    def is_off(self) -> bool:
        """Whether the operator did it."""
        return self.hidden_until is None


def hidden_for(failures: int) -> timedelta:
    """How long a method stays hidden after so many failures in a row: at once, and twice as long each time."""
    return min(HIDDEN_MIN * (1 << min(max(failures, 1) - 1, 20)), HIDDEN_MAX)
