"""The world of a run: fifty shops, one of them with half of the orders, a hundred thousand buyers, and a million orders."""

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import psycopg

from bench import multiply
from bench.indexes import restore_indexes
from demo.load import load_orders, load_world
from demo.loading.bulk_stage import BUYER_NODE, BUYERS_FROM_MS, add_buyers
from etalase.commerce.catalog.queries import statements as catalog
from etalase.commerce.orders.search.gathering import gather, gather_waiting
from etalase.foundation import clock
from etalase.foundation.ids import EPOCH_MS, compose, id_ago
from etalase.foundation.sql import Statements, open_db

SHOPS: Final = 50
BUYERS: Final = 100_000
WORTH_TWO: Final = 10_000
"""From so many orders on their words are gathered by two processes."""
HOT_SHOP: Final = "sekar-laras"
UNITS: Final = 1_000_000
"""What each variant is stocked up with."""
statements = Statements(Path(__file__).with_name("world.sql"))
Progress = Callable[[str, float], None]
Connection = psycopg.Connection[Any]


def buyer_id(number: int) -> int:
    """The account of extra buyer so and so: their ids follow from their numbers."""
    return compose(ms=BUYERS_FROM_MS + number, node=BUYER_NODE, sequence=0)


def buyer_login(number: int) -> str:
    """What that buyer logs in with."""
    return f"pembeli-{number:06d}@contoh.etalase.test"


def make_base(url: str, *, var: Path, buyers: int, progress: Progress) -> None:
    """In a migrated database: the demo world, more shops like its own, many buyers, full shelves; no orders yet but those of the demo."""
    load_world(url, var=var, progress=progress)
    with psycopg.connect(url) as connection:
        progress("buyers", 0.0)
        add_buyers(connection, buyers)
        progress("shops", 0.0)
        connection.execute(statements["let_shops_confirm_by_hand"].text)
        _clone_shops(connection)
        connection.execute(
            statements["buy_stock"].text,
            {"units": UNITS, "at": clock.now(), "from_ms": _ms_ago(timedelta(days=150))},
        )
        refresh_windows(connection)


def _ms_ago(ago: timedelta) -> int:
    return int((clock.now() - ago).timestamp() * 1000) - EPOCH_MS


def _clone_shops(connection: Connection) -> None:
    base = [row[0] for row in connection.execute("SELECT shop_id FROM shops ORDER BY shop_id LIMIT 100").fetchall()]
    clones = list(range(1, SHOPS - len(base) + 1))
    given: dict[str, list[int]] = {
        "clones": clones,
        "base_ids": [base[clone % len(base)] for clone in clones],
        "owner_ids": [buyer_id(clone) for clone in clones],
    }
    for name in ("shops", "members", "products", "media", "variants", "stock"):
        connection.execute(statements[f"clone_{name}"].text, given)


def refresh_windows(connection: Connection) -> None:
    """Redo the shop window as the product does."""
    for shop_id, product_ids in connection.execute(statements["products_by_shop"].text).fetchall():
        window = {"shop_id": shop_id, "product_ids": product_ids, "at": clock.now()}
        connection.execute(catalog["refresh_listings"].text, window)
    connection.execute(statements["show_sold"].text)


def repair(url: str) -> None:
    """Finish what an interrupted run has left half done."""
    with psycopg.connect(url, autocommit=True) as connection:
        if multiply.is_set_up(connection):
            restore_indexes(connection, url)


def grow(url: str, orders: int, *, buyers: int, progress: Progress) -> None:
    """Bring the world to so many orders or a few more: some as the loader writes them, the rest as copies of these."""
    with psycopg.connect(url, autocommit=True) as connection:
        if not multiply.is_set_up(connection):
            load_orders(url, min(multiply.PATTERN_MAX, orders // 5), hot_shop=HOT_SHOP, progress=progress)
            with connection.transaction():
                multiply.set_up(connection)
        each = multiply.pattern_size(connection)
    copies = -(-(orders - count_orders(url)) // each)
    if copies > 0:
        multiply.multiply(url, copies=copies, buyers=buyers, progress=progress)
        with psycopg.connect(url) as connection:
            refresh_windows(connection)
        gather_words(url, progress=progress)


def gather_words(url: str, *, progress: Progress) -> None:
    """What the worker would do by and by for the search: the busy shop in one process, the others in another."""
    with psycopg.connect(url) as connection:
        connection.execute(multiply.statements["forget_words"].text)
        hot = hot_shop_id(connection)
        others = [row[0] for row in connection.execute("SELECT shop_id FROM shops WHERE shop_id <> %s", [hot])]
    progress("words", 0.95)
    if count_orders(url) < WORTH_TWO:
        return _gather(url, [hot, *others])
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        for gathered in [pool.submit(_gather, url, [hot]), pool.submit(_gather, url, others)]:
            gathered.result()
    return None


def gather_waiting_words(url: str) -> None:
    """Gather what has been placed since."""

    async def all_of_them() -> None:
        async with open_db(url, connections_max=2) as db:
            await gather_waiting(db, settled_ms=0)

    asyncio.run(all_of_them())


def _gather(url: str, shop_ids: list[int]) -> None:
    async def all_of_them() -> None:
        async with open_db(url, connections_max=2) as db:
            for shop_id in shop_ids:
                await gather(db, shop_id=shop_id, until_id=id_ago(0))

    asyncio.run(all_of_them())


def count_orders(url: str) -> int:
    """How many there are, by the shops' counters."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT coalesce(sum(orders), 0)::bigint FROM shop_order_counts").fetchone()
    return int(row[0]) if row else 0


def hot_shop_id(connection: Connection) -> int:
    """The shop with half of the orders."""
    row = connection.execute(statements["shop_of_slug"].text, {"slug": HOT_SHOP}).fetchone()
    if row is None:
        raise LookupError(HOT_SHOP)
    return int(row[0])
