"""Reading and moving the shared clock."""

from datetime import datetime

from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)


async def offset_seconds(tx: Tx) -> int:
    """How far the clock has been moved."""
    return await tx.value(statements["offset_seconds"], int) or 0


async def lock_offset(tx: Tx) -> int:
    """How far the clock has been moved; nobody moves it until this transaction ends."""
    return await tx.value(statements["lock_offset"], int) or 0


async def move_clock(tx: Tx, *, by_seconds: int) -> int:
    """Move the clock forward; returns how far it has been moved in all."""
    return await tx.value(statements["move_clock"], int, by_seconds=by_seconds) or 0


async def last_moved_at(tx: Tx) -> datetime | None:
    """When the clock was last moved, on the clock as it was then moved; none if it never was."""
    return await tx.value(statements["last_moved_at"], datetime)
