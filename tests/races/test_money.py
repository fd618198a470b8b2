"""Money that comes twice, late, wrong or to a page that was left; limits under two tabs."""

import asyncio
from dataclasses import replace

from etalase.commerce.accounts.queries import Account
from etalase.commerce.catalog.rules import Option
from etalase.commerce.orders.rules import State
from etalase.commerce.payments import actions as payments
from etalase.commerce.payments import queries
from etalase.commerce.payments.rules import Payment, PaymentState, Refund
from etalase.foundation.sql import Db
from etalase.journeys.cancellations import actions as cancelling
from etalase.journeys.checkout import retrying, settle
from etalase.journeys.checkout.actions import Placed
from etalase.journeys.checkout.errors import PaymentNotPossible, QuoteChanged
from tests.auditor import audit
from tests.builders.accounts import make_account, make_address
from tests.builders.catalog import make_product
from tests.builders.orders import make_basket, method_of, orders_of, paid_report, pay
from tests.builders.stall import Stall, make_stall


async def placed_at(stall: Stall, *, units: int = 1, method: str = "qris") -> Placed:
    lines = {(stall.shop.shop_id, stall.product.variant_id): units}
    return await (await make_basket(stall.db, stall.buyer, stall.address, lines, method=method)).place(stall.db)


async def attempts_of(db: Db, buyer: Account, placed: Placed) -> list[Payment]:
    async with db.for_buyer(buyer.id).reading() as tx:
        return await queries.payments_of_purchase(tx, buyer_id=buyer.id, purchase_id=placed.purchase_id)


async def refunds_of(db: Db, payment: Payment) -> list[Refund]:
    async with db.for_buyer(payment.buyer_id).transaction() as tx:
        cursor = await tx.connection.execute("SELECT id FROM refunds WHERE payment_id = %s", (payment.id,))
        found = [
            await queries.refund(tx, buyer_id=payment.buyer_id, refund_id=row[0]) for row in await cursor.fetchall()
        ]
    return [refund for refund in found if refund is not None]


