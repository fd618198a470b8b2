"""The seller's verbs: arrange shipping, undo it, correct a number, tell of a delay; and what the carrier answers to a booking."""

from collections import Counter
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
from etalase.commerce.shipping import plans, queries, rates, rules
from etalase.commerce.shipping.errors import (
    DuplicateNumber,
    NothingToShip,
    NumberMissing,
    ParcelMovedOn,
    ParcelNotFound,
    PlannedOtherwise,
    PlanNotFound,
    SlotPassed,
)
from etalase.commerce.shipping.facts import (
    BookingRefused,
    DelayNoted,
    ParcelArranged,
    ParcelBooked,
    ParcelCancelled,
    TrackingNumberCorrected,
)
from etalase.commerce.shipping.plans import Plan
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
    slot: tuple[datetime, datetime] | None = None
    """When the courier is to come; pick-up alone has it, and without one the carrier decides."""


async def arrange(db: Db, *, shop_id: int, order_id: int, by: Actor, plan: ParcelPlan) -> Parcel:
    """Put units of an order into a parcel that waits for its carrier; parts of an order make several parcels.

    The first parcel of an order has the order's id. Raises OrderNotFound, MoveNotAllowed (the order has moved on),
    PlannedOtherwise (it is split or combined: `arrange_planned`), NothingToShip, TooManyUnits, NumberMissing,
    SlotPassed, and DuplicateNumber unless the plan accepts it.
    """
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        order = await orders.lock(tx, shop_id=shop_id, order_id=order_id)
        _check_awaits_shipment(order)
        planned = await plans.plans_of_orders(tx, shop_id=shop_id, order_ids=[order_id])
        if planned:
            raise PlannedOtherwise([found.id for found in planned])
        parcels = await queries.parcels_of_order(tx, shop_id=shop_id, order_id=order_id)
        units = rules.chosen_units(await units_left(tx, order), plan.lines)
        parcel_id = new_id() if parcels else order_id
        return await _send(tx, [order], {order_id: units}, plan, parcel_id=parcel_id, by=by, at=at)


async def arrange_planned(db: Db, *, shop_id: int, plan_id: int, by: Actor, plan: ParcelPlan) -> Parcel:
    """Send a parcel that was planned by splitting or combining; it keeps the plan's id.

    What was cancelled since is left out. Raises PlanNotFound (it is arranged, or planned no longer), MoveNotAllowed,
    NotCombinable when its orders no longer go to one address, NothingToShip, NumberMissing, DuplicateNumber.
    """
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        locked, planned = await lock_plan(tx, shop_id=shop_id, plan_id=plan_id)
        for order in locked:
            _check_awaits_shipment(order)
        rules.check_combinable(locked)
        left = {order.id: await units_left(tx, order) for order in locked}
        units = {order_id: rules.within(planned.units[order_id], left[order_id]) for order_id in left}
        await plans.forget_plan(tx, planned)
        return await _send(tx, locked, units, plan, parcel_id=plan_id, by=by, at=at)


async def lock_plan(tx: Tx, *, shop_id: int, plan_id: int) -> tuple[list[Order], Plan]:
    """A planned parcel and its orders, locked in key order: the locks guard the plan. Raises PlanNotFound."""
    seen = await plans.plan_of_shop(tx, shop_id=shop_id, plan_id=plan_id)
    if seen is None:
        raise PlanNotFound(plan_id)
    locked = [await orders.lock(tx, shop_id=shop_id, order_id=order_id) for order_id in seen.order_ids]
    planned = await plans.plan_of_shop(tx, shop_id=shop_id, plan_id=plan_id)
    if planned is None:
        raise PlanNotFound(plan_id)
    return [order for order in locked if order.id in planned.units], planned


def _check_awaits_shipment(order: Order) -> None:
    if order.state is not State.AWAITING_SHIPMENT:
        raise MoveNotAllowed(order.state, Move.ARRANGE)


async def units_left(tx: Tx, order: Order) -> dict[int, int]:
    """Units of each line of a locked order that lie in no parcel yet."""
    lines = await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    parcels = await queries.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    return rules.units_left({line.id: line.open_quantity for line in lines}, packed(parcels))


async def _send(
    tx: Tx,
    locked: Sequence[Order],
    units: Mapping[int, Mapping[int, int]],
    plan: ParcelPlan,
    *,
    parcel_id: int,
    by: Actor,
    at: datetime,
) -> Parcel:
    """Write the parcel of locked orders; `units` is order -> line -> units."""
    going = [order for order in locked if units[order.id]]
    if not going:
        raise NothingToShip
    parcel = await _parcel_of(tx, going, units, plan, parcel_id=parcel_id, at=at)
    await queries.insert_parcel(tx, parcel)
    if parcel.tracking_number:
        await _keep_number(tx, parcel, number=parcel.tracking_number, entered_by=by.id, at=at)
    facts = [
        ParcelArranged(
            **_about(parcel, order), carrier=plan.carrier, service=plan.service, method=plan.method,
            tracking_number=parcel.tracking_number, units=sum(units[order.id].values()),
            pickup_from=parcel.pickup_from.isoformat() if parcel.pickup_from else None,
            pickup_until=parcel.pickup_until.isoformat() if parcel.pickup_until else None,
        )
        for order in going
    ]  # fmt: skip
    await record(tx, *facts, by=by, at=at)
    await inventory.ship_units(tx, await _stock_units(tx, going, parcel.units), at=at)
    for order in going:
        await follow_parcels(tx, order, by=by, at=at)
    return parcel


