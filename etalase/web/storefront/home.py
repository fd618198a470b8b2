"""Home: a lively shop window."""

from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response

from etalase.commerce.catalog.window import queries as window
from etalase.foundation.i18n import N_
from etalase.web.request import VisitDep, render
from etalase.web.storefront import cards

router = APIRouter()

SHELF = 12
SHOPS = 8
GREETINGS = ((4, N_("Good night")), (11, N_("Good morning")), (15, N_("Good afternoon")), (18, N_("Good evening")), (24, N_("Good night")))  # fmt: skip
"""Until which hour one says what: Indonesian has pagi, siang, sore, malam."""


@router.get("/")
async def home(visit: VisitDep) -> Response:
    """Greeting, search, categories, what sells, what is new, who sells."""
    async with visit.db.any().reading() as tx:
        tree = await window.categories(tx)
        popular = await window.browse(tx, sort="popular", limit=SHELF)
        newest = await window.browse(tx, sort="newest", limit=SHELF)
        shops = await window.shops(tx, limit=SHOPS)
    hour = visit.page.now.astimezone(ZoneInfo(visit.page.zone)).hour
    return render(
        visit,
        "storefront/home.html",
        greeting=next(text for until, text in GREETINGS if hour < until),
        branches=cards.branches(tree, visit.page.locale),
        popular=[cards.card_view(card) for card in popular],
        newest=[cards.card_view(card) for card in newest],
        shops=[cards.shop_view(shop) for shop in shops],
    )
