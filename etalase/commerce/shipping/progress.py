"""An order follows its parcels: the one place where what happened to parcels moves the order and its clocks."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypedDict

from etalase.commerce.ledger import actions as ledger
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.facts import OrderArranged, OrderDelivered, OrderInTransit
from etalase.commerce.orders.rules import Move, Order
from etalase.commerce.shipping import queries, rules
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import ParcelState, ParcelUnits
from etalase.foundation.deadlines import actions as deadlines
from etalase.foundation.deadlines import rules as due
from etalase.foundation.facts import Actor, record
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.policies.queries import load_calendar
from etalase.foundation.policies.rules import PolicyBook, book_of
from etalase.foundation.sql import Tx


class _Promise(TypedDict):
    shop_id: int
    order_id: int
    paid_at: datetime
    zone: str
    calendar: WorkingCalendar
    book: PolicyBook
    handling_days: int


async def follow_parcels(tx: Tx, order: Order, *, by: Actor, at: datetime) -> Order:
    """Move a locked order to where its parcels and open units say it is; a finished order stays where it is.

    To be called last in a transaction, after parcels or open units changed: it ends with the counters of states.
    """
    parcels = await queries.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    lines = await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    open_units = {line.id: line.open_quantity for line in lines}
    if not any(open_units.values()):
        return order
    for move in rules.moves_to(order.state, rules.order_state(open_units, packed(parcels))):
        await _CONSEQUENCES[move](tx, order, parcels, by, at)
        order = await orders.move(tx, order, move, at=at)
    return order


def packed(parcels: Sequence[Parcel]) -> list[ParcelUnits]:
    """What the rules need to know of parcels; those whose units were taken off the order no longer count."""
    return [ParcelUnits(parcel.state, parcel.units) for parcel in parcels if not parcel.units_ended]


async def _arranged(tx: Tx, order: Order, _parcels: Sequence[Parcel], by: Actor, at: datetime) -> None:
    await _stop(tx, order, "ship.autocancel", at=at)
    await deadlines.start(tx, *due.collection_clocks(arranged_at=at, **await _promise(tx, order)), at=at)
    await record(tx, OrderArranged(**_about(order)), by=by, at=at)


async def _unarranged(tx: Tx, order: Order, _parcels: Sequence[Parcel], _by: Actor, at: datetime) -> None:
    await _stop(tx, order, "collect.autocancel", at=at)
    await deadlines.start(tx, *due.shipping_clocks(**await _promise(tx, order)), at=at)


async def _promise(tx: Tx, order: Order) -> _Promise:
    """What the clocks of shipping are reckoned from."""
    place = await queries.place_of_shop(tx, shop_id=order.shop_id)
    return {
        "shop_id": order.shop_id,
        "order_id": order.id,
        "paid_at": order.paid_at or order.placed_at,
        "zone": place.zone,
        "calendar": await load_calendar(tx, shop_id=order.shop_id),
        "book": book_of(order.policies),
        "handling_days": int(order.delivery.get("handling_days", 1)),
    }


async def _collected(tx: Tx, order: Order, parcels: Sequence[Parcel], by: Actor, at: datetime) -> None:
    await _stop(tx, order, "ship.sla", "collect.autocancel", at=at)
    if any(parcel.carrier == rules.OWN_COURIER and parcel.state is ParcelState.IN_TRANSIT for parcel in parcels):
        clock = due.own_courier_due(at, book_of(order.policies))
        await deadlines.start(tx, clock.clock("ship.own_courier_max", shop_id=order.shop_id, order_id=order.id), at=at)
    await record(tx, OrderInTransit(**_about(order)), by=by, at=at)


async def _delivered(tx: Tx, order: Order, _parcels: Sequence[Parcel], by: Actor, at: datetime) -> None:
    """Clocks run from when we and the buyer know of the delivery, not from a time that a late report names."""
    await _stop(tx, order, "ship.own_courier_max", at=at)
    clock = due.autocomplete_due(at, book_of(order.policies))
    await deadlines.start(tx, clock.clock("deliver.autocomplete", shop_id=order.shop_id, order_id=order.id), at=at)
    if order.is_cod:  # the courier has the buyer's money now
        await ledger.capture(
            tx, shop_id=order.shop_id, order_id=order.id, currency=order.currency, amount_minor=order.kept_minor, at=at,
            by_courier=True,
        )  # fmt: skip
    await record(tx, OrderDelivered(**_about(order)), by=by, at=at)


_CONSEQUENCES: dict[Move, Callable[[Tx, Order, Sequence[Parcel], Actor, datetime], Awaitable[None]]] = {
    Move.ARRANGE: _arranged,
    Move.UNARRANGE: _unarranged,
    Move.COLLECT: _collected,
    Move.DELIVER: _delivered,
}


def _about(order: Order) -> dict[str, int]:
    return {"shop_id": order.shop_id, "subject_id": order.id, "order_id": order.id, "buyer_id": order.buyer_id}


async def _stop(tx: Tx, order: Order, *kinds: str, at: datetime) -> None:
    await deadlines.stop(tx, shop_id=order.shop_id, subject_kind="order", subject_id=order.id, kinds=list(kinds), at=at)
