"""What happened to a parcel on its way, told by carriers, or by the seller where no carrier tells."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar, Protocol

from etalase.commerce.orders.rules import Order
from etalase.commerce.shipping import queries, rules
from etalase.commerce.shipping.actions import lock_parcel
from etalase.commerce.shipping.errors import NotByHand, ParcelMovedOn, ParcelNotFound
from etalase.commerce.shipping.facts import (
    DeliveryFailed,
    ParcelCollected,
    ParcelDelivered,
    ParcelLost,
    ParcelReturned,
)
from etalase.commerce.shipping.progress import follow_parcels
from etalase.commerce.shipping.queries import Parcel, TrackingEvent
from etalase.commerce.shipping.rules import Journey, ParcelState
from etalase.foundation import clock
from etalase.foundation.facts import Actor, Fact, record
from etalase.foundation.facts.model import CARRIER
from etalase.foundation.i18n import N_
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Db, Tx

BY_HAND = "seller"
"""The vendor of what sellers tell about parcels that no carrier reports about."""
RECEIVER_CHARS_MAX = 80
TEXT_CHARS_MAX = 300


class Report(Protocol):
    """One thing that a carrier reports, as the integrations translate it."""

    @property
    def vendor_event_id(self) -> str: ...
    @property
    def carrier_code(self) -> str: ...
    @property
    def tracking_number(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def occurred_at(self) -> datetime: ...
    @property
    def receiver_name(self) -> str | None: ...
    @property
    def attempt_reason(self) -> str | None: ...


async def record_tracking(
    db: Db, report: Report, *, vendor: str, parcel: tuple[int, int] | None = None, by: Actor = CARRIER
) -> int:
    """Take in a report, whatever was reported before or after; returns for how many parcels it was news.

    `parcel` is (shop_id, parcel_id) where the report names our reference; otherwise the carrier's number finds it.
    The same report again changes nothing; states only move forward; an order that has finished stays as it is.
    Raises ParcelNotFound.
    """
    if parcel is not None:
        owners = [parcel]
    else:
        async with db.any().reading() as tx:
            found = await queries.owners_of_number(tx, carrier=report.carrier_code, number=report.tracking_number)
        owners = [(owner.shop_id, owner.parcel_id) for owner in found]
    if not owners:
        raise ParcelNotFound(report.tracking_number)
    news = 0
    for shop_id, parcel_id in owners:
        async with db.for_shop(shop_id).transaction() as tx:
            locked, found_parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
            news += await _take_in(tx, locked, found_parcel, report, vendor=vendor, by=by)
    return news


async def _take_in(tx: Tx, locked: Sequence[Order], parcel: Parcel, report: Report, *, vendor: str, by: Actor) -> bool:
    at = clock.now()
    if _is_of_replaced_number(parcel, report):
        return False
    event = _event_of(parcel, report, at=at)
    is_new = await queries.insert_event(
        tx, event, shop_id=parcel.shop_id, vendor=vendor, event_id=report.vendor_event_id
    )
    if not is_new or parcel.state is ParcelState.CANCELLED:
        return is_new
    events = await queries.events_of_parcel(tx, shop_id=parcel.shop_id, parcel_id=parcel.id)
    journey = rules.journey_of(events)
    await _keep_journey(tx, parcel, journey, received_by=report.receiver_name or "")
    await _move_parcel(tx, locked, parcel, journey, report, by=by, at=at)
    for order in locked:
        await follow_parcels(tx, order, by=by, at=at)
    return True


def _is_of_replaced_number(parcel: Parcel, report: Report) -> bool:
    """A number the seller has corrected belongs to somebody else's parcel; its reports are not this one's."""
    return (
        parcel.method == "own_number"
        and parcel.tracking_number is not None
        and report.tracking_number != parcel.tracking_number
    )


def _event_of(parcel: Parcel, report: Report, *, at: datetime) -> TrackingEvent:
    description = report.attempt_reason if report.status == "delivery_failed" else None
    return TrackingEvent(
        id=new_id(),
        parcel_id=parcel.id,
        status=str(report.status),
        raw_code=report.code[:TEXT_CHARS_MAX],
        description=(description or report.description)[:TEXT_CHARS_MAX],
        place=report.place[:TEXT_CHARS_MAX],
        zone=report.zone,
        occurred_at=report.occurred_at,
        recorded_at=at,
    )


async def _keep_journey(tx: Tx, parcel: Parcel, journey: Journey, *, received_by: str) -> None:
    eta = parcel.eta_from, parcel.eta_until
    if journey.collected_at is not None:
        known = parcel.collected_at or parcel.pickup_from or parcel.arranged_at
        eta = tuple(  # type: ignore[assignment]
            rules.shifted(moment, known_from=known, now_from=journey.collected_at) for moment in eta
        )
    await queries.set_journey(tx, parcel, journey, received_by=received_by[:RECEIVER_CHARS_MAX], eta=eta)


async def _move_parcel(
    tx: Tx, locked: Sequence[Order], parcel: Parcel, journey: Journey, report: Report, *, by: Actor, at: datetime
) -> None:
    is_moved = rules.is_parcel_move(parcel.state, journey.state)
    if is_moved:
        await queries.compare_and_set(tx, parcel, journey.state, sources=[parcel.state])
    facts = [fact for order in locked for fact in _facts_of(parcel, order, journey, report, is_moved=is_moved)]
    if facts:
        await record(tx, *facts, by=by, at=at)


def _facts_of(parcel: Parcel, order: Order, journey: Journey, report: Report, *, is_moved: bool) -> Iterator[Fact]:
    """What the report means for one of the parcel's orders."""
    about = {"shop_id": parcel.shop_id, "subject_id": parcel.id, "order_id": order.id, "buyer_id": order.buyer_id}
    if is_moved and parcel.state is ParcelState.AWAITING_COLLECTION:
        number = parcel.tracking_number or report.tracking_number
        yield ParcelCollected(**about, carrier=parcel.carrier, tracking_number=number)
    if is_moved and journey.state is ParcelState.DELIVERED:
        received_by = (report.receiver_name or "")[:RECEIVER_CHARS_MAX]
        yield ParcelDelivered(**about, received_by=received_by, is_paid_to_courier=order.is_cod)
    elif is_moved and journey.state is ParcelState.RETURNED:
        yield ParcelReturned(**about)
    elif is_moved and journey.state is ParcelState.LOST:
        yield ParcelLost(**about)
    if report.status == "delivery_failed" and journey.state is ParcelState.IN_TRANSIT:
        yield DeliveryFailed(**about, reason=report.attempt_reason or "")


