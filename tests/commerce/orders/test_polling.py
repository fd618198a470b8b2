"""What programs ask of a shop's orders by when they changed costs what they get, whatever the shop has sold before."""

import random
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from etalase.commerce.orders.polling import queries
from etalase.commerce.orders.polling.queries import Place, Wanted
from etalase.foundation.sql import Db
from tests.builders.accounts import make_shop
from tests.builders.many_orders import order, write_orders

ORDERS = 3_000
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
LATE, EARLY = BEGINNING + timedelta(minutes=ORDERS - 30), BEGINNING + timedelta(minutes=30)
ASKED = {
    "changed since": (Wanted(updated_from=LATE), None, False, 30),
    "changed since, a page later": (Wanted(updated_from=LATE), Place(LATE + timedelta(minutes=9), 2**62), False, 20),
    "changed until, newest first": (Wanted(updated_until=EARLY), None, True, 30),
    "changed until, a page later": (Wanted(updated_until=EARLY), Place(EARLY - timedelta(minutes=10), 0), True, 20),
}


@pytest.mark.parametrize("asked", ASKED)
async def test_a_search_begins_at_the_moment_it_asks_from(db: Db, database_url: str, asked: str) -> None:
    shop, dice = await make_shop(db), random.Random(3)
    made = [order(number, dice) for number in range(ORDERS)]
    with psycopg.connect(database_url, autocommit=True) as connection:
        write_orders(connection, shop.shop_id, made)
        connection.execute(
            "UPDATE orders SET updated_at = %s + (id >> 22) %% 1000000000 * interval '1 ms'", [BEGINNING]
        )
        connection.execute("VACUUM (ANALYZE) orders")
    wanted, after, is_descending, many = ASKED[asked]
    async with db.for_shop(shop.shop_id).transaction() as tx:
        for _ in range(3):
            before = await blocks(tx.connection)
            found = await queries.by_update(
                tx, wanted, shop_id=shop.shop_id, after=after, is_descending=is_descending, limit=21, count=500
            )
            read = await blocks(tx.connection) - before
    assert (len(found), found[0].counted) == (min(many, 21), many)
    assert read <= 4  # the way down and a leaf or two, of some twenty


async def blocks(connection: psycopg.AsyncConnection[tuple[int]]) -> int:
    """Blocks of the index that this transaction has asked for so far."""
    found = await connection.execute("SELECT pg_stat_get_xact_blocks_fetched('orders_of_shop_updated'::regclass)")
    row = await found.fetchone()
    return row[0] if row else 0
