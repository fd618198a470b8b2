"""Writing facts down."""

from collections.abc import Sequence
from datetime import datetime

import orjson

from etalase.foundation.facts.model import Actor, Fact
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)


async def record(tx: Tx, *facts: Fact, by: Actor, at: datetime) -> list[int]:
    """Record facts in this transaction; returns their ids, in the order given."""
    return await record_all(tx, [(fact, by) for fact in facts], at=at)


async def record_all(tx: Tx, caused: Sequence[tuple[Fact, Actor]], *, at: datetime) -> list[int]:
    """Record facts that different people caused, in this transaction; returns their ids, in the order given."""
    ids = [new_id() for _ in caused]
    await tx.run(
        statements["record_facts"],
        shop_ids=[fact.shop_id for fact, _ in caused],
        ids=ids,
        names=[fact.name for fact, _ in caused],
        subject_kinds=[fact.subject for fact, _ in caused],
        subject_ids=[fact.subject_id for fact, _ in caused],
        order_ids=[fact.order_id for fact, _ in caused],
        buyer_ids=[fact.buyer_id for fact, _ in caused],
        actor_kinds=[actor.kind for _, actor in caused],
        actor_ids=[actor.id for _, actor in caused],
        at=at,
        data=[orjson.dumps(fact.data()).decode() for fact, _ in caused],
    )
    return ids
