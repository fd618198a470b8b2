"""Many buyers at once, on real commits."""

import asyncio
import random
from dataclasses import replace

import pytest

from etalase.commerce.accounts.queries import Account, Address
from etalase.commerce.inventory import queries as inventory
from etalase.commerce.ledger import queries as ledger
from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.errors import MoveNotAllowed
from etalase.commerce.orders.rules import State
from etalase.commerce.payments import queries as payments
from etalase.commerce.shipping import actions as shipping
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.journeys.cancellations import actions as cancelling
from etalase.journeys.cancellations.errors import CancelNotPossible
from etalase.journeys.checkout import retrying, settle
from etalase.journeys.checkout.actions import Placed
from etalase.journeys.checkout.errors import QuoteChanged
from tests.builders.accounts import make_account, make_address, make_shop
from tests.builders.orders import Basket, make_basket, orders_of, paid_report, pay, place_order
from tests.builders.shipping import a_variant


async def _available(db: Db, shop_id: int, variant_id: int) -> int:
    async with db.any().reading() as tx:
        return (await inventory.stock_of(tx, shop_ids=[shop_id], variant_ids=[variant_id]))[0].available


async def _buyer(db: Db) -> tuple[Account, Address]:
    buyer = await make_account(db)
    return buyer, await make_address(db, buyer)


async def test_fifty_buyers_on_the_last_piece_make_one_order(db: Db) -> None:
    shop = await make_shop(db)
    _, variant_id = await a_variant(db, shop.shop_id, stock=1)
    baskets = []
    for _ in range(50):
        buyer, address = await _buyer(db)
        baskets.append(await make_basket(db, buyer, address, {(shop.shop_id, variant_id): 1}))
    results = await asyncio.gather(*(basket.place(db) for basket in baskets), return_exceptions=True)
    assert sum(isinstance(result, Placed) for result in results) == 1
    assert sum(isinstance(result, QuoteChanged) for result in results) == 49
    assert await _available(db, shop.shop_id, variant_id) == 0
    async with db.any().reading() as tx:
        assert await orders.counts_of_shop(tx, shop_id=shop.shop_id) == {State.UNPAID: 1}


async def test_a_double_tap_is_one_purchase(db: Db) -> None:
    shop = await make_shop(db)
    _, variant_id = await a_variant(db, shop.shop_id, stock=10)
    buyer, address = await _buyer(db)
    basket = await make_basket(db, buyer, address, {(shop.shop_id, variant_id): 2})
    results = await asyncio.gather(*(basket.place(db) for _ in range(8)))
    assert len({result.purchase_id for result in results}) == 1
    assert len({result.payment_id for result in results}) == 1
    assert sum(result.is_new for result in results) == 1
    assert await _available(db, shop.shop_id, variant_id) == 8


async def test_a_notification_five_times_in_parallel_has_one_effect(db: Db) -> None:
    shop = await make_shop(db)
    _, variant_id = await a_variant(db, shop.shop_id, stock=3)
    buyer, address = await _buyer(db)
    placed = await place_order(db, buyer, address, {(shop.shop_id, variant_id): 1})
    paid = await paid_report(db, buyer, placed)
    reports = (
        [paid] * 5 + [replace(paid, status="failed", attempt="")] * 2 + [replace(paid, status="pending", attempt="")]
    )
    random.Random(7).shuffle(reports)
    outcomes = await asyncio.gather(*(settle.settle(db, report) for report in reports))
    assert outcomes.count(settle.Outcome.PAID) == 1
    (order,) = await orders_of(db, buyer, placed)
    assert order.state is State.NEW
    async with db.any().reading() as tx:
        balances = await ledger.balances_of_order(tx, shop_id=shop.shop_id, order_id=order.id)
        facts = [fact.name for fact in await orders.timeline_of(tx, shop_id=shop.shop_id, order_id=order.id)]
        assert await payments.refunds_of_order(tx, buyer_id=buyer.id, order_id=order.id) == []
    assert balances == {"provider_clearing": order.total_minor, "escrow": -order.total_minor}
    assert facts.count("order.paid") == 1


async def test_paying_twice_leaves_the_order_paid_and_returns_the_second(db: Db) -> None:
    shop = await make_shop(db)
    _, variant_id = await a_variant(db, shop.shop_id, stock=3)
    buyer, address = await _buyer(db)
    placed = await place_order(db, buyer, address, {(shop.shop_id, variant_id): 1})
    first, second = await asyncio.gather(pay(db, buyer, placed, attempt="a"), pay(db, buyer, placed, attempt="b"))
    assert {first, second} == {settle.Outcome.PAID, settle.Outcome.SURPLUS_RETURNED}
    (order,) = await orders_of(db, buyer, placed)
    assert (order.state, order.refunded_minor) == (State.NEW, 0)


