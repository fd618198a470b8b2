"""Returns from asking to the end: each verb, each default, and the money and stock behind them."""

from dataclasses import replace

import pytest

from etalase.commerce.evidence.errors import CaseClosed
from etalase.commerce.orders.errors import OrderNotFound
from etalase.commerce.orders.rules import Order, State
from etalase.commerce.payments import queries as payments
from etalase.foundation.sql import Db
from etalase.journeys.cancellations.rules import TooManyUnits
from etalase.journeys.returns import actions, asking
from etalase.journeys.returns.actions import Key
from etalase.journeys.returns.asking import Draft
from etalase.journeys.returns.errors import (
    EvidenceMissing,
    KindNotOffered,
    NotReturnable,
    OfferNotAllowed,
    ReasonUnknown,
    ReturnMovedOn,
    ReturnNotFound,
    TooManyDisputes,
    WordsMissing,
)
from etalase.journeys.returns.rules import OPEN, Kind, Return, ReturnState
from tests.auditor import audit
from tests.builders.accounts import make_account
from tests.builders.returns import PHOTO, Asked, ask, asked, delivered, in_state, line_of, pass_days
from tests.builders.returns import replace as replace_goods
from tests.builders.stall import Stall, make_stall

DEFAULTS = {
    ReturnState.REQUESTED: (8, ReturnState.CLOSED, "not_sent_back"),  # approved by silence, then not sent back
    ReturnState.OFFERED: (9, ReturnState.CLOSED, "not_sent_back"),
    ReturnState.REJECTED: (3, ReturnState.CLOSED, "not_contested"),
    ReturnState.AWAITING_RETURN: (6, ReturnState.CLOSED, "not_sent_back"),
    ReturnState.RETURNING: (15, ReturnState.REFUNDED, "not_arrived"),
    ReturnState.RECEIVED: (8, ReturnState.REFUNDED, "not_inspected"),
    ReturnState.REPLACING: (14, ReturnState.REFUNDED, "not_replaced"),
    ReturnState.REPLACED: (15, ReturnState.REFUNDED, "replacement_late"),
    ReturnState.ESCALATED: (11, ReturnState.CLOSED, "not_sent_back"),
    ReturnState.DECIDED: (8, ReturnState.CLOSED, "decided"),
    ReturnState.APPEALED: (6, ReturnState.CLOSED, "decided"),
}


@pytest.mark.parametrize("state", OPEN)
async def test_nobody_acts(db: Db, database_url: str, state: ReturnState) -> None:
    made = await in_state(db, state)
    assert audit(database_url) == {}
    days, end, outcome = DEFAULTS[state]
    for _ in range(days):
        await pass_days(db, 1)
    after = await made.now()
    assert (after.state, after.outcome) == (end, outcome)
    assert audit(database_url) == {}


async def refunds_of(stall: Stall, order: Order) -> list[int]:
    async with stall.db.for_buyer(order.buyer_id).reading() as tx:
        found = await payments.refunds_of_order(tx, buyer_id=order.buyer_id, order_id=order.id)
    return [refund.amount_minor for refund in found]


async def test_a_silent_seller_pays(db: Db, database_url: str) -> None:
    made = await asked(db)
    await pass_days(db, 2.1)
    after = await made.now()
    assert (after.state, after.outcome, after.refund_minor) == (ReturnState.REFUNDED, "silence", made.order.total_minor)
    assert await refunds_of(made.stall, made.order) == [made.order.total_minor]
    assert audit(database_url) == {}


