"""Giving orders the numbers of other programs."""

from collections.abc import Sequence

from etalase.commerce.orders.facts import OrderReferenced
from etalase.commerce.orders.polling import queries
from etalase.commerce.orders.polling.queries import ExternalOrder
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.sql import Db

EXTERNAL_ID_CHARS_MAX = 200


async def add_external_orders(db: Db, *, shop_id: int, references: Sequence[ExternalOrder], by: Actor) -> set[int]:
    """Keep by which numbers other programs know orders, each order and program once; returns the orders there are."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        known = await queries.put_external_orders(tx, shop_id=shop_id, references=references, at=at)
        facts = [
            OrderReferenced(
                shop_id=shop_id, subject_id=one.order_id, order_id=one.order_id, platform=one.platform,
                external_id=one.external_id,
            )
            for one in references
            if one.order_id in known
        ]  # fmt: skip
        if facts:
            await record(tx, *facts, by=by, at=at)
        return known