async def _parcel_of(
    tx: Tx,
    going: Sequence[Order],
    units: Mapping[int, Mapping[int, int]],
    plan: ParcelPlan,
    *,
    parcel_id: int,
    at: datetime,
) -> Parcel:
    first, shop_id = going[0], going[0].shop_id
    number = plan.tracking_number if plan.method == "own_number" else None
    if plan.method == "own_number" and number is None and plan.carrier != rules.OWN_COURIER:
        raise NumberMissing
    if number and not plan.accept_duplicate:
        await _refuse_duplicate(tx, shop_id=shop_id, carrier=plan.carrier, number=number)
    pickup_from, pickup_until = _slot(plan, at=at)
    eta_from, eta_until = await _eta(tx, first, days=plan.days, at=pickup_from or at)
    return Parcel(
        shop_id=shop_id, id=parcel_id, order_id=first.id, state=ParcelState.AWAITING_COLLECTION, method=plan.method,
        carrier=plan.carrier, service=plan.service, tracking_number=number,
        booking="none" if plan.carrier == rules.OWN_COURIER else "waiting", booking_note="", insured=plan.insured,
        delay_note="", delayed_at=None, asked_at=None, last_event_at=None, last_status="", arranged_at=at,
        collected_at=None, delivered_at=None, received_by="", eta_from=eta_from, eta_until=eta_until,
        units={line_id: n for order in going for line_id, n in units[order.id].items()},
        order_ids=tuple(order.id for order in going), pickup_from=pickup_from, pickup_until=pickup_until,
    )  # fmt: skip


def _slot(plan: ParcelPlan, *, at: datetime) -> tuple[datetime, datetime] | tuple[None, None]:
    if plan.method != "pickup" or plan.slot is None:
        return None, None
    start, end = plan.slot
    if not at < end or not start < end:
        raise SlotPassed
    return start, end


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


async def undo(db: Db, *, shop_id: int, parcel_id: int, by: Actor, reason: str = "undone") -> list[Order]:
    """Take the units out of a parcel that no courier has taken yet; its orders can be shipped in another way.

    A part of an order whose other parts are still planned becomes a planned parcel again. Raises ParcelNotFound, or
    ParcelMovedOn when the courier was faster.
    """
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        locked, parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
        await _cancel(tx, locked, parcel, by=by, reason=reason, at=at)
        await _give_back(tx, locked, parcel.units, at=at)
        await _plan_again(tx, locked, parcel, at=at)
        return [await follow_parcels(tx, order, by=by, at=at) for order in locked]


async def _plan_again(tx: Tx, locked: Sequence[Order], parcel: Parcel, *, at: datetime) -> None:
    order = locked[0]
    planned = await plans.plans_of_orders(tx, shop_id=order.shop_id, order_ids=[order.id])
    if planned and len(locked) == 1:
        await plans.insert_plans(tx, [Plan(order.shop_id, new_id(), {order.id: parcel.units}, at)])


async def cancel_parcels(tx: Tx, order: Order, *, by: Actor, reason: str, at: datetime) -> list[Parcel]:
    """Take a locked order out of all parcels that wait for collection, and forget what was planned for it.

    Its units are promised to it again; a parcel with other orders in it goes on with them. For whoever cancels the
    order in the same transaction: moves neither the order nor its clocks.
    """
    await plans.forget_plans_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    parcels = await queries.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    waiting = [parcel for parcel in parcels if parcel.state is ParcelState.AWAITING_COLLECTION]
    for parcel in waiting:
        if await queries.lock_parcel_orders(tx, parcel) == [order.id]:
            await _cancel(tx, [order], parcel, by=by, reason=reason, at=at)
        else:
            await queries.take_out(tx, parcel)
            await record(tx, ParcelCancelled(**_about(parcel, order), reason=reason), by=by, at=at)
    if waiting:
        units = sum((Counter(parcel.units) for parcel in waiting), Counter[int]())
        await _give_back(tx, [order], units, at=at)
    return waiting


async def _cancel(tx: Tx, locked: Sequence[Order], parcel: Parcel, *, by: Actor, reason: str, at: datetime) -> None:
    sources = [ParcelState.AWAITING_COLLECTION]
    if not await queries.compare_and_set(tx, parcel, ParcelState.CANCELLED, sources=sources):
        raise ParcelMovedOn(parcel.state)
    await queries.replace_numbers(tx, parcel, at=at)
    facts = [ParcelCancelled(**_about(parcel, order), reason=reason) for order in locked]
    await record(tx, *facts, by=by, at=at)


