"""Cancellations: found, made by the seller, answered; the same actions as in the Seller Center."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from typing_extensions import TypedDict

from etalase.commerce.orders.errors import MoveNotAllowed, OrderNotFound
from etalase.commerce.orders.polling.queries import FAR_AHEAD, LONG_AGO
from etalase.foundation.i18n.translations import translator
from etalase.foundation.ids import ID_MAX
from etalase.foundation.sql import Tx
from etalase.journeys.cancellations import actions, queries, rules
from etalase.journeys.cancellations.errors import ReasonUnknown, RequestGone, UnitsInParcel
from etalase.journeys.cancellations.queries import Cancellation, WantedCancellations
from etalase.web.open_api import examples
from etalase.web.open_api.call import Call
from etalase.web.open_api.order_view import Whole, load_orders, order_of_call
from etalase.web.open_api.product_view import number_of
from etalase.web.open_api.refund_view import RefundAmount, SkuToGiveBack, refund_amount, units_asked
from etalase.web.open_api.refusals import (
    NOT_THIS_SELLERS,
    PARAMETER_NOT_VALID,
    REASON_DOES_NOT_FIT,
    STATUS_DOES_NOT_ALLOW,
    Refused,
)
from etalase.web.open_api.registry import PAGING, SORTING, Param, api_call
from etalase.web.open_api.shapes import Nothing
from etalase.web.open_api.units import unit_id
from etalase.web.open_api.values import ApiId, Body, Seconds, moment_of, seconds
from etalase.web.open_api.words import REJECT_CANCEL, reason_key, reason_of, role

SCOPE: Final = "seller.return_refund.basic"
STATUS: Final = {
    "requested": "CANCELLATION_REQUEST_PENDING",
    "done": "CANCELLATION_REQUEST_COMPLETE",
    "rejected": "CANCELLATION_REQUEST_CANCEL",
    "withdrawn": "CANCELLATION_REQUEST_CANCEL",
}
STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "CANCELLATION_REQUEST_PENDING": ("requested",),
    "CANCELLATION_REQUEST_SUCCESS": (),
    "CANCELLATION_REQUEST_COMPLETE": ("done",),
    "CANCELLATION_REQUEST_CANCEL": ("rejected", "withdrawn"),
}
COUNTED_MAX: Final = 200


class CancellationSearch(Body):
    """Which cancellations; times are unix seconds, from `_ge` on and before `_lt`."""

    cancel_ids: tuple[ApiId, ...] = ()
    order_ids: tuple[ApiId, ...] = ()
    buyer_user_ids: tuple[ApiId, ...] = ()
    cancel_types: tuple[Literal["CANCEL", "BUYER_CANCEL"], ...] = ()
    cancel_status: tuple[str, ...] = ()
    create_time_ge: Seconds | None = None
    create_time_lt: Seconds | None = None
    update_time_ge: Seconds | None = None
    update_time_lt: Seconds | None = None
    locale: str = ""


class NextAction(TypedDict, total=False):
    """What the seller has to do until when."""

    action: str
    deadline: int | None


class CancelLineItem(TypedDict, total=False):
    """A unit that is cancelled."""

    cancel_line_item_id: str
    order_line_item_id: str
    sku_id: str
    sku_name: str
    product_name: str
    seller_sku: str
    refund_amount: RefundAmount


class CancellationShown(TypedDict, total=False):
    """A cancellation, asked for or done."""

    cancel_id: str
    order_id: str
    cancel_type: str
    cancel_status: str
    role: str | None
    cancel_reason: str | None
    cancel_reason_text: str
    refund_amount: RefundAmount
    cancel_line_items: list[CancelLineItem]
    seller_next_action_response: list[NextAction]
    should_replenish_stock: bool
    create_time: int | None
    update_time: int | None


class CancellationsFound(TypedDict, total=False):
    """A page of cancellations."""

    cancellations: list[CancellationShown]
    next_page_token: str
    total_count: int


class LineToCancel(Body):
    """A line item."""

    order_line_item_id: str


class OrderToCancel(Body):
    """What of an order is cancelled, and why; everything, if no units are named."""

    order_id: ApiId
    cancel_reason: str
    skus: tuple[SkuToGiveBack, ...] = ()
    order_line_item_ids: tuple[str, ...] = ()
    order_line_list: tuple[LineToCancel, ...] = ()


class Cancelled(TypedDict):
    """The cancellation that was made."""

    cancel_id: str
    cancel_status: str


class Rejection(Body):
    """Why a buyer's request is refused."""

    reject_reason: str
    comment: str = ""


