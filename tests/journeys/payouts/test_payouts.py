"""Sellers are paid to verified accounts, in approved batches, once; what comes back is theirs again."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from etalase.commerce.accounts import banks
from etalase.commerce.accounts.banks import BankDetails
from etalase.commerce.ledger import queries as ledger
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.foundation.time_machine import actions as time_machine
from etalase.journeys.payouts import actions, queries, rules
from etalase.journeys.payouts.errors import DetailsNotValid, NotTheOwner, StepNotAllowed
from etalase.journeys.payouts.queries import Payout
from etalase.journeys.payouts.rules import BankAccountState, BatchState, PayoutState
from tests.auditor import audit
from tests.builders.settling import give_back, settled_order
from tests.builders.stall import Stall, make_stall

OPERATOR = Actor.operator(7)
DETAILS = BankDetails("bca", "123 456-7890", "Rina  Wijaya")


async def enter(db: Db, stall: Stall, details: BankDetails = DETAILS) -> int:
    by = Actor.seller(stall.seller.id)
    return await actions.enter_account(db, details, shop_id=stall.shop.shop_id, role="owner", by=by)


async def with_account(db: Db, stall: Stall) -> Stall:
    account_id = await enter(db, stall)
    await actions.verify_account(db, shop_id=stall.shop.shop_id, account_id=account_id, by=OPERATOR)
    return stall


async def available(db: Db, stall: Stall) -> int:
    async with db.for_shop(stall.shop.shop_id).reading() as tx:
        return (await ledger.totals_of_seller(tx, shop_id=stall.shop.shop_id, currency="IDR"))["seller_available"]


async def approved(db: Db) -> list[Payout]:
    batch_id = await actions.propose_batch(db, currency="IDR", by=OPERATOR)
    assert batch_id is not None
    await actions.approve_batch(db, batch_id=batch_id, by=OPERATOR)
    async with db.any().reading() as tx:
        return await queries.payouts_of_batch(tx, batch_id=batch_id)


def test_account_numbers_are_cleaned_checked_and_hidden() -> None:
    assert banks.cleaned(DETAILS) == BankDetails("bca", "1234567890", "RINA WIJAYA")
    assert set(banks.problems(BankDetails("x", "12a", ""))) == {"bank", "number", "holder"}
    assert banks.hidden("1234567890") == "••••••7890"


def test_the_steps_lead_where_the_tables_say() -> None:
    assert set(rules.sources_of(rules.PAYOUT_MOVES, PayoutState.RETURNED)) == {"approved", "paid"}
    assert set(rules.sources_of(rules.ACCOUNT_MOVES, BankAccountState.REPLACED)) == {"entered", "verified"}


async def test_only_the_owner_names_the_account_and_details_are_checked(db: Db) -> None:
    stall = await make_stall(db)
    by = Actor.seller(stall.seller.id)
    with pytest.raises(NotTheOwner):
        await actions.enter_account(db, DETAILS, shop_id=stall.shop.shop_id, role="staff", by=by)
    with pytest.raises(DetailsNotValid):
        await enter(db, stall, BankDetails("bca", "not a number", "Rina"))


async def test_a_batch_pays_once_and_what_comes_back_is_the_sellers(db: Db, database_url: str) -> None:
    stall = await with_account(db, await make_stall(db))
    await settled_order(db, stall)
    before = await available(db, stall)
    (payout,) = await approved(db)
    assert (payout.state, payout.amount_minor, payout.number) == (PayoutState.APPROVED, before, "1234567890")
    assert await available(db, stall) == 0
    about: dict[str, Any] = {"shop_id": payout.shop_id, "payout_id": payout.id}
    await actions.end_payout(db, **about, to="paid", by=OPERATOR)
    with pytest.raises(StepNotAllowed):
        await actions.end_payout(db, **about, to="paid", by=OPERATOR)
    with pytest.raises(StepNotAllowed):
        await actions.end_payout(db, shop_id=payout.shop_id + 1, payout_id=payout.id, to="returned", by=OPERATOR)
    assert audit(database_url) == {}
    await actions.end_payout(db, **about, to="returned", reason="account closed", by=OPERATOR)
    assert await available(db, stall) == before
    assert audit(database_url) == {}
    async with db.any().reading() as tx:
        (batch,) = await queries.batches(tx)
    assert batch.state is BatchState.CLOSED


async def test_nobody_is_paid_without_a_verified_account_below_the_minimum_or_in_debt(db: Db) -> None:
    stall = await make_stall(db)
    order = await settled_order(db, stall)
    assert await actions.propose_batch(db, currency="IDR", by=OPERATOR) is None
    await with_account(db, stall)
    await give_back(db, order, order.total_minor)
    assert await actions.propose_batch(db, currency="IDR", by=OPERATOR) is None


async def test_a_changed_account_cools_off_and_a_refused_one_changes_nothing(db: Db) -> None:
    stall = await with_account(db, await make_stall(db))
    await settled_order(db, stall)
    shop_id = stall.shop.shop_id
    refused = await enter(db, stall, BankDetails("bni", "999999999", "Somebody Else"))
    await actions.refuse_account(db, shop_id=shop_id, account_id=refused, reason="another name", by=OPERATOR)
    changed = await enter(db, stall, BankDetails("mandiri", "8888888888", "Rina Wijaya"))
    await actions.verify_account(db, shop_id=shop_id, account_id=changed, by=OPERATOR)
    with pytest.raises(StepNotAllowed):
        await actions.refuse_account(db, shop_id=shop_id, account_id=changed, reason="", by=OPERATOR)
    assert await actions.propose_batch(db, currency="IDR", by=OPERATOR) is None
    await time_machine.advance(db, timedelta(hours=49), actor=OPERATOR)
    (payout,) = await approved(db)
    assert payout.bank == "mandiri"
    async with db.for_shop(shop_id).reading() as tx:
        states = [account.state for account in await queries.accounts_of_shop(tx, shop_id=shop_id)]
    assert states == ["verified", "refused", "replaced"]


async def test_a_refund_between_proposal_and_approval_leaves_the_seller_out(db: Db, database_url: str) -> None:
    stall = await with_account(db, await make_stall(db))
    order = await settled_order(db, stall)
    batch_id = await actions.propose_batch(db, currency="IDR", by=OPERATOR)
    assert batch_id is not None
    with pytest.raises(StepNotAllowed):
        await actions.propose_batch(db, currency="IDR", by=OPERATOR)
    await give_back(db, order, 1_000)
    assert await actions.approve_batch(db, batch_id=batch_id, by=OPERATOR) == 0
    assert audit(database_url) == {}


async def test_two_operators_approve_a_batch_once_while_the_seller_is_refunded(db: Db, database_url: str) -> None:
    stall = await with_account(db, await make_stall(db))
    order = await settled_order(db, stall)
    batch_id = await actions.propose_batch(db, currency="IDR", by=OPERATOR)
    assert batch_id is not None
    results = await asyncio.gather(
        actions.approve_batch(db, batch_id=batch_id, by=OPERATOR),
        actions.approve_batch(db, batch_id=batch_id, by=OPERATOR),
        give_back(db, order, 500),
        return_exceptions=True,
    )
    assert sum(isinstance(result, StepNotAllowed) for result in results) == 1
    assert not [r for r in results if isinstance(r, Exception) and not isinstance(r, StepNotAllowed)]
    assert audit(database_url) == {}


async def test_a_dropped_batch_moves_nothing(db: Db) -> None:
    stall = await with_account(db, await make_stall(db))
    await settled_order(db, stall)
    before = await available(db, stall)
    batch_id = await actions.propose_batch(db, currency="IDR", by=OPERATOR)
    assert batch_id is not None
    await actions.drop_batch(db, batch_id=batch_id, by=OPERATOR)
    with pytest.raises(StepNotAllowed):
        await actions.approve_batch(db, batch_id=batch_id, by=OPERATOR)
    assert await available(db, stall) == before
    assert len(await approved(db)) == 1, "the next batch can have it"
