"""Orders: everything buyers ordered of the shop, by what is to be done with it, searchable, endless."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.orders import actions, queries, rules
from etalase.commerce.orders.errors import MoveNotAllowed, OrderNotFound
from etalase.commerce.orders.lists import queries as lists
from etalase.commerce.orders.lists.queries import ClockMark
from etalase.commerce.orders.queries import OrderCard, ShopFilter
from etalase.commerce.orders.rules import SellerTab, State
from etalase.commerce.shipping import plans
from etalase.commerce.shipping import queries as shipping
from etalase.commerce.shipping.queries import OrderTracking
from etalase.foundation.deadlines import kinds
from etalase.foundation.deadlines import rules as deadlines
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import ID_MAX, id_at, parse_id
from etalase.foundation.policies import queries as policies
from etalase.foundation.sql import Tx
from etalase.integrations.carriers import registry
from etalase.web.parcel_view import STATUS_LABELS, known_carrier
from etalase.web.request import (
    Member,
    NotFound,
    Visit,
    VisitDep,
    is_htmx,
    member_of_shop,
    read_form,
    render,
    see_other,
    with_query,
)
from etalase.web.seller_center.order_words import STATE_LABELS, TAB_LABELS, TONES

router = APIRouter()

PAGE_SIZE = 20
BULK_MAX = 50
COMBINABLE_MAX = 20
COMBINABLE_AMONG = 200
"""A hint of the list looks through no more than these; the page it leads to looks further."""
SEARCH_CHARS_MAX = 100
YEARS = (2000, 2080)
"""Days within these years are those that ids can hold."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PAYMENTS: dict[str, str] = {"": N_("All"), "prepaid": N_("Paid in advance"), "cod": N_("Cash on delivery")}
SHIPPED = (State.AWAITING_COLLECTION, State.IN_TRANSIT, State.DELIVERED)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list was asked for; days are the shop's."""

    tab: SellerTab = SellerTab.ALL
    q: str = ""
    payment: str = ""
    carrier: str = ""
    first_day: date | None = None
    last_day: date | None = None
    before: int = ID_MAX
    after_due: datetime = EPOCH
    after_id: int = 0

    @property
    def is_narrowed(self) -> bool:
        """Whether something besides the tab was asked for."""
        return bool(self.q or self.payment or self.carrier or self.first_day or self.last_day)

    def url(self, **changed: str) -> str:
        """This list, from its beginning, with something changed."""
        fields = {
            "tab": "" if self.tab is SellerTab.ALL else self.tab.value,
            "q": self.q,
            "payment": self.payment,
            "carrier": self.carrier,
            "from": self.first_day.isoformat() if self.first_day else "",
            "to": self.last_day.isoformat() if self.last_day else "",
        }
        return with_query("/seller/orders", fields | changed)

    def narrowed(self, zone: str) -> ShopFilter:
        """The filter; days become bounds of ids, which begin with the time."""
        return ShopFilter(
            words=rules.search_words(self.q) or None,
            is_cod=(self.payment == "cod") if self.payment else None,
            carrier=self.carrier or None,
            from_id=_first_id(self.first_day, zone) if self.first_day else 0,
            until_id=_first_id(self.last_day + timedelta(days=1), zone) if self.last_day else ID_MAX,
        )


def _first_id(day: date, zone: str) -> int:
    return id_at(datetime.combine(day, time.min, ZoneInfo(zone)), node=0)


