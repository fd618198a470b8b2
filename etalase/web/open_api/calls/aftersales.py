"""What can be asked of an order after the sale: eligibility, what goes back, reasons for refusing."""

from typing import Final, Literal

from typing_extensions import TypedDict

from etalase.commerce.orders.rules import Move, is_allowed
from etalase.foundation.i18n.translations import translator
from etalase.journeys.cancellations import rules
from etalase.journeys.cancellations.actions import has_left
from etalase.journeys.returns import queries as returns
from etalase.journeys.returns.rules import REJECT_REASONS
from etalase.web.open_api import examples
from etalase.web.open_api.call import Call
from etalase.web.open_api.calls.cancellations import SCOPE
from etalase.web.open_api.order_view import Whole, load_orders
from etalase.web.open_api.refund_view import RefundAmount, SkuToGiveBack, refund_amount, units_asked
from etalase.web.open_api.refusals import (
    NOT_THIS_SELLERS,
    PARAMETER_NOT_VALID,
    REASON_DOES_NOT_FIT,
    STATUS_DOES_NOT_ALLOW,
    Refused,
    missing,
)
from etalase.web.open_api.registry import Param, api_call
from etalase.web.open_api.units import Unit
from etalase.web.open_api.values import ApiId, Body
from etalase.web.open_api.words import REJECT_CANCEL, reason_key

TYPES: Final = ("CANCEL", "REFUND", "RETURN_AND_REFUND")


class LineEligibility(TypedDict, total=False):
    """Whether units of a variant can be given back so, and why not."""

    request_type: str
    eligible: bool
    order_line_items_ids: list[str]
    ineligible_code: int
    ineligible_reason: str
    available_reason_names: list[str]


class SkuEligibility(TypedDict):
    """What can be asked of a variant's units."""

    sku_id: str
    line_item_eligibility: list[LineEligibility]


class Eligibility(TypedDict):
    """What can be asked of an order."""

    sku_eligibility: list[SkuEligibility]


class RefundToReckon(Body):
    """Which units; all, if none are named."""

    order_id: ApiId
    request_type: Literal["CANCEL", "REFUND", "RETURN_AND_REFUND"] = "CANCEL"
    reason_name: str = ""
    skus: tuple[SkuToGiveBack, ...] = ()
    order_line_item_ids: tuple[str, ...] = ()


class Reckoned(TypedDict):
    """What would go back."""

    order_refund_amount: RefundAmount


class Reason(TypedDict):
    """A reason and how the buyer reads it."""

    name: str
    text: str


class Reasons(TypedDict):
    """Why something can be refused."""

    reasons: list[Reason]


async def _order(call: Call, order_id: int) -> Whole:
    async with call.reading() as tx:
        found = await load_orders(tx, shop_id=call.shop_id, order_ids=[order_id])
    if not found:
        raise Refused(NOT_THIS_SELLERS, "order_id is no order of this shop")
    return found[0]


@api_call(
    "GET",
    "/return_refund/202602/orders/{order_id}/aftersale_eligibility",
    "Get aftersale eligibility",
    scope=SCOPE,
    query=(Param("initiate_aftersale_user", "SELLER or BUYER"), Param("request_types", ", ".join(TYPES))),
    answer=Eligibility,
    example={"sku_eligibility": [examples.ELIGIBILITY]},
)
async def eligibility(call: Call) -> Eligibility:
    """Which units of an order the seller can cancel now, and for which reasons. Refunds after delivery are the buyer's to ask for."""
    whole = await _order(call, call.path_id("order_id"))
    asked = [one.upper() for one in call.query.texts("request_types")] or list(TYPES)
    if set(asked) - set(TYPES):
        raise Refused(PARAMETER_NOT_VALID, f"request_types must be of {', '.join(TYPES)}")
    by_sku: dict[int, list[Unit]] = {}
    for unit in whole.units:
        by_sku.setdefault(unit.line.variant_id, []).append(unit)
    return {
        "sku_eligibility": [
            {"sku_id": str(sku), "line_item_eligibility": [_line(whole, units, kind) for kind in asked]}
            for sku, units in by_sku.items()
        ]
    }


def _line(whole: Whole, units: list[Unit], kind: str) -> LineEligibility:
    ids = [unit.id for unit in units if not unit.is_cancelled]
    why = _why_not(whole, ids, kind)
    told: LineEligibility = {"request_type": kind, "eligible": not why, "order_line_items_ids": ids}
    if why:
        return {**told, "ineligible_code": REASON_DOES_NOT_FIT, "ineligible_reason": why}
    return {**told, "available_reason_names": [str(reason_key(one)) for one in rules.SELLER_REASONS]}


def _why_not(whole: Whole, ids: list[str], kind: str) -> str:
    if kind != "CANCEL":
        return "refunds and returns of what was delivered are asked for by the buyer"
    if not ids:
        return "nothing of it is left"
    if not is_allowed(whole.order.state, Move.CANCEL) or has_left(whole.parcels):
        return "a carrier has the order already, or it is finished"
    return ""


@api_call(
    "POST",
    "/return_refund/202602/refunds/calculate",
    "Calculate a refund",
    scope=SCOPE,
    body=RefundToReckon,
    body_example={"order_id": "576461413038785752", "request_type": "CANCEL"},
    answer=Reckoned,
    example={"order_refund_amount": examples.REFUND_AMOUNT},
)
async def calculate(call: Call) -> Reckoned:
    """What would go back for units of an order: their price less their share of the discount, with the last of them the shipping, too."""
    told = call.read(RefundToReckon)
    whole = await _order(call, told.order_id)
    try:
        units = rules.chosen_units(whole.lines, units_asked(whole.lines, told.order_line_item_ids, told.skus))
    except rules.TooManyUnits as error:
        raise Refused(PARAMETER_NOT_VALID, "more units than the order still has, or none") from error
    if not units:
        raise Refused(STATUS_DOES_NOT_ALLOW, "nothing of the order is left")
    total = rules.refund_of(whole.order, whole.lines, units) if whole.order.is_paid else 0
    return {"order_refund_amount": refund_amount(whole.order, whole.lines, units, total_minor=total)}


@api_call(
    "GET",
    "/return_refund/202309/reject_reasons",
    "Get reject reasons",
    scope=SCOPE,
    query=(
        Param("return_or_cancel_id", "The request that is to be refused", is_required=True),
        Param("locale", "id-ID, or en-..."),
    ),
    answer=Reasons,
    example={
        "reasons": [{"name": "seller_reject_apply_product_has_been_packed", "text": "The order is packed already."}]
    },
)
async def reject_reasons(call: Call) -> Reasons:
    """The reasons for which a request can be refused, as the buyer reads them."""
    ids = call.query.ids("return_or_cancel_id", most=1)
    if not ids:
        raise missing("return_or_cancel_id")
    async with call.reading() as tx:
        is_return = await returns.return_of_shop(tx, shop_id=call.shop_id, return_id=ids[0]) is not None
    reasons = REJECT_REASONS if is_return else REJECT_CANCEL
    words = translator("en" if call.query.text("locale", "id").startswith("en") else "id")
    return {"reasons": [{"name": name, "text": words.gettext(text)} for name, text in reasons.items()]}
