"""What follows when an order has become new: the shop accepts it by itself, or its clock to confirm starts."""

from datetime import datetime

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders.rules import Order
from etalase.foundation.deadlines import actions as deadlines
from etalase.foundation.deadlines import rules as due
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.policies import queries as policies
from etalase.foundation.policies.rules import book_of
from etalase.foundation.sql import Tx


async def accept(tx: Tx, order: Order, *, at: datetime) -> Order:
    """Confirm the new order if the shop confirms automatically, else start the clock to confirm."""
    shop = (await catalog.shops_by_id(tx, [order.shop_id]))[0]
    calendar = await policies.load_calendar(tx, shop_id=order.shop_id)
    if shop.confirm_mode == "automatic":
        return await orders.confirm_locked(tx, order, by=SYSTEM, calendar=calendar, zone=shop.zone, at=at)
    limit = due.confirm_due(
        order.paid_at or order.placed_at, zone=shop.zone, calendar=calendar, book=book_of(order.policies)
    )
    await deadlines.start(tx, limit.clock("confirm.deadline", shop_id=order.shop_id, order_id=order.id), at=at)
    return order
