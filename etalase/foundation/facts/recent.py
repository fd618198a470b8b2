"""What has just happened to orders, for open pages: seen soon after the commit, whatever commits in which order."""

from collections.abc import Sequence
from dataclasses import dataclass

from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)


@dataclass(frozen=True, slots=True)
class RecentFact:
    """A fact of an order; without an id it is only the bearer of `seen_until`."""

    seen_until: str
    id: int | None
    shop_id: int | None
    order_id: int | None
    buyer_id: int | None


async def recent_order_facts(
    tx: Tx,
    *,
    buyer_ids: Sequence[int],
    shop_ids: Sequence[int],
    seen_until: str | None,
    after_id: int,
    limit: int = 2000,
) -> tuple[str, list[RecentFact]]:
    """What to ask with next time, and the facts; some of them may have come before. Without `seen_until` it begins now."""
    rows = await tx.all(
        statements["recent_order_facts"],
        RecentFact,
        buyer_ids=list(buyer_ids),
        shop_ids=list(shop_ids),
        seen_until=seen_until,
        after_id=after_id,
        limit=limit,
    )
    return rows[0].seen_until, [row for row in rows if row.id is not None]
