"""The worker's relay: what can be done together is done at once, and one that fails does not hold up the others."""

import asyncio

from etalase.commerce.orders.facts import OrderPaid
from etalase.foundation.sql import Db
from etalase.worker import Worker
from tests.builders.notices import Placed, inbox_of, placed_order, recorded


async def pay(db: Db, placed: Placed) -> None:
    about = {"shop_id": placed.order.shop_id, "subject_id": placed.order.id, "order_id": placed.order.id}
    await recorded(db, OrderPaid(**about, buyer_id=placed.buyer.id, amount_minor=1, currency="IDR", method="qris"))


async def relay_all(worker: Worker, db: Db) -> None:
    """Another test's open transaction on the same server may hold the relay up for a moment."""
    async with asyncio.timeout(20):
        while await waiting(db):
            await worker.relay()
            await asyncio.sleep(0.01)


async def waiting(db: Db) -> int:
    return await number(
        db, "SELECT count(*) FROM facts f, relay_positions p WHERE (f.recorded_xid, f.id) > (p.recorded_xid, p.fact_id)"
        " UNION ALL SELECT 1 WHERE NOT EXISTS (SELECT FROM relay_positions) ORDER BY 1 DESC LIMIT 1",
    )  # fmt: skip


async def settled(db: Db) -> None:
    """Wait until no transaction of another test is older than our facts: the relay then reads them together."""
    async with asyncio.timeout(20):
        held_up = "SELECT count(*) FROM facts WHERE recorded_xid >= pg_snapshot_xmin(pg_current_snapshot())"
        while await number(db, held_up):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def number(db: Db, question: str) -> int:
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute(question)
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def kinds(db: Db, placed: Placed) -> list[str]:
    return [notice.kind for notice in await inbox_of(db, placed.buyer)]


async def test_notices_are_written_by_the_relay_itself(db: Db, database_url: str) -> None:
    one, two = await placed_order(db), await placed_order(db)
    await pay(db, one)
    await pay(db, two)
    worker = Worker(db, database_url)
    async with worker.jobs.open_async(db.pool):
        await relay_all(worker, db)
    for placed in (one, two):
        assert await kinds(db, placed) == ["order.paid", "order.created"]
    assert await number(db, "SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'reaction' LIKE '%tell'") == 0


async def test_what_fails_together_comes_again_as_jobs_and_at_last_alone(db: Db, database_url: str) -> None:
    bad, good = await placed_order(db), await placed_order(db)
    async with db.any().transaction() as tx:
        await tx.connection.execute(f"ALTER TABLE notifications ADD CHECK (order_id <> {bad.order.id})")
    worker = Worker(db, database_url)
    await settled(db)
    async with worker.jobs.open_async(db.pool):
        await relay_all(worker, db)
        assert await kinds(db, good) == []
        async with db.any().transaction() as tx:
            cursor = await tx.connection.execute("DELETE FROM procrastinate_jobs RETURNING args")
            jobs = [row[0] for row in await cursor.fetchall()]
        for job in jobs:
            await worker._react(**job)
    assert await kinds(db, good) == ["order.created"]
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute(
            "SELECT args FROM procrastinate_jobs WHERE args ->> 'reaction' LIKE '%tell'"
        )
        left = [row[0]["facts"] for row in await cursor.fetchall()]
    assert [len(facts) for facts in left] == [1]
    assert left[0][0][0] == bad.order.shop_id
