"""One wallet, several processes at once: spent once, topped up once, paid out once, whoever is faster or dies; the books hold."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import psycopg
import pytest

from etalase.commerce.payments import actions as payments
from etalase.commerce.payments.by_hand import actions as by_hand
from etalase.commerce.payments.by_hand.rules import BankAccount
from etalase.commerce.payments.rules import Refund
from etalase.commerce.wallet import queries, withdrawing
from etalase.commerce.wallet.rules import Withdrawal, WithdrawalState
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db, open_db
from etalase.journeys.cancellations import actions as cancelling
from etalase.journeys.checkout import retrying, settle
from etalase.journeys.checkout.settle import Outcome
from etalase.journeys.payouts import actions as payouts
from tests.auditor import audit
from tests.builders.orders import method_of, orders_of, paid_report
from tests.builders.stall import Stall
from tests.builders.wallets import a_key, await_top_up, has, place_with_wallet
from tests.commerce.wallet.test_paying import cancel, refunds_of
from tests.commerce.wallet.test_withdrawing import CASH, ask, make_saver, state_of

OPERATOR = Actor.operator(7)
MANY = 40
"""Withdrawals of a batch during whose approval a process dies."""
WAITS_WITHIN_S = 120


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Db]:
    """Another process's connections to the same database."""
    async with open_db(database_url, connections_max=10) as opened:
        yield opened


async def at_once(*verbs: Awaitable[Any]) -> list[Any]:
    """What each answered, or what it was refused with; anything but an answer of the trade's is a defect."""
    found = await asyncio.gather(*verbs, return_exceptions=True)
    strange = [one for one in found if isinstance(one, Exception) and not type(one).__module__.startswith("etalase.")]
    assert strange == []
    return found


def done(found: list[Any]) -> list[Any]:
    return [one for one in found if not isinstance(one, Exception)]


async def withdrawn(db: Db, buyer_id: int) -> list[Withdrawal]:
    async with db.for_buyer(buyer_id).reading() as tx:
        return await queries.withdrawals_of_buyer(tx, buyer_id=buyer_id)


async def test_paying_and_withdrawing_spend_a_wallet_once(db: Db, other: Db, database_url: str) -> None:
    stall = await make_saver(db)
    away = Stall(other, stall.shop, stall.product, stall.buyer, stall.address)
    order = await stall.unpaid(units=1)
    price, left = order.total_minor, CASH
    while left >= price:
        found = await at_once(place_with_wallet(stall, None), ask(away, left - price + 1), ask(stall, left))
        assert done(found), "somebody gets it"
        spent = CASH - (await has(db, stall.buyer))[0]
        assert spent + (await has(db, stall.buyer))[0] == CASH
        assert audit(database_url) == {}
        left = CASH - spent
    assert left >= 0


async def test_one_form_sent_by_two_processes_is_one_withdrawal(db: Db, other: Db, database_url: str) -> None:
    stall = await make_saver(db)
    key = a_key()
    asked = [
        withdrawing.request(one, buyer_id=stall.buyer.id, amount_minor=100_000, key=key) for one in (db, other) * 3
    ]
    assert len({one.id for one in await at_once(*asked)}) == 1
    assert await has(db, stall.buyer) == (CASH - 100_000, 100_000)
    assert audit(database_url) == {}


async def test_a_top_up_told_to_many_at_once_comes_in_once(db: Db, other: Db, database_url: str) -> None:
    stall = await make_saver(db)
    report = await await_top_up(db, stall.buyer, 70_000)
    found = await at_once(*(settle.settle(one, report) for one in (db, other) * 4))
    assert sorted(found) == [Outcome.NOTHING_NEW] * 7 + [Outcome.PAID]
    assert await has(db, stall.buyer) == (CASH + 70_000, 0)
    assert audit(database_url) == {}


