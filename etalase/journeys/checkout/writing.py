"""Writing what was decided: one statement of arrays a table, however many checkouts."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from etalase.commerce.inventory import actions as inventory
from etalase.commerce.inventory.rules import Stock, StockUnits
from etalase.commerce.ledger import wallets
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders.facts import OrderConfirmed, OrderPlaced
from etalase.commerce.orders.placing import NewOrder, insert_orders
from etalase.commerce.payments import actions as payments
from etalase.commerce.payments import queries as payment_queries
from etalase.foundation.deadlines import actions as deadlines
from etalase.foundation.facts import Actor, Fact, record_all
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.sql import Tx
from etalase.journeys.cart import queries as cart
from etalase.journeys.checkout.deciding import Placement


class PlacedMeanwhile(Exception):
    """One of these placement keys was used by somebody faster; nothing of this may be kept."""


async def write(tx: Tx, placements: Sequence[Placement], stock: Sequence[Stock], *, at: datetime) -> None:
    """Write the placements, whose stock is locked; raises PlacedMeanwhile, and the transaction must then end without effect."""
    written = await payment_queries.insert_purchases(tx, [p.purchase for p in placements])
    if len(written) < len(placements):
        raise PlacedMeanwhile
    new_orders = [order for placement in placements for order in placement.orders]
    await payment_queries.insert_purchase_orders(
        tx, [(order.buyer_id, order.purchase_id, order.shop_id, order.id, order.total_minor) for order in new_orders]
    )
    await payment_queries.insert_payments(tx, [p.payment for p in placements])
    await wallets.hold(tx, *[payments.set_aside(p.payment, at=at) for p in placements if p.payment.wallet_minor])
    await insert_orders(tx, new_orders, at=at)
    await inventory.commit_locked(tx, stock, list(_units(new_orders)), at=at)
    await record_all(tx, [caused for placement in placements for caused in _facts(placement)], at=at)
    await deadlines.start(tx, *[clock for placement in placements for clock in placement.clocks], at=at)
    await cart.remove_bought(tx, [(p.checkout.buyer_id, *key) for p in placements for key in p.bought])
    await orders.count(tx, [(order.shop_id, order.id, order.state, 1) for order in new_orders])


def _units(new_orders: Sequence[NewOrder]) -> Iterator[StockUnits]:
    for order in new_orders:
        for line in order.lines:
            yield StockUnits(order.shop_id, line.variant_id, line.quantity, order.id)


def _facts(placement: Placement) -> Iterator[tuple[Fact, Actor]]:
    buyer = Actor.buyer(placement.checkout.buyer_id)
    yield payments.started_fact(placement.payment), buyer
    for order in placement.orders:
        yield _placed_fact(order), buyer
        if order.confirmed_at is not None:
            yield _confirmed_fact(order), SYSTEM


def _placed_fact(order: NewOrder) -> OrderPlaced:
    first = order.lines[0]
    return OrderPlaced(
        shop_id=order.shop_id,
        subject_id=order.id,
        order_id=order.id,
        buyer_id=order.buyer_id,
        total_minor=order.total_minor,
        currency=order.currency,
        is_cod=order.is_cod,
        title=first.title,
        image_key=first.image_key,
        units=order.units,
    )


def _confirmed_fact(order: NewOrder) -> OrderConfirmed:
    return OrderConfirmed(
        shop_id=order.shop_id, subject_id=order.id, order_id=order.id, buyer_id=order.buyer_id, automatic=True
    )
