"""Categories, products and stock for tests."""

import io
from dataclasses import dataclass, field
from itertools import count

from PIL import Image

from etalase.commerce.catalog import actions as catalog
from etalase.commerce.catalog import queries
from etalase.commerce.catalog.rules import Option, PictureDraft, ProductDraft, VariantDraft, matrix
from etalase.foundation.facts import Actor
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Db, parse
from etalase.journeys.offering import actions as offering
from etalase.journeys.offering.actions import Offer
from tests.builders.accounts import MadeShop, make_shop

_numbers = count(1)
_INSERT = parse(
    """-- add_category --
    INSERT INTO categories (id, parent_id, slug, name_id, name_en, icon)
    VALUES (%(id)s, %(parent_id)s, %(slug)s, %(name_id)s, %(name_en)s, 'tag');"""
)[0]


@dataclass(frozen=True, slots=True)
class MadeProduct:
    """A product with its variants' ids in the order of their values."""

    shop: MadeShop
    shop_id: int
    id: int
    title: str
    variant_ids: list[int] = field(default_factory=list)

    @property
    def variant_id(self) -> int:
        return self.variant_ids[0]


async def make_category(db: Db, *, name: str = "Kopi", name_en: str = "Coffee", parent_id: int | None = None) -> int:
    """A category of its own; without a parent it gets one."""
    async with db.any().transaction() as tx:
        if parent_id is None:
            parent_id = new_id()
            await tx.run(
                _INSERT, id=parent_id, parent_id=None, slug=f"atas-{next(_numbers)}", name_id="Makanan", name_en="Food"
            )
        category_id = new_id()
        await tx.run(
            _INSERT,
            id=category_id,
            parent_id=parent_id,
            slug=f"daun-{next(_numbers)}",
            name_id=name,
            name_en=name_en,
        )
    return category_id


def product_draft(
    category_id: int,
    *,
    title: str = "Kopi Gayo 250 g",
    price_minor: int = 65_000,
    weight_grams: int = 300,
    options: tuple[Option, ...] = (),
) -> ProductDraft:
    """A draft with one variant for every combination of the options' values."""
    return ProductDraft(
        title=title,
        description="Disangrai setiap Senin.",
        category_id=category_id,
        handling_days=1,
        option_names=tuple(option.name for option in options),
        variants=tuple(
            VariantDraft(values=values, price_minor=price_minor, weight_grams=weight_grams)
            for values in matrix(options)
        ),
    )


async def make_product(
    db: Db,
    shop: MadeShop | None = None,
    *,
    stock: int = 10,
    title: str = "Kopi Gayo 250 g",
    price_minor: int = 65_000,
    weight_grams: int = 300,
    options: tuple[Option, ...] = (),
    category_id: int | None = None,
    is_on_sale: bool = True,
) -> MadeProduct:
    """A product with a picture, on sale unless told otherwise, with so much stock of each variant."""
    shop = shop or await make_shop(db)
    draft = product_draft(
        category_id or await make_category(db),
        title=title,
        price_minor=price_minor,
        weight_grams=weight_grams,
        options=options,
    )
    offer = Offer(
        product=draft,
        opening={variant.values: stock for variant in draft.variants},
        added_pictures=[PictureDraft("0" * 64 + ".webp", 960, 960)],
    )
    by = Actor.seller(shop.owner.id)
    product_id = await offering.create_product(db, shop_id=shop.shop_id, offer=offer, by=by)
    if is_on_sale:
        await catalog.activate_product(db, shop_id=shop.shop_id, product_id=product_id, by=by)
    return MadeProduct(shop, shop.shop_id, product_id, title, await variant_ids_of(db, shop.shop_id, product_id))


async def variant_ids_of(db: Db, shop_id: int, product_id: int) -> list[int]:
    """The ids of a product's variants in order."""
    async with db.for_shop(shop_id).reading() as tx:
        found = await queries.variants_of_product(tx, shop_id=shop_id, product_id=product_id)
    return [variant.id for variant in found]


def picture_bytes(*, width: int = 640, height: int = 480, kind: str = "JPEG", color: str = "#b3124f") -> bytes:
    """A picture file as somebody would upload it."""
    written = io.BytesIO()
    Image.new("RGB", (width, height), color).save(written, kind)
    return written.getvalue()
