"""Where the money of any order goes, for the operator."""

from fastapi import APIRouter
from starlette.responses import Response

from etalase.commerce.orders import queries
from etalase.commerce.orders.rules import Order
from etalase.foundation.ids import parse_id
from etalase.foundation.sql import Tx
from etalase.web.explained_money import money_csv, money_page
from etalase.web.request import NotFound, VisitDep, operator, render

router = APIRouter()


@router.get("/operator/orders/{shop_id}/{order_id}/money")
async def show_any_money(visit: VisitDep, shop_id: str, order_id: str) -> Response:
    """From the buyer's rupiah to everyone's share."""
    operator(visit)
    async with visit.db.any().reading() as tx:
        money = await money_page(tx, visit, await _order(tx, shop_id, order_id))
    return render(visit, "back_office/money.html", money=money)


@router.get("/operator/orders/{shop_id}/{order_id}/money/csv")
async def download_any_money(visit: VisitDep, shop_id: str, order_id: str) -> Response:
    """The same for a spreadsheet."""
    operator(visit)
    async with visit.db.any().reading() as tx:
        return await money_csv(tx, visit, await _order(tx, shop_id, order_id))


async def _order(tx: Tx, shop_id: str, order_id: str) -> Order:
    order = await queries.order_of_shop(tx, shop_id=parse_id(shop_id) or 0, order_id=parse_id(order_id) or 0)
    if order is None:
        raise NotFound
    return order
