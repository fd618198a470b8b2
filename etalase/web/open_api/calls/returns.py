"""Returns and refunds that buyers ask for: found, approved, refused; the same actions as on the Seller Center's desk."""

from datetime import timedelta
from typing import Final, Literal

from typing_extensions import TypedDict

from etalase.commerce.evidence import queries as evidence
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.polling.queries import FAR_AHEAD, LONG_AGO
from etalase.foundation.i18n.translations import translator
from etalase.foundation.sql import Tx
from etalase.journeys.returns import actions, queries, rules
from etalase.journeys.returns.actions import Key
from etalase.journeys.returns.errors import OfferNotAllowed, ReasonUnknown, ReturnMovedOn, ReturnNotFound, WordsMissing
from etalase.journeys.returns.rules import Return
from etalase.web.open_api import examples
from etalase.web.open_api.call import Call
from etalase.web.open_api.calls.cancellations import COUNTED_MAX, SCOPE, NextAction
from etalase.web.open_api.order_view import Whole, load_orders
from etalase.web.open_api.product_view import number_of
from etalase.web.open_api.refund_view import RefundAmount, refund_amount
from etalase.web.open_api.refusals import (
    NOT_OFFERED_HERE,
    NOT_THIS_SELLERS,
    PARAMETER_NOT_VALID,
    REASON_DOES_NOT_FIT,
    STATUS_DOES_NOT_ALLOW,
    Refused,
    missing,
)
from etalase.web.open_api.registry import PAGING, SORTING, api_call
from etalase.web.open_api.return_words import NEXT_ACTION, TYPE, is_asked, status_of
from etalase.web.open_api.shapes import Nothing
from etalase.web.open_api.units import unit_id
from etalase.web.open_api.values import ApiId, Body, Seconds, amount, moment_of, read_amount, seconds
from etalase.web.open_api.words import role

SHOWN: Final = COUNTED_MAX


class ReturnSearch(Body):
    """Which returns; times are unix seconds, from `_ge` on and before `_lt`."""

    return_ids: tuple[ApiId, ...] = ()
    order_ids: tuple[ApiId, ...] = ()
    buyer_user_ids: tuple[ApiId, ...] = ()
    return_types: tuple[str, ...] = ()
    return_status: tuple[str, ...] = ()
    create_time_ge: Seconds | None = None
    create_time_lt: Seconds | None = None
    update_time_ge: Seconds | None = None
    update_time_lt: Seconds | None = None
    locale: str = ""


class ReturnLineItem(TypedDict, total=False):
    """A unit that is given back."""

    return_line_item_id: str
    order_line_item_id: str
    sku_id: str
    sku_name: str
    product_name: str
    seller_sku: str


class ReturnShown(TypedDict, total=False):
    """A return as it stands."""

    return_id: str
    order_id: str
    return_type: str
    return_status: str
    arbitration_status: str | None
    role: str
    return_reason: str
    return_reason_text: str
    shipment_type: str
    return_tracking_number: str
    refund_amount: RefundAmount
    return_line_items: list[ReturnLineItem]
    seller_next_action_response: list[NextAction]
    create_time: int | None
    update_time: int | None


class ReturnsFound(TypedDict, total=False):
    """A page of returns."""

    return_orders: list[ReturnShown]
    next_page_token: str
    total_count: int


class PartialRefund(Body):
    """What is offered to a buyer who keeps the goods."""

    currency: str = "IDR"
    amount: str


class Approval(Body):
    """What the seller gives."""

    decision: Literal[
        "APPROVE_REFUND", "APPROVE_RETURN", "APPROVE_RECEIVED_PACKAGE", "APPROVE_REPLACEMENT", "ISSUE_REPLACEMENT_REFUND",
        "OFFER_PARTIAL_REFUND", "DIRECT_REFUND",
    ]  # fmt: skip
    partial_refund: PartialRefund | None = None


class Rejection(Body):
    """Why the seller refuses."""

    decision: str
    reject_reason: str = "other"
    comment: str = ""


class Record(TypedDict, total=False):
    """One thing that happened to a return."""

    event: str
    role: str | None
    create_time: int | None


class Records(TypedDict):
    """What happened to a return, the newest first."""

    records: list[Record]


