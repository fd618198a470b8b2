"""What carriers report: repeated, shuffled, too late, too early, and by hand."""

import asyncio
from datetime import timedelta
from itertools import permutations

import pytest

from etalase.commerce.orders import actions as orders
from etalase.commerce.orders.rules import State
from etalase.commerce.shipping import actions, queries, tracking
from etalase.commerce.shipping.errors import NotByHand, ParcelMovedOn, ParcelNotFound
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import ParcelState
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from tests.builders.shipping import (
    Ready,
    a_report,
    arranged,
    fact_names,
    order_now,
    parcel_now,
    ready_order,
    running_clocks,
)

SELLER = Actor.seller(1)
JOURNEY = ("booked", "collected", "in_transit", "delivered")


async def report(db: Db, parcel: Parcel, status: str, **more: object) -> int:
    told = a_report(parcel, status, **more)  # type: ignore[arg-type]
    return await tracking.record_tracking(db, told, vendor="carriers.sandbox", parcel=(parcel.shop_id, parcel.id))


async def test_a_journey_moves_parcel_order_and_clocks(db: Db) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready)
    await report(db, parcel, "booked")
    assert (await order_now(db, ready)).state is State.AWAITING_COLLECTION
    await report(db, parcel, "collected", hours=24)
    assert (await order_now(db, ready)).state is State.IN_TRANSIT
    assert set(await running_clocks(db, ready)) == set()
    moved = await parcel_now(db, parcel)
    assert parcel.eta_from is not None
    assert moved.eta_from == parcel.eta_from + timedelta(hours=24)
    await report(db, parcel, "delivered", hours=48, receiver="Rina W.")
    order, arrived = await order_now(db, ready), await parcel_now(db, parcel)
    assert order.state is State.DELIVERED
    assert (arrived.state, arrived.received_by, arrived.last_status) == (ParcelState.DELIVERED, "Rina W.", "delivered")
    assert set(await running_clocks(db, ready)) == {"deliver.autocomplete"}
    names = await fact_names(db, ready)
    assert names[-4:] == ["parcel.collected", "order.in_transit", "parcel.delivered", "order.delivered"]


async def test_every_order_of_reports_ends_the_same(db: Db) -> None:
    ends = set()
    for order_of_reports in permutations(JOURNEY):
        ready = await ready_order(db, quantities=(1,))
        parcel = await arranged(db, ready)
        for status in order_of_reports:
            assert await report(db, parcel, status, hours=JOURNEY.index(status)) == 1
            assert await report(db, parcel, status, hours=JOURNEY.index(status)) == 0
        arrived, names = await parcel_now(db, parcel), await fact_names(db, ready)
        assert arrived.collected_at == parcel.arranged_at + timedelta(hours=1)
        assert arrived.delivered_at == parcel.arranged_at + timedelta(hours=3)
        for once in ("parcel.collected", "parcel.delivered", "order.in_transit", "order.delivered"):
            assert names.count(once) == 1
        assert parcel.eta_from is not None
        assert arrived.eta_from is not None
        ends.add(
            (arrived.state, arrived.last_status, (await order_now(db, ready)).state, arrived.eta_from - parcel.eta_from)
        )
    assert ends == {(ParcelState.DELIVERED, "delivered", State.DELIVERED, timedelta(hours=1))}


async def test_the_same_report_five_times_at_once_has_one_effect(db: Db) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready)
    news = await asyncio.gather(*(report(db, parcel, "collected") for _ in range(5)))
    assert sorted(news) == [0, 0, 0, 0, 1]
    assert (await fact_names(db, ready)).count("parcel.collected") == 1


async def test_a_late_report_never_moves_a_completed_order_back(db: Db) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready)
    await report(db, parcel, "delivered", hours=3)
    await orders.confirm_receipt(db, buyer_id=ready.buyer_id, order_id=ready.order_id)
    for status in ("collected", "lost", "returned", "delivery_failed"):
        await report(db, parcel, status, hours=9)
    assert (await order_now(db, ready)).state is State.COMPLETED
    assert (await parcel_now(db, parcel)).state is ParcelState.DELIVERED
    async with db.for_shop(ready.shop_id).reading() as tx:
        events = await queries.events_of_order(tx, shop_id=ready.shop_id, order_id=ready.order_id)
    assert len(events) == 5


async def test_a_cancelled_parcel_stays_cancelled_whatever_is_reported(db: Db) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready)
    await actions.undo(db, shop_id=ready.shop_id, parcel_id=parcel.id, by=SELLER)
    await report(db, parcel, "delivered")
    assert (await parcel_now(db, parcel)).state is ParcelState.CANCELLED
    assert (await order_now(db, ready)).state is State.AWAITING_SHIPMENT


