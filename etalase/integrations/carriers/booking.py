"""What we ask of carriers when a parcel is arranged, corrected, undone or silent, and what their reports change.

A parcel is the shop's before it is the carrier's: none of this may lose it. A carrier that does not answer is asked
again (the job is retried), one that refuses leaves a note on the parcel.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from etalase.commerce.accounts import regions
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.rules import Order
from etalase.commerce.shipping import bookings, queries, rules, silence, tracking
from etalase.commerce.shipping.errors import ParcelNotFound
from etalase.commerce.shipping.queries import Parcel, ShopPlace, SilentParcel
from etalase.commerce.shipping.rules import ParcelState, Purpose
from etalase.commerce.shipping.tracking import Told
from etalase.foundation import clock
from etalase.foundation.facts import RecordedFact
from etalase.foundation.facts.model import CARRIER
from etalase.foundation.inbound.queries import InboundEvent
from etalase.foundation.policies.queries import load_book
from etalase.foundation.policies.rules import PolicyBook
from etalase.foundation.sql import Db, Tx
from etalase.integrations.carriers.gateway import carrier_gateway
from etalase.integrations.carriers.protocol import (
    Booking,
    BookingRefused,
    CarrierGateway,
    CarrierUnavailable,
    OwnNumber,
    PickupSlot,
    ReportNotUnderstood,
    Spot,
    TrackingReport,
    ids_of,
    reference_of,
)
from etalase.integrations.carriers.registry import ShippingMethod
from etalase.integrations.carriers.sandbox import mapping
from etalase.settings import settings

log = logging.getLogger(__name__)


async def book_parcel(db: Db, fact: RecordedFact) -> None:
    """Reaction to an arranged parcel or a corrected number: book it, or have its number followed.

    Raises CarrierUnavailable, to be tried again: until then the parcel waits for the carrier.
    """
    async with carrier_gateway(settings()) as gateway:
        await book(db, fact, gateway=gateway)


async def book(db: Db, fact: RecordedFact, *, gateway: CarrierGateway | None) -> None:
    """Ask `gateway` to carry or follow; does nothing when that is done or the parcel was undone."""
    async with db.for_shop(fact.shop_id).reading() as tx:
        parcel = await queries.parcel_of_shop(tx, shop_id=fact.shop_id, parcel_id=fact.subject_id)
        if parcel is None or parcel.booking != "waiting" or not parcel.is_open:
            return
        order = await order_queries.order_of_shop(tx, shop_id=parcel.shop_id, order_id=parcel.order_id)
        place = await queries.place_of_shop(tx, shop_id=parcel.shop_id)
        weight_grams = await queries.weight_of_parcel(tx, shop_id=parcel.shop_id, parcel_id=parcel.id)
    if order is None:
        return
    if gateway is None:
        await bookings.not_followed(db, shop_id=parcel.shop_id, parcel_id=parcel.id)
        return
    await _ask_to_carry(db, gateway, parcel, order, place, weight_grams=weight_grams)


async def _ask_to_carry(
    db: Db, gateway: CarrierGateway, parcel: Parcel, order: Order, place: ShopPlace, *, weight_grams: int
) -> None:
    try:
        if parcel.method == ShippingMethod.OWN_NUMBER:
            answer = await gateway.follow(_own_number(parcel, order, place))
        else:
            answer = await gateway.book(_booking(parcel, order, place, weight_grams=weight_grams))
    except BookingRefused as refusal:
        await bookings.booking_refused(db, shop_id=parcel.shop_id, parcel_id=parcel.id, note=refusal.code, by=CARRIER)
        return
    is_wanted = await bookings.booked(
        db, shop_id=parcel.shop_id, parcel_id=parcel.id, tracking_number=answer.tracking_number, by=CARRIER
    )
    if not is_wanted:  # undone while we asked: whoever undid it may have called before there was a booking
        await _call_back(gateway, parcel.shop_id, parcel.id)


def _booking(parcel: Parcel, order: Order, place: ShopPlace, *, weight_grams: int) -> Booking:
    origin, destination, receiver_name = _way_of(parcel, order, place)
    return Booking(
        shop_id=parcel.shop_id,
        parcel_id=parcel.id,
        carrier_code=parcel.carrier,
        service_code=parcel.service,
        method=ShippingMethod(parcel.method),
        origin=origin,
        destination=destination,
        weight_grams=max(1, weight_grams),
        receiver_name=receiver_name,
        slot=PickupSlot(*parcel.pickup) if parcel.pickup else None,
    )


def _own_number(parcel: Parcel, order: Order, place: ShopPlace) -> OwnNumber:
    origin, destination, receiver_name = _way_of(parcel, order, place)
    return OwnNumber(
        shop_id=parcel.shop_id,
        parcel_id=parcel.id,
        carrier_code=parcel.carrier,
        tracking_number=parcel.tracking_number or "",
        service_code=parcel.service,
        origin=origin,
        destination=destination,
        receiver_name=receiver_name,
    )


def _way_of(parcel: Parcel, order: Order, place: ShopPlace) -> tuple[Spot, Spot, str]:
    """From where to where, and to whom: a way back starts at the buyer."""
    shop = origin_of(place)
    buyer = Spot(order.address.get("city", ""), order.address.get("zone", place.zone))
    if parcel.purpose is Purpose.WAY_BACK:
        return buyer, shop, place.name
    return shop, buyer, order.address.get("recipient", "")


def origin_of(place: ShopPlace) -> Spot:
    """Where a shop's parcels start, as carriers name it."""
    city = regions.city(place.city)
    return Spot(city.name if city else place.city, place.zone)


