"""Xendit's words and ours, both ways. Pure.

A refund is told without the payment's own reference: ours is made of both, so that a report finds its owner.
"""

from typing import Any, Final

from etalase.foundation.money import exponent, to_major
from etalase.integrations.payment_providers import reading
from etalase.integrations.payment_providers.protocol import (
    Instructions,
    PaymentReport,
    PaymentStatus,
    ReportNotUnderstood,
    StartPayment,
    ids_of,
)

CODE: Final = "xendit"
CURRENCIES: Final = frozenset({"IDR"})
CHANNELS: Final = {
    "qris": "QRIS",
    "bca_va": "BCA_VIRTUAL_ACCOUNT",
    "mandiri_va": "MANDIRI_VIRTUAL_ACCOUNT",
    "bni_va": "BNI_VIRTUAL_ACCOUNT",
    "bri_va": "BRI_VIRTUAL_ACCOUNT",
    "ovo": "OVO",
    "dana": "DANA",
    "shopeepay": "SHOPEEPAY",
}
"""Methods for which Xendit gives a number, a code or a link."""
INVOICE_METHODS: Final = {"card": "CREDIT_CARD", "indomaret": "INDOMARET", "alfamart": "ALFAMART"}
"""Methods for which the buyer goes to Xendit's invoice page."""
METHODS: Final = frozenset({*CHANNELS, *INVOICE_METHODS})
INVOICE_STATES: Final = {
    "PENDING": PaymentStatus.PENDING,
    "PAID": PaymentStatus.PAID,
    "SETTLED": PaymentStatus.PAID,  # the same money, now on our balance
    "EXPIRED": PaymentStatus.EXPIRED,
}
REQUEST_STATES: Final = {
    "ACCEPTING_PAYMENTS": PaymentStatus.PENDING,
    "REQUIRES_ACTION": PaymentStatus.PENDING,
    "PENDING": PaymentStatus.PENDING,
    "SUCCEEDED": PaymentStatus.PAID,
    "FAILED": PaymentStatus.FAILED,
    "EXPIRED": PaymentStatus.EXPIRED,
    "CANCELED": PaymentStatus.CANCELLED,
}
REFUND_STATES: Final = {
    "PENDING": PaymentStatus.PENDING,
    "SUCCEEDED": PaymentStatus.REFUNDED,
    "FAILED": PaymentStatus.REFUND_FAILED,
    "CANCELLED": PaymentStatus.REFUND_FAILED,
}
PAYMENT_EVENTS: Final = frozenset({"payment.capture", "payment.failure"})
REFUND_EVENTS: Final = frozenset({"refund.succeeded", "refund.failed"})


def wire_amount(amount_minor: int, currency: str) -> int | float:
    """The amount as Xendit takes it: a JSON number of whole units. A float writes what is below 2^53 as it is."""
    major = to_major(amount_minor, currency)
    return int(major) if exponent(currency) == 0 else float(major)


def request_of(payment: StartPayment) -> dict[str, Any]:
    """The body of POST /v3/payment_requests."""
    properties: dict[str, Any] = {"success_return_url": payment.return_url, "failure_return_url": payment.return_url}
    if payment.method == "ovo":
        properties = {"account_mobile_number": payment.buyer_phone}
    elif payment.method == "qris":
        properties = {"expires_at": payment.expires_at.isoformat()}
    elif payment.method.endswith("_va"):
        properties = {"expires_at": payment.expires_at.isoformat(), "display_name": payment.buyer_name}
    return {
        "reference_id": payment.merchant_reference,
        "type": "PAY",
        "country": "ID",
        "currency": payment.currency,
        "request_amount": wire_amount(payment.amount_minor, payment.currency),
        "capture_method": "AUTOMATIC",
        "channel_code": CHANNELS[payment.method],
        "channel_properties": properties,
        "description": payment.description,
    }


def invoice_of(payment: StartPayment, *, seconds: int) -> dict[str, Any]:
    """The body of POST /v2/invoices."""
    sent = {
        "external_id": payment.merchant_reference,
        "amount": wire_amount(payment.amount_minor, payment.currency),
        "currency": payment.currency,
        "description": payment.description,
        "invoice_duration": seconds,
        "payment_methods": [INVOICE_METHODS[payment.method]],
        "success_redirect_url": payment.return_url,
        "failure_redirect_url": payment.return_url,
        "payer_email": payment.buyer_email,
    }
    return {name: value for name, value in sent.items() if value is not None}


def refund_reference_of(merchant_reference: str, refund_reference: str) -> str:
    """The refund's reference there: the payment's and the refund's together."""
    return f"{merchant_reference}-{refund_reference}"


