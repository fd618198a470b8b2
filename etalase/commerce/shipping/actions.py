"""The seller's verbs: arrange shipping, undo it, correct a number, tell of a delay."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    DelayNoted,
    ParcelArranged,
    ParcelCancelled,
    TrackingNumberCorrected,
)
from etalase.commerce.shipping.plans import Plan
from etalase.commerce.shipping.progress import follow_parcels, packed
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import ParcelState, Purpose
from etalase.commerce.shipping.waiting import queries as waiting
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Db, Tx

DELAY_NOTE_CHARS_MAX = 300


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
    days: tuple[int, int] = (2, 4)
    accept_duplicate: bool = False
    slot: tuple[datetime, datetime] | None = None
    """When the courier is to come; pick-up alone has it, and without one the carrier decides."""


async def arrange(db: Db, *, shop_id: int, order_id: int, by: Actor, plan: ParcelPlan) -> Parcel:
    """Put units of an order into a parcel that waits for its carrier; parts of an order make several parcels.

    The first parcel of an order has the order's id, further ones that of `waiting.next_parcels`. Raises OrderNotFound, MoveNotAllowed (the order has moved on),
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
        left = await units_left(tx, order)
        units = rules.chosen_units(left, plan.lines)
        name = await _name_of(tx, order, at=at)
        parcel = await _send(tx, [order], {order_id: units}, plan, name=name, by=by, at=at)
        if units != left:
            await waiting.name_next_parcel(tx, shop_id=shop_id, order_id=order_id, parcel_id=new_id(), at=at)
        return parcel


async def _name_of(tx: Tx, order: Order, *, at: datetime) -> tuple[int, datetime]:
    """The id of the order's next parcel, and since when it is known."""
    said = await waiting.take_next_parcel(tx, shop_id=order.shop_id, order_id=order.id)
    if said is not None:
        return said.parcel_id, said.named_at
    parcels = await queries.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    return (new_id(), at) if parcels else (order.id, order.placed_at)


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
        return await _send(tx, locked, units, plan, name=(plan_id, planned.planned_at), by=by, at=at)


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
    name: tuple[int, datetime],
    by: Actor,
    at: datetime,
) -> Parcel:
    """Write the parcel of locked orders; `units` is order -> line -> units, `name` its id and since when it is known."""
    going = [order for order in locked if units[order.id]]
    if not going:
        raise NothingToShip
    parcel = await parcel_of(tx, going, units, plan, name=name, at=at)
    await queries.insert_parcel(tx, parcel)
    if parcel.tracking_number:
        await keep_number(tx, parcel, number=parcel.tracking_number, entered_by=by.id, at=at)
    facts = [
        ParcelArranged(
            **about(parcel, order), carrier=plan.carrier, service=plan.service, method=plan.method,
            tracking_number=parcel.tracking_number, units=sum(units[order.id].values()),
            pickup_from=parcel.pickup_from.isoformat() if parcel.pickup_from else None,
            pickup_until=parcel.pickup_until.isoformat() if parcel.pickup_until else None,
        )
        for order in going
    ]  # fmt: skip
    await record(tx, *facts, by=by, at=at)
    await inventory.ship_units(tx, await _stock_units(tx, going, parcel.units), at=at)
    followed = [(order, await follow_parcels(tx, order, by=by, at=at)) for order in going]
    await orders.touch(tx, [order for order, now in followed if order.state is now.state], at=at)
    return parcel


