"""One order of the shop: what it is, what is in stock for it, which clocks run, and what is to be done next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.inventory import queries as inventory
from etalase.commerce.inventory.rules import Stock
from etalase.commerce.orders import actions, queries
from etalase.commerce.orders.errors import OrderNotFound
from etalase.commerce.orders.rules import Order, OrderLine, State
from etalase.commerce.payments import queries as payments
from etalase.commerce.payments.methods import MethodNotKnown, payment_method
from etalase.commerce.payments.rules import Refund
from etalase.commerce.shipping.plans import Plan, plans_of_orders
from etalase.commerce.shipping.progress import packed
from etalase.commerce.shipping.rules import units_left
from etalase.foundation.deadlines import queries as deadline_queries
from etalase.foundation.deadlines import rules as deadlines
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.foundation.sql import Tx
from etalase.journeys.cancellations import queries as cancellations
from etalase.journeys.cancellations.queries import Cancellation
from etalase.journeys.cancellations.rules import REASONS
from etalase.journeys.claims import queries as claim_queries
from etalase.journeys.claims import rules as claim_rules
from etalase.journeys.claims.rules import Claim
from etalase.journeys.returns import queries as returns
from etalase.journeys.returns.rules import Return
from etalase.web import parcel_view, return_words
from etalase.web.parcel_view import ParcelView
from etalase.web.request import (
    Member,
    NotFound,
    Visit,
    VisitDep,
    local_path,
    member_of_shop,
    read_form,
    render,
    see_other,
)
from etalase.web.seller_center.order_words import ANSWER_FIRST, NEXT_STEPS, REST_TO_SHIP, STATE_LABELS, TONES, events_of
from etalase.web.seller_center.orders import at_shop_time, confirm
from etalase.web.shared_tracking import share_url

router = APIRouter()

PHONE_SHOWN = 4
REFUND_LABELS = {
    "approved": N_("Approved"),
    "sent": N_("Sent to the provider"),
    "done": N_("Done"),
    "failed": N_("Failed"),
}
PARTIES = {
    "buyer": N_("the buyer"),
    "seller": N_("your shop"),
    "operator": N_("Etalase"),
    "system": N_("the clock"),
}


@dataclass(frozen=True, slots=True)
class LineView:
    """A line with the stock of its variant; none if the variant is gone."""

    line: OrderLine
    stock: Stock | None
    to_ship: int

    @property
    def is_short(self) -> bool:
        """Whether fewer pieces lie on the shelf than this line still needs."""
        return self.stock is not None and self.stock.on_hand < self.to_ship


@dataclass(frozen=True, slots=True)
class OrderView:
    """Everything the page shows."""

    order: Order
    lines: Sequence[LineView]
    parcels: Sequence[ParcelView]
    refunds: Sequence[Refund]
    cancellations: Sequence[Cancellation]
    clocks: Sequence[Any]
    events: Sequence[Any]
    plans: Sequence[Plan] = ()
    claims: Sequence[Claim] = ()
    asked_units: Mapping[int, int] = field(default_factory=dict)
    """Line id -> units that the buyer's request to cancel is about."""
    returns: Sequence[Return] = ()

    @property
    def request(self) -> Cancellation | None:
        """The buyer's request to cancel that waits for an answer."""
        return next((c for c in self.cancellations if c.state == "requested"), None)

    @property
    def is_partly_packed(self) -> bool:
        return any(view.parcel.state != "cancelled" for view in self.parcels)

    @property
    def can_cancel(self) -> bool:
        """Whether there is anything that no courier has taken yet."""
        before_collection = (State.UNPAID, State.NEW, State.AWAITING_SHIPMENT, State.AWAITING_COLLECTION)
        return self.order.state in before_collection and self.request is None

    @property
    def next_step(self) -> str:
        """What the seller is to do next, as a msgid."""
        if self.request is not None:
            return ANSWER_FIRST
        if self.order.state is State.AWAITING_SHIPMENT and self.is_partly_packed:
            return REST_TO_SHIP
        return NEXT_STEPS[self.order.state]


async def order_or_404(tx: Tx, member: Member, order_id: str) -> Order:
    """The shop's own order; for any other shop it does not exist."""
    number = parse_id(order_id)
    order = await queries.order_of_shop(tx, shop_id=member.shop_id, order_id=number) if number else None
    if order is None:
        raise NotFound
    return order


