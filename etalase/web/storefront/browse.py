"""Finding products: the Shop tab, categories and search."""

from typing import cast

from fastapi import APIRouter
from fastapi.responses import Response

from etalase.commerce.catalog.rules import search_query
from etalase.commerce.catalog.window import queries as window
from etalase.commerce.catalog.window.queries import Card, Sort
from etalase.foundation.i18n import N_
from etalase.foundation.sql import Tx
from etalase.web.request import NotFound, Visit, VisitDep, is_htmx, render
from etalase.web.storefront import cards
from etalase.web.storefront.cards import PAGE_SIZE

router = APIRouter()

SORT_LABELS = {
    "relevant": N_("Best match"),
    "popular": N_("Best selling"),
    "newest": N_("Newest"),
    "cheapest": N_("Lowest price"),
}
SHOPS_FOUND = 3
SUGGESTED = 6


@router.get("/shop")
async def shop_tab(visit: VisitDep, sort: str = "", after: str = "") -> Response:
    """The Shop tab: search, categories, everything on sale."""
    chosen = read_sort(sort, default="popular")
    async with visit.db.any().reading() as tx:
        tree = await window.categories(tx)
        found = await window.browse(tx, sort=chosen, limit=PAGE_SIZE + 1, after=cards.read_after(after))
    products, more = cards.page_of(found, path="/shop", sort=sort)
    if is_htmx(visit.request):
        return render(visit, "storefront/_products.html", products=products, more=more)
    return render(
        visit,
        "storefront/shop.html",
        branches=cards.branches(tree, visit.page.locale),
        products=products,
        more=more,
        sorts=sort_chips("/shop", chosen, visit=visit),
    )


@router.get("/c/{slug}")
async def category(visit: VisitDep, slug: str, sort: str = "", after: str = "") -> Response:
    """A category: its leaves as chips, its products."""
    chosen = read_sort(sort, default="popular")
    async with visit.db.any().reading() as tx:
        tree = cards.branches(await window.categories(tx), visit.page.locale)
        top, here = _find(tree, slug)
        found = await window.browse(
            tx, sort=chosen, limit=PAGE_SIZE + 1, category_ids=here.ids, after=cards.read_after(after)
        )
    products, more = cards.page_of(found, path=here.href, sort=sort)
    if is_htmx(visit.request):
        return render(visit, "storefront/_products.html", products=products, more=more)
    return render(
        visit,
        "storefront/category.html",
        top=top,
        here=here,
        chips=_leaf_chips(top, here, visit=visit),
        products=products,
        more=more,
        sorts=sort_chips(here.href, chosen, visit=visit),
    )


@router.get("/search")
async def search(visit: VisitDep, q: str = "", sort: str = "", after: str = "") -> Response:
    """Products and shops for whatever was typed."""
    text = cards.tidy_query(q)
    query = search_query(text)
    chosen = read_sort(sort, default="relevant")
    async with visit.db.any().reading() as tx:
        found = await _search(tx, query=query, sort=chosen, after=after)
        shops = await window.shops_found(tx, query=query, limit=SHOPS_FOUND) if query and not after else []
        others = [] if found or after else await window.browse(tx, sort="popular", limit=SUGGESTED)
    products, more = cards.page_of(found, path="/search", q=text, sort=sort)
    if is_htmx(visit.request):
        return render(visit, "storefront/_products.html", products=products, more=more)
    return render(
        visit,
        "storefront/search.html",
        text=text,
        products=products,
        more=more,
        shops=[cards.shop_view(shop) for shop in shops],
        others=[cards.card_view(card) for card in others],
        sorts=sort_chips("/search", chosen, visit=visit, q=text),
    )


async def _search(tx: Tx, *, query: str, sort: Sort, after: str) -> list[Card]:
    if not query:
        return []
    return await window.search(tx, query=query, sort=sort, limit=PAGE_SIZE + 1, after=cards.read_after(after))


def read_sort(text: str, *, default: Sort) -> Sort:
    """The order asked for in an address, or the page's own."""
    return cast("Sort", text) if text in cards.SORTS else default


def sort_chips(path: str, chosen: Sort, *, visit: Visit, **query: str) -> list[dict[str, object]]:
    """The orders a list can be put in, as chips."""
    offered = [sort for sort in SORT_LABELS if sort != "relevant" or query.get("q")]
    return [
        {
            "label": visit.page.translator.gettext(SORT_LABELS[sort]),
            "href": cards.address(path, **query, sort="" if sort == "relevant" else sort),
            "is_active": sort == chosen,
        }
        for sort in offered
    ]


def _leaf_chips(top: cards.Branch, here: cards.Branch, *, visit: Visit) -> list[dict[str, object]]:
    names = [(visit.page.translator.gettext("All"), top), *((leaf.name, leaf) for leaf in top.children)]
    return [{"label": name, "href": branch.href, "is_active": branch.id == here.id} for name, branch in names]


def _find(tree: list[cards.Branch], slug: str) -> tuple[cards.Branch, cards.Branch]:
    for top in tree:
        for branch in (top, *top.children):
            if branch.slug == slug:
                return top, branch
    raise NotFound
