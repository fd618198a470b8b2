"""A parcel as pages of both sides show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from etalase.commerce.orders.rules import Order, OrderLine
from etalase.commerce.shipping import queries, silence
from etalase.commerce.shipping.queries import KeptNumber, Parcel, TrackingEvent
from etalase.commerce.shipping.rules import OWN_COURIER, ParcelState, Purpose
from etalase.foundation.i18n import N_, Translator
from etalase.foundation.policies.rules import book_of
from etalase.foundation.sql import Tx
from etalase.foundation.ui.page import PageContext
from etalase.integrations.carriers import registry
from etalase.integrations.carriers.registry import Carrier, CarrierNotKnown
from etalase.settings import Settings

STATUS_LABELS = {
    "": N_("Waiting for collection"),
    "booked": N_("Waiting for collection"),
    "collected": N_("Collected by the courier"),
    "in_transit": N_("In Transit"),
    "out_for_delivery": N_("Out for delivery"),
    "delivery_failed": N_("Delivery attempt failed"),
    "delivered": N_("Delivered"),
    "returned": N_("Returned to the sender"),
    "lost": N_("Declared lost by the carrier"),
}
STATUS_TONES = {
    "": "neutral",
    "booked": "neutral",
    "delivery_failed": "urgent",
    "delivered": "good",
    "returned": "bad",
    "lost": "bad",
}
STATUS_ICONS = {
    "booked": "clipboard-list",
    "collected": "package-check",
    "in_transit": "truck",
    "out_for_delivery": "map-pinned",
    "delivery_failed": "triangle-alert",
    "delivered": "house",
    "returned": "undo-2",
    "lost": "package-x",
}
PURPOSE_LABELS = {Purpose.REPLACEMENT: N_("Replacement"), Purpose.WAY_BACK: N_("Way back")}
CANCELLED = N_("Cancelled")
WAITING_FOR_CARRIER = N_("Waiting for the carrier")
REFUSED = N_("Refused by the carrier")

REFUSAL_TEXTS = {
    "service_not_known": N_("The carrier does not offer this service here."),
    "method_not_offered": N_("The carrier does not offer this way of handing over."),
    "slot_not_available": N_("The courier can't come at the chosen time."),
    "tracking_number_not_valid": N_("The carrier does not know this tracking number."),
}


@dataclass(frozen=True, slots=True)
class ParcelItem:
    """Units of a line that lie in the parcel."""

    line: OrderLine
    quantity: int


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """An event of the timeline in the shape that the component takes, in the reader's language."""

    at: datetime
    description: str
    place: str
    icon: str
    zone: str


@dataclass(frozen=True, slots=True)
class ParcelView:
    """A parcel with everything pages say about it; texts are msgids."""

    parcel: Parcel
    position: int
    carrier_name: str
    service_name: str
    status: str
    tone: str
    items: tuple[ParcelItem, ...]
    events: tuple[TimelineEvent, ...]
    former_numbers: tuple[KeptNumber, ...]
    page_url: str | None
    number_rule: str
    number_example: str
    is_late: bool
    label: str
    """What it is among the order's parcels (a msgid), if it does not bring what was bought."""
    stuck_hours: int | None
    """After how many hours without a scan it counts as stuck, if it does."""

    @property
    def can_undo(self) -> bool:
        return self.parcel.state is ParcelState.AWAITING_COLLECTION and not self.is_back

    @property
    def is_back(self) -> bool:
        """Whether the buyer sends it to the shop."""
        return self.parcel.purpose is Purpose.WAY_BACK

    @property
    def can_correct(self) -> bool:
        return self.parcel.is_open and self.parcel.method == "own_number" and not self.is_back

    @property
    def can_hand_over(self) -> bool:
        return self.can_undo and self.parcel.is_told_by_hand

    @property
    def can_deliver(self) -> bool:
        return self.parcel.is_told_by_hand and self.parcel.state is ParcelState.IN_TRANSIT and not self.is_back

    @property
    def refusal(self) -> str:
        """Why the carrier refused, or ''."""
        if self.parcel.booking != "refused":
            return ""
        return REFUSAL_TEXTS.get(self.parcel.booking_note, N_("The carrier did not accept the parcel."))


