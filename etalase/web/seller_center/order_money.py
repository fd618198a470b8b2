"""Where the money of the shop's order goes."""

from fastapi import APIRouter
from starlette.responses import Response

from etalase.commerce.orders import queries
from etalase.commerce.orders.rules import Order
from etalase.foundation.ids import parse_id
from etalase.foundation.sql import Tx
from etalase.web.explained_money import money_csv, money_page
from etalase.web.request import NotFound, Visit, VisitDep, member_of_shop, render

router = APIRouter()


@router.get("/seller/orders/{order_id}/money")
async def show_order_money(visit: VisitDep, order_id: str) -> Response:
    """From the buyer's rupiah to everyone's share."""
    async with visit.db.for_shop(member_of_shop(visit).shop_id).reading() as tx:
        money = await money_page(tx, visit, await _order(tx, visit, order_id))
    return render(visit, "seller_center/orders/money.html", money=money)


@router.get("/seller/orders/{order_id}/money/csv")
async def download_order_money(visit: VisitDep, order_id: str) -> Response:
    """The same for a spreadsheet."""
    async with visit.db.for_shop(member_of_shop(visit).shop_id).reading() as tx:
        return await money_csv(tx, visit, await _order(tx, visit, order_id))


async def _order(tx: Tx, visit: Visit, order_id: str) -> Order:
    shop_id = member_of_shop(visit).shop_id
    order = await queries.order_of_shop(tx, shop_id=shop_id, order_id=parse_id(order_id) or 0)
    if order is None:
        raise NotFound
    return order
