"""Splitting an order over parcels, combining orders in one, and what then moves together."""

import asyncio

import pytest

from etalase.commerce.orders import actions as orders
from etalase.commerce.orders.errors import MoveNotAllowed, OrderNotFound
from etalase.commerce.orders.rules import State
from etalase.commerce.shipping import actions, packing, plans, queries, tracking
from etalase.commerce.shipping.actions import ParcelPlan
from etalase.commerce.shipping.errors import (
    NotCombinable,
    NothingToShip,
    NothingToSplit,
    PlannedOtherwise,
    PlanNotFound,
    TooManyUnits,
)
from etalase.commerce.shipping.plans import Plan
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import ParcelState
from etalase.foundation.facts import Actor, RecordedFact
from etalase.foundation.sql import Db
from etalase.journeys.cancellations import actions as cancellations
from etalase.journeys.cancellations.rules import SELLER_REASONS
from tests.builders.shipping import (
    Ready,
    a_number,
    a_report,
    a_shop,
    arranged,
    fact_names,
    order_now,
    parcel_now,
    ready_order,
    stock_now,
)

SELLER = Actor.seller(1)
PICKUP = ParcelPlan(method="pickup", carrier="jne", service="reg")


async def pair(db: Db, *, is_cod: bool = False) -> tuple[Ready, Ready]:
    """Two orders of one buyer to one address."""
    shop = await a_shop(db)
    first = await ready_order(db, shop=shop, quantities=(2,), is_cod=is_cod)
    return first, await ready_order(db, shop=shop, quantities=(1, 1), buyer_id=first.buyer_id, is_cod=is_cod)


async def combined(db: Db, *orders: Ready) -> Plan:
    return await packing.combine(
        db, shop_id=orders[0].shop_id, order_ids=[order.order_id for order in orders], by=SELLER
    )


async def sent(db: Db, plan: Plan, how: ParcelPlan | None = None) -> Parcel:
    number = ParcelPlan(method="own_number", carrier="jne", service="reg", tracking_number=a_number())
    return await actions.arrange_planned(db, shop_id=plan.shop_id, plan_id=plan.id, by=SELLER, plan=how or number)


async def told(db: Db, parcel: Parcel, status: str, *, hours: int) -> None:
    report = a_report(parcel, status, hours=hours)
    await tracking.record_tracking(db, report, vendor="x", parcel=(parcel.shop_id, parcel.id))


async def cancel(db: Db, ready: Ready, units: dict[int, int] | None = None) -> object:
    return await cancellations.cancel_by_seller(
        db, shop_id=ready.shop_id, order_id=ready.order_id, units=units, reason=next(iter(SELLER_REASONS)), note="",
        restock=True, by=SELLER,
    )  # fmt: skip


async def seen_from(db: Db, ready: Ready) -> list[Parcel]:
    async with db.for_shop(ready.shop_id).reading() as tx:
        return await queries.parcels_of_order(tx, shop_id=ready.shop_id, order_id=ready.order_id)


async def planned(db: Db, ready: Ready) -> list[Plan]:
    async with db.for_shop(ready.shop_id).reading() as tx:
        return await plans.plans_of_orders(tx, shop_id=ready.shop_id, order_ids=[ready.order_id])


async def test_an_order_is_split_by_line_and_quantity_and_sent_in_parts(db: Db) -> None:
    ready = await ready_order(db, quantities=(3, 1))
    first, second = ready.lines
    parts = await packing.split(db, shop_id=ready.shop_id, order_id=ready.order_id, groups=[{first: 2}], by=SELLER)
    assert [part.units for part in parts] == [{ready.order_id: {first: 2}}, {ready.order_id: {first: 1, second: 1}}]
    with pytest.raises(PlannedOtherwise) as refused:
        await arranged(db, ready)
    assert refused.value.plan_ids == tuple(part.id for part in parts)
    parcel = await sent(db, parts[0])
    assert (parcel.id, parcel.units) == (parts[0].id, {first: 2})
    assert (await order_now(db, ready)).state is State.AWAITING_SHIPMENT
    await sent(db, parts[1])
    assert (await order_now(db, ready)).state is State.AWAITING_COLLECTION
    assert [await stock_now(db, ready, index) for index in (0, 1)] == [(7, 0), (9, 0)]
    with pytest.raises(PlanNotFound):
        await sent(db, parts[1])


