"""Applying vendors' messages until each has had its effect once; what cannot be applied is set aside."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.ids import PLATFORM
from etalase.foundation.inbound import queries
from etalase.foundation.inbound.facts import MessageTriedAgain
from etalase.foundation.inbound.queries import InboundEvent
from etalase.foundation.sql import Db, Tx, is_outage

log = logging.getLogger(__name__)

Apply = Callable[[Db, InboundEvent], Awaitable[str]]
"""Gives a message its effect and says which in a few words; must bear to be called again. Raises to be called later."""


class NotForUs(Exception):
    """The message is genuine, and we have no word for what it says: it waits for the operator, not for another try."""


@dataclass(frozen=True, slots=True)
class Together:
    """Gives messages their effects in one transaction, which marks them too; says of each, in order, what it did.

    When it raises, nothing of it has happened: the messages are tried in halves until the one to blame stands alone.
    """

    apply: Callable[[Tx, Sequence[InboundEvent]], Awaitable[Sequence[str]]]


Applier = Apply | Together

AT_WORK: Final = timedelta(seconds=60)
"""A message that was taken by a process that died is free again after this time."""
PAUSE_MIN: Final = timedelta(seconds=2)
PAUSE_MAX: Final = timedelta(minutes=30)
ATTEMPTS_MAX: Final = 12
"""About two and a half hours with these pauses."""
TOGETHER_MAX: Final = 200
"""Their orders are locked until the commit: so many that a buyer who does something meanwhile does not notice."""
OUTCOME_CHARS_MAX: Final = 500


async def apply_one(db: Db, *, vendor: str, event_id: str, apply: Apply) -> bool:
    """Apply one kept message now; whether it has had its effect by this call."""
    at = clock.now()
    async with db.any().transaction() as tx:
        event = await queries.claim_event(tx, vendor=vendor, event_id=event_id, at=at, retry_at=at + AT_WORK)
    return event is not None and await _apply(db, event, apply)


async def apply_waiting(db: Db, appliers: Mapping[str, Applier], *, limit: int = 50) -> int:
    """Apply what waits; returns how many messages were taken, so that a full batch is followed by another."""
    async with db.any().reading() as tx:
        if not await queries.has_waiting(tx, vendors=list(appliers), at=clock.now()):
            return 0
    taken = 0
    alone: dict[str, Apply] = {}
    for vendor, applier in appliers.items():
        if isinstance(applier, Together):
            taken += await _apply_together(db, vendor, applier)
        else:
            alone[vendor] = applier
    return taken + (await _apply_alone(db, alone, limit=limit) if alone else 0)


async def _apply_alone(db: Db, appliers: Mapping[str, Apply], *, limit: int) -> int:
    at = clock.now()
    async with db.any().transaction() as tx:
        events = await queries.claim_waiting(tx, vendors=list(appliers), at=at, retry_at=at + AT_WORK, limit=limit)
    for event in events:
        await _apply(db, event, appliers[event.vendor])
    return len(events)


async def _apply(db: Db, event: InboundEvent, apply: Apply) -> bool:
    try:
        outcome = await apply(db, event)
    except Exception as problem:  # noqa: BLE001 - whatever one message does to its applier, the others go on
        await _put_off(db, event, problem)
        return False
    async with db.any().transaction() as tx:
        await queries.mark_applied(tx, [(event, outcome[:OUTCOME_CHARS_MAX])], at=clock.now())
    return True


async def _apply_together(db: Db, vendor: str, applier: Together) -> int:
    events: list[InboundEvent] = []
    try:
        async with db.any().transaction() as tx:
            events = await queries.lock_waiting(tx, vendor=vendor, at=clock.now(), limit=TOGETHER_MAX)
            await _carry_out(tx, events, applier)
    except Exception as problem:
        if is_outage(problem):
            raise
        log.warning("a batch of %s messages could not be applied: %r", len(events), problem, extra={"vendor": vendor})
        await _apply_parts(db, events, applier, problem=problem)
    return len(events)


async def _carry_out(tx: Tx, events: Sequence[InboundEvent], applier: Together) -> None:
    if not events:
        return
    outcomes = await applier.apply(tx, events)
    said = [(event, outcome[:OUTCOME_CHARS_MAX]) for event, outcome in zip(events, outcomes, strict=True)]
    await queries.mark_applied(tx, said, at=clock.now())


async def _apply_parts(db: Db, events: Sequence[InboundEvent], applier: Together, *, problem: Exception) -> None:
    """Apply the halves of a batch that failed with `problem`; a single message that did is put off."""
    if len(events) == 1:
        await _put_off(db, events[0], problem)
        return
    half = (len(events) + 1) // 2
    for part in filter(None, (events[:half], events[half:])):
        try:
            async with db.any().transaction() as tx:
                await _carry_out(tx, await queries.lock_events(tx, part), applier)
        except Exception as failure:
            if is_outage(failure):
                raise
            await _apply_parts(db, part, applier, problem=failure)


async def _put_off(db: Db, event: InboundEvent, problem: Exception) -> None:
    """Try the message again later; after ATTEMPTS_MAX attempts, or when that can't help, not until an operator says so."""
    about = {"vendor": event.vendor, "event_id": event.event_id}
    log.error("inbound event could not be applied", exc_info=problem, extra=about)
    at = clock.now()
    async with db.any().transaction() as tx:
        await queries.mark_failed(
            tx,
            event,
            outcome=f"{type(problem).__name__}: {problem}"[:OUTCOME_CHARS_MAX],
            retry_at=next_attempt(event.attempts, at),
            failed_at=at if event.attempts >= ATTEMPTS_MAX or isinstance(problem, NotForUs) else None,
        )


def next_attempt(attempts: int, now: datetime) -> datetime:
    """When a message is tried again: each pause is twice the one before."""
    return now + min(PAUSE_MIN * (1 << min(attempts, 20)), PAUSE_MAX)


async def try_again(db: Db, *, vendor: str, event_id: str, by: Actor) -> bool:
    """Let a message that was set aside be tried as if it had just come; whether there is such a message."""
    at = clock.now()
    async with db.any().transaction() as tx:
        is_there = await queries.wake_event(tx, vendor=vendor, event_id=event_id, at=at)
        if is_there:
            fact = MessageTriedAgain(shop_id=PLATFORM, subject_id=PLATFORM, vendor=vendor, event_id=event_id)
            await record(tx, fact, by=by, at=at)
    return is_there
