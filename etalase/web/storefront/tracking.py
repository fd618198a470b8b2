"""Track Shipment: where the order's parcels are, and how to ask the carrier oneself."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.orders import queries as orders
from etalase.commerce.shipping.rules import ParcelState
from etalase.foundation.ids import parse_id
from etalase.web.parcel_view import ParcelView, views_of
from etalase.web.request import NotFound, VisitDep, is_htmx, render, signed_in

router = APIRouter()


@router.get("/orders/{order_id}/tracking")
async def show_tracking(request: Request, visit: VisitDep, order_id: str) -> Response:
    """The chosen parcel of the buyer's order with its timeline; to htmx the part that changes alone."""
    account = signed_in(visit)
    async with visit.db.for_buyer(account.id).reading() as tx:
        order = await orders.order_of_buyer(tx, buyer_id=account.id, order_id=parse_id(order_id) or 0)
        if order is None:
            raise NotFound
        lines = await orders.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
        views = await views_of(tx, order, lines, settings=visit.settings, page=visit.page, with_returns=True)
    shown = _of_interest(views)
    chosen = _chosen(shown, parse_id(request.query_params.get("parcel", "")))
    template = "storefront/tracking/_parcel.html" if is_htmx(request) else "storefront/tracking/page.html"
    return render(visit, template, order=order, views=shown, chosen=chosen, lines=lines)


def _of_interest(views: Sequence[ParcelView]) -> list[ParcelView]:
    """Parcels the seller took back are nothing to a buyer."""
    return [view for view in views if view.parcel.state is not ParcelState.CANCELLED]


def _chosen(views: Sequence[ParcelView], parcel_id: int | None) -> ParcelView | None:
    """The parcel asked for, else the first that is still under way, else the last."""
    asked = [view for view in views if view.parcel.id == parcel_id]
    open_ones = [view for view in views if view.parcel.is_open]
    return next(iter([*asked, *open_ones, *reversed(views)]), None)
