"""Putting products on offer: catalog and inventory in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from etalase.commerce.catalog import actions as catalog
from etalase.commerce.catalog import queries as catalog_queries
from etalase.commerce.catalog.rules import PictureDraft, ProductDraft, Values
from etalase.commerce.inventory import actions as inventory
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """All that a seller says of a product at once."""

    product: ProductDraft
    opening: Mapping[Values, int] = field(default_factory=dict)
    """Units on hand by a variant's values; only variants that are new take it, others are adjusted in the stock."""
    kept_picture_ids: Sequence[int] = ()
    added_pictures: Sequence[PictureDraft] = ()


async def create_product(db: Db, *, shop_id: int, offer: Offer, by: Actor) -> int:
    """A new product with pictures and stock, not yet on sale; its id.

    Raises ProductRefused, TooManyPictures, and BadQuantity for an opening stock that can't be.
    """
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        product_id, variant_ids = await catalog.create_product(tx, shop_id=shop_id, draft=offer.product, by=by, at=at)
        if offer.added_pictures:
            await catalog.arrange_pictures(
                tx, shop_id=shop_id, product_id=product_id, kept_ids=(), added=offer.added_pictures, by=by, at=at
            )
        quantities = _opening(offer, variant_ids)
        await inventory.open_stock(tx, shop_id=shop_id, quantities=quantities, by=by, at=at)
        return product_id


async def edit_product(db: Db, *, shop_id: int, product_id: int, version: int, offer: Offer, by: Actor) -> None:
    """Change a product, its variants and pictures; new variants get their opening stock.

    Raises EditConflict if somebody saved another version meanwhile, ProductNotFound, ProductRefused, TooManyPictures,
    BadQuantity: then nothing is changed.
    """
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        before = await catalog_queries.variants_of_product(tx, shop_id=shop_id, product_id=product_id)
        wanted = {variant.id for variant in offer.product.variants} | {
            variant.id for variant in before if variant.values in {draft.values for draft in offer.product.variants}
        }
        forgotten = await inventory.forget_stock(
            tx, shop_id=shop_id, variant_ids=[variant.id for variant in before if variant.id not in wanted]
        )
        variant_ids = await catalog.edit_product(
            tx,
            shop_id=shop_id,
            product_id=product_id,
            draft=offer.product,
            version=version,
            forgotten=forgotten,
            by=by,
            at=at,
        )
        await catalog.arrange_pictures(
            tx,
            shop_id=shop_id,
            product_id=product_id,
            kept_ids=offer.kept_picture_ids,
            added=offer.added_pictures,
            by=by,
            at=at,
        )
        known = {variant.id for variant in before}
        opening = {one: units for one, units in _opening(offer, variant_ids).items() if one not in known}
        await inventory.open_stock(tx, shop_id=shop_id, quantities=opening, by=by, at=at)


def _opening(offer: Offer, variant_ids: Sequence[int]) -> dict[int, int]:
    return {
        variant_id: offer.opening.get(draft.values, 0)
        for variant_id, draft in zip(variant_ids, offer.product.variants, strict=True)
    }
