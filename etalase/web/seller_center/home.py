"""The Seller Center's home: what waits to be done."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.inventory import queries as inventory
from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.rules import State
from etalase.foundation.i18n import N_
from etalase.integrations.storage.folder import media_url
from etalase.journeys.returns import queries as returns
from etalase.web.request import VisitDep, member_of_shop, render
from etalase.web.seller_center.returns import view_of

router = APIRouter()

LOW_SHOWN = 5
URGENT_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Task:
    """A tile of the to-do box."""

    label: str
    count: int
    href: str
    icon: str
    tone: str = ""


@router.get("/seller")
async def home(visit: VisitDep) -> Response:
    """Counters that lead to the lists behind them, what runs low, how to start."""
    member = member_of_shop(visit)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        [shop] = await catalog.shops_by_id(tx, [member.shop_id])
        counts = await orders.counts_of_shop(tx, shop_id=member.shop_id)
        waiting = await returns.count_desk(tx, shop_id=member.shop_id)
        urgent = await returns.desk_of_shop(tx, shop_id=member.shop_id, limit=URGENT_SHOWN) if waiting else []
        low_count = await inventory.low_count(tx, shop_id=member.shop_id)
        low = await inventory.stock_list(
            tx, shop_id=member.shop_id, search="", only_low=True, after=None, limit=LOW_SHOWN
        )
        products = await catalog.products_of_shop(
            tx, shop_id=member.shop_id, state=None, search="", before_id=None, limit=1
        )
    return render(
        visit,
        "seller_center/home.html",
        shop=shop,
        tasks=tasks(counts, low_count=low_count, waiting=waiting),
        rows=[view_of(row, visit) for row in urgent],
        more="",
        low=[(row, media_url(row.image_key, 200)) for row in low],
        has_products=bool(products),
    )


def tasks(counts: dict[State, int], *, low_count: int, waiting: Mapping[str, int]) -> list[Task]:
    """The to-do box, in the order of an order's life; `waiting` are the clocks that wait for the seller, by kind."""
    claims_count = waiting.get("claim.seller_response", 0)
    asked = sum(waiting.values()) - claims_count

    def of(*states: State) -> int:
        return sum(counts.get(state, 0) for state in states)

    new, ready = of(State.NEW), of(State.AWAITING_SHIPMENT)
    return [
        Task(N_("New"), new, "/seller/orders?tab=new", "sparkles", "urgent" if new else ""),
        Task(N_("Ready to Ship"), ready, "/seller/orders?tab=ready", "package", "urgent" if ready else ""),
        Task(N_("To be collected"), of(State.AWAITING_COLLECTION), "/seller/orders?tab=shipping", "package-check"),
        Task(N_("In Shipping"), of(State.IN_TRANSIT), "/seller/orders?tab=shipping", "truck"),
        Task(N_("Cancellations and Returns"), asked, "/seller/returns", "undo-2", "urgent" if asked else ""),
        Task(N_("Unpaid"), of(State.UNPAID), "/seller/orders?tab=unpaid", "hourglass"),
        Task(N_("Claims to answer"), claims_count, "/seller/claims", "package-x", "urgent" if claims_count else ""),
        Task(N_("Low stock"), low_count, "/seller/stock?low=1", "boxes", "urgent" if low_count else ""),
    ]
