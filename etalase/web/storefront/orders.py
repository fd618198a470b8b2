"""The Order Center: every order of the buyer, by status, searchable, endless."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.orders import queries, rules
from etalase.commerce.orders.queries import PAGE_SIZE, OrderCard
from etalase.commerce.orders.rules import State, Tab
from etalase.foundation.deadlines import kinds
from etalase.foundation.deadlines import rules as deadlines
from etalase.foundation.i18n import N_
from etalase.foundation.ids import ID_MAX, id_at, parse_id
from etalase.foundation.policies import queries as policies
from etalase.foundation.sql import Tx
from etalase.web.request import NotFound, Visit, VisitDep, is_htmx, render, signed_in

router = APIRouter()

TAB_LABELS: dict[Tab, str] = {
    Tab.ALL: N_("All"),
    Tab.UNPAID: N_("Unpaid"),
    Tab.WAITING: N_("Waiting for Delivery"),
    Tab.IN_TRANSIT: N_("In Transit"),
    Tab.RECEIVED: N_("Received"),
    Tab.CANCELLED: N_("Cancelled"),
    Tab.RETURNS: N_("Returns/Refund"),
}
STATUS_LABELS: dict[State, str] = {
    State.UNPAID: N_("Unpaid"),
    State.NEW: N_("Waiting for Delivery"),
    State.AWAITING_SHIPMENT: N_("Waiting for Delivery"),
    State.AWAITING_COLLECTION: N_("Waiting for Delivery"),
    State.IN_TRANSIT: N_("In Transit"),
    State.DELIVERED: N_("Received"),
    State.COMPLETED: N_("Received"),
    State.CANCELLED: N_("Cancelled"),
}
TONES: dict[State, str] = {
    State.UNPAID: "soon",
    State.NEW: "brand",
    State.AWAITING_SHIPMENT: "brand",
    State.AWAITING_COLLECTION: "brand",
    State.IN_TRANSIT: "calm",
    State.DELIVERED: "good",
    State.COMPLETED: "good",
    State.CANCELLED: "neutral",
}
NOTES: dict[State, str] = {
    State.NEW: N_("The seller is checking your order."),
    State.AWAITING_SHIPMENT: N_("The seller is packing your order."),
    State.AWAITING_COLLECTION: N_("Packed, waiting for the carrier."),
    State.IN_TRANSIT: N_("On its way to you."),
    State.DELIVERED: N_("Delivered. Is everything fine?"),
    State.COMPLETED: N_("Completed."),
}
PERIODS: dict[str, tuple[str, int]] = {
    "": (N_("Any time"), 0),
    "30": (N_("30 days"), 30),
    "90": (N_("90 days"), 90),
    "365": (N_("1 year"), 365),
}


@dataclass(frozen=True, slots=True)
class CardView:
    """A card with the words and actions it shows."""

    card: OrderCard
    status: str
    tone: str
    note: str
    due_at: datetime | None
    due_label: str
    urgency: str
    can_pay: bool
    can_track: bool
    can_confirm: bool
    can_remind: bool
    can_buy_again: bool


async def card_views(tx: Tx, cards: Sequence[OrderCard], visit: Visit) -> list[CardView]:
    """Cards as the page shows them at this moment."""
    pause = timedelta(hours=int((await policies.load_book(tx)).find("remind.interval").value))
    return [_view(card, visit.page.now, remind_pause=pause) for card in cards]


def _view(card: OrderCard, now: datetime, *, remind_pause: timedelta) -> CardView:
    state = card.state
    reminded_lately = card.reminded_at is not None and now - card.reminded_at < remind_pause
    return CardView(
        card=card,
        status=STATUS_LABELS[state],
        tone=TONES[state],
        note=NOTES.get(state, ""),
        due_at=card.clock_due_at,
        due_label=kinds.label(card.clock_kind) if card.clock_kind else "",
        urgency=deadlines.urgency(card.clock_due_at, now) if card.clock_due_at else "calm",
        can_pay=state is State.UNPAID,
        can_track=state in (State.AWAITING_COLLECTION, State.IN_TRANSIT, State.DELIVERED, State.COMPLETED),
        can_confirm=state is State.DELIVERED,
        can_remind=state in (State.NEW, State.AWAITING_SHIPMENT) and not reminded_lately,
        can_buy_again=state in (State.COMPLETED, State.CANCELLED),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked for."""

    tab: Tab
    q: str
    days: str
    before: int

    def url(self, **changed: Any) -> str:
        """This list with something changed."""
        from urllib.parse import urlencode

        fields = {"tab": self.tab.value, "q": self.q, "days": self.days, "before": ""} | {
            k: str(v) for k, v in changed.items()
        }
        kept = {name: value for name, value in fields.items() if value and (name, value) != ("tab", "all")}
        return "/orders" + ("?" + urlencode(kept) if kept else "")


