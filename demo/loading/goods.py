"""Categories, products, pictures and variants of the demo world, and what lies in its carts."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from demo.loading.moments import Desk, spread
from demo.loading.people import HISTORY, joined_at
from demo.loading.telling import CURRENCY, Buyer, Good, Shop, Telling
from demo.world import catalog, pictures
from demo.world.model import Product
from demo.world.model import Shop as ShopContent
from etalase.commerce.catalog.facts import ProductActivated, ProductCreated, ProductDeactivated, VariantRepriced
from etalase.commerce.catalog.rules import PICTURES_MAX
from etalase.foundation.facts import Actor
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.integrations.storage.folder import Folder

STATES = {"sekar-laras": {-1: "inactive", -2: "draft"}, "colok-pintar": {-1: "inactive"}}
"""Products of the demo sellers that buyers do not see, by their place in the shop's list."""


def load_categories(telling: Telling, *, files: Folder) -> dict[str, int]:
    """Write the category tree, its drawings kept as files; ids by slug."""
    at = telling.now - 8 * HISTORY
    ids: dict[str, int] = {}
    for position, category in enumerate(catalog.categories()):
        ids[category.slug] = telling.ids.at(at)
        parent = ids[category.parent] if category.parent else None
        telling.rows.add(
            "categories", id=ids[category.slug], parent_id=parent, slug=category.slug, name_id=category.name_id,
            name_en=category.name_en, icon=files.keep_drawing(pictures.category_icon(category), width=400, height=400).key,
            position=position,
        )  # fmt: skip
    return ids


def load_goods(
    telling: Telling, *, shops: Mapping[str, tuple[int, tuple[int, ...]]], categories: Mapping[str, int], files: Folder
) -> list[Shop]:
    """Write all products and open their stock; the shops, ready to sell."""
    return [_stocked(telling, shop, *shops[shop.slug], categories=categories, files=files) for shop in catalog.shops()]


def _stocked(
    telling: Telling, shop: ShopContent, shop_id: int, members: tuple[int, ...], *, categories: Mapping[str, int],
    files: Folder,
) -> Shop:  # fmt: skip
    opened = joined_at(telling, shop)
    products = catalog.products_of(shop.slug)
    states = {n % len(products): state for n, state in STATES.get(shop.slug, {}).items()}
    pause = (telling.now - HISTORY - opened) / len(products)
    goods: list[Good] = []
    for n, product in enumerate(products):
        writer = _ProductWriter(telling, shop, shop_id, members[0], files)
        written = writer.write(
            product, at=opened + pause * n + spread(telling.dice, 0, 3600), category_id=categories[product.category],
            state=states.get(n, "active"),
        )  # fmt: skip
        goods += written if states.get(n) != "draft" else ()
    return Shop(
        shop_id=shop_id, slug=shop.slug, name=shop.name, province=shop.location.province_code, city=shop.location.city_code,
        zone=shop.zone, carriers=shop.carriers, is_automatic=shop.confirm_mode == "automatic", members=members,
        desk=Desk(shop.zone, WorkingCalendar()), goods=tuple(goods),
    )  # fmt: skip


