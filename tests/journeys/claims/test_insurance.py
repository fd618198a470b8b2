"""Insured shipments: what they cost, who is paid when something is lost or broken, and what comes back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalase.commerce.ledger import queries as ledger
from etalase.commerce.orders.insurance import EXCLUSIONS, Terms
from etalase.commerce.orders.rules import Order, State
from etalase.foundation.facts import Actor
from etalase.foundation.policies.defaults import DEFAULTS
from etalase.foundation.sql import Db
from etalase.foundation.time_machine import actions as time_machine
from etalase.journeys.cancellations import actions as cancelling
from etalase.journeys.checkout.errors import QuoteChanged
from etalase.journeys.claims import deciding, opening
from etalase.journeys.claims.deciding import Ruling
from etalase.journeys.claims.errors import ClaimNotPossible, ReasonUnknown
from etalase.journeys.claims.opening import Told
from etalase.journeys.claims.rules import ClaimState
from tests.auditor import audit
from tests.builders.claims import claim_now, not_received, to_zero
from tests.builders.orders import Basket, make_basket, orders_of, pay
from tests.builders.stall import Stall, make_stall

DEFAULT = Terms.of(DEFAULTS["insurance.terms"].value)
OPERATOR = Actor.operator(1)
BROKEN = Told(text="The bag was torn and half of it is gone.", reason="damaged")
terms = st.builds(
    Terms, rate=st.integers(1, 1000), minimum_minor=st.integers(1, 10**6), cover_max_minor=st.integers(1, 10**9),
    claim_days=st.integers(1, 90),
)  # fmt: skip


@given(terms=terms, goods=st.integers(0, 10**10), more=st.integers(0, 10**9))
def test_a_premium_grows_with_the_goods_up_to_the_cover(terms: Terms, goods: int, more: int) -> None:
    premium = terms.premium_minor(goods)
    assert (premium == 0) == (goods == 0)
    assert premium <= terms.premium_minor(goods + more)
    assert terms.cover_minor(goods) <= min(goods, terms.cover_max_minor)
    if goods:
        assert premium >= terms.minimum_minor
        assert terms.premium_minor(terms.cover_max_minor + more) == terms.premium_minor(terms.cover_max_minor)


def test_the_usual_terms() -> None:
    assert [DEFAULT.premium_minor(goods) for goods in (1, 250_000, 300_000, 1_000_001, 50_000_000)] == [
        500, 500, 600, 2_001, 40_000,
    ]  # fmt: skip
    assert len(EXCLUSIONS) >= 3


async def insured_basket(stall: Stall) -> tuple[Basket, int]:
    """A checkout of one shop, insured, and its premium."""
    basket = await make_basket(
        stall.db, stall.buyer, stall.address, {(stall.shop.shop_id, stall.product.variant_id): 2}
    )
    plain = basket.checkout
    assert plain.lines is not None
    premium = DEFAULT.premium_minor(2 * 65_000)
    insured = replace(plain, insured=frozenset({stall.shop.shop_id}), total_seen_minor=plain.total_seen_minor + premium)
    return Basket(insured), premium


async def insured_order(stall: Stall) -> Order:
    """A paid order whose shipment is insured."""
    basket, _ = await insured_basket(stall)
    placed = await basket.place(stall.db)
    await pay(stall.db, stall.buyer, placed)
    return (await orders_of(stall.db, stall.buyer, placed))[0]


async def insured_delivered(stall: Stall) -> Order:
    order = await stall.arranged(order=await stall.confirm(await insured_order(stall)))
    await stall.report(order, "collected")
    return await stall.report(order, "delivered")


async def balances(stall: Stall, order: Order) -> dict[str, int]:
    async with stall.db.for_shop(order.shop_id).reading() as tx:
        return await ledger.balances_of_order(tx, shop_id=order.shop_id, order_id=order.id)


async def test_the_premium_is_part_of_the_total_and_seen_before(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    basket, premium = await insured_basket(stall)
    unseen = replace(basket.checkout, total_seen_minor=basket.checkout.total_seen_minor - premium)
    with pytest.raises(QuoteChanged):
        await Basket(unseen).place(db)
    placed = await basket.place(db)
    order = (await orders_of(db, stall.buyer, placed))[0]
    assert (order.insurance_minor, order.is_insured) == (premium, True)
    assert order.total_minor == order.items_minor + order.shipping_minor + premium
    await pay(db, stall.buyer, placed)
    assert audit(database_url) == {}


async def test_the_premium_comes_back_when_nothing_was_shipped(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await insured_order(stall)
    await cancelling.cancel_by_buyer(db, buyer_id=stall.buyer.id, order_id=order.id, reason="changed_mind")
    assert (await stall.now(order)).refunded_minor == order.total_minor
    assert audit(database_url) == {}


async def test_the_insurer_gets_the_premium_with_completion(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await insured_delivered(stall)
    await time_machine.advance(db, timedelta(days=8), actor=OPERATOR)
    await to_zero(db)
    assert (await stall.now(order)).state is State.COMPLETED
    assert (await balances(stall, order))["insurance"] == -order.insurance_minor
    assert (await balances(stall, order))["seller_pending"] == order.insurance_minor - order.total_minor
    assert audit(database_url) == {}


async def test_a_buyer_with_broken_goods_is_paid_by_the_insurer(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await insured_delivered(stall)
    with pytest.raises(ReasonUnknown):
        await opening.claim_insurance_as_buyer(
            db, buyer_id=stall.buyer.id, order_id=order.id, told=Told(text=BROKEN.text, reason="not_received")
        )
    claim_id = await opening.claim_insurance_as_buyer(db, buyer_id=stall.buyer.id, order_id=order.id, told=BROKEN)
    assert (await claim_now(stall, claim_id)).state is ClaimState.REVIEW
    ended = await deciding.decide(
        db, shop_id=order.shop_id, claim_id=claim_id, by=OPERATOR,
        ruling=Ruling("grant", "carrier_at_fault", "The pictures show how it was handled."),
    )  # fmt: skip
    assert (ended.state, ended.outcome, ended.paid_minor) == (ClaimState.CLOSED, "granted", order.items_minor)
    assert (await stall.now(order)).refunded_minor == order.items_minor
    assert audit(database_url) == {}
    await time_machine.advance(db, timedelta(days=10), actor=OPERATOR)
    await to_zero(db)
    money = await balances(stall, order)
    assert money["seller_pending"] == -(order.items_minor + order.shipping_minor)
    assert money["insurance"] == order.items_minor - order.insurance_minor
    assert audit(database_url) == {}


async def test_a_seller_who_paid_back_is_made_good(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await insured_delivered(stall)
    with pytest.raises(ClaimNotPossible):
        await opening.claim_insurance_as_seller(
            db, shop_id=order.shop_id, order_id=order.id, told=BROKEN, by=Actor.seller(stall.seller.id)
        )
    claim = await not_received(stall, order)
    for _ in range(4):
        await to_zero(db)
    assert (await claim_now(stall, claim.id)).outcome == "granted"
    lost = Told(text="It was never handed over, see the claim.", reason="lost")
    claim_id = await opening.claim_insurance_as_seller(
        db, shop_id=order.shop_id, order_id=order.id, told=lost, by=Actor.seller(stall.seller.id)
    )
    await to_zero(db)
    paid = await claim_now(stall, claim_id)
    assert (paid.outcome, paid.decision_reason, paid.paid_minor) == ("granted", "no_decision", order.items_minor)
    assert (await balances(stall, order))["seller_available"] == -order.items_minor
    assert audit(database_url) == {}
    with pytest.raises(ClaimNotPossible):
        await opening.claim_insurance_as_seller(
            db, shop_id=order.shop_id, order_id=order.id, told=lost, by=Actor.seller(stall.seller.id)
        )


async def test_a_loss_is_claimed_in_time_and_only_if_insured(db: Db) -> None:
    stall = await make_stall(db)
    plain = await stall.delivered()
    with pytest.raises(ClaimNotPossible):
        await opening.claim_insurance_as_buyer(db, buyer_id=stall.buyer.id, order_id=plain.id, told=BROKEN)
    late = await insured_delivered(stall)
    await time_machine.advance(db, timedelta(days=DEFAULT.claim_days + 1), actor=OPERATOR)
    with pytest.raises(ClaimNotPossible):
        await opening.claim_insurance_as_buyer(db, buyer_id=stall.buyer.id, order_id=late.id, told=BROKEN)