@api_call(
    "POST",
    "/return_refund/202602/cancellations/search",
    "Search cancellations",
    scope=SCOPE,
    query=(*PAGING, *SORTING),
    body=CancellationSearch,
    body_example={"cancel_status": ["CANCELLATION_REQUEST_PENDING"]},
    answer=CancellationsFound,
    example={"cancellations": [examples.CANCELLATION], "next_page_token": "", "total_count": 1},
)
async def search_cancellations(call: Call) -> CancellationsFound:
    """Cancellations, the newest first whatever the sorting; `total_count` is exact up to 200."""
    told, page = call.read(CancellationSearch), call.page(order="newest")
    limit = page.limit if page.after else max(page.limit, COUNTED_MAX)
    async with call.reading() as tx:
        found = await queries.cancellations_for_programs(
            tx, _wanted(told), shop_id=call.shop_id, before_id=int(page.after[0]) if page.after else ID_MAX, limit=limit
        )
        seen = int(page.after[1]) if page.after else 0
        total = max(int(page.after[2]), seen + len(found)) if page.after else len(found)
        shown, token = page.cut(found, lambda one: [one.id, seen + page.size, total])
        units = await queries.units_of(tx, shop_id=call.shop_id, cancellation_ids=[one.id for one in shown])
        orders = await load_orders(
            tx, shop_id=call.shop_id, order_ids=list(dict.fromkeys(one.order_id for one in shown))
        )
    whole = {one.order.id: one for one in orders}
    of = {
        one.id: {unit.order_line_id: unit.quantity for unit in units if unit.cancellation_id == one.id} for one in shown
    }
    texts = {
        key: translator("en" if told.locale.startswith("en") else "id").gettext(text)
        for key, text in rules.REASONS.items()
    }
    return {
        "cancellations": [_shown(one, whole[one.order_id], of[one.id], texts) for one in shown],
        "next_page_token": token,
        "total_count": total,
    }  # fmt: skip


def _wanted(told: CancellationSearch) -> WantedCancellations:
    def since(unix_s: int | None, otherwise: datetime) -> datetime:
        return moment_of(unix_s) or otherwise

    return WantedCancellations(
        ids=list(told.cancel_ids) or None,
        order_ids=list(told.order_ids) or None,
        buyer_ids=list(told.buyer_user_ids) or None,
        states=[state for status in told.cancel_status for state in STATES.get(status, ())] if told.cancel_status else None,
        by_buyer="BUYER_CANCEL" in told.cancel_types if len(set(told.cancel_types)) == 1 else None,
        created_from=since(told.create_time_ge, LONG_AGO),
        created_until=since(told.create_time_lt, FAR_AHEAD),
        updated_from=since(told.update_time_ge, LONG_AGO),
        updated_until=since(told.update_time_lt, FAR_AHEAD),
    )  # fmt: skip


def _shown(one: Cancellation, whole: Whole, units: Mapping[int, int], texts: Mapping[str, str]) -> CancellationShown:
    is_pending = one.state == "requested"
    refund = one.refund_minor if not is_pending else rules.refund_of(whole.order, whole.lines, units)
    deadline = seconds(whole.clocks.get("cancel.seller_response"))
    return {
        "cancel_id": str(one.id),
        "order_id": str(one.order_id),
        "cancel_type": "BUYER_CANCEL" if one.asked_by == "buyer" else "CANCEL",
        "cancel_status": STATUS[one.state],
        "role": role(one.asked_by),
        "cancel_reason": reason_key(one.reason),
        "cancel_reason_text": texts.get(one.reason, one.reason),
        "refund_amount": refund_amount(whole.order, whole.lines, units, total_minor=refund),
        "cancel_line_items": _line_items(one, whole, units),
        "seller_next_action_response": [{"action": "SELLER_RESPOND_BUYER_CANCEL", "deadline": deadline}] if is_pending else [],
        "should_replenish_stock": one.restock,
        "create_time": seconds(one.requested_at),
        "update_time": seconds(one.decided_at or one.requested_at),
    }  # fmt: skip


def _line_items(one: Cancellation, whole: Whole, units: Mapping[int, int]) -> list[CancelLineItem]:
    """The units of the cancellation: those of a line that are told as cancelled, or its first ones while it is asked for."""
    ended: dict[int, list[str]] = {}
    for unit in whole.units:
        if unit.is_cancelled or one.state != "done":
            ended.setdefault(unit.line.id, []).append(unit.id)
    found: list[CancelLineItem] = []
    for line in whole.lines:
        quantity = units.get(line.id, 0)
        ids = ended.get(line.id, [])[:quantity]
        ids += [unit_id(line.id, at) for at in range(line.quantity) if unit_id(line.id, at) not in ids][
            : quantity - len(ids)
        ]
        found += [
            {
                "cancel_line_item_id": number_of("cancelled", f"{one.id}:{number}"),
                "order_line_item_id": number,
                "sku_id": str(line.variant_id),
                "sku_name": line.variant_name,
                "product_name": line.title,
                "seller_sku": line.seller_sku,
                "refund_amount": refund_amount(whole.order, [line], {line.id: 1}, total_minor=line.unit_price_minor),
            }
            for number in ids
        ]
    return found


