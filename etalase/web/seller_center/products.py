"""A shop's products in its Seller Center."""

from typing import cast

from fastapi import APIRouter
from fastapi.responses import Response

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.rules import ProductState
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.integrations.storage.folder import media_url
from etalase.web.request import VisitDep, is_htmx, member_of_shop, render
from etalase.web.storefront import cards

router = APIRouter()

PAGE_SIZE = 20
STATE_LABELS = {"": N_("All"), "active": N_("On sale"), "draft": N_("Drafts"), "inactive": N_("Off sale")}
TONES = {"active": "good", "draft": "soon", "inactive": "neutral"}
STATE_BADGES = {"active": N_("On sale"), "draft": N_("Draft"), "inactive": N_("Off sale")}


@router.get("/seller/products")
async def products(visit: VisitDep, state: str = "", q: str = "", before: str = "") -> Response:
    """The newest first; narrowed by state and by words of title or SKU."""
    member = member_of_shop(visit)
    text = cards.tidy_query(q)
    wanted = cast("ProductState", state) if state in TONES else None
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        rows = await catalog.products_of_shop(
            tx,
            shop_id=member.shop_id,
            state=wanted,
            search=text,
            before_id=parse_id(before),
            limit=PAGE_SIZE + 1,
        )
    shown = rows[:PAGE_SIZE]
    more = "" if len(rows) <= PAGE_SIZE else cards.address(
        "/seller/products", state=wanted or "", q=text, before=str(shown[-1].id)
    )  # fmt: skip
    return render(
        visit,
        "seller_center/_products.html" if is_htmx(visit.request) else "seller_center/products.html",
        rows=[(row, media_url(row.cover_key, 200)) for row in shown],
        more=more,
        text=text,
        state=wanted or "",
        tones=TONES,
        badges=STATE_BADGES,
        filters=[
            {
                "label": visit.page.translator.gettext(label),
                "href": cards.address("/seller/products", state=key, q=text),
                "is_active": key == (wanted or ""),
            }
            for key, label in STATE_LABELS.items()
        ],
    )
