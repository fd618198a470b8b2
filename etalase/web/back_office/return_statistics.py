"""Which shops give buyers trouble: returns, claims and cancellations of their own doing, beside their orders."""

from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.foundation import clock
from etalase.foundation.i18n import N_
from etalase.foundation.ids import id_at
from etalase.journeys.returns import queries
from etalase.journeys.returns.queries import ORDERS_COUNTED_MAX, ShopTroubles
from etalase.web.explained_money import csv_answer
from etalase.web.request import Visit, VisitDep, operator, render
from etalase.web.seller_center.return_statistics import period_in, periods

router = APIRouter()

HEADINGS = (
    N_("Store"), N_("Orders"), N_("Returns"), N_("Claims"), N_("Cancelled by the store"), N_("Rate"), N_("Cost"),
)  # fmt: skip


async def _shops(visit: Visit, days: int) -> list[ShopTroubles]:
    async with visit.db.any().reading() as tx:
        return await queries.statistics_of_shops(tx, since_id=id_at(clock.now() - timedelta(days=days), node=0))


@router.get("/operator/returns/statistics")
async def show_statistics(request: Request, visit: VisitDep) -> Response:
    """The fifty shops with the most; one statement."""
    operator(visit)
    days = period_in(request)
    return render(
        visit,
        "back_office/returns/statistics.html",
        days=days,
        periods=periods(visit, days),
        shops=await _shops(visit, days),
        headings=HEADINGS,
        counted_max=ORDERS_COUNTED_MAX,
    )


@router.get("/operator/returns/statistics.csv")
async def export_statistics(request: Request, visit: VisitDep) -> Response:
    """The same as a file."""
    operator(visit)
    days = period_in(request)
    _ = visit.page.translator.gettext
    lines = [
        [one.name, one.orders, one.returns, one.claims, one.cancellations, f"{one.rate:.4f}", one.cost_minor]
        for one in await _shops(visit, days)
    ]
    return csv_answer([[_(heading) for heading in HEADINGS], *lines], name=f"shops-{days}-days.csv")
