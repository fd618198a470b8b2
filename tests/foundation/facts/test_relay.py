"""The relay: every committed fact is handed over exactly once, whatever commits when and whoever dies."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
import pytest

from etalase.foundation import clock
from etalase.foundation.facts import Actor, Fact, record
from etalase.foundation.facts.relay import FactKey, facts_by_id, oldest_waiting, pass_over_recorded, relay_once
from etalase.foundation.sql import Db, Statement, Tx, open_db

LINES = {"tested.happened": ["first", "second"]}


@dataclass(frozen=True, kw_only=True)
class Happened(Fact, name="tested.happened", subject="test"):
    """Something to relay."""

    number: int


@dataclass(frozen=True, kw_only=True)
class Unheard(Fact, name="tested.unheard", subject="test"):
    """Nobody subscribes to it."""


def statement(text: str) -> Statement:
    return Statement("tested", "", text)


class Taken:
    """What was handed over by transactions that committed, as the queue's table would hold it."""

    def __init__(self) -> None:
        self.keys: list[tuple[str, FactKey]] = []
        self.is_broken = False

    async def relay(self, db: Db, *, limit: int = 500) -> int:
        batch: list[tuple[str, FactKey]] = []

        async def hand_over(_tx: Tx, line: str, keys: Sequence[FactKey]) -> None:
            batch.extend((line, key) for key in keys)
            if self.is_broken:
                raise ConnectionError("died before the commit")

        async with db.any().transaction() as tx:
            read = await relay_once(tx, LINES, hand_over, limit=limit)
        self.keys += batch
        return read

    async def relay_all(self, db: Db, count: int) -> None:
        """Relay `count` facts; a transaction of another test on the same server may hold them up for a moment."""
        async with asyncio.timeout(60):
            while count > 0:
                count -= await self.relay(db)
        assert count == 0

    def of(self, line: str) -> list[int]:
        return [fact_id for taken_by, (_, fact_id) in self.keys if taken_by == line]


async def happen(tx: Tx, number: int = 1) -> int:
    fact = Happened(shop_id=7, subject_id=1, number=number)
    return (await record(tx, fact, by=Actor("system"), at=clock.now()))[0]


async def happen_now(db: Db, number: int = 1) -> int:
    async with db.for_shop(7).transaction() as tx:
        return await happen(tx, number)


async def test_each_line_gets_each_fact_once_in_order(db: Db) -> None:
    ids = [await happen_now(db, number) for number in range(5)]
    taken = Taken()
    await taken.relay_all(db, 5)
    assert await taken.relay(db) == 0
    assert taken.of("first") == taken.of("second") == ids


async def test_facts_nobody_asks_for_are_passed_over(db: Db) -> None:
    async with db.any().transaction() as tx:
        await record(tx, Unheard(shop_id=7, subject_id=1), by=Actor("system"), at=clock.now())
    heard = await happen_now(db)
    taken = Taken()
    await taken.relay_all(db, 2)
    assert taken.of("first") == [heard]


async def test_a_transaction_that_began_first_and_commits_last_is_not_lost(db: Db) -> None:
    taken = Taken()
    async with db.any().transaction() as early:
        first = await happen(early, 1)
        second = await happen_now(db, 2)
        assert await taken.relay(db) == 0, "the second must wait for the first, which is still open"
    await taken.relay_all(db, 2)
    assert taken.of("first") == [first, second]


async def test_interleaved_commits_all_arrive_once(db: Db) -> None:
    """Writers that hold their transactions open for different times, with a relay running beside them."""
    taken = Taken()

    async def write(number: int) -> int:
        async with db.any().transaction() as tx:
            fact_id = await happen(tx, number)
            await asyncio.sleep((number * 7 % 5) / 100)
        return fact_id

    async def relay_along(writers: asyncio.Future[list[int]]) -> None:
        while not writers.done():
            await taken.relay(db, limit=3)

    writers = asyncio.gather(*(write(number) for number in range(60)))
    await relay_along(writers)
    await taken.relay_all(db, 60 - len(taken.of("first")))
    assert sorted(taken.of("first")) == sorted(await writers)


async def test_a_rolled_back_fact_is_never_relayed(db: Db) -> None:
    async def refused() -> None:
        async with db.any().transaction() as tx:
            await happen(tx)
            raise LookupError

    with pytest.raises(LookupError):
        await refused()
    taken = Taken()
    assert await taken.relay(db) == 0
    assert taken.keys == []


