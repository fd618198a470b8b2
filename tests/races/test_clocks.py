"""Real orders under real clocks: what is promised at zero happens once, and what people do first wins."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from etalase.commerce.accounts.queries import Account, Address
from etalase.commerce.inventory import queries as inventory
from etalase.commerce.orders import actions as order_actions
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.errors import NotExtendable
from etalase.commerce.orders.rules import Order, State
from etalase.commerce.payments import queries as payments
from etalase.commerce.shipping import tracking
from etalase.foundation import clock
from etalase.foundation.deadlines import queries
from etalase.foundation.deadlines.rules import strip
from etalase.foundation.deadlines.sweep import sweep_once
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import translator
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.sql import Db
from etalase.subscriptions import DEADLINES
from tests.builders.accounts import MadeShop, make_account, make_address, make_shop
from tests.builders.orders import orders_of, pay, place_order
from tests.builders.shipping import a_report, a_variant, arranged, ready_order
from tests.builders.shipping import order_now as shipped_order_now

STOCK = 20
SWEEPERS = 3


async def a_buyer(db: Db) -> tuple[Account, Address]:
    buyer = await make_account(db)
    return buyer, await make_address(db, buyer)


async def available(db: Db, shop_id: int, variant_id: int) -> int:
    async with db.any().reading() as tx:
        return (await inventory.stock_of(tx, shop_ids=[shop_id], variant_ids=[variant_id]))[0].available


async def facts_of(db: Db, order: Order) -> Counter[str]:
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute(
            "SELECT name FROM facts WHERE shop_id = %s AND order_id = %s", (order.shop_id, order.id)
        )
        return Counter(row[0] for row in await cursor.fetchall())


async def clocks_of(db: Db, order: Order) -> dict[str, str]:
    async with db.any().reading() as tx:
        found = await queries.of_order(tx, shop_id=order.shop_id, order_id=order.id)
    return {deadline.kind: deadline.state for deadline in found}


def pass_time(by: timedelta) -> None:
    clock.set_offset(clock.offset() + by)


async def pass_to(db: Db, order: Order, kind: str) -> None:
    """Let time pass until the order's clock of this kind has reached zero."""
    async with db.any().reading() as tx:
        found = await queries.of_order(tx, shop_id=order.shop_id, order_id=order.id)
    due_at = next(deadline.due_at for deadline in found if deadline.kind == kind and deadline.is_open)
    pass_time(due_at - clock.now() + timedelta(seconds=1))


async def sweep(db: Db) -> int:
    return sum(await asyncio.gather(*(sweep_once(db, DEADLINES) for _ in range(SWEEPERS))))


async def paid_order(db: Db, shop: MadeShop, variant_id: int) -> tuple[Account, Order]:
    buyer, address = await a_buyer(db)
    placed = await place_order(db, buyer, address, {(shop.shop_id, variant_id): 1})
    await pay(db, buyer, placed)
    (order,) = await orders_of(db, buyer, placed)
    return buyer, order


async def order_now(db: Db, order: Order) -> Order:
    async with db.for_shop(order.shop_id).reading() as tx:
        found = await order_queries.order_of_shop(tx, shop_id=order.shop_id, order_id=order.id)
    assert found is not None
    return found


async def test_unpaid_orders_are_cancelled_once_by_however_many_sweepers(db: Db) -> None:
    shops = [await make_shop(db) for _ in range(2)]
    keys = [(shop.shop_id, (await a_variant(db, shop.shop_id, stock=STOCK))[1]) for shop in shops]
    placed = []
    for _ in range(8):
        buyer, address = await a_buyer(db)
        placed.append((buyer, await place_order(db, buyer, address, dict.fromkeys(keys, 1))))
    assert await sweep(db) == 0
    pass_time(timedelta(hours=1, seconds=5))
    assert await sweep(db) == 16
    assert await sweep(db) == 0
    for buyer, purchase in placed:
        for order in await orders_of(db, buyer, purchase):
            assert (order.state, order.cancelled_by, order.refunded_minor) == (State.CANCELLED, "system", 0)
            seen = await facts_of(db, order)
            assert (seen["order.cancelled"], seen["deadline.fired"]) == (1, 1)
            assert set((await clocks_of(db, order)).values()) == {"fired"}
    assert [await available(db, *key) for key in keys] == [STOCK, STOCK]


@pytest.mark.parametrize("late_by_s", [0.0, 0.005, 0.02])
async def test_paying_while_the_clock_fires_never_loses_the_order(db: Db, late_by_s: float) -> None:
    """Stock is left, so the order ends paid either way: not cancelled at all, or cancelled and reinstated, once."""
    shop = await make_shop(db)
    _, variant_id = await a_variant(db, shop.shop_id, stock=STOCK)
    placed = []
    for _ in range(6):
        buyer, address = await a_buyer(db)
        placed.append((buyer, await place_order(db, buyer, address, {(shop.shop_id, variant_id): 1})))
    pass_time(timedelta(hours=1, seconds=5))

    async def pay_late(buyer: Account, purchase: object) -> None:
        await asyncio.sleep(late_by_s)
        await pay(db, buyer, purchase)  # type: ignore[arg-type]

    await asyncio.gather(sweep(db), *(pay_late(buyer, purchase) for buyer, purchase in placed))
    await sweep(db)
    for buyer, purchase in placed:
        (order,) = await orders_of(db, buyer, purchase)
        seen = await facts_of(db, order)
        assert (order.state, order.units, order.refunded_minor) == (State.NEW, 1, 0)
        assert seen["order.cancelled"] == seen["order.reinstated"] == seen["deadline.fired"]
        assert (await clocks_of(db, order))["payment.deadline"] == ("fired" if seen["order.cancelled"] else "stopped")
    assert await available(db, shop.shop_id, variant_id) == STOCK - len(placed)


