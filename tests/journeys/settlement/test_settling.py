"""Orders are settled once, when due and undisputed; weeks are closed; refunds after it are taken back."""

import asyncio
from datetime import timedelta

import psycopg
import pytest

from etalase.commerce.evidence import actions as evidence
from etalase.commerce.ledger import actions as ledger_actions
from etalase.commerce.ledger import queries as ledger
from etalase.commerce.orders.actions import confirm_receipt
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.policies.actions import SetPolicy, set_policy
from etalase.foundation.sql import Db
from etalase.foundation.time_machine import actions as time_machine
from etalase.journeys.settlement import actions, queries, rules
from etalase.journeys.settlement.rules import SettlementState
from tests.auditor import audit
from tests.builders.catalog import make_category, make_product
from tests.builders.orders import orders_of, pay, place_order
from tests.builders.settling import complete, give_back, settled_order, wait_for_settlement
from tests.builders.stall import make_stall

COMMISSION = 250
"""The default rate, in hundredths of a percent."""


async def totals(db: Db, shop_id: int) -> tuple[int, int]:
    async with db.for_shop(shop_id).reading() as tx:
        found = await ledger.totals_of_seller(tx, shop_id=shop_id, currency="IDR")
    return found["seller_pending"], found["seller_available"]


async def test_a_completed_order_waits_and_then_is_the_sellers_less_commission(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await complete(db, stall)
    assert await totals(db, order.shop_id) == (order.total_minor, 0)
    assert await actions.settle_due(db) == 0, "too early"
    clock.set_offset(timedelta(days=8))
    assert await actions.settle_due(db) == 1
    assert await actions.settle_due(db) == 0, "once"
    commission = (order.total_minor - order.shipping_minor) * COMMISSION // 10_000
    assert await totals(db, order.shop_id) == (0, order.total_minor - commission)
    async with db.for_shop(order.shop_id).reading() as tx:
        kept = await queries.settlement(tx, shop_id=order.shop_id, order_id=order.id)
    assert kept is not None
    assert (kept.state, kept.commission_minor, kept.policies["commission.rate"]) == (
        SettlementState.SETTLED, commission, [0, COMMISSION],
    )  # fmt: skip
    assert audit(database_url) == {}


async def test_a_mixed_order_is_charged_line_by_line(db: Db, database_url: str) -> None:
    """Tea by its category's rate, coffee by everybody's; what the store agreed on later does not reach the order."""
    stall = await make_stall(db)
    category = await make_category(db, name="Teh", name_en="Tea")
    tea = await make_product(db, stall.shop, title="Teh Puncak", price_minor=33_333, category_id=category)
    by = Actor.operator(1)
    await set_policy(db, SetPolicy(key=rules.COMMISSION, value=777, scope="category", scope_id=category), by=by)
    lines = {(stall.shop.shop_id, stall.product.variant_id): 2, (stall.shop.shop_id, tea.variant_id): 3}
    placed = await place_order(db, stall.buyer, stall.address, lines)
    await pay(db, stall.buyer, placed)
    await set_policy(db, SetPolicy(key=rules.COMMISSION, value=100, scope="shop", scope_id=stall.shop.shop_id), by=by)
    order = await stall.arranged(order=await stall.confirm((await orders_of(db, stall.buyer, placed))[0]))
    await stall.report(order, "collected")
    await stall.report(order, "delivered")
    await confirm_receipt(db, buyer_id=stall.buyer.id, order_id=order.id)
    await wait_for_settlement(db, order)
    clock.set_offset(timedelta(days=8))
    assert await actions.settle_due(db) == 1
    async with db.for_shop(order.shop_id).reading() as tx:
        kept = await queries.settlement(tx, shop_id=order.shop_id, order_id=order.id)
        charged = (await queries.lines_of_settlements(tx, shop_id=order.shop_id, order_ids=[order.id]))[order.id]
    said = {line.title: (line.base_minor, line.rate, line.scope, line.category_en_name) for line in charged}
    assert said == {
        "Kopi Gayo 250 g": (130_000, 250, "operator", None), "Teh Puncak": (99_999, 777, "category", "Tea"),
    }  # fmt: skip
    assert kept is not None
    assert kept.commission_minor == sum(line.commission_minor for line in charged) == 3_250 + 7_769
    assert audit(database_url) == {}


async def test_waiting_begins_once_however_often_the_fact_is_told(db: Db) -> None:
    stall = await make_stall(db)
    order = await complete(db, stall)
    await wait_for_settlement(db, order)
    async with db.for_shop(order.shop_id).reading() as tx:
        assert len(await queries.waiting_of_shop(tx, shop_id=order.shop_id)) == 1


async def test_two_workers_settle_an_order_once(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    orders = [await complete(db, stall) for _ in range(4)]
    clock.set_offset(timedelta(days=8))
    done = await asyncio.gather(*(actions.settle_shop(db, shop_id=stall.shop.shop_id) for _ in range(4)))
    assert sum(done) == len(orders)
    assert (await totals(db, stall.shop.shop_id))[0] == 0
    assert audit(database_url) == {}


async def test_money_that_goes_back_between_completion_and_settlement_is_not_shared(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await complete(db, stall)
    await give_back(db, order, 5_000)
    clock.set_offset(timedelta(days=8))
    await actions.settle_due(db)
    base = order.total_minor - order.shipping_minor - 5_000
    assert await totals(db, order.shop_id) == (0, order.total_minor - 5_000 - base * COMMISSION // 10_000)
    assert audit(database_url) == {}


async def test_a_refund_after_settlement_is_taken_back_and_a_debt_is_carried(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await settled_order(db, stall)
    _, available = await totals(db, order.shop_id)
    async with db.for_shop(order.shop_id).transaction() as tx:
        await ledger_actions.adjust(
            tx, shop_id=order.shop_id, currency="IDR", amount_minor=-available, reference_id=1, at=clock.now()
        )
    await give_back(db, order, order.total_minor)
    assert await totals(db, order.shop_id) == (0, -available), "the commission came back with it"
    other = await settled_order(db, stall)
    async with db.for_shop(order.shop_id).reading() as tx:
        assert await queries.settlement(tx, shop_id=other.shop_id, order_id=other.id) is not None
    assert (await totals(db, order.shop_id))[1] == 0, "the next order paid the debt"
    assert audit(database_url) == {}


async def test_an_open_case_keeps_the_money_waiting(db: Db) -> None:
    stall = await make_stall(db)
    order = await complete(db, stall)
    async with db.for_shop(order.shop_id).transaction() as tx:
        case = await evidence.open_case(
            tx, shop_id=order.shop_id, order_id=order.id, buyer_id=order.buyer_id, kind="return", at=clock.now()
        )
    clock.set_offset(timedelta(days=20))
    assert await actions.settle_due(db) == 0
    assert await actions.settle_shop(db, shop_id=order.shop_id) == 0
    async with db.for_shop(order.shop_id).transaction() as tx:
        await evidence.close_case(tx, case, at=clock.now())
    assert await actions.settle_due(db) == 1


async def test_weeks_are_closed_one_after_the_other_and_once(db: Db) -> None:
    stall = await make_stall(db)
    await settled_order(db, stall)
    shop_id = stall.shop.shop_id
    assert await actions.issue_statements(db) == 0, "the week is not over"
    await time_machine.advance(db, timedelta(days=8), actor=SYSTEM)
    assert await actions.issue_statements(db) == 1
    assert await actions.issue_statements(db) == 0
    order = await settled_order(db, stall)
    await give_back(db, order, 1_000)
    await time_machine.advance(db, timedelta(days=8), actor=SYSTEM)
    assert await actions.issue_statements(db) == 1
    async with db.for_shop(shop_id).reading() as tx:
        last, first = await queries.statements_of_shop(tx, shop_id=shop_id)
        lines = await queries.lines_of_period(tx, shop_id=shop_id, currency="IDR", span=(last.from_at, last.until_at))
        assert await queries.statement_of_shop(tx, shop_id=shop_id + 1, statement_id=last.id) is None
    assert (first.opening_minor, last.opening_minor) == (0, first.closing_minor)
    assert last.opening_minor + sum(line.amount_minor for line in lines) == last.closing_minor
    assert [line.cause for line in lines] == ["settlement", "refund"]
    assert last.closing_minor == (await totals(db, shop_id))[1]


async def test_weeks_that_were_missed_are_closed_at_once(db: Db) -> None:
    """A seller is never shown as "current" what is weeks old because nobody was there to close it."""
    stall = await make_stall(db)
    for _ in range(3):
        await settled_order(db, stall)
        await time_machine.advance(db, timedelta(days=8), actor=SYSTEM)
    assert await actions.issue_statements(db) == 3
    assert await actions.issue_statements(db) == 0
    async with db.for_shop(stall.shop.shop_id).reading() as tx:
        found = await queries.statements_of_shop(tx, shop_id=stall.shop.shop_id)
    assert [one.opening_minor for one in found[:-1]] == [one.closing_minor for one in found[1:]]


VOUCHER = """
    WITH shares AS (SELECT unnest(%(order_ids)s::bigint[]) AS order_id, unnest(%(shares)s::bigint[]) AS share),
    cheaper AS (UPDATE orders o SET discount_minor = s.share, total_minor = o.total_minor - s.share FROM shares s
                WHERE o.id = s.order_id),
    listed AS (UPDATE purchase_orders p SET total_minor = p.total_minor - s.share FROM shares s WHERE p.order_id = s.order_id),
    bought AS (UPDATE purchases SET total_minor = total_minor - %(worth)s WHERE id = %(purchase_id)s)
    UPDATE payments SET amount_minor = amount_minor - %(worth)s WHERE purchase_id = %(purchase_id)s"""


@pytest.mark.parametrize("shares", [(0, 0, 0), (3_334, 3_333, 3_333)], ids=["full price", "one voucher"])
async def test_three_sellers_a_partial_refund_settlement_and_its_reversal_sum_to_nothing(
    db: Db, database_url: str, shares: tuple[int, ...]
) -> None:
    """One purchase over three shops, with and without a voucher; one gives a part back before, one all of it after settlement."""
    stalls = [await make_stall(db) for _ in range(3)]
    buyer, address = stalls[0].buyer, stalls[0].address
    lines = {(stall.shop.shop_id, stall.product.variant_id): 1 for stall in stalls}
    placed = await place_order(db, buyer, address, lines)
    order_ids = [order.id for order in await orders_of(db, buyer, placed)]
    voucher = {"order_ids": order_ids, "shares": list(shares), "worth": sum(shares), "purchase_id": placed.purchase_id}
    with psycopg.connect(database_url) as connection:
        connection.execute(VOUCHER, voucher)
    await pay(db, buyer, placed)
    orders = {order.shop_id: order for order in await orders_of(db, buyer, placed)}
    assert sum(order.discount_minor for order in orders.values()) == sum(shares)
    for stall in stalls:
        order = await stall.arranged(order=await stall.confirm(orders[stall.shop.shop_id]))
        await stall.report(order, "collected")
        await stall.report(order, "delivered")
        await confirm_receipt(db, buyer_id=buyer.id, order_id=order.id)
        await wait_for_settlement(db, order)
    first, second, third = orders.values()
    await give_back(db, first, 3_000)
    clock.set_offset(timedelta(days=8))
    assert await actions.settle_due(db) == 3
    await give_back(db, second, second.total_minor)
    assert await totals(db, second.shop_id) == (0, 0)
    commission = (third.total_minor - third.shipping_minor) * COMMISSION // 10_000
    assert await totals(db, third.shop_id) == (0, third.total_minor - commission)
    assert audit(database_url) == {}
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT sum(amount_minor), count(*) FROM ledger_entries").fetchone()
    assert row is not None
    assert row[0] == 0
    assert row[1] > 20
