"""Giving back piece by piece gives back what was paid, whatever the pieces, the discount and the order of things."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from etalase.commerce.orders import refunding
from etalase.commerce.orders.refunding import Worth
from etalase.commerce.orders.rules import Order, OrderLine, State

AT = datetime(2026, 11, 23, tzinfo=UTC)


def an_order(lines: list[OrderLine], *, discount: int = 0, shipping: int = 0) -> Order:
    items = sum(line.total_minor for line in lines)
    discount = min(discount, items + shipping)
    known: dict[str, Any] = dict.fromkeys(Order.__dataclass_fields__)
    known |= {
        "shop_id": 1, "id": 2, "buyer_id": 3, "purchase_id": 4, "state": State.DELIVERED, "currency": "IDR", "is_cod": False,
        "items_minor": items, "shipping_minor": shipping, "discount_minor": discount, "refunded_minor": 0, "paid_at": AT,
        "total_minor": items + shipping - discount,
    }  # fmt: skip
    return Order(**known)


def a_line(number: int, price: int, quantity: int) -> OrderLine:
    return OrderLine(1, number, 2, 5, 6, "Kopi", "", "SKU", None, price, quantity, 0, 300)


def taken(order: Order, lines: list[OrderLine], units: dict[int, int], worth: Worth) -> tuple[Order, list[OrderLine]]:
    """The order and its lines after this has gone back."""
    after = [
        replace(
            line,
            returned_quantity=line.returned_quantity + units.get(line.id, 0),
            part_refunded_minor=worth.parts.get(line.id, line.part_refunded_minor),
        )
        for line in lines
    ]
    return replace(order, refunded_minor=order.refunded_minor + worth.total_minor), after


carts = st.lists(st.tuples(st.integers(0, 3_000_000), st.integers(1, 7)), min_size=1, max_size=4)


@given(carts, st.integers(0, 5_000_000), st.integers(0, 100_000), st.data())
def test_pieces_sum_to_what_was_paid(
    cart: list[tuple[int, int]], discount: int, shipping: int, data: st.DataObject
) -> None:
    lines = [a_line(number, price, quantity) for number, (price, quantity) in enumerate(cart, 1)]
    order = an_order(lines, discount=discount, shipping=shipping)
    while any(line.kept_quantity for line in lines):
        line = data.draw(st.sampled_from([line for line in lines if line.kept_quantity]))
        units = {line.id: data.draw(st.integers(1, line.kept_quantity))}
        if data.draw(st.booleans()):
            percent = data.draw(st.integers(10, 90))
            part = refunding.part_of_units(order, lines, units, percent=percent)
            assert 0 <= part.total_minor <= order.kept_minor
            order, lines = taken(order, lines, {}, part)
        worth = refunding.refund_of_units(order, lines, units, with_shipping=True)
        assert min([*worth.by_line.values(), worth.shipping_minor]) >= 0
        order, lines = taken(order, lines, units, worth)
        assert 0 <= order.refunded_minor <= order.total_minor
    assert order.refunded_minor == order.total_minor


@given(carts, st.integers(0, 5_000_000), st.integers(0, 100_000))
def test_a_buyers_own_reason_leaves_the_shipping_paid(
    cart: list[tuple[int, int]], discount: int, shipping: int
) -> None:
    lines = [a_line(number, price, quantity) for number, (price, quantity) in enumerate(cart, 1)]
    order = an_order(lines, discount=discount, shipping=shipping)
    everything = {line.id: line.quantity for line in lines}
    kept = refunding.refund_of_units(order, lines, everything, with_shipping=False)
    whole = refunding.refund_of_units(order, lines, everything, with_shipping=True)
    assert kept.total_minor == max(0, order.items_minor - order.discount_minor)
    assert whole.total_minor == order.total_minor
    assert whole.items_minor == kept.items_minor


def test_one_of_three_three_times_with_a_voucher_and_shipping() -> None:
    lines = [a_line(1, 33_333, 3)]
    order = an_order(lines, discount=10_000, shipping=12_000)
    went = []
    for _ in range(3):
        worth = refunding.refund_of_units(order, lines, {1: 1}, with_shipping=True)
        went.append(worth.total_minor)
        order, lines = taken(order, lines, {1: 1}, worth)
    assert went == [29_999, 30_000, 30_000 + 12_000]
    assert sum(went) == order.total_minor == 101_999


def test_a_part_counts_towards_the_units_that_go_next() -> None:
    lines = [a_line(1, 10_000, 3)]
    order = an_order(lines)
    part = refunding.part_of_units(order, lines, {1: 1}, percent=30)
    order, lines = taken(order, lines, {}, part)
    went = [part.total_minor]
    for units in (1, 2):
        worth = refunding.refund_of_units(order, lines, {1: units}, with_shipping=True)
        order, lines = taken(order, lines, {1: units}, worth)
        went.append(worth.total_minor)
    assert went == [3_000, 7_000, 20_000]
