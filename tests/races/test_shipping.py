"""Cancel against ship on real commits: exactly one wins, and stock tells the same story."""

import asyncio

from etalase.commerce.orders.errors import MoveNotAllowed
from etalase.commerce.orders.rules import State
from etalase.commerce.shipping import actions, queries, tracking
from etalase.commerce.shipping.rules import ParcelState
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.journeys.cancellations.actions import cancel_by_seller
from etalase.journeys.cancellations.errors import UnitsInParcel
from etalase.journeys.cancellations.rules import SELLER_REASONS
from tests.builders.shipping import Ready, a_report, arranged, order_now, parcel_now, ready_order, stock_now

ROUNDS = 15
SELLER = Actor.seller(1)


async def cancel(db: Db, ready: Ready) -> object:
    return await cancel_by_seller(
        db,
        shop_id=ready.shop_id,
        order_id=ready.order_id,
        units=None,
        reason=next(iter(SELLER_REASONS)),
        note="",
        restock=True,
        by=SELLER,
    )


async def test_cancelling_against_arranging(db: Db) -> None:
    outcomes = set()
    for round_number in range(ROUNDS):
        ready = await ready_order(db, is_cod=True)
        verbs = [cancel(db, ready), arranged(db, ready)]
        await asyncio.gather(*(verbs if round_number % 2 else reversed(verbs)), return_exceptions=True)
        order = await order_now(db, ready)
        async with db.for_shop(ready.shop_id).reading() as tx:
            parcels = await queries.parcels_of_order(tx, shop_id=ready.shop_id, order_id=ready.order_id)
        # arranging first and cancelling right after is allowed: then the parcel is undone with the order
        assert order.state is State.CANCELLED
        assert all(parcel.state is ParcelState.CANCELLED for parcel in parcels)
        assert await stock_now(db, ready) == (10, 0)
        outcomes.add(len(parcels))
    assert outcomes <= {0, 1}


async def test_cancelling_against_collecting_exactly_one_wins(db: Db) -> None:
    for round_number in range(ROUNDS):
        ready = await ready_order(db, is_cod=True)
        parcel = await arranged(db, ready)
        verbs = [
            cancel(db, ready),
            tracking.record_tracking(db, a_report(parcel, "collected"), vendor="x", parcel=(parcel.shop_id, parcel.id)),
        ]
        answers = await asyncio.gather(*(verbs if round_number % 2 else reversed(verbs)), return_exceptions=True)
        order, now = await order_now(db, ready), await parcel_now(db, parcel)
        if any(isinstance(answer, (MoveNotAllowed, UnitsInParcel)) for answer in answers):
            assert (order.state, now.state) == (State.IN_TRANSIT, ParcelState.IN_TRANSIT)
            assert await stock_now(db, ready) == (8, 0)
        else:
            assert (order.state, now.state) == (State.CANCELLED, ParcelState.CANCELLED)
            assert await stock_now(db, ready) == (10, 0)


async def test_two_halves_arranged_at_once_complete_the_order(db: Db) -> None:
    for _ in range(ROUNDS):
        ready = await ready_order(db, quantities=(1, 1))
        first, second = ready.lines
        await asyncio.gather(arranged(db, ready, lines={first: 1}), arranged(db, ready, lines={second: 1}))
        assert (await order_now(db, ready)).state is State.AWAITING_COLLECTION
        assert [await stock_now(db, ready, index) for index in (0, 1)] == [(9, 0), (9, 0)]


async def test_undoing_one_parcel_while_the_other_is_collected(db: Db) -> None:
    for _ in range(ROUNDS):
        ready = await ready_order(db, quantities=(1, 1))
        first = await arranged(db, ready, lines={ready.lines[0]: 1})
        second = await arranged(db, ready)
        await asyncio.gather(
            actions.undo(db, shop_id=ready.shop_id, parcel_id=first.id, by=SELLER),
            tracking.record_tracking(db, a_report(second, "collected"), vendor="x", parcel=(second.shop_id, second.id)),
        )
        assert (await order_now(db, ready)).state is State.AWAITING_SHIPMENT
        assert (await parcel_now(db, second)).state is ParcelState.IN_TRANSIT
