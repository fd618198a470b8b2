"""What a cancellation does, inside one transaction: units, stock, parcels, money, clocks, state, in that order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from etalase.commerce.inventory import actions as inventory
from etalase.commerce.inventory.rules import StockUnits
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.facts import OrderCancelled, OrderLinesCancelled
from etalase.commerce.orders.rules import Move, Order, OrderLine
from etalase.commerce.payments import actions as payments
from etalase.commerce.payments import queries as payment_queries
from etalase.commerce.payments.rules import PaymentState
from etalase.commerce.shipping import actions as shipping
from etalase.commerce.shipping.progress import follow_parcels
from etalase.foundation.deadlines import actions as deadlines
from etalase.foundation.facts import Actor, record
from etalase.foundation.facts.model import ActorKind
from etalase.foundation.sql import Tx
from etalase.journeys.cancellations import queries, rules
from etalase.journeys.checkout import refunding
from etalase.journeys.checkout.refunding import give_back


@dataclass(frozen=True, slots=True)
class Cause:
    """Who cancels, why, and whether what was promised can be sold again."""

    by: Actor
    reason: str
    note: str = ""
    restock: bool = True
    move: Move = Move.CANCEL
    id: int | None = None
    """The cancellation's id, where what caused it may be told twice."""


async def cancel_all(tx: Tx, order: Order, cause: Cause, *, at: datetime, request_id: int | None = None) -> Order:
    """Cancel what is left of a locked order: parcels undone, stock back, money back, clocks stopped."""
    lines = await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    units = rules.chosen_units(lines, None)
    refund_minor = rules.refund_of(order, lines, units)
    if cause.move is Move.CANCEL:
        await shipping.cancel_parcels(tx, order, by=cause.by, reason=cause.reason, at=at)
        await _put_back(tx, order, lines, units, restock=cause.restock, at=at)
    money_back = await _take_off(tx, order, units, refund_minor=refund_minor, cause=cause, at=at, request_id=request_id)
    await deadlines.stop_order(tx, shop_id=order.shop_id, order_id=order.id, at=at)
    fact = OrderCancelled(
        shop_id=order.shop_id,
        subject_id=order.id,
        order_id=order.id,
        buyer_id=order.buyer_id,
        asked_by=cause.by.kind,
        reason=cause.reason,
        refund_minor=money_back,
    )
    await record(tx, fact, by=cause.by, at=at)
    await _end_open_request(tx, order, by=cause.by, at=at)
    return await orders.move(tx, order, cause.move, at=at, cancelled_by=_party(cause.by), cancel_reason=cause.reason)


async def _end_open_request(tx: Tx, order: Order, *, by: Actor, at: datetime) -> None:
    """What the buyer asked for came to pass in another way: nobody has to answer any more."""
    request = await queries.lock_request(tx, shop_id=order.shop_id, order_id=order.id)
    if request is not None:
        await queries.decide_request(
            tx, request, state="withdrawn", decided_by=_party(by), answer="", refund_minor=0, at=at
        )


async def cancel_some(
    tx: Tx,
    order: Order,
    lines: list[OrderLine],
    units: Mapping[int, int],
    cause: Cause,
    *,
    at: datetime,
    request_id: int | None = None,
) -> Order:
    """Cancel units that lie in no parcel (or in one that failed); the rest goes on, and the order follows its parcels."""
    refund_minor = rules.refund_of(order, lines, units)
    if cause.move is Move.CANCEL:
        await _put_back(tx, order, lines, units, restock=cause.restock, at=at)
    money_back = await _take_off(tx, order, units, refund_minor=refund_minor, cause=cause, at=at, request_id=request_id)
    fact = OrderLinesCancelled(
        shop_id=order.shop_id,
        subject_id=order.id,
        order_id=order.id,
        buyer_id=order.buyer_id,
        asked_by=cause.by.kind,
        reason=cause.reason,
        units=sum(units.values()),
        refund_minor=money_back,
    )
    await record(tx, fact, by=cause.by, at=at)
    # As it is now: what is kept has changed, and a courier's cash counts for that much only.
    order = await orders.lock(tx, shop_id=order.shop_id, order_id=order.id)
    return await follow_parcels(tx, order, by=cause.by, at=at)


def _party(by: Actor) -> ActorKind:
    return by.kind if by.kind in ("buyer", "seller", "operator") else "system"


async def _put_back(
    tx: Tx, order: Order, lines: list[OrderLine], units: Mapping[int, int], *, restock: bool, at: datetime
) -> None:
    variants = {line.id: line.variant_id for line in lines}
    parts = [StockUnits(order.shop_id, variants[line_id], quantity, order.id) for line_id, quantity in units.items()]
    if restock:
        await inventory.release_units(tx, parts, at=at)
    else:
        await inventory.write_off_units(tx, parts, at=at)


async def _take_off(
    tx: Tx,
    order: Order,
    units: Mapping[int, int],
    *,
    refund_minor: int,
    cause: Cause,
    at: datetime,
    request_id: int | None,
) -> int:
    """Take the units off the order and send their money back if it was paid; returns what goes back."""
    await order_queries.cancel_units(tx, shop_id=order.shop_id, order_id=order.id, units=dict(units))
    money_back = refund_minor if order.is_paid else 0
    if request_id is None:
        request_id = await queries.insert_cancellation(
            tx,
            order,
            state="done",
            by=Actor(_party(cause.by), cause.by.id),
            reason=cause.reason,
            note=cause.note,
            restock=cause.restock,
            refund_minor=money_back,
            at=at,
            cancellation_id=cause.id,
        )
        await queries.insert_cancellation_lines(tx, shop_id=order.shop_id, cancellation_id=request_id, units=units)
    if money_back:
        await give_back(tx, order, money_back, refunding.Cause("cancelled", cancellation_id=request_id), at=at)
    taken_off = money_back if order.is_paid else (refund_minor if order.is_cod else 0)
    await order_queries.count_off_units(tx, order, units=sum(units.values()), refund_minor=taken_off, at=at)
    return money_back


async def end_pending_payment(tx: Tx, order: Order, *, state: PaymentState, by: Actor, at: datetime) -> None:
    """End the pending payment of a purchase one of whose unpaid orders was cancelled: its sum is not owed any more.

    What other orders still wait for is asked for by a new attempt (`retrying.pay_again`). Call it with the payments of
    the purchase locked, before the orders.
    """
    for attempt in await payment_queries.lock_payments_of_purchase(
        tx, buyer_id=order.buyer_id, purchase_id=order.purchase_id
    ):
        await payments.end(tx, attempt, state=state, failure="the sum is not owed any more", at=at, by=by)