async def parcel_of(
    tx: Tx,
    going: Sequence[Order],
    units: Mapping[int, Mapping[int, int]],
    plan: ParcelPlan,
    *,
    name: tuple[int, datetime],
    at: datetime,
) -> Parcel:
    """A parcel as planned, not written yet; raises NumberMissing, DuplicateNumber, SlotPassed."""
    first, shop_id = going[0], going[0].shop_id
    number = plan.tracking_number if plan.method == "own_number" else None
    if plan.method == "own_number" and number is None and plan.carrier != rules.OWN_COURIER:
        raise NumberMissing
    if number and not plan.accept_duplicate:
        await _refuse_duplicate(tx, shop_id=shop_id, carrier=plan.carrier, number=number)
    pickup_from, pickup_until = _slot(plan, at=at)
    eta_from, eta_until = await _eta(tx, first, days=plan.days, at=pickup_from or at)
    return Parcel(
        shop_id=shop_id, id=name[0], order_id=first.id, state=ParcelState.AWAITING_COLLECTION, method=plan.method,
        carrier=plan.carrier, service=plan.service, tracking_number=number,
        booking="none" if plan.carrier == rules.OWN_COURIER else "waiting", booking_note="", insured=any(order.is_insured for order in going),
        delay_note="", delayed_at=None, asked_at=None, last_event_at=None, last_status="", arranged_at=at,
        collected_at=None, delivered_at=None, received_by="", eta_from=eta_from, eta_until=eta_until,
        units={line_id: n for order in going for line_id, n in units[order.id].items()},
        order_ids=tuple(order.id for order in going), pickup_from=pickup_from, pickup_until=pickup_until,
        created_at=name[1], updated_at=at,
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
        if parcel.purpose is not Purpose.ORDER:
            raise ParcelNotFound(parcel_id)  # its return undoes it
        await _cancel(tx, locked, parcel, by=by, reason=reason, at=at)
        await _give_back(tx, locked, parcel.units, at=at)
        await _plan_again(tx, locked, parcel, at=at)
        followed = [await follow_parcels(tx, order, by=by, at=at) for order in locked]
        await orders.touch(tx, [order for order in locked if order.state is State.AWAITING_SHIPMENT], at=at)
        return followed


async def _plan_again(tx: Tx, locked: Sequence[Order], parcel: Parcel, *, at: datetime) -> None:
    order = locked[0]
    planned = await plans.plans_of_orders(tx, shop_id=order.shop_id, order_ids=[order.id])
    if planned and len(locked) == 1:
        await plans.insert_plans(tx, [Plan(order.shop_id, new_id(), {order.id: parcel.units}, at)])
        return
    for one in locked:
        await waiting.name_next_parcel(tx, shop_id=one.shop_id, order_id=one.id, parcel_id=new_id(), at=at)


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
            await record(tx, ParcelCancelled(**about(parcel, order), reason=reason), by=by, at=at)
    if waiting:
        units = sum((Counter(parcel.units) for parcel in waiting), Counter[int]())
        await _give_back(tx, [order], units, at=at)
    return waiting


async def _cancel(tx: Tx, locked: Sequence[Order], parcel: Parcel, *, by: Actor, reason: str, at: datetime) -> None:
    sources = [ParcelState.AWAITING_COLLECTION]
    if not await queries.compare_and_set(tx, parcel, ParcelState.CANCELLED, sources=sources, at=at):
        raise ParcelMovedOn(parcel.state)
    await queries.replace_numbers(tx, parcel, at=at)
    facts = [ParcelCancelled(**about(parcel, order), reason=reason) for order in locked]
    await record(tx, *facts, by=by, at=at)


async def _give_back(tx: Tx, locked: Sequence[Order], units: Mapping[int, int], *, at: datetime) -> None:
    parts = await _stock_units(tx, locked, units)
    await inventory.restock_units(tx, parts, at=at)
    await inventory.commit_units(tx, parts, at=at)


async def correct_number(
    db: Db,
    *,
    shop_id: int,
    parcel_id: int,
    number: str,
    by: Actor,
    carrier: tuple[str, str] | None = None,
    accept_duplicate: bool = False,
) -> None:
    """Replace the tracking number (already as the carrier writes it); the old one is kept.

    `carrier` is (carrier, service), where another one carries the parcel than was told before.

    Raises ParcelNotFound, ParcelMovedOn once the parcel has ended, DuplicateNumber unless accepted.
    """
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        locked, parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
        if not parcel.is_open:
            raise ParcelMovedOn(parcel.state)
        code, service = carrier or (parcel.carrier, parcel.service)
        if (number, code) == (parcel.tracking_number, parcel.carrier):
            return
        if not accept_duplicate:
            await _refuse_duplicate(tx, shop_id=shop_id, carrier=code, number=number, but=parcel_id)
        await queries.replace_numbers(tx, parcel, at=at)
        booking = "none" if code == rules.OWN_COURIER else "waiting"
        await queries.set_number(tx, parcel, carrier=code, service=service, number=number, booking=booking, at=at)
        parcel_now = replace(parcel, carrier=code, service=service)
        await keep_number(tx, parcel_now, number=number, entered_by=by.id, at=at)
        await orders.touch(tx, locked, at=at)
        old_number = parcel.tracking_number or ""
        facts = [
            TrackingNumberCorrected(**about(parcel, order), carrier=code, old_number=old_number, new_number=number)
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
        await record(tx, *(DelayNoted(**about(parcel, order), note=text) for order in locked), by=by, at=at)


async def lock_parcel(tx: Tx, *, shop_id: int, parcel_id: int) -> tuple[list[Order], Parcel]:
    """A parcel and its orders, locked in key order: the locks guard the parcel. Raises ParcelNotFound."""
    seen = await queries.parcel_of_shop(tx, shop_id=shop_id, parcel_id=parcel_id)
    if seen is None:
        raise ParcelNotFound(parcel_id)
    locked = [await orders.lock(tx, shop_id=shop_id, order_id=order_id) for order_id in seen.order_ids]
    parcel = await queries.parcel_of_shop(tx, shop_id=shop_id, parcel_id=parcel_id) or seen
    return [order for order in locked if order.id in parcel.order_ids], parcel


async def keep_number(tx: Tx, parcel: Parcel, *, number: str, entered_by: int | None, at: datetime) -> None:
    """Remember the number of a parcel, and let its orders be found by it."""
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


def about(parcel: Parcel, order: Order) -> dict[str, int]:
    """What facts about a parcel of an order begin with."""
    return {"shop_id": parcel.shop_id, "subject_id": parcel.id, "order_id": order.id, "buyer_id": order.buyer_id}
