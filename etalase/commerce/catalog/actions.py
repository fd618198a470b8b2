"""The verbs of a shop's offer."""

from collections.abc import Mapping, Sequence

from etalase.commerce.catalog import queries
from etalase.foundation import clock
from etalase.foundation.sql import Tx


async def refresh_listings_of(tx: Tx, *, shop_id: int, variant_ids: Sequence[int]) -> None:
    """Redo the shop windows that show these variants of a shop, in the caller's transaction."""
    product_ids = await queries.products_of_variants(tx, shop_id=shop_id, variant_ids=variant_ids)
    if product_ids:
        await queries.refresh_listings(tx, shop_id=shop_id, product_ids=product_ids, at=clock.now())


async def count_sold(tx: Tx, units: Mapping[tuple[int, int], int]) -> None:
    """Count units by (shop_id, variant_id) as sold (negative: as come back), in the caller's transaction."""
    if units:
        await queries.count_sold(tx, units)