async def _relay_until_it_breaks(db: Db, taken: "Taken") -> None:
    """Another test's open transaction on the same server may hold the relay up for a moment."""
    while True:
        await taken.relay(db)
        await asyncio.sleep(0.05)


async def test_a_relay_that_dies_before_its_commit_has_done_nothing(db: Db) -> None:
    fact_id = await happen_now(db)
    taken = Taken()
    taken.is_broken = True
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(_relay_until_it_breaks(db, taken), 60)
    assert taken.keys == []
    taken.is_broken = False
    await taken.relay_all(db, 1)
    assert taken.of("first") == [fact_id]


async def test_several_relays_never_take_the_same_fact(db: Db, database_url: str) -> None:
    ids = [await happen_now(db, number) for number in range(40)]
    taken = Taken()
    async with open_db(database_url, connections_max=3) as other:

        async def run(mine: Db) -> None:
            for _ in range(30):
                await taken.relay(mine, limit=2)

        await asyncio.gather(run(db), run(other), run(db))
    await taken.relay_all(db, 40 - len(taken.of("first")))
    assert taken.of("first") == ids


async def test_batches_are_bounded(db: Db) -> None:
    for number in range(5):
        await happen_now(db, number)
    taken = Taken()
    async with asyncio.timeout(60):
        while not (read := await taken.relay(db, limit=2)):
            pass
    assert read <= 2
    await taken.relay_all(db, 5 - read)


async def test_history_that_was_loaded_has_no_consequences(db: Db) -> None:
    loaded = await happen_now(db)
    async with asyncio.timeout(60):
        while await position(db) <= await transaction_of(db, loaded):  # another test's transaction may be older
            async with db.any().transaction() as tx:
                await pass_over_recorded(tx)
    async with db.any().reading() as tx:
        assert await oldest_waiting(tx) is None
    later = await happen_now(db)
    taken = Taken()
    await taken.relay_all(db, 1)
    assert taken.of("first") == [later]


async def position(db: Db) -> int:
    """The transaction up to which nobody reads any more."""
    async with db.any().reading() as tx:
        return await tx.value(statement("SELECT recorded_xid::text::bigint FROM relay_positions"), int) or 0


async def transaction_of(db: Db, fact_id: int) -> int:
    async with db.any().reading() as tx:
        asked = statement("SELECT recorded_xid::text::bigint FROM facts WHERE id = %(id)s")
        return await tx.value(asked, int, id=fact_id) or 0


async def test_what_is_recorded_after_loading_is_not_passed_over(db: Db) -> None:
    async with db.for_shop(7).transaction() as older:
        await happen(older, 1)
        await happen_now(db, 2)
        async with db.any().transaction() as tx:
            await pass_over_recorded(tx)
        later = await happen(older, 3)
    taken = Taken()
    await taken.relay_all(db, 1)
    assert taken.of("first") == [later]


async def test_a_cluster_that_was_restored_goes_on_where_the_copy_ended(db: Db, database_url: str) -> None:
    """A dump restored into a young cluster carries transaction numbers that this cluster has not come to."""
    relayed, waiting = await happen_now(db, 1), await happen_now(db, 2)
    taken = Taken()
    async with asyncio.timeout(60):
        while not await taken.relay(db, limit=1):
            pass
    with psycopg.connect(database_url, autocommit=True) as restored:
        restored.execute("UPDATE facts SET recorded_xid = (recorded_xid::text::bigint + 1000000)::text::xid8")
        restored.execute("UPDATE relay_positions SET recorded_xid = (recorded_xid::text::bigint + 1000000)::text::xid8")
    new = await happen_now(db, 3)
    await taken.relay_all(db, 2)
    assert taken.of("first") == [relayed, waiting, new]
    newer = await happen_now(db, 4)
    await taken.relay_all(db, 1)
    assert taken.of("first")[-1] == newer


async def test_lag_and_whole_facts(db: Db) -> None:
    fact_id = await happen_now(db, 9)
    async with db.any().reading() as tx:
        (fact,) = await facts_by_id(tx, [(7, fact_id), (8, fact_id)])
    assert (fact.name, fact.data, fact.fact) == (
        "tested.happened", {"number": 9}, Happened(shop_id=7, subject_id=1, number=9)
    )  # fmt: skip
    taken = Taken()
    await taken.relay(db, limit=0)
    async with db.any().reading() as tx:
        assert await oldest_waiting(tx) == fact.at
    await taken.relay_all(db, 1)
    async with db.any().reading() as tx:
        assert await oldest_waiting(tx) is None
