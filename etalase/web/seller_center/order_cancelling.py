"""Cancelling by the shop: whole orders or units of them, and answers to buyers who ask for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.orders import queries
from etalase.commerce.orders.errors import MoveNotAllowed, OrderNotFound
from etalase.commerce.orders.rules import Move, Order, OrderLine, State, is_allowed
from etalase.commerce.shipping import queries as shipping
from etalase.commerce.shipping.progress import packed
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import units_left
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.journeys.cancellations import actions
from etalase.journeys.cancellations import queries as cancellations
from etalase.journeys.cancellations.errors import ReasonUnknown, RequestGone, UnitsInParcel
from etalase.journeys.cancellations.rules import SELLER_REASONS, TooManyUnits, can_restock, refund_of
from etalase.web.request import Member, Visit, VisitDep, member_of_shop, read_form, render, see_other
from etalase.web.seller_center.order_page import moved_on, order_or_404
from etalase.web.seller_center.orders import at_shop_time
from etalase.web.units import units_in

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Desk:
    """What of an order can be cancelled by the shop now."""

    order: Order
    lines: Sequence[OrderLine]
    parcels: Sequence[Parcel]
    has_request: bool

    @property
    def free(self) -> Mapping[int, int]:
        """Line id -> units that lie in no parcel: these can be cancelled apart from the rest."""
        if self.order.state is State.UNPAID:
            return {}  # the sum to pay is fixed
        return units_left({line.id: line.open_quantity for line in self.lines}, packed(self.parcels))

    @property
    def is_possible(self) -> bool:
        return is_allowed(self.order.state, Move.CANCEL) and (self.is_whole_possible or bool(self.free))

    @property
    def is_whole_possible(self) -> bool:
        """Whether no courier has taken anything of it."""
        return not any(parcel.collected_at for parcel in self.parcels)

    @property
    def refund_minor(self) -> int:
        """What goes back when all of it is cancelled."""
        everything = {line.id: line.open_quantity for line in self.lines}
        return refund_of(self.order, list(self.lines), everything) if self.order.is_paid else 0


@router.get("/seller/orders/{order_id}/cancellation")
async def show_cancellation(request: Request, visit: VisitDep, order_id: str) -> Response:
    """First the reason, then what is cancelled and what goes back."""
    member = at_shop_time(visit)
    desk = await _desk(visit, member, order_id)
    if desk.has_request or not desk.is_possible:
        return see_other(visit, f"/seller/orders/{desk.order.id}")
    asked = request.query_params.get("reason", "")
    reason = asked if asked in SELLER_REASONS else ""
    _ = visit.page.translator.gettext
    return render(
        visit,
        "seller_center/orders/cancel.html",
        desk=desk,
        order=desk.order,
        reason=reason,
        reasons=[
            {"label": _(label), "href": f"?reason={code}", "is_active": code == reason}
            for code, label in SELLER_REASONS.items()
        ],
        restock=can_restock(reason),
        note_chars_max=actions.NOTE_CHARS_MAX,
    )


async def _desk(visit: Visit, member: Member, order_id: str) -> Desk:
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        order = await order_or_404(tx, member, order_id)
        keys = {"shop_id": order.shop_id, "order_id": order.id}
        asked = await cancellations.cancellations_of_order(tx, **keys)
        return Desk(
            order=order,
            lines=await queries.lines_of(tx, **keys),
            parcels=await shipping.parcels_of_order(tx, **keys),
            has_request=any(cancellation.state == "requested" for cancellation in asked),
        )


@router.post("/seller/orders/{order_id}/cancellation")
async def cancel_order(request: Request, visit: VisitDep, order_id: str) -> Response:
    """Cancel as chosen, or go back with what stands in the way."""
    member = member_of_shop(visit)
    desk = await _desk(visit, member, order_id)
    form = await read_form(request)
    reason = str(form.get("reason", ""))
    again = f"/seller/orders/{desk.order.id}/cancellation?reason={reason if reason in SELLER_REASONS else ''}"
    units = None if form.get("scope") == "whole" else units_in(form.multi_items())
    try:
        cancelled = await actions.cancel_by_seller(
            visit.db,
            shop_id=member.shop_id,
            order_id=desk.order.id,
            units=units,
            reason=reason,
            note=str(form.get("note", "")).strip(),
            restock=form.get("restock") == "1",
            by=Actor.seller(member.account_id),
        )
    except ReasonUnknown:
        return see_other(visit, again, flash=N_("Choose a reason first."), kind="error")
    except TooManyUnits:
        text = N_("Choose units to cancel, no more than the order still has.")
        return see_other(visit, again, flash=text, kind="error")
    except UnitsInParcel:
        text = N_("Some of these units are packed or on their way. Undo the parcel first, or choose fewer units.")
        return see_other(visit, again, flash=text, kind="error")
    except (MoveNotAllowed, OrderNotFound):
        return await moved_on(visit, member, desk.order)
    return see_other(visit, f"/seller/orders/{cancelled.id}", flash=_outcome(cancelled))


def _outcome(order: Order) -> str:
    if order.state is State.CANCELLED:
        return N_("The order is cancelled. Any payment goes back to the buyer.")
    return N_("The chosen units are cancelled. Any payment for them goes back to the buyer.")


@router.post("/seller/orders/{order_id}/cancellation-answer")
async def answer_cancellation(request: Request, visit: VisitDep, order_id: str) -> Response:
    """Approve or reject the buyer's request to cancel."""
    member = member_of_shop(visit)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        order = await order_or_404(tx, member, order_id)
    form = await read_form(request)
    decision, answer = str(form.get("decision", "")), str(form.get("answer", "")).strip()
    page = f"/seller/orders/{order.id}"
    if decision not in ("approve", "reject"):
        return see_other(visit, page, flash=N_("Approve or reject the request."), kind="error")
    if decision == "reject" and not answer:
        text = N_("Tell the buyer why you reject the request.")
        return see_other(visit, page + "#cancellation", flash=text, kind="error")
    try:
        await actions.answer_request(
            visit.db,
            shop_id=member.shop_id,
            order_id=order.id,
            is_approved=decision == "approve",
            answer=answer,
            by=Actor.seller(member.account_id),
        )
    except RequestGone:
        text = N_("The request was answered or withdrawn meanwhile. This is how the order stands now.")
        return see_other(visit, page, flash=text, kind="warning")
    except (MoveNotAllowed, OrderNotFound):
        return await moved_on(visit, member, order)
    if decision == "approve":
        return see_other(visit, page, flash=N_("The cancellation is approved. Any payment goes back to the buyer."))
    return see_other(visit, page, flash=N_("The request is rejected. The buyer reads your answer."))