async def hand_over(db: Db, *, shop_id: int, parcel_id: int, by: Actor) -> None:
    """The seller says: the courier has it. Raises ParcelNotFound, NotByHand, ParcelMovedOn."""
    await _tell(db, shop_id=shop_id, parcel_id=parcel_id, by=by, status="collected", received_by=None)


async def deliver_by_hand(db: Db, *, shop_id: int, parcel_id: int, by: Actor, received_by: str) -> None:
    """The seller says: it is at the door, and who took it. Raises ParcelNotFound, NotByHand, ParcelMovedOn."""
    await _tell(db, shop_id=shop_id, parcel_id=parcel_id, by=by, status="delivered", received_by=received_by.strip())


async def _tell(db: Db, *, shop_id: int, parcel_id: int, by: Actor, status: str, received_by: str | None) -> None:
    async with db.for_shop(shop_id).transaction() as tx:
        locked, parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
        if not parcel.is_told_by_hand:
            raise NotByHand
        if not rules.is_parcel_move(parcel.state, rules.STATE_OF_STATUS[status]):
            raise ParcelMovedOn(parcel.state)
        place = await queries.place_of_shop(tx, shop_id=shop_id)
        report = _Told(
            status=status,
            tracking_number=parcel.tracking_number or "",
            zone=place.zone,
            receiver_name=received_by or None,
        )
        await _take_in(tx, locked, parcel, report, vendor=BY_HAND, by=by)


class _Told:
    """What a seller says, in the shape of a carrier's report; each can be said once."""

    carrier_code = rules.OWN_COURIER
    place = ""
    attempt_reason = None
    texts: ClassVar = {
        "collected": N_("Handed to the courier by the shop"),
        "delivered": N_("Delivered, says the shop"),
    }

    def __init__(self, *, status: str, tracking_number: str, zone: str, receiver_name: str | None) -> None:
        self.vendor_event_id = self.code = self.status = status
        self.description = self.texts[status]
        self.tracking_number = tracking_number
        self.zone = zone
        self.receiver_name = receiver_name
        self.occurred_at = clock.now()
