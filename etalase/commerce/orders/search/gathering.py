"""Gathering the words of a shop's orders, some time after they were placed: placing writes nothing for the search."""

import asyncio
import logging

from etalase.commerce.orders.search import queries
from etalase.commerce.orders.search.queries import Behind
from etalase.commerce.orders.search.rules import LARGE, PAGE, SMALL, Gathered, block_of, next_size
from etalase.foundation.ids import id_ago
from etalase.foundation.sql import Db, Tx

log = logging.getLogger(__name__)

SETTLED_MS = 10_000
"""Orders are gathered when they are so old, and older than every transaction that is still writing."""
SHOPS = 200
READ_AT_ONCE = 1024
PAGES_CHECKED = 16


async def gather_waiting(db: Db, *, settled_ms: int = SETTLED_MS) -> int:
    """Gather what waits in all shops; returns how many orders were gathered. Any number of processes may do so at once."""
    async with db.any().reading() as tx:
        until_id = id_ago(settled_ms + await queries.oldest_writing_ms(tx))
    shop_id, gathered = 0, 0
    while True:
        async with db.any().reading() as tx:
            shops = await queries.shops_behind(tx, after_shop_id=shop_id, until_id=until_id, size=SMALL, limit=SHOPS)
        for shop_id in shops:
            gathered += await gather(db, shop_id=shop_id, until_id=until_id)
        if len(shops) < SHOPS:
            return gathered


async def gather(db: Db, *, shop_id: int, until_id: int) -> int:
    """Gather the shop's orders before an id, block after block, as far as they fill blocks."""
    gathered = 0
    while True:
        async with db.for_shop(shop_id).transaction() as tx:
            behind = await queries.lock_progress(tx, shop_id=shop_id)
            if behind is None:
                return gathered
            behind = await _without_strays(tx, behind, shop_id=shop_id)
            ahead = await _gather_block(tx, behind, shop_id=shop_id, until_id=until_id)
        if not ahead:
            return gathered
        gathered += ahead


async def check(db: Db) -> int:
    """Compare all that is gathered with the orders there are; what lacks any is gathered anew. Returns how many shops."""
    shop_id, mended = 0, 0
    while True:
        async with db.any().reading() as tx:
            shops = await queries.shops_gathered(tx, after_shop_id=shop_id, limit=SHOPS)
        for shop_id in shops:
            async with db.for_shop(shop_id).transaction() as tx:
                behind = await queries.lock_progress(tx, shop_id=shop_id)
                mended += (
                    behind is not None and await _without_strays(tx, behind, shop_id=shop_id, all_pages=True) != behind
                )
            await asyncio.sleep(0.05)
        if len(shops) < SHOPS:
            return mended


async def _without_strays(tx: Tx, behind: Behind, *, shop_id: int, all_pages: bool = False) -> Behind:
    """Go back to before a page that lacks orders: one was committed, or loaded, after its time was gathered."""
    from_page = 0 if all_pages else max(0, behind.positions // PAGE - PAGES_CHECKED)
    page = await queries.page_with_strays(tx, shop_id=shop_id, from_page=from_page) if behind.positions else None
    if page is None:
        return behind
    positions = page * PAGE // LARGE * LARGE
    log.info("orders of shop %s were committed late: gathered anew from position %s", shop_id, positions)
    await queries.forget_from(tx, shop_id=shop_id, position=positions)
    last_id = await queries.id_before(tx, shop_id=shop_id, page=positions // PAGE)
    await queries.advance(tx, shop_id=shop_id, positions=positions, last_id=last_id)
    return Behind(positions, last_id)


async def _gather_block(tx: Tx, behind: Behind, *, shop_id: int, until_id: int) -> int:
    waiting = await queries.count_waiting(tx, shop_id=shop_id, after=behind.last_id, until_id=until_id, limit=LARGE)
    first, size = next_size(gathered=behind.positions, waiting=waiting)
    if not size:
        return 0
    after = await queries.id_before(tx, shop_id=shop_id, page=first // PAGE)
    orders = await _read(tx, shop_id=shop_id, after=after, until_id=until_id, size=size)
    if len(orders) != size:
        return 0
    await queries.forget_from(tx, shop_id=shop_id, position=first)
    await queries.keep_block(tx, shop_id=shop_id, first_position=first, size=size, block=block_of(orders))
    for start in range(0, size, PAGE):
        ids = [order.id for order in orders[start : start + PAGE]]
        await queries.keep_page(tx, shop_id=shop_id, page=(first + start) // PAGE, order_ids=ids)
    await queries.advance(tx, shop_id=shop_id, positions=first + size, last_id=orders[-1].id)
    return first + size - behind.positions


async def _read(tx: Tx, *, shop_id: int, after: int, until_id: int, size: int) -> list[Gathered]:
    orders: list[Gathered] = []
    while len(orders) < size:
        part = await queries.orders_to_gather(
            tx, shop_id=shop_id, after=after, until_id=until_id, limit=min(READ_AT_ONCE, size - len(orders))
        )
        if not part:
            break
        orders += part
        after = part[-1].id
    return orders
