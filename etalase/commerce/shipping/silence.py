"""Parcels that nobody scans: when their carriers are asked, and when they count as stuck. Pure."""

from datetime import datetime, timedelta

from etalase.commerce.shipping.rules import ParcelState

ASK_PAUSE_MIN = timedelta(minutes=30)


def is_due_to_ask(
    *,
    asked_at: datetime | None,
    last_event_at: datetime | None,
    arranged_at: datetime,
    now: datetime,
    stuck_after: timedelta,
) -> bool:
    """Whether a parcel has been silent long enough to ask its carrier; the longer the silence, the rarer we ask.

    But never more rarely than four times in the silence after which it counts as stuck.
    """
    heard = max(filter(None, (last_event_at, arranged_at)))
    pause = min(max((now - heard) / 4, ASK_PAUSE_MIN), max(stuck_after / 4, ASK_PAUSE_MIN))
    return now - max(filter(None, (asked_at, heard))) >= pause


def is_stuck(
    state: ParcelState,
    *,
    last_event_at: datetime | None,
    collected_at: datetime | None,
    now: datetime,
    after: timedelta,
) -> bool:
    """Whether a parcel under way has not been scanned for so long that somebody should look for it."""
    heard = [at for at in (last_event_at, collected_at) if at]
    return state is ParcelState.IN_TRANSIT and bool(heard) and now - max(heard) >= after
