"""What can be asked of the catalog: one typed function per statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)


@dataclass(frozen=True, slots=True)
class VariantForSale:
    """What a cart or checkout must know of a variant; `is_for_sale` says nothing about stock."""

    shop_id: int
    variant_id: int
    product_id: int
    category_id: int
    title: str
    variant_name: str
    seller_sku: str
    price_minor: int
    currency: str
    weight_grams: int
    image_key: str | None
    is_for_sale: bool
    handling_days: int
    purchase_limit: int | None


@dataclass(frozen=True, slots=True)
class Shop:
    """Who sells, as anybody may see it."""

    shop_id: int
    slug: str
    name: str
    description: str
    description_en: str
    province: str
    city: str
    zone: str
    logo_key: str | None
    banner_key: str | None
    confirm_mode: str
    is_open: bool
    opens_at: time
    closes_at: time
    carriers: list[str]
    accepts_cod: bool
    joined_at: datetime


async def variants_for_sale(tx: Tx, *, shop_ids: Sequence[int], variant_ids: Sequence[int]) -> list[VariantForSale]:
    """These variants (position by position) in key order, also those no longer on sale; unknown ones are left out."""
    return await tx.all(
        statements["variants_for_sale"], VariantForSale, shop_ids=list(shop_ids), variant_ids=list(variant_ids)
    )


async def shops_by_id(tx: Tx, shop_ids: Sequence[int]) -> list[Shop]:
    """These shops in key order; unknown ones are left out."""
    return await tx.all(statements["shops_by_id"], Shop, shop_ids=list(shop_ids))


async def refresh_listings(tx: Tx, *, shop_id: int, product_ids: Sequence[int], at: datetime) -> None:
    """Redo the shop window of products from what they are now."""
    await tx.run(statements["refresh_listings"], shop_id=shop_id, product_ids=list(product_ids), at=at)


async def products_of_variants(tx: Tx, *, shop_id: int, variant_ids: Sequence[int]) -> list[int]:
    """To which products these variants of a shop belong."""
    return await tx.values(statements["products_of_variants"], int, shop_id=shop_id, variant_ids=list(variant_ids))


async def count_sold(tx: Tx, units: Mapping[tuple[int, int], int]) -> None:
    """Add units by (shop_id, variant_id) to what their products count as sold."""
    await tx.run(
        statements["count_sold"],
        shop_ids=[shop_id for shop_id, _ in units],
        variant_ids=[variant_id for _, variant_id in units],
        units=list(units.values()),
    )