def asked_of(params: Mapping[str, str]) -> Asked:
    """The list that was asked for; what can't be read counts as not asked."""
    tab, payment, carrier = (params.get(name, "") for name in ("tab", "payment", "carrier"))
    due, _, last_id = params.get("after", "").partition("-")
    return Asked(
        tab=SellerTab(tab) if tab in list(SellerTab) else SellerTab.ALL,
        q=params.get("q", "").strip()[:SEARCH_CHARS_MAX],
        payment=payment if payment in PAYMENTS else "",
        carrier=carrier if carrier in {known.code for known in registry.all_carriers()} else "",
        first_day=_day(params.get("from", "")),
        last_day=_day(params.get("to", "")),
        before=parse_id(params.get("before", "")) or ID_MAX,
        after_due=_moment(due),
        after_id=parse_id(last_id) or 0,
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if YEARS[0] <= day.year <= YEARS[1] else None


def _moment(microseconds: str) -> datetime:
    number = parse_id(microseconds)
    return EPOCH + timedelta(microseconds=number) if number and number < 10**16 else EPOCH


@dataclass(frozen=True, slots=True)
class CardView:
    """A card with the words and actions it shows; texts are in the reader's language."""

    card: OrderCard
    status: str
    tone: str
    note: str
    due_label: str
    urgency: str

    @property
    def can_confirm(self) -> bool:
        return self.card.state is State.NEW

    @property
    def can_arrange(self) -> bool:
        return self.card.state is State.AWAITING_SHIPMENT

    @property
    def can_track(self) -> bool:
        return self.card.state in SHIPPED

    @property
    def is_asked_to_cancel(self) -> bool:
        return self.card.clock_kind == "cancel.seller_response"

    @property
    def case_href(self) -> str:
        """Where the return or claim is answered whose clock runs, if it is one."""
        kind, subject_id = self.card.clock_kind or "", self.card.clock_subject_id
        if subject_id is None or not kind.startswith(("return.", "claim.")):
            return ""
        return f"/seller/{'returns' if kind.startswith('return.') else 'claims'}/{subject_id}"


def card_views(cards: Sequence[OrderCard], tracked: Mapping[int, OrderTracking], *, visit: Visit) -> list[CardView]:
    """Cards as the page shows them at this moment."""
    return [_view(card, tracked.get(card.id), visit=visit) for card in cards]


def _view(card: OrderCard, tracking: OrderTracking | None, *, visit: Visit) -> CardView:
    _, now = visit.page.translator.gettext, visit.page.now
    notes = [tracking_words(tracking, visit=visit)] if tracking and card.state in SHIPPED else []
    if card.buyer_note:
        notes.append(_("Buyer's note: %(note)s", note=card.buyer_note))
    return CardView(
        card=card,
        status=_(STATE_LABELS[card.state]),
        tone=TONES[card.state],
        note=" · ".join(notes),
        due_label=_(kinds.label(card.clock_kind)) if card.clock_kind else "",
        urgency=deadlines.urgency(card.clock_due_at, now) if card.clock_due_at else "calm",
    )


def tracking_words(tracking: OrderTracking, *, visit: Visit) -> str:
    """Where the order is by its latest report: carrier, status, place."""
    _ = visit.page.translator.gettext
    words = [_(known_carrier(tracking.carrier).name), _(STATUS_LABELS.get(tracking.last_status, STATUS_LABELS[""]))]
    if tracking.place:
        words.append(tracking.place)
    if tracking.parcels > 1:
        words.append(_("%(n)s of %(all)s parcels delivered", n=tracking.delivered, all=tracking.parcels))
    if tracking.is_delayed:
        words.append(_("Delayed"))
    return " · ".join(words)


@router.get("/seller/orders")
async def list_orders(request: Request, visit: VisitDep) -> Response:
    """A tab of the list: a pinned few statements beside those of every page, one fewer for "show more"."""
    member = at_shop_time(visit)
    asked = asked_of(request.query_params)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        shown, more = await _page(tx, member, asked)
        views = card_views(shown, await _tracking(tx, member, shown), visit=visit)
        if is_htmx(request):
            return render(visit, "seller_center/orders/_cards.html", cards=views, more=more, asked=asked)
        by_state = await queries.counts_of_shop(tx, shop_id=member.shop_id)
        together = await _combinable(tx, member) if asked.tab is SellerTab.READY and shown else 0
    return render(
        visit,
        "seller_center/orders/list.html",
        cards=views,
        more=more,
        asked=asked,
        tabs=_tabs(visit, asked, by_state, to_act_on=visit.page.orders_waiting),
        payments=PAYMENTS,
        carriers=registry.all_carriers(),
        together=together,
    )


async def _combinable(tx: Tx, member: Member) -> int:
    """How many buyers have orders that could travel together, among those that have waited longest."""
    groups = await plans.combinable_groups(tx, shop_id=member.shop_id, limit=COMBINABLE_MAX, among=COMBINABLE_AMONG)
    return len(groups)


def at_shop_time(visit: Visit) -> Member:
    """The member; from here on the page tells times in the shop's zone."""
    member = member_of_shop(visit)
    visit.page = replace(visit.page, zone=member.shop.zone)
    return member


async def _page(tx: Tx, member: Member, asked: Asked) -> tuple[Sequence[OrderCard], str]:
    """The cards, and where the list goes on; a search may go on though it has found nothing yet."""
    narrowed = asked.narrowed(member.shop.zone)
    if asked.tab is SellerTab.ACTION:
        urgent = await lists.page_to_act_on(
            tx,
            shop_id=member.shop_id,
            narrowed=narrowed,
            after_due=asked.after_due,
            after_id=asked.after_id,
            size=PAGE_SIZE,
        )
        return urgent.cards, asked.url(after=_after(urgent.after)) if urgent.after else ""
    page = await lists.page_of_shop(
        tx,
        shop_id=member.shop_id,
        states=rules.SELLER_TABS[asked.tab],
        narrowed=narrowed,
        before=asked.before,
        size=PAGE_SIZE,
    )
    return page.cards, asked.url(before=str(page.before)) if page.before else ""


def _after(mark: ClockMark) -> str:
    return f"{(mark.due_at - EPOCH) // timedelta(microseconds=1)}-{mark.order_id}"


async def _tracking(tx: Tx, member: Member, cards: Sequence[OrderCard]) -> Mapping[int, OrderTracking]:
    shipped = [card.id for card in cards if card.state in SHIPPED]
    return await shipping.tracking_of_orders(tx, shop_id=member.shop_id, order_ids=shipped) if shipped else {}


def _tabs(visit: Visit, asked: Asked, by_state: dict[State, int], *, to_act_on: int) -> list[dict[str, Any]]:
    counts = rules.counts_by_tab(by_state, rules.SELLER_TABS) | {SellerTab.ACTION: to_act_on}
    return [
        {
            "label": visit.page.translator.gettext(label),
            "href": asked.url(tab="" if tab is SellerTab.ALL else tab.value),
            "count": counts[tab],
            "is_active": tab is asked.tab,
        }
        for tab, label in TAB_LABELS.items()
    ]


@router.get("/seller/orders/confirmed")
async def show_confirmed(request: Request, visit: VisitDep) -> Response:
    """What became of each order that was to be confirmed."""
    member = at_shop_time(visit)
    confirmed = _ids(request.query_params.get("confirmed", "").split("."))
    refused = _ids(request.query_params.get("refused", "").split("."))
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        orders = await queries.standings(tx, shop_id=member.shop_id, order_ids=[*confirmed, *refused])
    return render(
        visit,
        "seller_center/orders/confirmed.html",
        confirmed=[orders[order_id] for order_id in confirmed if order_id in orders],
        refused=[orders[order_id] for order_id in refused if order_id in orders],
        missing=[order_id for order_id in refused if order_id not in orders],
        labels=STATE_LABELS,
    )


def _ids(texts: Sequence[str]) -> list[int]:
    return list(dict.fromkeys(number for text in texts[:BULK_MAX] if (number := parse_id(text)) is not None))


@router.post("/seller/orders/confirmation")
async def confirm_several(request: Request, visit: VisitDep) -> Response:
    """Confirm the ticked orders, each by itself: one that moved on does not hold up the others."""
    member = member_of_shop(visit)
    chosen = _ids([str(value) for value in (await read_form(request)).getlist("order")])
    if not chosen:
        return see_other(visit, "/seller/orders?tab=new", flash=N_("Tick the orders to confirm."), kind="warning")
    done = {order_id: await confirm(visit, member, order_id) for order_id in chosen}
    report = {
        "confirmed": ".".join(str(order_id) for order_id, is_done in done.items() if is_done),
        "refused": ".".join(str(order_id) for order_id, is_done in done.items() if not is_done),
    }
    return see_other(visit, with_query("/seller/orders/confirmed", report))


async def confirm(visit: Visit, member: Member, order_id: int) -> bool:
    """Confirm one order; false when it has moved on or is not the shop's."""
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        calendar = await policies.load_calendar(tx, shop_id=member.shop_id)
    try:
        await actions.confirm(
            visit.db,
            shop_id=member.shop_id,
            order_id=order_id,
            by=Actor.seller(member.account_id),
            calendar=calendar,
            zone=member.shop.zone,
        )
    except (MoveNotAllowed, OrderNotFound):
        return False
    return True


@router.get("/seller/orders/{order_id}/card")
async def one_card(request: Request, visit: VisitDep, order_id: str) -> Response:
    """One card alone, for lists that follow their orders live."""
    member = at_shop_time(visit)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        card = await lists.card_of_shop(tx, shop_id=member.shop_id, order_id=parse_id(order_id) or 0)
        if card is None:
            raise NotFound
        views = card_views([card], await _tracking(tx, member, [card]), visit=visit)
    asked = asked_of(request.query_params)
    return render(visit, "seller_center/orders/_cards.html", cards=views, more="", asked=asked)
