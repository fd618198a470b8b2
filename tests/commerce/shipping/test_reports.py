"""Reports taken in together end as if each had come alone, in that order."""

import random
from collections.abc import Sequence

import psycopg
import pytest

from etalase.commerce.shipping import tracking
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.tracking import Told
from etalase.foundation.sql import Db
from tests.builders.shipping import Ready, a_report, arranged, fact_names, order_now, parcel_now, ready_order

STATUSES = ("booked", "collected", "in_transit", "delivery_failed", "delivered", "returned", "lost")
Script = Sequence[tuple[int, str, int]]
"""Which of the parcels, what, and how many hours after it was arranged."""


class World:
    """Two orders: one in two parcels, one paid at the door."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.orders: list[Ready] = []
        self.parcels: list[Parcel] = []

    async def open(self) -> "World":
        split, cod = await ready_order(self.db, quantities=(1, 1)), await ready_order(self.db, is_cod=True)
        self.orders = [split, cod]
        for ready, lines in ((split, {split.lines[0]: 1}), (split, None), (cod, None)):
            self.parcels.append(await arranged(self.db, ready, lines=lines))
        return self

    def told(self, script: Script) -> list[Told]:
        return [
            Told(
                a_report(self.parcels[which], status, hours=hours, event_id=f"{which}{status}{hours}"),
                (self.parcels[which].shop_id, self.parcels[which].id),
            )
            for which, status, hours in script
        ]

    async def end(self) -> object:
        """How everything stands, in words that do not depend on ids and times of this world."""
        orders = [(await order_now(self.db, ready)).state for ready in self.orders]
        facts = [sorted(await fact_names(self.db, ready)) for ready in self.orders]
        now = [await parcel_now(self.db, parcel) for parcel in self.parcels]
        parcels = [
            (
                one.state,
                one.last_status,
                _since(one, "collected_at"),
                _since(one, "delivered_at"),
                _since(one, "eta_until"),
            )
            for one in now
        ]
        return orders, facts, parcels, await self._money()

    async def _money(self) -> object:
        async with self.db.any().transaction() as tx:
            cursor = await tx.connection.execute(
                "SELECT account, sum(amount_minor)::bigint FROM ledger_entries WHERE order_id = ANY(%s) GROUP BY 1 ORDER BY 1",
                ([ready.order_id for ready in self.orders],),
            )
            return await cursor.fetchall()


def _since(parcel: Parcel, moment: str) -> object:
    at = getattr(parcel, moment)
    return at and at - parcel.arranged_at


@pytest.mark.parametrize("seed", range(6))
async def test_many_at_once_end_as_one_by_one(db: Db, seed: int) -> None:
    chance = random.Random(seed)
    script = [(chance.randrange(3), chance.choice(STATUSES), chance.randrange(5)) for _ in range(14)]
    alone, together = await World(db).open(), await World(db).open()
    news = [
        await tracking.record_tracking(db, told.report, vendor="v", parcel=told.parcel) for told in alone.told(script)
    ]
    async with db.any().transaction() as tx:
        counted = await tracking.record_reports(tx, together.told(script), vendor="v")
    assert counted == news
    assert await together.end() == await alone.end()
    async with db.any().transaction() as tx:
        assert set(await tracking.record_reports(tx, together.told(script), vendor="v")) == {0}
    assert await together.end() == await alone.end()


async def test_a_parcel_that_is_not_there_is_told_apart(db: Db) -> None:
    world = await World(db).open()
    (known,) = world.told([(0, "collected", 1)])
    async with db.any().transaction() as tx:
        told = [Told(known.report, (1, 2)), known, Told(known.report, (2**70, 1))]
        assert await tracking.record_reports(tx, told, vendor="v") == [None, 1, None]


async def test_what_the_database_refuses_leaves_nothing_behind(db: Db) -> None:
    world = await World(db).open()
    good, bad = world.told([(0, "delivered", 1), (1, "delivered", 1)])
    poisoned = Told(a_report(world.parcels[1], "delivered", place="zero \0 byte"), bad.parcel)
    with pytest.raises(psycopg.DataError):
        async with db.any().transaction() as tx:
            await tracking.record_reports(tx, [good, poisoned], vendor="v")
    assert (await parcel_now(db, world.parcels[0])).state == "awaiting_collection"
