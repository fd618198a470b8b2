"""Cancellations and Returns: what buyers ask the shop for, the most urgent first, and all that was asked before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.foundation.deadlines import kinds
from etalase.foundation.deadlines import rules as deadlines
from etalase.foundation.i18n import N_
from etalase.foundation.ids import ID_MAX, parse_id
from etalase.journeys.cancellations.rules import REASONS as CANCEL_REASONS
from etalase.journeys.claims.rules import REASONS as CLAIM_REASONS
from etalase.journeys.returns import queries
from etalase.journeys.returns.queries import PAGE_SIZE, DeskRow
from etalase.journeys.returns.rules import ENDS, OPEN, REASONS
from etalase.web.request import Visit, VisitDep, is_htmx, render, with_query
from etalase.web.return_words import KIND_LABELS, STATE_LABELS, TONES
from etalase.web.seller_center.orders import at_shop_time

router = APIRouter()

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MOMENT_MAX = 10**16


class Tab(StrEnum):
    """The tabs of the queue."""

    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"


TAB_LABELS = {Tab.WAITING: N_("Waiting for you"), Tab.OPEN: N_("Open returns"), Tab.CLOSED: N_("Closed returns")}


@dataclass(frozen=True, slots=True)
class RowView:
    """A line of the queue, in the reader's language."""

    row: DeskRow
    href: str
    label: str
    reason: str
    status: str
    tone: str
    due_label: str
    urgency: str


@router.get("/seller/returns")
async def list_returns(request: Request, visit: VisitDep) -> Response:
    """A page of the queue; two statements beside those of every page."""
    member = at_shop_time(visit)
    asked = request.query_params.get("tab", "")
    tab = Tab(asked) if asked in list(Tab) else Tab.WAITING
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        if tab is Tab.WAITING:
            due, last_id = _mark(request.query_params.get("after", ""))
            rows = await queries.desk_of_shop(tx, shop_id=member.shop_id, after_due=due, after_id=last_id)
        else:
            before = parse_id(request.query_params.get("before", "")) or ID_MAX
            states = OPEN if tab is Tab.OPEN else ENDS
            rows = await queries.list_of_shop(tx, shop_id=member.shop_id, states=states, before=before)
        shown = rows[:PAGE_SIZE]
        more = _more(tab, shown) if len(rows) > PAGE_SIZE else ""
        views = [view_of(row, visit) for row in shown]
        if is_htmx(request):
            return render(visit, "seller_center/returns/_rows.html", rows=views, more=more)
        waiting = sum((await queries.count_desk(tx, shop_id=member.shop_id)).values())
    return render(
        visit,
        "seller_center/returns/list.html",
        rows=views,
        more=more,
        tab=tab,
        tabs=_tabs(visit, tab, waiting),
    )


def _mark(text: str) -> tuple[datetime, int]:
    """The clock after which the page begins."""
    moment, _, last_id = text.partition("-")
    number = parse_id(moment)
    return (EPOCH + number * MICROSECOND if number and number < MOMENT_MAX else EPOCH), parse_id(last_id) or 0


def _more(tab: Tab, shown: Sequence[DeskRow]) -> str:
    last = shown[-1]
    if tab is Tab.WAITING and last.due_at:
        return with_query("/seller/returns", {"after": f"{(last.due_at - EPOCH) // MICROSECOND}-{last.clock_id}"})
    return with_query("/seller/returns", {"tab": tab.value, "before": last.subject_id})


def view_of(row: DeskRow, visit: Visit) -> RowView:
    """A line of the queue as its reader sees it."""
    _ = visit.page.translator.gettext
    href, reason = _where_and_why(row)
    return RowView(
        row=row,
        href=href,
        label=_(KIND_LABELS[row.kind]),
        reason=_(reason),
        status=_(N_("Waits for you") if row.due_at else STATE_LABELS[row.state]),
        tone=TONES.get(row.state, "soon" if row.due_at else "calm"),
        due_label=_(kinds.label(row.clock_kind)) if row.clock_kind else "",
        urgency=deadlines.urgency(row.due_at, visit.page.now) if row.due_at else "calm",
    )


def _where_and_why(row: DeskRow) -> tuple[str, str]:
    """Where it is answered, and the reason (a msgid)."""
    if row.kind == "cancellation":
        return f"/seller/orders/{row.order_id}#cancellation", CANCEL_REASONS.get(row.reason, row.reason)
    if row.kind == "not_received":
        return f"/seller/claims/{row.subject_id}", CLAIM_REASONS[row.reason]
    return f"/seller/returns/{row.subject_id}", REASONS[row.reason].label


def _tabs(visit: Visit, active: Tab, waiting: int) -> list[dict[str, Any]]:
    return [
        {
            "label": visit.page.translator.gettext(label),
            "href": with_query("/seller/returns", {"tab": "" if tab is Tab.WAITING else tab.value}),
            "count": waiting if tab is Tab.WAITING else None,
            "is_active": tab is active,
        }
        for tab, label in TAB_LABELS.items()
    ]
