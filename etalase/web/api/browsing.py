"""The shop window: categories, lists, search, products, shops; for everybody."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from etalase.commerce.accounts import regions
from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.queries import Shop
from etalase.commerce.catalog.rules import search_query
from etalase.commerce.catalog.window import queries as window
from etalase.commerce.catalog.window.queries import Card
from etalase.commerce.inventory import queries as inventory
from etalase.foundation.ids import ID_MAX, parse_id
from etalase.integrations.storage.folder import media_url
from etalase.web.api import models
from etalase.web.api.access import AnybodyDep, id_of
from etalase.web.api.problems import Problem, not_found

router = APIRouter(prefix="/api/v1", tags=["shop window"])

PAGE_SIZE = 24
KEY_MAX = 10**18
Sort = Literal["popular", "newest", "cheapest"]
After = Annotated[str, Query(max_length=60, description="next_after of the page before")]


@router.get("/categories")
async def categories(asking: AnybodyDep) -> models.Categories:
    """The whole tree."""
    async with asking.db.any().reading() as tx:
        found = await window.categories(tx)
    return models.Categories(
        categories=[
            models.Category(
                id=str(one.id),
                parent_id=str(one.parent_id) if one.parent_id else None,
                slug=one.slug,
                name_id=one.name_id,
                name_en=one.name_en,
            )
            for one in found
        ]
    )


@router.get("/products")
async def products(
    asking: AnybodyDep,
    q: Annotated[str, Query(max_length=100, description="Words to search for")] = "",
    category: Annotated[str, Query(max_length=60, description="The slug of a category")] = "",
    shop_id: Annotated[str, Query(max_length=19)] = "",
    sort: Sort = "popular",
    after: After = "",
) -> models.Products:
    """What is on sale, in order; of a category, a shop, or for words that were typed."""
    query = search_query(q.replace("\0", " ")) if q else ""
    if q and not query:
        return models.Products(products=[], next_after="")
    shop = id_of(shop_id) if shop_id else None
    async with asking.db.any().reading() as tx:
        ids = _branch(await window.categories(tx), category) if category else None
        place = _after(after)
        if query:
            found = await window.search(
                tx, query=query, sort=sort, limit=PAGE_SIZE + 1, category_ids=ids, shop_id=shop, after=place
            )
        else:
            found = await window.browse(tx, sort=sort, limit=PAGE_SIZE + 1, category_ids=ids, shop_id=shop, after=place)
    shown = found[:PAGE_SIZE]
    more = f"{shown[-1].sort_key}.{shown[-1].product_id}" if len(found) > PAGE_SIZE else ""
    return models.Products(products=[_card(card) for card in shown], next_after=more)


def _branch(tree: list[window.Category], slug: str) -> list[int]:
    top = next((one for one in tree if one.slug == slug), None)
    if top is None:
        raise not_found()
    return [top.id, *(one.id for one in tree if one.parent_id == top.id)]


def _after(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    key, _, last = text.partition(".")
    product_id = parse_id(last)
    digits = key.removeprefix("-")
    if product_id is None or not (digits.isascii() and digits.isdigit()) or int(digits) > min(KEY_MAX, ID_MAX):
        raise Problem(422, "not_valid", "See errors.", errors=(("after", "unknown"),))
    return int(key), product_id


def _card(card: Card) -> models.ProductCard:
    return models.ProductCard(
        shop_id=str(card.shop_id), product_id=str(card.product_id), title=card.title,
        image=media_url(card.cover_key, 400), price_from=_money(card.price_min_minor, card.currency),
        price_to=_money(card.price_max_minor, card.currency), sold_units=card.sold_units,
        is_available=card.is_available, shop_name=card.shop_name, shop_slug=card.shop_slug,
    )  # fmt: skip


def _money(amount_minor: int, currency: str) -> models.Money:
    return models.Money(amount_minor=amount_minor, currency=currency)


@router.get("/products/{shop_id}/{product_id}")
async def product(asking: AnybodyDep, shop_id: str, product_id: str) -> models.ProductView:
    """A product on sale with its variants, what is left of each, and its pictures."""
    keys = {"shop_id": id_of(shop_id), "product_id": id_of(product_id)}
    async with asking.db.any().reading() as tx:
        found = await catalog.product(tx, **keys)
        shops = await catalog.shops_by_id(tx, [keys["shop_id"]])
        if found is None or found.state != "active" or not shops or not shops[0].is_open:
            raise not_found()
        variants = [one for one in await catalog.variants_of_product(tx, **keys) if one.is_active]
        pictures = await catalog.pictures_of_product(tx, **keys)
        left = {one.variant_id: one.available for one in await inventory.stock_of_product(tx, **keys)}
    return models.ProductView(
        shop=_shop(shops[0]), product_id=str(found.id), title=found.title, description=found.description,
        category_id=str(found.category_id), sold_units=found.sold_units,
        images=[media_url(picture.file_key) for picture in pictures],
        variants=[
            models.VariantView(
                id=str(one.id), name=one.name, price=_money(one.price_minor, one.currency),
                available=max(0, left.get(one.id, 0)), purchase_limit=one.purchase_limit,
            )
            for one in variants
        ],
    )  # fmt: skip


@router.get("/shops/{slug}")
async def shop(asking: AnybodyDep, slug: str) -> models.ShopView:
    """A shop; its products are GET /products?shop_id=..."""
    async with asking.db.any().reading() as tx:
        found = await window.shop_by_slug(tx, slug.replace("\0", "")[:60])
    if found is None:
        raise not_found()
    return _shop(found)


def _shop(shop: Shop) -> models.ShopView:
    city = regions.city(shop.city)
    return models.ShopView(
        id=str(shop.shop_id), slug=shop.slug, name=shop.name, description=shop.description,
        city=city.name if city else shop.city, logo=media_url(shop.logo_key, 200), is_open=shop.is_open,
        joined_at=shop.joined_at,
    )  # fmt: skip