async def view_of(tx: Tx, visit: Visit, member: Member, order: Order) -> OrderView:
    """Read what the page shows: twelve statements at most, whatever the order holds."""
    keys = {"shop_id": order.shop_id, "order_id": order.id}
    lines = await queries.lines_of(tx, **keys)
    parcels = await parcel_view.views_of(tx, order, lines, settings=visit.settings, page=visit.page, with_returns=True)
    stock = await inventory.stock_of(
        tx, shop_ids=[line.shop_id for line in lines], variant_ids=[line.variant_id for line in lines]
    )
    open_units = {line.id: line.open_quantity for line in lines}
    left = units_left(open_units, packed([view.parcel for view in parcels]))
    asked = await cancellations.cancellations_of_order(tx, **keys)
    stock_by_variant = {row.variant_id: row for row in stock}
    return OrderView(
        order=order,
        lines=[LineView(line, stock_by_variant.get(line.variant_id), left.get(line.id, 0)) for line in lines],
        parcels=parcels,
        refunds=await payments.refunds_of_order(tx, buyer_id=order.buyer_id, order_id=order.id),
        cancellations=asked,
        asked_units=await cancellations.units_of_request(tx, asked),
        returns=await returns.returns_of_order(tx, **keys) if order.delivered_at else (),
        clocks=deadlines.strip(
            await deadline_queries.of_order(tx, **keys),
            now=visit.page.now,
            audience="seller",
            translator=visit.page.translator,
        ),
        events=events_of(
            await queries.timeline_of(tx, **keys),
            reader_id=member.account_id,
            zone=member.shop.zone,
            translator=visit.page.translator,
        ),
        claims=await claim_queries.claims_of_order(tx, **keys) if order.collected_at else (),
        plans=await plans_of_orders(tx, shop_id=order.shop_id, order_ids=[order.id])
        if order.state is State.AWAITING_SHIPMENT
        else (),
    )


@router.get("/seller/orders/{order_id}")
async def show_order(visit: VisitDep, order_id: str) -> Response:
    """The order details, where stock is checked and the order confirmed."""
    return await _show(visit, order_id, "seller_center/orders/order.html")


@router.get("/seller/orders/{order_id}/details")
async def show_details(visit: VisitDep, order_id: str) -> Response:
    """The changing part of the page alone, for pages that follow the order live."""
    return await _show(visit, order_id, "seller_center/orders/_order.html")


async def _show(visit: Visit, order_id: str, template: str) -> Response:
    member = at_shop_time(visit)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        order = await order_or_404(tx, member, order_id)
        view = await view_of(tx, visit, member, order)
    return render(
        visit,
        template,
        view=view,
        order=order,
        parcel_views=view.parcels,
        status_label=STATE_LABELS[order.state],
        tone=TONES[order.state],
        method_name=method_name(order.payment_method),
        phone=shown_phone(order),
        reasons=REASONS,
        parties=PARTIES,
        refund_labels=REFUND_LABELS,
        return_words=return_words,
        as_date=date.fromisoformat,
        share_url=share_url(visit.settings, order) if view.is_partly_packed else "",
        claim_labels=claim_rules.STATE_LABELS,
        claim_reasons=claim_rules.REASONS,
        can_claim_insurance=claim_rules.can_claim_insurance(order, view.claims, by="seller", now=visit.page.now),
        note_chars_max=actions.SELLER_NOTE_CHARS_MAX,
    )


def method_name(code: str) -> str:
    """What the payment method is called (a msgid), or its code if it is offered no more."""
    try:
        return payment_method(code).name
    except MethodNotKnown:
        return code


def shown_phone(order: Order) -> str:
    """The phone number; of an unpaid order, which nobody delivers yet, only its end."""
    phone = order.address.get("phone", "")
    if order.state is not State.UNPAID:
        return phone
    return "•" * max(len(phone) - PHONE_SHOWN, 0) + phone[-PHONE_SHOWN:]


@router.post("/seller/orders/{order_id}/confirmation")
async def confirm_order(request: Request, visit: VisitDep, order_id: str) -> Response:
    """Confirm Order; goes back to the list or stays on the order, as the form says."""
    member = member_of_shop(visit)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        order = await order_or_404(tx, member, order_id)
    back = local_path(str((await read_form(request)).get("back", "")), f"/seller/orders/{order.id}")
    if await confirm(visit, member, order.id):
        return see_other(visit, back, flash=N_("The order is confirmed. It is ready to ship."))
    return await moved_on(visit, member, order)


async def moved_on(visit: Visit, member: Member, order: Order) -> Response:
    """Somebody or some clock was faster: show how the order stands now, and say so."""
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        now = await order_or_404(tx, member, str(order.id))
    status = visit.page.translator.gettext(STATE_LABELS[now.state])
    flash = N_("Nothing was changed: somebody was faster. The order is now: %(status)s.")
    return see_other(visit, f"/seller/orders/{order.id}", flash=flash, kind="warning", status=status)


@router.post("/seller/orders/{order_id}/note")
async def write_note(request: Request, visit: VisitDep, order_id: str) -> Response:
    """Keep the shop's own note."""
    member = member_of_shop(visit)
    note = str((await read_form(request)).get("note", "")).strip()
    try:
        await actions.write_seller_note(
            visit.db,
            shop_id=member.shop_id,
            order_id=parse_id(order_id) or 0,
            note=note,
            by=Actor.seller(member.account_id),
        )
    except OrderNotFound:
        raise NotFound from None
    return see_other(visit, f"/seller/orders/{parse_id(order_id)}", flash=N_("The note is saved."))
