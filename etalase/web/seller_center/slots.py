"""Pick-up times in forms: as options of a list, and read back."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from etalase.foundation.i18n import format_date, format_time
from etalase.foundation.ids import parse_id
from etalase.integrations.carriers.protocol import PickupSlot
from etalase.web.request import Visit

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECONDS_MAX = 10**11


def options_of(slots: Iterable[PickupSlot], *, visit: Visit) -> list[tuple[str, str]]:
    """(value, words) of each time, in the zone of the page."""
    return [(value_of(slot.start, slot.end), words_of(slot.start, slot.end, visit=visit)) for slot in slots]


def words_of(start: datetime, end: datetime, *, visit: Visit) -> str:
    """24 Nov 2026, 09:00–12:00 WIB."""
    zone = visit.page.zone
    day = format_date(start, locale=visit.page.locale, zone=zone)
    return f"{day}, {format_time(start, zone=zone)[:5]}–{format_time(end, zone=zone)}"


def value_of(start: datetime, end: datetime) -> str:
    """How a form sends the time."""
    return f"{int(start.timestamp())}-{int(end.timestamp())}"


def slot_in(text: str) -> tuple[datetime, datetime] | None:
    """The time a form sent; none if it sent none that can be read."""
    start, _, end = text.partition("-")
    first, last = parse_id(start), parse_id(end)
    if first is None or last is None or not first < last < SECONDS_MAX:
        return None
    return EPOCH + timedelta(seconds=first), EPOCH + timedelta(seconds=last)
