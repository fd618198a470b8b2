"""What comes back to a shop and why: by product and by reason, on a page and as a file."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.foundation import clock
from etalase.foundation.i18n import N_
from etalase.foundation.ids import id_at
from etalase.journeys.cancellations.rules import REASONS as CANCEL_REASONS
from etalase.journeys.claims.rules import REASONS as CLAIM_REASONS
from etalase.journeys.returns import queries
from etalase.journeys.returns.queries import CameBack
from etalase.journeys.returns.rules import REASONS
from etalase.web.explained_money import csv_answer
from etalase.web.request import Visit, VisitDep, member_of_shop, render

router = APIRouter()

PERIODS: Final = (30, 90)
"""Days that can be looked at; the last one unless another is chosen."""
PRODUCTS_SHOWN: Final = 100
KIND_LABELS: Final = {"return": N_("Return"), "claim": N_("Claim"), "cancellation": N_("Cancellation")}
KINDS: Final = tuple(KIND_LABELS)
HEADINGS: Final = (
    N_("Product"), N_("Ordered"), N_("Sold"), N_("How"), N_("Reason"), N_("Cases"), N_("Pieces"), N_("Cost"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product of which something came back; `rate` is of what was sold, `reason` (a msgid) the one most pieces had."""

    product_id: int
    title: str
    sold: int
    units: dict[str, int]
    cost_minor: int
    reason: str

    @property
    def rate(self) -> float:
        """The part of what was sold that was returned or claimed."""
        return (self.units["return"] + self.units["claim"]) / self.sold if self.sold else 0.0


@dataclass(frozen=True, slots=True)
class ReasonView:
    """A reason over all products."""

    kind: str
    reason: str
    cases: int
    units: int
    cost_minor: int


def reason_text(kind: str, reason: str) -> str:
    """What a reason says (a msgid)."""
    if kind == "return":
        return REASONS[reason].label
    return (CLAIM_REASONS if kind == "claim" else CANCEL_REASONS).get(reason, reason)


def by_product(rows: Sequence[CameBack]) -> list[ProductView]:
    """The products, those with the most pieces first."""
    found: dict[int, list[CameBack]] = {}
    for row in rows:
        found.setdefault(row.product_id, []).append(row)
    views = [_product(group) for group in found.values()]
    return sorted(views, key=lambda view: (-sum(view.units.values()), view.title))


def _product(rows: Sequence[CameBack]) -> ProductView:
    most = max(rows, key=lambda row: row.units)
    units = {kind: sum(row.units for row in rows if row.kind == kind) for kind in KINDS}
    return ProductView(
        most.product_id, most.title, most.kept, units, sum(row.cost_minor for row in rows),
        reason_text(most.kind, most.reason),
    )  # fmt: skip


def by_reason(rows: Sequence[CameBack]) -> list[ReasonView]:
    """The reasons, those of the most pieces first; a case about two products counts for each."""
    units, cases, cost = Counter[tuple[str, str]](), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for row in rows:
        key = (row.kind, row.reason)
        units[key] += row.units
        cases[key] += row.cases
        cost[key] += row.cost_minor
    return [ReasonView(*key, cases[key], pieces, cost[key]) for key, pieces in units.most_common()]


def period_in(request: Request) -> int:
    """How many days are looked at, out of the address."""
    return next((days for days in PERIODS if str(days) == request.query_params.get("days")), PERIODS[-1])


def periods(visit: Visit, days: int) -> list[dict[str, object]]:
    """The choice of them."""
    _ = visit.page.translator.gettext
    return [
        {"label": _("Last %(days)s days", days=one), "href": f"?days={one}", "is_active": one == days}
        for one in PERIODS
    ]


async def _rows(visit: Visit, days: int) -> list[CameBack]:
    member = member_of_shop(visit)
    since_id = id_at(clock.now() - timedelta(days=days), node=0)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        return await queries.statistics_of_shop(tx, shop_id=member.shop_id, since_id=since_id)


@router.get("/seller/returns/statistics")
async def show_statistics(request: Request, visit: VisitDep) -> Response:
    """The tables; one statement beside those of every page."""
    days = period_in(request)
    rows = await _rows(visit, days)
    return render(
        visit,
        "seller_center/returns/statistics.html",
        days=days,
        periods=periods(visit, days),
        products=by_product(rows)[:PRODUCTS_SHOWN],
        reasons=by_reason(rows),
        kinds=KIND_LABELS,
        reason_text=reason_text,
    )


@router.get("/seller/returns/statistics.csv")
async def export_statistics(request: Request, visit: VisitDep) -> Response:
    """The same as a file: a line a product, way and reason."""
    days = period_in(request)
    _ = visit.page.translator.gettext
    lines = [
        [row.title, row.ordered, row.kept, _(KIND_LABELS[row.kind]), _(reason_text(row.kind, row.reason)), row.cases,
         row.units, row.cost_minor]
        for row in await _rows(visit, days)
    ]  # fmt: skip
    return csv_answer([[_(heading) for heading in HEADINGS], *lines], name=f"returns-{days}-days.csv")