def instructions_of(raw: reading.Raw) -> Instructions:
    """What the answer to a payment request tells the buyer to do, or ReportNotUnderstood."""
    channel = reading.text(raw, "channel_code")
    values = {str(action.get("descriptor")): action.get("value") for action in reading.parts(raw, "actions")}
    if number := values.get("VIRTUAL_ACCOUNT_NUMBER"):
        return Instructions("virtual_account", str(number), channel.partition("_")[0].title())
    if code := values.get("QR_STRING"):
        return Instructions("qr", qr=str(code))
    link = values.get("DEEPLINK_URL") or values.get("WEB_URL")
    if link or channel == CHANNELS["ovo"]:
        return Instructions("app", link=str(link or ""))
    raise ReportNotUnderstood(f"channel {channel[:30]!r} without a way to pay")


def reports_of(body: bytes | str) -> tuple[PaymentReport, ...]:
    """The reports in a notification's raw body, or ReportNotUnderstood."""
    raw = reading.object_of(body)
    if raw.get("event") is None:
        return (invoice_report(raw),)
    event = reading.text(raw, "event")
    data = reading.part(raw, "data")
    if isinstance(data.get("data"), dict):  # refunds are told with the message inside the message
        data = data["data"]
    if event in PAYMENT_EVENTS:
        return (payment_report(data),)
    if event in REFUND_EVENTS:
        return (refund_report(data),)
    raise ReportNotUnderstood(f"event {event[:40]!r}")


def invoice_report(raw: reading.Raw) -> PaymentReport:
    """What an invoice says of itself."""
    number, word, currency = reading.text(raw, "id"), reading.text(raw, "status"), _currency(raw)
    reference, status = reading.text(raw, "external_id"), _known(INVOICE_STATES, word)
    ids_of(reference)
    is_paid = status is PaymentStatus.PAID
    return PaymentReport(
        provider_reference=number,
        merchant_reference=reference,
        event_id=f"{number}:{word}",
        status=status,
        amount_minor=reading.amount(raw, "paid_amount" if is_paid and "paid_amount" in raw else "amount", currency),
        currency=currency,
        method=str(raw.get("payment_channel") or raw.get("payment_method") or "invoice"),
        occurred_at=reading.instant(raw.get("paid_at") or raw.get("updated")),
        paid_attempt_id=f"{CODE}:{number}" if is_paid else None,
    )


def payment_report(raw: reading.Raw) -> PaymentReport:
    """What a payment, or the request for one, says of itself."""
    number, word, currency = reading.text(raw, "payment_request_id"), reading.text(raw, "status"), _currency(raw)
    reference, status = reading.text(raw, "reference_id"), _known(REQUEST_STATES, word)
    ids_of(reference)
    attempt = raw.get("payment_id") or raw.get("latest_payment_id")
    if status is PaymentStatus.PAID and not attempt:
        raise ReportNotUnderstood("paid, and no payment is named")
    return PaymentReport(
        provider_reference=number,
        merchant_reference=reference,
        event_id=f"{attempt or number}:{word}",
        status=status,
        amount_minor=reading.amount(raw, "request_amount", currency),
        currency=currency,
        method=reading.text(raw, "channel_code"),
        occurred_at=reading.instant(raw.get("updated") or raw.get("created")),
        paid_attempt_id=f"{CODE}:{attempt}" if status is PaymentStatus.PAID else None,
    )


def refund_report(raw: reading.Raw) -> PaymentReport:
    """What a refund says of itself."""
    number, word, currency = reading.text(raw, "id"), reading.text(raw, "status"), _currency(raw)
    reference, dash, refund_reference = reading.text(raw, "reference_id").rpartition("-")
    if not dash:
        raise ReportNotUnderstood("a refund that is none of ours")
    ids_of(reference)
    return PaymentReport(
        provider_reference=str(raw.get("payment_request_id") or raw.get("invoice_id") or raw.get("payment_id") or ""),
        merchant_reference=reference,
        event_id=f"{number}:{word}",
        status=_known(REFUND_STATES, word),
        amount_minor=reading.amount(raw, "amount", currency),
        currency=currency,
        method=str(raw.get("channel_code") or "refund"),
        occurred_at=reading.instant(raw.get("updated") or raw.get("created")),
        refund_reference=refund_reference,
    )


def _known(states: dict[str, PaymentStatus], word: str) -> PaymentStatus:
    try:
        return states[word]
    except KeyError:
        raise ReportNotUnderstood(f"status {word[:20]!r}") from None


def _currency(raw: reading.Raw) -> str:
    return str(raw.get("currency") or "IDR")
