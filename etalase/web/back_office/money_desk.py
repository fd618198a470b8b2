"""Money that needs the operator: refunds that are late or failed, payments that failed, each with what to do."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from etalase.commerce.payments import queries
from etalase.web.request import VisitDep, operator, render

router = APIRouter()

FAILED_SHOWN = timedelta(days=14)


@router.get("/operator/money")
async def show_money(visit: VisitDep) -> Response:
    """Late refunds, failed refunds, failed payments of the last days."""
    operator(visit)
    now = visit.page.now
    async with visit.db.any().reading() as tx:
        late = await queries.late_refunds(tx, day=now.date())
        failed = await queries.failed_refunds(tx)
        payments = await queries.failed_payments(tx, since=now - FAILED_SHOWN)
    return render(
        visit, "back_office/late_money.html", late=late, failed=failed, payments=payments, days=FAILED_SHOWN.days,
        today=now.date(),
    )  # fmt: skip
