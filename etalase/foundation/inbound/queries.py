"""What can be asked of inbound messages: one typed function per statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)


@dataclass(frozen=True, slots=True)
class InboundEvent:
    """A vendor's message as it came; `attempts` counts this one."""

    vendor: str
    event_id: str
    received_at: datetime
    body: bytes
    attempts: int


async def insert_event(tx: Tx, *, vendor: str, event_id: str, body: bytes, at: datetime) -> bool:
    """Keep a message; whether it is new."""
    return await tx.run(statements["insert_event"], vendor=vendor, event_id=event_id, body=body, at=at) == 1


async def claim_event(tx: Tx, *, vendor: str, event_id: str, at: datetime, retry_at: datetime) -> InboundEvent | None:
    """Take one message, or none if it was applied or is being applied."""
    return await tx.maybe(
        statements["claim_event"], InboundEvent, vendor=vendor, event_id=event_id, at=at, retry_at=retry_at
    )


async def claim_waiting(
    tx: Tx, *, vendors: Sequence[str], at: datetime, retry_at: datetime, limit: int
) -> list[InboundEvent]:
    """Take messages of these vendors that wait; the longest waiting first."""
    taken = await tx.all(
        statements["claim_waiting"], InboundEvent, vendors=list(vendors), at=at, retry_at=retry_at, limit=limit
    )
    return sorted(taken, key=lambda event: (event.received_at, event.event_id))


async def mark_applied(tx: Tx, event: InboundEvent, *, outcome: str, at: datetime) -> None:
    """The message has had its effect."""
    await tx.run(statements["mark_applied"], vendor=event.vendor, event_id=event.event_id, outcome=outcome, at=at)


async def mark_failed(tx: Tx, event: InboundEvent, *, outcome: str, retry_at: datetime) -> None:
    """Try the message again later."""
    await tx.run(
        statements["mark_failed"], vendor=event.vendor, event_id=event.event_id, outcome=outcome, retry_at=retry_at
    )


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
    """Messages that had no effect yet, those to be tried next first."""
    return await tx.all(statements["unapplied"], UnappliedEvent, limit=limit)


async def count_unapplied(tx: Tx) -> int:
    """How many messages had no effect yet, at most UNAPPLIED_COUNT_MAX."""
    return await tx.value(statements["count_unapplied"], int, limit=UNAPPLIED_COUNT_MAX) or 0
