"""Where the money of the buyer's order goes."""

from fastapi import APIRouter
from starlette.responses import Response

from etalase.commerce.orders import queries
from etalase.commerce.orders.rules import Order
from etalase.foundation.ids import parse_id
from etalase.foundation.sql import Tx
from etalase.web.explained_money import money_csv, money_page
from etalase.web.request import NotFound, Visit, VisitDep, render, signed_in

router = APIRouter()


@router.get("/orders/{order_id}/money")
async def show_money(visit: VisitDep, order_id: str) -> Response:
    """From the buyer's rupiah to everyone's share."""
    async with visit.db.for_buyer(signed_in(visit).id).reading() as tx:
        money = await money_page(tx, visit, await _order(tx, visit, order_id))
    return render(visit, "storefront/orders/money.html", money=money)


@router.get("/orders/{order_id}/money/csv")
async def download_money(visit: VisitDep, order_id: str) -> Response:
    """The same for a spreadsheet."""
    async with visit.db.for_buyer(signed_in(visit).id).reading() as tx:
        return await money_csv(tx, visit, await _order(tx, visit, order_id))


async def _order(tx: Tx, visit: Visit, order_id: str) -> Order:
    order = await queries.order_of_buyer(tx, buyer_id=signed_in(visit).id, order_id=parse_id(order_id) or 0)
    if order is None:
        raise NotFound
    return order
