"""Money leaves a wallet for a confirmed account, in an approved batch, once; what does not arrive is back in the wallet."""

import asyncio
from datetime import timedelta

import psycopg
import pytest

from etalase.commerce.accounts import actions as accounts
from etalase.commerce.accounts.banks import BankDetails, is_name_of
from etalase.commerce.ledger.errors import WalletShort
from etalase.commerce.wallet import bank_accounts, limits, queries, rules, withdrawing
from etalase.commerce.wallet.errors import (
    AccountMissing,
    AccountRefused,
    AmountNotAllowed,
    CodeNotValid,
    CoolingOff,
    StepNotAllowed,
)
from etalase.commerce.wallet.rules import WITHDRAWAL_MOVES, Withdrawal, WithdrawalState
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.journeys.payouts import actions as payouts
from etalase.journeys.payouts import errors as payout_errors
from etalase.journeys.payouts import queries as payout_queries
from etalase.journeys.payouts.rules import BatchState
from tests.auditor import audit
from tests.builders.accounts import PASSWORD, make_account
from tests.builders.stall import Stall, make_stall
from tests.builders.wallets import a_key, fill, has, mailed_code, with_bank_account

OPERATOR = Actor.operator(7)
CASH = 500_000
DAY = timedelta(hours=25)


async def make_saver(db: Db) -> Stall:
    """A buyer with money and an account that has cooled off."""
    stall = await make_stall(db)
    await fill(db, stall.buyer, CASH)
    await with_bank_account(db, stall.buyer)
    clock.set_offset(clock.offset() + DAY)
    return stall


async def ask(stall: Stall, amount_minor: int = 100_000, *, key: str | None = None) -> Withdrawal:
    return await withdrawing.request(stall.db, buyer_id=stall.buyer.id, amount_minor=amount_minor, key=key or a_key())


async def approved(stall: Stall, amount_minor: int = 100_000) -> Withdrawal:
    one = await ask(stall, amount_minor)
    batch_id = await payouts.propose_batch(stall.db, currency="IDR", by=OPERATOR)
    assert batch_id is not None
    assert await payouts.approve_batch(stall.db, batch_id=batch_id, by=OPERATOR) == 1
    return one


async def state_of(stall: Stall, one: Withdrawal) -> WithdrawalState:
    async with stall.db.for_buyer(stall.buyer.id).reading() as tx:
        found = await queries.withdrawal(tx, buyer_id=stall.buyer.id, withdrawal_id=one.id)
    assert found is not None
    return found.state


async def end(stall: Stall, one: Withdrawal, to: WithdrawalState) -> None:
    await payouts.end_withdrawal(
        stall.db, buyer_id=stall.buyer.id, withdrawal_id=one.id, to=to, by=OPERATOR, reason="x"
    )


def test_every_waiting_state_has_a_clock_and_a_default_it_can_become() -> None:
    waiting = {state for state, reached in WITHDRAWAL_MOVES.items() if reached} - {WithdrawalState.PAID}
    assert waiting == set(rules.CLOCKS) == set(rules.DEFAULTS)
    assert all(rules.DEFAULTS[state] in WITHDRAWAL_MOVES[state] for state in waiting)


@pytest.mark.parametrize(
    ("holder", "name", "fits"),
    [
        ("SARI DEWI LESTARI", "Sari Lestari", True),
        ("sari", "Sari", True),
        ("SARIDEWI", "Sari", False),
        ("BUDI", "Sari", False),
        ("SARI", "", False),
    ],
)
def test_an_account_is_in_its_owners_name(holder: str, name: str, fits: bool) -> None:
    assert is_name_of(holder, name) is fits


async def test_from_the_wallet_to_the_bank(db: Db, database_url: str) -> None:
    stall = await make_saver(db)
    one = await ask(stall, key="a key of mine")
    assert await ask(stall, key="a key of mine") == one, "a repeated request is the first one"
    assert await has(db, stall.buyer) == (CASH - 100_000, 100_000)
    assert audit(database_url) == {}
    batch_id = await payouts.propose_batch(db, currency="IDR", by=OPERATOR) or 0
    await payouts.approve_batch(db, batch_id=batch_id, by=OPERATOR)
    with pytest.raises(StepNotAllowed):
        await withdrawing.take_back(db, buyer_id=stall.buyer.id, withdrawal_id=one.id)
    await end(stall, one, WithdrawalState.PAID)
    assert await has(db, stall.buyer) == (CASH - 100_000, 0)
    assert audit(database_url) == {}
    async with db.any().reading() as tx:
        (batch,) = await payout_queries.batches(tx)
    assert (batch.state, batch.payouts, batch.amount_minor) == (BatchState.CLOSED, 1, one.goes_minor)
    await end(stall, one, WithdrawalState.FAILED)
    assert await has(db, stall.buyer) == (CASH, 0), "banks send money back days later, and the fee is not kept"
    assert audit(database_url) == {}
    for step in WithdrawalState:
        with pytest.raises(payout_errors.StepNotAllowed):
            await end(stall, one, step)