@pytest.mark.parametrize("order_of_start", [0, 1])
async def test_cancel_against_ship_one_wins(db: Db, order_of_start: int) -> None:
    shop = await make_shop(db)
    _, variant_id = await a_variant(db, shop.shop_id, stock=20)
    for _ in range(6):
        buyer, address = await _buyer(db)
        placed = await place_order(db, buyer, address, {(shop.shop_id, variant_id): 1})
        await pay(db, buyer, placed)
        (order,) = await orders_of(db, buyer, placed)
        await _confirm(db, order.shop_id, order.id)
        verbs = [
            cancelling.cancel_by_buyer(db, buyer_id=buyer.id, order_id=order.id, reason="changed_mind"),
            shipping.arrange(
                db, shop_id=order.shop_id, order_id=order.id, by=Actor.seller(shop.owner.id),
                plan=shipping.ParcelPlan(method="pickup", carrier="jne", service="reg"),
            ),
        ]  # fmt: skip
        if order_of_start:
            verbs.reverse()
        results = await asyncio.gather(*verbs, return_exceptions=True)
        (after,) = await orders_of(db, buyer, placed)
        refusals = [result for result in results if isinstance(result, MoveNotAllowed | CancelNotPossible)]
        if after.state is State.CANCELLED:
            assert len(refusals) == 1
        else:  # shipping won: the buyer's tap became a question to the seller
            assert after.state is State.AWAITING_COLLECTION
            assert not refusals
        assert not [r for r in results if isinstance(r, Exception) and r not in refusals]


async def _confirm(db: Db, shop_id: int, order_id: int) -> None:
    from etalase.commerce.orders import actions
    from etalase.foundation.policies.calendar import WorkingCalendar

    await actions.confirm(
        db, shop_id=shop_id, order_id=order_id, by=Actor.seller(1), calendar=WorkingCalendar(), zone="Asia/Jakarta"
    )


@pytest.mark.slow
async def test_two_carts_in_opposite_order_never_deadlock(db: Db) -> None:
    """1,000 rounds, ten pairs at a time."""
    first, second = await make_shop(db), await make_shop(db)
    variants = [(shop.shop_id, (await a_variant(db, shop.shop_id, stock=3000))[1]) for shop in (first, second)]
    people = [await _buyer(db) for _ in range(20)]
    forward, backward = {variants[0]: 1, variants[1]: 1}, {variants[1]: 1, variants[0]: 1}
    templates = [
        await make_basket(db, buyer, address, forward if i % 2 else backward)
        for i, (buyer, address) in enumerate(people)
    ]
    for round_number in range(100):
        baskets = [_renamed(basket, f"round-{round_number}-{i}") for i, basket in enumerate(templates)]
        results = await asyncio.gather(*(basket.place(db) for basket in baskets))
        assert all(result.is_new for result in results)
    assert await _available(db, *variants[0]) == await _available(db, *variants[1]) == 1000


def _renamed(basket: Basket, key: str) -> Basket:
    return Basket(replace(basket.checkout, placement_key=key))


async def test_late_payment_with_and_without_stock(db: Db) -> None:
    shop = await make_shop(db)
    _, variant_id = await a_variant(db, shop.shop_id, stock=1)
    buyer, address = await _buyer(db)
    placed = await place_order(db, buyer, address, {(shop.shop_id, variant_id): 1})
    (order,) = await orders_of(db, buyer, placed)
    await cancelling.cancel_by_clock(db, shop_id=order.shop_id, order_id=order.id, kind="payment.deadline")
    assert await _available(db, shop.shop_id, variant_id) == 1
    assert await pay(db, buyer, placed) is settle.Outcome.PAID
    (order,) = await orders_of(db, buyer, placed)
    assert (order.state, order.units) == (State.NEW, 1)

    other, other_address = await _buyer(db)
    _, rare = await a_variant(db, shop.shop_id, stock=1)
    lost = await place_order(db, other, other_address, {(shop.shop_id, rare): 1})
    (late,) = await orders_of(db, other, lost)
    await cancelling.cancel_by_clock(db, shop_id=late.shop_id, order_id=late.id, kind="payment.deadline")
    await place_order(db, buyer, address, {(shop.shop_id, rare): 1})
    await pay(db, other, lost)
    (late,) = await orders_of(db, other, lost)
    assert late.state is State.CANCELLED
    async with db.any().reading() as tx:
        (refund,) = await payments.refunds_of_order(tx, buyer_id=other.id, order_id=late.id)
    assert (refund.amount_minor, refund.reason) == (late.total_minor, "paid_late")
    assert refund.expected_until > clock.now().date()


async def test_one_of_two_orders_cancelled_before_paying(db: Db) -> None:
    """The other one can still be paid, for its own sum; paying the old page all the same gives the share back."""
    shops = [await make_shop(db), await make_shop(db)]
    variants = [(shop.shop_id, (await a_variant(db, shop.shop_id, stock=9))[1]) for shop in shops]
    for pays_old_page in (False, True):
        buyer, address = await _buyer(db)
        placed = await place_order(db, buyer, address, dict.fromkeys(variants, 1))
        old = await paid_report(db, buyer, placed)
        first, second = await orders_of(db, buyer, placed)
        await cancelling.cancel_by_buyer(db, buyer_id=buyer.id, order_id=first.id, reason="changed_mind")
        again = await retrying.pay_again(db, buyer_id=buyer.id, purchase_id=placed.purchase_id, method=None)
        assert again != placed.payment_id
        report = (
            old if pays_old_page else replace(old, payment_id=again, attempt="again", amount_minor=second.total_minor)
        )
        assert await settle.settle(db, report) is settle.Outcome.PAID
        first, second = await orders_of(db, buyer, placed)
        assert (first.state, second.state) == (State.CANCELLED, State.NEW)
        async with db.any().reading() as tx:
            refunds = await payments.refunds_of_order(tx, buyer_id=buyer.id, order_id=first.id)
        assert [refund.amount_minor for refund in refunds] == ([first.total_minor] if pays_old_page else [])
