"""What buyers can ask of the shop window: one typed function per statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from etalase.commerce.catalog.queries import Shop
from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)

CATEGORIES_MAX: Final = 500
Sort = Literal["relevant", "newest", "popular", "cheapest"]


@dataclass(frozen=True, slots=True)
class Category:
    """A branch of the tree, or a leaf on which products hang."""

    id: int
    parent_id: int | None
    slug: str
    name_id: str
    name_en: str
    icon: str


@dataclass(frozen=True, slots=True)
class Card:
    """A product on sale as a list shows it. `sort_key` and `product_id` say where the list goes on."""

    product_id: int
    shop_id: int
    title: str
    cover_key: str | None
    price_min_minor: int
    price_max_minor: int
    currency: str
    sold_units: int
    is_available: bool
    shop_name: str
    shop_slug: str
    shop_city: str
    sort_key: int


@dataclass(frozen=True, slots=True)
class ShopCard:
    """A shop as a list shows it, with the covers of what sells best."""

    shop_id: int
    slug: str
    name: str
    city: str
    logo_key: str | None
    banner_key: str | None
    joined_at: datetime
    cover_keys: list[str] | None


async def categories(tx: Tx) -> list[Category]:
    """The whole tree, parents before their children."""
    return await tx.all(statements["categories"], Category, limit=CATEGORIES_MAX)


async def browse(
    tx: Tx,
    *,
    sort: Sort,
    limit: int,
    category_ids: Sequence[int] | None = None,
    shop_id: int | None = None,
    after: tuple[int, int] | None = None,
) -> list[Card]:
    """Listings in order, of these categories and this shop if given, after the (sort_key, product_id) seen last."""
    name = "popular" if sort == "relevant" else sort
    return await tx.all(
        statements[name],
        Card,
        category_ids=None if category_ids is None else list(category_ids),
        shop_id=shop_id,
        after_key=after[0] if after else None,
        after_id=after[1] if after else None,
        limit=limit,
    )


async def search(
    tx: Tx,
    *,
    query: str,
    sort: Sort,
    limit: int,
    category_ids: Sequence[int] | None = None,
    shop_id: int | None = None,
    after: tuple[int, int] | None = None,
) -> list[Card]:
    """Listings that match a query made by `rules.search_query`, in order."""
    return await tx.all(
        statements["search"],
        Card,
        query=query,
        sort=sort,
        category_ids=None if category_ids is None else list(category_ids),
        shop_id=shop_id,
        after_key=after[0] if after else None,
        after_id=after[1] if after else None,
        limit=limit,
    )


async def shops_found(tx: Tx, *, query: str, limit: int) -> list[ShopCard]:
    """Open shops whose name matches a query made by `rules.search_query`."""
    return await tx.all(statements["shops_found"], ShopCard, query=query, limit=limit)


async def shops(tx: Tx, *, limit: int) -> list[ShopCard]:
    """Open shops that have something on sale."""
    return await tx.all(statements["shops"], ShopCard, limit=limit)


async def shop_by_slug(tx: Tx, slug: str) -> Shop | None:
    """The shop of an address."""
    return await tx.maybe(statements["shop_by_slug"], Shop, slug=slug)


async def category_ids_of_shop(tx: Tx, *, shop_id: int) -> list[int]:
    """In which categories the shop has something on sale."""
    return await tx.values(statements["category_ids_of_shop"], int, shop_id=shop_id, limit=CATEGORIES_MAX)