async def test_paying_on_the_page_that_was_left_pays_the_purchase(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    placed = await placed_at(stall)
    again = await retrying.pay_again(
        db, buyer_id=stall.buyer.id, purchase_id=placed.purchase_id, method=method_of("bca_va")
    )
    assert again != placed.payment_id
    assert await pay(db, stall.buyer, placed) is settle.Outcome.PAID
    other = await pay(db, stall.buyer, replace(placed, payment_id=again))
    assert other is settle.Outcome.SURPLUS_RETURNED
    (order,) = await orders_of(db, stall.buyer, placed)
    assert (order.state, order.refunded_minor) == (State.NEW, 0)
    new, old = await attempts_of(db, stall.buyer, placed)
    assert (old.state, new.state) == (PaymentState.PAID, PaymentState.CANCELLED)
    assert [refund.amount_minor for refund in await refunds_of(db, new)] == [order.total_minor]
    assert audit(database_url) == {}


async def test_two_tabs_that_choose_two_methods_leave_one_payment(db: Db) -> None:
    stall = await make_stall(db)
    placed = await placed_at(stall)
    codes = ["bca_va", "gopay", "bni_va", "dana"]
    await asyncio.gather(
        *(
            retrying.pay_again(db, buyer_id=stall.buyer.id, purchase_id=placed.purchase_id, method=method_of(code))
            for code in codes
        )
    )
    states = [attempt.state for attempt in await attempts_of(db, stall.buyer, placed)]
    assert states.count(PaymentState.PENDING) == 1
    assert len(states) == len(codes) + 1


async def test_paying_against_paying_again_against_cancelling(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    for _ in range(8):
        placed = await placed_at(stall)
        (order,) = await orders_of(db, stall.buyer, placed)
        results = await asyncio.gather(
            pay(db, stall.buyer, placed),
            retrying.pay_again(db, buyer_id=stall.buyer.id, purchase_id=placed.purchase_id, method=method_of("bca_va")),
            cancelling.cancel_by_buyer(db, buyer_id=stall.buyer.id, order_id=order.id, reason="changed_mind"),
            cancelling.cancel_by_clock(db, shop_id=order.shop_id, order_id=order.id, kind="payment.deadline"),
            return_exceptions=True,
        )
        strange = [r for r in results if isinstance(r, Exception) and not type(r).__module__.startswith("etalase.")]
        assert strange == []
    assert audit(database_url) == {}


async def test_money_of_another_currency_goes_back_as_it_came(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    placed = await placed_at(stall)
    told = replace(await paid_report(db, stall.buyer, placed), currency="USD")
    assert await settle.settle(db, told) is settle.Outcome.SURPLUS_RETURNED
    (payment,) = await attempts_of(db, stall.buyer, placed)
    (refund,) = await refunds_of(db, payment)
    assert (refund.currency, refund.amount_minor, refund.reason) == ("USD", told.amount_minor, "wrong_amount")
    assert payment.state is PaymentState.PENDING
    assert audit(database_url) == {}


async def test_a_payment_that_ended_while_it_was_started_keeps_its_way_back(db: Db) -> None:
    """The provider answers after the buyer chose another method, and the buyer pays on the page all the same."""
    stall = await make_stall(db)
    placed = await placed_at(stall)
    assert placed.payment_id is not None
    await retrying.pay_again(db, buyer_id=stall.buyer.id, purchase_id=placed.purchase_id, method=method_of("bca_va"))
    is_wanted = await payments.started(
        db, buyer_id=stall.buyer.id, payment_id=placed.payment_id, provider_reference="p-1", pay_url="http://pay.test/1"
    )
    assert not is_wanted
    await pay(db, stall.buyer, placed)
    async with db.for_buyer(stall.buyer.id).reading() as tx:
        paid = await queries.payment(tx, buyer_id=stall.buyer.id, payment_id=placed.payment_id)
    assert paid is not None
    assert (paid.state, paid.provider_reference) == (PaymentState.PAID, "p-1")


async def test_nothing_is_left_to_pay_of_a_cancelled_purchase(db: Db) -> None:
    stall = await make_stall(db)
    placed = await placed_at(stall)
    (order,) = await orders_of(db, stall.buyer, placed)
    await cancelling.cancel_by_buyer(db, buyer_id=stall.buyer.id, order_id=order.id, reason="changed_mind")
    try:
        await retrying.pay_again(db, buyer_id=stall.buyer.id, purchase_id=placed.purchase_id, method=None)
    except PaymentNotPossible:
        return
    raise AssertionError("a cancelled purchase took another payment")


async def test_a_purchase_limit_holds_in_many_tabs_at_once(db: Db) -> None:
    stall = await make_stall(db)
    async with db.any().transaction() as tx:
        await tx.connection.execute("UPDATE variants SET purchase_limit = 2")
    lines = {(stall.shop.shop_id, stall.product.variant_id): 1}
    baskets = [await make_basket(db, stall.buyer, stall.address, lines) for _ in range(8)]
    results = await asyncio.gather(*(basket.place(db) for basket in baskets), return_exceptions=True)
    assert sum(isinstance(result, Placed) for result in results) == 2
    assert sum(isinstance(result, QuoteChanged) for result in results) == 6


async def test_late_payments_and_new_purchases_of_the_same_last_pieces_never_wait_in_a_ring(
    db: Db, database_url: str
) -> None:
    size = Option("Size", ("S", "M"))
    goods = [await make_product(db, stock=1, options=(size,)) for _ in range(2)]
    (near, far), buyer = goods, await make_account(db)
    address = await make_address(db, buyer)
    late = {(near.shop_id, near.variant_ids[1]): 1, (far.shop_id, far.variant_ids[0]): 1}
    new = {(near.shop_id, near.variant_ids[0]): 1, (far.shop_id, far.variant_ids[0]): 1}
    for _ in range(12):
        placed = await (await make_basket(db, buyer, address, late)).place(db)
        for order in await orders_of(db, buyer, placed):
            await cancelling.cancel_by_clock(db, shop_id=order.shop_id, order_id=order.id, kind="payment.deadline")
        basket = await make_basket(db, buyer, address, new)
        results = await asyncio.gather(basket.place(db), pay(db, buyer, placed), return_exceptions=True)
        assert results[1] is settle.Outcome.PAID
        assert isinstance(results[0], Placed | QuoteChanged)
        made = [placed, *([results[0]] if isinstance(results[0], Placed) else [])]
        for order in [order for one in made for order in await orders_of(db, buyer, one)]:
            if order.state is not State.CANCELLED:
                await cancelling.cancel_by_buyer(db, buyer_id=buyer.id, order_id=order.id, reason="changed_mind")
    assert audit(database_url) == {}


async def test_a_late_payment_brings_a_hidden_order_back_into_view(db: Db, database_url: str) -> None:
    from etalase.commerce.orders import actions

    stall = await make_stall(db)
    placed = await placed_at(stall)
    (order,) = await orders_of(db, stall.buyer, placed)
    await cancelling.cancel_by_clock(db, shop_id=order.shop_id, order_id=order.id, kind="payment.deadline")
    await actions.hide(db, buyer_id=stall.buyer.id, order_id=order.id)
    await pay(db, stall.buyer, placed)
    (order,) = await orders_of(db, stall.buyer, placed)
    assert (order.state, order.hidden_at) == (State.NEW, None)
    assert audit(database_url) == {}