async def cancel_booking(db: Db, fact: RecordedFact) -> None:
    """Reaction to an undone parcel: call it back; raises CarrierUnavailable, to be tried again."""
    async with carrier_gateway(settings()) as gateway:
        await call_back(db, fact, gateway=gateway)


async def call_back(db: Db, fact: RecordedFact, *, gateway: CarrierGateway | None) -> None:
    """Tell `gateway` that the parcel does not come."""
    if gateway is None:
        return
    async with db.for_shop(fact.shop_id).reading() as tx:
        parcel = await queries.parcel_of_shop(tx, shop_id=fact.shop_id, parcel_id=fact.subject_id)
    if parcel is None or parcel.carrier == rules.OWN_COURIER or parcel.state is not ParcelState.CANCELLED:
        return
    await _call_back(gateway, fact.shop_id, fact.subject_id)


async def _call_back(gateway: CarrierGateway, shop_id: int, parcel_id: int) -> None:
    try:
        await gateway.cancel(reference_of(shop_id, parcel_id))
    except BookingRefused as refusal:
        # "not_found": it was never booked; "already_collected": the courier carries what nobody sent, people must talk
        log.warning("booking not cancelled: %s", refusal.code, extra={"parcel_id": parcel_id})


async def apply_tracking(tx: Tx, events: Sequence[InboundEvent]) -> list[str]:
    """Give kept webhooks of the sandbox carrier their effects; what can't be understood is kept and not tried again."""
    outcomes: dict[int, str] = {}
    told: dict[int, Told] = {}
    for index, event in enumerate(events):
        try:
            report = mapping.report_of(event.body)
            told[index] = Told(report, ids_of(report.our_reference))
        except ReportNotUnderstood as problem:
            log.warning("tracking report not understood: %s", problem, extra={"event_id": event.event_id})
            outcomes[index] = f"not understood: {problem}"
    if told:
        news = await tracking.record_reports(tx, list(told.values()), vendor=events[0].vendor)
        outcomes |= {index: _outcome(count) for index, count in zip(told, news, strict=True)}
    return [outcomes[index] for index in range(len(events))]


def _outcome(news: int | None) -> str:
    return "unknown parcel" if news is None else "recorded" if news else "known"


async def _take_in(db: Db, report: TrackingReport, *, vendor: str) -> None:
    with suppress(ParcelNotFound):
        await tracking.record_tracking(db, report, vendor=vendor, parcel=ids_of(report.our_reference))


async def ask_again(db: Db) -> int:
    """Ask carriers about parcels that have been silent for long; returns how many were asked."""
    async with carrier_gateway(settings()) as gateway:
        return await ask_silent(db, gateway=gateway)


async def ask_silent(db: Db, *, gateway: CarrierGateway | None) -> int:
    """Ask `gateway` about silent parcels.

    Answers go the same way as webhooks, so what both tell has one effect. A carrier that is ill is asked next time.
    """
    if gateway is None:
        return 0
    now = clock.now()
    async with db.any().reading() as tx:
        silent = await queries.parcels_to_ask(tx)
        book = await load_book(tx)
    due = [parcel for parcel in silent if _is_due(parcel, book, now=now)]
    for parcel in due:
        await _ask(db, gateway, parcel, now=now)
    return len(due)


def _is_due(parcel: SilentParcel, book: PolicyBook, *, now: datetime) -> bool:
    stuck_after = timedelta(hours=int(book.find("abnormal.no_scan", parcel.shop_id).value))
    return silence.is_due_to_ask(
        asked_at=parcel.asked_at, last_event_at=parcel.last_event_at, arranged_at=parcel.arranged_at, now=now,
        stuck_after=stuck_after,
    )  # fmt: skip


async def _ask(db: Db, gateway: CarrierGateway, parcel: SilentParcel, *, now: datetime) -> None:
    async with db.for_shop(parcel.shop_id).transaction() as tx:
        await queries.set_asked_at(tx, shop_id=parcel.shop_id, parcel_id=parcel.id, at=now)
    try:
        reports = await gateway.track(parcel.tracking_number, carrier_code=parcel.carrier)
    except (CarrierUnavailable, BookingRefused, ReportNotUnderstood) as problem:
        log.warning("carrier gave no answer: %s", problem, extra={"parcel_id": parcel.id})
        return
    for report in reports:
        if report.our_reference == reference_of(parcel.shop_id, parcel.id):
            await _take_in(db, report, vendor=f"carriers.{gateway.code}")
