"""Writing facts down."""

from collections.abc import Sequence
from datetime import datetime

from etalase.foundation.facts.model import Actor, Fact
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Tx, json_rows, statements_beside

statements = statements_beside(__file__)


async def record(tx: Tx, *facts: Fact, by: Actor, at: datetime) -> list[int]:
    """Record facts in this transaction; returns their ids, in the order given."""
    return await record_all(tx, [(fact, by) for fact in facts], at=at)


async def record_all(tx: Tx, caused: Sequence[tuple[Fact, Actor]], *, at: datetime) -> list[int]:
    """Record facts that different people caused, in this transaction; returns their ids, in the order given."""
    ids = [new_id() for _ in caused]
    rows = (_row(fact_id, fact, actor) for fact_id, (fact, actor) in zip(ids, caused, strict=True))
    await tx.run(statements["record_facts"], facts=json_rows(rows), at=at)
    return ids


def _row(fact_id: int, fact: Fact, actor: Actor) -> dict[str, object]:
    return {
        "shop_id": fact.shop_id,
        "id": fact_id,
        "name": fact.name,
        "subject_kind": fact.subject,
        "subject_id": fact.subject_id,
        "order_id": fact.order_id,
        "buyer_id": fact.buyer_id,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "data": fact.data(),
    }
