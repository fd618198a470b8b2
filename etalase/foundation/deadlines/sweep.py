"""The sweeper: carries out what clocks say at zero, each once, whatever crashes and however many sweepers run.

1. A short transaction claims due clocks: `retry_at` moves a lease ahead, rows that another sweeper holds are passed over.
2. Each clock's handler calls a verb, which moves the subject by compare-and-set in a transaction of its own. If that verb ends the
   clock (most do), the clock becomes 'fired' in the same transaction, with its fact: consequence and mark are one commit.
3. A clock that still runs when its handler has returned is marked fired then.

A crash in 1 or 2 leaves the clock running, and it is tried again when the lease ends. A crash between 2 and 3 repeats the handler,
whose compare-and-set then finds the subject moved (`Obsolete`). A handler that fails is tried again with back-off.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Final, Literal

from etalase.foundation import clock
from etalase.foundation.deadlines import actions, queries
from etalase.foundation.deadlines.errors import Obsolete
from etalase.foundation.deadlines.facts import DeadlineNear
from etalase.foundation.deadlines.rules import Deadline, next_warning
from etalase.foundation.facts import Actor, record
from etalase.foundation.sql import Db

Handler = Callable[[Db, Deadline], Awaitable[None]]
log = logging.getLogger(__name__)

CLAIMED_AT_ONCE: Final = 8
HANDLER_SECONDS_MAX: Final = 20.0
# Longer than a claim whose every handler takes the longest time, one after the other.
LEASE: Final = timedelta(seconds=CLAIMED_AT_ONCE * HANDLER_SECONDS_MAX + 20)
BACK_OFF_FIRST: Final = timedelta(seconds=5)
BACK_OFF_MAX: Final = timedelta(hours=1)
ERROR_CHARS_MAX: Final = 500


async def sweep_once(db: Db, handlers: Mapping[str, Handler], *, limit: int = 100) -> int:
    """Fire up to `limit` due clocks; returns how many have ended. Zero: nothing was due, or all that was failed."""
    ended = claimed_in_all = 0
    while claimed_in_all < limit:
        at = clock.now()
        async with db.any().transaction() as tx:
            claimed = await queries.claim_due(
                tx, at=at, leased_until=at + LEASE, limit=min(CLAIMED_AT_ONCE, limit - claimed_in_all)
            )
        if not claimed:
            break
        claimed_in_all += len(claimed)
        ended += sum(await asyncio.gather(*(_fire_in_turn(db, handlers, group) for group in _by_order(claimed))))
    return ended


def _by_order(claimed: Sequence[Deadline]) -> list[list[Deadline]]:
    """Clocks of different orders side by side, those of one order in the order of their zeros."""
    ordered = sorted(claimed, key=lambda d: (d.shop_id, d.order_id, d.due_at, d.id))
    return [list(group) for _, group in groupby(ordered, key=lambda d: (d.shop_id, d.order_id))]


async def _fire_in_turn(db: Db, handlers: Mapping[str, Handler], deadlines: Sequence[Deadline]) -> int:
    return sum([await _fire(db, handlers, deadline) for deadline in deadlines])


async def _fire(db: Db, handlers: Mapping[str, Handler], deadline: Deadline) -> int:
    """Carry out one clock's consequence; 1 if the clock has ended."""
    try:
        with actions.firing(deadline):
            async with asyncio.timeout(HANDLER_SECONDS_MAX):
                await handlers[deadline.kind](db, deadline)
    except Obsolete:
        return await _end(db, deadline, "stopped")
    except Exception as error:  # one clock's failure, of whatever sort, must not hold up the others
        log.exception("deadline %s of order %s could not be fired", deadline.kind, deadline.order_id)
        await _put_off(db, deadline, error)
        return 0
    return await _end(db, deadline, "fired")


async def _end(db: Db, deadline: Deadline, state: Literal["fired", "stopped"]) -> int:
    at = clock.now()
    async with db.for_shop(deadline.shop_id).transaction() as tx:
        ended = await queries.end_claimed(tx, deadline, state=state, at=at)
        if ended is not None:
            await actions.record_fired(tx, [ended], at=at)
    return 1


async def _put_off(db: Db, deadline: Deadline, error: Exception) -> None:
    at = clock.now()
    wait = min(BACK_OFF_FIRST * 2 ** min(deadline.attempts - 1, 20), BACK_OFF_MAX)
    reason = f"{type(error).__name__}: {error}"[:ERROR_CHARS_MAX]
    async with db.for_shop(deadline.shop_id).transaction() as tx:
        await queries.put_off(tx, deadline, retry_at=at + wait, last_error=reason, at=at)


async def warn_once(db: Db, *, limit: int = 200) -> int:
    """Record that clocks are near, each of their warnings once; returns how many were near.

    A clock that passed several of its warnings at a stretch is told of once, one that has reached zero not any more.
    """
    at = clock.now()
    async with db.any().transaction() as tx:
        near = await queries.lock_near(tx, at=at, limit=limit)
        if not near:
            return 0
        await queries.set_warnings(
            tx, [(d, next_warning(d.kind, started_at=d.started_at, due_at=d.due_at, after=at)) for d in near]
        )
        facts = [
            DeadlineNear(
                shop_id=d.shop_id, subject_id=d.id, order_id=d.order_id, kind=d.kind, due_at=d.due_at.isoformat()
            )
            for d in near
            if d.due_at > at
        ]
        if facts:
            await record(tx, *facts, by=Actor("system"), at=at)
    return len(near)
