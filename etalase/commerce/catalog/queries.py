"""What can be asked of the catalog: one typed function per statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

import orjson

from etalase.commerce.catalog.rules import PictureDraft, ProductDraft, ProductState, VariantDraft, variant_name
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
    is_fragile: bool = False
    """Its seller sends it insured alone."""


@dataclass(frozen=True, slots=True)
class Product:
    """What a shop offers, as its seller sees it."""

    shop_id: int
    id: int
    category_id: int
    title: str
    description: str
    state: ProductState
    handling_days: int
    version: int
    sold_units: int
    created_at: datetime
    updated_at: datetime
    is_fragile: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """A sellable form of a product; `options` are pairs of name and value in the product's order."""

    shop_id: int
    id: int
    product_id: int
    position: int
    options: list[dict[str, str]]
    name: str
    seller_sku: str
    price_minor: int
    currency: str
    weight_grams: int
    media_id: int | None
    is_active: bool
    purchase_limit: int | None

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(option["value"] for option in self.options)

    @property
    def option_names(self) -> tuple[str, ...]:
        return tuple(option["name"] for option in self.options)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a product."""

    id: int
    position: int
    file_key: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A line of the Seller Center's list of products; prices are none while there is no variant."""

    id: int
    title: str
    state: ProductState
    sold_units: int
    updated_at: datetime
    cover_key: str | None
    variants: int
    price_min_minor: int | None
    price_max_minor: int | None
    available: int
    is_low: bool


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


async def insert_product(tx: Tx, *, shop_id: int, product_id: int, draft: ProductDraft, at: datetime) -> None:
    """A new product, not yet on sale, still without variants."""
    await tx.run(
        statements["insert_product"],
        shop_id=shop_id,
        id=product_id,
        category_id=draft.category_id,
        title=draft.title,
        description=draft.description,
        handling_days=draft.handling_days,
        is_fragile=draft.is_fragile,
        at=at,
    )


async def change_product(
    tx: Tx, *, shop_id: int, product_id: int, draft: ProductDraft, version: int, at: datetime
) -> int | None:
    """Change what the product says of itself if `version` still stands; the new version, or none if it does not."""
    return await tx.value(
        statements["change_product"],
        int,
        shop_id=shop_id,
        product_id=product_id,
        category_id=draft.category_id,
        title=draft.title,
        description=draft.description,
        handling_days=draft.handling_days,
        is_fragile=draft.is_fragile,
        version=version,
        at=at,
    )


async def lock_product(tx: Tx, *, shop_id: int, product_id: int) -> Product | None:
    """The product, locked until the transaction ends."""
    return await tx.maybe(statements["lock_product"], Product, shop_id=shop_id, product_id=product_id)


async def product(tx: Tx, *, shop_id: int, product_id: int) -> Product | None:
    """The product, whatever its state."""
    return await tx.maybe(statements["product"], Product, shop_id=shop_id, product_id=product_id)


async def set_state(tx: Tx, *, shop_id: int, product_id: int, state: ProductState, at: datetime) -> None:
    """Put the product on sale or take it off."""
    await tx.run(statements["set_state"], shop_id=shop_id, product_id=product_id, state=state, at=at)


async def touch_product(tx: Tx, *, shop_id: int, product_id: int, at: datetime) -> None:
    """Count a change of what belongs to the product as a version of it."""
    await tx.run(statements["touch_product"], shop_id=shop_id, product_id=product_id, at=at)


async def is_leaf_category(tx: Tx, category_id: int) -> bool:
    """Whether products may hang on this category."""
    return bool(await tx.value(statements["is_leaf_category"], bool, category_id=category_id))


async def taken_skus(
    tx: Tx, *, shop_id: int, product_id: int, skus: Sequence[str], beginning: str, limit: int
) -> set[str]:
    """Which SKUs of the shop's other products are among `skus` or begin with `beginning`."""
    found = await tx.values(
        statements["taken_skus"],
        str,
        shop_id=shop_id,
        product_id=product_id,
        skus=list(skus),
        beginning=beginning,
        limit=limit,
    )
    return set(found)


async def variants_of_product(tx: Tx, *, shop_id: int, product_id: int) -> list[Variant]:
    """The product's variants in order, those taken off sale too."""
    return await tx.all(statements["variants_of_product"], Variant, shop_id=shop_id, product_id=product_id)