@api_call(
    "POST",
    "/return_refund/202602/cancellations",
    "Cancel an order",
    scope=SCOPE,
    body=OrderToCancel,
    body_example={"order_id": "576461413038785752", "cancel_reason": "seller_cancel_reason_out_of_stock"},
    answer=Cancelled,
    example={"cancel_id": "576461413038785780", "cancel_status": "CANCELLATION_REQUEST_COMPLETE"},
    repeats=True,
)
async def cancel_order(call: Call) -> Cancelled:
    """Cancel an order, or units of it that lie in no package; stock and money go back at once. Reasons: GET .../aftersale_eligibility."""
    told = call.read(OrderToCancel)
    whole = await order_of_call(call, told.order_id)
    ids = [*told.order_line_item_ids, *(line.order_line_item_id for line in told.order_line_list)]
    units = units_asked(whole.lines, ids, told.skus)
    reason = reason_of(told.cancel_reason)
    try:
        await actions.cancel_by_seller(
            call.db, shop_id=call.shop_id, order_id=told.order_id, units=units, reason=reason, note="",
            restock=rules.can_restock(reason), by=call.by,
        )  # fmt: skip
    except ReasonUnknown as error:
        keys = ", ".join(str(reason_key(one)) for one in rules.SELLER_REASONS)
        raise Refused(REASON_DOES_NOT_FIT, f"cancel_reason must be one of {keys}") from error
    except OrderNotFound as error:
        raise Refused(NOT_THIS_SELLERS, "order_id is no order of this shop") from error
    except (MoveNotAllowed, UnitsInParcel) as error:
        words = "the order can't be cancelled any more, or the units lie in a package: undo it first"
        raise Refused(STATUS_DOES_NOT_ALLOW, words) from error
    except rules.TooManyUnits as error:
        raise Refused(PARAMETER_NOT_VALID, "more units than the order still has, or none") from error
    async with call.reading() as tx:
        newest = (await queries.cancellations_of_order(tx, shop_id=call.shop_id, order_id=told.order_id))[0]
    return {"cancel_id": str(newest.id), "cancel_status": STATUS[newest.state]}


@api_call(
    "POST",
    "/return_refund/202309/cancellations/{cancel_id}/approve",
    "Approve a cancellation",
    scope=SCOPE,
    answer=Nothing,
    repeats=True,
)
async def approve(call: Call) -> Nothing:
    """Give the buyer who asks to cancel what is asked for: stock and money go back."""
    await _answer(call, is_approved=True, answer="")
    return {}


@api_call(
    "POST",
    "/return_refund/202309/cancellations/{cancel_id}/reject",
    "Reject a cancellation",
    scope=SCOPE,
    query=(Param("locale", "Accepted and without effect"),),
    body=Rejection,
    body_example={"reject_reason": "seller_reject_apply_product_has_been_packed", "comment": "Sudah di kurir."},
    answer=Nothing,
    repeats=True,
)
async def reject(call: Call) -> Nothing:
    """Refuse a buyer's request to cancel; the buyer reads the reason's text and the comment."""
    told = call.read(Rejection)
    if told.reject_reason not in REJECT_CANCEL:
        raise Refused(REASON_DOES_NOT_FIT, f"reject_reason must be one of {', '.join(REJECT_CANCEL)}")
    text = translator("id").gettext(REJECT_CANCEL[told.reject_reason])
    await _answer(call, is_approved=False, answer=" ".join(filter(None, (text, told.comment.strip()))))
    return {}


async def cancellation_of(tx: Tx, *, shop_id: int, cancel_id: int) -> Cancellation | None:
    """A cancellation of the shop."""
    wanted = WantedCancellations(
        ids=[cancel_id], created_from=LONG_AGO, created_until=FAR_AHEAD, updated_from=LONG_AGO, updated_until=FAR_AHEAD
    )
    found = await queries.cancellations_for_programs(tx, wanted, shop_id=shop_id, before_id=ID_MAX, limit=1)
    return found[0] if found else None


async def _answer(call: Call, *, is_approved: bool, answer: str) -> None:
    cancel_id = call.path_id("cancel_id")
    async with call.reading() as tx:
        found = await cancellation_of(tx, shop_id=call.shop_id, cancel_id=cancel_id)
    if found is None:
        raise Refused(NOT_THIS_SELLERS, "cancel_id in the path is no cancellation of this shop")
    try:
        if found.state != "requested":
            raise RequestGone
        await actions.answer_request(
            call.db,
            shop_id=call.shop_id,
            order_id=found.order_id,
            is_approved=is_approved,
            answer=answer,
            by=call.by,
        )
    except (RequestGone, MoveNotAllowed) as error:
        words = "the request waits for no answer any more: it was answered, withdrawn, or the parcel was collected"
        raise Refused(STATUS_DOES_NOT_ALLOW, words) from error
