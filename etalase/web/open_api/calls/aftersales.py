"""What can be asked of an order after the sale: eligibility, what goes back, reasons for refusing."""

from collections.abc import Mapping
from typing import Final, Literal

from typing_extensions import TypedDict

from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.rules import Move, is_allowed
from etalase.foundation.i18n.translations import translator
from etalase.journeys.cancellations import rules
from etalase.journeys.cancellations.actions import has_left
from etalase.journeys.returns import asking
from etalase.journeys.returns import queries as returns
from etalase.journeys.returns.errors import ReasonUnknown
from etalase.journeys.returns.rules import NOT_RETURNABLE, REASONS, REJECT_REASONS, Kind
from etalase.web.open_api import examples
from etalase.web.open_api.call import Call
from etalase.web.open_api.calls.cancellations import SCOPE
from etalase.web.open_api.order_view import Whole, order_of_call
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

RETURNS: Final = {"REFUND": Kind.REFUND_ONLY, "RETURN_AND_REFUND": Kind.RETURN_AND_REFUND}
TYPES: Final = ("CANCEL", *RETURNS)


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
    """Which units of an order can be cancelled now, and which be refunded after delivery, with or without the goods back; and for which
    reasons."""
    whole = await order_of_call(call, call.path_id("order_id"))
    asked = [one.upper() for one in call.query.texts("request_types")] or list(TYPES)
    if set(asked) - set(TYPES):
        raise Refused(PARAMETER_NOT_VALID, f"request_types must be of {', '.join(TYPES)}")
    back = await returnable(call, whole.order.id)
    by_sku: dict[int, list[Unit]] = {}
    for unit in whole.units:
        by_sku.setdefault(unit.line.variant_id, []).append(unit)
    return {
        "sku_eligibility": [
            {
                "sku_id": str(sku),
                "line_item_eligibility": [
                    _line(whole, units) if kind == "CANCEL" else _back(back, units, kind) for kind in asked
                ],
            }
            for sku, units in by_sku.items()
        ]
    }


async def returnable(call: Call, order_id: int) -> asking.Eligibility:
    """What of an order can be refunded or returned now, by the policies it was placed under. Raises Refused."""
    async with call.reading() as tx:
        order = await orders.order_of_shop(tx, shop_id=call.shop_id, order_id=order_id)
        if order is None:
            raise Refused(NOT_THIS_SELLERS, "order_id is no order of this shop")
        return await asking.eligibility(tx, order)


def _line(whole: Whole, units: list[Unit]) -> LineEligibility:
    ids = [unit.id for unit in units if not unit.is_cancelled]
    why = _why_not(whole, ids)
    told: LineEligibility = {"request_type": "CANCEL", "eligible": not why, "order_line_items_ids": ids}
    if why:
        return {**told, "ineligible_code": REASON_DOES_NOT_FIT, "ineligible_reason": why}
    return {**told, "available_reason_names": [str(reason_key(one)) for one in rules.SELLER_REASONS]}


def _why_not(whole: Whole, ids: list[str]) -> str:
    if not ids:
        return "nothing of it is left"
    if not is_allowed(whole.order.state, Move.CANCEL) or has_left(whole.parcels):
        return "a carrier has the order already, or it is finished"
    return ""


def _back(found: asking.Eligibility, units: list[Unit], kind: str) -> LineEligibility:
    """What of a variant's units can be refunded or returned; units of a line are alike, so the first ones are named."""
    left = dict(found.units)
    ids = []
    for unit in units:
        if not unit.is_cancelled and left.get(unit.line.id, 0) > 0:
            left[unit.line.id] -= 1
            ids.append(unit.id)
    told: LineEligibility = {"request_type": kind, "eligible": bool(ids), "order_line_items_ids": ids}
    if not ids:
        why = NOT_RETURNABLE[found.why_not or "nothing_left"]
        return {**told, "ineligible_code": REASON_DOES_NOT_FIT, "ineligible_reason": why}
    return {**told, "available_reason_names": [code for code, one in REASONS.items() if RETURNS[kind] in one.kinds]}


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
    """What would go back for units of an order: their price less their share of the discount; the shipping, too, with the last of them when
    they are cancelled, and for whatever the shop or the carrier is to blame when they are returned."""
    told = call.read(RefundToReckon)
    whole = await order_of_call(call, told.order_id)
    wanted = units_asked(whole.lines, told.order_line_item_ids, told.skus)
    if told.request_type != "CANCEL":
        return await _reckon_return(call, whole, wanted, reason=told.reason_name)
    try:
        units = rules.chosen_units(whole.lines, wanted)
    except rules.TooManyUnits as error:
        raise Refused(PARAMETER_NOT_VALID, "more units than the order still has, or none") from error
    if not units:
        raise Refused(STATUS_DOES_NOT_ALLOW, "nothing of the order is left")
    total = rules.refund_of(whole.order, whole.lines, units) if whole.order.is_paid else 0
    return {"order_refund_amount": refund_amount(whole.order, whole.lines, units, total_minor=total)}


async def _reckon_return(call: Call, whole: Whole, wanted: dict[int, int] | None, *, reason: str) -> Reckoned:
    found = await returnable(call, whole.order.id)
    if found.why_not is not None:
        raise Refused(STATUS_DOES_NOT_ALLOW, NOT_RETURNABLE[found.why_not])
    units = dict(found.units) if wanted is None else wanted
    try:
        worth = asking.calculate(found, units, reason=reason)
    except rules.TooManyUnits as error:
        raise Refused(PARAMETER_NOT_VALID, "more units than can be returned, or none") from error
    except ReasonUnknown as error:
        raise Refused(REASON_DOES_NOT_FIT, f"reason_name must be one of {', '.join(REASONS)}") from error
    return {"order_refund_amount": refund_amount(whole.order, whole.lines, units, total_minor=worth.total_minor)}


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
    return {"reasons": reasons_of(REJECT_REASONS if is_return else REJECT_CANCEL, call.query.text("locale", "id"))}


def reasons_of(reasons: Mapping[str, str], locale: str) -> list[Reason]:
    """Reasons as the buyer reads them."""
    words = translator("en" if locale.startswith("en") else "id")
    return [{"name": name, "text": words.gettext(text)} for name, text in reasons.items()]
