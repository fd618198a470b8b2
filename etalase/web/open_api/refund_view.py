"""What goes back to buyers, as it is answered, and units as programs name them."""

from collections.abc import Mapping, Sequence

from typing_extensions import TypedDict

from etalase.commerce.orders.rules import Order, OrderLine
from etalase.web.open_api.refusals import PARAMETER_NOT_VALID, Refused
from etalase.web.open_api.units import NotAUnit, lines_of_units
from etalase.web.open_api.values import ApiId, Body, amount


class RefundAmount(TypedDict, total=False):
    """What goes back."""

    currency: str
    refund_total: str
    refund_subtotal: str
    refund_shipping_fee: str
    refund_tax: str


class SkuToGiveBack(Body):
    """Units of a variant."""

    sku_id: ApiId
    quantity: int


def refund_amount(
    order: Order, lines: Sequence[OrderLine], units: Mapping[int, int], *, total_minor: int
) -> RefundAmount:
    """A refund of so much for these units (line id -> quantity): what exceeds their price is shipping."""
    priced = sum(line.unit_price_minor * units.get(line.id, 0) for line in lines)
    items = min(total_minor, priced)
    return {
        "currency": order.currency,
        "refund_total": amount(total_minor, order.currency),
        "refund_subtotal": amount(items, order.currency),
        "refund_shipping_fee": amount(total_minor - items, order.currency),
        "refund_tax": amount(0, order.currency),
    }


def units_asked(lines: Sequence[OrderLine], ids: Sequence[str], skus: Sequence[SkuToGiveBack]) -> dict[int, int] | None:
    """Line id -> units that are named by line items or variants; none for all of the order. Raises Refused."""
    if not ids and not skus:
        return None
    try:
        units = lines_of_units(lines, ids)
    except NotAUnit as error:
        raise Refused(PARAMETER_NOT_VALID, f"{error.number} is no line item of this order") from error
    for sku in skus:
        left = sku.quantity
        for line in lines:
            taken = min(left, line.open_quantity - units.get(line.id, 0)) if line.variant_id == sku.sku_id else 0
            if taken > 0:
                units[line.id], left = units.get(line.id, 0) + taken, left - taken
        if left > 0 or sku.quantity < 1:
            raise Refused(PARAMETER_NOT_VALID, f"of sku {sku.sku_id} the order has not so many units left")
    return units
