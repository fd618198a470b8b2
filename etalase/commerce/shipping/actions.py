"""The seller's verbs: arrange shipping, undo it, correct a number, tell of a delay; and what the carrier answers to a booking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from etalase.commerce.accounts import regions
from etalase.commerce.inventory import actions as inventory
from etalase.commerce.inventory.rules import StockUnits
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.errors import MoveNotAllowed
from etalase.commerce.orders.rules import Move, Order, OrderLine, State
from etalase.commerce.shipping import queries, rates, rules
from etalase.commerce.shipping.errors import (
    DuplicateNumber,
    NumberMissing,
    ParcelMovedOn,
    ParcelNotFound,
)
from etalase.commerce.shipping.facts import (
    BookingRefused,
    DelayNoted,
    ParcelArranged,
    ParcelBooked,
    ParcelCancelled,
    TrackingNumberCorrected,
)
from etalase.commerce.shipping.progress import follow_parcels, packed
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import ParcelState
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Db, Tx

DELAY_NOTE_CHARS_MAX = 300
BOOKING_NOTE_CHARS_MAX = 200


@dataclass(frozen=True, slots=True)
class ParcelPlan:
    """What a seller chose: `lines` is order line -> units (none: all that is left), `days` the service's fewest and most.

    `tracking_number` is as the carrier writes it; `accept_duplicate` says that the seller was warned and insists.
    """

    method: str
    carrier: str
    service: str
    tracking_number: str | None = None
    lines: Mapping[int, int] | None = None
    insured: bool = False
    days: tuple[int, int] = (2, 4)
    accept_duplicate: bool = False


async def arrange(db: Db, *, shop_id: int, order_id: int, by: Actor, plan: ParcelPlan) -> Parcel:
    """Put units of an order into a parcel that waits for its carrier; parts of an order make several parcels.

    Raises OrderNotFound, MoveNotAllowed (the order has moved on), NothingToShip, TooManyUnits, NumberMissing,
    and DuplicateNumber unless the plan accepts it.
    """
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        order = await orders.lock(tx, shop_id=shop_id, order_id=order_id)
        if order.state is not State.AWAITING_SHIPMENT:
            raise MoveNotAllowed(order.state, Move.ARRANGE)
        parcel = await _packed_parcel(tx, order, plan, at=at)
        await queries.insert_parcel(tx, parcel)
        if parcel.tracking_number:
            await _keep_number(tx, parcel, number=parcel.tracking_number, entered_by=by.id, at=at)
        fact = ParcelArranged(
            **_about(parcel, order), carrier=plan.carrier, service=plan.service, method=plan.method,
            tracking_number=parcel.tracking_number, units=parcel.units_count,
        )  # fmt: skip
        await record(tx, fact, by=by, at=at)
        await inventory.ship_units(tx, await _stock_units(tx, order, [parcel]), at=at)
        await follow_parcels(tx, order, by=by, at=at)
        return parcel


async def _packed_parcel(tx: Tx, order: Order, plan: ParcelPlan, *, at: datetime) -> Parcel:
    lines = await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    parcels = await queries.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    left = rules.units_left({line.id: line.open_quantity for line in lines}, packed(parcels))
    units = rules.chosen_units(left, plan.lines)
    number = plan.tracking_number if plan.method == "own_number" else None
    if plan.method == "own_number" and number is None and plan.carrier != rules.OWN_COURIER:
        raise NumberMissing
    if number and not plan.accept_duplicate:
        await _refuse_duplicate(tx, shop_id=order.shop_id, carrier=plan.carrier, number=number)
    eta_from, eta_until = await _eta(tx, order, days=plan.days, at=at)
    return Parcel(
        shop_id=order.shop_id, id=new_id(), order_id=order.id, state=ParcelState.AWAITING_COLLECTION, method=plan.method,
        carrier=plan.carrier, service=plan.service, tracking_number=number,
        booking="none" if plan.carrier == rules.OWN_COURIER else "waiting", booking_note="", insured=plan.insured,
        delay_note="", delayed_at=None, asked_at=None, last_event_at=None, last_status="", arranged_at=at,
        collected_at=None, delivered_at=None, received_by="", eta_from=eta_from, eta_until=eta_until, units=units,
    )  # fmt: skip


async def _refuse_duplicate(tx: Tx, *, shop_id: int, carrier: str, number: str, but: int = 0) -> None:
    owners = await queries.owners_of_number(tx, carrier=carrier, number=number)
    others = [owner for owner in owners if owner.parcel_id != but]
    if others:
        raise DuplicateNumber(carrier, number, is_own=any(owner.shop_id == shop_id for owner in others))


async def _eta(tx: Tx, order: Order, *, days: tuple[int, int], at: datetime) -> tuple[datetime, datetime]:
    """When the parcel should arrive if it is collected now; collection moves it (`rules.shifted`)."""
    place = await queries.place_of_shop(tx, shop_id=order.shop_id)
    province = order.address.get("province_code", "")
    if regions.province(province) is None or regions.province(place.province) is None:
        extra = 0
    else:
        way = rates.route(
            regions.shipping_zone(place.province, place.city),
            regions.shipping_zone(province, order.address.get("city_code")),
        )
        extra = way.days
    return at + timedelta(days=days[0] + extra), at + timedelta(days=days[1] + extra)


async def undo(db: Db, *, shop_id: int, parcel_id: int, by: Actor, reason: str = "undone") -> Order:
    """Take the units out of a parcel that no courier has taken yet; the order can be shipped in another way.

    Raises ParcelNotFound, or ParcelMovedOn when the courier was faster.
    """
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        order, parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
        await _cancel(tx, order, parcel, by=by, reason=reason, at=at)
        await _give_back(tx, order, [parcel], at=at)
        return await follow_parcels(tx, order, by=by, at=at)


async def cancel_parcels(tx: Tx, order: Order, *, by: Actor, reason: str, at: datetime) -> list[Parcel]:
    """Undo all parcels of a locked order that wait for collection: their units are promised to the order again.

    For whoever cancels the order in the same transaction: moves neither the order nor its clocks.
    """
    parcels = await queries.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    waiting = [parcel for parcel in parcels if parcel.state is ParcelState.AWAITING_COLLECTION]
    for parcel in waiting:
        await _cancel(tx, order, parcel, by=by, reason=reason, at=at)
    if waiting:
        await _give_back(tx, order, waiting, at=at)
    return waiting


async def _cancel(tx: Tx, order: Order, parcel: Parcel, *, by: Actor, reason: str, at: datetime) -> None:
    sources = [ParcelState.AWAITING_COLLECTION]
    if not await queries.compare_and_set(tx, parcel, ParcelState.CANCELLED, sources=sources):
        raise ParcelMovedOn(parcel.state)
    await queries.replace_numbers(tx, parcel, at=at)
    await record(tx, ParcelCancelled(**_about(parcel, order), reason=reason), by=by, at=at)


async def _give_back(tx: Tx, order: Order, parcels: Sequence[Parcel], *, at: datetime) -> None:
    units = await _stock_units(tx, order, parcels)
    await inventory.restock_units(tx, units, at=at)
    await inventory.commit_units(tx, units, at=at)


async def correct_number(
    db: Db, *, shop_id: int, parcel_id: int, number: str, by: Actor, accept_duplicate: bool = False
) -> None:
    """Replace the tracking number (already as the carrier writes it); the old one is kept.

    Raises ParcelNotFound, ParcelMovedOn once the parcel has ended, DuplicateNumber unless accepted.
    """
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        order, parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
        if not parcel.is_open:
            raise ParcelMovedOn(parcel.state)
        if number == parcel.tracking_number:
            return
        if not accept_duplicate:
            await _refuse_duplicate(tx, shop_id=shop_id, carrier=parcel.carrier, number=number, but=parcel_id)
        await queries.replace_numbers(tx, parcel, at=at)
        booking = "none" if parcel.carrier == rules.OWN_COURIER else "waiting"
        await queries.set_number(tx, parcel, number=number, booking=booking)
        await _keep_number(tx, parcel, number=number, entered_by=by.id, at=at)
        fact = TrackingNumberCorrected(
            **_about(parcel, order), carrier=parcel.carrier, old_number=parcel.tracking_number or "", new_number=number
        )
        await record(tx, fact, by=by, at=at)


async def note_delay(db: Db, *, shop_id: int, parcel_id: int, note: str, by: Actor) -> None:
    """Tell the buyer about a delay; longer notes are cut. Raises ParcelNotFound, ParcelMovedOn once the parcel has ended."""
    at = clock.now()
    text = " ".join(note.split())[:DELAY_NOTE_CHARS_MAX]
    async with db.for_shop(shop_id).transaction() as tx:
        order, parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
        if not parcel.is_open:
            raise ParcelMovedOn(parcel.state)
        await queries.set_delay_note(tx, parcel, note=text, at=at)
        await record(tx, DelayNoted(**_about(parcel, order), note=text), by=by, at=at)


async def booked(db: Db, *, shop_id: int, parcel_id: int, tracking_number: str, by: Actor) -> bool:
    """The carrier took the booking (or follows the number); whether the parcel is still to be carried.

    A parcel that was undone meanwhile stays undone: the caller has to call it back.
    """
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        order, parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
        if parcel.booking == "booked" or parcel.state is ParcelState.CANCELLED:
            return parcel.state is not ParcelState.CANCELLED
        if parcel.tracking_number not in (None, tracking_number):
            return True  # corrected while the carrier was asked: the answer is about the former number
        await queries.set_booking(tx, parcel, booking="booked", tracking_number=tracking_number)
        if parcel.tracking_number is None:
            await _keep_number(tx, parcel, number=tracking_number, entered_by=None, at=at)
            fact = ParcelBooked(**_about(parcel, order), carrier=parcel.carrier, tracking_number=tracking_number)
            await record(tx, fact, by=by, at=at)
        return True


async def booking_refused(db: Db, *, shop_id: int, parcel_id: int, note: str, by: Actor) -> None:
    """The carrier will not take the parcel (or not follow the number); the seller sees why and chooses another way."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        order, parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
        if parcel.booking != "waiting" or parcel.state is ParcelState.CANCELLED:
            return
        text = note[:BOOKING_NOTE_CHARS_MAX]
        await queries.set_booking(tx, parcel, booking="refused", note=text)
        await record(tx, BookingRefused(**_about(parcel, order), carrier=parcel.carrier, note=text), by=by, at=at)


