"""Writing facts down."""

from datetime import datetime

import orjson

from etalase.foundation.facts.model import Actor, Fact
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)


async def record(tx: Tx, *facts: Fact, by: Actor, at: datetime) -> list[int]:
    """Record facts in this transaction; returns their ids, in the order given."""
    ids = [new_id() for _ in facts]
    await tx.run(
        statements["record_facts"],
        shop_ids=[fact.shop_id for fact in facts],
        ids=ids,
        names=[fact.name for fact in facts],
        subject_kinds=[fact.subject for fact in facts],
        subject_ids=[fact.subject_id for fact in facts],
        order_ids=[fact.order_id for fact in facts],
        buyer_ids=[fact.buyer_id for fact in facts],
        actor_kind=by.kind,
        actor_id=by.id,
        at=at,
        data=[orjson.dumps(fact.data()).decode() for fact in facts],
    )
    return ids