async def put_variants(
    tx: Tx,
    *,
    shop_id: int,
    product_id: int,
    currency: str,
    option_names: Sequence[str],
    variants: Sequence[tuple[int, VariantDraft]],
) -> None:
    """Insert variants under their ids, or change those that are there; they stand in the order given."""
    await tx.run(
        statements["put_variants"],
        shop_id=shop_id,
        product_id=product_id,
        currency=currency,
        ids=[variant_id for variant_id, _ in variants],
        positions=list(range(len(variants))),
        options=[_options_json(option_names, draft) for _, draft in variants],
        names=[variant_name(draft.values) for _, draft in variants],
        seller_skus=[draft.seller_sku for _, draft in variants],
        prices_minor=[draft.price_minor for _, draft in variants],
        weights_grams=[draft.weight_grams for _, draft in variants],
        are_active=[draft.is_active for _, draft in variants],
        purchase_limits=[draft.purchase_limit for _, draft in variants],
    )


def _options_json(names: Sequence[str], draft: VariantDraft) -> str:
    pairs = [{"name": name, "value": value} for name, value in zip(names, draft.values, strict=True)]
    return orjson.dumps(pairs).decode()


async def delete_variants(tx: Tx, *, shop_id: int, product_id: int, variant_ids: Sequence[int]) -> None:
    """Remove variants of which no order ever knew."""
    await tx.run(statements["delete_variants"], shop_id=shop_id, product_id=product_id, variant_ids=list(variant_ids))


async def retire_variants(tx: Tx, *, shop_id: int, product_id: int, variant_ids: Sequence[int]) -> None:
    """Take variants off sale that orders know of."""
    await tx.run(statements["retire_variants"], shop_id=shop_id, product_id=product_id, variant_ids=list(variant_ids))


async def pictures_of_product(tx: Tx, *, shop_id: int, product_id: int) -> list[Picture]:
    """The product's pictures in order."""
    return await tx.all(statements["pictures_of_product"], Picture, shop_id=shop_id, product_id=product_id)


async def put_pictures(tx: Tx, *, shop_id: int, product_id: int, pictures: Sequence[tuple[int, PictureDraft]]) -> None:
    """Make these, under their ids and in this order, the product's pictures; all others go."""
    await tx.run(
        statements["delete_pictures_but"],
        shop_id=shop_id,
        product_id=product_id,
        kept_ids=[picture_id for picture_id, _ in pictures],
    )
    await tx.run(
        statements["put_pictures"],
        shop_id=shop_id,
        product_id=product_id,
        ids=[picture_id for picture_id, _ in pictures],
        positions=list(range(len(pictures))),
        file_keys=[draft.file_key for _, draft in pictures],
        widths=[draft.width for _, draft in pictures],
        heights=[draft.height for _, draft in pictures],
        alts=[draft.alt for _, draft in pictures],
    )


async def products_of_shop(
    tx: Tx, *, shop_id: int, state: ProductState | None, search: str, before_id: int | None, limit: int
) -> list[ProductRow]:
    """A shop's products, the newest first, whose title or a SKU has the text `search`."""
    return await tx.all(
        statements["products_of_shop"],
        ProductRow,
        shop_id=shop_id,
        state=state,
        search=search,
        pattern=like_pattern(search),
        before_id=before_id,
        limit=limit,
    )


async def delete_product(tx: Tx, *, shop_id: int, product_id: int, at: datetime) -> None:
    """Take a locked product off everything for good."""
    await tx.run(statements["delete_product"], shop_id=shop_id, product_id=product_id, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedProducts:
    """Which products another program asks for; times are half open."""

    state: ProductState | None = None
    are_deleted: bool = False
    created_from: datetime
    created_until: datetime
    updated_from: datetime
    updated_until: datetime
    seller_skus: Sequence[str] | None = None
    variant_ids: Sequence[int] | None = None


async def products_for_programs(
    tx: Tx, wanted: WantedProducts, *, shop_id: int, before_id: int, limit: int
) -> list[Product]:
    """A shop's products before an id, the newest first."""
    params = {name: getattr(wanted, name) for name in WantedProducts.__dataclass_fields__}
    return await tx.all(
        statements["products_for_programs"], Product, shop_id=shop_id, before_id=before_id, limit=limit, **params
    )


async def variants_of_products(
    tx: Tx, *, shop_id: int, product_ids: Sequence[int] = (), variant_ids: Sequence[int] = ()
) -> list[Variant]:
    """Variants on sale, of these products or by their own ids, product by product."""
    keys = {"product_ids": list(product_ids), "variant_ids": list(variant_ids)}
    return await tx.all(statements["variants_of_products"], Variant, shop_id=shop_id, **keys)


def like_pattern(text: str) -> str:
    """A pattern that finds the text anywhere, whatever signs it has."""
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
