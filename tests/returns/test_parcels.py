"""What travels because of a return: labels, scans that move it, replacements, and every way they can fail."""

import pytest

from etalase.commerce.inventory import actions as inventory
from etalase.commerce.inventory.errors import StockShort
from etalase.commerce.orders.rules import State
from etalase.commerce.shipping import actions as shipping
from etalase.commerce.shipping import queries as parcel_queries
from etalase.commerce.shipping import tracking
from etalase.commerce.shipping.errors import NotByHand, ParcelMovedOn, ParcelNotFound
from etalase.commerce.shipping.rules import ParcelState, Purpose
from etalase.foundation.sql import Db
from etalase.journeys.returns import actions, parcels
from etalase.journeys.returns.errors import ParcelAlreadyThere, ReturnMovedOn
from etalase.journeys.returns.rules import Kind, ReturnState
from tests.auditor import audit
from tests.builders.returns import Asked, a_plan, asked, in_state, pass_days
from tests.returns.test_returns import refunds_of, stock_of


async def to_be_replaced(db: Db) -> Asked:
    made = await asked(db, kind=Kind.RESHIP)
    await actions.approve(db, made.seller)
    return made


async def test_an_exchange_travels_both_ways_and_leaves_the_order_alone(db: Db, database_url: str) -> None:
    made = await asked(db, kind=Kind.EXCHANGE)
    before = await stock_of(made)
    await actions.approve(db, made.seller)
    await parcels.ask_for_label(db, made.buyer, plan=a_plan())
    with pytest.raises(ParcelAlreadyThere):
        await parcels.ask_for_label(db, made.buyer, plan=a_plan("pickup"))
    assert (await made.now()).state is ReturnState.AWAITING_RETURN, "the clock runs until the carrier has it"
    assert (await made.report("collected")).state is ReturnState.RETURNING
    assert (await made.report("delivered")).state is ReturnState.RECEIVED
    await actions.inspect(db, made.seller, received={made.line.id: 1}, restock=False)
    await parcels.arrange_replacement(db, made.seller, plan=a_plan("own_number"))
    with pytest.raises(ParcelAlreadyThere):
        await parcels.arrange_replacement(db, made.seller, plan=a_plan())
    assert (await made.now()).state is ReturnState.REPLACING
    assert (await made.report("collected")).state is ReturnState.REPLACED
    after = await made.report("delivered")
    assert (after.state, after.outcome, after.refund_minor) == (ReturnState.SETTLED, "replaced", 0)
    assert await stock_of(made) == before - 1
    assert await refunds_of(made.stall, made.order) == []
    assert (await made.stall.now(made.order)).state is State.DELIVERED
    async with db.for_shop(made.order.shop_id).reading() as tx:
        [bought] = await parcel_queries.parcels_of_order(tx, shop_id=made.order.shop_id, order_id=made.order.id)
        sent = await parcel_queries.parcels_of_returns(tx, shop_id=made.order.shop_id, order_id=made.order.id)
    assert bought.purpose is Purpose.ORDER
    assert [one.purpose for one in sent] == [Purpose.WAY_BACK, Purpose.REPLACEMENT]
    assert audit(database_url) == {}


@pytest.mark.parametrize(
    ("status", "outcome", "kept"), [("lost", "replacement_lost", -1), ("returned", "replacement_returned", 0)]
)
async def test_a_replacement_that_fails_ends_with_money(
    db: Db, database_url: str, status: str, outcome: str, kept: int
) -> None:
    made = await to_be_replaced(db)
    before = await stock_of(made)
    await parcels.arrange_replacement(db, made.seller, plan=a_plan())
    after = await made.report(status)  # the carrier's first word
    assert (after.state, after.outcome) == (ReturnState.REFUNDED, outcome)
    assert await stock_of(made) == before + kept
    assert audit(database_url) == {}


