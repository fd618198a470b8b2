"""What Etalase asks of a payment provider and what it gets back, whichever provider it is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol


class PaymentStatus(StrEnum):
    """What one report says; `refunded` and `refund_failed` speak of one refund, the others of the payment."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"


@dataclass(frozen=True, slots=True)
class StartPayment:
    """What a provider must know; `attempt_key` makes a repeated start find the first one (a new attempt: a new key).

    `merchant_reference` is "buyer_id-payment_id". `return_url` is where the browser goes afterwards: it settles nothing.
    """

    merchant_reference: str
    attempt_key: str
    amount_minor: int
    currency: str
    method: str
    expires_at: datetime
    return_url: str
    description: str
    buyer_name: str
    buyer_email: str | None = None
    buyer_phone: str | None = None


@dataclass(frozen=True, slots=True)
class Instructions:
    """What a buyer types, scans or opens where the provider gives numbers rather than a page.

    `virtual_account`: `number` at `bank`, with `biller` where the bank asks for a company code first; `code`: `number` at
    the till of `bank`; `qr`: the text of the code; `app`: the buyer's phone asks; `transfer`: `number` goes into the
    transfer's message. `link` opens the provider's app.
    """

    kind: Literal["virtual_account", "code", "qr", "app", "transfer"]
    number: str = ""
    bank: str = ""
    biller: str = ""
    qr: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """The provider's answer: its reference, and where to send the buyer's browser ("" with instructions)."""

    provider_reference: str
    redirect_url: str
    instructions: Instructions | None = None


@dataclass(frozen=True, slots=True)
class StartRefund:
    """Money to be given back: of which payment (its references there and ours), and under which reference of ours."""

    provider_reference: str
    merchant_reference: str
    refund_reference: str
    amount_minor: int
    currency: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RefundStarted:
    """The provider took the refund; a report (refunded or refund_failed) tells the end of it."""

    refund_reference: str
    provider_refund_reference: str


@dataclass(frozen=True, slots=True)
class PaymentReport:
    """One thing that happened to a payment; `occurred_at` is UTC, `amount_minor` is what moved.

    `event_id` is the same in every repetition of a notification. `paid_attempt_id` names the money that came in: two paid
    reports of one payment with different attempts are a double payment. `refund_reference` is ours, None unless a refund.
    """

    provider_reference: str
    merchant_reference: str
    event_id: str
    status: PaymentStatus
    amount_minor: int
    currency: str
    method: str
    occurred_at: datetime
    refund_reference: str | None = None
    paid_attempt_id: str | None = None


class ProviderUnavailable(Exception):
    """The provider did not answer in time, or is ill: the outcome is unknown, ask again later."""


class NotSetUp(ProviderUnavailable):
    """There are no keys for this provider here (any more): nobody is ill, somebody has to set it up."""


class PaymentRefused(Exception):
    """The provider understood and said no; asking again gives the same answer. `code` says why."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code


class SignatureNotValid(Exception):
    """The message is not from whom it claims, was altered, or is too old."""


class ReportNotUnderstood(Exception):
    """The message is genuine but says something we have no word for: keep it and look at it."""


class PaymentProvider(Protocol):
    """A way to be paid; every verb may be repeated and raises ProviderUnavailable or PaymentRefused.

    What it tells by itself is proven and read by its `hooks.Hook`, which needs no connection.
    """

    code: str

    async def start(self, payment: StartPayment) -> Started:
        """Open a payment; the same reference and attempt key again get the first answer."""
        ...

    async def status(self, provider_reference: str) -> tuple[PaymentReport, ...]:
        """Every report so far, oldest first, with the ids the notifications carry; for the janitor of lost notifications."""
        ...

    async def cancel(self, provider_reference: str) -> None:
        """Close an unpaid payment; PaymentRefused("already_paid") when money came first."""
        ...

    async def refund(self, refund: StartRefund) -> RefundStarted:
        """Give money back; the same refund reference again gets the first answer."""
        ...

    async def aclose(self) -> None:
        """Let go of the connections."""
        ...


def reference_of(buyer_id: int, payment_id: int) -> str:
    """Our reference of a payment: carries the buyer, so that a report finds its owner without a search."""
    return f"{buyer_id}-{payment_id}"


def ids_of(merchant_reference: str) -> tuple[int, int]:
    """(buyer_id, payment_id) of our reference, or ReportNotUnderstood."""
    buyer, dash, payment = merchant_reference.partition("-")
    if not (dash and buyer.isascii() and buyer.isdigit() and payment.isascii() and payment.isdigit()):
        raise ReportNotUnderstood(f"reference {merchant_reference[:60]!r}")
    return int(buyer), int(payment)