def asked_of(request: Request) -> Asked:
    """The list that was asked for; what can't be read counts as not asked."""
    params = request.query_params
    tab = params.get("tab", "all")
    days = params.get("days", "")
    return Asked(
        tab=Tab(tab) if tab in list(Tab) else Tab.ALL,
        q=params.get("q", "").strip()[:100],
        days=days if days in PERIODS else "",
        before=parse_id(params.get("before", "")) or ID_MAX,
    )


@router.get("/orders")
async def order_center(request: Request, visit: VisitDep) -> Response:
    """The Order Center; three statements whatever the number of orders."""
    account = signed_in(visit)
    asked = asked_of(request)
    since = visit.page.now - timedelta(days=PERIODS[asked.days][1])
    async with visit.db.for_buyer(account.id).reading() as tx:
        cards = await queries.cards_of_buyer(
            tx,
            buyer_id=account.id,
            states=rules.BUYER_TABS[asked.tab],
            before=asked.before,
            from_id=id_at(since, node=0) if asked.days else 0,
            words=rules.search_words(asked.q) or None,
            refunded_only=asked.tab is Tab.RETURNS,
        )
        more = asked.url(before=cards[PAGE_SIZE - 1].id) if len(cards) > PAGE_SIZE else ""
        views = await card_views(tx, cards[:PAGE_SIZE], visit)
        if is_htmx(request) and asked.before != ID_MAX:
            return render(visit, "storefront/orders/_cards.html", cards=views, more=more)
        by_state, refunded = await queries.counts_of_buyer(tx, buyer_id=account.id)
    counts = rules.counts_by_tab(by_state, rules.BUYER_TABS) | {Tab.RETURNS: refunded}
    return render(
        visit,
        "storefront/orders/center.html",
        cards=views,
        more=more,
        asked=asked,
        tabs=_tabs(asked, counts, visit),
        periods=[
            {
                "label": visit.page.translator.gettext(label),
                "href": asked.url(days=days),
                "is_active": days == asked.days,
            }
            for days, (label, _) in PERIODS.items()
        ],
        total=sum(by_state.values()),
    )


def _tabs(asked: Asked, counts: dict[Any, int], visit: Visit) -> list[dict[str, Any]]:
    return [
        {
            "label": visit.page.translator.gettext(label),
            "href": asked.url(tab=tab.value),
            "count": counts.get(tab, 0),
            "is_active": tab is asked.tab,
        }
        for tab, label in TAB_LABELS.items()
    ]


@router.get("/orders/{order_id}/card")
async def one_card(visit: VisitDep, order_id: str) -> Response:
    """One card alone, for pages that follow it live."""
    account = signed_in(visit)
    number = parse_id(order_id)
    if number is None:
        raise NotFound
    async with visit.db.for_buyer(account.id).reading() as tx:
        cards = await queries.cards_of_orders(tx, buyer_id=account.id, order_ids=[number])
        views = await card_views(tx, cards, visit)
    if not views:
        raise NotFound
    return render(visit, "storefront/orders/_cards.html", cards=views, more="")