async def test_a_batch_against_its_withdrawals_owner_and_clock(db: Db, other: Db, database_url: str) -> None:
    """Approved by two, refused by a third, taken back by the owner: one of them wins, and the money is in one place."""
    stall = await make_saver(db)
    for _ in range(3):
        one = await ask(stall, 50_000)
        batch_id = await payouts.propose_batch(db, currency="IDR", by=OPERATOR)
        assert batch_id is not None
        key: dict[str, Any] = {"buyer_id": stall.buyer.id, "withdrawal_id": one.id}
        await at_once(
            payouts.approve_batch(db, batch_id=batch_id, by=OPERATOR),
            payouts.approve_batch(other, batch_id=batch_id, by=OPERATOR),
            withdrawing.take_back(other, **key),
            payouts.end_withdrawal(db, **key, to=WithdrawalState.REFUSED, by=OPERATOR, reason="x"),
        )
        assert await state_of(stall, one) in (
            WithdrawalState.APPROVED, WithdrawalState.WITHDRAWN, WithdrawalState.REFUSED,
        )  # fmt: skip
        assert audit(database_url) == {}


async def test_the_banks_word_counts_once(db: Db, other: Db, database_url: str) -> None:
    """Paid told by two operators, by the clock, and sent back by the bank, all at once."""
    stall = await make_saver(db)
    one = await ask(stall)
    batch_id = await payouts.propose_batch(db, currency="IDR", by=OPERATOR)
    await payouts.approve_batch(db, batch_id=batch_id or 0, by=OPERATOR)
    key: dict[str, Any] = {"buyer_id": stall.buyer.id, "withdrawal_id": one.id, "by": OPERATOR}
    paid = [payouts.end_withdrawal(at, **key, to=WithdrawalState.PAID) for at in (db, other) * 2]
    assert len(done(await at_once(*paid))) == 1
    assert audit(database_url) == {}
    back = [payouts.end_withdrawal(at, **key, to=WithdrawalState.FAILED, reason="x") for at in (db, other) * 2]
    assert len(done(await at_once(*back, withdrawing.run_out(other)))) == 2, "one transfer came back; nothing was over"
    assert await has(db, stall.buyer) == (CASH, 0)
    assert audit(database_url) == {}


DYING = """
import asyncio, sys
from etalase.foundation.facts import Actor
from etalase.foundation.sql import open_db
from etalase.journeys.payouts import actions
async def main():
    async with open_db(sys.argv[1], connections_max=2) as db:
        await actions.approve_batch(db, batch_id=int(sys.argv[2]), by=Actor.operator(7))
asyncio.run(main())
"""


async def test_a_process_that_dies_while_it_approves_leaves_all_or_nothing(db: Db, database_url: str) -> None:
    stall = await make_saver(db)
    asked = [await ask(stall, 10_000) for _ in range(MANY)]
    batch_id = await payouts.propose_batch(db, currency="IDR", by=OPERATOR)
    held = psycopg.connect(database_url)  # whoever approves stops at the last one, in the middle of its transaction
    held.execute("SELECT FROM withdrawals WHERE id = %s FOR UPDATE", (max(one.id for one in asked),))
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", DYING, database_url, str(batch_id))
    try:
        await _until_waiting(database_url)
    finally:
        process.kill()
        await process.wait()
        held.close()
    states = {one.state for one in await withdrawn(db, stall.buyer.id)}
    assert states == {WithdrawalState.REQUESTED}
    assert audit(database_url) == {}
    assert await payouts.approve_batch(db, batch_id=batch_id or 0, by=OPERATOR) == MANY, "pressed again"
    assert audit(database_url) == {}


