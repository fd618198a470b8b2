"""Moving the clock."""

import asyncio
from datetime import timedelta

import pytest

from etalase.foundation import clock
from etalase.foundation.deadlines import actions as deadlines
from etalase.foundation.deadlines.rules import Clock
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.foundation.time_machine import actions, queries

SOMEBODY = Actor("system")


async def stored(db: Db) -> timedelta:
    async with db.any().reading() as tx:
        return timedelta(seconds=await queries.offset_seconds(tx))


async def test_the_clock_moves_here_and_for_all_processes(db: Db) -> None:
    before = clock.now()
    assert await actions.advance(db, timedelta(hours=1), actor=SOMEBODY) == timedelta(hours=1)
    assert timedelta(hours=1) <= clock.now() - before < timedelta(hours=1, minutes=1)
    clock.set_offset(timedelta(0))  # another process
    assert await actions.load(db) == timedelta(hours=1)
    assert clock.offset() == timedelta(hours=1)


async def test_presses_at_once_add_up(db: Db) -> None:
    await asyncio.gather(*(actions.advance(db, timedelta(hours=1), actor=SOMEBODY) for _ in range(10)))
    assert await stored(db) == timedelta(hours=10)


@pytest.mark.parametrize("by", [timedelta(0), timedelta(hours=-1), timedelta(days=32)])
async def test_it_moves_only_forward_and_not_too_far(db: Db, by: timedelta) -> None:
    with pytest.raises(ValueError, match="forward"):
        await actions.advance(db, by, actor=SOMEBODY)
    assert await stored(db) == timedelta(0)


async def test_to_the_next_deadline_and_then_to_the_one_after(db: Db) -> None:
    at = clock.now()
    clocks = [
        Clock("ship.sla", "order", order_id, order_id, 5, at + timedelta(hours=hours), "ship.sla", 0)
        for order_id, hours in ((1, 3), (2, 30))
    ]
    async with db.for_shop(5).transaction() as tx:
        await deadlines.start(tx, *clocks, at=at)
    for hours in (3, 30):
        assert await actions.to_next_deadline(db, actor=SOMEBODY) is not None
        assert timedelta(0) <= clock.now() - (at + timedelta(hours=hours)) < timedelta(seconds=10)
    assert await actions.to_next_deadline(db, actor=SOMEBODY) is None


async def test_a_process_follows_the_shared_clock(db: Db) -> None:
    following = asyncio.create_task(actions.follow(db))
    try:
        async with db.any().transaction() as tx:  # moved by another process
            await queries.move_clock(tx, by_seconds=7200)
        async with asyncio.timeout(60):
            while clock.offset() != timedelta(hours=2):  # noqa: ASYNC110 - the clock has no event to wait for
                await asyncio.sleep(0.05)
    finally:
        following.cancel()
    assert clock.offset() == timedelta(hours=2)
