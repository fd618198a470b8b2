"""The relay: hands each committed fact over exactly once, in an order that no later commit can break into.

Ids alone would not do: a transaction that began earlier may commit later, and its facts would lie behind the position. So
facts are read by (transaction number, id), and only those of transactions older than the oldest one still open. Handing
over and moving the position are one transaction; a relay that dies in between has done neither.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from etalase.foundation.facts.model import RecordedFact
from etalase.foundation.sql import Statement, Tx, statements_beside

log = logging.getLogger(__name__)
statements = statements_beside(__file__)

RELAY = "subscriptions"
BATCH_MAX = 500
FactKey = tuple[int, int]
"""(shop_id, id) of a fact."""
HandOver = Callable[[Tx, str, Sequence[FactKey]], Awaitable[None]]
"""Takes over facts for one line of the subscriptions, in the relay's own transaction."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far the relay has read."""

    recorded_xid: str
    fact_id: int
    floor_id: int
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class WaitingFact:
    """A fact as the relay reads it: no more than where to send it."""

    shop_id: int
    id: int
    name: str
    recorded_xid: str


async def relay_once(tx: Tx, lines: Mapping[str, Sequence[str]], hand_over: HandOver, *, limit: int = BATCH_MAX) -> int:
    """Hand over the next facts, per line those it asks for; returns how many facts were read.

    `lines` says for a fact's name which lines want it. Zero: nothing waits, or another process is at it.
    """
    await tx.run(statements["make_position"], relay=RELAY)
    position = await tx.maybe(statements["lock_position"], Position, relay=RELAY)
    if position is None:
        return 0
    if position.is_ahead:
        return await _relay_restored(tx, position, lines, hand_over, limit=limit)
    facts = await _read(tx, statements["facts_to_relay"], position, limit=limit)
    await _pass_on(tx, facts, lines, hand_over)
    return len(facts)


async def _relay_restored(
    tx: Tx, position: Position, lines: Mapping[str, Sequence[str]], hand_over: HandOver, *, limit: int
) -> int:
    """Finish what the restored copy still had to relay, then begin anew with this cluster's own transactions."""
    facts = await _read(tx, statements["restored_facts"], position, limit=limit)
    await _pass_on(tx, facts, lines, hand_over)
    if not facts:
        floor = await tx.value(statements["restart_position"], int, relay=RELAY, recorded_xid=position.recorded_xid)
        log.warning("the database was restored into another cluster: relaying facts after %s from here on", floor)
    return len(facts)


async def _read(tx: Tx, statement: Statement, position: Position, *, limit: int) -> list[WaitingFact]:
    return await tx.all(
        statement,
        WaitingFact,
        recorded_xid=position.recorded_xid,
        fact_id=position.fact_id,
        floor_id=position.floor_id,
        limit=limit,
    )


async def _pass_on(
    tx: Tx, facts: Sequence[WaitingFact], lines: Mapping[str, Sequence[str]], hand_over: HandOver
) -> None:
    if not facts:
        return
    wanted: dict[str, list[FactKey]] = {}
    for fact in facts:
        for line in lines.get(fact.name, ()):
            wanted.setdefault(line, []).append((fact.shop_id, fact.id))
    for line, keys in wanted.items():
        await hand_over(tx, line, keys)
    last = facts[-1]
    await tx.run(statements["move_position"], relay=RELAY, recorded_xid=last.recorded_xid, fact_id=last.id)


async def pass_over_recorded(tx: Tx) -> None:
    """Let nothing follow from the facts recorded so far: for history that was loaded together with its consequences."""
    await tx.run(statements["pass_over_recorded"], relay=RELAY)


async def oldest_waiting(tx: Tx) -> datetime | None:
    """When the longest waiting fact was recorded, if any waits."""
    return await tx.value(statements["oldest_waiting"], datetime, relay=RELAY)


async def facts_by_id(tx: Tx, keys: Sequence[FactKey]) -> list[RecordedFact]:
    """The facts of these keys, in the order of their ids."""
    return await tx.all(
        statements["facts_by_id"],
        RecordedFact,
        shop_ids=[shop_id for shop_id, _ in keys],
        ids=[fact_id for _, fact_id in keys],
    )
