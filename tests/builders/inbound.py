"""Vendors' messages, kept as the door keeps them."""

from dataclasses import dataclass

from etalase.foundation import clock
from etalase.foundation.inbound.intake import Intake
from etalase.foundation.inbound.queries import Message
from etalase.foundation.sql import Db


@dataclass(frozen=True, slots=True)
class Kept:
    """A message as it stands in its row."""

    event_id: str
    attempts: int
    outcome: str | None
    is_applied: bool
    is_set_aside: bool


async def keep(db: Db, vendor: str, event_id: str, body: bytes = b"{}") -> None:
    """The vendor's message came in just now."""
    await Intake(db).keep(Message(vendor, event_id, clock.now(), body))


async def kept(db: Db) -> list[Kept]:
    """Every message, by its id."""
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute(
            "SELECT event_id, attempts, outcome, applied_at IS NOT NULL, failed_at IS NOT NULL FROM inbound_events"
            " ORDER BY event_id"
        )
        return [Kept(*row) for row in await cursor.fetchall()]
