"""Policies that bind orders, each combination kept once."""

import asyncio
from uuid import UUID

import pytest

from etalase.commerce.orders import queries as orders
from etalase.foundation.policies import queries
from etalase.foundation.policies.rules import book_of, frozen, set_id
from etalase.foundation.sql import Db
from tests.builders.shipping import ready_order

SOME = {"ship.sla": [3, 2], "return.window": [0, 7]}


async def rows(db: Db) -> list[object]:
    async with db.any().transaction() as tx:
        found = await (await tx.connection.execute("SELECT policies FROM policy_sets ORDER BY id")).fetchall()
    return [row[0] for row in found]


async def test_a_set_is_written_once_whoever_keeps_it_first(db: Db) -> None:
    async def keep() -> list[UUID]:
        async with db.any().transaction() as tx:
            return list(await queries.keep_sets(tx, [SOME, dict(reversed(SOME.items())), {}]))

    found = await asyncio.gather(keep(), keep(), keep())
    assert list(found) == [[set_id(SOME), set_id(SOME), set_id({})]] * 3
    assert sorted(await rows(db), key=str) == sorted([SOME, {}], key=str)


async def test_a_set_that_was_taken_back_is_written_again(db: Db) -> None:
    async with db.any().transaction() as tx:
        await queries.keep_sets(tx, [SOME])
        await tx.connection.execute("ROLLBACK; BEGIN")
    for _ in range(3):
        async with db.any().transaction() as tx:
            await queries.keep_sets(tx, [SOME])
        assert await rows(db) == [SOME]


async def test_an_order_has_the_policies_it_was_placed_with_unless_a_list_left_them_out(db: Db) -> None:
    placed = await ready_order(db)
    async with db.for_shop(placed.shop_id).reading() as tx:
        whole = await orders.order_of_shop(tx, shop_id=placed.shop_id, order_id=placed.order_id)
        listed = await orders.some_orders(tx, shop_id=placed.shop_id, order_ids=[placed.order_id])
        book = await queries.load_book(tx)
    assert whole is not None
    assert whole.policies == {}
    assert frozen(book, shop_id=placed.shop_id) == frozen(book_of(frozen(book, shop_id=placed.shop_id)), shop_id=0)
    with pytest.raises(RuntimeError, match=r"ship\.sla"):
        book_of(listed[placed.order_id].policies).find("ship.sla")
