"""Many parcels at once: what fails does not hold up the rest; pick-up times; papers that were printed."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from etalase.commerce.orders.rules import State
from etalase.commerce.shipping import actions, batch, packing, papers
from etalase.commerce.shipping.actions import ParcelPlan
from etalase.commerce.shipping.batch import Outcome, Wanted
from etalase.commerce.shipping.errors import SlotPassed, TooManyParcels
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from tests.builders.shipping import Ready, a_shop, arranged, fact_names, order_now, parcel_now, ready_order

SELLER = Actor.seller(1)
PICKUP = ParcelPlan(method="pickup", carrier="jne", service="reg")


async def orders_of_a_shop(db: Db, n: int) -> list[Ready]:
    shop = await a_shop(db)
    return [await ready_order(db, shop=shop, quantities=(2,)) for _ in range(n)]


async def arrange(db: Db, shop_id: int, *order_ids: int, plan: ParcelPlan = PICKUP) -> list[Outcome]:
    async with db.for_shop(shop_id).reading() as tx:
        keys = await batch.parcels_to_arrange(tx, shop_id=shop_id, order_ids=order_ids)
    wanted = [Wanted(order_id, plan, plan_id) for order_id, plan_id in keys]
    return await batch.arrange_many(db, shop_id=shop_id, wanted=wanted, by=SELLER)


async def test_what_fails_is_named_and_the_rest_is_done(db: Db) -> None:
    done, moved_on = await orders_of_a_shop(db, 2)
    stranger = await ready_order(db)
    parcel = await arranged(db, moved_on)
    report = await arrange(db, done.shop_id, done.order_id, moved_on.order_id, stranger.order_id, 7)
    assert [(one.problem, one.is_repeat, one.parcel is not None) for one in report] == [
        ("", False, True),
        ("", True, True),
        ("not_found", False, False),
        ("not_found", False, False),
    ]
    assert report[1].parcel is not None
    assert report[1].parcel.id == parcel.id
    assert (await order_now(db, done)).state is State.AWAITING_COLLECTION
    assert (await order_now(db, stranger)).state is State.AWAITING_SHIPMENT


async def test_pressing_twice_arranges_once(db: Db) -> None:
    ready = await orders_of_a_shop(db, 3)
    ids = [one.order_id for one in ready]
    reports = await asyncio.gather(*(arrange(db, ready[0].shop_id, *ids) for _ in range(2)))
    assert all(one.parcel and not one.problem for report in reports for one in report)
    assert sum(one.is_repeat for report in reports for one in report) == 3
    for one in ready:
        assert (await fact_names(db, one)).count("parcel.arranged") == 1


async def test_split_and_combined_orders_are_arranged_as_planned(db: Db) -> None:
    split, first = await orders_of_a_shop(db, 2)
    shop = (first.shop_id, first.seller_id)
    second = await ready_order(db, shop=shop, buyer_id=first.buyer_id)
    await packing.split(db, shop_id=shop[0], order_id=split.order_id, groups=[{split.lines[0]: 1}], by=SELLER)
    await packing.combine(db, shop_id=shop[0], order_ids=[first.order_id, second.order_id], by=SELLER)
    report = await arrange(db, shop[0], split.order_id, first.order_id, second.order_id)
    assert [len(one.parcel.order_ids) for one in report if one.parcel] == [1, 1, 2]
    for ready in (split, first, second):
        assert (await order_now(db, ready)).state is State.AWAITING_COLLECTION


async def test_a_batch_has_an_end(db: Db) -> None:
    with pytest.raises(TooManyParcels):
        await batch.arrange_many(db, shop_id=1, wanted=[Wanted(1, PICKUP)] * 101, by=SELLER)


async def test_a_pick_up_time_is_kept_and_a_past_one_refused(db: Db) -> None:
    now = clock.now()
    slot = (now + timedelta(days=1), now + timedelta(days=1, hours=3))
    ready = await ready_order(db)
    late = ParcelPlan(method="pickup", carrier="jne", service="reg", slot=(now - timedelta(hours=3), now))
    with pytest.raises(SlotPassed):
        await actions.arrange(db, shop_id=ready.shop_id, order_id=ready.order_id, by=SELLER, plan=late)
    parcel = await arranged(db, ready, method="pickup", tracking_number=None, slot=slot)
    kept = await parcel_now(db, parcel)
    assert kept.pickup == slot
    assert kept.eta_from is not None
    assert kept.eta_from > slot[0]
    dropped = await arranged(db, await ready_order(db), method="drop_off", tracking_number=None, slot=slot)
    assert (await parcel_now(db, dropped)).pickup is None


async def test_papers_are_marked_once_and_only_in_their_shop(db: Db) -> None:
    ready, stranger = await ready_order(db), await ready_order(db)
    parcel, other = await arranged(db, ready), await arranged(db, stranger)
    ids = [parcel.id, other.id]
    mark = partial(papers.mark_printed, db, shop_id=ready.shop_id, parcel_ids=ids, by=SELLER)
    assert await mark(labels=True, slips=False) == [parcel.id]
    assert await mark(labels=True, slips=False) == []
    assert await mark(labels=True, slips=True) == [parcel.id]
    now = await parcel_now(db, parcel)
    assert now.label_printed_at
    assert now.slip_printed_at
    assert (await parcel_now(db, other)).label_printed_at is None
    assert (await fact_names(db, ready)).count("parcel.printed") == 2
    async with db.for_shop(ready.shop_id).reading() as tx:
        assert [one.id for one in await papers.parcels_of_shop(tx, shop_id=ready.shop_id, parcel_ids=ids)] == [
            parcel.id
        ]
        orders = [ready.order_id, stranger.order_id]
        assert await papers.live_parcels_of_orders(tx, shop_id=ready.shop_id, order_ids=orders) == [parcel.id]
