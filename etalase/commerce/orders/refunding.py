"""What units of an order are worth when they are given back, so that the pieces always sum to what was paid. Pure.

The rule, for cancellations and returns alike:

1. A line's net price is its price less its share of the order's discount, split over lines in proportion to their prices. What
   of the discount exceeds the lines is taken off shipping.
2. The first k of a line's n units are worth floor(net * k / n). Units given up are worth the difference of two such sums, so the
   order and the number of steps do not matter.
3. A voucher's minimum is judged once, when the order is placed. Units that go later take their share of the discount with them.
4. A part of the price given back for units that stay (an accepted offer) counts towards the line's next units that go.
5. Shipping comes back with the last unit: of a cancellation always, of a return if the reason is the shop's or the carrier's.
   The way back is paid by whoever the reason lies with; it is not part of the order's money.
6. Nothing is ever negative, and all refunds together never exceed what was paid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from etalase.commerce.orders.rules import Order, OrderLine
from etalase.foundation.money import allocate


@dataclass(frozen=True, slots=True)
class Worth:
    """What goes back, line by line, and what of it is shipping."""

    by_line: Mapping[int, int] = field(default_factory=dict)
    shipping_minor: int = 0
    parts: Mapping[int, int] = field(default_factory=dict)
    """Line id -> what will have gone back for it beyond the worth of units given up (rule 4)."""

    @property
    def items_minor(self) -> int:
        return sum(self.by_line.values())

    @property
    def total_minor(self) -> int:
        return self.items_minor + self.shipping_minor


def nets_of(order: Order, lines: Sequence[OrderLine]) -> dict[int, int]:
    """What each line cost after its share of the discount, by line id."""
    discount = min(order.discount_minor, sum(line.total_minor for line in lines))
    shares = allocate(discount, [line.total_minor for line in lines]) if discount else [0] * len(lines)
    return {line.id: line.total_minor - share for line, share in zip(lines, shares, strict=True)}


def kept_of(order: Order, lines: Sequence[OrderLine]) -> dict[int, int]:
    """What of each line's net price has not gone back, by line id."""
    nets = nets_of(order, lines)
    gone = {line.id: worth_of(nets[line.id], line.quantity, line.gone_quantity) for line in lines}
    return {line.id: max(0, nets[line.id] - gone[line.id] - line.part_refunded_minor) for line in lines}


def worth_of(net_minor: int, quantity: int, units: int) -> int:
    """What the first `units` of a line's units are worth together."""
    return net_minor * units // quantity


def refund_of_units(
    order: Order, lines: Sequence[OrderLine], units: Mapping[int, int], *, with_shipping: bool
) -> Worth:
    """What goes back for these units (line id -> quantity), and shipping too with the last ones."""
    nets = nets_of(order, lines)
    by_line, parts = {}, {}
    for line in lines:
        quantity = units.get(line.id, 0)
        if quantity:
            net = nets[line.id]
            had = worth_of(net, line.quantity, line.gone_quantity) + line.part_refunded_minor
            due = worth_of(net, line.quantity, line.gone_quantity + quantity)
            by_line[line.id] = max(0, due - had)
            parts[line.id] = max(0, had - due)
    is_last = all(line.kept_quantity == units.get(line.id, 0) for line in lines)
    items = sum(by_line.values())
    shipping = max(0, order.kept_minor - items) if with_shipping and is_last else 0
    return Worth(_within(by_line, order.kept_minor), shipping, parts)


def part_of_units(order: Order, lines: Sequence[OrderLine], units: Mapping[int, int], *, percent: int) -> Worth:
    """What goes back when the buyer keeps these units for a part of their price."""
    whole = refund_of_units(order, lines, units, with_shipping=False)
    by_line = {line_id: amount * percent // 100 for line_id, amount in whole.by_line.items()}
    had = {line.id: line.part_refunded_minor for line in lines}
    return Worth(by_line, 0, {line_id: had[line_id] + amount for line_id, amount in by_line.items()})


def _within(by_line: dict[int, int], left_minor: int) -> dict[int, int]:
    """The same, cut at what is left of the order's money."""
    cut = {}
    for line_id, amount in by_line.items():
        cut[line_id] = min(amount, left_minor)
        left_minor -= cut[line_id]
    return cut
