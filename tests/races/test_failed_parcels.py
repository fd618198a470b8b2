"""Parcels that come back or are lost: their money goes back once, and only money that came; the rest goes on."""

import asyncio

import pytest

from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.errors import MoveNotAllowed
from etalase.commerce.orders.rules import Order, State
from etalase.commerce.payments import queries as payments
from etalase.commerce.shipping import actions as shipping
from etalase.commerce.shipping import tracking
from etalase.commerce.shipping.actions import ParcelPlan
from etalase.commerce.shipping.queries import Parcel
from etalase.foundation.facts import Actor
from etalase.foundation.facts.relay import facts_by_id
from etalase.foundation.sql import Db
from etalase.journeys.cancellations import actions as cancelling
from etalase.journeys.cancellations import clocks
from etalase.journeys.checkout import cod
from tests.auditor import audit
from tests.builders.orders import make_basket, orders_of, pay
from tests.builders.shipping import a_number, a_report
from tests.builders.stall import Stall, make_stall


async def ready(stall: Stall, *, units: int, is_cod: bool) -> Order:
    async with stall.db.any().transaction() as tx:
        await tx.connection.execute("UPDATE shops SET accepts_cod = true")
    lines = {(stall.shop.shop_id, stall.product.variant_id): units}
    basket = await make_basket(stall.db, stall.buyer, stall.address, lines, method="cod" if is_cod else "qris")
    placed = await basket.place(stall.db)
    if not is_cod:
        await pay(stall.db, stall.buyer, placed)
    (order,) = await orders_of(stall.db, stall.buyer, placed)
    return await stall.confirm(order)


async def arranged(stall: Stall, order: Order, units: int, *, is_own: bool = False) -> Parcel:
    async with stall.db.for_shop(order.shop_id).reading() as tx:
        (line,) = await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    plan = ParcelPlan(
        "own_number", "own" if is_own else "jne", "reg", tracking_number=None if is_own else a_number(),
        lines={line.id: units},
    )  # fmt: skip
    return await shipping.arrange(
        stall.db, shop_id=order.shop_id, order_id=order.id, by=Actor.seller(stall.seller.id), plan=plan
    )


async def told(db: Db, parcel: Parcel, *statuses: str) -> None:
    for hours, status in enumerate(statuses):
        report = a_report(parcel, status, hours=hours)
        await tracking.record_tracking(db, report, vendor="test", parcel=(parcel.shop_id, parcel.id))


async def follow(db: Db, order: Order) -> None:
    """What follows from parcels that failed and orders that arrived, each told three times at once."""
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute(
            "SELECT shop_id, id FROM facts WHERE order_id = %s ORDER BY id", (order.id,)
        )
        facts = await facts_by_id(tx, list(await cursor.fetchall()))
    for fact in facts:
        if fact.name in ("parcel.lost", "parcel.returned"):
            await asyncio.gather(*(clocks.parcel_failed(db, fact) for _ in range(3)))
        elif fact.name in ("order.delivered", "order.cancelled"):
            await asyncio.gather(*(cod.collect(db, fact) for _ in range(3)))


async def refunded(stall: Stall, order: Order) -> list[int]:
    async with stall.db.any().reading() as tx:
        found = await payments.refunds_of_order(tx, buyer_id=order.buyer_id, order_id=order.id)
    return [refund.amount_minor for refund in found]


@pytest.mark.parametrize("is_cod", [False, True])
async def test_one_of_two_parcels_is_lost(db: Db, database_url: str, *, is_cod: bool) -> None:
    stall = await make_stall(db)
    order = await ready(stall, units=2, is_cod=is_cod)
    first, second = await arranged(stall, order, 1), await arranged(stall, order, 1)
    await told(db, first, "collected", "delivered")
    await told(db, second, "collected", "lost", "returned")
    assert (await stall.now(order)).state is State.IN_TRANSIT  # its money first
    await follow(db, order)
    after = await stall.now(order)
    assert (after.state, after.units, after.refunded_minor) == (State.DELIVERED, 1, 65_000)
    assert await refunded(stall, order) == ([] if is_cod else [65_000])
    assert audit(database_url) == {}
    await follow(db, order)
    assert (await stall.now(order)).refunded_minor == 65_000
    if is_cod:
        async with db.any().transaction() as tx:
            (cash,) = await payments.payments_of_purchase(tx, buyer_id=order.buyer_id, purchase_id=order.purchase_id)
            cursor = await tx.connection.execute("SELECT sum(amount_minor) FROM captures")
            assert await cursor.fetchone() == (after.kept_minor,)
        assert cash.state == "paid"


async def test_what_was_not_in_the_lost_parcel_can_still_be_shipped_or_cancelled(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await ready(stall, units=4, is_cod=False)
    lost = await arranged(stall, order, 1)
    await told(db, lost, "collected", "lost")
    await follow(db, order)
    assert (await stall.now(order)).state is State.AWAITING_SHIPMENT
    await arranged(stall, order, 2)
    after = await stall.now(order)
    assert (after.state, after.units) == (State.AWAITING_SHIPMENT, 3)  # one more unit is still to be shipped
    assert (await stall.cancel(order)).state is State.CANCELLED
    assert sum(await refunded(stall, order)) == order.total_minor
    assert audit(database_url) == {}


async def test_the_own_courier_is_late_with_one_of_two_parcels(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await ready(stall, units=2, is_cod=False)
    here, late = await arranged(stall, order, 1), await arranged(stall, order, 1, is_own=True)
    await told(db, here, "collected", "delivered")
    await told(db, late, "collected")
    await cancelling.cancel_undelivered(db, shop_id=order.shop_id, order_id=order.id)
    after = await stall.now(order)
    assert (after.state, after.units) == (State.DELIVERED, 1)
    assert await refunded(stall, order) == [65_000]
    with pytest.raises(MoveNotAllowed):
        await cancelling.cancel_undelivered(db, shop_id=order.shop_id, order_id=order.id)
    assert audit(database_url) == {}


async def test_a_clock_that_cancels_leaves_no_question_open(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await ready(stall, units=1, is_cod=False)
    await arranged(stall, order, 1)
    await cancelling.cancel_by_buyer(db, buyer_id=order.buyer_id, order_id=order.id, reason="too_slow")
    await cancelling.cancel_by_clock(db, shop_id=order.shop_id, order_id=order.id, kind="collect.autocancel")
    assert (await stall.now(order)).state is State.CANCELLED
    assert audit(database_url) == {}


@pytest.mark.parametrize("is_cod", [False, True])
async def test_a_refused_parcel_comes_back(db: Db, database_url: str, *, is_cod: bool) -> None:
    stall = await make_stall(db)
    order = await ready(stall, units=2, is_cod=is_cod)
    parcel = await arranged(stall, order, 2)
    await told(db, parcel, "collected", "delivery_failed", "returned")
    await follow(db, order)
    after = await stall.now(order)
    assert (after.state, after.cancel_reason, after.units) == (State.CANCELLED, "returned", 0)
    assert await refunded(stall, order) == ([] if is_cod else [order.total_minor])
    assert audit(database_url) == {}


async def test_a_courier_who_takes_what_was_called_back_moves_nothing(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await ready(stall, units=1, is_cod=False)
    parcel = await arranged(stall, order, 1)
    await stall.cancel(order)
    await told(db, parcel, "collected", "delivered")
    after = await stall.now(order)
    assert (after.state, after.refunded_minor) == (State.CANCELLED, order.total_minor)
    assert audit(database_url) == {}
