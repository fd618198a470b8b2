"""The ledger in the database: append-only, totals equal to sums, wallets never overdrawn."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import pytest

from etalase.commerce.ledger import actions as ledger
from etalase.commerce.ledger import queries, wallets
from etalase.commerce.ledger.errors import WalletShort
from etalase.commerce.ledger.rules import Account
from etalase.commerce.ledger.wallets import Movement
from etalase.foundation import clock
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Db, Tx
from tests.builders.accounts import make_account, make_shop
from tests.builders.stall import make_stall

SUMS = """
    SELECT coalesce(sum(amount_minor), 0)::bigint FROM {table}
    WHERE account = %(account)s AND (shop_id = %(owner)s OR owner_id = %(owner)s)"""


async def both_sums(db: Db, account: str, owner: int) -> tuple[int, int]:
    """The running total, and the sum of the entries."""
    found = []
    async with db.any().transaction() as tx:
        for table in ("ledger_totals", "ledger_entries"):
            cursor = await tx.connection.execute(SUMS.format(table=table), {"account": account, "owner": owner})
            found.append((await cursor.fetchone() or (0,))[0])
    return found[0], found[1]


async def balances(db: Db, shop_id: int, order_id: int) -> dict[str, int]:
    async with db.for_shop(shop_id).reading() as tx:
        found = await queries.balances_of_order(tx, shop_id=shop_id, order_id=order_id)
    return {account: amount for account, amount in found.items() if amount}


@pytest.mark.parametrize(
    "change", ["UPDATE ledger_entries SET amount_minor = 1", "DELETE FROM ledger_entries", "TRUNCATE ledger_entries"]
)
async def test_entries_cannot_be_changed_even_by_the_owner_of_the_table(db: Db, database_url: str, change: str) -> None:
    stall = await make_stall(db)
    await stall.new()
    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute(change)


async def test_completing_releases_what_is_held_and_a_refund_takes_it_back(db: Db) -> None:
    stall = await make_stall(db)
    order = await stall.completed()
    about: dict[str, Any] = {"shop_id": order.shop_id, "order_id": order.id, "currency": "IDR"}
    assert await balances(db, order.shop_id, order.id) == {
        "provider_clearing": order.total_minor,
        "seller_pending": -order.total_minor,
    }
    async with db.for_shop(order.shop_id).transaction() as tx:
        await ledger.refund(tx, **about, amount_minor=1000, at=clock.now())
    found = await balances(db, order.shop_id, order.id)
    assert found["seller_pending"] == 1000 - order.total_minor
    assert await both_sums(db, "seller_pending", order.shop_id) == (1000 - order.total_minor,) * 2


async def test_settled_money_is_clawed_back_with_its_commission(db: Db) -> None:
    stall = await make_stall(db)
    order = await stall.completed()
    total = order.total_minor
    parts: dict[int, dict[Account, int]] = {order.id: {"seller_available": total - 1000, "commission": 1000}}
    async with db.for_shop(order.shop_id).transaction() as tx:
        await ledger.settle(tx, shop_id=order.shop_id, currency="IDR", parts=parts, at=clock.now())
    async with db.for_shop(order.shop_id).transaction() as tx:
        await ledger.refund(
            tx, shop_id=order.shop_id, order_id=order.id, currency="IDR", amount_minor=total, at=clock.now()
        )
    assert await balances(db, order.shop_id, order.id) == {}
    assert await both_sums(db, "seller_available", order.shop_id) == (0, 0)


async def test_a_loss_made_good_to_the_buyer_passes_the_order(db: Db) -> None:
    """Platform or insurer pay into what is held; the refund takes that first and leaves the seller alone."""
    stall = await make_stall(db)
    order = await stall.completed()
    about: dict[str, Any] = {"shop_id": order.shop_id, "order_id": order.id, "currency": "IDR", "at": clock.now()}
    async with db.for_shop(order.shop_id).transaction() as tx:
        await ledger.compensate(tx, **about, amount_minor=700, by="carrier", to="buyer")
        await ledger.pay_insurance(tx, **about, amount_minor=300, to="buyer")
        await ledger.refund(tx, **about, amount_minor=1000)
    found = await balances(db, order.shop_id, order.id)
    assert (found["carrier_receivable"], found["insurance"]) == (700, 300)
    assert found["seller_pending"] == -order.total_minor
    assert "escrow" not in found


async def test_a_payout_leaves_and_comes_back(db: Db) -> None:
    shop = await make_shop(db)
    about: dict[str, Any] = {"shop_id": shop.shop_id, "currency": "IDR", "payout_id": 5, "at": clock.now()}
    async with db.for_shop(shop.shop_id).transaction() as tx:
        await ledger.adjust(tx, shop_id=shop.shop_id, currency="IDR", amount_minor=900, at=clock.now(), reference_id=1)
        await ledger.payout(tx, **about, amount_minor=900)
    async with db.for_shop(shop.shop_id).transaction() as tx:
        assert await queries.lock_available(tx, shop_id=shop.shop_id, currency="IDR") == 0
        await ledger.payout_paid(tx, **about, amount_minor=900)
        await ledger.payout_returned(tx, **about, amount_minor=900, was_paid=True)
    async with db.for_shop(shop.shop_id).reading() as tx:
        assert await queries.totals_of_seller(tx, shop_id=shop.shop_id, currency="IDR") == {
            "seller_pending": 0,
            "seller_available": 900,
        }


def idr(owner_id: int, amount_minor: int, *, currency: str = "IDR") -> Movement:
    return Movement(owner_id=owner_id, currency=currency, amount_minor=amount_minor, at=clock.now())


async def test_a_wallet_is_filled_set_aside_and_spent_and_never_overdrawn(db: Db) -> None:
    owner = (await make_account(db)).id

    async def do(verb: Callable[[Tx], Awaitable[None]]) -> None:
        async with db.for_buyer(owner).transaction() as tx:
            await verb(tx)

    await do(lambda tx: wallets.credit(tx, idr(owner, 1000)))
    await do(lambda tx: wallets.hold(tx, idr(owner, 600)))
    for overdrawing in (
        lambda tx: wallets.debit(tx, idr(owner, 401)),
        lambda tx: wallets.hold(tx, idr(owner, 401)),
        lambda tx: wallets.debit(tx, idr(owner, 601), is_held=True),
        lambda tx: wallets.release(tx, idr(owner, 601)),
    ):
        with pytest.raises(WalletShort):
            await do(overdrawing)
    await do(lambda tx: wallets.debit(tx, idr(owner, 600), is_held=True))
    await do(lambda tx: wallets.debit(tx, idr(owner, 400)))
    async with db.for_buyer(owner).reading() as tx:
        assert set((await queries.totals_of_wallet(tx, owner_id=owner, currency="IDR")).values()) == {0}
        listed = await queries.entries_of_wallet(tx, owner_id=owner, currency="IDR")
    told = [(entry.cause, entry.amount_minor, entry.held_minor) for entry in listed]
    assert told == [
        ("wallet debit", -400, 0), ("wallet debit", 0, -600), ("wallet hold", -600, 600), ("wallet credit", 1000, 0),
    ]  # fmt: skip
    after = [(entry.available_after_minor, entry.held_after_minor) for entry in listed]
    assert after == [(0, 0), (400, 0), (400, 600), (1000, 0)]
    async with db.for_buyer(owner).reading() as tx:
        older = await queries.entries_of_wallet(tx, owner_id=owner, currency="IDR", before=listed[1].id, limit=1)
    assert older == listed[2:3], "a page goes on with the balances of the whole"


async def test_a_stranger_to_a_wallet_has_nothing_to_spend(db: Db) -> None:
    owner = (await make_account(db)).id
    with pytest.raises(WalletShort):
        async with db.for_buyer(owner).transaction() as tx:
            await wallets.debit(tx, idr(owner, 1))


async def test_currencies_are_kept_apart(db: Db) -> None:
    owner = (await make_account(db)).id
    async with db.for_buyer(owner).transaction() as tx:
        await wallets.credit(tx, idr(owner, 1000, currency="USD"))
    with pytest.raises(WalletShort):
        async with db.for_buyer(owner).transaction() as tx:
            await wallets.debit(tx, idr(owner, 1))


async def test_many_spend_from_one_wallet_at_once_and_no_more_than_there_is(db: Db) -> None:
    owner = (await make_account(db)).id
    async with db.for_buyer(owner).transaction() as tx:
        await wallets.credit(tx, idr(owner, 1000))

    async def spend() -> bool:
        try:
            async with db.for_buyer(owner).transaction() as tx:
                await wallets.debit(tx, idr(owner, 300))
        except WalletShort:
            return False
        return True

    assert sum(await asyncio.gather(*(spend() for _ in range(12)))) == 3
    assert await both_sums(db, "buyer_wallet", owner) == (-100, -100)


async def test_totals_of_a_busy_shop_stay_exact(db: Db) -> None:
    shop = await make_shop(db)

    async def credit() -> None:
        async with db.for_shop(shop.shop_id).transaction() as tx:
            await ledger.settle(
                tx, shop_id=shop.shop_id, currency="IDR", at=clock.now(),
                parts={new_id(): {"seller_available": 90, "commission": 10} for _ in range(3)},
            )  # fmt: skip

    await asyncio.gather(*(credit() for _ in range(15)))
    assert await both_sums(db, "seller_available", shop.shop_id) == (-90 * 45, -90 * 45)
    assert await both_sums(db, "seller_pending", shop.shop_id) == (100 * 45, 100 * 45)
