"""Orders: the list by tabs, one order, tracking, cancelling, receipt."""

from typing import Annotated

from fastapi import APIRouter, Query

from etalase.commerce.orders import actions, queries, rules
from etalase.commerce.orders.errors import MoveNotAllowed, OrderNotFound
from etalase.commerce.orders.queries import PAGE_SIZE, OrderCard
from etalase.commerce.orders.rules import Order, State, Tab
from etalase.commerce.shipping import queries as parcels
from etalase.commerce.shipping.queries import Parcel, TrackingEvent
from etalase.commerce.shipping.rules import ParcelState
from etalase.foundation.deadlines import queries as deadlines
from etalase.foundation.ids import ID_MAX
from etalase.foundation.policies.rules import book_of
from etalase.foundation.sql import Tx
from etalase.integrations.storage.folder import media_url
from etalase.journeys.cancellations import actions as cancelling
from etalase.journeys.cancellations import queries as cancellations
from etalase.journeys.cancellations import rules as cancel_rules
from etalase.journeys.cancellations.errors import CancelNotPossible, ReasonUnknown, RequestGone
from etalase.web.api import models, order_models
from etalase.web.api.access import Buyer, BuyerDep, id_of
from etalase.web.api.problems import Problem, not_found

router = APIRouter(prefix="/api/v1", tags=["orders"])


@router.get("/orders")
async def list_orders(
    buyer: BuyerDep,
    tab: Tab = Tab.ALL,
    q: Annotated[str, Query(max_length=100, description="Words of the order: titles, shop, number")] = "",
    before: Annotated[str, Query(max_length=19, description="next_before of the page before")] = "",
) -> order_models.Orders:
    """The Order Center: a page of the tab, newest first, and the counter of each tab."""
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        found = await queries.cards_of_buyer(
            tx,
            buyer_id=buyer.id,
            states=rules.BUYER_TABS[tab],
            before=id_of(before) if before else ID_MAX,
            words=rules.search_words(q.replace("\0", " ")) or None,
            refunded_only=tab is Tab.RETURNS,
        )
        by_state, refunded = await queries.counts_of_buyer(tx, buyer_id=buyer.id)
    counts = rules.counts_by_tab(by_state, rules.BUYER_TABS) | {Tab.RETURNS: refunded}
    shown = found[:PAGE_SIZE]
    return order_models.Orders(
        orders=[_card(card) for card in shown],
        next_before=str(shown[-1].id) if len(found) > PAGE_SIZE else "",
        tabs=[order_models.Tab(tab=one.value, orders=counts.get(one, 0)) for one in Tab],
    )


def _card(card: OrderCard) -> order_models.OrderCard:
    return order_models.OrderCard(
        id=str(card.id), shop_id=str(card.shop_id), shop_name=card.shop_name, state=card.state, title=card.title,
        image=media_url(card.image_key, 200), units=card.units,
        total=models.Money(amount_minor=card.total_minor, currency=card.currency), placed_at=card.placed_at,
        due_at=card.clock_due_at, due_for=card.clock_kind,
    )  # fmt: skip


@router.get("/orders/{order_id}")
async def show_order(buyer: BuyerDep, order_id: str) -> order_models.OrderView:
    """One order, and what the buyer may do with it now."""
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        order = await _own(tx, buyer, order_id)
        return await _view(tx, order)


async def _own(tx: Tx, buyer: Buyer, order_id: str) -> Order:
    order = await queries.order_of_buyer(tx, buyer_id=buyer.id, order_id=id_of(order_id))
    if order is None:
        raise not_found()
    return order