async def _give_back(tx: Tx, locked: Sequence[Order], units: Mapping[int, int], *, at: datetime) -> None:
    parts = await _stock_units(tx, locked, units)
    await inventory.restock_units(tx, parts, at=at)
    await inventory.commit_units(tx, parts, at=at)


async def correct_number(
    db: Db, *, shop_id: int, parcel_id: int, number: str, by: Actor, accept_duplicate: bool = False
) -> None:
    """Replace the tracking number (already as the carrier writes it); the old one is kept.

    Raises ParcelNotFound, ParcelMovedOn once the parcel has ended, DuplicateNumber unless accepted.
    """
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        locked, parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
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
        old_number = parcel.tracking_number or ""
        facts = [
            TrackingNumberCorrected(
                **_about(parcel, order), carrier=parcel.carrier, old_number=old_number, new_number=number
            )
            for order in locked
        ]
        await record(tx, *facts, by=by, at=at)


async def note_delay(db: Db, *, shop_id: int, parcel_id: int, note: str, by: Actor) -> None:
    """Tell the buyer about a delay; longer notes are cut. Raises ParcelNotFound, ParcelMovedOn once the parcel has ended."""
    at = clock.now()
    text = " ".join(note.split())[:DELAY_NOTE_CHARS_MAX]
    async with db.for_shop(shop_id).transaction() as tx:
        locked, parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
        if not parcel.is_open:
            raise ParcelMovedOn(parcel.state)
        await queries.set_delay_note(tx, parcel, note=text, at=at)
        await record(tx, *(DelayNoted(**_about(parcel, order), note=text) for order in locked), by=by, at=at)


async def booked(db: Db, *, shop_id: int, parcel_id: int, tracking_number: str, by: Actor) -> bool:
    """The carrier took the booking (or follows the number); whether the parcel is still to be carried.

    A parcel that was undone meanwhile stays undone: the caller has to call it back.
    """
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        locked, parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
        if parcel.booking == "booked" or parcel.state is ParcelState.CANCELLED:
            return parcel.state is not ParcelState.CANCELLED
        if parcel.tracking_number not in (None, tracking_number):
            return True  # corrected while the carrier was asked: the answer is about the former number
        await queries.set_booking(tx, parcel, booking="booked", tracking_number=tracking_number)
        if parcel.tracking_number is None:
            await _keep_number(tx, parcel, number=tracking_number, entered_by=None, at=at)
            facts = [
                ParcelBooked(**_about(parcel, order), carrier=parcel.carrier, tracking_number=tracking_number)
                for order in locked
            ]
            await record(tx, *facts, by=by, at=at)
        return True


async def booking_refused(db: Db, *, shop_id: int, parcel_id: int, note: str, by: Actor) -> None:
    """The carrier will not take the parcel (or not follow the number); the seller sees why and chooses another way."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        locked, parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
        if parcel.booking != "waiting" or parcel.state is ParcelState.CANCELLED:
            return
        text = note[:BOOKING_NOTE_CHARS_MAX]
        await queries.set_booking(tx, parcel, booking="refused", note=text)
        facts = [BookingRefused(**_about(parcel, order), carrier=parcel.carrier, note=text) for order in locked]
        await record(tx, *facts, by=by, at=at)


async def not_followed(db: Db, *, shop_id: int, parcel_id: int) -> None:
    """No carrier reports about this parcel: the seller tells what happens to it."""
    async with db.for_shop(shop_id).transaction() as tx:
        _, parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
        if parcel.booking == "waiting":
            await queries.set_booking(tx, parcel, booking="none")


async def lock_parcel(tx: Tx, *, shop_id: int, parcel_id: int) -> tuple[list[Order], Parcel]:
    """A parcel and its orders, locked in key order: the locks guard the parcel. Raises ParcelNotFound."""
    seen = await queries.parcel_of_shop(tx, shop_id=shop_id, parcel_id=parcel_id)
    if seen is None:
        raise ParcelNotFound(parcel_id)
    locked = [await orders.lock(tx, shop_id=shop_id, order_id=order_id) for order_id in seen.order_ids]
    parcel = await queries.parcel_of_shop(tx, shop_id=shop_id, parcel_id=parcel_id) or seen
    return [order for order in locked if order.id in parcel.order_ids], parcel


async def _keep_number(tx: Tx, parcel: Parcel, *, number: str, entered_by: int | None, at: datetime) -> None:
    await queries.keep_number(tx, parcel, number=number, entered_by=entered_by, at=at)
    for order_id in parcel.order_ids:
        await order_queries.add_search_words(tx, shop_id=parcel.shop_id, order_id=order_id, words=number)


async def _stock_units(tx: Tx, locked: Sequence[Order], units: Mapping[int, int]) -> list[StockUnits]:
    lines: list[OrderLine] = []
    for order in locked:
        lines += await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    return [
        StockUnits(line.shop_id, line.variant_id, units[line.id], line.order_id) for line in lines if line.id in units
    ]


def _about(parcel: Parcel, order: Order) -> dict[str, int]:
    return {"shop_id": parcel.shop_id, "subject_id": parcel.id, "order_id": order.id, "buyer_id": order.buyer_id}
