"""What can be asked of inbound messages: one typed function per statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)


@dataclass(frozen=True, slots=True)
class Message:
    """A vendor's message on its way in."""

    vendor: str
    event_id: str
    received_at: datetime
    body: bytes


@dataclass(frozen=True, slots=True)
class InboundEvent:
    """A vendor's message as it came; `attempts` counts this one."""

    vendor: str
    event_id: str
    received_at: datetime
    body: bytes
    attempts: int


async def insert_events(tx: Tx, messages: Sequence[Message]) -> int:
    """Keep messages; returns how many were new.

    In the order of their keys, so that two processes that are sent the same messages never wait for each other in a circle.
    """
    ordered = sorted(messages, key=lambda message: (message.vendor, message.event_id))
    return await tx.run(
        statements["insert_events"],
        vendors=[message.vendor for message in ordered],
        event_ids=[message.event_id for message in ordered],
        received_ats=[message.received_at for message in ordered],
        bodies=[message.body for message in ordered],
    )


async def claim_event(tx: Tx, *, vendor: str, event_id: str, at: datetime, retry_at: datetime) -> InboundEvent | None:
    """Take one message, or none if it was applied, set aside, or is being applied."""
    return await tx.maybe(
        statements["claim_event"], InboundEvent, vendor=vendor, event_id=event_id, at=at, retry_at=retry_at
    )


async def has_waiting(tx: Tx, *, vendors: Sequence[str], at: datetime) -> bool:
    """Whether any message of these vendors waits to be applied."""
    return bool(await tx.value(statements["has_waiting"], bool, vendors=list(vendors), at=at))


async def claim_waiting(
    tx: Tx, *, vendors: Sequence[str], at: datetime, retry_at: datetime, limit: int
) -> list[InboundEvent]:
    """Take messages of these vendors that wait; the longest waiting first."""
    taken = await tx.all(
        statements["claim_waiting"], InboundEvent, vendors=list(vendors), at=at, retry_at=retry_at, limit=limit
    )
    return as_they_came(taken)


async def lock_waiting(tx: Tx, *, vendor: str, at: datetime, limit: int) -> list[InboundEvent]:
    """Messages of a vendor that wait, locked, in the order in which they came; those that others hold are passed over."""
    return as_they_came(await tx.all(statements["lock_waiting"], InboundEvent, vendor=vendor, at=at, limit=limit))


async def lock_events(tx: Tx, events: Sequence[InboundEvent]) -> list[InboundEvent]:
    """Those of one vendor's messages that still wait, locked, in the order in which they came."""
    event_ids = [event.event_id for event in events]
    found = await tx.all(statements["lock_events"], InboundEvent, vendor=events[0].vendor, event_ids=event_ids)
    return as_they_came(found)


def as_they_came(events: Sequence[InboundEvent]) -> list[InboundEvent]:
    return sorted(events, key=lambda event: (event.received_at, event.event_id))


async def mark_applied(tx: Tx, outcomes: Sequence[tuple[InboundEvent, str]], *, at: datetime) -> None:
    """The messages have had their effects."""
    await tx.run(
        statements["mark_applied"],
        vendors=[event.vendor for event, _ in outcomes],
        event_ids=[event.event_id for event, _ in outcomes],
        attempts=[event.attempts for event, _ in outcomes],
        outcomes=[outcome for _, outcome in outcomes],
        at=at,
    )


async def mark_failed(
    tx: Tx, event: InboundEvent, *, outcome: str, retry_at: datetime, failed_at: datetime | None
) -> None:
    """Try the message again later, or not any more."""
    await tx.run(
        statements["mark_failed"],
        vendor=event.vendor,
        event_id=event.event_id,
        attempts=event.attempts,
        outcome=outcome,
        retry_at=retry_at,
        failed_at=failed_at,
    )


async def wake_event(tx: Tx, *, vendor: str, event_id: str, at: datetime) -> bool:
    """Let a message that was set aside be tried again; whether there is such a message."""
    return await tx.run(statements["wake_event"], vendor=vendor, event_id=event_id, at=at) == 1


@dataclass(frozen=True, slots=True)
class UnappliedEvent:
    """A message that had no effect yet, and what came of the last attempt."""

    vendor: str
    event_id: str
    received_at: datetime
    attempts: int
    retry_at: datetime
    outcome: str | None


UNAPPLIED_COUNT_MAX = 1_000


async def unapplied(tx: Tx, *, limit: int = 20) -> list[UnappliedEvent]:
    """Messages that had no effect yet and are tried again, those to be tried next first."""
    return await tx.all(statements["unapplied"], UnappliedEvent, limit=limit)


async def set_aside(tx: Tx, *, limit: int = 20) -> list[UnappliedEvent]:
    """Messages that are not tried any more, the latest first."""
    return await tx.all(statements["set_aside"], UnappliedEvent, limit=limit)


async def count_unapplied(tx: Tx) -> int:
    """How many messages had no effect yet and are tried again, at most UNAPPLIED_COUNT_MAX."""
    return await tx.value(statements["count_unapplied"], int, limit=UNAPPLIED_COUNT_MAX) or 0
