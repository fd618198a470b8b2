"""One order of the buyer: what it is, where it is, which clocks run, and what can be done now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from etalase.commerce.orders import queries, rules
from etalase.commerce.orders.rules import Order, OrderLine, State
from etalase.commerce.payments import queries as payments
from etalase.commerce.payments.by_hand.queries import accounts_of_refunds
from etalase.commerce.payments.by_hand.rules import GivenAccount
from etalase.commerce.payments.methods import payment_method
from etalase.commerce.payments.rules import Refund
from etalase.commerce.shipping import queries as shipping
from etalase.commerce.shipping.queries import Parcel
from etalase.foundation.deadlines import queries as deadline_queries
from etalase.foundation.deadlines import rules as deadlines
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.foundation.policies.rules import book_of
from etalase.foundation.sql import Tx
from etalase.journeys.cancellations import queries as cancellations
from etalase.journeys.cancellations import rules as cancel_rules
from etalase.journeys.cancellations.actions import has_left
from etalase.journeys.cancellations.queries import Cancellation
from etalase.journeys.cancellations.rules import REASONS, Rule
from etalase.journeys.claims import queries as claim_queries
from etalase.journeys.claims import rules as claim_rules
from etalase.journeys.claims.protection import NOT_COVERED, Protection, protection_of
from etalase.journeys.claims.rules import Claim
from etalase.journeys.returns import queries as returns
from etalase.journeys.returns import rules as return_rules
from etalase.journeys.returns.rules import Return
from etalase.web import parcel_view, return_words
from etalase.web.request import NotFound, SignedIn, Visit, VisitDep, render, signed_in
from etalase.web.shared_tracking import share_url
from etalase.web.storefront import timeline
from etalase.web.storefront.orders import NOTES, STATUS_LABELS, TONES

router = APIRouter()

STEPS = (
    (N_("Placed"), "receipt-text", "placed_at"),
    (N_("Paid"), "wallet", "paid_at"),
    (N_("Packed"), "package", "arranged_at"),
    (N_("In Transit"), "truck", "collected_at"),
    (N_("Received"), "check", "delivered_at"),
)
CANCEL_RULES: dict[Rule, str] = {
    Rule.AT_ONCE: N_("Cancels immediately."),
    Rule.ASKS_SELLER: N_("The order is already packed, so the seller is asked first."),
    Rule.ANSWER_PENDING: N_("You asked to cancel. The seller's answer is awaited."),
    Rule.TOO_LATE: N_(
        "The parcel is already with the carrier: cancelling is no longer possible. You may refuse the parcel when it arrives."
    ),
    Rule.FINISHED: N_("This order is finished."),
}


PARTIES = {"buyer": N_("you"), "seller": N_("the seller"), "operator": N_("Etalase"), "system": N_("the clock")}
PARCEL_LABELS = {
    "awaiting_collection": N_("Waiting for collection"),
    "in_transit": N_("In Transit"),
    "delivered": N_("Delivered"),
    "returned": N_("Went back"),
    "lost": N_("Lost"),
    "cancelled": N_("Cancelled"),
}
REFUND_LABELS = {
    "approved": N_("Approved"),
    "sent": N_("Sent to the provider"),
    "done": N_("Done"),
    "failed": N_("Failed"),
}


@dataclass(frozen=True, slots=True)
class OrderView:
    """Everything the page shows."""

    order: Order
    lines: Sequence[OrderLine]
    parcels: Sequence[Parcel]
    refunds: Sequence[Refund]
    accounts: Mapping[int, GivenAccount]
    """Refund id -> the bank account that the buyer named for it."""
    cancellations: Sequence[Cancellation]
    clocks: Sequence[Any]
    events: Sequence[Any]
    rule: Rule
    siblings: int
    claims: Sequence[Claim]
    protection: Protection
    can_claim: bool
    can_claim_insurance: bool
    asked_units: Mapping[int, int]
    """Line id -> pieces that the request to cancel is about."""
    sent_since: Sequence[Parcel] = ()
    """Parcels of returns: the way back, and what was sent again."""
    returns: Sequence[Return] = ()
    can_return: bool = False

    @property
    def request(self) -> Cancellation | None:
        """The request to cancel that waits for an answer."""
        return next((c for c in self.cancellations if c.state == "requested"), None)


async def order_or_404(tx: Tx, *, account: SignedIn, order_id: str) -> Order:
    """The buyer's own order; for anybody else it does not exist."""
    number = parse_id(order_id)
    order = await queries.order_of_buyer(tx, buyer_id=account.id, order_id=number) if number else None
    if order is None:
        raise NotFound
    return order