async def test_an_undone_part_of_a_split_order_is_planned_again(db: Db) -> None:
    ready = await ready_order(db, quantities=(3,))
    [line] = ready.lines
    parts = await packing.split(db, shop_id=ready.shop_id, order_id=ready.order_id, groups=[{line: 1}], by=SELLER)
    parcel = await sent(db, parts[0])
    await actions.undo(db, shop_id=ready.shop_id, parcel_id=parcel.id, by=SELLER)
    assert sorted(plan.units[ready.order_id][line] for plan in await planned(db, ready)) == [1, 2]
    for plan in await planned(db, ready):
        await sent(db, plan)
    assert (await order_now(db, ready)).state is State.AWAITING_COLLECTION
    assert await stock_now(db, ready) == (7, 0)


async def test_splitting_again_replaces_the_plan_and_can_be_undone(db: Db) -> None:
    ready = await ready_order(db, quantities=(2, 1))
    keys = {"shop_id": ready.shop_id, "order_id": ready.order_id}
    first, second = ready.lines
    await packing.split(db, **keys, groups=[{first: 1}], by=SELLER)
    await packing.split(db, **keys, groups=[{first: 2}, {second: 1}], by=SELLER)
    assert [plan.units[ready.order_id] for plan in await planned(db, ready)] == [{first: 2}, {second: 1}]
    assert await packing.undo_split(db, **keys, by=SELLER)
    assert not await packing.undo_split(db, **keys, by=SELLER)
    assert await planned(db, ready) == []
    parcel = await arranged(db, ready)
    assert (parcel.id, parcel.units) == (ready.order_id, {first: 2, second: 1})
    with pytest.raises(MoveNotAllowed):
        await packing.split(db, **keys, groups=[{first: 1}], by=SELLER)


@pytest.mark.parametrize(
    ("amounts", "error"),
    [((2, 1), NothingToSplit), ((0, 0), NothingToSplit), ((3, 0), TooManyUnits), ((-1, 0), TooManyUnits)],
)
async def test_what_is_no_split(db: Db, amounts: tuple[int, int], error: type[Exception]) -> None:
    ready = await ready_order(db, quantities=(2, 1))
    group = dict(zip(ready.lines, amounts, strict=True))
    with pytest.raises(error):
        await packing.split(db, shop_id=ready.shop_id, order_id=ready.order_id, groups=[group], by=SELLER)


async def test_lines_of_other_orders_and_orders_of_other_shops_are_refused(db: Db) -> None:
    ready, other = await ready_order(db), await ready_order(db)
    with pytest.raises(TooManyUnits):
        await packing.split(db, shop_id=ready.shop_id, order_id=ready.order_id, groups=[{other.lines[0]: 1}], by=SELLER)
    with pytest.raises(OrderNotFound):
        await packing.split(db, shop_id=ready.shop_id, order_id=other.order_id, groups=[{other.lines[0]: 1}], by=SELLER)
    parts = await packing.split(
        db, shop_id=other.shop_id, order_id=other.order_id, groups=[{other.lines[0]: 1}], by=SELLER
    )
    with pytest.raises(PlanNotFound):
        await actions.arrange_planned(db, shop_id=ready.shop_id, plan_id=parts[0].id, by=SELLER, plan=PICKUP)
    with pytest.raises(OrderNotFound):
        await packing.combine(db, shop_id=ready.shop_id, order_ids=[ready.order_id, other.order_id], by=SELLER)


async def test_units_cancelled_after_splitting_are_left_out(db: Db) -> None:
    ready = await ready_order(db, quantities=(2, 1))
    first, second = ready.lines
    parts = await packing.split(db, shop_id=ready.shop_id, order_id=ready.order_id, groups=[{first: 2}], by=SELLER)
    await cancel(db, ready, {second: 1})
    with pytest.raises(NothingToShip):
        await sent(db, parts[1])
    await sent(db, parts[0])
    assert (await order_now(db, ready)).state is State.AWAITING_COLLECTION


