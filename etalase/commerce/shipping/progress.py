"""An order follows its parcels: the one place where what happened to parcels moves the order and its clocks."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import TypedDict

from etalase.commerce.ledger import actions as ledger
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.facts import OrderArranged, OrderDelivered, OrderInTransit
from etalase.commerce.orders.rules import Move, Order
from etalase.commerce.shipping import many, queries, rules
from etalase.commerce.shipping.many import OrderKey, Packed
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import ParcelState, ParcelUnits
from etalase.foundation.deadlines import actions as deadlines
from etalase.foundation.deadlines import rules as due
from etalase.foundation.facts import Actor, record
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.policies.queries import load_calendar
from etalase.foundation.policies.rules import PolicyBook, book_of
from etalase.foundation.sql import Tx

Parcels = Mapping[OrderKey, Sequence[Packed]]


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
    return (await follow_all(tx, [order], by=by, at=at))[0]


async def follow_all(tx: Tx, locked: Sequence[Order], *, by: Actor, at: datetime) -> list[Order]:
    """As `follow_parcels`, for any number of different orders; as many statements as there are moves to make."""
    if not locked:
        return []
    keys = [(order.shop_id, order.id) for order in locked]
    parcels = await many.packed_of_orders(tx, keys)
    open_units: dict[OrderKey, dict[int, int]] = {key: {} for key in keys}
    for line in await order_queries.lines_of_orders(tx, keys):
        open_units[line.shop_id, line.order_id][line.id] = line.open_quantity
    now = dict(zip(keys, locked, strict=True))
    ways = {key: list(_way(now[key], open_units[key], parcels.get(key, ()))) for key in keys}
    for move in _STEPS:
        going = [now[key] for key in keys if move in ways[key]]
        if going:
            await _CONSEQUENCES[move](tx, going, parcels, by, at)
            for order in await orders.move_all(tx, going, move, at=at):
                now[order.shop_id, order.id] = order
    return [now[key] for key in keys]


def _way(order: Order, open_units: Mapping[int, int], parcels: Sequence[Packed]) -> tuple[Move, ...]:
    if not any(open_units.values()):
        return ()
    return rules.moves_to(order.state, rules.order_state(open_units, packed(parcels)))


def packed(parcels: Sequence[Packed | Parcel]) -> list[ParcelUnits]:
    """What the rules need to know of parcels; those whose units were taken off the order no longer count."""
    return [ParcelUnits(parcel.state, parcel.units) for parcel in parcels if not parcel.units_ended]


async def _arranged(tx: Tx, going: Sequence[Order], _parcels: Parcels, by: Actor, at: datetime) -> None:
    await _stop(tx, going, "ship.autocancel", at=at)
    clocks = [due.collection_clocks(arranged_at=at, **await _promise(tx, order)) for order in going]
    await deadlines.start(tx, *chain.from_iterable(clocks), at=at)
    await record(tx, *(OrderArranged(**_about(order)) for order in going), by=by, at=at)


async def _unarranged(tx: Tx, going: Sequence[Order], _parcels: Parcels, _by: Actor, at: datetime) -> None:
    await _stop(tx, going, "collect.autocancel", at=at)
    clocks = [due.shipping_clocks(**await _promise(tx, order)) for order in going]
    await deadlines.start(tx, *chain.from_iterable(clocks), at=at)


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


async def _collected(tx: Tx, going: Sequence[Order], parcels: Parcels, by: Actor, at: datetime) -> None:
    await _stop(tx, going, "ship.sla", "collect.autocancel", at=at)
    clocks = [
        due.own_courier_due(at, book_of(order.policies)).clock(
            "ship.own_courier_max", shop_id=order.shop_id, order_id=order.id
        )
        for order in going
        if any(_is_with_own_courier(parcel) for parcel in parcels.get((order.shop_id, order.id), ()))
    ]
    await deadlines.start(tx, *clocks, at=at)
    await record(tx, *(OrderInTransit(**_about(order)) for order in going), by=by, at=at)


def _is_with_own_courier(parcel: Packed) -> bool:
    return parcel.carrier == rules.OWN_COURIER and parcel.state is ParcelState.IN_TRANSIT


async def _delivered(tx: Tx, going: Sequence[Order], _parcels: Parcels, by: Actor, at: datetime) -> None:
    """Clocks run from when we and the buyer know of the delivery, not from a time that a late report names."""
    await _stop(tx, going, "ship.own_courier_max", at=at)
    clocks = [
        due.autocomplete_due(at, book_of(order.policies)).clock(
            "deliver.autocomplete", shop_id=order.shop_id, order_id=order.id
        )
        for order in going
    ]
    await deadlines.start(tx, *clocks, at=at)
    for order in going:
        if order.is_cod:  # the courier has the buyer's money now
            await ledger.capture(
                tx, shop_id=order.shop_id, order_id=order.id, currency=order.currency, amount_minor=order.kept_minor,
                at=at, by_courier=True,
            )  # fmt: skip
    await record(tx, *(OrderDelivered(**_about(order)) for order in going), by=by, at=at)


_CONSEQUENCES: dict[Move, Callable[[Tx, Sequence[Order], Parcels, Actor, datetime], Awaitable[None]]] = {
    Move.UNARRANGE: _unarranged,
    Move.ARRANGE: _arranged,
    Move.COLLECT: _collected,
    Move.DELIVER: _delivered,
}
_STEPS = tuple(_CONSEQUENCES)
"""In the order in which an order makes them; one that makes several makes them one after the other."""


def _about(order: Order) -> dict[str, int]:
    return {"shop_id": order.shop_id, "subject_id": order.id, "order_id": order.id, "buyer_id": order.buyer_id}


async def _stop(tx: Tx, going: Sequence[Order], *kinds: str, at: datetime) -> None:
    keys = [(order.shop_id, order.id) for order in going]
    await deadlines.stop_all(tx, subject_kind="order", subjects=keys, kinds=kinds, at=at)
