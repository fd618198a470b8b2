"""The demo world's shelves: categories, shops and their products."""

from functools import cache

from demo.world import (
    catalog_batik,
    catalog_beauty,
    catalog_craft,
    catalog_gadget,
    catalog_home,
    catalog_kids,
    catalog_pantry,
    catalog_sport,
    catalog_walk,
)
from demo.world.categories import CATEGORIES
from demo.world.model import Category, Product, Shop
from demo.world.shops import SHOPS

_SHELVES = (
    catalog_batik, catalog_beauty, catalog_pantry, catalog_walk, catalog_gadget,
    catalog_home, catalog_kids, catalog_sport, catalog_craft,
)  # fmt: skip


def categories() -> tuple[Category, ...]:
    """The tree, every top before its leaves."""
    return CATEGORIES


def shops() -> tuple[Shop, ...]:
    """All shops of the demo world."""
    return SHOPS


@cache
def products() -> tuple[Product, ...]:
    """All products, grouped by shop."""
    return tuple(product for shelf in _SHELVES for product in shelf.PRODUCTS)


def products_of(shop_slug: str) -> tuple[Product, ...]:
    """The products of one shop; nothing for an unknown one."""
    return tuple(product for product in products() if product.shop_slug == shop_slug)