async def view_of(tx: Tx, visit: Visit, order: Order) -> OrderView:
    """Read what the page shows: eleven statements at most, whatever the order holds."""
    keys = {"shop_id": order.shop_id, "order_id": order.id}
    asked = await cancellations.cancellations_of_order(tx, **keys)
    parcels = await shipping.parcels_of_order(tx, **keys)
    sent_since = await shipping.parcels_of_returns(tx, **keys) if order.delivered_at else []
    clocks = await deadline_queries.of_order(tx, **keys)
    free_until = str(book_of(order.policies).find("cancel.free_until").value)
    claims = await claim_queries.claims_of_order(tx, **keys) if order.collected_at else []
    refunds = await payments.refunds_of_order(tx, buyer_id=order.buyer_id, order_id=order.id)
    return OrderView(
        order=order,
        lines=await queries.lines_of(tx, **keys),
        parcels=parcels,
        sent_since=sent_since,
        refunds=refunds,
        accounts=await accounts_of_refunds(tx, refunds) if refunds else {},
        cancellations=asked,
        clocks=deadlines.strip(clocks, now=visit.page.now, audience="buyer", translator=visit.page.translator),
        events=timeline.events_of(await queries.timeline_of(tx, **keys), visit.page.translator),
        rule=cancel_rules.rule_for_buyer(
            order,
            free_until=free_until,
            has_open_request=any(c.state == "requested" for c in asked),
            has_collected_parcel=has_left(parcels),
        ),
        siblings=len(await queries.orders_of_purchase(tx, buyer_id=order.buyer_id, purchase_id=order.purchase_id)) - 1,
        claims=claims,
        protection=protection_of(order, clocks, is_disputed=any(claim.is_open for claim in claims)),
        can_claim=claim_rules.can_claim(order, parcels, claims),
        can_claim_insurance=claim_rules.can_claim_insurance(order, claims, by="buyer", now=visit.page.now),
        asked_units=await cancellations.units_of_request(tx, asked),
        returns=await returns.returns_of_order(tx, **keys) if order.delivered_at else (),
        can_return=return_rules.why_not(order, now=visit.page.now) is None,
    )


@router.get("/orders/{order_id}")
async def show_order(visit: VisitDep, order_id: str) -> Response:
    """View Details."""
    return await _show(visit, order_id, "storefront/orders/order.html")


@router.get("/orders/{order_id}/details")
async def show_details(visit: VisitDep, order_id: str) -> Response:
    """The changing part of the page alone, for pages that follow the order live."""
    return await _show(visit, order_id, "storefront/orders/_order.html")


async def _show(visit: Visit, order_id: str, template: str) -> Response:
    account = signed_in(visit)
    async with visit.db.for_buyer(account.id).reading() as tx:
        order = await order_or_404(tx, account=account, order_id=order_id)
        view = await view_of(tx, visit, order)
    hours = int(book_of(order.policies).find("remind.interval").value)
    return render(
        visit,
        template,
        view=view,
        order=order,
        status_label=STATUS_LABELS[order.state],
        tone=TONES[order.state],
        note=NOTES.get(order.state, ""),
        steps=_steps(order, visit),
        method=payment_method(order.payment_method),
        rule_text=CANCEL_RULES[view.rule],
        reasons=REASONS,
        parties=PARTIES,
        parcel_labels=PARCEL_LABELS,
        purpose_labels=parcel_view.PURPOSE_LABELS,
        refund_labels=REFUND_LABELS,
        accounts=view.accounts,
        return_words=return_words,
        status_words=parcel_view.STATUS_LABELS,
        as_date=date.fromisoformat,
        share_url=share_url(visit.settings, order),
        claim_labels=claim_rules.STATE_LABELS,
        claim_reasons=claim_rules.REASONS,
        promises=view.protection.promises,
        not_covered=NOT_COVERED,
        can_change_address=rules.can_change_address(order),
        can_extend=rules.can_extend(order),
        can_remind=rules.can_remind(order, now=visit.page.now, interval_hours=hours),
    )


def _steps(order: Order, visit: Visit) -> dict[str, Any]:
    """The way of the order with the moments it reached; cash on delivery is paid at the end, so that step is left out."""
    steps = [
        {"label": visit.page.translator.gettext(label), "icon": icon, "at": getattr(order, stamp)}
        for label, icon, stamp in STEPS
        if not (order.is_cod and stamp == "paid_at")
    ]
    current = max((i for i, step in enumerate(steps) if step["at"] is not None), default=0)
    return {"steps": steps, "current": current}


@router.get("/orders/{order_id}/receipt")
async def ask_for_receipt(visit: VisitDep, order_id: str) -> Response:
    """Are all items fine? Says that confirming releases the money."""
    account = signed_in(visit)
    async with visit.db.for_buyer(account.id).reading() as tx:
        order = await order_or_404(tx, account=account, order_id=order_id)
        lines = await queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    return render(
        visit, "storefront/orders/receipt.html", order=order, lines=lines, is_possible=order.state is State.DELIVERED
    )