async def test_what_nobody_approves_or_hears_of_has_its_default(db: Db, database_url: str) -> None:
    stall = await make_saver(db)
    left = await ask(stall)
    clock.set_offset(clock.offset() + timedelta(hours=73))
    assert await withdrawing.run_out(db) == 1
    assert (await state_of(stall, left), await has(db, stall.buyer)) == (WithdrawalState.REFUSED, (CASH, 0))
    silent = await approved(stall)
    clock.set_offset(clock.offset() + timedelta(hours=73))
    assert await withdrawing.run_out(db) == 1
    assert await withdrawing.run_out(db) == 0
    assert (await state_of(stall, silent), await has(db, stall.buyer)) == (WithdrawalState.PAID, (CASH - 100_000, 0))
    assert audit(database_url) == {}


async def test_taken_back_refused_and_dropped(db: Db, database_url: str) -> None:
    stall, other = await make_saver(db), await make_stall(db)
    one = await ask(stall)
    with pytest.raises(StepNotAllowed):
        await withdrawing.take_back(db, buyer_id=other.buyer.id, withdrawal_id=one.id)
    await withdrawing.take_back(db, buyer_id=stall.buyer.id, withdrawal_id=one.id)
    assert await has(db, stall.buyer) == (CASH, 0)
    two = await ask(stall)
    batch_id = await payouts.propose_batch(db, currency="IDR", by=OPERATOR) or 0
    await payouts.drop_batch(db, batch_id=batch_id, by=OPERATOR)
    assert await state_of(stall, two) is WithdrawalState.REQUESTED
    assert await payouts.propose_batch(db, currency="IDR", by=OPERATOR) is not None, "it waits for the next batch"
    await end(stall, two, WithdrawalState.REFUSED)
    assert await has(db, stall.buyer) == (CASH, 0)
    assert audit(database_url) == {}


@pytest.mark.parametrize("amount", [-1, 0, 9_999, 10_000_001, CASH + 1])
async def test_amounts_out_of_bounds_or_more_than_there_is_are_refused(db: Db, amount: int) -> None:
    stall = await make_saver(db)
    with pytest.raises((AmountNotAllowed, WalletShort)):
        await ask(stall, amount)
    assert await has(db, stall.buyer) == (CASH, 0)


async def test_a_new_account_and_a_new_password_cool_off(db: Db) -> None:
    stall = await make_stall(db)
    await fill(db, stall.buyer, CASH)
    with pytest.raises(AccountMissing):
        await ask(stall)
    await with_bank_account(db, stall.buyer)
    with pytest.raises(CoolingOff):
        await ask(stall)
    clock.set_offset(DAY)
    await ask(stall)
    await accounts.change_password(
        db, account_id=stall.buyer.id, session_id=0, present=PASSWORD, new="a new password 42"
    )
    with pytest.raises(CoolingOff):
        await ask(stall)
    clock.set_offset(DAY * 2)
    await ask(stall)


async def test_an_account_needs_its_owners_name_a_mail_box_and_the_code(db: Db) -> None:
    stall = await make_stall(db)
    for details in (BankDetails("bca", "1234567890", "Budi"), BankDetails("x", "1", stall.buyer.name)):
        with pytest.raises(AccountRefused):
            await bank_accounts.enter(db, details, buyer_id=stall.buyer.id)
    account_id = await bank_accounts.enter(
        db, BankDetails("bca", "123 456 7890", stall.buyer.name), buyer_id=stall.buyer.id
    )
    code = await mailed_code(db, stall.buyer, account_id)
    other = await make_account(db)
    with pytest.raises(CodeNotValid):
        await bank_accounts.confirm(db, buyer_id=other.id, account_id=account_id, code=code)
    clock.set_offset(timedelta(minutes=16))
    with pytest.raises(CodeNotValid):
        await bank_accounts.confirm(db, buyer_id=stall.buyer.id, account_id=account_id, code=code)
    fresh = await mailed_code(db, stall.buyer, account_id)
    for _ in range(rules.CODE_TRIES_MAX):
        with pytest.raises(CodeNotValid):
            await bank_accounts.confirm(db, buyer_id=stall.buyer.id, account_id=account_id, code="nonsense")
    with pytest.raises(CodeNotValid):
        await bank_accounts.confirm(db, buyer_id=stall.buyer.id, account_id=account_id, code=fresh)
    await with_bank_account(db, stall.buyer)
    async with db.for_buyer(stall.buyer.id).transaction() as tx:
        assert await limits.room_in(tx, owner_id=stall.buyer.id, currency="IDR") == 20_000_000, "verified"


async def test_two_processes_at_once_take_no_more_than_there_is(db: Db, database_url: str) -> None:
    stall = await make_saver(db)

    async def take() -> bool:
        try:
            await ask(stall, 200_000)
        except WalletShort:
            return False
        return True

    assert sum(await asyncio.gather(*(take() for _ in range(6)))) == 2
    assert await has(db, stall.buyer) == (100_000, 400_000)
    assert audit(database_url) == {}


def test_nobody_overdraws_by_hand(database_url: str) -> None:
    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute("INSERT INTO ledger_totals VALUES (0, 'buyer_wallet', 1, 'IDR', 0, 1)")
