"""A return as programs read it."""

from typing_extensions import TypedDict

from etalase.commerce.orders.refunding import part_of_units
from etalase.foundation.i18n.translations import translator
from etalase.journeys.returns import rules
from etalase.journeys.returns.rules import Return
from etalase.web.open_api.calls.cancellations import NextAction
from etalase.web.open_api.logistics_ids import provider_id
from etalase.web.open_api.order_view import Whole, carrier_name
from etalase.web.open_api.product_view import number_of
from etalase.web.open_api.refund_view import RefundAmount, refund_amount
from etalase.web.open_api.return_words import NEXT_ACTION, TYPE, status_of
from etalase.web.open_api.units import unit_id
from etalase.web.open_api.values import amount, seconds


class PartialRefundOffered(TypedDict):
    """What the seller offers to a buyer who keeps the goods."""

    currency: str
    amount: str


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
    return_method: str | None
    return_tracking_number: str
    return_provider_id: str | None
    return_provider_name: str | None
    seller_proposed_return_type: str | None
    partial_refund: PartialRefundOffered | None
    can_buyer_keep_item: bool
    refund_amount: RefundAmount
    return_line_items: list[ReturnLineItem]
    seller_next_action_response: list[NextAction]
    create_time: int | None
    update_time: int | None


def return_of(one: Return, whole: Whole, units: dict[int, int], *, locale: str) -> ReturnShown:
    """A return as programs read it; `units` are those that are given back, by line."""
    words = translator("en" if locale.startswith("en") else "id")
    waiting = rules.WAITING.get(one.state)
    deadline = seconds(whole.clocks.get(waiting.clock)) if waiting else None
    action = NEXT_ACTION.get((one.state, one.kind.is_replaced))
    minor = one.refund_minor if one.state is rules.ReturnState.REFUNDED else one.amount_minor
    return {
        "return_id": str(one.id),
        "order_id": str(one.order_id),
        "return_type": TYPE[one.kind],
        "return_status": status_of(one),
        "arbitration_status": arbitration_of(one),
        "return_reason": one.reason,
        "return_reason_text": words.gettext(rules.REASONS[one.reason].label),
        "shipment_type": "BUYER_ARRANGE",
        "return_method": "BUYER_SHIPPED" if one.kind.goes_back else None,
        "return_tracking_number": one.tracking_number,
        "return_provider_id": provider_id(one.carrier) if one.carrier else None,
        "return_provider_name": carrier_name(one.carrier) if one.carrier else None,
        "can_buyer_keep_item": not one.kind.goes_back,
        "seller_proposed_return_type": proposed_of(one),
        "partial_refund": _offered(one, whole, units),
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


def arbitration_of(one: Return) -> str | None:
    """What the operator says, or that it is asked."""
    if not one.decision and not one.escalated_by:
        return None
    return {"refund": "SUPPORT_BUYER", "none": "SUPPORT_SELLER"}.get(one.decision or "", "IN_PROGRESS")


def proposed_of(one: Return) -> str | None:
    """What the seller offers instead of what is asked for."""
    return "PARTIAL_REFUND" if one.state is rules.ReturnState.OFFERED else None


def _offered(one: Return, whole: Whole, units: dict[int, int]) -> PartialRefundOffered | None:
    if proposed_of(one) is None or one.offer_percent is None:
        return None
    minor = part_of_units(whole.order, whole.lines, units, percent=one.offer_percent).total_minor
    return {"currency": whole.order.currency, "amount": amount(minor, whole.order.currency)}
