"""Buyers cancel pieces of an order at any stage; the rest goes on, and money and stock are right."""

import asyncio
from collections.abc import Mapping

import pytest

from etalase.commerce.orders import queries
from etalase.commerce.orders.errors import MoveNotAllowed
from etalase.commerce.orders.rules import Order, OrderLine, State
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.journeys.cancellations import actions
from etalase.journeys.cancellations.errors import CancelNotPossible, RequestGone
from etalase.journeys.cancellations.rules import Rule, TooManyUnits
from tests.auditor import audit
from tests.builders.stall import Stall, make_stall


async def line_of(stall: Stall, order: Order) -> OrderLine:
    async with stall.db.for_shop(order.shop_id).reading() as tx:
        return (await queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id))[0]


async def cancel(stall: Stall, order: Order, units: int | None) -> Rule:
    chosen: Mapping[int, int] | None = None if units is None else {(await line_of(stall, order)).id: units}
    return await actions.cancel_by_buyer(
        stall.db, buyer_id=order.buyer_id, order_id=order.id, reason="changed_mind", units=chosen
    )


async def answer(stall: Stall, order: Order, *, is_approved: bool) -> Order:
    return await actions.answer_request(
        stall.db, shop_id=order.shop_id, order_id=order.id, is_approved=is_approved, answer="Sudah dikemas",
        by=Actor.seller(stall.seller.id),
    )  # fmt: skip


@pytest.mark.parametrize("state", ["new", "ready"])
async def test_one_of_three_three_times_gives_back_what_was_paid(db: Db, database_url: str, state: str) -> None:
    stall = await make_stall(db)
    order: Order = await getattr(stall, state)(units=3)
    went = []
    for _ in range(3):
        assert await cancel(stall, order, 1) is Rule.AT_ONCE
        went.append((await stall.now(order)).refunded_minor)
    assert went == [65_000, 130_000, order.total_minor]
    assert (await stall.now(order)).state is State.CANCELLED
    assert audit(database_url) == {}


async def test_packed_pieces_need_the_sellers_consent(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await stall.arranged(order=await stall.ready(units=3))
    assert await cancel(stall, order, 2) is Rule.ASKS_SELLER
    with pytest.raises(CancelNotPossible):
        await cancel(stall, order, 1)
    after = await answer(stall, order, is_approved=True)
    assert (after.state, after.units, after.refunded_minor) == (State.AWAITING_SHIPMENT, 1, 130_000)
    assert audit(database_url) == {}
    again = await stall.arranged(order=after)
    assert again.state is State.AWAITING_COLLECTION
    assert audit(database_url) == {}


async def test_a_request_is_for_what_the_order_still_has(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await stall.arranged(order=await stall.ready(units=2))
    assert await cancel(stall, order, 1) is Rule.ASKS_SELLER
    cancelled = await stall.cancel(order)
    assert cancelled.state is State.CANCELLED
    with pytest.raises((RequestGone, MoveNotAllowed)):
        await answer(stall, order, is_approved=True)
    assert audit(database_url) == {}


async def test_pieces_that_are_not_there_or_not_paid_stay(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    unpaid, order = await stall.unpaid(units=2), await stall.new(units=2)
    with pytest.raises(MoveNotAllowed):
        await cancel(stall, unpaid, 1)
    for units in (3, -1, 0):
        with pytest.raises(TooManyUnits):
            await cancel(stall, order, units)
    assert await cancel(stall, unpaid, 2) is Rule.AT_ONCE
    assert (await stall.now(order)).refunded_minor == 0
    assert audit(database_url) == {}


async def test_two_taps_cancel_no_more_than_was_bought(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await stall.new(units=3)
    outcomes = await asyncio.gather(*(cancel(stall, order, 2) for _ in range(3)), return_exceptions=True)
    assert [one for one in outcomes if one is Rule.AT_ONCE] == [Rule.AT_ONCE]
    assert (await stall.now(order)).units == 1
    assert audit(database_url) == {}
