"""What follows from facts that were really recorded, carried out as the worker would."""

from collections.abc import Awaitable, Callable

from etalase.foundation.facts import RecordedFact
from etalase.foundation.facts.relay import facts_by_id
from etalase.foundation.sql import Db


async def facts_of(db: Db, order_id: int, name: str) -> list[RecordedFact]:
    """Every fact of the order of this name, oldest first."""
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute(
            "SELECT shop_id, id FROM facts WHERE order_id = %s AND name = %s ORDER BY id", (order_id, name)
        )
        keys = [(row[0], row[1]) for row in await cursor.fetchall()]
        return await facts_by_id(tx, keys) if keys else []


async def react(db: Db, reaction: Callable[[Db, RecordedFact], Awaitable[None]], *, order_id: int, name: str) -> int:
    """Call the reaction with every fact of the order of this name; returns how many there were."""
    facts = await facts_of(db, order_id, name)
    for fact in facts:
        await reaction(db, fact)
    return len(facts)
