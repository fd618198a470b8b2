"""Orders that end well, wait and are settled, and money that goes back afterwards."""

from datetime import timedelta

from etalase.commerce.orders import actions as order_actions
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.rules import Order
from etalase.commerce.payments import actions as payments
from etalase.commerce.payments import queries as payment_queries
from etalase.commerce.payments.rules import PaymentState
from etalase.foundation import clock
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.sql import Db
from etalase.foundation.time_machine import actions as time_machine
from etalase.journeys.settlement import actions
from tests.builders.stall import Stall

WAIT = timedelta(days=8)


async def wait_for_settlement(db: Db, order: Order) -> None:
    """What the relay does when it hears that the order is completed."""
    async with db.for_shop(order.shop_id).transaction() as tx:
        told = await order_queries.timeline_of(tx, shop_id=order.shop_id, order_id=order.id)
        await actions.await_settlements(tx, [fact for fact in told if fact.name == "order.completed"])


async def complete(db: Db, stall: Stall) -> Order:
    """An order whose money the shop waits for."""
    order = await stall.completed()
    await wait_for_settlement(db, order)
    return order


async def settled_order(db: Db, stall: Stall) -> Order:
    """An order whose money is the shop's; the clock moves on."""
    order = await complete(db, stall)
    await time_machine.advance(db, WAIT, actor=SYSTEM)  # kept: the clock of an app that runs beside follows it
    await actions.settle_due(db)
    return order


async def give_back(db: Db, order: Order, amount_minor: int) -> None:
    """Refund so much of a paid order, as every journey does."""
    at = clock.now()
    async with db.for_shop(order.shop_id).transaction() as tx:
        attempts = await payment_queries.lock_payments_of_purchase(
            tx, buyer_id=order.buyer_id, purchase_id=order.purchase_id
        )
        paid = next(attempt for attempt in attempts if attempt.state is PaymentState.PAID)
        locked = await order_actions.lock(tx, shop_id=order.shop_id, order_id=order.id)
        await payments.approve_refund(
            tx, paid, amount_minor=amount_minor, currency=order.currency, reason="returned", at=at,
            expected=(at.date(), at.date()), shop_id=order.shop_id, order_id=order.id,
        )  # fmt: skip
        await order_queries.count_off_units(tx, locked, units=0, refund_minor=amount_minor, at=at)
