"""Moving the clock, and keeping this process's clock in step with it."""

import asyncio
import logging
import math
from datetime import timedelta
from typing import Final

import psycopg
import psycopg_pool

from etalase.foundation import clock
from etalase.foundation.deadlines import queries as deadlines
from etalase.foundation.facts import Actor, record
from etalase.foundation.ids import PLATFORM
from etalase.foundation.sql import Db, Tx
from etalase.foundation.time_machine import queries
from etalase.foundation.time_machine.facts import ClockMoved

log = logging.getLogger(__name__)
FOLLOW_SECONDS: Final = 0.5
MOVE_MAX: Final = timedelta(days=31)
"""The largest single move: a mistyped year would fire every clock there is."""


async def load(db: Db) -> timedelta:
    """Take the shared offset into this process's clock."""
    async with db.any().reading() as tx:
        offset = timedelta(seconds=await queries.offset_seconds(tx))
    clock.set_offset(offset)
    return offset


async def follow(db: Db) -> None:
    """Keep this process's clock in step with the shared one, for ever; every process of a demo runs it."""
    while True:
        try:
            await load(db)
        except (psycopg.OperationalError, psycopg_pool.PoolTimeout):
            log.warning("the shared clock could not be read; trying again")
        await asyncio.sleep(FOLLOW_SECONDS)


async def advance(db: Db, by: timedelta, *, actor: Actor) -> timedelta:
    """Move the clock forward by up to MOVE_MAX; returns how far it has been moved in all. Two moves at once add up."""
    if not timedelta(0) < by <= MOVE_MAX:
        raise ValueError("the clock moves forward, and not by more than MOVE_MAX")
    async with db.any().transaction() as tx:
        await queries.lock_offset(tx)
        offset = await _move(tx, math.ceil(by.total_seconds()), actor)
    clock.set_offset(offset)
    return offset


async def to_next_deadline(db: Db, *, actor: Actor) -> timedelta | None:
    """Move the clock to the next moment at which a clock reaches zero; none if no clock runs."""
    async with db.any().transaction() as tx:
        stored = timedelta(seconds=await queries.lock_offset(tx))
        moment = clock.now() - clock.offset() + stored
        upcoming = await deadlines.next_due(tx, after=moment, limit=1)
        if not upcoming:
            return None
        offset = await _move(tx, max(1, math.ceil((upcoming[0].due_at - moment).total_seconds())), actor)
    clock.set_offset(offset)
    return offset


async def _move(tx: Tx, seconds: int, actor: Actor) -> timedelta:
    offset = await queries.move_clock(tx, by_seconds=seconds)
    at = clock.now() - clock.offset() + timedelta(seconds=offset)
    fact = ClockMoved(shop_id=PLATFORM, subject_id=1, by_seconds=seconds, offset_seconds=offset)
    await record(tx, fact, by=actor, at=at)
    return timedelta(seconds=offset)
