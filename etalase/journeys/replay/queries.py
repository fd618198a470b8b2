"""What a replay reads, bounded whatever the installation holds."""

from collections.abc import Sequence

from etalase.foundation.sql import Tx, statements_beside
from etalase.journeys.replay.clocks import PastClock
from etalase.journeys.replay.rules import ORDERS_MAX, SHOPS_MAX, PastLine, PastOrder

statements = statements_beside(__file__)
LINES_EACH = 10
"""So many lines an order are made room for."""


async def shops_to_sample(tx: Tx) -> list[int]:
    """The newest shops, SHOPS_MAX of them at most."""
    return await tx.values(statements["shops_to_sample"], int, limit=SHOPS_MAX)


async def past_orders(
    tx: Tx, *, shop_ids: Sequence[int], per_shop: int, from_id: int, product_id: int | None = None,
    category_id: int | None = None,
) -> list[PastOrder]:  # fmt: skip
    """The newest orders of each shop since an id; of a product or category, if one is named, those that have it."""
    return await tx.all(
        statements["past_orders"], PastOrder, shop_ids=list(shop_ids), per_shop=per_shop, from_id=from_id,
        product_id=product_id, category_id=category_id, limit=ORDERS_MAX,
    )  # fmt: skip


async def past_clocks(
    tx: Tx, *, key: str, shop_ids: Sequence[int], per_shop: int, from_id: int, product_id: int | None = None,
    category_id: int | None = None,
) -> list[PastClock]:  # fmt: skip
    """The newest ended clocks of a policy in each shop since an id; of a product or category, if one is named."""
    return await tx.all(
        statements["past_clocks"], PastClock, key=key, shop_ids=list(shop_ids), per_shop=per_shop, from_id=from_id,
        product_id=product_id, category_id=category_id, limit=ORDERS_MAX,
    )  # fmt: skip


async def charged_lines(tx: Tx, *, shop_ids: Sequence[int], per_shop: int, from_id: int) -> list[PastLine]:
    """The commission lines of the newest settled orders of each shop since an id."""
    return await tx.all(
        statements["charged_lines"], PastLine, shop_ids=list(shop_ids), per_shop=per_shop, from_id=from_id,
        limit=ORDERS_MAX * LINES_EACH,
    )  # fmt: skip