async def _until_waiting(url: str) -> None:
    """Somebody waits for a row."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    until = time.monotonic() + WAITS_WITHIN_S
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < until:
            if (connection.execute(waiting).fetchone() or (0,))[0]:
                return
            await asyncio.sleep(0.05)
    raise AssertionError("it never came so far")


async def failed_refund(stall: Stall) -> Refund:
    """What a provider could not send back of an order that is paid with a part of the wallet."""
    placed = await place_with_wallet(stall, 20_000)
    await settle.settle(stall.db, await paid_report(stall.db, stall.buyer, placed))
    await cancel(stall, placed)
    refund = (await refunds_of(stall, placed))[1]
    await payments.refund_failed(stall.db, buyer_id=stall.buyer.id, refund_id=refund.id, failure="closed")
    return refund


async def test_a_failed_refund_goes_one_way(db: Db, other: Db, database_url: str) -> None:
    """Into the wallet twice, to the provider once more, and to a bank account, all at once."""
    stall = await make_saver(db)
    for _ in range(4):
        refund = await failed_refund(stall)
        before = (await has(db, stall.buyer))[0]
        key: dict[str, Any] = {"buyer_id": stall.buyer.id, "refund_id": refund.id}
        account = BankAccount("BCA", "1234567890", "Rina")
        turned, again, tried, _ = await at_once(
            payments.turn_to_wallet(db, **key),
            payments.turn_to_wallet(other, **key),
            payments.try_refund_again(other, **key, by=OPERATOR),
            by_hand.give_account(other, account, **key, key="k" * 32),
        )
        into_wallet = (await has(db, stall.buyer))[0] - before
        assert into_wallet == refund.amount_minor * (turned + again)
        assert turned + again + (tried is not None) <= 1
        assert audit(database_url) == {}


async def test_who_named_a_bank_account_cannot_take_it_into_the_wallet_too(db: Db, database_url: str) -> None:
    """The operator may have transferred it already, and only its reference is not written down yet."""
    stall = await make_saver(db)
    refund = await failed_refund(stall)
    key: dict[str, Any] = {"buyer_id": stall.buyer.id, "refund_id": refund.id}
    await by_hand.give_account(db, BankAccount("BCA", "1234567890", "Rina"), **key, key="k" * 32)
    before = await has(db, stall.buyer)
    assert not await payments.turn_to_wallet(db, **key)
    await by_hand.pay_by_hand(db, **key, reference="TRX-1", by=OPERATOR)
    assert await has(db, stall.buyer) == before
    assert audit(database_url) == {}


async def test_cancelling_while_the_wallets_part_is_set_aside(db: Db, other: Db, database_url: str) -> None:
    """The provider's word, another method, the clock and the buyer at once: what was set aside is spent once or back."""
    stall = await make_saver(db)
    for _ in range(6):
        placed = await place_with_wallet(stall, 20_000)
        (order,) = await orders_of(db, stall.buyer, placed)
        report = await paid_report(db, stall.buyer, placed)
        again = retrying.pay_again(
            other,
            buyer_id=stall.buyer.id,
            purchase_id=placed.purchase_id,
            method=method_of("wallet", provider="wallet"),
        )
        await at_once(
            settle.settle(db, report),
            again,
            cancelling.cancel_by_buyer(other, buyer_id=stall.buyer.id, order_id=order.id, reason="changed_mind"),
            cancelling.cancel_by_clock(db, shop_id=order.shop_id, order_id=order.id, kind="payment.deadline"),
            ask(stall, 10_000),
        )
        assert audit(database_url) == {}


async def test_what_comes_at_once_for_a_wallet_that_is_full_goes_back(db: Db, other: Db, database_url: str) -> None:
    """What is awaited had room; a wallet that may hold less meanwhile takes none of it, and all goes back as it came."""
    stall = await make_saver(db)
    reports = [await await_top_up(db, stall.buyer, 4_000_000) for _ in range(4)]
    async with db.for_buyer(stall.buyer.id).transaction() as tx:
        await tx.connection.execute("UPDATE wallet_bank_accounts SET state = 'replaced'")  # it holds less from now on
    found = await at_once(*(settle.settle(one, told) for one, told in zip((db, other) * 2, reports, strict=True)))
    assert found.count(Outcome.SURPLUS_RETURNED) == 4
    assert await has(db, stall.buyer) == (CASH, 0)
    assert audit(database_url) == {}
