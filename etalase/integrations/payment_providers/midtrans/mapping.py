"""Midtrans's words and ours, both ways. Pure.

What is signed of a notification is order, status code and amount, not the status itself; so money counts only under the
status code that Midtrans has for success, and as one attempt an order, for an order is paid there once.
"""

from datetime import datetime
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

CODE: Final = "midtrans"
CURRENCIES: Final = frozenset({"IDR"})
BANKS: Final = {"bca_va": "bca", "bni_va": "bni", "bri_va": "bri"}
STORES: Final = {"indomaret": "indomaret", "alfamart": "alfamart"}
METHODS: Final = frozenset({"qris", "mandiri_va", "gopay", "shopeepay", "card", *BANKS, *STORES})
ON_PAGE: Final = frozenset({"card"})
"""Methods for which the buyer goes to the Snap page: card numbers never come near us."""
SUCCESS: Final = "200"
ENDED: Final = {
    "pending": PaymentStatus.PENDING,
    "deny": PaymentStatus.FAILED,
    "failure": PaymentStatus.FAILED,
    "cancel": PaymentStatus.CANCELLED,
    "expire": PaymentStatus.EXPIRED,
}


def wire_amount(amount_minor: int, currency: str) -> int | str:
    """The amount as Midtrans takes it: a whole number where the currency has no smaller unit, else with its digits."""
    if exponent(currency) == 0:
        return amount_minor
    return f"{to_major(amount_minor, currency):f}"


def charge_of(payment: StartPayment, *, minutes: int, ordered_at: datetime) -> dict[str, Any]:
    """The body of POST /v2/charge."""
    return {
        **_details(payment),
        **_way(payment),
        "custom_expiry": {
            "order_time": ordered_at.astimezone(reading.WIB).strftime("%Y-%m-%d %H:%M:%S %z"),
            "expiry_duration": minutes,
            "unit": "minute",
        },
    }


def snap_of(payment: StartPayment, *, minutes: int) -> dict[str, Any]:
    """The body of POST /snap/v1/transactions."""
    return {
        **_details(payment),
        "enabled_payments": ["credit_card"],
        "credit_card": {"secure": True},
        "callbacks": {"finish": payment.return_url},
        "expiry": {"unit": "minute", "duration": minutes},
    }


def _details(payment: StartPayment) -> dict[str, Any]:
    amount = wire_amount(payment.amount_minor, payment.currency)
    customer = {"first_name": payment.buyer_name, "email": payment.buyer_email, "phone": payment.buyer_phone}
    return {
        "transaction_details": {"order_id": payment.merchant_reference, "gross_amount": amount},
        "customer_details": {name: value for name, value in customer.items() if value},
    }


def _way(payment: StartPayment) -> dict[str, Any]:
    method = payment.method
    if method in BANKS:
        return {"payment_type": "bank_transfer", "bank_transfer": {"bank": BANKS[method]}}
    if method in STORES:
        return {"payment_type": "cstore", "cstore": {"store": STORES[method], "message": payment.description}}
    if method == "mandiri_va":
        return {"payment_type": "echannel", "echannel": {"bill_info1": "Payment", "bill_info2": payment.description}}
    if method == "qris":
        return {"payment_type": "qris", "qris": {"acquirer": "gopay"}}
    if method == "gopay":
        return {"payment_type": "gopay", "gopay": {"enable_callback": True, "callback_url": payment.return_url}}
    if method == "shopeepay":
        return {"payment_type": "shopeepay", "shopeepay": {"callback_url": payment.return_url}}
    raise ReportNotUnderstood(f"method {method!r}")


