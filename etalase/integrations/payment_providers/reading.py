"""Reading vendors' JSON without guessing: what is missing or of another kind is not understood. Pure."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Final

from etalase.foundation.money import from_major
from etalase.integrations.payment_providers.protocol import ReportNotUnderstood

WIB: Final = timezone(timedelta(hours=7))
Raw = Mapping[str, Any]


def object_of(body: bytes | str) -> dict[str, Any]:
    """The JSON object in a body, its numbers exact, or ReportNotUnderstood."""
    try:
        raw = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as problem:
        raise ReportNotUnderstood("not JSON") from problem
    if not isinstance(raw, dict):
        raise ReportNotUnderstood("not an object")
    return raw


def part(raw: Raw, key: str) -> dict[str, Any]:
    """An object inside."""
    value = raw.get(key)
    if not isinstance(value, dict):
        raise ReportNotUnderstood(f"{key} is missing")
    return value


def parts(raw: Raw, key: str) -> list[dict[str, Any]]:
    """A list of objects inside; nothing if there is none."""
    value = raw.get(key) or []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ReportNotUnderstood(f"{key} is no list")
    return value


def text(raw: Raw, key: str) -> str:
    """A text that must be there."""
    value = raw.get(key)
    if not isinstance(value, str) or not value:
        raise ReportNotUnderstood(f"{key} is missing")
    return value


def amount(raw: Raw, key: str, currency: str) -> int:
    """Minor units of an amount that is written in whole units of the currency, above nothing."""
    value = raw.get(key)
    # bool is an int in Python, and `true` must never become one rupiah
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise ReportNotUnderstood(f"{key} is not an amount")
    try:
        minor = from_major(value, currency)
    except ValueError as problem:
        raise ReportNotUnderstood(f"{key}: {problem}") from problem
    if minor <= 0:
        raise ReportNotUnderstood(f"{key} is nothing")
    return minor


def instant(value: object, *, zone: timezone = UTC) -> datetime:
    """A moment in UTC; a text without an offset is local time of `zone`."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None:
        raise ReportNotUnderstood(f"time {str(value)[:40]!r}")
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
