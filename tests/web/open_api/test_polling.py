"""A program that polls a busy shop by when orders changed: it misses none, and sees none twice in a version.

`POLLED_ORDERS=10000 pytest tests/web/open_api/test_polling.py` does it with ten thousand orders.
"""

import os
import random
from typing import Any

import psycopg
import pytest

from etalase.commerce.orders import actions as orders
from etalase.commerce.orders import queries
from etalase.commerce.orders.rules import Move, State
from etalase.foundation import clock
from etalase.foundation.sql import Db
from etalase.settings import Settings
from tests.builders.accounts import MadeShop
from tests.builders.many_orders import order, write_orders
from tests.builders.open_api import Connector

SEARCH = "/order/202309/orders/search"
ORDERS = int(os.environ.get("POLLED_ORDERS", "300"))
PAGE = 50
OVERLAP_S = 3600


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An installation that lets programs ask as fast as they can."""
    return settings.model_copy(update={"api_calls_per_s": 10_000})


class Program:
    """A connector: asks for what changed since last time, an hour less, page by page, and keeps what it saw."""

    def __init__(self, connector: Connector) -> None:
        self.connector = connector
        self.known: dict[str, str] = {}
        self.since = 0

    async def poll(self, meanwhile: Any = None) -> list[tuple[str, int, str]]:
        """One pass; `meanwhile` happens after each page. Returns the versions in the order they came."""
        seen: list[tuple[str, int, str]] = []
        token, began = "", self.since
        while True:
            query = {"page_size": str(PAGE), "sort_field": "update_time", "sort_order": "ASC"}
            query |= {"page_token": token} if token else {}
            page = await self.connector.call("POST", SEARCH, query, {"update_time_ge": max(0, began - OVERLAP_S)})
            for one in page["orders"]:
                seen.append((one["id"], one["update_time"], one["status"]))
                self.known[one["id"]] = one["status"]
                self.since = max(self.since, one["update_time"])
            token = page["next_page_token"]
            if not token:
                return seen
            if meanwhile is not None:
                await meanwhile()


async def test_a_polling_program_misses_none_and_sees_none_twice(
    db: Db, database_url: str, shop: MadeShop, connector: Connector
) -> None:
    dice = random.Random(7)
    made = [order(number, dice) for number in range(ORDERS)]
    with psycopg.connect(database_url, autocommit=True) as connection:
        write_orders(connection, shop.shop_id, made)
        open_ids = [one.id for one in made if one.state is State.NEW]
        late = [order(number, dice, is_new=True) for number in range(ORDERS, ORDERS + 40)]
        program = Program(connector)

        async def business() -> None:
            """Orders are confirmed, and placed, while pages are read."""
            for _ in range(3):
                if open_ids:
                    await confirm(db, shop.shop_id, open_ids.pop())
            if late:
                fresh = [late.pop() for _ in range(min(5, len(late)))]
                write_orders(connection, shop.shop_id, fresh)
                connection.execute(
                    "UPDATE orders SET updated_at = %s WHERE id = ANY(%s)", (clock.now(), [one.id for one in fresh])
                )
                made.extend(fresh)

        first = await program.poll(business)
        second = await program.poll(business)
        third = await program.poll()
    for versions in (first, second, third):
        assert len(set(versions)) == len(versions)
    async with db.for_shop(shop.shop_id).reading() as tx:
        standing: dict[int, queries.Standing] = {}
        for start in range(0, len(made), 100):
            ids = [one.id for one in made[start : start + 100]]
            standing |= await queries.standings(tx, shop_id=shop.shop_id, order_ids=ids)
    words = {State.NEW: "ON_HOLD"}
    expected = {str(one.id): words.get(one.state, one.state.upper()) for one in standing.values()}
    assert program.known == expected


async def confirm(db: Db, shop_id: int, order_id: int) -> None:
    """What confirming does to the order's row."""
    async with db.for_shop(shop_id).transaction() as tx:
        found = await orders.lock(tx, shop_id=shop_id, order_id=order_id)
        await orders.move(tx, found, Move.CONFIRM, at=clock.now())