async def views_of(
    tx: Tx,
    order: Order,
    lines: Sequence[OrderLine],
    *,
    settings: Settings,
    page: PageContext,
    with_returns: bool = False,
) -> list[ParcelView]:
    """The parcels of an order for its pages, those of its returns last: four statements, whatever their number."""
    parcels = await queries.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    if with_returns and order.delivered_at:
        parcels += await queries.parcels_of_returns(tx, shop_id=order.shop_id, order_id=order.id)
    if not parcels:
        return []
    events = await queries.events_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    numbers = await queries.numbers_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    return [
        _view(
            parcel, position, lines, [event for event in events if event.parcel_id == parcel.id],
            [number for number in numbers if number.parcel_id == parcel.id and not number.is_current],
            settings=settings, page=page, stuck_hours=_stuck_hours(parcel, order, page),
        )
        for position, parcel in enumerate(parcels, start=1)
    ]  # fmt: skip


def _view(
    parcel: Parcel,
    position: int,
    lines: Sequence[OrderLine],
    events: Sequence[TrackingEvent],
    former: Sequence[KeptNumber],
    *,
    settings: Settings,
    page: PageContext,
    stuck_hours: int | None,
) -> ParcelView:
    carrier = known_carrier(parcel.carrier)
    status, tone = status_of(parcel)
    return ParcelView(
        parcel=parcel,
        position=position,
        carrier_name=carrier.name,
        service_name=service_name(carrier, parcel.service),
        status=status,
        tone=tone,
        items=tuple(ParcelItem(line, parcel.units[line.id]) for line in lines if line.id in parcel.units),
        events=tuple(_event(event, page.translator) for event in events),
        former_numbers=tuple(former) if parcel.state is not ParcelState.CANCELLED else (),
        page_url=tracking_page(settings, parcel),
        number_rule=carrier.number.description,
        number_example=carrier.number.example,
        is_late=parcel.is_open and parcel.eta_until is not None and parcel.eta_until < page.now,
        label=PURPOSE_LABELS.get(parcel.purpose, ""),
        stuck_hours=stuck_hours,
    )


def _stuck_hours(parcel: Parcel, order: Order, page: PageContext) -> int | None:
    hours = int(book_of(order.policies).find("abnormal.no_scan").value)
    is_stuck = silence.is_stuck(
        parcel.state, last_event_at=parcel.last_event_at, collected_at=parcel.collected_at, now=page.now,
        after=timedelta(hours=hours),
    )  # fmt: skip
    return hours if is_stuck else None


def _event(event: TrackingEvent, translator: Translator) -> TimelineEvent:
    _ = translator.gettext
    failed = STATUS_LABELS["delivery_failed"]
    is_reason = event.status == "delivery_failed" and event.description != failed
    return TimelineEvent(
        at=event.occurred_at,
        description=f"{_(failed)}: {_(event.description)}" if is_reason else _(event.description),
        place=event.place,
        icon=STATUS_ICONS.get(event.status, "package"),
        zone=event.zone,
    )


def status_of(parcel: Parcel) -> tuple[str, str]:
    """What the parcel's badge says (a msgid), and its tone."""
    if parcel.state is ParcelState.CANCELLED:
        return CANCELLED, "neutral"
    if parcel.state is ParcelState.AWAITING_COLLECTION and parcel.method != "own_number":
        if parcel.booking == "waiting":
            return WAITING_FOR_CARRIER, "soon"
        if parcel.booking == "refused":
            return REFUSED, "bad"
    return STATUS_LABELS[parcel.last_status], STATUS_TONES.get(parcel.last_status, "brand")


def known_carrier(code: str) -> Carrier:
    """The carrier of this code; one that has left the registry since shows as "Other carrier"."""
    try:
        return registry.carrier(code)
    except CarrierNotKnown:
        return registry.carrier("any")


def service_name(carrier: Carrier, code: str) -> str:
    """The service's name (a msgid), or its code when it has left the registry."""
    return next((service.name for service in carrier.services if service.code == code), code)


def tracking_page(settings: Settings, parcel: Parcel) -> str | None:
    """The carrier's own page with the number filled in; in a demo that of the sandbox, which knows the parcel."""
    if not parcel.tracking_number or parcel.carrier == OWN_COURIER:
        return None
    if settings.is_demo and settings.carrier_url:
        return sandbox_page(settings.carrier_url, parcel.carrier, parcel.tracking_number)
    return registry.tracking_page(parcel.carrier, parcel.tracking_number)


def sandbox_page(base_url: str, carrier: str, number: str) -> str:
    """The sandbox carrier's public page of a number."""
    return f"{base_url.rstrip('/')}/track/{quote(carrier, safe='')}/{quote(number, safe='')}"