async def not_followed(db: Db, *, shop_id: int, parcel_id: int) -> None:
    """No carrier reports about this parcel: the seller tells what happens to it."""
    async with db.for_shop(shop_id).transaction() as tx:
        _, parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
        if parcel.booking == "waiting":
            await queries.set_booking(tx, parcel, booking="none")


async def lock_parcel(tx: Tx, *, shop_id: int, parcel_id: int) -> tuple[Order, Parcel]:
    """A parcel and its order; the lock on the order guards all its parcels. Raises ParcelNotFound."""
    seen = await queries.parcel_of_shop(tx, shop_id=shop_id, parcel_id=parcel_id)
    if seen is None:
        raise ParcelNotFound(parcel_id)
    order = await orders.lock(tx, shop_id=shop_id, order_id=seen.order_id)
    parcel = await queries.parcel_of_shop(tx, shop_id=shop_id, parcel_id=parcel_id)
    return order, parcel or seen


async def _keep_number(tx: Tx, parcel: Parcel, *, number: str, entered_by: int | None, at: datetime) -> None:
    await queries.keep_number(tx, parcel, number=number, entered_by=entered_by, at=at)
    await order_queries.add_search_words(tx, shop_id=parcel.shop_id, order_id=parcel.order_id, words=number)


async def _stock_units(tx: Tx, order: Order, parcels: Sequence[Parcel]) -> list[StockUnits]:
    lines: dict[int, OrderLine] = {
        line.id: line for line in await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    }
    return [
        StockUnits(order.shop_id, lines[line_id].variant_id, quantity, order.id)
        for parcel in parcels
        for line_id, quantity in sorted(parcel.units.items())
    ]


def _about(parcel: Parcel, order: Order) -> dict[str, int]:
    return {
        "shop_id": parcel.shop_id, "subject_id": parcel.id, "order_id": parcel.order_id, "buyer_id": order.buyer_id
    }  # fmt: skip
