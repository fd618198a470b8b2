"""Keeping vendors' messages and applying them until each has had its effect once."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from etalase.foundation import clock
from etalase.foundation.inbound import queries
from etalase.foundation.inbound.queries import InboundEvent
from etalase.foundation.sql import Db

log = logging.getLogger(__name__)

Apply = Callable[[Db, InboundEvent], Awaitable[str]]
"""Gives a message its effect and says which in a few words; must bear to be called again. Raises to be called later."""

AT_WORK = timedelta(seconds=60)
"""A message that was taken by a process that died is free again after this time."""
PAUSE_MIN = timedelta(seconds=2)
PAUSE_MAX = timedelta(minutes=30)
OUTCOME_CHARS_MAX = 500


async def store(db: Db, *, vendor: str, event_id: str, body: bytes) -> bool:
    """Keep a message for good; whether it is new. A repeat changes nothing."""
    async with db.any().transaction() as tx:
        return await queries.insert_event(tx, vendor=vendor, event_id=event_id, body=body, at=clock.now())


async def apply_one(db: Db, *, vendor: str, event_id: str, apply: Apply) -> bool:
    """Apply one kept message now; whether it has had its effect by this call."""
    at = clock.now()
    async with db.any().transaction() as tx:
        event = await queries.claim_event(tx, vendor=vendor, event_id=event_id, at=at, retry_at=at + AT_WORK)
    return event is not None and await _apply(db, event, apply)


async def apply_waiting(db: Db, appliers: Mapping[str, Apply], *, limit: int = 50) -> int:
    """Apply what waits, message by message; returns how many were taken, so that a full batch is followed by another."""
    at = clock.now()
    async with db.any().transaction() as tx:
        events = await queries.claim_waiting(tx, vendors=list(appliers), at=at, retry_at=at + AT_WORK, limit=limit)
    for event in events:
        await _apply(db, event, appliers[event.vendor])
    return len(events)


async def _apply(db: Db, event: InboundEvent, apply: Apply) -> bool:
    try:
        outcome = await apply(db, event)
    except Exception as problem:  # whatever one message does to its applier must not hold up the others
        log.exception("inbound event could not be applied", extra={"vendor": event.vendor, "event_id": event.event_id})
        async with db.any().transaction() as tx:
            text = f"{type(problem).__name__}: {problem}"[:OUTCOME_CHARS_MAX]
            await queries.mark_failed(tx, event, outcome=text, retry_at=next_attempt(event.attempts, clock.now()))
        return False
    async with db.any().transaction() as tx:
        await queries.mark_applied(tx, event, outcome=outcome[:OUTCOME_CHARS_MAX], at=clock.now())
    return True


def next_attempt(attempts: int, now: datetime) -> datetime:
    """When a message is tried again: each pause is twice the one before."""
    return now + min(PAUSE_MIN * (1 << min(attempts, 20)), PAUSE_MAX)
