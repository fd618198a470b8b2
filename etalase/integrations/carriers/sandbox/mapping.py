"""The sandbox carrier's words turned into ours: pure, so that a stored body can be read again at any time."""

import json
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from etalase.foundation.i18n import N_
from etalase.integrations.carriers.protocol import ReportNotUnderstood, TrackingReport, TrackingStatus, ids_of

# the carrier's code -> (our status, what we tell people: an English msgid)
CODES: Final[dict[str, tuple[TrackingStatus, str]]] = {
    "BKD": (TrackingStatus.BOOKED, N_("Shipping booked with the carrier")),
    "PUP": (TrackingStatus.COLLECTED, N_("Collected by the courier")),
    "SRT": (TrackingStatus.IN_TRANSIT, N_("Sorted at the origin hub")),
    "DEP": (TrackingStatus.IN_TRANSIT, N_("Departed to the destination city")),
    "TRN": (TrackingStatus.IN_TRANSIT, N_("Passing through a transit hub")),
    "ARR": (TrackingStatus.IN_TRANSIT, N_("Arrived at the destination hub")),
    "OFD": (TrackingStatus.OUT_FOR_DELIVERY, N_("The courier is bringing the parcel to the address")),
    "FLD": (TrackingStatus.DELIVERY_FAILED, N_("Delivery attempt failed")),
    "DLV": (TrackingStatus.DELIVERED, N_("Delivered")),
    "RTN": (TrackingStatus.RETURNED, N_("Returned to the sender")),
    "LST": (TrackingStatus.LOST, N_("Declared lost by the carrier")),
}

# why a courier came in vain (English msgids; other reasons pass as the carrier wrote them)
ATTEMPT_REASONS: Final[dict[str, str]] = {
    "nobody_home": N_("Nobody was at the address"),
    "address_not_found": N_("The address could not be found"),
    "receiver_refused": N_("The receiver refused the parcel"),
    "cod_not_ready": N_("The cash was not ready"),
}


def report_of(body: bytes | str) -> TrackingReport:
    """The report in a webhook's raw body, or ReportNotUnderstood."""
    try:
        raw = json.loads(body)
    except ValueError as problem:
        raise ReportNotUnderstood("not JSON") from problem
    if not isinstance(raw, dict):
        raise ReportNotUnderstood("not an object")
    return report_of_event(raw)


def report_of_event(raw: dict[str, Any]) -> TrackingReport:
    """The report of one decoded event, as webhooks carry them and as tracking lists them."""
    code = _text(raw, "code")
    if code not in CODES:
        raise ReportNotUnderstood(f"code {code[:20]!r}")
    status, description = CODES[code]
    our_reference = _text(raw, "reference")
    ids_of(our_reference)
    reason = raw.get("reason")
    return TrackingReport(
        vendor_event_id=_text(raw, "event_id"),
        carrier_code=_text(raw, "carrier"),
        tracking_number=_text(raw, "tracking_number"),
        our_reference=our_reference,
        status=status,
        code=code,
        description=description,
        place=_text(raw, "place"),
        zone=_zone(_text(raw, "zone")),
        occurred_at=_instant(_text(raw, "occurred_at")),
        receiver_name=raw.get("receiver") or None,
        attempt_reason=ATTEMPT_REASONS.get(str(reason), str(reason)) if reason else None,
    )


def _text(raw: dict[str, Any], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value:
        raise ReportNotUnderstood(f"{key} is missing")
    return value


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise ReportNotUnderstood(f"zone {name[:40]!r}") from problem


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as problem:
        raise ReportNotUnderstood(f"time {text[:40]!r}") from problem
    if instant.tzinfo is None:
        raise ReportNotUnderstood("a time without its offset")
    return instant.astimezone(UTC)