async def test_a_shop_that_does_not_confirm_loses_the_order_and_the_buyer_gets_the_money_back(db: Db) -> None:
    shop = await make_shop(db)
    _, variant_id = await a_variant(db, shop.shop_id, stock=STOCK)
    buyer, order = await paid_order(db, shop, variant_id)
    assert (await clocks_of(db, order))["confirm.deadline"] == "running"
    await pass_to(db, order, "confirm.deadline")
    assert await sweep(db) == 1
    after = await order_now(db, order)
    assert (after.state, after.refunded_minor) == (State.CANCELLED, order.total_minor)
    async with db.any().reading() as tx:
        refunds = await payments.refunds_of_order(tx, buyer_id=buyer.id, order_id=order.id)
    assert [refund.amount_minor for refund in refunds] == [order.total_minor]
    assert await available(db, shop.shop_id, variant_id) == STOCK


async def test_a_confirmed_order_is_first_late_then_cancelled(db: Db) -> None:
    shop = await make_shop(db)
    _, variant_id = await a_variant(db, shop.shop_id, stock=STOCK)
    _, order = await paid_order(db, shop, variant_id)
    await order_actions.confirm(
        db,
        shop_id=order.shop_id,
        order_id=order.id,
        by=Actor.seller(shop.owner.id),
        calendar=WorkingCalendar(),
        zone="Asia/Jakarta",
    )
    await pass_to(db, order, "ship.sla")
    assert await sweep(db) == 1
    assert (await order_now(db, order)).state is State.AWAITING_SHIPMENT
    async with db.any().reading() as tx:
        rows = await queries.of_order(tx, shop_id=order.shop_id, order_id=order.id)
    items = strip(rows, now=clock.now(), audience="buyer", translator=translator("en"))
    assert [(item.kind, item.urgency == "late") for item in items] == [("ship.sla", True), ("ship.autocancel", False)]
    await pass_to(db, order, "ship.autocancel")
    assert await sweep(db) == 1
    assert (await order_now(db, order)).state is State.CANCELLED
    assert (await facts_of(db, order))["deadline.fired"] == 2
    assert await available(db, shop.shop_id, variant_id) == STOCK


async def test_confirming_while_the_clock_fires_has_one_winner(db: Db) -> None:
    shop = await make_shop(db)
    _, variant_id = await a_variant(db, shop.shop_id, stock=STOCK)
    orders = [(await paid_order(db, shop, variant_id))[1] for _ in range(6)]
    await pass_to(db, orders[0], "confirm.deadline")
    pass_time(timedelta(seconds=30))

    async def confirm(order: Order) -> None:
        await order_actions.confirm(
            db,
            shop_id=order.shop_id,
            order_id=order.id,
            by=Actor.seller(shop.owner.id),
            calendar=WorkingCalendar(),
            zone="Asia/Jakarta",
        )

    await asyncio.gather(sweep(db), *(confirm(order) for order in orders), return_exceptions=True)
    await sweep(db)
    ends = [(await order_now(db, order)).state for order in orders]
    assert set(ends) <= {State.AWAITING_SHIPMENT, State.CANCELLED}
    for order, end in zip(orders, ends, strict=True):
        fired = (await clocks_of(db, order))["confirm.deadline"]
        assert fired == ("fired" if end is State.CANCELLED else "stopped")
        seen = await facts_of(db, order)
        assert seen["order.cancelled"] + seen["order.confirmed"] == 1
    assert await available(db, shop.shop_id, variant_id) == STOCK - ends.count(State.AWAITING_SHIPMENT)


async def test_extending_while_the_clock_fires_has_one_winner(db: Db) -> None:
    """Either the order completed and the extension is refused, or it has three more days and completes then."""
    for _ in range(6):
        ready = await ready_order(db, quantities=(1,))
        parcel = await arranged(db, ready)
        for status in ("collected", "delivered"):
            told = a_report(parcel, status)
            await tracking.record_tracking(db, told, vendor="carriers.sandbox", parcel=(parcel.shop_id, parcel.id))
        order = await shipped_order_now(db, ready)
        assert order.state is State.DELIVERED
        await pass_to(db, order, "deliver.autocomplete")
        extending = order_actions.extend_receipt(db, buyer_id=ready.buyer_id, order_id=ready.order_id)
        _, extended = await asyncio.gather(sweep(db), extending, return_exceptions=True)
        clock_state = (await clocks_of(db, order))["deliver.autocomplete"]
        if isinstance(extended, NotExtendable):
            assert ((await order_now(db, order)).state, clock_state) == (State.COMPLETED, "fired")
            continue
        assert ((await order_now(db, order)).state, clock_state) == (State.DELIVERED, "running")
        assert await sweep(db) == 0
        pass_time(timedelta(days=3))
        assert await sweep(db) == 1
        assert (await order_now(db, order)).state is State.COMPLETED