@api_call(
    "POST",
    "/return_refund/202602/returns/search",
    "Search returns",
    scope=SCOPE,
    query=(*PAGING, *SORTING),
    body=ReturnSearch,
    body_example={"update_time_ge": 1763900000},
    answer=ReturnsFound,
    example={"return_orders": [examples.RETURN], "next_page_token": "", "total_count": 1},
)
async def search_returns(call: Call) -> ReturnsFound:
    """Returns by when they changed, the oldest change first whatever the sorting, so that none is missed while they change. Further filters
    take returns off a page; go on until next_page_token is empty."""
    told, page = call.read(ReturnSearch), call.page(order="changed")
    async with call.reading() as tx:
        if told.return_ids or told.order_ids:
            found = await _named(tx, call.shop_id, told)
            shown, token = found[: page.size], ""
        else:
            since = moment_of(told.update_time_ge) or LONG_AGO
            after = (
                (LONG_AGO + timedelta(microseconds=int(page.after[0])), int(page.after[1]))
                if page.after
                else (since, 0)
            )
            found = await queries.updated_since(
                tx, shop_id=call.shop_id, after_at=after[0], after_id=after[1],
                until=moment_of(told.update_time_lt) or FAR_AHEAD, limit=page.limit,
            )  # fmt: skip
            shown, token = page.cut(
                found, lambda one: [(one.updated_at - LONG_AGO) // timedelta(microseconds=1), one.id]
            )
        shown = [one for one in shown if _fits(one, told)]
        orders = await load_orders(tx, shop_id=call.shop_id, order_ids=list({one.order_id: None for one in shown}))
        lines = await queries.lines_of_returns(tx, shop_id=call.shop_id, return_ids=[one.id for one in shown])
        given = await evidence.opened_by_shop(tx, shop_id=call.shop_id, case_ids=[one.id for one in shown])
    whole = {one.order.id: one for one in orders}
    units = {one.id: {line.order_line_id: line.quantity for line in lines if line.return_id == one.id} for one in shown}
    return {
        "return_orders": [
            {
                **_shown(one, whole[one.order_id], units[one.id], told.locale),
                "role": "SELLER" if one.id in given else "BUYER",
            }
            for one in shown
        ],
        "next_page_token": token,
        "total_count": len(shown) + bool(token),
    }  # fmt: skip


async def _named(tx: Tx, shop_id: int, told: ReturnSearch) -> list[Return]:
    found = {
        one.id: one
        for order_id in told.order_ids[:SHOWN]
        for one in await queries.returns_of_order(tx, shop_id=shop_id, order_id=order_id)
    }
    for return_id in told.return_ids[:SHOWN]:
        one = await queries.return_of_shop(tx, shop_id=shop_id, return_id=return_id)
        if one is not None:
            found[one.id] = one
    return list(found.values())


def _fits(one: Return, told: ReturnSearch) -> bool:
    asked = one.requested_at.timestamp()
    return (
        (not told.return_types or TYPE[one.kind] in told.return_types)
        and (not told.return_status or status_of(one) in told.return_status)
        and (not told.buyer_user_ids or one.buyer_id in told.buyer_user_ids)
        and (told.create_time_ge is None or asked >= told.create_time_ge)
        and (told.create_time_lt is None or asked < told.create_time_lt)
    )


def _shown(one: Return, whole: Whole, units: dict[int, int], locale: str) -> ReturnShown:
    words = translator("en" if locale.startswith("en") else "id")
    waiting = rules.WAITING.get(one.state)
    deadline = seconds(whole.clocks.get(waiting.clock)) if waiting else None
    action = NEXT_ACTION.get((one.state, one.kind.is_replaced))
    arbitration = None
    if one.decision or one.escalated_by:
        arbitration = {"refund": "SUPPORT_BUYER", "none": "SUPPORT_SELLER"}.get(one.decision or "", "IN_PROGRESS")
    minor = one.refund_minor if one.state is rules.ReturnState.REFUNDED else one.amount_minor
    return {
        "return_id": str(one.id),
        "order_id": str(one.order_id),
        "return_type": TYPE[one.kind],
        "return_status": status_of(one),
        "arbitration_status": arbitration,
        "return_reason": one.reason,
        "return_reason_text": words.gettext(rules.REASONS[one.reason].label),
        "shipment_type": "BUYER_ARRANGE",
        "return_tracking_number": one.tracking_number,
        "refund_amount": refund_amount(whole.order, whole.lines, units, total_minor=minor),
        "return_line_items": [
            {
                "return_line_item_id": number_of("returned", f"{one.id}:{unit_id(line.id, at)}"),
                "order_line_item_id": unit_id(line.id, at),
                "sku_id": str(line.variant_id),
                "sku_name": line.variant_name,
                "product_name": line.title,
                "seller_sku": line.seller_sku,
            }
            for line in whole.lines
            for at in range(units.get(line.id, 0))
        ],
        "seller_next_action_response": [{"action": action, "deadline": deadline}] if action else [],
        "create_time": seconds(one.requested_at),
        "update_time": seconds(one.updated_at),
    }


@api_call(
    "POST",
    "/return_refund/202309/returns/{return_id}/approve",
    "Approve a return",
    scope=SCOPE,
    body=Approval,
    body_example={"decision": "APPROVE_REFUND"},
    answer=Nothing,
    repeats=True,
)
async def approve(call: Call) -> Nothing:
    """Give the buyer what is asked for, accept what came back, or offer a part of the price to a buyer who keeps the goods."""
    told, key = call.read(Approval), await _key(call)
    try:
        if told.decision == "OFFER_PARTIAL_REFUND":
            await actions.offer(call.db, key, percent=await _percent(call, told, key))
        elif told.decision == "APPROVE_RECEIVED_PACKAGE":
            async with call.reading() as tx:
                lines = await queries.lines_of_returns(tx, shop_id=call.shop_id, return_ids=[key.return_id])
            received = {line.order_line_id: line.quantity for line in lines}
            await actions.inspect(call.db, key, received=received, restock=True)
        elif told.decision in ("APPROVE_REFUND", "APPROVE_RETURN", "APPROVE_REPLACEMENT"):
            await actions.approve(call.db, key)
        else:
            raise Refused(
                NOT_OFFERED_HERE, f"{told.decision} is not offered here: approve what was asked for, or make an offer"
            )
    except ReturnMovedOn as error:
        raise Refused(STATUS_DOES_NOT_ALLOW, "the return does not wait for this answer (any more)") from error
    except OfferNotAllowed as error:
        raise Refused(
            PARAMETER_NOT_VALID, "partial_refund is not a share that may be offered, or offers were made before"
        ) from error
    return {}


async def _percent(call: Call, told: Approval, key: Key) -> int:
    """The share of what was asked for that is offered."""
    minor = read_amount(told.partial_refund.amount) if told.partial_refund else None
    if minor is None:
        raise missing("body.partial_refund.amount")
    async with call.reading() as tx:
        found = await queries.return_of_shop(tx, shop_id=call.shop_id, return_id=key.return_id)
    asked = found.amount_minor if found else 0
    if not 0 < minor <= asked:
        raise Refused(PARAMETER_NOT_VALID, f"partial_refund.amount must be more than 0 and at most {amount(asked)}")
    return round(minor * 100 / asked)


@api_call(
    "POST",
    "/return_refund/202606/returns/{return_id}/reject",
    "Reject a return",
    scope=SCOPE,
    body=Rejection,
    body_example={"decision": "REJECT_REFUND", "reject_reason": "as_described", "comment": "Sesuai foto."},
    answer=Nothing,
    repeats=True,
)
async def reject(call: Call) -> Nothing:
    """Refuse what is asked for; the buyer reads the comment (without one, the reason), and may contest."""
    told, key = call.read(Rejection), await _key(call)
    if not is_asked(told.decision):
        raise Refused(NOT_OFFERED_HERE, "only REJECT_REFUND, REJECT_RETURN and REJECT_REPLACEMENT are offered here")
    reason = told.reject_reason
    try:
        words = told.comment.strip() or translator("id").gettext(rules.REJECT_REASONS.get(reason, ""))
        await actions.reject(call.db, key, reason=reason, words=words)
    except (ReasonUnknown, WordsMissing) as error:
        keys = ", ".join(rules.REJECT_REASONS)
        raise Refused(REASON_DOES_NOT_FIT, f"reject_reason must be one of {keys}") from error
    except ReturnMovedOn as error:
        raise Refused(STATUS_DOES_NOT_ALLOW, "the return does not wait for this answer (any more)") from error
    return {}


async def _key(call: Call) -> Key:
    return_id = call.path_id("return_id")
    async with call.reading() as tx:
        if await queries.return_of_shop(tx, shop_id=call.shop_id, return_id=return_id) is None:
            raise Refused(NOT_THIS_SELLERS, "return_id in the path is no return of this shop") from ReturnNotFound(
                return_id
            )
    return Key.of_shop(call.shop_id, return_id=return_id, by=call.by)


@api_call(
    "GET",
    "/return_refund/202309/returns/{return_id}/records",
    "Get records of a return",
    scope=SCOPE,
    answer=Records,
    example={"records": [{"event": "RETURN_REQUESTED", "role": "BUYER", "create_time": 1763900000}]},
)
async def records(call: Call) -> Records:
    """What happened to a return, the newest first; words and pictures stand in the Seller Center."""
    key = await _key(call)
    async with call.reading() as tx:
        found = await queries.return_of_shop(tx, shop_id=call.shop_id, return_id=key.return_id)
        facts = await order_queries.timeline_of(tx, shop_id=call.shop_id, order_id=found.order_id if found else 0)
    return {
        "records": [
            {
                "event": fact.name.upper().replace(".", "_"),
                "role": role(fact.actor_kind),
                "create_time": seconds(fact.at),
            }
            for fact in facts
            if fact.subject_id == key.return_id
        ]
    }