async def test_orders_of_one_buyer_travel_in_one_parcel(db: Db) -> None:
    first, second = await pair(db)
    async with db.for_shop(first.shop_id).reading() as tx:
        groups = await plans.combinable_groups(tx, shop_id=first.shop_id, limit=10)
    assert [group.order_ids for group in groups] == [(first.order_id, second.order_id)]
    plan = await combined(db, first, second)
    async with db.for_shop(first.shop_id).reading() as tx:
        assert await plans.combinable_groups(tx, shop_id=first.shop_id, limit=10) == []
    parcel = await sent(db, plan)
    assert parcel.order_ids == (first.order_id, second.order_id)
    for ready, units in ((first, 2), (second, 2)):
        assert (await order_now(db, ready)).state is State.AWAITING_COLLECTION
        assert [(seen.id, seen.units_count, seen.is_combined) for seen in await seen_from(db, ready)] == [
            (parcel.id, units, True)
        ]
        assert (await fact_names(db, ready))[-3:] == ["order.combined", "parcel.arranged", "order.arranged"]
    await told(db, parcel, "collected", hours=1)
    await told(db, parcel, "delivered", hours=20)
    for ready in (first, second):
        assert (await order_now(db, ready)).state is State.DELIVERED
        assert (await fact_names(db, ready)).count("parcel.delivered") == 1
    await orders.confirm_receipt(db, buyer_id=first.buyer_id, order_id=first.order_id)
    assert (await order_now(db, second)).state is State.DELIVERED


async def test_undoing_a_combined_parcel_frees_all_its_orders(db: Db) -> None:
    first, second = await pair(db)
    parcel = await sent(db, await combined(db, first, second))
    await actions.undo(db, shop_id=parcel.shop_id, parcel_id=parcel.id, by=SELLER)
    for ready in (first, second):
        assert (await order_now(db, ready)).state is State.AWAITING_SHIPMENT
    assert await stock_now(db, first) == (10, 2)
    again = await combined(db, first, second)
    assert (await sent(db, again)).id != parcel.id


async def test_cancelling_one_order_takes_it_out_of_the_parcel(db: Db) -> None:
    first, second = await pair(db, is_cod=True)
    parcel = await sent(db, await combined(db, first, second))
    await cancel(db, first)
    assert (await order_now(db, first)).state is State.CANCELLED
    assert await stock_now(db, first) == (10, 0)
    left = await parcel_now(db, parcel)
    assert (left.state, left.order_ids) == (ParcelState.AWAITING_COLLECTION, (second.order_id,))
    await told(db, parcel, "collected", hours=1)
    assert (await order_now(db, second)).state is State.IN_TRANSIT
    assert (await order_now(db, first)).state is State.CANCELLED


async def test_both_orders_of_a_parcel_cancelled_at_once_leave_no_parcel_open(db: Db) -> None:
    for _ in range(8):
        first, second = await pair(db, is_cod=True)
        parcel = await sent(db, await combined(db, first, second))
        await asyncio.gather(cancel(db, first), cancel(db, second))
        assert (await parcel_now(db, parcel)).state is ParcelState.CANCELLED
        assert await stock_now(db, first) == (10, 0)
        assert await stock_now(db, second) == (10, 0)


async def test_a_lost_combined_parcel_ends_each_order_by_itself(db: Db) -> None:
    first, second = await pair(db, is_cod=True)
    parcel = await sent(db, await combined(db, first, second))
    await told(db, parcel, "lost", hours=30)
    for fact_id, ready in enumerate((first, second), start=1):
        for _ in range(2):
            await cancellations.parcel_failed(
                db, shop_id=ready.shop_id, order_id=ready.order_id, parcel_id=parcel.id, fact_id=fact_id, reason="lost"
            )
        assert (await order_now(db, ready)).state is State.CANCELLED
    assert await stock_now(db, first) == (8, 0)


async def test_the_own_courier_gives_up_a_combined_parcel_for_both_orders(db: Db) -> None:
    first, second = await pair(db, is_cod=True)
    own = ParcelPlan(method="own_number", carrier="own", service="own")
    parcel = await sent(db, await combined(db, first, second), own)
    await tracking.hand_over(db, shop_id=parcel.shop_id, parcel_id=parcel.id, by=SELLER)
    for ready in (first, second):
        await cancellations.cancel_undelivered(db, shop_id=ready.shop_id, order_id=ready.order_id)
        assert (await order_now(db, ready)).state is State.CANCELLED
    assert (await parcel_now(db, parcel)).state is ParcelState.LOST


async def test_uncombining_before_arranging(db: Db) -> None:
    first, second = await pair(db)
    third = await ready_order(db, shop=(first.shop_id, first.seller_id), buyer_id=first.buyer_id)
    plan = await combined(db, first, second, third)
    shop_id, plan_id = plan.shop_id, plan.id
    left = await packing.uncombine(db, shop_id=shop_id, plan_id=plan_id, order_ids=[third.order_id], by=SELLER)
    assert left is not None
    assert left.order_ids == (first.order_id, second.order_id)
    assert (await arranged(db, third)).order_ids == (third.order_id,)
    with pytest.raises(PlanNotFound):
        await packing.uncombine(db, shop_id=shop_id, plan_id=plan_id, order_ids=[third.order_id], by=SELLER)
    assert await packing.uncombine(db, shop_id=shop_id, plan_id=plan_id, order_ids=[first.order_id], by=SELLER) is None
    assert await planned(db, second) == []
    with pytest.raises(PlanNotFound):
        await packing.uncombine(db, shop_id=shop_id, plan_id=plan_id, by=SELLER)