async def _view(tx: Tx, order: Order) -> order_models.OrderView:
    keys = {"shop_id": order.shop_id, "order_id": order.id}
    lines = await queries.lines_of(tx, **keys)
    clocks = await deadlines.of_order(tx, **keys)

    def money(amount_minor: int) -> models.Money:
        return models.Money(amount_minor=amount_minor, currency=order.currency)

    place = order.address
    return order_models.OrderView(
        id=str(order.id), purchase_id=str(order.purchase_id), shop_id=str(order.shop_id), shop_name=order.shop_name,
        state=order.state, payment_method=order.payment_method, is_cod=order.is_cod,
        lines=[
            order_models.OrderLineView(
                id=str(line.id), product_id=str(line.product_id), variant_id=str(line.variant_id), title=line.title,
                variant_name=line.variant_name, image=media_url(line.image_key, 200), quantity=line.quantity,
                cancelled_quantity=line.cancelled_quantity, unit_price=money(line.unit_price_minor),
            )
            for line in lines
        ],
        items=money(order.items_minor), shipping=money(order.shipping_minor), discount=money(order.discount_minor),
        total=money(order.total_minor), refunded=money(order.refunded_minor), recipient=place.get("recipient", ""),
        address=", ".join(filter(None, (place.get(name, "") for name in ("street", "district", "city", "province", "postal_code")))),
        note=order.buyer_note, placed_at=order.placed_at, paid_at=order.paid_at, arranged_at=order.arranged_at,
        delivered_at=order.delivered_at, completed_at=order.completed_at, cancelled_at=order.cancelled_at,
        clocks=[order_models.Clock(kind=one.kind, due_at=one.due_at) for one in clocks if one.state == "running"],
        cancel_rule=await _rule(tx, order), can_confirm_receipt=order.state is State.DELIVERED,
    )  # fmt: skip


async def _rule(tx: Tx, order: Order) -> str:
    asked = await cancellations.cancellations_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    sent = await parcels.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    return cancel_rules.rule_for_buyer(
        order,
        free_until=str(book_of(order.policies).find("cancel.free_until").value),
        has_open_request=any(one.state == "requested" for one in asked),
        has_collected_parcel=cancelling.has_left(sent),
    )


@router.get("/orders/{order_id}/tracking")
async def track(buyer: BuyerDep, order_id: str) -> order_models.Tracking:
    """Where the order's parcels are."""
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        order = await _own(tx, buyer, order_id)
        found = await parcels.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)
        events = await parcels.events_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    shown = [parcel for parcel in found if parcel.state is not ParcelState.CANCELLED]
    return order_models.Tracking(
        parcels=[_parcel(parcel, [one for one in events if one.parcel_id == parcel.id]) for parcel in shown]
    )


def _parcel(parcel: Parcel, events: list[TrackingEvent]) -> order_models.ParcelView:
    return order_models.ParcelView(
        id=str(parcel.id), state=parcel.state, carrier=parcel.carrier, service=parcel.service,
        tracking_number=parcel.tracking_number, promised_from=parcel.eta_from, promised_until=parcel.eta_until,
        events=[
            order_models.TrackingEvent(status=one.status, description=one.description, place=one.place, at=one.occurred_at)
            for one in events
        ],
    )  # fmt: skip


@router.post("/orders/{order_id}/cancellation")
async def cancel(buyer: BuyerDep, order_id: str, sent: order_models.CancelAsked) -> order_models.CancelView:
    """Cancel by the rule that applies at this moment: at once, or by asking the seller."""
    try:
        rule = await cancelling.cancel_by_buyer(
            buyer.db, buyer_id=buyer.id, order_id=id_of(order_id), reason=sent.reason, note=sent.note.replace("\0", "")
        )
    except OrderNotFound:
        raise not_found() from None
    except ReasonUnknown:
        known = sorted(cancel_rules.BUYER_REASONS)
        raise Problem(422, "not_valid", f"One of {', '.join(known)}.", errors=(("reason", "unknown"),)) from None
    except CancelNotPossible as error:
        raise Problem(409, "cancel_not_possible", more={"rule": error.rule}) from None
    except MoveNotAllowed as error:
        raise _moved_on(error) from None
    return order_models.CancelView(rule=rule)


def _moved_on(error: MoveNotAllowed) -> Problem:
    return Problem(409, "moved_on", "The order has moved on.", more={"state": error.state})


@router.delete("/orders/{order_id}/cancellation")
async def withdraw(buyer: BuyerDep, order_id: str) -> models.Done:
    """Take the request to cancel back."""
    try:
        await cancelling.withdraw_request(buyer.db, buyer_id=buyer.id, order_id=id_of(order_id))
    except OrderNotFound:
        raise not_found() from None
    except RequestGone:
        raise Problem(409, "request_gone", "There is no request to take back: it has been answered.") from None
    return models.Done()


@router.post("/orders/{order_id}/receipt")
async def confirm_receipt(buyer: BuyerDep, order_id: str) -> models.Done:
    """Everything is fine: the seller gets the money."""
    try:
        await actions.confirm_receipt(buyer.db, buyer_id=buyer.id, order_id=id_of(order_id))
    except OrderNotFound:
        raise not_found() from None
    except MoveNotAllowed as error:
        raise _moved_on(error) from None
    return models.Done()
