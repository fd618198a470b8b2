"""Further orders by the hundred thousand: made and copied by several processes, batch by batch."""

import asyncio
import multiprocessing
import secrets
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg

from demo.loading.bulk_rows import COLUMNS, Batch, make_batch
from demo.loading.bulk_stage import BUYERS_MAX, Stage, add_buyers, set_stage
from demo.loading.rows import copy_into
from etalase.commerce.catalog.queries import statements as catalog
from etalase.commerce.inventory.queries import statements as inventory
from etalase.commerce.ledger.queries import statements as ledger
from etalase.commerce.orders.queries import statements as orders
from etalase.commerce.orders.search.gathering import check, gather_waiting
from etalase.foundation import clock
from etalase.foundation.facts.relay import RELAY
from etalase.foundation.ids import ID_MAX
from etalase.foundation.sql import open_db

BATCH: Final = 1_000
PROCESSES: Final = 2
ORDERS_PER_BUYER: Final = 5
TRIES: Final = 3
Key = tuple[int, int]


def fill(url: str, count: int, *, hot_share: float, hot_shop: str, progress: Callable[[str, float], None]) -> None:
    """Load so many orders; see `demo.load.load_orders`."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT offset_seconds FROM clock_offset").fetchone()
        offset = timedelta(seconds=row[0] if row else 0)
        now = clock.now() - clock.offset() + offset
        progress("buyers", 0.0)
        add_buyers(connection, min(BUYERS_MAX, max(100, count // ORDERS_PER_BUYER)))
        _pass_over_loaded(connection)
        set_stage(connection, hot_shop=hot_shop, now=now, offset=offset)  # says at once if nothing is for sale
    done = 0
    for made in _in_parallel(url, count, hot_share=hot_share, stage=(hot_shop, now, offset)):
        done += made
        progress("orders", done / count)
    progress("words", 1.0)
    asyncio.run(_gather_words(url))


async def _gather_words(url: str) -> None:
    """What the worker would do by and by, so that lists are searched at full speed from the start."""
    async with open_db(url, connections_max=4) as db:
        await check(db)  # what was loaded lies among what was there
        await gather_waiting(db, settled_ms=0)


def _pass_over_loaded(connection: psycopg.Connection[Any]) -> None:
    """Loaded facts carry transaction number 0; a relay that has not begun must begin behind them."""
    connection.execute(
        "INSERT INTO relay_positions (relay, recorded_xid, fact_id) VALUES (%(relay)s, '0'::xid8, %(last)s)"
        " ON CONFLICT (relay) DO UPDATE SET fact_id = excluded.fact_id WHERE relay_positions.recorded_xid = '0'::xid8",
        {"relay": RELAY, "last": ID_MAX},
    )


def _in_parallel(url: str, count: int, *, hot_share: float, stage: tuple[str, datetime, timedelta]) -> Iterator[int]:
    sizes = [min(BATCH, count - start) for start in range(0, count, BATCH)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=context, initializer=_begin, initargs=(url, *stage)) as pool:
        waiting: set[Future[int]] = set()
        try:
            for size in sizes:
                waiting.add(pool.submit(_write_batch, size, hot_share, secrets.randbits(48)))
                if len(waiting) > 2 * PROCESSES:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            yield from (future.result() for future in wait(waiting).done)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


_connection: psycopg.Connection[Any]
_stage: Stage


def _begin(url: str, hot_shop: str, now: datetime, offset: timedelta) -> None:
    """In each process: its own connection and stage. Ctrl-C is the parent's business; the batch in hand is finished."""
    global _connection, _stage  # noqa: PLW0603 - what a process of the pool keeps
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _connection = psycopg.connect(url, autocommit=True)
    _stage = set_stage(_connection, hot_shop=hot_shop, now=now, offset=offset)


def _write_batch(count: int, hot_share: float, seed: int) -> int:
    for attempt in range(TRIES):
        try:
            batch = make_batch(_stage, count=count, hot_share=hot_share, seed=seed + attempt)
            write(_connection, batch)
        except psycopg.errors.UniqueViolation:  # an id was drawn twice
            if attempt == TRIES - 1:
                raise
        else:
            return count
    raise AssertionError("unreachable")


def write(connection: psycopg.Connection[Any], batch: Batch) -> None:
    """Copy a batch and count it, in one transaction."""
    with connection.transaction(), connection.cursor() as cursor:
        for table, columns in COLUMNS.items():
            if lines := batch.lines.get(table):
                with cursor.copy(copy_into(table, columns)) as copy:
                    copy.write("\n".join(lines) + "\n")
        _count_stock(cursor, batch)
        changes = sorted(batch.counts.items())
        cursor.execute(
            orders["add_to_counts"].text,
            {
                "shop_ids": [key[0] for key, _ in changes], "states": [key[1] for key, _ in changes],
                "slots": [key[2] for key, _ in changes], "changes": [change for _, change in changes],
            },
        )  # fmt: skip
        _count_pending(cursor, sorted(batch.pending.items()))


def _count_pending(cursor: psycopg.Cursor[Any], changes: Sequence[tuple[Key, int]]) -> None:
    """What shops now wait for: the running totals, in key order."""
    if changes:
        cursor.execute(
            ledger["add_to_totals"].text,
            {
                "shop_ids": [key[0] for key, _ in changes], "accounts": ["seller_pending"] * len(changes),
                "owner_ids": [0] * len(changes), "currencies": ["IDR"] * len(changes),
                "slots": [key[1] for key, _ in changes], "changes": [change for _, change in changes],
            },
        )  # fmt: skip


def _count_stock(cursor: psycopg.Cursor[Any], batch: Batch) -> None:
    """What was bought, promised and shipped; rows are locked in key order, as everybody does."""
    keys = sorted(batch.ordered)
    columns: dict[str, Sequence[int]] = {"shop_ids": [key[0] for key in keys], "variant_ids": [key[1] for key in keys]}
    cursor.execute(inventory["lock_stock"].text, columns)
    cursor.execute(
        "UPDATE stock SET on_hand = stock.on_hand + d.on_hand, committed = stock.committed + d.committed"
        " FROM unnest(%(shop_ids)s::bigint[], %(variant_ids)s::bigint[], %(on_hand)s::int[], %(committed)s::int[])"
        "      AS d (shop_id, variant_id, on_hand, committed)"
        " WHERE stock.shop_id = d.shop_id AND stock.variant_id = d.variant_id",
        columns
        | {
            "on_hand": [batch.ordered[key] - batch.shipped[key] for key in keys],
            "committed": [batch.committed[key] for key in keys],
        },
    )
    sold: Counter[Key] = batch.shipped
    shipped = sorted(key for key in sold if sold[key])
    cursor.execute(
        catalog["count_sold"].text,
        {
            "shop_ids": [key[0] for key in shipped], "variant_ids": [key[1] for key in shipped],
            "units": [sold[key] for key in shipped],
        },
    )  # fmt: skip