class _ProductWriter:
    """Writes one product with all that belongs to it."""

    def __init__(self, telling: Telling, shop: ShopContent, shop_id: int, owner_id: int, files: Folder) -> None:
        self.telling, self.shop, self.shop_id, self.by, self.files = (
            telling,
            shop,
            shop_id,
            Actor.seller(owner_id),
            files,
        )

    def write(self, product: Product, *, at: datetime, category_id: int, state: str) -> list[Good]:
        telling = self.telling
        product_id = telling.ids.at(at)
        telling.rows.add(
            "products", shop_id=self.shop_id, id=product_id, category_id=category_id, title=product.title,
            description=product.description, state=state, handling_days=self.shop.handling_days, sold_units=0, created_at=at,
            updated_at=at,
        )  # fmt: skip
        about = {"shop_id": self.shop_id, "subject_id": product_id}
        telling.record(ProductCreated(**about, title=product.title, variants=len(product.variants)), by=self.by, at=at)
        if state != "draft":
            later = at + timedelta(minutes=20)
            telling.record(ProductActivated(**about, title=product.title), by=self.by, at=later)
        if state == "inactive":
            closed = telling.now - spread(telling.dice, 3600, 86400)
            telling.record(ProductDeactivated(**about, title=product.title), by=self.by, at=closed)
        cover, by_color = self._pictures(product, product_id, at=at)
        return self._variants(product, product_id, category_id, at=at, cover=cover, by_color=by_color)

    def _pictures(
        self, product: Product, product_id: int, *, at: datetime
    ) -> tuple[str, dict[str | None, tuple[int, str]]]:
        gallery = pictures.gallery_of(product)
        colors = [one for one in pictures.color_pictures_of(product) if one.color != gallery[0].color]
        by_color: dict[str | None, tuple[int, str]] = {}
        cover = ""
        for position, picture in enumerate((*gallery, *colors)[:PICTURES_MAX]):
            kept = self.files.keep_drawing(picture.svg())
            media_id = self.telling.ids.at(at)
            self.telling.rows.add(
                "product_media", shop_id=self.shop_id, id=media_id, product_id=product_id, position=position,
                file_key=kept.key, width=kept.width, height=kept.height, alt=picture.alt_id,
            )  # fmt: skip
            cover = cover or kept.key
            if picture.color is not None:
                by_color.setdefault(picture.color, (media_id, kept.key))
        return cover, by_color

    def _variants(
        self, product: Product, product_id: int, category_id: int, *, at: datetime, cover: str,
        by_color: Mapping[str | None, tuple[int, str]],
    ) -> list[Good]:  # fmt: skip
        names = [option.name for option in product.options]
        axis = names.index(product.color_option) if product.color_option else None
        goods = []
        for position, variant in enumerate(product.variants):
            variant_id = self.telling.ids.at(at)
            media_id, image = by_color.get(variant.values[axis] if axis is not None else None, (None, cover))
            name = ", ".join(variant.values)
            self.telling.rows.add(
                "variants", shop_id=self.shop_id, id=variant_id, product_id=product_id, position=position,
                options=[{"name": key, "value": value} for key, value in zip(names, variant.values, strict=True)], name=name,
                seller_sku=variant.sku, price_minor=variant.price_minor, weight_grams=variant.weight_g, media_id=media_id,
            )  # fmt: skip
            good = Good(
                shop_id=self.shop_id, product_id=product_id, category_id=category_id, variant_id=variant_id,
                title=product.title, variant_name=name, seller_sku=variant.sku, image_key=image,
                price_minor=variant.price_minor, weight_grams=variant.weight_g, handling_days=self.shop.handling_days,
                shelf=variant.stock, created_at=at,
            )  # fmt: skip
            self.telling.shelves.keep(good)
            goods.append(good)
        return goods


def fill_cart(telling: Telling, buyer: Buyer, shops: Sequence[Shop]) -> None:
    """Some things in a cart, one of them dearer by now and one sold out."""
    dice = telling.dice
    in_stock = [dice.choice([good for good in shop.goods if good.shelf > 5]) for shop in shops[:3]]
    sold_out = dice.choice([good for shop in shops for good in shop.goods if good.shelf == 0])
    for n, good in enumerate((*in_stock, sold_out)):
        at = telling.now - spread(dice, 3600, 6 * 86400)
        seen = good.price_minor
        if n == 1:
            seen = good.price_minor * 9 // 10 // 500 * 500
            _reprice(telling, good, before_minor=seen, at=at + (telling.now - at) / 2)
        telling.rows.add(
            "cart_lines", buyer_id=buyer.id, shop_id=good.shop_id, variant_id=good.variant_id,
            quantity=dice.choice((1, 1, 2)), price_seen_minor=seen, is_selected=n != 2, added_at=at,
        )  # fmt: skip


def _reprice(telling: Telling, good: Good, *, before_minor: int, at: datetime) -> None:
    fact = VariantRepriced(
        shop_id=good.shop_id, subject_id=good.variant_id, product_id=good.product_id, before_minor=before_minor,
        after_minor=good.price_minor, currency=CURRENCY,
    )  # fmt: skip
    telling.record(fact, by=Actor("seller"), at=at)