def instructions_of(raw: reading.Raw) -> Instructions:
    """What the answer to a charge tells the buyer to do, or ReportNotUnderstood."""
    kind = raw.get("payment_type")
    if kind == "bank_transfer":
        (account, *_) = reading.parts(raw, "va_numbers") or [{}]
        return Instructions(
            "virtual_account", reading.text(account, "va_number"), reading.text(account, "bank").upper()
        )
    if kind == "echannel":
        return Instructions(
            "virtual_account", reading.text(raw, "bill_key"), "Mandiri", biller=reading.text(raw, "biller_code")
        )
    if kind == "cstore":
        return Instructions("code", reading.text(raw, "payment_code"), reading.text(raw, "store").capitalize())
    actions = {str(action.get("name")): str(action.get("url", "")) for action in reading.parts(raw, "actions")}
    link, code = actions.get("deeplink-redirect", ""), raw.get("qr_string") or ""
    if kind in ("qris", "gopay") and code:
        return Instructions("qr", qr=str(code), link=link)
    if kind in ("gopay", "shopeepay") and link:
        return Instructions("app", link=link)
    raise ReportNotUnderstood(f"payment type {str(kind)[:20]!r} without a way to pay")


def reports_of(body: bytes | str) -> tuple[PaymentReport, ...]:
    """The reports in a notification's raw body, or ReportNotUnderstood."""
    return reports_in(reading.object_of(body))


def reports_in(raw: reading.Raw) -> tuple[PaymentReport, ...]:
    """What a notification, or the answer to a question about a payment, says: it has the same shape."""
    word = reading.text(raw, "transaction_status")
    if word in ("refund", "partial_refund"):
        return (_report(raw, PaymentStatus.PAID, word="settlement"), *(_refund(raw, one) for one in _refunds(raw)))
    return (_report(raw, _status(raw, word), word=word),)


def _status(raw: reading.Raw, word: str) -> PaymentStatus:
    is_fraud_checked = raw.get("fraud_status") in (None, "accept")
    if word in ("settlement", "capture"):
        if not is_fraud_checked:
            raise ReportNotUnderstood(f"a card payment is under review: {raw.get('fraud_status')!r}")
        if raw.get("status_code") != SUCCESS:
            raise ReportNotUnderstood(f"{word} with the status code {raw.get('status_code')!r}")
        return PaymentStatus.PAID
    if word == "deny" and raw.get("payment_type") == "credit_card":
        return PaymentStatus.PENDING  # the Snap page lets the buyer try another card
    try:
        return ENDED[word]
    except KeyError:
        raise ReportNotUnderstood(f"status {word[:20]!r}") from None


def _report(raw: reading.Raw, status: PaymentStatus, *, word: str) -> PaymentReport:
    order_id, currency = reading.text(raw, "order_id"), _currency(raw)
    ids_of(order_id)
    return PaymentReport(
        provider_reference=order_id,
        merchant_reference=order_id,
        event_id=f"{reading.text(raw, 'transaction_id')}:{word}",
        status=status,
        amount_minor=reading.amount(raw, "gross_amount", currency),
        currency=currency,
        method=reading.text(raw, "payment_type"),
        occurred_at=reading.instant(raw.get("settlement_time") or raw.get("transaction_time"), zone=reading.WIB),
        paid_attempt_id=f"{CODE}:{order_id}" if status is PaymentStatus.PAID else None,
    )


def _refunds(raw: reading.Raw) -> list[dict[str, Any]]:
    return reading.parts(raw, "refunds") or [dict(raw)]


def _refund(raw: reading.Raw, one: reading.Raw) -> PaymentReport:
    order_id, currency, key = reading.text(raw, "order_id"), _currency(raw), reading.text(one, "refund_key")
    return PaymentReport(
        provider_reference=order_id,
        merchant_reference=order_id,
        event_id=f"{reading.text(raw, 'transaction_id')}:refund:{key}",
        status=PaymentStatus.REFUNDED,
        amount_minor=reading.amount(one, "refund_amount", currency),
        currency=currency,
        method=reading.text(raw, "payment_type"),
        occurred_at=reading.instant(one.get("created_at") or raw.get("transaction_time"), zone=reading.WIB),
        refund_reference=key,
    )


def _currency(raw: reading.Raw) -> str:
    return str(raw.get("currency") or "IDR")