async def test_a_replacement_is_undone_and_without_stock_the_money_goes_back(db: Db, database_url: str) -> None:
    made = await to_be_replaced(db)
    before = await stock_of(made)
    parcel = await parcels.arrange_replacement(db, made.seller, plan=a_plan())
    assert await stock_of(made) == before - 1
    with pytest.raises(ParcelNotFound):  # not as parcels of the order are undone, nor by the buyer
        await shipping.undo(db, shop_id=parcel.shop_id, parcel_id=parcel.id, by=made.seller.by)
    with pytest.raises(ParcelNotFound):
        await parcels.undo(db, made.buyer, parcel_id=parcel.id)
    await parcels.undo(db, made.seller, parcel_id=parcel.id)
    with pytest.raises(ParcelNotFound):
        await parcels.undo(db, made.seller, parcel_id=parcel.id)
    assert await stock_of(made) == before
    await inventory.set_available(
        db, shop_id=made.order.shop_id, variant_id=made.line.variant_id, quantity=0, by=made.seller.by
    )
    with pytest.raises(StockShort):
        await parcels.arrange_replacement(db, made.seller, plan=a_plan())
    after = await parcels.refund_instead(db, made.seller)
    assert (after.state, after.outcome) == (ReturnState.REFUNDED, "no_stock")
    assert await refunds_of(made.stall, made.order) == [made.order.total_minor]
    assert audit(database_url) == {}


async def test_the_clock_does_not_wait_for_a_parcel_nobody_hands_over(db: Db, database_url: str) -> None:
    late, idle = await to_be_replaced(db), await in_state(db, ReturnState.AWAITING_RETURN)
    before = await stock_of(late)
    await parcels.arrange_replacement(db, late.seller, plan=a_plan())
    await parcels.ask_for_label(db, idle.buyer, plan=a_plan())
    sent = await late.parcel()
    for _ in range(14):
        await pass_days(db, 1)
    assert (await late.now()).outcome == "not_replaced"
    assert await stock_of(late) == before
    assert (await idle.now()).outcome == "not_sent_back"
    async with db.for_shop(sent.shop_id).reading() as tx:
        now = await parcel_queries.parcel_of_shop(tx, shop_id=sent.shop_id, parcel_id=sent.id)
    assert now is not None
    assert now.state is ParcelState.CANCELLED
    assert audit(database_url) == {}


async def test_lost_on_the_way_back_is_the_buyers_money_again(db: Db, database_url: str) -> None:
    made = await in_state(db, ReturnState.AWAITING_RETURN)
    await parcels.ask_for_label(db, made.buyer, plan=a_plan())
    await made.report("collected")
    after = await made.report("lost")
    assert (after.state, after.outcome, after.refund_minor) == (
        ReturnState.REFUNDED,
        "lost_back",
        made.order.total_minor,
    )
    assert audit(database_url) == {}


async def test_what_comes_back_to_the_buyer_is_sent_once_more(db: Db, database_url: str) -> None:
    made = await in_state(db, ReturnState.AWAITING_RETURN)
    label = await parcels.ask_for_label(db, made.buyer, plan=a_plan())
    with pytest.raises(NotByHand):
        await tracking.hand_over(db, shop_id=label.shop_id, parcel_id=label.id, by=made.seller.by)
    await parcels.send_back(db, made.buyer, plan=a_plan("own_number"))  # the label lapses
    assert (await made.now()).state is ReturnState.RETURNING
    with pytest.raises(ParcelNotFound):
        await parcels.undo(db, made.buyer, parcel_id=label.id)
    await made.report("collected")
    with pytest.raises(ParcelMovedOn):
        await parcels.undo(db, made.buyer, parcel_id=(await made.parcel()).id)
    assert (await made.report("returned")).state is ReturnState.AWAITING_RETURN
    await parcels.ask_for_label(db, made.buyer, plan=a_plan())
    assert (await made.report("delivered")).state is ReturnState.RECEIVED
    with pytest.raises(ReturnMovedOn):
        await parcels.send_back(db, made.buyer, plan=a_plan("own_number"))
    assert audit(database_url) == {}
