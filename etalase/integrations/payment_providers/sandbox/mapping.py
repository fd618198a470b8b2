"""The sandbox provider's words turned into ours: pure, so that a stored body can be read again at any time."""

import json
from datetime import UTC, datetime
from typing import Any

from etalase.integrations.payment_providers.protocol import PaymentReport, PaymentStatus, ReportNotUnderstood, ids_of


def report_of(body: bytes | str) -> PaymentReport:
    """The report in a notification's raw body, or ReportNotUnderstood."""
    try:
        raw = json.loads(body)
    except ValueError as problem:
        raise ReportNotUnderstood("not JSON") from problem
    if not isinstance(raw, dict):
        raise ReportNotUnderstood("not an object")
    return report_of_event(raw)


def report_of_event(raw: dict[str, Any]) -> PaymentReport:
    """The report of one decoded event, as notifications carry them and as the payment's own page lists them."""
    merchant_reference = _text(raw, "merchant_reference")
    ids_of(merchant_reference)
    return PaymentReport(
        provider_reference=_text(raw, "payment"),
        merchant_reference=merchant_reference,
        event_id=_text(raw, "event_id"),
        status=_status(_text(raw, "status")),
        amount_minor=_amount(raw),
        currency=_text(raw, "currency"),
        method=_text(raw, "method"),
        occurred_at=_instant(_text(raw, "occurred_at")),
        refund_reference=raw.get("refund_reference") or None,
        paid_attempt_id=raw.get("paid_attempt") or None,
    )


def _status(word: str) -> PaymentStatus:
    try:
        return PaymentStatus(word)
    except ValueError as problem:
        raise ReportNotUnderstood(f"status {word[:20]!r}") from problem


def _text(raw: dict[str, Any], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value:
        raise ReportNotUnderstood(f"{key} is missing")
    return value


def _amount(raw: dict[str, Any]) -> int:
    amount = raw.get("amount_minor")
    # bool is an int in Python, and `true` must never become one rupiah
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 0:
        raise ReportNotUnderstood("amount_minor is not an amount")
    return amount


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as problem:
        raise ReportNotUnderstood(f"time {text[:40]!r}") from problem
    if instant.tzinfo is None:
        raise ReportNotUnderstood("a time without its offset")
    return instant.astimezone(UTC)
