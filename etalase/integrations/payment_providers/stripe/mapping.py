"""Stripe's words and ours, both ways. Pure.

Stripe counts by ISO 4217: it takes a rupiah as a hundred sen, and a dinar in fils whose last digit is zero.
"""

from datetime import UTC, datetime
from typing import Any, Final

from etalase.foundation.money import exponent, from_iso_minor, to_iso_minor
from etalase.integrations.payment_providers import reading
from etalase.integrations.payment_providers.protocol import (
    PaymentReport,
    PaymentStatus,
    ReportNotUnderstood,
    StartPayment,
    ids_of,
)

CODE: Final = "stripe"
CURRENCIES: Final = frozenset({"IDR", "JPY", "KRW", "VND", "USD", "SGD", "MYR", "EUR", "KWD"})
METHODS: Final = frozenset({"card"})
THREE_DIGITS: Final = 3
REFUND_STATES: Final = {
    "pending": PaymentStatus.PENDING,
    "requires_action": PaymentStatus.PENDING,
    "succeeded": PaymentStatus.REFUNDED,
    "failed": PaymentStatus.REFUND_FAILED,
    "canceled": PaymentStatus.REFUND_FAILED,
}
INTENT_STATES: Final = {
    "requires_payment_method": PaymentStatus.PENDING,  # also after a card was declined: the page offers another try
    "requires_confirmation": PaymentStatus.PENDING,
    "requires_action": PaymentStatus.PENDING,
    "processing": PaymentStatus.PENDING,
    "succeeded": PaymentStatus.PAID,
    "canceled": PaymentStatus.CANCELLED,
}
INTENT_EVENTS: Final = frozenset(
    {"payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled"}
)
SESSION_EVENTS: Final = frozenset({"checkout.session.completed", "checkout.session.expired"})
REFUND_EVENTS: Final = frozenset({"refund.created", "refund.updated", "refund.failed"})
SAYS_NOTHING_NEW: Final = frozenset(
    {
        "charge.succeeded",
        "charge.updated",
        "charge.failed",
        "charge.refunded",
        "charge.refund.updated",
        "payment_intent.created",
        "payment_intent.processing",
        "payment_intent.requires_action",
    }
)
"""Events that come along when an account sends everything; each is told better by one of those above."""


def wire_amount(amount_minor: int, currency: str) -> int:
    """The amount as Stripe takes it; ValueError for dinars it can't take exactly."""
    amount = to_iso_minor(amount_minor, currency)
    if exponent(currency) == THREE_DIGITS and amount % 10:
        raise ValueError(f"{amount} {currency}: the last digit has to be zero")
    return amount


def session_of(payment: StartPayment, *, ends_at_s: int) -> dict[str, Any]:
    """The parameters of a Checkout Session."""
    ours = {"merchant_reference": payment.merchant_reference}
    sent = {
        "mode": "payment",
        "client_reference_id": payment.merchant_reference,
        "payment_method_types": ["card"],
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": payment.currency.lower(),
                    "unit_amount": wire_amount(payment.amount_minor, payment.currency),
                    "product_data": {"name": payment.description},
                },
            }
        ],
        "metadata": ours,
        "payment_intent_data": {"metadata": ours},
        "success_url": payment.return_url,
        "cancel_url": payment.return_url,
        "expires_at": ends_at_s,
        "customer_email": payment.buyer_email,
    }
    return {name: value for name, value in sent.items() if value is not None}


def reports_of(body: bytes | str) -> tuple[PaymentReport, ...]:
    """The reports in a notification's raw body (none for what says nothing new), or ReportNotUnderstood."""
    raw = reading.object_of(body)
    kind = reading.text(raw, "type")
    if kind in SAYS_NOTHING_NEW:
        return ()
    told = reading.part(reading.part(raw, "data"), "object")
    if kind in INTENT_EVENTS:
        return (intent_report(told),)
    if kind in SESSION_EVENTS:
        return (session_report(told),)
    if kind in REFUND_EVENTS:
        return (refund_report(told),)
    raise ReportNotUnderstood(f"event {kind[:40]!r}")


def session_report(raw: reading.Raw) -> PaymentReport:
    """What a Checkout Session says of itself; its payment is what counts once it is paid."""
    state, paid = reading.text(raw, "status"), reading.text(raw, "payment_status")
    intent = raw.get("payment_intent")
    number = intent.get("id") if isinstance(intent, dict) else intent
    if state == "complete" and paid == "paid" and number:
        status = PaymentStatus.PAID
    elif state == "expired":
        status = PaymentStatus.EXPIRED
    elif state == "open" or (state == "complete" and paid == "unpaid"):
        status = PaymentStatus.PENDING
    else:
        raise ReportNotUnderstood(f"session {state[:20]!r}, {paid[:20]!r}")
    return _report(raw, status, attempt=str(number), amount_key="amount_total")


def intent_report(raw: reading.Raw) -> PaymentReport:
    """What a PaymentIntent says of itself."""
    word = reading.text(raw, "status")
    if word not in INTENT_STATES:
        raise ReportNotUnderstood(f"status {word[:30]!r}")
    status = INTENT_STATES[word]
    # Stripe says what was received once anything was; a fake server may leave it out
    key = "amount_received" if status is PaymentStatus.PAID and raw.get("amount_received") else "amount"
    return _report(raw, status, attempt=reading.text(raw, "id"), amount_key=key)


def refund_report(raw: reading.Raw) -> PaymentReport:
    """What a refund says of itself."""
    word = reading.text(raw, "status")
    if word not in REFUND_STATES:
        raise ReportNotUnderstood(f"refund status {word[:20]!r}")
    refund_reference = reading.text(reading.part(raw, "metadata"), "refund_reference")
    return _report(raw, REFUND_STATES[word], refund_reference=refund_reference, amount_key="amount")


def _report(
    raw: reading.Raw, status: PaymentStatus, *, amount_key: str, attempt: str = "", refund_reference: str | None = None
) -> PaymentReport:
    number, currency = reading.text(raw, "id"), reading.text(raw, "currency").upper()
    reference = reading.text(reading.part(raw, "metadata"), "merchant_reference")
    ids_of(reference)
    return PaymentReport(
        provider_reference=number,
        merchant_reference=reference,
        event_id=f"{number}:{status}",
        status=status,
        amount_minor=_amount(raw, amount_key, currency),
        currency=currency,
        method="card",
        occurred_at=datetime.fromtimestamp(_whole(raw, "created"), UTC),
        refund_reference=refund_reference,
        paid_attempt_id=f"{CODE}:{attempt}" if status is PaymentStatus.PAID else None,
    )


def _amount(raw: reading.Raw, key: str, currency: str) -> int:
    try:
        amount = from_iso_minor(_whole(raw, key), currency)
    except ValueError as problem:
        raise ReportNotUnderstood(f"{key}: {problem}") from problem
    if amount <= 0:
        raise ReportNotUnderstood(f"{key} is nothing")
    return amount


def _whole(raw: reading.Raw, key: str) -> int:
    value = raw.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**15:
        raise ReportNotUnderstood(f"{key} is no whole number")
    return value
