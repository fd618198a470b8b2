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
from etalase.web.open_api.calls.cancellations import COUNTED_MAX, SCOPE
from etalase.web.open_api.calls.received import reject_goods
from etalase.web.open_api.order_view import load_orders
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
from etalase.web.open_api.return_view import ReturnShown, arbitration_of, proposed_of, return_of
from etalase.web.open_api.return_words import TYPE, is_asked, status_of
from etalase.web.open_api.shapes import Nothing
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
    arbitration_status: tuple[str, ...] = ()
    seller_proposed_return_type: tuple[str, ...] = ()
    create_time_ge: Seconds | None = None
    create_time_lt: Seconds | None = None
    update_time_ge: Seconds | None = None
    update_time_lt: Seconds | None = None
    locale: str = ""


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


class PictureOfGoods(Body):
    """A picture that was uploaded by /product/202309/images/upload: its uri."""

    image_id: str


class Rejection(Body):
    """Why the seller refuses."""

    decision: str
    reject_reason: str = "other"
    comment: str = ""
    images: tuple[PictureOfGoods, ...] = ()


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
    told = call.read(ReturnSearch)
    async with call.reading() as tx:
        seen, token = await _page(tx, call, told)
        shown = [one for one in seen if _fits(one, told)]
        orders = await load_orders(tx, shop_id=call.shop_id, order_ids=list({one.order_id: None for one in shown}))
        lines = await queries.lines_of_returns(tx, shop_id=call.shop_id, return_ids=[one.id for one in shown])
        given = await evidence.opened_by_shop(tx, shop_id=call.shop_id, case_ids=[one.id for one in shown])
    whole = {one.order.id: one for one in orders}
    units = {one.id: {line.order_line_id: line.quantity for line in lines if line.return_id == one.id} for one in shown}
    return {
        "return_orders": [
            {
                **return_of(one, whole[one.order_id], units[one.id], locale=told.locale),
                "role": "SELLER" if one.id in given else "BUYER",
            }
            for one in shown
        ],
        "next_page_token": token,
        "total_count": len(shown) + bool(token),
    }  # fmt: skip


async def _page(tx: Tx, call: Call, told: ReturnSearch) -> tuple[list[Return], str]:
    """The returns that are looked at for a page, and the token of the next one."""
    if told.return_ids or told.order_ids:
        page = call.page(order="named")
        last = int(page.after[0]) if page.after else 0
        named = await _named(tx, call.shop_id, told)
        return page.cut([one for one in named if one.id > last][: page.limit], lambda one: [one.id])
    page = call.page(order="changed")
    after = (moment_of(told.update_time_ge) or LONG_AGO, 0)
    if page.after:
        after = LONG_AGO + timedelta(microseconds=int(page.after[0])), int(page.after[1])
    found = await queries.updated_since(
        tx, shop_id=call.shop_id, after_at=after[0], after_id=after[1],
        until=moment_of(told.update_time_lt) or FAR_AHEAD, limit=page.limit,
    )  # fmt: skip
    return page.cut(found, lambda one: [(one.updated_at - LONG_AGO) // timedelta(microseconds=1), one.id])


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
    return sorted(found.values(), key=lambda one: one.id)


def _fits(one: Return, told: ReturnSearch) -> bool:
    asked, changed = int(one.requested_at.timestamp()), int(one.updated_at.timestamp())
    return (
        (not told.return_types or TYPE[one.kind] in told.return_types)
        and (not told.return_status or status_of(one) in told.return_status)
        and (not told.buyer_user_ids or one.buyer_id in told.buyer_user_ids)
        and (not told.arbitration_status or arbitration_of(one) in told.arbitration_status)
        and (not told.seller_proposed_return_type or proposed_of(one) in told.seller_proposed_return_type)
        and (told.update_time_ge is None or changed >= told.update_time_ge)
        and (told.update_time_lt is None or changed < told.update_time_lt)
        and (told.create_time_ge is None or asked >= told.create_time_ge)
        and (told.create_time_lt is None or asked < told.create_time_lt)
    )


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
    """Refuse what is asked for: the buyer reads the comment (without one, the reason), and may contest. Or what came back
    (REJECT_RECEIVED_PACKAGE), with pictures of it: then the operator decides."""
    told, key = call.read(Rejection), await _key(call)
    reason = told.reject_reason
    words = told.comment.strip() or translator("id").gettext(rules.REJECT_REASONS.get(reason, ""))
    try:
        if told.decision == "REJECT_RECEIVED_PACKAGE":
            await reject_goods(call, key, words=words, pictures=[one.image_id for one in told.images])
        elif is_asked(told.decision):
            await actions.reject(call.db, key, reason=reason, words=words)
        else:
            raise Refused(
                NOT_OFFERED_HERE,
                f"{told.decision[:60]} is not offered here: refuse what was asked for, or what came back",
            )
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