async def test_one_of_three_three_times_gives_back_what_was_paid(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await delivered(stall, units=3)
    for _ in range(3):
        made = await ask(stall, order)
        await actions.approve(db, made.seller)
    assert await refunds_of(stall, order) == [65_000, 65_000, order.total_minor - 130_000]
    assert audit(database_url) == {}
    with pytest.raises(NotReturnable) as refused:
        await ask(stall, order)
    assert refused.value.code == "nothing_left"


async def test_goods_come_back_and_are_sold_again(db: Db, database_url: str) -> None:
    made = await asked(db, kind=Kind.RETURN_AND_REFUND, units=2, of=2)
    before = await stock_of(made)
    assert (await made.send_back()).state is ReturnState.RETURNING
    after = await actions.inspect(db, made.seller, received={made.line.id: 1}, restock=True)
    assert (after.state, after.outcome, after.is_back) == (ReturnState.REFUNDED, "accepted", True)
    assert await stock_of(made) == before + 1, "one of the two was missing"
    assert audit(database_url) == {}


async def stock_of(made: Asked) -> int:
    async with made.db.any().transaction() as tx:
        cursor = await tx.connection.execute("SELECT on_hand FROM stock WHERE variant_id = %s", (made.line.variant_id,))
        row = await cursor.fetchone()
    assert row is not None
    return int(row[0])


async def test_an_offer_is_made_declined_and_accepted(db: Db, database_url: str) -> None:
    made = await asked(db, units=2, of=2)
    for percent in (0, 9, 91, 100):
        with pytest.raises(OfferNotAllowed):
            await actions.offer(db, made.seller, percent=percent)
    await actions.offer(db, made.seller, percent=30)
    with pytest.raises(ReturnMovedOn):
        await actions.approve(db, made.seller)
    assert (await actions.answer_offer(db, made.buyer, is_accepted=False)).state is ReturnState.REQUESTED
    await actions.offer(db, made.seller, percent=50, words="Mohon maaf")
    after = await actions.answer_offer(db, made.buyer, is_accepted=True)
    assert (after.state, after.outcome, after.refund_minor) == (ReturnState.REFUNDED, "offer", 65_000)
    assert audit(database_url) == {}
    rest = await ask(made.stall, made.order, units=2)
    await actions.approve(db, rest.seller)
    assert sum(await refunds_of(made.stall, made.order)) == made.order.total_minor, "the rest stayed claimable"
    assert audit(database_url) == {}


async def test_offers_end(db: Db) -> None:
    made = await asked(db)
    for _ in range(3):
        await actions.offer(db, made.seller, percent=10)
        await actions.answer_offer(db, made.buyer, is_accepted=False)
    with pytest.raises(OfferNotAllowed):
        await actions.offer(db, made.seller, percent=10)


async def test_a_rejection_is_contested_twice_at_most(db: Db) -> None:
    made = await asked(db)
    with pytest.raises(WordsMissing):
        await actions.reject(db, made.seller, reason="used", words=" ")
    with pytest.raises(ReasonUnknown):
        await actions.reject(db, made.seller, reason="nonsense", words="x")
    for _ in range(2):
        await made.reject()
        await actions.contest(db, made.buyer, words="Lihat foto ini", files=(PHOTO,))
    await made.reject()
    with pytest.raises(TooManyDisputes):
        await actions.contest(db, made.buyer, words="Lagi")
    assert (await actions.escalate(db, made.buyer, words="Tolong")).escalated_by == "buyer"


async def test_five_requests_for_a_product_at_most(db: Db) -> None:
    stall = await make_stall(db)
    order = await delivered(stall)
    for _ in range(5):
        made = await ask(stall, order)
        await actions.withdraw(db, made.buyer)
    with pytest.raises(NotReturnable) as refused:
        await ask(stall, order)
    assert refused.value.code == "too_often"


async def decided(db: Db, *, appeals: bool) -> Return:
    made = await asked(db)
    await made.escalate()
    await made.decide("none")
    if not appeals:
        return await actions.accept_decision(db, made.buyer)
    with pytest.raises(ReturnMovedOn):
        await actions.appeal(db, made.seller, words="Saya menang")
    await actions.appeal(db, made.buyer, words="Lihat lagi")
    with pytest.raises(ReturnMovedOn):
        await actions.appeal(db, made.buyer, words="Sekali lagi")
    return await made.decide("part", percent=60)


async def test_the_operator_decides_and_is_asked_once_more(db: Db, database_url: str) -> None:
    assert (await decided(db, appeals=False)).state is ReturnState.CLOSED
    after = await decided(db, appeals=True)
    assert (after.state, after.refund_minor) == (ReturnState.REFUNDED, 39_000)
    assert audit(database_url) == {}


async def test_a_seller_who_faults_what_came_back_shows_it(db: Db, database_url: str) -> None:
    made = await in_state(db, ReturnState.RECEIVED)
    with pytest.raises(EvidenceMissing):
        await actions.escalate(db, made.seller, words="Sudah dipakai")
    await actions.escalate(db, made.seller, words="Sudah dipakai", files=(PHOTO,))
    await made.decide("refund")
    after = await actions.accept_decision(db, made.seller)
    assert (after.state, after.outcome) == (ReturnState.REFUNDED, "decided")
    assert audit(database_url) == {}


async def test_an_exchange_takes_stock_and_no_money(db: Db, database_url: str) -> None:
    made = await asked(db, kind=Kind.EXCHANGE)
    before = await stock_of(made)
    await made.send_back()
    await actions.inspect(db, made.seller, received={made.line.id: 1}, restock=False)
    await replace_goods(made)
    after = await actions.confirm_replacement(db, made.buyer)
    assert (after.state, after.refund_minor) == (ReturnState.SETTLED, 0)
    assert await stock_of(made) == before - 1
    assert await refunds_of(made.stall, made.order) == []
    assert audit(database_url) == {}


async def test_completed_orders_can_be_returned_within_the_window(db: Db) -> None:
    stall = await make_stall(db)
    first, second = await stall.completed(), await stall.completed()
    made = await ask(stall, first)
    await pass_days(db, 1)
    after = await actions.approve(db, made.seller)
    assert after.refund_minor == first.total_minor
    assert (await stall.now(first)).state is State.COMPLETED
    await pass_days(db, 6.5)
    with pytest.raises(NotReturnable) as refused:
        await ask(stall, second)
    assert refused.value.code == "too_late"


async def test_what_a_request_has_to_be(db: Db) -> None:
    stall = await make_stall(db)
    order, under_way = await delivered(stall, units=2), await stall.arranged()
    with pytest.raises(EvidenceMissing):
        await ask(stall, order, files=())
    with pytest.raises(KindNotOffered):
        await ask(stall, order, reason="changed_mind", kind=Kind.REFUND_ONLY)
    with pytest.raises(ReasonUnknown):
        await ask(stall, order, reason="nonsense")
    for units in (0, -1, 3):
        with pytest.raises(TooManyUnits):
            await ask(stall, order, units=units)
    with pytest.raises(NotReturnable) as refused:
        await ask(stall, under_way)
    assert refused.value.code == "not_delivered"
    await ask(stall, order)
    await ask(stall, order)
    with pytest.raises(NotReturnable):
        await ask(stall, order)


async def test_strangers_find_nothing(db: Db) -> None:
    made, other = await asked(db), await asked(db)
    stranger = await make_account(db)
    draft = Draft(Kind.REFUND_ONLY, "damaged", {made.line.id: 1}, "x", (PHOTO,))
    with pytest.raises(OrderNotFound):
        await asking.request(db, buyer_id=stranger.id, order_id=made.order.id, draft=draft)
    theirs = Key.of_buyer(stranger.id, order_id=made.order.id, return_id=made.id)
    wrong_order = Key.of_buyer(other.order.buyer_id, order_id=other.order.id, return_id=made.id)
    for key in (theirs, wrong_order):
        with pytest.raises(ReturnNotFound):
            await actions.withdraw(db, key)
    with pytest.raises(ReturnNotFound):
        await actions.approve(db, replace(made.seller, shop_id=other.order.shop_id))
    foreign = await line_of(other.stall, other.order)
    with pytest.raises((TooManyUnits, NotReturnable)):
        await asking.request(
            db, buyer_id=made.order.buyer_id, order_id=made.order.id, draft=replace(draft, units={foreign.id: 1})
        )


async def test_what_is_over_is_over(db: Db, database_url: str) -> None:
    made = await asked(db)
    await actions.say(db, made.buyer, words="Halo?")
    await actions.withdraw(db, made.buyer)
    with pytest.raises(CaseClosed):
        await actions.say(db, made.seller, words="Halo")
    for late in (actions.approve(db, made.seller), made.reject(), actions.withdraw(db, made.buyer)):
        with pytest.raises(ReturnMovedOn):
            await late
    assert audit(database_url) == {}
