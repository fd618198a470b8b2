"""Money by the Open API, read by a client that others wrote: what is to come, how an order was shared, the week's statement."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
from fastapi import FastAPI
from tiktok_shop_api import AsyncTikTokShop
from tiktok_shop_api.generated import models as m

from etalase.commerce.accounts.banks import BankDetails
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.journeys.payouts import actions as payouts
from etalase.journeys.payouts import queries
from etalase.journeys.settlement import actions as settlement
from tests.builders.accounts import MadeShop
from tests.builders.open_api import data_of, make_connector
from tests.builders.settling import complete, settled_order
from tests.builders.stall import make_stall


@asynccontextmanager
async def program_of(
    db: Db, app: FastAPI, client: httpx.AsyncClient, shop: MadeShop, origin: str
) -> AsyncIterator[AsyncTikTokShop]:
    """A client for the shop with a token of now: tests move the clock further than tokens last."""
    one = await make_connector(db, app, client, shop)
    async with AsyncTikTokShop(one.key, one.secret, access_token=one.token, base_url=origin) as bare:
        yield bare.with_shop(shop_cipher=one.cipher)


async def test_what_is_to_come(db: Db, app: FastAPI, client: httpx.AsyncClient, origin: str) -> None:
    stall = await make_stall(db)
    waiting = await complete(db, stall)
    async with program_of(db, app, client, stall.shop, origin) as program:
        finance = program.finance
        told = data_of(await finance.get_unsettled_transactions(page_size=10, sort_field="order_create_time"))
        assert [one.order_id for one in told.transactions] == [str(waiting.id)]
        before = data_of(await finance.get_transactions_by_order(str(waiting.id)))
        assert not before.settlement_amount
        assert data_of(await finance.get_statements(sort_field="statement_time")).statements == []
        assert data_of(await finance.get_payments(sort_field="create_time")).payments == []
        types = [m.GetSellerFinancialTransactionsTypesItem.WITHDRAW]
        assert data_of(await finance.get_seller_financial_transactions(types=types)).withdrawals == []


async def test_a_week_adds_up(db: Db, app: FastAPI, client: httpx.AsyncClient, origin: str) -> None:
    stall = await make_stall(db)
    order = await settled_order(db, stall)
    clock.set_offset(timedelta(days=16))
    await settlement.issue_statements(db)  # unless the running app's worker has come first
    async with program_of(db, app, client, stall.shop, origin) as program:
        shared = data_of(await program.finance.get_transactions_by_order(str(order.id)))
        parts = [int(one) for one in (shared.revenue_amount, shared.fee_and_tax_amount, shared.shipping_cost_amount)]
        assert sum(parts) == int(shared.settlement_amount)
        (week,) = data_of(await program.finance.get_statements(sort_field="statement_time")).statements
        told = data_of(
            await program.finance.get_transactions_by_statement(week.id, sort_field="order_create_time")
        ).transactions
        assert [one.order_id for one in told] == [str(order.id)]
        assert week.settlement_amount == told[0].settlement_amount == shared.settlement_amount


async def weeks_add_up(db: Db, program: AsyncTikTokShop) -> bool:
    """Whether each statement is the sum of its transactions: what went to the bank is none of them."""
    await settlement.issue_statements(db)  # unless the running app's worker has come first
    sums = []
    for week in data_of(await program.finance.get_statements(sort_field="statement_time")).statements:
        told = data_of(await program.finance.get_transactions_by_statement(week.id, sort_field="order_create_time"))
        amounts = [int(one.settlement_amount) for one in told.transactions]
        sums.append((sum(amounts), len(amounts)) == (int(week.settlement_amount), told.total_count))
    return bool(sums) and all(sums)


async def test_what_went_to_the_bank_and_came_back(
    db: Db, app: FastAPI, client: httpx.AsyncClient, origin: str
) -> None:
    stall = await make_stall(db)
    shop_id, operator = stall.shop.shop_id, Actor.operator(7)
    account_id = await payouts.enter_account(
        db, BankDetails("bca", "1234567890", "RINA WIJAYA"), shop_id=shop_id, role="owner", by=Actor.seller(stall.seller.id)
    )  # fmt: skip
    await payouts.verify_account(db, shop_id=shop_id, account_id=account_id, by=operator)
    await settled_order(db, stall)
    batch_id = await payouts.propose_batch(db, currency="IDR", by=operator)
    assert batch_id is not None
    async with program_of(db, app, client, stall.shop, origin) as program:

        async def seen() -> list[tuple[str, list[tuple[str, str]]]]:
            paid = data_of(await program.finance.get_payments(sort_field="create_time", page_size=10)).payments
            types = [
                m.GetSellerFinancialTransactionsTypesItem.WITHDRAW,
                m.GetSellerFinancialTransactionsTypesItem.REVERSE,
            ]
            moved = data_of(await program.finance.get_seller_financial_transactions(types=types)).withdrawals
            assert {one.amount for one in moved} <= {one.amount.value for one in paid}
            return [(one.status, [(entry.type_, entry.status) for entry in moved]) for one in paid]

        assert await seen() == [], "nobody has approved it yet"
        await payouts.approve_batch(db, batch_id=batch_id, by=operator)
        assert await seen() == [("PROCESSING", [("WITHDRAW", "PROCESSING")])]
        async with db.any().reading() as tx:
            (one,) = await queries.payouts_of_batch(tx, batch_id=batch_id)
        await payouts.end_payout(db, shop_id=shop_id, payout_id=one.id, to="paid", by=operator)
        assert await seen() == [("PAID", [("WITHDRAW", "SUCCESS")])]
        await payouts.end_payout(db, shop_id=shop_id, payout_id=one.id, to="returned", reason="closed", by=operator)
        assert await seen() == [("FAILED", [("WITHDRAW", "FAILED"), ("REVERSE", "SUCCESS")])]
        (told,) = data_of(await program.finance.get_payments(sort_field="create_time", page_size=10)).payments
        assert (told.amount.value, told.bank_account) == (str(one.amount_minor), "••••••7890")
        late = [m.GetSellerFinancialTransactionsTypesItem.SETTLE]
        assert data_of(await program.finance.get_seller_financial_transactions(types=late)).withdrawals == []
    clock.set_offset(timedelta(days=16))  # the token of the first program has expired by then
    async with program_of(db, app, client, stall.shop, origin) as program:
        assert await weeks_add_up(db, program)