async def test_the_order_is_in_transit_with_the_last_parcel_and_delivered_with_the_last(db: Db) -> None:
    ready = await ready_order(db, quantities=(1, 1))
    first = await arranged(db, ready, lines={ready.lines[0]: 1})
    second = await arranged(db, ready)
    await report(db, first, "collected")
    assert (await order_now(db, ready)).state is State.AWAITING_COLLECTION
    await report(db, first, "delivered", hours=1)
    assert (await order_now(db, ready)).state is State.AWAITING_COLLECTION
    await report(db, second, "collected")
    assert (await order_now(db, ready)).state is State.IN_TRANSIT
    await report(db, second, "delivered", hours=1)
    assert (await order_now(db, ready)).state is State.DELIVERED


@pytest.mark.parametrize("end", ["returned", "lost"])
async def test_a_parcel_that_never_arrives_is_told_and_waits_for_its_money(db: Db, end: str) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready)
    await report(db, parcel, "collected")
    await report(db, parcel, "delivery_failed", hours=1, reason="Nobody was at the address")
    await report(db, parcel, end, hours=2)
    await report(db, parcel, end, hours=2)
    assert (await order_now(db, ready)).state is State.IN_TRANSIT
    names = await fact_names(db, ready)
    assert names.count(f"parcel.{end}") == 1
    assert names.count("parcel.delivery_failed") == 1


async def test_cash_on_delivery_is_with_the_courier_once_delivered(db: Db) -> None:
    ready = await ready_order(db, is_cod=True)
    parcel = await arranged(db, ready)
    await report(db, parcel, "delivered")
    async with db.for_shop(ready.shop_id).transaction() as tx:
        cursor = await tx.connection.execute(
            "SELECT account, sum(amount_minor)::bigint FROM ledger_entries WHERE order_id = %s GROUP BY account",
            (ready.order_id,),
        )
        sums = dict(await cursor.fetchall())
    assert sums == {"cod_receivable": 162_000, "escrow": -162_000}


async def test_a_report_without_our_reference_finds_the_parcel_by_its_number(db: Db) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready)
    assert await tracking.record_tracking(db, a_report(parcel, "collected"), vendor="aggregator") == 1
    assert (await parcel_now(db, parcel)).state is ParcelState.IN_TRANSIT
    with pytest.raises(ParcelNotFound):
        await tracking.record_tracking(db, a_report(parcel, "collected", number="0000"), vendor="aggregator")


async def test_the_shops_own_courier_is_told_by_hand(db: Db) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready, carrier="own", service="own", tracking_number=None)
    assert parcel.booking == "none"
    await tracking.hand_over(db, shop_id=ready.shop_id, parcel_id=parcel.id, by=SELLER)
    assert (await order_now(db, ready)).state is State.IN_TRANSIT
    assert set(await running_clocks(db, ready)) == {"ship.own_courier_max"}
    with pytest.raises(ParcelMovedOn):
        await tracking.hand_over(db, shop_id=ready.shop_id, parcel_id=parcel.id, by=SELLER)
    await tracking.deliver_by_hand(db, shop_id=ready.shop_id, parcel_id=parcel.id, by=SELLER, received_by=" Pak Budi ")
    arrived = await parcel_now(db, parcel)
    assert (arrived.state, arrived.received_by) == (ParcelState.DELIVERED, "Pak Budi")
    assert set(await running_clocks(db, ready)) == {"deliver.autocomplete"}


async def test_a_carriers_parcel_is_not_told_by_hand(db: Db) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready)
    with pytest.raises(NotByHand):
        await tracking.deliver_by_hand(db, shop_id=ready.shop_id, parcel_id=parcel.id, by=SELLER, received_by="x")


async def test_a_list_asks_once_for_the_tracking_of_all_its_orders(db: Db) -> None:
    ready = await ready_order(db, quantities=(1, 1))
    first = await arranged(db, ready, lines={ready.lines[0]: 1})
    await arranged(db, ready)
    await report(db, first, "delivered", hours=2, place="Jakarta Pusat")
    other = await _second_order(db, ready)
    async with db.for_shop(ready.shop_id).reading() as tx:
        found = await queries.tracking_of_orders(tx, shop_id=ready.shop_id, order_ids=[ready.order_id, other.order_id])
    assert set(found) == {ready.order_id}
    row = found[ready.order_id]
    assert (row.parcels, row.delivered, row.last_status, row.place) == (2, 1, "delivered", "Jakarta Pusat")


async def _second_order(db: Db, ready: Ready) -> Ready:
    return await ready_order(db, shop=(ready.shop_id, ready.seller_id))