async def refusal(db: Db, *orders: Ready) -> str:
    with pytest.raises(NotCombinable) as refused:
        await combined(db, *orders)
    return refused.value.why


async def test_what_can_not_be_combined(db: Db) -> None:
    first, second = await pair(db)
    shop = (first.shop_id, first.seller_id)
    assert await refusal(db, first) == "count"
    assert await refusal(db, first, await ready_order(db, shop=shop)) == "buyer"
    cod = await ready_order(db, shop=shop, buyer_id=first.buyer_id, is_cod=True)
    assert await refusal(db, first, cod) == "payment"
    partly = await ready_order(db, shop=shop, buyer_id=first.buyer_id)
    await arranged(db, partly, lines={partly.lines[0]: 1})
    assert await refusal(db, first, partly) == "parcel"
    await packing.split(db, shop_id=first.shop_id, order_id=first.order_id, groups=[{first.lines[0]: 1}], by=SELLER)
    assert await refusal(db, first, second) == "planned"


async def test_an_address_changed_after_combining_stops_the_parcel(db: Db) -> None:
    first, second = await pair(db)
    plan = await combined(db, first, second)
    async with db.for_shop(first.shop_id).transaction() as tx:
        await tx.connection.execute(
            'UPDATE orders SET address = address || \'{"street": "Jl. Baru 9"}\' WHERE shop_id = %s AND id = %s',
            (first.shop_id, second.order_id),
        )
    with pytest.raises(NotCombinable) as refused:
        await sent(db, plan)
    assert refused.value.why == "address"


async def test_an_order_whose_address_changes_leaves_the_shared_parcel(db: Db) -> None:
    first, second = await pair(db)
    third = await ready_order(db, shop=(first.shop_id, first.seller_id), buyer_id=first.buyer_id)
    plan = await combined(db, first, second, third)
    fact = RecordedFact(
        first.shop_id, 1, "order.address_changed", "order", second.order_id, second.order_id, second.buyer_id, "buyer",
        second.buyer_id, plan.planned_at, {},
    )  # fmt: skip
    for _ in range(2):
        await packing.leave_shared_parcel(db, fact)
    assert await planned(db, second) == []
    assert [one.order_ids for one in await planned(db, first)] == [(first.order_id, third.order_id)]


async def test_two_sellers_arranging_the_same_plan_make_one_parcel(db: Db) -> None:
    for _ in range(8):
        first, second = await pair(db)
        plan = await combined(db, first, second)
        answers = await asyncio.gather(sent(db, plan), sent(db, plan), return_exceptions=True)
        assert [type(answer) for answer in answers if not isinstance(answer, Parcel)] == [PlanNotFound]
        assert [len(await seen_from(db, ready)) for ready in (first, second)] == [1, 1]
        assert await stock_now(db, first) == (8, 0)


async def test_splitting_against_arranging_against_cancelling(db: Db) -> None:
    for round_number in range(8):
        ready = await ready_order(db, quantities=(2, 1), is_cod=True)
        verbs = [
            packing.split(db, shop_id=ready.shop_id, order_id=ready.order_id, groups=[{ready.lines[0]: 1}], by=SELLER),
            arranged(db, ready),
            *([cancel(db, ready)] if round_number % 2 else []),
        ]
        await asyncio.gather(*verbs, return_exceptions=True)
        order, plans_now, parcels = await order_now(db, ready), await planned(db, ready), await seen_from(db, ready)
        if round_number % 2:
            assert (order.state, plans_now) == (State.CANCELLED, [])
            assert await stock_now(db, ready) == (10, 0)
        elif parcels:
            assert (order.state, plans_now) == (State.AWAITING_COLLECTION, [])
        else:
            assert (order.state, len(plans_now)) == (State.AWAITING_SHIPMENT, 2)


async def test_combining_the_same_orders_at_once_makes_one_plan(db: Db) -> None:
    for _ in range(8):
        first, second = await pair(db)
        await asyncio.gather(combined(db, first, second), combined(db, second, first), return_exceptions=True)
        assert [len(await planned(db, ready)) for ready in (first, second)] == [1, 1]
