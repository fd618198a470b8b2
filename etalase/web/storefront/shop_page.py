"""A shop's own page."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response

from etalase.commerce.catalog.queries import Shop
from etalase.commerce.catalog.rules import search_query
from etalase.commerce.catalog.window import queries as window
from etalase.foundation.i18n import zone_label
from etalase.integrations.storage.folder import media_url
from etalase.web.request import NotFound, Visit, VisitDep, is_htmx, render
from etalase.web.storefront import browse, cards
from etalase.web.storefront.cards import PAGE_SIZE, Branch

router = APIRouter()


@router.get("/s/{slug}")
async def shop_page(
    visit: VisitDep, slug: str, q: str = "", category: str = "", sort: str = "", after: str = ""
) -> Response:
    """Who sells, since when, from where, at what hours; and all that the shop has on sale."""
    text = cards.tidy_query(q)
    query = search_query(text)
    chosen = browse.read_sort(sort, default="relevant" if query else "popular")
    async with visit.db.any().reading() as tx:
        shop = await window.shop_by_slug(tx, slug)
        if shop is None:
            raise NotFound
        leaves = _leaves(
            cards.branches(await window.categories(tx), visit.page.locale),
            await window.category_ids_of_shop(tx, shop_id=shop.shop_id),
        )
        ids = [leaf.id for leaf in leaves if leaf.slug == category] or None
        start = cards.read_after(after)
        if text and not query:
            found = []
        elif query:
            found = await window.search(
                tx, query=query, sort=chosen, limit=PAGE_SIZE + 1, category_ids=ids, shop_id=shop.shop_id, after=start
            )
        else:
            found = await window.browse(
                tx, sort=chosen, limit=PAGE_SIZE + 1, category_ids=ids, shop_id=shop.shop_id, after=start
            )
    path = f"/s/{shop.slug}"
    products, more = cards.page_of(found, path=path, q=text, category=category, sort=sort)
    if is_htmx(visit.request):
        return render(visit, "storefront/_products.html", products=products, more=more, show_shop=False)
    return render(
        visit, "storefront/shop_page.html", **_about(shop, visit=visit), show_shop=False, text=text,
        products=products, more=more,
        sorts=browse.sort_chips(path, chosen, visit=visit, q=text, category=category),
        leaves=_chips(leaves, visit=visit, path=path, category=category),
    )  # fmt: skip


def _about(shop: Shop, *, visit: Visit) -> dict[str, Any]:
    description = shop.description_en if visit.page.locale == "en" and shop.description_en else shop.description
    return {
        "shop": shop,
        "description": description,
        "place_of_shop": cards.city_name(shop.city),
        "logo": media_url(shop.logo_key, 200),
        "banner": media_url(shop.banner_key),
        "hours": f"{shop.opens_at:%H.%M}–{shop.closes_at:%H.%M} {zone_label(shop.zone, visit.page.now)}",
        "is_staffed": is_staffed(shop, visit.page.now),
        "public_image": visit.settings.base_url + media_url(shop.logo_key, 200) if shop.logo_key else "",
    }


def is_staffed(shop: Shop, now: datetime) -> bool:
    """Whether somebody is there now, by the shop's own hours."""
    there = now.astimezone(ZoneInfo(shop.zone)).time()
    if shop.opens_at <= shop.closes_at:
        return shop.opens_at <= there < shop.closes_at
    return there >= shop.opens_at or there < shop.closes_at


def _leaves(tree: list[Branch], ids: list[int]) -> list[Branch]:
    return [branch for top in tree for branch in (top, *top.children) if branch.id in ids]


def _chips(leaves: list[Branch], *, visit: Visit, path: str, category: str) -> list[dict[str, object]]:
    everything = {"label": visit.page.translator.gettext("All"), "href": path, "is_active": not category}
    some = [
        {"label": leaf.name, "href": cards.address(path, category=leaf.slug), "is_active": leaf.slug == category}
        for leaf in leaves
    ]
    return [everything, *some]
